//! Which findings are shown, and how many are held back and why.

use super::suppress::Suppressions;
use super::{Confidence, Finding, Profile, Secrets, Severity, fingerprint};
use crate::model::Name;
use crate::source::SourceMap;
use rustc_hash::FxHashMap;
use serde::Serialize;

/// What the reader wants to see.
#[derive(Debug, Clone)]
pub struct Filters {
    /// Findings of later profiles are held back, unless `rules` asks for their rule.
    pub profile: Profile,
    /// Only these rules, whatever their profile.
    pub rules: Option<Vec<Name>>,
    /// Less severe findings are held back.
    pub severity: Severity,
    /// Less sure findings are held back.
    pub confidence: Confidence,
    /// What the settings say about single rules.
    pub overrides: FxHashMap<Name, Override>,
}

/// What the settings say about a rule.
#[derive(Debug, Clone, Copy, Default)]
pub struct Override {
    /// Its severity.
    pub severity: Option<Severity>,
    /// Off, or on in every profile; asking for the rule by name outweighs it.
    pub enabled: Option<bool>,
}

impl Default for Filters {
    fn default() -> Self {
        Self {
            profile: Profile::Default,
            rules: None,
            severity: Severity::Note,
            confidence: Confidence::Medium,
            overrides: FxHashMap::default(),
        }
    }
}

/// How many findings are not shown, each counted under the first reason that holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct HeldBack {
    /// Less sure than asked for.
    pub confidence: usize,
    /// Accepted by a comment or the settings.
    pub suppressed: usize,
    /// Known from the baseline.
    pub baseline: usize,
    /// Outside the change.
    pub diff: usize,
    /// Relaxed by an agent file.
    pub relaxed: usize,
    /// In profile strict.
    pub strict: usize,
    /// In profile audit.
    pub audit: usize,
    /// Less severe than asked for.
    #[serde(skip_serializing_if = "is_zero")]
    pub severity: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// What is shown, in the order of (path, start, rule).
#[derive(Debug, Default)]
pub struct Shown {
    /// The findings.
    pub findings: Vec<Finding>,
    /// What is not shown.
    pub held_back: HeldBack,
    /// What no output may show, that of findings that are held back included.
    pub secrets: Secrets,
}

/// Sorts the findings, gives them their fingerprints and chooses those that are shown. `ran` are the rules that ran:
/// suppressions of others are not called unused.
#[must_use]
pub fn select(
    mut findings: Vec<Finding>,
    sources: &SourceMap,
    suppressions: &mut Suppressions,
    ran: &[Name],
    filters: &Filters,
) -> Shown {
    findings.retain_mut(|finding| runs(finding, filters));
    let accepted: Vec<bool> = findings
        .iter()
        .map(|finding| suppressions.accepts(finding, sources))
        .collect();
    let mut findings: Vec<(Finding, bool)> = findings.into_iter().zip(accepted).collect();
    let notices = suppressions.notices(ran).into_iter();
    let notices = notices.filter_map(|mut notice| runs(&mut notice, filters).then_some(notice));
    findings.extend(notices.map(|notice| (notice, false)));
    findings.sort_by(|(a, _), (b, _)| order(a, sources).cmp(&order(b, sources)));
    findings.dedup_by(|(a, _), (b, _)| {
        a.rule == b.rule && a.primary == b.primary && a.message == b.message
    });
    let (mut findings, accepted): (Vec<Finding>, Vec<bool>) = findings.into_iter().unzip();
    fingerprint::assign(&mut findings, sources);
    let secrets = Secrets::new(&findings, sources);
    let mut held_back = HeldBack::default();
    let mut accepted = accepted.into_iter();
    findings.retain(|finding| {
        let suppressed = accepted.next().unwrap_or(false);
        match reason(finding, suppressed, filters, &mut held_back) {
            Some(count) => {
                *count += 1;
                false
            }
            None => true,
        }
    });
    Shown {
        findings,
        held_back,
        secrets,
    }
}

/// Whether the finding's rule is wanted; what the settings say about it is applied.
fn runs(finding: &mut Finding, filters: &Filters) -> bool {
    let setting = filters
        .overrides
        .get(&finding.rule)
        .copied()
        .unwrap_or_default();
    finding.severity = setting.severity.unwrap_or(finding.severity);
    if let Some(rules) = &filters.rules {
        return rules.contains(&finding.rule);
    }
    if setting.enabled == Some(true) {
        finding.profile = Profile::Default;
    }
    setting.enabled != Some(false)
}

/// Path, start and rule decide; the rest only makes the order independent of the order in which rules ran.
fn order<'a>(
    finding: &'a Finding,
    sources: &'a SourceMap,
) -> (&'a str, crate::source::Span, &'a str, &'a str) {
    let path = &*sources.get(finding.primary.file).path;
    (path, finding.primary.span, &finding.rule, &finding.message)
}

/// The count under which a finding is held back.
fn reason<'a>(
    finding: &Finding,
    suppressed: bool,
    filters: &Filters,
    counts: &'a mut HeldBack,
) -> Option<&'a mut usize> {
    if filters.rules.is_none() && finding.profile > filters.profile {
        return Some(match finding.profile {
            Profile::Audit => &mut counts.audit,
            _ => &mut counts.strict,
        });
    }
    if suppressed {
        Some(&mut counts.suppressed)
    } else if finding.confidence < filters.confidence {
        Some(&mut counts.confidence)
    } else if finding.severity < filters.severity {
        Some(&mut counts.severity)
    } else {
        None
    }
}
