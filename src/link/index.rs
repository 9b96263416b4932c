//! Look-ups that one pass over the modules makes: what is stored where, which call takes which closure, methods by name.

use super::node::{CallAt, Func, Node};
use crate::model::{
    CallId, Entry, FunctionId, FunctionKind, Language, Module, Name, StoreKey, TypeDeclKind,
    ValueId, ValueKind,
};
use crate::source::{FileId, Span};
use rustc_hash::FxHashMap;

/// Facts about single modules, indexed over all of them.
#[derive(Debug, Default)]
pub(super) struct Index {
    stored: FxHashMap<(Node, Name), Vec<Node>>,
    this: FxHashMap<(Func, Name), Vec<Node>>,
    /// Constructor functions by the functions that are methods of what they make.
    makers: FxHashMap<Func, Func>,
    passed: FxHashMap<Func, (CallAt, usize)>,
    methods: FxHashMap<(Name, Name), Vec<Func>>,
    scope: FxHashMap<Name, Vec<Node>>,
    called_on: FxHashMap<Node, Vec<CallAt>>,
    called: FxHashMap<Node, Vec<CallAt>>,
    /// What is stored into a value, under any key.
    written_into: FxHashMap<Node, Vec<Node>>,
    /// By file: members, look-ups and calls by where they start.
    written: Vec<Vec<(u32, ValueId)>>,
}

impl Index {
    /// Indexes all modules.
    #[must_use]
    pub(super) fn new(modules: &[Module]) -> Self {
        let mut index = Self::default();
        for module in modules {
            index.add_makers(module);
            index.add_stores(module);
            index.add_closures(module);
            index.add_methods(module);
            index.add_written(module);
        }
        index
    }

    /// What is stored into a member of a value.
    #[must_use]
    pub(super) fn stored(&self, node: Node, name: &str) -> &[Node] {
        self.stored
            .get(&(node, Name::new(name)))
            .map_or(&[], Vec::as_slice)
    }

    /// What is stored into a member of `this` (or of the prototype) by a function.
    #[must_use]
    pub(super) fn this_member(&self, func: Func, name: &str) -> &[Node] {
        self.this
            .get(&(func, Name::new(name)))
            .map_or(&[], Vec::as_slice)
    }

    /// The constructor function that makes what `this` is in a function, if the function is one of its methods.
    #[must_use]
    pub(super) fn maker(&self, func: Func) -> Option<Func> {
        self.makers.get(&func).copied()
    }

    /// The call that takes a closure as its argument, and which argument it is.
    #[must_use]
    pub(super) fn passed(&self, func: Func) -> Option<(CallAt, usize)> {
        self.passed.get(&func).copied()
    }

    /// Rust methods by the names of type and method.
    #[must_use]
    pub(super) fn methods(&self, ty: &str, name: &str) -> &[Func] {
        self.methods
            .get(&(Name::new(ty), Name::new(name)))
            .map_or(&[], Vec::as_slice)
    }

