//! Where a handler reads the request.

use crate::link::Program;
use crate::link::node::{CallAt, Func, Node, Target};
use crate::link::origin::Origins;
use crate::model::{CallId, Language, Name, ValueId, ValueKind};
use crate::source::{Location, Span};
use crate::vocabulary::position::Root;
use rustc_hash::FxHashSet;

/// A place where data of the request is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The value that holds it.
    pub node: Node,
    /// `body`, `query`, `form`, `path`, ...
    pub kind: Name,
    /// Which field, where the read names one: `searchParams.get("page")`.
    pub key: Option<Name>,
    /// Where it is read.
    pub at: Location,
    /// The library has checked its shape against a concrete type.
    pub typed: bool,
    /// A wrapper or helper has handed it over.
    pub handed: bool,
    /// It holds what came in, even where a link has checked the request.
    pub raw: bool,
    /// The path's parameters are among it, too.
    pub with_path: bool,
    /// Its values are texts, whatever the client sends.
    pub text: bool,
}

/// Kinds of sources that are input.
pub(super) const INPUT: [&str; 7] = ["body", "query", "form", "path", "message", "file", "url"];

/// Finds what functions read of the request.
pub(super) fn reads(program: &Program<'_>, handler: Func, reached: &[Func]) -> Vec<Read> {
    let mut found = parameters(program, handler);
    for func in reached {
        let own = *func == handler;
        let written: Vec<Node> = program.written(*func).collect();
        let callees: FxHashSet<ValueId> = written
            .iter()
            .filter_map(|node| callee(program, *node))
            .collect();
        for node in written
            .into_iter()
            .filter(|node| !callees.contains(&node.value))
        {
            let read = direct(program, node);
            found.extend(read.or_else(|| {
                if own {
                    passed(program, node, handler)
                } else {
                    None
                }
            }));
        }
    }
    innermost(program, &mut found);
    found
}

fn callee(program: &Program<'_>, node: Node) -> Option<ValueId> {
    let module = program.module(node.file);
    match module.kind(node.value) {
        ValueKind::Call(call) => Some(module.call(*call).callee),
        _ => None,
    }
}

/// Drops a read that is a part of another: `req.body.x` of `req.body`, the argument of a call that is a read.
fn innermost(program: &Program<'_>, found: &mut Vec<Read>) {
    found.sort_by_key(|read| (read.at, read.node));
    found.dedup_by(|a, b| a.node == b.node);
    // What is read out of a parameter says more than the parameter.
    let inner: Vec<Node> = found.iter().map(|read| read.node).collect();
    found.retain(|read| {
        let whole = matches!(
            program.module(read.node.file).kind(read.node.value),
            ValueKind::Param { .. }
        ) && !read.typed;
        !whole
            || !inner
                .iter()
                .any(|node| *node != read.node && derives(program, *node, &[read.node]))
    });
    let nodes: Vec<Node> = found.iter().map(|read| read.node).collect();
    found.retain(|read| !derives(program, read.node, &nodes));
}

fn derives(program: &Program<'_>, node: Node, from: &[Node]) -> bool {
    let mut node = node;
    for _ in 0..32 {
        let module = program.module(node.file);
        let base = match module.kind(node.value) {
            ValueKind::Member { base, .. } | ValueKind::Index { base, .. } => *base,
            ValueKind::Await(inner)
            | ValueKind::Unwrap(inner)
            | ValueKind::Cast { value: inner, .. } => *inner,
            ValueKind::Call(call) => match module.call(*call).receiver {
                Some(receiver) => receiver,
                None => return false,
            },
            _ => return false,
        };
        node = node.with(base);
        if from.contains(&node) {
            return true;
        }
    }
    false
}

/// A read that the vocabulary names.
fn direct(program: &Program<'_>, node: Node) -> Option<Read> {
    let read = |kind: &Name, key| Read {
        node,
        kind: kind.clone(),
        key,
        at: program.location(node),
        typed: false,
        handed: false,
        raw: false,
        with_path: false,
        text: false,
    };
    match program.module(node.file).kind(node.value) {
        ValueKind::Call(call) => {
            let at = CallAt {
                file: node.file,
                call: *call,
            };
            let path = program.callee_path(at)?;
            let source = program.vocabulary.sources.find(&path).find(|source| {
                let returns = source
                    .row
                    .at
                    .as_ref()
                    .is_some_and(|position| position.root == Root::Return);
                returns && program.holds(at, &source.row.when)
            })?;
            let first = program.call(at).args.first();
            let key = first.and_then(|arg| program.string(at.node(arg.value)));
            let checked = program
                .vocabulary
                .validators
                .find(&path)
                .any(|v| v.row.input.root == Root::Return);
            input(&source.row.kind).then(|| Read {
                typed: checked,
                raw: source.row.raw,
                with_path: source.row.with_path,
                text: source.row.text,
                ..read(&source.row.kind, key)
            })
        }
        ValueKind::Member { .. } | ValueKind::Index { .. } => {
            let Target::Path(path) = program.resolve(node) else {
                return None;
            };
            let source = program
                .vocabulary
                .sources
                .find(&path)
                .find(|source| source.row.at.is_none())?;
            input(&source.row.kind).then(|| Read {
                raw: source.row.raw,
                with_path: source.row.with_path,
                text: source.row.text,
                ..read(&source.row.kind, source.captures.first().cloned())
            })
        }
        _ => None,
    }
}

