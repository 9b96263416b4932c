//! SQL migrations: `CREATE TABLE` becomes a table.

use crate::model::{Column, Name, Table};

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
        let listed = parts(columns);
        let mut table = Table {
            name: clean(name).into(),
            stored_as: None,
            columns: listed.iter().filter_map(|part| column(part)).collect(),
            keys: Vec::new(),
        };
        listed
            .iter()
            .filter_map(|part| constraint(part))
            .for_each(|key| table.add_key(key));
        tables.push(table);
        rest = end;
    }
    tables.extend(plain.split(';').filter_map(added_key));
    tables
}

/// The columns of `PRIMARY KEY (a, b)` and `CONSTRAINT x UNIQUE (a, b)`.
fn constraint(part: &str) -> Option<Vec<Name>> {
    let (head, rest) = part.split_once('(')?;
    let head = head.to_ascii_uppercase();
    let mut words = head.split_whitespace();
    let first = words.next().filter(|word| CONSTRAINTS.contains(word))?;
    let last = words.last().unwrap_or(first);
    let keyed = head.contains("PRIMARY KEY") || head.contains("UNIQUE");
    // `UNIQUE KEY name (a, b)` of MySQL; a check or a foreign key is no key.
    let is_key = keyed && !["CHECK", "REFERENCES", "EXCLUDE"].contains(&last);
    let list = rest.split(')').next().filter(|_| is_key)?;
    Some(names(list))
}

/// The keys that statements of their own add: `CREATE UNIQUE INDEX x ON t (a, b)`, `ALTER TABLE t ADD CONSTRAINT x UNIQUE (a)`. The table
/// may stand in another file.
fn added_key(statement: &str) -> Option<Table> {
    let upper = statement.to_ascii_uppercase();
    let head = upper.trim_start();
    let after = |word: &str| {
        let at = upper.find(word)? + word.len();
        statement.get(at..)
    };
    let (rest, loud) = if head.starts_with("CREATE UNIQUE INDEX") {
        (after(" ON ")?, upper.contains("WHERE"))
    } else if head.starts_with("ALTER TABLE") {
        let adds = upper.contains(" UNIQUE") || upper.contains(" PRIMARY KEY");
        (after("ALTER TABLE")?, !adds || !upper.contains(" ADD "))
    } else {
        return None;
    };
    // An index over a part of the rows, or over an expression, says nothing of all rows.
    let (before, list) = rest.split_once('(').filter(|_| !loud)?;
    let list = list.split(')').next().filter(|list| !list.contains('('))?;
    let skipped = ["IF", "EXISTS", "ONLY"];
    let name = before
        .split_whitespace()
        .find(|word| !skipped.contains(&word.to_ascii_uppercase().as_str()))?;
    Some(Table {
        name: clean(name).into(),
        stored_as: None,
        columns: Vec::new(),
        keys: vec![names(list)]
            .into_iter()
            .filter(|key| !key.is_empty())
            .collect(),
    })
}

fn names(list: &str) -> Vec<Name> {
    let first = |part: &str| {
        part.split_whitespace()
            .next()
            .map(|name| clean(name).into())
    };
    list.split(',').filter_map(first).collect()
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
            [("id", true), ("price", true), ("owner_id", false)]
        );
    }

    #[test]
    fn keys_over_several_columns_are_kept() {
        let text = "CREATE TABLE a (x int, y int, z text, CONSTRAINT k UNIQUE (x, \"y\"), FOREIGN KEY (x) REFERENCES b (x));\n\
            CREATE UNIQUE INDEX i ON public.a USING btree (z);\nCREATE UNIQUE INDEX j ON a (x) WHERE y > 1;";
        let tables = lower(text);
        let keys: Vec<_> = tables
            .iter()
            .map(|table| (table.name.as_str(), table.keys.clone()))
            .collect();
        assert_eq!(
            keys,
            [
                ("a", vec![vec!["x".into(), "y".into()]]),
                ("a", vec![vec!["z".into()]])
            ]
        );
    }

    #[test]
    fn broken_text_is_passed_over() {
        assert!(lower("CREATE TABLE x (a int").is_empty());
        assert!(lower("CREATE TABLE").is_empty());
    }
}
