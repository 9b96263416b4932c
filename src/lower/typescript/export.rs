//! Names for other files: `export` and `module.exports`.
//!
//! What belongs here: every form of export. What may not enter: who imports them.

use super::build::Lowering;
use super::function::Hint;
use super::import::imported;
use super::kind::{Named, Role, Token};
use super::literal::string;
use super::scope::targets;
use super::tree::Node;
use crate::model::{
    Entry, Export, ExportKind, Imported, Literal, Name, TypeId, ValueId, ValueKind,
};
use crate::source::Span;
use rustc_hash::FxHashMap;

/// An export of a name, which is resolved when the whole file is known.
pub(super) struct Pending<'t> {
    /// The name for others.
    name: Name,
    /// The name in this file.
    local: Node<'t>,
    span: Span,
}

impl<'t> Lowering<'t> {
    fn add_export(&mut self, name: Name, kind: ExportKind, span: Span) {
        if let Some(entries) = &mut self.namespace {
            if let ExportKind::Value(value) = kind {
                let key = name;
                entries.push(Entry::Field { key, value, span });
            }
            return;
        }
        self.module.exports.push(Export {
            name,
            kind,
            scope: Name::default(),
            span,
        });
    }

    /// Exports what a name of the file means at its end.
    fn export_name(&mut self, name: Name, local: Node<'t>, span: Span) {
        if self.namespace.is_some() {
            let value = self.read(local);
            self.add_export(name, ExportKind::Value(value), span);
            return;
        }
        self.pending_exports.push(Pending { name, local, span });
    }

    /// Resolves exports of names.
    pub(super) fn export_pending(&mut self) {
        let mut overloaded: Vec<Name> = Vec::new();
        for pending in std::mem::take(&mut self.pending_exports) {
            let local = pending.local;
            let types = self.type_names.get(local.text()).cloned();
            let is_value = self.names.meaning(local).is_some();
            let is_type = types.is_some();
            for id in types.into_iter().flatten() {
                self.add_export(pending.name.clone(), ExportKind::Type(id), pending.span);
            }
            let signature = local.parent().is(Named::FunctionSignature);
            if signature {
                if overloaded.last() == Some(&pending.name) {
                    continue;
                }
                overloaded.push(pending.name.clone());
            }
            // The implementation of an overloaded function is exported by its own statement.
            if (is_value && !signature) || !(is_type || is_value) {
                let value = self.read(local);
                self.add_export(pending.name, ExportKind::Value(value), pending.span);
            }
        }
    }

    /// An export statement.
    pub(super) fn export(&mut self, node: Node<'t>) {
        if let Some(source) = node.role(Role::Source) {
            self.export_from(node, string(source));
        } else if let Some(clause) = node.child(Named::ExportClause) {
            for specifier in clause.children() {
                if let Some(local) = specifier.role(Role::Name) {
                    let name = specifier.role(Role::Alias).unwrap_or(local);
                    self.export_name(name_of(name), local, name.span());
                }
            }
        } else if let Some(default) = node.token(Token::Default) {
            self.export_default(node, default.span());
        } else if let Some(declaration) = node.role(Role::Declaration) {
            self.export_declaration(declaration);
        } else if let Some(sign) = node.token(Token::Assign)
            && let Some(inner) = node.first()
        {
            let value = self.expression(inner);
            self.add_export(Name::new("="), ExportKind::Value(value), sign.span());
        }
    }

    fn export_from(&mut self, node: Node<'t>, source: Name) {
        if let Some(clause) = node.child(Named::ExportClause) {
            for specifier in clause.children() {
                let Some(taken) = specifier.role(Role::Name) else {
                    continue;
                };
                let name = specifier.role(Role::Alias).unwrap_or(taken);
                let kind = ExportKind::From {
                    source: source.clone(),
                    imported: imported(taken),
                };
                self.add_export(name_of(name), kind, name.span());
            }
        } else if let Some(namespace) = node.child(Named::NamespaceExport) {
            if let Some(name) = namespace.first() {
                let imported = Imported::Namespace;
                let kind = ExportKind::From { source, imported };
                self.add_export(name_of(name), kind, name.span());
            }
        } else {
            self.add_export(Name::default(), ExportKind::Star { source }, node.span());
        }
    }

