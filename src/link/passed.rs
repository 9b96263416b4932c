//! What of a function's parameters is in what it returns: the part of a summary that says where an answer comes from.
//!
//! What a store or a guard answers is its own data, so that whatever it was asked with is not in the answer.

use super::Program;
use super::node::{CallAt, Func, Node, Target};
use crate::model::{Name, ValueKind};
use rustc_hash::FxHashSet;
use std::rc::Rc;

/// How many values one question looks at.
const VALUES: usize = 400;

/// A parameter, or a member of one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Passed {
    /// Which parameter.
    pub(super) index: usize,
    /// Which member of it, where it is one.
    pub(super) key: Option<Name>,
}

impl Program<'_> {
    /// The parameters of a function that are in what it returns.
    pub(super) fn passed_through(&self, func: Func) -> Rc<[Passed]> {
        if let Some(known) = self.through.borrow().get(&func) {
            return Rc::clone(known);
        }
        // A function that returns what it returns itself passes nothing on by that.
        self.through.borrow_mut().insert(func, Rc::default());
        let found: Rc<[Passed]> = self.params_behind(self.returns(func), func).into();
        self.through.borrow_mut().insert(func, Rc::clone(&found));
        found
    }

    /// The parameters of a function that values in it are made of.
    pub(super) fn params_behind(&self, nodes: Vec<Node>, func: Func) -> Vec<Passed> {
        let mut open = nodes;
        let mut seen: FxHashSet<Node> = FxHashSet::default();
        let mut found: Vec<Passed> = Vec::new();
        while let Some(node) = open.pop()
            && seen.len() < VALUES
        {
            if !seen.insert(node) {
                continue;
            }
            if let Some(passed) = self.passed(node, func) {
                if !found.contains(&passed) {
                    found.push(passed);
                }
                continue;
            }
            match self.module(node.file).kind(node.value) {
                ValueKind::Call(call) => open.extend(self.parts_of_answer(CallAt {
                    file: node.file,
                    call: *call,
                })),
                ValueKind::Compare { .. } | ValueKind::Matches { .. } | ValueKind::Function(_) => {}
                // `list.forEach((item) => { found[item.key] = item; })`: the elements of what the call is made on.
                ValueKind::Param { function, .. } => {
                    let closure = Func {
                        file: node.file,
                        function: *function,
                    };
                    let taken = self.taken_by(closure);
                    let on = taken.and_then(|at| Some(at.node(self.call(at).receiver?)));
                    open.extend(on);
                }
                kind @ (ValueKind::Object(_) | ValueKind::List(_)) => {
                    open.extend(self.index.all_stored(node));
                    open.extend(kind.children().into_iter().map(|value| node.with(value)));
                }
                other => open.extend(other.children().into_iter().map(|value| node.with(value))),
            }
        }
        found
    }

    /// The parameter, or the member of one, that a value is.
    fn passed(&self, node: Node, func: Func) -> Option<Passed> {
        let module = self.module(node.file);
        let param = |kind: &ValueKind| match kind {
            ValueKind::Param { function, index }
                if *function == func.function && node.file == func.file =>
            {
                Some(*index as usize)
            }
            _ => None,
        };
        match module.kind(node.value) {
            ValueKind::Member { base, name, .. } => {
                let index = param(module.kind(*base))?;
                Some(Passed {
                    index,
                    key: Some(name.clone()),
                })
            }
            kind => Some(Passed {
                index: param(kind)?,
                key: None,
            }),
        }
    }

    /// The values at a call that are in its answer.
    fn parts_of_answer(&self, at: CallAt) -> Vec<Node> {
        let call = self.call(at);
        let guards = || {
            let path = self.callee_path(at);
            path.is_some_and(|path| self.vocabulary.guards.contains(&path))
        };
        if self.effect(at).is_some() || guards() {
            return Vec::new();
        }
        match self.resolve(at.node(call.callee)) {
            Target::Function(func) => self.given(at, &self.passed_through(func)),
            _ => {
                let args = call.args.iter().map(|arg| arg.value);
                args.chain(call.receiver)
                    .map(|value| at.node(value))
                    .collect()
            }
        }
    }

    /// What a call gives for parameters of the function that it calls.
    pub(super) fn given(&self, at: CallAt, passed: &[Passed]) -> Vec<Node> {
        let args = &self.call(at).args;
        let nodes = passed.iter().flat_map(|passed| {
            let arg = args.get(passed.index).map(|arg| at.node(arg.value));
            let fields = arg
                .zip(passed.key.as_ref())
                .and_then(|(arg, key)| self.literal_fields(arg, key, false));
            fields.unwrap_or_else(|| arg.into_iter().collect())
        });
        nodes.collect()
    }
}
