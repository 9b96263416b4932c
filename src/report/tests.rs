//! The formats over one hand-made set of findings that is as hostile as a pull request may be.

use super::*;
use crate::finding::suppress::Suppressions;
use crate::finding::{Filters, Shown, select};
use crate::source::{FileId, Location, SourceFile, Span};

/// Made up, and put together here so that no scanner takes it for a real one.
fn secret() -> String {
    ["sk", "live", "9aZ3kQ7mP2xW"].join("_")
}

struct Set {
    sources: SourceMap,
    shown: Shown,
    gaps: Vec<Gap>,
    rules: Vec<RuleInfo>,
    origin: Origin,
}

impl Set {
    fn new() -> Self {
        let mut set = Self {
            sources: files(),
            shown: Shown::default(),
            gaps: gaps(),
            rules: rules(),
            origin: Origin {
                repository: "https://github.com/example/shop".to_owned(),
                revision: Some("0123456789abcdef0123456789abcdef01234567".to_owned()),
                branch: Some("main".to_owned()),
            },
        };
        let findings = set.findings();
        let mut suppressions = Suppressions::default();
        let ids: Vec<Name> = set.rules.iter().map(|rule| rule.id.clone()).collect();
        suppressions.scan(FileId(3), &set.sources, None, &ids);
        set.shown = select(
            findings,
            &set.sources,
            &mut suppressions,
            &ids,
            &Filters::default(),
        );
        set
    }

    fn report(&self) -> Report<'_> {
        Report {
            sources: &self.sources,
            root: ".",
            scope: "services/api",
            profile: Profile::Default,
            findings: &self.shown.findings,
            held_back: self.shown.held_back,
            secrets: &self.shown.secrets,
            rules: &self.rules,
            gaps: &self.gaps,
            counts: Counts {
                files: 312,
                endpoints: 148,
                endpoints_unknown: 4,
            },
            origin: Some(&self.origin),
        }
    }

    /// Where the `nth` occurrence of a text stands.
    fn at(&self, file: u32, text: &str, nth: usize) -> Location {
        let source = self.sources.get(FileId(file));
        let start = source
            .text
            .match_indices(text)
            .nth(nth)
            .map_or(0, |(at, _)| at);
        Location {
            file: FileId(file),
            span: Span::new(start, start + text.len()),
        }
    }

    fn finding(&self, rule: &str, message: &str, primary: Location) -> Finding {
        let info = self
            .rules
            .iter()
            .find(|info| info.id == rule)
            .cloned()
            .unwrap_or_default();
        Finding {
            rule: info.id,
            title: info.title,
            message: message.to_owned(),
            help: info.help,
            severity: info.severity.unwrap_or(Severity::Warning),
            confidence: Confidence::High,
            profile: Profile::Default,
            primary,
            statement: None,
            label: None,
            related: Vec::new(),
            flow: Vec::new(),
            endpoint: None,
            symbol: Name::from("handler"),
            redact: Vec::new(),
            fingerprint: Name::default(),
        }
    }

    fn findings(&self) -> Vec<Finding> {
        let mut auth = self.finding(
            "missing-auth",
            "POST /users/[id] writes to the database without checking who is calling",
            self.at(0, "POST", 0),
        );
        auth.label = Some(Name::from("no guard in front of it"));
        auth.related = vec![(self.at(0, "db.user.update", 0), Name::from("writes here"))];
        auth.endpoint = Some((Name::from("POST"), Name::from("/users/[id]")));

        let mut input = self.finding(
            "unvalidated-input",
            "request body reaches the database unchecked",
            self.at(1, "req.body", 0),
        );
        input.confidence = Confidence::Medium;
        input.flow = vec![
            (self.at(1, "req.body", 0), Name::from("the body is read")),
            (self.at(1, "save(名前)", 0), Name::from("and passed on")),
            (self.at(0, "db.user.update", 0), Name::from("and written")),
        ];

        let hostile = "bad \u{1b}[2J\u{202e}name ##[error] [x](1) <img src=x>";
        let mut evil = self.finding("missing-auth", hostile, self.at(2, "handler", 0));
        evil.related = vec![(self.at(2, "second", 0), Name::from("\n::error::here\u{9b}"))];

        let key = secret();
        let mut hardcoded = self.finding(
            "hardcoded-secret",
            "a Stripe key is written into the code",
            self.at(3, &key, 0),
        );
        hardcoded.redact = vec![self.at(3, &key, 0).span];
        let leak = self.finding(
            "console-log",
            &format!("'console.log' prints {key}"),
            self.at(3, "console.log", 0),
        );
        let log = |nth| {
            self.finding(
                "console-log",
                "'console.log' in server code",
                self.at(1, "console.log", nth),
            )
        };
        let minified = self.finding("missing-auth", "GET /x is open", self.at(4, "needle", 0));
        let mut unsure = self.finding("missing-auth", "maybe", self.at(1, "save", 0));
        unsure.confidence = Confidence::Low;
        let mut strict = unsure.clone();
        strict.profile = Profile::Strict;
        strict.message = "strictly".to_owned();
        vec![
            log(2),
            log(0),
            log(1),
            minified,
            leak,
            hardcoded,
            evil,
            input,
            auth,
            unsure,
            strict,
        ]
    }
}

