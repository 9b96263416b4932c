//! The commands about the rule book.

use super::args::{ExplainOptions, RulesFormat, RulesOptions};
use super::output::Output;
use super::{Exit, Failure, analysis};
use crate::finding::suppress::unknown_rule;
use crate::model::Name;
use crate::report::{RuleInfo, explain as explain_text, rules_json, rules_table};

/// `backlint rules`
pub(super) fn rules(options: &RulesOptions, output: &Output) -> Result<Exit, Failure> {
    let rules = analysis::rules()?;
    let bytes = match options.format {
        RulesFormat::Text => rules_table(&rules, output.style),
        RulesFormat::Json => rules_json(&rules).into_bytes(),
    };
    output.write(&bytes)?;
    Ok(Exit::Clean)
}

/// `backlint explain RULE`
pub(super) fn explain(options: &ExplainOptions, output: &Output) -> Result<Exit, Failure> {
    let rules = analysis::rules()?;
    let rule = find(&rules, &options.rule)?;
    output.write(&explain_text(rule, output.style))?;
    Ok(Exit::Clean)
}

/// The rule with this id; otherwise the error says which one may be meant.
pub(super) fn find<'a>(rules: &'a [RuleInfo], id: &str) -> Result<&'a RuleInfo, Failure> {
    rules
        .iter()
        .find(|rule| rule.id == id)
        .ok_or_else(|| Failure::Error(unknown_rule(id, &ids(rules))))
}

/// The ids of rules.
pub(super) fn ids(rules: &[RuleInfo]) -> Vec<Name> {
    rules.iter().map(|rule| rule.id.clone()).collect()
}
