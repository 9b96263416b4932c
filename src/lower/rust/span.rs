//! Where syntax stands in the file.
//!
//! What belongs here: the first and last token of a node, found by walking down one side. (`Spanned` prints the whole
//! node into tokens, which for every node of a deep tree is quadratic.) What may not enter: what the nodes mean.

use super::state::Lower;
use crate::source::Span;
use proc_macro2::Span as Token;
use syn::spanned::Spanned;
use syn::{Expr, Pat, PathArguments, RangeLimits, ReturnType, Type, TypeParamBound, UnOp};

/// Converts the parser's positions into those of the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places {
    /// Bytes in front of what the parser saw.
    pub(super) base: usize,
}

impl Places {
    pub(super) fn token(self, token: Token) -> Span {
        self.between(token, token)
    }

    pub(super) fn between(self, first: Token, last: Token) -> Span {
        let (start, end) = (first.byte_range().start, last.byte_range().end);
        Span::new(self.base + start, self.base + end)
    }

    pub(super) fn ty(self, ty: &Type) -> Span {
        self.between(type_start(ty), type_end(ty))
    }

    pub(super) fn path(self, path: &syn::Path) -> Span {
        self.between(path_start(path), path_end(path))
    }

    pub(super) fn block(self, block: &syn::Block) -> Span {
        let braces = block.brace_token.span;
        self.between(braces.open(), braces.close())
    }

    pub(super) fn pat(self, pat: &Pat) -> Span {
        self.between(pat_start(pat), pat_end(pat))
    }
}

impl Lower<'_> {
    pub(super) fn span_of(&mut self, expr: &Expr) -> Span {
        self.from(expr, expr_end(expr))
    }

    /// From the start of an expression to a token.
    pub(super) fn from(&mut self, expr: &Expr, end: Token) -> Span {
        let start = self.start(expr);
        let end = self.at.token(end).end.max(start);
        Span { start, end }
    }

    /// Where an expression starts, attributes aside. The links of a chain all start where it does; each remembers it.
    fn start(&mut self, expr: &Expr) -> u32 {
        let mut passed = Vec::new();
        let mut inner = expr;
        let start = loop {
            let Some((own, left)) = link(inner) else {
                break self.at.token(first_token(inner)).start;
            };
            let own = self.at.token(own).start;
            if let Some(known) = self.starts.get(&own) {
                break *known;
            }
            passed.push(own);
            inner = left;
        };
        self.starts
            .extend(passed.into_iter().map(|own| (own, start)));
        start
    }
}

/// For an expression that starts with another one: a token that is its alone, and the other one.
fn link(expr: &Expr) -> Option<(Token, &Expr)> {
    Some(match expr {
        Expr::Assign(e) => (e.eq_token.span, &e.left),
        Expr::Await(e) => (e.await_token.span, &e.base),
        Expr::Binary(e) => (e.op.span(), &e.left),
        Expr::Call(e) => (e.paren_token.span.open(), &e.func),
        Expr::Cast(e) => (e.as_token.span, &e.expr),
        Expr::Field(e) => (e.dot_token.span, &e.base),
        Expr::Index(e) => (e.bracket_token.span.open(), &e.expr),
        Expr::MethodCall(e) => (e.dot_token.span, &e.receiver),
        Expr::Try(e) => (e.question_token.span, &e.expr),
        Expr::Range(e) => (limits(&e.limits), e.start.as_ref()?),
        Expr::Group(e) => return link(&e.expr),
        _ => return None,
    })
}

/// First token of an expression that starts with a token of its own.
pub(super) fn first_token(expr: &Expr) -> Token {
    match expr {
        Expr::Array(e) => e.bracket_token.span.open(),
        Expr::Async(e) => e.async_token.span,
        Expr::Block(e) => e
            .label
            .as_ref()
            .map_or(e.block.brace_token.span.open(), |l| l.name.span()),
        Expr::Break(e) => e.break_token.span,
        Expr::Closure(e) => closure_start(e),
        Expr::Const(e) => e.const_token.span,
        Expr::Continue(e) => e.continue_token.span,
        Expr::ForLoop(e) => e.for_token.span,
        Expr::If(e) => e.if_token.span,
        Expr::Infer(e) => e.underscore_token.span,
        Expr::Let(e) => e.let_token.span,
        Expr::Lit(e) => e.lit.span(),
        Expr::Loop(e) => e.loop_token.span,
        Expr::Macro(e) => path_start(&e.mac.path),
        Expr::Match(e) => e.match_token.span,
        Expr::Paren(e) => e.paren_token.span.open(),
        Expr::Path(e) => e
            .qself
            .as_ref()
            .map_or_else(|| path_start(&e.path), |qself| qself.lt_token.span),
        Expr::RawAddr(e) => e.and_token.span,
        Expr::Reference(e) => e.and_token.span,
        Expr::Repeat(e) => e.bracket_token.span.open(),
        Expr::Return(e) => e.return_token.span,
        Expr::Struct(e) => path_start(&e.path),
        Expr::TryBlock(e) => e.try_token.span,
        Expr::Tuple(e) => e.paren_token.span.open(),
        Expr::Unary(e) => operator(&e.op),
        Expr::Unsafe(e) => e.unsafe_token.span,
        Expr::While(e) => e.while_token.span,
        Expr::Yield(e) => e.yield_token.span,
        Expr::Range(e) => limits(&e.limits),
        Expr::Group(e) => first_token(&e.expr),
        other => other.span(),
    }
}

