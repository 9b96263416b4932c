//! Prisma schemas: models become tables.

use crate::model::{Column, Name, Table};

/// Reads the models of a schema; lines that are not understood are passed over.
#[must_use]
pub fn lower(text: &str) -> Vec<Table> {
    let mut tables = Vec::new();
    let mut open: Option<Table> = None;
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or_default().trim();
        let mut words = line.split_whitespace();
        match (&mut open, words.next()) {
            (None, Some("model" | "view")) => {
                let name = words.next().unwrap_or_default().trim_end_matches('{');
                open = Some(Table {
                    name: name.into(),
                    stored_as: None,
                    columns: Vec::new(),
                    keys: Vec::new(),
                });
            }
            (Some(_), Some("}")) => tables.extend(open.take()),
            (Some(table), Some(word)) if word.starts_with("@@") => attribute(table, line),
            (Some(table), Some(name)) => {
                let ty = words.next().unwrap_or_default();
                let unique = line.contains("@id") || line.contains("@unique");
                table.columns.push(Column {
                    name: name.into(),
                    ty: ty.into(),
                    unique,
                });
            }
            _ => {}
        }
    }
    tables
}

/// `@@map("users")` names the stored table; `@@id([a, b])` and `@@unique(fields: [a, b])` name columns that are unique together.
fn attribute(table: &mut Table, line: &str) {
    if let Some(name) = line
        .strip_prefix("@@map(\"")
        .and_then(|rest| rest.split('"').next())
    {
        table.stored_as = Some(name.into());
    }
    let unique = ["@@unique(", "@@id("]
        .iter()
        .any(|head| line.starts_with(head));
    let list = line
        .split_once('[')
        .and_then(|(_, rest)| rest.split(']').next());
    if let Some(list) = list.filter(|_| unique) {
        // `a(sort: Desc)` and `a(ops: ..)` say how a column is indexed.
        let name = |part: &str| Name::new(part.split('(').next().unwrap_or(part).trim());
        table.add_key(list.split(',').map(name).collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_become_tables() {
        let text = "enum A {\n  X\n}\nmodel Book {\n  id String @id // key\n  ownerId String\n  isbn String\n  @@unique([isbn])\n  @@unique(fields: [ownerId, shelf(sort: Desc)], name: \"place\")\n  @@map(\"books\")\n}\n";
        let tables = lower(text);
        let [book] = tables.as_slice() else {
            panic!("{tables:?}")
        };
        assert_eq!(
            (book.name.as_str(), book.stored_as.as_deref()),
            ("Book", Some("books"))
        );
        let unique: Vec<_> = book
            .columns
            .iter()
            .map(|c| (c.name.as_str(), c.unique))
            .collect();
        assert_eq!(book.keys, [["ownerId", "shelf"]]);
        assert_eq!(unique, [("id", true), ("ownerId", false), ("isbn", true)]);
    }
}
