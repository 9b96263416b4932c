//! The examples in a rule's documentation.

use super::markdown::{self, Block};
use crate::model::{Language, Name};
use crate::source::LineTable;

/// What a mark in an example begins with.
pub const MARK: &str = "//~";

/// The section whose examples have marks.
pub(super) const FLAGGED: &str = "Flagged";

/// The section whose examples must stay silent.
pub(super) const ACCEPTED: &str = "Accepted";

/// A file in a rule's documentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// It stands under "Flagged", and has marks; else it must stay silent.
    pub flagged: bool,
    /// The file's path.
    pub path: Name,
    /// Its language.
    pub language: Language,
    /// Its text, marks included.
    pub text: String,
    /// 1-based line of its first line in the rule's file.
    pub line: u32,
}

/// Reads an example, and refuses one whose marks do not fit its section.
pub(super) fn read(
    block: &Block<'_>,
    flagged: bool,
    id: &Name,
    lines: &LineTable,
) -> Result<Example, String> {
    let (word, path) = block.info.split_once(' ').unwrap_or((block.info, ""));
    let language = markdown::language(word).ok_or_else(|| {
        format!("`{word}` is no language of an example; expected ts, tsx, js, jsx or rust")
    })?;
    let path = path.trim();
    if path.is_empty() || path.starts_with('/') || path.split('/').any(|part| part == "..") {
        return Err("an example has a path below the root: ```ts app/route.ts".to_owned());
    }
    let marks: Vec<Name> = markdown::marks(block.text).collect();
    if let Some(other) = marks.iter().find(|mark| *mark != id) {
        return Err(format!(
            "a mark names `{other}`; the marks of this file name `{id}`"
        ));
    }
    if marks.is_empty() == flagged {
        let wants = if flagged {
            "at least one mark"
        } else {
            "no mark"
        };
        return Err(format!(
            "an example in this section has {wants} `{MARK} {id}`"
        ));
    }
    if block.text.contains(&format!("{MARK}?")) {
        return Err("an example of a rule has no known miss".to_owned());
    }
    let fence = u32::try_from(block.range.start).unwrap_or(u32::MAX);
    Ok(Example {
        flagged,
        path: path.into(),
        language,
        text: block.text.to_owned(),
        line: lines.line(fence).saturating_add(1),
    })
}
