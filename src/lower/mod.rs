//! From source text to the backend model, one file at a time.
//!
//! What belongs here: one room per language that turns a text into a [`crate::model::Module`]. What may not enter:
//! the disk, other files of the program, and what any framework means by the code.

pub mod rust;
