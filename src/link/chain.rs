//! Links: what stands in front of a handler, and what each of them proves.
//!
//! A middleware proves what holds wherever it passes the request on; a wrapper what holds wherever it calls the handler; an
//! extractor what holds whenever it yields a value.

use super::Program;
use super::facts::{ANONYMOUS, Facts, Proof, meet_ways};
use super::node::{CallAt, Func, Node, Target};
use super::symbol::Symbol;
use super::walk::{Event, Request};
use crate::model::{CallForm, Name, TypeDeclKind, TypeRef, ValueKind};
use crate::source::{FileId, Location, Span};
use crate::vocabulary::position::Root;
use smol_str::format_smolstr;

/// How often a handler may be wrapped.
const WRAPPERS: u32 = 16;
/// The role of a parameter that passes the request on.
const CONTINUE: &str = "continue";
/// The type of what passes the request on when it is called.
const GOES_ON: &str = "global::continue";
/// The role of a parameter that makes a function an error handler.
const ERROR: &str = "error";

/// What a link is to the endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkRole {
    /// Put in front of routes by a call.
    Middleware,
    /// A function around the handler.
    Wrapper,
    /// A parameter type of the handler.
    Extractor,
    /// A file that runs in front of all routes.
    MiddlewareFile,
}

/// What a link does for an endpoint.
#[derive(Debug, Clone)]
pub struct Link {
    /// What it is.
    pub role: LinkRole,
    /// Its name, as a person would say it.
    pub name: Name,
    /// Where it is put.
    pub at: Location,
    /// The call that makes it, if it is made by one (a validator with its schema).
    pub call: Option<CallAt>,
    /// The project function that it runs.
    pub func: Option<Func>,
    /// What holds after it.
    pub facts: Facts,
    /// It looks at a credential and lets go on without.
    pub optional: bool,
    /// Why what it does is not known.
    pub unknown: Option<Name>,
}

/// What an extractor type means.
#[derive(Debug, Clone, Default)]
pub struct Extracted {
    /// What holds when it yields a value.
    pub facts: Facts,
    /// It looks at a credential and yields a value without one, too.
    pub optional: bool,
    /// Where it is defined, if it is the project's own.
    pub func: Option<Func>,
}

