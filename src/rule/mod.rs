//! What a rule is, and how rule files are read.
//!
//! What belongs here: the definition of a rule, the grammar of its questions, its documentation and examples. What may
//! not enter: how a question is answered, and what a framework means; rules speak of kinds only.

mod case;
mod check;
mod condition;
mod definition;
mod example;
pub mod level;
mod load;
mod markdown;
mod template;
#[cfg(test)]
mod tests;

pub use case::{
    CallMatcher, Case, EndpointMatcher, FlowMatcher, Fold, LiteralKind, LiteralMatcher, Matcher,
};
pub use condition::{Condition, Context, Entry, Filter, Habit, Limit, PackageFact, ResultUse};
pub use example::{Example, MARK};
pub use template::Template;

use crate::embedded;
use crate::model::{Language, Name};
use crate::source::Problems;
use level::{Profile, Severity};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::OnceLock;

/// A rule: one Markdown file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its id, which is the file's stem.
    pub id: Name,
    /// The folder that it stands in: `auth`, `data`, ...
    pub family: Name,
    /// Path of its file: `rules/auth/missing-auth.md`.
    pub path: Name,
    /// What is wrong, in a few words.
    pub title: Name,
    /// The languages that it reads.
    pub languages: Vec<Language>,
    /// Numbers of the weaknesses in the CWE list.
    pub cwe: Vec<u32>,
    /// Entries of OWASP lists: `API2:2023`.
    pub owasp: Vec<Name>,
    /// Severity from 0.0 to 10.0, which code scanning sorts security findings by.
    pub security_severity: Option<Name>,
    /// The version that brought it.
    pub since: Name,
    /// Text output folds its findings in one file into one entry.
    pub fold: bool,
    /// What to do, in one line.
    pub help: Name,
    /// Its questions, in order.
    pub cases: Vec<Case>,
    /// How agent files ask for it, by language: words in order.
    pub directives: BTreeMap<Name, Vec<Name>>,
    /// The documentation, without the definition and the marks of the examples.
    pub markdown: String,
    /// The examples of the documentation, with their marks.
    pub examples: Vec<Example>,
}

/// All rules, sorted by id.
#[derive(Debug, Clone, Default)]
pub struct RuleBook {
    rules: Vec<Rule>,
}

impl RuleBook {
    /// The rules that backlint brings along; read once.
    ///
    /// # Errors
    /// If an embedded file is broken, which the tests rule out.
    pub fn builtin() -> Result<&'static Self, &'static Problems> {
        static BUILTIN: OnceLock<Result<RuleBook, Problems>> = OnceLock::new();
        BUILTIN
            .get_or_init(|| Self::load(embedded::RULE_FILES))
            .as_ref()
    }

    /// Reads rule files (path, text).
    ///
    /// # Errors
    /// If a file is broken; every problem is named.
    pub fn load(files: &[(&str, &str)]) -> Result<Self, Problems> {
        load::load(files).map(|rules| Self { rules })
    }

    /// All rules, sorted by id.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule of this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Rule> {
        let index = self.rules.binary_search_by(|rule| rule.id.as_str().cmp(id));
        index.ok().and_then(|index| self.rules.get(index))
    }
}

impl Rule {
    /// The worst severity of its cases.
    #[must_use]
    pub fn severity(&self) -> Severity {
        let severities = self.cases.iter().map(|case| case.severity);
        severities.max().unwrap_or(Severity::Note)
    }

    /// The least profile in which it speaks.
    #[must_use]
    pub fn profile(&self) -> Profile {
        let profiles = self.cases.iter().map(|case| case.profile);
        profiles.min().unwrap_or(Profile::Audit)
    }

    /// The first paragraph of the documentation, on one line.
    #[must_use]
    pub fn summary(&self) -> String {
        let mut paragraphs = self.markdown.split("\n\n").map(str::trim);
        let first = paragraphs.find(|text| !text.is_empty() && !text.starts_with(['#', '`', '-']));
        first
            .unwrap_or(&self.title)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The documentation for a terminal: the facts in one line, then the text.
    #[must_use]
    pub fn documentation(&self) -> String {
        let mut facts = format!("`{}` · {} · {}", self.id, self.severity(), self.profile());
        for number in &self.cwe {
            // Writing to a string cannot fail.
            let _ = write!(facts, " · CWE-{number}");
        }
        for entry in &self.owasp {
            let _ = write!(facts, " · OWASP {entry}");
        }
        let _ = write!(facts, " · since {}", self.since);
        match self.markdown.split_once('\n') {
            Some((title, text)) => format!("{title}\n\n{facts}\n{text}"),
            None => facts,
        }
    }
}
