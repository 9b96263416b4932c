//! Types and their methods.

use super::{Budget, Symbol, Symbols, Want};
use crate::model::{
    FunctionId, Language, Name, TypeDecl, TypeDeclKind, TypeId, TypeRef, ValueKind,
};
use crate::source::FileId;
use rustc_hash::FxHashMap;

/// How many aliases or ancestors are followed.
const MOST_HOPS: usize = 16;

/// A type declaration of the project.
type Decl = (FileId, TypeId);

/// Which impl blocks speak of which types and traits of the project.
#[derive(Debug, Default)]
pub(super) struct Impls {
    of_type: FxHashMap<Decl, Vec<Decl>>,
    of_trait: FxHashMap<Decl, Vec<Decl>>,
}

impl Impls {
    /// Looks up the type and trait of each impl block.
    pub(super) fn new(symbols: &Symbols) -> Self {
        let mut impls = Self::default();
        for module in symbols.modules {
            let blocks = module.types.iter().enumerate();
            for (index, block) in blocks.filter(|(_, ty)| ty.kind == TypeDeclKind::Impl) {
                let this = (module.file, TypeId::at(index));
                let decl = |ty: &TypeRef| symbols.declared(module.file, &block.scope, ty);
                if let Some(ty) = block.target.as_ref().and_then(decl) {
                    impls.of_type.entry(ty).or_default().push(this);
                }
                if let Some(of) = block.trait_.as_ref().and_then(decl) {
                    impls.of_trait.entry(of).or_default().push(this);
                }
            }
        }
        impls
    }
}

impl Symbols<'_> {
    /// What a TypeScript type annotation names. Shapes without a name are unknown.
    #[must_use]
    pub fn ts_type(&self, file: FileId, ty: &TypeRef) -> Symbol {
        let Some((first, rest)) = ty.path.split_first().filter(|_| is_named(ty)) else {
            return Symbol::Unknown;
        };
        let Some((_, table)) = self.module(file) else {
            return Symbol::Unknown;
        };
        let budget = &mut Budget::new();
        let mut symbol = if let Some(ty) = table.types.get(first) {
            Symbol::Type { file, ty: *ty }
        } else if let Some(import) = table.imports.get(first) {
            self.import_as(file, *import, Want::Type, budget)
        } else {
            Symbol::External(smol_str::format_smolstr!("global::{first}"))
        };
        for name in rest {
            symbol = self.member_as(&symbol, name, Want::Type, budget);
        }
        self.as_type(symbol)
    }

    /// What a Rust type names.
    #[must_use]
    pub fn rust_type(&self, file: FileId, scope: &str, ty: &TypeRef) -> Symbol {
        match is_named(ty) {
            true => self.as_type(self.rust_path_as(file, scope, &ty.path, Want::Type)),
            false => Symbol::Unknown,
        }
    }

    /// What a type in a file of either language names.
    #[must_use]
    pub fn type_of(&self, file: FileId, scope: &str, ty: &TypeRef) -> Symbol {
        match self.module(file).map(|(module, _)| module.language) {
            Some(Language::Rust) => self.rust_type(file, scope, ty),
            Some(Language::TypeScript) => self.ts_type(file, ty),
            None => Symbol::Unknown,
        }
    }

    /// Follows aliases (`type A = B`) to what they stand for; an alias of a shape stays.
    #[must_use]
    pub fn resolve_type(&self, symbol: &Symbol) -> Symbol {
        let mut symbol = self.as_type(symbol.clone());
        for _ in 0..MOST_HOPS {
            let Symbol::Type { file, ty } = symbol else {
                break;
            };
            let decl = self
                .decl((file, ty))
                .filter(|decl| decl.kind == TypeDeclKind::Alias);
            let target = decl.and_then(|decl| Some((decl, decl.target.as_ref()?)));
            match target.map(|(decl, target)| self.type_of(file, &decl.scope, target)) {
                Some(Symbol::Unknown) | None => break,
                Some(next) => symbol = next,
            }
        }
        symbol
    }

    /// The function that a method of a type is: its own, one of an impl block, one that it inherits, or a
    /// trait's default.
    #[must_use]
    pub fn method(&self, file: FileId, ty: TypeId, name: &str) -> Option<(FileId, FunctionId)> {
        let mut open = vec![(file, ty)];
        let mut hops = 0;
        while let Some(decl) = open.pop() {
            hops += 1;
            let own = std::iter::once(&decl).chain(self.impls(decl.0, decl.1));
            if let Some(found) = own.filter_map(|decl| self.own_method(*decl, name)).next() {
                return Some(found);
            }
            if hops > MOST_HOPS {
                return None;
            }
            open.extend(self.parents(decl));
        }
        None
    }

    /// The impl blocks of a Rust type.
    #[must_use]
    pub fn impls(&self, file: FileId, ty: TypeId) -> &[(FileId, TypeId)] {
        self.impls
            .of_type
            .get(&(file, ty))
            .map_or(&[], Vec::as_slice)
    }

    /// The impl blocks of a Rust trait.
    #[must_use]
    pub fn implementors(&self, file: FileId, ty: TypeId) -> &[(FileId, TypeId)] {
        self.impls
            .of_trait
            .get(&(file, ty))
            .map_or(&[], Vec::as_slice)
    }

    /// A class that is used as a value names its type, too.
    pub(super) fn as_type(&self, symbol: Symbol) -> Symbol {
        if let Symbol::Value { file, value } = symbol
            && let Some(ValueKind::Class(ty)) = self.kind(file, value)
        {
            return Symbol::Type { file, ty: *ty };
        }
        symbol
    }

    fn decl(&self, (file, ty): Decl) -> Option<&TypeDecl> {
        self.module(file)?.0.types.get(ty.index())
    }

    fn declared(&self, file: FileId, scope: &str, ty: &TypeRef) -> Option<Decl> {
        match self.resolve_type(&self.type_of(file, scope, ty)) {
            Symbol::Type { file, ty } => Some((file, ty)),
            _ => None,
        }
    }

    fn own_method(&self, decl: Decl, name: &str) -> Option<(FileId, FunctionId)> {
        let methods = &self.decl(decl)?.methods;
        let method = methods.iter().find(|method| method.name == name)?;
        Some((decl.0, method.function))
    }

    /// What a type inherits from: superclasses, supertraits, and the traits that it implements.
    fn parents(&self, decl: Decl) -> Vec<Decl> {
        let heritage = self.decl(decl).into_iter().flat_map(|ty| {
            ty.heritage
                .iter()
                .filter_map(|parent| self.declared(decl.0, &ty.scope, parent))
        });
        let traits = self.impls(decl.0, decl.1).iter().filter_map(|block| {
            let ty = self.decl(*block)?;
            self.declared(block.0, &ty.scope, ty.trait_.as_ref()?)
        });
        heritage.chain(traits).take(MOST_HOPS).collect()
    }
}

/// Shapes such as `[]` and `|` are written with signs, names are not.
fn is_named(ty: &TypeRef) -> bool {
    let starts_name =
        |name: &Name| name.starts_with(|c: char| c.is_alphabetic() || "_$".contains(c));
    !ty.path.is_empty() && ty.path.iter().all(starts_name)
}
