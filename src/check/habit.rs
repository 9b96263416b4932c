//! How packages log: by which kinds of calls, and how often.

use super::Subject;
use crate::link::node::CallAt;
use crate::model::{
    BlockId, Call, CallForm, CallId, FunctionId, Language, Module, Name, Place, Step, ValueId,
    ValueKind,
};
use crate::rule::Habit;
use crate::source::FileId;
use rustc_hash::{FxHashMap, FxHashSet};

/// The kind of calls that a logger has.
const STRUCTURED: &str = "structured";
/// How many calls of a logger in a block are compared, and how many values of each.
const BESIDE: usize = 8;
const VALUES: usize = 32;

/// How often each package logs in each way, and which files have a logger.
#[derive(Debug, Default)]
pub(super) struct Habits {
    counts: FxHashMap<(Name, Name), usize>,
    with_logger: FxHashSet<FileId>,
    /// The first calls of a logger in each block.
    in_block: FxHashMap<(FileId, BlockId), Vec<CallId>>,
    /// Functions that do nothing but log.
    loggers: FxHashSet<(FileId, FunctionId)>,
}

impl Habits {
    pub(super) fn new(subject: &Subject<'_>) -> Self {
        let mut habits = Self::default();
        for module in subject.program.modules {
            let file = module.file;
            let counts =
                subject.places.place(file) == Place::Production && subject.places.is_server(file);
            let named = named_loggers(subject, module);
            let mut works: FxHashMap<FunctionId, Work> = FxHashMap::default();
            for (index, call) in module.calls.iter().enumerate() {
                let at = CallAt {
                    file,
                    call: CallId::at(index),
                };
                let work = works.entry(call.function).or_default();
                let Some(kind) = kind(subject, at, &named) else {
                    work.other |= call.form != CallForm::Macro;
                    continue;
                };
                if kind == STRUCTURED {
                    habits.with_logger.insert(file);
                    work.structured = true;
                    let beside = habits.in_block.entry((file, call.block)).or_default();
                    if beside.len() < BESIDE {
                        beside.push(at.call);
                    }
                } else {
                    work.console = true;
                }
                if counts && !subject.in_test(file, call.span) {
                    *habits
                        .counts
                        .entry((package(subject, file), kind))
                        .or_default() += 1;
                }
            }
            let choosing = works.into_iter().filter(|(function, work)| {
                work.console && work.structured && !work.other && is_choice(module, *function)
            });
            let choosing = choosing.map(|(function, _)| (file, function));
            habits.loggers.extend(choosing);
        }
        habits
    }

    /// Whether a logger is given the same in the same block, so that nothing goes past it.
    pub(super) fn is_mirrored(&self, subject: &Subject<'_>, at: CallAt) -> bool {
        let module = subject.program.module(at.file);
        let own = module.call(at.call);
        let Some(beside) = self.in_block.get(&(at.file, own.block)) else {
            return false;
        };
        let given = |call: &Call, parts: bool| {
            let mut roots = FxHashSet::default();
            let args = call.args.iter().map(|arg| arg.value);
            gather(module, args.collect(), parts, &mut roots);
            roots
        };
        // A part of what the logger gets as a whole says nothing new; another part of it does.
        let own = given(own, true);
        { beside.iter() }.any(|other| !given(module.call(*other), false).is_disjoint(&own))
    }

    /// Whether a function does nothing but log, on one of two ways to the console and on the other by a logger.
    pub(super) fn chooses(&self, file: FileId, function: FunctionId) -> bool {
        self.loggers.contains(&(file, function))
    }

    /// Whether the package of a file logs by these kinds as a habit: often, and more often than by a logger. A file that has a
    /// logger is none of it: what it writes past the logger is a slip.
    pub(super) fn holds(&self, subject: &Subject<'_>, file: FileId, habit: &Habit) -> bool {
        let package = package(subject, file);
        let count = |kind: &Name| {
            let key = (package.clone(), kind.clone());
            self.counts.get(&key).copied().unwrap_or(0)
        };
        let total: usize = habit.logs.iter().map(count).sum();
        total > habit.over && total > count(&Name::new_static(STRUCTURED)) && !self.has_logger(file)
    }

