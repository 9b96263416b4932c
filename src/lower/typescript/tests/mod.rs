//! What the syntax of TypeScript becomes.

use super::{Dialect, lower};
use crate::model::Module;
use crate::source::FileId;

fn ts(text: &str) -> Module {
    lower(FileId(0), text, Dialect::TypeScript)
}

fn tsx(text: &str) -> Module {
    lower(FileId(0), text, Dialect::Tsx)
}

#[test]
fn peek() {
    let text = std::fs::read_to_string("/tmp/peek.ts").unwrap();
    println!("{}", ts(&text).dump());
}
