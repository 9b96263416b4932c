//! Blocks: where steps go, and where paths part and meet.
//!
//! What belongs here: opening and closing blocks. What may not enter: which syntax makes which block.

use super::build::Lowering;
use super::env::Path;
use crate::model::{Block, BlockId, BlockKind, FunctionId};
use crate::source::Span;

/// A block that steps go into until it is closed.
pub(super) struct Open {
    /// The block.
    pub(super) block: BlockId,
    outer: BlockId,
    outer_left: bool,
    mark: usize,
}

impl Lowering<'_> {
    /// Adds a block.
    pub(super) fn new_block(
        &mut self,
        kind: BlockKind,
        parent: Option<BlockId>,
        function: FunctionId,
        span: Span,
    ) -> BlockId {
        let id = BlockId::at(self.module.blocks.len());
        self.module.blocks.push(Block {
            parent,
            function,
            kind,
            steps: Vec::new(),
            span,
        });
        id
    }

    /// Lets steps go into a new block of the current one, on a path of its own.
    pub(super) fn open(&mut self, kind: BlockKind, span: Span) -> Open {
        let block = self.new_block(kind, Some(self.cx.block), self.cx.function, span);
        self.reopen(block)
    }

    /// Lets steps go into a block once more.
    pub(super) fn reopen(&mut self, block: BlockId) -> Open {
        let outer = std::mem::replace(&mut self.cx.block, block);
        Open {
            block,
            outer,
            outer_left: std::mem::replace(&mut self.cx.left, false),
            mark: self.env.mark(),
        }
    }

    /// Lets steps go where they went before.
    pub(super) fn close(&mut self, open: &Open) -> Path {
        let left = std::mem::replace(&mut self.cx.left, open.outer_left);
        self.cx.block = open.outer;
        Path {
            left,
            changes: self.env.take(open.mark),
        }
    }

    /// Does something in a new block.
    pub(super) fn in_block(
        &mut self,
        kind: BlockKind,
        span: Span,
        inner: impl FnOnce(&mut Self),
    ) -> (BlockId, Path) {
        let open = self.open(kind, span);
        inner(self);
        let path = self.close(&open);
        (open.block, path)
    }

    /// Computes something in a new block; the block is `None` if nothing happens in it.
    pub(super) fn aside<T>(
        &mut self,
        kind: BlockKind,
        span: Span,
        inner: impl FnOnce(&mut Self) -> T,
    ) -> (Option<BlockId>, Path, T) {
        let open = self.open(kind, span);
        let value = inner(self);
        let path = self.close(&open);
        let idle = self
            .module
            .blocks
            .get(open.block.index())
            .is_none_or(|block| block.steps.is_empty());
        if !idle {
            return (Some(open.block), path, value);
        }
        // A closure in it may have made blocks after it; then the empty one stays, unused.
        if open.block.index() + 1 == self.module.blocks.len() {
            self.module.blocks.pop();
        }
        (None, path, value)
    }

    /// Goes on where these paths meet.
    pub(super) fn meet(&mut self, paths: &[Path]) {
        for (variable, values) in self.env.meet(paths) {
            let span = self.names.variable(variable).span;
            let value = self.join(values, span);
            self.env.set(variable, value);
        }
        self.cx.left |= paths.iter().all(|path| path.left);
    }
}
