//! What the language itself and its standard library mean by a name.
//!
//! What belongs here: names of the prelude and of macros that change control flow. What may not enter: names of
//! frameworks; those are vocabulary.

/// Constructors of `Option` and `Result`: a `match` over them is a chain of branches.
pub(super) fn is_option_or_result(name: &str) -> bool {
    matches!(name, SOME | NONE | OK | ERR)
}

/// `Some`
pub(super) const SOME: &str = "Some";
/// `None`
pub(super) const NONE: &str = "None";
/// `Ok`
pub(super) const OK: &str = "Ok";
/// `Err`
pub(super) const ERR: &str = "Err";

/// How a macro changes control flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Control {
    /// It panics.
    Panics,
    /// It returns an error.
    Returns,
    /// It panics if its first argument is false.
    PanicsUnless,
    /// It returns an error if its first argument is false.
    ReturnsUnless,
}

/// How the macro of this name changes control flow, if it does.
pub(super) fn control(macro_name: &str) -> Option<Control> {
    Some(match macro_name {
        "panic" | "unreachable" | "todo" | "unimplemented" => Control::Panics,
        "assert" => Control::PanicsUnless,
        "bail" => Control::Returns,
        "ensure" => Control::ReturnsUnless,
        _ => return None,
    })
}

/// Whether a call of this path ends the process.
pub(super) fn exits(path: &[crate::model::Name]) -> bool {
    match path {
        [.., module, function] => {
            matches!(
                format!("{module}::{function}").as_str(),
                "process::exit" | "process::abort"
            )
        }
        _ => false,
    }
}

/// Whether a call of this path only pins its argument.
pub(super) fn pins(path: &[crate::model::Name]) -> bool {
    matches!(path, [.., owner, function] if owner == "Box" && function == "pin")
}

/// Whether an identifier in a pattern is a constant or variant rather than a new name.
pub(super) fn is_constant(name: &str) -> bool {
    name.chars().next().is_some_and(char::is_uppercase)
}
