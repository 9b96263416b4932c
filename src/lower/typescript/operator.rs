//! Operators.
//!
//! What belongs here: unary, binary, comparing, choosing and awaiting expressions. What may not enter:
//! assignments and calls.

use super::build::Lowering;
use super::chain::LONGEST_CHAIN;
use super::env::Path;
use super::kind::{Named, Role};
use super::tree::Node;
use crate::model::{
    BlockId, BlockKind, CallId, Comparison, Literal, LogicalOp, Name, Step, UnaryOp, ValueId,
    ValueKind,
};
use crate::source::Span;
use rustc_hash::FxHashSet;

/// The operator that may skip its right operand.
pub(super) fn logical_op(text: &str) -> Option<LogicalOp> {
    match text {
        "&&" => Some(LogicalOp::And),
        "||" => Some(LogicalOp::Or),
        "??" => Some(LogicalOp::Coalesce),
        _ => None,
    }
}

fn comparison(text: &str) -> Option<Comparison> {
    Some(match text {
        "==" | "===" => Comparison::Eq,
        "!=" | "!==" => Comparison::Ne,
        "<" => Comparison::Lt,
        "<=" => Comparison::Le,
        ">" => Comparison::Gt,
        ">=" => Comparison::Ge,
        "instanceof" => Comparison::InstanceOf,
        "in" => Comparison::In,
        _ => return None,
    })
}

impl<'t> Lowering<'t> {
    /// `a op b op c`: a row of operators nests to the left, as deep as it is long.
    pub(super) fn binary(&mut self, node: Node<'t>) -> ValueId {
        let mut row = Vec::new();
        let mut at = node;
        while at.is(Named::Binary) {
            row.push(at);
            match at.role(Role::Left) {
                Some(left) => at = left,
                None => return self.unknown(node),
            }
        }
        if row.len() > LONGEST_CHAIN {
            self.too_deep(node.span());
            return self.opaque(Vec::new(), node.span());
        }
        let mut left = self.expression(at);
        for node in row.into_iter().rev() {
            left = self.operation(node, left);
        }
        left
    }

    fn operation(&mut self, node: Node<'t>, left: ValueId) -> ValueId {
        let span = node.span();
        let Some(right) = node.role(Role::Right) else {
            return self.opaque(vec![left], span);
        };
        let operator = node.role(Role::Operator).map_or("", Node::text);
        if let Some(op) = logical_op(operator) {
            return self.short_circuit(op, left, span, |lowering| lowering.expression(right));
        }
        let right = self.expression(right);
        let kind = match comparison(operator) {
            Some(op) => ValueKind::Compare { op, left, right },
            None => ValueKind::Binary {
                op: Name::new(operator),
                left,
                right,
            },
        };
        self.value(kind, span)
    }

    /// `a && b`, `a || b`, `a ?? b`: what `b` does happens only if `a` lets it.
    pub(super) fn short_circuit(
        &mut self,
        op: LogicalOp,
        left: ValueId,
        span: Span,
        right: impl FnOnce(&mut Self) -> ValueId,
    ) -> ValueId {
        let kind = match op {
            LogicalOp::And => BlockKind::Then,
            LogicalOp::Or | LogicalOp::Coalesce => BlockKind::Else,
        };
        let (block, path, right) = self.aside(kind, span, right);
        if let Some(block) = block {
            let (then, otherwise) = match op {
                LogicalOp::And => (block, None),
                LogicalOp::Or | LogicalOp::Coalesce => (self.empty_then(span), Some(block)),
            };
            self.step(Step::Branch {
                condition: left,
                then,
                otherwise,
            });
        }
        self.meet(&[Path::default(), path]);
        self.value(ValueKind::Logical { op, left, right }, span)
    }

    /// The way of a branch on which nothing happens.
    pub(super) fn empty_then(&mut self, span: Span) -> BlockId {
        let at = Span {
            end: span.start,
            ..span
        };
        self.new_block(BlockKind::Then, Some(self.cx.block), self.cx.function, at)
    }

