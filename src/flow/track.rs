//! Following one value forward: what is made of it, which checks it passes, where it ends up.

use super::checks::{is_ignored, takes_anything};
use super::uses::{Use, Uses};
use crate::link::Program;
use crate::link::node::{CallAt, Func, Node, Target};
use crate::model::{Comparison, FunctionId, Literal, Name, StoreKey, UnaryOp, ValueId, ValueKind};
use crate::vocabulary::position::{Position, Root};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::rc::Rc;

/// How many values one read is followed through.
const BUDGET: usize = 4_000;
/// How deep calls are followed.
const CALLS: usize = 6;

/// Calls of the languages themselves that test their receiver or argument.
const TESTS: [&str; 8] = [
    "test",
    "includes",
    "has",
    "match",
    "indexOf",
    "contains",
    "is_match",
    "contains_key",
];

/// Reverse edges of the modules that were asked for.
#[derive(Default)]
pub(super) struct Edges {
    modules: RefCell<FxHashMap<u32, Rc<Uses>>>,
}

impl Edges {
    pub(super) fn of(&self, program: &Program<'_>, node: Node) -> Rc<Uses> {
        let mut modules = self.modules.borrow_mut();
        let uses = modules
            .entry(node.file.0)
            .or_insert_with(|| Rc::new(Uses::new(program.module(node.file))));
        Rc::clone(uses)
    }
}

/// What became of one field of what was read (`None`: of the whole).
#[derive(Debug, Clone, Default)]
pub(super) struct Fate {
    /// Calls that take it: effects, and functions that are out of sight.
    pub(super) used: Vec<(CallAt, usize)>,
    /// A schema that it passes.
    pub(super) validated: Option<Name>,
    /// A hand-written test of type, pattern, range, length or membership.
    pub(super) tested: bool,
    /// It is only passed on to an answer or a log.
    pub(super) shown: bool,
}

/// A value on its way, with the field that it stands for and the calls that led into the current function.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Token {
    node: Node,
    field: Option<Name>,
    stack: Vec<CallAt>,
}

/// One value followed forward.
pub(super) struct Track<'t, 'p> {
    program: &'t Program<'p>,
    edges: &'t Edges,
    fates: FxHashMap<Option<Name>, Fate>,
    seen: FxHashSet<(Node, Option<Name>)>,
    work: Vec<Token>,
}

impl<'t, 'p> Track<'t, 'p> {
    /// Follows a value.
    pub(super) fn run(
        program: &'t Program<'p>,
        edges: &'t Edges,
        from: Node,
        key: Option<Name>,
    ) -> Vec<(Option<Name>, Fate)> {
        let mut track = Self {
            program,
            edges,
            fates: FxHashMap::default(),
            seen: FxHashSet::default(),
            work: Vec::new(),
        };
        track.push(Token {
            node: from,
            field: key,
            stack: Vec::new(),
        });
        let mut steps = 0;
        while let Some(token) = track.work.pop()
            && steps < BUDGET
        {
            steps += 1;
            let edges = track.edges.of(program, token.node);
            for used in edges.of(token.node) {
                track.step(&token, *used);
            }
        }
        let mut fates: Vec<_> = track.fates.into_iter().collect();
        fates.sort_by(|a, b| a.0.cmp(&b.0));
        fates
    }

    fn push(&mut self, token: Token) {
        if self.seen.insert((token.node, token.field.clone())) {
            self.work.push(token);
        }
    }

    fn fate(&mut self, token: &Token) -> &mut Fate {
        self.fates.entry(token.field.clone()).or_default()
    }

    fn step(&mut self, token: &Token, used: Use) {
        let file = token.node.file;
        match used {
            Use::Part(value) => self.part(token, value),
            Use::Argument(call, position) => self.argument(token, CallAt { file, call }, position),
            Use::Receiver(call) => self.receiver(token, CallAt { file, call }),
            Use::Callee(_) | Use::Decides(_) => {}
            Use::Stored(store) => {
                let store = self.program.module(file).store(store);
                let into = Token {
                    node: token.node.with(store.target),
                    ..token.clone()
                };
                match &store.key {
                    StoreKey::Member(_) | StoreKey::Index(_) | StoreKey::Whole => self.push(into),
                }
            }
            Use::Returned(function) => self.returned(token, function),
        }
    }

