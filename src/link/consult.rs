//! Decisions about a credential that cannot be followed to their end.
//!
//! A handler that turns requests away by what a look-up with their credential says is guarded, though nothing proves by what: the
//! key may be split, looked up in two stores, compared by a library that no vocabulary describes. Such an endpoint is
//! *unknown*, which is neither protected nor open.

use super::Program;
use super::facts::{CONSULTED, Facts, Proof};
use super::node::{CallAt, Node, Target};
use crate::model::ValueKind;

/// How many parts of a condition are looked at.
const PARTS: usize = 24;
/// Effects by which a credential is looked up.
const LOOKUPS: [&str; 3] = ["db-read", "cache-read", "http-call"];

impl Program<'_> {
    /// What a condition says about the caller that is not understood; it holds on the way on if the other way ends.
    pub(super) fn consulted(&self, condition: Node) -> Facts {
        let Some(at) = self.calls_behind(condition).find(|at| self.consults(*at)) else {
            return Facts::default();
        };
        Facts::one(Proof {
            kind: CONSULTED.into(),
            by: self.display_name(at.node(self.call(at).callee)),
            at: self.location(at.node(self.call(at).value)),
        })
    }

    /// The calls whose results a condition is made of.
    fn calls_behind(&self, condition: Node) -> impl Iterator<Item = CallAt> {
        let mut open = vec![condition];
        let mut calls = Vec::new();
        for _ in 0..PARTS {
            let Some(node) = open.pop() else { break };
            let module = self.module(node.file);
            match module.kind(node.value) {
                ValueKind::Call(call) => {
                    let at = CallAt {
                        file: node.file,
                        call: *call,
                    };
                    calls.push(at);
                    open.extend(self.same_as(at));
                }
                kind @ (ValueKind::Unary { .. }
                | ValueKind::Logical { .. }
                | ValueKind::Compare { .. }
                | ValueKind::Matches { .. }
                | ValueKind::Await(_)
                | ValueKind::Unwrap(_)
                | ValueKind::Cast { .. }
                | ValueKind::Join(_)
                | ValueKind::Cell(_)) => {
                    open.extend(kind.children().into_iter().map(|value| node.with(value)));
                }
                ValueKind::Member { base, .. } => open.push(node.with(*base)),
                _ => {}
            }
        }
        calls.into_iter()
    }

    /// Whether a call looks a credential up, or hands it to somebody unknown.
    fn consults(&self, at: CallAt) -> bool {
        let call = self.call(at);
        let names = &self.vocabulary.names;
        let brings = || {
            let parts = call.args.iter().map(|arg| arg.value).chain(call.receiver);
            let mut parts = parts.map(|value| self.origins(at.node(value)));
            parts.any(|origins| origins.credential(names))
        };
        let answering = self.hands_back(at).or_else(|| self.callee_function(at));
        if let Some(func) = answering {
            let looks_up = |kind: &str| LOOKUPS.contains(&kind);
            let effects = &self.summary(func).effects;
            return effects.iter().any(|hit| looks_up(&hit.effect.kind))
                && (brings() || self.looks_at_credential(func, 0));
        }
        match self.resolve(at.node(call.callee)) {
            Target::Path(path) => {
                (!self.is_described(&path) && brings()) || self.may_look_up_credential(at)
            }
            Target::Unknown(_) => {
                let sounds = self
                    .call_name(at)
                    .is_some_and(|name| names.matches("guard", name));
                sounds && !call.args.is_empty()
            }
            _ => false,
        }
    }
}
