//! Variables and assignments: reading, declaring, changing.
//!
//! What belongs here: how names get and give their values, and every form of assignment but patterns. What may
//! not enter: scopes, which are settled before.

use super::build::{Lowering, This};
use super::function::Hint;
use super::kind::{Named, Role, Token};
use super::names::VarId;
use super::operator::logical_op;
use super::tree::Node;
use crate::model::{Binding, BlockKind, Literal, Name, Step, StoreKey, ValueId, ValueKind};
use crate::source::Span;

/// What an assignment writes.
enum Place<'t> {
    Variable(Node<'t>),
    Part { object: ValueId, key: StoreKey },
}

impl<'t> Lowering<'t> {
    /// The value of a name.
    pub(super) fn read(&mut self, node: Node<'t>) -> ValueId {
        if let Some(variable) = self.names.meaning(node) {
            return self.read_variable(variable);
        }
        if node.text() == "arguments"
            && let This::Of(function) = self.cx.this
        {
            let params = self.module.function(function).params.iter();
            let values = params.map(|param| param.value).collect();
            return self.opaque(values, node.span());
        }
        self.value(ValueKind::Global(Name::new(node.text())), node.span())
    }

    /// The value of a variable.
    pub(super) fn read_variable(&mut self, id: VarId) -> ValueId {
        let variable = self.names.variable(id);
        if variable.shared {
            return self.cell(id);
        }
        if let Some(value) = self.env.get(id).or_else(|| self.forward.get(id)) {
            return value;
        }
        let stand_in = self.undefined(variable.span);
        if !(variable.hoisted && variable.changes) {
            self.forward.add(id, stand_in);
        }
        stand_in
    }

    fn cell(&mut self, id: VarId) -> ValueId {
        if let Some(cell) = self.cells.get(&id) {
            return *cell;
        }
        let span = self.names.variable(id).span;
        let cell = self.value(ValueKind::Cell(Vec::new()), span);
        self.cells.insert(id, cell);
        cell
    }

    fn put_into_cell(&mut self, id: VarId, value: ValueId) -> ValueId {
        let cell = self.cell(id);
        if let Some(kept) = self.module.values.get_mut(cell.index())
            && let ValueKind::Cell(values) = &mut kept.kind
            && values.last() != Some(&value)
        {
            values.push(value);
        }
        cell
    }

    /// Gives a variable its first value.
    pub(super) fn initialise(&mut self, name: Node<'t>, value: ValueId) {
        let Some(id) = self.names.meaning(name) else {
            return;
        };
        self.note_binding(name, value);
        let variable = self.names.variable(id);
        if variable.shared {
            self.put_into_cell(id, value);
        } else if variable.changes {
            self.env.set(id, value);
        } else {
            self.env.fix(id, value);
        }
        self.forward.found(id, value);
    }

    /// Keeps what a variable calls its value; functions, classes and imports know their names themselves.
    fn note_binding(&mut self, name: Node<'t>, value: ValueId) {
        if !matches!(
            self.module.kind(value),
            ValueKind::Function(_) | ValueKind::Class(_) | ValueKind::Import(_)
        ) {
            self.module.bindings.push(Binding {
                name: Name::new(name.text()),
                value,
                span: name.span(),
            });
        }
    }

    /// Changes a variable.
    pub(super) fn assign_name(&mut self, name: Node<'t>, value: ValueId, span: Span) {
        let Some(id) = self.names.meaning(name) else {
            let global = self.read(name);
            self.store(global, StoreKey::Whole, value, span);
            return;
        };
        self.note_binding(name, value);
        if self.names.variable(id).shared {
            let cell = self.put_into_cell(id, value);
            self.store(cell, StoreKey::Whole, value, span);
        } else {
            self.env.set(id, value);
        }
    }

    /// Writes a value to an assignable expression that is no pattern.
    pub(super) fn assign_to(&mut self, target: Node<'t>, value: ValueId, span: Span) {
        match self.place(target) {
            Some(Place::Variable(name)) => self.assign_name(name, value, span),
            Some(Place::Part { object, key }) => self.store(object, key, value, span),
            None => {}
        }
    }

