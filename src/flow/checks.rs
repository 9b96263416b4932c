//! Whether a check is one: its result is looked at, and what it checks against is not anything at all.

use super::track::Edges;
use super::uses::Use;
use crate::link::Program;
use crate::link::node::{CallAt, Node, Target};
use crate::model::{Name, TypeRef, UnaryOp, ValueKind};
use crate::vocabulary::ValidatorRow;
use crate::vocabulary::position::{PathStep, Position, Root};

/// How many values are looked at to see what becomes of a result.
const MOST: usize = 64;

/// Whether a validator only reports what it found, and nothing asks it.
pub(super) fn is_ignored(
    program: &Program<'_>,
    edges: &Edges,
    at: CallAt,
    row: &ValidatorRow,
) -> bool {
    let proofs: Option<Vec<(&Name, bool)>> = row.proof.iter().map(reported).collect();
    let Some(proofs) = proofs.filter(|proofs| !proofs.is_empty()) else {
        return false;
    };
    let module = program.module(at.file);
    let mut work = vec![at.node(program.call(at).value)];
    let mut seen = 0;
    while let Some(node) = work.pop() {
        seen += 1;
        for used in edges.of(program, node).of(node) {
            let Use::Part(value) = used else {
                return false;
            };
            let part = node.with(*value);
            match module.kind(*value) {
                _ if seen > MOST => return false,
                ValueKind::Await(_) | ValueKind::Unwrap(_) | ValueKind::Cast { .. } => {
                    work.push(part);
                }
                ValueKind::Member { name, .. } => {
                    let proof = proofs.iter().find(|(key, _)| *key == name);
                    if proof.is_none_or(|(_, negated)| is_asked(program, edges, part, *negated)) {
                        return false;
                    }
                }
                _ => return false,
            }
        }
    }
    true
}

/// The member of the result that says how the check went, and whether it does so by being absent.
fn reported(proof: &Position) -> Option<(&Name, bool)> {
    match (&proof.root, proof.steps.as_slice()) {
        (Root::Return, [PathStep::Key(key)]) => Some((key, proof.negated)),
        _ => None,
    }
}

/// Whether anything depends on what a check reports: a branch that leaves, or one that runs only where the check passed.
fn is_asked(program: &Program<'_>, edges: &Edges, report: Node, negated: bool) -> bool {
    let module = program.module(report.file);
    let asks = |used: &Use, passed: bool| match used {
        Use::Decides(leaves) => *leaves || passed,
        // What is reported about a failure may be shown.
        Use::Argument(..) => !negated,
        _ => true,
    };
    edges
        .of(program, report)
        .of(report)
        .iter()
        .any(|used| match used {
            Use::Part(value)
                if matches!(
                    module.kind(*value),
                    ValueKind::Unary {
                        op: UnaryOp::Not,
                        ..
                    }
                ) =>
            {
                let not = report.with(*value);
                let edges = edges.of(program, not);
                edges.of(not).iter().any(|used| asks(used, negated))
            }
            Use::Part(value) if negated => {
                // `result.error.issues` is shown, too.
                !matches!(module.kind(*value), ValueKind::Member { .. })
            }
            used => asks(used, !negated),
        })
}

/// Whether the type that a call parses into takes data of any shape.
pub(super) fn takes_anything(program: &Program<'_>, edges: &Edges, at: CallAt) -> bool {
    let call = program.call(at);
    if let Some(ty) = call.type_args.last() {
        return is_dynamic(program, at, ty);
    }
    let module = program.module(at.file);
    let mut work = vec![at.node(call.value)];
    let mut seen = 0;
    while let Some(node) = work.pop()
        && seen < MOST
    {
        seen += 1;
        for used in edges.of(program, node).of(node) {
            match used {
                Use::Part(value) => match module.kind(*value) {
                    ValueKind::Cast { ty: Some(ty), .. } => {
                        return is_dynamic(program, at, ty);
                    }
                    ValueKind::Await(_) | ValueKind::Unwrap(_) | ValueKind::Cast { .. } => {
                        work.push(node.with(*value));
                    }
                    _ => {}
                },
                Use::Receiver(on) => work.push(node.with(module.call(*on).value)),
                _ => {}
            }
        }
    }
    false
}

fn is_dynamic(program: &Program<'_>, at: CallAt, ty: &TypeRef) -> bool {
    let function = program.module(at.file).function(program.call(at).function);
    let mut types = vec![ty];
    let mut seen = 0;
    while let Some(ty) = types.pop()
        && seen < MOST
    {
        seen += 1;
        if let Some(Target::Path(path)) = program.type_target(at.file, &function.scope, ty)
            && program.vocabulary.lineage(&path).any(|row| row.dynamic)
        {
            return true;
        }
        types.extend(&ty.args);
    }
    false
}
