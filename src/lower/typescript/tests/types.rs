use super::{arg, ts};
use crate::model::{TypeDeclKind, TypeRef};

fn alias(text: &str) -> String {
    fn write(ty: &TypeRef) -> String {
        let args: Vec<_> = ty.args.iter().map(write).collect();
        if args.is_empty() {
            ty.path.join(".")
        } else {
            format!("{}<{}>", ty.path.join("."), args.join(", "))
        }
    }
    let module = ts(&format!("type A = {text};"));
    assert!(module.gaps.is_empty(), "{text}");
    module.types[0]
        .target
        .as_ref()
        .map(write)
        .unwrap_or_default()
}

#[test]
fn shapes() {
    assert_eq!(alias("web.Json<User>"), "web.Json<User>");
    assert_eq!(alias("string[]"), "[]<string>");
    assert_eq!(alias("readonly A[]"), "[]<A>");
    assert_eq!(alias("A | B | null"), "|<A, B, ''>");
    assert_eq!(alias("| 'a' | 'b'"), "|<'', ''>");
    assert_eq!(alias("A & { b: C }"), "&<A, {}>");
    assert_eq!(alias("(a: A, b) => Promise<B>"), "=><A, any, Promise<B>>");
    assert_eq!(alias("[a: A, B?, ...C[]]"), "()<A, B, []<C>>");
    assert_eq!(
        alias("z.infer<typeof schema.body>"),
        "z.infer<typeof.schema.body>"
    );
    assert_eq!(alias("keyof T"), "keyof<T>");
    assert_eq!(alias("T['a']"), "[k]<T, ''>");
    assert_eq!(alias("A extends B ? C : D"), "?<C, D>");
    assert_eq!(alias("(A)"), "A");
    assert_eq!(alias("Partial<Pick<A, 'b'>>"), "Partial<Pick<A, ''>>");
}

#[test]
fn interfaces_and_aliases_have_fields() {
    let text = "interface I extends J<K>, L { a: string; b?: number; m(x: X): Y; [k: string]: any } type O = { c: D }; function g() { interface In { q: R } }";
    let module = ts(text);
    let summary: Vec<_> = module
        .types
        .iter()
        .map(|t| {
            let fields: Vec<_> = t.fields.iter().map(|f| f.name.as_str()).collect();
            (t.name.as_str(), t.kind, fields)
        })
        .collect();
    assert_eq!(
        summary,
        [
            ("I", TypeDeclKind::Interface, vec!["a", "b", "m"]),
            ("O", TypeDeclKind::Alias, vec!["c"]),
            ("In", TypeDeclKind::Interface, vec!["q"]),
        ]
    );
    assert_eq!(module.types[0].heritage[0].args[0].last(), "K");
    assert_eq!(module.types[0].fields[2].ty.as_ref().unwrap().last(), "=>");
    assert_eq!(module.types[0].fields[0].span.text(text), "a");
    assert_eq!(module.types[1].target.as_ref().unwrap().last(), "{}");
}

#[test]
fn enums_are_values() {
    let module = ts("enum E { A, B = 5, C, D = 'x' } f(E.B)");
    let fields: Vec<_> = module.types[0]
        .fields
        .iter()
        .map(|f| (f.name.as_str(), module.dump_value(f.value.unwrap())))
        .collect();
    let expected = [("A", "0"), ("B", "5"), ("C", "6"), ("D", "\"x\"")];
    assert_eq!(
        fields,
        expected.map(|(name, value)| (name, value.to_owned()))
    );
    assert_eq!(arg("enum E { A } f(E.A)"), "class E.A");
}

#[test]
fn ambient_declarations_declare_types_only() {
    let module = ts(
        "declare module 'x' { interface I { a: string } export class C { m(): void; b: T } } declare global { interface G {} } declare const K: string; f(K)",
    );
    let names: Vec<_> = module.types.iter().map(|t| t.name.as_str()).collect();
    assert_eq!(names, ["I", "C", "G"]);
    assert_eq!(super::args(&module, "f"), ["K"]);
}