    /// What is stored anywhere into a member of this name of a parameter (`req.user = ..`).
    #[must_use]
    pub(super) fn request_scope(&self, name: &str) -> &[Node] {
        self.scope.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a part of a value is written after it was made.
    #[must_use]
    pub(super) fn is_written_into(&self, node: Node) -> bool {
        self.written_into.contains_key(&node)
    }

    /// What is stored into a value, under any key.
    pub(super) fn all_stored(&self, node: Node) -> impl Iterator<Item = Node> {
        self.written_into.get(&node).into_iter().flatten().copied()
    }

    /// The method calls that are made on a value.
    #[must_use]
    pub(super) fn called_on(&self, node: Node) -> &[CallAt] {
        self.called_on.get(&node).map_or(&[], Vec::as_slice)
    }

    /// The calls of a parameter.
    #[must_use]
    pub(super) fn called(&self, node: Node) -> &[CallAt] {
        self.called.get(&node).map_or(&[], Vec::as_slice)
    }

    /// The members, look-ups and calls that are written within a span, in order.
    pub(super) fn written(&self, file: FileId, span: Span) -> impl Iterator<Item = Node> {
        let all = self
            .written
            .get(file.index())
            .map_or(&[][..], Vec::as_slice);
        let from = all.partition_point(|(start, _)| *start < span.start);
        let inside = all
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(move |(start, _)| *start < span.end);
        inside.map(move |(_, value)| Node {
            file,
            value: *value,
        })
    }

    fn add_written(&mut self, module: &Module) {
        let kinds = |kind: &ValueKind| {
            matches!(
                kind,
                ValueKind::Member { .. } | ValueKind::Index { .. } | ValueKind::Call(_)
            )
        };
        let values = module
            .values
            .iter()
            .enumerate()
            .filter(|(_, value)| kinds(&value.kind));
        let mut list: Vec<(u32, ValueId)> = values
            .map(|(at, value)| (value.span.start, ValueId::at(at)))
            .collect();
        list.sort_unstable();
        self.written.push(list);
    }

    /// `Maker.prototype.method = function () {}`, `Maker.prototype = { method() {} }`, `this.method = function () {}`.
    fn add_makers(&mut self, module: &Module) {
        for store in &module.stores {
            let StoreKey::Member(name) = &store.key else {
                continue;
            };
            let maker = match module.kind(store.target) {
                ValueKind::This(maker) => *maker,
                ValueKind::Function(maker) if name == "prototype" => *maker,
                ValueKind::Member { base, name, .. } if name == "prototype" => {
                    match module.kind(*base) {
                        ValueKind::Function(maker) => *maker,
                        _ => continue,
                    }
                }
                _ => continue,
            };
            let values = match module.kind(store.value) {
                ValueKind::Object(entries) if name == "prototype" => {
                    entries.iter().flat_map(Entry::values).collect()
                }
                _ => vec![store.value],
            };
            for value in values {
                let ValueKind::Function(method) = module.kind(value) else {
                    continue;
                };
                let func = |function: FunctionId| Func {
                    file: module.file,
                    function,
                };
                if module.function(*method).kind != FunctionKind::Closure && *method != maker {
                    self.makers.entry(func(*method)).or_insert(func(maker));
                }
            }
        }
    }

    fn add_stores(&mut self, module: &Module) {
        for store in &module.stores {
            let into = Node {
                file: module.file,
                value: store.target,
            };
            let values = self.written_into.entry(into).or_default();
            values.push(into.with(store.value));
            let StoreKey::Member(name) = &store.key else {
                continue;
            };
            let value = Node {
                file: module.file,
                value: store.value,
            };
            let target = Node {
                file: module.file,
                value: store.target,
            };
            let func = |function: FunctionId| Func {
                file: module.file,
                function,
            };
            match module.kind(store.target) {
                ValueKind::This(function) => {
                    let own = func(*function);
                    let maker = self.makers.get(&own).copied().unwrap_or(own);
                    self.this
                        .entry((maker, name.clone()))
                        .or_default()
                        .push(value);
                }
                ValueKind::Function(function) if name == "prototype" => {
                    let maker = func(*function);
                    if let ValueKind::Object(entries) = module.kind(store.value) {
                        for entry in entries {
                            if let Entry::Field {
                                key, value: method, ..
                            } = entry
                            {
                                let all = self.this.entry((maker, key.clone())).or_default();
                                all.push(value.with(*method));
                            }
                        }
                    }
                }
                ValueKind::Member {
                    base,
                    name: prototype,
                    ..
                } if prototype == "prototype" => {
                    if let ValueKind::Function(function) = module.kind(*base) {
                        self.this
                            .entry((func(*function), name.clone()))
                            .or_default()
                            .push(value);
                    }
                }
                ValueKind::Param { .. } => self.scope.entry(name.clone()).or_default().push(value),
                _ => {}
            }
            self.stored
                .entry((target, name.clone()))
                .or_default()
                .push(value);
        }
    }

    fn add_closures(&mut self, module: &Module) {
        for (at, call) in module.calls.iter().enumerate() {
            let site = CallAt {
                file: module.file,
                call: CallId::at(at),
            };
            if let Some(receiver) = call.receiver {
                self.called_on
                    .entry(site.node(receiver))
                    .or_default()
                    .push(site);
            }
            if matches!(module.kind(call.callee), ValueKind::Param { .. }) {
                self.called
                    .entry(site.node(call.callee))
                    .or_default()
                    .push(site);
            }
            for (position, arg) in call.args.iter().enumerate() {
                if let ValueKind::Function(function) = module.kind(arg.value) {
                    self.passed
                        .entry(Func {
                            file: module.file,
                            function: *function,
                        })
                        .or_insert((site, position));
                }
            }
        }
    }

    fn add_methods(&mut self, module: &Module) {
        if module.language != Language::Rust {
            return;
        }
        for decl in &module.types {
            if !matches!(decl.kind, TypeDeclKind::Impl | TypeDeclKind::Trait) {
                continue;
            }
            for method in &decl.methods {
                let func = Func {
                    file: module.file,
                    function: method.function,
                };
                if module.function(method.function).kind != FunctionKind::Closure {
                    self.methods
                        .entry((decl.name.clone(), method.name.clone()))
                        .or_default()
                        .push(func);
                }
            }
        }
    }
}
