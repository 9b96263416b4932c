//! Expressions: which form goes where, and the forms that are only containers.
//!
//! What belongs here: the dispatch, object and array literals, casts, sequences. What may not enter: statements.

use super::build::Lowering;
use super::function::Hint;
use super::kind::{Named, Role};
use super::literal::string;
use super::tree::Node;
use crate::model::{Entry, Item, Literal, Name, TypeRef, ValueId, ValueKind};
use crate::source::Span;

/// The key of a property.
pub(super) enum Key {
    /// A name.
    Name(Name, Span),
    /// An expression.
    Computed(ValueId),
}

impl<'t> Lowering<'t> {
    /// The value of an expression.
    pub(super) fn expression(&mut self, node: Node<'t>) -> ValueId {
        self.named(node, None)
    }

    /// The value of an expression that is bound to a name, which a function or class in it takes over.
    pub(super) fn named(&mut self, node: Node<'t>, hint: Option<Hint>) -> ValueId {
        match self.deeper(node, |lowering| lowering.any_expression(node, hint)) {
            Some(value) => value,
            None => self.opaque(Vec::new(), node.span()),
        }
    }

    fn any_expression(&mut self, node: Node<'t>, hint: Option<Hint>) -> ValueId {
        if let Some(value) = self.constant(node) {
            return value;
        }
        match node.named() {
            Named::Identifier | Named::Shorthand => self.read(node),
            Named::Call | Named::Member | Named::Subscript | Named::NonNull => self.chain(node),
            Named::Parenthesized | Named::Instantiation => self.inner(node, hint),
            Named::As | Named::Satisfies => self.cast(node, hint),
            Named::TypeAssertion => self.assertion(node, hint),
            Named::Arrow | Named::Function | Named::Generator => self.function(node, hint),
            Named::Class => self.class(node, hint),
            Named::Object => self.object(node),
            Named::Array => self.array(node),
            Named::Template => self.template(node),
            Named::Binary => self.binary(node),
            Named::Unary => self.unary(node),
            Named::Ternary => self.ternary(node),
            Named::Await => self.await_(node),
            Named::Assignment => self.assignment(node),
            Named::Augmented => self.augmented(node),
            Named::Update => self.update(node),
            Named::New => self.new_(node),
            Named::Sequence => self.sequence(node),
            Named::This => self.this(node.span()),
            Named::Super | Named::Meta | Named::ImportCallee => {
                self.value(ValueKind::Global(Name::new(node.text())), node.span())
            }
            Named::PrivateProperty => {
                self.literal(Literal::Str(Name::new(node.text())), node.span())
            }
            Named::JsxElement | Named::JsxSelfClosing => self.jsx(node),
            Named::JsxExpression => self.inner(node, None),
            Named::Namespace => {
                self.namespace(node);
                self.undefined(node.span())
            }
            _ => self.unknown(node),
        }
    }

    fn inner(&mut self, node: Node<'t>, hint: Option<Hint>) -> ValueId {
        match node.first() {
            Some(inner) => self.named(inner, hint),
            None => self.opaque(Vec::new(), node.span()),
        }
    }

    /// An expression of which nothing is known but what it is made of: `yield x`, text that has errors.
    pub(super) fn unknown(&mut self, node: Node<'t>) -> ValueId {
        let parts = node
            .children()
            .map(|child| self.expression(child))
            .collect();
        self.opaque(parts, node.span())
    }

    /// `x as T`, `x satisfies T`
    fn cast(&mut self, node: Node<'t>, hint: Option<Hint>) -> ValueId {
        let mut parts = node.children();
        let Some(inner) = parts.next() else {
            return self.unknown(node);
        };
        let ty = parts.next();
        let value = self.named(inner, hint);
        let ty = ty.and_then(|ty| self.type_ref(ty));
        self.value(ValueKind::Cast { value, ty }, node.span())
    }

    /// `<T>x`
    fn assertion(&mut self, node: Node<'t>, hint: Option<Hint>) -> ValueId {
        let arguments = node.child(Named::TypeArguments);
        let inner = node
            .children()
            .find(|child| !child.is(Named::TypeArguments));
        let Some(inner) = inner else {
            return self.unknown(node);
        };
        let value = self.named(inner, hint);
        let ty = arguments.and_then(Node::first);
        let ty = ty.and_then(|ty| self.type_ref(ty));
        self.value(ValueKind::Cast { value, ty }, node.span())
    }

    /// A value whose type is annotated.
    pub(super) fn claimed(&mut self, value: ValueId, ty: Option<TypeRef>, span: Span) -> ValueId {
        if ty.is_none() {
            return value;
        }
        self.value(ValueKind::Cast { value, ty }, span)
    }

    /// `a, b`
    fn sequence(&mut self, node: Node<'t>) -> ValueId {
        let mut parts = node.children().peekable();
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                return self.expression(part);
            }
            self.effect(part);
        }
        self.undefined(node.span())
    }

    /// `[a, ...b]`
    fn array(&mut self, node: Node<'t>) -> ValueId {
        let mut items = Vec::new();
        for child in node.children() {
            let spread = child.is(Named::Spread);
            let inner = if spread { child.first() } else { Some(child) };
            if let Some(inner) = inner {
                let value = self.expression(inner);
                items.push(Item { value, spread });
            }
        }
        self.value(ValueKind::List(items), node.span())
    }

    /// `{ a, b: c, ...d }`
    fn object(&mut self, node: Node<'t>) -> ValueId {
        let mut entries = Vec::new();
        for child in node.children() {
            match child.named() {
                Named::Pair => {
                    let parts = (child.role(Role::Key), child.role(Role::Value));
                    if let (Some(key), Some(value)) = parts {
                        let key = self.key(key);
                        let value = self.named(value, Hint::of_key(&key));
                        entries.push(entry(key, value));
                    }
                }
                Named::Shorthand => entries.push(Entry::Field {
                    key: Name::new(child.text()),
                    value: self.read(child),
                    span: child.span(),
                }),
                Named::Method => {
                    if let Some(key) = child.role(Role::Name) {
                        let key = self.key(key);
                        let value = self.function(child, Hint::of_key(&key));
                        entries.push(entry(key, value));
                    }
                }
                Named::Spread => {
                    if let Some(inner) = child.first() {
                        entries.push(Entry::Spread(self.expression(inner)));
                    }
                }
                _ => entries.push(Entry::Spread(self.expression(child))),
            }
        }
        self.value(ValueKind::Object(entries), node.span())
    }

    /// The key of a property, field or method.
    pub(super) fn key(&mut self, node: Node<'t>) -> Key {
        match node.named() {
            Named::String => Key::Name(string(node), node.span()),
            Named::Computed => match node.first() {
                Some(inner) if inner.is(Named::String) => Key::Name(string(inner), inner.span()),
                Some(inner) => Key::Computed(self.expression(inner)),
                None => Key::Name(Name::default(), node.span()),
            },
            _ => Key::Name(Name::new(node.text()), node.span()),
        }
    }
}

/// An entry of an object.
pub(super) fn entry(key: Key, value: ValueId) -> Entry {
    match key {
        Key::Name(key, span) => Entry::Field { key, value, span },
        Key::Computed(key) => Entry::Computed { key, value },
    }
}
