//! Items: modules, functions, constants.
//!
//! What belongs here: what a file or block declares, in any order, and what of it others can name. Types have a room of
//! their own. What may not enter: what is done in bodies.

use super::assigned;
use super::attr::is_test;
use super::emit::NewFunction;
use super::env::Var;
use super::state::Lower;
use super::types::name_of;
use crate::model::{CallId, ExportKind, FunctionId, FunctionKind, GapKind, Name, TypeId, ValueId};
use crate::source::Span;
use syn::{Attribute, FnArg, Item, ReturnType, Signature, Stmt};

/// What a function's declaration consists of.
pub(super) struct Declared<'a> {
    pub(super) attributes: &'a [Attribute],
    pub(super) signature: &'a Signature,
    pub(super) body: Option<&'a syn::Block>,
    pub(super) kind: FunctionKind,
    pub(super) owner: Option<TypeId>,
    pub(super) span: Span,
}

impl Lower<'_> {
    pub(super) fn items(&mut self, items: &[Item]) {
        for item in items {
            self.deeper(|_| Span::default(), |lower| lower.item(item));
        }
    }

    /// Items of a block can be named throughout the block.
    pub(super) fn hoist(&mut self, statements: &[Stmt]) {
        for statement in statements {
            if let Stmt::Item(item) = statement {
                let local = std::mem::replace(&mut self.local, true);
                self.deeper(|_| Span::default(), |lower| lower.item(item));
                self.local = local;
            }
        }
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Fn(item) => self.fn_item(item),
            Item::Impl(item) => self.impl_item(item),
            Item::Trait(item) => self.trait_item(item),
            Item::Struct(item) => self.struct_item(item),
            Item::Enum(item) => self.enum_item(item),
            Item::Union(item) => self.union_item(item),
            Item::Type(item) => self.alias_item(item),
            Item::Mod(item) => self.mod_item(item),
            Item::Use(item) => self.use_item(item),
            Item::ExternCrate(item) => self.extern_crate(item),
            Item::Const(item) => self.constant(&item.attrs, &item.ident, &item.expr),
            Item::Static(item) => self.constant(&item.attrs, &item.ident, &item.expr),
            Item::Macro(item) => self.item_macro(item),
            _ => {}
        }
    }

    /// Notes a range that only tests compile.
    pub(super) fn note_test(&mut self, attributes: &[Attribute], span: Span) {
        if is_test(attributes) {
            self.module.test_spans.push(span);
        }
    }

    /// From the first attribute to the end.
    pub(super) fn item_span(
        &self,
        attributes: &[Attribute],
        start: proc_macro2::Span,
        end: proc_macro2::Span,
    ) -> Span {
        let outer = attributes
            .iter()
            .find(|attribute| matches!(attribute.style, syn::AttrStyle::Outer));
        let first = outer.map_or(start, |attribute| attribute.pound_token.span);
        self.at.between(first, end)
    }

    /// Makes a declared name known: to the block it stands in, or to other files.
    pub(super) fn offer(&mut self, name: Name, kind: ExportKind, span: Span) {
        if !self.local {
            self.export(name, kind, span);
        } else if let ExportKind::Value(value) = kind {
            let var = Var {
                value,
                mutable: false,
                cell: false,
            };
            self.env.declare(name, var);
        }
    }

    fn fn_item(&mut self, item: &syn::ItemFn) {
        let end = item.block.brace_token.span.close();
        let span = self.item_span(&item.attrs, item.sig.fn_token.span, end);
        self.note_test(&item.attrs, span);
        let id = self.declare_function(&Declared {
            attributes: &item.attrs,
            signature: &item.sig,
            body: Some(&item.block),
            kind: FunctionKind::Function,
            owner: None,
            span,
        });
        self.offer_function(&item.sig, id);
    }

    fn offer_function(&mut self, signature: &Signature, id: FunctionId) {
        let span = self.at.token(signature.ident.span());
        if let Some(value) = self.function_mut(id).map(|function| function.value) {
            let name = name_of(&signature.ident);
            self.offer(name, ExportKind::Value(value), span);
        }
    }

    /// A function with its parameters, result and body.
    pub(super) fn declare_function(&mut self, declared: &Declared<'_>) -> FunctionId {
        let signature = declared.signature;
        let decorators = self.attributes(declared.attributes);
        let generics = self.enter_generics(&signature.generics);
        let body = declared.body.map(|body| self.at.block(body));
        let head = self.at.token(signature.ident.span());
        let id = self.function(NewFunction {
            name: Some(name_of(&signature.ident)),
            kind: declared.kind,
            owner: declared.owner,
            is_async: signature.asyncness.is_some(),
            head,
            span: declared.span,
            body: body.unwrap_or(head),
        });
        let return_type = match &signature.output {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => Some(self.ty(ty)),
        };
        if let Some(function) = self.function_mut(id) {
            function.decorators = decorators;
            function.return_type = return_type;
        }
        self.function_body(id, signature, declared.body);
        self.leave_generics(generics);
        id
    }

    fn function_body(&mut self, id: FunctionId, signature: &Signature, body: Option<&syn::Block>) {
        let hidden = self.env.hide();
        let found = body.map(|body| assigned::in_block(body, self.at));
        let outer = std::mem::replace(&mut self.assigned, found.unwrap_or_default());
        let local = std::mem::replace(&mut self.local, true);
        self.inside(id, |lower| {
            lower.frame.this = None;
            lower.params(id, signature);
            if let Some(body) = body {
                lower.body(body, true);
            }
        });
        self.local = local;
        self.assigned = outer;
        self.env.reveal(hidden);
    }

    fn params(&mut self, id: FunctionId, signature: &Signature) {
        let mut index = 0;
        for input in &signature.inputs {
            match input {
                FnArg::Receiver(receiver) => {
                    let span = self.at.token(receiver.self_token.span);
                    let this = self.value(crate::model::ValueKind::This(id), span);
                    self.frame.this = Some(this);
                    if let Some(function) = self.function_mut(id) {
                        function.has_this = true;
                    }
                }
                FnArg::Typed(typed) => {
                    let decorators: Vec<CallId> = self.attributes(&typed.attrs);
                    let ty = self.ty(&typed.ty);
                    self.param(id, index, &typed.pat, Some(ty), decorators);
                    index += 1;
                }
            }
        }
    }

    fn constant(&mut self, attributes: &[Attribute], name: &proc_macro2::Ident, value: &syn::Expr) {
        let span = self.item_span(attributes, name.span(), super::span::expr_end(value));
        self.note_test(attributes, span);
        let value: ValueId = self.expr(value);
        let span = self.at.token(name.span());
        let name = name_of(name);
        self.note_binding(&name, value, span);
        self.offer(name, ExportKind::Value(value), span);
    }

    fn mod_item(&mut self, item: &syn::ItemMod) {
        let name = name_of(&item.ident);
        let name_span = self.at.token(item.ident.span());
        let end = match &item.content {
            Some((braces, _)) => braces.span.close(),
            None => item.ident.span(),
        };
        let span = self.item_span(&item.attrs, item.mod_token.span, end);
        self.note_test(&item.attrs, span);
        let Some((_, items)) = &item.content else {
            let child = (name, self.scope.clone(), name_span);
            self.module.child_modules.push(child);
            return;
        };
        let inner: Name = if self.scope.is_empty() {
            name
        } else {
            format!("{}::{name}", self.scope).into()
        };
        let outer = std::mem::replace(&mut self.scope, inner);
        self.items(items);
        self.scope = outer;
    }

    /// A macro that stands where an item could: its tokens may be items.
    fn item_macro(&mut self, item: &syn::ItemMacro) {
        let path_start = super::span::path_start(&item.mac.path);
        let span = self
            .at
            .between(path_start, item.mac.delimiter.span().close());
        if item.ident.is_some() {
            self.gap(GapKind::Macro, span, "a macro is defined");
            return;
        }
        match super::grammar::items(&item.mac) {
            Some(items) if self.macros == 0 => {
                self.macros += 1;
                self.items(&items);
                self.macros -= 1;
            }
            _ => {
                self.macro_expr(&item.mac);
            }
        }
    }
}
