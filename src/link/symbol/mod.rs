//! What a name stands for, across files.
//!
//! What belongs here: following imports, exports, re-exports and module trees to a definition or to the canonical path
//! of something from elsewhere. What may not enter: what such a path means, and the flow of data.
//!
//! Canonical paths. TypeScript: `package[/subpath]::name`, with `default` for the default export. A package as a whole,
//! however it is imported, is its default export, and a member of it is `package::member`, so that
//! `express.Router` is `express::Router` in every style; a member of anything else is `package::name.member`. Globals are
//! `global::name`. Rust: the full path joined by `::`.

mod members;
mod rust;
mod types;
mod typescript;

use super::import::{Resolution, Resolver};
use crate::model::{ExportKind, ImportId, Language, Module, Name, TypeId, ValueId};
use crate::project::Project;
use crate::source::FileId;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex};
use types::Impls;

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Symbol {
    /// A value of a module: a function, class, object, call, ...
    Value {
        /// The module's file.
        file: FileId,
        /// The value.
        value: ValueId,
    },
    /// A type of a module. Rust structs and enums are types also where they are used as values.
    Type {
        /// The module's file.
        file: FileId,
        /// The type.
        ty: TypeId,
    },
    /// A module with its exports as members.
    Module(FileId),
    /// `module.exports` as a whole, where it is no single value.
    CommonJs(FileId),
    /// The canonical path of something that the project does not define.
    External(Name),
    /// Nothing that could be found.
    Unknown,
}

impl Symbol {
    /// The file that it stands in, if it is of the project.
    #[must_use]
    pub fn file(&self) -> Option<FileId> {
        match self {
            Self::Value { file, .. } | Self::Type { file, .. } => Some(*file),
            Self::Module(file) | Self::CommonJs(file) => Some(*file),
            Self::External(_) | Self::Unknown => None,
        }
    }
}

/// Whether a value or a type is looked for, where a name is both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Want {
    Value,
    Type,
    /// In Rust: something that has members, since more of the path follows.
    Scope,
}

/// How many look-ups one question may cause, and how deep they may go. Both bounds are far above what code that
/// people write needs; they keep circles and hostile input short.
const MOST_STEPS: u32 = 4_096;
const MOST_DEPTH: u32 = 96;

/// Answers what names stand for.
#[derive(Debug)]
pub struct Symbols<'p> {
    project: &'p Project,
    modules: &'p [Module],
    /// The place of a file's module in `modules`.
    by_file: Vec<Option<u32>>,
    tables: Vec<Table>,
    tree: rust::Tree,
    impls: Impls,
    /// Filled when first asked for.
    stars: Mutex<FxHashMap<FileId, Arc<typescript::Stars>>>,
}

/// A module's names.
#[derive(Debug, Default)]
struct Table {
    exports: FxHashMap<Name, Vec<u32>>,
    /// Star exports.
    stars: Vec<u32>,
    types: FxHashMap<Name, TypeId>,
    /// Imports by local name.
    imports: FxHashMap<Name, ImportId>,
    /// What the module names, per import and per export.
    import_targets: Vec<Option<Resolution>>,
    export_targets: Vec<Option<Resolution>>,
}

/// What is left of a question's budget.
#[derive(Debug)]
struct Budget {
    steps: u32,
    depth: u32,
}

impl Budget {
    fn new() -> Self {
        Self {
            steps: MOST_STEPS,
            depth: MOST_DEPTH,
        }
    }

    /// Goes one level deeper, unless the budget is spent.
    fn deeper<T>(&mut self, otherwise: T, question: impl FnOnce(&mut Self) -> T) -> T {
        if self.steps == 0 || self.depth == 0 {
            return otherwise;
        }
        self.steps -= 1;
        self.depth -= 1;
        let answer = question(self);
        self.depth += 1;
        answer
    }
}

impl<'p> Symbols<'p> {
    /// Prepares the look-ups; at most one module a file.
    #[must_use]
    pub fn new(project: &'p Project, modules: &'p [Module], resolver: &Resolver) -> Self {
        let mut by_file = vec![None; project.sources.files.len()];
        for (index, module) in modules.iter().enumerate() {
            if let Some(slot) = by_file.get_mut(module.file.index()) {
                *slot = u32::try_from(index).ok();
            }
        }
        let tables = modules
            .par_iter()
            .map(|module| Table::new(module, resolver))
            .collect();
        let mut symbols = Self {
            project,
            modules,
            by_file,
            tables,
            tree: rust::Tree::new(project, modules),
            impls: Impls::default(),
            stars: Mutex::default(),
        };
        symbols.impls = Impls::new(&symbols);
        symbols
    }

    /// What an import binds.
    #[must_use]
    pub fn import(&self, file: FileId, import: ImportId) -> Symbol {
        let Some((module, _)) = self.module(file) else {
            return Symbol::Unknown;
        };
        let want = match module.imports.get(import.index()) {
            Some(import) if import.type_only => Want::Type,
            _ => Want::Value,
        };
        self.import_as(file, import, want, &mut Budget::new())
    }

