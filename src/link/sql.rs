//! The little that is read from a SQL statement: what it does, to which table, and whether it is bounded.

use super::filter::Filter;
use super::sql_filter;
use crate::model::Name;

/// Stands in a statement's text for a value that is put into it.
pub const SPLICED: char = '\u{fffc}';

/// Where the number of a limit comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Count {
    /// It stands in the text, or cannot be told.
    Written,
    /// The value that is put into the text, by its place among all such.
    Spliced(usize),
    /// The value that is bound, by its place among all such.
    Bound(usize),
    /// The value that is bound by this name.
    Named(Name),
}

/// A statement, as far as its words tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// It changes data or structure.
    pub writes: bool,
    /// The first table that it names.
    pub table: Option<Name>,
    /// The number of rows is limited (`LIMIT`, `FETCH FIRST`, `TOP`).
    pub limited: bool,
    /// The number of the limit.
    pub count: Option<Count>,
    /// It yields one row whatever is stored (aggregates without `GROUP BY`, `EXISTS`).
    pub aggregate: bool,
    /// What it filters by.
    pub filter: Filter,
    /// The names between `SELECT` and `FROM`, and those that are compared for equality, in lower case.
    pub columns: Vec<Name>,
    /// Its rows are groups of stored rows.
    pub grouped: bool,
    /// Clauses of it are put in at run time.
    pub put_together: bool,
}

impl Statement {
    /// Reads a statement; `None` if the text is none.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let words = words(text);
        let first = words
            .iter()
            .find(|word| word.as_str() != "(")?
            .to_uppercase();
        let writes = match first.as_str() {
            "SELECT" | "SHOW" | "EXPLAIN" | "VALUES" | "PRAGMA" => false,
            "WITH" => has(&words, "INSERT") || has(&words, "UPDATE") || has(&words, "DELETE"),
            "INSERT" | "UPDATE" | "DELETE" | "REPLACE" | "MERGE" | "TRUNCATE" | "DROP"
            | "ALTER" | "CREATE" | "CALL" => true,
            _ => return None,
        };
        let after = |key: &str| {
            let at = sql_filter::at_top(&words, 0, |word| word == key)
                .or_else(|| words.iter().position(|word| word.eq_ignore_ascii_case(key)))?;
            words
                .get(at + 1)
                .filter(|name| is_name(name))
                .map(|name| clean(name))
        };
        let table = match first.as_str() {
            "INSERT" | "REPLACE" | "MERGE" => after("INTO"),
            "UPDATE" => after("UPDATE"),
            _ => after("FROM"),
        };
        let limited = has(&words, "LIMIT") || has(&words, "FETCH") || has(&words, "TOP");
        Some(Self {
            writes,
            table,
            limited,
            count: count(&words),
            aggregate: is_aggregate(&words),
            columns: columns(&words),
            filter: sql_filter::read(&words).of_table(alias(&words).as_ref()),
            grouped: has(&words, "GROUP"),
            put_together: sql_filter::is_put_together(&words),
        })
    }
}

fn has(words: &[String], key: &str) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(key))
}

/// Names, numbers, quoted texts (as `''`) and single signs.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let mut word = String::new();
        if c == '-' && chars.next_if_eq(&'-').is_some() {
            chars.by_ref().find(|next| *next == '\n');
            continue;
        }
        if c == '/' && chars.next_if_eq(&'*').is_some() {
            let mut last = ' ';
            chars
                .by_ref()
                .find(|next| std::mem::replace(&mut last, *next) == '*' && *next == '/');
            continue;
        }
        if c.is_alphanumeric() || matches!(c, '_' | '$' | '"' | '`') {
            word.push(c);
            while let Some(next) =
                chars.next_if(|n| n.is_alphanumeric() || matches!(n, '_' | '.' | '"' | '`'))
            {
                word.push(next);
            }
        } else if c == '\'' {
            let quoted = chars.by_ref().take_while(|next| *next != '\'');
            // A text that holds what is put in is no constant.
            if quoted.fold(false, |found, next| found | (next == SPLICED)) {
                word.push(SPLICED);
            } else {
                word.push_str("''");
            }
        } else if !c.is_whitespace() {
            word.push(c);
        }
        if !word.is_empty() {
            words.push(word);
        }
    }
    words
}

