//! Entries of the project's own packages: `exports`, `imports`, `main`, and the sources behind built files.

use super::alias::star_of;
use super::{Resolution, Resolver, specifier};
use crate::project::{Package, paths};
use crate::source::FileId;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde_json::Value;

/// Conditions by what brings us closest to the sources; those that are not listed come before `types`.
const CONDITIONS: [&str; 9] = [
    "source",
    "development",
    "bun",
    "node",
    "import",
    "module",
    "require",
    "default",
    "types",
];
/// Folders that build tools write to.
const BUILT: [&str; 8] = ["build", "cjs", "dist", "es", "esm", "lib", "out", "output"];
/// Folders inside them that stand for a format rather than for a folder of the sources.
const FORMATS: [&str; 11] = [
    "browser", "cjs", "commonjs", "es", "esm", "lib", "module", "node", "src", "types", "umd",
];
/// The most targets that one entry may name before the rest is looked over.
const MOST_TARGETS: usize = 64;

impl Resolver<'_> {
    /// What `name/subpath` means in a package of the project.
    pub(super) fn package_entry(&self, package: &Package, subpath: &str) -> Resolution {
        let key = match subpath {
            "" => ".".to_owned(),
            _ => format!("./{subpath}"),
        };
        let found = targets(&package.exports, &key)
            .iter()
            .find_map(|target| self.target(package, target));
        if let Some(found) = found {
            return found;
        }
        if subpath.is_empty() {
            let main = self.main_file(package);
            return main.map_or(Resolution::Missing, Resolution::File);
        }
        ["src", "", "lib"]
            .iter()
            .find_map(|folder| {
                let dir = paths::join(&package.dir, folder)?;
                self.at(&paths::join(&dir, subpath)?)
            })
            .unwrap_or(Resolution::Missing)
    }

    /// What a `#name` means in the package.
    pub(super) fn package_import(&self, package: &Package, specifier: &str) -> Option<Resolution> {
        targets(&package.imports, specifier)
            .iter()
            .find_map(|target| match target.starts_with("./") {
                true => self.target(package, target),
                false => Some(specifier::external(target)),
            })
    }

    /// The file that a package's folder stands for.
    #[must_use]
    pub fn main_file(&self, package: &Package) -> Option<FileId> {
        let exported = targets(&package.exports, ".");
        let entries = [&package.main, &package.module, &package.types];
        let entries = exported.iter().chain(entries.into_iter().flatten());
        let named = entries.filter_map(|entry| self.manifest_file(package, entry));
        let last = package.name.as_deref().map_or("", paths::name);
        let by_habit = ["src/index", "index", "src/main", "lib/index", "mod", last]
            .into_iter()
            .filter(|path| !path.is_empty())
            .filter_map(|path| self.files.file(&paths::join(&package.dir, path)?));
        named.chain(by_habit).next()
    }

    /// The source file behind a path that a package's manifest writes.
    #[must_use]
    pub fn manifest_file(&self, package: &Package, path: &str) -> Option<FileId> {
        match self.target(package, path)? {
            Resolution::File(file) => Some(file),
            _ => None,
        }
    }

    /// The file that an entry of the manifest names, or the source that it is built from.
    fn target(&self, package: &Package, target: &str) -> Option<Resolution> {
        let path = paths::join(&package.dir, target)?;
        let file = self.files.file(&path).or_else(|| self.files.index(&path));
        if let Some(file) = file.or_else(|| self.source_of(package, &path)) {
            return Some(Resolution::File(file));
        }
        specifier::is_asset(&path).then_some(Resolution::Asset)
    }

    fn source_of(&self, package: &Package, built: &str) -> Option<FileId> {
        let inside = without_extension(paths::inside(built, &package.dir)?);
        let (first, mut rest) = inside.split_once('/')?;
        if !BUILT.contains(&first) {
            return None;
        }
        while let Some((format, inner)) = rest.split_once('/').filter(|(f, _)| FORMATS.contains(f))
        {
            let _ = format;
            rest = inner;
        }
        let by_name = paths::name(rest);
        [
            ("src", rest),
            ("", rest),
            ("lib", rest),
            ("source", rest),
            ("src", by_name),
        ]
        .iter()
        .find_map(|(folder, rest)| {
            let path = paths::join(&paths::join(&package.dir, folder)?, rest)?;
            self.files.file(&path).or_else(|| self.files.index(&path))
        })
    }
}

