//! Source text becomes the model, file by file.
//!
//! What belongs here: everything that knows a parser, and schemas. What may not enter: vocabulary, rules, other files, the
//! disk.

use crate::model::{Module, Table};
use crate::source::FileId;

pub mod prisma;
pub mod rust;
pub mod sql;
pub mod typescript;

/// Lowers a source file by its ending.
#[must_use]
pub fn lower(file: FileId, path: &str, text: &str) -> Module {
    match typescript::Dialect::of_path(path) {
        Some(dialect) => typescript::lower(file, text, dialect),
        None => rust::lower(file, text),
    }
}

/// Reads the tables of a schema by the ending of its file.
#[must_use]
pub fn schema(path: &str, text: &str) -> Vec<Table> {
    if path.ends_with(".sql") {
        sql::lower(text)
    } else {
        prisma::lower(text)
    }
}
