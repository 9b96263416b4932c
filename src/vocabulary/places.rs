//! `[[place]]`: what says of a file what it is for.

use super::path::Pattern;
use super::split_words;
use super::table::Row;
use crate::model::{Language, Name, Place};
use serde::{Deserialize, Deserializer, de};

/// `[[place]]`: names of files and folders, and imports, that say what a file is for. One that fits is enough.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceRow {
    /// What the file is for.
    #[serde(deserialize_with = "place")]
    pub place: Place,
    /// The languages it holds for; empty: all.
    #[serde(default)]
    pub languages: Vec<Language>,
    /// Folders, wherever they stand inside the package.
    #[serde(default)]
    pub folders: Vec<Name>,
    /// Folders beside which `folders` say nothing, as below them names are parts of URLs.
    #[serde(default)]
    pub unless_folders: Vec<Name>,
    /// Folders at the top of the package.
    #[serde(default)]
    pub top_folders: Vec<Name>,
    /// Folders around the package; a package with an endpoint is a program of its own wherever it lies.
    #[serde(default)]
    pub around: Vec<Name>,
    /// Last part but one of the file's name: the `test` of `x.test.ts`. A `*` at an end stands for any text.
    #[serde(default)]
    pub infixes: Vec<Name>,
    /// The file's name without its ending, in lower case. A `*` stands for any text.
    #[serde(default)]
    pub stems: Vec<Name>,
    /// First word of the file's name.
    #[serde(default)]
    pub first_words: Vec<Name>,
    /// What such a file imports, or reads of what it imports.
    #[serde(default)]
    pub imports: Vec<Pattern>,
    /// Its elements are given functions as event handlers.
    #[serde(default)]
    pub handles_events: bool,
    /// Exports of files for which `imports` and `handles_events` say nothing.
    #[serde(default)]
    pub unless_exports: Vec<Name>,
}

fn place<'de, D: Deserializer<'de>>(from: D) -> Result<Place, D::Error> {
    let name = Name::deserialize(from)?;
    Place::from_name(&name).ok_or_else(|| de::Error::custom(format!("unknown place `{name}`")))
}

impl Row for PlaceRow {
    const TABLE: &'static str = "place";

    fn patterns(&self) -> &[Pattern] {
        &self.imports
    }

    fn role(&self) -> String {
        self.place.name().to_owned()
    }
}

impl PlaceRow {
    /// Whether a file's path inside its package says so.
    #[must_use]
    pub fn fits(&self, folder: &str, stem: &str) -> bool {
        let among = |names: &[Name], folder: &str| names.iter().any(|name| name == folder);
        let mut folders = folder.split('/');
        let in_url = || {
            folder
                .split('/')
                .any(|part| among(&self.unless_folders, part))
        };
        let top = folders.next().unwrap_or("");
        let infix = stem.rsplit_once('.').map_or("", |(_, infix)| infix);
        among(&self.top_folders, top)
            || (folder.split('/').any(|part| among(&self.folders, part)) && !in_url())
            || (!infix.is_empty() && self.infixes.iter().any(|known| is_like(known, infix)))
            || self.is_called(stem)
    }

    fn is_called(&self, stem: &str) -> bool {
        let lower = stem.to_lowercase();
        if self.stems.iter().any(|known| is_like(known, &lower)) {
            return true;
        }
        !self.first_words.is_empty()
            && split_words(stem)
                .first()
                .is_some_and(|first| self.first_words.contains(first))
    }

    /// Whether the row speaks of this language.
    #[must_use]
    pub fn speaks_of(&self, language: Language) -> bool {
        self.languages.is_empty() || self.languages.contains(&language)
    }
}

/// Whether a text is like a pattern, in which `*` stands for any text.
fn is_like(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut left) = text.strip_prefix(start) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or("");
    for part in parts {
        match left.find(part) {
            Some(at) => left = left.get(at + part.len()..).unwrap_or(""),
            None => return false,
        }
    }
    left.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, text) in [
            ("test", "test"),
            ("*test", "servertest"),
            ("*_test", "x_test"),
            ("*test*setup*", "vitest.setup"),
            ("bench*", "bench"),
        ] {
            assert!(is_like(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("test", "tests"), ("*_test", "contest"), ("a*a", "a")] {
            assert!(!is_like(pattern, text), "{pattern} {text}");
        }
    }
}
