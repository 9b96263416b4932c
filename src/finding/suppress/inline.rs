//! Finds the suppressions that are written into the code, and the lines that they speak of.

use crate::model::Name;
use crate::source::{SourceFile, Span};

const MARK: &str = "backlint-ignore";
/// What may stand between the start of a comment and the mark.
const OPENINGS: [&str; 9] = ["//", "///", "//!", "/*", "/**", "/*!", "#", "--", "<!--"];

/// A comment that holds a suppression.
#[derive(Debug)]
pub(super) struct Comment {
    /// From the mark to the end of the text.
    pub(super) span: Span,
    /// The 1-based line whose findings it accepts.
    pub(super) line: u32,
    /// The rules that it names.
    pub(super) rules: Vec<(Name, Span)>,
    /// Why it accepts nothing.
    pub(super) problem: Option<&'static str>,
}

/// Every suppression of a file.
pub(super) fn find(source: &SourceFile, comments: Option<&[Span]>) -> Vec<Comment> {
    let text = &*source.text;
    let mut next_code = None;
    let mut found = Vec::new();
    for (mark, _) in text.match_indices(MARK) {
        let Some(comment) = enclosing(source, comments, mark) else {
            continue;
        };
        let from = mark + MARK.len();
        let Some((rules, end, problem)) = parse(text, from, comment.end as usize) else {
            continue;
        };
        let line = match own_line(source, comment) {
            Place::Line(line) => line,
            Place::Own(line) => next_code
                .get_or_insert_with(|| lines_of_code(source, comments))
                .get(line as usize + 1)
                .copied()
                .unwrap_or(0),
        };
        found.push(Comment {
            span: Span::new(mark, end),
            line,
            rules,
            problem,
        });
    }
    found
}

/// The comment that the mark opens.
fn enclosing(source: &SourceFile, comments: Option<&[Span]>, mark: usize) -> Option<Span> {
    let text = &*source.text;
    if let Some(comments) = comments {
        let index = comments.partition_point(|span| (span.start as usize) <= mark);
        let comment = *comments.get(index.checked_sub(1)?)?;
        let opening = text.get(comment.start as usize..mark)?.trim();
        let inside = mark < comment.end as usize;
        return (inside && OPENINGS.contains(&opening)).then_some(comment);
    }
    let line = source
        .lines
        .range(text, source.lines.line(u32::try_from(mark).ok()?));
    let before = text.get(line.start..mark)?.trim_end();
    let opening = OPENINGS
        .iter()
        .filter(|opening| before.ends_with(**opening))
        .max_by_key(|opening| opening.len())?;
    let start = line.start + before.len() - opening.len();
    let closed = opening.starts_with("/*").then_some("*/");
    let end = closed.and_then(|close| text.get(mark..line.end)?.find(close));
    Some(Span::new(
        start,
        end.map_or(line.end, |length| mark + length + 2),
    ))
}

type Parsed = (Vec<(Name, Span)>, usize, Option<&'static str>);

/// Reads ` rule-a, rule-b: reason` up to the end of the line or comment; `None` if the mark is part of a longer word.
fn parse(text: &str, from: usize, comment_end: usize) -> Option<Parsed> {
    let body = text.get(from..comment_end)?;
    let body = body.split(['\n', '\r']).next().unwrap_or("");
    let body = body.split("*/").next().unwrap_or("");
    let body = body.trim_end().trim_end_matches("-->").trim_end();
    if body.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_') {
        return None;
    }
    let end = from + body.len();
    let (list, reason) = body.split_once(':').unwrap_or((body, ""));
    let mut rules = Vec::new();
    let mut at = from;
    for piece in list.split(',') {
        let start = at + (piece.len() - piece.trim_start().len());
        let rule = piece.trim();
        if !rule.is_empty() {
            rules.push((Name::from(rule), Span::new(start, start + rule.len())));
        }
        at += piece.len() + 1;
    }
    let problem = if rules.is_empty() {
        Some("suppression names no rule")
    } else if reason.trim().is_empty() {
        Some("suppression gives no reason")
    } else {
        None
    };
    Some((rules, end, problem))
}

enum Place {
    /// There is code on its line: it speaks of this line.
    Line(u32),
    /// It has its lines for itself, of which this is the last.
    Own(u32),
}

fn own_line(source: &SourceFile, comment: Span) -> Place {
    let (text, lines) = (&*source.text, &source.lines);
    let first = lines.line(comment.start);
    let last = lines.line(comment.end.saturating_sub(1).max(comment.start));
    let head = lines.range(text, first).start..comment.start as usize;
    let tail = comment.end as usize..lines.range(text, last).end;
    let before = text.get(head).unwrap_or("").trim_end();
    let after = text.get(tail).unwrap_or("").trim_start();
    // JSX wraps a comment into braces.
    let (before, after) = match (before.strip_suffix('{'), after.strip_prefix('}')) {
        (Some(before), Some(after)) => (before.trim_end(), after.trim_start()),
        _ => (before, after),
    };
    match (before.is_empty(), after.is_empty()) {
        (true, true) => Place::Own(last),
        (false, _) => Place::Line(first),
        (true, false) => Place::Line(last),
    }
}

/// For each 1-based line the first line from there on that holds code; 0 after the last one.
fn lines_of_code(source: &SourceFile, comments: Option<&[Span]>) -> Vec<u32> {
    let count = source.lines.count();
    let mut next = vec![0; count + 2];
    for index in (1..=count).rev() {
        let line = u32::try_from(index).unwrap_or(u32::MAX);
        next[index] = if has_code(source, comments, line) {
            line
        } else {
            next[index + 1]
        };
    }
    next
}

fn has_code(source: &SourceFile, comments: Option<&[Span]>, line: u32) -> bool {
    let range = source.lines.range(&source.text, line);
    let text = source.text.get(range.clone()).unwrap_or("");
    let Some(comments) = comments else {
        let text = text.trim_start();
        return !text.is_empty() && !OPENINGS.iter().any(|opening| text.starts_with(opening));
    };
    let (mut at, mut commented, mut braces) = (range.start, false, false);
    let first = comments.partition_point(|span| (span.end as usize) <= range.start);
    let mut ends = comments.get(first..).unwrap_or(&[]).iter();
    loop {
        let comment = ends.next().filter(|span| (span.start as usize) < range.end);
        let until = comment.map_or(range.end, |span| (span.start as usize).max(at));
        let outside = source.text.get(at..until).unwrap_or("").trim();
        if !outside
            .chars()
            .all(|c| c == '{' || c == '}' || c.is_whitespace())
        {
            return true;
        }
        braces |= !outside.is_empty();
        let Some(comment) = comment else { break };
        commented = true;
        at = (comment.end as usize).clamp(at, range.end);
    }
    braces && !commented
}
