//! Names from other files: `import`, `require`, `import()`.
//!
//! What belongs here: every form of import, and the value that stands for it. What may not enter: which file a
//! specifier means.

use super::build::Lowering;
use super::kind::{Named, Role, Token};
use super::literal::string;
use super::tree::Node;
use crate::model::{FunctionId, GapKind, Import, ImportId, Imported, Name, ValueId, ValueKind};
use crate::source::Span;

/// What an import statement says of all its names.
struct From {
    source: Name,
    type_only: bool,
}

impl<'t> Lowering<'t> {
    fn add_import(&mut self, import: Import) -> ValueId {
        let id = ImportId::at(self.module.imports.len());
        let span = import.span;
        self.module.imports.push(import);
        self.value(ValueKind::Import(id), span)
    }

    fn named_import(&mut self, local: Node<'t>, imported: Imported, from: &From, span: Span) {
        let value = self.add_import(Import {
            local: Name::new(local.text()),
            source: from.source.clone(),
            imported,
            type_only: from.type_only,
            dynamic: false,
            scope: Name::default(),
            span,
        });
        self.initialise(local, value);
    }

    /// An import statement. Those of the file were met before anything else.
    pub(super) fn late_import(&mut self, node: Node<'t>) {
        if node.parent().index() != 0 {
            self.import(node);
        }
    }

    /// `import a, { b as c } from "d"`, `import * as a from "b"`, `import "a"`, `import a = require("b")`
    pub(super) fn import(&mut self, node: Node<'t>) {
        let require = node.child(Named::ImportRequire);
        let source = require.unwrap_or(node).role(Role::Source);
        let from = From {
            source: source.map(string).unwrap_or_default(),
            type_only: node.has(Token::Type),
        };
        if let Some(require) = require {
            if let Some(local) = require.child(Named::Identifier) {
                self.named_import(local, Imported::CommonJs, &from, node.span());
            }
            return;
        }
        let Some(clause) = node.child(Named::ImportClause) else {
            self.add_import(Import {
                local: Name::default(),
                source: from.source,
                imported: Imported::SideEffect,
                type_only: false,
                dynamic: false,
                scope: Name::default(),
                span: node.span(),
            });
            return;
        };
        for part in clause.children() {
            match part.named() {
                Named::Identifier => {
                    self.named_import(part, Imported::Default, &from, part.span());
                }
                Named::NamespaceImport => {
                    if let Some(local) = part.child(Named::Identifier) {
                        self.named_import(local, Imported::Namespace, &from, part.span());
                    }
                }
                Named::ImportList => {
                    for specifier in part.children() {
                        self.import_specifier(specifier, &from);
                    }
                }
                _ => {}
            }
        }
    }

    fn import_specifier(&mut self, node: Node<'t>, from: &From) {
        let Some(name) = node.role(Role::Name) else {
            return;
        };
        let local = node.role(Role::Alias).unwrap_or(name);
        let from = From {
            source: from.source.clone(),
            type_only: from.type_only || node.has(Token::Type),
        };
        self.named_import(local, imported(name), &from, node.span());
    }

    /// `import a = b.c`
    pub(super) fn import_alias(&mut self, node: Node<'t>) {
        let mut parts = node.children();
        let (Some(name), Some(target)) = (parts.next(), parts.next()) else {
            return;
        };
        let value = self.dotted(target);
        self.initialise(name, value);
    }

    fn dotted(&mut self, node: Node<'t>) -> ValueId {
        let mut links = Vec::new();
        let mut at = node;
        while at.is(Named::NestedIdentifier) || at.is(Named::Member) {
            links.push(at);
            match at.role(Role::Object) {
                Some(object) => at = object,
                None => break,
            }
        }
        let mut value = self.read(at);
        for link in links.into_iter().rev() {
            let name = link.role(Role::Property).map_or("", Node::text);
            value = self.member(value, name, link.span());
        }
        value
    }

    /// `const a = require("b")`: the import carries the name. `None` for any other value.
    pub(super) fn required(&mut self, value: Node<'t>, local: Option<Name>) -> Option<ValueId> {
        let node = value.bare();
        let callee = node.is(Named::Call).then(|| node.role(Role::Function))??;
        if !self.is_global(callee, "require") {
            return None;
        }
        let source = specifier(node)?;
        Some(self.require(local.unwrap_or_default(), source, node.span()))
    }

    fn require(&mut self, local: Name, source: Name, span: Span) -> ValueId {
        self.add_import(Import {
            local,
            source,
            imported: Imported::CommonJs,
            type_only: false,
            dynamic: self.cx.function != FunctionId(0),
            scope: Name::default(),
            span,
        })
    }

    /// `require("a")` and `import("a")` as expressions; `None` for any other call.
    pub(super) fn module_request(&mut self, node: Node<'t>) -> Option<ValueId> {
        let callee = node.role(Role::Function)?;
        let is_import = callee.is(Named::ImportCallee);
        if !is_import && !self.is_global(callee, "require") {
            return None;
        }
        let span = node.span();
        match specifier(node) {
            Some(source) if is_import => Some(self.add_import(Import {
                local: Name::default(),
                source,
                imported: Imported::Namespace,
                type_only: false,
                dynamic: true,
                scope: Name::default(),
                span,
            })),
            Some(source) => Some(self.require(Name::default(), source, span)),
            None => {
                self.gap(
                    GapKind::DynamicImport,
                    span,
                    "the module is only known when this runs",
                );
                if !is_import {
                    return None;
                }
                let args = self.arguments(node.role(Role::Arguments));
                let parts = args.into_iter().map(|arg| arg.value).collect();
                Some(self.opaque(parts, span))
            }
        }
    }
}

/// What a specifier takes from a module.
pub(super) fn imported(name: Node<'_>) -> Imported {
    let text = match name.named() {
        Named::String => string(name),
        _ => Name::new(name.text()),
    };
    if text == "default" {
        Imported::Default
    } else {
        Imported::Named(text)
    }
}

/// The module that a call of `require` or `import` names by a literal.
fn specifier(call: Node<'_>) -> Option<Name> {
    let first = call.role(Role::Arguments)?.first()?;
    let is_literal = match first.named() {
        Named::String => true,
        Named::Template => first.child(Named::Substitution).is_none(),
        _ => false,
    };
    is_literal.then(|| string(first))
}
