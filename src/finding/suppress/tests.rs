use super::*;
use crate::source::SourceFile;

const RULES: [&str; 3] = ["missing-auth", "console-log", "sql-injection"];

fn rules() -> Vec<Name> {
    RULES.iter().map(|rule| Name::from(*rule)).collect()
}

/// Comments as a lowering would give them, for code without strings.
fn comments(text: &str) -> Vec<Span> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(['/', '#']).map(|n| n + at) {
        let rest = &text[start..];
        let length = if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |n| n + 2)
        } else if rest.starts_with("//") || rest.starts_with('#') {
            rest.find('\n').unwrap_or(rest.len())
        } else {
            at = start + 1;
            continue;
        };
        out.push(Span::new(start, start + length));
        at = start + length;
    }
    out
}

/// Lines of the findings that are left, and the messages about the suppressions.
fn run(text: &str, known: bool) -> (Vec<u32>, Vec<String>) {
    let mut sources = SourceMap::default();
    sources.files.push(SourceFile::new("a.ts", text));
    let mut suppressions = Suppressions::default();
    let spans = comments(text);
    suppressions.scan(FileId(0), &sources, known.then_some(&*spans), &rules());
    let left = text
        .match_indices("LOG")
        .map(|(at, word)| {
            let primary = Location {
                file: FileId(0),
                span: Span::new(at, at + word.len()),
            };
            let mut finding = notice(
                UNUSED,
                Severity::Note,
                primary,
                String::new(),
                String::new(),
            );
            finding.rule = Name::from("console-log");
            finding
        })
        .filter(|finding| !suppressions.accepts(finding, &sources))
        .map(|finding| sources.position(finding.primary).line)
        .collect();
    let notices = suppressions.notices(&rules());
    (left, notices.into_iter().map(|n| n.message).collect())
}

#[test]
fn every_way_of_writing_one() {
    for text in [
        "// backlint-ignore console-log: why\nLOG",
        "/* backlint-ignore console-log: why */\nLOG",
        "<a>\n  {/* backlint-ignore console-log: why */}\n  LOG",
        "/** backlint-ignore console-log: why\n * more\n */\nLOG",
        "# backlint-ignore console-log: why\nLOG",
        "LOG // backlint-ignore console-log: why",
        "LOG /* backlint-ignore console-log: why */",
        "/* backlint-ignore console-log: why */ LOG",
        "{ LOG } # backlint-ignore console-log: why",
        "// backlint-ignore console-log: why\n\n// more\n   /* and\n more */\n\n LOG",
        "//backlint-ignore missing-auth,console-log : a: b\nLOG // backlint-ignore missing-auth: x",
        "{/* backlint-ignore console-log: why */}\n{/* a comment */}\nLOG",
    ] {
        let (left, notices) = run(text, true);
        assert!(left.is_empty(), "{text}");
        let unused = usize::from(text.contains("missing-auth")) * 2;
        assert_eq!(notices.len(), unused, "{text}: {notices:?}");
        if !text.contains("<a>") && !text.contains("more") && !text.contains("{/*") {
            assert_eq!(run(text, false).0, left, "{text}");
        }
    }
}

#[test]
fn it_reaches_one_line_and_one_rule() {
    let (left, _) = run("// backlint-ignore console-log: why\nLOG\nLOG", true);
    assert_eq!(left, [3]);
    let (left, notices) = run("// backlint-ignore sql-injection: why\nLOG", true);
    assert_eq!(left, [2]);
    assert_eq!(notices, ["sql-injection has no finding here to suppress"]);
}

#[test]
fn without_a_reason_it_is_void() {
    for text in [
        "// backlint-ignore console-log\nLOG",
        "// backlint-ignore console-log:  \nLOG",
        "/* backlint-ignore console-log: */\nLOG",
    ] {
        let (left, notices) = run(text, true);
        assert_eq!(left, [2], "{text}");
        assert_eq!(notices, ["suppression gives no reason"], "{text}");
    }
    let (_, notices) = run("// backlint-ignore: why\nLOG", true);
    assert_eq!(notices, ["suppression names no rule"]);
}

#[test]
fn an_unknown_rule_is_named() {
    let (left, notices) = run("// backlint-ignore consol-log, console-log: why\nLOG", true);
    assert!(left.is_empty());
    assert_eq!(
        notices,
        ["no rule is called 'consol-log'; did you mean 'console-log'?"]
    );
}

#[test]
fn text_that_only_looks_like_one() {
    for text in [
        "f(`// backlint-ignore console-log: why`)\nLOG",
        "// see backlint-ignore console-log: why\nLOG",
        "// backlint-ignored console-log: why\nLOG",
    ] {
        let mut spans = comments(text);
        spans.retain(|span| span.start == 0);
        let source = SourceFile::new("a.ts", text);
        assert!(inline::find(&source, Some(&spans)).is_empty(), "{text}");
    }
}

#[test]
fn many_in_one_line_are_read_in_one_pass() {
    let text = format!(
        "{}{}",
        " ".repeat(200_000),
        "/* backlint-ignore console-log: x */".repeat(20_000)
    );
    let source = SourceFile::new("a.ts", text.as_str());
    let spans = comments(&text);
    assert_eq!(inline::find(&source, Some(&spans)).len(), 20_000);
    let stacked = "// backlint-ignore console-log: x\n".repeat(20_000);
    let source = SourceFile::new("a.ts", stacked.as_str());
    let spans = comments(&stacked);
    assert_eq!(inline::find(&source, Some(&spans)).len(), 20_000);
}

#[test]
fn rows_of_the_settings_reach_their_paths() {
    let mut sources = SourceMap::default();
    sources.files.push(SourceFile::new("legacy/a.ts", "x"));
    sources.files.push(SourceFile::new("src/a.ts", "x"));
    let row = |rule: &str, glob: &str| Row {
        rule: Name::from(rule),
        path: globset::Glob::new(glob)
            .map(|glob| glob.compile_matcher())
            .unwrap_or_else(|e| panic!("{e}")),
        line: 3,
    };
    let mut suppressions = Suppressions::new(vec![
        row("console-log", "legacy/**"),
        row("missing-auth", "legacy/**"),
    ]);
    let mut accepts = |file| {
        let primary = Location {
            file: FileId(file),
            span: Span::new(0, 1),
        };
        let mut finding = notice(
            UNUSED,
            Severity::Note,
            primary,
            String::new(),
            String::new(),
        );
        finding.rule = Name::from("console-log");
        suppressions.accepts(&finding, &sources)
    };
    assert!(accepts(0) && !accepts(1));
    let unused: Vec<&str> = suppressions
        .unused_rows(&rules())
        .iter()
        .map(|row| row.rule.as_str())
        .collect();
    assert_eq!(unused, ["missing-auth"]);
}
