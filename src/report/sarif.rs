//! Findings as SARIF 2.1.0, as GitHub code scanning and editors read it. The only file that knows serde-sarif.

use super::place::{Region as Place, regions, uri};
use super::safe::{Redactor, clipped, json_text};
use super::wording::{category, pascal_case, sentence, tags};
use super::{Gap, Report, RuleInfo};
use crate::finding::{Confidence, Finding, LineHashes, Severity, line_hashes};
use crate::model::{GapKind, Name};
use crate::source::{FileId, Location as At};
use rustc_hash::FxHashMap;
use serde_json::{Value, json};
use serde_sarif::sarif::{
    ArtifactContent, ArtifactLocation, CodeFlow, Invocation, Location, Message,
    MultiformatMessageString, Notification, PhysicalLocation, PropertyBag, Region,
    ReportingConfiguration, ReportingDescriptor, ReportingDescriptorReference, Result, ResultLevel,
    Run, RunAutomationDetails, Sarif, ThreadFlow, ThreadFlowLocation, Tool, ToolComponent,
    VersionControlDetails,
};
use std::collections::BTreeMap;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const HOME: &str = "https://github.com/backlint/backlint";
/// What paths are relative to; it has no URI of its own, so that the file means the same on every machine.
const ROOT: &str = "%SRCROOT%";
/// Results that GitHub keeps of a run.
const MOST_RESULTS: usize = 5000;
/// Steps of a code flow.
const MOST_STEPS: usize = 100;
/// Related locations of a result.
const MOST_RELATED: usize = 20;
/// Notifications of a run.
const MOST_NOTIFICATIONS: usize = 1000;

