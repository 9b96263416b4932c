//! `[[effect]]`: what calls do to the world.

use super::path::Pattern;
use super::position::{Position, When};
use crate::kinds;
use crate::model::Name;
use serde::Deserialize;

/// `[[effect]]`: a call that does something to the world or reads from a store.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EffectRow {
    /// The callee.
    pub path: Pattern,
    /// One of the kinds of effects.
    #[serde(deserialize_with = "kinds::effect::one")]
    pub kind: Name,
    /// Where the table is named: `"*1"` for what the first `*` of the path matched, a position, `"sql"`.
    #[serde(default)]
    pub table: Option<Name>,
    /// Where the filter stands.
    #[serde(default)]
    pub filter: Vec<Position>,
    /// Names of chained calls that filter: `where`, `eq`.
    #[serde(default)]
    pub filter_chain: Vec<Name>,
    /// Where the written data stands.
    #[serde(default)]
    pub data: Vec<Position>,
    /// It yields a list of rows.
    #[serde(default)]
    pub many: bool,
    /// Where a limit stands.
    #[serde(default)]
    pub limit: Vec<Position>,
    /// Names of chained calls that limit, or make it yield one row.
    #[serde(default)]
    pub limit_chain: Vec<Name>,
    /// Names of chained calls that group rows, or make the query a part of another one: `groupBy`, `as`.
    #[serde(default)]
    pub part_chain: Vec<Name>,
    /// Without a limit the store applies one of its own.
    #[serde(default)]
    pub limited: bool,
    /// Names of chained calls that turn the read into another effect: `insert`, `update`, `delete`.
    #[serde(default)]
    pub write_chain: Vec<Name>,
    /// Names of chained calls that each bind one value to the statement, in order.
    #[serde(default)]
    pub bind_chain: Vec<Name>,
    /// Names of chained calls that hand out the rows one by one.
    #[serde(default)]
    pub stream_chain: Vec<Name>,
    /// Names of chained calls that collect what is handed out one by one.
    #[serde(default)]
    pub collect_chain: Vec<Name>,
    /// Where the SQL text stands; kind, table, filter and limit are then read from the statement.
    #[serde(default)]
    pub sql: Option<Position>,
    /// The receiver could not be resolved and the name alone speaks: confidence falls by one.
    #[serde(default)]
    pub guess: bool,
    /// Conditions on the call.
    #[serde(default)]
    pub when: When,
}
