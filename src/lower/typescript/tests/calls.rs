use super::{arg, args, call, steps, text_of, ts, tsx};
use crate::model::{CallForm, GapKind};

#[test]
fn receivers_and_names() {
    let text = "a.b.c(1, ...d); (e)(); f?.g?.(); x[y](z); (() => {})(); h()();";
    let module = ts(text);
    let c = call(&module, "a.b.c");
    assert_eq!(module.dump_value(c.receiver.unwrap()), "a.b");
    assert_eq!(c.name_span.text(text), "c");
    assert_eq!(c.span.text(text), "a.b.c(1, ...d)");
    assert!(c.args[1].spread && !c.args[0].spread);
    assert_eq!(c.args[1].span.text(text), "...d");
    assert!(call(&module, "e").receiver.is_none());
    assert!(call(&module, "f?.g").optional);
    assert_eq!(
        module.dump_value(call(&module, "x[y]").receiver.unwrap()),
        "x"
    );
    assert_eq!(call(&module, "fn #1").name_span.text(text), "=>");
    assert_eq!(call(&module, "%5").name_span.text(text), "h");
}

#[test]
fn optional_chains_stay_optional() {
    let module = ts("a?.b.c().d()");
    assert!(module.calls.iter().all(|call| call.optional));
    assert_eq!(steps("x = a?.[b]?.c!"), "x := (a[b]?.c as ?)");
}

#[test]
fn awaited_and_discarded() {
    let module = ts(
        "await a(); const p = b(); await p; void c(); d() as X; if (e()) {} (await g()).h; !i()",
    );
    let flags = |name: &str| {
        let call = call(&module, name);
        (call.awaited, call.discarded)
    };
    assert_eq!(flags("a"), (true, true));
    assert_eq!(flags("b"), (false, false));
    assert_eq!(flags("c"), (false, true));
    assert_eq!(flags("d"), (false, true));
    assert_eq!(flags("e"), (false, false));
    assert_eq!(flags("g"), (true, false));
    assert_eq!(flags("i"), (false, false));
    assert_eq!(arg("f(await g())"), "await(%0)");
}

#[test]
fn constructors() {
    let text = "new A(1); new b.C<T>(x); new D";
    let module = ts(text);
    assert!(module.calls.iter().all(|call| call.form == CallForm::New));
    assert_eq!(module.calls.len(), 3);
    let c = call(&module, "b.C");
    assert_eq!(c.type_args[0].last(), "T");
    assert_eq!(c.name_span.text(text), "C");
}

#[test]
fn templates_and_tags() {
    assert_eq!(arg("f(`a${b}c`)"), "text(\"a\", b, \"c\")");
    assert_eq!(arg("f(`plain`)"), "\"plain\"");
    assert_eq!(arg("f(`${a}\\n`)"), "text(a, \"\\n\")");
    let module = ts("db.sql`select ${id}`; sql`x`");
    assert_eq!(args(&module, "db.sql"), ["text(\"select \", id)"]);
    assert_eq!(args(&module, "sql"), ["text(\"x\")"]);
    assert!(module.calls.iter().all(|call| call.form == CallForm::Tag));
}

#[test]
fn tags_with_type_arguments() {
    for tag in [
        "sql<T>`a ${b}`",
        "sql<T[]>`a ${b}`",
        "await sql<{ a: string; b: number }[]>`a ${b}`",
        "p.q.sql<Map<A, B>>`a ${b}`",
        "sql<A | B>`a ${b}`",
        "sql<(x: T) => U>`a ${b}`",
        "this.sql<\"x\">\n  `a ${b}`",
        "f(sql<T>`a ${b}`, 1)",
        "const r = await db.$queryRaw<\n  User[]\n>`a ${b}`;",
        "db.execute(sql<[A, B]>`a ${b}`)",
    ] {
        for module in [ts(tag), tsx(tag)] {
            let tags: Vec<_> = module
                .calls
                .iter()
                .filter(|call| call.form == CallForm::Tag)
                .collect();
            assert_eq!(tags.len(), 1, "{tag}\n{}", module.dump());
            assert_eq!(module.dump_value(tags[0].args[0].value), "text(\"a \", b)");
            assert!(module.gaps.is_empty(), "{tag}\n{}", module.dump());
            assert_eq!(tags[0].type_args.len(), 1, "{tag}");
            let at = tags[0].args[0].span;
            assert_eq!(at.text(tag), "`a ${b}`");
        }
    }
}

