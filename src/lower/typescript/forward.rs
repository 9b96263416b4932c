//! Reads of variables whose value is not known yet, because a function that is written above the declaration
//! reads it.
//!
//! What belongs here: stand-ins for such values, and putting the values in their place once the file is read.
//! What may not enter: syntax.

use super::names::VarId;
use crate::model::{Entry, ExportKind, Leave, Literal, Module, Step, StoreKey, ValueId, ValueKind};
use rustc_hash::FxHashMap;

/// The stand-ins of a file.
#[derive(Debug, Default)]
pub(super) struct Forward {
    stand_ins: FxHashMap<VarId, ValueId>,
    /// What each stand-in turned out to be.
    known: FxHashMap<ValueId, ValueId>,
}

impl Forward {
    /// The stand-in of a variable.
    pub(super) fn get(&self, variable: VarId) -> Option<ValueId> {
        self.stand_ins.get(&variable).copied()
    }

    /// Adds a stand-in.
    pub(super) fn add(&mut self, variable: VarId, stand_in: ValueId) {
        self.stand_ins.insert(variable, stand_in);
    }

    /// The variable got its value.
    pub(super) fn found(&mut self, variable: VarId, value: ValueId) {
        if let Some(stand_in) = self.get(variable) {
            self.known.entry(stand_in).or_insert(value);
        }
    }

    /// One value turned out to be another.
    pub(super) fn same(&mut self, value: ValueId, other: ValueId) {
        self.known.insert(value, other);
    }

    /// Replaces every stand-in by what it turned out to be.
    pub(super) fn settle(&self, module: &mut Module) {
        if self.stand_ins.is_empty() && self.known.is_empty() {
            return;
        }
        for stand_in in self.stand_ins.values() {
            if self.resolve(*stand_in) == *stand_in
                && let Some(value) = module.values.get_mut(stand_in.index())
            {
                value.kind = ValueKind::Literal(Literal::Undefined);
            }
        }
        each_value(module, &mut |id| *id = self.resolve(*id));
    }

    /// Follows `const a = b` in which `b` is itself a stand-in; a circle is left as it is.
    fn resolve(&self, id: ValueId) -> ValueId {
        let mut at = id;
        for _ in 0..=self.known.len().min(64) {
            match self.known.get(&at) {
                Some(next) if *next != at => at = *next,
                _ => return at,
            }
        }
        id
    }
}

/// Visits every place of a module that names a value.
fn each_value(module: &mut Module, change: &mut impl FnMut(&mut ValueId)) {
    for value in &mut module.values {
        each_part(&mut value.kind, change);
    }
    for call in &mut module.calls {
        change(&mut call.callee);
        call.receiver.iter_mut().for_each(&mut *change);
        call.args.iter_mut().for_each(|arg| change(&mut arg.value));
    }
    for store in &mut module.stores {
        change(&mut store.target);
        change(&mut store.value);
        if let StoreKey::Index(key) = &mut store.key {
            change(key);
        }
    }
    for block in &mut module.blocks {
        block
            .steps
            .iter_mut()
            .for_each(|step| each_of_step(step, change));
    }
    for function in &mut module.functions {
        for param in &mut function.params {
            param.default.iter_mut().for_each(&mut *change);
        }
        for result in &mut function.returns {
            result.value.iter_mut().for_each(&mut *change);
        }
    }
    for export in &mut module.exports {
        if let ExportKind::Value(value) = &mut export.kind {
            change(value);
        }
    }
    for field in module.types.iter_mut().flat_map(|decl| &mut decl.fields) {
        field.value.iter_mut().for_each(&mut *change);
    }
}

fn each_of_step(step: &mut Step, change: &mut impl FnMut(&mut ValueId)) {
    match step {
        Step::Branch { condition, .. } => change(condition),
        Step::Match { subject, arms, .. } => {
            change(subject);
            for (value, _) in arms {
                value.iter_mut().for_each(&mut *change);
            }
        }
        Step::Loop {
            over, condition, ..
        } => {
            over.iter_mut().chain(condition).for_each(change);
        }
        Step::Leave(Leave::Return(Some(value)) | Leave::Throw(Some(value))) => change(value),
        _ => {}
    }
}

fn each_part(kind: &mut ValueKind, change: &mut impl FnMut(&mut ValueId)) {
    match kind {
        ValueKind::Member { base, .. } | ValueKind::Rest { base, .. } => change(base),
        ValueKind::Index { base, key } => {
            change(base);
            change(key);
        }
        ValueKind::Binary { left, right, .. }
        | ValueKind::Logical { left, right, .. }
        | ValueKind::Compare { left, right, .. } => {
            change(left);
            change(right);
        }
        ValueKind::Element(value)
        | ValueKind::Await(value)
        | ValueKind::Unwrap(value)
        | ValueKind::Unary { operand: value, .. }
        | ValueKind::Cast { value, .. }
        | ValueKind::Matches { value, .. } => change(value),
        ValueKind::Text(values)
        | ValueKind::Join(values)
        | ValueKind::Cell(values)
        | ValueKind::Opaque(values) => values.iter_mut().for_each(change),
        ValueKind::Object(entries) => {
            for entry in entries {
                match entry {
                    Entry::Field { value, .. } | Entry::Spread(value) => change(value),
                    Entry::Computed { key, value } => {
                        change(key);
                        change(value);
                    }
                }
            }
        }
        ValueKind::List(items) => items.iter_mut().for_each(|item| change(&mut item.value)),
        ValueKind::Literal(_)
        | ValueKind::Param { .. }
        | ValueKind::This(_)
        | ValueKind::Import(_)
        | ValueKind::Global(_)
        | ValueKind::Path(_)
        | ValueKind::Function(_)
        | ValueKind::Class(_)
        | ValueKind::Call(_) => {}
    }
}
