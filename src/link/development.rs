//! Code that only runs where the configuration says that the program is being developed.

use super::Program;
use super::node::{CallAt, Func, Node};
use crate::model::{
    BlockId, Comparison, Literal, LogicalOp, Name, Step, UnaryOp, ValueId, ValueKind,
};
use crate::source::FileId;
use rustc_hash::{FxHashMap, FxHashSet};
use std::rc::Rc;

/// Words for a program that is being developed, and for one that is in use.
const DEVELOPED: &str = "development-mode";
const IN_USE: &str = "production-mode";
/// How many values one question may look at.
const FUEL: u32 = 64;

/// Where the code of a file only runs during development.
#[derive(Debug, Default)]
pub(super) struct Development {
    /// Blocks that are entered for it.
    entered: FxHashSet<BlockId>,
    /// Blocks of which what follows a place in the text is only reached for it.
    after: FxHashMap<BlockId, u32>,
}

impl Program<'_> {
    /// Whether a call only runs during development: a branch says so, or a way out before it that is taken otherwise.
    #[must_use]
    pub fn in_development(&self, at: CallAt) -> bool {
        let module = self.module(at.file);
        let found = self.development(at.file);
        if found.entered.is_empty() && found.after.is_empty() {
            return false;
        }
        let mut place = self.call(at).span.start;
        let mut block = Some(self.call(at).block);
        while let Some(id) = block {
            let after = found.after.get(&id);
            if found.entered.contains(&id) || after.is_some_and(|end| *end <= place) {
                return true;
            }
            block = module.block(id).parent;
            if block.is_some() {
                continue;
            }
            // A closure runs where it is passed, which is around it.
            let func = Func {
                file: at.file,
                function: module.block(id).function,
            };
            let passed = self.taken_by(func).filter(|call| call.file == at.file);
            let outer = passed.map(|call| self.call(call));
            let own = self.function(func).span;
            let outer = outer.filter(|call| call.span.contains(own) && call.span != own);
            if let Some(call) = outer {
                (place, block) = (call.span.start, Some(call.block));
            }
        }
        false
    }

    fn development(&self, file: FileId) -> Rc<Development> {
        if let Some(known) = self.development.borrow().get(&file) {
            return Rc::clone(known);
        }
        let found = Rc::new(self.find_development(file));
        let mut known = self.development.borrow_mut();
        Rc::clone(known.entry(file).or_insert(found))
    }

    fn find_development(&self, file: FileId) -> Development {
        let module = self.module(file);
        let leaves = |id: BlockId| matches!(module.block(id).steps.last(), Some(Step::Leave(_)));
        let mut found = Development::default();
        for (index, block) in module.blocks.iter().enumerate() {
            for step in &block.steps {
                let Step::Branch {
                    condition,
                    then,
                    otherwise,
                } = step
                else {
                    continue;
                };
                let condition = Node {
                    file,
                    value: *condition,
                };
                let side = [true, false]
                    .into_iter()
                    .find(|side| self.says_so(condition, *side, &mut FUEL.clone()));
                let Some(side) = side else { continue };
                let (here, elsewhere) = match side {
                    true => (Some(*then), *otherwise),
                    false => (*otherwise, Some(*then)),
                };
                found.entered.extend(here);
                if elsewhere.is_some_and(leaves) {
                    let ends = [Some(*then), *otherwise].into_iter().flatten();
                    let end = ends.map(|id| module.block(id).span.end).max().unwrap_or(0);
                    let after = found.after.entry(BlockId::at(index)).or_insert(end);
                    *after = end.min(*after);
                }
            }
        }
        found
    }

    /// Whether the condition's being true (`side`) or false means that the program is being developed.
    fn says_so(&self, condition: Node, side: bool, fuel: &mut u32) -> bool {
        let Some(less) = fuel.checked_sub(1) else {
            return false;
        };
        *fuel = less;
        let mut next = |value, side| self.says_so(condition.with(value), side, fuel);
        match self.module(condition.file).kind(condition.value) {
            ValueKind::Unary {
                op: UnaryOp::Not,
                operand,
            } => next(*operand, !side),
            // Of what must all hold, one that says so is enough.
            ValueKind::Logical { op, left, right } => match (op, side) {
                (LogicalOp::And, true) | (LogicalOp::Or, false) => {
                    next(*left, side) || next(*right, side)
                }
                (LogicalOp::And | LogicalOp::Or, _) => next(*left, side) && next(*right, side),
                _ => false,
            },
            ValueKind::Await(inner)
            | ValueKind::Cast { value: inner, .. }
            | ValueKind::Unwrap(inner) => next(*inner, side),
            ValueKind::Compare { op, left, right } => {
                self.mode_is_named(condition, *op, (*left, *right), side)
            }
            _ => self.flag(condition, side, fuel),
        }
    }

    /// `mode === "development"`, `mode !== "production"`.
    fn mode_is_named(
        &self,
        at: Node,
        op: Comparison,
        (left, right): (ValueId, ValueId),
        side: bool,
    ) -> bool {
        let kind = match (op, side) {
            (Comparison::Eq, true) | (Comparison::Ne, false) => DEVELOPED,
            (Comparison::Eq, false) | (Comparison::Ne, true) => IN_USE,
            _ => return false,
        };
        let module = self.module(at.file);
        let literal = |value: ValueId| match module.kind(value) {
            ValueKind::Literal(Literal::Str(text)) => Some(text),
            _ => None,
        };
        // `Ok("development")` holds the mode that it is compared with.
        let text = |value: ValueId| match module.kind(value) {
            ValueKind::Call(call) => match module.call(*call) {
                call if call.receiver.is_none() && call.args.len() == 1 => {
                    literal(call.args.first()?.value)
                }
                _ => None,
            },
            _ => literal(value),
        };
        let mode = text(left).or_else(|| text(right));
        mode.is_some_and(|mode| self.vocabulary.names.is(kind, mode)) && self.is_configured(at)
    }

    /// A setting that is on or off, by what it stands for, else by its name.
    fn flag(&self, node: Node, side: bool, fuel: &mut u32) -> bool {
        let stands_for = self.follow(node);
        let mut all = stands_for.iter();
        if !stands_for.is_empty() && all.all(|next| self.says_so(*next, side, fuel)) {
            return true;
        }
        let kind = if side { DEVELOPED } else { IN_USE };
        let is_it = |name: &Name| self.vocabulary.names.matches(kind, name);
        let module = self.module(node.file);
        let written = match module.kind(node.value) {
            ValueKind::Member { name, .. } | ValueKind::Global(name) => Some(name),
            ValueKind::Import(import) => Some(&module.import(*import).local),
            ValueKind::Path(path) => path.last(),
            // `cfg!(debug_assertions)`
            ValueKind::Call(call) => {
                let args = &module.call(*call).args;
                args.first().and_then(|arg| match module.kind(arg.value) {
                    ValueKind::Path(path) => path.last(),
                    _ => None,
                })
            }
            _ => None,
        };
        // An object's own switch is no caller's.
        if let ValueKind::Member { base, name, .. } = module.kind(node.value)
            && matches!(module.kind(*base), ValueKind::This(_))
            && self.vocabulary.names.is(kind, name)
        {
            return true;
        }
        let origins = self.origins(node);
        let mut keys = origins.iter().filter_map(|origin| origin.key.as_ref());
        (written.is_some_and(is_it) || keys.any(is_it)) && self.is_configured(node)
    }
}
