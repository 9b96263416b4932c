//! Loops.
//!
//! What belongs here: `for`, `for .. of`, `for .. in`, `while` and `do`. What may not enter: other statements.
//!
//! A variable that a loop assigns is a join of what it held before and what each round leaves in it; the join is
//! made before the body, which may read it, and filled after.

use super::block::Open;
use super::build::Lowering;
use super::env::Path;
use super::kind::{Named, Role};
use super::leave::{Frame, FrameKind};
use super::names::VarId;
use super::tree::Node;
use crate::model::{BlockId, BlockKind, Literal, Step, ValueId, ValueKind};
use rustc_hash::FxHashSet;

/// A loop whose body is being lowered.
struct Round {
    /// The variables that it assigns, with their joins and what they held before.
    assigned: Vec<(VarId, ValueId, ValueId)>,
    open: Open,
}

/// A loop whose body is done.
struct Done {
    block: BlockId,
    /// How a round ends.
    end: Path,
    breaks: Vec<Path>,
}

impl<'t> Lowering<'t> {
    fn start_round(&mut self, node: Node<'t>) -> Round {
        let label = self.label.take();
        let names = self.names;
        let mut seen = FxHashSet::default();
        let mut assigned = Vec::new();
        for (_, variable) in names.written_in(node) {
            if names.variable(*variable).shared || !seen.insert(*variable) {
                continue;
            }
            let Some(before) = self.env.get(*variable) else {
                continue;
            };
            let span = names.variable(*variable).span;
            let join = self.value(ValueKind::Join(vec![before]), span);
            self.env.set(*variable, join);
            assigned.push((*variable, join, before));
        }
        let open = self.open(BlockKind::Loop, node.span());
        let mark = self.env.mark();
        self.cx.frames.push(Frame {
            label,
            kind: FrameKind::Loop,
            mark,
            breaks: Vec::new(),
            continues: Vec::new(),
        });
        Round { assigned, open }
    }

    /// Ends the body; `tail` is what runs after it on every round, also after `continue`.
    fn end_round(&mut self, round: Round, tail: impl FnOnce(&mut Self)) -> Done {
        let block = round.open.block;
        let mut paths = vec![self.close(&round.open)];
        let frame = self.cx.frames.pop();
        let (breaks, continues) =
            frame.map_or_else(Default::default, |frame| (frame.breaks, frame.continues));
        paths.extend(continues);
        let again = self.reopen(block);
        self.meet(&paths);
        tail(self);
        let end = self.close(&again);
        if !end.left {
            let changes: rustc_hash::FxHashMap<_, _> = end.changes.iter().copied().collect();
            for (variable, join, _) in &round.assigned {
                if let Some(value) = changes.get(variable) {
                    self.add_to_join(*join, *value);
                }
            }
        }
        for (_, join, before) in &round.assigned {
            let alone = matches!(self.module.kind(*join), ValueKind::Join(all) if all.len() == 1);
            if alone {
                self.forward.same(*join, *before);
            }
        }
        Done { block, end, breaks }
    }

    fn add_to_join(&mut self, join: ValueId, value: ValueId) {
        if let Some(kept) = self.module.values.get_mut(join.index())
            && let ValueKind::Join(values) = &mut kept.kind
            && value != join
            && !values.contains(&value)
        {
            values.push(value);
        }
    }

    fn end_loop(
        &mut self,
        done: Done,
        over: Option<ValueId>,
        condition: Option<ValueId>,
        exit: Option<Path>,
    ) {
        self.step(Step::Loop {
            over,
            condition,
            body: done.block,
        });
        let mut paths = done.breaks;
        paths.extend(exit);
        self.meet(&paths);
    }

    /// The way out of a loop by its condition; `None` if that is always true.
    fn exit(&self, condition: Option<ValueId>) -> Option<Path> {
        let endless = condition.is_none_or(|condition| {
            let kind = self.module.kind(condition);
            matches!(kind, ValueKind::Literal(Literal::Bool(true)))
                || matches!(kind, ValueKind::Literal(Literal::Number(n)) if *n != 0.0)
        });
        (!endless).then(Path::default)
    }

    /// `for (a of b)`, `for (a in b)`
    pub(super) fn for_each(&mut self, node: Node<'t>) {
        let (Some(left), Some(right)) = (node.role(Role::Left), node.role(Role::Right)) else {
            return;
        };
        let over = self.expression(right);
        let round = self.start_round(node);
        let operator = node.role(Role::Operator).map_or("of", Node::text);
        let element = match operator {
            // What `in` yields are keys, which hold nothing of what is stored under them.
            "in" => self.opaque(vec![over], left.span()),
            _ => self.value(ValueKind::Element(over), left.span()),
        };
        if node.role(Role::Kind).is_some() {
            self.bind_pattern(left, element);
        } else {
            self.assign_pattern(left, element);
        }
        self.body(node.role(Role::Body));
        let done = self.end_round(round, |_| ());
        self.end_loop(done, Some(over), None, Some(Path::default()));
    }

    /// `for (a; b; c)`
    pub(super) fn for_(&mut self, node: Node<'t>) {
        if let Some(initializer) = node.role(Role::Initializer) {
            match initializer.named() {
                Named::Lexical | Named::VariableDeclaration => self.statement(initializer),
                Named::Empty => {}
                _ => self.effect(initializer),
            }
        }
        let round = self.start_round(node);
        let condition = node
            .all_roles(Role::Condition)
            .find(|at| !at.is_token() && !at.is(Named::Empty));
        let condition = condition.map(|at| self.expression(at));
        let exit = self.exit(condition);
        self.body(node.role(Role::Body));
        let done = self.end_round(round, |lowering| {
            if let Some(increment) = node.role(Role::Increment) {
                lowering.effect(increment);
            }
        });
        self.end_loop(done, None, condition, exit);
    }

    /// `while (a)`
    pub(super) fn while_(&mut self, node: Node<'t>) {
        let round = self.start_round(node);
        let condition = Some(self.condition(node));
        let exit = self.exit(condition);
        self.body(node.role(Role::Body));
        let done = self.end_round(round, |_| ());
        self.end_loop(done, None, condition, exit);
    }

    /// `do .. while (a)`
    pub(super) fn do_(&mut self, node: Node<'t>) {
        let round = self.start_round(node);
        self.body(node.role(Role::Body));
        let mut condition = None;
        let mut done = self.end_round(round, |lowering| {
            condition = Some(lowering.condition(node));
        });
        let end = std::mem::take(&mut done.end);
        let exit = self.exit(condition).map(|_| end);
        self.end_loop(done, None, condition, exit);
    }
}
