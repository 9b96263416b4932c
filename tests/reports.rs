//! What a user gets to see of a sample application.
#![allow(
    clippy::disallowed_methods,
    reason = "tests make files and start the program"
)]

mod support;

use serde_json::Value;
use support::fixture::cases;
use support::folder::Folder;

fn sample() -> Folder {
    let mut cases = cases().into_iter();
    let sample = cases.find(|case| case.path == "fixtures/apps/express");
    sample.expect("the sample application").folder()
}

#[test]
fn text() {
    insta::assert_snapshot!("text", sample().run(&[]).text());
}

#[test]
fn routes() {
    insta::assert_snapshot!("routes", sample().run(&["routes"]).text());
}

#[test]
fn sarif() {
    let mut report = sample().run(&["--format", "sarif"]).json();
    // The documentation of the rules is long, and tested where it is made.
    let rules = report.pointer_mut("/runs/0/tool/driver/rules");
    for rule in rules.and_then(Value::as_array_mut).into_iter().flatten() {
        let rule = rule.as_object_mut().expect("a rule is an object");
        rule.retain(|key, _| matches!(key.as_str(), "id" | "defaultConfiguration"));
    }
    let text = serde_json::to_string_pretty(&report).expect("JSON");
    insta::assert_snapshot!("sarif", text);
}
