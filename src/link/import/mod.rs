//! Which file, or which package, an import names.
//!
//! What belongs here: resolving TypeScript and JavaScript specifiers over the files that were walked, without the
//! disk and without installed packages. What may not enter: what the import is used for.
//!
//! The order is that of the compilers: relative paths; built-in modules; `paths` and `baseUrl` of the nearest
//! configuration; `#imports`; packages of the workspace; packages from elsewhere. A checkout in CI is
//! neither installed nor built, so entries that point into a build folder are mapped back to the sources.

mod alias;
mod entry;
mod files;
mod specifier;

use crate::model::Name;
use crate::project::{Package, Project, paths};
use crate::source::FileId;
use alias::Aliases;
use files::Files;
use rustc_hash::{FxHashMap, FxHashSet};
use specifier::is_builtin;

/// What a specifier names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// A source file of the project.
    File(FileId),
    /// A package from elsewhere; built-in modules of Node.js are packages called `node:fs`.
    External {
        /// Its name.
        package: Name,
        /// What follows the name in the specifier, without the slash between; often empty.
        subpath: Name,
    },
    /// A file that is no code: a style sheet, an image, data.
    Asset,
    /// A file of the project that is not there, as a rule because a tool has yet to write it.
    Missing,
}

/// Resolves the specifiers of a project's TypeScript and JavaScript files.
#[derive(Debug)]
pub struct Resolver<'p> {
    project: &'p Project,
    files: Files<'p>,
    packages: Packages<'p>,
    aliases: Vec<Aliases<'p>>,
    /// For each folder the configurations that govern it, the nearest first.
    configs: FxHashMap<&'p str, Vec<usize>>,
}

#[derive(Debug, Default)]
struct Packages<'p> {
    by_dir: FxHashMap<&'p str, &'p Package>,
    by_name: FxHashMap<&'p str, Vec<&'p Package>>,
    /// Folders of packages that a workspace lists.
    members: FxHashSet<&'p str>,
}

/// The importing file's surroundings.
struct From<'r, 'p> {
    dir: &'p str,
    package: Option<&'p Package>,
    configs: &'r [usize],
}

impl<'p> Resolver<'p> {
    /// Prepares the look-ups.
    #[must_use]
    pub fn new(project: &'p Project) -> Self {
        let by_dir: FxHashMap<&str, usize> = project
            .tsconfigs
            .iter()
            .enumerate()
            .map(|(index, config)| (config.dir.as_str(), index))
            .collect();
        let mut configs = FxHashMap::default();
        for file in &project.sources.files {
            let dir = paths::parent(&file.path);
            configs.entry(dir).or_insert_with(|| {
                let above = paths::ancestors(dir);
                above.filter_map(|dir| by_dir.get(dir).copied()).collect()
            });
        }
        Self {
            project,
            files: Files::new(project),
            packages: Packages::new(&project.packages),
            aliases: project.tsconfigs.iter().map(Aliases::new).collect(),
            configs,
        }
    }

    /// What the specifier names in this file.
    #[must_use]
    pub fn resolve(&self, from: FileId, specifier: &str) -> Resolution {
        let dir = paths::parent(&self.project.sources.get(from).path);
        let from = From {
            dir,
            package: self.project.package_of(from),
            configs: self.configs.get(dir).map_or(&[], Vec::as_slice),
        };
        let specifier = specifier::without_loader(specifier);
        if specifier.starts_with("./")
            || specifier.starts_with("../")
            || matches!(specifier, "." | "..")
        {
            return match paths::join(from.dir, specifier) {
                Some(path) => self.at(&path).unwrap_or(Resolution::Missing),
                None => Resolution::Missing,
            };
        }
        if let Some(absolute) = specifier.strip_prefix('/') {
            return self.absolute(&from, absolute);
        }
        if is_builtin(specifier) || specifier.contains(':') {
            return specifier::external(specifier);
        }
        self.bare(&from, specifier)
    }

    /// Vite's `/src/main.ts`: from the folder that is served, which is the package's.
    fn absolute(&self, from: &From, path: &str) -> Resolution {
        let dir = from.package.map_or("", |package| &package.dir);
        [dir, ""]
            .iter()
            .find_map(|dir| self.at(&paths::join(dir, path)?))
            .unwrap_or(Resolution::Missing)
    }

