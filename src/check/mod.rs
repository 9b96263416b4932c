//! Matchers: what rules can ask of a program, one file or folder per kind of question.
//!
//! What belongs here: finding the places that answer a matcher's question. What may not enter: names of
//! libraries and rules, which are data, and how a finding is shown.

pub mod literal;
