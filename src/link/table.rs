//! Tables by the names that code uses for them, and whether their rows belong to somebody.

use super::Program;
use super::effect::Effect;
use super::sql as statement;
use crate::model::{Column, Name, Table};
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;

/// How many keys of a table that stands in many files are kept.
const KEYS: usize = 64;

/// The tables of all schemas.
#[derive(Debug, Default)]
pub struct Tables {
    by_name: FxHashMap<String, Table>,
}

impl Tables {
    /// Makes tables known by both of their names; of two with one name the first counts.
    #[must_use]
    pub fn new(found: Vec<Table>) -> Self {
        let mut tables = Self::default();
        for table in found {
            let stored = table.stored_as.as_deref().map(key);
            tables.add(key(&table.name), table.clone());
            if let Some(stored) = stored {
                tables.add(stored, table);
            }
        }
        tables
    }

    /// Adds a table, or what another place says about one that is known: an index that a later migration makes.
    fn add(&mut self, name: String, table: Table) {
        match self.by_name.entry(name) {
            Entry::Vacant(free) => {
                free.insert(table);
            }
            Entry::Occupied(mut known) => {
                let known = known.get_mut();
                if known.columns.is_empty() {
                    known.columns = table.columns;
                }
                let free = KEYS.saturating_sub(known.keys.len());
                known.keys.extend(table.keys.into_iter().take(free));
            }
        }
    }

    /// A table by the name that code uses.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Table> {
        self.by_name.get(&key(name))
    }
}

/// Whether at most one row of a table has the same values in all of these columns. Where no schema is in sight, that is so of what
/// is called `id`.
#[must_use]
pub fn is_unique(table: Option<&Table>, columns: &[Name]) -> bool {
    let names: Vec<String> = columns.iter().map(|column| key(column)).collect();
    let has = |column: &Name| names.contains(&key(column));
    let Some(table) = table else {
        return names.iter().any(|name| name == "id" || name == "uuid");
    };
    let alone = |column: &Column| column.unique || key(&column.name) == "id";
    let single = table.columns.iter().any(|c| alone(c) && has(&c.name));
    // A table of which only keys are known.
    let hidden = table.columns.is_empty() && names.iter().any(|name| name == "id");
    single || hidden || table.keys.iter().any(|key| key.iter().all(has))
}

/// Whether two names are the same but for case and `_`.
#[must_use]
pub fn same_name(left: &str, right: &str) -> bool {
    key(left) == key(right)
}

/// Names are compared without case and `_`.
fn key(name: &str) -> String {
    name.chars()
        .filter(|c| *c != '_')
        .flat_map(char::to_lowercase)
        .collect()
}

impl Program<'_> {
    /// Whether the rows that an effect touches belong to somebody: the table is keyed by a user or tenant, or has sensitive columns.
    /// A table without a schema in sight is nobody's.
    #[must_use]
    pub fn is_private(&self, effect: &Effect) -> bool {
        self.has_column(
            effect,
            &["owner-column", "tenant-column", "sensitive-column"],
        )
    }

    /// Whether the rows that an effect touches are kept for each user or tenant.
    #[must_use]
    pub fn is_owned(&self, effect: &Effect) -> bool {
        self.has_column(effect, &["owner-column", "tenant-column"])
    }

    fn has_column(&self, effect: &Effect, kinds: &[&str]) -> bool {
        let names = &self.vocabulary.names;
        let is = |column: &Name| kinds.iter().any(|kind| names.matches(kind, column));
        if self.named_columns(effect).iter().any(is) {
            return true;
        }
        let table = effect.table.as_ref().and_then(|name| self.tables.get(name));
        table.is_some_and(|table| table.columns.iter().any(|column| is(&column.name)))
    }

    /// The columns that the SQL text of an effect names.
    fn named_columns(&self, effect: &Effect) -> Vec<Name> {
        let Some((_, matched)) = self.read_effect(effect.at) else {
            return Vec::new();
        };
        let Some(position) = &matched.row.sql else {
            return Vec::new();
        };
        let text = self
            .at_position(effect.at, position)
            .into_iter()
            .find_map(|node| self.sql_text(node));
        text.as_deref()
            .and_then(statement::Statement::read)
            .map(|statement| statement.columns)
            .unwrap_or_default()
    }
}
