use super::{arg, args, steps, ts};

#[test]
fn objects() {
    assert_eq!(
        arg("const { a, b: c, 'd': e, [k]: g } = x; f(a, c, e, g)"),
        "x.a, x.b, x.d, x[k]"
    );
    assert_eq!(arg("const { a: { b } } = x; f(b)"), "x.a.b");
    assert_eq!(
        arg("const { a, ['b']: c, ...r } = x; f(r)"),
        "rest(x - a, b)"
    );
}

#[test]
fn lists() {
    assert_eq!(
        arg("const [a, , b, ...c] = x; f(a, b, c)"),
        "x[0], x[2], rest(x - )"
    );
    assert_eq!(arg("let a = 1, b = 2; [a, b] = [b, a]; f(a, b)"), "2, 1");
    assert_eq!(arg("const [[a], { b }] = x; f(a, b)"), "x[0][0], x[1].b");
}

#[test]
fn defaults_are_joins() {
    assert_eq!(
        arg("const { a = 1, b: c = 2 } = x; f(a, c)"),
        "(x.a | 1), (x.b | 2)"
    );
    assert_eq!(
        steps("const { a = g() } = x; f(a)"),
        "if x.a\nelse\n  %0 = g()\n%1 = f((x.a | %0)) discarded"
    );
    assert_eq!(arg("const [a = 1] = x; f(a)"), "(x[0] | 1)");
}

#[test]
fn parameters() {
    assert_eq!(
        arg("function g({ a, b: { c } }, [d], ...e) { f(a, c, d, e) }"),
        "@0.a, @0.b.c, @1[0], @e"
    );
    assert_eq!(
        arg("function g({ a = 1 } = {}) { f(a) }"),
        "((@0 | {}).a | 1)"
    );
    assert_eq!(arg("(async ({ a }) => f(a))"), "@0.a");
}

#[test]
fn assignments() {
    assert_eq!(
        steps("({ a: x.y, b: z[0], ...w.r } = q)"),
        "x.y := q.a\nz[0] := q.b\nw.r := rest(q - a, b)"
    );
    assert_eq!(
        arg("let a, b; ({ a, b = 2 } = x); f(a, b)"),
        "x.a, (x.b | 2)"
    );
}

#[test]
fn loops_and_handlers() {
    assert_eq!(
        arg("for (const [k, { v }] of m) f(k, v)"),
        "each(m)[0], each(m)[1].v"
    );
    assert_eq!(
        arg("for (const { id } of await q()) f(id)"),
        "each(await(%0)).id"
    );
    let module = ts("let k; for (k of m) f(k); g(k)");
    assert_eq!(args(&module, "f"), ["each(m)"]);
    assert_eq!(args(&module, "g"), ["(undefined | each(m))"]);
}
