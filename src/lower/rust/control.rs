//! Control flow: blocks, branches, matches, loops and leaves.
//!
//! What belongs here: how these become blocks and steps, and where values and assignments meet again. What may not
//! enter: what is in them.

use super::env::{Exit, Mark};
use super::names::ERR;
use super::pattern::is_option_pattern;
use super::state::Lower;
use crate::model::{BlockId, BlockKind, Leave, LogicalOp, Step, ValueId, ValueKind};
use crate::source::Span;
use syn::{Arm, Expr, Pat, Stmt};

/// A `match` with more arms than this is not turned into nested branches.
const MAX_CHAIN: usize = 64;

impl Lower<'_> {
    /// The statements of a block in a scope of their own; its value is that of the last expression.
    pub(super) fn body(&mut self, block: &syn::Block, tail: bool) -> Option<ValueId> {
        self.statements(&block.stmts, tail)
    }

    pub(super) fn statements(&mut self, statements: &[Stmt], tail: bool) -> Option<ValueId> {
        self.env.enter();
        self.hoist(statements);
        let mut result = None;
        for (index, statement) in statements.iter().enumerate() {
            let last = index + 1 == statements.len();
            result = self.statement(statement, last, tail && last);
        }
        self.env.exit();
        result
    }

    /// An expression that is a block of its own, without one more block around it.
    pub(super) fn branch_body(&mut self, expr: &Expr, tail: bool) -> Option<ValueId> {
        match expr {
            Expr::Block(block) if block.label.is_none() => self.body(&block.block, tail),
            other => self.run(other, tail),
        }
    }

    fn statement(&mut self, statement: &Stmt, last: bool, tail: bool) -> Option<ValueId> {
        match statement {
            Stmt::Local(local) => self.local(local),
            Stmt::Item(_) => {}
            Stmt::Expr(expr, None) if last => return self.run(expr, tail),
            Stmt::Expr(expr, semicolon) => {
                let value = self.run(expr, false);
                if let (Some(value), Some(_)) = (value, semicolon) {
                    self.discard(expr, value);
                }
            }
            Stmt::Macro(stmt) => {
                let value = self.macro_expr(&stmt.mac);
                if last && stmt.semi_token.is_none() {
                    if tail && value.is_some() && self.env.reachable {
                        self.returns(value);
                    }
                    return value;
                }
                if let Some(call) = value.and_then(|value| self.call_of(value)) {
                    call.discarded = true;
                }
            }
        }
        None
    }

    fn local(&mut self, local: &syn::Local) {
        let (pat, ty) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, Some(&typed.ty)),
            pat => (pat, None),
        };
        let Some(init) = &local.init else {
            let span = self.at.pat(pat);
            let unset = self.opaque(Vec::new(), span);
            self.bind(pat, unset);
            return;
        };
        let mut value = self.expr(&init.expr);
        if matches!(pat, Pat::Wild(_)) {
            self.discard(&init.expr, value);
        }
        if let Some(ty) = ty.filter(|ty| !matches!(***ty, syn::Type::Infer(_))) {
            let ty = Some(self.ty(ty));
            let span = self.span_of(&init.expr);
            value = self.value(ValueKind::Cast { value, ty }, span);
        }
        match &init.diverge {
            None => self.bind(pat, value),
            Some((_, otherwise)) => self.let_else(pat, value, otherwise),
        }
    }

    fn let_else(&mut self, pat: &Pat, value: ValueId, otherwise: &Expr) {
        let mark = self.env.mark();
        let condition = self.test(pat, value).unwrap_or(value);
        let pat_span = self.at.pat(pat);
        let then = self.block(BlockKind::Then, pat_span);
        let span = self.span_of(otherwise);
        let (block, _) = self.within(BlockKind::Else, span, |lower| {
            lower.branch_body(otherwise, false)
        });
        let exits = [self.env.leave(mark), self.env.since(mark)];
        self.branch(condition, then, Some(block));
        self.meet(&exits, span);
        self.bind(pat, value);
    }

    fn branch(&mut self, condition: ValueId, then: BlockId, otherwise: Option<BlockId>) {
        self.step(Step::Branch {
            condition,
            then,
            otherwise,
        });
    }

    /// A branch on which control leaves unless the condition holds: `?` and checking macros.
    pub(super) fn leave_unless(
        &mut self,
        condition: ValueId,
        span: Span,
        leave: impl FnOnce(&mut Self),
    ) {
        let mark = self.env.mark();
        let then = self.block(BlockKind::Then, span);
        let (block, ()) = self.within(BlockKind::Else, span, leave);
        self.env.leave(mark);
        self.branch(condition, then, Some(block));
    }

    /// `x?`
    pub(super) fn try_expr(&mut self, e: &syn::ExprTry) -> ValueId {
        let value = self.expr(&e.expr);
        let mark_span = self.at.token(e.question_token.span);
        self.leave_unless(value, mark_span, |lower| {
            let error = lower.member(value, ERR, mark_span);
            lower.returns(Some(error));
            lower.leaves(Leave::Return(Some(error)));
        });
        let span = self.from(&e.expr, e.question_token.span);
        self.value(ValueKind::Unwrap(value), span)
    }

    pub(super) fn return_expr(&mut self, e: &syn::ExprReturn) {
        let value = e.expr.as_ref().and_then(|value| self.run(value, false));
        self.returns(value);
        self.leaves(Leave::Return(value));
    }

    pub(super) fn if_chain(&mut self, first: &syn::ExprIf, tail: bool) -> Option<ValueId> {
        let span = self.at.token(first.if_token.span);
        let end = self.at.token(super::span::if_end(first)).end;
        let mut open: Vec<(Mark, Exit, BlockId)> = Vec::new();
        let mut values = Vec::new();
        let mut link = first;
        loop {
            self.env.enter();
            let condition = self.expr(&link.cond);
            let mark = self.env.mark();
            let then_span = self.at.block(&link.then_branch);
            let (then, value) = self.within(BlockKind::Then, then_span, |lower| {
                lower.body(&link.then_branch, tail)
            });
            self.env.exit();
            values.extend(value.filter(|_| self.env.reachable));
            let exit = self.env.leave(mark);
            let Some((_, otherwise)) = &link.else_branch else {
                self.branch(condition, then, None);
                let exits = [exit, self.env.since(mark)];
                self.meet(&exits, span);
                break;
            };
            let otherwise_span = Span {
                end,
                ..self.at.token(super::span::first_token(otherwise))
            };
            let block = self.block(BlockKind::Else, otherwise_span);
            self.branch(condition, then, Some(block));
            let outer = std::mem::replace(&mut self.frame.block, block);
            open.push((mark, exit, outer));
            match &**otherwise {
                Expr::If(next) => link = next,
                Expr::Block(last) => {
                    let value = self.body(&last.block, tail);
                    values.extend(value.filter(|_| self.env.reachable));
                    break;
                }
                _ => break,
            }
        }
        self.close(open, span);
        self.join(values, span)
    }

    /// Ends nested else-blocks, innermost first.
    fn close(&mut self, open: Vec<(Mark, Exit, BlockId)>, span: Span) {
        for (mark, then, outer) in open.into_iter().rev() {
            let otherwise = self.env.leave(mark);
            self.frame.block = outer;
            self.meet(&[then, otherwise], span);
        }
    }

    pub(super) fn match_expr(&mut self, e: &syn::ExprMatch, tail: bool) -> Option<ValueId> {
        let subject = self.expr(&e.expr);
        let chain =
            e.arms.len() <= MAX_CHAIN && e.arms.iter().any(|arm| is_option_pattern(&arm.pat));
        if chain {
            self.match_chain(e, subject, tail)
        } else {
            self.match_arms(e, subject, tail)
        }
    }

    /// `match` over Option or Result: a chain of branches.
    fn match_chain(&mut self, e: &syn::ExprMatch, subject: ValueId, tail: bool) -> Option<ValueId> {
        let span = self.at.token(e.match_token.span);
        let mut open: Vec<(Mark, Exit, BlockId)> = Vec::new();
        let mut values = Vec::new();
        for (index, arm) in e.arms.iter().enumerate() {
            self.env.enter();
            let last = index + 1 == e.arms.len();
            let test = if last {
                None
            } else {
                self.arm_test(arm, subject)
            };
            if last || test.is_none() {
                self.bind(&arm.pat, subject);
                let value = self.branch_body(&arm.body, tail);
                self.env.exit();
                values.extend(value.filter(|_| self.env.reachable));
                break;
            }
            let mark = self.env.mark();
            let arm_span = self.span_of(&arm.body);
            let (then, value) = self.within(BlockKind::Then, arm_span, |lower| {
                lower.branch_body(&arm.body, tail)
            });
            self.env.exit();
            values.extend(value.filter(|_| self.env.reachable));
            let exit = self.env.leave(mark);
            let rest = self
                .at
                .between(e.match_token.span, e.brace_token.span.close());
            let block = self.block(BlockKind::Else, rest);
            if let Some(condition) = test {
                self.branch(condition, then, Some(block));
            }
            let outer = std::mem::replace(&mut self.frame.block, block);
            open.push((mark, exit, outer));
        }
        self.close(open, span);
        self.join(values, span)
    }

    /// Binds an arm's pattern; the condition under which the arm is taken, if there is one.
    fn arm_test(&mut self, arm: &Arm, subject: ValueId) -> Option<ValueId> {
        let test = self.test(&arm.pat, subject);
        let Pat::Guard(guard) = &arm.pat else {
            if test.is_some() {
                self.bind(&arm.pat, subject);
            }
            return test;
        };
        self.bind(&arm.pat, subject);
        let Some(test) = test else {
            return Some(self.expr(&guard.guard));
        };
        let span = self.span_of(&guard.guard);
        Some(self.logical(LogicalOp::And, test, span, span, |lower| {
            lower.expr(&guard.guard)
        }))
    }

    fn match_arms(&mut self, e: &syn::ExprMatch, subject: ValueId, tail: bool) -> Option<ValueId> {
        let span = self.at.token(e.match_token.span);
        let mut arms = Vec::new();
        let mut exits = Vec::new();
        let mut values = Vec::new();
        for arm in &e.arms {
            let compared = self.compared(&arm.pat);
            let arm_span = self.span_of(&arm.body);
            let mark = self.env.mark();
            let (block, value) = self.within(BlockKind::Arm, arm_span, |lower| {
                lower.arm(arm, subject, tail)
            });
            values.extend(value.filter(|_| self.env.reachable));
            exits.push(self.env.leave(mark));
            arms.push((compared, block));
        }
        self.step(Step::Match {
            subject,
            arms,
            exhaustive: true,
        });
        if !exits.is_empty() {
            self.meet(&exits, span);
        }
        self.join(values, span)
    }

    fn arm(&mut self, arm: &Arm, subject: ValueId, tail: bool) -> Option<ValueId> {
        self.env.enter();
        self.bind(&arm.pat, subject);
        let value = match &arm.pat {
            Pat::Guard(guard) => {
                let condition = self.expr(&guard.guard);
                let span = self.span_of(&arm.body);
                let (then, value) = self.within(BlockKind::Then, span, |lower| {
                    lower.branch_body(&arm.body, tail)
                });
                self.branch(condition, then, None);
                value
            }
            _ => self.branch_body(&arm.body, tail),
        };
        self.env.exit();
        value
    }

    /// A plain, `unsafe` or `const` block.
    pub(super) fn block_expr(
        &mut self,
        label: Option<&syn::Label>,
        block: &syn::Block,
        tail: bool,
    ) -> Option<ValueId> {
        let span = self.at.block(block);
        if let Some(label) = label {
            let mark = self.env.mark();
            self.around(Some(label), false, mark);
        }
        let (id, value) = self.within(BlockKind::Scope, span, |lower| lower.body(block, tail));
        self.step(Step::Scope(id));
        if label.is_none() {
            return value;
        }
        let around = self.frame.loops.pop()?;
        let mut values = around.values;
        values.extend(value.filter(|_| self.env.reachable));
        let mut exits = around.breaks;
        exits.push(self.env.leave(around.mark));
        self.meet(&exits, span);
        self.join(values, span)
    }

    /// `async { .. }` is run where it stands, and its value is what awaiting it yields.
    pub(super) fn async_block(&mut self, e: &syn::ExprAsync, tail: bool) -> ValueId {
        let span = self.at.block(&e.block);
        let reachable = self.env.reachable;
        let returns = std::mem::replace(&mut self.frame.returns, tail);
        let loops = std::mem::take(&mut self.frame.loops);
        let (id, value) = self.within(BlockKind::Scope, span, |lower| lower.body(&e.block, tail));
        self.step(Step::Scope(id));
        self.frame.loops = loops;
        self.frame.returns = returns;
        self.env.reachable = reachable;
        value.unwrap_or_else(|| self.opaque(Vec::new(), span))
    }
}