/// The whole report.
#[must_use]
pub fn sarif(report: &Report<'_>) -> String {
    let kept = worst(report.findings);
    let left_out = report.findings.len() - kept.len();
    let mut emitter = Emitter {
        report,
        redactor: Redactor::new(report.secrets),
        indices: report
            .rules
            .iter()
            .enumerate()
            .map(|(index, rule)| (&rule.id, index))
            .collect(),
        hashes: None,
    };
    let results: Vec<Result> = kept
        .into_iter()
        .map(|finding| emitter.result(finding))
        .collect();
    let driver = ToolComponent::builder()
        .name("backlint")
        .version(env!("CARGO_PKG_VERSION"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .information_uri(HOME)
        .rules(report.rules.iter().map(rule).collect::<Vec<_>>());
    let mut driver = driver.build();
    let invocation = emitter.invocation(left_out);
    if invocation.tool_execution_notifications.is_some() {
        driver.notifications = Some(NOTICES.iter().map(notice).collect());
    }
    let base =
        ArtifactLocation::builder().description(message("The root of the checked repository."));
    let mut run = Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .invocations(vec![invocation])
        .column_kind(json!("utf16CodeUnits"))
        .original_uri_base_ids(BTreeMap::from([(ROOT.to_owned(), base.build())]))
        .automation_details(
            RunAutomationDetails::builder()
                .id(category(report.scope))
                .build(),
        )
        .results(results)
        .build();
    run.version_control_provenance = report.origin.map(|origin| {
        let mapped = ArtifactLocation::builder().uri_base_id(ROOT).build();
        let mut details = VersionControlDetails::builder()
            .repository_uri(origin.repository.as_str())
            .mapped_to(mapped)
            .build();
        details.revision_id.clone_from(&origin.revision);
        details.branch.clone_from(&origin.branch);
        vec![details]
    });
    let log = Sarif::builder()
        .schema(SCHEMA)
        .version(json!("2.1.0"))
        .runs(vec![run])
        .build();
    json_text(&log)
}

/// At most as many findings as GitHub keeps: the worst and surest, in their order.
fn worst(findings: &[Finding]) -> Vec<&Finding> {
    let mut kept: Vec<(usize, &Finding)> = findings.iter().enumerate().collect();
    if kept.len() > MOST_RESULTS {
        kept.sort_by_key(|(index, f)| (std::cmp::Reverse((f.severity, f.confidence)), *index));
        kept.truncate(MOST_RESULTS);
        kept.sort_by_key(|(index, _)| *index);
    }
    kept.into_iter().map(|(_, finding)| finding).collect()
}

fn rule(rule: &RuleInfo) -> ReportingDescriptor {
    let severity = rule.severity.unwrap_or(Severity::Warning);
    let mut properties = BTreeMap::new();
    properties.insert(
        "precision".to_owned(),
        json!(rule.confidence.unwrap_or(Confidence::Medium)),
    );
    match &rule.security_severity {
        Some(score) => properties.insert("security-severity".to_owned(), json!(score)),
        None => {
            let level = if severity == Severity::Note {
                "recommendation"
            } else {
                severity.name()
            };
            properties.insert("problem.severity".to_owned(), json!(level))
        }
    };
    let text = |text: &str| {
        MultiformatMessageString::builder()
            .text(clipped(&sentence(text), 1000))
            .build()
    };
    let markdown = if rule.markdown.is_empty() {
        &rule.help
    } else {
        &rule.markdown
    };
    let help = MultiformatMessageString::builder()
        .text(sentence(&rule.help))
        .markdown(markdown.as_str());
    let description = if rule.description.is_empty() {
        &*rule.title
    } else {
        &rule.description
    };
    ReportingDescriptor::builder()
        .id(rule.id.as_str())
        .name(pascal_case(&rule.id))
        .short_description(text(&rule.title))
        .full_description(text(description))
        .help(help.build())
        .help_uri(if rule.uri.is_empty() { HOME } else { &rule.uri })
        .default_configuration(
            ReportingConfiguration::builder()
                .level(json!(severity))
                .build(),
        )
        .properties(
            PropertyBag::builder()
                .tags(tags(rule))
                .additional_properties(properties)
                .build(),
        )
        .build()
}

/// What the run has to say about itself.
const NOTICES: [(&str, &str, &str); 2] = [
    (
        "file-skipped",
        "A file could not be analysed, or not in full.",
        "Findings in that file, and those that depend on it, may be missing.",
    ),
    (
        "results-left-out",
        "There are more results than code scanning keeps.",
        "The worst ones are kept. Check a part of the repository, or fix some of them first.",
    ),
];

fn notice((id, short, help): &(&str, &str, &str)) -> ReportingDescriptor {
    let text = |text: &str| MultiformatMessageString::builder().text(text).build();
    ReportingDescriptor::builder()
        .id(*id)
        .name(pascal_case(id))
        .short_description(text(short))
        .full_description(text(short))
        .help(text(help))
        .build()
}

fn message(text: impl Into<String>) -> Message {
    Message::builder().text(text).build()
}

fn region(place: &Place) -> Region {
    Region::builder()
        .start_line(place.start.line)
        .start_column(place.start.column)
        .end_line(place.end.line)
        .end_column(place.end.column)
        .snippet(ArtifactContent::builder().text(place.text.as_str()).build())
        .build()
}

fn artifact(path: &str) -> ArtifactLocation {
    ArtifactLocation::builder()
        .uri(uri(path))
        .uri_base_id(ROOT)
        .build()
}

struct Emitter<'a> {
    report: &'a Report<'a>,
    redactor: Redactor<'a>,
    indices: FxHashMap<&'a Name, usize>,
    /// Line hashes of the file at hand; findings come file by file.
    hashes: Option<(FileId, LineHashes)>,
}

impl Emitter<'_> {
    fn result(&mut self, finding: &Finding) -> Result {
        let level = match finding.severity {
            Severity::Error => ResultLevel::Error,
            Severity::Warning => ResultLevel::Warning,
            Severity::Note => ResultLevel::Note,
        };
        let related = finding
            .related
            .get(..MOST_RELATED.min(finding.related.len()))
            .unwrap_or(&[]);
        let mut result = Result::builder()
            .rule_id(finding.rule.as_str())
            .level(level)
            .message(message(self.words(finding, related)))
            .locations(vec![
                self.location(finding.primary, finding.label.as_deref()),
            ])
            .partial_fingerprints(self.fingerprints(finding))
            .properties(properties(finding, &self.redactor))
            .build();
        let index = self.indices.get(&finding.rule);
        result.rule_index = index.and_then(|index| i64::try_from(*index).ok());
        if !related.is_empty() {
            result.related_locations = Some(self.related(related));
        }
        if !finding.flow.is_empty() {
            result.code_flows = Some(vec![self.code_flow(&finding.flow)]);
        }
        result
    }

    /// The finding in one sentence, what to do, and links to the other places.
    fn words(&self, finding: &Finding, related: &[(At, Name)]) -> String {
        let mut text = sentence(&self.redactor.message(&finding.message));
        if !finding.help.is_empty() {
            text.push(' ');
            text.push_str(&sentence(&self.redactor.message(&finding.help)));
        }
        let links: Vec<String> = related
            .iter()
            .enumerate()
            .map(|(index, (_, words))| {
                let words = self.redactor.message(words).replace(['[', ']'], "");
                format!("[{words}]({})", index + 1)
            })
            .collect();
        if !links.is_empty() {
            text.push_str(&format!(" See {}.", links.join(", ")));
        }
        text
    }

    fn related(&self, related: &[(At, Name)]) -> Vec<Location> {
        (1..)
            .zip(related)
            .map(|(id, (at, words))| {
                let mut location = self.location(*at, Some(words));
                location.id = Some(id);
                location
            })
            .collect()
    }

    fn location(&self, at: At, words: Option<&str>) -> Location {
        let (inner, outer) = regions(self.report.sources, &self.redactor, at);
        let mut physical = PhysicalLocation::builder()
            .artifact_location(artifact(&self.report.sources.get(at.file).path))
            .region(region(&inner))
            .build();
        physical.context_region = outer.as_ref().map(region);
        let mut location = Location::builder().physical_location(physical).build();
        location.message = words.map(|words| message(sentence(&self.redactor.message(words))));
        location
    }

    fn code_flow(&self, flow: &[(At, Name)]) -> CodeFlow {
        let last = flow.len() - 1;
        let hidden = MOST_STEPS / 2..(flow.len() - flow.len().min(MOST_STEPS / 2));
        let steps = flow
            .iter()
            .enumerate()
            .filter(|(index, _)| last < MOST_STEPS || !hidden.contains(index));
        let steps: Vec<ThreadFlowLocation> = steps
            .map(|(index, (at, words))| {
                let importance = if index == 0 || index == last {
                    "essential"
                } else {
                    "important"
                };
                ThreadFlowLocation::builder()
                    .location(self.location(*at, Some(words)))
                    .nesting_level(0)
                    .importance(json!(importance))
                    .build()
            })
            .collect();
        CodeFlow::builder()
            .thread_flows(vec![ThreadFlow::builder().locations(steps).build()])
            .build()
    }

    fn fingerprints(&mut self, finding: &Finding) -> BTreeMap<String, String> {
        let at = finding.primary;
        let source = self.report.sources.get(at.file);
        let hashes = match self.hashes.take() {
            Some((file, hashes)) if file == at.file => hashes,
            _ => line_hashes(&source.text),
        };
        let line = (source.lines.line(at.span.start) as usize).saturating_sub(1);
        let mut prints =
            BTreeMap::from([("backlint/v1".to_owned(), finding.fingerprint.to_string())]);
        if let Some((hash, count)) = hashes.get(line) {
            prints.insert(
                "primaryLocationLineHash".to_owned(),
                format!("{hash:x}:{count}"),
            );
        }
        self.hashes = Some((at.file, hashes));
        prints
    }

    /// The run was complete unless a file could not be analysed.
    fn invocation(&self, left_out: usize) -> Invocation {
        let mut notifications: Vec<Notification> = Vec::new();
        if left_out > 0 {
            let words = format!("{left_out} results of lower severity were left out.");
            notifications.push(notification("results-left-out", 1, "warning", words, None));
        }
        let skipped = self.report.gaps.iter().filter(|gap| gap.kind.costs_file());
        let count = skipped.clone().count();
        notifications.extend(
            skipped
                .take(MOST_NOTIFICATIONS)
                .map(|gap| self.skipped(gap)),
        );
        let mut invocation = Invocation::builder()
            .execution_successful(count == 0)
            .build();
        if !notifications.is_empty() {
            invocation.tool_execution_notifications = Some(notifications);
        }
        invocation
    }

    fn skipped(&self, gap: &Gap) -> Notification {
        let words = format!(
            "{}: {}",
            gap.kind.name(),
            self.redactor.message(&gap.message)
        );
        let level = if gap.kind == GapKind::SyntaxError {
            "warning"
        } else {
            "error"
        };
        let physical = PhysicalLocation::builder()
            .artifact_location(artifact(&gap.file))
            .region(Region::builder().start_line(gap.line.max(1)).build())
            .build();
        let location = Location::builder().physical_location(physical).build();
        notification("file-skipped", 0, level, sentence(&words), Some(location))
    }
}

fn notification(
    id: &str,
    index: i64,
    level: &str,
    words: String,
    at: Option<Location>,
) -> Notification {
    let descriptor = ReportingDescriptorReference::builder()
        .id(id)
        .index(index)
        .build();
    let mut notification = Notification::builder()
        .descriptor(descriptor)
        .level(json!(level))
        .message(message(words))
        .build();
    notification.locations = at.map(|at| vec![at]);
    notification
}

fn properties(finding: &Finding, redactor: &Redactor<'_>) -> PropertyBag {
    let mut bag: BTreeMap<String, Value> = BTreeMap::new();
    bag.insert("confidence".to_owned(), json!(finding.confidence));
    bag.insert("profile".to_owned(), json!(finding.profile));
    if let Some((method, path)) = &finding.endpoint {
        let endpoint =
            json!({ "method": redactor.message(method), "path": redactor.message(path) });
        bag.insert("endpoint".to_owned(), endpoint);
    }
    PropertyBag::builder().additional_properties(bag).build()
}
