//! The module under construction and the point in it where code is being added.
//!
//! What belongs here: allocating values, calls, stores, blocks and functions, and joining what branches assign.
//! What may not enter: syntax.

use super::assigned::Assigned;
use super::emit::NewFunction;
use super::env::{Env, Exit, Mark, Var, VarId};
use super::span::Places;
use crate::model::{
    BlockId, FunctionId, FunctionKind, Gap, GapKind, Module, Name, StoreKey, TypeRef, ValueId,
    ValueKind,
};
use crate::source::Span;
use rustc_hash::FxHashMap;

/// Calls of the walkers inside each other; the scan keeps well-formed code far below.
const MAX_DEPTH: u32 = 8_000;
/// Joins of one file that only serve to merge assignments.
const MAX_JOINS: u32 = 200_000;

/// Everything that lowering a file carries along.
pub(super) struct Lower<'t> {
    pub(super) module: Module,
    pub(super) text: &'t str,
    pub(super) at: Places,
    pub(super) env: Env,
    pub(super) frame: Frame,
    /// Inline modules around this point, joined by `::`.
    pub(super) scope: Name,
    /// Inside a function: items are local names and no exports.
    pub(super) local: bool,
    /// What the loops and closures of the function under construction assign.
    pub(super) assigned: Assigned,
    /// First bounds of the type parameters in scope.
    pub(super) bounds: Vec<(Name, TypeRef)>,
    /// Where chains start, by a token of each of their links.
    pub(super) starts: FxHashMap<u32, u32>,
    /// Macros whose tokens are being parsed around this point.
    pub(super) macros: u32,
    depth: u32,
    pub(super) order: u32,
    joins: u32,
    is_spent: bool,
}

/// The function and block that steps are added to.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) function: FunctionId,
    pub(super) block: BlockId,
    /// `self`
    pub(super) this: Option<ValueId>,
    /// Loops and labelled blocks around this point.
    pub(super) loops: Vec<Around>,
    /// What is returned here, the function returns; not so in an `async` block that is no result of it.
    pub(super) returns: bool,
}

/// A loop or labelled block that `break` and `continue` can leave.
#[derive(Debug)]
pub(super) struct Around {
    pub(super) label: Option<Name>,
    /// A loop; a plain block is left by its label only.
    pub(super) is_loop: bool,
    pub(super) mark: Mark,
    pub(super) breaks: Vec<Exit>,
    pub(super) continues: Vec<Exit>,
    /// What `break value` yields.
    pub(super) values: Vec<ValueId>,
}

impl<'t> Lower<'t> {
    /// Starts with the function that stands for the file's top level.
    pub(super) fn new(module: Module, text: &'t str, base: usize) -> Self {
        let mut lower = Self {
            module,
            text,
            at: Places { base },
            env: Env::new(),
            frame: Frame {
                function: FunctionId(0),
                block: BlockId(0),
                this: None,
                loops: Vec::new(),
                returns: true,
            },
            scope: Name::default(),
            local: false,
            assigned: Assigned::default(),
            bounds: Vec::new(),
            starts: FxHashMap::default(),
            macros: 0,
            depth: 0,
            order: 0,
            joins: 0,
            is_spent: false,
        };
        let span = Span::new(0, text.len());
        let top = lower.function(NewFunction {
            name: None,
            kind: FunctionKind::Module,
            owner: None,
            is_async: false,
            head: Span::default(),
            span,
            body: span,
        });
        if let Some(function) = lower.module.functions.first_mut() {
            function.parent = None;
        }
        debug_assert_eq!(top, FunctionId(0));
        lower
    }

    /// Keeps what a name calls its value.
    pub(super) fn note_binding(&mut self, name: &Name, value: ValueId, span: Span) {
        self.module.bindings.push(crate::model::Binding {
            name: name.clone(),
            value,
            span,
        });
    }

    /// Declares a local name; one that a closure assigns becomes a cell.
    pub(super) fn declare(&mut self, name: &Name, value: ValueId, mutable: bool, span: Span) {
        self.note_binding(name, value, span);
        let cell = mutable && self.assigned.captured.contains(name);
        let value = if cell {
            self.value(ValueKind::Cell(vec![value]), span)
        } else {
            value
        };
        let var = Var {
            value,
            mutable,
            cell,
        };
        self.env.declare(name.clone(), var);
    }

    /// Assigns a local variable.
    pub(super) fn assign(&mut self, id: VarId, value: ValueId, span: Span) {
        let Some(var) = self.env.var(id) else { return };
        if !var.cell {
            self.env.assign(id, value);
            return;
        }
        let cell = var.value;
        if let Some(ValueKind::Cell(values)) = self
            .module
            .values
            .get_mut(cell.index())
            .map(|value| &mut value.kind)
        {
            values.push(value);
        }
        self.store(cell, StoreKey::Whole, value, span);
    }

    /// Goes on where several branches end.
    pub(super) fn meet(&mut self, exits: &[Exit], span: Span) {
        for (id, values) in self.env.meet(exits) {
            let joined = match values.as_slice() {
                [one] => Some(*one),
                _ if self.may_join(span) => self.join(values, span),
                _ => values.last().copied(),
            };
            if let Some(value) = joined {
                self.env.assign(id, value);
            }
        }
    }

    /// Takes one join off the file's budget.
    pub(super) fn may_join(&mut self, span: Span) -> bool {
        self.joins += 1;
        let may = self.joins < MAX_JOINS;
        if !may {
            self.spent(span);
        }
        may
    }

    /// Notes once that assignments are no longer followed everywhere.
    pub(super) fn spent(&mut self, span: Span) {
        if !std::mem::replace(&mut self.is_spent, true) {
            self.gap(GapKind::Budget, span, "too many assignments meet here");
        }
    }

    pub(super) fn gap(&mut self, kind: GapKind, span: Span, message: impl Into<Name>) {
        self.module.gaps.push(Gap {
            kind,
            span,
            message: message.into(),
        });
    }

    /// Runs `walk` one level deeper, or nothing where that would not be safe.
    pub(super) fn deeper<T>(
        &mut self,
        span: impl FnOnce(&mut Self) -> Span,
        walk: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            let span = span(self);
            self.gap(GapKind::TooDeep, span, "nested too deeply");
            return None;
        }
        self.depth += 1;
        let result = walk(self);
        self.depth -= 1;
        Some(result)
    }
}
