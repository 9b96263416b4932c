//! The format of a rule's definition.

use super::case::{CallMatcher, EndpointMatcher, FlowMatcher, LiteralMatcher};
use super::level::{Confidence, Profile, Severity};
use crate::model::{Language, Name};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// The `toml` block as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Definition {
    pub(super) id: Spanned<Name>,
    pub(super) title: Spanned<Name>,
    pub(super) languages: Spanned<Vec<Language>>,
    #[serde(default)]
    pub(super) cwe: Vec<u32>,
    #[serde(default)]
    pub(super) owasp: Vec<Name>,
    pub(super) security_severity: Option<Spanned<Name>>,
    pub(super) since: Name,
    pub(super) help: Name,
    #[serde(rename = "case", default)]
    pub(super) cases: Vec<Spanned<CaseDefinition>>,
    #[serde(default)]
    pub(super) directives: BTreeMap<Spanned<Name>, Spanned<Vec<Name>>>,
}

/// A `[[case]]` as it is written; one of the matchers is there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseDefinition {
    pub(super) severity: Severity,
    pub(super) confidence: Confidence,
    pub(super) profile: Profile,
    pub(super) message: Spanned<String>,
    pub(super) help: Option<Name>,
    pub(super) endpoint: Option<EndpointMatcher>,
    pub(super) flow: Option<FlowMatcher>,
    pub(super) call: Option<CallMatcher>,
    pub(super) literal: Option<LiteralMatcher>,
}
