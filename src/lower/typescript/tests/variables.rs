use super::{arg, args, body, steps, ts};

#[test]
fn a_read_is_the_value() {
    assert_eq!(arg("const b = req.body; f(b.x)"), "req.body.x");
    assert_eq!(arg("let a = 1; a = 2; f(a)"), "2");
    assert_eq!(arg("let a; f(a)"), "undefined");
    assert_eq!(arg("const a: T = v; f(a)"), "(v as T)");
}

#[test]
fn branches_meet() {
    assert_eq!(arg("let a = 1; if (c) a = 2; f(a)"), "(1 | 2)");
    assert_eq!(arg("let a = 1; if (c) a = 2; else a = 3; f(a)"), "(2 | 3)");
    assert_eq!(arg("let a = 1; if (c) { a = 2; return } f(a)"), "1");
    assert_eq!(
        arg("let a = 1; if (c) { a = 2; throw e } else { a = 4 } f(a)"),
        "4"
    );
    assert_eq!(arg("let a = 1; c && (a = 2); f(a)"), "(1 | 2)");
    assert_eq!(arg("let a = 1; c ? (a = 2) : (a = 3); f(a)"), "(2 | 3)");
    assert_eq!(
        arg("let a; if (b) a = 1; else if (c) a = 2; else a = 3; f(a)"),
        "(1 | (2 | 3))"
    );
}

#[test]
fn blocks_have_their_own_names() {
    assert_eq!(arg("let a = 1; { let a = 2 } f(a)"), "1");
    assert_eq!(arg("var a = 1; { var a = 2 } f(a)"), "2");
    assert_eq!(arg("const a = 1; g((a) => f(a))"), "@a");
    assert_eq!(arg("if (c) { var a = 1 } f(a)"), "1");
    assert_eq!(arg("function g(a) { var a = a || 1; f(a) }"), "(@a || 1)");
}

#[test]
fn loops_read_what_they_write() {
    assert_eq!(
        arg("let a = 0; for (const x of xs) { f(a); a = x }"),
        "(0 | each(xs))"
    );
    assert_eq!(
        arg("let a = 0; for (const x of xs) { a = x } f(a)"),
        "(0 | each(xs))"
    );
    assert_eq!(
        arg("let a = 0; while (c) { if (d) { a = 1; break } a = 2 } f(a)"),
        "((0 | 2) | 1)"
    );
    assert_eq!(
        arg("let a = 0; while (c) { if (d) { a = 1; continue } a = 2 } f(a)"),
        "(0 | (2 | 1))"
    );
    assert_eq!(arg("let a = 0; do { a = 1 } while (c); f(a)"), "1");
    assert_eq!(arg("let a = 0; for (;;) { a = 1; if (c) break } f(a)"), "1");
    assert_eq!(arg("for (let i = 0; i < 3; i++) f(i)"), "(0 | (^ + 1))");
    // Nothing that a round leaves behind: the value before stands by itself.
    assert_eq!(
        arg("let a = g(); for (const x of xs) { a = x; return } f(a)"),
        "%0"
    );
}

#[test]
fn labels_name_what_is_left() {
    let text = "let a = 0; outer: for (;;) { for (;;) { a = 1; break outer } } f(a)";
    assert_eq!(arg(text), "1");
    assert_eq!(
        arg("let a = 0; x: { a = 1; if (c) break x; a = 2 } f(a)"),
        "(2 | 1)"
    );
}

#[test]
fn cases_meet() {
    let text = "let a = 0; switch (k) { case 1: a = 1; break; case 2: a = 2; case 3: g(a); default: a = 3 } f(a)";
    assert_eq!(arg(text), "(1 | 3)");
    assert_eq!(args(&ts(text), "g"), ["(0 | 2)"]);
    assert_eq!(
        arg("let a = 0; switch (k) { case 1: a = 1 } f(a)"),
        "(0 | 1)"
    );
}

#[test]
fn a_catch_sees_every_state_of_the_body() {
    let text = "let a = 0; try { a = 1; g(); a = 2 } catch (e) { h(a); a = 3 } f(a)";
    assert_eq!(args(&ts(text), "h"), ["(0 | 1 | 2)"]);
    assert_eq!(arg(text), "(2 | 3)");
    assert_eq!(arg("let a = 0; try { a = 1 } finally { f(a) }"), "1");
    assert_eq!(
        arg("let a = 0; try { a = g() } catch { return } f(a)"),
        "%0"
    );
}

#[test]
fn a_variable_of_several_functions_is_a_cell() {
    let module = ts("let n = 0; function inc() { n = n + 1 } f(n)");
    assert_eq!(args(&module, "f"), ["cell(0 | (^ + 1))"]);
    assert_eq!(body(&module, 1), "cell(0 | (^ + 1)) := (cell(0 | ^) + 1)");
    assert_eq!(
        arg("let db; g(() => f(db)); db = open()"),
        "cell(undefined | %2)"
    );
}

#[test]
fn a_variable_that_settles_before_a_closure_takes_it_is_none() {
    assert_eq!(arg("let q = a; if (c) q = b; g(() => f(q))"), "(a | b)");
    assert_eq!(arg("const q = a; g(() => f(q))"), "a");
}

#[test]
fn functions_read_what_is_declared_below_them() {
    assert_eq!(arg("function g() { f(later) } const later = make()"), "%1");
    assert_eq!(arg("const g = () => f(a); const b = c(), a = b"), "%1");
    assert_eq!(arg("function g() { f(a) } const a = b, b = a"), "undefined");
    assert_eq!(arg("f(g); function g() {}"), "fn g#1");
}

#[test]
fn compound_assignments() {
    assert_eq!(arg("let a = 1; a += 2; f(a)"), "(1 + 2)");
    assert_eq!(arg("let a = b; a ||= 2; f(a)"), "(b | 2)");
    assert_eq!(
        steps("a.b ??= g()"),
        "if a.b\nelse\n  %0 = g()\n  a.b := %0"
    );
    assert_eq!(steps("a[i]++"), "a[i] := (a[i] + 1)");
    assert_eq!(steps("x = 1"), "x := 1");
    assert_eq!(steps("a.b.c = d.e = 1"), "d.e := 1\na.b.c := 1");
}

#[test]
fn declared_with_using() {
    assert_eq!(arg("{ using a = open(); f(a) }"), "%0");
}
