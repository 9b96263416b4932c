//! What each file is for, and which files run on the server.
//!
//! What belongs here: the place of a file by its name, its head, and what imports it. What may not enter: what follows
//! from a place, and which packages are a server's (the caller knows).
//!
//! A file says much of its place itself. The rest is decided by where it is needed from: production code needs what it
//! imports; what only client files, programs or scripts need is theirs.

mod name;
mod own;
mod roots;

use super::import::Resolver;
use super::symbol::Symbols;
use crate::model::{Language, Module, Name, Place};
use crate::project::{DependencyKind, Package, Project, paths};
use crate::source::FileId;
use crate::vocabulary::Vocabulary;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

pub use name::place_of;

/// What the places are decided from.
#[derive(Clone, Copy)]
pub struct Facts<'f> {
    /// The project.
    pub project: &'f Project,
    /// Its modules.
    pub modules: &'f [Module],
    /// What says of a file what it is for.
    pub vocabulary: &'f Vocabulary,
    /// What they import.
    pub symbols: &'f Symbols<'f>,
    /// Where manifests point to.
    pub resolver: &'f Resolver<'f>,
    /// Files with an endpoint, a server's main, a worker, a middleware.
    pub entries: &'f [FileId],
    /// Whether who depends on this package is server code.
    pub server_packages: &'f dyn Fn(&str) -> bool,
    /// The place of every file, whatever else is known of it.
    pub forced: Option<Place>,
}

/// The place of every file.
#[derive(Debug, Default)]
pub struct Places {
    places: Vec<Place>,
    server: Vec<bool>,
    shared: Vec<bool>,
}

impl Places {
    /// Decides the place of every file.
    #[must_use]
    pub fn new(facts: Facts) -> Self {
        let graph = Graph::new(facts);
        let server = graph.server_folders();
        let places = graph.places(&server);
        let reached = graph.reach(graph.entries.iter().copied(), |file| {
            graph.own[file.index()] == Some(Place::Client)
        });
        let is_server = |index: usize| {
            let known = server[index] || facts.forced == Some(Place::Production);
            places[index] == Place::Production && (known || reached[index])
        };
        let server = (0..places.len()).map(is_server).collect();
        let shared = graph.shared(&places);
        Self {
            places,
            server,
            shared,
        }
    }

    /// What a file is for.
    #[must_use]
    pub fn place(&self, file: FileId) -> Place {
        self.places
            .get(file.index())
            .copied()
            .unwrap_or(Place::Production)
    }

    /// Whether a file that runs on a server is sent to browsers as well.
    #[must_use]
    pub fn is_shared(&self, file: FileId) -> bool {
        self.shared.get(file.index()).copied().unwrap_or(false)
    }

    /// Whether a file runs on a server.
    #[must_use]
    pub fn is_server(&self, file: FileId) -> bool {
        self.server.get(file.index()).copied().unwrap_or(false)
    }
}

/// Of several places that need a file, the first gives it its own.
const ORDER: [Place; 5] = [
    Place::Production,
    Place::Client,
    Place::Cli,
    Place::Script,
    Place::Test,
];

/// Files and what they need.
struct Graph<'f> {
    facts: Facts<'f>,
    /// The module of each file.
    modules: Vec<Option<&'f Module>>,
    /// What each file needs.
    edges: Vec<Vec<FileId>>,
    /// Whether any file but a test needs it.
    needed: Vec<bool>,
    /// The tests that need each file.
    testers: Vec<Vec<FileId>>,
    /// Folders of packages with an entry.
    serving: FxHashSet<&'f str>,
    /// The entries that the caller knows, and files whose functions clients call although they run on the server.
    entries: BTreeSet<FileId>,
    /// The place that a file has by itself.
    own: Vec<Option<Place>>,
}

