//! What each file is for, and which files run on the server.
//!
//! What belongs here: the place of a file by its name, its head, and what imports it. What may not enter: what follows
//! from a place, and which packages are a server's (the caller knows).
//!
//! A file says much of its place itself. The rest is decided by where it is needed from: production code needs what it
//! imports; what only client files, programs or scripts need is theirs.

mod name;

use super::import::Resolver;
use super::symbol::Symbols;
use crate::model::{Language, Module, Name, Place};
use crate::project::{DependencyKind, Package, Project, paths};
use crate::source::FileId;
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

pub use name::place_of;

/// Scripts of a manifest that run the production code, by the start of their name.
const PRODUCTION_SCRIPTS: [&str; 7] = [
    "dev", "prestart", "prod", "serve", "server", "start", "worker",
];

/// What the places are decided from.
#[derive(Clone, Copy)]
pub struct Facts<'f> {
    /// The project.
    pub project: &'f Project,
    /// Its modules.
    pub modules: &'f [Module],
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
        Self { places, server }
    }

    /// What a file is for.
    #[must_use]
    pub fn place(&self, file: FileId) -> Place {
        self.places
            .get(file.index())
            .copied()
            .unwrap_or(Place::Production)
    }

    /// Whether a file runs on a server.
    #[must_use]
    pub fn is_server(&self, file: FileId) -> bool {
        self.server.get(file.index()).copied().unwrap_or(false)
    }
}

/// Files and what they need.
struct Graph<'f> {
    facts: Facts<'f>,
    /// The module of each file.
    modules: Vec<Option<&'f Module>>,
    /// What each file needs.
    edges: Vec<Vec<FileId>>,
    /// Whether any file but a test needs it.
    needed: Vec<bool>,
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
            own: vec![None; count],
        };
        graph.own = (0..count).map(|index| graph.own_place(index)).collect();
        graph.mark_test_modules();
        for (index, targets) in graph.edges.iter().enumerate() {
            for target in targets
                .iter()
                .filter(|_| graph.own[index] != Some(Place::Test))
            {
                if target.index() != index {
                    graph.needed[target.index()] = true;
                }
            }
        }
        graph
    }

    fn own_place(&self, index: usize) -> Option<Place> {
        let source = self.facts.project.sources.files.get(index)?;
        let settled = self
            .facts
            .forced
            .or_else(|| self.facts.project.settings.place(&source.path));
        settled.or_else(|| place_of(self.inside(index), self.modules[index]?, &source.text))
    }

    /// The path of a file inside its package.
    fn inside(&self, index: usize) -> &str {
        let project = self.facts.project;
        let file = file_id(index);
        let dir = match project.language(file) {
            Language::Rust => project.crate_of(file).map(|package| &package.dir),
            Language::TypeScript => project.package_of(file).map(|package| &package.dir),
        };
        let path = &project.sources.get(file).path;
        dir.and_then(|dir| paths::inside(path, dir)).unwrap_or(path)
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
        for place in [Place::Production, Place::Client, Place::Cli, Place::Script] {
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

    /// Where code starts to run, with the place that this gives to what is needed there.
    fn roots(&self, server: &[bool]) -> Vec<(FileId, Place)> {
        let programs = self.programs(server);
        let scripts = self.scripts();
        let mut roots = Vec::new();
        for (index, own) in self.own.iter().enumerate() {
            let file = file_id(index);
            let markup = self.modules[index].is_some_and(|module| module.has_jsx);
            let place = match *own {
                Some(place) => place,
                None if self.entries.contains(&file) => Place::Production,
                None if programs.contains(&file) => Place::Cli,
                None if self.needed[index] => continue,
                None if scripts.contains(&file) => Place::Script,
                None if markup && !server[index] => Place::Client,
                None if name::is_served(self.inside(index)) => Place::Client,
                None => Place::Production,
            };
            roots.push((file, place));
        }
        roots
    }

    /// Programs that manifests install; one that leads to an entry is the server itself.
    fn programs(&self, server: &[bool]) -> FxHashSet<FileId> {
        let project = self.facts.project;
        let packages = project.packages.iter();
        let bins = packages.flat_map(|package| {
            let bins = package.bin.iter();
            bins.filter_map(|bin| self.facts.resolver.manifest_file(package, bin))
        });
        let files = &project.sources.files;
        let crates = project.crates.iter().flat_map(|package| &package.bins);
        let crates = crates.filter_map(|(_, path)| {
            let index = files.binary_search_by(|file| (*file.path).cmp(path)).ok()?;
            (!server[index]).then(|| file_id(index))
        });
        let leads_to_entry = self.needing(self.entries.iter().copied());
        bins.chain(crates)
            .filter(|file| !leads_to_entry[file.index()])
            .collect()
    }

    /// Files that only a manifest's scripts run, other than those that start the production code.
    fn scripts(&self) -> FxHashSet<FileId> {
        let resolver = self.facts.resolver;
        let (mut scripts, mut production) = (FxHashSet::default(), FxHashSet::default());
        for package in &self.facts.project.packages {
            production.extend(resolver.main_file(package));
            for (name, command) in &package.scripts {
                let starts = PRODUCTION_SCRIPTS
                    .iter()
                    .any(|start| name.starts_with(start));
                let files = if starts {
                    &mut production
                } else {
                    &mut scripts
                };
                let words = command
                    .split_whitespace()
                    .filter(|word| word.contains(['/', '.']));
                files.extend(words.filter_map(|word| resolver.manifest_file(package, word)));
            }
        }
        scripts.retain(|file| !production.contains(file));
        scripts
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
