//! Local names and the values that they hold at each point.
//!
//! What belongs here: scopes, and the bookkeeping of assignments across branches and loops. Assignments are logged, so that
//! a branch costs what it assigns, not what is in scope. What may not enter: syntax, and the model beyond value ids.

use crate::model::{Name, ValueId};
use rustc_hash::FxHashMap;

/// Index of a local variable; unique in the file.
pub(super) type VarId = usize;

/// Log entries that `break` and `continue` may look at in one file; beyond, what they carry out is not known.
const MAX_LOOKS: usize = 5_000_000;

/// A local variable.
#[derive(Debug)]
pub(super) struct Var {
    /// What it holds now.
    pub(super) value: ValueId,
    /// Declared `mut`.
    pub(super) mutable: bool,
    /// Its value is a cell: assigned in a closure.
    pub(super) cell: bool,
}

/// A point in the log to come back to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    log: usize,
    vars: usize,
    reachable: bool,
}

/// How a branch ends: whether control comes out of it, and what it assigned.
#[derive(Debug, Default)]
pub(super) struct Exit {
    /// Control comes out.
    pub(super) reachable: bool,
    /// Variables of outer scopes with their new values, sorted by variable.
    pub(super) changes: Vec<(VarId, ValueId)>,
}

/// Names that an inner function item does not see.
#[derive(Debug)]
pub(super) struct Hidden {
    names: FxHashMap<Name, Vec<VarId>>,
    scopes: Vec<Vec<Name>>,
}

/// Names, variables and the log of assignments.
#[derive(Debug)]
pub(super) struct Env {
    names: FxHashMap<Name, Vec<VarId>>,
    scopes: Vec<Vec<Name>>,
    vars: Vec<Var>,
    log: Vec<(VarId, ValueId)>,
    looks: usize,
    /// Control reaches this point.
    pub(super) reachable: bool,
}

impl Env {
    pub(super) fn new() -> Self {
        Self {
            names: FxHashMap::default(),
            scopes: Vec::new(),
            vars: Vec::new(),
            log: Vec::new(),
            looks: 0,
            reachable: true,
        }
    }

    pub(super) fn enter(&mut self) {
        self.scopes.push(Vec::new());
    }

    pub(super) fn exit(&mut self) {
        for name in self.scopes.pop().unwrap_or_default() {
            if let Some(stack) = self.names.get_mut(&name) {
                stack.pop();
                if stack.is_empty() {
                    self.names.remove(&name);
                }
            }
        }
    }

    /// Hides all names, for a function item inside a function.
    pub(super) fn hide(&mut self) -> Hidden {
        Hidden {
            names: std::mem::take(&mut self.names),
            scopes: std::mem::take(&mut self.scopes),
        }
    }

    pub(super) fn reveal(&mut self, hidden: Hidden) {
        self.names = hidden.names;
        self.scopes = hidden.scopes;
    }

    pub(super) fn declare(&mut self, name: Name, var: Var) {
        let id = self.vars.len();
        self.vars.push(var);
        self.names.entry(name.clone()).or_default().push(id);
        if let Some(scope) = self.scopes.last_mut() {
            scope.push(name);
        }
    }

    pub(super) fn find(&self, name: &str) -> Option<VarId> {
        self.names.get(name)?.last().copied()
    }

    pub(super) fn var(&self, id: VarId) -> Option<&Var> {
        self.vars.get(id)
    }

    pub(super) fn value(&self, name: &str) -> Option<ValueId> {
        Some(self.var(self.find(name)?)?.value)
    }

    pub(super) fn assign(&mut self, id: VarId, value: ValueId) {
        if let Some(var) = self.vars.get_mut(id) {
            self.log.push((id, var.value));
            var.value = value;
        }
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            log: self.log.len(),
            vars: self.vars.len(),
            reachable: self.reachable,
        }
    }

    /// What was assigned since the mark.
    pub(super) fn since(&self, mark: Mark) -> Exit {
        let logged = self.log.get(mark.log..).unwrap_or_default();
        let mut changed: Vec<VarId> = logged
            .iter()
            .map(|(id, _)| *id)
            .filter(|id| *id < mark.vars)
            .collect();
        changed.sort_unstable();
        changed.dedup();
        Exit {
            reachable: self.reachable,
            changes: changed
                .into_iter()
                .filter_map(|id| Some((id, self.var(id)?.value)))
                .collect(),
        }
    }

    /// What a `break` or `continue` carries out; `None` once too much has been looked at.
    pub(super) fn carried(&mut self, mark: Mark) -> Option<Exit> {
        self.looks += self.log.len().saturating_sub(mark.log);
        (self.looks <= MAX_LOOKS).then(|| self.since(mark))
    }

    /// Ends a branch: everything is as it was at the mark.
    pub(super) fn leave(&mut self, mark: Mark) -> Exit {
        let exit = self.since(mark);
        while self.log.len() > mark.log {
            if let Some((id, old)) = self.log.pop()
                && let Some(var) = self.vars.get_mut(id)
            {
                var.value = old;
            }
        }
        self.reachable = mark.reachable;
        exit
    }

    /// The values that each variable may have where the exits meet, for those that some exit assigned.
    pub(super) fn meet(&mut self, exits: &[Exit]) -> Vec<(VarId, Vec<ValueId>)> {
        let open = exits.iter().filter(|exit| exit.reachable);
        self.reachable = open.clone().next().is_some();
        let count = open.clone().count();
        let mut changes: Vec<(VarId, ValueId)> =
            open.flat_map(|exit| exit.changes.iter().copied()).collect();
        changes.sort_by_key(|(id, _)| *id);
        changes
            .chunk_by(|a, b| a.0 == b.0)
            .filter_map(|group| {
                let id = group.first()?.0;
                let mut values = Vec::with_capacity(group.len() + 1);
                if group.len() < count {
                    values.push(self.var(id)?.value);
                }
                values.extend(group.iter().map(|(_, value)| *value));
                values.sort_unstable();
                values.dedup();
                Some((id, values))
            })
            .collect()
    }
}
