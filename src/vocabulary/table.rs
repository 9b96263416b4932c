//! A table of rows that is looked up by path.

use super::check::Citation;
use super::path::{Pattern, captures, ends};
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
/// Most paths of rows hold no `*`, and most look-ups find nothing: they cost one hash probe for the path itself and one or two
/// for the patterns of its root and last segment.
#[derive(Debug, Clone)]
pub struct Table<R> {
    rows: Vec<(R, Name)>,
    /// By the text of the path or pattern.
    written: FxHashMap<Name, Vec<Entry>>,
    by_root: FxHashMap<Name, Bucket>,
    any_root: Bucket,
    by_name: FxHashMap<Name, Vec<usize>>,
}

/// That a path finds a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    /// Found through a type that the path's own type extends; a type's own rows come first.
    inherited: bool,
    row: usize,
}

/// Patterns of one root, by their last segment.
#[derive(Debug, Clone, Default)]
struct Bucket {
    by_last: FxHashMap<Name, Vec<(Name, Entry)>>,
    any_last: Vec<(Name, Entry)>,
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
            written: FxHashMap::default(),
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
        let mut found: Vec<(Entry, Vec<Name>)> = Vec::new();
        // A computed member may be called `*`; that is no pattern.
        let written = self.written.get(path).filter(|_| !path.contains('*'));
        for entry in written.into_iter().flatten() {
            found.push((*entry, Vec::new()));
        }
        if let Some((root, last)) = ends(path) {
            for bucket in self.by_root.get(root).into_iter().chain([&self.any_root]) {
                let patterns = bucket.by_last.get(last).map_or(&[][..], Vec::as_slice);
                for (pattern, entry) in patterns.iter().chain(&bucket.any_last) {
                    if let Some(captures) = captures(pattern, path) {
                        found.push((*entry, captures));
                    }
                }
            }
        }
        found.sort_by_key(|(entry, _)| *entry);
        found.dedup_by_key(|(entry, _)| entry.row);
        found.into_iter().filter_map(|(entry, captures)| {
            let (row, framework) = self.rows.get(entry.row)?;
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
        let entry = Entry {
            inherited: false,
            row: index,
        };
        for path in row.patterns().iter().flat_map(Pattern::expanded) {
            self.index(path.clone(), entry);
        }
        if let Some(name) = row.name() {
            self.by_name.entry(name.clone()).or_default().push(index);
        }
        self.rows.push((row, framework));
    }

    /// A path of the row of which another row says the same, and the framework of that one.
    pub(super) fn twin(&self, row: &R) -> Option<(Name, Name)> {
        let same = |entry: &Entry| {
            let (other, framework) = self.rows.get(entry.row)?;
            let same = other.role() == row.role() && other.when() == row.when();
            same.then(|| framework.clone())
        };
        let mut paths = row.patterns().iter().flat_map(Pattern::expanded);
        paths.find_map(|path| {
            let framework = self.written.get(path)?.iter().find_map(same)?;
            Some((path.clone(), framework))
        })
    }

    /// Lets the rows for members of a type be found for members of the types that extend it, too; with `whole`, those for
    /// the type itself as well.
    pub(super) fn inherit(&mut self, children: &FxHashMap<Name, Vec<Name>>, whole: bool) {
        let mut inherited = Vec::new();
        let written = self
            .rows
            .iter()
            .enumerate()
            .flat_map(|(row, (content, _))| {
                let paths = content.patterns().iter().flat_map(Pattern::expanded);
                paths.map(move |path| (row, path))
            });
        for (row, path) in written {
            let dots = path.match_indices('.').map(|(dot, _)| dot);
            for end in dots.chain(whole.then_some(path.len())) {
                let (parent, member) = path.split_at(end);
                for child in children.get(parent).into_iter().flatten() {
                    inherited.push((Name::from(format!("{child}{member}")), row));
                }
            }
        }
        for (path, row) in inherited {
            let entry = Entry {
                inherited: true,
                row,
            };
            self.index(path, entry);
        }
    }

    fn index(&mut self, path: Name, entry: Entry) {
        self.written.entry(path.clone()).or_default().push(entry);
        let Some((root, last)) = ends(&path).filter(|_| path.contains('*')) else {
            return;
        };
        let bucket = if root.contains('*') {
            &mut self.any_root
        } else {
            self.by_root.entry(root.into()).or_default()
        };
        let patterns = if last.contains('*') {
            &mut bucket.any_last
        } else {
            bucket.by_last.entry(last.into()).or_default()
        };
        patterns.push((path, entry));
    }
}
