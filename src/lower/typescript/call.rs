//! Calls: plain, `new`, tagged templates and decorators.
//!
//! What belongs here: what makes up a call. What may not enter: the chain that leads to its callee, and JSX.

use super::build::Lowering;
use super::chain::Chain;
use super::kind::{Named, Role, Token};
use super::tree::Node;
use crate::model::{Arg, Call, CallForm, CallId, GapKind, Step, TypeRef, ValueId, ValueKind};
use crate::source::Span;

/// What a call is made of.
pub(super) struct Parts {
    /// What is called.
    pub(super) callee: ValueId,
    /// What the callee is a member of.
    pub(super) receiver: Option<ValueId>,
    /// Arguments.
    pub(super) args: Vec<Arg>,
    /// Type arguments.
    pub(super) type_args: Vec<TypeRef>,
    /// How it is written.
    pub(super) form: CallForm,
    /// On a `?.` chain.
    pub(super) optional: bool,
    /// All of it.
    pub(super) span: Span,
    /// What names it.
    pub(super) name_span: Span,
}

impl<'t> Lowering<'t> {
    /// Makes a call.
    pub(super) fn call(&mut self, parts: Parts) -> (CallId, ValueId) {
        let id = CallId::at(self.module.calls.len());
        let value = self.value(ValueKind::Call(id), parts.span);
        let order = self.next_order();
        self.module.calls.push(Call {
            callee: parts.callee,
            receiver: parts.receiver,
            args: parts.args,
            type_args: parts.type_args,
            form: parts.form,
            optional: parts.optional,
            awaited: false,
            discarded: false,
            block: self.cx.block,
            function: self.cx.function,
            order,
            value,
            span: parts.span,
            name_span: parts.name_span,
        });
        self.step(Step::Call(id));
        (id, value)
    }

    /// The call at a place of a chain.
    pub(super) fn call_link(&mut self, node: Node<'t>, chain: &Chain) -> ValueId {
        let arguments = node.role(Role::Arguments);
        let tag = arguments.filter(|arguments| arguments.is(Named::Template));
        let (args, form) = match tag {
            Some(template) => {
                let value = self.template_parts(template);
                let arg = Arg {
                    value,
                    spread: false,
                    span: template.span(),
                };
                (vec![arg], CallForm::Tag)
            }
            None => (self.arguments(arguments), CallForm::Plain),
        };
        let callee = node.role(Role::Function);
        if callee.is_some_and(|callee| self.is_global(callee, "eval")) {
            self.gap(GapKind::DynamicImport, node.span(), "`eval` of a text");
        }
        let parts = Parts {
            callee: chain.value,
            receiver: chain.receiver,
            args,
            type_args: self.type_arguments(node),
            form,
            optional: chain.optional,
            span: node.span(),
            name_span: name_span(callee.unwrap_or(node)),
        };
        self.call(parts).1
    }

    /// Whether a node is a name that nothing in the file declares.
    pub(super) fn is_global(&self, node: Node<'t>, name: &str) -> bool {
        node.is(Named::Identifier) && node.text() == name && self.names.meaning(node).is_none()
    }

    /// The arguments of a call, in order.
    pub(super) fn arguments(&mut self, arguments: Option<Node<'t>>) -> Vec<Arg> {
        let mut args = Vec::new();
        for node in arguments.into_iter().flat_map(Node::children) {
            let spread = node.is(Named::Spread);
            let inner = if spread { node.first() } else { Some(node) };
            let Some(inner) = inner else { continue };
            let value = self.expression(inner);
            args.push(Arg {
                value,
                spread,
                span: node.span(),
            });
        }
        args
    }

    /// `new F(x)`
    pub(super) fn new_(&mut self, node: Node<'t>) -> ValueId {
        let Some(constructor) = node.role(Role::Constructor) else {
            return self.unknown(node);
        };
        let callee = self.expression(constructor);
        let args = self.arguments(node.role(Role::Arguments));
        if self.is_global(constructor, "Function") {
            self.gap(
                GapKind::DynamicImport,
                node.span(),
                "a function from a text",
            );
        }
        let parts = Parts {
            callee,
            receiver: self.receiver_of(callee, constructor),
            args,
            type_args: self.type_arguments(node),
            form: CallForm::New,
            optional: false,
            span: node.span(),
            name_span: name_span(constructor),
        };
        self.call(parts).1
    }

    /// What a callee that is written as a member is a member of.
    pub(super) fn receiver_of(&self, callee: ValueId, node: Node<'t>) -> Option<ValueId> {
        match self.module.kind(callee) {
            ValueKind::Member { base, .. } if node.bare().is(Named::Member) => Some(*base),
            _ => None,
        }
    }

    /// The decorators among the children of a node.
    pub(super) fn decorators(&mut self, node: Node<'t>) -> Vec<CallId> {
        let decorators: Vec<_> = node
            .children()
            .take_while(|child| !child.is(Named::ClassBody))
            .filter(|child| child.is(Named::Decorator))
            .collect();
        decorators
            .into_iter()
            .filter_map(|decorator| self.decorator(decorator))
            .collect()
    }

    /// `@f(x)`, `@f`
    pub(super) fn decorator(&mut self, node: Node<'t>) -> Option<CallId> {
        let inner = node.first()?.bare();
        let callee_node = match inner.named() {
            Named::Call => inner.role(Role::Function)?,
            _ => inner,
        };
        let callee = self.expression(callee_node);
        let args = self.arguments(inner.role(Role::Arguments));
        let parts = Parts {
            callee,
            receiver: self.receiver_of(callee, callee_node),
            args,
            type_args: self.type_arguments(inner),
            form: CallForm::Decorator,
            optional: false,
            span: node.span(),
            name_span: name_span(callee_node),
        };
        Some(self.call(parts).0)
    }
}

/// The narrowest token that names a callee.
pub(super) fn name_span(callee: Node<'_>) -> Span {
    let mut node = callee;
    loop {
        let inner = match node.named() {
            Named::Member => node.role(Role::Property),
            Named::Subscript => node.role(Role::Index),
            Named::Call => node.role(Role::Function),
            Named::New => node.role(Role::Constructor),
            Named::Parenthesized | Named::NonNull | Named::As | Named::Satisfies => node.first(),
            Named::Arrow => return node.token(Token::Arrow).unwrap_or(node).span(),
            Named::Function => return node.token(Token::Function).unwrap_or(node).span(),
            _ => None,
        };
        match inner {
            Some(inner) => node = inner,
            None => return node.span(),
        }
    }
}
