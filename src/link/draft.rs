//! Hand-made modules for tests, so that linking is tested apart from lowering.

use crate::model::{
    BlockId, CallId, Export, ExportKind, Function, FunctionId, FunctionKind, Import, ImportId,
    Imported, Language, Module, Name, TypeDecl, TypeDeclKind, TypeId, TypeRef, Value, ValueId,
    ValueKind,
};
use crate::project::Project;
use crate::source::{FileId, Span};

/// A module under construction.
pub(in crate::link) struct Draft(pub(in crate::link) Module);

impl Draft {
    pub(in crate::link) fn new(file: u32, language: Language) -> Self {
        Self(Module {
            file: FileId(file),
            language,
            functions: Vec::new(),
            values: Vec::new(),
            calls: Vec::new(),
            stores: Vec::new(),
            blocks: Vec::new(),
            bindings: Vec::new(),
            imports: Vec::new(),
            exports: Vec::new(),
            types: Vec::new(),
            child_modules: Vec::new(),
            directives: Vec::new(),
            comments: Vec::new(),
            test_spans: Vec::new(),
            has_jsx: false,
            gaps: Vec::new(),
        })
    }

    pub(in crate::link) fn value(&mut self, kind: ValueKind) -> ValueId {
        self.0.values.push(Value {
            kind,
            span: Span::default(),
        });
        ValueId::at(self.0.values.len() - 1)
    }

    pub(in crate::link) fn leaf(&mut self) -> ValueId {
        self.value(ValueKind::Call(CallId(0)))
    }

    pub(in crate::link) fn member(&mut self, base: ValueId, name: &str) -> ValueId {
        self.value(ValueKind::Member {
            base,
            name: name.into(),
            optional: false,
        })
    }

    pub(in crate::link) fn function(&mut self, name: &str) -> FunctionId {
        let id = FunctionId::at(self.0.functions.len());
        let value = self.value(ValueKind::Function(id));
        self.0.functions.push(Function {
            name: Some(name.into()),
            kind: FunctionKind::Function,
            owner: None,
            parent: None,
            scope: Name::default(),
            params: Vec::new(),
            has_this: false,
            decorators: Vec::new(),
            directives: Vec::new(),
            is_async: false,
            body: BlockId(0),
            returns: Vec::new(),
            return_type: None,
            value,
            head: Span::default(),
            span: Span::default(),
        });
        id
    }

    pub(in crate::link) fn export_kind(&mut self, scope: &str, name: &str, kind: ExportKind) {
        self.0.exports.push(Export {
            name: name.into(),
            kind,
            scope: scope.into(),
            span: Span::default(),
        });
    }

    pub(in crate::link) fn export(&mut self, name: &str) -> ValueId {
        let value = self.leaf();
        self.export_kind("", name, ExportKind::Value(value));
        value
    }

    pub(in crate::link) fn from(&mut self, name: &str, source: &str, imported: &str) {
        let imported = imported_of(imported);
        self.export_kind(
            "",
            name,
            ExportKind::From {
                source: source.into(),
                imported,
            },
        );
    }

    pub(in crate::link) fn star(&mut self, source: &str) {
        self.export_kind(
            "",
            "",
            ExportKind::Star {
                source: source.into(),
            },
        );
    }

    pub(in crate::link) fn import(&mut self, local: &str, source: &str, imported: &str) -> ValueId {
        self.import_in("", local, source, imported);
        self.value(ValueKind::Import(ImportId::at(self.0.imports.len() - 1)))
    }

    pub(in crate::link) fn import_in(
        &mut self,
        scope: &str,
        local: &str,
        source: &str,
        imported: &str,
    ) {
        self.0.imports.push(Import {
            local: local.into(),
            source: source.into(),
            imported: imported_of(imported),
            type_only: false,
            dynamic: false,
            scope: scope.into(),
            span: Span::default(),
        });
    }

    pub(in crate::link) fn ty(&mut self, name: &str, kind: TypeDeclKind) -> &mut TypeDecl {
        let id = TypeId::at(self.0.types.len());
        self.0.types.push(TypeDecl {
            name: name.into(),
            kind,
            scope: Name::default(),
            fields: Vec::new(),
            methods: Vec::new(),
            heritage: Vec::new(),
            target: None,
            trait_: None,
            decorators: Vec::new(),
            value: None,
            head: Span::default(),
            span: Span::default(),
        });
        if kind != TypeDeclKind::Impl {
            self.export_kind("", name, ExportKind::Type(id));
        }
        &mut self.0.types[id.index()]
    }
}

pub(in crate::link) fn imported_of(text: &str) -> Imported {
    match text {
        "*" => Imported::Namespace,
        "=" => Imported::CommonJs,
        "default" => Imported::Default,
        "::*" => Imported::Glob,
        name => Imported::Named(name.into()),
    }
}

pub(in crate::link) fn type_ref(path: &[&str]) -> TypeRef {
    let path = path.iter().map(Name::new).collect();
    TypeRef {
        path,
        args: Vec::new(),
        span: Span::default(),
    }
}

pub(in crate::link) fn project(paths: &[&str]) -> Project {
    let files: Vec<_> = paths.iter().map(|path| (*path, "")).collect();
    Project::of_files(&files)
}

pub(in crate::link) fn typescript<const N: usize>() -> [Draft; N] {
    std::array::from_fn(|file| Draft::new(u32::try_from(file).unwrap_or(0), Language::TypeScript))
}

pub(in crate::link) fn rust<const N: usize>() -> [Draft; N] {
    std::array::from_fn(|file| Draft::new(u32::try_from(file).unwrap_or(0), Language::Rust))
}
