//! Patterns: what they bind or assign is a part of the value.
//!
//! What belongs here: destructuring. What may not enter: where the value comes from.

use super::build::Lowering;
use super::expression::Key;
use super::function::Hint;
use super::kind::{Kind, Named, Role, Token};
use super::tree::Node;
use crate::model::{Literal, Name, ValueId, ValueKind};
use crate::source::Span;

/// Whether a pattern declares its names or assigns to them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Declare,
    Assign,
}

impl<'t> Lowering<'t> {
    /// Gives the names that a pattern declares their values.
    pub(super) fn bind_pattern(&mut self, pattern: Node<'t>, value: ValueId) {
        self.pattern(pattern, value, Way::Declare);
    }

    /// Assigns to what a pattern names.
    pub(super) fn assign_pattern(&mut self, pattern: Node<'t>, value: ValueId) {
        self.pattern(pattern, value, Way::Assign);
    }

    fn pattern(&mut self, node: Node<'t>, value: ValueId, way: Way) {
        self.deeper(node, |lowering| lowering.any_pattern(node, value, way));
    }

    fn any_pattern(&mut self, node: Node<'t>, value: ValueId, way: Way) {
        match node.named() {
            Named::Identifier | Named::ShorthandPattern if way == Way::Declare => {
                self.initialise(node, value);
            }
            Named::ObjectPattern => self.object_pattern(node, value, way),
            Named::ArrayPattern => self.array_pattern(node, value, way),
            Named::AssignmentPattern | Named::ObjectAssignmentPattern => {
                let (Some(left), Some(right)) = (node.role(Role::Left), node.role(Role::Right))
                else {
                    return;
                };
                let (value, _) = self.with_default(value, right, Hint::of_target(left));
                self.pattern(left, value, way);
            }
            Named::RestPattern => {
                if let Some(inner) = node.first() {
                    self.pattern(inner, value, way);
                }
            }
            _ => self.assign_to(node, value, node.span()),
        }
    }

    fn object_pattern(&mut self, node: Node<'t>, base: ValueId, way: Way) {
        let mut taken = Vec::new();
        for child in node.children() {
            match child.named() {
                Named::ShorthandPattern => {
                    taken.push(Name::new(child.text()));
                    let value = self.member(base, child.text(), child.span());
                    self.pattern(child, value, way);
                }
                Named::ObjectAssignmentPattern => {
                    let name = child.role(Role::Left).map_or("", Node::text);
                    taken.push(Name::new(name));
                    let value = self.member(base, name, child.span());
                    self.pattern(child, value, way);
                }
                Named::PairPattern => {
                    let parts = (child.role(Role::Key), child.role(Role::Value));
                    let (Some(key), Some(inner)) = parts else {
                        continue;
                    };
                    let value = match self.key(key) {
                        Key::Name(name, span) => {
                            taken.push(name.clone());
                            self.member(base, &name, span)
                        }
                        Key::Computed(key) => {
                            self.value(ValueKind::Index { base, key }, child.span())
                        }
                    };
                    self.pattern(inner, value, way);
                }
                Named::RestPattern => {
                    let minus = std::mem::take(&mut taken);
                    let value = self.value(ValueKind::Rest { base, minus }, child.span());
                    self.pattern(child, value, way);
                }
                _ => {}
            }
        }
    }

    fn array_pattern(&mut self, node: Node<'t>, base: ValueId, way: Way) {
        let mut position = 0_usize;
        for child in node.all_children() {
            match child.kind() {
                Kind::Token(Token::Comma) => position += 1,
                Kind::Named(Named::RestPattern) => {
                    let minus = Vec::new();
                    let value = self.value(ValueKind::Rest { base, minus }, child.span());
                    self.pattern(child, value, way);
                }
                Kind::Named(_) => {
                    let value = self.element_at(base, position, child.span());
                    self.pattern(child, value, way);
                }
                _ => {}
            }
        }
    }

    /// The element at a position: of `[a, b]` the item itself.
    fn element_at(&mut self, base: ValueId, position: usize, span: Span) -> ValueId {
        if let ValueKind::List(items) = self.module.kind(base)
            && let Some(items) = items.get(..=position)
            && items.iter().all(|item| !item.spread)
            && let Some(item) = items.last()
        {
            return item.value;
        }
        let position = u32::try_from(position).unwrap_or(u32::MAX);
        let key = self.literal(Literal::Number(f64::from(position)), span);
        self.value(ValueKind::Index { base, key }, span)
    }
}
