//! `switch`.
//!
//! What belongs here: cases, their values and how they fall into one another. What may not enter: other
//! statements.

use super::build::Lowering;
use super::env::Path;
use super::kind::{Named, Role};
use super::leave::{Frame, FrameKind};
use super::tree::Node;
use crate::model::{BlockId, BlockKind, Step, ValueId};
use crate::source::Span;

/// Cases that share their statements: `case 1: case 2: ..`.
struct Group<'t> {
    /// What is compared; empty for `default`.
    values: Vec<Node<'t>>,
    is_default: bool,
    span: Span,
    body: Vec<Node<'t>>,
}

impl<'t> Lowering<'t> {
    /// `switch (a) { case b: .. }`
    pub(super) fn switch(&mut self, node: Node<'t>) {
        let subject = match node.role(Role::Value) {
            Some(subject) => self.expression(subject),
            None => self.opaque(Vec::new(), node.span()),
        };
        let groups = groups(node);
        let values: Vec<Option<ValueId>> = groups.iter().map(|group| self.cases(group)).collect();
        let exhaustive = groups.iter().any(|group| group.is_default);
        let mark = self.env.mark();
        self.cx.frames.push(Frame {
            label: self.label.take(),
            kind: FrameKind::Switch,
            mark,
            breaks: Vec::new(),
            continues: Vec::new(),
        });
        let mut fallen: Option<Path> = None;
        let mut arms: Vec<(Option<ValueId>, BlockId)> = Vec::new();
        for (group, value) in groups.iter().zip(values) {
            let (block, path) = self.in_block(BlockKind::Arm, group.span, |lowering| {
                if let Some(path) = fallen.take().filter(|path| !path.left) {
                    lowering.meet(&[Path::default(), path]);
                }
                for statement in &group.body {
                    lowering.statement(*statement);
                }
            });
            arms.push((value, block));
            fallen = Some(path);
        }
        let frame = self.cx.frames.pop();
        let mut paths: Vec<Path> = frame.into_iter().flat_map(|frame| frame.breaks).collect();
        paths.extend(fallen);
        if !exhaustive {
            paths.push(Path::default());
        }
        self.step(Step::Match {
            subject,
            arms,
            exhaustive,
        });
        self.meet(&paths);
    }

    /// What a group is compared with; `None` for one that holds the default.
    fn cases(&mut self, group: &Group<'t>) -> Option<ValueId> {
        let values: Vec<_> = group
            .values
            .iter()
            .map(|value| self.expression(*value))
            .collect();
        if group.is_default || values.is_empty() {
            return None;
        }
        Some(self.join(values, group.span))
    }
}

fn groups<'t>(node: Node<'t>) -> Vec<Group<'t>> {
    let mut groups: Vec<Group<'t>> = Vec::new();
    for case in node.role(Role::Body).into_iter().flat_map(Node::children) {
        if !matches!(case.named(), Named::Case | Named::DefaultCase) {
            continue;
        }
        let value = case.role(Role::Value);
        let body: Vec<_> = case.all_roles(Role::Body).collect();
        let is_default = case.is(Named::DefaultCase);
        match groups.last_mut() {
            Some(group) if group.body.is_empty() => {
                group.values.extend(value);
                group.is_default |= is_default;
                group.span.end = case.span().end;
                group.body = body;
            }
            _ => groups.push(Group {
                values: value.into_iter().collect(),
                is_default,
                span: case.span(),
                body,
            }),
        }
    }
    groups
}
