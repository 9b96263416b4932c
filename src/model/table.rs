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
