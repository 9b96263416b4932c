//! The module under construction and the point in it where code is being added.
//!
//! What belongs here: allocating values, calls, stores, blocks and functions, and joining what branches assign.
//! What may not enter: syntax.

use super::assigned::Assigned;
use super::env::{Env, Exit, Mark, Var, VarId};
use super::span::Places;
use crate::model::{
    Arg, Block, BlockId, BlockKind, Call, CallForm, CallId, Entry, Function, FunctionId,
    FunctionKind, Gap, GapKind, Item, Leave, Literal, Module, Name, Return, Step, Store, StoreId,
    StoreKey, TypeId, TypeRef, Value, ValueId, ValueKind,
};
use crate::source::Span;

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
    /// Macros whose tokens are being parsed around this point.
    pub(super) macros: u32,
    depth: u32,
    order: u32,
    joins: u32,
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

/// A call that is about to be made.
pub(super) struct NewCall {
    pub(super) callee: ValueId,
    pub(super) receiver: Option<ValueId>,
    pub(super) args: Vec<Arg>,
    pub(super) type_args: Vec<TypeRef>,
    pub(super) form: CallForm,
    pub(super) span: Span,
    pub(super) name_span: Span,
}

/// A function that is about to be opened.
pub(super) struct NewFunction {
    pub(super) name: Option<Name>,
    pub(super) kind: FunctionKind,
    pub(super) owner: Option<TypeId>,
    pub(super) is_async: bool,
    pub(super) head: Span,
    pub(super) span: Span,
    pub(super) body: Span,
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
            macros: 0,
            depth: 0,
            order: 0,
            joins: 0,
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

    pub(super) fn value(&mut self, kind: ValueKind, span: Span) -> ValueId {
        let id = ValueId::at(self.module.values.len());
        self.module.values.push(Value { kind, span });
        id
    }

    pub(super) fn kind(&self, id: ValueId) -> Option<&ValueKind> {
        self.module.values.get(id.index()).map(|value| &value.kind)
    }

    pub(super) fn literal(&mut self, literal: Literal, span: Span) -> ValueId {
        self.value(ValueKind::Literal(literal), span)
    }

    pub(super) fn opaque(&mut self, children: Vec<ValueId>, span: Span) -> ValueId {
        self.value(ValueKind::Opaque(children), span)
    }

    /// A part of a value; parts of a tuple or struct literal are what stands there.
    pub(super) fn member(&mut self, base: ValueId, name: impl Into<Name>, span: Span) -> ValueId {
        let name = name.into();
        if let Some(known) = self.known_part(base, &name) {
            return known;
        }
        let optional = false;
        self.value(
            ValueKind::Member {
                base,
                name,
                optional,
            },
            span,
        )
    }

    fn known_part(&self, base: ValueId, name: &str) -> Option<ValueId> {
        let ValueKind::List(items) = self.kind(base)? else {
            return None;
        };
        let item: &Item = items.get(name.parse::<usize>().ok()?)?;
        let plain = items.iter().all(|item| !item.spread);
        plain.then_some(item.value)
    }

    pub(super) fn object(&mut self, entries: Vec<Entry>, span: Span) -> ValueId {
        self.value(ValueKind::Object(entries), span)
    }

    pub(super) fn list(&mut self, values: Vec<ValueId>, span: Span) -> ValueId {
        let spread = false;
        let items = values.into_iter().map(|value| Item { value, spread });
        self.value(ValueKind::List(items.collect()), span)
    }

    /// One of several values; the value itself if there is only one.
    pub(super) fn join(&mut self, mut values: Vec<ValueId>, span: Span) -> Option<ValueId> {
        values.sort_unstable();
        values.dedup();
        match values.as_slice() {
            [] => None,
            [one] => Some(*one),
            _ => Some(self.value(ValueKind::Join(values), span)),
        }
    }

    fn next_order(&mut self) -> u32 {
        self.order += 1;
        self.order
    }

    /// Makes a call here.
    pub(super) fn call(&mut self, new: NewCall) -> ValueId {
        let (id, value) = self.allocate_call(new);
        self.step(Step::Call(id));
        value
    }

    /// Makes a call that is no step: an attribute.
    pub(super) fn allocate_call(&mut self, new: NewCall) -> (CallId, ValueId) {
        let id = CallId::at(self.module.calls.len());
        let value = self.value(ValueKind::Call(id), new.span);
        let order = self.next_order();
        self.module.calls.push(Call {
            callee: new.callee,
            receiver: new.receiver,
            args: new.args,
            type_args: new.type_args,
            form: new.form,
            optional: false,
            awaited: false,
            discarded: false,
            block: self.frame.block,
            function: self.frame.function,
            order,
            value,
            span: new.span,
            name_span: new.name_span,
        });
        (id, value)
    }

