//! The module under construction and the few ways to add to it.
//!
//! What belongs here: values, calls, stores, blocks, steps, gaps, and where lowering stands (function, block,
//! depth). What may not enter: what a particular syntax means.

use super::env::Env;
use super::forward::Forward;
use super::kind::Named;
use super::leave::Frame;
use super::names::{Names, VarId};
use super::parse::Parsed;
use super::tree::{Node, Tree};
use crate::model::{
    Block, BlockId, BlockKind, Entry, Function, FunctionId, FunctionKind, Gap, GapKind, Language,
    Literal, Module, Name, Step, Store, StoreId, StoreKey, TypeId, Value, ValueId, ValueKind,
};
use crate::source::{FileId, Span};
use rustc_hash::FxHashMap;

/// How deep expressions and statements may nest.
const DEEPEST: u32 = 1_000;
/// How many gaps of one kind a file reports.
const MOST_GAPS: usize = 20;

/// Lowers a parsed file.
pub(super) fn lower_parsed(file: FileId, parsed: &Parsed<'_>) -> Module {
    let tree = &parsed.tree;
    let names = Names::find(tree);
    let mut lowering = Lowering::new(file, tree, &names);
    for node in parsed.tag_types.iter().flat_map(Tree::nodes) {
        if node.is(Named::TypeArguments) {
            lowering.tag_types.insert(node.span().start, node);
        }
    }
    for (span, message) in &tree.errors {
        lowering.gap(GapKind::SyntaxError, *span, message);
    }
    lowering.program(tree.root());
    lowering.finish()
}

/// A module without content, whose top level is function 0.
pub(super) fn empty_module(file: FileId) -> Module {
    let body = Block {
        parent: None,
        function: FunctionId(0),
        kind: BlockKind::Body,
        steps: Vec::new(),
        span: Span::default(),
    };
    let value = Value {
        kind: ValueKind::Function(FunctionId(0)),
        span: Span::default(),
    };
    Module {
        file,
        language: Language::TypeScript,
        functions: vec![new_function(FunctionKind::Module, BlockId(0), ValueId(0))],
        values: vec![value],
        calls: Vec::new(),
        stores: Vec::new(),
        blocks: vec![body],
        bindings: Vec::new(),
        imports: Vec::new(),
        exports: Vec::new(),
        types: Vec::new(),
        child_modules: Vec::new(),
        directives: Vec::new(),
        comments: Vec::new(),
        test_spans: Vec::new(),
        has_jsx: false,
        gaps: Vec::new(),
    }
}

/// A function of which nothing but its place is known.
pub(super) fn new_function(kind: FunctionKind, body: BlockId, value: ValueId) -> Function {
    Function {
        name: None,
        kind,
        owner: None,
        parent: None,
        scope: Name::default(),
        params: Vec::new(),
        has_this: false,
        decorators: Vec::new(),
        directives: Vec::new(),
        is_async: false,
        body,
        returns: Vec::new(),
        return_type: None,
        value,
        head: Span::default(),
        span: Span::default(),
    }
}

/// Adds a gap, unless the file has many of that kind.
pub(super) fn note_gap(module: &mut Module, kind: GapKind, span: Span, message: &str) {
    let known = module.gaps.iter().filter(|gap| gap.kind == kind).count();
    if known < MOST_GAPS {
        module.gaps.push(Gap {
            kind,
            span,
            message: Name::new(message),
        });
    }
}

/// What `this` is.
#[derive(Debug, Clone, Copy)]
pub(super) enum This {
    /// That of a function.
    Of(FunctionId),
    /// A class, in its static initialisers.
    Value(ValueId),
}

/// Where lowering stands.
#[derive(Debug)]
pub(super) struct Context {
    /// The function.
    pub(super) function: FunctionId,
    /// The block that steps go into.
    pub(super) block: BlockId,
    /// What `this` is.
    pub(super) this: This,
    /// What `super` is.
    pub(super) parent_class: Option<ValueId>,
    /// Control does not get here.
    pub(super) left: bool,
    /// What `break` and `continue` can leave, innermost last.
    pub(super) frames: Vec<Frame>,
}

/// A file on its way into the model.
pub(super) struct Lowering<'t> {
    pub(super) tree: &'t Tree<'t>,
    pub(super) names: &'t Names,
    pub(super) module: Module,
    pub(super) env: Env,
    pub(super) cx: Context,
    pub(super) forward: Forward,
    /// The value of each variable that several functions change.
    pub(super) cells: FxHashMap<VarId, ValueId>,
    /// Functions whose values exist before their declaration is met, by node.
    pub(super) hoisted: FxHashMap<u32, FunctionId>,
    /// The one value of `this` of each function.
    this_values: FxHashMap<FunctionId, ValueId>,
    /// Types by name, for exports.
    pub(super) type_names: FxHashMap<&'t str, Vec<TypeId>>,
    /// Exports of names, which are resolved when all is known.
    pub(super) pending_exports: Vec<super::export::Pending<'t>>,
    /// Reads of `exports.f`.
    pub(super) reads_of_exports: Vec<(Name, ValueId)>,
    /// Exports of a namespace that is being lowered.
    pub(super) namespace: Option<Vec<Entry>>,
    /// The label in front of the statement that comes next.
    pub(super) label: Option<Name>,
    /// The type arguments of tagged templates by where they start, which is where the tag ends.
    pub(super) tag_types: FxHashMap<u32, Node<'t>>,
    depth: u32,
    order: u32,
    /// What recording the paths of `break` and `continue` may still cost.
    pub(super) path_budget: usize,
}

