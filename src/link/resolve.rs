//! What values stand for: callee paths, instances, functions behind names, members and calls.
//!
//! Lazy and remembered: only what is asked for is resolved. Runs on one thread, in a fixed order, so that the answers do
//! not depend on scheduling. What may not enter: guards, effects and routes; those ask here.

use super::Program;
use super::node::{CallAt, Func, Node, Target, member_path};
use super::symbol::Symbol;
use crate::model::{
    CallForm, Entry, Function, FunctionId, Language, Literal, LogicalOp, Name, TypeDeclKind,
    TypeRef, ValueKind,
};
use crate::source::FileId;
use crate::vocabulary::position::Root;
use smol_str::format_smolstr;

/// How deep one question may follow names before it answers "unknown".
const DEPTH: u32 = 120;
/// How many callers are asked what they pass to a parameter.
const CALLERS: usize = 12;

/// Methods of Rust's own types whose result is there exactly if the receiver is, and stands for the same thing.
const SAME: [&str; 19] = [
    "map_err",
    "ok_or",
    "ok_or_else",
    "ok",
    "unwrap",
    "expect",
    "as_ref",
    "as_mut",
    "as_deref",
    "clone",
    "cloned",
    "copied",
    "to_owned",
    "into",
    "into_inner",
    "borrow",
    "context",
    "with_context",
    "transpose",
];

