use super::{args, ts, tsx};
use crate::lower::typescript::{Dialect, lower};
use crate::model::{GapKind, Module};
use crate::source::FileId;
use proptest::prelude::*;

/// As deep as the pool in which files are lowered.
const STACK: usize = 64 << 20;
const DEEP: usize = 100_000;

fn on_a_large_stack(text: String) -> Module {
    std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || lower(FileId(0), &text, Dialect::Tsx))
        .expect("a thread")
        .join()
        .expect("no panic")
}

fn nested(open: &str, core: &str, close: &str) -> String {
    format!("{}{core}{}", open.repeat(DEEP), close.repeat(DEEP))
}

fn is_too_deep(module: &Module) -> bool {
    module.gaps.iter().any(|gap| gap.kind == GapKind::TooDeep)
}

#[test]
fn deep_nesting_is_a_gap() {
    for text in [
        nested("(", "a", ")"),
        nested("[", "a", "]"),
        nested("{", "", "}"),
        nested("f(", "a", ")"),
        nested("if (a) { ", "b()", " }"),
        nested("!", "a", ""),
        nested("() => ", "a", ""),
        nested("a ? b : ", "c", ""),
        nested("function f() { ", "", " }"),
        nested("<div>", "", "</div>"),
        format!("const {} = x", nested("[", "a", "]")),
        format!("x = {}", nested("{ a: ", "b", " }")),
        format!("let x: {} = y", nested("A<", "B", ">")),
        nested("while (a) ", "b()", ""),
        nested("a = ", "b", ""),
        nested("`${", "a", "}`"),
        nested("class A { m() { ", "", " } }"),
    ] {
        let head: String = text.chars().take(30).collect();
        let module = on_a_large_stack(text);
        assert!(is_too_deep(&module) || !module.gaps.is_empty(), "{head}");
    }
}

#[test]
fn long_chains_are_a_gap() {
    for text in [
        format!("a{}", ".b".repeat(DEEP)),
        format!("a{}", ".b()".repeat(DEEP)),
        format!("a{}", " + b".repeat(DEEP)),
        format!("a{}", " && b".repeat(DEEP)),
        format!("{}a", "if (a) b(); else ".repeat(DEEP)),
    ] {
        let head: String = text.chars().take(30).collect();
        assert!(is_too_deep(&on_a_large_stack(text)), "{head}");
    }
}

#[test]
fn chains_of_some_thousands_are_followed() {
    for text in [
        format!("f(a{})", ".b".repeat(4_000)),
        format!("f(a{})", ".b()".repeat(2_400)),
        format!("f(a{})", " + b".repeat(4_000)),
        format!("f(a{})", " || b()".repeat(4_000)),
        format!("{}f(a)", "if (a) b(); else ".repeat(4_000)),
        format!("let x: {} = f(a)", ["A"; 4_000].join(" | ")),
    ] {
        let head: String = text.chars().take(30).collect();
        let module = on_a_large_stack(text);
        assert!(module.gaps.is_empty(), "{head}: {:?}", module.gaps);
        assert_eq!(args(&module, "f").len(), 1, "{head}");
    }
}

#[test]
fn much_of_everything_takes_no_time() {
    let names: Vec<String> = (0..20_000).map(|n| format!("v{n}")).collect();
    let declared: Vec<String> = names
        .iter()
        .map(|name| format!("let {name} = 0;"))
        .collect();
    let changed: Vec<String> = names.iter().map(|name| format!("{name}++;")).collect();
    let (declared, changed) = (declared.concat(), changed.concat());
    for text in [
        format!("{declared} for (;;) {{ {changed} }}"),
        format!(
            "{declared} for (;;) {{ {changed} {} }}",
            "if (a) break;".repeat(20_000)
        ),
        format!("{declared} if (a) {{ {changed} }} else {{ {changed} }}"),
        format!("let a = 0; {}", "a = a + 1; if (a) a = 2;".repeat(20_000)),
        format!("let a = 0; g(() => {{ {} }})", "a = a + 1;".repeat(20_000)),
        format!("switch (a) {{ {} }}", "case 1: b(); ".repeat(20_000)),
        "import a from 'a';".repeat(20_000),
    ] {
        on_a_large_stack(text);
    }
}

