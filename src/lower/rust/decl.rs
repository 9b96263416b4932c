//! Declarations of types: structs, enums, traits, impl blocks, aliases.
//!
//! What belongs here: fields, variants, methods and what they are written with. What may not enter: expressions.

use super::item::Declared;
use super::state::Lower;
use super::types::name_of;
use crate::model::{
    ExportKind, Field, FunctionKind, Method, Name, TypeDecl, TypeDeclKind, TypeId, TypeRef,
    ValueKind,
};
use crate::source::Span;
use syn::{Attribute, Fields, ImplItem, Signature, TraitItem, TypeParamBound};

impl Lower<'_> {
    /// Allocates a type without parts.
    fn declare_type(
        &mut self,
        kind: TypeDeclKind,
        name: Name,
        attributes: &[Attribute],
        head: Span,
        span: Span,
    ) -> TypeId {
        self.note_test(attributes, span);
        let decorators = self.attributes(attributes);
        let id = TypeId::at(self.module.types.len());
        self.module.types.push(TypeDecl {
            name,
            kind,
            scope: self.scope.clone(),
            fields: Vec::new(),
            methods: Vec::new(),
            heritage: Vec::new(),
            target: None,
            trait_: None,
            decorators,
            value: None,
            head,
            span,
        });
        id
    }

    fn type_mut(&mut self, id: TypeId) -> Option<&mut TypeDecl> {
        self.module.types.get_mut(id.index())
    }

    fn offer_type(&mut self, id: TypeId, ident: &proc_macro2::Ident) {
        let span = self.at.token(ident.span());
        self.offer(name_of(ident), ExportKind::Type(id), span);
    }

    pub(super) fn struct_item(&mut self, item: &syn::ItemStruct) {
        let end = match (&item.fields, &item.semi_token) {
            (Fields::Named(fields), _) => fields.brace_token.span.close(),
            (_, Some(semicolon)) => semicolon.span,
            _ => item.ident.span(),
        };
        let span = self.item_span(&item.attrs, item.struct_token.span, end);
        self.class(&item.attrs, &item.ident, &item.fields, span);
    }

    pub(super) fn union_item(&mut self, item: &syn::ItemUnion) {
        let end = item.fields.brace_token.span.close();
        let span = self.item_span(&item.attrs, item.union_token.span, end);
        let fields = Fields::Named(item.fields.clone());
        self.class(&item.attrs, &item.ident, &fields, span);
    }

    fn class(
        &mut self,
        attributes: &[Attribute],
        ident: &proc_macro2::Ident,
        fields: &Fields,
        span: Span,
    ) {
        let head = self.at.token(ident.span());
        let name = name_of(ident);
        let id = self.declare_type(TypeDeclKind::Struct, name.clone(), attributes, head, span);
        let value = self.value(ValueKind::Class(id), head);
        let fields = self.fields(fields);
        if let Some(found) = self.type_mut(id) {
            found.fields = fields;
            found.value = Some(value);
        }
        self.offer(name, ExportKind::Value(value), head);
    }

    fn fields(&mut self, fields: &Fields) -> Vec<Field> {
        let mut found = Vec::new();
        for (index, field) in fields.iter().enumerate() {
            let ty = self.ty(&field.ty);
            let (name, span) = match &field.ident {
                Some(ident) => (name_of(ident), self.at.token(ident.span())),
                None => (Name::from(index.to_string()), ty.span),
            };
            let decorators = self.attributes(&field.attrs);
            found.push(Field {
                name,
                ty: Some(ty),
                value: None,
                decorators,
                is_static: false,
                span,
            });
        }
        found
    }

    pub(super) fn enum_item(&mut self, item: &syn::ItemEnum) {
        let end = item.brace_token.span.close();
        let span = self.item_span(&item.attrs, item.enum_token.span, end);
        let head = self.at.token(item.ident.span());
        let name = name_of(&item.ident);
        let id = self.declare_type(TypeDeclKind::Enum, name, &item.attrs, head, span);
        let mut variants = Vec::new();
        for variant in &item.variants {
            let span = self.at.token(variant.ident.span());
            let decorators = self.attributes(&variant.attrs);
            let ty = self.payload(&variant.fields, span);
            let value = variant
                .discriminant
                .as_ref()
                .map(|(_, value)| self.expr(value));
            variants.push(Field {
                name: name_of(&variant.ident),
                ty,
                value,
                decorators,
                is_static: false,
                span,
            });
        }
        if let Some(found) = self.type_mut(id) {
            found.fields = variants;
        }
        self.offer_type(id, &item.ident);
    }

    /// What a variant carries.
    fn payload(&mut self, fields: &Fields, span: Span) -> Option<TypeRef> {
        let mut args: Vec<TypeRef> = fields.iter().map(|field| self.ty(&field.ty)).collect();
        let name = match fields {
            Fields::Unit => return None,
            Fields::Unnamed(_) if args.len() == 1 => return args.pop(),
            Fields::Unnamed(_) => "()",
            Fields::Named(_) => "{}",
        };
        let path = vec![Name::from(name)];
        Some(TypeRef { path, args, span })
    }

    pub(super) fn alias_item(&mut self, item: &syn::ItemType) {
        let end = item.semi_token.span;
        let span = self.item_span(&item.attrs, item.type_token.span, end);
        let head = self.at.token(item.ident.span());
        let name = name_of(&item.ident);
        let id = self.declare_type(TypeDeclKind::Alias, name, &item.attrs, head, span);
        let target = self.ty(&item.ty);
        if let Some(found) = self.type_mut(id) {
            found.target = Some(target);
        }
        self.offer_type(id, &item.ident);
    }

    pub(super) fn trait_item(&mut self, item: &syn::ItemTrait) {
        let end = item.brace_token.span.close();
        let span = self.item_span(&item.attrs, item.trait_token.span, end);
        let head = self.at.token(item.ident.span());
        let name = name_of(&item.ident);
        let id = self.declare_type(TypeDeclKind::Trait, name, &item.attrs, head, span);
        let generics = self.enter_generics(&item.generics);
        let mut heritage = Vec::new();
        for bound in &item.supertraits {
            if let TypeParamBound::Trait(bound) = bound {
                let span = self.at.path(&bound.path);
                heritage.push(self.path_type(None, &bound.path, span));
            }
        }
        if let Some(found) = self.type_mut(id) {
            found.heritage = heritage;
        }
        for part in &item.items {
            self.trait_part(id, part);
        }
        self.leave_generics(generics);
        self.offer_type(id, &item.ident);
    }

    fn trait_part(&mut self, id: TypeId, part: &TraitItem) {
        match part {
            TraitItem::Fn(method) => {
                self.method(id, &method.attrs, &method.sig, method.default.as_ref())
            }
            TraitItem::Const(part) => {
                let value = part.default.as_ref().map(|(_, value)| self.expr(value));
                let ty = Some(self.ty(&part.ty));
                self.associated(id, &part.ident, ty, value, &part.attrs);
            }
            TraitItem::Type(part) => {
                let ty = part.default.as_ref().map(|(_, ty)| self.ty(ty));
                self.associated(id, &part.ident, ty, None, &part.attrs);
            }
            TraitItem::Macro(part) => {
                self.macro_expr(&part.mac);
            }
            _ => {}
        }
    }

    pub(super) fn impl_item(&mut self, item: &syn::ItemImpl) {
        let end = item.brace_token.span.close();
        let span = self.item_span(&item.attrs, item.impl_token.span, end);
        let generics = self.enter_generics(&item.generics);
        let target = self.ty(&item.self_ty);
        let name = Name::from(target.last());
        let id = self.declare_type(TypeDeclKind::Impl, name, &item.attrs, target.span, span);
        let trait_ = item.trait_.as_ref().map(|(path, _)| {
            let span = self.at.path(path);
            self.path_type(None, path, span)
        });
        if let Some(found) = self.type_mut(id) {
            found.target = Some(target);
            found.trait_ = trait_;
        }
        for part in &item.items {
            self.impl_part(id, part);
        }
        self.leave_generics(generics);
    }

    fn impl_part(&mut self, id: TypeId, part: &ImplItem) {
        match part {
            ImplItem::Fn(method) => {
                self.method(id, &method.attrs, &method.sig, Some(&method.block));
            }
            ImplItem::Const(part) => {
                let value = self.expr(&part.expr);
                let ty = Some(self.ty(&part.ty));
                self.associated(id, &part.ident, ty, Some(value), &part.attrs);
            }
            ImplItem::Type(part) => {
                let ty = Some(self.ty(&part.ty));
                self.associated(id, &part.ident, ty, None, &part.attrs);
            }
            ImplItem::Macro(part) => {
                self.macro_expr(&part.mac);
            }
            _ => {}
        }
    }

    fn method(
        &mut self,
        owner: TypeId,
        attributes: &[Attribute],
        signature: &Signature,
        body: Option<&syn::Block>,
    ) {
        let end = match body {
            Some(body) => body.brace_token.span.close(),
            None => signature.paren_token.span.close(),
        };
        let span = self.item_span(attributes, signature.fn_token.span, end);
        self.note_test(attributes, span);
        let function = self.declare_function(&Declared {
            attributes,
            signature,
            body,
            kind: FunctionKind::Method,
            owner: Some(owner),
            span,
        });
        if let Some(found) = self.type_mut(owner) {
            found.methods.push(Method {
                name: name_of(&signature.ident),
                function,
                is_static: signature.receiver().is_none(),
            });
        }
    }

    /// An associated constant or type: a static field.
    fn associated(
        &mut self,
        owner: TypeId,
        ident: &proc_macro2::Ident,
        ty: Option<TypeRef>,
        value: Option<crate::model::ValueId>,
        attributes: &[Attribute],
    ) {
        let decorators = self.attributes(attributes);
        let span = self.at.token(ident.span());
        if let Some(found) = self.type_mut(owner) {
            found.fields.push(Field {
                name: name_of(ident),
                ty,
                value,
                decorators,
                is_static: true,
                span,
            });
        }
    }
}
