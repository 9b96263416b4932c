//! Where a value comes from: parts of the request, configuration, keyed hashes.
//!
//! A backward question, for guards: is this a credential, is that a configured secret. Data flow to sinks is asked forward,
//! in the flow room.

use super::Program;
use super::node::{CallAt, Func, Node, Target};
use crate::model::{Entry, Literal, Name, ValueKind};
use crate::vocabulary::{Match, Names, SourceRow, position::Root};

/// How deep one question may go.
const DEPTH: u32 = 40;
/// Kinds of sources that are not brought by the request.
const OWN: [&str; 3] = ["env", "mac", "credential"];

/// One place that a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// Kind of source: `header`, `cookie`, `body`, `env`, `mac`, ...
    pub kind: Name,
    /// Which one: the header's, cookie's, field's or variable's name, where that is constant.
    pub key: Option<Name>,
}

/// The places that a value may come from.
#[derive(Debug, Clone, Default)]
pub struct Origins(Vec<Origin>);

impl Origins {
    /// Whether a source of this kind is among them.
    #[must_use]
    pub fn has(&self, kind: &str) -> bool {
        self.0.iter().any(|origin| origin.kind == kind)
    }

    /// Whether anything of the request is among them.
    #[must_use]
    pub fn from_request(&self) -> bool {
        self.0
            .iter()
            .any(|origin| !OWN.contains(&origin.kind.as_str()))
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Origin> {
        self.0.iter()
    }

    /// The name of the configured secret among them.
    #[must_use]
    pub fn secret(&self, names: &Names) -> Option<Name> {
        let configured = self.0.iter().filter(|origin| origin.kind == "env");
        configured
            .filter_map(|origin| origin.key.clone())
            .find(|key| {
                names.matches("credential", key) || names.matches("credential-carrier", key)
            })
    }

    /// Whether a header or cookie that carries a credential is among them.
    #[must_use]
    pub fn credential(&self, names: &Names) -> bool {
        self.0.iter().any(|origin| match origin.kind.as_str() {
            "cookie" => true,
            "header" => origin
                .key
                .as_ref()
                .is_some_and(|key| names.matches("credential-carrier", key)),
            _ => false,
        })
    }

    /// Adds those of another value.
    pub fn add(&mut self, more: &Self) {
        for origin in &more.0 {
            if let Err(at) = self.0.binary_search(origin) {
                self.0.insert(at, origin.clone());
            }
        }
    }

    fn one(kind: &Name, key: Option<Name>) -> Self {
        Self(vec![Origin {
            kind: kind.clone(),
            key,
        }])
    }

    /// The member `name` of all this.
    fn keyed(mut self, name: &str) -> Self {
        for origin in &mut self.0 {
            origin.key.get_or_insert_with(|| Name::new(name));
        }
        self.0.sort();
        self
    }
}

impl Program<'_> {
    /// The places that a value may come from, callers included.
    #[must_use]
    pub fn origins(&self, node: Node) -> Origins {
        self.origins_of(node, true)
    }

    /// The places that a value comes from by itself, whoever calls the function that it is in.
    pub(super) fn own_origins(&self, node: Node) -> Origins {
        self.origins_of(node, false)
    }

    fn origins_of(&self, node: Node, callers: bool) -> Origins {
        if let Some(known) = self.origin_memo.borrow().get(&(node, callers)) {
            return known.clone();
        }
        let depth = self.tracing.get();
        if depth > DEPTH {
            return Origins::default();
        }
        self.tracing.set(depth + 1);
        self.origin_memo
            .borrow_mut()
            .insert((node, callers), Origins::default());
        let found = self.origins_kind(node, callers);
        self.tracing.set(depth);
        self.origin_memo
            .borrow_mut()
            .insert((node, callers), found.clone());
        found
    }

    fn origins_kind(&self, node: Node, callers: bool) -> Origins {
        let module = self.module(node.file);
        match module.kind(node.value) {
            ValueKind::Param { function, index } => self.param_origins(
                node,
                Func {
                    file: node.file,
                    function: *function,
                },
                *index,
                callers,
            ),
            ValueKind::Member { base, name, .. } => {
                self.member_origins(node, node.with(*base), name, callers)
            }
            ValueKind::Index { base, key } => match module.kind(*key) {
                ValueKind::Literal(Literal::Str(name)) => {
                    self.member_origins(node, node.with(*base), name, callers)
                }
                _ => self.origins_of(node.with(*base), callers),
            },
            ValueKind::Call(call) => self.call_origins(
                CallAt {
                    file: node.file,
                    call: *call,
                },
                callers,
            ),
            ValueKind::Import(_) | ValueKind::Path(_) | ValueKind::Global(_) => {
                let own = self.source_of_member(node);
                if own.0.is_empty() {
                    self.union(&self.follow(node), callers)
                } else {
                    own
                }
            }
            ValueKind::Compare { .. } | ValueKind::Matches { .. } => Origins::default(),
            other => {
                let children: Vec<Node> = other
                    .children()
                    .into_iter()
                    .map(|value| node.with(value))
                    .collect();
                self.union(&children, callers)
            }
        }
    }

