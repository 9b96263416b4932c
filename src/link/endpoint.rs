//! Endpoints: every way into the program, with what stands in front of it.

use super::Program;
use super::chain::{Link, LinkRole};
use super::node::{CallAt, Func, Node, Target};
use super::pattern::{UrlPattern, concrete, join};
use super::router::{Item, Routers};
use super::walk::Request;
use crate::model::Name;
use crate::source::Location;
use crate::vocabulary::Covers;
use rustc_hash::FxHashMap;

/// How deep routers may be mounted in each other.
const DEPTH: u32 = 16;
/// How many endpoints a program may have.
const ENDPOINTS: usize = 20_000;

/// A way into the program.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// `http`, `action`, ...
    pub protocol: Name,
    /// HTTP method, or `ACTION` and the like.
    pub method: Name,
    /// Full path.
    pub path: String,
    /// The framework's id.
    pub framework: Name,
    /// The function that answers, if it is in sight.
    pub handler: Option<Func>,
    /// Its name.
    pub name: Name,
    /// The narrowest token of the handler's head; the registration where it is out of sight.
    pub head: Location,
    /// Where a missing link would be written.
    pub registration: Location,
    /// The registering call, if there is one.
    pub registered_by: Option<CallAt>,
    /// What stands in front, from the outside in.
    pub links: Vec<Link>,
    /// Roles of the handler's parameters.
    pub signature: Option<Name>,
}

/// A route whose links are still values.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) at: Option<CallAt>,
    pub(super) path: String,
    pub(super) method: Name,
    pub(super) handlers: Vec<Node>,
    pub(super) signature: Option<Name>,
    pub(super) framework: Name,
    pub(super) protocol: Name,
    /// Links with the signature they have, from the outside in.
    pub(super) links: Vec<(Node, Option<Name>)>,
}

struct Later {
    pattern: Option<UrlPattern>,
    node: Node,
    signature: Option<Name>,
}

