//! The only room that reads the disk: finds the root, walks it, and loads sources, manifests and settings.
//!
//! What belongs here: everything that turns a folder into plain data. What may not enter: what code means. Input that
//! cannot be used is a gap with a path; only wrong paths and wrong settings end the run.
#![allow(clippy::disallowed_methods, reason = "the disk is read here")]

mod cargo;
mod error;
mod jsonc;
mod package;
pub mod paths;
mod read;
mod settings;
mod tsconfig;
mod walk;

pub use cargo::{Crate, CrateDependency};
pub use error::Error;
pub use package::{Dependency, DependencyKind, Package};
pub use settings::{FILE as SETTINGS_FILE, RuleSetting, Settings, Suppress};
pub use tsconfig::{PathMapping, TsConfig};

use crate::model::{GapKind, Language};
use crate::source::{FileId, Problem, SourceFile, SourceMap};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use walk::{Found, Role};

/// What to load.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Files and folders to check; none stands for the current folder.
    pub paths: Vec<PathBuf>,
    /// The folder that relative paths start from.
    pub current_dir: PathBuf,
}

/// A loaded project: the whole root, of which some files are selected.
#[derive(Debug, Default)]
pub struct Project {
    /// The git top level, or the common parent folder of the paths.
    pub root: PathBuf,
    /// Source files, sorted by path.
    pub sources: SourceMap,
    /// Which source files are under the paths that were asked for, by [`FileId`].
    pub selected: Vec<bool>,
    /// JavaScript packages, sorted by folder.
    pub packages: Vec<Package>,
    /// Rust packages, sorted by folder.
    pub crates: Vec<Crate>,
    /// TypeScript configurations, sorted by folder.
    pub tsconfigs: Vec<TsConfig>,
    /// Schema files: Prisma and SQL.
    pub other_files: Vec<SourceFile>,
    /// Paths of files that code may import although they are no code, sorted.
    pub assets: Vec<String>,
    /// The settings.
    pub settings: Settings,
    /// What could not be read.
    pub gaps: Vec<FileGap>,
    selection: Vec<String>,
    package_of: Vec<Option<usize>>,
    crate_of: Vec<Option<usize>>,
}

/// A file that could not be used, or not as a whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileGap {
    /// Path relative to the root; for a name that is not UTF-8 an approximation.
    pub path: String,
    /// 1-based line, where one is known.
    pub line: Option<u32>,
    /// What kind of gap.
    pub kind: GapKind,
    /// In words.
    pub message: String,
}

impl FileGap {
    fn new(path: String, kind: GapKind, message: &str) -> Self {
        let message = message.to_owned();
        Self {
            path,
            line: None,
            kind,
            message,
        }
    }

    fn settings(path: &str, line: usize, message: &str) -> Self {
        Self {
            line: u32::try_from(line).ok().filter(|line| *line > 0),
            ..Self::new(path.to_owned(), GapKind::Settings, message)
        }
    }
}

/// Loads the project that holds the paths.
///
/// # Errors
/// If a path does not exist, the paths hold nothing to read, or the settings are wrong.
pub fn load(options: &Options) -> Result<Project, Error> {
    let given = match options.paths.as_slice() {
        [] => std::slice::from_ref(&options.current_dir),
        paths => paths,
    };
    let selected: Vec<PathBuf> = given
        .iter()
        .map(|path| {
            let absolute = options.current_dir.join(path);
            let path = path.clone();
            absolute
                .canonicalize()
                .map_err(|source| Error::Path { path, source })
        })
        .collect::<Result<_, _>>()?;
    let root = walk::root_of(&selected);
    let settings = load_settings(&root)?;
    let walk = walk::walk(&root, &selected, settings.exclude());
    let mut project = Project {
        selection: selected
            .iter()
            .map(|path| walk::relative(&root, path))
            .collect(),
        root,
        settings,
        gaps: walk.gaps,
        ..Project::default()
    };
    project.read_sources(&walk.files);
    project.read_manifests(&walk.files);
    project.gaps.sort();
    project.gaps.dedup();
    if project.is_empty() {
        return Err(Error::Empty(given.to_vec()));
    }
    Ok(project)
}

fn load_settings(root: &Path) -> Result<Settings, Error> {
    let file = root.join(SETTINGS_FILE);
    // A link is not followed, and what is not there is no mistake.
    if std::fs::symlink_metadata(&file).is_err() {
        return Ok(Settings::default());
    }
    let unreadable = |gap: FileGap| Problem::new(SETTINGS_FILE, "", 0..0, gap.message);
    let text = read::text(SETTINGS_FILE, &file).map_err(unreadable)?;
    let mut settings = Settings::parse(&text)?;
    settings.load_vocabulary(|path| {
        let absolute = root
            .join(path)
            .canonicalize()
            .map_err(|e| e.kind().to_string())?;
        if !absolute.starts_with(root) {
            return Err("a link that leaves the root".to_owned());
        }
        read::text(path, &absolute).map_err(|gap| gap.message)
    })?;
    Ok(settings)
}

impl Project {
    /// The nearest package whose folder holds the file.
    #[must_use]
    pub fn package_of(&self, file: FileId) -> Option<&Package> {
        let index = self.package_of.get(file.index()).copied().flatten()?;
        self.packages.get(index)
    }

    /// The nearest Rust package whose folder holds the file.
    #[must_use]
    pub fn crate_of(&self, file: FileId) -> Option<&Crate> {
        let index = self.crate_of.get(file.index()).copied().flatten()?;
        self.crates.get(index)
    }

    /// The language of a source file.
    #[must_use]
    pub fn language(&self, file: FileId) -> Language {
        language_of(&self.sources.get(file).path)
    }

