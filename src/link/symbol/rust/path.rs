//! What a path means in a module.

use super::super::{Symbol, Symbols, Want};
use super::prelude;
use super::tree::{Item, Node, NodeId, Use};
use crate::model::{FunctionId, Import, Imported, Name, TypeDecl, TypeDeclKind, ValueKind};
use crate::source::FileId;

/// How many look-ups one path may cause.
const MOST_STEPS: u32 = 2_048;
/// How many `use` may lead to each other.
const MOST_USES: usize = 48;
/// How many functions around a function are asked for the type that they belong to.
const MOST_AROUND: usize = 64;
/// How many type aliases may lead to each other.
const MOST_ALIASES: u32 = 16;

/// What a part of a path has led to.
#[derive(Debug, Clone, PartialEq)]
enum Found {
    Module(NodeId),
    Symbol(Symbol),
}

/// The state of one question.
#[derive(Debug, Default)]
struct Query {
    steps: u32,
    /// The `use` items that are being resolved, by module and path: none can stand for itself.
    active: Vec<(NodeId, *const Use)>,
    /// Type aliases that are being followed.
    aliases: u32,
}

impl Symbols<'_> {
    /// What a Rust path means in a module of a file (`scope`: the inline modules, joined by `::`). `Self` and local
    /// variables are the caller's.
    #[must_use]
    pub fn rust_path(&self, file: FileId, scope: &str, segments: &[Name]) -> Symbol {
        self.rust_path_as(file, scope, segments, Want::Value)
    }

    /// What a Rust path means inside a function, `Self` included.
    #[must_use]
    pub fn path_in(&self, file: FileId, function: FunctionId, segments: &[Name]) -> Symbol {
        let Some((module, _)) = self.module(file) else {
            return Symbol::Unknown;
        };
        let up = |id: &FunctionId| module.functions.get(id.index())?.parent;
        let around = std::iter::successors(Some(function), up).take(MOST_AROUND);
        let mut around = around
            .filter_map(|id| module.functions.get(id.index()))
            .peekable();
        let scope = around.peek().map_or("", |function| function.scope.as_str());
        let Some(("Self", rest)) = segments
            .split_first()
            .map(|(first, rest)| (first.as_str(), rest))
        else {
            return self.rust_path(file, scope, segments);
        };
        let owner = around.find_map(|function| function.owner);
        let block = owner.and_then(|owner| Some((owner, module.types.get(owner.index())?)));
        let this = match block {
            Some((
                _,
                TypeDecl {
                    kind: TypeDeclKind::Impl,
                    target,
                    scope,
                    ..
                },
            )) => {
                let target = target.as_ref();
                target.map_or(Symbol::Unknown, |target| {
                    self.rust_type(file, scope, target)
                })
            }
            Some((ty, _)) => Symbol::Type { file, ty },
            None => Symbol::Unknown,
        };
        let mut query = Query::default();
        let found = rest.iter().try_fold(Found::Symbol(this), |found, name| {
            self.step(&found, name, Want::Value, &mut query)
        });
        self.symbol_of(found)
    }

    /// What the path of a macro means: the macro's path with its `!` if it is from elsewhere.
    #[must_use]
    pub fn rust_macro(&self, file: FileId, scope: &str, segments: &[Name]) -> Symbol {
        let name = match segments {
            [name] if prelude::is_macro(name) && !self.is_used(file, scope, name) => {
                smol_str::format_smolstr!("std::{name}")
            }
            _ => match self.rust_path_as(file, scope, segments, Want::Value) {
                Symbol::External(path) => path,
                other => return other,
            },
        };
        Symbol::External(smol_str::format_smolstr!("{name}!"))
    }

    pub(in super::super) fn rust_path_as(
        &self,
        file: FileId,
        scope: &str,
        segments: &[Name],
        want: Want,
    ) -> Symbol {
        let Some(node) = self.tree.node(file, scope) else {
            return Symbol::Unknown;
        };
        let found = self.walk(node, segments, want, &mut Query::default());
        self.symbol_of(found)
    }

    pub(in super::super) fn rust_import(
        &self,
        file: FileId,
        import: &Import,
        want: Want,
    ) -> Symbol {
        let source = import.source.split("::").filter(|part| !part.is_empty());
        let mut path: Vec<Name> = source.map(Name::new).collect();
        match &import.imported {
            Imported::Named(name) if name != "self" => path.push(name.clone()),
            Imported::Glob | Imported::SideEffect => return Symbol::Unknown,
            _ => {}
        }
        // Resolved by its local name, the import would be found first; resolved by its path, it is looked past.
        match import.local.is_empty() || import.local == "_" {
            true => self.rust_path_as(file, &import.scope, &path, want),
            false => self.rust_path_as(
                file,
                &import.scope,
                std::slice::from_ref(&import.local),
                want,
            ),
        }
    }

    fn is_used(&self, file: FileId, scope: &str, name: &str) -> bool {
        let node = self
            .tree
            .node(file, scope)
            .map(|node| &self.tree.nodes[node]);
        node.is_some_and(|node| node.uses.contains_key(name))
    }

    fn symbol_of(&self, found: Option<Found>) -> Symbol {
        match found {
            Some(Found::Symbol(symbol)) => symbol,
            Some(Found::Module(node)) => match &self.tree.nodes[node] {
                Node { file, scope, .. } if scope.is_empty() => Symbol::Module(*file),
                _ => Symbol::Unknown,
            },
            None => Symbol::Unknown,
        }
    }

    fn walk(&self, from: NodeId, path: &[Name], want: Want, query: &mut Query) -> Option<Found> {
        let (mut found, mut rest) = self.start(from, path, want, query)?;
        while let Some((name, after)) = rest.split_first() {
            let want = if after.is_empty() { want } else { Want::Scope };
            found = self.step(&found, name, want, query)?;
            rest = after;
        }
        Some(found)
    }

    /// What the first part of a path means, and what is left of the path.
    fn start<'n>(
        &self,
        from: NodeId,
        path: &'n [Name],
        want: Want,
        query: &mut Query,
    ) -> Option<(Found, &'n [Name])> {
        let (first, mut rest) = path.split_first()?;
        let node = &self.tree.nodes[from];
        let want = if rest.is_empty() { want } else { Want::Scope };
        let module = match first.as_str() {
            "crate" | "$crate" => node.root,
            "self" => from,
            "super" => {
                let mut outer = node.parent?;
                while let Some((name, after)) =
                    rest.split_first().filter(|(name, _)| *name == "super")
                {
                    let _ = name;
                    outer = self.tree.nodes[outer].parent?;
                    rest = after;
                }
                outer
            }
            "" => {
                let (name, rest) = rest.split_first()?;
                return Some((self.package(node, name)?, rest));
            }
            _ => {
                let found = self
                    .lookup(from, first, want, query)
                    .or_else(|| self.package(node, first))
                    .or_else(|| self.at_root(node, first, want, query))
                    .or_else(|| prelude::item(first).map(external))
                    // The path of a `use` starts with a package more likely than with what another `use` brings.
                    .or_else(|| match query.active.is_empty() {
                        true => None,
                        false => self.unlisted(node, first, rest),
                    })
                    .or_else(|| self.glob_package(from, first, query))
                    .or_else(|| self.unlisted(node, first, rest))?;
                return Some((found, rest));
            }
        };
        Some((Found::Module(module), rest))
    }

    fn step(&self, of: &Found, name: &Name, want: Want, query: &mut Query) -> Option<Found> {
        match of {
            Found::Module(node) => self
                .lookup(*node, name, want, query)
                .or_else(|| self.glob_package(*node, name, query)),
            Found::Symbol(Symbol::External(path)) => Some(external(&format!("{path}::{name}"))),
            Found::Symbol(symbol) => self.associated(symbol, name, want, query),
        }
    }

    /// A variant or method of a type. Methods are values: a path to a type never looks for one, so that finding the types
    /// of impl blocks, which methods are found by, needs no method.
    fn associated(&self, of: &Symbol, name: &str, want: Want, query: &mut Query) -> Option<Found> {
        let (file, ty) = match self.aliased(of.clone(), query) {
            Symbol::Type { file, ty } => (file, ty),
            Symbol::External(path) => return Some(external(&format!("{path}::{name}"))),
            _ => return None,
        };
        let decl = self.module(file)?.0.types.get(ty.index())?;
        if decl.kind == TypeDeclKind::Enum && decl.fields.iter().any(|field| field.name == name) {
            return Some(Found::Symbol(Symbol::Type { file, ty }));
        }
        if want != Want::Value {
            return None;
        }
        let (file, function) = self.method(file, ty, name)?;
        let value = self.module(file)?.0.functions.get(function.index())?.value;
        Some(Found::Symbol(Symbol::Value { file, value }))
    }

    /// What an alias stands for.
    fn aliased(&self, symbol: Symbol, query: &mut Query) -> Symbol {
        let Symbol::Type { file, ty } = symbol else {
            return symbol;
        };
        let decl = self
            .module(file)
            .and_then(|(module, _)| module.types.get(ty.index()));
        let alias =
            decl.filter(|decl| decl.kind == TypeDeclKind::Alias && query.aliases < MOST_ALIASES);
        let target = alias.and_then(|alias| Some((alias, alias.target.as_ref()?)));
        let node = target.and_then(|(alias, _)| self.tree.node(file, &alias.scope));
        let (Some((_, target)), Some(node)) = (target, node) else {
            return symbol;
        };
        query.aliases += 1;
        let found = self.walk(node, &target.path, Want::Type, query);
        match self.symbol_of(found) {
            Symbol::Unknown => symbol,
            next => self.aliased(next, query),
        }
    }

    /// What a module has under a name: its own items and modules, what it uses, what project modules it takes all of.
    fn lookup(&self, at: NodeId, name: &Name, want: Want, query: &mut Query) -> Option<Found> {
        query.steps += 1;
        if query.steps > MOST_STEPS {
            return None;
        }
        let node = &self.tree.nodes[at];
        let child = node.children.get(name).map(|child| Found::Module(*child));
        let own = || self.own_item(node, name, want).map(Found::Symbol);
        let found = match want {
            Want::Scope => child.or_else(own),
            _ => own().or(child.filter(|_| !node.uses.contains_key(name))),
        };
        found
            .or_else(|| {
                let mut uses = node.uses.get(name).into_iter().flatten();
                uses.find_map(|entry| self.follow(at, entry, want, query))
            })
            .or_else(|| {
                let mut globs = node.globs.iter();
                globs.find_map(|glob| match self.follow(at, glob, Want::Scope, query)? {
                    Found::Module(module) if module == at => None,
                    Found::Module(module) => self.lookup_once(at, glob, module, name, want, query),
                    Found::Symbol(ty @ Symbol::Type { .. }) => {
                        self.associated(&ty, name, want, query)
                    }
                    Found::Symbol(_) => None,
                })
            })
    }

    /// Looks into a module that a glob names, with the glob marked, so that two modules that take all of each other end.
    fn lookup_once(
        &self,
        at: NodeId,
        glob: &Use,
        module: NodeId,
        name: &Name,
        want: Want,
        query: &mut Query,
    ) -> Option<Found> {
        let key = (at, std::ptr::from_ref(glob));
        if query.active.contains(&key) || query.active.len() >= MOST_USES {
            return None;
        }
        query.active.push(key);
        let found = self.lookup(module, name, want, query);
        query.active.pop();
        found
    }

    fn follow(&self, at: NodeId, entry: &Use, want: Want, query: &mut Query) -> Option<Found> {
        let key = (at, std::ptr::from_ref(entry));
        if query.active.contains(&key) || query.active.len() >= MOST_USES {
            return None;
        }
        query.active.push(key);
        let found = self.walk(at, &entry.path, want, query);
        query.active.pop();
        found
    }

    fn own_item(&self, node: &Node, name: &Name, want: Want) -> Option<Symbol> {
        let items = node.items.get(name)?;
        let file = node.file;
        let symbol = |item: &Item| match item {
            Item::Type(ty) => Symbol::Type { file, ty: *ty },
            Item::Value(value) => self.as_type(Symbol::Value {
                file,
                value: *value,
            }),
        };
        let is_type = |item: &&Item| match item {
            Item::Type(_) => true,
            Item::Value(value) => matches!(self.kind(file, *value), Some(ValueKind::Class(_))),
        };
        let fitting = items
            .iter()
            .find(|item| is_type(item) == (want != Want::Value));
        match want {
            Want::Scope => fitting.map(symbol),
            _ => fitting.or_else(|| items.first()).map(symbol),
        }
    }

    /// A package that the manifest, or the language, makes known.
    fn package(&self, node: &Node, name: &str) -> Option<Found> {
        if matches!(name, "std" | "core" | "alloc") {
            return Some(external("std"));
        }
        let crates = &self.project.crates;
        let own = crates.get(node.package?)?;
        if let Some(dependency) = own.dependencies.get(name) {
            let lib = dependency.dir.as_deref().and_then(|dir| self.tree.lib(dir));
            let elsewhere = || external(&dependency.package.replace('-', "_"));
            return Some(lib.map_or_else(elsewhere, Found::Module));
        }
        let lib = self.tree.lib(&own.dir).filter(|_| own.lib_name == name)?;
        Some(Found::Module(lib))
    }

    /// Before the 2018 edition, `use` starts at the root of the crate.
    fn at_root(&self, node: &Node, name: &Name, want: Want, query: &mut Query) -> Option<Found> {
        let package = self.project.crates.get(node.package?)?;
        let applies = package.edition == "2015" && !query.active.is_empty();
        applies
            .then(|| self.lookup(node.root, name, want, query))
            .flatten()
    }

    /// A name that nothing defines comes from the one package that the module takes all of; with several, which of them
    /// cannot be told.
    fn glob_package(&self, at: NodeId, name: &str, query: &mut Query) -> Option<Found> {
        let globs = self.tree.nodes[at].globs.iter();
        let mut packages =
            globs.filter_map(|glob| match self.follow(at, glob, Want::Scope, query)? {
                Found::Symbol(Symbol::External(path)) => Some(path),
                _ => None,
            });
        let only = packages.next().filter(|_| packages.next().is_none())?;
        Some(external(&format!("{only}::{name}")))
    }

    /// What looks like a package and that no manifest lists: there is no manifest, or the library is not called like
    /// its package (`argon2` of `rust-argon2`).
    fn unlisted(&self, node: &Node, name: &str, rest: &[Name]) -> Option<Found> {
        // What a `use` names is from there, found or not.
        // What a `use` names within another module is from there, found or not.
        let within = |uses: &Vec<Use>| uses.iter().all(|used| used.path.len() > 1);
        let like_package = name.starts_with(|c: char| c.is_ascii_lowercase())
            && !node.uses.get(name).is_some_and(within);
        let package = node
            .package
            .and_then(|index| self.project.crates.get(index));
        let may_be = package.is_none_or(|package| {
            let mut names = package.dependencies.keys();
            names.any(|dependency| dependency.split('_').any(|part| part == name))
        });
        (like_package && may_be && !rest.is_empty()).then(|| external(name))
    }
}

fn external(path: &str) -> Found {
    Found::Symbol(Symbol::External(Name::new(path)))
}
