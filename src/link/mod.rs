//! Modules become one program: imports, symbols, callees, summaries, routers, endpoints, guards and effects.
//!
//! What belongs here: everything that needs more than one file, or that needs the vocabulary to be understood. What may not
//! enter: rules (nothing here knows what is reported), the disk, and any name of a library, which live in the vocabulary.

pub mod chain;
mod configured;
mod consult;
mod convention;
mod decide;
mod development;
#[cfg(test)]
mod draft;
pub mod effect;
pub mod endpoint;
pub mod facts;
pub mod filter;
mod guard;
mod handback;
pub mod import;
mod index;
mod lookup;
pub mod node;
pub mod origin;
mod passed;
pub mod pattern;
pub mod place;
mod position;
pub mod posture;
mod resolve;
mod router;
pub mod sql;
mod sql_filter;
mod summary;
pub mod symbol;
pub mod table;
mod tuple;
mod walk;

use crate::model::{Call, Function, Module, Name, Table, ValueKind};
use crate::project::Project;
use crate::source::{FileId, Location};
use crate::vocabulary::Vocabulary;
use endpoint::Endpoint;
use facts::Facts;
use import::Resolver;
use index::Index;
use node::{CallAt, Func, Node, Target};
use place::Places;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use symbol::Symbols;

/// Answers that are remembered by their question.
type Memo<K, V> = RefCell<FxHashMap<K, V>>;

/// The linked program. Questions are answered lazily and remembered.
pub struct Program<'p> {
    /// What was read from the disk.
    pub project: &'p Project,
    /// What libraries mean.
    pub vocabulary: &'p Vocabulary,
    /// The lowered files, by [`FileId`].
    pub modules: &'p [Module],
    /// What imports and exports stand for.
    pub symbols: Symbols<'p>,
    resolver: Resolver<'p>,
    /// Every way in, in the order of their places.
    pub endpoints: Vec<Endpoint>,
    /// What schemas say.
    pub tables: table::Tables,
    index: Index,
    middleware_files: OnceCell<Vec<convention::MiddlewareFile<'p>>>,
    callers: RefCell<FxHashMap<Func, Vec<CallAt>>>,
    roles: RefCell<FxHashMap<(Func, u32), Name>>,
    summaries: RefCell<FxHashMap<Func, Rc<summary::Summary>>>,
    proven: Memo<(Func, Vec<Name>, bool), Facts>,
    passed: Memo<(Func, usize, Option<Name>), Option<Facts>>,
    looks: RefCell<FxHashMap<Func, bool>>,
    handed: RefCell<FxHashMap<Func, Option<usize>>>,
    through: RefCell<FxHashMap<Func, Rc<[passed::Passed]>>>,
    extractors: RefCell<FxHashMap<Name, chain::Extracted>>,
    origin_memo: RefCell<FxHashMap<(Node, bool), origin::Origins>>,
    proof_memo: Memo<(Node, Vec<Name>, bool), Facts>,
    effects: RefCell<FxHashMap<CallAt, Option<effect::Effect>>>,
    path_asked: Cell<bool>,
    proving: Cell<u32>,
    asked: Cell<u32>,
    wraps: RefCell<FxHashMap<CallAt, Option<(usize, Node)>>>,
    wrapping: Cell<u32>,
    tracing: Cell<u32>,
    memo: RefCell<FxHashMap<Node, Target>>,
    active: RefCell<FxHashSet<Node>>,
    depth: Cell<u32>,
    development: Memo<FileId, Rc<development::Development>>,
}

impl<'p> Program<'p> {
    /// Links the modules of a project; `modules` are in the order of their file ids, `tables` those of all
    /// schemas.
    #[must_use]
    pub fn new(
        project: &'p Project,
        modules: &'p [Module],
        tables: Vec<Table>,
        vocabulary: &'p Vocabulary,
    ) -> Self {
        let resolver = Resolver::new(project);
        let symbols = Symbols::new(project, modules, &resolver);
        let mut program = Self {
            project,
            vocabulary,
            modules,
            symbols,
            resolver,
            tables: table::Tables::new(tables),
            index: Index::new(modules),
            middleware_files: OnceCell::new(),
            callers: RefCell::default(),
            roles: RefCell::default(),
            summaries: RefCell::default(),
            proven: RefCell::default(),
            passed: RefCell::default(),
            looks: RefCell::default(),
            handed: RefCell::default(),
            through: RefCell::default(),
            extractors: RefCell::default(),
            origin_memo: RefCell::default(),
            proof_memo: RefCell::default(),
            effects: RefCell::default(),
            path_asked: Cell::new(false),
            proving: Cell::new(0),
            asked: Cell::new(0),
            wraps: RefCell::default(),
            wrapping: Cell::new(0),
            tracing: Cell::new(0),
            endpoints: Vec::new(),
            memo: RefCell::default(),
            active: RefCell::default(),
            depth: Cell::new(0),
            development: RefCell::default(),
        };
        // What a parameter is depends on its callers, and who calls what depends on parameters: two rounds reach what is
        // passed on once.
        for _ in 0..2 {
            program.find_callers();
        }
        program.endpoints = program.find_endpoints();
        program
    }

