//! From text to a [`Tree`], with what the grammar gets wrong put right.
//!
//! What belongs here: running the parser within bounds, and rewriting text that it would misread. What may not
//! enter: anything about the model.

use super::Dialect;
use super::kind::{Grammar, Named};
use super::tree::{Node, Tree};
use std::cell::RefCell;
use std::ops::{ControlFlow, Range};
use tree_sitter::{ParseOptions, Parser};

thread_local! {
    static PARSER: RefCell<Parser> = RefCell::new(Parser::new());
}

/// How often the parser may ask whether to go on: once in about a hundred operations. Recovery from hostile text
/// takes time that grows faster than the text; ordinary text takes a few operations a byte.
fn patience(bytes: usize) -> usize {
    10_000 + bytes
}

/// A parsed text.
pub(super) struct Parsed<'t> {
    /// Its tree, in which tagged templates have no type arguments.
    pub(super) tree: Tree<'t>,
    /// A tree of the type arguments of tagged templates alone, each at its place.
    pub(super) tag_types: Option<Tree<'t>>,
}

/// Parses a text; `None` if that takes too long.
pub(super) fn parse(text: &str, dialect: Dialect) -> Option<Parsed<'_>> {
    let tree = read(text, text, dialect)?;
    let ranges = typed_tags(&tree);
    if ranges.is_empty() {
        return Some(Parsed {
            tree,
            tag_types: None,
        });
    }
    let without = blank(text, &ranges);
    Some(Parsed {
        tree: read(&without, text, dialect).unwrap_or(tree),
        tag_types: read(&alone(text, &ranges), text, Dialect::TypeScript),
    })
}

/// Parses `parsed` into a tree over `text`, which has the same length.
fn read<'t>(parsed: &str, text: &'t str, dialect: Dialect) -> Option<Tree<'t>> {
    let grammar = match dialect {
        Dialect::TypeScript => Grammar::typescript(),
        Dialect::Tsx => Grammar::tsx(),
    };
    let bytes = parsed.as_bytes();
    let mut left = patience(bytes.len());
    let mut progress = |_: &tree_sitter::ParseState| {
        left = left.saturating_sub(1);
        if left == 0 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let tree = PARSER.with_borrow_mut(|parser| {
        parser.set_language(&grammar.language).ok()?;
        // A parse that was given up would be resumed otherwise.
        parser.reset();
        let options = ParseOptions::new().progress_callback(&mut progress);
        let mut input = |at: usize, _| bytes.get(at..).unwrap_or_default();
        parser.parse_with_options(&mut input, None, Some(options))
    })?;
    Some(Tree::copy(&tree, &grammar.tables, text))
}

/// The type arguments of tagged templates, angle brackets included. The grammar has no such thing and reads
/// ``sql<T>`..` `` as two comparisons.
fn typed_tags(tree: &Tree<'_>) -> Vec<Range<usize>> {
    tree.nodes()
        .filter(|node| node.is(Named::Template))
        .filter_map(|node| type_arguments_before(tree.text, node))
        .collect()
}

fn type_arguments_before(text: &str, template: Node<'_>) -> Option<Range<usize>> {
    let before = text.get(..template.span().start as usize)?;
    let before = before.trim_end().as_bytes();
    let (last, rest) = before.split_last()?;
    if *last != b'>' || rest.last() == Some(&b'=') {
        return None;
    }
    let open = matching_angle(before)?;
    let callee = *before.get(open.checked_sub(1)?)?;
    let is_callee = callee.is_ascii_alphanumeric() || matches!(callee, b'_' | b'$' | b')' | b']');
    is_callee.then_some(open..before.len())
}

/// Where the `<` stands that the `>` at the end of the text closes. Type arguments are short; a search that goes
/// on for longer has met something else.
fn matching_angle(before: &[u8]) -> Option<usize> {
    const LONGEST: usize = 4_000;
    let mut open = 0_usize;
    for (walked, (at, byte)) in before.iter().enumerate().rev().enumerate() {
        let arrow = *byte == b'>' && at > 0 && before.get(at - 1) == Some(&b'=');
        match byte {
            b'>' | b'}' | b']' | b')' if !arrow => open += 1,
            b'<' | b'{' | b'[' | b'(' => {
                open = open.checked_sub(1)?;
                if open == 0 {
                    return (*byte == b'<').then_some(at);
                }
            }
            b'`' => return None,
            _ => {}
        }
        if walked > LONGEST {
            return None;
        }
    }
    None
}

/// The text with these ranges as spaces; line breaks stay.
fn blank(text: &str, ranges: &[Range<usize>]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for range in ranges {
        for byte in bytes.get_mut(range.clone()).unwrap_or_default() {
            if *byte != b'\n' && *byte != b'\r' {
                *byte = b' ';
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// Nothing but these ranges, each as the statement `a<T>;`.
fn alone(text: &str, ranges: &[Range<usize>]) -> String {
    let mut bytes = vec![b' '; text.len()];
    for range in ranges {
        let from = text.as_bytes().get(range.clone()).unwrap_or_default();
        if let Some(to) = bytes.get_mut(range.clone()) {
            to.copy_from_slice(from);
        }
        for (at, byte) in [(range.start.wrapping_sub(1), b'a'), (range.end, b';')] {
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}
