//! A file and what it declares.

use super::{
    Block, BlockId, Call, CallId, FunctionId, ImportId, Name, Store, StoreId, TypeId, Value,
    ValueId, ValueKind,
};
use crate::source::{FileId, Span};

/// One lowered file.
#[derive(Debug, Clone)]
pub struct Module {
    /// The file.
    pub file: FileId,
    /// Its language.
    pub language: Language,
    /// Functions; 0 is the top level.
    pub functions: Vec<Function>,
    /// Expressions.
    pub values: Vec<Value>,
    /// Calls, in evaluation order within a function.
    pub calls: Vec<Call>,
    /// Writes.
    pub stores: Vec<Store>,
    /// Blocks.
    pub blocks: Vec<Block>,
    /// The names that variables and constants give to values.
    pub bindings: Vec<Binding>,
    /// What the file imports.
    pub imports: Vec<Import>,
    /// What it exports. In Rust every item of the module, public or not, under its name.
    pub exports: Vec<Export>,
    /// Types that it declares.
    pub types: Vec<TypeDecl>,
    /// Rust `mod name;` declarations with the inline module they stand in ("" at file level).
    pub child_modules: Vec<(Name, Name, Span)>,
    /// Directives of the file: `use server`, `use client`.
    pub directives: Vec<Name>,
    /// Every comment, with its delimiters.
    pub comments: Vec<Span>,
    /// Ranges that only tests compile (`#[cfg(test)]`, `#[test]`).
    pub test_spans: Vec<Span>,
    /// Whether the file holds JSX.
    pub has_jsx: bool,
    /// What could not be expressed.
    pub gaps: Vec<Gap>,
}

/// The languages that are read. JavaScript is read as TypeScript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// TypeScript and JavaScript.
    TypeScript,
    /// Rust.
    Rust,
}

/// A function, method, closure, or the top level of a file.
#[derive(Debug, Clone)]
pub struct Function {
    /// The name it is declared with or first bound to (`const f = () => {}`, `{ f() {} }`, `this.f = ..`).
    pub name: Option<Name>,
    /// What kind.
    pub kind: FunctionKind,
    /// The class, struct or impl block it belongs to.
    pub owner: Option<TypeId>,
    /// The function it is written in.
    pub parent: Option<FunctionId>,
    /// Inline Rust modules it stands in, joined by `::` ("" at file level).
    pub scope: Name,
    /// Parameters, without Rust's `self`.
    pub params: Vec<Param>,
    /// Rust: takes `self`. TypeScript: a non-static method.
    pub has_this: bool,
    /// Decorators and attributes on it.
    pub decorators: Vec<CallId>,
    /// Directives at the start of its body.
    pub directives: Vec<Name>,
    /// `async`
    pub is_async: bool,
    /// What it does.
    pub body: BlockId,
    /// What it returns, the value of an arrow's or Rust body's last expression included.
    pub returns: Vec<Return>,
    /// Its declared result.
    pub return_type: Option<TypeRef>,
    /// The value that stands for the function.
    pub value: ValueId,
    /// The narrowest one-line token that names it: its name, else `=>`, `function` or the closure's bars.
    pub head: Span,
    /// All of it.
    pub span: Span,
}

/// What kind of function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunctionKind {
    /// The top level of a file.
    Module,
    /// A named function, or a `function` expression.
    Function,
    /// A method of a class, object or impl block.
    Method,
    /// A class constructor.
    Constructor,
    /// An arrow function or a Rust closure or `async` block.
    Closure,
}

/// A name that is given to a value: `const name = value`, `name = value`, `static NAME: T = value`. Reads of the name are the
/// value itself, so this is the only place that knows what a value is called.
#[derive(Debug, Clone)]
pub struct Binding {
    /// The name.
    pub name: Name,
    /// What it is given.
    pub value: ValueId,
    /// Where the name is written.
    pub span: Span,
}