    /// What a module exports under a name; `=` is `module.exports` as a whole.
    #[must_use]
    pub fn export(&self, file: FileId, name: &str) -> Symbol {
        self.export_as(file, name, Want::Value, &mut Budget::new())
    }

    /// What a TypeScript value stands for: imports, members of modules and globals are followed; anything else is the
    /// value itself.
    #[must_use]
    pub fn value(&self, file: FileId, value: ValueId) -> Symbol {
        self.value_as(file, value, Want::Value, &mut Budget::new())
    }

    /// A member of a namespace, a `module.exports`, an object literal, a class, an enum or something from elsewhere (where Rust
    /// paths are not meant; those are walked by [`Self::rust_path`]).
    #[must_use]
    pub fn member(&self, of: &Symbol, name: &str) -> Symbol {
        self.member_as(of, name, Want::Value, &mut Budget::new())
    }

    /// The module that an import or re-export statement names, where it is a file of the project.
    #[must_use]
    pub fn imported_file(&self, file: FileId, import: ImportId) -> Option<FileId> {
        let (_, table) = self.module(file)?;
        match table.import_targets.get(import.index())? {
            Some(Resolution::File(file)) => Some(*file),
            _ => None,
        }
    }

    /// The project files that a file needs when it runs: what it imports and re-exports, types apart, and the modules that
    /// it declares; with repetitions.
    #[must_use]
    pub fn needed_files(&self, file: FileId) -> Vec<FileId> {
        let Some((module, table)) = self.module(file) else {
            return Vec::new();
        };
        if module.language == Language::Rust {
            let imports =
                (0..module.imports.len()).map(|index| self.import(file, ImportId::at(index)));
            let used = imports.filter_map(|symbol| symbol.file());
            return self
                .tree
                .child_files(file)
                .into_iter()
                .chain(used)
                .collect();
        }
        let imports = module.imports.iter().zip(&table.import_targets);
        let imports = imports
            .filter(|(import, _)| !import.type_only)
            .map(|(_, target)| target);
        let targets = imports.chain(&table.export_targets).flatten();
        let files = targets.filter_map(|target| match target {
            Resolution::File(file) => Some(*file),
            _ => None,
        });
        files.collect()
    }

    /// The file of a module that a Rust file declares with `mod name;`.
    #[must_use]
    pub fn child_file(&self, file: FileId, scope: &str, name: &str) -> Option<FileId> {
        self.tree.child_file(file, scope, name)
    }

    /// The packages that a TypeScript file imports from elsewhere; with repetitions.
    pub fn imported_packages(&self, file: FileId) -> impl Iterator<Item = &Name> {
        let targets = self
            .module(file)
            .into_iter()
            .flat_map(|(_, table)| &table.import_targets);
        targets.flatten().filter_map(|target| match target {
            Resolution::External { package, .. } => Some(package),
            _ => None,
        })
    }

    /// Imports that name a file of the project which is not there.
    pub fn missing_imports(&self, file: FileId) -> impl Iterator<Item = ImportId> {
        let targets = self
            .module(file)
            .into_iter()
            .flat_map(|(_, table)| &table.import_targets);
        targets
            .enumerate()
            .filter(|(_, target)| **target == Some(Resolution::Missing))
            .map(|(index, _)| ImportId::at(index))
    }

    fn module(&self, file: FileId) -> Option<(&'p Module, &Table)> {
        let index = (*self.by_file.get(file.index())?)? as usize;
        Some((self.modules.get(index)?, self.tables.get(index)?))
    }
}

impl Table {
    fn new(module: &Module, resolver: &Resolver) -> Self {
        let mut table = Self::default();
        for (index, ty) in module.types.iter().enumerate() {
            if ty.kind != crate::model::TypeDeclKind::Impl {
                table
                    .types
                    .entry(ty.name.clone())
                    .or_insert(TypeId::at(index));
            }
        }
        if module.language == Language::Rust {
            return table;
        }
        for (index, export) in (0_u32..).zip(&module.exports) {
            match &export.kind {
                ExportKind::Star { .. } => table.stars.push(index),
                _ => table
                    .exports
                    .entry(export.name.clone())
                    .or_default()
                    .push(index),
            }
            table.export_targets.push(match &export.kind {
                ExportKind::Star { source } | ExportKind::From { source, .. } => {
                    Some(resolver.resolve(module.file, source))
                }
                _ => None,
            });
        }
        for (index, import) in module.imports.iter().enumerate() {
            if !import.local.is_empty() {
                table
                    .imports
                    .entry(import.local.clone())
                    .or_insert(ImportId::at(index));
            }
            let target = resolver.resolve(module.file, &import.source);
            table.import_targets.push(Some(target));
        }
        table
    }
}

#[cfg(test)]
mod tests;
