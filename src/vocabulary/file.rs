//! The format of a vocabulary file.

use super::effect::EffectRow;
use super::operator::OperatorRow;
use super::places::PlaceRow;
use super::rows::*;
use super::words::{NameRow, SecretRow};
use crate::model::{Language, Name};
use serde::Deserialize;
use toml::Spanned;

/// A file as it is written. Every row keeps its place, so that errors can point at it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) framework: Option<Name>,
    pub(super) title: Option<Name>,
    pub(super) languages: Vec<Language>,
    pub(super) packages: Vec<Name>,
    pub(super) server: Option<bool>,
    #[serde(rename = "type")]
    pub(super) types: Vec<Spanned<TypeRow>>,
    #[serde(rename = "signature")]
    pub(super) signatures: Vec<Spanned<SignatureRow>>,
    #[serde(rename = "route")]
    pub(super) routes: Vec<Spanned<RouteRow>>,
    #[serde(rename = "mount")]
    pub(super) mounts: Vec<Spanned<MountRow>>,
    #[serde(rename = "convention")]
    pub(super) conventions: Vec<Spanned<ConventionRow>>,
    #[serde(rename = "source")]
    pub(super) sources: Vec<Spanned<SourceRow>>,
    #[serde(rename = "guard")]
    pub(super) guards: Vec<Spanned<GuardRow>>,
    #[serde(rename = "validator")]
    pub(super) validators: Vec<Spanned<ValidatorRow>>,
    #[serde(rename = "effect")]
    pub(super) effects: Vec<Spanned<EffectRow>>,
    #[serde(rename = "operator")]
    pub(super) operators: Vec<Spanned<OperatorRow>>,
    #[serde(rename = "step")]
    pub(super) steps: Vec<Spanned<StepRow>>,
    #[serde(rename = "leave")]
    pub(super) leaves: Vec<Spanned<LeaveRow>>,
    #[serde(rename = "respond")]
    pub(super) responds: Vec<Spanned<RespondRow>>,
    #[serde(rename = "log")]
    pub(super) logs: Vec<Spanned<LogRow>>,
    #[serde(rename = "sink")]
    pub(super) sinks: Vec<Spanned<SinkRow>>,
    #[serde(rename = "barrier")]
    pub(super) barriers: Vec<Spanned<BarrierRow>>,
    #[serde(rename = "secret")]
    pub(super) secrets: Vec<Spanned<SecretRow>>,
    #[serde(rename = "place")]
    pub(super) places: Vec<Spanned<PlaceRow>>,
    #[serde(rename = "name")]
    pub(super) names: Vec<Spanned<NameRow>>,
}
