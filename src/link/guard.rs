//! Guards by content: what a condition, a call or a returning function proves about the caller.
//!
//! A proof comes from a primitive that the vocabulary names, from a credential that was looked up in a store, from a
//! comparison with a configured secret or a keyed hash, or from a project function all of whose ways to go on hold such
//! a proof. Names prove nothing.

use super::Program;
use super::facts::{Facts, Proof, meet_all, meet_ways};
use super::node::{CallAt, Func, Node, Target};
use super::walk::{Event, Request};
use crate::model::{Comparison, Language, Literal, LogicalOp, Name, UnaryOp, ValueKind};
use crate::vocabulary::position::{PathStep, Position, Root};

/// The step into an Option or Result.
const UNWRAPPED: &str = "[]";

/// How deep one question about a value may go.
const DEPTH: u32 = 48;
/// How long the way to a member may be that is asked for.
const MEMBERS: usize = 6;
/// How many questions may be asked of one program; whatever is asked after that is not proven.
const QUESTIONS: u32 = 1_000_000;

impl Program<'_> {
    /// What is proven if a value, or a member of it, is truthy (or falsy).
    #[must_use]
    pub fn proves(&self, node: Node, path: &[Name], truthy: bool) -> Facts {
        let key = (node, path.to_vec(), truthy);
        if let Some(known) = self.proof_memo.borrow().get(&key) {
            return known.clone();
        }
        let (depth, asked) = (self.proving.get(), self.asked.get());
        if depth > DEPTH || path.len() > MEMBERS || asked > QUESTIONS {
            return Facts::default();
        }
        self.asked.set(asked + 1);
        // A value that is made from itself proves nothing by that.
        self.proof_memo
            .borrow_mut()
            .insert(key.clone(), Facts::default());
        self.proving.set(depth + 1);
        let facts = self.proves_kind(node, path, truthy);
        self.proving.set(depth);
        self.proof_memo.borrow_mut().insert(key, facts.clone());
        facts
    }

    fn proves_kind(&self, node: Node, path: &[Name], truthy: bool) -> Facts {
        let module = self.module(node.file);
        let here = |value| node.with(value);
        match module.kind(node.value) {
            ValueKind::Await(inner) | ValueKind::Cast { value: inner, .. } => {
                self.proves(here(*inner), path, truthy)
            }
            ValueKind::Unwrap(inner) => {
                let mut inside = vec![Name::new_static(UNWRAPPED)];
                inside.extend_from_slice(path);
                self.proves(here(*inner), &inside, truthy)
            }
            ValueKind::Unary {
                op: UnaryOp::Not,
                operand,
            } if path.is_empty() => self.proves(here(*operand), &[], !truthy),
            ValueKind::Logical { op, left, right } => {
                let (left, right) = (here(*left), here(*right));
                match (op, truthy) {
                    (LogicalOp::And, true) => self
                        .proves(left, &[], true)
                        .and(&self.proves(right, path, true)),
                    (LogicalOp::Or, false) => self
                        .proves(left, &[], false)
                        .and(&self.proves(right, path, false)),
                    (LogicalOp::Coalesce, false) => self.proves(right, path, false),
                    (LogicalOp::And, false) => meet_all([
                        self.proves(left, &[], false),
                        self.proves(right, path, false),
                    ]),
                    (_, true) => self.all_that_can_be(&[left, right], path, true),
                }
            }
            ValueKind::Compare { op, left, right } if path.is_empty() => {
                self.compared(*op, here(*left), here(*right), truthy)
            }
            ValueKind::Matches { value, pattern } => match pattern.as_str() {
                "Some" | "Ok" => self.proves(here(*value), path, truthy),
                "None" | "Err" => self.proves(here(*value), path, !truthy),
                _ => Facts::default(),
            },
            ValueKind::Member { base, name, .. } => {
                self.member_proves(node, here(*base), name, path, truthy)
            }
            ValueKind::Call(call) => self.call_proves(
                CallAt {
                    file: node.file,
                    call: *call,
                },
                path,
                truthy,
            ),
            ValueKind::Join(all) | ValueKind::Cell(all) => {
                let nodes: Vec<Node> = all.iter().copied().map(here).collect();
                self.all_that_can_be(&nodes, path, truthy)
            }
            ValueKind::Param { function, index } => self.param_proves(
                node,
                Func {
                    file: node.file,
                    function: *function,
                },
                *index,
                path,
                truthy,
            ),
            ValueKind::Import(_) | ValueKind::Path(_) => {
                let nodes = self.follow(node);
                self.all_that_can_be(&nodes, path, truthy)
            }
            ValueKind::Object(_) if !path.is_empty() => {
                let (first, rest) = (&path[0], &path[1..]);
                let fields = self.member_nodes(&Target::Object(node), first);
                self.all_that_can_be(&fields, rest, truthy)
            }
            _ => Facts::default(),
        }
    }

    /// What holds for each of several values that can be truthy (or falsy) at all.
    fn all_that_can_be(&self, nodes: &[Node], path: &[Name], truthy: bool) -> Facts {
        let ways = nodes
            .iter()
            .filter(|node| self.can_be(**node, path, truthy));
        meet_all(ways.map(|node| self.proves(*node, path, truthy)))
    }

    /// Whether a value, or a member of it, can be truthy (or falsy) as far as can be seen.
    pub(super) fn can_be(&self, node: Node, path: &[Name], truthy: bool) -> bool {
        let module = self.module(node.file);
        match module.kind(node.value) {
            ValueKind::Literal(literal) => {
                let is = match literal {
                    Literal::Null | Literal::Undefined => false,
                    Literal::Bool(is) => *is,
                    Literal::Str(text) => !text.is_empty(),
                    Literal::Number(n) => *n != 0.0,
                    Literal::Regex(_) => true,
                };
                if path.is_empty() {
                    is == truthy
                } else {
                    !truthy
                }
            }
            ValueKind::Object(_)
            | ValueKind::List(_)
            | ValueKind::Function(_)
            | ValueKind::Class(_) => match path {
                [] => truthy,
                [first, rest @ ..] => {
                    let fields = self.member_nodes(&Target::Object(node), first);
                    if fields.is_empty() {
                        !truthy
                    } else {
                        fields.iter().any(|field| self.can_be(*field, rest, truthy))
                    }
                }
            },
            ValueKind::Await(inner) | ValueKind::Cast { value: inner, .. } => {
                self.can_be(node.with(*inner), path, truthy)
            }
            // What Rust's `?` returns early with.
            ValueKind::Member { name, .. } if name == "Err" && path.is_empty() => !truthy,
            ValueKind::Path(segments) if segments.last().is_some_and(|last| last == "None") => {
                !truthy
            }
            ValueKind::Unwrap(inner) => {
                let mut inside = vec![Name::new_static(UNWRAPPED)];
                inside.extend_from_slice(path);
                self.can_be(node.with(*inner), &inside, truthy)
            }
            ValueKind::Call(call) if path.first().is_some_and(|step| step == UNWRAPPED) => {
                let at = CallAt {
                    file: node.file,
                    call: *call,
                };
                let inner = self.call(at).args.first().map(|arg| at.node(arg.value));
                match (self.call_name(at).map(Name::as_str), inner) {
                    (Some("Ok" | "Some"), Some(inner)) => self.can_be(inner, &path[1..], truthy),
                    (Some("Err" | "err"), _) => !truthy,
                    _ => true,
                }
            }
            ValueKind::Call(call) if path.is_empty() => {
                let at = CallAt {
                    file: node.file,
                    call: *call,
                };
                if let Some(same) = self.same_as(at) {
                    return self.can_be(same, path, truthy);
                }
                match self.call_name(at).map(Name::as_str) {
                    Some("Err" | "err") => !truthy,
                    Some("Some" | "Ok") => truthy,
                    _ => truthy || !self.always_truthy(at),
                }
            }
            _ => true,
        }
    }

    /// Whether a call yields an object: a construction or an answer to the request.
    fn always_truthy(&self, at: CallAt) -> bool {
        let call = self.call(at);
        call.form == crate::model::CallForm::New
            || self
                .callee_path(at)
                .is_some_and(|path| self.vocabulary.responds.find(&path).next().is_some())
    }

    fn compared(&self, op: Comparison, left: Node, right: Node, truthy: bool) -> Facts {
        let equal = match op {
            Comparison::Eq => truthy,
            Comparison::Ne => !truthy,
            _ => return Facts::default(),
        };
        let mut facts = if equal {
            self.compare(left, right)
        } else {
            Facts::default()
        };
        for (value, other) in [(left, right), (right, left)] {
            match self.module(other.file).kind(other.value) {
                ValueKind::Literal(Literal::Null | Literal::Undefined | Literal::Bool(false)) => {
                    facts.add(&self.proves(value, &[], !equal));
                }
                ValueKind::Literal(Literal::Bool(true)) => {
                    facts.add(&self.proves(value, &[], equal))
                }
                ValueKind::Literal(Literal::Str(text)) if equal && !text.is_empty() => {
                    facts.add(&self.proves(value, &[], true));
                }
                _ => {}
            }
        }
        facts
    }

    /// What the equality of two values proves: a keyed hash compared with what the request brought, or a configured secret
    /// compared with what the request brought.
    #[must_use]
    pub fn compare(&self, left: Node, right: Node) -> Facts {
        let (a, b) = (self.origins(left), self.origins(right));
        let at = self.location(left);
        for (one, other) in [(&a, &b), (&b, &a)] {
            if !other.from_request() {
                continue;
            }
            if one.has("mac") {
                return Facts::one(Proof {
                    kind: "webhook-signature".into(),
                    by: "a comparison with a keyed hash".into(),
                    at,
                });
            }
            if let Some(name) = one.secret(&self.vocabulary.names) {
                let by = smol_str::format_smolstr!("a comparison with {name}");
                return Facts::one(Proof {
                    kind: "service-token".into(),
                    by,
                    at,
                });
            }
        }
        Facts::default()
    }

    fn member_proves(
        &self,
        node: Node,
        base: Node,
        name: &Name,
        path: &[Name],
        truthy: bool,
    ) -> Facts {
        let mut facts = Facts::default();
        if truthy && let Some(member) = self.resolve(node).path() {
            for guard in self.vocabulary.guards.find(member) {
                if guard
                    .row
                    .proof
                    .iter()
                    .any(|p| p.root == Root::Value && !p.negated)
                    && !guard.row.optional
                {
                    facts.add(&self.proof(&guard.row.kind, member, node));
                }
            }
        }
        let mut longer = vec![name.clone()];
        longer.extend_from_slice(path);
        facts.add(&self.proves(base, &longer, truthy));
        if facts.is_empty() {
            facts = self.scope_proves(base, name, path, truthy);
        }
        facts
    }

    /// What links have put on the request under this name.
    fn scope_proves(&self, base: Node, name: &Name, path: &[Name], truthy: bool) -> Facts {
        if !matches!(
            self.module(base.file).kind(base.value),
            ValueKind::Param { .. }
        ) {
            return Facts::default();
        }
        let stored = self.index.request_scope(name);
        self.all_that_can_be(stored, path, truthy)
    }

    pub(super) fn proof(&self, kind: &Name, by: &str, node: Node) -> Facts {
        let by = short_name(by);
        Facts::one(Proof {
            kind: kind.clone(),
            by,
            at: self.location(node),
        })
    }

    fn call_proves(&self, at: CallAt, path: &[Name], truthy: bool) -> Facts {
        let call = self.call(at);
        let target = self.resolve(at.node(call.callee));
        let mut facts = Facts::default();
        if let Some(same) = self.same_as(at) {
            return self.proves(same, path, truthy);
        }
        if let Some(facts) = self.rust_call_proves(at, path, truthy) {
            return facts;
        }
        if let Some(callee) = target.path() {
            facts.add(&self.library_proves(at, callee, path, truthy));
        }
        let answering = self.hands_back(at).or(match target {
            Target::Function(func) => Some(func),
            _ => None,
        });
        if let Some(func) = answering {
            facts.add(&self.returns_prove(func, path, truthy));
        }
        let looked_up = || {
            self.is_credential_lookup(at)
                || answering.is_some_and(|func| self.looks_argument_up(at, func))
        };
        if truthy && facts.is_empty() && looked_up() {
            let by = smol_str::format_smolstr!(
                "a look-up of the credential by {}",
                self.call_name(at).map_or("a query", Name::as_str)
            );
            facts.add(&Facts::one(Proof {
                kind: "auth".into(),
                by,
                at: self.location(at.node(call.value)),
            }));
        }
        facts
    }

    /// What Rust's own calls prove: `Ok(x)` and `Some(x)` are made from what was verified, `x.map(f)` is there if `x` is.
    fn rust_call_proves(&self, at: CallAt, path: &[Name], truthy: bool) -> Option<Facts> {
        if self.module(at.file).language != Language::Rust {
            return None;
        }
        let call = self.call(at);
        let name = self.call_name(at)?.as_str();
        if matches!(name, "Ok" | "Some") && call.receiver.is_none() {
            let inner = at.node(call.args.first()?.value);
            let rest = path
                .strip_prefix(&[Name::new_static(UNWRAPPED)])
                .unwrap_or(path);
            let mut facts = if path.is_empty() {
                Facts::default()
            } else {
                self.proves(inner, rest, truthy)
            };
            if truthy {
                facts.add(&self.made_from_verified(inner, 0));
            }
            return Some(facts);
        }
        let through = truthy && matches!(name, "map" | "and_then" | "filter");
        through
            .then(|| {
                call.receiver
                    .map(|receiver| self.proves(at.node(receiver), &[], true))
            })
            .flatten()
    }

    /// What the parts of a value prove that were taken out of an Option or Result: they exist only if that was there.
    fn made_from_verified(&self, node: Node, depth: u32) -> Facts {
        let module = self.module(node.file);
        let mut facts = Facts::default();
        if depth > 6 {
            return facts;
        }
        let parts = match module.kind(node.value) {
            ValueKind::Unwrap(inner) => {
                facts.add(&self.proves(node.with(*inner), &[], true));
                vec![*inner]
            }
            ValueKind::Call(call) => {
                let call = module.call(*call);
                call.args
                    .iter()
                    .map(|arg| arg.value)
                    .chain(call.receiver)
                    .collect()
            }
            other => other.children(),
        };
        for part in parts {
            facts.add(&self.made_from_verified(node.with(part), depth + 1));
        }
        facts
    }

    fn library_proves(&self, at: CallAt, callee: &Name, path: &[Name], truthy: bool) -> Facts {
        let mut facts = Facts::default();
        let node = at.node(self.call(at).value);
        for guard in self.vocabulary.guards.find(callee) {
            let row = guard.row;
            if row.optional
                || !self.holds(at, &row.when)
                || !row.proof.iter().any(|p| result_proof(p, path, truthy))
            {
                continue;
            }
            facts.add(&self.proof(&row.kind, callee, node));
        }
        if truthy && let Some((ty, _)) = callee.rsplit_once("::") {
            // `Identity::from_request(..)`: an extractor that is asked by hand.
            for guard in self.vocabulary.guards.find(ty) {
                let by_type = guard.row.proof.iter().any(|p| p.root == Root::Type);
                if by_type && !guard.row.optional && !self.call(at).args.is_empty() {
                    facts.add(&self.proof(&guard.row.kind, ty, node));
                }
            }
        }
        facts
    }

    fn param_proves(
        &self,
        node: Node,
        func: Func,
        index: u32,
        path: &[Name],
        truthy: bool,
    ) -> Facts {
        if let Some((at, position)) = self.index.passed(func)
            && let Some(callee) = self.callee_path(at)
        {
            for guard in self.vocabulary.guards.find(&callee) {
                let proven = guard.row.proof.iter().any(|p| {
                    let last = position + 1 == self.call(at).args.len();
                    (p.root == Root::Arg(position) || (last && p.root == Root::ArgLast))
                        && p.steps.first() == Some(&PathStep::Param(index as usize))
                        && p.negated != truthy
                });
                if proven && !guard.row.optional {
                    return self.proof(&guard.row.kind, &callee, at.node(self.call(at).value));
                }
            }
        }
        if truthy && let Some(facts) = self.type_proves(func, index, node) {
            return facts;
        }
        let passed = self.arguments_for(func, index);
        self.all_that_can_be(&passed, path, truthy)
    }

    /// What the presence of a parameter proves by its type (an extractor that only exists for verified callers).
    fn type_proves(&self, func: Func, index: u32, node: Node) -> Option<Facts> {
        let function = self.function(func);
        let ty = function.params.get(index as usize)?.ty.as_ref()?;
        match self.extractor(func.file, &function.scope, ty) {
            super::chain::Extracted { facts, .. } if !facts.is_empty() => {
                let mut own = Facts::default();
                for proof in facts.iter() {
                    own.add(&Facts::one(Proof {
                        at: self.location(node),
                        ..proof.clone()
                    }));
                }
                Some(own)
            }
            _ => None,
        }
    }

    /// What a call proves by returning at all.
    pub(super) fn ensures(&self, at: CallAt, callee: &Target) -> Facts {
        let call = self.call(at);
        if let Some(func) = self.hands_back(at)
            && (call.awaited || !self.function(func).is_async)
        {
            return self.normal_return(func);
        }
        match callee {
            Target::Path(path) => {
                let mut facts = Facts::default();
                for guard in self.vocabulary.guards.find(path) {
                    let returns = guard.row.proof.iter().any(|p| p.root == Root::Returns);
                    if returns && !guard.row.optional && self.holds(at, &guard.row.when) {
                        facts.add(&self.proof(&guard.row.kind, path, at.node(call.value)));
                    }
                }
                facts
            }
            Target::Function(func) => {
                let dropped = self.function(*func).is_async && call.discarded && !call.awaited;
                if dropped {
                    Facts::default()
                } else {
                    self.normal_return(*func)
                }
            }
            _ => Facts::default(),
        }
    }

    /// What holds whenever a function returns normally.
    pub(super) fn normal_return(&self, func: Func) -> Facts {
        self.summary(func).ensures.clone()
    }

    /// Whether a function never returns to its caller.
    pub(super) fn never_returns(&self, func: Func) -> bool {
        self.summary(func).never_returns
    }

    /// What is proven if the result of a function, or a member of it, is truthy (or falsy).
    pub(super) fn returns_prove(&self, func: Func, path: &[Name], truthy: bool) -> Facts {
        let key = (func, path.to_vec(), truthy);
        if let Some(known) = self.proven.borrow().get(&key) {
            return known.clone();
        }
        // In case the function calls itself: nothing is proven by that.
        self.proven
            .borrow_mut()
            .insert(key.clone(), Facts::default());
        let summary = self.summary(func);
        let ways = summary
            .returns
            .iter()
            .filter_map(|(value, facts)| match value {
                Some(node) if self.can_be(*node, path, truthy) => {
                    Some(facts.clone().and(&self.proves(*node, path, truthy)))
                }
                None if !truthy => Some(facts.clone()),
                _ => None,
            });
        let facts = meet_ways(ways);
        self.proven.borrow_mut().insert(key, facts.clone());
        facts
    }

    /// What holds whenever a function calls the function that is passed to it at `index`, directly, through another project
    /// function or in a closure that it returns or hands on; `None` if it never does.
    pub(super) fn passes(&self, func: Func, index: usize, request: &Request<'_>) -> Option<Facts> {
        let handler = self.param_node(func, index)?;
        // Without a request nothing can be decided, so what is found then says nothing about single requests.
        let key = (func, index, Some(request.key().unwrap_or_default()));
        let general = (func, index, None);
        let known = |key| self.passed.borrow().get(key).cloned();
        if let Some(known) = request
            .path
            .and_then(|_| known(&general))
            .or_else(|| known(&key))
        {
            return known;
        }
        self.passed.borrow_mut().insert(key.clone(), None);
        let asked = self.path_asked.replace(false);
        let mut ways: Vec<Facts> = Vec::new();
        let request = Request {
            returned: true,
            ..request.clone()
        };
        self.walk(func, Facts::default(), &request, &mut |event, facts| {
            if let Event::Call(at) = event
                && let Some(way) = self.runs(at, handler, facts, &request)
                && !ways.contains(&way)
            {
                ways.push(way);
            }
        });
        let ways = (!ways.is_empty()).then(|| meet_ways(ways));
        let key = if self.path_asked.get() || request.path.is_none() {
            key
        } else {
            general
        };
        self.path_asked.set(asked || self.path_asked.get());
        self.passed.borrow_mut().insert(key, ways.clone());
        ways
    }

    /// What holds if a call runs a function: as its callee, or as an argument that it hands on.
    fn runs(
        &self,
        at: CallAt,
        handler: Node,
        facts: &Facts,
        request: &Request<'_>,
    ) -> Option<Facts> {
        let call = self.call(at);
        if at.file == handler.file && call.callee == handler.value {
            return Some(facts.clone());
        }
        let position = call
            .args
            .iter()
            .position(|arg| at.file == handler.file && arg.value == handler.value)?;
        match self.resolve(at.node(call.callee)) {
            Target::Function(func) => self
                .passes(func, position, request)
                .map(|more| facts.clone().and(&more)),
            // `return guard(request, next)`: a middleware that is run by hand.
            _ => Some(facts.clone().and(&self.link_facts(at.node(call.callee)))),
        }
    }
}

/// Whether a proof position says something about a result (or a member of it) that is truthy or falsy.
fn result_proof(proof: &Position, path: &[Name], truthy: bool) -> bool {
    if proof.root != Root::Return || proof.negated == truthy {
        return false;
    }
    let keys = proof.steps.iter().map(|step| match step {
        PathStep::Key(key) => Some(key.as_str()),
        PathStep::Element => Some(UNWRAPPED),
        _ => None,
    });
    if proof.negated {
        return keys.eq(path.iter().map(|key| Some(key.as_str())));
    }
    proof.steps.len() <= path.len()
        && keys
            .zip(path)
            .all(|(key, asked)| key == Some(asked.as_str()))
}

/// The part of a path that a person would say: `auth.protect` of `@clerk/nextjs/server::auth.protect`.
fn short_name(path: &str) -> Name {
    path.rsplit("::").next().unwrap_or(path).into()
}
