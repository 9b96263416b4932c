//! What a vocabulary must satisfy beyond its format: no row contradicts another, and every name that is cited exists.

use super::Vocabulary;
use super::position::When;
use super::table::Row;
use crate::model::Name;
use crate::source::Problem;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Collects problems while files are read.
#[derive(Default)]
pub(super) struct Checks<'a> {
    path: &'a str,
    text: &'a str,
    seen: FxHashMap<Key, Vec<(When, &'a str)>>,
    cited: Vec<(Citation, Place<'a>)>,
    pub(super) problems: Vec<Problem>,
}

/// Table, path without braces, and what a row says there.
type Key = (&'static str, Name, String);

/// A name that another row must define.
#[derive(Debug, Clone)]
pub enum Citation {
    /// Of a `[[type]]`.
    Type(Name),
    /// Of a `[[signature]]`.
    Signature(Name),
}

struct Place<'a> {
    path: &'a str,
    text: &'a str,
    span: Range<usize>,
}

impl<'a> Checks<'a> {
    /// The rows that follow stand in this file.
    pub(super) fn enter(&mut self, path: &'a str, text: &'a str) {
        self.path = path;
        self.text = text;
    }

    /// Looks at a row.
    pub(super) fn row<R: Row>(&mut self, row: &R, span: Range<usize>) {
        if let Err(message) = row.check() {
            self.problem(span.clone(), message);
        }
        for citation in row.cites() {
            let place = Place {
                path: self.path,
                text: self.text,
                span: span.clone(),
            };
            self.cited.push((citation, place));
        }
        let when = row.when();
        for path in row.patterns().iter().flat_map(|pattern| pattern.expanded()) {
            let key = (R::TABLE, path.clone(), row.role());
            let others = self.seen.entry(key).or_default();
            let twin = others.iter().find(|(other, _)| *other == when);
            let message = twin.map(|(_, file)| {
                format!(
                    "a second [[{}]] row says the same of `{path}` (the first stands in {file}); remove one, or tell them \
                     apart with `when`",
                    R::TABLE
                )
            });
            others.push((when.clone(), self.path));
            if let Some(message) = message {
                self.problem(span.clone(), message);
                return;
            }
        }
    }

    /// Every problem, once all files are read.
    pub(super) fn finish(mut self, vocabulary: &Vocabulary) -> Vec<Problem> {
        for (citation, place) in &self.cited {
            let (what, name, known) = match citation {
                Citation::Type(name) => (
                    "type",
                    name,
                    vocabulary.types.by_name(name).next().is_some(),
                ),
                Citation::Signature(name) => (
                    "signature",
                    name,
                    vocabulary.signatures.by_name(name).next().is_some(),
                ),
            };
            // After a broken file, every name that it defines would be reported, too.
            if !known && self.problems.is_empty() {
                let message = format!("no [[{what}]] row has the name `{name}`");
                let Place { path, text, span } = place;
                return vec![Problem::new(path, text, span.clone(), message)];
            }
        }
        std::mem::take(&mut self.problems)
    }

    fn problem(&mut self, span: Range<usize>, message: String) {
        self.problems
            .push(Problem::new(self.path, self.text, span, message));
    }
}