    fn part(&mut self, token: &Token, value: ValueId) {
        let module = self.program.module(token.node.file);
        let node = token.node.with(value);
        let mut next = Token {
            node,
            ..token.clone()
        };
        match module.kind(value) {
            ValueKind::Member { base, name, .. } if *base == token.node.value => {
                if next.field.is_none() && name != "0" {
                    next.field = Some(name.clone());
                }
                self.push(next);
            }
            ValueKind::Index { base, key } => {
                if *base == token.node.value {
                    if let (None, ValueKind::Literal(Literal::Str(name))) =
                        (&next.field, module.kind(*key))
                    {
                        next.field = Some(name.clone());
                    }
                    self.push(next);
                } else if self.decides(node) {
                    self.fate(token).tested = true;
                }
            }
            ValueKind::Compare { op, left, right } => {
                self.compared(token, node, *op, *left, *right)
            }
            ValueKind::Unary {
                op: UnaryOp::TypeOf,
                ..
            }
            | ValueKind::Unary {
                op: UnaryOp::Not, ..
            } => {
                // What is behind the test is looked at where it is compared or decides.
                if matches!(
                    module.kind(value),
                    ValueKind::Unary {
                        op: UnaryOp::TypeOf,
                        ..
                    }
                ) && self.type_tested(node)
                {
                    self.fate(token).tested = true;
                }
            }
            ValueKind::Matches { .. } => {}
            _ => self.push(next),
        }
    }

    fn compared(
        &mut self,
        token: &Token,
        node: Node,
        op: Comparison,
        left: ValueId,
        right: ValueId,
    ) {
        let module = self.program.module(token.node.file);
        let other = if left == token.node.value {
            right
        } else {
            left
        };
        let presence = matches!(op, Comparison::Eq | Comparison::Ne)
            && match module.kind(other) {
                ValueKind::Literal(Literal::Null | Literal::Undefined | Literal::Bool(_)) => true,
                ValueKind::Literal(Literal::Str(text)) => text.is_empty(),
                ValueKind::Literal(Literal::Number(number)) => *number == 0.0,
                ValueKind::Literal(_) => false,
                // Equality with another value of the request or the database tells nothing about the shape.
                _ => true,
            };
        if !presence && self.decides(node) {
            self.fate(token).tested = true;
        }
    }

    /// `typeof x === "string"`: the comparison with a type name decides.
    fn type_tested(&self, node: Node) -> bool {
        let module = self.program.module(node.file);
        let edges = self.edges.of(self.program, node);
        edges.of(node).iter().any(|used| {
            let Use::Part(value) = used else { return false };
            let ValueKind::Compare { left, right, .. } = module.kind(*value) else { return false };
            let names_type = [*left, *right].iter().any(
                |side| matches!(module.kind(*side), ValueKind::Literal(Literal::Str(text)) if text != "undefined"),
            );
            names_type && self.decides(node.with(*value))
        })
    }

    /// Whether a value decides a branch that leaves or has two sides, through `!`, `&&`, `||`, or by being returned.
    fn decides(&self, node: Node) -> bool {
        let mut work = vec![node];
        let mut seen = FxHashSet::default();
        while let Some(node) = work.pop() {
            if !seen.insert(node) || seen.len() > 64 {
                continue;
            }
            let module = self.program.module(node.file);
            for used in self.edges.of(self.program, node).of(node) {
                match used {
                    Use::Decides(true) | Use::Returned(_) => return true,
                    Use::Part(value) => match module.kind(*value) {
                        ValueKind::Unary {
                            op: UnaryOp::Not, ..
                        }
                        | ValueKind::Logical { .. }
                        | ValueKind::Join(_)
                        | ValueKind::Compare { .. } => work.push(node.with(*value)),
                        _ => {}
                    },
                    _ => {}
                }
            }
        }
        false
    }

    fn receiver(&mut self, token: &Token, at: CallAt) {
        let call = self.program.call(at);
        let result = Token {
            node: at.node(call.value),
            ..token.clone()
        };
        if self.checks(token, at, None) {
            return;
        }
        if let Some(name) = self.program.call_name(at)
            && TESTS.contains(&name.as_str())
        {
            if self.decides(result.node) {
                self.fate(token).tested = true;
            }
            return;
        }
        for arg in &call.args {
            // `items.map((item) => ..)`: the callback gets the elements.
            if let Target::Function(func) = self.program.resolve(at.node(arg.value))
                && let Some(param) = self.program.param_node(func, 0)
            {
                self.push(Token {
                    node: param,
                    ..token.clone()
                });
            }
        }
        self.push(result);
    }

