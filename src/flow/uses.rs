//! Reverse edges: where a value is used, and which values decide a branch.

use crate::link::node::{CallAt, Node};
use crate::model::{Block, BlockId, CallId, FunctionId, Leave, Module, Step, StoreId, ValueId};
use crate::source::FileId;
use rustc_hash::FxHashMap;

/// One use of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Another value is made of it.
    Part(ValueId),
    /// It is an argument.
    Argument(CallId, usize),
    /// A method is called on it.
    Receiver(CallId),
    /// It is called.
    Callee(CallId),
    /// It is stored somewhere.
    Stored(StoreId),
    /// A function returns it.
    Returned(FunctionId),
    /// It decides a branch; whether one side leaves or both do something.
    Decides(bool),
}

/// The uses of all values of a module.
#[derive(Debug, Default)]
pub struct Uses {
    file: Option<FileId>,
    by_value: FxHashMap<ValueId, Vec<Use>>,
}

impl Uses {
    /// Indexes a module.
    #[must_use]
    pub fn new(module: &Module) -> Self {
        let mut uses = Self {
            file: Some(module.file),
            by_value: FxHashMap::default(),
        };
        for (at, value) in module.values.iter().enumerate() {
            for child in value.kind.children() {
                uses.add(child, Use::Part(ValueId::at(at)));
            }
        }
        for (at, call) in module.calls.iter().enumerate() {
            let id = CallId::at(at);
            uses.add(call.callee, Use::Callee(id));
            if let Some(receiver) = call.receiver {
                uses.add(receiver, Use::Receiver(id));
            }
            for (position, arg) in call.args.iter().enumerate() {
                uses.add(arg.value, Use::Argument(id, position));
            }
        }
        for (at, store) in module.stores.iter().enumerate() {
            uses.add(store.value, Use::Stored(StoreId::at(at)));
        }
        for (at, function) in module.functions.iter().enumerate() {
            for value in function.returns.iter().filter_map(|r| r.value) {
                uses.add(value, Use::Returned(FunctionId::at(at)));
            }
        }
        for block in &module.blocks {
            uses.decisions(module, block);
        }
        uses
    }

    /// The uses of a value.
    #[must_use]
    pub fn of(&self, node: Node) -> &[Use] {
        if self.file != Some(node.file) {
            return &[];
        }
        self.by_value.get(&node.value).map_or(&[], Vec::as_slice)
    }

    /// A call of the module.
    #[must_use]
    pub fn call(&self, call: CallId) -> Option<CallAt> {
        self.file.map(|file| CallAt { file, call })
    }

    fn add(&mut self, value: ValueId, used: Use) {
        self.by_value.entry(value).or_default().push(used);
    }

    fn decisions(&mut self, module: &Module, block: &Block) {
        for step in &block.steps {
            match step {
                Step::Branch {
                    condition,
                    then,
                    otherwise,
                } => {
                    let leaves = leaves(module, *then)
                        || otherwise.is_some_and(|block| leaves(module, block));
                    let both = otherwise.is_some_and(|block| !module.block(block).steps.is_empty());
                    self.add(*condition, Use::Decides(leaves || both));
                }
                Step::Match {
                    subject,
                    exhaustive,
                    ..
                } => self.add(*subject, Use::Decides(*exhaustive)),
                Step::Loop {
                    condition: Some(condition),
                    ..
                } => self.add(*condition, Use::Decides(false)),
                _ => {}
            }
        }
    }
}

/// Whether a block ends by leaving, as far as its own steps show.
fn leaves(module: &Module, block: BlockId) -> bool {
    let leave = |step: &Step| match step {
        Step::Leave(Leave::Return(_) | Leave::Throw(_) | Leave::Continue | Leave::Break) => true,
        Step::Scope(inner) => leaves(module, *inner),
        _ => false,
    };
    module.block(block).steps.iter().any(leave)
}
