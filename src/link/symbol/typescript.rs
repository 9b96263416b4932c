//! Imports and exports of TypeScript and JavaScript modules.

use super::{Budget, Symbol, Symbols, Table, Want};
use crate::link::import::Resolution;
use crate::model::{ExportKind, ImportId, Imported, Language, Module, Name, ValueId, ValueKind};
use crate::source::FileId;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// How many modules one `export *` reaches, and how many names it brings, before the rest is looked over.
const MOST_STARRED: usize = 2_048;
const MOST_NAMES: usize = 50_000;
/// How many exports of one name are compared.
const MOST_TWINS: usize = 8;

/// What a module passes on by `export *`.
#[derive(Debug, Default)]
pub(super) struct Stars {
    /// The first module that lists the name.
    names: FxHashMap<Name, FileId>,
    /// The package, if there is exactly one.
    package: Option<(Name, Name)>,
}

impl Symbols<'_> {
    pub(super) fn import_as(
        &self,
        file: FileId,
        import: ImportId,
        want: Want,
        budget: &mut Budget,
    ) -> Symbol {
        let Some((module, table)) = self.module(file) else {
            return Symbol::Unknown;
        };
        let Some(entry) = module.imports.get(import.index()) else {
            return Symbol::Unknown;
        };
        if module.language == Language::Rust {
            return self.rust_import(file, entry, want);
        }
        let target = table
            .import_targets
            .get(import.index())
            .and_then(Option::as_ref);
        self.taken(target, &entry.imported, want, budget)
    }

    /// What is taken from a module.
    fn taken(
        &self,
        target: Option<&Resolution>,
        imported: &Imported,
        want: Want,
        budget: &mut Budget,
    ) -> Symbol {
        match (target, imported) {
            (_, Imported::Glob | Imported::SideEffect) => Symbol::Unknown,
            (Some(Resolution::File(file)), imported) => match imported {
                Imported::Named(name) => self.export_as(*file, name, want, budget),
                Imported::Default => self.export_as(*file, "default", want, budget),
                _ => self.whole(*file, imported, want, budget),
            },
            (Some(Resolution::External { package, subpath }), imported) => {
                let name = match imported {
                    Imported::Named(name) => name.as_str(),
                    _ => "default",
                };
                external(package, subpath, name)
            }
            _ => Symbol::Unknown,
        }
    }

    /// A module as one value.
    fn whole(&self, file: FileId, imported: &Imported, want: Want, budget: &mut Budget) -> Symbol {
        match self.assigned(file) {
            Some(value) => self.value_as(file, value, want, budget),
            None if *imported == Imported::CommonJs => Symbol::CommonJs(file),
            None => Symbol::Module(file),
        }
    }

    /// The value of `module.exports = ..` or `export = ..`.
    pub(super) fn assigned(&self, file: FileId) -> Option<ValueId> {
        let (module, table) = self.module(file)?;
        let exports = table.exports.get("=")?.iter();
        let mut kinds =
            exports.filter_map(|index| Some(&module.exports.get(*index as usize)?.kind));
        kinds.find_map(|kind| match kind {
            ExportKind::Value(value) => Some(*value),
            _ => None,
        })
    }

    pub(super) fn export_as(
        &self,
        file: FileId,
        name: &str,
        want: Want,
        budget: &mut Budget,
    ) -> Symbol {
        budget.deeper(Symbol::Unknown, |budget| {
            let Some((module, table)) = self.module(file) else {
                return Symbol::Unknown;
            };
            if module.language == Language::Rust {
                return self.rust_path(file, "", &[Name::new(name)]);
            }
            let own = self.own_export(file, name, want, budget);
            if own != Symbol::Unknown || table.exports.contains_key(name) {
                return own;
            }
            if let Some(value) = self.assigned(file).filter(|_| name != "=") {
                let whole = self.value_as(file, value, want, budget);
                return match name {
                    "default" => whole,
                    _ => self.member_as(&whole, name, want, budget),
                };
            }
            match name {
                "default" | "=" if table.exports.is_empty() => Symbol::Unknown,
                "default" | "=" => Symbol::CommonJs(file),
                _ => self.starred(file, name, want, budget),
            }
        })
    }

    /// An export that the module itself lists. Where a name is both, the kind that is wanted wins.
    pub(super) fn own_export(
        &self,
        file: FileId,
        name: &str,
        want: Want,
        budget: &mut Budget,
    ) -> Symbol {
        let Some((module, table)) = self.module(file) else {
            return Symbol::Unknown;
        };
        let listed = table
            .exports
            .get(name)
            .into_iter()
            .flatten()
            .take(MOST_TWINS)
            .map(|index| *index as usize);
        let mut fallback = Symbol::Unknown;
        for index in listed {
            let found = self.listed(module, table, index, want, budget);
            let fits = match &found {
                Symbol::Type { .. } => want == Want::Type,
                Symbol::Value { file, value } => want != Want::Type || self.is_class(*file, *value),
                Symbol::Unknown => false,
                _ => true,
            };
            if fits {
                return found;
            }
            if fallback == Symbol::Unknown {
                fallback = found;
            }
        }
        fallback
    }

    fn listed(
        &self,
        module: &Module,
        table: &Table,
        index: usize,
        want: Want,
        budget: &mut Budget,
    ) -> Symbol {
        let file = module.file;
        match module.exports.get(index).map(|export| &export.kind) {
            Some(ExportKind::Value(value)) => self.value_as(file, *value, want, budget),
            Some(ExportKind::Type(ty)) => Symbol::Type { file, ty: *ty },
            Some(ExportKind::From { imported, .. }) => {
                let target = table.export_targets.get(index).and_then(Option::as_ref);
                self.taken(target, imported, want, budget)
            }
            Some(ExportKind::Star { .. }) | None => Symbol::Unknown,
        }
    }

    fn is_class(&self, file: FileId, value: ValueId) -> bool {
        matches!(self.kind(file, value), Some(ValueKind::Class(_)))
    }

    pub(super) fn kind(&self, file: FileId, value: ValueId) -> Option<&ValueKind> {
        let (module, _) = self.module(file)?;
        Some(&module.values.get(value.index())?.kind)
    }

    /// What `export *` brings under a name.
    fn starred(&self, file: FileId, name: &str, want: Want, budget: &mut Budget) -> Symbol {
        let stars = self.stars(file);
        match (stars.names.get(name), &stars.package) {
            (Some(file), _) => self.own_export(*file, name, want, budget),
            (None, Some((package, subpath))) => external(package, subpath, name),
            (None, None) => Symbol::Unknown,
        }
    }

    fn stars(&self, file: FileId) -> Arc<Stars> {
        let known = self
            .stars
            .lock()
            .ok()
            .and_then(|known| known.get(&file).cloned());
        known.unwrap_or_else(|| {
            let stars = Arc::new(self.collect_stars(file));
            if let Ok(mut known) = self.stars.lock() {
                known.insert(file, Arc::clone(&stars));
            }
            stars
        })
    }

    fn collect_stars(&self, file: FileId) -> Stars {
        let mut stars = Stars::default();
        let mut packages = Vec::new();
        let mut seen = FxHashSet::default();
        let mut open = vec![file];
        while let Some(file) = open.pop().filter(|_| seen.len() < MOST_STARRED) {
            let Some((_, table)) = self.module(file).filter(|_| seen.insert(file)) else {
                continue;
            };
            if seen.len() > 1 && stars.names.len() < MOST_NAMES {
                for name in table.exports.keys() {
                    stars.names.entry(name.clone()).or_insert(file);
                }
            }
            for index in table.stars.iter().rev() {
                match table
                    .export_targets
                    .get(*index as usize)
                    .and_then(Option::as_ref)
                {
                    Some(Resolution::File(file)) => open.push(*file),
                    Some(Resolution::External { package, subpath }) => {
                        packages.push((package.clone(), subpath.clone()));
                    }
                    _ => {}
                }
            }
        }
        packages.sort();
        packages.dedup();
        // Which of two packages has the name cannot be told.
        stars.package = packages.pop().filter(|_| packages.is_empty());
        stars
    }
}

fn external(package: &str, subpath: &str, name: &str) -> Symbol {
    let slash = if subpath.is_empty() { "" } else { "/" };
    Symbol::External(smol_str::format_smolstr!(
        "{package}{slash}{subpath}::{name}"
    ))
}