impl Program<'_> {
    /// Finds all endpoints, in the order of their places.
    pub(super) fn find_endpoints(&self) -> Vec<Endpoint> {
        let routers = self.routers();
        let mut drafts = self.routed(&routers);
        drafts.extend(self.by_convention(&drafts));
        self.assign_roles(self.roles_of(&drafts, &routers));
        let mut endpoints: Vec<Endpoint> = drafts.iter().map(|draft| self.finish(draft)).collect();
        endpoints.sort_by(|a, b| {
            let key = |e: &Endpoint| (e.registration, e.path.clone(), e.method.clone());
            key(a).cmp(&key(b))
        });
        endpoints.retain(|endpoint| {
            let at = endpoint.registration;
            !self.module(at.file).in_test(at.span)
        });
        endpoints.dedup_by(|a, b| {
            a.registration == b.registration && a.path == b.path && a.method == b.method
        });
        endpoints
    }

    /// The routes of all routers that are not mounted on others.
    fn routed(&self, routers: &Routers) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for node in &routers.order {
            let router = &routers.routers[node];
            if !router.mounted {
                let mut later = Vec::new();
                drafts.extend(self.flatten(routers, *node, "", &mut later, 0));
            }
        }
        drafts.truncate(ENDPOINTS);
        drafts
    }

    /// The routes of a router, mounted ones included, each with the links that cover it.
    fn flatten(
        &self,
        routers: &Routers,
        node: Node,
        base: &str,
        later: &mut Vec<Later>,
        depth: u32,
    ) -> Vec<Draft> {
        let Some(router) = routers.routers.get(&node).filter(|_| depth < DEPTH) else {
            return Vec::new();
        };
        let base = join(base, &router.prefix);
        let mut own: Vec<Draft> = Vec::new();
        let mut around = Vec::new();
        for (_, item) in &router.items {
            match item {
                Item::Route {
                    at,
                    path,
                    methods,
                    handlers,
                    signature,
                    framework,
                } => {
                    let full = join(&base, path.as_deref().unwrap_or_default());
                    let bare =
                        path.is_none() && base == "/" && depth == 0 && router.prefix.is_empty();
                    if bare || handlers.is_empty() {
                        continue;
                    }
                    let methods = router
                        .method
                        .as_ref()
                        .map_or(methods.clone(), |method| vec![method.clone()]);
                    for method in methods {
                        own.push(Draft {
                            at: Some(*at),
                            links: covering(later, &full),
                            path: full.clone(),
                            method,
                            handlers: handlers.clone(),
                            signature: signature.clone(),
                            framework: framework.clone(),
                            protocol: Name::new_static("http"),
                        });
                    }
                }
                Item::Mount { path, router } => {
                    let base = join(&base, path.trim_end_matches('*'));
                    own.extend(self.flatten(routers, *router, &base, later, depth + 1));
                }
                Item::Declared { path, node } => {
                    if let Target::Function(func) = self.resolve(*node) {
                        let mut declared = self.declared_drafts(func, &join(&base, path));
                        declared
                            .iter_mut()
                            .for_each(|draft| draft.links = covering(later, &draft.path));
                        own.extend(declared);
                    }
                }
                Item::Link {
                    path,
                    exact,
                    node,
                    covers,
                    signature,
                } => {
                    let link = (*node, signature.clone());
                    match covers {
                        Covers::Later => later.push(Later {
                            pattern: cover_pattern(&base, path.as_deref(), *exact),
                            node: *node,
                            signature: signature.clone(),
                        }),
                        Covers::Earlier => own
                            .iter_mut()
                            .for_each(|draft| draft.links.insert(0, link.clone())),
                        Covers::All => around.push(link),
                        Covers::None => {}
                    }
                }
            }
        }
        for draft in &mut own {
            draft.links.splice(0..0, around.iter().rev().cloned());
        }
        own
    }

    /// What the parameters of handlers and links are.
    fn roles_of(&self, drafts: &[Draft], routers: &Routers) -> FxHashMap<(Func, u32), Name> {
        let mut roles = FxHashMap::default();
        let mut assign = |program: &Self, node: Node, signature: Option<&Name>| {
            let Some(signature) = signature else { return };
            let Some(func) = program.first_called(node, 0) else {
                return;
            };
            let count = program.function(func).params.len();
            let rows = program
                .vocabulary
                .signatures
                .iter()
                .filter(|row| row.name == *signature);
            let Some(row) = rows.min_by_key(|row| row.params.len().abs_diff(count)) else {
                return;
            };
            for (index, role) in row.params.iter().enumerate() {
                if role != "_" && role != "continue" && role != "error" {
                    if program.declares_request(func, index, role) {
                        continue;
                    }
                    let index = u32::try_from(index).unwrap_or(u32::MAX);
                    roles.entry((func, index)).or_insert_with(|| role.clone());
                }
            }
        };
        for draft in drafts {
            for node in &draft.handlers {
                assign(self, *node, draft.signature.as_ref());
            }
            for (node, signature) in &draft.links {
                assign(self, *node, signature.as_ref());
            }
        }
        for call in drafts
            .iter()
            .filter_map(|draft| draft.at)
            .flat_map(|at| self.builder_chain(at))
        {
            let Some(path) = self.callee_path(call) else {
                continue;
            };
            for mount in self.vocabulary.mounts.find(&path) {
                for target in self.at_position(call, &mount.row.targets) {
                    assign(self, target, mount.row.signature.as_ref());
                }
            }
        }
        for (_, item) in routers
            .order
            .iter()
            .flat_map(|node| &routers.routers[node].items)
        {
            if let Item::Link {
                node, signature, ..
            } = item
            {
                assign(self, *node, signature.as_ref());
            }
        }
        roles
    }

    /// Whether a parameter declares to be a request where the role is none: then it is the project that calls the function, not
    /// the framework.
    fn declares_request(&self, func: Func, index: usize, role: &str) -> bool {
        let function = self.function(func);
        let ty = function
            .params
            .get(index)
            .and_then(|param| param.ty.as_ref());
        let target = ty.and_then(|ty| self.type_target(func.file, &function.scope, ty));
        let Some(Target::Path(path)) = target else {
            return false;
        };
        let holds_parts = |path: &str| {
            let prefix = format!("{path}.");
            let members = self
                .vocabulary
                .sources
                .iter()
                .filter(|row| row.at.is_none());
            members
                .flat_map(|row| row.path.expanded())
                .any(|own| own.starts_with(&prefix))
        };
        !holds_parts(role)
            && (holds_parts(&path)
                || self
                    .vocabulary
                    .lineage(&path)
                    .any(|row| holds_parts(&row.name)))
    }

    /// The function that a framework calls for a handler: the handler itself, or what its outermost wrapper returns.
    fn first_called(&self, node: Node, depth: u32) -> Option<Func> {
        let (links, func) = self.handler(node, &Request::default());
        let wrapper = links
            .iter()
            .find(|link| link.role == LinkRole::Wrapper)
            .and_then(|link| link.func);
        match wrapper {
            Some(wrapper) if depth < 6 => self
                .returns(wrapper)
                .into_iter()
                .find_map(|node| self.first_called(node, depth + 1)),
            _ => func,
        }
    }

    fn finish(&self, draft: &Draft) -> Endpoint {
        let url = concrete(&draft.path);
        let request = Request {
            path: Some(&url),
            method: Some(&draft.method),
            returned: false,
        };
        let mut links = self.file_links(draft, &request);
        for (node, signature) in &draft.links {
            links.extend(self.links(*node, signature.as_deref(), &request));
        }
        let (handler, before) = draft
            .handlers
            .split_last()
            .map_or((None, &[][..]), |(last, before)| (Some(*last), before));
        let mut last = handler;
        if let Some(node) = handler {
            let elements = self.elements(node);
            if let Some((inner, before)) = elements.split_last() {
                before.iter().for_each(|node| {
                    links.extend(self.links(*node, draft.signature.as_deref(), &request))
                });
                last = Some(*inner);
            }
        }
        for node in before {
            links.extend(self.links(*node, draft.signature.as_deref(), &request));
        }
        let (wrappers, func) = last.map_or((Vec::new(), None), |node| self.handler(node, &request));
        links.extend(wrappers);
        links.extend(
            draft
                .at
                .into_iter()
                .flat_map(|at| self.builder_links(at, &request)),
        );
        links.extend(func.into_iter().flat_map(|func| self.extractor_links(func)));
        let shown = last.map(|node| self.display_name(node));
        let head = func.map(|func| Location {
            file: func.file,
            span: self.function(func).head,
        });
        let registration = self.registration(draft, head);
        Endpoint {
            protocol: draft.protocol.clone(),
            method: draft.method.clone(),
            path: draft.path.clone(),
            framework: draft.framework.clone(),
            handler: func,
            name: func
                .and_then(|func| self.function(func).name.clone())
                .or(shown)
                .unwrap_or_default(),
            head: head.unwrap_or(registration),
            registration,
            registered_by: draft.at,
            links,
            signature: draft.signature.clone(),
        }
    }

    /// Where a missing link would be written: the path argument of a registering call, else the handler's head.
    fn registration(&self, draft: &Draft, head: Option<Location>) -> Location {
        let Some(at) = draft.at else {
            let first = draft.handlers.first().map(|node| self.location(*node));
            return head.or(first).unwrap_or(Location {
                file: crate::source::FileId(0),
                span: crate::source::Span::default(),
            });
        };
        let call = self.call(at);
        let span = match call.args.first() {
            Some(arg)
                if !draft
                    .handlers
                    .iter()
                    .any(|h| h.value == arg.value && h.file == at.file) =>
            {
                arg.span
            }
            _ => call.name_span,
        };
        Location {
            file: at.file,
            span,
        }
    }

    /// The links that the handler's parameter types are.
    fn extractor_links(&self, func: Func) -> Vec<Link> {
        let function = self.function(func);
        let mut links = Vec::new();
        for param in &function.params {
            let Some(ty) = &param.ty else { continue };
            let found = self.extractor(func.file, &function.scope, ty);
            if found.facts.is_empty() && !found.optional {
                continue;
            }
            links.push(Link {
                role: LinkRole::Extractor,
                name: ty.last().into(),
                at: Location {
                    file: func.file,
                    span: param.span,
                },
                call: None,
                func: found.func,
                facts: found.facts,
                optional: found.optional,
                unknown: None,
            });
        }
        links
    }
}

/// The links that cover a path, in their order.
fn covering(later: &[Later], path: &str) -> Vec<(Node, Option<Name>)> {
    let url = concrete(path);
    let covers = |link: &&Later| {
        link.pattern
            .as_ref()
            .is_none_or(|pattern| pattern.matches(&url) || pattern.matches(path))
    };
    later
        .iter()
        .filter(covers)
        .map(|link| (link.node, link.signature.clone()))
        .collect()
}

/// The pattern of a link: what lies below its path, or just that path.
fn cover_pattern(base: &str, path: Option<&str>, exact: bool) -> Option<UrlPattern> {
    let full = join(base, path.unwrap_or_default());
    if full == "/" && path.is_none_or(|path| !exact || path.contains('*')) {
        return None;
    }
    let wild = full.contains('*') || (exact && path.is_some());
    Some(UrlPattern::new(&if wild {
        full
    } else {
        format!("{}/*", full.trim_end_matches('/'))
    }))
}
