//! Text that is meant to hurt: deep nesting, long chains, random bytes.

use super::show::gaps;
use crate::lower::rust::lower;
use crate::model::{GapKind, Module};
use crate::source::FileId;
use proptest::prelude::*;

const DEEP: usize = 100_000;
const STACK: usize = 64 << 20;

/// Lowers on a thread with the stack that the pool's threads have.
fn on_thread(code: String) -> Module {
    let thread = std::thread::Builder::new().stack_size(STACK);
    let running = thread
        .spawn(move || lower(FileId(0), &code))
        .expect("a thread");
    running.join().expect("no panic")
}

/// Repeated code with something in front, in the middle and behind.
fn nest(before: &str, open: &str, middle: &str, close: &str, after: &str, count: usize) -> String {
    let (open, close) = (open.repeat(count), close.repeat(count));
    format!("{before}{open}{middle}{close}{after}")
}

/// Shapes that nest: what opens, what is inside, what closes.
const SHAPES: &[(&str, &str, &str, &str, &str)] = &[
    ("fn f() { ", "(", "x", ")", "; }"),
    ("fn f() { ", "{", "x", "}", " }"),
    ("fn f() { let _ = ", "[", "x", "]", "; }"),
    ("fn f() { ", "-", "x", "", "; }"),
    ("fn f() { ", "!", "x", "", "; }"),
    ("fn f() { ", "&", "x", "", "; }"),
    ("fn f() { ", "*", "x", "", "; }"),
    ("fn f() { ", "&mut ", "x", "", "; }"),
    ("fn f() { x", ".a()", "", "", "; }"),
    ("fn f() { x", ".a", "", "", "; }"),
    ("fn f() { x", "()", "", "", "; }"),
    ("fn f() { x", "[0]", "", "", "; }"),
    ("fn f() { x", "?", "", "", "; }"),
    ("fn f() { x", ".await", "", "", "; }"),
    ("fn f() { x", " as u8", "", "", "; }"),
    ("fn f() { x", " + x", "", "", "; }"),
    ("fn f() { x", " && x", "", "", "; }"),
    ("fn f() { ", "x = ", "x", "", "; }"),
    ("fn f() { ", "|a| ", "x", "", "; }"),
    ("fn f() { ", "|| ", "x", "", "; }"),
    ("fn f() { ", "move || ", "x", "", "; }"),
    ("fn f() { ", "return ", "x", "", "; }"),
    ("fn f() { ", "break ", "x", "", "; }"),
    ("fn f() { ", "if x {} else ", "{}", "", " }"),
    ("fn f() { ", "if ", "x", " {}", " }"),
    ("fn f() { ", "match ", "x", " {}", " }"),
    ("fn f() { ", "if x { ", "", " }", " }"),
    ("fn f() { ", "while x { ", "", " }", " }"),
    ("fn f() { ", "match x { _ => ", "1", " }", " }"),
    (
        "fn f() { ",
        "match x { Some(_) => ",
        "1",
        ", None => 2 }",
        " }",
    ),
    ("fn f() { ", "async { ", "x", " }", " }"),
    ("fn f() { ", "unsafe { ", "x", " }", " }"),
    ("fn f() { ", "loop { ", "x", " }", " }"),
    ("fn f() { ", "Box::pin(async move { ", "x", " })", " }"),
    ("fn f() { ", "g(", "x", ")", " }"),
    ("fn f() { ", "x.g(", "x", ")", " }"),
    ("fn f() { ", "vec![", "x", "]", "; }"),
    ("fn f() { ", "json!({\"a\": ", "x", "})", "; }"),
    ("fn f() { ", "S { a: ", "x", " }", "; }"),
    ("fn f() { ", "fn f() { ", "", " }", " }"),
    ("fn f() { let ", "Some(", "x", ")", " = y; }"),
    ("fn f() { let ", "&", "x", "", " = y; }"),
    ("fn f() { let ", "x @ ", "x", "", " = y; }"),
    ("fn f() { let a = 0", "..", "1", "", "; }"),
    ("fn f(a: ", "Vec<", "u8", ">", ") {}"),
    ("fn f(a: ", "&", "u8", "", ") {}"),
    ("fn f(a: ", "*const ", "u8", "", ") {}"),
    ("fn f(a: ", "(", "u8", ",)", ") {}"),
    ("fn f(a: ", "fn() -> ", "u8", "", ") {}"),
    ("fn f(a: ", "impl Fn() -> ", "u8", "", ") {}"),
    ("fn f(a: ", "<", "u8", " as T>::X", ") {}"),
    ("fn f(a: A", "::a", "", "", ") {}"),
    ("", "mod a { ", "", " }", ""),
    ("", "use a::{", "b", "}", ";"),
    ("use ", "a::", "b", "", ";"),
    ("", "#[a]", "fn f() {}", "", ""),
    ("#[a(", "b(", "c", ")", ")] fn f() {}"),
    ("const A: u8 = ", "1 + (", "1", ")", ";"),
    ("fn f() { ", "{ let a = 1; ", "a", " };", " }"),
    ("fn f() { x", ".a(|y| y", "", ")", "; }"),
    ("fn f() { ", "'a: ", "loop {}", "", " }"),
    ("", "/*", "", "*/", ""),
    ("fn f() { ", "r#", "x", "", " }"),
    ("fn f() { m!(", "{", "x", "}", "); }"),
];

