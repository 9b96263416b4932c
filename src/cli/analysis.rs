//! The one place where the rooms between a project and its findings are joined.

use super::Failure;
use crate::finding::Finding;
use crate::model::Name;
use crate::project::Project;
use crate::report::{Gap, RouteReport, RuleInfo, builtin_rules};
use crate::source::{FileId, Span};
use rustc_hash::FxHashMap;

/// What changes the analysis itself.
#[expect(dead_code, reason = "read once the rooms are joined")]
#[derive(Debug, Clone, Default)]
pub(super) struct Options {
    /// Treat every file as production code.
    pub(super) production: bool,
    /// Run only these rules; all if there are none.
    pub(super) rules: Vec<Name>,
}

/// What the analysis of a project yields.
#[derive(Debug, Default)]
pub(super) struct Analysis {
    /// Findings of every profile and confidence, in any order.
    pub(super) findings: Vec<Finding>,
    /// Every endpoint.
    pub(super) routes: Vec<RouteReport>,
    /// What could not be expressed; files that could not be read are the project's.
    pub(super) gaps: Vec<Gap>,
    /// Comments of the files that were lowered, sorted.
    pub(super) comments: FxHashMap<FileId, Vec<Span>>,
}

/// The rule book, in a fixed order.
pub(super) fn rules() -> Result<Vec<RuleInfo>, Failure> {
    Ok(builtin_rules())
}

/// Analyses a project.
pub(super) fn analyse(_project: &Project, _options: &Options) -> Result<Analysis, Failure> {
    Ok(Analysis::default())
}
