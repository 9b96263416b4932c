//! What the tests that run the program share: folders, fixtures and their marks.
#![allow(
    dead_code,
    reason = "every test is a crate of its own, and needs a part of this"
)]

pub(crate) mod code;
pub(crate) mod fixture;
pub(crate) mod folder;
pub(crate) mod mark;
pub(crate) mod recipe;