fn without_extension(path: &str) -> &str {
    let stem = path
        .strip_suffix(paths::extension(path))
        .and_then(|stem| stem.strip_suffix('.'))
        .unwrap_or(path);
    stem.strip_suffix(".d").unwrap_or(stem)
}

/// The targets of a key of `exports` or `imports`, the best first, with `*` filled in.
fn targets(map: &Value, key: &str) -> Vec<String> {
    let mut found = Vec::new();
    let is_map =
        |map: &serde_json::Map<String, Value>| map.keys().any(|k| k.starts_with(['.', '#']));
    match map {
        Value::Object(entries) if is_map(entries) => {
            let exact = entries.get(key).map(|value| (value, ""));
            let pattern = || {
                entries
                    .iter()
                    .filter(|(pattern, _)| pattern.contains('*'))
                    .filter_map(|(pattern, value)| Some((pattern, value, star_of(pattern, key)?)))
                    .max_by_key(|(pattern, ..)| pattern.find('*'))
                    .map(|(_, value, star)| (value, star))
            };
            if let Some((value, star)) = exact.or_else(pattern) {
                leaves(value, star, &mut found);
            }
        }
        Value::Null => {}
        _ if key == "." => leaves(map, "", &mut found),
        _ => {}
    }
    found
}

/// Every string of a conditional target, in the order of [`CONDITIONS`]. Manifests are parsed with limited nesting.
fn leaves(value: &Value, star: &str, found: &mut Vec<String>) {
    if found.len() >= MOST_TARGETS {
        return;
    }
    match value {
        Value::String(target) => found.push(target.replace('*', star)),
        Value::Array(list) => list.iter().for_each(|value| leaves(value, star, found)),
        Value::Object(map) => {
            let rank = |condition: &str| {
                let known = CONDITIONS.iter().position(|known| *known == condition);
                known.unwrap_or(CONDITIONS.len() - 2)
            };
            let mut conditions: Vec<_> = map.iter().collect();
            conditions.sort_by_key(|(condition, _)| rank(condition));
            for (_, value) in conditions {
                leaves(value, star, found);
            }
        }
        _ => {}
    }
}

/// Folders of the packages that some package above them lists as members of its workspace.
pub(super) fn members(packages: &[Package]) -> Vec<&str> {
    let workspaces: Vec<_> = packages
        .iter()
        .filter(|package| !package.workspaces.is_empty())
        .map(|package| (package.dir.as_str(), Members::new(&package.workspaces)))
        .collect();
    let lists = |dir: &str| {
        let inside = |root: &str| paths::inside(dir, root).filter(|inside| !inside.is_empty());
        let mut workspaces = workspaces.iter();
        workspaces.any(|(root, members)| inside(root).is_some_and(|dir| members.has(dir)))
    };
    let dirs = packages.iter().map(|package| package.dir.as_str());
    dirs.filter(|dir| lists(dir)).collect()
}

struct Members {
    listed: GlobSet,
    excluded: GlobSet,
}

impl Members {
    fn new(globs: &[String]) -> Self {
        let (excluded, listed): (Vec<&str>, Vec<&str>) = globs
            .iter()
            .map(String::as_str)
            .partition(|glob| glob.starts_with('!'));
        Self {
            listed: glob_set(&listed),
            excluded: glob_set(&excluded),
        }
    }

    fn has(&self, dir: &str) -> bool {
        self.listed.is_match(dir) && !self.excluded.is_match(dir)
    }
}

/// A glob that cannot be read matches nothing.
fn glob_set(globs: &[&str]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        let glob = glob
            .trim_start_matches('!')
            .trim_start_matches("./")
            .trim_end_matches('/');
        if let Ok(glob) = GlobBuilder::new(glob).literal_separator(true).build() {
            set.add(glob);
        }
    }
    set.build().unwrap_or_default()
}