fn files() -> SourceMap {
    let key = secret();
    let long = format!(
        "{}needle{}{key}{}",
        "a=1;".repeat(400),
        ";b=2".repeat(3),
        ";c=3".repeat(400)
    );
    let files = [
        (
            "app/api/users/[id]/route.ts",
            "import { db } from \"@/db\";\n\nexport async function POST(req: Request) {\n  const data = await req.json();\n  return db.user.update(data);\n}\n".to_owned(),
        ),
        (
            "src/routes/users.ts",
            "\tconst 名前 = \"😀\" + req.body;\n\tsave(名前);\n\tconsole.log(1);\n\n\n\tconsole.log(2);\n\tconsole.log(3);\n".to_owned(),
        ),
        (
            "src/a\u{1b}]0;pwned\u{7}\n::error::x ##[error].ts",
            "// \u{1b}[31m ##[error]\u{202e}\u{200b}\rhandler(\u{1b}]8;;http://x\u{7})\n::error::x second\n".to_owned(),
        ),
        (
            "src/secret.ts",
            format!("const k = \"{key}\"; console.log(\"{key}\");\n// backlint-ignore missing-auth: gone\nrun();\n"),
        ),
        ("dist/min.js", long),
    ];
    SourceMap {
        files: files
            .into_iter()
            .map(|(path, text)| SourceFile::new(path, text))
            .collect(),
    }
}

fn gaps() -> Vec<Gap> {
    let gap = |kind, file: &str, line, message: &str| Gap {
        kind,
        file: Name::from(file),
        line,
        message: message.to_owned(),
    };
    vec![
        gap(
            GapKind::SyntaxError,
            "src/broken.ts",
            7,
            "not understood: \u{1b}[0m",
        ),
        gap(GapKind::Macro, "src/main.rs", 3, "macro `select!`"),
        gap(GapKind::NotUtf8, "src/latin.ts", 1, "the file is not UTF-8"),
    ]
}

fn rules() -> Vec<RuleInfo> {
    let rule = |id: &str, title: &str, severity, cwe: u32, help: &str| RuleInfo {
        id: Name::from(id),
        title: Name::from(title),
        description: format!("{title} is what this rule finds"),
        family: Name::from("http"),
        severity: Some(severity),
        confidence: Some(Confidence::High),
        profile: Some(Profile::Default),
        languages: vec![Name::from("typescript"), Name::from("rust")],
        cwe: (cwe > 0).then_some(cwe).into_iter().collect(),
        owasp: vec![Name::from("API2:2023")],
        security_severity: (cwe > 0).then(|| Name::from("8.1")),
        help: help.to_owned(),
        markdown: format!(
            "# {title}\n\nWhy it matters.\n\n## Flagged\n\n```ts app/route.ts\nhandler(req)\n```\n"
        ),
        uri: format!("https://github.com/backlint/backlint/blob/main/rules/http/{id}.md"),
        fold: id == "console-log",
    };
    let mut rules = vec![
        rule(
            "console-log",
            "Output to the console",
            Severity::Warning,
            0,
            "use the structured logger",
        ),
        rule(
            "hardcoded-secret",
            "Secret in the code",
            Severity::Error,
            798,
            "read it from the environment, and rotate this one",
        ),
        rule(
            "missing-auth",
            "Endpoint without authentication",
            Severity::Error,
            306,
            "put an authentication guard in front of the route",
        ),
        rule(
            "unvalidated-input",
            "Input that nothing checks",
            Severity::Error,
            20,
            "parse the input with a schema",
        ),
    ];
    rules.extend(builtin_rules());
    rules
}

fn string(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_default()
}

fn every_format(set: &Set) -> Vec<(&'static str, String)> {
    let report = set.report();
    let verbose = Style {
        width: Some(100),
        verbose: true,
        color: false,
    };
    let routes = routes::tests::routes();
    vec![
        ("text", string(text(&report, Style::default()))),
        ("verbose", string(text(&report, verbose))),
        ("json", json(&report)),
        ("sarif", sarif(&report)),
        (
            "routes",
            string(routes_table(&routes, &set.shown.secrets, verbose)),
        ),
        ("routes-json", routes_json(&routes, &set.shown.secrets)),
        ("rules", string(rules_table(&set.rules, verbose))),
        ("rules-json", rules_json(&set.rules)),
        ("explain", string(explain(&set.rules[2], verbose))),
    ]
}

#[test]
fn formats() {
    for (name, text) in every_format(&Set::new()) {
        insta::assert_snapshot!(name, text);
    }
}

