//! Positions at a call or in a type, and the conditions that rows put on them.
//!
//! ```text
//! position = ["!"] root {step}
//! root     = this | return | returns | type | link | value
//!          | arg N | arg-1 (the last) | arg* (all) | arg N ".." (from N on)
//!          | chain.<name>.arg N    (argument N of the call of <name> on the receiver's chain)
//! step     = "." key | "[]" | ".[]" | ".param" N | ".return"
//! when     = { argc = 2, arg1 = "literal", arg0.x = true }
//! ```

use crate::model::Name;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

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

/// Conditions on the call that a row speaks of; all must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct When {
    /// How many arguments there are.
    pub argc: Option<ArgCount>,
    /// What stands at a position.
    pub tests: Vec<(Position, Test)>,
}

/// A range of argument counts, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArgCount {
    /// Least count.
    pub min: usize,
    /// Greatest count; `None` for any.
    pub max: Option<usize>,
}

/// What a value must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// A constant of any type.
    Literal,
    /// A string or text with interpolation.
    String,
    /// A function.
    Function,
    /// An object literal.
    Object,
    /// A list literal.
    List,
    /// Anything at all is there.
    Present,
    /// Nothing is there.
    Absent,
    /// This boolean constant.
    Bool(bool),
    /// This string constant.
    Equals(Name),
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
fn take_number(text: &str) -> Option<(usize, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, after) = text.split_at(end);
    (digits.len() <= 2).then_some(())?;
    Some((digits.parse().ok()?, after))
}

impl When {
    /// Whether there is no condition.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.argc.is_none() && self.tests.is_empty()
    }
}

impl ArgCount {
    /// Whether so many arguments are in the range.
    #[must_use]
    pub fn contains(self, count: usize) -> bool {
        self.min <= count && self.max.is_none_or(|max| count <= max)
    }

    fn parse(text: &str) -> Option<Self> {
        let number = |digits| match take_number(digits) {
            Some((n, "")) => Some(n),
            _ => None,
        };
        let Some((min, max)) = text.split_once("..") else {
            return number(text).map(Self::exactly);
        };
        if min.is_empty() && max.is_empty() {
            return None;
        }
        let min = if min.is_empty() { 0 } else { number(min)? };
        let max = if max.is_empty() {
            None
        } else {
            Some(number(max)?)
        };
        max.is_none_or(|max| min <= max)
            .then_some(Self { min, max })
    }

    fn exactly(n: usize) -> Self {
        Self {
            min: n,
            max: Some(n),
        }
    }
}

impl Test {
    fn word(text: &str) -> Self {
        match text {
            "literal" => Self::Literal,
            "string" => Self::String,
            "function" => Self::Function,
            "object" => Self::Object,
            "list" => Self::List,
            "present" => Self::Present,
            "absent" => Self::Absent,
            other => Self::Equals(other.into()),
        }
    }
}

/// What may stand behind a key of `when`.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a text, `true`, `false` or a whole number")]
enum Wanted {
    Bool(bool),
    Count(usize),
    Text(String),
    /// `arg0.x = true` is a nested table to TOML.
    Nested(std::collections::BTreeMap<String, Wanted>),
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(WhenVisitor)
    }
}

struct WhenVisitor;

impl<'de> Visitor<'de> for WhenVisitor {
    type Value = When;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table such as { argc = 2, arg1 = \"literal\" }")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<When, A::Error> {
        let mut when = When::default();
        while let Some((key, wanted)) = map.next_entry::<String, Wanted>()? {
            when.add(&key, wanted).map_err(de::Error::custom)?;
        }
        Ok(when)
    }
}

impl When {
    fn add(&mut self, key: &str, wanted: Wanted) -> Result<(), String> {
        if key == "argc" {
            let count = match &wanted {
                Wanted::Count(n) => Some(ArgCount::exactly(*n)),
                Wanted::Text(text) => ArgCount::parse(text),
                _ => None,
            };
            self.argc = Some(count.ok_or("argc is a number, \"2..\", \"..2\" or \"1..2\"")?);
            return Ok(());
        }
        let test = match wanted {
            Wanted::Bool(value) => Test::Bool(value),
            Wanted::Text(text) => Test::word(&text),
            Wanted::Count(_) => {
                return Err(format!(
                    "`{key}` is compared with a number; only argc can be"
                ));
            }
            Wanted::Nested(table) => {
                for (inner, wanted) in table {
                    self.add(&format!("{key}.{inner}"), wanted)?;
                }
                return Ok(());
            }
        };
        let position = Position::parse(key).map_err(|e| e.to_string())?;
        self.tests.push((position, test));
        Ok(())
    }
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

    #[derive(Deserialize)]
    struct Row {
        when: When,
    }

    fn when(text: &str) -> Result<When, String> {
        toml::from_str::<Row>(&format!("when = {text}"))
            .map(|row| row.when)
            .map_err(|e| e.message().to_owned())
    }

    #[test]
    fn conditions_are_read() {
        let read = when("{ argc = \"2..\", arg1 = \"literal\", arg0.a.b = true, arg2 = \"POST\" }");
        let expected = When {
            argc: Some(ArgCount { min: 2, max: None }),
            tests: vec![
                (position("arg1"), Test::Literal),
                (position("arg0.a.b"), Test::Bool(true)),
                (position("arg2"), Test::Equals("POST".into())),
            ],
        };
        assert_eq!(read.map(sorted), Ok(sorted(expected)));
        assert!(when("{}").is_ok_and(|w| w.is_empty()));
        assert!(when("{ arg0 = 3 }").is_err_and(|m| m.contains("only argc")));
        assert!(when("{ argc = \"x\" }").is_err());
        assert!(when("{ argx = true }").is_err_and(|m| m.contains("not a position")));
    }

    fn sorted(mut when: When) -> When {
        when.tests.sort_by_key(|(position, _)| position.to_string());
        when
    }

    #[test]
    fn counts_hold_their_ends() {
        let count = |text| ArgCount::parse(text);
        assert_eq!(
            count("2"),
            Some(ArgCount {
                min: 2,
                max: Some(2)
            })
        );
        assert_eq!(
            count("..2"),
            Some(ArgCount {
                min: 0,
                max: Some(2)
            })
        );
        assert_eq!(count("3..2"), None);
        assert_eq!(count(".."), None);
        assert!(count("1..").is_some_and(|c| c.contains(7) && !c.contains(0)));
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
