//! Routers: which calls register routes, mounts and links on which router, in which order.

use super::Program;
use super::node::{CallAt, Node, Target};
use crate::model::{Name, ValueKind};
use crate::vocabulary::Match;
use crate::vocabulary::{Covers, MountRow, RouteRow, TypeRow};
use rustc_hash::{FxHashMap, FxHashSet};

/// How deep a router is looked for behind names.
const DEPTH: u32 = 24;

/// Place of an item among those of its router: evaluation order, calls that lead to it first.
pub(super) type Order = Vec<u32>;

/// A router: a value that collects items.
#[derive(Debug, Clone, Default)]
pub(super) struct Router {
    /// URL path that all its routes have in front.
    pub prefix: String,
    /// HTTP method that all its routes have.
    pub method: Option<Name>,
    /// Items in the order in which they take effect.
    pub items: Vec<(Order, Item)>,
    /// It is put onto another one.
    pub mounted: bool,
}

/// An item of a router.
#[derive(Debug, Clone)]
pub(super) enum Item {
    /// A route.
    Route {
        /// The registering call.
        at: CallAt,
        /// URL path, relative to the router; `None` where the router's prefix is all.
        path: Option<String>,
        /// HTTP methods.
        methods: Vec<Name>,
        /// Links and handler.
        handlers: Vec<Node>,
        /// Role of their parameters.
        signature: Option<Name>,
        /// Framework.
        framework: Name,
    },
    /// Another router.
    Mount {
        /// URL path, relative to the router.
        path: String,
        /// The router.
        router: Node,
    },
    /// A link.
    Link {
        /// URL pattern, relative to the router; `None` for all.
        path: Option<String>,
        /// It covers just that path.
        exact: bool,
        /// The link.
        node: Node,
        /// Which routes it covers.
        covers: Covers,
        /// Role of its parameters.
        signature: Option<Name>,
    },
    /// A handler that declares its own method and path (attribute macros).
    Declared {
        /// URL path that is put in front of the declared one.
        path: String,
        /// The handler.
        node: Node,
    },
}

/// All routers of a program.
#[derive(Debug, Default)]
pub(super) struct Routers {
    /// By the value that makes them.
    pub routers: FxHashMap<Node, Router>,
    /// Keys of the above, in a fixed order.
    pub order: Vec<Node>,
}

