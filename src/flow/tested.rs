//! Tests by hand: which comparisons say something about the shape of data, and which of them decide.

use super::token::Token;
use super::track::Track;
use super::uses::Use;
use crate::link::node::{Node, Target};
use crate::model::{Comparison, Literal, UnaryOp, ValueId, ValueKind};
use rustc_hash::FxHashSet;

impl Track<'_, '_> {
    pub(super) fn compared(
        &mut self,
        token: &Token,
        node: Node,
        op: Comparison,
        left: ValueId,
        right: ValueId,
    ) {
        let other = if left == token.node.value {
            right
        } else {
            left
        };
        let equality = matches!(op, Comparison::Eq | Comparison::Ne);
        let presence = equality && !self.is_constant(token.node.with(other));
        if !presence && self.decides(node) {
            self.tested(token);
        }
    }

    /// Whether a value is a constant that equality with says something about the shape: not null, nothing, a truth value.
    fn is_constant(&self, node: Node) -> bool {
        // Equality with another value of the request or the database tells nothing about the shape.
        let Target::Object(at) = self.program.resolve(node) else {
            return false;
        };
        match self.program.module(at.file).kind(at.value) {
            ValueKind::Literal(Literal::Null | Literal::Undefined | Literal::Bool(_)) => false,
            ValueKind::Literal(Literal::Str(text)) => !text.is_empty(),
            ValueKind::Literal(Literal::Number(number)) => *number != 0.0,
            ValueKind::Literal(_) => true,
            _ => false,
        }
    }

    /// `typeof x === "string"`: the comparison with a type name decides.
    pub(super) fn type_tested(&self, node: Node) -> bool {
        let module = self.program.module(node.file);
        let edges = self.edges.of(self.program, node);
        edges.of(node).iter().any(|used| {
            let Use::Part(value) = used else { return false };
            let ValueKind::Compare { left, right, .. } = module.kind(*value) else { return false };
            let names_type = [*left, *right].iter().any(
                |side| matches!(module.kind(*side), ValueKind::Literal(Literal::Str(text)) if text != "undefined"),
            );
            names_type && self.decides(node.with(*value))
        })
    }

    /// Whether a value decides a branch that leaves or has two sides, through `!`, `&&`, `||`, or by being returned.
    pub(super) fn decides(&self, node: Node) -> bool {
        let mut work = vec![node];
        let mut seen = FxHashSet::default();
        while let Some(node) = work.pop() {
            if !seen.insert(node) || seen.len() > 64 {
                continue;
            }
            let module = self.program.module(node.file);
            for used in self.edges.of(self.program, node).of(node) {
                match used {
                    Use::Decides(true) | Use::Returned(_) => return true,
                    Use::Part(value) => match module.kind(*value) {
                        ValueKind::Unary {
                            op: UnaryOp::Not, ..
                        }
                        | ValueKind::Logical { .. }
                        | ValueKind::Join(_)
                        | ValueKind::Compare { .. } => work.push(node.with(*value)),
                        _ => {}
                    },
                    _ => {}
                }
            }
        }
        false
    }
}