impl Program<'_> {
    /// What stands at a place where links are expected. A list counts as its elements.
    #[must_use]
    pub(super) fn links(
        &self,
        node: Node,
        signature: Option<&str>,
        request: &Request<'_>,
    ) -> Vec<Link> {
        let elements = self.elements(node);
        if !elements.is_empty() {
            return elements
                .into_iter()
                .take(32)
                .flat_map(|item| self.links(item, signature, request))
                .collect();
        }
        vec![self.link(node, signature, request)]
    }

    fn link(&self, node: Node, signature: Option<&str>, request: &Request<'_>) -> Link {
        let call = self.follow_to_call(node);
        let mut link = Link {
            role: LinkRole::Middleware,
            name: self.display_name(node),
            at: self.location(node),
            call,
            func: None,
            facts: Facts::default(),
            optional: false,
            unknown: None,
        };
        if let Some(path) = self.guard_path(node) {
            for guard in self.vocabulary.guards.find(&path) {
                if guard.row.proof.iter().any(|p| p.root == Root::Link)
                    && call.is_none_or(|at| self.holds(at, &guard.row.when))
                {
                    link.optional |= guard.row.optional;
                    if !guard.row.optional {
                        link.facts.add(&self.proof(&guard.row.kind, &path, node));
                    }
                }
            }
        }
        match self.resolve(node) {
            Target::Function(func) => self.function_link(&mut link, func, signature, request),
            Target::Unknown(_) if link.facts.is_empty() && !link.optional => {
                self.unknown_link(&mut link, call)
            }
            Target::Path(path) => {
                self.composed_link(&mut link, call, request);
                if link.facts.is_empty()
                    && !link.optional
                    && link.func.is_none()
                    && !self.is_described(&path)
                {
                    self.unknown_link(&mut link, call);
                }
            }
            _ => {}
        }
        link
    }

    /// What a library link proves.
    pub(super) fn link_facts(&self, node: Node) -> Facts {
        let mut facts = Facts::default();
        let Some(path) = self.guard_path(node) else {
            return facts;
        };
        for guard in self
            .vocabulary
            .guards
            .find(&path)
            .filter(|guard| !guard.row.optional)
        {
            if guard.row.proof.iter().any(|p| p.root == Root::Link) {
                facts.add(&self.proof(&guard.row.kind, &path, node));
            }
        }
        facts
    }

    /// A middleware of the project.
    fn function_link(
        &self,
        link: &mut Link,
        func: Func,
        signature: Option<&str>,
        request: &Request<'_>,
    ) {
        link.func = Some(func);
        let Some((facts, optional)) = self.middleware(func, signature, request) else {
            return;
        };
        link.facts.add(&facts);
        link.optional |=
            optional && facts.any(&CREDENTIALS).is_none() && facts.get(ANONYMOUS).is_none();
    }

    /// What a middleware proves where it passes the request on, and whether it looks at a credential; `None` for error handlers.
    fn middleware(
        &self,
        func: Func,
        signature: Option<&str>,
        request: &Request<'_>,
    ) -> Option<(Facts, bool)> {
        let roles = self.signature(func, signature);
        if roles.iter().any(|role| role == ERROR) {
            return None;
        }
        let next = roles.iter().position(|role| role == CONTINUE);
        let facts = self.goes_on(func, next, request).unwrap_or_default();
        Some((facts, self.looks_for(func, request, 0)))
    }

    /// The roles of a function's parameters. A fourth parameter of an Express-like middleware makes it an error handler.
    fn signature(&self, func: Func, name: Option<&str>) -> Vec<Name> {
        let count = self.function(func).params.len();
        let rows = self
            .vocabulary
            .signatures
            .iter()
            .filter(|row| Some(row.name.as_str()) == name);
        let best = rows.min_by_key(|row| row.params.len().abs_diff(count));
        best.map(|row| row.params.clone()).unwrap_or_default()
    }

    /// What holds wherever a function passes the request on: by calling its `next` parameter, or by a call that the vocabulary
    /// knows as going on.
    fn goes_on(&self, func: Func, next: Option<usize>, request: &Request<'_>) -> Option<Facts> {
        let by_param = next.and_then(|index| self.passes(func, index, request));
        let mut ways: Vec<Facts> = by_param.into_iter().collect();
        self.walk(func, Facts::default(), request, &mut |event, facts| {
            if let Event::Call(at) = event
                && self.is_continue(at)
            {
                ways.push(facts.clone());
            }
        });
        (!ways.is_empty()).then(|| meet_ways(ways))
    }

    /// Whether a call passes the request on: it calls something whose type says so, or a method of it.
    fn is_continue(&self, at: CallAt) -> bool {
        let goes_on = |path: &str| self.vocabulary.lineage(path).any(|row| row.name == GOES_ON);
        self.callee_path(at).is_some_and(|path| {
            goes_on(&path) || path.rsplit_once('.').is_some_and(|(ty, _)| goes_on(ty))
        })
    }

    /// What a middleware file proves for a path: at each way on (a `next()` answer, or an end without one).
    pub(super) fn middleware_file(&self, func: Func, request: &Request<'_>) -> (Facts, bool) {
        let mut ways = Vec::new();
        self.walk(
            func,
            Facts::default(),
            request,
            &mut |event, facts| match event {
                Event::Call(at) if self.is_continue(at) => ways.push(facts.clone()),
                Event::Return(from, value)
                    if from == func && value.is_none_or(|value| self.is_nothing(value)) =>
                {
                    ways.push(facts.clone());
                }
                _ => {}
            },
        );
        (meet_ways(ways), self.looks_for(func, request, 0))
    }

    fn is_nothing(&self, node: Node) -> bool {
        use crate::model::Literal;
        matches!(
            self.module(node.file).kind(node.value),
            ValueKind::Literal(Literal::Undefined | Literal::Null)
        )
    }

    /// A library call around links or handlers: `some(a, b)`, `from_fn(f)`, `fromFnWithState(state, f)`: what the functions that it is
    /// given prove.
    fn composed_link(&self, link: &mut Link, call: Option<CallAt>, request: &Request<'_>) {
        let Some(at) = call.filter(|_| link.facts.is_empty()) else {
            return;
        };
        let Some(path) = self.callee_path(at) else {
            return;
        };
        for mount in self.vocabulary.mounts.find(&path) {
            for target in self.at_position(at, &mount.row.targets) {
                for inner in self.links(target, mount.row.signature.as_deref(), request) {
                    link.facts.add(&inner.facts);
                    link.optional |= inner.optional;
                    link.func = link.func.or(inner.func);
                    link.unknown = link.unknown.take().or(inner.unknown);
                }
            }
        }
    }

    /// A link that cannot be followed: unknown if it sounds like a guard, harmless otherwise.
    fn unknown_link(&self, link: &mut Link, call: Option<CallAt>) {
        let called = call.and_then(|at| self.call_name(at).cloned());
        let sounds = |name: &Name| self.vocabulary.names.matches("guard", name);
        if sounds(&link.name) || called.as_ref().is_some_and(sounds) {
            link.unknown = Some(format_smolstr!("`{}` could not be followed", link.name));
        }
    }

    /// Whether the vocabulary knows the package of a path, and so would know its guards.
    pub(super) fn is_described(&self, path: &str) -> bool {
        // A crate is written with `_` in code and mostly with `-` in manifests.
        let package = &path.split("::").next().unwrap_or(path).replace('-', "_");
        let mut files = self.vocabulary.frameworks.iter();
        package == "global"
            || package == "std"
            || files.any(|file| {
                file.packages.iter().any(|own| {
                    package
                        .strip_prefix(own.replace('-', "_").as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                })
            })
    }

    /// The path under which guards list a link: of the value, or of the call that made it.
    pub(super) fn guard_path(&self, node: Node) -> Option<Name> {
        match self.follow_to_call(node) {
            Some(at) => self.callee_path(at),
            None => self.resolve(node).path().cloned(),
        }
    }

    /// A name for a value: what is written, in short.
    #[must_use]
    pub fn display_name(&self, node: Node) -> Name {
        let module = self.module(node.file);
        match module.kind(node.value) {
            ValueKind::Call(call) => {
                let at = CallAt {
                    file: node.file,
                    call: *call,
                };
                self.display_name(at.node(self.call(at).callee))
            }
            ValueKind::Member { base, name, .. } => match module.kind(*base) {
                ValueKind::Import(_) | ValueKind::Global(_) => {
                    format_smolstr!("{}.{name}", self.display_name(node.with(*base)))
                }
                _ => name.clone(),
            },
            ValueKind::Import(id) => module.import(*id).local.clone(),
            ValueKind::Global(name) => name.clone(),
            ValueKind::Path(segments) => {
                // `RequireStaff::new()` is known by its type.
                let makes = |name: &&Name| !matches!(name.as_str(), "new" | "default");
                segments
                    .iter()
                    .rev()
                    .find(makes)
                    .cloned()
                    .unwrap_or_default()
            }
            ValueKind::Function(id) => module
                .function(*id)
                .name
                .clone()
                .unwrap_or_else(|| "inline function".into()),
            ValueKind::Class(ty) => module.type_decl(*ty).name.clone(),
            ValueKind::Await(inner)
            | ValueKind::Unwrap(inner)
            | ValueKind::Cast { value: inner, .. } => self.display_name(node.with(*inner)),
            ValueKind::Param { function, index } => module
                .function(*function)
                .params
                .get(*index as usize)
                .and_then(|p| p.name.clone())
                .unwrap_or_default(),
            _ => Name::new_static("value"),
        }
    }

    /// Whether a function, or one that it calls, reads a session or another credential.
    pub(super) fn looks_at_credential(&self, func: Func, depth: u32) -> bool {
        if depth > 3 {
            return false;
        }
        if let Some(known) = self.looks.borrow().get(&func) {
            return *known;
        }
        self.looks.borrow_mut().insert(func, false);
        let looks = self.looks_for(func, &Request::default(), depth);
        self.looks.borrow_mut().insert(func, looks);
        looks
    }

    /// The same for one request, whose path and method rule some ways out.
    pub(super) fn looks_for(&self, func: Func, request: &Request<'_>, depth: u32) -> bool {
        let mut looks = false;
        self.walk(func, Facts::default(), request, &mut |event, _| {
            if let Event::Call(at) = event {
                looks = looks || self.call_looks(at, depth);
            }
        });
        looks || self.reads_guard_member(func.file, self.function(func).span)
    }

    fn call_looks(&self, at: CallAt, depth: u32) -> bool {
        if let Some(path) = self.callee_path(at) {
            return self
                .vocabulary
                .guards
                .find(&path)
                .any(|guard| is_credential_kind(&guard.row.kind));
        }
        self.callee_function(at)
            .is_some_and(|func| self.looks_at_credential(func, depth + 1))
    }

    /// A member that is a guard by itself (`req.session.userId`) is read within a span.
    fn reads_guard_member(&self, file: FileId, span: Span) -> bool {
        self.index.written(file, span).any(|node| {
            let is_member = matches!(
                self.module(node.file).kind(node.value),
                ValueKind::Member { .. }
            );
            let target = if is_member {
                self.resolve(node)
            } else {
                return false;
            };
            let Target::Path(path) = &target else {
                return false;
            };
            self.vocabulary.guards.find(path).any(|guard| {
                is_credential_kind(&guard.row.kind)
                    && guard
                        .row
                        .proof
                        .iter()
                        .any(|proof| proof.root == Root::Value)
            })
        })
    }

    /// What a parameter type proves by yielding a value.
    #[must_use]
    pub fn extractor(&self, file: FileId, scope: &str, ty: &TypeRef) -> Extracted {
        match self.type_symbol(file, scope, ty) {
            Symbol::External(path) => self.library_extractor(file, scope, ty, &path),
            Symbol::Type {
                file: home,
                ty: decl,
            } => {
                let mut names = vec![self.module(home).type_decl(decl).name.clone()];
                names.extend(ty.path.last().cloned());
                self.project_extractor(&names)
            }
            Symbol::Value { file: home, value } => match self.module(home).kind(value) {
                ValueKind::Class(decl) => {
                    let mut names = vec![self.module(home).type_decl(*decl).name.clone()];
                    names.extend(ty.path.last().cloned());
                    self.project_extractor(&names)
                }
                _ => Extracted::default(),
            },
            _ => Extracted::default(),
        }
    }

    fn library_extractor(&self, file: FileId, scope: &str, ty: &TypeRef, path: &Name) -> Extracted {
        let mut found = Extracted::default();
        for guard in self.vocabulary.guards.find(path) {
            if guard.row.proof.iter().any(|p| p.root == Root::Type) && guard.row.kind != EXTRACTOR {
                found.optional |= guard.row.optional;
                if !guard.row.optional {
                    let at = Location {
                        file,
                        span: ty.span,
                    };
                    found.facts.add(&Facts::one(Proof {
                        kind: guard.row.kind.clone(),
                        by: ty.last().into(),
                        at,
                    }));
                }
            }
        }
        let wraps = self.vocabulary.lineage(path).any(|row| row.transparent);
        if wraps
            && found.facts.is_empty()
            && let Some(inner) = ty.args.first()
        {
            let inner = self.extractor(file, scope, inner);
            // An `Option` or `Result` yields a value without a credential, too.
            let maybe = matches!(ty.last(), "Option" | "Result");
            found.optional |= inner.optional || (maybe && !inner.facts.is_empty());
            found.func = inner.func;
            if !maybe {
                found.facts = inner.facts;
            }
        }
        found
    }

    fn project_extractor(&self, names: &[Name]) -> Extracted {
        for name in names {
            let key = name.clone();
            if let Some(known) = self.extractors.borrow().get(&key) {
                return known.clone();
            }
            let Some(func) = self.extractor_function(name) else {
                continue;
            };
            self.extractors
                .borrow_mut()
                .insert(key.clone(), Extracted::default());
            let facts = self.proven_result(func);
            let optional = facts.is_empty() && self.looks_at_credential(func, 0);
            let found = Extracted {
                facts,
                optional,
                func: Some(func),
            };
            self.extractors.borrow_mut().insert(key, found.clone());
            return found;
        }
        Extracted::default()
    }

    /// The function of an extractor trait that a type of the project implements.
    fn extractor_function(&self, name: &Name) -> Option<Func> {
        for module in self.modules {
            for decl in module
                .types
                .iter()
                .filter(|decl| decl.kind == TypeDeclKind::Impl && decl.name == *name)
            {
                let Some(of) = &decl.trait_ else { continue };
                let Symbol::External(path) = self.type_symbol(module.file, &decl.scope, of) else {
                    continue;
                };
                let is = self
                    .vocabulary
                    .guards
                    .find(&path)
                    .any(|guard| guard.row.kind == EXTRACTOR);
                if is
                    && let Some(method) = decl
                        .methods
                        .iter()
                        .find(|m| !m.is_static || m.name.starts_with("from"))
                {
                    return Some(Func {
                        file: module.file,
                        function: method.function,
                    });
                }
            }
        }
        None
    }

    /// The wrappers around a handler, from the outside in, and the handler itself.
    #[must_use]
    pub(super) fn handler(&self, node: Node, request: &Request<'_>) -> (Vec<Link>, Option<Func>) {
        let mut links = Vec::new();
        let mut node = node;
        for _ in 0..WRAPPERS {
            let Some(at) = self.follow_to_call(node) else {
                break;
            };
            let Some((position, arg)) = self.wrapped(at) else {
                break;
            };
            links.push(self.wrapper(at, position, request));
            node = arg;
        }
        match self.resolve(node) {
            Target::Function(func) => (links, Some(func)),
            _ => (links, None),
        }
    }

    /// The function that a call wraps: an argument that is a function, or another such call.
    fn wrapped(&self, at: CallAt) -> Option<(usize, Node)> {
        if let Some(known) = self.wraps.borrow().get(&at) {
            return *known;
        }
        // A call that is an argument of itself wraps nothing.
        self.wraps.borrow_mut().insert(at, None);
        let depth = self.wrapping.get();
        if depth > WRAPPERS {
            return None;
        }
        self.wrapping.set(depth + 1);
        let wrapped = self.find_wrapped(at);
        self.wrapping.set(depth);
        self.wraps.borrow_mut().insert(at, wrapped);
        wrapped
    }

    fn find_wrapped(&self, at: CallAt) -> Option<(usize, Node)> {
        let call = self.call(at);
        if call.form == CallForm::New {
            return None;
        }
        if self.call_name(at).is_some_and(|name| name == "bind") {
            return call
                .receiver
                .map(|receiver| (usize::MAX, at.node(receiver)));
        }
        let mut candidates = call
            .args
            .iter()
            .enumerate()
            .map(|(position, arg)| (position, at.node(arg.value)));
        candidates.find(|(position, node)| self.is_handler_argument(at, *position, *node))
    }

    fn is_handler_argument(&self, at: CallAt, position: usize, node: Node) -> bool {
        let is_function = matches!(self.resolve(node), Target::Function(_))
            || self
                .follow_to_call(node)
                .is_some_and(|inner| self.wrapped(inner).is_some());
        is_function
            && match self.resolve(at.node(self.call(at).callee)) {
                Target::Function(func) => {
                    self.passes(func, position, &Request::default()).is_some()
                }
                _ => true,
            }
    }

    fn wrapper(&self, at: CallAt, position: usize, request: &Request<'_>) -> Link {
        let call = self.call(at);
        let callee = at.node(call.callee);
        let mut link = Link {
            role: LinkRole::Wrapper,
            name: self.display_name(callee),
            at: Location {
                file: at.file,
                span: call.name_span,
            },
            call: Some(at),
            func: None,
            facts: Facts::default(),
            optional: false,
            unknown: None,
        };
        match self.resolve(callee) {
            Target::Function(func) => {
                link.func = Some(func);
                link.facts = self.passes(func, position, request).unwrap_or_default();
                link.optional = self.may_be_anonymous(&link.facts, func);
            }
            Target::Path(path) => {
                for guard in self.vocabulary.guards.find(&path) {
                    if guard.row.proof.iter().any(|p| p.root == Root::Link) {
                        link.optional |= guard.row.optional;
                        if !guard.row.optional {
                            link.facts.add(&self.proof(&guard.row.kind, &path, callee));
                        }
                    }
                }
            }
            _ if position != usize::MAX => self.unknown_link(&mut link, Some(at)),
            _ => {}
        }
        link
    }

    /// Whether a link that proves this much looks at a credential and lets go on without one.
    fn may_be_anonymous(&self, facts: &Facts, func: Func) -> bool {
        facts.any(&CREDENTIALS).is_none()
            && facts.get(ANONYMOUS).is_none()
            && self.looks_at_credential(func, 0)
    }

    /// What holds whenever the result of a function is a success.
    fn proven_result(&self, func: Func) -> Facts {
        self.returns_prove(func, &[], true)
    }
}

/// The kind of rows for traits that make a type an extractor.
const EXTRACTOR: &str = "extractor";

/// Kinds of guards that verify who is calling.
pub const CREDENTIALS: [&str; 3] = ["auth", "service-token", "webhook-signature"];

/// Whether a kind of guard verifies who is calling.
#[must_use]
pub fn is_credential_kind(kind: &str) -> bool {
    CREDENTIALS.contains(&kind)
}