    fn export_default(&mut self, node: Node<'t>, span: Span) {
        let name = Name::new("default");
        if let Some(declaration) = node.role(Role::Declaration) {
            if let Some(kind) = self.declared(declaration) {
                self.add_export(name, kind, span);
            }
            return;
        }
        let Some(value) = node.role(Role::Value) else {
            return;
        };
        if value.is(Named::Identifier) {
            self.export_name(name, value, span);
            return;
        }
        let value = self.named(value, Hint::of_name("default"));
        self.add_export(name, ExportKind::Value(value), span);
    }

    /// Lowers a declaration that is a default export.
    fn declared(&mut self, node: Node<'t>) -> Option<ExportKind> {
        match node.named() {
            Named::ClassDeclaration | Named::AbstractClass => {
                let value = self.class(node, Hint::of_name("default"));
                Some(ExportKind::Value(value))
            }
            Named::Interface => self.type_declaration(node).map(ExportKind::Type),
            Named::FunctionSignature => None,
            _ => {
                self.statement(node);
                let name = node.role(Role::Name)?;
                Some(ExportKind::Value(self.read(name)))
            }
        }
    }

    fn export_declaration(&mut self, node: Node<'t>) {
        let node = match node.named() {
            Named::Ambient => {
                self.statement(node);
                match node.first() {
                    Some(inner) => inner,
                    None => return,
                }
            }
            Named::Interface | Named::TypeAlias => {
                if let Some(id) = self.type_declaration(node) {
                    self.export_type(node, id);
                }
                return;
            }
            _ => {
                self.statement(node);
                node
            }
        };
        match node.named() {
            Named::Lexical | Named::VariableDeclaration => {
                let names = node.children().filter_map(|at| at.role(Role::Name));
                for local in names.flat_map(targets) {
                    self.export_name(Name::new(local.text()), local, local.span());
                }
            }
            _ => {
                let local = node.role(Role::Name).or(node.first());
                if let Some(local) = local {
                    self.export_name(Name::new(local.text()), local, local.span());
                }
            }
        }
    }

    fn export_type(&mut self, node: Node<'t>, id: TypeId) {
        if let Some(name) = node.role(Role::Name) {
            self.add_export(Name::new(name.text()), ExportKind::Type(id), name.span());
        }
    }

    /// `module.exports = a`, `module.exports.f = a`, `exports.f = a`
    pub(super) fn export_assigned(&mut self, target: Node<'t>, value: ValueId) {
        let Some(name) = self.common_js_name(target) else {
            return;
        };
        // Compilers first write `exports.f = void 0`.
        let kind = self.module.kind(value);
        if !matches!(kind, ValueKind::Literal(Literal::Undefined)) {
            let span = target.role(Role::Property).unwrap_or(target).span();
            self.add_export(name, ExportKind::Value(value), span);
        }
    }

    /// `exports.f` is read, which may be what the file exports under that name.
    pub(super) fn note_read_of_export(&mut self, node: Node<'t>, value: ValueId) {
        if let Some(name) = self.common_js_name(node) {
            self.reads_of_exports.push((name, value));
        }
    }

    /// Makes reads of `exports.f` what was assigned to it, if that was one thing.
    pub(super) fn resolve_reads_of_exports(&mut self) {
        if self.reads_of_exports.is_empty() {
            return;
        }
        let mut exported: FxHashMap<&Name, Option<ValueId>> = FxHashMap::default();
        for export in &self.module.exports {
            if let ExportKind::Value(value) = export.kind {
                exported
                    .entry(&export.name)
                    .and_modify(|only| *only = None)
                    .or_insert(Some(value));
            }
        }
        for (name, read) in &self.reads_of_exports {
            if let Some(Some(value)) = exported.get(name) {
                self.forward.same(*read, *value);
            }
        }
    }

    fn common_js_name(&self, target: Node<'t>) -> Option<Name> {
        if !target.is(Named::Member) {
            return None;
        }
        let object = target.role(Role::Object)?;
        let property = target.role(Role::Property)?.text();
        if self.is_global(object, "module") && property == "exports" {
            return Some(Name::new("="));
        }
        let is_exports = self.is_global(object, "exports")
            || (object.is(Named::Member)
                && object.role(Role::Property)?.text() == "exports"
                && self.is_global(object.role(Role::Object)?, "module"));
        is_exports.then(|| Name::new(property))
    }
}

fn name_of(node: Node<'_>) -> Name {
    match node.named() {
        Named::String => string(node),
        _ => Name::new(node.text()),
    }
}
