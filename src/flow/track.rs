//! Following one value forward: what is made of it, which checks it passes, where it ends up.

use super::fate::{CHECK, Fate, SCHEMA, Taken};
use super::token::{Token, element};
use super::uses::{Use, Uses};
use crate::link::Program;
use crate::link::node::{CallAt, Func, Node, Target};
use crate::model::{Entry, FunctionId, Literal, Name, StoreKey, UnaryOp, ValueId, ValueKind};
use crate::vocabulary::position::{PathStep, Position, Root};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::rc::Rc;

/// How many values one read is followed through.
const BUDGET: usize = 4_000;
/// How deep calls are followed.
const CALLS: usize = 6;

/// Kind of sinks that compare data with a column.
const BOUND_KEY: &str = "bound-key";
/// Kind of guards that verify who made a message.
const SIGNATURE: &str = "webhook-signature";

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

/// One value followed forward.
pub(super) struct Track<'t, 'p> {
    pub(super) program: &'t Program<'p>,
    pub(super) edges: &'t Edges,
    fates: FxHashMap<Option<Name>, Fate>,
    seen: FxHashSet<(Node, Option<Name>)>,
    work: Vec<Token>,
    /// The request as a whole is followed: what a function makes of it is more of it.
    whole: bool,
}

impl<'t, 'p> Track<'t, 'p> {
    /// Follows a value.
    pub(super) fn run(
        program: &'t Program<'p>,
        edges: &'t Edges,
        from: Node,
        key: Option<Name>,
    ) -> Vec<(Option<Name>, Fate)> {
        Self::start(program, edges, from, key, false)
    }

    /// Follows the request itself.
    pub(super) fn run_whole(
        program: &'t Program<'p>,
        edges: &'t Edges,
        from: Node,
    ) -> Vec<(Option<Name>, Fate)> {
        Self::start(program, edges, from, None, true)
    }

