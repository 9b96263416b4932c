//! The `WHERE` of an SQL statement as a filter, and whether parts of the text are put in at run time.

use super::filter::{Compared, Filter, How};
use super::sql::SPLICED;
use crate::model::Name;

/// How deep brackets are looked into.
const DEPTH: u32 = 16;

/// The filter of a statement that is split into words.
pub(super) fn read(words: &[String]) -> Filter {
    let words = words.get(leading(words)..).unwrap_or_default();
    let Some(start) = at_top(words, 0, |word| word == "WHERE") else {
        return Filter::Open;
    };
    let ends = |word: &str| {
        matches!(
            word,
            "GROUP"
                | "ORDER"
                | "LIMIT"
                | "HAVING"
                | "UNION"
                | "RETURNING"
                | "OFFSET"
                | "FETCH"
                | "FOR"
                | "WINDOW"
        )
    };
    let end = at_top(words, start + 1, ends).unwrap_or(words.len());
    expression(words.get(start + 1..end).unwrap_or_default(), DEPTH)
}

/// Whether something is put into a statement where no value may stand: a condition, a whole clause.
pub(super) fn is_put_together(words: &[String]) -> bool {
    let word = |at: Option<usize>| at.and_then(|at| words.get(at)).map_or("", String::as_str);
    words.iter().enumerate().any(|(at, own)| {
        let before = word(at.checked_sub(1)).to_ascii_uppercase();
        let between = || word(at.checked_sub(3)).eq_ignore_ascii_case("BETWEEN");
        is_spliced(own) && !(takes_value(&before) || before == "AND" && between())
    })
}

fn is_spliced(word: &str) -> bool {
    word.chars().eq([SPLICED])
}

/// Whether a value may follow a word; also the name of a table or column, which decides nothing here.
fn takes_value(before: &str) -> bool {
    let sign = before
        .chars()
        .all(|c| !c.is_alphanumeric() && !matches!(c, '_' | '?' | ')' | '\'' | SPLICED));
    sign || matches!(
        before,
        "IN" | "LIKE"
            | "ILIKE"
            | "BETWEEN"
            | "LIMIT"
            | "OFFSET"
            | "ANY"
            | "VALUES"
            | "SELECT"
            | "THEN"
            | "ELSE"
            | "WHEN"
            | "BY"
            | "FIRST"
            | "NEXT"
            | "TOP"
            | "INTERVAL"
            | "AS"
            | "DISTINCT"
            | "FROM"
            | "JOIN"
            | "INTO"
            | "RETURNING"
            | "SET"
            | "IS"
            | "WITH"
            | "CALL"
            | "UPDATE"
    )
}

/// How many brackets a statement begins with.
fn leading(words: &[String]) -> usize {
    words.iter().take_while(|word| *word == "(").count()
}

/// The first word from a place on that is in no bracket and is wanted; in capitals.
pub(super) fn at_top(
    words: &[String],
    from: usize,
    wanted: impl Fn(&str) -> bool,
) -> Option<usize> {
    let mut depth = 0i32;
    for (at, word) in words.iter().enumerate() {
        match word.as_str() {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ if at >= from && depth == 0 && wanted(&word.to_ascii_uppercase()) => return Some(at),
            _ => {}
        }
    }
    None
}

