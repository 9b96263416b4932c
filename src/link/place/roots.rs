//! Where code starts to run: servers, programs, scripts, pages, tests.

use super::{Graph, file_id, name};
use crate::link::symbol::Symbol;
use crate::model::{Language, Place, Step, ValueId, ValueKind};
use crate::project::{Package, paths};
use crate::source::FileId;
use rustc_hash::FxHashSet;
use serde_json::Value;

/// Scripts of a manifest that run the production code, by the start of their name.
const PRODUCTION_SCRIPTS: [&str; 7] = [
    "dev", "prestart", "prod", "serve", "server", "start", "worker",
];
/// Files that stand for all of a folder or package, and are needed by who can't be seen.
const FRONTS: [&str; 4] = ["index", "lib", "main", "mod"];

impl Graph<'_> {
    /// Where code starts to run, with the place that this gives to what is needed there.
    pub(super) fn roots(&self, server: &[bool]) -> Vec<(FileId, Place)> {
        let programs = self.programs(server);
        let (scripts, production) = self.scripts();
        let mut roots = Vec::new();
        for (index, own) in self.own.iter().enumerate() {
            let file = file_id(index);
            let markup = self.modules[index].is_some_and(|module| module.has_jsx);
            let place = match *own {
                Some(place) => place,
                None if self.entries.contains(&file) => Place::Production,
                None if programs.contains(&file) => Place::Cli,
                None if self.needed[index] => continue,
                None if self.serves_tests(index, &production) => Place::Test,
                None if scripts.contains(&file) => Place::Script,
                None if !production.contains(&file) && self.prints_result(index) => Place::Script,
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

    /// Files that only a manifest's scripts run, and those that the production code starts with.
    fn scripts(&self) -> (FxHashSet<FileId>, FxHashSet<FileId>) {
        let resolver = self.facts.resolver;
        let (mut scripts, mut production) = (FxHashSet::default(), FxHashSet::default());
        for package in &self.facts.project.packages {
            production.extend(resolver.main_file(package));
            let mut paths = Vec::new();
            exported(package, &mut paths);
            let paths = paths.into_iter();
            production.extend(paths.filter_map(|path| resolver.manifest_file(package, path)));
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
        (scripts, production)
    }

    /// Whether a file is a program whose output is what it computes: it ends by printing that, at its top level.
    fn prints_result(&self, index: usize) -> bool {
        let Some(module) = self.modules[index].filter(|_| self.facts.forced.is_none()) else {
            return false;
        };
        let body = module
            .functions
            .first()
            .map(|function| module.block(function.body));
        let last = body.and_then(|body| body.steps.last());
        let Some(Step::Call(call)) = last else {
            return false;
        };
        let call = module.call(*call);
        let made = |value: ValueId| match module.kind(value) {
            ValueKind::Call(call) => {
                let mut args = module.call(*call).args.iter();
                args.any(|arg| !matches!(module.kind(arg.value), ValueKind::Literal(_)))
            }
            _ => false,
        };
        let Symbol::External(path) = self.facts.symbols.value(module.file, call.callee) else {
            return false;
        };
        matches!(call.args[..], [arg] if made(arg.value))
            && self.facts.vocabulary.logs.contains(&path)
    }

    /// Whether a file serves tests and nothing else. One that is tested is no helper of the test; who else needs it may be
    /// unseen, as with what a framework loads by its name.
    fn serves_tests(&self, index: usize, production: &FxHashSet<FileId>) -> bool {
        let file = file_id(index);
        let stem = |file: FileId| {
            let path = &self.facts.project.sources.get(file).path;
            let name = paths::name(path);
            name.split('.').next().unwrap_or(name)
        };
        let testers = &self.testers[index];
        self.facts.project.language(file) == Language::TypeScript
            && self.facts.forced.is_none()
            && testers.len() > 1
            && testers.iter().all(|tester| stem(*tester) != stem(file))
            && !FRONTS.contains(&stem(file))
            && !production.contains(&file)
    }
}

/// The files that a package's `exports` name.
fn exported<'p>(package: &'p Package, found: &mut Vec<&'p str>) {
    let mut open = vec![&package.exports];
    while let Some(next) = open.pop() {
        match next {
            Value::String(path) => found.push(path),
            Value::Array(all) => open.extend(all),
            Value::Object(all) => open.extend(all.values()),
            _ => {}
        }
    }
}
