//! TypeScript and JavaScript: tree-sitter's tree, lowered into the model.
//!
//! What belongs here: what the syntax of the language means. What may not enter: other files, what a framework
//! means, rules, and the disk.
//!
//! A text becomes a module in four steps: [`parse`] reads it, [`tree`] keeps what is of interest, [`names`] finds
//! which variable each name stands for and which of them change, and [`build`] with its neighbours walks the tree
//! once and fills the module. Whatever has no place in the model becomes a gap; nothing fails.

mod assign;
mod block;
mod build;
mod call;
mod chain;
mod class;
mod env;
mod export;
mod expression;
mod forward;
mod function;
mod import;
mod jsx;
mod kind;
mod leave;
mod literal;
mod r#loop;
mod names;
mod operator;
mod parse;
mod pattern;
mod scope;
mod statement;
mod switch;
mod tree;
mod type_decl;
mod types;

#[cfg(test)]
mod tests;

use crate::model::{GapKind, Module};
use crate::source::{FileId, Span};

/// Which grammar reads a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// TypeScript without JSX, where `<T>x` is a type assertion.
    TypeScript,
    /// TypeScript with JSX; JavaScript of all kinds is read as that, too.
    Tsx,
}

impl Dialect {
    /// The dialect that a file's extension says; `None` if it is neither TypeScript nor JavaScript.
    #[must_use]
    pub fn of_path(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let (_, extension) = name.rsplit_once('.')?;
        match extension {
            "ts" | "mts" | "cts" => Some(Self::TypeScript),
            "tsx" | "js" | "jsx" | "mjs" | "cjs" => Some(Self::Tsx),
            _ => None,
        }
    }
}

/// Lowers one file. What cannot be expressed is in the module's gaps.
#[must_use]
pub fn lower(file: FileId, text: &str, dialect: Dialect) -> Module {
    let Some(parsed) = parse::parse(text, dialect) else {
        let mut module = build::empty_module(file);
        build::note_gap(
            &mut module,
            GapKind::Budget,
            Span::new(0, 0),
            "the parser was given up: it took too long",
        );
        return module;
    };
    build::lower_parsed(file, &parsed)
}
