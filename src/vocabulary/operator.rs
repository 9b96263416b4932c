//! `[[operator]]`: what a word or call of a filter lets through.

use super::path::Pattern;
use super::position::{Position, When};
use serde::Deserialize;

/// `[[operator]]`: a call, a chained call or a key by which filters compare or join.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatorRow {
    /// A callee; `filter::in` for the key `in` of a filter object, or the sign `in` between a column and a value; `chain::eq` for any
    /// call of this name in a filter or on the chain of a query.
    pub path: Pattern,
    /// What it lets through.
    pub means: Operator,
    /// Where the column stands; absent: what is compared is said by what stands around it.
    #[serde(default)]
    pub column: Option<Position>,
    /// Where the value stands that the column is compared with.
    #[serde(default)]
    pub value: Option<Position>,
    /// Where a sign stands that says what the comparison means.
    #[serde(default)]
    pub sign: Option<Position>,
    /// Conditions on the call.
    #[serde(default)]
    pub when: When,
}

/// What an operator of a filter lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operator {
    /// Rows whose column has the value.
    Equal,
    /// Rows whose column has one of the values.
    OneOf,
    /// Rows whose column lies in a range.
    Range,
    /// Rows whose column begins or ends with the value.
    Pattern,
    /// What all of its parts let through.
    All,
    /// What any of its parts lets through.
    Any,
    /// Whatever number of rows: a negation, a pattern, a test for presence.
    Open,
}
