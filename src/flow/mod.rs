//! Data through values and calls: what is read of the request, and what becomes of it.
//!
//! What belongs here: following values forward, across functions and files, and recording which checks they pass.
//! What may not enter: rules, and names of libraries (those are vocabulary).

mod barred;
mod bounded;
mod checks;
mod covered;
mod fate;
mod filter;
mod input;
mod limit;
mod read;
mod rows;
mod taken;
mod tested;
mod token;
mod track;
mod uses;

pub use bounded::Bound;
pub use fate::{Fate, Taken};
pub use input::{Input, Inputs, Part, Validation};
pub use rows::Rows;
pub use uses::Uses;
