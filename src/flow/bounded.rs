//! Whether the number of rows that a query yields is bounded.

use super::filter::Reader;
use crate::link::Program;
use crate::link::effect::Effect;
use crate::link::filter::Filter;
use crate::link::node::{CallAt, Node, Target};
use crate::link::sql::{Count, Statement};
use crate::model::{Entry, Name, ValueKind};
use crate::vocabulary::EffectRow;
use crate::vocabulary::position::{Position, Root};

/// How many values are asked for what narrows a query elsewhere.
const ELSEWHERE: usize = 60;

/// What bounds a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound {
    /// A limit, a unique key, an aggregate.
    Yes,
    /// Nothing; the filter narrows it to these columns at most.
    No(Vec<Name>),
    /// A limit that the request chooses without an upper bound.
    Request,
    /// Options that cannot be seen.
    Unknown,
}

impl Program<'_> {
    /// What bounds a query that yields a list.
    #[must_use]
    pub fn bound(&self, effect: &Effect, row: &EffectRow) -> Bound {
        let at = effect.at;
        let mut around = self.chain(at);
        around.extend(self.outer_chain(at));
        for call in &around {
            if self
                .call_name(*call)
                .is_some_and(|name| row.limit_chain.contains(name))
            {
                let limit = self
                    .call(*call)
                    .args
                    .first()
                    .map(|arg| call.node(arg.value));
                return limit.map_or(Bound::Yes, |limit| self.limit_bound(limit));
            }
        }
        let parts = |call: &CallAt| {
            self.call_name(*call)
                .is_some_and(|name| row.part_chain.contains(name))
        };
        if around.iter().any(parts) || self.is_built_elsewhere(at, row) {
            return Bound::Unknown;
        }
        if let Some(position) = &row.sql {
            let node = self.at_position(at, position).into_iter().next();
            let Some((text, spliced)) = node.and_then(|node| self.sql_parts(node)) else {
                return Bound::Unknown;
            };
            return match Statement::read(&text) {
                Some(statement) => self.statement_bound(at, row, &statement, &spliced),
                None => Bound::Unknown,
            };
        }
        for position in &row.limit {
            if let Some(limit) = self.at_position(at, position).into_iter().next() {
                return self.limit_bound(limit);
            }
        }
        let options = row
            .limit
            .iter()
            .chain(&row.filter)
            .any(|position| position.root == Root::Arg(0));
        if options && self.options_hidden(at) {
            return Bound::Unknown;
        }
        let mut reader = Reader::new(self);
        let given = row
            .filter
            .iter()
            .flat_map(|position| self.at_position(at, position));
        let mut parts: Vec<Filter> = given.map(|node| reader.filter(node, 0)).collect();
        let filters = |call: &&CallAt| {
            self.call_name(**call)
                .is_some_and(|name| row.filter_chain.contains(name))
        };
        parts.extend(
            around
                .iter()
                .filter(filters)
                .map(|call| reader.chained(*call)),
        );
        if around.iter().any(|call| self.selects_aggregates(*call)) {
            return Bound::Yes;
        }
        if row.limited {
            return Bound::Yes;
        }
        self.left_by(&Filter::All(parts), effect.table.as_ref())
    }

    /// Whether a query is narrowed or limited where its chain is out of sight: on one of the ways to a variable, or by the caller.
    fn is_built_elsewhere(&self, at: CallAt, row: &EffectRow) -> bool {
        let last = self.chain(at).last().copied().unwrap_or(at);
        let mut work: Vec<Node> = self
            .call(last)
            .receiver
            .map(|value| last.node(value))
            .into_iter()
            .collect();
        for _ in 0..ELSEWHERE {
            let Some(node) = work.pop() else { break };
            match self.module(node.file).kind(node.value) {
                ValueKind::Join(_)
                | ValueKind::Cell(_)
                | ValueKind::Logical { .. }
                | ValueKind::Param { .. } => work.extend(self.follow(node)),
                ValueKind::Call(call) => {
                    let call = CallAt {
                        file: node.file,
                        call: *call,
                    };
                    let names = |name: &Name| {
                        let chained = |position: &Position| matches!(&position.root, Root::Chain { name: own, .. } if own == name);
                        row.filter_chain.contains(name)
                            || row.limit_chain.contains(name)
                            || row.limit.iter().any(chained)
                    };
                    if self.call_name(call).is_some_and(names) {
                        return true;
                    }
                    work.extend(self.call(call).receiver.map(|value| call.node(value)));
                }
                ValueKind::Await(inner)
                | ValueKind::Unwrap(inner)
                | ValueKind::Cast { value: inner, .. } => work.push(node.with(*inner)),
                _ => {}
            }
        }
        false
    }

    /// What a filter leaves of a table.
    fn left_by(&self, filter: &Filter, table: Option<&Name>) -> Bound {
        let narrowed = self.narrowed(filter, table);
        if narrowed.bounded {
            Bound::Yes
        } else if narrowed.unknown {
            Bound::Unknown
        } else {
            Bound::No(narrowed.by)
        }
    }

    /// Whether a call selects nothing but aggregates: `select({ total: count() })`.
    fn selects_aggregates(&self, at: CallAt) -> bool {
        let Some(arg) = self.call(at).args.first() else {
            return false;
        };
        let ValueKind::Object(entries) = self.module(at.file).kind(arg.value) else {
            return false;
        };
        let aggregate = |entry: &Entry| match entry {
            Entry::Field { value, .. } => {
                self.follow_to_call(at.node(*value)).is_some_and(|call| {
                    self.call_name(call).is_some_and(|name| {
                        matches!(name.as_str(), "count" | "sum" | "avg" | "min" | "max")
                    })
                })
            }
            _ => false,
        };
        !entries.is_empty() && entries.iter().all(aggregate)
    }

    fn statement_bound(
        &self,
        at: CallAt,
        row: &EffectRow,
        statement: &Statement,
        spliced: &[Node],
    ) -> Bound {
        if statement.writes || statement.aggregate {
            return Bound::Yes;
        }
        let left = self.left_by(&statement.filter, statement.table.as_ref());
        if statement.limited && left != Bound::Yes {
            let number = match &statement.count {
                Some(Count::Spliced(nth)) => spliced.get(*nth).copied(),
                Some(Count::Bound(nth)) => self.bound_values(at, row).get(*nth).copied(),
                Some(Count::Named(name)) => self.bound_by_name(at, row, name),
                Some(Count::Written) | None => None,
            };
            return number.map_or(Bound::Yes, |number| self.limit_bound(number));
        }
        if statement.grouped || statement.put_together {
            return Bound::Unknown;
        }
        left
    }

    /// The values that are bound to a statement, in order; empty where they are not all in sight.
    fn bound_values(&self, at: CallAt, row: &EffectRow) -> Vec<Node> {
        let mut binds = self.outer_chain(at);
        binds.retain(|call| {
            self.call_name(*call)
                .is_some_and(|name| row.bind_chain.contains(name))
        });
        if !binds.is_empty() {
            binds.sort_by_key(|call| self.call(*call).order);
            let first = |call: &CallAt| Some(call.node(self.call(*call).args.first()?.value));
            return binds.iter().filter_map(first).collect();
        }
        let values: Vec<Node> = row
            .data
            .iter()
            .flat_map(|position| self.at_position(at, position))
            .collect();
        let &[only] = values.as_slice() else {
            return values;
        };
        let Target::Object(list) = self.resolve(only) else {
            return values;
        };
        match self.module(list.file).kind(list.value) {
            ValueKind::List(items) if items.iter().any(|item| item.spread) => Vec::new(),
            ValueKind::List(items) => items.iter().map(|item| list.with(item.value)).collect(),
            _ => values,
        }
    }

    fn bound_by_name(&self, at: CallAt, row: &EffectRow, name: &str) -> Option<Node> {
        let mut objects = row
            .data
            .iter()
            .flat_map(|position| self.at_position(at, position));
        objects.find_map(|object| {
            self.member_nodes(&self.resolve(object), name)
                .first()
                .copied()
        })
    }

    /// Whether the rows are handed out one by one, and nothing collects them again.
    #[must_use]
    pub fn is_streamed(&self, at: CallAt, row: &EffectRow) -> bool {
        let after = self.outer_chain(at);
        let calls = |names: &[Name]| {
            let mut called = after.iter().filter_map(|call| self.call_name(*call));
            called.any(|name| names.contains(name))
        };
        calls(&row.stream_chain) && !calls(&row.collect_chain)
    }

    /// Whether the options of a call are not all in sight: a spread of something unknown, or an argument that is no literal.
    fn options_hidden(&self, at: CallAt) -> bool {
        let first = self.call(at).args.first();
        first.is_some_and(|arg| arg.spread || self.is_hidden(at.node(arg.value), 0))
    }

    fn is_hidden(&self, options: Node, depth: u32) -> bool {
        let Target::Object(node) = self.resolve(options) else {
            return true;
        };
        if self.is_changed(options) {
            return true;
        }
        match self.module(node.file).kind(node.value) {
            ValueKind::Object(_) if self.is_changed(node) => true,
            ValueKind::Object(entries) => entries.iter().any(|entry| match entry {
                Entry::Spread(value) => depth > 4 || self.is_hidden(node.with(*value), depth + 1),
                _ => false,
            }),
            ValueKind::Literal(_) | ValueKind::Function(_) | ValueKind::Text(_) => false,
            _ => true,
        }
    }
}