    /// `a ? b : c`
    pub(super) fn ternary(&mut self, node: Node<'t>) -> ValueId {
        let parts = (
            node.role(Role::Condition),
            node.role(Role::Consequence),
            node.role(Role::Alternative),
        );
        let (Some(condition), Some(yes), Some(no)) = parts else {
            return self.unknown(node);
        };
        let condition = self.expression(condition);
        let (then, then_path, yes) = self.aside(BlockKind::Then, yes.span(), |l| l.expression(yes));
        let (otherwise, else_path, no) =
            self.aside(BlockKind::Else, no.span(), |l| l.expression(no));
        if then.is_some() || otherwise.is_some() {
            let then = then.unwrap_or_else(|| self.empty_then(node.span()));
            self.step(Step::Branch {
                condition,
                then,
                otherwise,
            });
        }
        self.meet(&[then_path, else_path]);
        self.join(vec![yes, no], node.span())
    }

    /// `!a`, `typeof a`, ...
    pub(super) fn unary(&mut self, node: Node<'t>) -> ValueId {
        let Some(argument) = node.role(Role::Argument) else {
            return self.unknown(node);
        };
        let operator = node.role(Role::Operator).map_or("", Node::text);
        let span = node.span();
        let op = match operator {
            "!" => UnaryOp::Not,
            "typeof" => UnaryOp::TypeOf,
            "void" => UnaryOp::Void,
            "delete" => UnaryOp::Void,
            _ => UnaryOp::Number,
        };
        let operand = self.expression(argument);
        if let ValueKind::Literal(Literal::Number(number)) = *self.module.kind(operand) {
            match operator {
                "-" => return self.literal(Literal::Number(-number), span),
                "+" => return operand,
                "void" => return self.literal(Literal::Undefined, span),
                _ => {}
            }
        }
        self.value(ValueKind::Unary { op, operand }, span)
    }

    /// `await a`
    pub(super) fn await_(&mut self, node: Node<'t>) -> ValueId {
        let Some(argument) = node.first() else {
            return self.unknown(node);
        };
        let value = self.expression(argument);
        if let Some(call) = self.call_made_in(value, node.span())
            && let Some(call) = self.module.calls.get_mut(call.index())
        {
            call.awaited = true;
        }
        self.value(ValueKind::Await(value), node.span())
    }

    /// The call whose result a value is, if the call itself stands in the span.
    fn call_made_in(&self, value: ValueId, span: Span) -> Option<CallId> {
        let mut value = value;
        // Deeper than that nobody stacks casts.
        for _ in 0..16 {
            match self.module.kind(value) {
                ValueKind::Cast { value: inner, .. } => value = *inner,
                ValueKind::Call(id) => {
                    return span.contains(self.module.call(*id).span).then_some(*id);
                }
                _ => return None,
            }
        }
        None
    }

    /// The result of an expression is thrown away; `first` is the first call that may have been made for it.
    pub(super) fn discard(&mut self, node: Node<'t>, first: usize) {
        let mut spans = thrown_away(node);
        let calls = self.module.calls.get_mut(first..).unwrap_or_default();
        // What is thrown away was made last.
        for call in calls.iter_mut().rev() {
            if spans.is_empty() {
                break;
            }
            if spans.remove(&call.span) {
                call.discarded = true;
            }
        }
    }

    /// An expression of which the result is thrown away.
    pub(super) fn effect(&mut self, node: Node<'t>) {
        let first = self.module.calls.len();
        self.expression(node);
        self.discard(node, first);
    }
}

/// The calls whose results are the result of an expression, by their spans.
fn thrown_away(node: Node<'_>) -> FxHashSet<Span> {
    let mut calls = FxHashSet::default();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        match node.named() {
            Named::Call | Named::New => {
                calls.insert(node.span());
            }
            Named::Await | Named::Parenthesized | Named::NonNull | Named::As | Named::Satisfies => {
                open.extend(node.first())
            }
            Named::Unary
                if node
                    .role(Role::Operator)
                    .is_some_and(|op| op.text() == "void") =>
            {
                open.extend(node.role(Role::Argument));
            }
            Named::Binary => {
                let operator = node.role(Role::Operator).map_or("", Node::text);
                open.extend(logical_op(operator).and_then(|_| node.role(Role::Right)));
            }
            Named::Ternary => {
                open.extend(node.role(Role::Consequence));
                open.extend(node.role(Role::Alternative));
            }
            Named::Sequence => open.extend(node.children()),
            _ => {}
        }
    }
    calls
}
