//! Conditions: the one grammar that all matchers share.
//!
//! A new need widens [`Condition`], never one matcher. Every answer is yes, no or unknown, and what is unknown never
//! lets a rule speak.

use crate::kinds;
use crate::model::{Name, Place};
use serde::{Deserialize, Deserializer, de};

/// Conditions on a place in the program.
///
/// As `when`, all that are given must hold; as `unless`, one that holds is enough to keep the case silent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Condition {
    /// A guard of one of these kinds dominates.
    #[serde(deserialize_with = "kinds::guard::list")]
    pub guarded_by: Vec<Name>,
    /// The endpoint has one of these methods.
    pub methods: Vec<Name>,
    /// The endpoint is open by its nature (`true`): login, register, health.
    pub public: Option<bool>,
    /// The data passed a barrier of one of these kinds on its way.
    #[serde(deserialize_with = "kinds::barrier::list")]
    pub passed: Vec<Name>,
    /// An entry of this kind leads to it.
    pub reachable_from: Option<Entry>,
    /// How the query is limited.
    pub limit: Option<Limit>,
    /// How the query is filtered.
    pub filter: Option<Filter>,
    /// What becomes of the result.
    pub result: Option<ResultUse>,
    /// It stands in one of these.
    #[serde(rename = "in")]
    pub inside: Vec<Context>,
    /// The file is for one of these.
    #[serde(deserialize_with = "places")]
    pub place: Vec<Place>,
    /// The file is server code.
    pub server: Option<bool>,
    /// The package has all of these.
    pub package_has: Vec<PackageFact>,
    /// The package logs in this way.
    pub habit: Option<Habit>,
}

/// A way to log that a package has: it does so often, and more often than by a logger.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Habit {
    /// Kinds of log calls.
    #[serde(deserialize_with = "kinds::log::list")]
    pub logs: Vec<Name>,
    /// How many such calls are no habit yet.
    pub over: usize,
}

/// Where a path of execution begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Entry {
    /// An endpoint's handler.
    Endpoint,
}

/// How a query is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// It is not.
    Absent,
    /// By a number of the request that no upper bound holds.
    UnboundedRequest,
}

/// How a query is filtered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Filter {
    /// Not at all, or by what any number of rows may share.
    Open,
    /// By the owner, the tenant, a parent or another value of the moment: fewer rows, with no bound.
    Partial,
}

/// What becomes of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResultUse {
    /// It is held in memory or sent as the response, as a whole.
    Collected,
}

/// What code may stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Context {
    /// The start of a server: beside or in the callback of the call that listens, or in `main`.
    StartUp,
    /// A logger's own implementation.
    Logger,
    /// A branch that only runs where the configuration says that the program is being developed.
    Development,
    /// A block in which a logger is given the same.
    Mirrored,
}

/// What a package may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PackageFact {
    /// A structured logger.
    StructuredLogger,
}

impl Condition {
    /// The keys that are given.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'static str> {
        let given = [
            ("guarded_by", !self.guarded_by.is_empty()),
            ("methods", !self.methods.is_empty()),
            ("public", self.public.is_some()),
            ("passed", !self.passed.is_empty()),
            ("reachable_from", self.reachable_from.is_some()),
            ("limit", self.limit.is_some()),
            ("filter", self.filter.is_some()),
            ("result", self.result.is_some()),
            ("in", !self.inside.is_empty()),
            ("place", !self.place.is_empty()),
            ("server", self.server.is_some()),
            ("package_has", !self.package_has.is_empty()),
            ("habit", self.habit.is_some()),
        ];
        given
            .into_iter()
            .filter_map(|(key, given)| given.then_some(key))
    }

    /// Whether nothing is asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn places<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Place>, D::Error> {
    let names = Vec::<Name>::deserialize(from)?;
    let place = |name: &Name| {
        Place::from_name(name).ok_or_else(|| {
            let known: Vec<&str> = Place::ALL.iter().map(|place| place.name()).collect();
            de::Error::custom(format!(
                "unknown place `{name}`, expected one of {}",
                known.join(", ")
            ))
        })
    };
    names.iter().map(place).collect()
}
