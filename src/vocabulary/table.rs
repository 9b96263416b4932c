//! A table of rows that is looked up by path.

use super::check::Citation;
use super::path::{Alternative, Pattern, Segment, ends};
use super::position::When;
use crate::model::Name;
use rustc_hash::FxHashMap;

/// A row that a path or a name finds.
pub trait Row {
    /// The table's name in a file.
    const TABLE: &'static str;

    /// The patterns that find it.
    fn patterns(&self) -> &[Pattern];

    /// The name that [`Table::by_name`] finds it by.
    fn name(&self) -> Option<&Name> {
        None
    }

    /// Conditions on the call.
    fn when(&self) -> When {
        When::default()
    }

    /// What it says of its paths; two rows must not say the same of one path under the same conditions.
    fn role(&self) -> String {
        String::new()
    }

    /// The names that other rows must define.
    fn cites(&self) -> Vec<Citation> {
        Vec::new()
    }

    /// Whether its keys fit together.
    ///
    /// # Errors
    /// If they do not, in words.
    fn check(&self) -> Result<(), String> {
        Ok(())
    }
}

/// Rows of one kind, of all vocabulary files.
///
/// Rows are indexed by the root and the last segment of their paths, so that a look-up is two hash probes and very few
/// comparisons; most look-ups find nothing.
#[derive(Debug, Clone)]
pub struct Table<R> {
    rows: Vec<(R, Name)>,
    entries: Vec<Entry>,
    by_root: FxHashMap<Name, Bucket>,
    any_root: Bucket,
    by_name: FxHashMap<Name, Vec<usize>>,
}

/// A path of a row without braces.
#[derive(Debug, Clone)]
struct Entry {
    row: usize,
    path: Alternative,
    /// Written for a type that this one extends; the row's own paths come first.
    inherited: bool,
}

/// Entries of one root.
#[derive(Debug, Clone, Default)]
struct Bucket {
    by_last: FxHashMap<Name, Vec<usize>>,
    any_last: Vec<usize>,
}

/// A row that was found.
#[derive(Debug)]
pub struct Match<'a, R> {
    /// The row.
    pub row: &'a R,
    /// What the `*` of its path matched, in order.
    pub captures: Vec<Name>,
    /// Id of the framework whose file holds it.
    pub framework: &'a Name,
}

impl<R> Default for Table<R> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            entries: Vec::new(),
            by_root: FxHashMap::default(),
            any_root: Bucket::default(),
            by_name: FxHashMap::default(),
        }
    }
}

impl<R> Table<R> {
    /// The rows that speak of `path`, in the order in which they are written; rows for the type itself come before
    /// those for a type that it extends.
    pub fn find(&self, path: &str) -> impl Iterator<Item = Match<'_, R>> {
        let mut found = Vec::new();
        if let Some((root, last)) = ends(path) {
            let bucket = self.by_root.get(root);
            for bucket in bucket.into_iter().chain([&self.any_root]) {
                let literal = bucket.by_last.get(last).map_or(&[][..], Vec::as_slice);
                for index in literal.iter().chain(&bucket.any_last) {
                    let Some(entry) = self.entries.get(*index) else {
                        continue;
                    };
                    if let Some(captures) = entry.path.matches(path) {
                        found.push((entry.inherited, entry.row, captures));
                    }
                }
            }
        }
        found.sort_by_key(|(inherited, row, _)| (*inherited, *row));
        found.dedup_by_key(|(_, row, _)| *row);
        found.into_iter().filter_map(|(_, row, captures)| {
            let (row, framework) = self.rows.get(row)?;
            Some(Match {
                row,
                captures,
                framework,
            })
        })
    }

    /// Whether any row speaks of `path`.
    #[must_use]
    pub fn contains(&self, path: &str) -> bool {
        self.find(path).next().is_some()
    }

    /// The rows of this name, with their frameworks.
    pub fn by_name(&self, name: &str) -> impl Iterator<Item = (&R, &Name)> {
        let rows = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        rows.iter()
            .filter_map(|row| self.rows.get(*row))
            .map(|(row, framework)| (row, framework))
    }

    /// All rows, in the order of their files.
    pub fn iter(&self) -> impl Iterator<Item = &R> {
        self.rows.iter().map(|(row, _)| row)
    }

    /// All rows with their frameworks.
    pub fn iter_with_framework(&self) -> impl Iterator<Item = (&R, &Name)> {
        self.rows.iter().map(|(row, framework)| (row, framework))
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl<R: Row> Table<R> {
    /// Adds a row.
    pub(super) fn push(&mut self, row: R, framework: Name) {
        let index = self.rows.len();
        for pattern in row.patterns() {
            for path in pattern.alternatives() {
                self.index(index, path.clone(), false);
            }
        }
        if let Some(name) = row.name() {
            self.by_name.entry(name.clone()).or_default().push(index);
        }
        self.rows.push((row, framework));
    }

    /// Lets the rows for members of a type, and if `whole` for the type itself, be found for one that extends it, too.
    pub(super) fn inherit(&mut self, parent: &str, child: &str, whole: bool) {
        let mut inherited = Vec::new();
        for entry in self.entries.iter().filter(|entry| !entry.inherited) {
            let tail = entry.path.text().strip_prefix(parent);
            let Some(tail) =
                tail.filter(|tail| tail.starts_with('.') || (whole && tail.is_empty()))
            else {
                continue;
            };
            if let Ok(path) = Alternative::parse(&format!("{child}{tail}")) {
                inherited.push((entry.row, path));
            }
        }
        for (row, path) in inherited {
            self.index(row, path, true);
        }
    }

    fn index(&mut self, row: usize, path: Alternative, inherited: bool) {
        let index = self.entries.len();
        let bucket = match path.root() {
            Segment::Literal(root) => self.by_root.entry(root.clone()).or_default(),
            Segment::Wild { .. } => &mut self.any_root,
        };
        match path.last() {
            Segment::Literal(last) => bucket.by_last.entry(last.clone()).or_default().push(index),
            Segment::Wild { .. } => bucket.any_last.push(index),
        }
        self.entries.push(Entry {
            row,
            path,
            inherited,
        });
    }
}
