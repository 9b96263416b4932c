//! Reports: findings, routes and rules as text, JSON and SARIF.
//!
//! What belongs here: rendering into memory, and what makes it safe (control characters, secrets, lengths). What may
//! not enter: decisions about what is a finding or is shown, the disk, the environment, and the program's model.

mod builtin;
mod closing;
mod explain;
mod json;
mod place;
mod routes;
mod rules;
mod safe;
mod sarif;
mod snippet;
mod text;
mod wording;

pub use builtin::builtin_rules;
pub use closing::summary;
pub use explain::explain;
pub use json::json;
pub use routes::{
    Authentication, Authorization, Line, Posture, RateLimit, RouteReport, Validation, routes_json,
    routes_table,
};
pub use rules::{rules_json, rules_table};
pub use safe::safe_lines;
pub use sarif::sarif;
pub use text::text;

#[cfg(test)]
mod tests;

use crate::finding::{Confidence, Finding, HeldBack, Profile, Secrets, Severity};
use crate::model::{GapKind, Name};
use crate::source::SourceMap;

/// Everything that a report of findings is made from.
#[derive(Debug)]
pub struct Report<'a> {
    /// The files.
    pub sources: &'a SourceMap,
    /// The root, as the reader can reach it.
    pub root: &'a str,
    /// The analysed folder below the root; empty for all of it.
    pub scope: &'a str,
    /// The profile of the run.
    pub profile: Profile,
    /// What is shown, in order.
    pub findings: &'a [Finding],
    /// What is not shown.
    pub held_back: HeldBack,
    /// What no output may show.
    pub secrets: &'a Secrets,
    /// Every rule that ran, in a fixed order.
    pub rules: &'a [RuleInfo],
    /// What could not be analysed.
    pub gaps: &'a [Gap],
    /// What was looked at.
    pub counts: Counts,
    /// Where the code is kept.
    pub origin: Option<&'a Origin>,
}

/// How much was looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files read.
    pub files: usize,
    /// Endpoints found.
    pub endpoints: usize,
    /// Endpoints of which something could not be followed.
    pub endpoints_unknown: usize,
}

/// Something that the analysis could not express, or a file that it could not read.
#[derive(Debug, Clone)]
pub struct Gap {
    /// What kind.
    pub kind: GapKind,
    /// Root-relative path.
    pub file: Name,
    /// 1-based line; 1 for the whole file.
    pub line: u32,
    /// In words.
    pub message: String,
}

/// The version control system's view of the root.
#[derive(Debug, Clone)]
pub struct Origin {
    /// Absolute URI of the repository, without credentials.
    pub repository: String,
    /// The commit.
    pub revision: Option<String>,
    /// The branch.
    pub branch: Option<String>,
}

/// What reports say about a rule.
#[derive(Debug, Clone, Default)]
pub struct RuleInfo {
    /// Its id.
    pub id: Name,
    /// What it finds, in a few words.
    pub title: Name,
    /// What it finds, in a sentence or two.
    pub description: String,
    /// The folder it stands in.
    pub family: Name,
    /// Worst severity of its cases.
    pub severity: Option<Severity>,
    /// Highest confidence of its cases.
    pub confidence: Option<Confidence>,
    /// Least profile of its cases.
    pub profile: Option<Profile>,
    /// Languages that it speaks of.
    pub languages: Vec<Name>,
    /// CWE numbers.
    pub cwe: Vec<u32>,
    /// OWASP entries: `API2:2023`.
    pub owasp: Vec<Name>,
    /// A number above 0.0 and up to 10.0, as text.
    pub security_severity: Option<Name>,
    /// What to do about a finding.
    pub help: String,
    /// The documentation, without definition and marks.
    pub markdown: String,
    /// Absolute address of the documentation.
    pub uri: String,
    /// Text output folds the findings of one file into one entry.
    pub fold: bool,
}

/// How text is to look.
#[derive(Debug, Clone, Copy, Default)]
pub struct Style {
    /// With ANSI colours.
    pub color: bool,
    /// Columns of the terminal, if it is one.
    pub width: Option<usize>,
    /// With gaps and with how to suppress.
    pub verbose: bool,
}
