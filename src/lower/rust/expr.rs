//! Expressions.
//!
//! What belongs here: every kind of expression, with the steps that evaluating it takes. Calls, control flow and macros have
//! rooms of their own. What may not enter: items.

use super::assigned;
use super::names::{NONE, is_constant};
use super::state::Lower;
use super::types::{member_name, name_of};
use crate::model::{
    BlockKind, Comparison, Entry, Literal, LogicalOp, Name, Step, UnaryOp, ValueId, ValueKind,
};
use crate::source::Span;
use syn::{BinOp, Expr, Lit, UnOp};

impl Lower<'_> {
    /// The value of an expression; `()` where it has none.
    pub(super) fn expr(&mut self, expr: &Expr) -> ValueId {
        match self.run(expr, false) {
            Some(value) => value,
            None => {
                let span = self.span_of(expr);
                self.literal(Literal::Undefined, span)
            }
        }
    }

    /// The value of an expression, if it has one. In `tail` position it is also what the function returns.
    pub(super) fn run(&mut self, expr: &Expr, tail: bool) -> Option<ValueId> {
        let value = self.deeper(
            |lower| lower.span_of(expr),
            |lower| match lower.controls(expr, tail) {
                Some(value) => value,
                None => {
                    let value = lower.evaluate(expr);
                    if tail && value.is_some() && lower.env.reachable {
                        lower.returns(value);
                    }
                    value
                }
            },
        );
        value.unwrap_or_else(|| {
            let span = self.span_of(expr);
            Some(self.opaque(Vec::new(), span))
        })
    }

    /// Expressions whose parts can be in tail position, too; the outer option tells whether this is one.
    fn controls(&mut self, expr: &Expr, tail: bool) -> Option<Option<ValueId>> {
        Some(match expr {
            Expr::Paren(e) => self.run(&e.expr, tail),
            Expr::Group(e) => self.run(&e.expr, tail),
            Expr::If(e) => self.if_chain(e, tail),
            Expr::Match(e) => self.match_expr(e, tail),
            Expr::Block(e) => self.block_expr(e.label.as_ref(), &e.block, tail),
            Expr::Unsafe(e) => self.block_expr(None, &e.block, tail),
            Expr::Const(e) => self.block_expr(None, &e.block, tail),
            Expr::TryBlock(e) => self.block_expr(None, &e.block, false),
            Expr::Async(e) => Some(self.async_block(e, tail)),
            Expr::Call(e) => self.pinned(e, tail)?,
            Expr::While(e) => {
                self.while_loop(e);
                None
            }
            Expr::ForLoop(e) => {
                self.for_loop(e);
                None
            }
            Expr::Loop(e) => {
                let value = self.endless_loop(e);
                if tail && value.is_some() && self.env.reachable {
                    self.returns(value);
                }
                value
            }
            _ => return None,
        })
    }

    fn evaluate(&mut self, expr: &Expr) -> Option<ValueId> {
        match expr {
            Expr::Call(e) => return self.call_expr(e),
            Expr::Macro(e) => return self.macro_expr(&e.mac),
            Expr::Return(e) => self.return_expr(e),
            Expr::Break(e) => self.break_expr(e),
            Expr::Continue(e) => self.continue_expr(e),
            Expr::Assign(e) => {
                let span = self.span_of(expr);
                self.assign_expr(&e.left, &e.right, span);
            }
            Expr::Binary(e) if assigned::is_assignment(&e.op) => {
                let span = self.span_of(expr);
                self.compound(e, span);
            }
            _ => return Some(self.valued(expr)),
        }
        None
    }

    fn valued(&mut self, expr: &Expr) -> ValueId {
        match expr {
            Expr::Path(e) => self.path_expr(e),
            Expr::Lit(e) => self.lit(&e.lit),
            Expr::MethodCall(e) => self.method_call(e),
            Expr::Field(e) => {
                let base = self.expr(&e.base);
                let span = self.span_of(expr);
                self.member(base, member_name(&e.member), span)
            }
            Expr::Reference(e) => self.expr(&e.expr),
            Expr::RawAddr(e) => self.expr(&e.expr),
            Expr::Unary(e) => self.unary(e, expr),
            Expr::Binary(e) => self.binary(e, expr),
            Expr::Try(e) => self.try_expr(e),
            Expr::Await(e) => self.await_expr(e),
            Expr::Closure(e) => self.closure(e),
            Expr::Struct(e) => self.struct_literal(e),
            Expr::Let(e) => {
                let value = self.expr(&e.expr);
                self.let_test(&e.pat, value)
            }
            Expr::Index(e) => {
                let base = self.expr(&e.expr);
                let key = self.expr(&e.index);
                let span = self.span_of(expr);
                self.value(ValueKind::Index { base, key }, span)
            }
            Expr::Cast(e) => {
                let value = self.expr(&e.expr);
                let ty = Some(self.ty(&e.ty));
                let span = self.span_of(expr);
                self.value(ValueKind::Cast { value, ty }, span)
            }
            _ => self.collection(expr),
        }
    }

    fn collection(&mut self, expr: &Expr) -> ValueId {
        let span = self.span_of(expr);
        match expr {
            Expr::Tuple(e) if e.elems.is_empty() => self.literal(Literal::Undefined, span),
            Expr::Tuple(e) => {
                let values = e.elems.iter().map(|elem| self.expr(elem)).collect();
                self.list(values, span)
            }
            Expr::Array(e) => {
                let values = e.elems.iter().map(|elem| self.expr(elem)).collect();
                self.list(values, span)
            }
            Expr::Repeat(e) => {
                let value = self.expr(&e.expr);
                self.expr(&e.len);
                self.list(vec![value], span)
            }
            Expr::Range(e) => {
                let ends = [e.start.as_ref(), e.end.as_ref()];
                let values = ends.into_iter().flatten().map(|end| self.expr(end));
                let values = values.collect();
                self.opaque(values, span)
            }
            Expr::Yield(e) => {
                let value = e.expr.as_ref().map(|value| self.expr(value));
                self.opaque(value.into_iter().collect(), span)
            }
            _ => self.opaque(Vec::new(), span),
        }
    }

    fn path_expr(&mut self, path: &syn::ExprPath) -> ValueId {
        if path.qself.is_none()
            && let Some(ident) = path.path.get_ident()
        {
            let name = name_of(ident);
            if let Some(value) = self.env.value(&name) {
                return value;
            }
            if name == "self"
                && let Some(this) = self.frame.this
            {
                return this;
            }
        }
        let span = match &path.qself {
            Some(qself) => self
                .at
                .between(qself.lt_token.span, super::span::path_end(&path.path)),
            None => self.at.path(&path.path),
        };
        let segments = self.segments(path.qself.as_ref(), &path.path);
        if segments == [NONE] {
            return self.literal(Literal::Null, span);
        }
        self.value(ValueKind::Path(segments), span)
    }

    /// A name that stands in a format string or macro field.
    pub(super) fn named(&mut self, name: &Name, span: Span) -> Option<ValueId> {
        if let Some(value) = self.env.value(name) {
            return Some(value);
        }
        if name == "self" {
            return self.frame.this;
        }
        is_constant(name).then(|| self.value(ValueKind::Path(vec![name.clone()]), span))
    }

    pub(super) fn lit(&mut self, lit: &Lit) -> ValueId {
        let span = self.at.token(lit.span());
        let number = |digits: &str, parsed: Option<f64>| {
            parsed.or_else(|| digits.parse().ok()).map(Literal::Number)
        };
        let literal = match lit {
            Lit::Str(s) => Some(Literal::Str(s.value().into())),
            Lit::ByteStr(s) => Some(Literal::Str(String::from_utf8_lossy(&s.value()).into())),
            Lit::CStr(s) => Some(Literal::Str(s.value().to_string_lossy().into())),
            Lit::Byte(b) => Some(Literal::Number(f64::from(b.value()))),
            Lit::Char(c) => Some(Literal::Str(c.value().to_string().into())),
            Lit::Int(n) => number(n.base10_digits(), None),
            Lit::Float(n) => number(n.base10_digits(), n.base10_parse().ok()),
            Lit::Bool(b) => Some(Literal::Bool(b.value)),
            _ => None,
        };
        match literal {
            Some(literal) => self.literal(literal, span),
            None => self.opaque(Vec::new(), span),
        }
    }

    fn unary(&mut self, unary: &syn::ExprUnary, expr: &Expr) -> ValueId {
        let operand = self.expr(&unary.expr);
        let op = match unary.op {
            UnOp::Deref(_) => return operand,
            UnOp::Not(_) => UnaryOp::Not,
            _ => UnaryOp::Number,
        };
        let span = self.span_of(expr);
        if op == UnaryOp::Number
            && let Some(ValueKind::Literal(Literal::Number(n))) = self.kind(operand)
        {
            let negative = Literal::Number(-n);
            return self.literal(negative, span);
        }
        self.value(ValueKind::Unary { op, operand }, span)
    }

    fn binary(&mut self, binary: &syn::ExprBinary, expr: &Expr) -> ValueId {
        let left = self.expr(&binary.left);
        let span = self.span_of(expr);
        let logical = match binary.op {
            BinOp::And(_) => Some(LogicalOp::And),
            BinOp::Or(_) => Some(LogicalOp::Or),
            _ => None,
        };
        if let Some(op) = logical {
            let right_span = self.span_of(&binary.right);
            return self.logical(op, left, span, right_span, |lower| {
                lower.expr(&binary.right)
            });
        }
        let right = self.expr(&binary.right);
        let kind = match comparison(&binary.op) {
            Some(op) => ValueKind::Compare { op, left, right },
            None => ValueKind::Binary {
                op: arithmetic(&binary.op).into(),
                left,
                right,
            },
        };
        self.value(kind, span)
    }

    /// `left && right` or `left || right`: what the right side does is done only if the left side lets it.
    pub(super) fn logical(
        &mut self,
        op: LogicalOp,
        left: ValueId,
        span: Span,
        right_span: Span,
        right: impl FnOnce(&mut Self) -> ValueId,
    ) -> ValueId {
        let mark = self.env.mark();
        let then = op == LogicalOp::And;
        let kind = if then {
            BlockKind::Then
        } else {
            BlockKind::Else
        };
        let (block, right) = self.within(kind, right_span, right);
        let exits = [self.env.leave(mark), self.env.since(self.env.mark())];
        if !self.is_empty(block) {
            let (then, otherwise) = if then {
                (block, None)
            } else {
                let empty = Span::new(right_span.start as usize, right_span.start as usize);
                (self.block(BlockKind::Then, empty), Some(block))
            };
            self.step(Step::Branch {
                condition: left,
                then,
                otherwise,
            });
        }
        self.meet(&exits, span);
        self.value(ValueKind::Logical { op, left, right }, span)
    }

    /// `let pattern = value` as a condition.
    pub(super) fn let_test(&mut self, pat: &syn::Pat, value: ValueId) -> ValueId {
        let test = self.test(pat, value);
        self.bind(pat, value);
        test.unwrap_or_else(|| {
            let span = self.at.pat(pat);
            let pattern = Name::default();
            self.value(ValueKind::Matches { value, pattern }, span)
        })
    }

    fn struct_literal(&mut self, literal: &syn::ExprStruct) -> ValueId {
        let mut entries = Vec::new();
        for field in &literal.fields {
            let value = self.expr(&field.expr);
            let span = match &field.member {
                syn::Member::Named(ident) => self.at.token(ident.span()),
                syn::Member::Unnamed(index) => self.at.token(index.span),
            };
            let key = member_name(&field.member);
            entries.push(Entry::Field { key, value, span });
        }
        if let Some(rest) = &literal.rest {
            let value = self.expr(rest);
            entries.push(Entry::Spread(value));
        }
        let start = super::span::path_start(&literal.path);
        let span = self.at.between(start, literal.brace_token.span.close());
        let value = self.object(entries, span);
        let name_span = self.at.path(&literal.path);
        let ty = Some(self.path_type(literal.qself.as_ref(), &literal.path, name_span));
        self.value(ValueKind::Cast { value, ty }, span)
    }

    /// The result of an expression is thrown away.
    pub(super) fn discard(&mut self, expr: &Expr, value: ValueId) {
        let mut made = expr;
        let mut value = value;
        loop {
            match made {
                Expr::Paren(e) => made = &e.expr,
                Expr::Group(e) => made = &e.expr,
                Expr::Await(e) => {
                    made = &e.base;
                    if let Some(ValueKind::Await(inner)) = self.kind(value) {
                        value = *inner;
                    }
                }
                _ => break,
            }
        }
        let makes_call = matches!(made, Expr::Call(_) | Expr::MethodCall(_) | Expr::Macro(_));
        if makes_call && let Some(call) = self.call_of(value) {
            call.discarded = true;
        }
    }
}

