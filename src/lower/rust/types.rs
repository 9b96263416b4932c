//! Types and paths as they are written.
//!
//! What belongs here: turning type syntax into [`TypeRef`]s and paths into segments. What may not enter: what a type means.

use super::state::Lower;
use crate::model::{Name, TypeRef};
use crate::source::Span;
use syn::{
    GenericArgument, GenericParam, Generics, PathArguments, QSelf, ReturnType, Type,
    TypeParamBound, WherePredicate,
};

/// Bounds that are looked through for each name; hostile generics have more.
const MAX_BOUNDS: usize = 200;

impl Lower<'_> {
    /// A type; references, groups and bounds are looked through.
    pub(super) fn ty(&mut self, ty: &Type) -> TypeRef {
        let found = self.deeper(|lower| lower.at.ty(ty), |lower| lower.type_inner(ty));
        found.unwrap_or_else(|| shape("_", Vec::new(), Span::default()))
    }

    fn type_inner(&mut self, ty: &Type) -> TypeRef {
        match ty {
            Type::Reference(t) => self.ty(&t.elem),
            Type::Ptr(t) => self.ty(&t.elem),
            Type::Paren(t) => self.ty(&t.elem),
            Type::Group(t) => self.ty(&t.elem),
            Type::Path(t) => self.path_type(t.qself.as_ref(), &t.path, self.at.ty(ty)),
            Type::ImplTrait(t) => self.first_bound(t.bounds.iter(), self.at.ty(ty)),
            Type::TraitObject(t) => self.first_bound(t.bounds.iter(), self.at.ty(ty)),
            Type::Slice(t) => shape("[]", vec![self.ty(&t.elem)], self.at.ty(ty)),
            Type::Array(t) => shape("[]", vec![self.ty(&t.elem)], self.at.ty(ty)),
            Type::Tuple(t) => {
                let args = t.elems.iter().map(|elem| self.ty(elem)).collect();
                shape("()", args, self.at.ty(ty))
            }
            Type::FnPtr(t) => {
                let mut args: Vec<TypeRef> = t.inputs.iter().map(|arg| self.ty(&arg.ty)).collect();
                args.push(self.output(&t.output, self.at.ty(ty)));
                shape("=>", args, self.at.ty(ty))
            }
            Type::Never(_) => shape("!", Vec::new(), self.at.ty(ty)),
            _ => shape("_", Vec::new(), self.at.ty(ty)),
        }
    }

    fn output(&mut self, output: &ReturnType, span: Span) -> TypeRef {
        match output {
            ReturnType::Default => shape("()", Vec::new(), span),
            ReturnType::Type(_, ty) => self.ty(ty),
        }
    }

    fn first_bound<'b>(
        &mut self,
        bounds: impl Iterator<Item = &'b TypeParamBound>,
        span: Span,
    ) -> TypeRef {
        let first = bounds.into_iter().find_map(|bound| match bound {
            TypeParamBound::Trait(bound) => Some(bound),
            _ => None,
        });
        match first {
            Some(bound) => self.path_type(None, &bound.path, span),
            None => shape("_", Vec::new(), span),
        }
    }

    /// A path in a type or in front of a struct literal.
    pub(super) fn path_type(
        &mut self,
        qself: Option<&QSelf>,
        path: &syn::Path,
        span: Span,
    ) -> TypeRef {
        let segments = self.segments(qself, path);
        if let [name] = segments.as_slice()
            && let Some((_, bound)) = self.bounds.iter().rev().find(|(param, _)| param == name)
        {
            return TypeRef {
                span,
                ..bound.clone()
            };
        }
        TypeRef {
            path: segments,
            args: self.path_args(path),
            span,
        }
    }

    /// The names of a path; `<T as Trait>::f` is `T::f`.
    pub(super) fn segments(&mut self, qself: Option<&QSelf>, path: &syn::Path) -> Vec<Name> {
        let names = path.segments.iter().map(|segment| name_of(&segment.ident));
        let Some(qself) = qself else {
            return names.collect();
        };
        let mut segments = self.ty(&qself.ty).path;
        segments.extend(names.skip(qself.position));
        segments
    }

    /// The type arguments of a path, of all its segments together.
    pub(super) fn path_args(&mut self, path: &syn::Path) -> Vec<TypeRef> {
        let mut args = Vec::new();
        for segment in &path.segments {
            match &segment.arguments {
                PathArguments::None => {}
                PathArguments::AngleBracketed(given) => {
                    args.extend(self.generic_args(given));
                }
                PathArguments::Parenthesized(given) => {
                    args.extend(given.inputs.iter().map(|arg| self.ty(&arg.ty)));
                    let span = self.at.token(given.paren_token.span.close());
                    args.push(self.output(&given.output, span));
                }
            }
        }
        args
    }

    pub(super) fn generic_args(
        &mut self,
        given: &syn::AngleBracketedGenericArguments,
    ) -> Vec<TypeRef> {
        let mut args = Vec::new();
        for arg in &given.args {
            match arg {
                GenericArgument::Type(ty) => args.push(self.ty(ty)),
                GenericArgument::AssocType(assoc) => args.push(self.ty(&assoc.ty)),
                _ => {}
            }
        }
        args
    }

    /// Brings the bounds of type parameters into scope; returns how many were there before.
    pub(super) fn enter_generics(&mut self, generics: &Generics) -> usize {
        let before = self.bounds.len();
        for param in &generics.params {
            if let GenericParam::Type(param) = param {
                self.enter_bound(name_of(&param.ident), param.bounds.iter());
            }
        }
        let clause = generics.where_clause.as_ref();
        for predicate in clause.into_iter().flat_map(|clause| &clause.predicates) {
            if let WherePredicate::Type(predicate) = predicate
                && let Type::Path(bounded) = &predicate.bounded_ty
                && let Some(ident) = bounded.path.get_ident()
            {
                self.enter_bound(name_of(ident), predicate.bounds.iter());
            }
        }
        before
    }

    pub(super) fn leave_generics(&mut self, before: usize) {
        self.bounds.truncate(before);
    }

    fn enter_bound<'b>(&mut self, param: Name, bounds: impl Iterator<Item = &'b TypeParamBound>) {
        let bound = self.first_bound(bounds, Span::default());
        if self.bounds.len() < MAX_BOUNDS && bound.last() != "_" && bound.path != [param.clone()] {
            self.bounds.push((param, bound));
        }
    }
}

/// An identifier without the `r#` of raw ones.
pub(super) fn name_of(ident: &proc_macro2::Ident) -> Name {
    let text = ident.to_string();
    Name::from(text.strip_prefix("r#").unwrap_or(&text))
}

/// A member: a name, or the position in a tuple.
pub(super) fn member_name(member: &syn::Member) -> Name {
    match member {
        syn::Member::Named(ident) => name_of(ident),
        syn::Member::Unnamed(index) => Name::from(index.index.to_string()),
    }
}

fn shape(name: &str, args: Vec<TypeRef>, span: Span) -> TypeRef {
    TypeRef {
        path: vec![Name::from(name)],
        args,
        span,
    }
}
