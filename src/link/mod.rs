//! Makes one program of the modules.
//!
//! What belongs here: whatever needs more than one file. What may not enter: names of frameworks and rules, the disk.

#[cfg(test)]
mod draft;
pub mod import;
pub mod place;
pub mod symbol;
