//! Leaving: `return`, `break`, `continue`, labels.
//!
//! What belongs here: where control goes when it does not go on, and what variables hold on that way. What may
//! not enter: the loops and blocks that are left.

use super::build::Lowering;
use super::env::Path;
use super::kind::{Named, Role};
use super::tree::Node;
use crate::model::{BlockKind, GapKind, Leave, Name, Return, Step, ValueId};

/// How many choices in choices are ways out of their own.
const MOST_CHOICES: u32 = 32;

/// What `break` and `continue` leave.
#[derive(Debug)]
pub(super) struct Frame {
    /// Its label.
    pub(super) label: Option<Name>,
    /// What it is.
    pub(super) kind: FrameKind,
    /// Where its paths begin.
    pub(super) mark: usize,
    /// The paths that broke out of it.
    pub(super) breaks: Vec<Path>,
    /// The paths that went on to the next round.
    pub(super) continues: Vec<Path>,
}

/// What a [`Frame`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FrameKind {
    /// A loop.
    Loop,
    /// A `switch`.
    Switch,
    /// A labelled block.
    Block,
}

impl<'t> Lowering<'t> {
    /// Control leaves.
    pub(super) fn leave(&mut self, leave: Leave) {
        self.step(Step::Leave(leave));
        self.cx.left = true;
    }

    /// Returns from the current function.
    /// `return x`. What `return a ? b : c` returns is decided on the way: it leaves twice, each time with what `a` says.
    pub(super) fn return_of(&mut self, node: Option<Node<'t>>, nested: u32) {
        let mut inner = node;
        while let Some(wrapped) = inner.filter(|node| node.is(Named::Parenthesized)) {
            inner = wrapped.first();
        }
        let choice = inner.filter(|node| node.is(Named::Ternary) && nested < MOST_CHOICES);
        let parts = choice.and_then(|node| {
            Some((
                node.role(Role::Condition)?,
                node.role(Role::Consequence)?,
                node.role(Role::Alternative)?,
            ))
        });
        let Some((condition, yes, no)) = parts else {
            let value = node.map(|value| self.expression(value));
            return self.return_(value);
        };
        let condition = self.expression(condition);
        let mut side = |kind, node: Node<'t>| {
            self.aside(kind, node.span(), |lowering| {
                lowering.return_of(Some(node), nested + 1)
            })
        };
        let (then, then_path, ()) = side(BlockKind::Then, yes);
        let (otherwise, else_path, ()) = side(BlockKind::Else, no);
        let then = then.unwrap_or_else(|| self.empty_then(yes.span()));
        self.step(Step::Branch {
            condition,
            then,
            otherwise,
        });
        self.meet(&[then_path, else_path]);
    }

    fn return_(&mut self, value: Option<ValueId>) {
        let result = Return {
            value,
            block: self.cx.block,
            order: self.next_order(),
        };
        self.set_function(self.cx.function, |function| function.returns.push(result));
        self.leave(Leave::Return(value));
    }

    /// `a: ..`
    pub(super) fn labeled(&mut self, node: Node<'t>) {
        let label = node.role(Role::Label).map(|label| Name::new(label.text()));
        let Some(body) = node.role(Role::Body) else {
            return;
        };
        if matches!(
            body.named(),
            Named::For | Named::ForIn | Named::While | Named::Do
        ) {
            self.label = label;
            self.statement(body);
            return;
        }
        let mark = self.env.mark();
        self.cx.frames.push(Frame {
            label,
            kind: FrameKind::Block,
            mark,
            breaks: Vec::new(),
            continues: Vec::new(),
        });
        let (block, path) = self.in_block(BlockKind::Scope, body.span(), |l| l.body(Some(body)));
        self.step(Step::Scope(block));
        let mut paths = vec![path];
        paths.extend(self.cx.frames.pop().into_iter().flat_map(|f| f.breaks));
        self.meet(&paths);
    }

    /// `break`
    pub(super) fn break_(&mut self, node: Node<'t>) {
        let label = node.role(Role::Label).map(Node::text);
        let frame = self.cx.frames.iter().rposition(|frame| match label {
            Some(label) => frame.label.as_deref() == Some(label),
            None => frame.kind != FrameKind::Block,
        });
        let ends_arm = label.is_none()
            && frame.is_some_and(|at| {
                let frame = self.cx.frames.get(at);
                frame.is_some_and(|frame| frame.kind == FrameKind::Switch)
            })
            && self.at_end_of_arm();
        if let Some(path) = self.path_to(frame)
            && let Some(frame) = frame.and_then(|at| self.cx.frames.get_mut(at))
        {
            frame.breaks.push(path);
        }
        if ends_arm {
            // The end of a `case` is no way out of anything.
            self.cx.left = true;
        } else {
            self.leave(Leave::Break);
        }
    }

    /// Whether the current block is that of a `case`, or a plain one in it.
    fn at_end_of_arm(&self) -> bool {
        let mut at = Some(self.cx.block);
        while let Some(block) = at.map(|id| self.module.block(id)) {
            match block.kind {
                BlockKind::Arm => return true,
                BlockKind::Scope => at = block.parent,
                _ => return false,
            }
        }
        false
    }

    /// `continue`
    pub(super) fn continue_(&mut self, node: Node<'t>) {
        let label = node.role(Role::Label).map(Node::text);
        let frame = self.cx.frames.iter().rposition(|frame| {
            frame.kind == FrameKind::Loop
                && label.is_none_or(|label| frame.label.as_deref() == Some(label))
        });
        if let Some(path) = self.path_to(frame)
            && let Some(frame) = frame.and_then(|at| self.cx.frames.get_mut(at))
        {
            frame.continues.push(path);
        }
        self.leave(Leave::Continue);
    }

    /// What has changed on the way from the start of a frame to here; `None` where control does not get here.
    fn path_to(&mut self, frame: Option<usize>) -> Option<Path> {
        let mark = self.cx.frames.get(frame?)?.mark;
        if self.cx.left {
            return None;
        }
        let cost = self.env.length_since(mark);
        if cost > self.path_budget {
            let span = self.module.block(self.cx.block).span;
            self.gap(GapKind::Budget, span, "too many ways out of a loop");
            return None;
        }
        self.path_budget -= cost;
        Some(Path {
            left: false,
            changes: self.env.since(mark),
        })
    }
}