/// Last token of an expression.
pub(super) fn expr_end(mut expr: &Expr) -> Token {
    loop {
        expr = match expr {
            Expr::Assign(e) => &e.right,
            Expr::Binary(e) => &e.right,
            Expr::Closure(e) => &e.body,
            Expr::Group(e) => &e.expr,
            Expr::Let(e) => &e.expr,
            Expr::RawAddr(e) => &e.expr,
            Expr::Reference(e) => &e.expr,
            Expr::Unary(e) => &e.expr,
            Expr::Break(e) => match &e.expr {
                Some(value) => value,
                None => return e.label.as_ref().map_or(e.break_token.span, |l| l.span()),
            },
            Expr::Return(e) => match &e.expr {
                Some(value) => value,
                None => return e.return_token.span,
            },
            Expr::Yield(e) => match &e.expr {
                Some(value) => value,
                None => return e.yield_token.span,
            },
            Expr::Range(e) => match &e.end {
                Some(end) => end,
                None => return limits(&e.limits),
            },
            Expr::If(e) => return if_end(e),
            other => return last_token(other),
        }
    }
}

/// Last token of an `if` with all that follows on it.
pub(super) fn if_end(mut link: &syn::ExprIf) -> Token {
    loop {
        match link.else_branch.as_ref().map(|(_, otherwise)| &**otherwise) {
            Some(Expr::If(next)) => link = next,
            Some(otherwise) => return last_token(otherwise),
            None => return link.then_branch.brace_token.span.close(),
        }
    }
}

/// Last token of an expression that ends with a token of its own.
fn last_token(expr: &Expr) -> Token {
    match expr {
        Expr::Array(e) => e.bracket_token.span.close(),
        Expr::Async(e) => e.block.brace_token.span.close(),
        Expr::Await(e) => e.await_token.span,
        Expr::Block(e) => e.block.brace_token.span.close(),
        Expr::Call(e) => e.paren_token.span.close(),
        Expr::Cast(e) => type_end(&e.ty),
        Expr::Const(e) => e.block.brace_token.span.close(),
        Expr::Continue(e) => e.label.as_ref().map_or(e.continue_token.span, |l| l.span()),
        Expr::Field(e) => e.member.span(),
        Expr::ForLoop(e) => e.body.brace_token.span.close(),
        Expr::Index(e) => e.bracket_token.span.close(),
        Expr::Loop(e) => e.body.brace_token.span.close(),
        Expr::Macro(e) => e.mac.delimiter.span().close(),
        Expr::Match(e) => e.brace_token.span.close(),
        Expr::MethodCall(e) => e.paren_token.span.close(),
        Expr::Paren(e) => e.paren_token.span.close(),
        Expr::Path(e) => path_end(&e.path),
        Expr::Repeat(e) => e.bracket_token.span.close(),
        Expr::Struct(e) => e.brace_token.span.close(),
        Expr::Try(e) => e.question_token.span,
        Expr::TryBlock(e) => e.block.brace_token.span.close(),
        Expr::Tuple(e) => e.paren_token.span.close(),
        Expr::Unsafe(e) => e.block.brace_token.span.close(),
        Expr::While(e) => e.body.brace_token.span.close(),
        other => first_token(other),
    }
}

fn closure_start(closure: &syn::ExprClosure) -> Token {
    let constness = closure.constness.map(|token| token.span);
    let asyncness = closure.asyncness.map(|token| token.span);
    let capture = closure.capture.map(|token| token.span);
    constness
        .or(asyncness)
        .or(capture)
        .unwrap_or(closure.inputs_begin.span)
}

fn limits(limits: &RangeLimits) -> Token {
    match limits {
        RangeLimits::HalfOpen(token) => token.spans.first().copied(),
        RangeLimits::Closed(token) => token.spans.first().copied(),
    }
    .unwrap_or_else(Token::call_site)
}

fn operator(op: &UnOp) -> Token {
    match op {
        UnOp::Deref(token) => token.span,
        UnOp::Not(token) => token.span,
        UnOp::Neg(token) => token.span,
        other => other.span(),
    }
}

/// First token of a path.
pub(super) fn path_start(path: &syn::Path) -> Token {
    match (&path.leading_colon, path.segments.first()) {
        (Some(colons), _) => colons.spans.first().copied(),
        (None, first) => first.map(|segment| segment.ident.span()),
    }
    .unwrap_or_else(Token::call_site)
}