    fn argument(&mut self, token: &Token, at: CallAt, position: usize) {
        let call = self.program.call(at);
        if self.checks(token, at, Some(position)) {
            return;
        }
        let result = Token {
            node: at.node(call.value),
            ..token.clone()
        };
        let path = self.program.callee_path(at);
        if let Some(name) = self.program.call_name(at)
            && TESTS.contains(&name.as_str())
            && call.receiver.is_some()
        {
            if self.decides(result.node) {
                self.fate(token).tested = true;
            }
            return;
        }
        if let Some(func) = self.program.callee_function(at) {
            self.enter(token, at, func, position);
            return;
        }
        if let Some(path) = &path {
            if self.program.vocabulary.logs.contains(path)
                || self.program.vocabulary.responds.contains(path)
            {
                self.fate(token).shown = true;
                return;
            }
            if self.program.effect(at).is_some() {
                self.fate(token).used.push((at, position));
                return;
            }
            if let Some(to) = self.stepped(at, path, position) {
                to.into_iter().for_each(|node| {
                    self.push(Token {
                        node,
                        ..token.clone()
                    })
                });
                return;
            }
        }
        self.fate(token).used.push((at, position));
        self.push(result);
    }

    /// Where a library step takes an argument.
    fn stepped(&self, at: CallAt, path: &str, position: usize) -> Option<Vec<Node>> {
        let mut found = None;
        for step in self.program.vocabulary.steps.find(path) {
            if takes(&step.row.from, Some(position)) && self.program.holds(at, &step.row.when) {
                found
                    .get_or_insert_with(Vec::new)
                    .extend(self.program.at_position(at, &step.row.to));
            }
        }
        found
    }

    fn enter(&mut self, token: &Token, at: CallAt, func: Func, position: usize) {
        if token.stack.len() >= CALLS {
            self.fate(token).used.push((at, position));
            return;
        }
        let Some(param) = self.program.param_node(func, position) else {
            return;
        };
        let mut stack = token.stack.clone();
        stack.push(at);
        self.push(Token {
            node: param,
            field: token.field.clone(),
            stack,
        });
    }

    fn returned(&mut self, token: &Token, function: FunctionId) {
        let func = Func {
            file: token.node.file,
            function,
        };
        let mut stack = token.stack.clone();
        if let Some(at) = stack.pop()
            && self.program.callee_function(at) == Some(func)
        {
            let node = at.node(self.program.call(at).value);
            self.push(Token {
                node,
                field: token.field.clone(),
                stack,
            });
        }
    }

    /// Whether a call checks what is passed: a schema, or a test that the vocabulary knows.
    fn checks(&mut self, token: &Token, at: CallAt, position: Option<usize>) -> bool {
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
                    self.fate(token).validated = Some(by);
                }
                return true;
            }
        }
        for barrier in self.program.vocabulary.barriers.find(&path) {
            if barrier.row.kind == "check" && takes(&barrier.row.input, position) {
                let result = at.node(self.program.call(at).value);
                if barrier.row.output.is_some() || self.decides(result) {
                    self.fate(token).tested = true;
                }
                return true;
            }
        }
        false
    }
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

/// Whether a value is what a validator made of its input.
pub(super) fn is_validated(program: &Program<'_>, node: Node) -> bool {
    let mut node = node;
    for _ in 0..24 {
        if let ValueKind::Call(call) = program.module(node.file).kind(node.value) {
            let at = CallAt {
                file: node.file,
                call: *call,
            };
            if program
                .callee_path(at)
                .is_some_and(|path| program.vocabulary.validators.contains(&path))
            {
                return true;
            }
        }
        let base = match program.module(node.file).kind(node.value) {
            ValueKind::Member { base, .. } => Some(node.with(*base)),
            _ => None,
        };
        match program.follow(node).first().copied().or(base) {
            Some(next) if next != node => node = next,
            _ => return false,
        }
    }
    false
}
