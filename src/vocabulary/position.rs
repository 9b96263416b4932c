//! Positions at a call or in a type.
//!
//! ```text
//! position = ["!"] root {step}
//! root     = this | return | returns | type | link | value
//!          | arg N | arg-1 (the last) | arg* (all) | arg N ".." (from N on)
//!          | chain.<name>.arg N    (argument N of the call of <name> on the receiver's chain)
//! step     = "." key | "[]" | ".[]" | ".param" N | ".return"
//! ```

use crate::model::Name;
use serde::Deserialize;
use std::fmt;

pub use super::when::{ArgCount, Test, When};

/// How many steps a position may have.
const MAX_STEPS: usize = 16;

/// A place at a call: which value, and which part of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Position {
    /// Written with a leading `!`: the proof is that the value is falsy.
    pub negated: bool,
    /// Which value.
    pub root: Root,
    /// Which part of it.
    pub steps: Vec<PathStep>,
}

/// The value that a position starts from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Root {
    /// The receiver.
    This,
    /// The result.
    Return,
    /// The fact that the call returned.
    Returns,
    /// An argument, from 0.
    Arg(usize),
    /// The last argument.
    ArgLast,
    /// Every argument.
    ArgAll,
    /// Every argument from this one on.
    ArgsFrom(usize),
    /// A parameter of this type.
    Type,
    /// The result, or the value itself, used as a link.
    Link,
    /// The member itself.
    Value,
    /// An argument of a call on the receiver's chain.
    Chain {
        /// Name of the chained call.
        name: Name,
        /// Its argument, from 0.
        arg: usize,
    },
}

/// One step into a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PathStep {
    /// A property.
    Key(Name),
    /// An element of a collection.
    Element,
    /// A parameter of a function, from 0.
    Param(usize),
    /// What a function returns.
    Return,
}

/// What is wrong with a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PositionError {
    message: String,
}

impl fmt::Display for PositionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PositionError {}

impl Position {
    /// Reads a position.
    ///
    /// # Errors
    /// If the text does not follow the grammar.
    pub fn parse(text: &str) -> Result<Self, PositionError> {
        let (negated, body) = match text.strip_prefix('!') {
            Some(body) => (true, body),
            None => (false, text),
        };
        let (root, mut tail) = parse_root(body).ok_or_else(|| PositionError {
            message: format!(
                "`{text}` is not a position; expected this, return, returns, type, link, value, arg0, arg-1 (the last), \
                 arg* (all), arg1.. (from 1 on) or chain.name.arg0, then steps such as .key, [], .param0, .return"
            ),
        })?;
        let mut steps = Vec::new();
        while !tail.is_empty() {
            let step = parse_step(tail).filter(|_| steps.len() < MAX_STEPS);
            let (step, after) = step.ok_or_else(|| PositionError {
                message: format!(
                    "`{tail}` in `{text}` is not a step; expected .key, [], .param0 or .return, at most {MAX_STEPS}"
                ),
            })?;
            steps.push(step);
            tail = after;
        }
        Ok(Self {
            negated,
            root,
            steps,
        })
    }
}

impl TryFrom<String> for Position {
    type Error = PositionError;

    fn try_from(text: String) -> Result<Self, PositionError> {
        Self::parse(&text)
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negated {
            f.write_str("!")?;
        }
        match &self.root {
            Root::This => f.write_str("this")?,
            Root::Return => f.write_str("return")?,
            Root::Returns => f.write_str("returns")?,
            Root::Arg(n) => write!(f, "arg{n}")?,
            Root::ArgLast => f.write_str("arg-1")?,
            Root::ArgAll => f.write_str("arg*")?,
            Root::ArgsFrom(n) => write!(f, "arg{n}..")?,
            Root::Type => f.write_str("type")?,
            Root::Link => f.write_str("link")?,
            Root::Value => f.write_str("value")?,
            Root::Chain { name, arg } => write!(f, "chain.{name}.arg{arg}")?,
        }
        for step in &self.steps {
            match step {
                PathStep::Key(key) => write!(f, ".{key}")?,
                PathStep::Element => f.write_str("[]")?,
                PathStep::Param(n) => write!(f, ".param{n}")?,
                PathStep::Return => f.write_str(".return")?,
            }
        }
        Ok(())
    }
}

