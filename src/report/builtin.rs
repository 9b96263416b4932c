//! The rules about suppressions, which no rule file describes: they speak of backlint's own comments.

use super::RuleInfo;
use crate::finding::suppress::{INVALID, UNUSED};
use crate::finding::{Confidence, Profile, Severity};
use crate::model::Name;

/// What reports say about the findings that suppressions themselves give rise to.
#[must_use]
pub fn builtin_rules() -> Vec<RuleInfo> {
    let rule = |id: &str, title: &str, severity, description: &str, help: &str| RuleInfo {
        id: Name::from(id),
        title: Name::from(title),
        description: description.to_owned(),
        family: Name::from("suppression"),
        severity: Some(severity),
        confidence: Some(Confidence::High),
        profile: Some(Profile::Default),
        languages: vec![Name::from("typescript"), Name::from("rust")],
        help: help.to_owned(),
        markdown: format!(
            "# {title}\n\n{description}\n\n```ts\n// backlint-ignore rule-id: why this is accepted\n```\n\n\
             The comment stands at the end of the line that it speaks of, or on a line of its own above it.\n"
        ),
        uri: "https://github.com/backlint/backlint#suppressions".to_owned(),
        ..RuleInfo::default()
    };
    vec![
        rule(
            INVALID,
            "Suppression that is not valid",
            Severity::Warning,
            "A suppression needs a rule that exists and a reason. Without them it suppresses nothing.",
            "write `backlint-ignore rule-id: reason`",
        ),
        rule(
            UNUSED,
            "Suppression without effect",
            Severity::Note,
            "A suppression for which there is no finding hides the next one that comes to stand here.",
            "remove the suppression",
        ),
    ]
}