    /// Whether a root-relative path is under the paths that were asked for.
    #[must_use]
    pub fn selects(&self, path: &str) -> bool {
        self.selection
            .iter()
            .any(|dir| paths::inside(path, dir).is_some())
    }

    /// The paths that were asked for, relative to the root; empty for the root itself.
    #[must_use]
    pub fn selection(&self) -> &[String] {
        &self.selection
    }

    /// Whether nothing that is selected is read; a file that could not be read counts as an attempt.
    fn is_empty(&self) -> bool {
        let sources = self.selected.iter().any(|selected| *selected);
        let others = || self.other_files.iter().any(|file| self.selects(&file.path));
        let gaps = || {
            let mut gaps = self.gaps.iter().filter(|gap| gap.kind != GapKind::Settings);
            gaps.any(|gap| self.selects(&gap.path))
        };
        !sources && !others() && !gaps()
    }

    fn read_sources(&mut self, found: &[Found]) {
        let read: Vec<_> = found
            .par_iter()
            .filter(|file| matches!(file.role, Role::Source | Role::Schema))
            .map(|file| {
                let read = match file.role {
                    Role::Source => read::source,
                    _ => read::text,
                };
                let text = read(&file.path, &file.absolute)?;
                Ok((file.role, SourceFile::new(file.path.as_str(), text)))
            })
            .collect();
        for result in read {
            match result {
                Ok((Role::Source, file)) => self.sources.files.push(file),
                Ok((_, file)) => self.other_files.push(file),
                Err(gap) => self.gaps.push(gap),
            }
        }
        let files = &self.sources.files;
        self.selected = files.iter().map(|file| self.selects(&file.path)).collect();
        self.assets = found
            .iter()
            .filter(|file| matches!(file.role, Role::Asset | Role::Package))
            .map(|file| file.path.clone())
            .collect();
    }

    fn read_manifests(&mut self, found: &[Found]) {
        let mut manifests = Vec::new();
        let mut members = Vec::new();
        for file in found {
            let dir = paths::parent(&file.path);
            let mut broken = |line, message: &str| {
                self.gaps.push(FileGap::settings(&file.path, line, message));
            };
            if !matches!(file.role, Role::Package | Role::Cargo | Role::Workspace) {
                continue;
            }
            let text = match read::text(&file.path, &file.absolute) {
                Ok(text) => text,
                Err(gap) => {
                    self.gaps.push(gap);
                    continue;
                }
            };
            match file.role {
                Role::Package => match Package::read(dir, &text) {
                    Ok(package) => self.packages.push(package),
                    Err(error) => broken(error.line(), &error.to_string()),
                },
                Role::Cargo => match cargo::Manifest::read(dir, &text) {
                    Ok(manifest) => manifests.push(manifest),
                    Err(error) => broken(line_of(&text, &error), error.message()),
                },
                _ if file.path.ends_with(".json") => {
                    let json = jsonc::parse(&text).unwrap_or_default();
                    members.push((dir, package::members(&json)));
                }
                _ => members.push((dir, package::pnpm_members(&text))),
            }
        }
        for (dir, globs) in members {
            if let Some(package) = self.packages.iter_mut().find(|p| p.dir == dir) {
                package.workspaces.extend(globs);
            }
        }
        self.packages.sort_by(|a, b| a.dir.cmp(&b.dir));
        let json: BTreeMap<&str, &PathBuf> = found
            .iter()
            .filter(|file| file.path.ends_with(".json"))
            .map(|file| (file.path.as_str(), &file.absolute))
            .collect();
        self.tsconfigs = tsconfig::load(&json, &self.packages, &mut self.gaps);
        let files: Vec<&str> = self.sources.files.iter().map(|file| &*file.path).collect();
        self.crates = cargo::crates(&manifests, &files);
        self.crates.sort_by(|a, b| a.dir.cmp(&b.dir));
        self.assign();
    }

    /// Finds the manifests that hold for each file.
    fn assign(&mut self) {
        let files: Vec<&str> = self.sources.files.iter().map(|file| &*file.path).collect();
        self.package_of = nearest(&files, self.packages.iter().map(|p| p.dir.as_str()));
        self.crate_of = nearest(&files, self.crates.iter().map(|c| c.dir.as_str()));
    }
}

#[cfg(test)]
impl Project {
    /// A project without a disk: files with their text.
    pub(crate) fn of_files(files: &[(&str, &str)]) -> Self {
        let mut project = Self::default();
        project.sources.files = files
            .iter()
            .map(|(path, text)| SourceFile::new(*path, *text))
            .collect();
        project.selected = vec![true; files.len()];
        project.selection = vec![String::new()];
        project.assign();
        project
    }

    pub(crate) fn set_packages(&mut self, packages: Vec<Package>) {
        self.packages = packages;
        self.assign();
    }

    pub(crate) fn set_crates(&mut self, crates: Vec<Crate>) {
        self.crates = crates;
        self.assign();
    }
}

/// For each file the index of the folder that holds it most closely.
fn nearest<'d>(files: &[&str], dirs: impl Iterator<Item = &'d str>) -> Vec<Option<usize>> {
    let index: BTreeMap<&str, usize> = dirs.enumerate().map(|(at, dir)| (dir, at)).collect();
    let find =
        |file: &&str| paths::ancestors(paths::parent(file)).find_map(|dir| index.get(dir).copied());
    files.iter().map(find).collect()
}

fn line_of(text: &str, error: &toml::de::Error) -> usize {
    let start = error.span().map_or(0, |span| span.start);
    text.get(..start)
        .map_or(1, |before| before.matches('\n').count() + 1)
}

fn language_of(path: &str) -> Language {
    match paths::extension(path) {
        "rs" => Language::Rust,
        _ => Language::TypeScript,
    }
}

#[cfg(test)]
mod tests;
