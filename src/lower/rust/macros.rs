//! Macro calls.
//!
//! What belongs here: what a macro is given, as far as its tokens have a known shape, and the few macros of the language that
//! change control flow. What may not enter: what macros of frameworks mean.

use super::assigned;
use super::emit::NewCall;
use super::format::{Piece, pieces};
use super::grammar::{self, Json, MacroArg, SelectArm, Shape};
use super::names::{self, Control};
use super::pattern::last_name;
use super::span::path_start;
use super::state::Lower;
use crate::model::{
    Arg, BlockKind, CallForm, Entry, GapKind, Leave, Literal, LogicalOp, Name, Step, ValueId,
    ValueKind,
};
use crate::source::Span;
use syn::parse::Parser;
use syn::{Expr, Lit};

/// Macros inside each other; each level reads its tokens again.
const MAX_MACROS: u32 = 12;

impl Lower<'_> {
    /// A macro in an expression or statement.
    pub(super) fn macro_expr(&mut self, mac: &syn::Macro) -> Option<ValueId> {
        let span = self
            .at
            .between(path_start(&mac.path), mac.delimiter.span().close());
        if last_name(&mac.path) == "macro_rules" {
            self.gap(GapKind::Macro, span, "a macro is defined");
            return None;
        }
        if self.macros >= MAX_MACROS {
            self.gap(GapKind::TooDeep, span, "macros nested too deeply");
            return Some(self.opaque(Vec::new(), span));
        }
        self.macros += 1;
        let value = self.macro_value(mac, span);
        self.macros -= 1;
        value
    }

    fn macro_value(&mut self, mac: &syn::Macro, span: Span) -> Option<ValueId> {
        let name = last_name(&mac.path);
        if name == "vec" {
            if let Ok((value, count)) = grammar::repeat.parse2(mac.tokens.clone()) {
                let value = self.expr(&value);
                self.expr(&count);
                return Some(self.list(vec![value], span));
            }
            if let Shape::Args(args) = grammar::shape(mac) {
                let args = self.macro_args(args);
                let values = args.into_iter().map(|arg| arg.value).collect();
                return Some(self.list(values, span));
            }
        }
        if name == "matches"
            && let Ok((value, pat, guard)) = grammar::matches.parse2(mac.tokens.clone())
        {
            return Some(self.matches_macro(&value, &pat, guard.as_ref(), span));
        }
        self.any_macro(mac, span, &name)
    }

    fn matches_macro(
        &mut self,
        value: &Expr,
        pat: &syn::Pat,
        guard: Option<&Expr>,
        span: Span,
    ) -> ValueId {
        let value = self.expr(value);
        self.env.enter();
        let mut test = self.let_test(pat, value);
        if let Some(guard) = guard {
            let guard_span = self.span_of(guard);
            test = self.logical(LogicalOp::And, test, span, guard_span, |lower| {
                lower.expr(guard)
            });
        }
        self.env.exit();
        test
    }

    fn any_macro(&mut self, mac: &syn::Macro, span: Span, name: &Name) -> Option<ValueId> {
        let args = match grammar::shape(mac) {
            Shape::Args(args) => self.macro_args(args),
            Shape::Json(values) => values
                .into_iter()
                .map(|value| self.json_arg(value))
                .collect(),
            Shape::Select(arms) => return self.select_macro(arms, span),
            Shape::Statements(statements) => {
                let (block, _) = self.within(BlockKind::Scope, span, |lower| {
                    lower.statements(&statements, false)
                });
                self.step(Step::Scope(block));
                Vec::new()
            }
            Shape::Unknown => {
                self.gap(GapKind::Macro, span, format!("{name}! is not understood"));
                Vec::new()
            }
        };
        let condition = args.first().map(|arg| arg.value);
        let value = self.macro_call(mac, args, span);
        match names::control(name) {
            Some(Control::Panics) => {
                self.leaves(Leave::Throw(Some(value)));
                return None;
            }
            Some(Control::Returns) => {
                self.returns(Some(value));
                self.leaves(Leave::Return(Some(value)));
                return None;
            }
            Some(control) => self.check(control, condition?, value, span),
            None => {}
        }
        Some(value)
    }

    fn check(&mut self, control: Control, condition: ValueId, call: ValueId, span: Span) {
        self.leave_unless(condition, span, |lower| {
            if control == Control::ReturnsUnless {
                lower.returns(Some(call));
                lower.leaves(Leave::Return(Some(call)));
            } else {
                lower.leaves(Leave::Throw(Some(call)));
            }
        });
    }

    fn macro_call(&mut self, mac: &syn::Macro, args: Vec<Arg>, span: Span) -> ValueId {
        let path_span = self.at.path(&mac.path);
        let segments = self.segments(None, &mac.path);
        let callee = self.value(ValueKind::Path(segments), path_span);
        let last = mac.path.segments.last();
        let name_span = last.map(|segment| self.at.token(segment.ident.span()));
        self.call(NewCall {
            callee,
            receiver: None,
            args,
            type_args: Vec::new(),
            form: CallForm::Macro,
            span,
            name_span: name_span.unwrap_or(path_span),
        })
    }

    /// The arguments of a macro: what is positional in order, then one object with all fields.
    fn macro_args(&mut self, args: Vec<MacroArg>) -> Vec<Arg> {
        let mut plain = Vec::new();
        let mut entries = Vec::new();
        let mut around: Option<Span> = None;
        let mut format = None;
        for arg in args {
            let (entry, start, value_span) = match arg {
                MacroArg::Plain(expr) => {
                    if format.is_none() && is_text(&expr) {
                        format = Some(plain.len());
                    }
                    plain.push(self.hidden(&expr));
                    continue;
                }
                MacroArg::Field { key, span, value } => {
                    let span = self.at.token(span);
                    let arg = self.hidden(&value);
                    let value = arg.value;
                    (Entry::Field { key, value, span }, span.start, arg.span)
                }
                MacroArg::Pair(key, value) => {
                    let start = self.span_of(&key).start;
                    let (entry, span) = self.pair(&key, |lower| lower.hidden(&value));
                    (entry, start, span)
                }
            };
            entries.push(entry);
            let start = around.map_or(start, |around| around.start);
            around = Some(Span {
                start,
                end: value_span.end.max(start),
            });
        }
        if let Some(at) = format {
            self.interpolate(&mut plain, at, &entries);
        }
        if let Some(span) = around {
            let value = self.object(entries, span);
            plain.push(plain_arg(value, span));
        }
        plain
    }

    /// An entry with a constant or computed key.
    fn pair(&mut self, key: &Expr, value: impl FnOnce(&mut Self) -> Arg) -> (Entry, Span) {
        let constant = match key {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Some(Name::from(text.value())),
                _ => None,
            },
            _ => None,
        };
        if let Some(key_name) = constant {
            let arg = value(self);
            let (key, value, span) = (key_name, arg.value, self.span_of(key));
            return (Entry::Field { key, value, span }, arg.span);
        }
        let key = self.hidden(key).value;
        let arg = value(self);
        let value = arg.value;
        (Entry::Computed { key, value }, arg.span)
    }

    /// An expression among a macro's tokens; its loops have not been seen before.
    fn hidden(&mut self, expr: &Expr) -> Arg {
        if !matches!(expr, Expr::Lit(_) | Expr::Path(_)) {
            let found = assigned::in_expr(expr, self.at);
            self.assigned.loops.extend(found.loops);
            self.assigned.captured.extend(found.captured);
        }
        self.arg(expr)
    }

    /// Puts what a format string names into it.
    fn interpolate(&mut self, args: &mut [Arg], at: usize, fields: &[Entry]) {
        let Some(format) = args.get(at).copied() else {
            return;
        };
        let Some(ValueKind::Literal(Literal::Str(text))) = self.kind(format.value) else {
            return;
        };
        let Some(pieces) = pieces(text) else { return };
        let rest = args.get(at + 1..).unwrap_or_default();
        let mut parts = Vec::new();
        let mut next = 0;
        for piece in pieces {
            let part = match piece {
                Piece::Text(text) => Some(self.literal(Literal::Str(text.into()), format.span)),
                Piece::Next => {
                    next += 1;
                    rest.get(next - 1).map(|arg| arg.value)
                }
                Piece::Index(index) => rest.get(index).map(|arg| arg.value),
                Piece::Name(name) => {
                    let name = Name::from(name);
                    field(fields, &name).or_else(|| self.named(&name, format.span))
                }
            };
            // A placeholder that stands for nothing: braces in a text of another kind.
            let Some(part) = part else { return };
            parts.push(part);
        }
        let value = self.value(ValueKind::Text(parts), format.span);
        if let Some(arg) = args.get_mut(at) {
            arg.value = value;
        }
    }

    fn json_arg(&mut self, json: Json) -> Arg {
        match json {
            Json::Plain(expr) => self.hidden(&expr),
            other => {
                let value = self.json(other);
                let span = self
                    .module
                    .values
                    .get(value.index())
                    .map(|value| value.span);
                plain_arg(value, span.unwrap_or_default())
            }
        }
    }

    fn json(&mut self, json: Json) -> ValueId {
        match json {
            Json::Plain(expr) => self.hidden(&expr).value,
            Json::Null(span) => {
                let span = self.at.token(span);
                self.literal(Literal::Null, span)
            }
            Json::List(items, open, close) => {
                let values = items.into_iter().map(|item| self.json(item)).collect();
                let span = self.at.between(open, close);
                self.list(values, span)
            }
            Json::Object(entries, open, close) => {
                let span = self.at.between(open, close);
                self.json_object(entries, span)
            }
        }
    }

    fn json_object(&mut self, entries: Vec<(Expr, Json)>, span: Span) -> ValueId {
        let mut found = Vec::new();
        for (key, value) in entries {
            let (entry, _) = self.pair(&key, |lower| lower.json_arg(value));
            found.push(entry);
        }
        self.object(found, span)
    }

    /// Arms of which the one whose future is ready first is run.
    fn select_macro(&mut self, arms: Vec<SelectArm>, span: Span) -> Option<ValueId> {
        let mut ready = Vec::new();
        for arm in &arms {
            let value = arm.future.as_ref().map(|future| {
                let arg = self.hidden(future);
                if let Some(call) = self.call_of(arg.value) {
                    call.awaited = true;
                }
                self.value(ValueKind::Await(arg.value), arg.span)
            });
            ready.push(value);
        }
        let subject = self.opaque(ready.iter().copied().flatten().collect(), span);
        let mut blocks = Vec::new();
        let mut exits = Vec::new();
        let mut values = Vec::new();
        for (arm, ready) in arms.iter().zip(ready) {
            let mark = self.env.mark();
            let arm_span = self.span_of(&arm.body);
            let (block, value) = self.within(BlockKind::Arm, arm_span, |lower| {
                lower.select_arm(arm, ready)
            });
            values.extend(value.filter(|_| self.env.reachable));
            exits.push(self.env.leave(mark));
            blocks.push((None, block));
        }
        self.step(Step::Match {
            subject,
            arms: blocks,
            exhaustive: true,
        });
        self.meet(&exits, span);
        self.join(values, span)
    }

    fn select_arm(&mut self, arm: &SelectArm, ready: Option<ValueId>) -> Option<ValueId> {
        let found = assigned::in_expr(&arm.body, self.at);
        self.assigned.loops.extend(found.loops);
        self.assigned.captured.extend(found.captured);
        self.env.enter();
        if let Some(guard) = &arm.guard {
            self.expr(guard);
        }
        if let (Some(pat), Some(ready)) = (&arm.pat, ready) {
            self.bind(pat, ready);
        }
        let value = self.branch_body(&arm.body, false);
        self.env.exit();
        value
    }
}

fn plain_arg(value: ValueId, span: Span) -> Arg {
    Arg {
        value,
        spread: false,
        span,
    }
}

fn is_text(expr: &Expr) -> bool {
    matches!(expr, Expr::Lit(literal) if matches!(literal.lit, Lit::Str(_)))
}

fn field(fields: &[Entry], name: &Name) -> Option<ValueId> {
    fields.iter().find_map(|entry| match entry {
        Entry::Field { key, value, .. } if key == name => Some(*value),
        _ => None,
    })
}
