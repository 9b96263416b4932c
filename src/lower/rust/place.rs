//! Assignments: places that are written.
//!
//! What belongs here: plain and compound assignment. What is in a place is evaluated once. What may not enter:
//! declarations.

use super::env::VarId;
use super::expr::arithmetic;
use super::pattern::last_name;
use super::state::Lower;
use super::types::member_name;
use crate::model::{Name, StoreKey, ValueId, ValueKind};
use crate::source::Span;
use syn::Expr;

/// A place that can be written.
enum Place {
    Variable(VarId),
    Member(ValueId, Name),
    Index(ValueId, ValueId),
    /// What a reference points at.
    Whole(ValueId),
}

impl Lower<'_> {
    /// `left = right`
    pub(super) fn assign_expr(&mut self, left: &Expr, right: &Expr, span: Span) {
        let value = self.expr(right);
        if matches!(left, Expr::Infer(_)) {
            self.discard(right, value);
        } else {
            self.write(left, value, span);
        }
    }

    /// `left += right`
    pub(super) fn compound(&mut self, binary: &syn::ExprBinary, span: Span) {
        let right = self.expr(&binary.right);
        let place = self.place(&binary.left);
        let left = self.read(&place, span);
        let op = Name::from(arithmetic(&binary.op).trim_end_matches('='));
        let value = self.value(ValueKind::Binary { op, left, right }, span);
        self.write_place(place, value, span);
    }

    fn write(&mut self, target: &Expr, value: ValueId, span: Span) {
        let parts = match target {
            Expr::Paren(e) => return self.write(&e.expr, value, span),
            Expr::Infer(_) | Expr::Range(_) => return,
            Expr::Tuple(e) => &e.elems,
            Expr::Array(e) => &e.elems,
            other => {
                let place = self.place(other);
                return self.write_place(place, value, span);
            }
        };
        for (index, part) in parts.iter().enumerate() {
            let part_span = self.span_of(part);
            let element = self.member(value, Name::from(index.to_string()), part_span);
            self.write(part, element, span);
        }
    }

    fn place(&mut self, target: &Expr) -> Place {
        match target {
            Expr::Paren(e) => self.place(&e.expr),
            Expr::Field(e) => {
                let base = self.expr(&e.base);
                Place::Member(base, member_name(&e.member))
            }
            Expr::Index(e) => {
                let base = self.expr(&e.expr);
                Place::Index(base, self.expr(&e.index))
            }
            Expr::Path(e) if e.path.segments.len() == 1 => {
                match self.env.find(&last_name(&e.path)) {
                    Some(variable) => Place::Variable(variable),
                    None => Place::Whole(self.expr(target)),
                }
            }
            other => Place::Whole(self.expr(other)),
        }
    }

    fn read(&mut self, place: &Place, span: Span) -> ValueId {
        match place {
            Place::Variable(id) => match self.env.var(*id) {
                Some(var) => var.value,
                None => self.opaque(Vec::new(), span),
            },
            Place::Member(base, name) => self.member(*base, name.clone(), span),
            Place::Index(base, key) => {
                let (base, key) = (*base, *key);
                self.value(ValueKind::Index { base, key }, span)
            }
            Place::Whole(value) => *value,
        }
    }

    fn write_place(&mut self, place: Place, value: ValueId, span: Span) {
        match place {
            Place::Variable(id) => self.assign(id, value, span),
            Place::Member(base, name) => self.store(base, StoreKey::Member(name), value, span),
            Place::Index(base, key) => self.store(base, StoreKey::Index(key), value, span),
            Place::Whole(target) => self.store(target, StoreKey::Whole, value, span),
        }
    }
}
