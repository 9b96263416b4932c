//! Data through values and calls: what is read of the request, and what becomes of it.
//!
//! What belongs here: following values forward, across functions and files, and recording which checks they pass.
//! What may not enter: rules, and names of libraries (those are vocabulary).

mod bounded;
mod checks;
mod filter;
mod input;
mod limit;
mod read;
mod rows;
mod track;
mod uses;

pub use bounded::Bound;
pub use input::{Input, Inputs, Validation, link_validators, validation};
pub use rows::Rows;
pub use uses::Uses;