/// The number that the outermost `LIMIT` has.
fn count(words: &[String]) -> Option<Count> {
    let mut depth = 0_u32;
    let mut limit = None;
    for (at, word) in words.iter().enumerate() {
        match word.as_str() {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            word if depth == 0 && word.eq_ignore_ascii_case("LIMIT") => limit = Some(at + 1),
            _ => {}
        }
    }
    let mut at = limit?;
    // `LIMIT offset, count`
    if words.get(at + 1).is_some_and(|word| word == ",") {
        at += 2;
    }
    let before = |sign: &str| words.iter().take(at).filter(|word| *word == sign).count();
    let spliced = String::from(SPLICED);
    let next = words.get(at + 1);
    Some(match words.get(at)?.as_str() {
        word if *word == spliced => Count::Spliced(before(&spliced)),
        "?" => match next.and_then(|number| number.parse::<usize>().ok()) {
            Some(number) => Count::Bound(number.saturating_sub(1)),
            None => Count::Bound(before("?")),
        },
        ":" | "@" => next.map_or(Count::Written, |name| Count::Named(name.into())),
        word => match word.strip_prefix('$') {
            Some(name) => match name.parse::<usize>() {
                Ok(number) => Count::Bound(number.saturating_sub(1)),
                Err(_) => Count::Named(name.into()),
            },
            None => Count::Written,
        },
    })
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '"' | '`'))
}

fn clean(word: &str) -> Name {
    let last = word.rsplit('.').next().unwrap_or(word);
    last.trim_matches(['"', '`']).to_lowercase().into()
}

/// Whether the select list holds aggregates only and nothing is grouped.
fn is_aggregate(words: &[String]) -> bool {
    let Some(select) = words.iter().position(|w| w.eq_ignore_ascii_case("SELECT")) else {
        return false;
    };
    let mut selected = words.iter().skip(select + 1);
    let next = selected
        .find(|word| word.as_str() != "(")
        .map(|word| word.to_uppercase())
        .unwrap_or_default();
    let aggregate = matches!(
        next.as_str(),
        "COUNT" | "SUM" | "AVG" | "MIN" | "MAX" | "EXISTS" | "1" | "BOOL_OR" | "BOOL_AND"
    );
    aggregate && !has(words, "GROUP")
}

/// What stands for the first table in the filter: `p` of `FROM posts AS p`.
fn alias(words: &[String]) -> Option<Name> {
    let from = sql_filter::at_top(words, 0, |word| word == "FROM")?;
    let mut after = words.iter().skip(from + 2);
    let next = after.find(|word| !word.eq_ignore_ascii_case("AS"))?;
    let keyword = [
        "WHERE", "JOIN", "LEFT", "RIGHT", "INNER", "OUTER", "CROSS", "FULL", "NATURAL", "ORDER",
        "GROUP", "LIMIT",
    ];
    let is_keyword = keyword.iter().any(|own| next.eq_ignore_ascii_case(own));
    (is_name(next) && !is_keyword).then(|| clean(next))
}

fn columns(words: &[String]) -> Vec<Name> {
    let selected = words
        .iter()
        .skip(1)
        .take_while(|word| !word.eq_ignore_ascii_case("FROM"));
    let mut names: Vec<Name> = selected
        .filter(|word| is_name(word))
        .map(|word| clean(word))
        .collect();
    names.extend(equalities(words));
    names
}

