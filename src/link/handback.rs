//! Calls that yield what a function yields that is passed to them: `span("load", async () => load())`.
//!
//! A project function does so if all that it returns are calls of one of its parameters; of a library, `[[step]]` rows
//! from `argN.return` say it.

use super::Program;
use super::node::{CallAt, Func, Node, Target};
use crate::model::ValueKind;
use crate::vocabulary::position::{PathStep, Position, Root};

/// How deep closures in closures are asked.
const DEPTH: u32 = 6;

impl Program<'_> {
    /// The function whose result a call yields.
    pub(super) fn hands_back(&self, at: CallAt) -> Option<Func> {
        self.hands_back_within(at, 0)
    }

    fn hands_back_within(&self, at: CallAt, depth: u32) -> Option<Func> {
        let call = self.call(at);
        let module = self.module(at.file);
        let is_function = |value| matches!(module.kind(value), ValueKind::Function(_));
        let args = call.args.iter();
        // A cheap test that spares most calls the look-up.
        if depth > DEPTH || !args.clone().any(|arg| is_function(arg.value)) {
            return None;
        }
        let passed = match self.resolve(at.node(call.callee)) {
            Target::Function(func) => {
                let index = self.called_param(func, depth)?;
                at.node(call.args.get(index)?.value)
            }
            Target::Path(path) => {
                let mut steps = self.vocabulary.steps.find(&path);
                steps.find_map(|step| {
                    let from = step.row.same.then_some(&step.row.from)?;
                    let (last, before) = from.steps.split_last()?;
                    let function = Position {
                        steps: before.to_vec(),
                        ..from.clone()
                    };
                    let applies = *last == PathStep::Return && step.row.to.root == Root::Return;
                    let found = applies.then(|| self.at_position(at, &function))?;
                    found.first().copied()
                })?
            }
            _ => return None,
        };
        match self.resolve(passed) {
            Target::Function(func) => Some(func),
            _ => None,
        }
    }

    /// The parameter whose call is all that a function returns.
    fn called_param(&self, func: Func, depth: u32) -> Option<usize> {
        if let Some(known) = self.handed.borrow().get(&func) {
            return *known;
        }
        // A function that hands back what it hands back itself has none.
        self.handed.borrow_mut().insert(func, None);
        let found = self.same_param(func, func, depth);
        self.handed.borrow_mut().insert(func, found);
        found
    }

    /// The parameter of `of` whose call is all that `func` returns, a closure in it or itself.
    fn same_param(&self, func: Func, of: Func, depth: u32) -> Option<usize> {
        let mut params = self
            .returns(func)
            .into_iter()
            .map(|node| self.param_of_call(node, of, depth));
        let first = params.next()??;
        params.all(|param| param == Some(first)).then_some(first)
    }

    fn param_of_call(&self, node: Node, of: Func, depth: u32) -> Option<usize> {
        let module = self.module(node.file);
        let mut value = node.value;
        while let ValueKind::Await(inner) | ValueKind::Cast { value: inner, .. } =
            module.kind(value)
        {
            value = *inner;
        }
        let ValueKind::Call(call) = module.kind(value) else {
            return None;
        };
        match module.kind(module.call(*call).callee) {
            ValueKind::Param { function, index }
                if *function == of.function && node.file == of.file =>
            {
                Some(*index as usize)
            }
            _ => {
                let at = CallAt {
                    file: node.file,
                    call: *call,
                };
                let inner = self.hands_back_within(at, depth + 1)?;
                let within = inner.file == of.file
                    && inner != of
                    && self.function(of).span.contains(self.function(inner).span);
                within
                    .then(|| self.same_param(inner, of, depth + 1))
                    .flatten()
            }
        }
    }
}
