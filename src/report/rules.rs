//! The rule book as a table and as JSON.

use super::closing::plural;
use super::routes::paint;
use super::safe::{json_text, visible};
use super::text::buffer;
use super::{RuleInfo, Style};
use crate::finding::{Confidence, Profile, Severity};
use codespan_reporting::term::termcolor::Color;
use serde::Serialize;
use std::io::Write as _;

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    title: &'a str,
    description: &'a str,
    family: &'a str,
    severity: Option<Severity>,
    confidence: Option<Confidence>,
    profile: Option<Profile>,
    languages: &'a [crate::model::Name],
    cwe: &'a [u32],
    owasp: &'a [crate::model::Name],
    security_severity: Option<&'a str>,
    help: &'a str,
    url: &'a str,
}

/// Every rule as JSON.
#[must_use]
pub fn rules_json(rules: &[RuleInfo]) -> String {
    let entries: Vec<Entry<'_>> = rules
        .iter()
        .map(|rule| Entry {
            id: &rule.id,
            title: &rule.title,
            description: &rule.description,
            family: &rule.family,
            severity: rule.severity,
            confidence: rule.confidence,
            profile: rule.profile,
            languages: &rule.languages,
            cwe: &rule.cwe,
            owasp: &rule.owasp,
            security_severity: rule.security_severity.as_deref(),
            help: &rule.help,
            url: &rule.uri,
        })
        .collect();
    json_text(&entries)
}

/// Every rule in one line, grouped by family.
#[must_use]
pub fn rules_table(rules: &[RuleInfo], style: Style) -> Vec<u8> {
    let mut buffer = buffer(style);
    let width = rules
        .iter()
        .map(|rule| rule.id.chars().count())
        .max()
        .unwrap_or(0);
    let mut family = None;
    for rule in rules {
        if family != Some(&rule.family) {
            if family.is_some() {
                let _ = writeln!(buffer);
            }
            family = Some(&rule.family);
            paint(&mut buffer, None, true, &visible(&rule.family));
            let _ = writeln!(buffer);
        }
        let severity = rule.severity.map_or("", Severity::name);
        let profile = rule.profile.map_or("", Profile::name);
        let id = visible(&rule.id);
        let _ = write!(buffer, "  {id:width$}  ");
        paint(
            &mut buffer,
            rule.severity.map(color),
            false,
            &format!("{severity:7}"),
        );
        let _ = writeln!(buffer, "  {profile:7}  {}", visible(&rule.title));
    }
    let _ = writeln!(
        buffer,
        "\n{}; `backlint explain RULE` says more",
        plural(rules.len(), "rule")
    );
    buffer.into_inner()
}

pub(super) fn color(severity: Severity) -> Color {
    match severity {
        Severity::Error => Color::Red,
        Severity::Warning => Color::Yellow,
        Severity::Note => Color::Green,
    }
}
