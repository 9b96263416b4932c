//! Finds the files of a project.
//!
//! What belongs here: the root, the walk, and which files are of interest. What may not enter: what they hold.
//! A checkout can be hostile: links are never followed, and names are only ever text.

use super::{FileGap, paths};
use crate::model::GapKind;
use globset::GlobSet;
use ignore::{DirEntry, WalkBuilder};
use std::fs;
use std::path::{Path, PathBuf};

/// Hidden folders that are walked all the same: agent files live there.
const SHOWN: [&str; 1] = [".claude"];

/// What a file is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Source code.
    Source,
    /// `package.json`.
    Package,
    /// `Cargo.toml`.
    Cargo,
    /// A list of workspace members outside `package.json`.
    Workspace,
    /// `*.prisma`, `*.sql`.
    Schema,
    /// A file that code imports although it is no code: its text matters only where a configuration names it.
    Asset,
}

/// A file that was found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) path: String,
    pub(super) absolute: PathBuf,
    pub(super) role: Role,
}

/// What a walk brings back, sorted by path.
#[derive(Debug, Default)]
pub(super) struct Walk {
    pub(super) files: Vec<Found>,
    pub(super) gaps: Vec<FileGap>,
}

/// The git top level that holds all paths, else their common parent folder. The paths are absolute and without links.
pub(super) fn root_of(paths: &[PathBuf]) -> PathBuf {
    let mut folders = paths.iter().map(|path| {
        if path.is_dir() {
            path.as_path()
        } else {
            path.parent().unwrap_or(path)
        }
    });
    let first = folders.next().unwrap_or(Path::new("/"));
    let common = folders.fold(first, |common, folder| {
        common
            .ancestors()
            .find(|dir| folder.starts_with(dir))
            .unwrap_or(Path::new("/"))
    });
    common
        .ancestors()
        .find(|dir| dir.join(".git").exists())
        .unwrap_or(common)
        .to_path_buf()
}

/// Walks the root. A selected path that the walk does not reach, because it is ignored, is walked on its own: who
/// names a file wants it read.
pub(super) fn walk(root: &Path, selected: &[PathBuf], exclude: &GlobSet) -> Walk {
    let mut walk = Walk::default();
    walk.add(root, root, exclude);
    for path in selected {
        let name = relative(root, path);
        let reached = |found: &Found| paths::inside(&found.path, &name).is_some();
        if !walk.files.iter().any(reached) {
            walk.add(root, path, exclude);
        }
    }
    walk.files.sort_by(|a, b| a.path.cmp(&b.path));
    walk.files.dedup_by(|a, b| a.path == b.path);
    walk.gaps.sort();
    walk.gaps.dedup();
    walk
}

impl Walk {
    fn add(&mut self, root: &Path, from: &Path, exclude: &GlobSet) {
        let base = root.to_path_buf();
        let excluded = exclude.clone();
        let entries = WalkBuilder::new(from)
            .hidden(false)
            .follow_links(false)
            .parents(false)
            .require_git(false)
            .ignore(false)
            .git_global(false)
            .git_exclude(false)
            .filter_entry(move |entry| {
                entry.depth() == 0
                    || (is_walked(entry) && !excluded.is_match(relative(&base, entry.path())))
            })
            .build();
        for entry in entries {
            match entry {
                Ok(entry) => self.visit(root, &entry),
                Err(error) => self.gaps.push(unreadable(root, &error)),
            }
        }
    }

    fn visit(&mut self, root: &Path, entry: &DirEntry) {
        let Some(kind) = entry.file_type().filter(|kind| !kind.is_dir()) else {
            return;
        };
        let path = relative(root, entry.path());
        if kind.is_symlink() {
            self.gaps.extend(link_gap(root, entry.path(), path));
            return;
        }
        let Some(role) = role_of(&path) else { return };
        if !kind.is_file() {
            if role == Role::Source {
                self.gaps
                    .push(FileGap::new(path, GapKind::Link, "no regular file"));
            }
        } else if entry.path().to_str().is_none() {
            let message = "the name is not UTF-8";
            self.gaps
                .push(FileGap::new(path, GapKind::Unreadable, message));
        } else {
            let absolute = entry.path().to_path_buf();
            self.files.push(Found {
                path,
                absolute,
                role,
            });
        }
    }
}

/// Whether the walk takes an entry; what git ignores has been left out before.
fn is_walked(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    if name.starts_with('.') {
        return SHOWN.contains(&name.as_ref());
    }
    let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
    // Cargo marks its output; a folder of the project that is called `target` has no such mark.
    let is_output = || name == "target" && entry.path().join("CACHEDIR.TAG").exists();
    !(is_dir && (name == "node_modules" || is_output()))
}

/// Links are not followed: one that stays inside the root is met again under its own name, any other is a gap.
fn link_gap(root: &Path, link: &Path, path: String) -> Option<FileGap> {
    let message = match fs::canonicalize(link) {
        Ok(target) if target.starts_with(root) => return None,
        Ok(target) if !target.is_dir() && role_of(&path).is_none() => return None,
        Ok(_) => "a link that leaves the root",
        Err(_) if role_of(&path).is_none() && !paths::extension(&path).is_empty() => return None,
        Err(_) => "a link that leads nowhere",
    };
    Some(FileGap::new(path, GapKind::Link, message))
}

fn unreadable(root: &Path, error: &ignore::Error) -> FileGap {
    fn path_of(error: &ignore::Error) -> Option<&Path> {
        match error {
            ignore::Error::WithPath { path, .. } => Some(path),
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
                path_of(err)
            }
            _ => None,
        }
    }
    let path = path_of(error).map_or(String::new(), |path| relative(root, path));
    let message = match error.io_error() {
        Some(io) => io.kind().to_string(),
        None => "cannot be walked".to_owned(),
    };
    FileGap::new(path, GapKind::Unreadable, &message)
}

/// The path below the root as text, with `/`; bytes that are no UTF-8 become replacement characters.
pub(super) fn relative(root: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = inside
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}

fn role_of(path: &str) -> Option<Role> {
    let role = match paths::name(path) {
        "package.json" => Role::Package,
        "Cargo.toml" => Role::Cargo,
        "pnpm-workspace.yaml" | "lerna.json" => Role::Workspace,
        _ => match paths::extension(path) {
            "ts" | "tsx" | "mts" | "cts" | "js" | "jsx" | "mjs" | "cjs" | "rs" => Role::Source,
            "prisma" | "sql" => Role::Schema,
            "json" | "jsonc" | "node" | "vue" | "svelte" | "astro" => Role::Asset,
            _ => return None,
        },
    };
    Some(role)
}
