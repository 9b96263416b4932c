//! Findings as JSON; the shape is a contract (`version`).

use super::place::bounds;
use super::safe::{Redactor, json_text};
use super::{Gap, Report};
use crate::finding::{Confidence, Finding, HeldBack, Profile, Severity};
use crate::source::{Location, SourceMap};
use serde::Serialize;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: Tool,
    root: &'a str,
    profile: Profile,
    summary: Summary,
    findings: Vec<Entry<'a>>,
    gaps: Vec<GapEntry<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Summary {
    files: usize,
    endpoints: usize,
    endpoints_unknown: usize,
    gaps: usize,
    findings: usize,
    held_back: HeldBack,
}

#[derive(Serialize)]
struct Entry<'a> {
    rule: &'a str,
    title: &'a str,
    severity: Severity,
    confidence: Confidence,
    profile: Profile,
    message: String,
    help: String,
    file: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    endpoint: Option<Endpoint>,
    related: Vec<Step<'a>>,
    flow: Vec<Step<'a>>,
    directive: Option<()>,
    fingerprint: &'a str,
    fix: Option<()>,
}

#[derive(Serialize)]
struct Endpoint {
    method: String,
    path: String,
}

#[derive(Serialize)]
struct Step<'a> {
    file: &'a str,
    line: u32,
    column: u32,
    message: String,
}

#[derive(Serialize)]
struct GapEntry<'a> {
    kind: &'static str,
    file: &'a str,
    line: u32,
    message: String,
}

/// The whole report.
#[must_use]
pub fn json(report: &Report<'_>) -> String {
    let redactor = Redactor::new(report.secrets);
    json_text(&Document {
        version: 1,
        tool: Tool {
            name: "backlint",
            version: env!("CARGO_PKG_VERSION"),
        },
        root: report.root,
        profile: report.profile,
        summary: Summary {
            files: report.counts.files,
            endpoints: report.counts.endpoints,
            endpoints_unknown: report.counts.endpoints_unknown,
            gaps: report.gaps.len(),
            findings: report.findings.len(),
            held_back: report.held_back,
        },
        findings: report
            .findings
            .iter()
            .map(|finding| entry(finding, report.sources, &redactor))
            .collect(),
        gaps: report
            .gaps
            .iter()
            .map(|gap| gap_entry(gap, &redactor))
            .collect(),
    })
}

fn entry<'a>(finding: &'a Finding, sources: &'a SourceMap, redactor: &Redactor<'_>) -> Entry<'a> {
    let (start, end) = bounds(sources, finding.primary);
    let steps = |list: &[(Location, crate::model::Name)]| {
        list.iter()
            .map(|(at, message)| step(*at, message, sources, redactor))
            .collect()
    };
    Entry {
        rule: &finding.rule,
        title: &finding.title,
        severity: finding.severity,
        confidence: finding.confidence,
        profile: finding.profile,
        message: redactor.message(&finding.message),
        help: redactor.message(&finding.help),
        file: &sources.get(finding.primary.file).path,
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        endpoint: finding.endpoint.as_ref().map(|(method, path)| Endpoint {
            method: redactor.message(method),
            path: redactor.message(path),
        }),
        related: steps(&finding.related),
        flow: steps(&finding.flow),
        directive: None,
        fingerprint: &finding.fingerprint,
        fix: None,
    }
}

fn step<'a>(
    at: Location,
    message: &str,
    sources: &'a SourceMap,
    redactor: &Redactor<'_>,
) -> Step<'a> {
    let position = sources.position(at);
    Step {
        file: &sources.get(at.file).path,
        line: position.line,
        column: position.column,
        message: redactor.message(message),
    }
}

fn gap_entry<'a>(gap: &'a Gap, redactor: &Redactor<'_>) -> GapEntry<'a> {
    GapEntry {
        kind: gap.kind.name(),
        file: &gap.file,
        line: gap.line,
        message: redactor.message(&gap.message),
    }
}
