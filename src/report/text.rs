//! Findings for people: what, where, why and what to do, at one glance.

use super::closing::{closing, found};
use super::safe::{Redactor, clipped, visible};
use super::snippet::{Layout, Pointer};
use super::{Report, RuleInfo, Style};
use crate::finding::suppress::is_notice;
use crate::finding::{Confidence, Finding, Severity};
use crate::model::Name;
use crate::source::FileId;
use codespan_reporting::diagnostic::{self, Diagnostic, LabelStyle};
use codespan_reporting::term::termcolor::{Buffer, Color, ColorSpec, WriteColor as _};
use codespan_reporting::term::{self, Config};
use rustc_hash::{FxHashMap, FxHashSet};
use std::io::Write as _;

/// Bytes of a line that are shown where there is no terminal.
const WIDE: usize = 160;
/// Steps of a flow that are shown; of a longer one its ends.
const MOST_STEPS: usize = 8;
/// Other places that are shown.
const MOST_RELATED: usize = 6;
/// Lines of a folded entry that are listed.
const MOST_LINES: usize = 20;

/// The findings and the closing lines.
#[must_use]
pub fn text(report: &Report<'_>, style: Style) -> Vec<u8> {
    let redactor = Redactor::new(report.secrets);
    let mut buffer = buffer(style);
    let config = Config::default();
    let writer = Writer {
        report,
        redactor: &redactor,
        style,
    };
    for (finding, others) in folded(report) {
        let (diagnostic, pages) = writer.diagnostic(finding, &others);
        let before = buffer.as_slice().len();
        // Writing into memory only fails if a label leaves its page; the finding must be seen even then.
        if term::emit_to_write_style(&mut buffer, &config, &pages, &diagnostic).is_err()
            && buffer.as_slice().len() == before
        {
            let _ = writeln!(buffer, "{}: {}", finding.rule, diagnostic.message);
        }
    }
    if style.verbose {
        writer.gaps(&mut buffer);
    }
    let mut bold = ColorSpec::new();
    bold.set_bold(true);
    let _ = buffer.set_color(&bold);
    let _ = write!(buffer, "{}", found(report));
    let _ = buffer.reset();
    let _ = writeln!(buffer, "\n{}", closing(report));
    buffer.into_inner()
}

/// Memory to write into, with or without colours.
pub(super) fn buffer(style: Style) -> Buffer {
    if style.color {
        Buffer::ansi()
    } else {
        Buffer::no_color()
    }
}

/// Each entry with the findings that are folded into it: those of a rule that folds, in the same file.
fn folded<'a>(report: &'a Report<'_>) -> Vec<(&'a Finding, Vec<&'a Finding>)> {
    let folding: FxHashSet<&Name> = report
        .rules
        .iter()
        .filter(|rule| rule.fold)
        .map(|rule: &RuleInfo| &rule.id)
        .collect();
    let mut first: FxHashMap<(FileId, &Name), usize> = FxHashMap::default();
    let mut entries: Vec<(&Finding, Vec<&Finding>)> = Vec::new();
    for finding in report.findings {
        let next = entries.len();
        let entry = if folding.contains(&finding.rule) {
            *first
                .entry((finding.primary.file, &finding.rule))
                .or_insert(next)
        } else {
            next
        };
        match entries.get_mut(entry) {
            Some((_, others)) => others.push(finding),
            None => entries.push((finding, Vec::new())),
        }
    }
    entries
}

struct Writer<'a> {
    report: &'a Report<'a>,
    redactor: &'a Redactor<'a>,
    style: Style,
}

