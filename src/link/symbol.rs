//! stub
use crate::link::import::Resolver;
use crate::model::*;
use crate::project::Project;
use crate::source::FileId;
pub enum Symbol {
    Value { file: FileId, value: ValueId },
    Type { file: FileId, ty: TypeId },
    Module(FileId),
    CommonJs(FileId),
    External(Name),
    Unknown,
}
pub struct Symbols<'p>(&'p Project);
impl<'p> Symbols<'p> {
    pub fn new(p: &'p Project, _m: &'p [Module], _r: Resolver) -> Self {
        Self(p)
    }
    pub fn import(&self, _: FileId, _: ImportId) -> Symbol {
        Symbol::Unknown
    }
    pub fn export(&self, _: FileId, _: &str) -> Symbol {
        Symbol::Unknown
    }
    pub fn rust_path(&self, _: FileId, _: &str, _: &[Name]) -> Symbol {
        Symbol::Unknown
    }
    pub fn rust_type(&self, _: FileId, _: &str, _: &TypeRef) -> Symbol {
        Symbol::Unknown
    }
    pub fn ts_type(&self, _: FileId, _: &TypeRef) -> Symbol {
        Symbol::Unknown
    }
    pub fn resolve_type(&self, _: &Symbol) -> Symbol {
        Symbol::Unknown
    }
}