/// The parts between a word that stands in no bracket; the `AND` of a `BETWEEN` joins nothing.
fn split<'w>(words: &'w [String], by: &str) -> Vec<&'w [String]> {
    let (mut parts, mut from, mut depth, mut between) = (Vec::new(), 0, 0i32, false);
    for (at, word) in words.iter().enumerate() {
        match word.as_str() {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ if depth != 0 => {}
            word if word.eq_ignore_ascii_case("BETWEEN") => between = true,
            word if between && word.eq_ignore_ascii_case("AND") => between = false,
            word if word.eq_ignore_ascii_case(by) => {
                parts.extend(words.get(from..at));
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(words.get(from..));
    parts
}

fn expression(words: &[String], depth: u32) -> Filter {
    let Some(deeper) = depth.checked_sub(1) else {
        return Filter::Hidden;
    };
    for (word, join) in [
        ("OR", Filter::Any as fn(Vec<Filter>) -> Filter),
        ("AND", Filter::All),
    ] {
        let parts = split(words, word);
        if parts.len() > 1 {
            return join(
                parts
                    .into_iter()
                    .map(|part| expression(part, deeper))
                    .collect(),
            );
        }
    }
    match words {
        [open, inner @ .., close] if open == "(" && close == ")" && closes_last(words) => {
            expression(inner, deeper)
        }
        [first, ..] if first.eq_ignore_ascii_case("NOT") => Filter::Open,
        _ => comparison(words),
    }
}

/// Whether the first bracket is closed by the last word.
fn closes_last(words: &[String]) -> bool {
    let mut depth = 0i32;
    let closed = words.iter().position(|word| {
        depth += i32::from(word == "(") - i32::from(word == ")");
        depth == 0
    });
    closed == Some(words.len() - 1)
}

fn comparison(words: &[String]) -> Filter {
    let sign = |word: &str| {
        matches!(
            word,
            "=" | "<"
                | ">"
                | "!"
                | "~"
                | "IN"
                | "LIKE"
                | "ILIKE"
                | "IS"
                | "BETWEEN"
                | "SIMILAR"
                | "REGEXP"
        )
    };
    let Some(at) = at_top(words, 0, sign) else {
        // `WHERE hot`: a column that is true or false.
        return match words {
            [only] if name(only).is_some() => Filter::Open,
            _ => Filter::Hidden,
        };
    };
    let (left, right) = words.split_at(at);
    let sign = right
        .first()
        .map(|word| word.to_ascii_uppercase())
        .unwrap_or_default();
    let right = right.get(1..).unwrap_or_default();
    let negated = left
        .last()
        .is_some_and(|word| word.eq_ignore_ascii_case("NOT"));
    match (sign.as_str(), right.first().map(String::as_str)) {
        ("=", _) => equal(left, right),
        ("IN", _) if !negated => listed(left, right),
        ("<", Some(">")) => Filter::Open,
        ("<" | ">", _) => column(
            left,
            How::Range,
            value(
                right
                    .get(usize::from(right.first().is_some_and(|w| w == "="))..)
                    .unwrap_or_default(),
            ),
        ),
        ("BETWEEN", _) if !negated => {
            column(left, How::Range, value(right.get(..1).unwrap_or_default()))
        }
        _ => Filter::Open,
    }
}

fn equal(left: &[String], right: &[String]) -> Filter {
    if right
        .first()
        .is_some_and(|word| word.eq_ignore_ascii_case("ANY"))
    {
        return column(left, How::OneOf, Some(false));
    }
    let named = left.iter().any(|word| name(word).is_some());
    match (value(left), value(right)) {
        (_, Some(constant)) if named => column(left, How::Equal, Some(constant)),
        (Some(constant), None) => column(right, How::Equal, Some(constant)),
        (None, None) => Filter::Open, // Two columns: a join.
        _ => Filter::Hidden,
    }
}

fn listed(left: &[String], right: &[String]) -> Filter {
    let items = match right {
        [open, items @ .., close] if open == "(" && close == ")" => items,
        _ => return column(left, How::OneOf, Some(false)),
    };
    let constant = items
        .iter()
        .filter(|word| *word != ",")
        .all(|word| constant(word));
    column(left, How::OneOf, Some(constant))
}

/// A comparison of the column that an expression names; nothing is known where it names none.
fn column(left: &[String], how: How, constant: Option<bool>) -> Filter {
    let named = left.iter().rev().find_map(|word| name(word));
    let (Some((of, column)), Some(constant)) = (named, constant) else {
        return Filter::Hidden;
    };
    Filter::Column(Compared {
        column,
        of,
        how,
        constant,
    })
}

/// Whether an expression is a value of the statement's caller, and if so, whether it is a constant.
fn value(words: &[String]) -> Option<bool> {
    let plain: &[String] = match words {
        // `$1::uuid`
        [head @ .., first, second, _ty] if first == ":" && second == ":" && !head.is_empty() => {
            head
        }
        _ => words,
    };
    match plain {
        [only] if constant(only) => Some(true),
        [only] if is_parameter(only) => Some(false),
        [sign, more] if sign == "?" && more.chars().all(|c| c.is_ascii_digit()) => Some(false),
        [sign, _] if matches!(sign.as_str(), ":" | "@" | "%") => Some(false),
        [sign, number] if sign == "-" && constant(number) => Some(true),
        // A call, a subquery, an expression of several: some value of the moment.
        [first, second, ..] if second == "(" && name(first).is_some() => Some(false),
        [first, _, ..] if first == "(" || is_parameter(first) || constant(first) => Some(false),
        [only]
            if ["CURRENT_USER", "CURRENT_DATE", "CURRENT_TIMESTAMP"]
                .contains(&only.to_uppercase().as_str()) =>
        {
            Some(false)
        }
        _ => None,
    }
}

fn is_parameter(word: &str) -> bool {
    word == "?" || word.starts_with('$') || is_spliced(word)
}

fn constant(word: &str) -> bool {
    word == "''"
        || word.starts_with(|c: char| c.is_ascii_digit())
        || ["TRUE", "FALSE", "NULL"]
            .iter()
            .any(|own| word.eq_ignore_ascii_case(own))
}

/// The table and the column of a name: `p.user_id`.
fn name(word: &str) -> Option<(Option<Name>, Name)> {
    if constant(word)
        || !word.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '"' | '`'))
    {
        return None;
    }
    let clean = |text: &str| Name::from(text.trim_matches(['"', '`']).to_lowercase());
    Some(match word.rsplit_once('.') {
        Some((of, column)) => (of.rsplit('.').next().map(clean), clean(column)),
        None => (None, clean(word)),
    })
}
