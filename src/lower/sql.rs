//! SQL migrations: `CREATE TABLE` becomes a table.

use crate::model::{Column, Table};

/// Words that start a constraint instead of a column.
const CONSTRAINTS: [&str; 9] = [
    "PRIMARY",
    "UNIQUE",
    "CONSTRAINT",
    "FOREIGN",
    "CHECK",
    "INDEX",
    "KEY",
    "EXCLUDE",
    "LIKE",
];

/// Reads the tables of a migration; what is not understood is passed over.
#[must_use]
pub fn lower(text: &str) -> Vec<Table> {
    let plain: String = text
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
    let upper = plain.to_ascii_uppercase();
    let mut tables = Vec::new();
    let mut rest = 0;
    while let Some(table) = next_table(&plain, &upper, rest) {
        let (head, columns, end) = table;
        let name = head.split_whitespace().last().unwrap_or_default();
        let columns = parts(columns).into_iter().filter_map(column).collect();
        tables.push(Table {
            name: clean(name).into(),
            stored_as: None,
            columns,
        });
        rest = end;
    }
    tables
}

/// The head and the columns of the next `CREATE TABLE` from a place on, and where it ends.
fn next_table<'t>(plain: &'t str, upper: &str, from: usize) -> Option<(&'t str, &'t str, usize)> {
    const WORDS: &str = "CREATE TABLE";
    let start = from + upper.get(from..)?.find(WORDS)? + WORDS.len();
    let open = start + plain.get(start..)?.find('(')?;
    let close = closing(plain, open)?;
    Some((plain.get(start..open)?, plain.get(open + 1..close)?, close))
}

/// Where the bracket that opens at `open` is closed.
fn closing(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate().skip(open) {
        match byte {
            b'(' => depth += 1,
            b')' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// The parts between commas that stand in no bracket.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut from) = (Vec::new(), 0i32, 0);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            b',' if depth == 0 => {
                parts.extend(text.get(from..at));
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(text.get(from..));
    parts
}

fn column(part: &str) -> Option<Column> {
    let mut words = part.split_whitespace();
    let name = words.next()?;
    if CONSTRAINTS.contains(&name.to_ascii_uppercase().as_str()) {
        return None;
    }
    let upper = part.to_ascii_uppercase();
    let unique = upper.contains("PRIMARY KEY") || upper.contains(" UNIQUE");
    Some(Column {
        name: clean(name).into(),
        ty: words.next().unwrap_or_default().into(),
        unique,
    })
}

fn clean(name: &str) -> &str {
    name.rsplit('.')
        .next()
        .unwrap_or(name)
        .trim_matches(['"', '`', '[', ']'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn create_table_becomes_a_table() {
        let text = "-- old\ncreate table if not exists public.\"book\" (id uuid primary key, price numeric(10, 2),\n owner_id uuid, unique (price));";
        let tables = lower(text);
        let [book] = tables.as_slice() else {
            panic!("{tables:?}")
        };
        assert_eq!(book.name, "book");
        let columns: Vec<_> = book
            .columns
            .iter()
            .map(|c| (c.name.as_str(), c.unique))
            .collect();
        assert_eq!(
            columns,
            [("id", true), ("price", false), ("owner_id", false)]
        );
    }

    #[test]
    fn broken_text_is_passed_over() {
        assert!(lower("CREATE TABLE x (a int").is_empty());
        assert!(lower("CREATE TABLE").is_empty());
    }
}
