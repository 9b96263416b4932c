//! What libraries mean: loads `rules/vocabulary/*.toml` and answers what a path is.
//!
//! What belongs here: the file format, its loader, paths, positions and look-ups. What may not enter: rules, and any
//! name of a library (those live in the files).

mod rows;
