//! Data through values and calls: what is read of the request, and what becomes of it.
//!
//! What belongs here: following values forward, across functions and files, and recording which checks they pass.
//! What may not enter: rules, and names of libraries (those are vocabulary).

mod bounded;
mod filter;
mod input;
mod read;
mod track;
mod uses;

pub use bounded::Bound;
pub use input::{Input, Inputs, Validation, validation};
pub use uses::Uses;
