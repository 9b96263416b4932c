//! Chains of members, indices and calls: `a.b(c)[d]?.e()`.
//!
//! What belongs here: walking such a chain from its base outwards. A chain nests to the left, as deep as it is
//! long, so it is walked in a loop. What may not enter: what makes up a call.

use super::build::Lowering;
use super::kind::{Named, Role, Token};
use super::tree::Node;
use crate::model::{Name, ValueId, ValueKind};

/// How many links a chain of members, operators or `else if` may have.
pub(super) const LONGEST_CHAIN: usize = 5_000;

/// How far a chain is evaluated.
pub(super) struct Chain {
    /// What it is so far.
    pub(super) value: ValueId,
    /// What the last member was taken from.
    pub(super) receiver: Option<ValueId>,
    /// `?.` was met.
    pub(super) optional: bool,
}

impl<'t> Lowering<'t> {
    /// A member, index, call or `x!`, with all that is to its left.
    pub(super) fn chain(&mut self, node: Node<'t>) -> ValueId {
        let mut links = Vec::new();
        let mut at = node;
        let base = loop {
            let inner = match at.named() {
                Named::Call => match self.module_request(at) {
                    Some(value) => break value,
                    None => at.role(Role::Function),
                },
                Named::Member | Named::Subscript => at.role(Role::Object),
                Named::NonNull => at.first(),
                _ => break self.chain_base(at),
            };
            let Some(inner) = inner else {
                break self.unknown(at);
            };
            links.push(at);
            if links.len() > LONGEST_CHAIN {
                self.too_deep(node.span());
                return self.opaque(Vec::new(), node.span());
            }
            at = inner;
        };
        let mut chain = Chain {
            value: base,
            receiver: None,
            optional: false,
        };
        while let Some(link) = links.pop() {
            let called = links.last().is_some_and(|next| next.is(Named::Call));
            self.link(link, called, &mut chain);
        }
        chain.value
    }

    fn chain_base(&mut self, node: Node<'t>) -> ValueId {
        if node.is(Named::Super) {
            return match self.cx.parent_class {
                Some(parent) => parent,
                None => self.value(ValueKind::Global(Name::new("super")), node.span()),
            };
        }
        self.expression(node)
    }

    fn link(&mut self, node: Node<'t>, called: bool, chain: &mut Chain) {
        let base = chain.value;
        let optional = node.child(Named::OptionalChain).is_some();
        let optional = optional || node.has(Token::Optional);
        chain.optional |= optional;
        let kind = match node.named() {
            Named::Call => {
                chain.value = self.call_link(node, chain);
                chain.receiver = None;
                return;
            }
            // `a.b!()` is a call of `a.b`.
            Named::NonNull if called => return,
            Named::NonNull => ValueKind::Cast {
                value: base,
                ty: None,
            },
            Named::Member => ValueKind::Member {
                base,
                name: Name::new(node.role(Role::Property).map_or("", Node::text)),
                optional,
            },
            _ => {
                let Some(index) = node.role(Role::Index) else {
                    return;
                };
                let key = self.expression(index);
                ValueKind::Index { base, key }
            }
        };
        chain.receiver = Some(base);
        chain.value = self.value(kind, node.span());
        self.note_read_of_export(node, chain.value);
    }
}