impl<'t> Lowering<'t> {
    fn new(file: FileId, tree: &'t Tree<'t>, names: &'t Names) -> Self {
        let whole = Span::new(0, tree.text.len());
        let mut module = empty_module(file);
        module.comments.clone_from(&tree.comments);
        module.has_jsx = tree.has_jsx;
        if let (Some(function), Some(block)) =
            (module.functions.first_mut(), module.blocks.first_mut())
        {
            function.span = whole;
            block.span = whole;
        }
        Self {
            tree,
            names,
            module,
            env: Env::new(names.count()),
            cx: Context {
                function: FunctionId(0),
                block: BlockId(0),
                this: This::Of(FunctionId(0)),
                parent_class: None,
                left: false,
                frames: Vec::new(),
            },
            forward: Forward::default(),
            cells: FxHashMap::default(),
            hoisted: FxHashMap::default(),
            this_values: FxHashMap::default(),
            type_names: FxHashMap::default(),
            pending_exports: Vec::new(),
            reads_of_exports: Vec::new(),
            namespace: None,
            label: None,
            tag_types: FxHashMap::default(),
            depth: 0,
            order: 0,
            path_budget: 2_000_000,
        }
    }

    fn finish(mut self) -> Module {
        self.export_pending();
        self.resolve_reads_of_exports();
        self.module.exports.sort_by_key(|export| export.span);
        self.forward.settle(&mut self.module);
        self.module.gaps.sort_by_key(|gap| (gap.span, gap.kind));
        self.module
    }

    /// Adds a value.
    pub(super) fn value(&mut self, kind: ValueKind, span: Span) -> ValueId {
        let id = ValueId::at(self.module.values.len());
        self.module.values.push(Value { kind, span });
        id
    }

    /// Adds a constant.
    pub(super) fn literal(&mut self, literal: Literal, span: Span) -> ValueId {
        self.value(ValueKind::Literal(literal), span)
    }

    /// Adds `undefined`.
    pub(super) fn undefined(&mut self, span: Span) -> ValueId {
        self.literal(Literal::Undefined, span)
    }

    /// Adds a value of which nothing is known but where its data comes from.
    pub(super) fn opaque(&mut self, children: Vec<ValueId>, span: Span) -> ValueId {
        self.value(ValueKind::Opaque(children), span)
    }

    /// Adds a property of a value.
    pub(super) fn member(&mut self, base: ValueId, name: &str, span: Span) -> ValueId {
        let kind = ValueKind::Member {
            base,
            name: Name::new(name),
            optional: false,
        };
        self.value(kind, span)
    }

    /// One value that is any of these: itself if there is but one.
    pub(super) fn join(&mut self, values: Vec<ValueId>, span: Span) -> ValueId {
        let mut distinct: Vec<ValueId> = Vec::with_capacity(values.len());
        if values.len() > 16 {
            let mut seen = rustc_hash::FxHashSet::default();
            distinct.extend(values.into_iter().filter(|value| seen.insert(*value)));
        } else {
            for value in values {
                if !distinct.contains(&value) {
                    distinct.push(value);
                }
            }
        }
        match distinct.as_slice() {
            [one] => *one,
            _ => self.value(ValueKind::Join(distinct), span),
        }
    }

    /// What `this` is here.
    pub(super) fn this(&mut self, span: Span) -> ValueId {
        match self.cx.this {
            This::Value(value) => value,
            This::Of(function) => self.this_of(function, span),
        }
    }

    fn this_of(&mut self, function: FunctionId, span: Span) -> ValueId {
        if let Some(value) = self.this_values.get(&function) {
            return *value;
        }
        let value = self.value(ValueKind::This(function), span);
        self.this_values.insert(function, value);
        value
    }

    /// The next place in evaluation order.
    pub(super) fn next_order(&mut self) -> u32 {
        self.order = self.order.saturating_add(1);
        self.order
    }

    /// Adds a step to the current block.
    pub(super) fn step(&mut self, step: Step) {
        if let Some(block) = self.module.blocks.get_mut(self.cx.block.index()) {
            block.steps.push(step);
        }
    }

    /// Adds a write.
    pub(super) fn store(&mut self, target: ValueId, key: StoreKey, value: ValueId, span: Span) {
        let order = self.next_order();
        let id = StoreId::at(self.module.stores.len());
        self.module.stores.push(Store {
            target,
            key,
            value,
            block: self.cx.block,
            function: self.cx.function,
            order,
            span,
        });
        self.step(Step::Store(id));
    }

    /// Adds a gap.
    pub(super) fn gap(&mut self, kind: GapKind, span: Span, message: &str) {
        note_gap(&mut self.module, kind, span, message);
    }

    /// Does something one level deeper; `None`, with a gap, where that is too deep.
    pub(super) fn deeper<R>(
        &mut self,
        node: Node<'t>,
        inner: impl FnOnce(&mut Self) -> R,
    ) -> Option<R> {
        if self.depth >= DEEPEST {
            self.too_deep(node.span());
            return None;
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        Some(result)
    }

    /// Notes that something nests too deeply.
    pub(super) fn too_deep(&mut self, span: Span) {
        self.gap(GapKind::TooDeep, span, "nested too deeply to follow");
    }
}
