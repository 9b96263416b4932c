//! Expressions.

use super::{CallId, FunctionId, ImportId, Name, TypeId, TypeRef, ValueId};
use crate::source::Span;

/// One expression, or one thing that a pattern binds.
#[derive(Debug, Clone)]
pub struct Value {
    /// What it is.
    pub kind: ValueKind,
    /// Where it is written. A read of a variable is the variable's value, so the span is that of the definition;
    /// the reading place of an argument is in [`super::Arg::span`].
    pub span: Span,
}

/// What an expression is.
#[derive(Debug, Clone)]
pub enum ValueKind {
    /// A constant.
    Literal(Literal),
    /// A parameter as a whole; what its pattern binds are members of it.
    Param {
        /// The function.
        function: FunctionId,
        /// Position, from 0. Rust `self` is [`ValueKind::This`], not a parameter.
        index: u32,
    },
    /// `this` or `self` of the nearest function that has its own.
    This(FunctionId),
    /// A name that an import binds (TypeScript, and `const x = require("y")`).
    Import(ImportId),
    /// A name that nothing in the file binds: `process`, `console`, `fetch`.
    Global(Name),
    /// A Rust path that is no local variable: `sqlx::query`, `User::find`, `helper`; also one segment.
    Path(Vec<Name>),
    /// A function, method or closure.
    Function(FunctionId),
    /// A class, struct or enum as a value.
    Class(TypeId),
    /// `base.name`, `base?.name`; what `{ name } = base` binds; tuple fields are "0", "1".
    Member {
        /// The object.
        base: ValueId,
        /// The property.
        name: Name,
        /// Written with `?.`.
        optional: bool,
    },
    /// `base[key]`.
    Index {
        /// The object.
        base: ValueId,
        /// The key.
        key: ValueId,
    },
    /// An element that a loop or a callback-free iteration takes from a collection.
    Element(ValueId),
    /// The result of a call.
    Call(CallId),
    /// A template or format string: literal pieces and values, in order.
    Text(Vec<ValueId>),
    /// Arithmetic or concatenation with the operator as written.
    Binary {
        /// `+`, `-`, `*`, `&`, ...
        op: Name,
        /// Left operand.
        left: ValueId,
        /// Right operand.
        right: ValueId,
    },
    /// `!x`, `-x`, `typeof x`, ...
    Unary {
        /// Operator.
        op: UnaryOp,
        /// Operand.
        operand: ValueId,
    },
    /// `a && b`, `a || b`, `a ?? b`.
    Logical {
        /// Operator.
        op: LogicalOp,
        /// Left operand.
        left: ValueId,
        /// Right operand, evaluated only if the left one lets it.
        right: ValueId,
    },
    /// A comparison.
    Compare {
        /// Operator.
        op: Comparison,
        /// Left operand.
        left: ValueId,
        /// Right operand.
        right: ValueId,
    },
    /// An object, struct or map literal.
    Object(Vec<Entry>),
    /// An array, tuple or `vec!` literal.
    List(Vec<Item>),
    /// What `{ a, ...rest } = base` leaves over.
    Rest {
        /// The object.
        base: ValueId,
        /// The keys that are taken out.
        minus: Vec<Name>,
    },
    /// One of several values: `? :`, `match`, a variable after branches, a default (`{ a = 1 }`).
    Join(Vec<ValueId>),
    /// A variable that is assigned in more than one function: every value that is stored into it.
    Cell(Vec<ValueId>),
    /// `await x`, `x.await`.
    Await(ValueId),
    /// What `Some(x)`, `Ok(x)`, `x?`, `unwrap`-free patterns take out of an Option or Result.
    Unwrap(ValueId),
    /// `x as T`, `x satisfies T`, `x!`, `<T>x`, a Rust `as`, or a variable with a type annotation.
    Cast {
        /// The value.
        value: ValueId,
        /// The type that is claimed; `None` for `x!` and `as const`.
        ty: Option<TypeRef>,
    },
    /// `typeof`-free test `x is pattern`: Rust `if let P = x`, `matches!(x, P)`; true if the pattern matches.
    Matches {
        /// What is tested.
        value: ValueId,
        /// Last path segment of the pattern (`Some`, `Ok`, `Err`, `None`, a variant), else empty.
        pattern: Name,
    },
    /// Anything else; data flows from the children.
    Opaque(Vec<ValueId>),
}

/// A constant.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// A string without interpolation, unescaped as far as the language allows.
    Str(Name),
    /// A number.
    Number(f64),
    /// `true` or `false`.
    Bool(bool),
    /// `null` or Rust's `None`.
    Null,
    /// `undefined`, `void 0`, Rust's `()`.
    Undefined,
    /// A regular expression's source with its flags, as written.
    Regex(Name),
}

/// An entry of an object literal, in source order.
#[derive(Debug, Clone)]
pub enum Entry {
    /// `key: value`, `key`, a method.
    Field {
        /// The key.
        key: Name,
        /// The value.
        value: ValueId,
        /// Where the key is written.
        span: Span,
    },
    /// `[key]: value`.
    Computed {
        /// The key.
        key: ValueId,
        /// The value.
        value: ValueId,
    },
    /// `...value`, Rust `..value`.
    Spread(ValueId),
}

/// An element of a list literal.
#[derive(Debug, Clone, Copy)]
pub struct Item {
    /// The element, or the list that is spread.
    pub value: ValueId,
    /// Written with `...`.
    pub spread: bool,
}

/// Operators with one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOp {
    /// `!x`
    Not,
    /// `-x`, `+x`, `~x`
    Number,
    /// `typeof x`
    TypeOf,
    /// `void x`, `delete x`
    Void,
}

/// Operators that may skip their right operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogicalOp {
    /// `&&`
    And,
    /// `||`
    Or,
    /// `??`
    Coalesce,
}

/// Comparison operators; strict and loose equality are the same here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `==`, `===`
    Eq,
    /// `!=`, `!==`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `instanceof`
    InstanceOf,
    /// `in`
    In,
}

impl ValueKind {
    /// The values that this one is directly made of. A call's callee and arguments are in the [`super::Call`].
    #[must_use]
    pub fn children(&self) -> Vec<ValueId> {
        match self {
            Self::Literal(_)
            | Self::Param { .. }
            | Self::This(_)
            | Self::Import(_)
            | Self::Global(_)
            | Self::Path(_)
            | Self::Function(_)
            | Self::Class(_)
            | Self::Call(_) => Vec::new(),
            Self::Member { base: one, .. }
            | Self::Rest { base: one, .. }
            | Self::Element(one)
            | Self::Await(one)
            | Self::Unwrap(one)
            | Self::Cast { value: one, .. }
            | Self::Matches { value: one, .. }
            | Self::Unary { operand: one, .. } => vec![*one],
            Self::Index {
                base: one,
                key: two,
            }
            | Self::Binary {
                left: one,
                right: two,
                ..
            }
            | Self::Logical {
                left: one,
                right: two,
                ..
            }
            | Self::Compare {
                left: one,
                right: two,
                ..
            } => vec![*one, *two],
            Self::Text(all) | Self::Join(all) | Self::Cell(all) | Self::Opaque(all) => all.clone(),
            Self::List(items) => items.iter().map(|item| item.value).collect(),
            Self::Object(entries) => entries.iter().flat_map(Entry::values).collect(),
        }
    }
}

impl Entry {
    /// The values of an entry.
    #[must_use]
    pub fn values(&self) -> Vec<ValueId> {
        match self {
            Self::Field { value, .. } | Self::Spread(value) => vec![*value],
            Self::Computed { key, value } => vec![*key, *value],
        }
    }
}
