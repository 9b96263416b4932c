//! Cases: what a rule asks, and what it says where the answer is yes.

use super::condition::Condition;
use super::level::{Confidence, Profile, Severity};
use super::template::Template;
use crate::kinds;
use crate::model::Name;
use serde::Deserialize;

/// One question of a rule. Of the cases that match one place, the first speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// How bad it is.
    pub severity: Severity,
    /// How sure it is when everything is proven; each unproven step lowers it by one.
    pub confidence: Confidence,
    /// The least profile that shows it.
    pub profile: Profile,
    /// What is said.
    pub message: Template,
    /// What to do; absent: the rule's own help.
    pub help: Option<Name>,
    /// What is asked.
    pub matcher: Matcher,
}

/// What a case asks of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matcher {
    /// Of each endpoint and effect.
    Endpoint(EndpointMatcher),
    /// Whether one kind of data reaches another kind of place.
    Flow(FlowMatcher),
    /// Of each call of a kind.
    Call(CallMatcher),
    /// Of each text in the code.
    Literal(LiteralMatcher),
}

/// `[case.endpoint]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndpointMatcher {
    /// Kinds of effects; each one that the endpoint has is asked on its own. Empty: the endpoint is asked as a whole.
    #[serde(default, deserialize_with = "kinds::effect::list")]
    pub effects: Vec<Name>,
    /// What must hold.
    #[serde(default)]
    pub when: Condition,
    /// What keeps it silent.
    #[serde(default)]
    pub unless: Condition,
}

/// `[case.flow]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlowMatcher {
    /// Kinds of sources.
    #[serde(deserialize_with = "kinds::source::list")]
    pub from: Vec<Name>,
    /// Kinds of sinks.
    #[serde(deserialize_with = "kinds::sink::list")]
    pub to: Vec<Name>,
    /// What must hold.
    #[serde(default)]
    pub when: Condition,
    /// What keeps it silent.
    #[serde(default)]
    pub unless: Condition,
}

/// `[case.call]`: calls with an effect, or calls that log.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallMatcher {
    /// Kinds of effects.
    #[serde(default, deserialize_with = "kinds::effect::list")]
    pub effects: Vec<Name>,
    /// Kinds of log calls.
    #[serde(default, deserialize_with = "kinds::log::list")]
    pub logs: Vec<Name>,
    /// All of one of these are told as one finding.
    #[serde(default)]
    pub fold: Option<Fold>,
    /// The call yields a list of rows.
    #[serde(default)]
    pub many: Option<bool>,
    /// What must hold.
    #[serde(default)]
    pub when: Condition,
    /// What keeps it silent.
    #[serde(default)]
    pub unless: Condition,
}

/// What several places are told as one for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fold {
    /// A package or crate.
    Package,
}

/// `[case.literal]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiteralMatcher {
    /// What gives it away; one is enough.
    pub kinds: Vec<LiteralKind>,
    /// What must hold.
    #[serde(default)]
    pub when: Condition,
    /// What keeps it silent.
    #[serde(default)]
    pub unless: Condition,
}

/// What gives a text away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LiteralKind {
    /// It has the shape of a provider's credentials (`[[secret]]`).
    Provider,
    /// It is a URL that carries a password.
    ConnectionString,
    /// The same, to the machine that runs the program and with a password that anybody guesses.
    LocalConnectionString,
    /// It is given to a name or parameter that holds credentials.
    CredentialName,
}

impl Matcher {
    /// What stands in front of the matcher's table: `endpoint`, `flow`, ...
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Endpoint(_) => "endpoint",
            Self::Flow(_) => "flow",
            Self::Call(_) => "call",
            Self::Literal(_) => "literal",
        }
    }

    /// What must hold.
    #[must_use]
    pub fn when(&self) -> &Condition {
        match self {
            Self::Endpoint(matcher) => &matcher.when,
            Self::Flow(matcher) => &matcher.when,
            Self::Call(matcher) => &matcher.when,
            Self::Literal(matcher) => &matcher.when,
        }
    }

    /// What keeps it silent.
    #[must_use]
    pub fn unless(&self) -> &Condition {
        match self {
            Self::Endpoint(matcher) => &matcher.unless,
            Self::Flow(matcher) => &matcher.unless,
            Self::Call(matcher) => &matcher.unless,
            Self::Literal(matcher) => &matcher.unless,
        }
    }

    /// The places that a message may have.
    ///
    /// * endpoint: `method`, `path`, `evidence` (what the effect does: "writes to `user`"), `handler`
    /// * flow: `source` and `sink` (the code at either end), `evidence` (what becomes of the data)
    /// * call: `callee`, `table` ("`user`", else "rows"), `key` (the columns that narrow the query), `source` (where an unbounded limit
    ///   comes from), `count` (how many calls a folded finding stands for)
    /// * literal: `what` (a provider's title), `name` (what it is given to)
    #[must_use]
    pub fn placeholders(&self) -> &'static [&'static str] {
        match self {
            Self::Endpoint(_) => &["method", "path", "evidence", "handler"],
            Self::Flow(_) => &["source", "sink", "evidence"],
            Self::Call(_) => &["callee", "table", "key", "source", "count"],
            Self::Literal(_) => &["what", "name"],
        }
    }

    /// The conditions that the matcher answers, as `when` and as `unless`.
    fn answers(&self) -> [&'static [&'static str]; 2] {
        match self {
            Self::Endpoint(_) => [&["methods"], &["guarded_by", "public"]],
            Self::Flow(_) => [&[], &["passed"]],
            Self::Call(matcher) if matcher.logs.is_empty() => {
                [&["reachable_from", "limit", "filter", "result"], &[]]
            }
            Self::Call(_) => [
                &["place", "server", "package_has", "habit"],
                &["in", "habit"],
            ],
            Self::Literal(_) => [&["place"], &[]],
        }
    }

    /// Whether something is asked at all, and nothing that the matcher would not answer.
    pub(super) fn check(&self) -> Result<(), String> {
        self.asks()?;
        let [when, unless] = self.answers();
        for (name, asked, answered) in [
            ("when", self.when(), when),
            ("unless", self.unless(), unless),
        ] {
            if let Some(key) = asked.keys().find(|key| !answered.contains(key)) {
                let known = match answered {
                    [] => "none is".to_owned(),
                    _ => format!("there are {}", answered.join(", ")),
                };
                return Err(format!(
                    "`{name}.{key}` is not answered by a matcher of this kind; {known}"
                ));
            }
        }
        Ok(())
    }

    fn asks(&self) -> Result<(), &'static str> {
        match self {
            Self::Endpoint(matcher) if matcher.effects.is_empty() && matcher.when.is_empty() => {
                Err(
                    "an endpoint matcher needs `effects` or `when`, else it speaks of every endpoint",
                )
            }
            Self::Flow(matcher) if matcher.from.is_empty() || matcher.to.is_empty() => {
                Err("a flow matcher needs kinds in `from` and in `to`")
            }
            Self::Call(matcher) if matcher.effects.is_empty() == matcher.logs.is_empty() => {
                Err("a call matcher needs either `effects` or `logs`")
            }
            Self::Literal(matcher) if matcher.kinds.is_empty() => {
                Err("a literal matcher needs `kinds`")
            }
            _ => Ok(()),
        }
    }
}
