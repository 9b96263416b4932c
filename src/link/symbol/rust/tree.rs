//! The module tree of each Rust target.

use crate::model::{Export, ExportKind, Imported, Language, Module, Name, TypeId, ValueId};
use crate::project::{Crate, Project, paths};
use crate::source::FileId;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// A node's place in [`Tree::nodes`].
pub(super) type NodeId = usize;

/// Every module, of a file or inline.
#[derive(Debug, Default)]
pub(in super::super) struct Tree {
    pub(super) nodes: Vec<Node>,
    by_place: FxHashMap<(FileId, Name), NodeId>,
    /// Root of the library in this folder.
    libs: FxHashMap<String, NodeId>,
}

/// A module.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) file: FileId,
    /// Inline modules inside the file, joined by `::`.
    pub(super) scope: Name,
    pub(super) parent: Option<NodeId>,
    pub(super) root: NodeId,
    /// Index of the Rust package.
    pub(super) package: Option<usize>,
    pub(super) children: BTreeMap<Name, NodeId>,
    pub(super) items: FxHashMap<Name, Vec<Item>>,
    pub(super) uses: FxHashMap<Name, Vec<Use>>,
    pub(super) globs: Vec<Use>,
}

/// What a module defines under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    Value(ValueId),
    Type(TypeId),
}

/// A path that a `use` names; for a glob that of the module.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Use {
    pub(super) path: Vec<Name>,
}

impl Tree {
    pub(in super::super) fn new(project: &Project, modules: &[Module]) -> Self {
        let rust = modules
            .iter()
            .filter(|module| module.language == Language::Rust);
        let mut builder = Builder {
            project,
            tree: Self::default(),
            modules: rust.map(|module| (module.file, module)).collect(),
            files: FxHashMap::default(),
        };
        for file in builder.modules.keys() {
            builder
                .files
                .insert(&project.sources.get(*file).path, *file);
        }
        builder.targets();
        builder.leftovers();
        builder.tree
    }

    pub(super) fn node(&self, file: FileId, scope: &str) -> Option<NodeId> {
        let inline = self.by_place.get(&(file, Name::new(scope)));
        let node = inline.or_else(|| self.by_place.get(&(file, Name::default())));
        node.copied()
    }

    pub(super) fn lib(&self, dir: &str) -> Option<NodeId> {
        self.libs.get(dir).copied()
    }

    /// The file of a module that a file declares.
    pub(in super::super) fn child_file(
        &self,
        file: FileId,
        scope: &str,
        name: &str,
    ) -> Option<FileId> {
        let node = &self.nodes[self.node(file, scope)?];
        let child = node.children.get(name)?;
        Some(self.nodes[*child].file)
    }

    /// The files of the modules that a file declares.
    pub(in super::super) fn child_files(&self, file: FileId) -> Vec<FileId> {
        let Some(first) = self.by_place.get(&(file, Name::default())) else {
            return Vec::new();
        };
        let nodes = self.nodes[*first..]
            .iter()
            .take_while(|node| node.file == file);
        nodes
            .flat_map(|node| node.children.values())
            .map(|child| self.nodes[*child].file)
            .filter(|child| *child != file)
            .collect()
    }
}

struct Builder<'b> {
    project: &'b Project,
    tree: Tree,
    modules: BTreeMap<FileId, &'b Module>,
    files: FxHashMap<&'b str, FileId>,
}

impl<'b> Builder<'b> {
    /// Libraries come first: a file that is also part of a program belongs to the library.
    fn targets(&mut self) {
        let crates = &self.project.crates;
        for (index, package) in crates.iter().enumerate() {
            let root = package
                .lib
                .as_deref()
                .and_then(|lib| self.grow(lib, Some(index)));
            if let Some(root) = root {
                self.tree.libs.insert(package.dir.clone(), root);
            }
        }
        for (index, package) in crates.iter().enumerate() {
            let bins = package.bins.iter().map(|(_, path)| path);
            for path in bins.chain(&package.others) {
                self.grow(path, Some(index));
            }
        }
    }

    /// Files that no target reaches, because there is no manifest or a macro declares them; those that can hold others first.
    fn leftovers(&mut self) {
        let mut left: Vec<(usize, bool, &str)> = self
            .files
            .keys()
            .map(|path| {
                let may_hold = matches!(paths::name(path), "lib.rs" | "main.rs" | "mod.rs");
                (path.matches('/').count(), !may_hold, *path)
            })
            .collect();
        left.sort_unstable();
        let dirs: FxHashMap<&str, usize> = self
            .project
            .crates
            .iter()
            .enumerate()
            .map(|(index, package)| (package.dir.as_str(), index))
            .collect();
        for (_, _, path) in left {
            let above = paths::ancestors(paths::parent(path));
            let package = { above }.find_map(|dir| dirs.get(dir).copied());
            let Some(root) = self.grow(path, package) else {
                continue;
            };
            let lib = package.and_then(|index| self.project.crates.get(index));
            // What a macro includes most likely belongs to the library.
            if let Some(lib) = lib.and_then(|package: &Crate| self.tree.lib(&package.dir)) {
                for node in &mut self.tree.nodes[root..] {
                    node.root = lib;
                }
            }
        }
    }

