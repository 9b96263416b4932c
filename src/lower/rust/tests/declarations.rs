//! Items, attributes, imports and what is exported.

use super::show::{call, function, read, value};
use crate::model::{CallForm, ExportKind, FunctionKind, Imported, Module, TypeDeclKind};

fn exports(module: &Module) -> Vec<String> {
    let show = |kind: &ExportKind| match kind {
        ExportKind::Value(id) => value(module, *id),
        ExportKind::Type(id) => format!("type {}", module.type_decl(*id).name),
        ExportKind::From {
            source,
            imported: Imported::Named(name),
        } => format!("{source}::{name}"),
        ExportKind::From { source, .. } => source.to_string(),
        ExportKind::Star { source } => format!("{source}::*"),
    };
    let exports = module.exports.iter();
    exports
        .map(|export| format!("{}{} = {}", export.scope, export.name, show(&export.kind)))
        .collect()
}

#[test]
fn items_are_exports_public_or_not() {
    let module = read(
        r#"const KEY: &str = "k"; static N: u8 = 1; struct S; enum E { A } trait T {} type R = u8; fn g() {} mod m { fn h() {} }"#,
    );
    assert_eq!(
        exports(&module),
        [
            "KEY = \"k\"",
            "N = 1",
            "S = class S",
            "E = type E",
            "T = type T",
            "R = type R",
            "g = fn g",
            "mh = fn h"
        ]
    );
}

#[test]
fn use_trees_are_imports() {
    let module = read(
        "use a::b::{self, c as d, e::*}; pub use x::{y, z::*}; use q; extern crate r as s; use t::{self as u};",
    );
    let imports: Vec<String> = module
        .imports
        .iter()
        .map(|i| match &i.imported {
            Imported::Named(name) => format!("{} = {}::{name}", i.local, i.source),
            _ => format!("{}::*", i.source),
        })
        .collect();
    assert_eq!(
        imports,
        [
            "b = a::b",
            "d = a::b::c",
            "a::b::e::*",
            "y = x::y",
            "x::z::*",
            "q = ::q",
            "s = ::r",
            "u = ::t"
        ]
    );
    assert_eq!(exports(&module), ["y = x::y", " = x::z::*"]);
}

#[test]
fn modules_without_body_are_children() {
    let module = read("mod a; mod b { mod c; mod d { pub mod e; } }");
    let children: Vec<String> = module
        .child_modules
        .iter()
        .map(|(n, s, _)| format!("{s}/{n}"))
        .collect();
    assert_eq!(children, ["/a", "b/c", "b::d/e"]);
}

#[test]
fn impl_blocks_have_targets_traits_and_methods() {
    let code = "impl<S: Store> FromRequest<S> for auth::User { type Rejection = E; const N: u8 = 1; async fn from(req: &S) -> Result<Self, E> { x() } fn me(&self) {} }";
    let module = read(code);
    let found = &module.types[0];
    assert_eq!(
        (found.kind, found.name.as_str()),
        (TypeDeclKind::Impl, "User")
    );
    assert_eq!(found.trait_.as_ref().map(|t| t.last()), Some("FromRequest"));
    assert_eq!(
        found.target.as_ref().map(|t| t.path.join("::")).as_deref(),
        Some("auth::User")
    );
    let methods: Vec<(&str, bool)> = found
        .methods
        .iter()
        .map(|m| (m.name.as_str(), m.is_static))
        .collect();
    assert_eq!(methods, [("from", true), ("me", false)]);
    let from = function(&module, "from");
    assert!(from.is_async && from.kind == FunctionKind::Method && from.owner.is_some());
    assert_eq!(from.params[0].ty.as_ref().map(|t| t.last()), Some("Store"));
    assert_eq!(from.return_type.as_ref().map(|t| t.args.len()), Some(2));
    let fields: Vec<&str> = found.fields.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(fields, ["Rejection", "N"]);
}

#[test]
fn traits_have_default_bodies_and_supertraits() {
    let module = read("trait T: Send + Base { fn a(&self) { x() } fn b(&self); }");
    let found = &module.types[0];
    let heritage: Vec<&str> = found.heritage.iter().map(|t| t.last()).collect();
    assert_eq!((heritage, found.methods.len()), (vec!["Send", "Base"], 2));
}

