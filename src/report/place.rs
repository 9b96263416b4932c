//! Where things stand: lines, columns and addresses as reports give them.

use super::safe::{Redactor, first_line, floor};
use crate::source::{Location, Position, SourceFile, SourceMap};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::ops::Range;

/// What stays as it is in a path of a URI (RFC 3986 without `:`, which a first segment may not hold).
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/')
    .remove(b'@')
    .remove(b'$')
    .remove(b'+')
    .remove(b',')
    .remove(b'=');
/// Longest context around a finding, in bytes.
const LONGEST_CONTEXT: usize = 1000;
/// Longest snippet, in bytes.
const LONGEST_SNIPPET: usize = 300;

/// A relative path as a URI reference.
pub(super) fn uri(path: &str) -> String {
    utf8_percent_encode(path, PATH).to_string()
}

/// A range of text on one line, or the context around it.
#[derive(Debug)]
pub(super) struct Region {
    pub(super) start: Position,
    pub(super) end: Position,
    pub(super) text: String,
}

/// First line of a location: start and end, 1-based, in UTF-16 code units.
pub(super) fn bounds(sources: &SourceMap, at: Location) -> (Position, Position) {
    let source = sources.get(at.file);
    let range = first_line(source, at.span);
    (position(source, range.start), position(source, range.end))
}

/// The location's region and the lines around it; no context where there is none.
pub(super) fn regions(
    sources: &SourceMap,
    redactor: &Redactor<'_>,
    at: Location,
) -> (Region, Option<Region>) {
    let source = sources.get(at.file);
    let range = first_line(source, at.span);
    let around = context(source, &range);
    let short = range.start..floor(&source.text, range.end.min(range.start + LONGEST_SNIPPET));
    let region = |range: &Range<usize>, text| Region {
        start: position(source, range.start),
        end: position(source, range.end),
        text: redactor.source(at.file, source, text),
    };
    let inner = region(&range, short);
    let outer = (around != range).then(|| region(&around, around.clone()));
    (inner, outer)
}

/// The line of the range with one line before and one after, or as much as fits around the range.
fn context(source: &SourceFile, range: &Range<usize>) -> Range<usize> {
    let offset = u32::try_from(range.start).unwrap_or(u32::MAX);
    let line = source.lines.line(offset);
    let last = u32::try_from(source.lines.count()).unwrap_or(u32::MAX);
    let lines = |n: u32| source.lines.range(&source.text, n);
    let whole =
        lines(line.saturating_sub(1).max(1)).start..lines(line.saturating_add(1).min(last)).end;
    if whole.len() <= LONGEST_CONTEXT {
        return whole;
    }
    let own = lines(line);
    let start = range
        .start
        .saturating_sub(LONGEST_CONTEXT / 4)
        .max(own.start);
    let end = (range.end + LONGEST_CONTEXT / 4).min(own.end);
    floor(&source.text, start)..floor(&source.text, end)
}

fn position(source: &SourceFile, offset: usize) -> Position {
    source
        .lines
        .position(&source.text, u32::try_from(offset).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_encoded() {
        assert_eq!(uri("app/[id]/a b#c?.ts"), "app/%5Bid%5D/a%20b%23c%3F.ts");
        assert_eq!(uri("a:b/é\n"), "a%3Ab/%C3%A9%0A");
        assert_eq!(uri("@scope/(group)/x+y.ts"), "@scope/%28group%29/x+y.ts");
    }
}
