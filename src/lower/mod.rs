//! Source text becomes the model, file by file.
//!
//! What belongs here: everything that knows a parser, and schemas. What may not enter: vocabulary, rules, other files, the
//! disk.

pub mod prisma;
pub mod sql;
pub mod typescript;
