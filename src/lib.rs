//! backlint holds backend code in TypeScript, JavaScript and Rust against the rules that coding agents are given.
//!
//! The rooms and what flows through them are described in `ARCHITECTURE.md`. The library exports little on
//! purpose: the command line is the contract.

pub mod check;
mod embedded;
pub mod kinds;
pub mod lower;
pub mod model;
pub mod rule;
pub mod source;
pub mod vocabulary;