    /// The call whose result a value is.
    pub(super) fn call_of(&mut self, value: ValueId) -> Option<&mut Call> {
        let ValueKind::Call(id) = self.kind(value)? else {
            return None;
        };
        let id = *id;
        self.module.calls.get_mut(id.index())
    }

    pub(super) fn store(&mut self, target: ValueId, key: StoreKey, value: ValueId, span: Span) {
        let id = StoreId::at(self.module.stores.len());
        let order = self.next_order();
        self.module.stores.push(Store {
            target,
            key,
            value,
            block: self.frame.block,
            function: self.frame.function,
            order,
            span,
        });
        self.step(Step::Store(id));
    }

    pub(super) fn step(&mut self, step: Step) {
        let block = self.frame.block.index();
        if let Some(block) = self.module.blocks.get_mut(block) {
            block.steps.push(step);
        }
    }

    /// Control leaves here.
    pub(super) fn leaves(&mut self, leave: Leave) {
        self.step(Step::Leave(leave));
        self.env.reachable = false;
    }

    /// `return value`, written or implied.
    pub(super) fn returns(&mut self, value: Option<ValueId>) {
        let order = self.next_order();
        let block = self.frame.block;
        let function = self.frame.function.index();
        if !self.frame.returns {
            return;
        }
        if let Some(function) = self.module.functions.get_mut(function) {
            function.returns.push(Return {
                value,
                block,
                order,
            });
        }
    }

    pub(super) fn block(&mut self, kind: BlockKind, span: Span) -> BlockId {
        let id = BlockId::at(self.module.blocks.len());
        self.module.blocks.push(Block {
            parent: Some(self.frame.block),
            function: self.frame.function,
            kind,
            steps: Vec::new(),
            span,
        });
        id
    }

    /// Runs `add` with a new block as the current one.
    pub(super) fn within<T>(
        &mut self,
        kind: BlockKind,
        span: Span,
        add: impl FnOnce(&mut Self) -> T,
    ) -> (BlockId, T) {
        let block = self.block(kind, span);
        let outer = std::mem::replace(&mut self.frame.block, block);
        let result = add(self);
        self.frame.block = outer;
        (block, result)
    }

    pub(super) fn is_empty(&self, block: BlockId) -> bool {
        let found = self.module.blocks.get(block.index());
        found.is_none_or(|block| block.steps.is_empty())
    }

    /// Allocates a function with an empty body.
    pub(super) fn function(&mut self, new: NewFunction) -> FunctionId {
        let id = FunctionId::at(self.module.functions.len());
        let value = self.value(ValueKind::Function(id), new.span);
        let body = BlockId::at(self.module.blocks.len());
        self.module.blocks.push(Block {
            parent: None,
            function: id,
            kind: BlockKind::Body,
            steps: Vec::new(),
            span: new.body,
        });
        self.module.functions.push(Function {
            name: new.name,
            kind: new.kind,
            owner: new.owner,
            parent: Some(self.frame.function),
            scope: self.scope.clone(),
            params: Vec::new(),
            has_this: false,
            decorators: Vec::new(),
            directives: Vec::new(),
            is_async: new.is_async,
            body,
            returns: Vec::new(),
            return_type: None,
            value,
            head: new.head,
            span: new.span,
        });
        id
    }

    pub(super) fn function_mut(&mut self, id: FunctionId) -> Option<&mut Function> {
        self.module.functions.get_mut(id.index())
    }

    /// Runs `add` inside a function's body.
    pub(super) fn inside(&mut self, id: FunctionId, add: impl FnOnce(&mut Self)) {
        let Some(body) = self.function_mut(id).map(|function| function.body) else {
            return;
        };
        let frame = Frame {
            function: id,
            block: body,
            this: self.frame.this,
            loops: Vec::new(),
            returns: true,
        };
        let outer = std::mem::replace(&mut self.frame, frame);
        let reachable = std::mem::replace(&mut self.env.reachable, true);
        self.env.enter();
        add(self);
        self.env.exit();
        self.env.reachable = reachable;
        self.frame = outer;
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
        if self.joins == MAX_JOINS {
            self.gap(GapKind::Budget, span, "too many variables meet here");
        }
        self.joins < MAX_JOINS
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
        span: impl FnOnce(Places) -> Span,
        walk: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            let span = span(self.at);
            self.gap(GapKind::TooDeep, span, "nested too deeply");
            return None;
        }
        self.depth += 1;
        let result = walk(self);
        self.depth -= 1;
        Some(result)
    }
}
