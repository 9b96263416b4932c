//! The walked files by what a specifier may write for them.

use crate::model::Language;
use crate::project::{Project, paths};
use crate::source::FileId;
use rustc_hash::{FxHashMap, FxHashSet};

/// Extensions in the order in which they are tried; declarations come last, because code says more.
const EXTENSIONS: [&str; 11] = [
    "ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs", "d.ts", "d.mts", "d.cts",
];
/// How many of them are TypeScript code.
const TYPESCRIPT: usize = 4;

/// Source files by path, by path without extension, and `index` files by folder.
#[derive(Debug, Default)]
pub(super) struct Files<'p> {
    exact: FxHashMap<&'p str, FileId>,
    stems: FxHashMap<&'p str, (usize, FileId)>,
    indexes: FxHashMap<&'p str, (usize, FileId)>,
    assets: FxHashSet<&'p str>,
}

impl<'p> Files<'p> {
    pub(super) fn new(project: &'p Project) -> Self {
        let mut files = Self::default();
        for (index, file) in project.sources.files.iter().enumerate() {
            let id = FileId(u32::try_from(index).unwrap_or(u32::MAX));
            if project.language(id) == Language::TypeScript {
                files.add(&file.path, id);
            }
        }
        files.assets = project.assets.iter().map(String::as_str).collect();
        files
    }

    fn add(&mut self, path: &'p str, id: FileId) {
        self.exact.insert(path, id);
        for (rank, extension) in EXTENSIONS.iter().enumerate() {
            let stem = path
                .strip_suffix(extension)
                .and_then(|stem| stem.strip_suffix('.'));
            let Some(stem) = stem else { continue };
            keep_best(&mut self.stems, stem, (rank, id));
            if paths::name(stem) == "index" {
                keep_best(&mut self.indexes, paths::parent(stem), (rank, id));
            }
        }
    }

    /// The file of this path, written with its own extension, without one, or with that of its compiled form.
    pub(super) fn file(&self, path: &str) -> Option<FileId> {
        let compiled = ["js", "jsx", "mjs", "cjs"].iter();
        let stem = compiled
            .filter_map(|extension| path.strip_suffix(extension)?.strip_suffix('.'))
            .find_map(|stem| self.stems.get(stem));
        if let Some((_, id)) = stem.filter(|(rank, _)| *rank < TYPESCRIPT) {
            return Some(*id);
        }
        let exact = self.exact.get(path).copied();
        exact.or_else(|| stem.or_else(|| self.stems.get(path)).map(|(_, id)| *id))
    }

    /// The `index` file of a folder.
    pub(super) fn index(&self, dir: &str) -> Option<FileId> {
        self.indexes.get(dir).map(|(_, id)| *id)
    }

    /// Whether the path, as it is or as data without its extension, is a file that is no code.
    pub(super) fn is_asset(&self, path: &str) -> bool {
        self.assets.contains(path)
            || self.assets.contains(format!("{path}.json").as_str())
            || self.assets.contains(format!("{path}.node").as_str())
    }
}

fn keep_best<'p>(
    map: &mut FxHashMap<&'p str, (usize, FileId)>,
    key: &'p str,
    entry: (usize, FileId),
) {
    let best = map.entry(key).or_insert(entry);
    *best = entry.min(*best);
}
