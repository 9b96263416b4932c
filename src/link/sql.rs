//! The little that is read from a SQL statement: what it does, to which table, and whether it is bounded.

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
    /// The columns that the filter compares for equality, in lower case.
    pub filtered_by: Vec<Name>,
    /// The names between `SELECT` and `FROM`, and those of [`Self::filtered_by`].
    pub columns: Vec<Name>,
    /// It has a `WHERE`.
    pub filtered: bool,
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
            let at = words
                .iter()
                .position(|word| word.eq_ignore_ascii_case(key))?;
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
            filtered_by: equalities(&words),
            filtered: has(&words, "WHERE"),
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
        if c.is_alphanumeric() || matches!(c, '_' | '$' | '"' | '`') {
            word.push(c);
            while let Some(next) =
                chars.next_if(|n| n.is_alphanumeric() || matches!(n, '_' | '.' | '"' | '`'))
            {
                word.push(next);
            }
        } else if c == '\'' {
            for next in chars.by_ref() {
                if next == '\'' {
                    break;
                }
            }
            word.push_str("''");
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
    let next = words
        .get(select + 1)
        .map(|w| w.to_uppercase())
        .unwrap_or_default();
    let aggregate = matches!(
        next.as_str(),
        "COUNT" | "SUM" | "AVG" | "MIN" | "MAX" | "EXISTS" | "1"
    );
    aggregate && !has(words, "GROUP")
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
    use super::*;

    #[test]
    fn reads_what_a_statement_does() {
        let read = |text| {
            Statement::read(text).map(|s| (s.writes, s.table, s.limited, s.aggregate, s.filtered))
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
    fn finds_the_columns_of_a_filter() {
        let statement = Statement::read("select x from y where y.user_id = ? and b > 3 and c='d'");
        assert_eq!(
            statement.map(|s| s.filtered_by),
            Some(vec!["user_id".into(), "c".into()])
        );
    }
}
