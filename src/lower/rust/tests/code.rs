//! Expressions, patterns and control flow.

use super::show::{args, body, call, function, read, returns, value};

#[test]
fn patterns_of_parameters_are_members() {
    let code = "fn f(State(pool): State<PgPool>, Path((a, b)): Path<(u32, u32)>, User { id, name: n, .. }: User) { g(pool, a, b, id, n) }";
    assert_eq!(args(code, "g"), "#0.0, #1.0.0, #1.0.1, #2.id, #2.name");
    let module = read(code);
    let f = function(&module, "f");
    let ty = f.params[0].ty.as_ref().expect("a type");
    assert_eq!((ty.last(), ty.args[0].last()), ("State", "PgPool"));
}

#[test]
fn references_and_parentheses_are_transparent() {
    assert_eq!(
        args("fn f(a: &str) { let b = &mut *(&a); g(b, (*b).c) }", "g"),
        "#0, #0.c"
    );
}

#[test]
fn method_calls_have_receivers() {
    let code = "async fn f(db: Db) { db.users().find::<User>(1).await; }";
    assert_eq!(body(code), "{#0.users(); #0.users().find(1)}");
    let module = read(code);
    let find = call(&module, code, "find");
    assert!(find.awaited && find.discarded);
    assert_eq!(find.type_args[0].last(), "User");
    assert_eq!(find.span.text(code), "db.users().find::<User>(1)");
}

#[test]
fn question_mark_is_a_branch_that_returns() {
    let code = "fn f(x: X) { let y = a(x)?; b(y) }";
    assert_eq!(
        body(code),
        "{a(#0); if a(#0) {} else {return a(#0).Err}; b(a(#0)?)}"
    );
    assert_eq!(returns(code), "a(#0).Err, b(a(#0)?)");
}

#[test]
fn let_else_and_if_let_are_branches() {
    assert_eq!(
        body("fn f(x: X) { let Some(y) = x else { return no(); }; g(y); }"),
        "{if #0 is Some {} else {no(); return no()}; g(#0?)}"
    );
    assert_eq!(
        body("fn f(x: X) { if let Ok(y) = x && y.ok() { g(y) } else { h() } }"),
        "{if #0 is Ok {#0?.ok()}; if (#0 is Ok And #0?.ok()) {g(#0?)} else {h()}}"
    );
}

#[test]
fn match_over_option_is_a_chain() {
    assert_eq!(
        body(
            "fn f(x: X) { match x { Some(y) if y > 1 => a(y), Some(Kind::B) => b(), None => c() } }"
        ),
        "{if (#0 is Some And (#0? Gt 1)) {a(#0?)} else {if (#0 is Some And #0? is B) {b()} else {c()}}}"
    );
    assert_eq!(
        returns("fn f(x: X) -> Y { match x { Ok(v) => v, Err(e) => return Err(e.into()) } }"),
        "#0?, Err(#0.Err.into())"
    );
}