    /// Whether a file makes a call of a logger.
    pub(super) fn has_logger(&self, file: FileId) -> bool {
        self.with_logger.contains(&file)
    }
}

/// The variables that values are made of, as a whole or (`parts`) of members of them.
fn gather(module: &Module, mut open: Vec<ValueId>, parts: bool, roots: &mut FxHashSet<ValueId>) {
    for _ in 0..VALUES {
        let Some(next) = open.pop() else { return };
        match module.kind(next) {
            ValueKind::Literal(_) | ValueKind::Global(_) | ValueKind::Import(_) => {}
            ValueKind::Param { .. } | ValueKind::Call(_) => drop(roots.insert(next)),
            // What a handler catches is made of nothing.
            ValueKind::Opaque(parts) if parts.is_empty() => drop(roots.insert(next)),
            ValueKind::Member { base, .. } => {
                roots.insert(next);
                open.extend(parts.then_some(*base));
            }
            ValueKind::Index { .. } if !parts => {}
            kind => open.extend(kind.children()),
        }
    }
}

/// What a function's calls do.
#[derive(Debug, Default)]
struct Work {
    console: bool,
    structured: bool,
    other: bool,
}

/// Whether a function is one decision with two ways.
fn is_choice(module: &Module, function: FunctionId) -> bool {
    let function = module.function(function);
    let mut steps = module.block(function.body).steps.iter();
    let mut branches = { steps.by_ref() }.filter(|step| !matches!(step, Step::Leave(_)));
    let one = matches!(
        branches.next(),
        Some(Step::Branch {
            otherwise: Some(_),
            ..
        })
    );
    one && branches.next().is_none() && !function.params.is_empty()
}

/// The folder of the package that a file belongs to, with what sets a crate apart from a package there.
pub(super) fn package(subject: &Subject<'_>, file: FileId) -> Name {
    let project = subject.program.project;
    let dir = match subject.language(file) {
        Language::TypeScript => project.package_of(file).map(|package| &package.dir),
        Language::Rust => project.crate_of(file).map(|package| &package.dir),
    };
    smol_str::format_smolstr!(
        "{:?} {}",
        subject.language(file),
        dir.map_or("", String::as_str)
    )
}

/// How a call logs, if it does. What cannot be followed and is called like a logger and its methods is one.
fn kind(subject: &Subject<'_>, at: CallAt, named: &FxHashSet<ValueId>) -> Option<Name> {
    let program = subject.program;
    let known = program.callee_path(at).and_then(|path| {
        let row = program.vocabulary.logs.find(&path).next()?;
        Some(row.row.kind.clone())
    });
    known.or_else(|| is_called_logger(subject, at, named).then_some(Name::new_static(STRUCTURED)))
}

/// The values that a file gives a logger's name to.
fn named_loggers(subject: &Subject<'_>, module: &Module) -> FxHashSet<ValueId> {
    let names = &subject.program.vocabulary.names;
    let bindings = module.bindings.iter();
    bindings
        .filter(|binding| names.matches("logger", &binding.name))
        .map(|binding| binding.value)
        .collect()
}

fn is_called_logger(subject: &Subject<'_>, at: CallAt, named: &FxHashSet<ValueId>) -> bool {
    let names = &subject.program.vocabulary.names;
    let module = subject.program.module(at.file);
    let call = module.call(at.call);
    let ValueKind::Member { base, name, .. } = module.kind(call.callee) else {
        return false;
    };
    names.is("log-method", name)
        && match module.kind(*base) {
            ValueKind::Import(import) => names.matches("logger", &module.import(*import).local),
            ValueKind::Global(name) | ValueKind::Member { name, .. } => {
                names.matches("logger", name)
            }
            _ => named.contains(base),
        }
}
