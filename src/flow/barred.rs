//! What calls do with data that they are given, by the vocabulary: check it, bind it, pass it on.

use super::checks::{is_ignored, takes_anything};
use super::fate::SCHEMA;
use super::token::Token;
use super::track::Track;
use crate::link::node::{CallAt, Node};
use crate::vocabulary::position::{PathStep, Position, Root};

/// Kind of sinks that compare data with a column.
const BOUND_KEY: &str = "bound-key";
/// Kind of guards that verify who made a message.
const SIGNATURE: &str = "webhook-signature";

impl Track<'_, '_> {
    /// Whether a call compares what it is given with a column, as a bound value.
    pub(super) fn is_key(&self, token: &Token, at: CallAt, path: &str, position: usize) -> bool {
        let mut rows = self.program.vocabulary.sinks.find(path);
        rows.any(|sink| {
            sink.row.kind == BOUND_KEY
                && (token.text || !sink.row.text)
                && takes(&sink.row.at, Some(position))
                && stands_at(token, &sink.row.at)
                && self.program.holds(at, &sink.row.when)
        }) && self.program.only_reads(at)
    }

    /// Where a library step takes an argument, and whether it makes data of any shape of it.
    pub(super) fn stepped(
        &self,
        at: CallAt,
        path: &str,
        position: usize,
    ) -> Option<Vec<(Node, bool)>> {
        let mut found = None;
        for step in self.program.vocabulary.steps.find(path) {
            if takes(&step.row.from, Some(position)) && self.program.holds(at, &step.row.when) {
                let to = self.program.at_position(at, &step.row.to);
                let to = to.into_iter().map(|node| (node, step.row.parses));
                found.get_or_insert_with(Vec::new).extend(to);
            }
        }
        found
    }

    /// Whether a call checks what is passed: a schema, or a test that the vocabulary knows.
    pub(super) fn checks(&mut self, token: &Token, at: CallAt, position: Option<usize>) -> bool {
        let Some(path) = self.program.callee_path(at) else {
            return false;
        };
        for validator in self.program.vocabulary.validators.find(&path) {
            if takes(&validator.row.input, position) && self.program.holds(at, &validator.row.when)
            {
                if validator.row.typed && takes_anything(self.program, self.edges, at) {
                    continue;
                }
                if !is_ignored(self.program, self.edges, at, validator.row) {
                    let by = self.program.call_name(at).cloned().unwrap_or_default();
                    self.fate(token).pass(SCHEMA, Some(by));
                }
                return true;
            }
        }
        if position.is_some() && self.verifies(token, at, &path) {
            return true;
        }
        let mut found = false;
        for barrier in self.program.vocabulary.barriers.find(&path) {
            if !takes(&barrier.row.input, position) || !self.program.holds(at, &barrier.row.when) {
                continue;
            }
            found = true;
            let result = at.node(self.program.call(at).value);
            let by = self.program.call_name(at).cloned();
            if let Some(output) = &barrier.row.output {
                self.fate(token).pass(&barrier.row.kind, by);
                for node in self.program.at_position(at, output) {
                    self.push(token.made(node));
                }
            } else if self.decides(result) {
                self.fate(token).pass(&barrier.row.kind, by);
            } else {
                self.fate(token).shown = true;
            }
        }
        found
    }

    /// Whether a call is a guard, which judges what it is given by itself: verifies a signature over it, or makes one to
    /// compare with.
    fn verifies(&mut self, token: &Token, at: CallAt, path: &str) -> bool {
        let guards = self.program.vocabulary.guards.find(path);
        let asked: Vec<&str> = guards
            .filter(|guard| self.program.holds(at, &guard.row.when))
            .map(|guard| guard.row.kind.as_str())
            .collect();
        let signs = asked.contains(&SIGNATURE) || self.program.feeds_mac(at);
        if signs && self.is_all(token) {
            self.fate(token).signed = true;
        }
        if signs || !asked.is_empty() {
            self.fate(token).shown = true;
            return true;
        }
        false
    }
}

/// Whether a token stands where a position says, or below.
fn stands_at(token: &Token, position: &Position) -> bool {
    let keys = token.inside.iter().rev();
    position.steps.len() <= token.inside.len()
        && position
            .steps
            .iter()
            .zip(keys)
            .all(|(step, key)| match step {
                PathStep::Key(own) => own == key,
                PathStep::Element => key.starts_with('['),
                _ => false,
            })
}

/// Whether a position takes an argument (or, for `None`, the receiver).
fn takes(position: &Position, argument: Option<usize>) -> bool {
    match (&position.root, argument) {
        (Root::This, None) | (Root::ArgAll, Some(_)) => true,
        (Root::Arg(n), Some(argument)) => *n == argument,
        (Root::ArgsFrom(n), Some(argument)) => *n <= argument,
        _ => false,
    }
}
