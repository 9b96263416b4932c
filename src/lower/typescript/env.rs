//! What variables hold at a point of the program.
//!
//! What belongs here: the current value of each variable, and the changes that a path makes to them. What may not
//! enter: syntax, and how values are made.
//!
//! A path is entered with [`Env::mark`] and left with [`Env::take`], which puts everything back as it was and
//! returns what had changed, so a branch costs as much as it assigns.

use super::names::VarId;
use crate::model::ValueId;
use rustc_hash::FxHashMap;

/// The variables that a path changed, with what they held at its end.
pub(super) type Changes = Vec<(VarId, ValueId)>;

/// The end of a path.
#[derive(Debug, Default)]
pub(super) struct Path {
    /// Control does not come out at its end.
    pub(super) left: bool,
    /// What it changed.
    pub(super) changes: Changes,
}

/// A variable and the values it may hold where paths meet.
pub(super) type Meeting = (VarId, Vec<ValueId>);

/// The current values.
#[derive(Debug, Default)]
pub(super) struct Env {
    current: Vec<Option<ValueId>>,
    log: Vec<(VarId, Option<ValueId>)>,
    seen: Vec<u32>,
    round: u32,
}

impl Env {
    /// An environment of so many variables.
    pub(super) fn new(variables: usize) -> Self {
        Self {
            current: vec![None; variables],
            log: Vec::new(),
            seen: vec![0; variables],
            round: 0,
        }
    }

    /// What a variable holds; `None` before it is declared.
    pub(super) fn get(&self, variable: VarId) -> Option<ValueId> {
        self.current.get(variable.index()).copied().flatten()
    }

    /// Sets a variable for good: paths do not take it back.
    pub(super) fn fix(&mut self, variable: VarId, value: ValueId) {
        if let Some(place) = self.current.get_mut(variable.index()) {
            *place = Some(value);
        }
    }

    /// Sets a variable on the current path.
    pub(super) fn set(&mut self, variable: VarId, value: ValueId) {
        if let Some(place) = self.current.get_mut(variable.index()) {
            self.log.push((variable, *place));
            *place = Some(value);
        }
    }

    /// Starts a path.
    pub(super) fn mark(&self) -> usize {
        self.log.len()
    }

    /// Hides the paths that are open while another function is lowered.
    pub(super) fn enter_function(&mut self) -> Vec<(VarId, Option<ValueId>)> {
        std::mem::take(&mut self.log)
    }

    /// Shows them again.
    pub(super) fn leave_function(&mut self, log: Vec<(VarId, Option<ValueId>)>) {
        self.log = log;
    }

    /// Whether this is the first time since the last call of `start_round` that a variable is met.
    fn first(&mut self, variable: VarId) -> bool {
        let round = self.round;
        match self.seen.get_mut(variable.index()) {
            Some(seen) if *seen != round => {
                *seen = round;
                true
            }
            _ => false,
        }
    }

    fn start_round(&mut self) {
        self.round = self.round.wrapping_add(1);
    }

    /// What has changed since the mark.
    pub(super) fn since(&mut self, mark: usize) -> Changes {
        self.start_round();
        let mut changes = Vec::new();
        for at in mark..self.log.len() {
            let Some((variable, _)) = self.log.get(at).copied() else {
                break;
            };
            if self.first(variable)
                && let Some(value) = self.get(variable)
            {
                changes.push((variable, value));
            }
        }
        changes
    }

    /// How many changes [`Env::since`] has to look at.
    pub(super) fn length_since(&self, mark: usize) -> usize {
        self.log.len().saturating_sub(mark)
    }

    /// Every value that a variable has held since the mark, the first one included.
    pub(super) fn held_since(&self, mark: usize) -> Vec<Meeting> {
        let mut at: FxHashMap<VarId, usize> = FxHashMap::default();
        let mut held: Vec<Meeting> = Vec::new();
        for (variable, old) in self.log.get(mark..).unwrap_or_default() {
            let index = *at.entry(*variable).or_insert_with(|| {
                held.push((*variable, Vec::new()));
                held.len() - 1
            });
            if let (Some((_, values)), Some(old)) = (held.get_mut(index), old) {
                values.push(*old);
            }
        }
        for (variable, values) in &mut held {
            values.extend(self.get(*variable));
        }
        held
    }

    /// Ends the path that began at the mark.
    pub(super) fn take(&mut self, mark: usize) -> Changes {
        let changes = self.since(mark);
        while self.log.len() > mark {
            let Some((variable, old)) = self.log.pop() else {
                break;
            };
            if let Some(place) = self.current.get_mut(variable.index()) {
                *place = old;
            }
        }
        changes
    }

    /// What the variables may hold where these paths meet. A path that left has no part in it.
    pub(super) fn meet(&self, paths: &[Path]) -> Vec<Meeting> {
        let alive = paths.iter().filter(|path| !path.left).count();
        let mut at: FxHashMap<VarId, usize> = FxHashMap::default();
        let mut met: Vec<(VarId, usize, Vec<ValueId>)> = Vec::new();
        for path in paths.iter().filter(|path| !path.left) {
            for (variable, value) in &path.changes {
                let index = *at.entry(*variable).or_insert_with(|| {
                    met.push((*variable, 0, Vec::new()));
                    met.len() - 1
                });
                if let Some((_, count, values)) = met.get_mut(index) {
                    *count += 1;
                    values.push(*value);
                }
            }
        }
        met.into_iter()
            .map(|(variable, count, mut values)| {
                if count < alive
                    && let Some(before) = self.get(variable)
                {
                    values.insert(0, before);
                }
                (variable, values)
            })
            .collect()
    }
}