/// A parameter.
#[derive(Debug, Clone)]
pub struct Param {
    /// Its name, if the pattern is one name.
    pub name: Option<Name>,
    /// The value that stands for it; bindings of its pattern are members of that.
    pub value: ValueId,
    /// Its annotation.
    pub ty: Option<TypeRef>,
    /// `...rest`
    pub rest: bool,
    /// The value it has when nothing is passed.
    pub default: Option<ValueId>,
    /// TypeScript `constructor(private x: X)`: also a field of the class.
    pub property: bool,
    /// Decorators and attributes on it.
    pub decorators: Vec<CallId>,
    /// Where it is written.
    pub span: Span,
}

/// One result of a function.
#[derive(Debug, Clone, Copy)]
pub struct Return {
    /// What is returned.
    pub value: Option<ValueId>,
    /// Where.
    pub block: BlockId,
    /// Place in evaluation order.
    pub order: u32,
}

/// A type as it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeRef {
    /// Path segments as written: `["web", "Json"]`, `["NextRequest"]`. Shapes without a name have one segment:
    /// `"[]"` (list; one argument), `"|"` (union; the members), `"{}"` (object), `"=>"` (function; the result
    /// last), `"&"` (intersection), `"()"` (tuple), `"''"` (a literal type). Rust references, boxes and `dyn` are looked
    /// through, so `&dyn Store` is `["Store"]`; `Box`, `Arc` and the like stay.
    pub path: Vec<Name>,
    /// Type arguments.
    pub args: Vec<Self>,
    /// Where it is written.
    pub span: Span,
}

impl TypeRef {
    /// The last segment.
    #[must_use]
    pub fn last(&self) -> &str {
        self.path.last().map_or("", Name::as_str)
    }
}

/// A class, interface, struct, enum, trait, impl block or alias.
#[derive(Debug, Clone)]
pub struct TypeDecl {
    /// Its name; for an impl block the name of the type it is for.
    pub name: Name,
    /// What it is.
    pub kind: TypeDeclKind,
    /// Inline Rust modules it stands in, joined by `::`.
    pub scope: Name,
    /// Fields, enum variants, interface properties, constructor parameter properties.
    pub fields: Vec<Field>,
    /// Methods, getters and constructors (named `constructor`).
    pub methods: Vec<Method>,
    /// `extends`, `implements`, supertraits.
    pub heritage: Vec<TypeRef>,
    /// Impl blocks: the type. Aliases: what they stand for.
    pub target: Option<TypeRef>,
    /// Impl blocks: the trait.
    pub trait_: Option<TypeRef>,
    /// Decorators and attributes on it; derives are attributes named `derive` whose arguments are paths.
    pub decorators: Vec<CallId>,
    /// The value that stands for it, where it is one.
    pub value: Option<ValueId>,
    /// Its name.
    pub head: Span,
    /// All of it.
    pub span: Span,
}

/// What a type declaration is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeDeclKind {
    /// A TypeScript class.
    Class,
    /// A TypeScript interface.
    Interface,
    /// A Rust struct.
    Struct,
    /// An enum of either language.
    Enum,
    /// A Rust trait.
    Trait,
    /// A Rust impl block.
    Impl,
    /// `type A = B`.
    Alias,
}

/// A field.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name; tuple fields are "0", "1".
    pub name: Name,
    /// Its type.
    pub ty: Option<TypeRef>,
    /// Its initialiser.
    pub value: Option<ValueId>,
    /// Decorators and attributes on it.
    pub decorators: Vec<CallId>,
    /// `static`
    pub is_static: bool,
    /// Its name.
    pub span: Span,
}

/// A method of a type.
#[derive(Debug, Clone)]
pub struct Method {
    /// Its name.
    pub name: Name,
    /// The function.
    pub function: FunctionId,
    /// `static`, or a Rust function without `self`.
    pub is_static: bool,
}

/// A name that comes from elsewhere.
#[derive(Debug, Clone)]
pub struct Import {
    /// The local name; "" for a side effect, a glob, or an expression such as `require("x").y`.
    pub local: Name,
    /// The module: the specifier as written; in Rust the path before the name, joined by `::`.
    pub source: Name,
    /// What is taken from it.
    pub imported: Imported,
    /// `import type`.
    pub type_only: bool,
    /// `import()` or `require()` inside a function.
    pub dynamic: bool,
    /// Inline Rust modules it stands in, joined by `::`.
    pub scope: Name,
    /// Where it is written.
    pub span: Span,
}

