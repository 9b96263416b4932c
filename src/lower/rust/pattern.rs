//! Patterns: what they bind and what they test.
//!
//! What belongs here: names that a pattern takes out of a value, and the condition under which it matches. What may not
//! enter: control flow; who uses a pattern decides what happens if it does not match.

use super::names::{self, ERR, NONE, OK, SOME};
use super::state::Lower;
use super::types::{member_name, name_of};
use crate::model::{Comparison, FunctionKind, Literal, LogicalOp, Name, ValueId, ValueKind};
use crate::source::Span;
use syn::punctuated::Punctuated;
use syn::{Pat, Token};

/// A name that a pattern binds.
struct Binding {
    name: Name,
    value: ValueId,
    mutable: bool,
    span: Span,
}

impl Lower<'_> {
    /// Declares the names of a pattern as parts of a value.
    pub(super) fn bind(&mut self, pat: &Pat, value: ValueId) {
        let mut found = Vec::new();
        self.bindings(pat, value, &mut found);
        for binding in found {
            self.name_function(&binding);
            self.declare(&binding.name, binding.value, binding.mutable, binding.span);
        }
    }

    /// A closure is called what it is first bound to.
    fn name_function(&mut self, binding: &Binding) {
        if let Some(ValueKind::Function(id)) = self.kind(binding.value) {
            let id = *id;
            if let Some(function) = self.function_mut(id)
                && function.kind == FunctionKind::Closure
                && function.name.is_none()
            {
                function.name = Some(binding.name.clone());
            }
        }
    }

    fn bindings(&mut self, pat: &Pat, value: ValueId, found: &mut Vec<Binding>) {
        self.deeper(
            |lower| lower.at.pat(pat),
            |lower| lower.bindings_inner(pat, value, found),
        );
    }

    fn bindings_inner(&mut self, pat: &Pat, value: ValueId, found: &mut Vec<Binding>) {
        match pat {
            Pat::Ident(ident) => {
                if !is_constant(ident) {
                    found.push(Binding {
                        name: name_of(&ident.ident),
                        value,
                        mutable: ident.mutability.is_some(),
                        span: self.at.token(ident.ident.span()),
                    });
                }
                if let Some((_, inner)) = &ident.subpat {
                    self.bindings(inner, value, found);
                }
            }
            Pat::Guard(p) => self.bindings(&p.pat, value, found),
            Pat::Paren(p) => self.bindings(&p.pat, value, found),
            Pat::Reference(p) => self.bindings(&p.pat, value, found),
            Pat::Type(p) => self.bindings(&p.pat, value, found),
            Pat::Or(p) => self.alternatives(&p.cases, value, found),
            Pat::Slice(p) => self.slice(p, value, found),
            Pat::Struct(p) => {
                for field in &p.fields {
                    let part = self.part(value, &p.path, member_name(&field.member), &field.pat);
                    self.bindings(&field.pat, part, found);
                }
            }
            Pat::Tuple(p) => self.elements(None, &p.elems, value, found),
            Pat::TupleStruct(p) => self.elements(Some(&p.path), &p.elems, value, found),
            _ => {}
        }
    }

    /// Names that every alternative binds, to one of its values.
    fn alternatives(
        &mut self,
        cases: &Punctuated<Pat, Token![|]>,
        value: ValueId,
        found: &mut Vec<Binding>,
    ) {
        let mut all = Vec::new();
        for case in cases {
            self.bindings(case, value, &mut all);
        }
        all.sort_by(|a, b| (&a.name, a.span.start).cmp(&(&b.name, b.span.start)));
        for group in all.chunk_by(|a, b| a.name == b.name) {
            let Some(first) = group.first() else { continue };
            let values = group.iter().map(|binding| binding.value).collect();
            let joined = self.join(values, first.span);
            found.push(Binding {
                name: first.name.clone(),
                value: joined.unwrap_or(value),
                mutable: first.mutable,
                span: first.span,
            });
        }
    }

    fn elements(
        &mut self,
        path: Option<&syn::Path>,
        elems: &Punctuated<Pat, Token![,]>,
        value: ValueId,
        found: &mut Vec<Binding>,
    ) {
        let mut behind_rest = false;
        for (index, elem) in elems.iter().enumerate() {
            if matches!(elem, Pat::Rest(_)) {
                behind_rest = true;
            } else if binds(elem) {
                let part = if behind_rest {
                    let span = self.at.pat(elem);
                    self.opaque(vec![value], span)
                } else {
                    self.element(value, path, index, elem)
                };
                self.bindings(elem, part, found);
            }
        }
    }

    /// An element of a tuple, variant or tuple struct.
    fn element(
        &mut self,
        value: ValueId,
        path: Option<&syn::Path>,
        index: usize,
        elem: &Pat,
    ) -> ValueId {
        let name = Name::from(index.to_string());
        match path {
            Some(path) => self.part(value, path, name, elem),
            None => {
                let span = self.at.pat(elem);
                self.member(value, name, span)
            }
        }
    }

    fn part(&mut self, value: ValueId, path: &syn::Path, name: Name, elem: &Pat) -> ValueId {
        let span = self.at.pat(elem);
        match last_name(path).as_str() {
            SOME | OK => self.value(ValueKind::Unwrap(value), span),
            ERR => self.member(value, ERR, span),
            _ => self.member(value, name, span),
        }
    }

    fn slice(&mut self, slice: &syn::PatSlice, value: ValueId, found: &mut Vec<Binding>) {
        let mut behind_rest = false;
        for (index, elem) in slice.elems.iter().enumerate() {
            let span = self.at.pat(elem);
            if is_rest(elem) {
                behind_rest = true;
                let minus = Vec::new();
                let rest = self.value(ValueKind::Rest { base: value, minus }, span);
                self.bindings(elem, rest, found);
            } else if behind_rest {
                let part = self.value(ValueKind::Element(value), span);
                self.bindings(elem, part, found);
            } else {
                let part = self.member(value, Name::from(index.to_string()), span);
                self.bindings(elem, part, found);
            }
        }
    }

    /// The condition under which a pattern matches; `None` where it always does.
    pub(super) fn test(&mut self, pat: &Pat, value: ValueId) -> Option<ValueId> {
        self.deeper(
            |lower| lower.at.pat(pat),
            |lower| lower.test_inner(pat, value),
        )
        .flatten()
    }

    fn test_inner(&mut self, pat: &Pat, value: ValueId) -> Option<ValueId> {
        match pat {
            Pat::Ident(ident) => match &ident.subpat {
                Some((_, inner)) => self.test(inner, value),
                None if is_constant(ident) => Some(self.matches(value, name_of(&ident.ident), pat)),
                None => None,
            },
            Pat::Guard(p) => self.test(&p.pat, value),
            Pat::Paren(p) => self.test(&p.pat, value),
            Pat::Reference(p) => self.test(&p.pat, value),
            Pat::Type(p) => self.test(&p.pat, value),
            Pat::Lit(p) => {
                let span = self.at.token(p.lit.span());
                let right = self.lit(&p.lit);
                let (op, left) = (Comparison::Eq, value);
                Some(self.value(ValueKind::Compare { op, left, right }, span))
            }
            Pat::Or(p) => {
                let tests: Option<Vec<ValueId>> =
                    p.cases.iter().map(|case| self.test(case, value)).collect();
                self.combine(LogicalOp::Or, tests?, self.at.pat(pat))
            }
            Pat::Tuple(p) => {
                let tests = self.element_tests(None, &p.elems, value);
                self.combine(LogicalOp::And, tests, self.at.pat(pat))
            }
            Pat::TupleStruct(p) => {
                let mut tests = vec![self.matches(value, last_name(&p.path), pat)];
                tests.extend(self.element_tests(Some(&p.path), &p.elems, value));
                self.combine(LogicalOp::And, tests, self.at.pat(pat))
            }
            Pat::Struct(p) => {
                let mut tests = vec![self.matches(value, last_name(&p.path), pat)];
                for field in p.fields.iter().filter(|field| tests_something(&field.pat)) {
                    let part = self.part(value, &p.path, member_name(&field.member), &field.pat);
                    tests.extend(self.test(&field.pat, part));
                }
                self.combine(LogicalOp::And, tests, self.at.pat(pat))
            }
            Pat::Path(p) => Some(self.matches(value, last_name(&p.path), pat)),
            Pat::Wild(_) | Pat::Rest(_) => None,
            _ => Some(self.matches(value, Name::default(), pat)),
        }
    }

    fn element_tests(
        &mut self,
        path: Option<&syn::Path>,
        elems: &Punctuated<Pat, Token![,]>,
        value: ValueId,
    ) -> Vec<ValueId> {
        let mut tests = Vec::new();
        let in_front = elems
            .iter()
            .take_while(|elem| !matches!(elem, Pat::Rest(_)));
        for (index, elem) in in_front.enumerate() {
            if tests_something(elem) {
                let part = self.element(value, path, index, elem);
                tests.extend(self.test(elem, part));
            }
        }
        tests
    }

    fn matches(&mut self, value: ValueId, pattern: Name, pat: &Pat) -> ValueId {
        let span = self.at.pat(pat);
        self.value(ValueKind::Matches { value, pattern }, span)
    }

    fn combine(&mut self, op: LogicalOp, tests: Vec<ValueId>, span: Span) -> Option<ValueId> {
        tests
            .into_iter()
            .reduce(|left, right| self.value(ValueKind::Logical { op, left, right }, span))
    }

    /// The value that a pattern compares with, where that is one.
    pub(super) fn compared(&mut self, pat: &Pat) -> Option<ValueId> {
        match pat {
            Pat::Lit(p) => Some(self.lit(&p.lit)),
            Pat::Path(p) => Some(self.variant(&p.path)),
            Pat::TupleStruct(p) => Some(self.variant(&p.path)),
            Pat::Struct(p) => Some(self.variant(&p.path)),
            Pat::Ident(p) if is_constant(p) => {
                let span = self.at.token(p.ident.span());
                Some(self.value(ValueKind::Path(vec![name_of(&p.ident)]), span))
            }
            Pat::Guard(p) => self.compared(&p.pat),
            Pat::Paren(p) => self.compared(&p.pat),
            Pat::Reference(p) => self.compared(&p.pat),
            Pat::Or(p) => {
                let values: Option<Vec<ValueId>> =
                    p.cases.iter().map(|case| self.compared(case)).collect();
                self.join(values?, self.at.pat(pat))
            }
            _ => None,
        }
    }

    fn variant(&mut self, path: &syn::Path) -> ValueId {
        let span = self.at.path(path);
        let segments = self.segments(None, path);
        if segments == [NONE] {
            return self.literal(Literal::Null, span);
        }
        self.value(ValueKind::Path(segments), span)
    }
}

