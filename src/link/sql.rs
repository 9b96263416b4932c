//! The little that is read from a SQL statement: what it does, to which table, and whether it is bounded.

use crate::model::Name;

/// A statement, as far as its words tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// It changes data or structure.
    pub writes: bool,
    /// The first table that it names.
    pub table: Option<Name>,
    /// The number of rows is limited (`LIMIT`, `FETCH FIRST`, `TOP`).
    pub limited: bool,
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
    fn finds_the_columns_of_a_filter() {
        let statement = Statement::read("select x from y where y.user_id = ? and b > 3 and c='d'");
        assert_eq!(
            statement.map(|s| s.filtered_by),
            Some(vec!["user_id".into(), "c".into()])
        );
    }
}
