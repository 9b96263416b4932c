//! What is added to the module: values, calls, stores, steps, blocks and functions.
//!
//! What belongs here: allocation, at the point that the state holds. What may not enter: syntax.

use super::state::{Frame, Lower};
use crate::model::{
    Arg, Block, BlockId, BlockKind, Call, CallForm, CallId, Entry, Function, FunctionId,
    FunctionKind, Item, Leave, Literal, Name, Return, Step, Store, StoreId, StoreKey, TypeId,
    TypeRef, Value, ValueId, ValueKind,
};
use crate::source::Span;

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

impl Lower<'_> {
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
}
