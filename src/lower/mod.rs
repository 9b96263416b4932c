//! The two languages, each lowered into the one model, file by file.
//!
//! What belongs here: parsing and what a syntax means. What may not enter: other files, what a framework means,
//! rules, and the disk.

pub mod rust;
pub mod typescript;
