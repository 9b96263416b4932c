//! Whether the number of rows that a query yields is bounded.

use crate::link::Program;
use crate::link::effect::Effect;
use crate::link::node::{CallAt, Node, Target};
use crate::link::sql::{Count, Statement};
use crate::model::{Entry, Literal, Name, ValueKind};
use crate::vocabulary::EffectRow;
use crate::vocabulary::position::Root;

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
        let filters: Vec<Node> = row
            .filter
            .iter()
            .flat_map(|position| self.at_position(at, position))
            .collect();
        let mut keys = Vec::new();
        for filter in filters {
            match self.filter_keys(filter) {
                Some(found) => keys.extend(found),
                None => return Bound::Unknown,
            }
        }
        for call in around.iter().filter(|call| {
            self.call_name(**call)
                .is_some_and(|name| row.filter_chain.contains(name))
        }) {
            let compared = self
                .call(*call)
                .args
                .iter()
                .any(|arg| self.names_key(call.node(arg.value), 0));
            keys.push(Name::new_static(if compared { "id" } else { "?" }));
        }
        if around.iter().any(|call| self.selects_aggregates(*call)) {
            return Bound::Yes;
        }
        if row.limited || keys.iter().any(|key| matches!(key.as_str(), "id" | "_id")) {
            Bound::Yes
        } else {
            Bound::No(keys)
        }
    }

    /// Whether a filter expression compares a unique key: `eq(books.id, id)`.
    fn names_key(&self, node: Node, depth: u32) -> bool {
        let module = self.module(node.file);
        match module.kind(node.value) {
            ValueKind::Member { name, .. } => matches!(name.as_str(), "id" | "_id"),
            ValueKind::Call(call) if depth < 4 => {
                let at = CallAt {
                    file: node.file,
                    call: *call,
                };
                self.call(at)
                    .args
                    .iter()
                    .any(|arg| self.names_key(at.node(arg.value), depth + 1))
            }
            _ => false,
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
        let unique = |column: &Name| column == "id" || column == "uuid";
        if statement.writes || statement.aggregate || statement.filtered_by.iter().any(unique) {
            return Bound::Yes;
        }
        if statement.limited {
            let number = match &statement.count {
                Some(Count::Spliced(nth)) => spliced.get(*nth).copied(),
                Some(Count::Bound(nth)) => self.bound_values(at, row).get(*nth).copied(),
                Some(Count::Named(name)) => self.bound_by_name(at, row, name),
                Some(Count::Written) | None => None,
            };
            return number.map_or(Bound::Yes, |number| self.limit_bound(number));
        }
        if statement.filtered && statement.filtered_by.is_empty() {
            return Bound::No(vec![Name::new_static("?")]);
        }
        Bound::No(statement.filtered_by.clone())
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
        match self.module(node.file).kind(node.value) {
            ValueKind::Object(entries) => entries.iter().any(|entry| match entry {
                Entry::Spread(value) => depth > 4 || self.is_hidden(node.with(*value), depth + 1),
                _ => false,
            }),
            ValueKind::Literal(_) | ValueKind::Function(_) | ValueKind::Text(_) => false,
            _ => true,
        }
    }

    /// The columns of a filter object; `None` where it is not in sight.
    fn filter_keys(&self, filter: Node) -> Option<Vec<Name>> {
        let Target::Object(node) = self.resolve(filter) else {
            return None;
        };
        match self.module(node.file).kind(node.value) {
            ValueKind::Object(entries) => entries
                .iter()
                .filter(|entry| !self.passes_many(node, entry))
                .map(|entry| match entry {
                    Entry::Field { key, .. } => Some(key.clone()),
                    Entry::Computed { .. } => Some(Name::new_static("?")),
                    Entry::Spread(_) => None,
                })
                .collect(),
            ValueKind::Literal(Literal::Null | Literal::Undefined) => Some(Vec::new()),
            _ => None,
        }
    }

    /// Whether an entry of a filter is one that any number of rows pass: `age: { $gt: 3 }`, `name: { [Op.like]: text }`.
    fn passes_many(&self, filter: Node, entry: &Entry) -> bool {
        let Entry::Field { value, .. } = entry else {
            return false;
        };
        let ValueKind::Object(tests) = self.module(filter.file).kind(*value) else {
            return false;
        };
        let names = &self.vocabulary.names;
        let open = |test: &Entry| match test {
            Entry::Field { key, .. } => key.starts_with('$') && names.matches("open-operator", key),
            Entry::Computed { key, .. } => match self.module(filter.file).kind(*key) {
                ValueKind::Member { name, .. } => names.matches("open-operator", name),
                _ => false,
            },
            Entry::Spread(_) => false,
        };
        !tests.is_empty() && tests.iter().all(open)
    }
}