impl<'f> Graph<'f> {
    fn new(facts: Facts<'f>) -> Self {
        let count = facts.project.sources.files.len();
        let mut modules = vec![None; count];
        for module in facts.modules {
            if let Some(slot) = modules.get_mut(module.file.index()) {
                *slot = Some(module);
            }
        }
        let edges = (0..count)
            .map(|index| facts.symbols.needed_files(file_id(index)))
            .collect();
        let actions = facts
            .modules
            .iter()
            .filter(|module| has_server_directive(module));
        let entries = actions
            .map(|module| module.file)
            .chain(facts.entries.iter().copied());
        let mut graph = Self {
            entries: entries.collect(),
            facts,
            modules,
            edges,
            needed: vec![false; count],
            testers: vec![Vec::new(); count],
            serving: FxHashSet::default(),
            own: vec![None; count],
        };
        graph.serving = { graph.entries.iter() }
            .map(|file| graph.folder(*file))
            .collect();
        graph.own = (0..count).map(|index| graph.own_place(index)).collect();
        graph.mark_test_modules();
        for (index, targets) in graph.edges.iter().enumerate() {
            for target in targets.iter().filter(|target| target.index() != index) {
                match graph.own[index] {
                    Some(Place::Test) => graph.testers[target.index()].push(file_id(index)),
                    _ => graph.needed[target.index()] = true,
                }
            }
        }
        graph
    }

    /// Files that browsers get, too: what client files need, but for what only answers requests.
    fn shared(&self, places: &[Place]) -> Vec<bool> {
        let clients = (0..places.len()).map(file_id);
        let clients = clients.filter(|file| places[file.index()] == Place::Client);
        let reached = self.reach(clients, |file| self.entries.contains(&file));
        (0..places.len())
            .map(|index| reached[index] && places[index] == Place::Production)
            .collect()
    }

    /// The path of a file inside its package.
    fn inside(&self, index: usize) -> &'f str {
        let path: &'f str = &self.facts.project.sources.get(file_id(index)).path;
        paths::inside(path, self.folder(file_id(index))).unwrap_or(path)
    }

    /// The folder of a file's package.
    fn folder(&self, file: FileId) -> &'f str {
        let project = self.facts.project;
        let dir = match project.language(file) {
            Language::Rust => project.crate_of(file).map(|package| &package.dir),
            Language::TypeScript => project.package_of(file).map(|package| &package.dir),
        };
        dir.map_or("", String::as_str)
    }

    /// Rust modules that are declared for tests only, with the modules below them.
    fn mark_test_modules(&mut self) {
        let mut open = Vec::new();
        for module in self.facts.modules {
            for (name, scope, span) in &module.child_modules {
                if module.in_test(*span) {
                    open.extend(self.facts.symbols.child_file(module.file, scope, name));
                }
            }
        }
        while let Some(file) = open.pop() {
            let Some(module) = self.modules[file.index()].filter(|_| self.facts.forced.is_none())
            else {
                continue;
            };
            if self.own[file.index()].replace(Place::Test) == Some(Place::Test) {
                continue;
            }
            for (name, scope, _) in &module.child_modules {
                open.extend(self.facts.symbols.child_file(file, scope, name));
            }
        }
    }

    /// For each file whether its package is a server's.
    fn server_folders(&self) -> Vec<bool> {
        let project = self.facts.project;
        let is_server = self.facts.server_packages;
        let packages: FxHashSet<&str> = project
            .packages
            .iter()
            .filter(|package| runs_with(project, package).any(|name| is_server(name)))
            .map(|package| package.dir.as_str())
            .collect();
        let crates: FxHashSet<&str> = project
            .crates
            .iter()
            .filter(|c| {
                c.dependencies
                    .values()
                    .any(|d| !d.dev && is_server(&d.package))
            })
            .map(|package| package.dir.as_str())
            .collect();
        let without_manifest = (0..self.edges.len())
            .map(file_id)
            .filter(|file| project.package_of(*file).is_none())
            .any(|file| {
                self.facts
                    .symbols
                    .imported_packages(file)
                    .any(|name| is_server(name))
            });
        let of_file = |file: FileId| match project.language(file) {
            Language::Rust => project
                .crate_of(file)
                .is_none_or(|c| crates.contains(c.dir.as_str())),
            Language::TypeScript => match project.package_of(file) {
                Some(package) => packages.contains(package.dir.as_str()),
                None => without_manifest,
            },
        };
        (0..self.edges.len())
            .map(|index| of_file(file_id(index)))
            .collect()
    }

    /// Each file gets the place of the roots that need it; where several do, the most public one.
    fn places(&self, server: &[bool]) -> Vec<Place> {
        let roots = self.roots(server);
        let entries = self.reach(self.entries.iter().copied(), |file| {
            self.own[file.index()].is_some()
        });
        let mut places = self.own.clone();
        for place in ORDER {
            let roots = roots
                .iter()
                .filter(|(_, of)| *of == place)
                .map(|(file, _)| *file);
            // What has a place of its own is where a reach ends, unless it starts there.
            let reached = self.reach(roots, |file| {
                places[file.index()].is_some_and(|of| of != place)
            });
            for (slot, _) in places
                .iter_mut()
                .zip(reached)
                .filter(|(slot, reached)| slot.is_none() && *reached)
            {
                *slot = Some(place);
            }
        }
        let settle = |(index, place): (usize, Option<Place>)| {
            let place = place.unwrap_or(Place::Production);
            let markup = self.modules[index].is_some_and(|module| module.has_jsx);
            let by_itself = self.own[index].is_none() && place == Place::Production;
            match by_itself && markup && !server[index] && !entries[index] {
                true => Place::Client,
                false => place,
            }
        };
        places.into_iter().enumerate().map(settle).collect()
    }

    /// Everything that needs one of the files, themselves included.
    fn needing(&self, files: impl Iterator<Item = FileId>) -> Vec<bool> {
        let mut users = vec![Vec::new(); self.edges.len()];
        for (index, targets) in self.edges.iter().enumerate() {
            for target in targets {
                users[target.index()].push(file_id(index));
            }
        }
        reach(&users, files, |_| false)
    }

    /// Everything that the roots need, themselves included; what `ends` holds for is not entered.
    fn reach(
        &self,
        roots: impl Iterator<Item = FileId>,
        ends: impl Fn(FileId) -> bool,
    ) -> Vec<bool> {
        reach(&self.edges, roots, ends)
    }
}