    /// Adds the tree below a root file; `None` if the file is part of a tree already.
    fn grow(&mut self, path: &str, package: Option<usize>) -> Option<NodeId> {
        let file = *self.files.get(path)?;
        if self.tree.by_place.contains_key(&(file, Name::default())) {
            return None;
        }
        let root = self.tree.nodes.len();
        self.plant(file, None, root, package);
        let mut open = vec![(file, true)];
        while let Some((file, holds_folder)) = open.pop() {
            let module = *self.modules.get(&file)?;
            for (name, scope, _) in &module.child_modules {
                let Some(parent) = self.tree.node(file, scope) else {
                    continue;
                };
                let Some(child) = self.child_file(file, holds_folder, scope, name) else {
                    continue;
                };
                let known = self.tree.by_place.get(&(child, Name::default())).copied();
                let node = known.unwrap_or_else(|| {
                    open.push((
                        child,
                        paths::name(&self.project.sources.get(child).path) == "mod.rs",
                    ));
                    self.plant(child, Some(parent), root, package)
                });
                self.tree.nodes[parent].children.insert(name.clone(), node);
            }
        }
        Some(root)
    }

    /// The file of `mod name;`: beside a root or `mod.rs`, else in the folder that is called like the file.
    fn child_file(
        &self,
        file: FileId,
        holds_folder: bool,
        scope: &str,
        name: &str,
    ) -> Option<FileId> {
        let path = &self.project.sources.get(file).path;
        let folder = match holds_folder {
            true => paths::parent(path),
            false => path.strip_suffix(".rs")?,
        };
        let name = name.trim_start_matches("r#");
        let base = paths::join(&paths::join(folder, &scope.replace("::", "/"))?, name)?;
        let flat = self.files.get(format!("{base}.rs").as_str());
        flat.or_else(|| self.files.get(format!("{base}/mod.rs").as_str()))
            .copied()
    }

    /// Adds the nodes of one file: itself and its inline modules.
    fn plant(
        &mut self,
        file: FileId,
        parent: Option<NodeId>,
        root: NodeId,
        package: Option<usize>,
    ) -> NodeId {
        let first = self.tree.nodes.len();
        let module = self.modules.get(&file).copied();
        let scopes = module.map_or_else(|| vec![Name::default()], scopes);
        for scope in scopes {
            let id = self.tree.nodes.len();
            let parent = match scope.rsplit_once("::") {
                _ if scope.is_empty() => parent,
                Some((outer, _)) => self.tree.node(file, outer),
                None => Some(first),
            };
            let name = Name::new(scope.rsplit("::").next().unwrap_or(""));
            if let Some(parent) = parent.filter(|_| !scope.is_empty()) {
                self.tree.nodes[parent].children.insert(name, id);
            }
            self.tree.by_place.insert((file, scope.clone()), id);
            self.tree.nodes.push(Node {
                file,
                scope,
                parent,
                root,
                package,
                children: BTreeMap::new(),
                items: FxHashMap::default(),
                uses: FxHashMap::default(),
                globs: Vec::new(),
            });
        }
        if let Some(module) = module {
            self.furnish(module);
        }
        first
    }

    fn furnish(&mut self, module: &Module) {
        for export in &module.exports {
            let Some(id) = self.tree.node(module.file, &export.scope) else {
                continue;
            };
            self.tree.nodes[id].export(export);
        }
        for import in &module.imports {
            let Some(id) = self.tree.node(module.file, &import.scope) else {
                continue;
            };
            self.tree.nodes[id].import(&import.local, &import.source, &import.imported);
        }
        for node in self
            .tree
            .nodes
            .iter_mut()
            .rev()
            .take_while(|node| node.file == module.file)
        {
            let mut seen = FxHashSet::default();
            node.globs.retain(|glob| seen.insert(glob.clone()));
        }
    }
}

impl Node {
    fn export(&mut self, export: &Export) {
        let item = match &export.kind {
            ExportKind::Value(value) => Item::Value(*value),
            ExportKind::Type(ty) => Item::Type(*ty),
            ExportKind::From { source, imported } => {
                return self.import(&export.name, source, imported);
            }
            ExportKind::Star { source } => return self.import("", source, &Imported::Glob),
        };
        self.items
            .entry(export.name.clone())
            .or_default()
            .push(item);
    }

    fn import(&mut self, local: &str, source: &str, imported: &Imported) {
        let mut path: Vec<Name> = match source {
            "" => Vec::new(),
            _ => source.split("::").map(Name::new).collect(),
        };
        match imported {
            Imported::Glob => return self.globs.push(Use { path }),
            Imported::SideEffect => return,
            Imported::Named(name) if name != "self" => path.push(name.clone()),
            _ => {}
        }
        let uses = self.uses.entry(Name::new(local)).or_default();
        let entry = Use { path };
        if !uses.contains(&entry) {
            uses.push(entry);
        }
    }
}

/// The inline modules of a file, the outer ones first; the file itself is "".
fn scopes(module: &Module) -> Vec<Name> {
    let named = module.exports.iter().map(|export| &export.scope);
    let named = named.chain(module.imports.iter().map(|import| &import.scope));
    let named = named.chain(module.functions.iter().map(|function| &function.scope));
    let named = named.chain(module.types.iter().map(|ty| &ty.scope));
    let named = named.chain(module.child_modules.iter().map(|(_, scope, _)| scope));
    let mut all: FxHashSet<Name> = FxHashSet::default();
    all.insert(Name::default());
    for scope in named {
        let mut scope = scope.as_str();
        while all.insert(Name::new(scope)) {
            scope = scope.rsplit_once("::").map_or("", |(outer, _)| outer);
        }
    }
    let mut all: Vec<Name> = all.into_iter().collect();
    all.sort_unstable_by_key(|scope| {
        (
            scope.matches("::").count() + usize::from(!scope.is_empty()),
            scope.clone(),
        )
    });
    all
}
