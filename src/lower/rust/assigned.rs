//! Which names loops and closures assign, known before they are lowered.
//!
//! What belongs here: one walk over a function's body. A loop needs joins for what it assigns before its first read, and
//! a variable that a closure assigns is a cell from its declaration on. What may not enter: values.

use super::span::Places;
use crate::model::Name;
use proc_macro2::{TokenStream, TokenTree};
use rustc_hash::{FxHashMap, FxHashSet};
use syn::visit::{self, Visit};
use syn::{BinOp, Expr};

/// Names carried out of loops and closures; a hostile nest of loops would make it quadratic.
const MAX_CARRIED: usize = 500_000;

/// What the loops and closures of one function assign.
#[derive(Debug, Default)]
pub(super) struct Assigned {
    /// Names by the byte at which the loop's body starts.
    pub(super) loops: FxHashMap<u32, Vec<Name>>,
    /// Names of outer variables that closures assign.
    pub(super) captured: FxHashSet<Name>,
}

/// Finds what the loops and closures in a block assign.
pub(super) fn in_block(block: &syn::Block, at: Places) -> Assigned {
    let mut finder = Finder::new(at);
    finder.visit_block(block);
    finder.found
}

/// Adds what the loops in an expression assign, for expressions that macros hide.
pub(super) fn in_expr(expr: &Expr, at: Places) -> Assigned {
    let mut finder = Finder::new(at);
    finder.visit_expr(expr);
    finder.found
}

struct Finder {
    at: Places,
    layers: Vec<Layer>,
    found: Assigned,
    carried: usize,
}

#[derive(Default)]
struct Layer {
    assigned: FxHashSet<Name>,
    /// The names that a closure itself binds; `None` for a loop.
    bound: Option<FxHashSet<Name>>,
}

impl Finder {
    fn new(at: Places) -> Self {
        Self {
            at,
            layers: Vec::new(),
            found: Assigned::default(),
            carried: 0,
        }
    }

    fn assigned(&mut self, name: String) {
        if let Some(layer) = self.layers.last_mut() {
            layer.assigned.insert(name.into());
        }
    }

    fn target(&mut self, target: &Expr) {
        match target {
            Expr::Path(path) => {
                if let Some(ident) = path.path.get_ident() {
                    self.assigned(ident.to_string());
                }
            }
            Expr::Tuple(tuple) => tuple.elems.iter().for_each(|part| self.target(part)),
            Expr::Array(array) => array.elems.iter().for_each(|part| self.target(part)),
            Expr::Struct(object) => {
                object
                    .fields
                    .iter()
                    .for_each(|part| self.target(&part.expr));
            }
            Expr::Paren(paren) => self.target(&paren.expr),
            _ => {}
        }
    }

    fn carry(&mut self, names: FxHashSet<Name>) {
        self.carried += names.len();
        if self.carried > MAX_CARRIED {
            return;
        }
        if let Some(outer) = self.layers.last_mut() {
            outer.assigned.extend(names);
        }
    }

    fn in_loop(&mut self, body: &syn::Block, walk: impl FnOnce(&mut Self)) {
        self.layers.push(Layer::default());
        walk(self);
        let Some(layer) = self.layers.pop() else {
            return;
        };
        let mut names: Vec<Name> = layer.assigned.iter().cloned().collect();
        names.sort_unstable();
        let start = self.at.block(body).start;
        self.found.loops.insert(start, names);
        self.carry(layer.assigned);
    }

    /// `name = ..` among tokens that only a macro understands.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut pending = vec![tokens];
        while let Some(tokens) = pending.pop() {
            let mut last = None;
            for tree in tokens {
                match tree {
                    TokenTree::Group(group) => {
                        pending.push(group.stream());
                        last = None;
                    }
                    TokenTree::Ident(ident) => last = Some(ident),
                    TokenTree::Punct(punct) if punct.as_char() == '=' => {
                        if let Some(ident) = last.take() {
                            self.assigned(ident.to_string());
                        }
                    }
                    TokenTree::Punct(punct) if "+-*/%^&|".contains(punct.as_char()) => {}
                    _ => last = None,
                }
            }
        }
    }
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item(&mut self, _: &'ast syn::Item) {
        // An inner function sees no outer variable and is searched on its own.
    }

    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        self.target(&assign.left);
        visit::visit_expr_assign(self, assign);
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        if is_assignment(&binary.op) {
            self.target(&binary.left);
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_while(&mut self, e: &'ast syn::ExprWhile) {
        self.in_loop(&e.body, |finder| visit::visit_expr_while(finder, e));
    }

    fn visit_expr_for_loop(&mut self, e: &'ast syn::ExprForLoop) {
        self.in_loop(&e.body, |finder| visit::visit_expr_for_loop(finder, e));
    }

    fn visit_expr_loop(&mut self, e: &'ast syn::ExprLoop) {
        self.in_loop(&e.body, |finder| visit::visit_expr_loop(finder, e));
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        self.layers.push(Layer {
            assigned: FxHashSet::default(),
            bound: Some(FxHashSet::default()),
        });
        visit::visit_expr_closure(self, closure);
        let Some(layer) = self.layers.pop() else {
            return;
        };
        let bound = layer.bound.unwrap_or_default();
        let outer: FxHashSet<Name> = layer.assigned.difference(&bound).cloned().collect();
        self.found.captured.extend(outer.iter().cloned());
        self.carry(outer);
    }

    fn visit_pat_ident(&mut self, pat: &'ast syn::PatIdent) {
        let closure = self.layers.iter_mut().rev().find_map(|l| l.bound.as_mut());
        if let Some(bound) = closure {
            bound.insert(pat.ident.to_string().into());
        }
        visit::visit_pat_ident(self, pat);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.tokens(mac.tokens.clone());
    }
}

/// Whether an operator assigns its left operand.
pub(super) fn is_assignment(op: &BinOp) -> bool {
    matches!(
        op,
        BinOp::AddAssign(_)
            | BinOp::SubAssign(_)
            | BinOp::MulAssign(_)
            | BinOp::DivAssign(_)
            | BinOp::RemAssign(_)
            | BinOp::BitXorAssign(_)
            | BinOp::BitAndAssign(_)
            | BinOp::BitOrAssign(_)
            | BinOp::ShlAssign(_)
            | BinOp::ShrAssign(_)
    )
}