fn reach(
    edges: &[Vec<FileId>],
    roots: impl Iterator<Item = FileId>,
    ends: impl Fn(FileId) -> bool,
) -> Vec<bool> {
    let mut reached = vec![false; edges.len()];
    let mut open: Vec<FileId> = roots.collect();
    while let Some(file) = open.pop() {
        let Some(slot) = reached.get_mut(file.index()).filter(|slot| !**slot) else {
            continue;
        };
        *slot = true;
        open.extend(edges[file.index()].iter().filter(|next| !ends(**next)));
    }
    reached
}

/// What a package needs to run; one that lists nothing at all, as in a workspace with a single list, needs what the package
/// around it needs.
fn runs_with<'p>(project: &'p Project, package: &'p Package) -> impl Iterator<Item = &'p Name> {
    let mut listed = package;
    while listed.dependencies.is_empty() && !listed.dir.is_empty() {
        let above = paths::ancestors(paths::parent(&listed.dir));
        let outer = { above }.find_map(|dir| {
            let index = project
                .packages
                .binary_search_by(|p| p.dir.as_str().cmp(dir))
                .ok()?;
            project.packages.get(index)
        });
        let Some(outer) = outer else { break };
        listed = outer;
    }
    let needed = listed
        .dependencies
        .iter()
        .filter(|(_, dep)| dep.kind != DependencyKind::Dev);
    needed.map(|(name, _)| name)
}

fn has_server_directive(module: &Module) -> bool {
    let functions = module
        .functions
        .iter()
        .flat_map(|function| &function.directives);
    { module.directives.iter().chain(functions) }.any(|directive| directive == "use server")
}

fn file_id(index: usize) -> FileId {
    FileId(u32::try_from(index).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests;
