//! Runs the program on every fixture and every example of the rules, and compares what it finds with the marks.
#![allow(
    clippy::disallowed_methods,
    reason = "tests make files and start the program"
)]

mod support;

use backlint::model::Language;
use backlint::rule::{Rule, RuleBook};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::sync::OnceLock;
use support::fixture::{Case, Outcome, Purpose, cases, run_all};
use support::mark::{Found, Mark, differences};

fn book() -> &'static RuleBook {
    match RuleBook::builtin() {
        Ok(book) => book,
        Err(problems) => panic!("{problems}"),
    }
}

/// The fixtures are run once for all tests.
fn outcomes() -> &'static [Outcome] {
    static OUTCOMES: OnceLock<Vec<Outcome>> = OnceLock::new();
    OUTCOMES.get_or_init(|| run_all(cases()))
}

/// Whether a case is to say something about a finding.
fn is_asked(purpose: &Purpose, found: &Found) -> bool {
    match purpose {
        Purpose::Rule(rule) => found.rule == *rule,
        Purpose::App => found.profile == "default",
        Purpose::Clean => found.profile != "audit",
    }
}

/// Where a case differs from its marks.
fn judge(outcome: &Outcome) -> Vec<String> {
    let case = &outcome.case;
    if let Some(failure) = &outcome.failure {
        return vec![format!("{}: the run failed: {failure}", case.path)];
    }
    let mut lines = Vec::new();
    for (file, marks) in &outcome.marks {
        let name = case.name_of(file);
        let marks = match marks {
            Ok(marks) => marks,
            Err(error) => {
                lines.push(format!("{name}:{error}"));
                continue;
            }
        };
        lines.extend(marks.iter().filter_map(|mark| {
            let problem = misplaced(&case.purpose, mark)?;
            Some(format!("{name}:{}: {problem}", mark.line))
        }));
        let found: Vec<Found> = outcome
            .found
            .iter()
            .filter(|found| found.file == *file && is_asked(&case.purpose, found))
            .cloned()
            .collect();
        lines.extend(differences(&name, marks, &found));
    }
    lines
}

/// Why a mark cannot stand in a case.
fn misplaced(purpose: &Purpose, mark: &Mark) -> Option<String> {
    match purpose {
        Purpose::Rule(rule) if mark.rule != *rule => {
            Some(format!("the marks of this case are those of {rule}"))
        }
        _ if book().get(&mark.rule).is_none() => Some(format!("no rule is called {}", mark.rule)),
        _ => None,
    }
}

/// What is known to be wrong: `path:line: not found: rule` or `path:line: unexpected: rule`, one a line. The list may only
/// shrink: a line that has come right, or that stands for nothing, fails.
const KNOWN: &str = include_str!("../fixtures/KNOWN.txt");

fn known() -> impl Iterator<Item = &'static str> {
    KNOWN
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn demand_silence(outcomes: impl Iterator<Item = &'static Outcome>) {
    let lines: Vec<String> = outcomes
        .flat_map(judge)
        .filter(|line| !known().any(|known| line.starts_with(known)))
        .collect();
    assert!(lines.is_empty(), "\n{}\n", lines.join("\n"));
}

#[test]
fn what_is_known_to_be_wrong_still_is() {
    let lines: Vec<String> = outcomes().iter().flat_map(judge).collect();
    let right: Vec<&str> = known()
        .filter(|known| !lines.iter().any(|line| line.starts_with(known)))
        .collect();
    assert!(
        right.is_empty(),
        "no longer wrong, remove from fixtures/KNOWN.txt:\n{}",
        right.join("\n")
    );
}

#[test]
fn cases_of_rules() {
    let missed = outcomes()
        .iter()
        .flat_map(|outcome| outcome.marks.values().flatten().flatten())
        .filter(|mark| mark.missed)
        .count();
    let is_native = |rule: &&Rule| {
        rule.cases
            .iter()
            .any(|case| case.matcher.name() == "native")
    };
    let native = book().rules().iter().filter(is_native).count();
    // Past the capture of tests: the numbers are to be seen in every run.
    let written = writeln!(
        std::io::stdout(),
        "known misses: {missed}; native rules: {native}"
    );
    assert!(written.is_ok());
    let of_rules = |outcome: &&Outcome| matches!(outcome.case.purpose, Purpose::Rule(_));
    demand_silence(outcomes().iter().filter(of_rules));
}

#[test]
fn applications() {
    let is_app = |outcome: &&Outcome| outcome.case.purpose == Purpose::App;
    demand_silence(outcomes().iter().filter(is_app));
}

#[test]
fn clean_applications() {
    let is_clean = |outcome: &&Outcome| outcome.case.purpose == Purpose::Clean;
    demand_silence(outcomes().iter().filter(is_clean));
}

#[test]
fn every_rule_has_cases_in_every_language() {
    let mut missing = Vec::new();
    for rule in book().rules() {
        for language in &rule.languages {
            let ending = |file: &String| match language {
                Language::TypeScript => !file.ends_with(".rs"),
                Language::Rust => file.ends_with(".rs"),
            };
            let purpose = Purpose::Rule(rule.id.to_string());
            let all: Vec<bool> = outcomes()
                .iter()
                .filter(|outcome| outcome.case.purpose == purpose)
                .filter(|outcome| outcome.case.files.keys().any(ending))
                .map(|outcome| {
                    outcome
                        .marks
                        .values()
                        .flatten()
                        .any(|marks| !marks.is_empty())
                })
                .collect();
            if !all.contains(&true) || !all.contains(&false) {
                missing.push(format!("{} in {language:?}", rule.id));
            }
        }
    }
    assert!(missing.is_empty(), "found and accepted cases: {missing:?}");
    let known = |outcome: &Outcome| match &outcome.case.purpose {
        Purpose::Rule(rule) => book().get(rule).is_some(),
        _ => true,
    };
    let strangers: Vec<&String> = outcomes()
        .iter()
        .filter(|outcome| !known(outcome))
        .map(|outcome| &outcome.case.path)
        .collect();
    assert!(strangers.is_empty(), "cases of no rule: {strangers:?}");
}

#[test]
fn examples_of_the_documentation() {
    let examples = |rule: &'static Rule| {
        rule.examples.iter().map(|example| {
            let path = format!("{} ({}, line {})", rule.path, example.path, example.line);
            Case::example(&path, &rule.id, &example.path, &example.text)
        })
    };
    let all = run_all(book().rules().iter().flat_map(examples).collect());
    let lines: Vec<String> = all.iter().flat_map(judge).collect();
    assert!(lines.is_empty(), "\n{}\n", lines.join("\n"));
}

/// How often each rule speaks on each case, in any profile: the noise of a new rule shows in review.
#[test]
fn counts() {
    let mut text = String::new();
    for outcome in outcomes() {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for found in &outcome.found {
            *counts.entry(&found.rule).or_default() += 1;
        }
        let counts: Vec<String> = counts
            .iter()
            .map(|(rule, count)| format!("{rule} {count}"))
            .collect();
        text += &format!("{}: {}\n", outcome.case.path, counts.join(", "));
    }
    let silent: BTreeSet<&str> = book()
        .rules()
        .iter()
        .map(|rule| rule.id.as_str())
        .filter(|rule| !text.contains(rule))
        .collect();
    assert!(silent.is_empty(), "rules that find nothing: {silent:?}");
    insta::assert_snapshot!("counts", text);
}