#[test]
fn attributes_are_calls() {
    let code = r#"
        #[get("/x", guard = "g", wrap(a::b))]
        async fn f(#[header("h")] x: u8) {}
        /// Text.
        #[derive(Debug, serde::Serialize)]
        struct S { #[validate(length(min = 1, max = 10), email)] name: String, #[serde(rename = "x")] y: u8 }
        #[path = "other.rs"]
        mod m;
    "#;
    let module = read(code);
    let shown = |name| {
        let call = call(&module, code, name);
        assert_eq!(call.form, CallForm::Attribute);
        value(&module, call.value)
    };
    assert_eq!(shown("get"), r#"get("/x", {guard: "g", wrap: a::b})"#);
    assert_eq!(shown("header"), r#"header("h")"#);
    assert_eq!(shown("derive"), "derive(Debug, serde::Serialize)");
    assert_eq!(
        shown("validate"),
        "validate(email, {length: {min: 1, max: 10}})"
    );
    let f = function(&module, "f");
    assert_eq!((f.decorators.len(), f.params[0].decorators.len()), (1, 1));
    let s = &module.types[0];
    assert_eq!((s.decorators.len(), s.fields[1].decorators.len()), (1, 1));
    assert!(module.blocks[0].steps.is_empty());
}

#[test]
fn test_code_is_known() {
    let code = "#[cfg(test)] mod tests { fn a() {} } #[tokio::test] async fn b() {} #[cfg(any(test, x))] fn c() {} #[cfg(all(unix, test))] fn d() {}";
    let module = read(code);
    let in_test = |name| module.in_test(function(&module, name).span);
    assert_eq!(["a", "b", "c", "d"].map(in_test), [true, true, false, true]);
    assert!(
        read("#![cfg(test)]\nfn a() {}")
            .in_test(function(&read("#![cfg(test)]\nfn a() {}"), "a").span)
    );
}

#[test]
fn enums_carry_types() {
    let module = read("enum E { A, B(String), C(u8, u8), D { x: u8 } }");
    let types: Vec<&str> = module.types[0]
        .fields
        .iter()
        .map(|f| f.ty.as_ref().map_or("", |t| t.last()))
        .collect();
    assert_eq!(types, ["", "String", "()", "{}"]);
}

#[test]
fn types_look_through_references() {
    let module = read(
        "fn f(a: &dyn Store, b: Box<dyn Fn(u8) -> R>, c: impl Into<String>, d: &[u8], e: fn(A) -> B, g: (A, B)) {}",
    );
    let f = function(&module, "f");
    let paths: Vec<String> = f
        .params
        .iter()
        .filter_map(|p| p.ty.as_ref())
        .map(|t| format!("{}/{}", t.path.join("::"), t.args.len()))
        .collect();
    assert_eq!(
        paths,
        ["Store/0", "Box/1", "Into/1", "[]/1", "=>/2", "()/2"]
    );
}

#[test]
fn items_in_functions_are_local() {
    let code = "fn f() { g(1); fn g(x: u8) {} const K: u8 = 2; struct Inner; h(K, Inner) }";
    assert_eq!(super::show::body(code), "{fn g(1); h(2, class Inner)}");
    assert_eq!(exports(&read(code)), ["f = fn f"]);
}

#[test]
fn comments_and_spans_are_those_of_the_file() {
    let code = "\u{feff}#!/usr/bin/env run\n// é one\nfn f() { /* two /* nested */ */ g(\"// no\", 'a', r#\"/* no */\"#, 'x: loop {}) } // three\r\n";
    let module = crate::lower::rust::lower(crate::source::FileId(0), code);
    let comments: Vec<&str> = module.comments.iter().map(|span| span.text(code)).collect();
    assert_eq!(comments, ["// é one", "/* two /* nested */ */", "// three"]);
    let found = call(&module, code, "g");
    assert!(found.span.text(code).starts_with("g(\"// no\""));
    assert_eq!(function(&module, "f").head.text(code), "f");
}
