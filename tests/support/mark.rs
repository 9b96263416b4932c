//! Marks in fixtures, which say what is to be found where.
//!
//! `//~ rule` speaks of its own line, each `^` in `//~^ rule` of one line further up; `"words"` have to be in the message, be it with
//! a capital.
//! `//~? rule` is a known miss: it fails when it starts to be found.

use serde_json::Value;
use std::fmt;

/// What a mark begins with.
const START: &str = "//~";

/// What is to be found somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) line: u64,
    pub(crate) rule: String,
    pub(crate) words: Option<String>,
    /// It should be found, and is not yet.
    pub(crate) missed: bool,
}

/// What was found somewhere.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) file: String,
    pub(crate) line: u64,
    pub(crate) rule: String,
    pub(crate) profile: String,
    pub(crate) message: String,
}

/// The findings of a report in JSON.
pub(crate) fn findings(report: &Value) -> Vec<Found> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().into_iter().flatten();
    findings
        .map(|finding| Found {
            file: text(&finding["file"]),
            line: finding["line"].as_u64().unwrap_or(0),
            rule: text(&finding["rule"]),
            profile: text(&finding["profile"]),
            message: text(&finding["message"]),
        })
        .collect()
}

impl fmt::Display for Mark {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.rule)?;
        match &self.words {
            Some(words) => write!(out, " {words:?}"),
            None => Ok(()),
        }
    }
}

/// The marks of a text, or what is wrong with one.
pub(crate) fn marks(text: &str) -> Result<Vec<Mark>, String> {
    let mut marks = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for part in line.split(START).skip(1) {
            let mark = mark(index as u64 + 1, part);
            marks.push(mark.ok_or_else(|| format!("{}: what does `{part}` mark?", index + 1))?);
        }
    }
    Ok(marks)
}

fn mark(line: u64, part: &str) -> Option<Mark> {
    let rest = part.trim_start_matches(['^', '?']);
    let (signs, rest) = (&part[..part.len() - rest.len()], rest.strip_prefix(' ')?);
    let end = rest.find(|c: char| !c.is_ascii_lowercase() && c != '-');
    let (rule, rest) = rest.split_at(end.unwrap_or(rest.len()));
    let words = match rest.trim_start().strip_prefix('"') {
        Some(quoted) => Some(quoted.split_once('"')?.0.to_owned()),
        None => None,
    };
    let up = signs.matches('^').count() as u64;
    (!rule.is_empty() && line > up).then(|| Mark {
        line: line - up,
        rule: rule.to_owned(),
        words,
        missed: signs.contains('?'),
    })
}

/// Where marks and findings of one file differ; one line each.
pub(crate) fn differences(file: &str, marks: &[Mark], found: &[Found]) -> Vec<String> {
    let mut left: Vec<&Found> = found.iter().collect();
    let mut lines = Vec::new();
    // Those with words choose first, so that one without does not take what only they fit.
    let mut marks: Vec<&Mark> = marks.iter().collect();
    marks.sort_by_key(|mark| (mark.words.is_none(), mark.line));
    for mark in marks {
        let fits = |found: &&Found| {
            let words = mark.words.as_deref().unwrap_or("").to_lowercase();
            let says = || found.message.to_lowercase().contains(&words);
            found.line == mark.line && found.rule == mark.rule && says()
        };
        match (left.iter().position(fits), mark.missed) {
            (Some(at), false) => {
                left.remove(at);
            }
            (Some(at), true) => {
                left.remove(at);
                lines.push((mark.line, format!("no longer missed: {mark}")));
            }
            (None, false) => lines.push((mark.line, format!("not found: {mark}"))),
            (None, true) => {}
        }
    }
    let unexpected = |found: &Found| {
        let words = format!("unexpected: {} {:?}", found.rule, found.message);
        (found.line, words)
    };
    lines.extend(left.into_iter().map(unexpected));
    lines.sort();
    lines
        .into_iter()
        .map(|(line, words)| format!("{file}:{line}: {words}"))
        .collect()
}
