//! Rust, read by syn.
//!
//! What belongs here: turning one Rust file into a [`Module`]. What may not enter: other files, and what a framework or rule
//! means; macros and attributes are known by their shape, not by their name.
//!
//! Some of the model's choices for Rust:
//!
//! * References, dereferences and parentheses are transparent; `Some(x)` and `Ok(x)` in patterns, and `x?`, are
//!   [`crate::model::ValueKind::Unwrap`]; `Err(e)` is the member `Err`.
//! * An `async` block is a scope of the function it stands in.
//! * A `match` that asks for Option or Result is a chain of branches.

mod assigned;
mod attr;
mod call;
mod control;
mod decl;
mod emit;
mod env;
mod expr;
mod format;
mod grammar;
mod item;
mod lexer;
mod loops;
mod macros;
mod names;
mod pattern;
mod place;
mod scan;
mod span;
mod state;
mod types;
mod uses;

#[cfg(test)]
mod tests;

use crate::model::{Gap, GapKind, Language, Module, Name};
use crate::source::{FileId, Span};
use state::Lower;

/// Lowers a Rust file. What cannot be expressed is a gap; nothing makes it fail.
#[must_use]
pub fn lower(file: FileId, text: &str) -> Module {
    let base = prefix(text);
    let code = text.get(base..).unwrap_or("");
    let scan = scan::scan(code, base);
    let mut module = empty(file);
    module.comments = scan.comments;
    if let Some(span) = scan.too_deep {
        module.gaps.push(Gap {
            kind: GapKind::TooDeep,
            span,
            message: Name::new_static("nested too deeply to be parsed"),
        });
        return Lower::new(module, text, base).module;
    }
    let module = parse(module, text, base);
    // Positions are kept per thread until they are given back.
    proc_macro2::extra::invalidate_current_thread_spans();
    module
}

fn parse(module: Module, text: &str, base: usize) -> Module {
    let mut lower = Lower::new(module, text, base);
    match syn::parse_str::<syn::File>(text.get(base..).unwrap_or("")) {
        Ok(file) => {
            let whole = Span::new(base, text.len());
            lower.note_test(&file.attrs, whole);
            lower.items(&file.items);
        }
        Err(error) => {
            let span = lower.at.token(error.span());
            lower.gap(GapKind::SyntaxError, span, error.to_string());
        }
    }
    lower.module
}

/// Bytes in front of the code: a byte order mark and a `#!` line. The parser would drop them, and shift all positions.
fn prefix(text: &str) -> usize {
    let mark = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let code = text.get(mark..).unwrap_or("");
    let Some(line) = code.strip_prefix("#!") else {
        return mark;
    };
    // `#![..]` is an attribute, whatever stands between the two.
    let mut tokens = lexer::Lexer::new(line).filter(|(token, _)| *token != lexer::Token::Comment);
    if matches!(tokens.next(), Some((lexer::Token::Open(b'['), _))) {
        return mark;
    }
    mark + code.find('\n').unwrap_or(code.len())
}

fn empty(file: FileId) -> Module {
    Module {
        file,
        language: Language::Rust,
        functions: Vec::new(),
        values: Vec::new(),
        calls: Vec::new(),
        stores: Vec::new(),
        blocks: Vec::new(),
        bindings: Vec::new(),
        imports: Vec::new(),
        exports: Vec::new(),
        types: Vec::new(),
        child_modules: Vec::new(),
        directives: Vec::new(),
        comments: Vec::new(),
        test_spans: Vec::new(),
        has_jsx: false,
        gaps: Vec::new(),
    }
}