#[test]
fn what_can_be_read_is_read() {
    let module = ts("f(1); const = ; f(2); }");
    assert!(
        module
            .gaps
            .iter()
            .all(|gap| gap.kind == GapKind::SyntaxError)
    );
    assert!(!module.gaps.is_empty());
    assert_eq!(args(&module, "f"), ["1", "2"]);
    assert!(ts(&"const = ;".repeat(500)).gaps.len() <= 20);
}

#[test]
fn nasty_texts() {
    for text in [
        "",
        " ",
        "\u{feff}",
        "#!",
        "#!/usr/bin/env node",
        "'",
        "\"",
        "`",
        "`${",
        "/",
        "/a",
        "/*",
        "//",
        "<",
        "<a",
        "<a>",
        "({",
        "[",
        "class",
        "class {",
        "function",
        "async",
        "=>",
        "a =>",
        "import",
        "import {",
        "import * as",
        "export",
        "export {",
        "export default",
        "switch (",
        "switch (a) { case",
        "try",
        "for (",
        "for (;;",
        "for (const",
        "if",
        "let",
        "const {",
        "const [a,",
        "new",
        "a?.",
        "a.",
        "...",
        "@",
        "@a class",
        "type A =",
        "interface",
        "enum E {",
        "namespace",
        "declare",
        "yield",
        "await",
        "require(",
        "require()",
        "import()",
        "module.exports =",
        "exports.",
        "x<y>`",
        "<T>`",
        ">`a`",
        "\0",
        "é",
        "𝄞",
        "\u{2028}",
        "a\r\nb",
        "const { a: { b: [c = ",
        "label:",
        "case 1:",
        "`\\u{`",
        "'\\x",
        "0x",
        "1_",
        "break",
        "continue",
        "return",
        "super",
        "super()",
        "this",
        "import.meta",
        "new.target",
    ] {
        for module in [ts(text), tsx(text)] {
            assert!(!module.dump().is_empty(), "{text:?}");
        }
    }
}

#[test]
fn offsets_count_from_the_start_of_the_file() {
    for start in [
        "\u{feff}",
        "#!/usr/bin/env node\n",
        "\u{feff}#!/x\n",
        "/* é𝄞 */ ",
    ] {
        let text = format!("{start}f(a)");
        let module = ts(&text);
        assert_eq!(module.calls.len(), 1, "{start:?}");
        assert_eq!(module.calls[0].span.text(&text), "f(a)");
    }
}

#[test]
fn comments_are_kept() {
    let text = "// one\nf(/* two */ a) // three";
    let comments: Vec<_> = ts(text)
        .comments
        .iter()
        .map(|c| c.text(text).to_owned())
        .collect();
    assert_eq!(comments, ["// one", "/* two */", "// three"]);
}

#[test]
fn dialects_by_extension() {
    use Dialect::{Tsx, TypeScript};
    for (path, dialect) in [
        ("a.ts", Some(TypeScript)),
        ("a/b.d.ts", Some(TypeScript)),
        ("a.mts", Some(TypeScript)),
        ("a.cts", Some(TypeScript)),
        ("a.tsx", Some(Tsx)),
        ("a.b.js", Some(Tsx)),
        ("a.jsx", Some(Tsx)),
        ("a.mjs", Some(Tsx)),
        ("a.cjs", Some(Tsx)),
        ("a.rs", None),
        ("a.ts/b", None),
        ("ts", None),
    ] {
        assert_eq!(Dialect::of_path(path), dialect, "{path}");
    }
}

const PIECES: [&str; 48] = [
    "a", "b", "f", "(", ")", "{", "}", "[", "]", "<", ">", "`", "${", "'", "\"", ";", ",", ".",
    "?.", "=", "=>", "+", "&&", "??", "?", ":", "if", "else", "for", "of", "while", "switch",
    "case", "break", "return", "function", "async", "await", "class", "const", "let", "var",
    "import", "export", "from", "try", "catch", "\n",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn any_text_lowers(text in "\\PC{0,200}") {
        prop_assert!(!ts(&text).dump().is_empty());
    }

    #[test]
    fn any_row_of_tokens_lowers(row in prop::collection::vec(prop::sample::select(PIECES.as_slice()), 0..80)) {
        let text = row.join(" ");
        prop_assert!(!ts(&text).dump().is_empty());
        prop_assert!(!tsx(&text).dump().is_empty());
    }

    #[test]
    fn any_bytes_lower(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(!tsx(&String::from_utf8_lossy(&bytes)).dump().is_empty());
    }
}
