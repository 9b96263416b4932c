//! What a vocabulary must satisfy beyond its format: no row contradicts another, and every name that is cited exists.

use super::Vocabulary;
use super::table::{Row, Table};
use crate::model::Name;
use crate::source::Problem;
use std::ops::Range;

/// Collects problems while files are read.
#[derive(Default)]
pub(super) struct Checks<'a> {
    path: &'a str,
    text: &'a str,
    cited: Vec<(Citation, Place<'a>)>,
    pub(super) problems: Vec<Problem>,
}

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

    /// Looks at a row before it is put into its table.
    pub(super) fn row<R: Row>(&mut self, table: &Table<R>, row: &R, span: Range<usize>) {
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
        if let Some((path, framework)) = table.twin(row) {
            let message = format!(
                "a second [[{}]] row says the same of `{path}` (the first is in `{framework}`); remove one, or tell them \
                 apart with `when`",
                R::TABLE
            );
            self.problem(span, message);
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
