//! How SARIF wants things to be worded: names, sentences, tags, categories.

use super::RuleInfo;

/// `sql-injection` as `SqlInjection`, the form that SARIF wants of a name.
pub(super) fn pascal_case(id: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    id.split('-').map(word).collect()
}

/// A text that begins with a capital, ends with a full stop, and holds no link.
pub(super) fn sentence(text: &str) -> String {
    // `[text](target)` is a link in a SARIF message; code must not be able to write one.
    let text = text.trim().replace("](", "] (");
    let mut letters = text.chars();
    let mut out: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    out.push_str(letters.as_str());
    if !out.is_empty() && !out.ends_with(['.', '!', '?', '…']) {
        out.push('.');
    }
    out
}

/// What GitHub groups alerts by: the tool, and in a repository of many projects the folder that was checked.
pub(super) fn category(scope: &str) -> String {
    let scope = scope.trim_matches('/');
    if scope.is_empty() {
        "backlint/".to_owned()
    } else {
        format!("backlint/{scope}/")
    }
}

/// At most the ten tags that GitHub keeps.
pub(super) fn tags(rule: &RuleInfo) -> Vec<String> {
    let security = rule.security_severity.is_some() || !rule.cwe.is_empty();
    let mut tags = vec![
        if security {
            "security"
        } else {
            "maintainability"
        }
        .to_owned(),
    ];
    tags.extend(
        rule.cwe
            .iter()
            .map(|cwe| format!("external/cwe/cwe-{cwe:03}")),
    );
    tags.extend(
        rule.owasp
            .iter()
            .map(|entry| format!("external/owasp/{}", entry.to_lowercase().replace(':', "-"))),
    );
    tags.truncate(10);
    tags
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Name;

    #[test]
    fn names_are_words_with_capitals() {
        assert_eq!(pascal_case("sql-injection"), "SqlInjection");
        assert_eq!(pascal_case("xss"), "Xss");
    }

    #[test]
    fn sentences_end_and_hold_no_links() {
        assert_eq!(sentence("use a guard"), "Use a guard.");
        assert_eq!(sentence(" What? "), "What?");
        assert_eq!(sentence("/users/[id](1)"), "/users/[id] (1).");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn categories_and_tags() {
        assert_eq!(category(""), "backlint/");
        assert_eq!(category("services/api"), "backlint/services/api/");
        let rule = RuleInfo {
            cwe: (1..=20).collect(),
            owasp: vec![Name::from("API2:2023")],
            ..RuleInfo::default()
        };
        let all = tags(&rule);
        assert_eq!((all.len(), &*all[1]), (10, "external/cwe/cwe-001"));
    }
}
