//! Endpoints and links that are declared by files, directives, attributes and builders.

use super::Program;
use super::chain::{Link, LinkRole};
use super::endpoint::Draft;
use super::node::{CallAt, Func, Node, Target};
use super::pattern::join;
use super::symbol::Symbol;
use super::walk::Request;
use crate::model::{CallForm, ExportKind, FunctionKind, Module, Name, ValueKind};
use crate::project::Package;
use crate::source::FileId;
use crate::vocabulary::{ConventionKind, ConventionRow};
use globset::{GlobBuilder, GlobMatcher};
use rustc_hash::FxHashSet;

/// A file that runs in front of endpoints by its name.
pub(super) struct MiddlewareFile<'p> {
    row: &'p ConventionRow,
    framework: &'p Name,
    module: &'p Module,
}

impl<'p> Program<'p> {
    /// Endpoints that no router registers.
    pub(super) fn by_convention(&self, routed: &[Draft]) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for found in self.vocabulary.conventions.iter_with_framework() {
            let (row, framework) = found;
            match row.kind {
                ConventionKind::RouteFile => drafts.extend(self.route_files(row, framework)),
                ConventionKind::Directive => drafts.extend(self.directives(row, framework)),
                ConventionKind::Attribute | ConventionKind::MiddlewareFile => {}
            }
        }
        let mounted: FxHashSet<Func> = routed
            .iter()
            .flat_map(|draft| &draft.handlers)
            .filter_map(|node| match self.resolve(*node) {
                Target::Function(func) => Some(func),
                _ => None,
            })
            .collect();
        for module in self.modules {
            for function in &module.functions {
                if function.decorators.is_empty() || module.in_test(function.span) {
                    continue;
                }
                let Some(func) = self.func_of(module, function.value) else {
                    continue;
                };
                if !mounted.contains(&func) {
                    drafts.extend(self.declared_drafts(func, ""));
                }
            }
        }
        drafts
    }

    fn func_of(&self, module: &Module, value: crate::model::ValueId) -> Option<Func> {
        match module.kind(value) {
            ValueKind::Function(function) => Some(Func {
                file: module.file,
                function: *function,
            }),
            _ => None,
        }
    }

    fn route_files(&self, row: &ConventionRow, framework: &Name) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for (module, inside) in self.files_of(row) {
            let path = file_path(inside, row);
            for export in &row.exports {
                let Some(node) = self.exported(module, export) else {
                    continue;
                };
                let method = match row.method.as_deref() {
                    Some("name") | None => Name::new(export),
                    Some(method) => Name::new(method),
                };
                if self.is_router_handler(node) {
                    continue;
                }
                drafts.push(self.draft(node, method, path.clone(), row, framework, "http"));
            }
        }
        drafts
    }

    /// Whether an exported handler is made by a library from a router whose routes are found on their own.
    fn is_router_handler(&self, node: Node) -> bool {
        let Some(at) = self.follow_to_call(node) else {
            return false;
        };
        self.call(at)
            .args
            .iter()
            .any(|arg| !self.allocations(at.node(arg.value)).is_empty())
    }

    fn draft(
        &self,
        node: Node,
        method: Name,
        path: String,
        row: &ConventionRow,
        framework: &Name,
        protocol: &str,
    ) -> Draft {
        let builder = self.builder_call(node);
        let handlers = builder.map_or_else(|| vec![node], |(_, handlers)| handlers);
        Draft {
            at: builder_site(builder_of(self, node)),
            path,
            method,
            handlers,
            signature: self
                .builder_signature(node)
                .or_else(|| row.signature.clone()),
            framework: framework.clone(),
            protocol: Name::new(protocol),
            links: Vec::new(),
        }
    }

    fn exported(&self, module: &Module, name: &str) -> Option<Node> {
        match self.symbols.export(module.file, name) {
            Symbol::Value { file, value } => Some(Node { file, value }),
            _ => None,
        }
    }

    /// The path of a module inside its package, if the package uses one of the row's packages.
    fn inside_package(&self, module: &Module, row: &ConventionRow) -> Option<&'p str> {
        let path: &'p str = &self.project.sources.get(module.file).path;
        let package = self.project.package_of(module.file);
        let uses = |package: &Package| row.packages.iter().any(|name| package.depends_on(name));
        if !row.packages.is_empty() && !package.is_none_or(uses) {
            return None;
        }
        let dir = package.map_or("", |package| package.dir.as_ref());
        Some(
            path.strip_prefix(dir)
                .unwrap_or(path)
                .trim_start_matches('/'),
        )
    }

    /// Whether a function makes a part of a page, which the server calls and no client does.
    fn is_component(&self, func: Func) -> bool {
        let is_jsx = |node: &Node| {
            let module = self.module(node.file);
            match module.kind(node.value) {
                ValueKind::Call(call) => module.call(*call).form == CallForm::Jsx,
                _ => false,
            }
        };
        self.returns(func).iter().any(is_jsx)
    }

    fn directives(&self, row: &ConventionRow, framework: &Name) -> Vec<Draft> {
        let Some(directive) = &row.directive else {
            return Vec::new();
        };
        let mut drafts = Vec::new();
        for module in self.modules {
            if module.directives.contains(directive) {
                for export in &module.exports {
                    let ExportKind::Value(_) = export.kind else {
                        continue;
                    };
                    let Some(node) = self.exported(module, &export.name) else {
                        continue;
                    };
                    let func = self.handler(node, &Request::default()).1;
                    let is_function = func.is_some() || builder_of(self, node).is_some();
                    if is_function && !func.is_some_and(|func| self.is_component(func)) {
                        drafts.push(self.action(node, &export.name, row, framework));
                    }
                }
            }
            for function in &module.functions {
                if function.directives.contains(directive) && function.kind != FunctionKind::Module
                {
                    let node = Node {
                        file: module.file,
                        value: function.value,
                    };
                    let name = function.name.clone().unwrap_or_else(|| "action".into());
                    drafts.push(self.action(node, &name, row, framework));
                }
            }
        }
        drafts
    }

    fn action(&self, node: Node, name: &str, row: &ConventionRow, framework: &Name) -> Draft {
        let method = row.method.clone().unwrap_or_else(|| "ACTION".into());
        self.draft(node, method, name.to_owned(), row, framework, "action")
    }

    /// The method and path that attributes on a function declare.
    pub(super) fn declared_route(&self, func: Func) -> Option<()> {
        (!self.declared_drafts(func, "").is_empty()).then_some(())
    }

    /// The endpoints that attributes on a function declare, below a path.
    pub(super) fn declared_drafts(&self, func: Func, base: &str) -> Vec<Draft> {
        let function = self.function(func);
        let mut drafts = Vec::new();
        for decorator in &function.decorators {
            let at = CallAt {
                file: func.file,
                call: *decorator,
            };
            let Some(path) = self.callee_path(at) else {
                continue;
            };
            for (row, framework) in self.vocabulary.conventions.iter_with_framework() {
                let attribute = row.kind == ConventionKind::Attribute;
                if !attribute
                    || row
                        .path
                        .as_ref()
                        .is_none_or(|pattern| pattern.matches(&path).is_none())
                {
                    continue;
                }
                let text = row
                    .at
                    .as_ref()
                    .and_then(|p| self.at_position(at, p).first().copied());
                let text = text.and_then(|node| self.string(node)).unwrap_or_default();
                let last = path
                    .rsplit([':', '.'])
                    .next()
                    .unwrap_or_default()
                    .to_uppercase();
                let method = match row.method.as_deref() {
                    Some("name") | None => Name::from(last),
                    Some(method) => Name::new(method),
                };
                let node = Node {
                    file: func.file,
                    value: function.value,
                };
                let mut draft = self.draft(node, method, join(base, &text), row, framework, "http");
                draft.handlers = vec![node];
                drafts.push(draft);
            }
        }
        drafts
    }

    /// The call that makes an exported endpoint with a builder, and its handlers.
    fn builder_call(&self, node: Node) -> Option<(CallAt, Vec<Node>)> {
        let at = self.follow_to_call(node)?;
        let path = self.callee_path(at)?;
        let row = self
            .vocabulary
            .routes
            .find(&path)
            .find(|row| row.row.builder)?;
        Some((at, self.at_position(at, &row.row.handlers)))
    }

    fn builder_signature(&self, node: Node) -> Option<Name> {
        let at = self.follow_to_call(node)?;
        let path = self.callee_path(at)?;
        let row = self
            .vocabulary
            .routes
            .find(&path)
            .find(|row| row.row.builder)?;
        row.row.signature.clone()
    }

    /// The calls of a builder, from the outermost in, across names and files.
    #[must_use]
    pub fn builder_chain(&self, at: CallAt) -> Vec<CallAt> {
        let mut found = Vec::new();
        let mut next = self.call(at).receiver.map(|value| at.node(value));
        while let Some(node) = next
            && found.len() < 60
        {
            let Some(call) = self.follow_to_call(node) else {
                break;
            };
            found.push(call);
            next = self.call(call).receiver.map(|value| call.node(value));
        }
        found
    }

    /// The links on the chain of a builder.
    pub(super) fn builder_links(&self, at: CallAt, request: &Request<'_>) -> Vec<Link> {
        let is_builder = self.callee_path(at).is_some_and(|path| {
            self.vocabulary
                .routes
                .find(&path)
                .any(|row| row.row.builder)
        });
        if !is_builder {
            return Vec::new();
        }
        let mut links = Vec::new();
        for call in self.builder_chain(at).into_iter().rev() {
            let Some(path) = self.callee_path(call) else {
                continue;
            };
            for mount in self.vocabulary.mounts.find(&path) {
                for target in self.at_position(call, &mount.row.targets) {
                    links.extend(self.links(target, mount.row.signature.as_deref(), request));
                }
            }
        }
        links
    }

    /// The middleware files that run in front of an endpoint.
    pub(super) fn file_links(&self, draft: &Draft, request: &Request<'_>) -> Vec<Link> {
        let Some(handler) = draft.handlers.first() else {
            return Vec::new();
        };
        let file = draft.at.map_or(handler.file, |at| at.file);
        let home = self.package_dir(file);
        let in_front = self.middleware_files().iter().filter(|front| {
            draft.protocol == "http"
                && *front.framework == draft.framework
                && self.package_dir(front.module.file) == home
        });
        in_front
            .flat_map(|front| self.middleware_links(front.module, front.row, request))
            .collect()
    }

    fn package_dir(&self, file: FileId) -> Option<&str> {
        let package = self.project.package_of(file)?;
        Some(package.dir.as_ref())
    }

    /// Every middleware file of the project, looked for once: each endpoint asks.
    fn middleware_files(&self) -> &[MiddlewareFile<'p>] {
        self.middleware_files.get_or_init(|| {
            let rows = self.vocabulary.conventions.iter_with_framework();
            let rows = rows.filter(|(row, _)| row.kind == ConventionKind::MiddlewareFile);
            rows.flat_map(|(row, framework)| {
                self.files_of(row)
                    .into_iter()
                    .map(move |(module, _)| MiddlewareFile {
                        row,
                        framework,
                        module,
                    })
            })
            .collect()
        })
    }

    /// The modules that a row's pattern matches, each with its path inside its package.
    fn files_of(&self, row: &ConventionRow) -> Vec<(&'p Module, &'p str)> {
        let Some(glob) = row.files.as_deref().and_then(matcher) else {
            return Vec::new();
        };
        let inside = |module| Some((module, self.inside_package(module, row)?));
        let modules = self.modules.iter().filter_map(inside);
        modules
            .filter(|(_, inside)| glob.is_match(inside))
            .collect()
    }

    fn middleware_links(
        &self,
        module: &Module,
        row: &ConventionRow,
        request: &Request<'_>,
    ) -> Vec<Link> {
        if let Some((export, member)) = row
            .matcher
            .as_deref()
            .and_then(|place| place.split_once('.'))
            && let Some(config) = self.exported(module, export)
        {
            let lists = self.member_nodes(&self.resolve(config), member);
            let patterns: Vec<_> = lists
                .iter()
                .flat_map(|list| self.url_patterns(*list))
                .collect();
            let url = request.path.unwrap_or_default();
            if !patterns.is_empty() && !patterns.iter().any(|pattern| pattern.matches(url)) {
                return Vec::new();
            }
        }
        let Some(node) = row
            .exports
            .iter()
            .find_map(|name| self.exported(module, name))
        else {
            return Vec::new();
        };
        let mut links = self.links(node, row.signature.as_deref(), request);
        for link in &mut links {
            link.role = LinkRole::MiddlewareFile;
            if let Target::Function(func) = self.resolve(node) {
                let (facts, looks) = self.middleware_file(func, request);
                link.optional = looks && facts.is_empty();
                link.facts = facts;
            }
        }
        links
    }
}

