//! The fixtures on disk: cases of rules, small applications, and clean ones.

use super::folder::Folder;
use super::mark::{Found, Mark, findings, marks};
use super::recipe::expand_marks;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What a case shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// One rule, in all its profiles.
    Rule(String),
    /// What a user meets: every rule, in profile default.
    App,
    /// Code that is good: every rule, in default and strict.
    Clean,
}

/// A file or a small project.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// Path from the repository.
    pub(crate) path: String,
    pub(crate) purpose: Purpose,
    /// Files by their path in the case, with recipes expanded.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// A single file, which is taken for production code whatever it is called.
    single: bool,
}

/// What a run over a case brought.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) case: Case,
    pub(crate) found: Vec<Found>,
    /// Marks by file, or what is wrong with one.
    pub(crate) marks: BTreeMap<String, Result<Vec<Mark>, String>>,
    /// Why the run is none.
    pub(crate) failure: Option<String>,
}

/// The folder of the repository.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All cases, sorted by path.
pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for folder in sorted(&repository().join("fixtures")) {
        let name = name(&folder);
        match name.as_str() {
            "apps" | "clean" => {
                let purpose = if name == "apps" {
                    Purpose::App
                } else {
                    Purpose::Clean
                };
                let apps = sorted(&folder).into_iter();
                cases.extend(apps.map(|app| Case::read(&app, purpose.clone())));
            }
            _ => add(&folder, &Purpose::Rule(name), &mut cases),
        }
    }
    cases
}

/// Adds what a folder of a rule holds: projects and single files.
fn add(folder: &Path, purpose: &Purpose, cases: &mut Vec<Case>) {
    for path in sorted(folder) {
        let is_project = ["package.json", "Cargo.toml"]
            .iter()
            .any(|manifest| path.join(manifest).exists());
        if path.is_dir() && !is_project {
            add(&path, purpose, cases);
        } else {
            cases.push(Case::read(&path, purpose.clone()));
        }
    }
}

impl Case {
    fn read(path: &Path, purpose: Purpose) -> Self {
        let single = path.is_file();
        let mut files = BTreeMap::new();
        if single {
            files.insert(format!("src/{}", name(path)), expanded(path));
        } else {
            collect(path, path, &mut files);
        }
        let path = path.strip_prefix(repository()).unwrap_or(path);
        Self {
            path: slashes(path),
            purpose,
            files,
            single,
        }
    }

    /// A case of one file that does not stand among the fixtures.
    pub(crate) fn example(path: &str, rule: &str, file: &str, text: &str) -> Self {
        let text = expand_marks(text).into_bytes();
        Self {
            path: path.to_owned(),
            purpose: Purpose::Rule(rule.to_owned()),
            files: BTreeMap::from([(file.to_owned(), text)]),
            single: true,
        }
    }

    /// A folder with the files of the case.
    pub(crate) fn folder(&self) -> Folder {
        let folder = Folder::empty();
        for (file, bytes) in &self.files {
            folder.write(file, bytes);
        }
        folder
    }

    /// A file of the case as it is called in the repository.
    pub(crate) fn name_of(&self, file: &str) -> String {
        if self.single {
            self.path.clone()
        } else {
            format!("{}/{file}", self.path)
        }
    }

    /// Runs every rule in every profile.
    pub(crate) fn run(self) -> Outcome {
        let folder = self.folder();
        let mut arguments = vec!["--format", "json", "--profile", "audit"];
        if self.single {
            arguments.extend(["--place", "production"]);
        }
        let run = folder.run(&arguments);
        let done = matches!(run.code, Some(0 | 1));
        let text = |bytes: &[u8]| marks(&String::from_utf8_lossy(bytes));
        Outcome {
            found: findings(&run.json()),
            marks: self
                .files
                .iter()
                .map(|(file, bytes)| (file.clone(), text(bytes)))
                .collect(),
            failure: (!done).then(|| format!("{:?} {}", run.code, run.words)),
            case: self,
        }
    }
}

/// Runs cases on all processors; the outcomes are in the order of the cases.
pub(crate) fn run_all(cases: Vec<Case>) -> Vec<Outcome> {
    use rayon::prelude::*;
    cases.into_par_iter().map(Case::run).collect()
}

fn collect(top: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for path in sorted(folder) {
        if path.is_dir() {
            collect(top, &path, files);
        } else {
            let name = slashes(path.strip_prefix(top).unwrap_or(&path));
            files.insert(name, expanded(&path));
        }
    }
}

fn expanded(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).expect("a fixture");
    match String::from_utf8(bytes) {
        Ok(text) => expand_marks(&text).into_bytes(),
        Err(error) => error.into_bytes(),
    }
}

/// What a folder holds, sorted.
pub(crate) fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

pub(crate) fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

pub(crate) fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