/// Last token of a path, type arguments included.
pub(super) fn path_end(path: &syn::Path) -> Token {
    let Some(last) = path.segments.last() else {
        return Token::call_site();
    };
    match &last.arguments {
        PathArguments::None => last.ident.span(),
        PathArguments::AngleBracketed(args) => args.gt_token.span,
        PathArguments::Parenthesized(args) => match &args.output {
            ReturnType::Default => args.paren_token.span.close(),
            ReturnType::Type(_, ty) => type_end(ty),
        },
    }
}

fn type_start(ty: &Type) -> Token {
    match ty {
        Type::Array(t) => t.bracket_token.span.open(),
        Type::FnPtr(t) => t.fn_token.span,
        Type::Group(t) => type_start(&t.elem),
        Type::ImplTrait(t) => t.impl_token.span,
        Type::Infer(t) => t.underscore_token.span,
        Type::Macro(t) => path_start(&t.mac.path),
        Type::Never(t) => t.bang_token.span,
        Type::Paren(t) => t.paren_token.span.open(),
        Type::Path(t) => t
            .qself
            .as_ref()
            .map_or_else(|| path_start(&t.path), |qself| qself.lt_token.span),
        Type::Ptr(t) => t.star_token.span,
        Type::Reference(t) => t.and_token.span,
        Type::Slice(t) => t.bracket_token.span.open(),
        Type::TraitObject(t) => match (&t.dyn_token, t.bounds.first()) {
            (Some(token), _) => token.span,
            (None, Some(TypeParamBound::Trait(bound))) => path_start(&bound.path),
            _ => Token::call_site(),
        },
        Type::Tuple(t) => t.paren_token.span.open(),
        other => other.span(),
    }
}

fn type_end(mut ty: &Type) -> Token {
    loop {
        ty = match ty {
            Type::Group(t) => &t.elem,
            Type::Ptr(t) => &t.elem,
            Type::Reference(t) => &t.elem,
            Type::FnPtr(t) => match &t.output {
                ReturnType::Type(_, output) => output,
                ReturnType::Default => return t.paren_token.span.close(),
            },
            Type::Array(t) => return t.bracket_token.span.close(),
            Type::ImplTrait(t) => return bounds_end(t.bounds.last(), t.impl_token.span),
            Type::Macro(t) => return t.mac.delimiter.span().close(),
            Type::Paren(t) => return t.paren_token.span.close(),
            Type::Path(t) => return path_end(&t.path),
            Type::Slice(t) => return t.bracket_token.span.close(),
            Type::TraitObject(t) => return bounds_end(t.bounds.last(), type_start(ty)),
            Type::Tuple(t) => return t.paren_token.span.close(),
            other => return type_start(other),
        }
    }
}

fn bounds_end(last: Option<&TypeParamBound>, otherwise: Token) -> Token {
    match last {
        Some(TypeParamBound::Trait(bound)) => path_end(&bound.path),
        Some(TypeParamBound::Lifetime(lifetime)) => lifetime.span(),
        _ => otherwise,
    }
}

/// First token of a pattern.
pub(super) fn pat_start(mut pat: &Pat) -> Token {
    loop {
        pat = match pat {
            Pat::Guard(p) => &p.pat,
            Pat::Or(p) => match p.cases.first() {
                Some(first) => first,
                None => return Token::call_site(),
            },
            Pat::Type(p) => &p.pat,
            Pat::Ident(p) => return p.ident.span(),
            Pat::Lit(p) => return p.lit.span(),
            Pat::Macro(p) => return path_start(&p.mac.path),
            Pat::Paren(p) => return p.paren_token.span.open(),
            Pat::Path(p) => return path_start(&p.path),
            Pat::Reference(p) => return p.and_token.span,
            Pat::Rest(p) => {
                return p
                    .dot2_token
                    .spans
                    .first()
                    .copied()
                    .unwrap_or_else(Token::call_site);
            }
            Pat::Slice(p) => return p.bracket_token.span.open(),
            Pat::Struct(p) => return path_start(&p.path),
            Pat::Tuple(p) => return p.paren_token.span.open(),
            Pat::TupleStruct(p) => return path_start(&p.path),
            Pat::Wild(p) => return p.underscore_token.span,
            other => return other.span(),
        }
    }
}

/// Last token of a pattern.
pub(super) fn pat_end(mut pat: &Pat) -> Token {
    loop {
        pat = match pat {
            Pat::Guard(p) => &p.pat,
            Pat::Or(p) => match p.cases.last() {
                Some(last) => last,
                None => return Token::call_site(),
            },
            Pat::Reference(p) => &p.pat,
            Pat::Type(p) => return type_end(&p.ty),
            Pat::Ident(p) => match &p.subpat {
                Some((_, inner)) => inner,
                None => return p.ident.span(),
            },
            Pat::Macro(p) => return p.mac.delimiter.span().close(),
            Pat::Paren(p) => return p.paren_token.span.close(),
            Pat::Path(p) => return path_end(&p.path),
            Pat::Slice(p) => return p.bracket_token.span.close(),
            Pat::Struct(p) => return p.brace_token.span.close(),
            Pat::Tuple(p) => return p.paren_token.span.close(),
            Pat::TupleStruct(p) => return p.paren_token.span.close(),
            other => return pat_start(other),
        }
    }
}