    fn bare(&self, from: &From, specifier: &str) -> Resolution {
        let mut claimed = false;
        let configs = from
            .configs
            .iter()
            .filter_map(|index| self.aliases.get(*index));
        for (distance, aliases) in configs.enumerate() {
            if let Some(alias) = aliases.find(specifier) {
                if let Some(found) = alias.targets().find_map(|target| self.at(&target)) {
                    return found;
                }
                claimed |= alias.claims();
            }
            let base = aliases.base_url.filter(|_| distance == 0);
            let path = base.and_then(|base| paths::join(base, specifier));
            if let Some(found) = path.and_then(|path| self.code_at(&path)) {
                return Resolution::File(found);
            }
        }
        if specifier.starts_with('#') {
            let imports = from
                .package
                .and_then(|package| self.package_import(package, specifier));
            return imports.unwrap_or(Resolution::Missing);
        }
        let (name, subpath) = specifier::split(specifier);
        if let Some(package) = self.packages.local(from, name) {
            return self.package_entry(package, subpath);
        }
        if let Some(rest) = ["@/", "~/"]
            .iter()
            .find_map(|alias| specifier.strip_prefix(alias))
        {
            return self.conventional_alias(from, rest);
        }
        if claimed && self.packages.dependency(from, name).next().is_none() {
            return match specifier::is_asset(specifier) {
                true => Resolution::Asset,
                false => Resolution::Missing,
            };
        }
        specifier::external(specifier)
    }

    /// What `@/x` stands for in projects that configure it where we do not look (a bundler's own file).
    fn conventional_alias(&self, from: &From, rest: &str) -> Resolution {
        let dir = from.package.map_or("", |package| &package.dir);
        ["src", "", "app"]
            .iter()
            .find_map(|folder| self.at(&paths::join(&paths::join(dir, folder)?, rest)?))
            .unwrap_or(Resolution::Missing)
    }

    /// The source file or asset that a root-relative path without extension may mean.
    fn at(&self, path: &str) -> Option<Resolution> {
        if let Some(file) = self.code_at(path) {
            return Some(Resolution::File(file));
        }
        let is_asset = specifier::is_asset(path) || self.files.is_asset(path);
        is_asset.then_some(Resolution::Asset)
    }

    fn code_at(&self, path: &str) -> Option<FileId> {
        if let Some(file) = self.files.file(path) {
            return Some(file);
        }
        let package = self.packages.by_dir.get(path).filter(|_| !path.is_empty());
        package
            .and_then(|package| self.main_file(package))
            .or_else(|| self.files.index(path))
    }
}

impl<'p> Packages<'p> {
    fn new(packages: &'p [Package]) -> Self {
        let mut all = Self::default();
        for package in packages {
            all.by_dir.insert(&package.dir, package);
            if let Some(name) = &package.name {
                all.by_name.entry(name).or_default().push(package);
            }
        }
        all.members = entry::members(packages).into_iter().collect();
        all
    }

    /// The versions in which the importer's package, and those around it, depend on a package of this name.
    fn dependency<'a>(
        &'a self,
        from: &From<'_, 'a>,
        name: &'a str,
    ) -> impl Iterator<Item = &'a str> {
        let own = from.package.map_or("", |package| package.dir.as_str());
        paths::ancestors(own)
            .filter_map(move |dir| self.by_dir.get(dir)?.dependencies.get(name))
            .map(|dependency| dependency.version.as_str())
    }

    /// The package of the workspace that a name means to this importer. That a package of this name lies about
    /// somewhere in the repository is not enough: examples are often called like what they show.
    fn local(&self, from: &From, name: &str) -> Option<&'p Package> {
        let candidates = self.by_name.get(name)?;
        let own = from.package.map_or("", |package| package.dir.as_str());
        let linked = self.dependency(from, name).any(is_local_version);
        candidates
            .iter()
            .filter(|p| p.dir == own || self.members.contains(p.dir.as_str()) || linked)
            .max_by_key(|package| {
                (
                    shared_folders(own, &package.dir),
                    std::cmp::Reverse(&package.dir),
                )
            })
            .copied()
    }
}

fn is_local_version(version: &str) -> bool {
    let schemes = ["workspace:", "file:", "link:", "portal:"];
    version == "*" || schemes.iter().any(|scheme| version.starts_with(scheme))
}

fn shared_folders(a: &str, b: &str) -> usize {
    a.split('/')
        .zip(b.split('/'))
        .take_while(|(a, b)| a == b)
        .count()
}

#[cfg(test)]
mod tests;