#[test]
fn nesting_never_overflows_the_stack() {
    for (before, open, middle, close, after) in SHAPES {
        for count in [240, 330, 490, 900, 4_900, DEEP] {
            on_thread(nest(before, open, middle, close, after, count));
        }
    }
}

#[test]
fn deep_nesting_is_a_gap() {
    let code = nest("fn f() { ", "(", "x", ")", "; }", 2_000);
    let module = on_thread(code);
    assert_eq!(gaps(&module), [GapKind::TooDeep]);
    assert_eq!((module.functions.len(), module.calls.len()), (1, 0));
}

#[test]
fn long_but_flat_code_is_read() {
    let chain = nest("fn f() { x", ".a()", "", "", "; }", 4_000);
    assert_eq!(on_thread(chain).calls.len(), 4_000);
    let links = nest("fn f() { ", "if x { g() } else ", "{}", "", " }", 4_000);
    assert_eq!(on_thread(links).calls.len(), 4_000);
    for flat in [
        "x.a(); ",
        "if x { g() } ",
        "match x { _ => {} } ",
        "let a = |x| { x }; ",
        "let v: Vec<Vec<u8>> = a < b; ",
        "*x = -1; ",
    ] {
        let module = on_thread(format!("fn f() {{ {} }}", flat.repeat(10_000)));
        assert_eq!(gaps(&module), [], "{flat}");
    }
    let items = "impl<T> A for B<T> { fn f(&self) -> Option<&T> { x } } ".repeat(10_000);
    assert_eq!(gaps(&on_thread(items)), []);
    let table = format!(
        "const A: [u8; 9] = [{}];",
        "x & 1, -2, S { a: &b }, ".repeat(10_000)
    );
    assert_eq!(gaps(&on_thread(table)), []);
}

#[test]
fn many_variables_in_many_branches_take_little_time() {
    let lets: String = (0..5_000).map(|n| format!("let mut a{n} = 0; ")).collect();
    let ifs: String = (0..5_000)
        .map(|n| format!("if x {{ a{n} = 1; }} "))
        .collect();
    let inner: String = (0..2_000).map(|n| format!("a{n} = 1; ")).collect();
    let nested = nest("", "while x { ", &inner, " }", "", 300);
    let module = on_thread(format!("fn f() {{ {lets}{ifs}{nested} }}"));
    assert_eq!(gaps(&module), [GapKind::Budget]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_survived(text in "\\PC*") {
        let _ = lower(FileId(0), &text);
    }

    #[test]
    fn any_tokens_are_survived(parts in proptest::collection::vec(token(), 0..60)) {
        let text = parts.join(" ");
        let _ = lower(FileId(0), &text);
        let _ = lower(FileId(0), &format!("fn f(a: A) {{ {text} }}"));
        let _ = lower(FileId(0), &format!("fn f(a: A) {{ m!({text}); format!({text}) }}"));
    }
}

fn token() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "fn",
        "f",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        "<",
        ">",
        ",",
        ";",
        ":",
        "::",
        "=",
        "==",
        "=>",
        "->",
        "&",
        "&&",
        "|",
        "||",
        "!",
        "?",
        ".",
        "..",
        "#",
        "'a",
        "'a'",
        "\"{x}\"",
        "\"{}\"",
        "r#\"x\"#",
        "1",
        "1.5",
        "x",
        "y",
        "Some(x)",
        "None",
        "self",
        "Self",
        "let",
        "mut",
        "ref",
        "if",
        "else",
        "match",
        "loop",
        "while",
        "for",
        "in",
        "break",
        "continue",
        "return",
        "async",
        "await",
        "move",
        "unsafe",
        "struct",
        "impl",
        "use",
        "mod",
        "m!",
        "vec!",
        "@",
        "_",
        "%",
        "/* c */",
        "// c\n",
        "é",
        "\u{feff}",
        "#!",
        "\\",
        "$",
        "as",
        "{ x = 1 }",
        "|x| x",
        "x += 1",
    ])
}
