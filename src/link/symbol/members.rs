//! Values and their members.

use super::{Budget, Symbol, Symbols, Want};
use crate::model::{Entry, Name, TypeDeclKind, TypeId, ValueId, ValueKind};
use crate::source::FileId;

/// How many entries of an object literal are looked through.
const MOST_ENTRIES: usize = 4_096;

/// Names of the object that holds the globals.
const GLOBAL_OBJECTS: [&str; 4] = ["global", "globalThis", "self", "window"];

impl Symbols<'_> {
    pub(super) fn value_as(
        &self,
        file: FileId,
        value: ValueId,
        want: Want,
        budget: &mut Budget,
    ) -> Symbol {
        let itself = Symbol::Value { file, value };
        let otherwise = itself.clone();
        budget.deeper(otherwise, |budget| match self.kind(file, value) {
            Some(ValueKind::Import(import)) => self.import_as(file, *import, want, budget),
            Some(ValueKind::Global(name)) => global(name),
            Some(ValueKind::Member { base, name, .. }) => {
                let base = self.value_as(file, *base, Want::Value, budget);
                match self.member_as(&base, name, want, budget) {
                    Symbol::Unknown => itself,
                    member => member,
                }
            }
            _ => itself,
        })
    }

    pub(super) fn member_as(
        &self,
        of: &Symbol,
        name: &str,
        want: Want,
        budget: &mut Budget,
    ) -> Symbol {
        budget.deeper(Symbol::Unknown, |budget| match of {
            Symbol::Module(file) | Symbol::CommonJs(file) => {
                self.export_as(*file, name, want, budget)
            }
            Symbol::External(path) => external_member(path, name),
            Symbol::Type { file, ty } => self.type_member(*file, *ty, name, want, budget),
            Symbol::Value { file, value } => self.value_member(*file, *value, name, want, budget),
            Symbol::Unknown => Symbol::Unknown,
        })
    }

    fn value_member(
        &self,
        file: FileId,
        value: ValueId,
        name: &str,
        want: Want,
        budget: &mut Budget,
    ) -> Symbol {
        let found = match self.kind(file, value) {
            Some(ValueKind::Object(entries)) => self.entry(file, entries, name, want, budget),
            Some(ValueKind::Class(ty)) => self.type_member(file, *ty, name, want, budget),
            Some(ValueKind::Cast { value, .. }) => {
                let of = self.value_as(file, *value, Want::Value, budget);
                self.member_as(&of, name, want, budget)
            }
            _ => Symbol::Unknown,
        };
        // `module.exports = f; module.exports.g = ..` makes `g` a member of `f`.
        if found == Symbol::Unknown && self.assigned(file) == Some(value) {
            return self.own_export(file, name, want, budget);
        }
        found
    }

    /// The last entry that can have the key decides.
    fn entry(
        &self,
        file: FileId,
        entries: &[Entry],
        name: &str,
        want: Want,
        budget: &mut Budget,
    ) -> Symbol {
        for entry in entries.iter().rev().take(MOST_ENTRIES) {
            match entry {
                Entry::Field { key, value, .. } if key == name => {
                    return self.value_as(file, *value, want, budget);
                }
                Entry::Spread(value) => {
                    let of = self.value_as(file, *value, Want::Value, budget);
                    let found = self.member_as(&of, name, want, budget);
                    if found != Symbol::Unknown {
                        return found;
                    }
                }
                Entry::Field { .. } | Entry::Computed { .. } => {}
            }
        }
        Symbol::Unknown
    }

    /// A static member of a class; an enum's variant is the enum.
    fn type_member(
        &self,
        file: FileId,
        ty: TypeId,
        name: &str,
        want: Want,
        budget: &mut Budget,
    ) -> Symbol {
        let Some(module) = self.module(file).map(|(module, _)| module) else {
            return Symbol::Unknown;
        };
        let Some(decl) = module.types.get(ty.index()) else {
            return Symbol::Unknown;
        };
        let mut fields = decl.fields.iter().filter(|field| field.name == name);
        if decl.kind == TypeDeclKind::Enum && fields.next().is_some() {
            return Symbol::Type { file, ty };
        }
        let method = decl.methods.iter().find(|m| m.is_static && m.name == name);
        if let Some(function) = method.and_then(|m| module.functions.get(m.function.index())) {
            return Symbol::Value {
                file,
                value: function.value,
            };
        }
        match fields
            .find(|field| field.is_static)
            .and_then(|field| field.value)
        {
            Some(value) => self.value_as(file, value, want, budget),
            None => Symbol::Unknown,
        }
    }
}

fn global(name: &str) -> Symbol {
    Symbol::External(smol_str::format_smolstr!("global::{name}"))
}

/// A member of a package as a whole is an export of it; of anything else it is a member.
fn external_member(path: &Name, name: &str) -> Symbol {
    let path = match path.split_once("::") {
        Some(("global", object)) if GLOBAL_OBJECTS.contains(&object) => return global(name),
        Some((package, "default")) => smol_str::format_smolstr!("{package}::{name}"),
        _ => smol_str::format_smolstr!("{path}.{name}"),
    };
    Symbol::External(path)
}
