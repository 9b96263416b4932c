//! Suppressions: findings that someone has looked at and accepted, with a reason.
//!
//! A comment `// backlint-ignore rule-a, rule-b: reason` (also `#`, `--`, `/* .. */`, `{/* .. */}`) at the end of a line
//! accepts that line's findings, and on a line of its own those of the next line of code. `[[suppress]]` in the
//! settings does so for a glob of paths. A reason is obligatory; what has no effect is reported.

mod inline;

use super::{Confidence, Finding, Profile, Severity};
use crate::model::Name;
use crate::source::{FileId, Location, SourceMap, Span};
use globset::GlobMatcher;
use rustc_hash::{FxHashMap, FxHashSet};

/// Id of the rule that speaks of suppressions without a reason or with an unknown rule.
pub const INVALID: &str = "invalid-suppression";
/// Id of the rule that speaks of suppressions that accept nothing.
pub const UNUSED: &str = "unused-suppression";

/// Whether a rule speaks of suppressions, and so cannot be suppressed itself.
#[must_use]
pub fn is_notice(rule: &str) -> bool {
    rule == INVALID || rule == UNUSED
}

/// `[[suppress]]` of the settings, whose reader has seen to rule and reason.
#[derive(Debug, Clone)]
pub struct Row {
    /// The rule's id.
    pub rule: Name,
    /// Glob of root-relative paths.
    pub path: GlobMatcher,
    /// 1-based line of the entry in the settings.
    pub line: u32,
}

/// Every suppression of a run, and which of them were of use.
#[derive(Debug, Default)]
pub struct Suppressions {
    entries: Vec<Entry>,
    by_line: FxHashMap<(FileId, u32, Name), usize>,
    invalid: Vec<(Location, String)>,
    rows: Vec<(Row, bool)>,
}

/// One rule of one comment.
#[derive(Debug)]
struct Entry {
    rule: Name,
    at: Location,
    used: bool,
}

impl Suppressions {
    /// Suppressions with the rows of the settings.
    #[must_use]
    pub fn new(rows: Vec<Row>) -> Self {
        Self {
            rows: rows.into_iter().map(|row| (row, false)).collect(),
            ..Self::default()
        }
    }

    /// Reads the comments of a file. `comments` are its comments where the language is known; elsewhere everything
    /// after a comment mark counts as one.
    pub fn scan(
        &mut self,
        file: FileId,
        sources: &SourceMap,
        comments: Option<&[Span]>,
        rules: &[Name],
    ) {
        for comment in inline::find(sources.get(file), comments) {
            let at = |span| Location { file, span };
            if let Some(message) = comment.problem {
                self.invalid.push((at(comment.span), message.to_owned()));
                continue;
            }
            for (rule, span) in comment.rules {
                if !rules.contains(&rule) {
                    // A file may name thousands; looking for the nearest name costs too much for all of them.
                    let known = if self.invalid.len() < 100 { rules } else { &[] };
                    self.invalid.push((at(span), unknown_rule(&rule, known)));
                    continue;
                }
                let index = self.entries.len();
                self.by_line
                    .entry((file, comment.line, rule.clone()))
                    .or_insert(index);
                self.entries.push(Entry {
                    rule,
                    at: at(span),
                    used: false,
                });
            }
        }
    }

    /// Whether the finding is accepted; what accepts it has been of use.
    pub fn accepts(&mut self, finding: &Finding, sources: &SourceMap) -> bool {
        let at = finding.primary;
        let source = sources.get(at.file);
        let mut accepted = false;
        for span in [Some(at.span), finding.statement].into_iter().flatten() {
            let line = source.lines.line(span.start);
            let key = (at.file, line, finding.rule.clone());
            if let Some(entry) = self.by_line.get(&key) {
                if let Some(entry) = self.entries.get_mut(*entry) {
                    entry.used = true;
                }
                accepted = true;
            }
        }
        for (row, used) in &mut self.rows {
            if row.rule == finding.rule && row.path.is_match(&*source.path) {
                *used = true;
                accepted = true;
            }
        }
        accepted
    }

    /// What is wrong with the comments themselves. One is called unused only if its rule ran.
    #[must_use]
    pub fn notices(&self, ran: &[Name]) -> Vec<Finding> {
        let ran: FxHashSet<&Name> = ran.iter().collect();
        let unused = self
            .entries
            .iter()
            .filter(|entry| !entry.used && ran.contains(&entry.rule))
            .map(|entry| {
                let message = format!("{} has no finding here to suppress", entry.rule);
                let help = "remove the suppression".to_owned();
                notice(UNUSED, Severity::Note, entry.at, message, help)
            });
        let invalid = self.invalid.iter().map(|(at, message)| {
            let help = "write `backlint-ignore rule-id: reason`; it suppresses nothing as it is";
            notice(
                INVALID,
                Severity::Warning,
                *at,
                message.clone(),
                help.to_owned(),
            )
        });
        unused.chain(invalid).collect()
    }

    /// Rows of the settings that accepted nothing, although their rule ran.
    #[must_use]
    pub fn unused_rows(&self, ran: &[Name]) -> Vec<&Row> {
        self.rows
            .iter()
            .filter(|(row, used)| !used && ran.contains(&row.rule))
            .map(|(row, _)| row)
            .collect()
    }
}

fn notice(rule: &str, severity: Severity, at: Location, message: String, help: String) -> Finding {
    let title = if rule == UNUSED {
        "Suppression without effect"
    } else {
        "Suppression that is not valid"
    };
    Finding {
        rule: Name::from(rule),
        title: Name::from(title),
        message,
        help,
        severity,
        confidence: Confidence::High,
        profile: Profile::Default,
        primary: at,
        statement: None,
        label: None,
        related: Vec::new(),
        flow: Vec::new(),
        endpoint: None,
        symbol: Name::default(),
        redact: Vec::new(),
        fingerprint: Name::default(),
    }
}

/// Says that there is no such rule, and which one may be meant.
#[must_use]
pub fn unknown_rule(rule: &str, rules: &[Name]) -> String {
    // A name comes from the checked code: what is far longer than any rule needs no comparison.
    let rule: String = rule.chars().take(64).collect();
    let nearest = rules
        .iter()
        .map(|known| (distance(&rule, known), known))
        .min()
        .filter(|(distance, known)| *distance <= known.len() / 3 + 1);
    match nearest {
        Some((_, known)) => format!("no rule is called '{rule}'; did you mean '{known}'?"),
        None => format!("no rule is called '{rule}'"),
    }
}

/// How many letters have to be put in, left out or changed.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (slot, y) in row.iter_mut().skip(1).zip(&b) {
            let change = diagonal + usize::from(x != *y);
            diagonal = *slot;
            left = change.min(diagonal + 1).min(left + 1);
            *slot = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests;
