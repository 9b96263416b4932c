//! Calls, method calls, awaits and closures.
//!
//! What belongs here: what is called with what. What may not enter: what any callee does, except that pinning a future
//! is no step and leaving the process is a leave.

use super::emit::{NewCall, NewFunction};
use super::names;
use super::state::Lower;
use super::types::name_of;
use crate::model::{Arg, CallForm, FunctionKind, Leave, Name, Param, TypeRef, ValueId, ValueKind};
use syn::punctuated::Punctuated;
use syn::{Expr, Pat, ReturnType, Token};

impl Lower<'_> {
    /// `Box::pin(async { .. })` is the block itself.
    pub(super) fn pinned(&mut self, e: &syn::ExprCall, tail: bool) -> Option<Option<ValueId>> {
        let (Expr::Path(path), Some(Expr::Async(block)), 1) =
            (&*e.func, e.args.first(), e.args.len())
        else {
            return None;
        };
        let segments = self.segments(path.qself.as_ref(), &path.path);
        names::pins(&segments).then(|| Some(self.async_block(block, tail)))
    }

    pub(super) fn call_expr(&mut self, e: &syn::ExprCall) -> Option<ValueId> {
        let callee = self.expr(&e.func);
        let (type_args, name_span) = match &*e.func {
            Expr::Path(path) => {
                let last = path.path.segments.last();
                let ident = last.map(|segment| self.at.token(segment.ident.span()));
                (self.path_args(&path.path), ident)
            }
            _ => (Vec::new(), None),
        };
        let args = self.args(&e.args);
        let exits = match self.kind(callee) {
            Some(ValueKind::Path(path)) => names::exits(path),
            _ => false,
        };
        let span = self.from(&e.func, e.paren_token.span.close());
        let name_span = match name_span {
            Some(span) => span,
            None => self.span_of(&e.func),
        };
        let value = self.call(NewCall {
            callee,
            receiver: None,
            args,
            type_args,
            form: CallForm::Plain,
            span,
            name_span,
        });
        if exits {
            self.leaves(Leave::Throw(None));
        }
        Some(value)
    }

    pub(super) fn method_call(&mut self, e: &syn::ExprMethodCall) -> ValueId {
        let receiver = self.expr(&e.receiver);
        let name_span = self.at.token(e.method.span());
        let member_span = self.from(&e.receiver, e.method.span());
        let callee = ValueKind::Member {
            base: receiver,
            name: name_of(&e.method),
            optional: false,
        };
        let callee = self.value(callee, member_span);
        let turbofish = e.turbofish.as_ref();
        let type_args = turbofish.map(|given| self.generic_args(given));
        let args = self.args(&e.args);
        let span = self.from(&e.receiver, e.paren_token.span.close());
        self.call(NewCall {
            callee,
            receiver: Some(receiver),
            args,
            type_args: type_args.unwrap_or_default(),
            form: CallForm::Plain,
            span,
            name_span,
        })
    }

    fn args(&mut self, args: &Punctuated<Expr, Token![,]>) -> Vec<Arg> {
        args.iter().map(|arg| self.arg(arg)).collect()
    }

    /// An argument at the place where it is passed.
    pub(super) fn arg(&mut self, arg: &Expr) -> Arg {
        Arg {
            value: self.expr(arg),
            spread: false,
            span: self.span_of(arg),
        }
    }

    pub(super) fn await_expr(&mut self, e: &syn::ExprAwait) -> ValueId {
        let value = self.expr(&e.base);
        let mut base = &*e.base;
        while let Expr::Paren(inner) = base {
            base = &inner.expr;
        }
        match base {
            // The block's value is what it yields.
            Expr::Async(_) => return value,
            Expr::Call(_) | Expr::MethodCall(_) | Expr::Macro(_) => {
                if let Some(call) = self.call_of(value) {
                    call.awaited = true;
                }
            }
            _ => {}
        }
        let span = self.from(&e.base, e.await_token.span);
        self.value(ValueKind::Await(value), span)
    }

    pub(super) fn closure(&mut self, e: &syn::ExprClosure) -> ValueId {
        let begin = e.inputs_begin.span;
        let bars = self.at.between(begin, e.inputs_end.span);
        let one_line = !bars.text(self.text).contains('\n');
        let whole = self.at.between(begin, super::span::expr_end(&e.body));
        let body = self.span_of(&e.body);
        let id = self.function(NewFunction {
            name: None,
            kind: FunctionKind::Closure,
            owner: None,
            is_async: e.asyncness.is_some(),
            head: if one_line { bars } else { self.at.token(begin) },
            span: whole,
            body,
        });
        let return_type = match &e.output {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => Some(self.ty(ty)),
        };
        if let Some(function) = self.function_mut(id) {
            function.return_type = return_type;
        }
        let local = std::mem::replace(&mut self.local, true);
        self.inside(id, |lower| {
            for (index, input) in e.inputs.iter().enumerate() {
                let (pat, ty) = match input {
                    Pat::Type(typed) => (&*typed.pat, Some(lower.ty(&typed.ty))),
                    pat => (pat, None),
                };
                lower.param(id, index, pat, ty, Vec::new());
            }
            lower.branch_body(&e.body, true);
        });
        self.local = local;
        let function = self.function_mut(id).map(|function| function.value);
        function.unwrap_or_else(|| self.opaque(Vec::new(), whole))
    }

    /// Adds a parameter to a function and binds its pattern.
    pub(super) fn param(
        &mut self,
        function: crate::model::FunctionId,
        index: usize,
        pat: &Pat,
        ty: Option<TypeRef>,
        decorators: Vec<crate::model::CallId>,
    ) {
        let span = self.at.pat(pat);
        let position = u32::try_from(index).unwrap_or(u32::MAX);
        let kind = ValueKind::Param {
            function,
            index: position,
        };
        let value = self.value(kind, span);
        let name: Option<Name> = match pat {
            Pat::Ident(ident) => Some(name_of(&ident.ident)),
            _ => None,
        };
        if let Some(function) = self.function_mut(function) {
            function.params.push(Param {
                name,
                value,
                ty,
                rest: false,
                default: None,
                property: false,
                decorators,
                span,
            });
        }
        self.bind(pat, value);
    }
}
