//! JSX.
//!
//! What belongs here: elements and their attributes. What may not enter: other expressions.

use super::build::Lowering;
use super::call::{Parts, name_span};
use super::expression::Key;
use super::function::Hint;
use super::kind::{Named, Role};
use super::tree::Node;
use crate::model::{Arg, CallForm, Entry, Item, Literal, Name, ValueId, ValueKind};

impl<'t> Lowering<'t> {
    /// `<F a={b}>c</F>`: a call of a component; an element of the page is only what it is made of.
    pub(super) fn jsx(&mut self, node: Node<'t>) -> ValueId {
        let tag = node.role(Role::OpenTag).unwrap_or(node);
        let name = tag.role(Role::Name);
        let component = name.filter(|name| is_component(*name));
        let callee = component.map(|name| self.expression(name));
        let mut entries = Vec::new();
        for attribute in tag.all_roles(Role::Attribute) {
            let entry = self.attribute(attribute);
            entries.extend(entry);
        }
        let children = self.jsx_children(node);
        let span = node.span();
        let (Some(callee), Some(name)) = (callee, component) else {
            let mut parts = Vec::new();
            if !entries.is_empty() {
                parts.push(self.value(ValueKind::Object(entries), tag.span()));
            }
            parts.extend(children);
            return self.opaque(parts, span);
        };
        if let Some(value) = self.children_value(children, node) {
            entries.push(Entry::Field {
                key: Name::new("children"),
                value,
                span: tag.span(),
            });
        }
        let value = self.value(ValueKind::Object(entries), tag.span());
        let parts = Parts {
            callee,
            receiver: self.receiver_of(callee, name),
            args: vec![Arg {
                value,
                spread: false,
                span: tag.span(),
            }],
            type_args: self.type_arguments(tag),
            form: CallForm::Jsx,
            optional: false,
            span,
            name_span: name_span(name),
        };
        self.call(parts).1
    }

    fn attribute(&mut self, node: Node<'t>) -> Option<Entry> {
        if node.is(Named::JsxExpression) {
            let inner = node.first()?;
            let inner = if inner.is(Named::Spread) {
                inner.first()?
            } else {
                inner
            };
            return Some(Entry::Spread(self.expression(inner)));
        }
        let mut parts = node.children();
        let name = parts.next()?;
        let key = Name::new(name.text());
        let value = match parts.next() {
            Some(value) if value.is(Named::JsxExpression) => {
                let hint = Hint::of_key(&Key::Name(key.clone(), name.span()));
                self.named(value.first()?, hint)
            }
            Some(value) => self.expression(value),
            None => self.literal(Literal::Bool(true), name.span()),
        };
        Some(Entry::Field {
            key,
            value,
            span: name.span(),
        })
    }

    fn jsx_children(&mut self, node: Node<'t>) -> Vec<ValueId> {
        if !node.is(Named::JsxElement) {
            return Vec::new();
        }
        let mut values = Vec::new();
        for child in node.children() {
            match child.named() {
                Named::JsxElement | Named::JsxSelfClosing => values.push(self.expression(child)),
                Named::JsxExpression => {
                    if let Some(inner) = child.first() {
                        values.push(self.expression(inner));
                    }
                }
                _ => {}
            }
        }
        values
    }

    fn children_value(&mut self, children: Vec<ValueId>, node: Node<'t>) -> Option<ValueId> {
        match children.as_slice() {
            [] => None,
            [one] => Some(*one),
            _ => {
                let item = |value| Item {
                    value,
                    spread: false,
                };
                let items = children.into_iter().map(item).collect();
                Some(self.value(ValueKind::List(items), node.span()))
            }
        }
    }
}

fn is_component(name: Node<'_>) -> bool {
    match name.named() {
        Named::Member => true,
        Named::Identifier => name
            .text()
            .starts_with(|c: char| c.is_uppercase() || c == '_' || c == '$'),
        _ => false,
    }
}