    /// What the files are for. With `production` every file is production code.
    #[must_use]
    pub fn places(&self, production: bool) -> Places {
        let entries: Vec<FileId> = self
            .endpoints
            .iter()
            .map(|endpoint| endpoint.registration.file)
            .collect();
        let packages: FxHashSet<&str> = self
            .vocabulary
            .server_packages()
            .map(Name::as_str)
            .collect();
        Places::new(place::Facts {
            project: self.project,
            modules: self.modules,
            vocabulary: self.vocabulary,
            symbols: &self.symbols,
            resolver: &self.resolver,
            entries: &entries,
            server_packages: &|name| packages.contains(name),
            forced: production.then_some(crate::model::Place::Production),
        })
    }

    /// A module.
    #[must_use]
    pub fn module(&self, file: FileId) -> &'p Module {
        &self.modules[file.index()]
    }

    /// A function.
    #[must_use]
    pub fn function(&self, func: Func) -> &'p Function {
        self.module(func.file).function(func.function)
    }

    /// A call.
    #[must_use]
    pub fn call(&self, at: CallAt) -> &'p Call {
        self.module(at.file).call(at.call)
    }

    /// Where a value is written.
    #[must_use]
    pub fn location(&self, node: Node) -> Location {
        Location {
            file: node.file,
            span: self.module(node.file).span(node.value),
        }
    }

    /// Every call of the program.
    pub fn calls(&self) -> impl Iterator<Item = CallAt> + use<'p> {
        self.modules.iter().flat_map(|module| {
            (0..module.calls.len()).map(|at| CallAt {
                file: module.file,
                call: crate::model::CallId::at(at),
            })
        })
    }

    /// The call that takes a function as its argument where it is written.
    #[must_use]
    pub fn taken_by(&self, func: Func) -> Option<CallAt> {
        self.index.passed(func).map(|(at, _)| at)
    }

    /// The calls of a function of the project that can be followed.
    #[must_use]
    pub fn callers_of(&self, func: Func) -> Vec<CallAt> {
        let callers = self.callers.borrow();
        callers.get(&func).cloned().unwrap_or_default()
    }

    /// The members, look-ups and calls that are written in a function, in order.
    pub fn written(&self, func: Func) -> impl Iterator<Item = Node> {
        self.index.written(func.file, self.function(func).span)
    }

    /// Says what the parameters of handlers are; forgets what was resolved without knowing it.
    fn assign_roles(&self, roles: FxHashMap<(Func, u32), Name>) {
        *self.roles.borrow_mut() = roles;
        self.memo.borrow_mut().clear();
        self.origin_memo.borrow_mut().clear();
        self.proof_memo.borrow_mut().clear();
        self.effects.borrow_mut().clear();
        self.summaries.borrow_mut().clear();
        self.proven.borrow_mut().clear();
        self.passed.borrow_mut().clear();
        self.looks.borrow_mut().clear();
        self.handed.borrow_mut().clear();
        self.through.borrow_mut().clear();
        self.wraps.borrow_mut().clear();
        self.extractors.borrow_mut().clear();
    }

    fn find_callers(&self) {
        let mut callers: FxHashMap<Func, Vec<CallAt>> = FxHashMap::default();
        for at in self.calls() {
            if !self.may_call_project(at) {
                continue;
            }
            if let Target::Function(func) = self.resolve(at.node(self.call(at).callee)) {
                callers.entry(func).or_default().push(at);
            } else if let Some(func) = self.callee_function(at) {
                callers.entry(func).or_default().push(at);
            }
        }
        *self.callers.borrow_mut() = callers;
        self.memo.borrow_mut().clear();
    }

    /// A cheap test that spares most calls the look-up.
    fn may_call_project(&self, at: CallAt) -> bool {
        !matches!(
            self.module(at.file).kind(self.call(at).callee),
            ValueKind::Global(_)
        )
    }
}