#[test]
fn match_over_values_keeps_them() {
    assert_eq!(
        body(r#"fn f(x: &str) { match x { "a" | "b" => a(), Role::Admin => b(), y => c(y) } }"#),
        r#"{match #0 {<"a" | "b"> => {a()}, Role::Admin => {b()}, _ => {c(#0)}}}"#
    );
}

#[test]
fn logic_runs_its_right_side_in_a_branch() {
    assert_eq!(
        body("fn f(a: bool) { if a && b() || c() { d() } }"),
        "{if #0 {b()}; if (#0 And b()) {} else {c()}; if ((#0 And b()) Or c()) {d()}}"
    );
}

#[test]
fn branches_meet_in_joins() {
    assert_eq!(
        args(
            "fn f(c: bool) { let mut x = 1; if c { x = 2; } else if d() { return; } g(x) }",
            "g"
        ),
        "<1 | 2>"
    );
    assert_eq!(
        args("fn f(c: bool) { let x = if c { 1 } else { 2 }; g(x) }", "g"),
        "<1 | 2>"
    );
    assert_eq!(
        args(
            "fn f(c: K) { let mut x = 1; match c { K::A => x = 2, K::B => panic!(), _ => {} } g(x) }",
            "g"
        ),
        "<1 | 2>"
    );
}

#[test]
fn loops_join_before_and_after() {
    let code = "fn f(v: V) { let mut n = 0; for x in v { seen(n, x); n = n + 1; } g(n) }";
    assert_eq!(args(code, "seen"), "<0 | (.. + 1)>, each(#0)");
    let code = "fn f() { let mut n = 0; loop { if a() { break; } if b() { n = 1; continue; } n = 2; } g(n) }";
    assert_eq!(args(code, "g"), "<0 | 1 | 2>");
    assert_eq!(args("fn f() { let x = loop { break 5; }; g(x) }", "g"), "5");
    assert_eq!(
        body("fn f(r: R) { while let Some(x) = r.next() { g(x) } }"),
        "{loop while #0.next() is Some {#0.next(); g(#0.next()?)}}"
    );
    assert_eq!(
        args(
            "fn f() { let x = 'a: { if c() { break 'a 1; } 2 }; g(x) }",
            "g"
        ),
        "<1 | 2>"
    );
}

#[test]
fn closures_that_assign_make_cells() {
    let code = "fn f() { let mut n = 0; run(|| { n += 1; }); g(n) }";
    assert_eq!(body(code), "{run(fn); g(cell<0 | (.. + 1)>)}");
    let module = read(code);
    assert_eq!(module.stores.len(), 1);
}

#[test]
fn closures_are_named_by_what_they_are_bound_to() {
    let code = "fn f() { let check = |x: u32, (a, b)| x; check(1) }";
    assert_eq!(body(code), "{fn check(1)}");
    let module = read(code);
    let check = function(&module, "check");
    assert_eq!(check.head.text(code), "|x: u32, (a, b)|");
    assert_eq!((check.params.len(), check.returns.len()), (2, 1));
}

#[test]
fn assignments_are_stores() {
    assert_eq!(
        body(
            "fn f(a: &mut A, i: usize) { a.b.c = 1; a.v[i] += 2; *a = new(); (a.x, _) = (3, 4); }"
        ),
        "{#0.b.c := 1; #0.v[#1] := (#0.v[#1] + 2); new(); #0 := new(); #0.x := 3}"
    );
}

#[test]
fn async_blocks_are_scopes() {
    assert_eq!(
        body("fn f(s: S) -> F { Box::pin(async move { let r = s.call().await?; Ok(r) }) }"),
        "{{#0.call(); if await #0.call() {} else {return await #0.call().Err}; Ok(await #0.call()?)}}"
    );
    assert_eq!(
        returns("fn f(s: S) -> F { Box::pin(async move { Ok(s) }) }"),
        "Ok(#0)"
    );
    assert_eq!(
        args("async fn f() { let x = async { 1 }.await; g(x) }", "g"),
        "1"
    );
    assert_eq!(returns("fn f() { spawn(async { return 1; }); }"), "");
}

#[test]
fn tails_return_from_their_branches() {
    assert_eq!(
        returns("fn f(c: bool) -> u32 { if c { 1 } else { match c { true => 2, _ => { 3 } } } }"),
        "1, 2, 3"
    );
}

#[test]
fn struct_literals_keep_their_name() {
    assert_eq!(
        args("fn f(a: u32, d: D) { g(User { a, b: 1, ..d }) }", "g"),
        "{a: #0, b: 1, ..#1} as User"
    );
}

#[test]
fn self_is_this_in_methods_and_their_closures() {
    let code = "impl A { fn f(&self) { g(self.x, || self.y()) } }";
    assert_eq!(args(code, "g"), "self.x, fn");
    let module = read(code);
    assert_eq!(value(&module, call(&module, code, "y").value), "self.y()");
    assert_eq!(function(&module, "f").params.len(), 0);
}

#[test]
fn paths_and_turbofish() {
    let code = r#"fn f() { sqlx::query_as::<_, User>("x"); <T as Tr>::make(); Vec::<u8>::new() }"#;
    assert_eq!(
        body(code),
        r#"{sqlx::query_as("x"); T::make(); Vec::new()}"#
    );
    let module = read(code);
    let types = &call(&module, code, "query_as").type_args;
    assert_eq!(
        types.iter().map(|ty| ty.last()).collect::<Vec<_>>(),
        ["_", "User"]
    );
}

#[test]
fn names_are_those_of_the_nearest_scope() {
    assert_eq!(
        args(
            "fn f(a: u32) { { let a = 1; h(a); } fn g2(a: u32) { k(a) } let a = a + 1; g(a) }",
            "g"
        ),
        "(#0 + 1)"
    );
}

#[test]
fn discarded_results_are_marked() {
    let code = "fn f() { let _ = a(); b(); c()?; let _x = d(); _ = e(); }";
    let module = read(code);
    let discarded = |name| call(&module, code, name).discarded;
    assert_eq!(
        ["a", "b", "c", "d", "e"].map(discarded),
        [true, true, false, false, true]
    );
}

#[test]
fn casts_and_annotations() {
    assert_eq!(
        args(
            "fn f(a: u8) { let x: Thing = a.into(); g(x, a as u64, -1, [a; 3], a..9) }",
            "g"
        ),
        "#0.into() as Thing, #0 as u64, -1, [#0], opaque(#0, 9)"
    );
}

#[test]
fn leaving_the_process_leaves() {
    assert_eq!(
        body("fn f() { if bad() { std::process::exit(1); } go() }"),
        "{bad(); if bad() {std::process::exit(1); throw}; go()}"
    );
}
