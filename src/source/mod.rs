//! Bytes, file ids, spans and line tables.
//!
//! What belongs here: the text of a file, positions in it and the conversion between byte offsets and the
//! lines and columns that people and formats use. What may not enter: anything that knows a language, the
//! disk, or what a position is used for.

mod lines;
mod problem;

pub use lines::{LineTable, Position};
pub use problem::{Problem, Problems};
use std::sync::Arc;

/// Index of a file in the run's [`SourceMap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

impl FileId {
    /// The id as an index.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A half-open range of byte offsets in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from byte offsets; offsets past 4 GiB cannot occur (files are capped far below).
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            start: clamp(start),
            end: clamp(end.max(start)),
        }
    }

    /// Whether `other` lies inside this span.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The text that the span covers; empty where the span is not a valid range of `text`.
    #[must_use]
    pub fn text(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize)
            .unwrap_or("")
    }
}

/// A place in the analysed code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Location {
    /// The file.
    pub file: FileId,
    /// The bytes in it.
    pub span: Span,
}

/// One file of the run.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path relative to the run's root, with `/` on every platform.
    pub path: Arc<str>,
    /// The text, exactly as it is on disk (a byte order mark included).
    pub text: Arc<str>,
    /// Where its lines start.
    pub lines: LineTable,
}

impl SourceFile {
    /// A file from its root-relative path and its text.
    #[must_use]
    pub fn new(path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let lines = LineTable::new(&text);
        Self {
            path: path.into(),
            text,
            lines,
        }
    }
}

/// Every file of the run, by [`FileId`].
#[derive(Debug, Default)]
pub struct SourceMap {
    /// Files in the order of their paths.
    pub files: Vec<SourceFile>,
}

impl SourceMap {
    /// The file with this id.
    ///
    /// # Panics
    /// If the id belongs to another map.
    #[must_use]
    pub fn get(&self, id: FileId) -> &SourceFile {
        &self.files[id.index()]
    }

    /// 1-based line and UTF-16 column of the start of a location.
    #[must_use]
    pub fn position(&self, at: Location) -> Position {
        let file = self.get(at.file);
        file.lines.position(&file.text, at.span.start)
    }
}
