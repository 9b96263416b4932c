//! What a rule is.
//!
//! What belongs here: the definition of a rule and the levels that it is judged by. What may not enter: how a rule is
//! matched, and what a framework means.

pub mod level;