    /// Evaluates what an assignment writes, up to the write.
    fn place(&mut self, node: Node<'t>) -> Option<Place<'t>> {
        let mut node = node.bare();
        while node.is(Named::NonNull) {
            node = node.first()?.bare();
        }
        match node.named() {
            Named::Identifier | Named::ShorthandPattern => Some(Place::Variable(node)),
            Named::Member => {
                let object = self.expression(node.role(Role::Object)?);
                let key = StoreKey::Member(Name::new(node.role(Role::Property)?.text()));
                Some(Place::Part { object, key })
            }
            Named::Subscript => {
                let object = self.expression(node.role(Role::Object)?);
                let key = StoreKey::Index(self.expression(node.role(Role::Index)?));
                Some(Place::Part { object, key })
            }
            _ => None,
        }
    }

    /// What a place holds before it is written.
    fn held(&mut self, place: &Place<'t>, span: Span) -> ValueId {
        match place {
            Place::Variable(name) => self.read(*name),
            Place::Part { object, key } => match key {
                StoreKey::Member(name) => self.member(*object, name, span),
                StoreKey::Index(key) => {
                    let (base, key) = (*object, *key);
                    self.value(ValueKind::Index { base, key }, span)
                }
                StoreKey::Whole => *object,
            },
        }
    }

    fn put(&mut self, place: Place<'t>, value: ValueId, span: Span) {
        match place {
            Place::Variable(name) => self.assign_name(name, value, span),
            Place::Part { object, key } => self.store(object, key, value, span),
        }
    }

    /// `a = b`
    pub(super) fn assignment(&mut self, node: Node<'t>) -> ValueId {
        let (Some(left), Some(right)) = (node.role(Role::Left), node.role(Role::Right)) else {
            return self.unknown(node);
        };
        let left = left.bare();
        if matches!(left.named(), Named::ObjectPattern | Named::ArrayPattern) {
            let value = self.expression(right);
            self.assign_pattern(left, value);
            return value;
        }
        let place = self.place(left);
        let hint = Hint::of_target(left);
        let value = self.named(right, hint);
        if node.token(Token::Using).is_some() {
            self.initialise(left, value);
            return value;
        }
        self.export_assigned(left, value);
        if let Some(place) = place {
            self.put(place, value, node.span());
        }
        value
    }

    /// `a += b`, `a ||= b`
    pub(super) fn augmented(&mut self, node: Node<'t>) -> ValueId {
        let (Some(left), Some(right)) = (node.role(Role::Left), node.role(Role::Right)) else {
            return self.unknown(node);
        };
        let Some(place) = self.place(left) else {
            return self.unknown(node);
        };
        let before = self.held(&place, left.span());
        let operator = node.role(Role::Operator).map_or("", Node::text);
        let operator = operator.strip_suffix('=').unwrap_or(operator);
        let span = node.span();
        let Some(op) = logical_op(operator) else {
            let right = self.expression(right);
            let value = self.value(
                ValueKind::Binary {
                    op: Name::new(operator),
                    left: before,
                    right,
                },
                span,
            );
            self.put(place, value, span);
            return value;
        };
        self.short_circuit(op, before, span, |lowering| {
            let value = lowering.named(right, Hint::of_target(left));
            lowering.put(place, value, span);
            value
        })
    }

    /// `a++`
    pub(super) fn update(&mut self, node: Node<'t>) -> ValueId {
        let span = node.span();
        let place = node.role(Role::Argument).and_then(|at| self.place(at));
        let Some(place) = place else {
            return self.unknown(node);
        };
        let left = self.held(&place, span);
        let right = self.literal(Literal::Number(1.0), span);
        let operator = node.role(Role::Operator).map_or("+", Node::text);
        let op = Name::new(operator.get(..1).unwrap_or("+"));
        let value = self.value(ValueKind::Binary { op, left, right }, span);
        self.put(place, value, span);
        value
    }

    /// A value, or what stands for it where it is `undefined`.
    pub(super) fn with_default(
        &mut self,
        value: ValueId,
        default: Node<'t>,
        hint: Option<Hint>,
    ) -> (ValueId, ValueId) {
        let span = default.span();
        let (block, path, other) = self.aside(BlockKind::Else, span, |l| l.named(default, hint));
        if let Some(otherwise) = block {
            let then = self.empty_then(span);
            self.step(Step::Branch {
                condition: value,
                then,
                otherwise: Some(otherwise),
            });
        }
        self.meet(&[super::env::Path::default(), path]);
        (self.join(vec![value, other], span), other)
    }
}
