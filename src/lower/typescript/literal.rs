//! Constants and templates.
//!
//! What belongs here: what a literal's text means. What may not enter: other expressions.

use super::build::Lowering;
use super::kind::{Kind, Named};
use super::tree::Node;
use crate::model::{Literal, Name, ValueId, ValueKind};
use crate::source::Span;

impl<'t> Lowering<'t> {
    /// `` `a ${b}` ``
    pub(super) fn template(&mut self, node: Node<'t>) -> ValueId {
        if node.child(Named::Substitution).is_some() {
            return self.template_parts(node);
        }
        let text = unquote(node.text());
        self.literal(Literal::Str(Name::new(text)), node.span())
    }

    /// A template as its pieces, which it is for a tag even if it has but one.
    pub(super) fn template_parts(&mut self, node: Node<'t>) -> ValueId {
        let whole = node.span();
        let mut parts = Vec::new();
        let mut from = whole.start + 1;
        for substitution in node.children() {
            if !substitution.is(Named::Substitution) {
                continue;
            }
            let span = substitution.span();
            self.piece(from, span.start, &mut parts);
            if let Some(inner) = substitution.first() {
                parts.push(self.expression(inner));
            }
            from = span.end;
        }
        self.piece(from, whole.end.saturating_sub(1), &mut parts);
        self.value(ValueKind::Text(parts), whole)
    }

    fn piece(&mut self, start: u32, end: u32, parts: &mut Vec<ValueId>) {
        let span = Span { start, end };
        let raw = span.text(self.tree.text);
        if !raw.is_empty() {
            parts.push(self.literal(Literal::Str(Name::new(unescape(raw))), span));
        }
    }

    /// A constant; `None` if the node is none.
    pub(super) fn constant(&mut self, node: Node<'t>) -> Option<ValueId> {
        let Kind::Named(named) = node.kind() else {
            return None;
        };
        let literal = match named {
            Named::String => Literal::Str(string(node)),
            Named::Number => Literal::Number(number(node.text())),
            Named::True => Literal::Bool(true),
            Named::False => Literal::Bool(false),
            Named::Null => Literal::Null,
            Named::Undefined => Literal::Undefined,
            Named::Regex => Literal::Regex(Name::new(node.text())),
            _ => return None,
        };
        Some(self.literal(literal, node.span()))
    }
}

/// What a string literal says.
pub(super) fn string(node: Node<'_>) -> Name {
    Name::new(unquote(node.text()))
}

/// The text between quotes, unescaped.
fn unquote(quoted: &str) -> std::borrow::Cow<'_, str> {
    let inner = quoted.get(1..).unwrap_or("");
    let quote = quoted.chars().next().unwrap_or('"');
    unescape(inner.strip_suffix(quote).unwrap_or(inner))
}

/// What a text with escape sequences says.
fn unescape(raw: &str) -> std::borrow::Cow<'_, str> {
    if !raw.contains('\\') {
        return raw.into();
    }
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        text.push_str(rest.get(..at).unwrap_or(""));
        rest = rest.get(at + 1..).unwrap_or("");
        let Some(escape) = rest.chars().next() else {
            break;
        };
        let after = rest.get(escape.len_utf8()..).unwrap_or("");
        rest = match escape {
            'n' => push(&mut text, '\n', after),
            't' => push(&mut text, '\t', after),
            'r' => push(&mut text, '\r', after),
            'b' => push(&mut text, '\u{8}', after),
            'f' => push(&mut text, '\u{c}', after),
            'v' => push(&mut text, '\u{b}', after),
            '0' => push(&mut text, '\0', after),
            'x' => push_hex(&mut text, after, 2),
            'u' => match after.strip_prefix('{') {
                Some(braced) => {
                    let digits = braced.find('}').unwrap_or(0);
                    push_hex(&mut text, braced, digits)
                        .strip_prefix('}')
                        .unwrap_or(braced)
                }
                None => push_hex(&mut text, after, 4),
            },
            '\r' => after.strip_prefix('\n').unwrap_or(after),
            '\n' | '\u{2028}' | '\u{2029}' => after,
            other => push(&mut text, other, after),
        };
    }
    text.push_str(rest);
    text.into()
}

fn push<'r>(text: &mut String, what: char, rest: &'r str) -> &'r str {
    text.push(what);
    rest
}

fn push_hex<'r>(text: &mut String, rest: &'r str, digits: usize) -> &'r str {
    let code = rest
        .get(..digits)
        .and_then(|hex| u32::from_str_radix(hex, 16).ok());
    // Half of a surrogate pair has no character of its own.
    text.push(code.and_then(char::from_u32).unwrap_or('\u{fffd}'));
    rest.get(digits..).unwrap_or("")
}

/// What a number literal says; not a number if that cannot be told.
fn number(text: &str) -> f64 {
    let plain: String = text.chars().filter(|c| *c != '_').collect();
    let plain = plain.strip_suffix('n').unwrap_or(&plain);
    let lower = plain.to_ascii_lowercase();
    let radix = match lower.get(..2) {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => return lower.parse().unwrap_or(f64::NAN),
    };
    let digits = lower.get(2..).unwrap_or("");
    digits.chars().fold(0.0, |sum, digit| {
        digit
            .to_digit(radix)
            .map_or(f64::NAN, |value| sum * f64::from(radix) + f64::from(value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_resolved() {
        assert_eq!(unescape(r"a\n\x41\u0042\u{43}\'\\"), "a\nABC'\\");
        assert_eq!(unescape("a\\\r\nb\\"), "ab");
        assert_eq!(unescape(r"\u{zz}\x"), "\u{fffd}\u{fffd}");
        assert_eq!(unquote("'it'"), "it");
        assert_eq!(unquote("\"open"), "open");
    }

    #[test]
    fn numbers_of_every_form() {
        assert!((number("1_000") - 1000.0).abs() < f64::EPSILON);
        assert!((number("0xFf") - 255.0).abs() < f64::EPSILON);
        assert!((number("10n") - 10.0).abs() < f64::EPSILON);
        assert!((number("1e3") - 1000.0).abs() < f64::EPSILON);
        assert!(number("0b2").is_nan());
    }
}
