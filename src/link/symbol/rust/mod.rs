//! Paths of Rust: module trees, `use`, and what a path means in them.

mod path;
mod prelude;
mod tree;

pub(super) use tree::Tree;
