//! What stands in front of a handler and checks parts of the request: validators of libraries among its links, and links of
//! the project, by what becomes of what they read.

use super::fate::{CHECK, SCHEMA};
use super::input::Inputs;
use super::read::{is_request, reads};
use super::track::Track;
use crate::link::Program;
use crate::link::endpoint::Endpoint;
use crate::link::node::{CallAt, Func, Node, Target};
use crate::model::{Language, Name, ValueId, ValueKind};
use crate::vocabulary::ValidatorRow;
use crate::vocabulary::position::{Position, Root};
use std::rc::Rc;

/// All parts of a request.
const ALL: &str = "*";
/// How many functions of a link are searched for reads, and how deep.
const FUNCTIONS: usize = 8;
const DEPTH: u32 = 2;

/// A part of the request that is checked before the handler runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cover {
    /// Kind of source, or `*`.
    part: Name,
    /// Which field of it; absent: all.
    pub(super) field: Option<Name>,
    /// What kind of check it is.
    pub(super) kind: &'static str,
    /// By what, in words.
    pub(super) by: Name,
}

impl Cover {
    /// Whether it speaks of a kind of source.
    pub(super) fn is_of(&self, kind: &str) -> bool {
        self.part == ALL || self.part == kind
    }
}

impl Inputs {
    /// What the links of an endpoint check.
    pub(super) fn covers(&self, program: &Program<'_>, endpoint: &Endpoint) -> Vec<Cover> {
        let mut calls: Vec<CallAt> = Vec::new();
        for call in endpoint.links.iter().filter_map(|link| link.call) {
            calls.push(call);
            calls.extend(program.chain(call));
        }
        if let Some(at) = endpoint.registered_by {
            calls.extend(program.builder_chain(at));
        }
        let mut covers: Vec<Cover> = calls
            .into_iter()
            .flat_map(|call| declared(program, call))
            .collect();
        for link in &endpoint.links {
            if let Some(func) = link.func.filter(|func| Some(*func) != endpoint.handler) {
                covers.extend(self.by_content(program, func, link.call).iter().cloned());
            }
        }
        covers
    }

    /// What a link of the project checks.
    fn by_content(
        &self,
        program: &Program<'_>,
        func: Func,
        call: Option<CallAt>,
    ) -> Rc<Vec<Cover>> {
        if let Some(known) = self.links.borrow().get(&(func, call)) {
            return Rc::clone(known);
        }
        let reached = program.reached(func, DEPTH, FUNCTIONS);
        let mut covers = Vec::new();
        let mut add = |part: &str, field: Option<Name>, kind, by: Option<Name>| {
            covers.push(Cover {
                part: part.into(),
                field,
                kind,
                by: by.unwrap_or_default(),
            });
        };
        for read in reads(program, func, &reached) {
            let fates = Track::run(program, &self.edges, &read);
            for (field, fate) in fates {
                if fate.parsed() {
                    add(&read.kind, field, SCHEMA, fate.by);
                } else if field.is_some() && fate.is_checked(&[CHECK]) {
                    add(&read.kind, field, CHECK, fate.by);
                }
            }
        }
        for (node, part) in requests(program, func, call) {
            for (field, fate) in Track::run_whole(program, &self.edges, node) {
                if field.is_none() && fate.parsed() {
                    add(&part, None, SCHEMA, fate.by);
                }
            }
        }
        let covers = Rc::new(covers);
        self.links
            .borrow_mut()
            .insert((func, call), Rc::clone(&covers));
        covers
    }
}