/// Whether a pattern asks for a variant of Option or Result on its own or as an element of a tuple.
pub(super) fn is_option_pattern(pat: &Pat) -> bool {
    match pat {
        Pat::Ident(p) => p.ident == NONE,
        Pat::Path(p) => names::is_option_or_result(&last_name(&p.path)),
        Pat::TupleStruct(p) => names::is_option_or_result(&last_name(&p.path)),
        Pat::Guard(p) => is_option_pattern(&p.pat),
        Pat::Paren(p) => is_option_pattern(&p.pat),
        Pat::Reference(p) => is_option_pattern(&p.pat),
        Pat::Or(p) => p.cases.iter().any(is_option_pattern),
        Pat::Tuple(p) => p.elems.iter().any(is_option_pattern),
        _ => false,
    }
}

/// The last segment of a path.
pub(super) fn last_name(path: &syn::Path) -> Name {
    path.segments
        .last()
        .map_or_else(Name::default, |segment| name_of(&segment.ident))
}

fn is_constant(pat: &syn::PatIdent) -> bool {
    let plain = pat.by_ref.is_none() && pat.mutability.is_none() && pat.subpat.is_none();
    plain && names::is_constant(&pat.ident.to_string())
}

fn is_rest(pat: &Pat) -> bool {
    match pat {
        Pat::Rest(_) => true,
        Pat::Ident(p) => p.subpat.as_ref().is_some_and(|(_, inner)| is_rest(inner)),
        _ => false,
    }
}

/// A shallow look: whether a pattern may bind a name.
fn binds(pat: &Pat) -> bool {
    !matches!(
        pat,
        Pat::Wild(_) | Pat::Lit(_) | Pat::Range(_) | Pat::Const(_)
    )
}

/// A shallow look: whether a pattern may fail to match.
fn tests_something(pat: &Pat) -> bool {
    match pat {
        Pat::Wild(_) | Pat::Rest(_) => false,
        Pat::Ident(ident) => ident.subpat.is_some() || is_constant(ident),
        _ => true,
    }
}
