//! The backend model: what both languages are lowered into, file by file.
//!
//! What belongs here: plain data (modules, functions, values, calls, stores, blocks, types, imports, gaps) and
//! look-ups in it. What may not enter: how a language writes these things, what a framework means by them, and
//! anything that spans two files.
//!
//! # How code becomes a module
//!
//! * Every expression is a [`Value`] with its own span. A read of a local variable **is** the value that it
//!   holds, so most of data flow is walking edges: `const b = req.body; f(b.x)` passes
//!   `Member{Member{Param, "body"}, "x"}` to `f`. Where paths meet, the read is a [`ValueKind::Join`]; a variable
//!   that is assigned in more than one function is a [`ValueKind::Cell`].
//! * Every function has a tree of [`Block`]s, each a list of [`Step`]s in evaluation order: calls, stores,
//!   branches, loops, `try`, and leaves. That tree is what guards, effects and order are read from.
//! * `a && b()`, `a || b()`, `a ?? b()` and `a ? b() : c()` put the calls of their right side into a branch whose
//!   condition is `a`; Rust `?`, `let else` and `if let` are branches, too.
//! * Types, decorators, attributes and directives are kept as far as a convention can ask for them.

mod code;
mod dump;
mod module;
mod place;
mod value;

pub use code::{Arg, Block, BlockKind, Call, CallForm, Leave, Step, Store, StoreKey};
pub use module::{
    Binding, Export, ExportKind, Field, Function, FunctionKind, Gap, GapKind, Import, Imported,
    Language, Method, Module, Param, Return, TypeDecl, TypeDeclKind, TypeRef,
};
pub use place::Place;
pub use value::{Comparison, Entry, Item, Literal, LogicalOp, UnaryOp, Value, ValueKind};

/// An identifier, path segment or short text.
pub type Name = smol_str::SmolStr;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl $name {
            /// The id as an index into the module's list.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }

            /// The id of the entry at `index`.
            #[must_use]
            pub fn at(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }
        }
    )+};
}

ids! {
    /// A [`Function`] of a module; 0 is the module's top level.
    FunctionId,
    /// A [`Value`] of a module.
    ValueId,
    /// A [`Call`] of a module.
    CallId,
    /// A [`Store`] of a module.
    StoreId,
    /// A [`Block`] of a module.
    BlockId,
    /// An [`Import`] of a module.
    ImportId,
    /// A [`TypeDecl`] of a module.
    TypeId,
}
