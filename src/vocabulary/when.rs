//! Conditions on a call: `when = { argc = 2, arg1 = "literal", arg0.x = true }`.

use super::position::{Position, take_number};
use crate::model::Name;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

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
    Nested(std::collections::BTreeMap<String, Self>),
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

    fn position(text: &str) -> Position {
        Position::parse(text).unwrap_or_else(|e| panic!("{e}"))
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
}