/// The names on the left of `=` after `WHERE`.
fn equalities(words: &[String]) -> Vec<Name> {
    let Some(start) = words.iter().position(|w| w.eq_ignore_ascii_case("WHERE")) else {
        return Vec::new();
    };
    let filter = &words[start..];
    filter
        .windows(2)
        .filter(|pair| pair[1] == "=" && is_name(&pair[0]))
        .map(|pair| clean(&pair[0]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::filter::{Compared, How};
    use super::*;

    #[test]
    fn reads_what_a_statement_does() {
        let read = |text| {
            Statement::read(text).map(|s| {
                (
                    s.writes,
                    s.table,
                    s.limited,
                    s.aggregate,
                    s.filter != Filter::Open,
                )
            })
        };
        let name = |text| Some(Name::new(text));
        assert_eq!(
            read("select * from Users"),
            Some((false, name("users"), false, false, false))
        );
        assert_eq!(
            read("SELECT a FROM s.\"t\" WHERE id = $1 LIMIT 5"),
            Some((false, name("t"), true, false, true))
        );
        assert_eq!(
            read("insert into x(a) values ('from y')"),
            Some((true, name("x"), false, false, false))
        );
        assert_eq!(
            read("SELECT count(*) FROM x"),
            Some((false, name("x"), false, true, false))
        );
        assert_eq!(read("hello world"), None);
    }

    #[test]
    fn finds_where_the_number_of_a_limit_comes_from() {
        let read = |text: &str| Statement::read(text).and_then(|statement| statement.count);
        assert_eq!(read("select a from b where c = ?"), None);
        assert_eq!(read("select a from b limit 5"), Some(Count::Written));
        assert_eq!(
            read("select a from b where c = $1 limit $2"),
            Some(Count::Bound(1))
        );
        assert_eq!(
            read("select a from b where c = ? limit ?, ?"),
            Some(Count::Bound(2))
        );
        assert_eq!(
            read("select a from b limit :n offset :m"),
            Some(Count::Named("n".into()))
        );
        assert_eq!(
            read("select a from (select a from b limit $1) limit \u{fffc}"),
            Some(Count::Spliced(0))
        );
        assert_eq!(
            read("select a from b limit least($1, 100)"),
            Some(Count::Written)
        );
    }

    #[test]
    fn reads_what_a_filter_compares() {
        let column = |of: Option<&str>, name: &str, how, constant| {
            Filter::Column(Compared {
                column: name.into(),
                of: of.map(Name::new),
                how,
                constant,
            })
        };
        let filter = |text: &str| {
            Statement::read(&format!("SELECT x FROM y WHERE {text}")).map(|s| s.filter)
        };
        for (text, expected) in [
            (
                "y.user_id = ? ORDER BY x",
                column(Some("y"), "user_id", How::Equal, false),
            ),
            ("$1 = b", column(None, "b", How::Equal, false)),
            ("c='d'", column(None, "c", How::Equal, true)),
            ("(b IN (1, 2))", column(None, "b", How::OneOf, true)),
            ("b = ANY($1::uuid[])", column(None, "b", How::OneOf, false)),
            ("b BETWEEN ? AND ?", column(None, "b", How::Range, false)),
            (
                "lower(email) = $1::text",
                column(None, "email", How::Equal, false),
            ),
            ("a.id = b.a_id", Filter::Open),
            ("b <> $1", Filter::Open),
            ("NOT id = 1", Filter::Open),
            ("b IS NULL", Filter::Open),
            ("\u{fffc}", Filter::Hidden),
            ("c = '\u{fffc}'", column(None, "c", How::Equal, false)),
            ("exists (select 1 from z where z.id = $1)", Filter::Hidden),
            (
                "a = 1 AND (b > 2 OR b = :b)",
                Filter::All(vec![
                    column(None, "a", How::Equal, true),
                    Filter::Any(vec![
                        column(None, "b", How::Range, true),
                        column(None, "b", How::Equal, false),
                    ]),
                ]),
            ),
        ] {
            assert_eq!(filter(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn clauses_that_are_put_in_are_seen() {
        let put = |text| Statement::read(text).map(|s| s.put_together);
        assert_eq!(
            put("SELECT a FROM b WHERE c = \u{fffc} AND d IN (\u{fffc}, ?) LIMIT ?"),
            Some(false)
        );
        assert_eq!(
            put("SELECT a FROM \u{fffc} WHERE c BETWEEN \u{fffc} AND \u{fffc}"),
            Some(false)
        );
        assert_eq!(put("SELECT a FROM b WHERE \u{fffc}"), Some(true));
        assert_eq!(put("SELECT a FROM b \u{fffc} ORDER BY c"), Some(true));
        assert_eq!(put("SELECT a FROM b WHERE c = ? \u{fffc}"), Some(true));
    }

    #[test]
    fn comments_hold_no_words() {
        let text =
            "SELECT (SELECT 1 FROM z), -- it's FROM nobody\n a /* LIMIT 5 */ FROM b WHERE c = $1";
        let read = Statement::read(text).map(|s| (s.table, s.limited, s.filter != Filter::Open));
        assert_eq!(read, Some((Some("b".into()), false, true)));
    }

    #[test]
    fn brackets_and_joins_of_any_depth_end() {
        let deep = format!(
            "SELECT a FROM b WHERE {}c = 1{}",
            "(".repeat(5_000),
            ")".repeat(5_000)
        );
        assert!(Statement::read(&deep).is_some());
        let wide = format!(
            "SELECT a FROM b WHERE {}",
            "c = 1 AND d = ? OR ".repeat(5_000)
        );
        assert!(Statement::read(&wide).is_some());
    }
}