impl Program<'_> {
    /// What a value stands for.
    #[must_use]
    pub fn resolve(&self, node: Node) -> Target {
        if let Some(found) = self.memo.borrow().get(&node) {
            return found.clone();
        }
        let depth = self.depth.get();
        if depth > DEPTH || !self.active.borrow_mut().insert(node) {
            return Target::Unknown(Name::new_static("unresolved::?"));
        }
        self.depth.set(depth + 1);
        let target = self.resolve_kind(node);
        self.depth.set(depth);
        self.active.borrow_mut().remove(&node);
        self.memo.borrow_mut().insert(node, target.clone());
        target
    }

    fn resolve_kind(&self, node: Node) -> Target {
        let module = self.module(node.file);
        match module.kind(node.value) {
            ValueKind::Import(id) => self.symbol_target(&self.symbols.import(node.file, *id)),
            ValueKind::Global(name) => Target::Path(format_smolstr!("global::{name}")),
            ValueKind::Path(segments) => self.rust_path(node, segments),
            ValueKind::Function(function) => Target::Function(Func {
                file: node.file,
                function: *function,
            }),
            ValueKind::Class(ty) => Target::Class(node.file, *ty),
            ValueKind::This(function) => self.this(node.file, *function),
            ValueKind::Member { base, name, .. } => {
                let whole = self.resolve(node.with(*base));
                if name == "0" && self.is_wrapped(node.with(*base)) {
                    return whole;
                }
                self.member(&whole, name)
            }
            ValueKind::Index { base, key } => match module.kind(*key) {
                ValueKind::Literal(Literal::Str(name)) => {
                    self.member(&self.resolve(node.with(*base)), name)
                }
                ValueKind::Literal(Literal::Number(place))
                    if let Some(target) = self.tuple_element(node.with(*base), *place as usize) =>
                {
                    target
                }
                _ => self.member(&self.resolve(node.with(*base)), "[]"),
            },
            ValueKind::Call(call) => self.call_target(CallAt {
                file: node.file,
                call: *call,
            }),
            ValueKind::Await(inner) | ValueKind::Unwrap(inner) => self.resolve(node.with(*inner)),
            ValueKind::Cast { value, ty } => self.cast(node, node.with(*value), ty.as_ref()),
            ValueKind::Join(_) | ValueKind::Cell(_) | ValueKind::Logical { .. } => {
                self.first_known(&self.follow(node))
            }
            ValueKind::Param { function, index } => self.param(node.file, *function, *index),
            ValueKind::Element(list) => self.member(&self.resolve(node.with(*list)), "[]"),
            _ => Target::Object(node),
        }
    }

    /// The values that a value is equal to, one step on: through imports, names, members, casts, joins, arguments of callers and
    /// results of project functions.
    #[must_use]
    pub fn follow(&self, node: Node) -> Vec<Node> {
        let module = self.module(node.file);
        let here = |value| node.with(value);
        match module.kind(node.value) {
            ValueKind::Import(id) => value_of(&self.symbols.import(node.file, *id)),
            ValueKind::Path(segments) => value_of(&self.rust_symbol(node, segments)),
            ValueKind::Await(inner)
            | ValueKind::Unwrap(inner)
            | ValueKind::Cast { value: inner, .. } => vec![here(*inner)],
            ValueKind::Join(all) | ValueKind::Cell(all) => all.iter().copied().map(here).collect(),
            ValueKind::Logical {
                op: LogicalOp::And,
                right,
                ..
            } => vec![here(*right)],
            ValueKind::Logical { left, right, .. } => vec![here(*left), here(*right)],
            ValueKind::Param { function, index } => self.arguments_for(
                Func {
                    file: node.file,
                    function: *function,
                },
                *index,
            ),
            ValueKind::Member { base, name, .. } => {
                self.member_nodes(&self.resolve(here(*base)), name)
            }
            ValueKind::Index { base, key } => match module.kind(*key) {
                ValueKind::Literal(Literal::Str(name)) => {
                    self.member_nodes(&self.resolve(here(*base)), name)
                }
                _ => Vec::new(),
            },
            ValueKind::Call(call) => {
                let call = module.call(*call);
                match self.resolve(here(call.callee)) {
                    Target::Function(func) if call.form != CallForm::New => self.returns(func),
                    _ => Vec::new(),
                }
            }
            _ => Vec::new(),
        }
    }

    /// The values that a function returns.
    #[must_use]
    pub fn returns(&self, func: Func) -> Vec<Node> {
        let returns = &self.function(func).returns;
        returns
            .iter()
            .filter_map(|r| r.value)
            .map(|value| Node {
                file: func.file,
                value,
            })
            .collect()
    }

    /// The first of several values about which something is known.
    fn first_known(&self, nodes: &[Node]) -> Target {
        let mut best = None;
        for node in nodes {
            let target = self.resolve(*node);
            match &target {
                Target::Object(at) if self.is_empty_literal(*at) => {}
                Target::Unknown(_) | Target::Object(_) => best = best.or(Some(target)),
                // `globalThis.client ?? new Client()`: what is kept there is what was made once.
                Target::Path(path) if path.starts_with("global::global") => {
                    best = best.or(Some(target))
                }
                _ => return target,
            }
        }
        best.unwrap_or_else(|| Target::Unknown(Name::new_static("unresolved::?")))
    }

    fn is_empty_literal(&self, node: Node) -> bool {
        matches!(
            self.module(node.file).kind(node.value),
            ValueKind::Literal(Literal::Null | Literal::Undefined)
        )
    }

    /// What a symbol stands for as a value.
    fn symbol_target(&self, symbol: &Symbol) -> Target {
        match symbol {
            Symbol::Value { file, value } => self.resolve(Node {
                file: *file,
                value: *value,
            }),
            Symbol::Type { file, ty } => Target::Class(*file, *ty),
            Symbol::Module(file) | Symbol::CommonJs(file) => Target::Module(*file),
            Symbol::External(path) => Target::Path(path.clone()),
            Symbol::Unknown => Target::Unknown(Name::new_static("unresolved::?")),
        }
    }

    fn rust_symbol(&self, node: Node, segments: &[Name]) -> Symbol {
        let module = self.module(node.file);
        let function = self.function_at(node);
        let scope = function.map_or("", |f| f.scope.as_str());
        if segments.first().is_some_and(|first| first == "Self") {
            let owner = function
                .and_then(|f| f.owner)
                .map(|ty| module.type_decl(ty).name.clone());
            let mut own = segments.to_vec();
            if let (Some(first), Some(owner)) = (own.first_mut(), owner) {
                *first = owner;
            }
            return self.symbols.rust_path(node.file, scope, &own);
        }
        self.symbols.rust_path(node.file, scope, segments)
    }

    fn rust_path(&self, node: Node, segments: &[Name]) -> Target {
        match self.rust_symbol(node, segments) {
            // One name may be one of Rust's own; what is in a module that nothing declares was made by a macro.
            Symbol::Unknown if segments.len() > 1 => {
                Target::Path(format_smolstr!("unresolved::{}", segments.join("::")))
            }
            Symbol::Unknown => {
                Target::Path(format_smolstr!("std::prelude::{}", segments.join("::")))
            }
            symbol => self.symbol_target(&symbol),
        }
    }

    /// The innermost function that a value is written in; only asked where inline modules or `Self` make a difference.
    fn function_at(&self, node: Node) -> Option<&Function> {
        let module = self.module(node.file);
        let span = module.span(node.value);
        module
            .functions
            .iter()
            .skip(1)
            .filter(|f| f.span.contains(span))
            .min_by_key(|f| f.span.end - f.span.start)
    }

    fn this(&self, file: FileId, function: FunctionId) -> Target {
        match self.module(file).function(function).owner {
            Some(ty) => Target::Instance(file, self.self_type(file, ty)),
            None => {
                let func = Func { file, function };
                Target::Made(self.index.maker(func).unwrap_or(func))
            }
        }
    }

    /// The type that an impl block is for, if it is in the same file; else the block itself.
    fn self_type(&self, file: FileId, ty: crate::model::TypeId) -> crate::model::TypeId {
        let module = self.module(file);
        let decl = module.type_decl(ty);
        if decl.kind != TypeDeclKind::Impl {
            return ty;
        }
        let same = |other: &crate::model::TypeDecl| {
            other.kind != TypeDeclKind::Impl && other.name == decl.name
        };
        module
            .types
            .iter()
            .position(same)
            .map_or(ty, crate::model::TypeId::at)
    }

    /// A member of what a value stands for.
    #[must_use]
    pub fn member(&self, base: &Target, name: &str) -> Target {
        match base {
            Target::Path(path) => Target::Path(member_path(path, name)),
            Target::Unknown(path) => Target::Unknown(format_smolstr!("{path}.{name}")),
            Target::Module(file) => match self.symbols.export(*file, name) {
                Symbol::Unknown => Target::Unknown(format_smolstr!("unresolved::?.{name}")),
                symbol => self.symbol_target(&symbol),
            },
            _ => {
                if let Target::Object(node) = base
                    && let Some(ty) = self.value_type(*node)
                {
                    return Target::Path(member_path(ty, name));
                }
                let nodes = self.member_nodes(base, name);
                if !nodes.is_empty() {
                    return self.first_known(&nodes);
                }
                self.field_type(base, name)
                    .unwrap_or_else(|| Target::Unknown(format_smolstr!("unresolved::?.{name}")))
            }
        }
    }

    /// The type of a value of the language itself.
    fn value_type(&self, node: Node) -> Option<&'static str> {
        match self.module(node.file).kind(node.value) {
            ValueKind::Literal(Literal::Str(_)) | ValueKind::Text(_) => Some("global::String"),
            ValueKind::Literal(Literal::Regex(_)) => Some("global::RegExp"),
            ValueKind::List(_) => Some("global::Array"),
            _ => None,
        }
    }

    /// The values that are known to be a member of what a value stands for.
    #[must_use]
    pub fn member_nodes(&self, base: &Target, name: &str) -> Vec<Node> {
        match base {
            Target::Module(file) => value_of(&self.symbols.export(*file, name)),
            Target::Object(node) => self.object_member(*node, name),
            Target::Made(func) => self.index.this_member(*func, name).to_vec(),
            Target::Function(func) => {
                let value = self.function(*func).value;
                self.index
                    .stored(
                        Node {
                            file: func.file,
                            value,
                        },
                        name,
                    )
                    .to_vec()
            }
            Target::Instance(file, ty) | Target::Class(file, ty) => {
                self.type_member(*file, *ty, name, 0)
            }
            Target::Path(_) | Target::Unknown(_) => Vec::new(),
        }
    }

    fn object_member(&self, node: Node, name: &str) -> Vec<Node> {
        let module = self.module(node.file);
        let mut found = self.index.stored(node, name).to_vec();
        if let ValueKind::Object(entries) = module.kind(node.value) {
            for entry in entries.iter().rev() {
                match entry {
                    Entry::Field { key, value, .. } if key == name => {
                        found.push(node.with(*value));
                        break;
                    }
                    Entry::Spread(value) if found.is_empty() => {
                        found.extend(self.member_nodes(&self.resolve(node.with(*value)), name));
                    }
                    _ => {}
                }
            }
        }
        found
    }

    fn type_member(
        &self,
        file: FileId,
        ty: crate::model::TypeId,
        name: &str,
        depth: u32,
    ) -> Vec<Node> {
        let module = self.module(file);
        let decl = module.type_decl(ty);
        if let Some(method) = decl.methods.iter().find(|m| m.name == name) {
            return vec![Node {
                file,
                value: module.function(method.function).value,
            }];
        }
        if module.language == Language::Rust {
            let methods = self.index.methods(&decl.name, name);
            return methods
                .iter()
                .map(|f| Node {
                    file: f.file,
                    value: self.function(*f).value,
                })
                .collect();
        }
        let mut found: Vec<Node> = decl
            .fields
            .iter()
            .filter(|f| f.name == name)
            .filter_map(|f| f.value)
            .map(|value| Node { file, value })
            .collect();
        for method in &decl.methods {
            found.extend(self.index.this_member(
                Func {
                    file,
                    function: method.function,
                },
                name,
            ));
        }
        if found.is_empty() && depth < 8 {
            for parent in &decl.heritage {
                if let Symbol::Type { file, ty } = self
                    .symbols
                    .resolve_type(&self.symbols.ts_type(file, parent))
                {
                    found.extend(self.type_member(file, ty, name, depth + 1));
                }
            }
        }
        found
    }

    /// What the declared type of a field says.
    fn field_type(&self, base: &Target, name: &str) -> Option<Target> {
        let (Target::Instance(file, ty) | Target::Class(file, ty)) = base else {
            return None;
        };
        let decl = self.module(*file).type_decl(*ty);
        let field = decl.fields.iter().find(|f| f.name == name)?;
        self.type_target(*file, &decl.scope, field.ty.as_ref()?)
    }

    fn cast(&self, node: Node, value: Node, ty: Option<&TypeRef>) -> Target {
        let target = self.resolve(value);
        let vague = match &target {
            Target::Unknown(_) => true,
            Target::Object(at) => {
                self.is_empty_literal(*at) || self.module(node.file).language == Language::Rust
            }
            _ => false,
        };
        match ty {
            Some(ty) if vague => self.type_target(node.file, "", ty).unwrap_or(target),
            _ => target,
        }
    }

    /// What an instance of a written type is.
    #[must_use]
    pub fn type_target(&self, file: FileId, scope: &str, ty: &TypeRef) -> Option<Target> {
        match ty.last() {
            "|" | "&" => {
                return ty
                    .args
                    .iter()
                    .find_map(|arg| self.type_target(file, scope, arg));
            }
            "" | "[]" | "{}" | "=>" | "()" | "''" => return None,
            _ => {}
        }
        let symbol = self.type_symbol(file, scope, ty);
        match symbol {
            Symbol::Type { file, ty } => Some(Target::Instance(file, ty)),
            Symbol::Value { file, value } => match self.resolve(Node { file, value }) {
                Target::Class(file, ty) => Some(Target::Instance(file, ty)),
                other => Some(other),
            },
            Symbol::External(path) => {
                let transparent = self.vocabulary.lineage(&path).any(|row| row.transparent);
                let inner = if transparent { ty.args.first() } else { None };
                inner.map_or(Some(Target::Path(path)), |arg| {
                    self.type_target(file, scope, arg)
                })
            }
            _ => None,
        }
    }

    /// The symbol of a written type, aliases followed.
    #[must_use]
    pub fn type_symbol(&self, file: FileId, scope: &str, ty: &TypeRef) -> Symbol {
        let symbol = match self.module(file).language {
            Language::TypeScript => self.symbols.ts_type(file, ty),
            Language::Rust => match self.symbols.rust_type(file, scope, ty) {
                Symbol::Unknown => {
                    Symbol::External(format_smolstr!("std::prelude::{}", ty.path.join("::")))
                }
                symbol => symbol,
            },
        };
        self.symbols.resolve_type(&symbol)
    }

    fn param(&self, file: FileId, function: FunctionId, index: u32) -> Target {
        let func = Func { file, function };
        if let Some(role) = self.roles.borrow().get(&(func, index)) {
            return Target::Path(role.clone());
        }
        let declared = self.function(func);
        let Some(param) = declared.params.get(index as usize) else {
            return Target::Unknown(Name::new_static("unresolved::?"));
        };
        if let Some(ty) = &param.ty
            && let Some(target) = self.type_target(file, &declared.scope, ty)
        {
            return target;
        }
        let mut passed = self.arguments_for(func, index);
        passed.extend(param.default.map(|value| Node { file, value }));
        let target = self.first_known(&passed);
        match (&target, &param.name) {
            (Target::Unknown(_) | Target::Object(_), Some(name)) => {
                Target::Unknown(format_smolstr!("unresolved::{name}"))
            }
            _ => target,
        }
    }

    /// Whether a value is a parameter of a type that stands for what it wraps, so that its field `0` is what the parameter is:
    /// `State(pool): State<Pool>`.
    fn is_wrapped(&self, node: Node) -> bool {
        let ValueKind::Param { function, index } = self.module(node.file).kind(node.value) else {
            return false;
        };
        let function = self.module(node.file).function(*function);
        let ty = function
            .params
            .get(*index as usize)
            .and_then(|param| param.ty.as_ref());
        let Some(ty) = ty.filter(|ty| !ty.args.is_empty()) else {
            return false;
        };
        match self.type_symbol(node.file, &function.scope, ty) {
            Symbol::External(path) => self.vocabulary.lineage(&path).any(|row| row.transparent),
            _ => false,
        }
    }

    /// What is passed to a parameter: by the library call that takes the function as a callback, and by callers in the project.
    #[must_use]
    pub fn arguments_for(&self, func: Func, index: u32) -> Vec<Node> {
        if let Some((at, position)) = self.index.passed(func) {
            let bound = self.callback_argument(at, position, index);
            if !bound.is_empty() {
                return bound;
            }
            let bound = self.wrapper_arguments(at, position, index);
            if !bound.is_empty() {
                return bound;
            }
        }
        let callers = self.callers.borrow();
        let sites = callers.get(&func).map_or(&[][..], Vec::as_slice);
        sites
            .iter()
            .take(CALLERS)
            .filter_map(|site| {
                let call = self.call(*site);
                let plain = call
                    .args
                    .iter()
                    .take(index as usize + 1)
                    .all(|arg| !arg.spread);
                call.args
                    .get(index as usize)
                    .filter(|_| plain)
                    .map(|arg| site.node(arg.value))
            })
            .collect()
    }

    /// What callers pass from one parameter on.
    pub(super) fn rest_arguments(&self, func: Func, index: usize, most: usize) -> Vec<Node> {
        let callers = self.callers.borrow();
        let sites = callers.get(&func).map_or(&[][..], Vec::as_slice);
        let args = sites.iter().take(CALLERS).flat_map(|site| {
            let args = self.call(*site).args.iter().skip(index);
            args.take_while(|arg| !arg.spread)
                .map(|arg| site.node(arg.value))
        });
        args.take(most).collect()
    }

    /// The calls of a project function outside of tests; none where there may be more than are looked at.
    #[must_use]
    pub fn sites(&self, func: Func) -> Vec<CallAt> {
        let callers = self.callers.borrow();
        let sites = callers.get(&func).map_or(&[][..], Vec::as_slice);
        let all = self.index.passed(func).is_none() && sites.len() < CALLERS;
        let tested = |at: &CallAt| self.module(at.file).in_test(self.call(*at).span);
        let mut found: Vec<CallAt> = sites.iter().copied().filter(|_| all).collect();
        found.retain(|at| !tested(at));
        found
    }

    /// What a project function passes to a parameter of the function that it is given.
    fn wrapper_arguments(&self, at: CallAt, position: usize, index: u32) -> Vec<Node> {
        let Target::Function(wrapper) = self.resolve(at.node(self.call(at).callee)) else {
            return Vec::new();
        };
        let Some(param) = self.param_node(wrapper, position) else {
            return Vec::new();
        };
        let sites = self.index.called(param).iter().take(CALLERS);
        sites
            .filter_map(|site| {
                self.call(*site)
                    .args
                    .get(index as usize)
                    .map(|arg| site.node(arg.value))
            })
            .collect()
    }

    /// What a library call passes to a parameter of the callback that it is given (`[[step]]` rows that end in `.paramN`).
    fn callback_argument(&self, at: CallAt, position: usize, index: u32) -> Vec<Node> {
        let Some(path) = self.callee_path(at) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for matched in self.vocabulary.steps.find(&path) {
            let to = &matched.row.to;
            let into = to.root == Root::Arg(position)
                && to.steps == [crate::vocabulary::position::PathStep::Param(index as usize)];
            if into {
                found.extend(self.at_position(at, &matched.row.from));
            }
        }
        found
    }

    /// The canonical path of what a call calls.
    #[must_use]
    pub fn callee_path(&self, at: CallAt) -> Option<Name> {
        let call = self.call(at);
        if call.form == CallForm::Macro {
            return self.macro_path(at);
        }
        self.resolve(at.node(call.callee)).path().cloned()
    }

    fn macro_path(&self, at: CallAt) -> Option<Name> {
        let callee = at.node(self.call(at).callee);
        let ValueKind::Path(segments) = self.module(at.file).kind(callee.value) else {
            return None;
        };
        let scope = self.function_at(callee).map_or("", |f| f.scope.as_str());
        match self.symbols.rust_macro(at.file, scope, segments) {
            Symbol::External(path) => Some(path),
            Symbol::Unknown => Some(format_smolstr!("std::prelude::{}!", segments.join("::"))),
            _ => None,
        }
    }

    /// The project function that a call runs.
    #[must_use]
    pub fn callee_function(&self, at: CallAt) -> Option<Func> {
        match self.resolve(at.node(self.call(at).callee)) {
            Target::Function(func) => Some(func),
            Target::Class(file, ty) => {
                let module = self.module(file);
                let method = module
                    .type_decl(ty)
                    .methods
                    .iter()
                    .find(|m| m.name == "constructor")?;
                Some(Func {
                    file,
                    function: method.function,
                })
            }
            _ => None,
        }
    }

    fn call_target(&self, at: CallAt) -> Target {
        if let Some(same) = self.same_as(at) {
            return self.resolve(same);
        }
        let call = self.call(at);
        let callee = self.resolve(at.node(call.callee));
        match callee {
            Target::Path(path) => self.library_result(at, &path),
            Target::Unknown(path) => {
                // What a call is known to make by its name alone.
                let mut made = self.vocabulary.types.find(&path);
                made.find(|made| self.holds(at, &made.row.when))
                    .map_or_else(
                        || Target::Unknown(format_smolstr!("{path}()")),
                        |made| Target::Path(made.row.name.clone()),
                    )
            }
            Target::Function(func) if call.form == CallForm::New => Target::Made(func),
            Target::Function(func) => self.result_of(func),
            Target::Class(file, ty) => Target::Instance(file, ty),
            _ => Target::Unknown(Name::new_static("unresolved::?()")),
        }
    }

    /// What a library call yields: an instance of a known type, its receiver (fluent types), one of its arguments, or its own path.
    fn library_result(&self, at: CallAt, path: &Name) -> Target {
        let call = self.call(at);
        let path = if call.form == CallForm::Macro {
            self.macro_path(at).unwrap_or_default()
        } else {
            path.clone()
        };
        if let Some(made) = self
            .vocabulary
            .types
            .find(&path)
            .find(|made| self.holds(at, &made.row.when))
        {
            return Target::Path(made.row.name.clone());
        }
        for step in self.vocabulary.steps.find(&path) {
            if step.row.to.root != Root::Return || !step.row.to.steps.is_empty() {
                continue;
            }
            // A function or router that goes through a call comes out as what it was.
            let through = self.first_known(&self.at_position(at, &step.row.from));
            if self.passes_unchanged(&through) {
                return through;
            }
        }
        if let Some(receiver) = call.receiver
            && let Target::Path(ty) = self.resolve(at.node(receiver))
            && self.vocabulary.lineage(&ty).any(|row| row.fluent)
        {
            return Target::Path(ty);
        }
        Target::Path(format_smolstr!("{path}()"))
    }

    /// The value that a call yields unchanged, as far as its being there goes: `x.map_err(f)`, `Boolean(x)`, `ready(x)`.
    #[must_use]
    pub fn same_as(&self, at: CallAt) -> Option<Node> {
        let call = self.call(at);
        if let Some(receiver) = call.receiver
            && self.module(at.file).language == Language::Rust
            && self
                .call_name(at)
                .is_some_and(|name| SAME.contains(&name.as_str()))
        {
            return Some(at.node(receiver));
        }
        let path = self.callee_path(at)?;
        let step = self
            .vocabulary
            .steps
            .find(&path)
            .find(|step| step.row.same && step.row.to.root == Root::Return)?;
        self.at_position(at, &step.row.from).first().copied()
    }

    fn passes_unchanged(&self, target: &Target) -> bool {
        match target {
            Target::Function(_) => true,
            Target::Path(path) => self.vocabulary.lineage(path).any(|row| row.router),
            _ => false,
        }
    }

    fn result_of(&self, func: Func) -> Target {
        let function = self.function(func);
        let declared =
            || self.type_target(func.file, &function.scope, function.return_type.as_ref()?);
        if self.module(func.file).language == Language::Rust
            && let Some(ty) = &function.return_type
        {
            if ty.last() == "Self"
                && let Some(owner) = function.owner
            {
                return Target::Instance(func.file, self.self_type(func.file, owner));
            }
            if let Some(target) = declared() {
                return target;
            }
        }
        let known = self.first_known(&self.returns(func));
        if known.is_unknown() {
            declared().unwrap_or(known)
        } else {
            known
        }
    }
}

fn value_of(symbol: &Symbol) -> Vec<Node> {
    match symbol {
        Symbol::Value { file, value } => vec![Node {
            file: *file,
            value: *value,
        }],
        _ => Vec::new(),
    }
}
