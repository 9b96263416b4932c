//! Loops and labelled blocks, and the ways out of them.
//!
//! What belongs here: the joins of variables that a loop assigns, `break` and `continue`. What may not enter: branches.

use super::env::{Exit, Mark};
use super::state::{Around, Lower};
use super::types::name_of;
use crate::model::{BlockKind, Leave, Name, Step, ValueId, ValueKind};
use crate::source::Span;

impl Lower<'_> {
    pub(super) fn around(&mut self, label: Option<&syn::Label>, is_loop: bool, mark: Mark) {
        self.frame.loops.push(Around {
            label: label.map(|label| name_of(&label.name.ident)),
            is_loop,
            mark,
            breaks: Vec::new(),
            continues: Vec::new(),
            values: Vec::new(),
        });
    }

    /// The loop or block that a `break` or `continue` means.
    fn target(&mut self, label: Option<&syn::Lifetime>) -> Option<&mut Around> {
        let label: Option<Name> = label.map(|label| name_of(&label.ident));
        let mut inward = self.frame.loops.iter_mut().rev();
        match label {
            Some(label) => inward.find(|around| around.label.as_ref() == Some(&label)),
            None => inward.find(|around| around.is_loop),
        }
    }

    pub(super) fn break_expr(&mut self, e: &syn::ExprBreak) {
        let value = e.expr.as_ref().and_then(|value| self.run(value, false));
        let exit = self.carried_out(e.label.as_ref(), e.break_token.span);
        if let Some(around) = self.target(e.label.as_ref()) {
            around.values.extend(value);
            around.breaks.extend(exit);
        }
        self.leaves(Leave::Break);
    }

    pub(super) fn continue_expr(&mut self, e: &syn::ExprContinue) {
        let exit = self.carried_out(e.label.as_ref(), e.continue_token.span);
        if let Some(around) = self.target(e.label.as_ref()) {
            around.continues.extend(exit);
        }
        self.leaves(Leave::Continue);
    }

    /// What the variables hold where control leaves for the end or start of a loop.
    fn carried_out(
        &mut self,
        label: Option<&syn::Lifetime>,
        token: proc_macro2::Span,
    ) -> Option<Exit> {
        let mark = self.target(label)?.mark;
        let reachable = self.env.reachable;
        Some(self.env.carried(mark).unwrap_or_else(|| {
            let span = self.at.token(token);
            self.spent(span);
            let changes = Vec::new();
            Exit { reachable, changes }
        }))
    }

    pub(super) fn while_loop(&mut self, e: &syn::ExprWhile) {
        let span = self.at.block(&e.body);
        let phis = self.loop_joins(&e.body, span);
        let mark = self.env.mark();
        self.around(e.label.as_ref(), true, mark);
        self.env.enter();
        let mut condition = None;
        let (body, ()) = self.within(BlockKind::Loop, span, |lower| {
            condition = Some(lower.expr(&e.cond));
            lower.body(&e.body, false);
        });
        self.env.exit();
        self.step(Step::Loop {
            over: None,
            condition,
            body,
        });
        self.end_loop(phis, mark, true, span);
    }

    pub(super) fn for_loop(&mut self, e: &syn::ExprForLoop) {
        let over = self.expr(&e.expr);
        let span = self.at.block(&e.body);
        let phis = self.loop_joins(&e.body, span);
        let mark = self.env.mark();
        self.around(e.label.as_ref(), true, mark);
        self.env.enter();
        let pat_span = self.at.pat(&e.pat);
        let element = self.value(ValueKind::Element(over), pat_span);
        self.bind(&e.pat, element);
        let (body, _) = self.within(BlockKind::Loop, span, |lower| lower.body(&e.body, false));
        self.env.exit();
        self.step(Step::Loop {
            over: Some(over),
            condition: None,
            body,
        });
        self.end_loop(phis, mark, true, span);
    }

    pub(super) fn endless_loop(&mut self, e: &syn::ExprLoop) -> Option<ValueId> {
        let span = self.at.block(&e.body);
        let phis = self.loop_joins(&e.body, span);
        let mark = self.env.mark();
        self.around(e.label.as_ref(), true, mark);
        let (body, _) = self.within(BlockKind::Loop, span, |lower| lower.body(&e.body, false));
        self.step(Step::Loop {
            over: None,
            condition: None,
            body,
        });
        let values = self.end_loop(phis, mark, false, span);
        self.join(values, span)
    }

    /// A variable that the loop assigns is a join of what it held before and what each round leaves behind.
    fn loop_joins(&mut self, body: &syn::Block, span: Span) -> Vec<(usize, ValueId)> {
        let start = self.at.block(body).start;
        let names = self.assigned.loops.remove(&start).unwrap_or_default();
        let mut joins = Vec::new();
        for name in names {
            let Some(id) = self.env.find(&name) else {
                continue;
            };
            let Some(var) = self.env.var(id) else {
                continue;
            };
            let (value, mutable) = (var.value, var.mutable && !var.cell);
            if mutable && self.may_join(span) {
                let join = self.value(ValueKind::Join(vec![value]), span);
                self.env.assign(id, join);
                joins.push((id, join));
            }
        }
        joins.sort_unstable_by_key(|(id, _)| *id);
        joins
    }

    /// Closes the joins of a loop and goes on behind it; returns what `break` yields.
    fn end_loop(
        &mut self,
        joins: Vec<(usize, ValueId)>,
        mark: Mark,
        may_skip: bool,
        span: Span,
    ) -> Vec<ValueId> {
        let Some(around) = self.frame.loops.pop() else {
            return Vec::new();
        };
        let end = self.env.leave(mark);
        for exit in around.continues.iter().chain([&end]) {
            for (id, value) in exit.changes.iter().filter(|_| exit.reachable) {
                let Ok(at) = joins.binary_search_by_key(id, |(id, _)| *id) else {
                    continue;
                };
                let Some((_, join)) = joins.get(at) else {
                    continue;
                };
                self.extend_join(*join, *value);
            }
        }
        let mut exits = around.breaks;
        if may_skip {
            exits.push(self.env.since(mark));
        }
        self.meet(&exits, span);
        around.values
    }

    fn extend_join(&mut self, join: ValueId, value: ValueId) {
        let kind = self.module.values.get_mut(join.index());
        if let Some(ValueKind::Join(values)) = kind.map(|value| &mut value.kind)
            && value != join
            && !values.contains(&value)
        {
            values.push(value);
        }
    }
}
