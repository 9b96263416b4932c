//! The last lines of a run: what was found, what was looked at and what was held back.

use super::Report;
use crate::finding::{HeldBack, Severity};

/// The closing lines without colours.
#[must_use]
pub fn summary(report: &Report<'_>) -> String {
    format!("{}\n{}", found(report), closing(report))
}

/// How many findings there are of each severity, or that there are none.
pub(super) fn found(report: &Report<'_>) -> String {
    let count = |severity| {
        report
            .findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    };
    let parts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .map(|severity| (count(severity), severity.name()))
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| plural(count, name))
        .collect();
    if parts.is_empty() {
        "No findings.".to_owned()
    } else {
        parts.join(", ")
    }
}

/// What was looked at and what was held back: `312 files, 148 endpoints (4 unknown), 41 gaps; 2 ignored`.
pub(super) fn closing(report: &Report<'_>) -> String {
    let counts = report.counts;
    let mut line = format!(
        "{}, {}",
        plural(counts.files, "file"),
        plural(counts.endpoints, "endpoint")
    );
    if counts.endpoints_unknown > 0 {
        line.push_str(&format!(" ({} unknown)", counts.endpoints_unknown));
    }
    line.push_str(&format!(", {}", plural(report.gaps.len(), "gap")));
    let held = held_back(report.held_back);
    if !held.is_empty() {
        line.push_str("; ");
        line.push_str(&held.join(", "));
    }
    line
}

fn held_back(counts: HeldBack) -> Vec<String> {
    [
        (counts.confidence, "below confidence"),
        (counts.severity, "below severity"),
        (counts.suppressed, "ignored"),
        (counts.baseline, "in the baseline"),
        (counts.diff, "outside the change"),
        (counts.relaxed, "relaxed"),
        (counts.strict, "in profile strict"),
        (counts.audit, "in profile audit"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect()
}

pub(super) fn plural(count: usize, word: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {word}{s}")
}
