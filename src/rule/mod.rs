//! What a rule is.

pub mod level;