#[test]
fn colours_add_nothing_but_colours() {
    let set = Set::new();
    let style = Style {
        color: true,
        ..Style::default()
    };
    let colored = string(text(&set.report(), style));
    let mut plain = String::new();
    let mut pieces = colored.split("\u{1b}[");
    plain.push_str(pieces.next().unwrap_or(""));
    for piece in pieces {
        plain.push_str(piece.split_once('m').map_or("", |(_, rest)| rest));
    }
    assert_eq!(plain, string(text(&set.report(), Style::default())));
}

#[test]
fn nothing_of_the_code_acts() {
    for (name, text) in every_format(&Set::new()) {
        for line in text.lines() {
            let acts = line.chars().find(|c| {
                c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
            });
            assert_eq!(acts, None, "{name}: {line:?}");
            assert!(!line.trim_start().starts_with("::"), "{name}: {line}");
            assert!(!line.contains("##["), "{name}: {line}");
        }
    }
}

#[test]
fn no_part_of_a_secret_is_shown() {
    let key = secret();
    for (name, text) in every_format(&Set::new()) {
        for at in 0..=key.len() - 6 {
            let part = &key[at..at + 6];
            assert!(!text.contains(part), "{name} shows {part}");
        }
    }
}

#[test]
fn an_empty_run_is_a_report() {
    let set = Set::new();
    let mut report = set.report();
    (report.findings, report.gaps) = (&[], &[]);
    report.held_back = HeldBack::default();
    insta::assert_snapshot!("empty-text", string(text(&report, Style::default())));
    insta::assert_snapshot!("empty-sarif", sarif(&report));
}

#[test]
fn no_more_results_than_are_kept() {
    let set = Set::new();
    let mut findings = Vec::new();
    for index in 0..5_500 {
        let mut finding = set.finding("console-log", "x", set.at(1, "console.log", 0));
        if index >= 5_400 {
            finding.rule = Name::from("missing-auth");
            finding.severity = Severity::Error;
        }
        findings.push(finding);
    }
    let mut report = set.report();
    report.findings = &findings;
    let log: serde_json::Value = serde_json::from_str(&sarif(&report)).unwrap_or_default();
    let results = log["runs"][0]["results"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let errors = results
        .iter()
        .filter(|result| result["level"] == "error")
        .count();
    assert_eq!((results.len(), errors), (5_000, 100));
}

#[test]
fn one_long_line_with_many_findings_is_linear() {
    let mut sources = SourceMap::default();
    sources
        .files
        .push(SourceFile::new("a.js", "é=f(x);".repeat(130_000)));
    let set = Set::new();
    let findings: Vec<Finding> = (0..20_000)
        .map(|index| {
            let at = Location {
                file: FileId(0),
                span: Span::new(index * 48 + 3, index * 48 + 4),
            };
            set.finding("missing-auth", "x", at)
        })
        .collect();
    let mut report = set.report();
    report.sources = &sources;
    report.findings = &findings;
    let started = std::time::Instant::now();
    assert!(!text(&report, Style::default()).is_empty());
    assert!(!json(&report).is_empty());
    assert!(!sarif(&report).is_empty());
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

/// Text as it comes to stand in hostile files: controls, wide characters, every kind of line end.
const HOSTILE: &str =
    "([a-z(){}#\\[:;\"]|[ \t\r\n]|[\u{1b}\u{7}\u{9b}\u{202e}\u{200d}\u{feff}]|[é漢😀]){0,300}";

proptest::proptest! {
    #[test]
    fn any_text_and_any_span_is_shown(
        first in HOSTILE,
        second in HOSTILE,
        spans in proptest::collection::vec((0_usize..400, 0_usize..80), 1..8),
        redact in 0_usize..6,
        width in 1_usize..200,
    ) {
        let mut set = Set::new();
        set.sources.files = vec![SourceFile::new(first.as_str(), second.as_str()), SourceFile::new("b.ts", first.as_str())];
        let at = |index: usize, (start, length): (usize, usize)| Location {
            file: FileId(u32::try_from(index % 2).unwrap_or(0)),
            span: Span::new(start, start + length),
        };
        let mut finding = set.finding("missing-auth", &first, at(0, spans[0]));
        finding.redact = spans.iter().take(redact).map(|span| at(0, *span).span).collect();
        finding.label = Some(Name::from(second.as_str()));
        let places = || spans.iter().enumerate().map(|(index, span)| (at(index, *span), Name::from(second.as_str())));
        finding.related = places().collect();
        finding.flow = places().rev().collect();
        set.shown = select(vec![finding], &set.sources, &mut Suppressions::default(), &[], &Filters::default());
        let report = set.report();
        let style = Style { width: Some(width), verbose: true, color: false };
        let shown = string(text(&report, style));
        proptest::prop_assert!(!shown.lines().any(|line| line.trim_start().starts_with("::") || line.contains("##[")), "{shown}");
        proptest::prop_assert!(!shown.chars().any(|c| c.is_control() && c != '\n'), "{shown}");
        proptest::prop_assert!(serde_json::from_str::<serde_json::Value>(&json(&report)).is_ok());
        proptest::prop_assert!(serde_json::from_str::<serde_json::Value>(&sarif(&report)).is_ok());
    }
}