fn builder_of(program: &Program<'_>, node: Node) -> Option<(CallAt, Vec<Node>)> {
    program.builder_call(node)
}

fn builder_site(builder: Option<(CallAt, Vec<Node>)>) -> Option<CallAt> {
    builder.map(|(at, _)| at)
}

fn matcher(glob: &str) -> Option<GlobMatcher> {
    GlobBuilder::new(glob)
        .literal_separator(true)
        .empty_alternates(true)
        .build()
        .ok()
        .map(|glob| glob.compile_matcher())
}

/// The URL path of a route file: the folders below the root folder, without groups `(x)` and slots `@x`; for files that are not
/// named `route` the file's own name, too.
fn file_path(inside: &str, row: &ConventionRow) -> String {
    let root = row.root.as_deref().unwrap_or_default();
    let below = match inside.split_once(&format!("{root}/")) {
        Some((_, below)) => below,
        None => inside,
    };
    let stem = below.rsplit_once('.').map_or(below, |(stem, _)| stem);
    let mut segments: Vec<&str> = stem.split('/').collect();
    if matches!(segments.last(), Some(&"route" | &"index")) {
        segments.pop();
    }
    segments.retain(|segment| {
        !(segment.starts_with('@') || segment.starts_with('(') && segment.ends_with(')'))
    });
    join(row.prefix.as_deref().unwrap_or("/"), &segments.join("/"))
}
