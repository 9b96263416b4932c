//! Reads rule files, and refuses those that a reader or a matcher could not use.

use super::Rule;
use super::check::Checks;
use super::definition::Definition;
use super::markdown::{self, Document};
use crate::source::{Problem, Problems};
use toml::Spanned;

/// Reads files (path, text); the rules are sorted by id.
pub(super) fn load(files: &[(&str, &str)]) -> Result<Vec<Rule>, Problems> {
    let mut rules: Vec<Rule> = Vec::new();
    let mut problems = Vec::new();
    for (path, text) in files {
        match read(path, text) {
            Ok(rule) => match rules.iter().find(|other| other.id == rule.id) {
                Some(other) => {
                    let message = format!("`{}` also stands in {}", rule.id, other.path);
                    problems.push(Problem::new(path, text, 0..0, message));
                }
                None => rules.push(rule),
            },
            Err(found) => problems.extend(found),
        }
    }
    if !problems.is_empty() {
        return Err(Problems { problems });
    }
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(rules)
}

/// Reads one file.
fn read(path: &str, text: &str) -> Result<Rule, Vec<Problem>> {
    let document = Document::parse(text)
        .map_err(|(range, message)| vec![Problem::new(path, text, range, message)])?;
    let base = document.definition.start;
    let definition = text.get(document.definition.clone()).unwrap_or("");
    let definition: Definition = toml::from_str(definition).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        let range = base + span.start..base + span.end;
        vec![Problem::new(path, text, range, error.message().trim_end())]
    })?;

    let mut checks = Checks::new(path, text, base);
    checks.header(&definition);
    checks.sections(&document, &definition);
    let examples = checks.examples(&document, &definition);
    let cases = checks.cases(definition.cases);
    checks.finish()?;

    let directives = definition.directives.into_iter();
    Ok(Rule {
        id: definition.id.into_inner(),
        family: path.rsplit('/').nth(1).unwrap_or("").into(),
        path: path.into(),
        title: definition.title.into_inner(),
        languages: definition.languages.into_inner(),
        cwe: definition.cwe,
        owasp: definition.owasp,
        security_severity: definition.security_severity.map(Spanned::into_inner),
        since: definition.since,
        help: definition.help,
        cases,
        directives: directives
            .map(|(language, phrases)| (language.into_inner(), phrases.into_inner()))
            .collect(),
        markdown: markdown::without_marks(document.body.trim_start()),
        examples,
    })
}