#[test]
fn type_arguments_of_tags_are_kept() {
    let text = "const a = sql<User[]>`x`, b = p.$q<\n  { a: T }\n>`y`; sql`z`";
    let module = ts(text);
    assert_eq!(module.calls[0].type_args[0].last(), "[]");
    assert_eq!(module.calls[0].type_args[0].span.text(text), "User[]");
    assert_eq!(module.calls[1].type_args[0].span.text(text), "{ a: T }");
    assert!(module.calls[2].type_args.is_empty());
}

#[test]
fn templates_after_a_comparison_stay() {
    let module = ts("html`<b>x</b>`; const f = (a) => `x${a}`; g(a > `b`)");
    assert_eq!(args(&module, "html"), ["text(\"<b>x</b>\")"]);
    assert_eq!(args(&module, "g"), ["(a > \"b\")"]);
}

#[test]
fn literals() {
    assert_eq!(
        arg("f('a\\'b', 0x10, 1_0n, true, null, undefined, /a+/gi, -1, void 0)"),
        "\"a'b\", 16, 10, true, null, undefined, /a+/gi, -1, undefined"
    );
    assert_eq!(
        arg("f({ a, 'b': 1, 2: c, [d]: e, ...g, h() {}, get i() { return 1 } })"),
        "{a: a, b: 1, 2: c, [d]: e, ...g, h: fn h#1, i: fn i#2}"
    );
    assert_eq!(arg("f([a, ...b, , c])"), "[a, ...b, c]");
}

#[test]
fn operators() {
    assert_eq!(
        arg("f(a + 'b' + c, !d, typeof e, g === h, i instanceof J, 'k' in l)"),
        "((a + \"b\") + c), !d, typeof e, (g == h), (i instanceof J), (\"k\" in l)"
    );
    assert_eq!(
        arg("f(a as T, b!, c satisfies U, d as const, <V>e)"),
        "(a as T), (b as ?), (c as U), (d as ?), (e as V)"
    );
    assert_eq!(steps("delete a.b"), "");
    assert_eq!(arg("function* g() { f(yield a) }"), "?(a)");
    assert_eq!(
        arg("f(import.meta.env, new.target)"),
        "import.meta.env, new.target"
    );
}

#[test]
fn jsx_components_are_calls() {
    let text = "const x = <Foo.Bar a={b} c='d' {...e} g={() => h()}>{i}<p>t</p></Foo.Bar>";
    let module = tsx(text);
    assert!(module.has_jsx);
    assert_eq!(
        args(&module, "Foo.Bar"),
        ["{a: b, c: \"d\", ...e, g: fn g#1, children: [i, ?()]}"]
    );
    let call = call(&module, "Foo.Bar");
    assert_eq!(
        (call.form, call.name_span.text(text)),
        (CallForm::Jsx, "Bar")
    );
}

#[test]
fn jsx_elements_are_what_they_are_made_of() {
    let module = tsx("f(<div dangerouslySetInnerHTML={{ __html: a }}>{b}<><br/></></div>)");
    assert_eq!(
        args(&module, "f"),
        ["?({dangerouslySetInnerHTML: {__html: a}}, b, ?(?()))"]
    );
    assert!(!ts("f(a)").has_jsx);
}

#[test]
fn code_from_text_is_a_gap() {
    let module = ts("eval(a); new Function(b); import(c); require(d)");
    let gaps: Vec<_> = module.gaps.iter().map(|gap| gap.kind).collect();
    assert_eq!(gaps, [GapKind::DynamicImport; 4]);
    assert!(ts("function eval() {} eval(a)").gaps.is_empty());
}

#[test]
fn values_have_their_own_spans() {
    let text = "f(req.body . name)";
    let module = ts(text);
    let arg = call(&module, "f").args[0];
    assert_eq!(text_of(&module, text, arg.value), "req.body . name");
}