impl Program<'_> {
    /// Finds routers and what is registered on them.
    pub(super) fn routers(&self) -> Routers {
        let mut found = Routers::default();
        for at in self.calls() {
            let Some(path) = self.callee_path(at) else {
                continue;
            };
            for row in self.vocabulary.types.find(&path) {
                if row.row.router && self.holds(at, &row.row.when) {
                    self.add_router(&mut found, at, row.row, &path);
                }
            }
            for row in self.vocabulary.routes.find(&path) {
                if !row.row.builder && self.holds(at, &row.row.when) {
                    self.add_route(&mut found, at, &row, &path);
                }
            }
            for row in self.vocabulary.mounts.find(&path) {
                if self.holds(at, &row.row.when) {
                    self.add_mount(&mut found, at, &row);
                }
            }
        }
        for router in found.routers.values_mut() {
            router.items.sort_by(|a, b| a.0.cmp(&b.0));
        }
        found
    }

    fn add_router(&self, found: &mut Routers, at: CallAt, row: &TypeRow, callee: &str) {
        let node = at.node(self.call(at).value);
        let prefix = row
            .prefix
            .as_ref()
            .and_then(|position| self.at_position(at, position).first().copied());
        let router = found.entry(node);
        if let Some(text) = prefix.and_then(|node| self.string(node)) {
            router.prefix = text.to_string();
        }
        if let Some(method) = &row.method {
            router.method = Some(if method == "name" {
                last_word(callee)
            } else {
                method.clone()
            });
        }
        if row.mounted
            && let Some(receiver) = self.call(at).receiver
        {
            self.push(
                found,
                at,
                at.node(receiver),
                &Item::Mount {
                    path: String::new(),
                    router: node,
                },
            );
            found.entry(node).mounted = true;
        }
    }

    fn add_route(
        &self,
        found: &mut Routers,
        at: CallAt,
        matched: &Match<'_, RouteRow>,
        callee: &str,
    ) {
        let row = matched.row;
        let path = row.at.as_ref().map(|position| {
            let node = self.at_position(at, position).first().copied();
            node.and_then(|node| self.url_text(node))
                .unwrap_or_else(|| "*".to_owned())
        });
        let item = Item::Route {
            at,
            path,
            methods: self.methods(at, &row.method, callee),
            handlers: self.at_position(at, &row.handlers),
            signature: row.signature.clone(),
            framework: matched.framework.clone(),
        };
        let router = self.call(at).receiver.unwrap_or(self.call(at).value);
        self.push(found, at, at.node(router), &item);
    }

    /// A URL path: a constant text; what is interpolated becomes a parameter; of several paths the first.
    fn url_text(&self, node: Node) -> Option<String> {
        if let Some(text) = self.string(node) {
            return Some(text.to_string());
        }
        if let Some(first) = self.elements(node).first() {
            return self.url_text(*first);
        }
        let Target::Object(at) = self.resolve(node) else {
            return None;
        };
        match self.module(at.file).kind(at.value) {
            ValueKind::Text(parts) => {
                let part = |value: &crate::model::ValueId| {
                    self.string(at.with(*value))
                        .unwrap_or_else(|| "{}".into())
                        .to_string()
                };
                Some(parts.iter().map(part).collect())
            }
            ValueKind::Literal(crate::model::Literal::Regex(source)) => Some(source.to_string()),
            _ => None,
        }
    }

    fn methods(&self, at: CallAt, method: &str, callee: &str) -> Vec<Name> {
        if method == "name" {
            return vec![last_word(callee)];
        }
        if method.starts_with("arg") {
            let Ok(position) = crate::vocabulary::position::Position::parse(method) else {
                return Vec::new();
            };
            let nodes = self.at_position(at, &position);
            let listed: Vec<Node> = nodes.iter().flat_map(|node| self.elements(*node)).collect();
            let texts = if listed.is_empty() { nodes } else { listed };
            return texts
                .into_iter()
                .filter_map(|node| self.string(node))
                .map(|name| name.to_uppercase().into())
                .collect();
        }
        vec![Name::new(method)]
    }

    fn add_mount(&self, found: &mut Routers, at: CallAt, matched: &Match<'_, MountRow>) {
        let row = matched.row;
        let Some(receiver) = self.call(at).receiver else {
            return;
        };
        let receiver = at.node(receiver);
        let place = row
            .at
            .as_ref()
            .and_then(|position| self.at_position(at, position).first().copied());
        let mut targets = self.at_position(at, &row.targets);
        let mut path = None;
        if let Some(node) = place {
            match self.url_text(node) {
                Some(text) => path = Some(text),
                None if !targets.contains(&node) => targets.insert(0, node),
                None => {}
            }
            targets.retain(|target| path.is_none() || *target != node);
        }
        for target in targets.iter().take(64) {
            for item in self.mounted_items(*target, path.as_deref(), row) {
                if let Item::Mount { router, .. } = &item {
                    found.entry(*router).mounted = true;
                }
                self.push(found, at, receiver, &item);
            }
        }
    }

    /// What a mount puts onto a router: routers, handlers that declare themselves, links.
    fn mounted_items(&self, target: Node, path: Option<&str>, row: &MountRow) -> Vec<Item> {
        let prefix = || path.unwrap_or_default().to_owned();
        let elements = self.elements(target);
        if !elements.is_empty() {
            return elements
                .into_iter()
                .take(64)
                .flat_map(|item| self.mounted_items(item, path, row))
                .collect();
        }
        let routers = self.allocations(target);
        if !routers.is_empty() {
            return routers
                .into_iter()
                .map(|router| Item::Mount {
                    path: prefix(),
                    router,
                })
                .collect();
        }
        if let Target::Function(func) = self.resolve(target)
            && self.declared_route(func).is_some()
        {
            return vec![Item::Declared {
                path: prefix(),
                node: target,
            }];
        }
        if row.covers == Covers::None {
            return Vec::new();
        }
        let signature = row.signature.clone();
        vec![Item::Link {
            path: path.map(str::to_owned),
            exact: row.exact,
            node: target,
            covers: row.covers,
            signature,
        }]
    }

    fn push(&self, found: &mut Routers, at: CallAt, router: Node, item: &Item) {
        let mut owners = self.allocations(router);
        if owners.is_empty() && self.is_router(router) {
            owners.push(self.last_name(router));
        }
        for owner in owners {
            let order = self.order(at, router, owner, 0);
            found.entry(owner).items.push((order, item.clone()));
        }
    }

    /// Whether a value is an instance of a router type.
    fn is_router(&self, node: Node) -> bool {
        let Target::Path(path) = self.resolve(node) else {
            return false;
        };
        self.vocabulary.lineage(&path).any(|row| row.router)
    }

    /// The parameter or other value at the end of the names of a router whose making is out of sight.
    fn last_name(&self, node: Node) -> Node {
        let mut node = node;
        for _ in 0..16 {
            if let ValueKind::Call(call) = self.module(node.file).kind(node.value)
                && let Some(receiver) = self.module(node.file).call(*call).receiver
            {
                node = node.with(receiver);
                continue;
            }
            match self.follow(node).first() {
                Some(next) => node = *next,
                None => break,
            }
        }
        node
    }

    /// The order of an item on a router that was passed to the function which registers it: that of the passing call first.
    fn order(&self, at: CallAt, router: Node, owner: Node, depth: u32) -> Order {
        let call = self.call(at);
        let mut base = router;
        for _ in 0..64 {
            let module = self.module(base.file);
            match module.kind(base.value) {
                ValueKind::Call(inner) => match module.call(*inner).receiver {
                    Some(receiver) => base = base.with(receiver),
                    None => break,
                },
                _ => break,
            }
        }
        if let ValueKind::Param { function, index } = self.module(base.file).kind(base.value)
            && depth < 6
        {
            let func = super::node::Func {
                file: base.file,
                function: *function,
            };
            let sites = self
                .callers
                .borrow()
                .get(&func)
                .cloned()
                .unwrap_or_default();
            for site in sites.into_iter().take(8) {
                let arg = self
                    .call(site)
                    .args
                    .get(*index as usize)
                    .map(|arg| site.node(arg.value));
                if let Some(arg) = arg
                    && self.allocations(arg).contains(&owner)
                {
                    let mut order = self.order(site, arg, owner, depth + 1);
                    order.push(call.order);
                    return order;
                }
            }
        }
        if at.file == owner.file {
            vec![call.order]
        } else {
            vec![u32::MAX, at.file.0, call.order]
        }
    }

    /// The values that make the routers which a value may be: through names, arguments, results and fluent calls.
    #[must_use]
    pub(super) fn allocations(&self, node: Node) -> Vec<Node> {
        let mut found = Vec::new();
        let mut seen = FxHashSet::default();
        self.allocations_into(node, 0, &mut seen, &mut found);
        found
    }

    fn allocations_into(
        &self,
        node: Node,
        depth: u32,
        seen: &mut FxHashSet<Node>,
        found: &mut Vec<Node>,
    ) {
        if depth > DEPTH || !seen.insert(node) {
            return;
        }
        if let ValueKind::Call(call) = self.module(node.file).kind(node.value) {
            let at = CallAt {
                file: node.file,
                call: *call,
            };
            if let Some(path) = self.callee_path(at) {
                if self.makes_router(at, &path) {
                    if !found.contains(&node) {
                        found.push(node);
                    }
                } else if let Some(receiver) = self.call(at).receiver
                    && self.is_router(node)
                {
                    self.allocations_into(node.with(receiver), depth, seen, found);
                }
                return;
            }
        }
        for next in self.follow(node) {
            self.allocations_into(next, depth + 1, seen, found);
        }
    }

    fn makes_router(&self, at: CallAt, path: &str) -> bool {
        self.vocabulary
            .types
            .find(path)
            .any(|row| row.row.router && self.holds(at, &row.row.when))
    }
}

impl Routers {
    fn entry(&mut self, node: Node) -> &mut Router {
        if !self.routers.contains_key(&node) {
            self.order.push(node);
        }
        self.routers.entry(node).or_default()
    }
}

/// The last word of a callee path, in capitals, as an HTTP method.
fn last_word(path: &str) -> Name {
    let word = path
        .rsplit(['.', ':'])
        .next()
        .unwrap_or(path)
        .trim_end_matches('!')
        .to_uppercase();
    match word.as_str() {
        "ANY" | "ALL" => Name::new_static("ALL"),
        _ => word.into(),
    }
}
