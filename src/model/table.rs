//! Tables: what a schema says about stored data.

use super::Name;

/// A table, model or collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name as code uses it.
    pub name: Name,
    /// The name that the database uses, where it differs.
    pub stored_as: Option<Name>,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Columns that are unique together, one list for each such key.
    pub keys: Vec<Vec<Name>>,
}

impl Table {
    /// Takes columns that are unique, alone or together.
    pub fn add_key(&mut self, key: Vec<Name>) {
        let mut own = self.columns.iter_mut();
        match (key.as_slice(), own.find(|c| key.first() == Some(&c.name))) {
            ([], _) => {}
            ([_], Some(column)) => column.unique = true,
            _ => self.keys.push(key),
        }
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: Name,
    /// Its type as written.
    pub ty: Name,
    /// At most one row has a value.
    pub unique: bool,
}
