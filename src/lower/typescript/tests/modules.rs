use super::{arg, args, exports, function, ts};
use crate::model::Imported;

#[test]
fn imports() {
    let module = ts(
        "import a, { b as c, type D, default as e } from 'x'; import * as n from 'y'; import 'z'; import type { T } from 't'; import r = require('r'); f(a, c, e, n, r)",
    );
    let imports: Vec<_> = module
        .imports
        .iter()
        .map(|i| {
            (
                i.local.as_str(),
                i.source.as_str(),
                i.imported.clone(),
                i.type_only,
            )
        })
        .collect();
    let named = |name: &str| Imported::Named(name.into());
    assert_eq!(
        imports,
        [
            ("a", "x", Imported::Default, false),
            ("c", "x", named("b"), false),
            ("D", "x", named("D"), true),
            ("e", "x", Imported::Default, false),
            ("n", "y", Imported::Namespace, false),
            ("", "z", Imported::SideEffect, false),
            ("T", "t", named("T"), true),
            ("r", "r", Imported::CommonJs, false),
        ]
    );
    assert_eq!(
        args(&module, "f"),
        ["import(0), import(1), import(3), import(4), import(7)"]
    );
}

#[test]
fn required_modules() {
    let module = ts(
        "const x = require('x'); const { a, b: { c } } = require('y'); f(x, a, c, require('z').q); require('w')(app); function g() { const l = require(`lazy`) }",
    );
    let imports: Vec<_> = module
        .imports
        .iter()
        .map(|i| (i.local.as_str(), i.source.as_str(), i.dynamic))
        .collect();
    assert_eq!(
        imports,
        [
            ("x", "x", false),
            ("", "y", false),
            ("", "z", false),
            ("", "w", false),
            ("l", "lazy", true)
        ]
    );
    assert!(
        module
            .imports
            .iter()
            .all(|i| i.imported == Imported::CommonJs)
    );
    assert_eq!(
        args(&module, "f"),
        ["import(0), import(1).a, import(1).b.c, import(2).q"]
    );
    assert_eq!(args(&module, "import(3)"), ["app"]);
    assert!(
        ts("function require() {} const a = require('x')")
            .imports
            .is_empty()
    );
}

#[test]
fn dynamic_imports() {
    let module = ts("const { a } = await import('x'); f(a)");
    assert_eq!(args(&module, "f"), ["await(import(0)).a"]);
    let import = &module.imports[0];
    assert!(import.dynamic && import.imported == Imported::Namespace);
}

#[test]
fn exported_declarations() {
    let text = "export const a = 1, { b, c: [d] } = x; export function e() {} export class C {} export enum E { A } export interface I {} export type T = string; export default function () {}\n export let n = 1; n = 2;";
    assert_eq!(
        exports(&ts(text)),
        [
            "a = 1",
            "b = x.b",
            "d = x.c[0]",
            "e = fn e#1",
            "C = class C",
            "E = class E",
            "I = type I",
            "T = type T",
            "default = fn default#2",
            "n = 2",
        ]
    );
}

#[test]
fn exported_names() {
    let module = ts(
        "import { i } from 'x'; const a = 1; interface B {} const U = 1; type U = string; export { a as b, B, i, U }; export type { B as BB }; export { gone }",
    );
    assert_eq!(
        exports(&module),
        [
            "b = 1",
            "B = type B",
            "i = import(0)",
            "U = type U",
            "U = 1",
            "BB = type B",
            "gone = gone"
        ]
    );
    assert_eq!(
        exports(&ts(
            "export * from 'a'; export * as n from 'b'; export { x, default as y, z as default } from 'c'"
        )),
        [
            " = * from \"a\"",
            "n = from \"b\" as namespace",
            "x = from \"c\".x",
            "y = from \"c\".default",
            "default = from \"c\".z"
        ]
    );
}

#[test]
fn default_exports() {
    assert_eq!(
        exports(&ts("const a = 1; export default a")),
        ["default = 1"]
    );
    assert_eq!(
        exports(&ts("export default wrap(() => {})")),
        ["default = %0"]
    );
    assert_eq!(
        exports(&ts("export default class {}")),
        ["default = class default"]
    );
    assert_eq!(
        exports(&ts("export default class A {}")),
        ["default = class A"]
    );
    assert_eq!(
        exports(&ts("export default function g() {}")),
        ["default = fn g#1"]
    );
    assert_eq!(
        exports(&ts("interface A {} export default A")),
        ["default = type A"]
    );
    assert_eq!(exports(&ts("export = x")), ["= = x"]);
    let module = ts("export default async (req) => req");
    assert_eq!(
        function(&module, "default")
            .head
            .text("export default async (req) => req"),
        "=>"
    );
    assert_eq!(exports(&module), ["default = fn default#1"]);
    assert_eq!(
        exports(&ts("export default { fetch() {} }")),
        ["default = {fetch: fn fetch#1}"]
    );
}

#[test]
fn overloads_are_exported_once() {
    let text = "export function g(a: string): void; export function g(a: number): void; export function g(a) {}";
    assert_eq!(exports(&ts(text)), ["g = fn g#1"]);
    assert_eq!(
        exports(&ts(
            "export declare function g(): void; export declare const h: X"
        )),
        ["g = g", "h = h"]
    );
}

#[test]
fn common_js_exports() {
    let module = ts(
        "const a = 1; module.exports = { a, b() {} }; exports.f = function () {}; module.exports.g = a; exports.h = void 0",
    );
    assert_eq!(
        exports(&module),
        ["= = {a: 1, b: fn b#1}", "f = fn f#2", "g = 1"]
    );
    assert!(exports(&ts("const exports = {}; exports.a = 1")).is_empty());
}

#[test]
fn reads_of_exports_are_what_was_exported() {
    let module = ts("exports.a = () => 1; f(exports.a, exports.gone); module.exports.a()");
    assert_eq!(args(&module, "f"), ["fn a#1, exports.gone"]);
    assert_eq!(args(&module, "fn a#1"), [""]);
    let module = ts("module.exports = g; f(module.exports.h)");
    assert_eq!(args(&module, "f"), ["g.h"]);
}

#[test]
fn namespaces_are_objects() {
    assert_eq!(
        arg("namespace N { export const a = 1; const b = 2; export function g() {} } f(N)"),
        "{a: 1, g: fn g#1}"
    );
    assert!(exports(&ts("namespace N { export const a = 1 }")).is_empty());
    assert_eq!(arg("import A = x.y.z; f(A)"), "x.y.z");
}
