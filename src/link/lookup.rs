//! Credentials of the request that are looked up in a store: who finds a row by a secret has shown that he has it.

use super::Program;
use super::node::{CallAt, Func, Node, Target};
use crate::model::ValueKind;

/// Effects by which rows are found.
const READS: [&str; 2] = ["db-read", "cache-read"];

impl Program<'_> {
    /// Whether a call looks a credential of the request up in a store, whoever calls the function that it stands in.
    #[must_use]
    pub fn is_credential_lookup(&self, at: CallAt) -> bool {
        self.keys(at)
            .into_iter()
            .any(|key| self.always_credential(at, key))
    }

    /// Whether a call looks up what one caller at least brings as a credential.
    pub(super) fn may_look_up_credential(&self, at: CallAt) -> bool {
        let names = &self.vocabulary.names;
        let mut keys = self.keys(at).into_iter();
        keys.any(|key| self.origins(key).credential(names))
    }

    /// Whether a project function that a call runs looks up the credential that this call gives it, and answers what it found.
    pub(super) fn looks_argument_up(&self, at: CallAt, func: Func) -> bool {
        let names = &self.vocabulary.names;
        let args = self.call(at).args.iter();
        let brings = |node: &Node| self.origins(*node).credential(names);
        if !args.map(|arg| at.node(arg.value)).any(|node| brings(&node)) {
            return false;
        }
        let answers: Vec<Node> = self
            .returns(func)
            .into_iter()
            .filter(|node| self.can_be(*node, &[], true))
            .collect();
        !answers.is_empty()
            && answers.into_iter().all(|answer| {
                self.read_behind(answer).is_some_and(|read| {
                    let passed = self.params_behind(self.keys(read), func);
                    self.given(at, &passed).iter().any(brings)
                })
            })
    }

    /// What a read of a store is asked with; nothing for any other call.
    fn keys(&self, at: CallAt) -> Vec<Node> {
        let reads = |kind: &str| READS.contains(&kind);
        if !self.effect(at).is_some_and(|effect| reads(&effect.kind)) {
            return Vec::new();
        }
        // What is bound later counts, too: `query(sql).bind(key)`.
        let calls = std::iter::once(at).chain(self.outer_chain(at));
        let args = calls.flat_map(|call| {
            let args = self.call(call).args.iter();
            args.map(move |arg| call.node(arg.value))
        });
        args.collect()
    }

    /// Whether a value is a credential for every caller of the function that a call stands in.
    fn always_credential(&self, at: CallAt, key: Node) -> bool {
        let names = &self.vocabulary.names;
        if self.own_origins(key).credential(names) {
            return true;
        }
        let func = Func {
            file: at.file,
            function: self.call(at).function,
        };
        let passed = self.params_behind(vec![key], func);
        passed.iter().any(|passed| {
            let callers = self.sites(func);
            let brings = |caller: &CallAt| {
                let given = self.given(*caller, std::slice::from_ref(passed));
                given
                    .iter()
                    .any(|node| self.origins(*node).credential(names))
            };
            !callers.is_empty() && callers.iter().all(brings)
        })
    }

    /// The read of a store whose answer a value is.
    fn read_behind(&self, node: Node) -> Option<CallAt> {
        let module = self.module(node.file);
        let mut value = node.value;
        while let ValueKind::Await(inner)
        | ValueKind::Unwrap(inner)
        | ValueKind::Cast { value: inner, .. } = module.kind(value)
        {
            value = *inner;
        }
        let ValueKind::Call(call) = module.kind(value) else {
            return None;
        };
        let at = CallAt {
            file: node.file,
            call: *call,
        };
        match self.resolve(at.node(self.call(at).callee)) {
            Target::Function(_) => None,
            _ => Some(at).filter(|at| !self.keys(*at).is_empty()),
        }
    }
}
