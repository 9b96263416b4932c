use super::{body, call, steps, ts};
use crate::model::{BlockKind, Step};

#[test]
fn branches() {
    assert_eq!(
        steps("if (a()) b(); else if (c) { d() } else e()"),
        "%0 = a()\nif %0\n  %1 = b() discarded\nelse\n  if c\n    %2 = d() discarded\n  else\n    %3 = e() discarded"
    );
}

#[test]
fn the_right_side_runs_only_if_the_left_lets_it() {
    assert_eq!(steps("a && b()"), "if a\n  %0 = b() discarded");
    assert_eq!(
        steps("x = a || b()"),
        "if a\nelse\n  %0 = b()\nx := (a || %0)"
    );
    assert_eq!(steps("x = a ?? b"), "x := (a ?? b)");
    assert_eq!(
        steps("a && b() && c()"),
        "if a\n  %0 = b()\nif (a && %0)\n  %1 = c() discarded"
    );
    assert_eq!(
        steps("x = a ? b() : c()"),
        "if a\n  %0 = b()\nelse\n  %1 = c()\nx := (%0 | %1)"
    );
    assert_eq!(
        steps("x = a ? 1 : c()"),
        "if a\nelse\n  %0 = c()\nx := (1 | %0)"
    );
}

#[test]
fn loops() {
    assert_eq!(
        steps("for (const x of xs()) f(x)"),
        "%0 = xs()\nloop over %0\n  %1 = f(each(%0)) discarded"
    );
    assert_eq!(
        steps("for (const k in o) f(k)"),
        "loop over o\n  %0 = f(?(o)) discarded"
    );
    assert_eq!(
        steps("while (a()) { continue }"),
        "loop while %0\n  %0 = a()\n  continue"
    );
    assert_eq!(
        steps("do { f() } while (a())"),
        "loop while %1\n  %0 = f() discarded\n  %1 = a()"
    );
    assert_eq!(
        steps("for (a(); b(); c()) d()"),
        "%0 = a() discarded\nloop while %1\n  %1 = b()\n  %2 = d() discarded\n  %3 = c() discarded"
    );
    assert_eq!(steps("for (;;) break"), "loop while \n  break");
    assert_eq!(steps("for (x.y of z) {}"), "loop over z\n  x.y := each(z)");
}

#[test]
fn switch_cases() {
    assert_eq!(
        steps(
            "switch (a) { case 1: case 2: f(); break; case 3: { g(); break } default: if (b) break; h() }"
        ),
        "match a exhaustive\ncase (1 | 2)\n  %0 = f() discarded\ncase 3\n  scope\n    %1 = g() discarded\ncase else\n  if b\n    break\n  %2 = h() discarded"
    );
    assert_eq!(
        steps("switch (a) { case f(): case 1: default: }"),
        "%0 = f()\nmatch a exhaustive\ncase else"
    );
}

#[test]
fn try_catch_finally() {
    assert_eq!(
        steps("try { a() } catch (e) { b(e.message); throw e } finally { c() }"),
        "try\n  %0 = a() discarded\ncatch ?()\n  %1 = b(?().message) discarded\n  throw ?()\nfinally\n  %2 = c() discarded"
    );
    assert_eq!(steps("try { } catch { }"), "try\ncatch ");
    assert_eq!(
        steps("try { } catch ({ code }) { f(code) }"),
        "try\ncatch ?()\n  %0 = f(?().code) discarded"
    );
}

#[test]
fn order_rises_with_evaluation() {
    let module = ts("a(b(), c().d(e())); t(async () => { inner() }); z()");
    let mut calls: Vec<_> = module.calls.iter().collect();
    calls.sort_by_key(|call| call.order);
    let names: Vec<_> = calls
        .iter()
        .map(|call| module.dump_value(call.callee))
        .collect();
    assert_eq!(names, ["b", "c", "e", "%1.d", "a", "inner", "t", "z"]);
}

#[test]
fn returns_are_listed_with_their_order() {
    let module = ts("function g(a) { if (a) { return f() } h(); return }");
    let function = super::function(&module, "g");
    assert_eq!(function.returns.len(), 2);
    let first = function.returns[0];
    assert_eq!(module.dump_value(first.value.unwrap()), "%0");
    assert!(first.order > call(&module, "f").order && first.order < call(&module, "h").order);
    assert_eq!(module.block(first.block).kind, BlockKind::Then);
    assert_eq!(
        module.block(module.block(first.block).parent.unwrap()).kind,
        BlockKind::Body
    );
    assert!(function.returns[1].value.is_none());
}

#[test]
fn calls_know_where_they_are() {
    let module = ts("for (const x of y) { if (x) { try { f(x) } catch {} } }");
    let mut kinds = Vec::new();
    let mut at = Some(call(&module, "f").block);
    while let Some(block) = at.map(|id| module.block(id)) {
        kinds.push(block.kind);
        at = block.parent;
    }
    assert_eq!(
        kinds,
        [
            BlockKind::Try,
            BlockKind::Then,
            BlockKind::Loop,
            BlockKind::Body
        ]
    );
}

#[test]
fn every_step_is_in_the_block_that_its_call_names() {
    let module = ts("a && (b() || c(() => d())); for (;;) { e(await g()) }");
    for (at, block) in module.blocks.iter().enumerate() {
        for step in &block.steps {
            if let Step::Call(id) = step {
                assert_eq!(module.call(*id).block.index(), at);
            }
        }
    }
    assert_eq!(body(&module, 1), "%1 = d()\nreturn %1");
}

#[test]
fn sequences_and_plain_blocks() {
    assert_eq!(
        steps("x = (a(), b())"),
        "%0 = a() discarded\n%1 = b()\nx := %1"
    );
    assert_eq!(steps("{ a() }"), "scope\n  %0 = a() discarded");
    assert_eq!(steps("l: { a() }"), "scope\n  %0 = a() discarded");
    assert_eq!(steps("with (a()) b()"), "%0 = a()\n%1 = b() discarded");
}
