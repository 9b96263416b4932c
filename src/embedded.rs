//! The files of `rules/` that the build embeds, as lists of (path, text) in the order of their paths.
//!
//! What belongs here: what `build.rs` writes, nothing else.

include!(concat!(env!("OUT_DIR"), "/rules.rs"));
