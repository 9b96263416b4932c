//! Following one value forward: what is made of it, which checks it passes, where it ends up.

use super::fate::{CHECK, Fate, Taken};
use super::read::Read;
use super::token::{Token, element};
use super::uses::{Use, Uses};
use crate::link::Program;
use crate::link::node::{CallAt, Func, Node, Target};
use crate::model::{Entry, FunctionId, Literal, Name, StoreKey, UnaryOp, ValueId, ValueKind};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::rc::Rc;

/// How many values one read is followed through.
const BUDGET: usize = 4_000;
/// How deep calls are followed.
const CALLS: usize = 6;

/// Kind of effects that hand data on to another service.
const FORWARD: &str = "http-call";
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
    whole: Option<Node>,
    /// The name of the parameter that holds all of what is read.
    named: Option<Name>,
}

impl<'t, 'p> Track<'t, 'p> {
    /// Follows what is read.
    pub(super) fn run(
        program: &'t Program<'p>,
        edges: &'t Edges,
        read: &Read,
    ) -> Vec<(Option<Name>, Fate)> {
        let start = Token {
            node: read.node,
            field: read.key.clone(),
            stack: Vec::new(),
            inside: Vec::new(),
            text: read.text,
        };
        Self::start(program, edges, start, None)
    }

    /// Follows the request itself.
    pub(super) fn run_whole(
        program: &'t Program<'p>,
        edges: &'t Edges,
        node: Node,
    ) -> Vec<(Option<Name>, Fate)> {
        let start = Token {
            node,
            field: None,
            stack: Vec::new(),
            inside: Vec::new(),
            text: false,
        };
        Self::start(program, edges, start, Some(node))
    }

    fn start(
        program: &'t Program<'p>,
        edges: &'t Edges,
        start: Token,
        whole: Option<Node>,
    ) -> Vec<(Option<Name>, Fate)> {
        let mut track = Self {
            program,
            edges,
            fates: FxHashMap::default(),
            seen: FxHashSet::default(),
            work: Vec::new(),
            whole,
            named: match program.module(start.node.file).kind(start.node.value) {
                ValueKind::Param { .. } => start.field.clone(),
                _ => None,
            },
        };
        track.push(start);
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

    pub(super) fn push(&mut self, token: Token) {
        if self.seen.insert((token.node, token.field.clone())) {
            self.work.push(token);
        }
    }

    pub(super) fn fate(&mut self, token: &Token) -> &mut Fate {
        self.fates.entry(token.field.clone()).or_default()
    }

    /// Whether it stands for all of what is read.
    pub(super) fn is_all(&self, token: &Token) -> bool {
        token.field.is_none() || token.field == self.named
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
            // Which part of the request that is depends on who made the link.
            ValueKind::Index { base, key }
                if *base == own
                    && self.whole == Some(token.node)
                    && !matches!(module.kind(*key), ValueKind::Literal(_)) => {}
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
        if self.is_all(token) && parts.iter().any(secret) {
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
            if self.whole.is_some() {
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
            let effect = self.program.effect(at);
            // The other service is told what came in, as it came in.
            if effect.as_ref().is_some_and(|effect| effect.kind == FORWARD)
                && self.is_all(token)
                && !token.text
            {
                self.fate(token).shown = true;
                return;
            }
            if taken.bound || effect.is_some() {
                self.fate(token).used.push(taken);
                return;
            }
            if let Some(to) = self.stepped(at, path, position) {
                for (node, parses) in to {
                    let mut next = token.made(node);
                    next.text &= !parses;
                    self.push(next);
                }
                return;
            }
        }
        // What is out of sight may check what it is given as well as not.
        let callee = self.program.resolve(at.node(call.callee));
        if callee.is_out_of_sight() {
            self.fate(token).shown = true;
        } else {
            self.fate(token).used.push(taken);
            self.push(result);
        }
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
