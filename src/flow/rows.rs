//! What becomes of the rows of a query: whether they are held in memory or sent, as a whole.

use super::track::Edges;
use super::uses::Use;
use crate::link::Program;
use crate::link::node::{CallAt, Func, Node};
use crate::model::{Language, Literal, Name, ValueId, ValueKind};
use crate::vocabulary::EffectRow;
use rustc_hash::FxHashSet;
use smol_str::format_smolstr;

/// How many values the rows are followed through.
const BUDGET: usize = 400;

/// Members and methods of the languages' own lists by which a list is only counted.
const COUNTS: [&str; 4] = ["length", "size", "len", "is_empty"];

/// Follows the rows of queries.
#[derive(Default)]
pub struct Rows {
    edges: Edges,
}

/// The query or its rows on their way.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Token {
    node: Node,
    /// The query has run: these are rows.
    ran: bool,
    /// It went through a variable that may hold something else as well, or through a call.
    aside: bool,
}

/// What a use makes of the rows.
enum Fate {
    /// All of them are there.
    Collected,
    /// Only one of them, or their number, matters; or the query is a part of another one.
    Spared,
    /// It is limited further on.
    Limited,
    /// They go on.
    Next(Vec<Token>),
    /// Nothing of interest.
    None,
}

impl Rows {
    /// Whether all rows are held or sent; so they are unless each of their uses shows otherwise.
    #[must_use]
    pub fn are_collected(&self, program: &Program<'_>, at: CallAt, row: &EffectRow) -> bool {
        if program.is_streamed(at, row) {
            return false;
        }
        let mut work = vec![Token {
            node: at.node(program.call(at).value),
            ran: false,
            aside: false,
        }];
        let (mut seen, mut spared) = (FxHashSet::default(), false);
        while let Some(token) = work.pop() {
            if !seen.insert(token) {
                continue;
            }
            if seen.len() > BUDGET {
                return true;
            }
            for used in self.edges.of(program, token.node).of(token.node) {
                match fate(program, row, token, *used) {
                    Fate::Collected => return true,
                    Fate::Limited => return false,
                    Fate::Spared => spared = true,
                    Fate::Next(next) => work.extend(next),
                    Fate::None => {}
                }
            }
        }
        !spared
    }
}

fn fate(program: &Program<'_>, row: &EffectRow, token: Token, used: Use) -> Fate {
    let file = token.node.file;
    match used {
        Use::Part(value) => part(program, row, token, value),
        Use::Receiver(call) => receiver(program, row, token, CallAt { file, call }),
        Use::Argument(call, position) => {
            argument(program, row, token, CallAt { file, call }, position)
        }
        Use::Returned(function) => returned(program, token, Func { file, function }),
        Use::Stored(_) => Fate::Collected,
        Use::Decides(_) => Fate::Spared,
        Use::Callee(_) => Fate::None,
    }
}

/// What a function returns goes on where it is called. A closure's result is its caller's.
fn returned(program: &Program<'_>, token: Token, func: Func) -> Fate {
    let sites = program.sites(func);
    if sites.is_empty() {
        return Fate::Collected;
    }
    let go_on = |at: CallAt| Token {
        node: at.node(program.call(at).value),
        aside: true,
        ..token
    };
    Fate::Next(sites.into_iter().map(go_on).collect())
}

fn part(program: &Program<'_>, row: &EffectRow, token: Token, value: ValueId) -> Fate {
    let module = program.module(token.node.file);
    let next = Token {
        node: token.node.with(value),
        ..token
    };
    match module.kind(value) {
        ValueKind::Await(_) => Fate::Next(vec![Token { ran: true, ..next }]),
        ValueKind::Cast { .. } | ValueKind::Unwrap(_) => Fate::Next(vec![next]),
        ValueKind::Join(_) | ValueKind::Cell(_) | ValueKind::Logical { .. } => {
            Fate::Next(vec![Token {
                aside: true,
                ..next
            }])
        }
        ValueKind::Compare { .. } | ValueKind::Unary { .. } | ValueKind::Matches { .. } => {
            Fate::Spared
        }
        ValueKind::Member { name, .. } if COUNTS.contains(&name.as_str()) => Fate::Spared,
        // What a driver yields for a text may be the rows and more beside them.
        ValueKind::Member { name, .. } if name == "0" && row.sql.is_none() => Fate::Spared,
        ValueKind::Member { name, .. } if name == "Err" => Fate::None,
        ValueKind::Member { .. } => Fate::Next(vec![next]),
        ValueKind::Index { base, key } if *base == token.node.value => match module.kind(*key) {
            ValueKind::Literal(Literal::Number(_)) => Fate::Spared,
            _ => Fate::Collected,
        },
        _ => Fate::Collected,
    }
}

fn receiver(program: &Program<'_>, row: &EffectRow, token: Token, at: CallAt) -> Fate {
    let name = program.call_name(at).map_or("", Name::as_str);
    if COUNTS.contains(&name) {
        return Fate::Spared;
    }
    // In Rust a method may be one of the result that holds the rows, and what it yields is used in turn.
    let goes_on = program.module(at.file).language == Language::Rust
        || program.same_as(at) == Some(token.node);
    if token.ran && !goes_on {
        return Fate::Collected;
    }
    let further = [&row.limit_chain, &row.filter_chain, &row.part_chain];
    if !token.ran && token.aside && further.into_iter().flatten().any(|own| own == name) {
        return Fate::Limited;
    }
    let node = at.node(program.call(at).value);
    Fate::Next(vec![Token { node, ..token }])
}

fn argument(
    program: &Program<'_>,
    row: &EffectRow,
    token: Token,
    at: CallAt,
    position: usize,
) -> Fate {
    if !token.ran && takes_queries(program, row, at) {
        return Fate::Spared;
    }
    let func = program.callee_function(at);
    match func.and_then(|func| program.param_node(func, position)) {
        Some(node) => Fate::Next(vec![Token {
            node,
            aside: true,
            ..token
        }]),
        None => Fate::Collected,
    }
}

/// Whether a call makes a part of a query of what it takes: it compares, or stands on the chain of another query.
fn takes_queries(program: &Program<'_>, row: &EffectRow, at: CallAt) -> bool {
    let operators = &program.vocabulary.operators;
    let chained = |name: &Name| {
        row.filter_chain.contains(name)
            || row.part_chain.contains(name)
            || operators.contains(&format_smolstr!("chain::{name}"))
    };
    program.call_name(at).is_some_and(chained)
        || program
            .callee_path(at)
            .is_some_and(|path| operators.contains(&path))
        || program.effect(at).is_some()
        || program
            .chain(at)
            .into_iter()
            .any(|call| program.effect(call).is_some())
}