fn parse_root(text: &str) -> Option<(Root, &str)> {
    if let Some(tail) = text.strip_prefix("arg") {
        return parse_arg(tail);
    }
    let (word, tail) = take_word(text)?;
    let root = match word {
        "this" => Root::This,
        "return" => Root::Return,
        "returns" => Root::Returns,
        "type" => Root::Type,
        "link" => Root::Link,
        "value" => Root::Value,
        "chain" => {
            let (name, tail) = take_word(tail.strip_prefix('.')?)?;
            let (arg, tail) = take_number(tail.strip_prefix(".arg")?)?;
            let name = name.into();
            return Some((Root::Chain { name, arg }, tail));
        }
        _ => return None,
    };
    Some((root, tail))
}

fn parse_arg(tail: &str) -> Option<(Root, &str)> {
    if let Some(tail) = tail.strip_prefix('*') {
        return Some((Root::ArgAll, tail));
    }
    if let Some(tail) = tail.strip_prefix("-1") {
        return Some((Root::ArgLast, tail));
    }
    let (n, tail) = take_number(tail)?;
    match tail.strip_prefix("..") {
        Some(tail) => Some((Root::ArgsFrom(n), tail)),
        None => Some((Root::Arg(n), tail)),
    }
}

fn parse_step(tail: &str) -> Option<(PathStep, &str)> {
    let undotted = tail.strip_prefix('.');
    if let Some(after) = undotted.unwrap_or(tail).strip_prefix("[]") {
        return Some((PathStep::Element, after));
    }
    let (word, after) = take_word(undotted?)?;
    let param = word.strip_prefix("param").and_then(take_number);
    let step = match (word, param) {
        ("return", _) => PathStep::Return,
        (_, Some((n, ""))) => PathStep::Param(n),
        _ => PathStep::Key(word.into()),
    };
    Some((step, after))
}

/// The characters before the next `.` or `[`, if there are any and none is odd.
fn take_word(text: &str) -> Option<(&str, &str)> {
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (word, after) = text.split_at(end);
    let fine = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '$' | '@');
    (!word.is_empty() && word.chars().all(fine)).then_some((word, after))
}

/// A number of at most two digits; no call has a hundred arguments.
pub(super) fn take_number(text: &str) -> Option<(usize, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, after) = text.split_at(end);
    (digits.len() <= 2).then_some(())?;
    Some((digits.parse().ok()?, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn position(text: &str) -> Position {
        Position::parse(text).unwrap_or_else(|e| panic!("{e}"))
    }

    #[test]
    fn roots_and_steps_are_read() {
        let of = |root, steps: &[PathStep]| Position {
            negated: false,
            root,
            steps: steps.to_vec(),
        };
        assert_eq!(position("this"), of(Root::This, &[]));
        assert_eq!(position("arg-1"), of(Root::ArgLast, &[]));
        assert_eq!(position("arg*"), of(Root::ArgAll, &[]));
        assert_eq!(position("arg1.."), of(Root::ArgsFrom(1), &[]));
        assert_eq!(position("returns"), of(Root::Returns, &[]));
        let key = |k: &str| PathStep::Key(k.into());
        assert_eq!(
            position("return.data[].user"),
            of(Root::Return, &[key("data"), PathStep::Element, key("user")])
        );
        assert_eq!(
            position("arg0.param1.x-id"),
            of(Root::Arg(0), &[PathStep::Param(1), key("x-id")])
        );
        assert_eq!(
            position("chain.from.arg0.return"),
            of(
                Root::Chain {
                    name: "from".into(),
                    arg: 0
                },
                &[PathStep::Return]
            )
        );
        assert!(position("!return.error").negated);
    }

    #[test]
    fn wrong_positions_say_what_is_allowed() {
        for text in [
            "", "ar", "arg", "argx", "arg1x", "arg-2", "chain.x", "this..a", "return.", "arg999",
            "!!this",
        ] {
            let message = Position::parse(text).err().map(|e| e.to_string());
            assert!(message.is_some_and(|m| m.contains("expected")), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "(!|arg|chain|this|return|param|[0-9.\\[\\]*é-]){0,12}") {
            if let Ok(position) = Position::parse(&text) {
                prop_assert_eq!(Position::parse(&position.to_string()), Ok(position));
            }
        }
    }
}
