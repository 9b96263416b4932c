//! What is executed, in which order and under which conditions.

use super::{BlockId, CallId, FunctionId, Name, StoreId, TypeRef, ValueId};
use crate::source::Span;

/// A call, construction, macro, tagged template, decorator or attribute.
#[derive(Debug, Clone)]
pub struct Call {
    /// What is called; for a method call the `Member` with the receiver as its base.
    pub callee: ValueId,
    /// The object of a method call.
    pub receiver: Option<ValueId>,
    /// Arguments in order.
    pub args: Vec<Arg>,
    /// Type arguments: `query<User>()`, `query_as::<_, User>()`.
    pub type_args: Vec<TypeRef>,
    /// How it is written.
    pub form: CallForm,
    /// Written `f?.()` or on a `?.` chain.
    pub optional: bool,
    /// `await` or `.await` is applied to the result where it is made.
    pub awaited: bool,
    /// The result is thrown away: an expression statement, `void f()`, `let _ = f()`.
    pub discarded: bool,
    /// Where it is executed.
    pub block: BlockId,
    /// The function that executes it.
    pub function: FunctionId,
    /// Place in evaluation order, unique and rising within the module.
    pub order: u32,
    /// The value that stands for its result.
    pub value: ValueId,
    /// The whole call.
    pub span: Span,
    /// The narrowest token that names it: the method name, the macro name, the callee.
    pub name_span: Span,
}

/// An argument at the place where it is passed.
#[derive(Debug, Clone, Copy)]
pub struct Arg {
    /// The value.
    pub value: ValueId,
    /// Written with `...`.
    pub spread: bool,
    /// Where the argument is written.
    pub span: Span,
}

/// How a call is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallForm {
    /// `f(x)`, `a.f(x)`
    Plain,
    /// `new F(x)`; Rust has none
    New,
    /// `f!(x)`
    Macro,
    /// ``f`x` ``: argument 0 is the text
    Tag,
    /// `@f(x)` on a class, member or parameter
    Decorator,
    /// `#[f(x)]`
    Attribute,
    /// `<F x={..} />`: argument 0 is the object of properties
    Jsx,
}

/// A write into an object, collection or captured variable.
#[derive(Debug, Clone)]
pub struct Store {
    /// The object that is written into (`req` of `req.user = u`, the `Cell` of a captured variable).
    pub target: ValueId,
    /// Which part.
    pub key: StoreKey,
    /// What is written.
    pub value: ValueId,
    /// Where it is executed.
    pub block: BlockId,
    /// The function that executes it.
    pub function: FunctionId,
    /// Place in evaluation order, shared with calls.
    pub order: u32,
    /// The whole assignment.
    pub span: Span,
}

/// The part of an object that a store writes.
#[derive(Debug, Clone)]
pub enum StoreKey {
    /// `target.name = ..`
    Member(Name),
    /// `target[key] = ..`
    Index(ValueId),
    /// `variable = ..` of a captured variable, `*target = ..`
    Whole,
}

/// A list of steps that run one after the other.
#[derive(Debug, Clone)]
pub struct Block {
    /// The block that holds the step which enters this one; `None` for a function's body.
    pub parent: Option<BlockId>,
    /// The function.
    pub function: FunctionId,
    /// What it is to its parent.
    pub kind: BlockKind,
    /// What it does, in evaluation order.
    pub steps: Vec<Step>,
    /// Where it is written.
    pub span: Span,
}

/// What a block is to its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// A function's body, or the module's top level.
    Body,
    /// Runs if the branch's condition is true.
    Then,
    /// Runs if the branch's condition is false.
    Else,
    /// A loop's body.
    Loop,
    /// The body of a `try`.
    Try,
    /// Its handler; the caught value is in [`Step::Try`].
    Catch,
    /// Its clean-up.
    Finally,
    /// A `case` or a match arm.
    Arm,
    /// A plain, `unsafe` or `async` block.
    Scope,
}

/// One step of a block.
#[derive(Debug, Clone)]
pub enum Step {
    /// A call is made.
    Call(CallId),
    /// Something is written.
    Store(StoreId),
    /// Two ways; `if`, `? :`, `&&`, `||`, `??`, `?`, `let else`, `if let`.
    Branch {
        /// What is tested; for `a ?? b` the condition is `a` (its truth standing for "is present").
        condition: ValueId,
        /// Runs if it is true.
        then: BlockId,
        /// Runs if it is false.
        otherwise: Option<BlockId>,
    },
    /// Many ways; `switch`, `match` other than over Option and Result.
    Match {
        /// What is compared.
        subject: ValueId,
        /// The ways, in order; each with the value it is compared with, where that is one (`case "a":`).
        arms: Vec<(Option<ValueId>, BlockId)>,
        /// Whether one of them always runs (`default`, Rust).
        exhaustive: bool,
    },
    /// A loop.
    Loop {
        /// The collection of a `for .. of` or `for .. in`.
        over: Option<ValueId>,
        /// The condition that keeps it going.
        condition: Option<ValueId>,
        /// What is repeated.
        body: BlockId,
    },
    /// `try`.
    Try {
        /// What is tried.
        body: BlockId,
        /// The handler and the value it catches.
        catch: Option<(Option<ValueId>, BlockId)>,
        /// The clean-up.
        finally: Option<BlockId>,
    },
    /// A nested block that always runs.
    Scope(BlockId),
    /// Control leaves; what follows in the block is unreachable.
    Leave(Leave),
}

/// How control leaves a block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Leave {
    /// Returns from the function; the value is also in the function's list of returns.
    Return(Option<ValueId>),
    /// Throws, or in Rust panics.
    Throw(Option<ValueId>),
    /// `break`
    Break,
    /// `continue`
    Continue,
}