    fn start(
        program: &'t Program<'p>,
        edges: &'t Edges,
        from: Node,
        key: Option<Name>,
        whole: bool,
    ) -> Vec<(Option<Name>, Fate)> {
        let mut track = Self {
            program,
            edges,
            fates: FxHashMap::default(),
            seen: FxHashSet::default(),
            work: Vec::new(),
            whole,
        };
        track.push(Token {
            node: from,
            field: key,
            stack: Vec::new(),
            inside: Vec::new(),
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

    pub(super) fn fate(&mut self, token: &Token) -> &mut Fate {
        self.fates.entry(token.field.clone()).or_default()
    }

    /// A test by hand decided about it.
    pub(super) fn tested(&mut self, token: &Token) {
        self.fate(token)
            .pass(CHECK, Some(Name::new_static("a hand-written check")));
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
                let target = token.node.with(store.target);
                self.push(match &store.key {
                    StoreKey::Member(name) => token.packed(target, Some(name.clone())),
                    StoreKey::Index(_) => token.made(target),
                    StoreKey::Whole => token.at(target),
                });
            }
            Use::Returned(function) => self.returned(token, function),
        }
    }

    fn part(&mut self, token: &Token, value: ValueId) {
        let module = self.program.module(token.node.file);
        let node = token.node.with(value);
        let own = token.node.value;
        match module.kind(value) {
            ValueKind::Member { base, name, .. } if *base == own => {
                if let Some(next) = token.unpacked(node, name) {
                    self.push(next);
                }
            }
            ValueKind::Index { base, key } if *base == own => {
                let next = match module.kind(*key) {
                    ValueKind::Literal(Literal::Str(name)) => token.unpacked(node, name),
                    ValueKind::Literal(Literal::Number(at))
                        if token.inside.last().is_some_and(|key| key.starts_with('[')) =>
                    {
                        token.unpacked(node, &format!("[{at}]"))
                    }
                    _ => Some(token.element(node)),
                };
                if let Some(next) = next {
                    self.push(next);
                }
            }
            ValueKind::Index { .. } if self.decides(node) => self.tested(token),
            ValueKind::Index { .. } | ValueKind::Matches { .. } => {}
            ValueKind::Element(_) => self.push(token.element(node)),
            ValueKind::Object(entries) => self.packed(token, node, entries),
            ValueKind::List(items) => {
                for (at, item) in items.iter().enumerate().filter(|(_, i)| i.value == own) {
                    self.push(match item.spread {
                        true => token.at(node),
                        false => token.packed(node, Some(element(at))),
                    });
                }
            }
            ValueKind::Compare { op, left, right } => {
                self.compared(token, node, *op, *left, *right)
            }
            // What is behind the test is looked at where it is compared or decides.
            ValueKind::Unary {
                op: UnaryOp::TypeOf,
                ..
            } => {
                if self.type_tested(node) {
                    self.tested(token);
                }
            }
            ValueKind::Unary {
                op: UnaryOp::Not, ..
            } => {}
            ValueKind::Text(parts) => {
                self.keyed(token, parts);
                self.push(token.made(node));
            }
            ValueKind::Binary { left, right, .. } => {
                self.keyed(token, &[*left, *right]);
                self.push(token.made(node));
            }
            _ => self.push(token.at(node)),
        }
    }

    /// As a field of an object, or spread into it.
    fn packed(&mut self, token: &Token, node: Node, entries: &[Entry]) {
        for entry in entries {
            match entry {
                Entry::Field { key, value, .. } if *value == token.node.value => {
                    self.push(token.packed(node, Some(key.clone())));
                }
                Entry::Computed { key, value }
                    if *value == token.node.value || *key == token.node.value =>
                {
                    self.push(token.made(node));
                }
                Entry::Spread(value) if *value == token.node.value => self.push(token.at(node)),
                _ => {}
            }
        }
    }

    /// A text that holds the whole body and a configured secret is made to verify a signature.
    fn keyed(&mut self, token: &Token, parts: &[ValueId]) {
        let names = &self.program.vocabulary.names;
        let secret = |part: &ValueId| {
            *part != token.node.value
                && self
                    .program
                    .origins(token.node.with(*part))
                    .secret(names)
                    .is_some()
        };
        if token.field.is_none() && parts.iter().any(secret) {
            self.fate(token).signed = true;
        }
    }

    fn receiver(&mut self, token: &Token, at: CallAt) {
        let call = self.program.call(at);
        let result = token.made(at.node(call.value));
        if self.checks(token, at, None) {
            return;
        }
        if let Some(name) = self.program.call_name(at)
            && TESTS.contains(&name.as_str())
        {
            if self.decides(result.node) {
                self.tested(token);
            }
            return;
        }
        for arg in &call.args {
            // `items.map((item) => ..)`: the callback gets the elements.
            if let Target::Function(func) = self.program.resolve(at.node(arg.value))
                && let Some(param) = self.program.param_node(func, 0)
            {
                self.push(token.element(param));
            }
        }
        self.push(result);
    }

    fn argument(&mut self, token: &Token, at: CallAt, position: usize) {
        let call = self.program.call(at);
        if self.checks(token, at, Some(position)) {
            return;
        }
        let result = token.made(at.node(call.value));
        let path = self.program.callee_path(at);
        if let Some(name) = self.program.call_name(at)
            && TESTS.contains(&name.as_str())
            && call.receiver.is_some()
        {
            if self.decides(result.node) {
                self.tested(token);
            }
            return;
        }
        if let Some(func) = self.program.callee_function(at) {
            self.enter(token, at, func, position);
            if self.whole {
                self.push(result);
            }
            return;
        }
        let mut taken = Taken {
            call: at,
            position,
            bound: false,
        };
        if let Some(path) = &path {
            if self.program.vocabulary.logs.contains(path)
                || self.program.vocabulary.responds.contains(path)
            {
                self.fate(token).shown = true;
                return;
            }
            taken.bound = self.is_key(token, at, path, position);
            if taken.bound || self.program.effect(at).is_some() {
                self.fate(token).used.push(taken);
                return;
            }
            if let Some(to) = self.stepped(at, path, position) {
                to.into_iter().for_each(|node| self.push(token.made(node)));
                return;
            }
        }
        // A method of something that is out of sight may check what it is given as well as not.
        let callee = self.program.resolve(at.node(call.callee));
        if call.receiver.is_some() && callee.is_out_of_sight() {
            self.fate(token).shown = true;
        } else {
            self.fate(token).used.push(taken);
            self.push(result);
        }
    }

    /// Whether a call compares what it is given with a column, as a bound value.
    fn is_key(&self, token: &Token, at: CallAt, path: &str, position: usize) -> bool {
        let mut rows = self.program.vocabulary.sinks.find(path);
        rows.any(|sink| {
            sink.row.kind == BOUND_KEY
                && takes(&sink.row.at, Some(position))
                && stands_at(token, &sink.row.at)
                && self.program.holds(at, &sink.row.when)
        }) && self.program.only_reads(at)
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
            self.fate(token).shown = true;
            return;
        }
        let params = &self.program.function(func).params;
        let rest = params.iter().position(|param| param.rest);
        let rest = rest.filter(|rest| *rest <= position);
        let Some(param) = self.program.param_node(func, rest.unwrap_or(position)) else {
            return;
        };
        let mut next = match rest {
            Some(rest) => token.packed(param, Some(element(position - rest))),
            None => token.at(param),
        };
        next.stack.push(at);
        self.push(next);
    }

    fn returned(&mut self, token: &Token, function: FunctionId) {
        let func = Func {
            file: token.node.file,
            function,
        };
        let mut next = token.clone();
        if let Some(at) = next.stack.pop()
            && self.program.callee_function(at) == Some(func)
        {
            next.node = at.node(self.program.call(at).value);
            self.push(next);
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
                let by = self.program.call_name(at).cloned().unwrap_or_default();
                self.fate(token).pass(SCHEMA, Some(by));
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

    /// Whether a call verifies a signature over what it is given, or makes one to compare with.
    fn verifies(&mut self, token: &Token, at: CallAt, path: &str) -> bool {
        let guards = self.program.vocabulary.guards.find(path);
        let mut guards = guards.filter(|guard| self.program.holds(at, &guard.row.when));
        let verified = guards.any(|guard| guard.row.kind == SIGNATURE);
        if verified || self.program.feeds_mac(at) {
            if token.field.is_none() {
                self.fate(token).signed = true;
            }
            self.fate(token).shown = true;
        }
        verified || self.program.feeds_mac(at)
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