/// What a wrapper or helper hands to the handler: a member of a parameter, or the result of a project function, that comes from
/// the request.
fn passed(program: &Program<'_>, node: Node, handler: Func) -> Option<Read> {
    let module = program.module(node.file);
    match module.kind(node.value) {
        ValueKind::Member { base, .. } => {
            let ValueKind::Param { function, .. } = module.kind(*base) else {
                return None;
            };
            if *function != handler.function || handler.file != node.file {
                return None;
            }
        }
        ValueKind::Call(call) => {
            let at = CallAt {
                file: node.file,
                call: CallId(call.0),
            };
            if let Some(read) = field(program, node, at, handler) {
                return Some(read);
            }
            let func = program.callee_function(at)?;
            let args = program.call(at).args.iter();
            let requests: Vec<Node> = args
                .map(|arg| at.node(arg.value))
                .filter(|arg| is_request(program, *arg))
                .collect();
            if requests.is_empty() {
                return None;
            }
            // What else it is given is known where that was read.
            let mut origins = program.results(func);
            requests
                .into_iter()
                .for_each(|arg| origins.add(&program.origins(arg)));
            return handed_on(program, node, &origins);
        }
        _ => return None,
    }
    handed_on(program, node, &program.origins(node))
}

/// A read of what comes from the request by other ways.
fn handed_on(program: &Program<'_>, node: Node, origins: &Origins) -> Option<Read> {
    let origin = origins.iter().find(|origin| input(&origin.kind))?;
    // Of a URL whose path is asked for, the query is not what is read.
    let text = origin.kind == "url";
    let rust = program.module(node.file).language == Language::Rust;
    let kind = if text && !rust && !origins.has("pathname") {
        Name::new_static("query")
    } else {
        origin.kind.clone()
    };
    // What a check has made of the request is no raw data any more.
    (!super::track::is_validated(program, node)).then(|| Read {
        node,
        kind,
        key: None,
        at: program.location(node),
        typed: false,
        handed: true,
        raw: false,
        with_path: false,
        text,
    })
}

/// A field that is taken out of a parameter by a call: `form.get("name")`.
fn field(program: &Program<'_>, node: Node, at: CallAt, handler: Func) -> Option<Read> {
    let module = program.module(node.file);
    let receiver = program.call(at).receiver?;
    let ValueKind::Param { function, .. } = module.kind(receiver) else {
        return None;
    };
    if module.language != Language::TypeScript
        || *function != handler.function
        || handler.file != node.file
    {
        return None;
    }
    let origins = program.origins(at.node(receiver));
    let origin = origins.iter().find(|origin| input(&origin.kind))?;
    let key = program
        .call(at)
        .args
        .first()
        .and_then(|arg| program.string(at.node(arg.value)));
    Some(Read {
        node,
        kind: origin.kind.clone(),
        key,
        at: program.location(node),
        typed: false,
        handed: true,
        raw: false,
        with_path: false,
        text: false,
    })
}

/// Whether a value is the request itself, or its URL.
pub(super) fn is_request(program: &Program<'_>, node: Node) -> bool {
    let Target::Path(path) = program.resolve(node) else {
        return false;
    };
    let prefix = format!("{path}.");
    program.vocabulary.sources.iter().any(|row| {
        // What an extractor holds is a part of the request.
        let by_type = row.at.as_ref().is_some_and(|at| at.root == Root::Type);
        let mut paths = row.path.expanded();
        paths.any(|own| own.starts_with(&prefix) || (*own == path && !by_type))
    })
}

fn input(kind: &str) -> bool {
    INPUT.contains(&kind)
}

/// What parameters hold by their type: extractors.
fn parameters(program: &Program<'_>, handler: Func) -> Vec<Read> {
    let function = program.function(handler);
    let mut found = Vec::new();
    for (index, param) in function.params.iter().enumerate() {
        let node = Node {
            file: handler.file,
            value: param.value,
        };
        let target = program.resolve(node);
        let Some(path) = target.path() else { continue };
        for source in program.vocabulary.sources.find(path) {
            let by_type = source
                .row
                .at
                .as_ref()
                .is_some_and(|position| position.root == Root::Type);
            if !by_type || !input(&source.row.kind) {
                continue;
            }
            let typed = source.row.typed && is_concrete(program, handler, index);
            let at = Location {
                file: handler.file,
                span: narrow(param.span, param.ty.as_ref().map(|ty| ty.span)),
            };
            found.push(Read {
                node,
                kind: source.row.kind.clone(),
                key: param.name.clone(),
                at,
                typed,
                handed: false,
                raw: source.row.raw,
                with_path: false,
                text: false,
            });
        }
    }
    found
}

fn narrow(span: Span, ty: Option<Span>) -> Span {
    ty.unwrap_or(span)
}

/// Whether the type argument of an extractor says what the data looks like.
fn is_concrete(program: &Program<'_>, handler: Func, index: usize) -> bool {
    let function = program.function(handler);
    let Some(ty) = function
        .params
        .get(index)
        .and_then(|param| param.ty.as_ref())
    else {
        return false;
    };
    let Some(inner) = ty.args.first() else {
        return false;
    };
    let mut types = vec![inner];
    while let Some(ty) = types.pop() {
        if ty.last() == "()" {
            types.extend(&ty.args);
            continue;
        }
        if let Some(Target::Path(path)) = program.type_target(handler.file, &function.scope, ty)
            && program.vocabulary.lineage(&path).any(|row| row.dynamic)
        {
            return false;
        }
    }
    true
}
