//! Macros by their shape.

use super::show::{args, body, gaps, returns};
use crate::lower::rust::lower;
use crate::model::GapKind;
use crate::source::FileId;

#[test]
fn format_strings_are_texts() {
    assert_eq!(
        args(
            r#"fn f(a: u8, b: u8) { format!("{a} of {} and {0:?}{{}}", b) }"#,
            "format"
        ),
        r#"text<#0 + " of " + #1 + " and " + #1 + "{}">, #1"#
    );
    assert_eq!(
        args(
            r#"fn f(w: W, s: &str) { write!(w, "<{}>", s.trim()) }"#,
            "write"
        ),
        r#"#0, text<"<" + #1.trim() + ">">, #1.trim()"#
    );
    assert_eq!(
        args(r#"fn f(id: u8) { format!("{x}", x = id) }"#, "format"),
        "text<#0>, {x: #0}"
    );
    assert_eq!(
        args(r#"fn f() { println!("plain") }"#, "println"),
        r#""plain""#
    );
}

#[test]
fn log_fields_are_an_object() {
    assert_eq!(
        args(
            r#"fn f(u: U, e: E) { tracing::info!(target: "t", user.id = %u.id, ?e, "hi {}", u) }"#,
            "info"
        ),
        r#"text<"hi " + #0>, #0, {target: "t", user.id: #0.id, e: #1}"#
    );
}

#[test]
fn json_is_an_object() {
    assert_eq!(
        args(
            r#"fn f(a: A) { json!({ "a": { "b": [1, null, a.x] }, (k()): a }) }"#,
            "json"
        ),
        r#"{a: {b: [1, null, #0.x]}, [k()]: #0}"#
    );
    assert_eq!(args("fn f() { json!({}) }", "json"), "{}");
    assert_eq!(
        args(r#"fn f() { hashmap!{ "a" => 1 } }"#, "hashmap"),
        "{a: 1}"
    );
}

#[test]
fn pairs_are_fields_behind_what_is_positional() {
    assert_eq!(
        args(r#"fn f(a: A) { gauge!("n", "k" => a.x, a => 2) }"#, "gauge"),
        r#""n", {k: #0.x, [#0]: 2}"#
    );
}

#[test]
fn lists_and_queries() {
    assert_eq!(
        args("fn f(a: A) { g(vec![a, 1], vec![a; 2], vec![]) }", "g"),
        "[#0, 1], [#0], []"
    );
    assert_eq!(
        args(
            r#"fn f(id: u8) { sqlx::query_as!(User, "select $1 '{x,y}'", id) }"#,
            "query_as"
        ),
        r#"User, "select $1 '{x,y}'", #0"#
    );
}

#[test]
fn macros_that_leave() {
    assert_eq!(
        body(
            r#"fn f(x: X) { if a() { panic!("no"); } if b() { bail!("x"); } ensure!(x.ok(), "y"); g() }"#
        ),
        r#"{a(); if a() {panic("no"); throw}; b(); if b() {bail("x"); return bail("x")}; #0.ok(); ensure(#0.ok(), "y"); if #0.ok() {} else {return ensure(#0.ok(), "y")}; g()}"#
    );
    assert_eq!(returns("fn f() -> u8 { todo!() }"), "");
}

#[test]
fn matches_is_a_test() {
    assert_eq!(
        body("fn f(r: Role) { if matches!(r, Role::Admin | Role::Owner) { g() } }"),
        "{if (#0 is Admin Or #0 is Owner) {g()}}"
    );
}

#[test]
fn select_has_arms() {
    assert_eq!(
        body(
            "async fn f(r: R) { tokio::select! { Some(x) = r.recv() => g(x), _ = stop() => { return; } else => h() } }"
        ),
        "{#0.recv(); stop(); match opaque(await #0.recv(), await stop()) {_ => {g(await #0.recv()?)}, _ => {return }, _ => {h()}}}"
    );
}

#[test]
fn statics_in_macros_are_items() {
    let module = super::show::read("lazy_static! { pub static ref KEY: String = load(); }");
    assert_eq!(module.exports[0].name, "KEY");
    let module = super::show::read("thread_local!(static X: u8 = 1);");
    assert_eq!(module.exports[0].name, "X");
}

#[test]
fn what_is_not_understood_is_a_gap() {
    let module = lower(
        FileId(0),
        "macro_rules! m { () => {} } fn f() { html! { <a href=x>{y}</a> } }",
    );
    assert_eq!(gaps(&module), [GapKind::Macro, GapKind::Macro]);
    let module = lower(FileId(0), "fn f( {");
    assert_eq!(gaps(&module), [GapKind::SyntaxError]);
}
