//! `use` and `mod name;`.
//!
//! What belongs here: what a file takes from elsewhere and passes on. What may not enter: where that is.

use super::state::Lower;
use super::types::name_of;
use crate::model::{Export, ExportKind, Import, Imported, Name};
use syn::{UseTree, Visibility};

impl Lower<'_> {
    pub(super) fn use_item(&mut self, item: &syn::ItemUse) {
        let public = !matches!(item.vis, Visibility::Inherited);
        self.use_tree(&item.tree, &mut Vec::new(), public);
    }

    pub(super) fn extern_crate(&mut self, item: &syn::ItemExternCrate) {
        let public = !matches!(item.vis, Visibility::Inherited);
        let local = item.rename.as_ref().map_or(&item.ident, |(_, name)| name);
        self.import(&[], &item.ident, local, public);
    }

    fn use_tree(&mut self, tree: &UseTree, path: &mut Vec<Name>, public: bool) {
        match tree {
            UseTree::Path(step) => {
                path.push(name_of(&step.ident));
                self.deeper(
                    |lower| lower.at.token(step.ident.span()),
                    |lower| lower.use_tree(&step.tree, path, public),
                );
                path.pop();
            }
            UseTree::Group(group) => {
                for item in &group.items {
                    self.deeper(
                        |lower| lower.at.token(group.brace_token.span.open()),
                        |lower| lower.use_tree(item, path, public),
                    );
                }
            }
            UseTree::Name(name) => self.import(path, &name.ident, &name.ident, public),
            UseTree::Rename(name) => self.import(path, &name.ident, &name.rename, public),
            UseTree::Glob(glob) => {
                let span = self.at.token(glob.star_token.span);
                let source = joined(path);
                self.module.imports.push(Import {
                    local: Name::default(),
                    source: source.clone(),
                    imported: Imported::Glob,
                    type_only: false,
                    dynamic: false,
                    scope: self.scope.clone(),
                    span,
                });
                if public && !self.local {
                    self.export(Name::default(), ExportKind::Star { source }, span);
                }
            }
        }
    }

    fn import(
        &mut self,
        path: &[Name],
        name: &proc_macro2::Ident,
        local: &proc_macro2::Ident,
        public: bool,
    ) {
        let span = self.at.token(local.span());
        // `a::b::{self}` takes `b` from `a`.
        let (path, name, local) = match path {
            [front @ .., last] if name == "self" => {
                let same = local == "self";
                (
                    front,
                    last.clone(),
                    if same { last.clone() } else { name_of(local) },
                )
            }
            _ => (path, name_of(name), name_of(local)),
        };
        let source = joined(path);
        let imported = Imported::Named(name);
        self.module.imports.push(Import {
            local: local.clone(),
            source: source.clone(),
            imported: imported.clone(),
            type_only: false,
            dynamic: false,
            scope: self.scope.clone(),
            span,
        });
        if public && !self.local {
            self.export(local, ExportKind::From { source, imported }, span);
        }
    }

    pub(super) fn export(&mut self, name: Name, kind: ExportKind, span: crate::source::Span) {
        let scope = self.scope.clone();
        self.module.exports.push(Export {
            name,
            kind,
            scope,
            span,
        });
    }
}

fn joined(path: &[Name]) -> Name {
    let names: Vec<&str> = path.iter().map(Name::as_str).collect();
    names.join("::").into()
}
