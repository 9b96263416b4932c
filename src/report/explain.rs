//! The documentation of one rule, for the terminal.

use super::routes::paint;
use super::rules::color;
use super::safe::push_visible;
use super::text::buffer;
use super::{RuleInfo, Style};
use codespan_reporting::term::termcolor::{Buffer, Color};
use std::io::Write as _;

/// A rule's documentation: its head, then its Markdown with headings and code set apart.
#[must_use]
pub fn explain(rule: &RuleInfo, style: Style) -> Vec<u8> {
    let mut buffer = buffer(style);
    paint(&mut buffer, rule.severity.map(color), true, &rule.id);
    let _ = writeln!(buffer, ": {}", rule.title);
    let _ = writeln!(buffer, "{}", facts(rule));
    let _ = writeln!(buffer);
    markdown(&mut buffer, &rule.markdown);
    if !rule.uri.is_empty() {
        let _ = writeln!(buffer, "\n{}", rule.uri);
    }
    buffer.into_inner()
}

fn facts(rule: &RuleInfo) -> String {
    let mut facts = Vec::new();
    if let (Some(severity), Some(profile)) = (rule.severity, rule.profile) {
        facts.push(format!("{severity}, profile {profile}"));
    }
    facts.extend(rule.cwe.iter().map(|cwe| format!("CWE-{cwe}")));
    facts.extend(rule.owasp.iter().map(|entry| format!("OWASP {entry}")));
    facts.join(", ")
}

fn markdown(buffer: &mut Buffer, text: &str) {
    let mut fenced = false;
    let mut blank = true;
    for line in text.trim().lines() {
        let line: String = line.trim_end().chars().fold(String::new(), |mut out, c| {
            push_visible(&mut out, c, true);
            out
        });
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            // A fence says which file the example is: `ts app/api/users/route.ts`.
            let name = line.trim_start().trim_start_matches('`').split_once(' ');
            if let Some((_, name)) = name.filter(|_| fenced) {
                paint(
                    buffer,
                    Some(Color::Cyan),
                    false,
                    &format!("    {}", name.trim()),
                );
                let _ = writeln!(buffer);
            }
            continue;
        }
        if line.is_empty() && blank {
            continue;
        }
        blank = line.is_empty() && !fenced;
        if fenced {
            let _ = writeln!(buffer, "    {line}");
        } else if line.starts_with('#') {
            paint(
                buffer,
                None,
                true,
                line.trim_start_matches('#').trim_start(),
            );
            let _ = writeln!(buffer);
        } else {
            let _ = writeln!(buffer, "{line}");
        }
    }
}