/// What is taken from a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Imported {
    /// One export by its name.
    Named(Name),
    /// The default export.
    Default,
    /// All exports as one object; also `import()`.
    Namespace,
    /// `require("x")`: `module.exports` as a whole.
    CommonJs,
    /// Rust `use a::*`: all names.
    Glob,
    /// `import "x"`.
    SideEffect,
}

/// A name that other files can take.
#[derive(Debug, Clone)]
pub struct Export {
    /// The name; `default`; `=` for `module.exports = ..` and `export = ..`; "" for a star export.
    pub name: Name,
    /// What it is.
    pub kind: ExportKind,
    /// Inline Rust modules it stands in, joined by `::`.
    pub scope: Name,
    /// Where the name is written.
    pub span: Span,
}

/// What an export is.
#[derive(Debug, Clone)]
pub enum ExportKind {
    /// A value of this file.
    Value(ValueId),
    /// A type of this file that is no value (interface, alias, trait, enum).
    Type(TypeId),
    /// `export { imported } from "source"`, `export * as ns from "source"`, Rust `pub use`.
    From {
        /// The module.
        source: Name,
        /// What is taken.
        imported: Imported,
    },
    /// `export * from "source"`, Rust `pub use source::*`.
    Star {
        /// The module.
        source: Name,
    },
}

/// Something that the model does not express.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Gap {
    /// What kind.
    pub kind: GapKind,
    /// Where.
    pub span: Span,
    /// In words.
    pub message: Name,
}

/// Why something is not expressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GapKind {
    /// The parser met text that it does not understand.
    SyntaxError,
    /// Nesting past what is safe to walk.
    TooDeep,
    /// A Rust macro whose tokens are not understood.
    Macro,
    /// `import(x)`, `require(x)` with a computed name, `eval`.
    DynamicImport,
    /// The file could not be read.
    Unreadable,
    /// The file is not UTF-8.
    NotUtf8,
    /// The file is larger than the limit.
    TooLarge,
    /// A minified bundle or another generated file.
    Generated,
    /// A link that leaves the root, a loop of links, or no regular file.
    Link,
    /// An import that names a file of the project which is not there.
    UnresolvedImport,
    /// A work budget was spent.
    Budget,
    /// A settings file of the project that could not be read (`tsconfig.json`, `package.json`, `Cargo.toml`).
    Settings,
}

impl GapKind {
    /// The name that reports use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SyntaxError => "syntax-error",
            Self::TooDeep => "too-deep",
            Self::Macro => "macro",
            Self::DynamicImport => "dynamic-import",
            Self::Unreadable => "unreadable",
            Self::NotUtf8 => "not-utf8",
            Self::TooLarge => "too-large",
            Self::Generated => "generated",
            Self::Link => "link",
            Self::UnresolvedImport => "unresolved-import",
            Self::Budget => "budget",
            Self::Settings => "settings",
        }
    }
}

impl Module {
    /// The kind of a value.
    #[must_use]
    pub fn kind(&self, id: ValueId) -> &ValueKind {
        &self.values[id.index()].kind
    }

    /// The span of a value.
    #[must_use]
    pub fn span(&self, id: ValueId) -> Span {
        self.values[id.index()].span
    }

    /// A function.
    #[must_use]
    pub fn function(&self, id: FunctionId) -> &Function {
        &self.functions[id.index()]
    }

    /// A call.
    #[must_use]
    pub fn call(&self, id: CallId) -> &Call {
        &self.calls[id.index()]
    }

    /// A store.
    #[must_use]
    pub fn store(&self, id: StoreId) -> &Store {
        &self.stores[id.index()]
    }

    /// A block.
    #[must_use]
    pub fn block(&self, id: BlockId) -> &Block {
        &self.blocks[id.index()]
    }

    /// A type declaration.
    #[must_use]
    pub fn type_decl(&self, id: TypeId) -> &TypeDecl {
        &self.types[id.index()]
    }

    /// An import.
    #[must_use]
    pub fn import(&self, id: ImportId) -> &Import {
        &self.imports[id.index()]
    }

    /// Whether a place is compiled for tests only.
    #[must_use]
    pub fn in_test(&self, span: Span) -> bool {
        self.test_spans.iter().any(|test| test.contains(span))
    }
}
