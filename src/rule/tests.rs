//! Reading and refusing rule files.

use super::level::Confidence;
use super::*;

const RULE: &str = r#"```toml
id = "some-rule"
title = "Some title"
languages = ["rust"]
cwe = [20]
owasp = ["API2:2023"]
security-severity = "5.0"
since = "0.1.0"
help = "do it"

[[case]]
severity = "error"
confidence = "high"
profile = "strict"
message = "{callee} is called"
[case.call]
logs = ["console"]
when = { server = true }

[[case]]
severity = "note"
confidence = "low"
profile = "default"
message = "{method} {path}"
[case.endpoint]
effects = ["db-write"]
unless = { guarded_by = ["auth"], public = true }

[directives]
en = ["do it"]
```

# Some title

What it looks for.

## Why it matters

It does.

## What to do instead

Something else.

## What it doesn't see

Much.

## Flagged

```rust src/main.rs
f(); //~ some-rule
```

## Accepted

```rust src/main.rs
g();
```
"#;

const PATH: &str = "rules/family/some-rule.md";

fn load(text: &str) -> Result<RuleBook, Problems> {
    RuleBook::load(&[(PATH, text)])
}

fn refused(from: &str, to: &str) -> String {
    assert!(RULE.contains(from), "{from}");
    let error = load(&RULE.replacen(from, to, 1)).err();
    error.map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn a_rule_is_read() {
    let book = load(RULE).unwrap_or_else(|error| panic!("{error}"));
    let rule = book
        .get("some-rule")
        .cloned()
        .unwrap_or_else(|| panic!("no rule"));
    assert_eq!((rule.family.as_str(), rule.path.as_str()), ("family", PATH));
    assert_eq!(
        (rule.severity(), rule.profile()),
        (Severity::Error, Profile::Default)
    );
    let names: Vec<_> = rule.cases.iter().map(|case| case.matcher.name()).collect();
    assert_eq!(names, ["call", "endpoint"]);
    assert_eq!(
        rule.cases.first().map(|case| case.confidence),
        Some(Confidence::High)
    );
    let unless = rule.cases.last().map(|case| case.matcher.unless().clone());
    let expected = Condition {
        guarded_by: vec!["auth".into()],
        public: Some(true),
        ..Condition::default()
    };
    assert_eq!(unless, Some(expected));
    assert_eq!(rule.directives.get("en").map(Vec::len), Some(1));
    let examples: Vec<_> = rule
        .examples
        .iter()
        .map(|e| (e.flagged, e.path.as_str(), e.text.as_str()))
        .collect();
    assert_eq!(
        examples,
        [
            (true, "src/main.rs", "f(); //~ some-rule\n"),
            (false, "src/main.rs", "g();\n")
        ]
    );
    let line = rule
        .examples
        .first()
        .map(|example| example.line as usize)
        .unwrap_or(0);
    assert_eq!(RULE.lines().nth(line - 1), Some("f(); //~ some-rule"));
}

#[test]
fn documentation_has_neither_definition_nor_marks() {
    let book = load(RULE).unwrap_or_else(|error| panic!("{error}"));
    let text = book
        .rules()
        .first()
        .map(Rule::documentation)
        .unwrap_or_default();
    let start = "# Some title\n\n`some-rule` · error · default · CWE-20 · OWASP API2:2023 · since 0.1.0\n\nWhat it looks for.\n";
    assert!(text.starts_with(start), "{text}");
    assert!(text.contains("f();\n") && !text.contains(MARK) && !text.contains("[[case]]"));
}

#[test]
fn wrong_definitions_are_shown_where_they_stand() {
    for (from, to, why) in [
        (
            "\"some-rule\"",
            "\"other\"",
            "some-rule.md:2:6: the file of `other` must be called other.md",
        ),
        (
            "cwe = [20]",
            "cwee = [20]",
            "some-rule.md:5:1: unknown field `cwee`, expected one of",
        ),
        (
            "\"error\"",
            "\"fatal\"",
            "some-rule.md:12:12: unknown variant `fatal`, expected one of",
        ),
        (
            "\"console\"",
            "\"consol\"",
            ":17:8: unknown log kind `consol`, expected one of console,",
        ),
        (
            "{callee}",
            "{calee}",
            ":15:11: unknown placeholder `{calee}`, expected one of callee, table, key, source, count",
        ),
        (
            "when = { server = true }",
            "when = { public = true }",
            "`when.public` is not answered by a matcher of this kind",
        ),
        (
            "server = true",
            "sever = true",
            ":18:10: unknown field `sever`, expected one of",
        ),
        (
            "[case.call]\nlogs = [\"console\"]\n",
            "[case.call]\n",
            "either `effects` or `logs`",
        ),
        (
            "[case.call]\nlogs = [\"console\"]\nwhen = { server = true }",
            "",
            "a case has one matcher",
        ),
        ("\"5.0\"", "\"50\"", ":7:21: security-severity"),
        (
            "languages = [\"rust\"]",
            "languages = []",
            "at least one language",
        ),
        ("\nen = ", "\nenglish = ", "two lower-case letters"),
        ("en = [\"do it\"]", "en = [\" \"]", "a phrase is empty"),
        (
            "{ server = true }",
            "{ place = [\"servr\"] }",
            "unknown place `servr`, expected one of generated, test",
        ),
    ] {
        let error = refused(from, to);
        assert!(error.contains(why), "{to}: {error}");
    }
}

#[test]
fn conditions_that_nobody_answers_are_refused() {
    let error = refused(
        "when = { server = true }",
        "when = { server = true, limit = \"absent\" }",
    );
    assert!(
        error.contains("`when.limit` is not answered by a matcher of this kind; there are place,"),
        "{error}"
    );
    let error = refused(
        "unless = { guarded_by = [\"auth\"], public = true }",
        "unless = { passed = [\"schema\"] }",
    );
    assert!(
        error.contains("`unless.passed` is not answered by a matcher of this kind"),
        "{error}"
    );
}

#[test]
fn wrong_texts_are_shown_where_they_stand() {
    for (from, to, why) in [
        (
            "# Some title",
            "# Other",
            "the text begins with a heading \"# Some title\"",
        ),
        (
            "## What it doesn't see\n\nMuch.",
            "## What it doesn't see\n",
            "the section is empty",
        ),
        (
            "## Why it matters",
            "## Because",
            "there is no section \"## Why it matters\"",
        ),
        ("f(); //~ some-rule", "f();", "at least one mark"),
        ("g();", "g(); //~ some-rule", "no mark"),
        ("//~ some-rule", "//~ other", "a mark names `other`"),
        ("//~ some-rule", "//~? some-rule", "no known miss"),
        ("rust src/main.rs", "rust", "has a path"),
        (
            "rust src/main.rs",
            "rust ../main.rs",
            "has a path below the root",
        ),
        (
            "rust src/main.rs",
            "go main.go",
            "no language of an example",
        ),
        (
            "[\"rust\"]",
            "[\"rust\", \"typescript\"]",
            "there is no example in TypeScript",
        ),
    ] {
        let error = refused(from, to);
        assert!(error.contains(why), "{to}: {error}");
    }
}

#[test]
fn ids_are_unique_and_sorted() {
    let error = RuleBook::load(&[(PATH, RULE), ("rules/b/some-rule.md", RULE)]).err();
    assert!(error.is_some_and(|e| {
        e.to_string()
            .contains("also stands in rules/family/some-rule.md")
    }));
    let other = RULE.replace("some-rule", "a-rule");
    let book = RuleBook::load(&[(PATH, RULE), ("rules/b/a-rule.md", &other)]);
    let ids = book.map(|book| {
        book.rules()
            .iter()
            .map(|rule| rule.id.clone())
            .collect::<Vec<_>>()
    });
    assert_eq!(ids, Ok(vec!["a-rule".into(), "some-rule".into()]));
}

#[test]
fn the_builtin_rules_are_sound() {
    let book = RuleBook::builtin().unwrap_or_else(|error| panic!("{error}"));
    for rule in book.rules() {
        assert_eq!(rule.path, format!("rules/{}/{}.md", rule.family, rule.id));
        assert!(
            rule.directives.contains_key("en") && rule.directives.contains_key("fr"),
            "{}",
            rule.id
        );
    }
}

#[test]
fn the_reference_names_every_condition_and_key() {
    let reference = include_str!("../../rules/README.md");
    for (from, to) in [
        ("server = true", "unknown = true"),
        ("logs = [\"console\"]", "unknown = 1"),
        ("effects = [\"db-write\"]", "unknown = 1"),
        ("cwe = [20]", "unknown = 1"),
        ("severity = \"error\"", "unknown = 1"),
    ] {
        let error = refused(from, to);
        let line = error.lines().next().unwrap_or("");
        assert!(line.contains("unknown field"), "{error}");
        for key in line.split('`').skip(3).step_by(2) {
            let forms = [
                format!("`{key}`"),
                format!("`[[{key}]]`"),
                format!("`[{key}]`"),
                format!("`[case.{key}]`"),
            ];
            assert!(
                forms.iter().any(|form| reference.contains(form)),
                "{key} is missing in rules/README.md"
            );
        }
    }
}
