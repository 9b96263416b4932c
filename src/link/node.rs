//! References into the program: a value, function or call together with its file, and what a value stands for.

use crate::model::{CallId, FunctionId, Name, TypeId, ValueId};
use crate::source::FileId;

/// A value of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Node {
    /// The file.
    pub file: FileId,
    /// The value.
    pub value: ValueId,
}

/// A function of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Func {
    /// The file.
    pub file: FileId,
    /// The function.
    pub function: FunctionId,
}

/// A call of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallAt {
    /// The file.
    pub file: FileId,
    /// The call.
    pub call: CallId,
}

impl Node {
    /// Another value of the same file.
    #[must_use]
    pub fn with(self, value: ValueId) -> Self {
        Self { value, ..self }
    }
}

impl CallAt {
    /// A value of the same file.
    #[must_use]
    pub fn node(self, value: ValueId) -> Node {
        Node {
            file: self.file,
            value,
        }
    }
}

/// What a value stands for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// A function of the project.
    Function(Func),
    /// A class, struct or enum of the project.
    Class(FileId, TypeId),
    /// An instance of one.
    Instance(FileId, TypeId),
    /// What a constructor function (`function F() { this.x = .. }`) makes.
    Made(Func),
    /// A file as a namespace.
    Module(FileId),
    /// Something of a library: an export, an instance of a type, or a member of either, as canonical path text.
    Path(Name),
    /// A value that is written in the project: an object, list, literal, comparison, ...
    Object(Node),
    /// Nothing that is known, as `unresolved::` and the chain that was written.
    Unknown(Name),
}

impl Target {
    /// The canonical path, if it is something of a library or a chain on something unknown.
    #[must_use]
    pub fn path(&self) -> Option<&Name> {
        match self {
            Self::Path(path) | Self::Unknown(path) => Some(path),
            _ => None,
        }
    }

    /// Whether it is a member of something that is defined where it cannot be seen; what is called on a parameter of which
    /// nothing is known has the parameter's name.
    #[must_use]
    pub fn is_out_of_sight(&self) -> bool {
        match self {
            Self::Unknown(path) => path.starts_with("unresolved::?"),
            // What a project keeps there.
            Self::Path(path) => {
                let kept = ["global::globalThis.", "global::global."];
                kept.iter().any(|root| path.starts_with(root))
            }
            _ => false,
        }
    }

    /// Whether nothing is known about it.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }
}

/// The path of a member of something with a path. A member of a default export is one of the package itself, so that every
/// style of import gives one path.
#[must_use]
pub fn member_path(base: &str, name: &str) -> Name {
    match base.strip_suffix("::default") {
        Some(package) => smol_str::format_smolstr!("{package}::{name}"),
        None => smol_str::format_smolstr!("{base}.{name}"),
    }
}