fn comparison(op: &BinOp) -> Option<Comparison> {
    Some(match op {
        BinOp::Eq(_) => Comparison::Eq,
        BinOp::Ne(_) => Comparison::Ne,
        BinOp::Lt(_) => Comparison::Lt,
        BinOp::Le(_) => Comparison::Le,
        BinOp::Gt(_) => Comparison::Gt,
        BinOp::Ge(_) => Comparison::Ge,
        _ => return None,
    })
}

/// An operator as it is written.
pub(super) fn arithmetic(op: &BinOp) -> &'static str {
    match op {
        BinOp::Add(_) => "+",
        BinOp::Sub(_) => "-",
        BinOp::Mul(_) => "*",
        BinOp::Div(_) => "/",
        BinOp::Rem(_) => "%",
        BinOp::BitXor(_) => "^",
        BinOp::BitAnd(_) => "&",
        BinOp::BitOr(_) => "|",
        BinOp::Shl(_) => "<<",
        BinOp::Shr(_) => ">>",
        BinOp::AddAssign(_) => "+=",
        BinOp::SubAssign(_) => "-=",
        BinOp::MulAssign(_) => "*=",
        BinOp::DivAssign(_) => "/=",
        BinOp::RemAssign(_) => "%=",
        BinOp::BitXorAssign(_) => "^=",
        BinOp::BitAndAssign(_) => "&=",
        BinOp::BitOrAssign(_) => "|=",
        BinOp::ShlAssign(_) => "<<=",
        BinOp::ShrAssign(_) => ">>=",
        _ => "",
    }
}
