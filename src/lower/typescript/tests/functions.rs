use super::{arg, args, body, function, ts};
use crate::model::{FunctionKind, ValueKind};

#[test]
fn names_and_heads() {
    let text = "function a() {}\nconst b = () => {};\nconst c = async function d() {};\nx.e = function () {};\nexports.g = () => {};\nconst o = { h() {}, i: () => {}, async *j() {} };\nwrap(() => {});\nwrap(function () {});\nlet k; k = () => {};\nconst { l = () => {} } = x;";
    let module = ts(text);
    let heads: Vec<_> = module
        .functions
        .iter()
        .skip(1)
        .map(|f| (f.name.as_deref().unwrap_or("_"), f.head.text(text)))
        .collect();
    assert_eq!(
        heads,
        [
            ("a", "a"),
            ("b", "b"),
            ("d", "d"),
            ("e", "e"),
            ("g", "g"),
            ("h", "h"),
            ("i", "i"),
            ("j", "j"),
            ("_", "=>"),
            ("_", "function"),
            ("k", "k"),
            ("l", "l"),
        ]
    );
    assert!(function(&module, "d").is_async && function(&module, "j").is_async);
    assert_eq!(function(&module, "a").span.text(text), "function a() {}");
}

#[test]
fn kinds_and_parents() {
    let module = ts("function a() { const b = () => { const o = { c() {} } } }");
    let kinds: Vec<_> = module.functions.iter().map(|f| f.kind).collect();
    use FunctionKind::{Closure, Function, Method, Module};
    assert_eq!(kinds, [Module, Function, Closure, Method]);
    assert_eq!(function(&module, "c").parent.map(|f| f.0), Some(2));
    assert!(function(&module, "c").has_this && !function(&module, "b").has_this);
}

#[test]
fn parameters_say_what_they_are() {
    let text = "function g(this: X, a: string, b?: number, c = 1, ...d: T[]) {}";
    let module = ts(text);
    let params = &function(&module, "g").params;
    let names: Vec<_> = params.iter().map(|p| p.name.as_deref().unwrap()).collect();
    assert_eq!(names, ["a", "b", "c", "d"]);
    assert_eq!(params[0].ty.as_ref().unwrap().last(), "string");
    assert_eq!(
        params[2].default.map(|v| module.dump_value(v)).as_deref(),
        Some("1")
    );
    assert!(params[3].rest && params[3].ty.is_some());
    assert!(matches!(
        module.kind(params[3].value),
        ValueKind::Param { index: 3, .. }
    ));
    assert_eq!(params[1].span.text(text), "b?: number");
}

#[test]
fn results() {
    let module = ts("const g = (a): Promise<T> => a.b; function* h(): X { return 1 }");
    assert_eq!(body(&module, 2), "return @a.b");
    let g = function(&module, "g");
    assert_eq!(g.return_type.as_ref().unwrap().last(), "Promise");
    assert_eq!(g.returns.len(), 1);
    assert_eq!(body(&module, 1), "return 1");
}

#[test]
fn closures_keep_this_and_functions_have_their_own() {
    let module =
        ts("function F(db) { this.x = (req) => { f(this.db) }; g(function () { h(this) }) }");
    assert_eq!(
        body(&module, 1),
        "this(F#1).x := fn x#2\n%2 = g(fn #3) discarded"
    );
    assert_eq!(args(&module, "f"), ["this(F#1).db"]);
    assert_eq!(args(&module, "h"), ["this(#3)"]);
}

#[test]
fn prototypes() {
    let module = ts("function F() {} F.prototype.m = function () { return this }");
    assert_eq!(body(&module, 0), "fn F#1.prototype.m := fn m#2");
}

#[test]
fn directives() {
    let module = ts("'use server'; 'use strict';\nfunction a() { 'use client'; b() }\n'late'");
    assert_eq!(module.directives, ["use server", "use strict"]);
    assert_eq!(function(&module, "a").directives, ["use client"]);
}

#[test]
fn arguments_are_all_parameters() {
    assert_eq!(arg("function g(a, b) { f(arguments) }"), "?(@a, @b)");
    assert_eq!(arg("const o = function me() { f(me) }"), "fn me#1");
}
