//! Whether the number of rows that a query yields is bounded.

use super::filter::Reader;
use crate::link::Program;
use crate::link::effect::Effect;
use crate::link::filter::Filter;
use crate::link::node::{CallAt, Node, Target};
use crate::link::sql::Statement;
use crate::model::{Comparison, Entry, Name, ValueKind};
use crate::vocabulary::EffectRow;
use crate::vocabulary::position::Root;

/// How far the making of a limit is looked back.
const DEPTH: u32 = 24;

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
        if around.iter().any(parts) {
            return Bound::Unknown;
        }
        if let Some(position) = &row.sql {
            let node = self.at_position(at, position).into_iter().next();
            let text = node.and_then(|node| self.sql_text(node));
            if let Some(statement) = text.as_deref().and_then(Statement::read) {
                return self.statement_bound(at, &statement, row);
            }
            return Bound::Unknown;
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
        self.left_by(&Filter::All(parts), effect.table.as_ref())
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

    fn statement_bound(&self, _at: CallAt, statement: &Statement, _row: &EffectRow) -> Bound {
        if statement.writes || statement.limited || statement.aggregate {
            return Bound::Yes;
        }
        if statement.grouped || statement.put_together {
            return Bound::Unknown;
        }
        self.left_by(&statement.filter, statement.table.as_ref())
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
            ValueKind::Object(_) if self.is_changed(node) => true,
            ValueKind::Object(entries) => entries.iter().any(|entry| match entry {
                Entry::Spread(value) => depth > 4 || self.is_hidden(node.with(*value), depth + 1),
                _ => false,
            }),
            ValueKind::Literal(_) | ValueKind::Function(_) | ValueKind::Text(_) => false,
            _ => true,
        }
    }

    /// What a limit is worth.
    fn limit_bound(&self, limit: Node) -> Bound {
        if !self.origins(limit).from_request() || self.has_upper_bound(limit, 0) {
            Bound::Yes
        } else {
            Bound::Request
        }
    }

    /// Whether a number passes an upper bound on its way: `Math.min`, a schema, a comparison.
    fn has_upper_bound(&self, node: Node, depth: u32) -> bool {
        if depth > DEPTH || self.compared_above(node) {
            return true;
        }
        let module = self.module(node.file);
        match module.kind(node.value) {
            ValueKind::Call(call) => {
                let at = CallAt {
                    file: node.file,
                    call: *call,
                };
                let Some(path) = self.callee_path(at) else {
                    return self
                        .follow(node)
                        .iter()
                        .any(|next| self.has_upper_bound(*next, depth + 1));
                };
                let bounds = self
                    .vocabulary
                    .barriers
                    .find(&path)
                    .any(|barrier| barrier.row.kind == "upper-bound");
                let known = bounds || self.vocabulary.validators.contains(&path);
                let call = self.call(at);
                let parts = call.args.iter().map(|arg| arg.value).chain(call.receiver);
                known
                    || parts
                        .into_iter()
                        .any(|value| self.has_upper_bound(at.node(value), depth + 1))
            }
            ValueKind::Join(all) => {
                // A branch on the size chose between the values.
                all.iter()
                    .any(|value| self.compared_above(node.with(*value)))
                    || all
                        .iter()
                        .any(|value| self.has_upper_bound(node.with(*value), depth + 1))
            }
            ValueKind::Member { base, name, .. }
                if self.schema_bounds(node.with(*base), name).is_some() =>
            {
                self.schema_bounds(node.with(*base), name).unwrap_or(true)
            }
            ValueKind::Member { base, .. } => {
                let through = self.follow(node);
                if through.is_empty() {
                    return self.has_upper_bound(node.with(*base), depth + 1);
                }
                through
                    .iter()
                    .any(|next| self.has_upper_bound(*next, depth + 1))
            }
            ValueKind::Param { .. } | ValueKind::Import(_) | ValueKind::Path(_) => {
                let through = self.follow(node);
                through
                    .iter()
                    .any(|next| self.has_upper_bound(*next, depth + 1))
            }
            other => other
                .children()
                .into_iter()
                .any(|value| self.has_upper_bound(node.with(value), depth + 1)),
        }
    }

    /// Whether the schema that data was checked with bounds a field from above; `None` where there is no such schema, or it is
    /// not in sight.
    fn schema_bounds(&self, checked: Node, field: &str) -> Option<bool> {
        let at = self.follow_to_call(checked)?;
        let path = self.callee_path(at)?;
        let schemas: Vec<Node> = self
            .vocabulary
            .validators
            .find(&path)
            .filter_map(|validator| validator.row.schema.as_ref())
            .flat_map(|position| self.at_position(at, position))
            .collect();
        let definition = self.follow_to_call(*schemas.first()?)?;
        let mut calls = vec![definition];
        calls.extend(self.builder_chain(definition));
        let fields = calls.iter().flat_map(|call| {
            self.call(*call)
                .args
                .first()
                .map(|arg| call.node(arg.value))
        });
        let field = fields
            .flat_map(|object| self.member_nodes(&self.resolve(object), field))
            .next()?;
        let last = self.follow_to_call(field)?;
        let mut steps = vec![last];
        steps.extend(self.builder_chain(last));
        Some(steps.into_iter().any(|step| {
            let path = self.callee_path(step).unwrap_or_default();
            self.vocabulary
                .barriers
                .find(&path)
                .any(|b| matches!(b.row.kind.as_str(), "upper-bound" | "allow-list"))
        }))
    }

    /// Whether a value is compared with `>` or the like anywhere in its file.
    fn compared_above(&self, node: Node) -> bool {
        let module = self.module(node.file);
        module.values.iter().any(|value| match &value.kind {
            ValueKind::Compare { op, left, right } => {
                let above = matches!(
                    op,
                    Comparison::Gt | Comparison::Ge | Comparison::Lt | Comparison::Le
                );
                above && (*left == node.value || *right == node.value)
            }
            _ => false,
        })
    }
}