    /// The places that the results of a function come from by what it does itself, whatever it is called with.
    #[must_use]
    pub fn results(&self, func: Func) -> Origins {
        self.union(&self.returns(func), false)
    }

    fn union(&self, nodes: &[Node], callers: bool) -> Origins {
        let mut all = Origins::default();
        for node in nodes {
            all.add(&self.origins_of(*node, callers));
        }
        all
    }

    pub(super) fn source_of_member(&self, node: Node) -> Origins {
        let target = self.resolve(node);
        let Some(path) = target.path() else {
            return Origins::default();
        };
        let found = self
            .vocabulary
            .sources
            .find(path)
            .find(|m| m.row.at.is_none());
        found.map_or_else(Origins::default, |m| {
            Origins::one(&m.row.kind, m.captures.first().cloned())
        })
    }

    fn member_origins(&self, node: Node, base: Node, name: &Name, callers: bool) -> Origins {
        let own = self.source_of_member(node);
        if !own.0.is_empty() {
            return own;
        }
        if let Some(fields) = self.literal_fields(base, name, callers) {
            return self.union(&fields, callers);
        }
        let inherited = self.origins_of(base, callers).keyed(name);
        if !inherited.0.is_empty() {
            return inherited;
        }
        self.union(&self.follow(node), callers)
    }

    /// The fields of the object literals that a value can be, if it can be nothing else: what stands in the other fields is not
    /// asked for.
    pub(super) fn literal_fields(
        &self,
        base: Node,
        name: &Name,
        callers: bool,
    ) -> Option<Vec<Node>> {
        let values = match self.module(base.file).kind(base.value) {
            ValueKind::Param { function, index } if callers => {
                let func = Func {
                    file: base.file,
                    function: *function,
                };
                self.arguments_for(func, *index)
            }
            ValueKind::Param { .. } => return None,
            _ => vec![base],
        };
        let mut fields = Vec::new();
        for value in &values {
            let target = self.resolve(*value);
            let Target::Object(at) = target else {
                return None;
            };
            let ValueKind::Object(entries) = self.module(at.file).kind(at.value) else {
                return None;
            };
            let plain = |entry: &Entry| matches!(entry, Entry::Field { .. });
            if !entries.iter().all(plain) {
                return None;
            }
            fields.extend(self.member_nodes(&target, name));
        }
        (!fields.is_empty()).then_some(fields)
    }

    fn param_origins(&self, node: Node, func: Func, index: u32, callers: bool) -> Origins {
        let mut found = Origins::default();
        if !callers {
            return found;
        }
        if let Some(path) = self.resolve(node).path() {
            for source in self.vocabulary.sources.find(path) {
                if source
                    .row
                    .at
                    .as_ref()
                    .is_some_and(|at| at.root == Root::Type)
                {
                    found.add(&Origins::one(&source.row.kind, None));
                }
            }
        }
        found.add(&self.union(&self.arguments_for(func, index), callers));
        found
    }

    /// The text of a key, or the name of the constant that holds it (`header::AUTHORIZATION`).
    fn key_text(&self, node: Node) -> Option<Name> {
        self.string(node)
            .or_else(|| match self.module(node.file).kind(node.value) {
                ValueKind::Path(segments) => segments.last().cloned(),
                _ => None,
            })
    }

    /// The source that a call is by itself.
    pub(super) fn source_of_call(&self, at: CallAt) -> Origins {
        let Some(path) = self.callee_path(at) else {
            return Origins::default();
        };
        let is_source = |source: &Match<'_, SourceRow>| {
            let returns = source
                .row
                .at
                .as_ref()
                .is_some_and(|p| p.root == Root::Return);
            returns && self.holds(at, &source.row.when)
        };
        let Some(source) = self.vocabulary.sources.find(&path).find(is_source) else {
            return Origins::default();
        };
        let first = self.call(at).args.first();
        let key = first.and_then(|arg| self.key_text(at.node(arg.value)));
        Origins::one(&source.row.kind, key.map(|key| key.to_lowercase().into()))
    }

    fn call_origins(&self, at: CallAt, callers: bool) -> Origins {
        let call = self.call(at);
        let callee = self.resolve(at.node(call.callee));
        let own = self.source_of_call(at);
        if !own.0.is_empty() {
            return own;
        }
        let verified = self
            .callee_path(at)
            .is_some_and(|path| self.vocabulary.guards.contains(&path));
        if verified || self.effect(at).is_some() {
            // What a store, service or guard answers is its own data, whatever it was asked with.
            return Origins::default();
        }
        let mut parts: Vec<Node> = match callee {
            Target::Function(func) => self.given(at, &self.passed_through(func)),
            _ => call.args.iter().map(|arg| at.node(arg.value)).collect(),
        };
        parts.extend(call.receiver.map(|value| at.node(value)));
        let mut found = self.union(&parts, callers);
        if let Target::Function(func) = callee {
            for node in self.returns(func) {
                found.add(&self.origins_of(node, false));
            }
        }
        let key = call
            .args
            .first()
            .and_then(|arg| self.key_text(at.node(arg.value)));
        match key {
            // `headers.get("authorization")` on something that is a header collection by its origin.
            Some(key) if call.receiver.is_some() => found.keyed(&key.to_lowercase()),
            _ => found,
        }
    }
}