/// The parameters of a link that are the request, and parts of it whose name the link was made with (`req[part]`).
fn requests(program: &Program<'_>, func: Func, call: Option<CallAt>) -> Vec<(Node, Name)> {
    let module = program.module(func.file);
    if module.language != Language::TypeScript {
        return Vec::new();
    }
    let span = program.function(func).span;
    let inside = module
        .functions
        .iter()
        .filter(|own| span.contains(own.span));
    let params = inside.flat_map(|own| &own.params).map(|param| Node {
        file: func.file,
        value: param.value,
    });
    let mut found: Vec<(Node, Name)> = params
        .filter(|node| is_request(program, *node))
        .map(|node| (node, Name::new_static(ALL)))
        .collect();
    let whole = found.clone();
    for node in program.written(func) {
        let ValueKind::Index { base, key } = module.kind(node.value) else {
            continue;
        };
        if !whole.iter().any(|(param, _)| *param == node.with(*base)) {
            continue;
        }
        let Target::Path(request) = program.resolve(node.with(*base)) else {
            continue;
        };
        for name in given(program, node.with(*key), call) {
            let path = format!("{request}.{name}");
            let mut sources = program.vocabulary.sources.find(&path);
            if let Some(source) = sources.find(|source| source.row.at.is_none()) {
                found.push((node, source.row.kind.clone()));
            }
        }
    }
    found
}

/// The texts that a value may be: what the call that made the link passes, else what any caller does.
fn given(program: &Program<'_>, key: Node, call: Option<CallAt>) -> Vec<Name> {
    // A parameter with a default is a join of both.
    let kind = program.module(key.file).kind(key.value);
    if let ValueKind::Join(all) = kind {
        let is_param = |value: &&ValueId| {
            matches!(
                program.module(key.file).kind(**value),
                ValueKind::Param { .. }
            )
        };
        if let Some(param) = all.iter().find(is_param) {
            return given(program, key.with(*param), call);
        }
    }
    if let ValueKind::Param { function, index } = program.module(key.file).kind(key.value)
        && let Some(at) = call
        && program.callee_function(at).is_some_and(|made| {
            made == Func {
                file: key.file,
                function: *function,
            }
        })
    {
        let default = program
            .module(key.file)
            .function(*function)
            .params
            .get(*index as usize)
            .and_then(|param| param.default)
            .map(|value| key.with(value));
        let passed = program.call(at).args.get(*index as usize);
        let value = passed.map(|arg| at.node(arg.value)).or(default);
        return value
            .and_then(|value| program.string(value))
            .into_iter()
            .collect();
    }
    let mut nodes = program.follow(key);
    nodes.push(key);
    nodes
        .into_iter()
        .filter_map(|node| program.string(node))
        .collect()
}

/// What a validator of a library checks as a link.
fn declared(program: &Program<'_>, at: CallAt) -> Vec<Cover> {
    let Some(path) = program.callee_path(at) else {
        return Vec::new();
    };
    let rows = program.vocabulary.validators.find(&path);
    let links = rows
        .filter(|found| found.row.input.root == Root::Link && program.holds(at, &found.row.when));
    let by = program.call_name(at).cloned().unwrap_or_default();
    let mut covers = Vec::new();
    for found in links {
        let fields = match &found.row.field {
            Some(position) => texts(program, at, position).into_iter().map(Some).collect(),
            None => vec![None],
        };
        for part in parts(program, at, found.row) {
            covers.extend(fields.iter().map(|field| Cover {
                part: part.clone(),
                field: field.clone(),
                kind: SCHEMA,
                by: by.clone(),
            }));
        }
    }
    covers
}

/// The parts of the request that a validator checks.
fn parts(program: &Program<'_>, at: CallAt, row: &ValidatorRow) -> Vec<Name> {
    let Some(part) = &row.part else {
        return Vec::new();
    };
    if row.parts.is_empty() {
        return vec![part.clone()];
    }
    let Ok(position) = Position::parse(part) else {
        return Vec::new();
    };
    texts(program, at, &position)
        .iter()
        .filter_map(|text| row.parts.get(text).cloned())
        .collect()
}

/// The constant texts at a position, alone or in a list.
fn texts(program: &Program<'_>, at: CallAt, position: &Position) -> Vec<Name> {
    let nodes = program.at_position(at, position);
    let all = nodes.into_iter().flat_map(|node| {
        let mut all = program.elements(node);
        all.push(node);
        all
    });
    all.filter_map(|node| program.string(node)).collect()
}
