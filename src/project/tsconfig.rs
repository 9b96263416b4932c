//! `tsconfig.json` and `jsconfig.json`: how a specifier that is no path names a file.
//!
//! What belongs here: `baseUrl` and `paths` as they hold after `extends` and references. What may not enter: the
//! resolution itself, and every other option.

use super::package::Package;
use super::{FileGap, jsonc, paths, read};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What stands for the folder of the configuration that is in force, also in one that it extends.
const CONFIG_DIR: &str = "${configDir}";

/// A configuration, with what it takes from those that it extends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TsConfig {
    /// The folder that it governs.
    pub dir: String,
    /// The folder from which bare specifiers are looked up, relative to the root.
    pub base_url: Option<String>,
    /// Patterns with at most one `*`, and what they stand for.
    pub paths: Vec<PathMapping>,
}

/// An entry of `paths`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathMapping {
    /// The specifier, with at most one `*`.
    pub pattern: String,
    /// Root-relative paths with at most one `*`, in order of preference.
    pub targets: Vec<String>,
}

/// Reads the configurations of all folders. `files` are the JSON files of the project with their place on disk.
pub(super) fn load(
    files: &BTreeMap<&str, &PathBuf>,
    packages: &[Package],
    gaps: &mut Vec<FileGap>,
) -> Vec<TsConfig> {
    let mut loader = Loader {
        files,
        packages,
        gaps,
        known: BTreeMap::new(),
    };
    let mut configs: BTreeMap<&str, TsConfig> = BTreeMap::new();
    for path in files.keys() {
        // Where a folder has both, tsconfig.json comes later and wins.
        if matches!(paths::name(path), "tsconfig.json" | "jsconfig.json") {
            configs.insert(paths::parent(path), loader.governing(path));
        }
    }
    configs.into_values().collect()
}

struct Loader<'l> {
    files: &'l BTreeMap<&'l str, &'l PathBuf>,
    packages: &'l [Package],
    gaps: &'l mut Vec<FileGap>,
    known: BTreeMap<String, Options>,
}

/// What one file says together with those that it extends; targets may still start with [`CONFIG_DIR`].
#[derive(Clone, Default)]
struct Options {
    base_url: Option<String>,
    paths: Vec<PathMapping>,
    references: Vec<String>,
}

impl Loader<'_> {
    fn governing(&mut self, path: &str) -> TsConfig {
        let dir = paths::parent(path);
        let mut options = self.options(path);
        // A "solution" only points at the configurations that hold for parts of the folder.
        if options.base_url.is_none() && options.paths.is_empty() {
            for reference in std::mem::take(&mut options.references) {
                let part = self.options(&reference);
                options.base_url = options.base_url.or(part.base_url);
                options.paths.extend(part.paths);
            }
        }
        let anchored = |target: String| match target.strip_prefix(CONFIG_DIR) {
            Some(rest) => paths::join(dir, rest),
            None => Some(target),
        };
        TsConfig {
            dir: dir.to_owned(),
            base_url: options.base_url.and_then(anchored),
            paths: options
                .paths
                .into_iter()
                .map(|mapping| PathMapping {
                    targets: mapping.targets.into_iter().filter_map(anchored).collect(),
                    pattern: mapping.pattern,
                })
                .collect(),
        }
    }

    fn options(&mut self, path: &str) -> Options {
        if let Some(known) = self.known.get(path) {
            return known.clone();
        }
        // Stands for itself while it is being read, so that a circle of `extends` ends.
        self.known.insert(path.to_owned(), Options::default());
        let options = self.read(path);
        self.known.insert(path.to_owned(), options.clone());
        options
    }

    fn read(&mut self, path: &str) -> Options {
        let Some(absolute) = self.files.get(path) else {
            return Options::default();
        };
        let text = match read::text(path, absolute) {
            Ok(text) => text,
            Err(gap) => {
                self.gaps.push(gap);
                return Options::default();
            }
        };
        match jsonc::parse(&text) {
            Ok(json) => self.interpret(path, &text, &json),
            Err(error) => {
                self.gaps
                    .push(FileGap::settings(path, error.line(), &error.to_string()));
                Options::default()
            }
        }
    }

    fn interpret(&mut self, path: &str, text: &str, json: &Value) -> Options {
        let dir = paths::parent(path);
        let mut options = Options::default();
        for specifier in strings(json.get("extends")) {
            match self.extended(dir, specifier) {
                Some(base) => {
                    let base = self.options(&base);
                    options.base_url = base.base_url.or(options.base_url);
                    if !base.paths.is_empty() {
                        options.paths = base.paths;
                    }
                }
                // A package that is not installed is nothing to complain of.
                None if specifier.starts_with('.') => {
                    let line = text.lines().position(|line| line.contains(specifier));
                    let message = format!("extends {specifier:?}, which is not there");
                    self.gaps
                        .push(FileGap::settings(path, line.map_or(1, |l| l + 1), &message));
                }
                None => {}
            }
        }
        let compiler = json.get("compilerOptions");
        let base_url = compiler.and_then(|c| c.get("baseUrl")?.as_str());
        if let Some(base) = base_url.and_then(|base| anchor(dir, base)) {
            options.base_url = Some(base);
        }
        if let Some(map) = compiler.and_then(|c| c.get("paths")?.as_object()) {
            let base = options.base_url.clone().unwrap_or_else(|| dir.to_owned());
            options.paths = map
                .iter()
                .map(|(pattern, targets)| PathMapping {
                    pattern: pattern.clone(),
                    targets: strings(Some(targets))
                        .filter_map(|t| anchor(&base, t))
                        .collect(),
                })
                .collect();
        }
        options.references = json
            .get("references")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|reference| self.file(&paths::join(dir, reference.get("path")?.as_str()?)?))
            .collect();
        options
    }

    fn extended(&self, dir: &str, specifier: &str) -> Option<String> {
        if specifier.starts_with('.') {
            return self.file(&paths::join(dir, specifier)?);
        }
        let mut candidates: Vec<_> = self
            .packages
            .iter()
            .filter_map(|package| Some((package, package.name.as_ref()?)))
            .filter_map(|(package, name)| Some((package, paths::inside(specifier, name)?)))
            .collect();
        candidates.sort_by_key(|(package, _)| package.dir.len());
        candidates
            .into_iter()
            .find_map(|(package, rest)| self.file(&paths::join(&package.dir, rest)?))
    }

    /// The file that a path without its last part or extension means.
    fn file(&self, path: &str) -> Option<String> {
        let in_folder = paths::join(path, "tsconfig.json")?;
        [path.to_owned(), format!("{path}.json"), in_folder]
            .into_iter()
            .find(|candidate| self.files.contains_key(candidate.as_str()))
    }
}

fn anchor(dir: &str, target: &str) -> Option<String> {
    if target.starts_with(CONFIG_DIR) || dir.starts_with(CONFIG_DIR) {
        return Some(if target.starts_with(CONFIG_DIR) {
            target.to_owned()
        } else {
            format!("{dir}/{target}")
        });
    }
    paths::join(dir, target)
}

/// A string, or the strings of a list.
fn strings(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let list = value.and_then(Value::as_array);
    value
        .and_then(Value::as_str)
        .into_iter()
        .chain(list.into_iter().flatten().filter_map(Value::as_str))
}