impl Writer<'_> {
    fn diagnostic(
        &self,
        finding: &Finding,
        others: &[&Finding],
    ) -> (Diagnostic<usize>, super::snippet::Pages) {
        let width = self
            .style
            .width
            .map_or(WIDE, |width| width.saturating_sub(8).max(40));
        let layout = Layout {
            sources: self.report.sources,
            redactor: self.redactor,
            width,
        };
        let (pages, labels) = layout.pages(self.pointers(finding));
        let severity = match finding.severity {
            Severity::Error => diagnostic::Severity::Error,
            Severity::Warning => diagnostic::Severity::Warning,
            Severity::Note => diagnostic::Severity::Note,
        };
        let diagnostic = Diagnostic::new(severity)
            .with_code(visible(&finding.rule))
            .with_message(self.words(&finding.message))
            .with_labels(labels)
            .with_notes(self.notes(finding, others));
        (diagnostic, pages)
    }

    /// What is pointed at: the place itself, then the way that the data takes, then other places.
    fn pointers(&self, finding: &Finding) -> Vec<Pointer> {
        let steps = finding.flow.len();
        let numbered = |(index, (_, message)): (usize, &(_, Name))| {
            format!("{}: {}", index + 1, self.short(message))
        };
        let own_step = finding
            .flow
            .iter()
            .enumerate()
            .find(|(_, (at, _))| *at == finding.primary);
        let label = finding.label.as_deref().map(|label| self.short(label));
        let mut pointers = vec![Pointer {
            at: finding.primary,
            style: LabelStyle::Primary,
            message: label.or(own_step.map(numbered)).unwrap_or_default(),
        }];
        for (index, step) in finding.flow.iter().enumerate() {
            let at = step.0;
            let hidden =
                steps > MOST_STEPS && (MOST_STEPS / 2..steps - MOST_STEPS / 2).contains(&index);
            if !hidden && at != finding.primary {
                let message = numbered((index, step));
                pointers.push(Pointer {
                    at,
                    style: LabelStyle::Secondary,
                    message,
                });
            }
        }
        for (at, message) in finding.related.iter().take(MOST_RELATED) {
            if pointers.iter().all(|pointer| pointer.at != *at) {
                let message = self.short(message);
                pointers.push(Pointer {
                    at: *at,
                    style: LabelStyle::Secondary,
                    message,
                });
            }
        }
        pointers
    }

    fn notes(&self, finding: &Finding, others: &[&Finding]) -> Vec<String> {
        let mut notes = Vec::new();
        if !others.is_empty() {
            notes.push(self.wrapped(&format!(
                "{} more in this file: {}",
                others.len(),
                self.lines(others)
            )));
        }
        let left_out = finding.flow.len().saturating_sub(MOST_STEPS);
        if left_out > 0 {
            notes.push(format!("{left_out} steps in between are not shown"));
        }
        if !finding.help.is_empty() {
            notes.push(self.wrapped(&format!("help: {}", self.words(&finding.help))));
        }
        if finding.confidence < Confidence::High {
            notes.push(format!("confidence: {}", finding.confidence));
        }
        if self.style.verbose && !is_notice(&finding.rule) {
            let rule = visible(&finding.rule);
            notes.push(format!(
                "to accept it: `backlint-ignore {rule}: reason` in a comment above"
            ));
        }
        notes
    }

    fn lines(&self, findings: &[&Finding]) -> String {
        let sources = self.report.sources;
        let mut lines: Vec<u32> = findings
            .iter()
            .map(|finding| sources.position(finding.primary).line)
            .collect();
        lines.dedup();
        let word = if lines.len() == 1 { "line" } else { "lines" };
        let shown: Vec<String> = lines.iter().take(MOST_LINES).map(u32::to_string).collect();
        let more = if lines.len() > MOST_LINES {
            ", …"
        } else {
            ""
        };
        format!("{word} {}{more}", shown.join(", "))
    }

    /// A message: no secret, one line, nothing that acts on the terminal.
    fn words(&self, text: &str) -> String {
        visible(&self.redactor.message(text))
    }

    fn short(&self, text: &str) -> String {
        clipped(&self.words(text), 120).into_owned()
    }

    /// Breaks a note into lines as wide as the terminal.
    fn wrapped(&self, text: &str) -> String {
        let Some(width) = self
            .style
            .width
            .map(|width| width.saturating_sub(8).max(40))
        else {
            return text.to_owned();
        };
        let mut out = String::new();
        let mut column = 0;
        for word in text.split(' ') {
            let length = word.chars().count();
            // A line that begins with `::` would be a command to a runner of GitHub.
            if column > 0 && column + 1 + length > width && !word.starts_with("::") {
                out.push_str("\n  ");
                column = 2;
            } else if column > 0 {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += length;
        }
        out
    }

    fn gaps(&self, buffer: &mut Buffer) {
        let mut dim = ColorSpec::new();
        dim.set_fg(Some(Color::Cyan));
        for gap in self.report.gaps {
            let _ = buffer.set_color(&dim);
            let _ = write!(buffer, "gap[{}]", gap.kind.name());
            let _ = buffer.reset();
            let _ = writeln!(
                buffer,
                ": {}:{}: {}",
                visible(&gap.file),
                gap.line,
                self.words(&gap.message)
            );
        }
        if !self.report.gaps.is_empty() {
            let _ = writeln!(buffer);
        }
    }
}
