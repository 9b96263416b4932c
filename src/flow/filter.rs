//! Filters that code writes as objects and expressions, as trees.

use crate::link::Program;
use crate::link::filter::{Compared, Filter, How};
use crate::link::node::{CallAt, Node, Target};
use crate::model::{Entry, Item, Literal, LogicalOp, Name, ValueKind};
use crate::vocabulary::{Operator, OperatorRow};
use smol_str::format_smolstr;

/// How deep a filter is looked into,
const DEPTH: u32 = 12;
/// and of how many values it may consist.
const PIECES: u32 = 400;

/// A column as it is named.
struct Column {
    of: Option<Name>,
    name: Name,
}

/// Reads one filter.
pub(super) struct Reader<'r, 'p> {
    program: &'r Program<'p>,
    pieces: u32,
}

impl<'r, 'p> Reader<'r, 'p> {
    pub(super) fn new(program: &'r Program<'p>) -> Self {
        Self {
            program,
            pieces: PIECES,
        }
    }

    /// What a value lets through as a filter: an object of columns, or an expression.
    pub(super) fn filter(&mut self, node: Node, depth: u32) -> Filter {
        if self.is_spent(depth) || self.program.is_changed(node) {
            return Filter::Hidden;
        }
        if let Some(ways) = self.ways(node) {
            return Filter::Any(ways.into_iter().map(|way| self.way(way, depth)).collect());
        }
        let program = self.program;
        let Target::Object(at) = program.resolve(node) else {
            return program
                .follow_to_call(node)
                .map_or(Filter::Hidden, |call| self.call(call, depth + 1));
        };
        match program.module(at.file).kind(at.value) {
            ValueKind::Literal(Literal::Null | Literal::Undefined | Literal::Bool(_)) => {
                Filter::Open
            }
            ValueKind::Object(_) | ValueKind::List(_) if program.is_changed(at) => Filter::Hidden,
            ValueKind::Object(entries) => Filter::All(
                entries
                    .iter()
                    .map(|entry| self.entry(at, entry, depth + 1))
                    .collect(),
            ),
            ValueKind::List(items) => Filter::Any(self.items(at, items, depth)),
            _ => Filter::Hidden,
        }
    }

    /// What a chained call of a query lets through.
    pub(super) fn chained(&mut self, at: CallAt) -> Filter {
        if self.operator(at).is_some() {
            return self.call(at, 0);
        }
        let args: Vec<Node> = self.arguments(at);
        match args.as_slice() {
            [] => Filter::Open,
            [only] => self.filter(*only, 1),
            _ => Filter::Hidden,
        }
    }

    fn is_spent(&mut self, depth: u32) -> bool {
        let spent = self.pieces == 0 || depth > DEPTH;
        self.pieces = self.pieces.saturating_sub(1);
        spent
    }

    /// The values that may stand for a value, where it is one of several; `None` in the list is "nothing".
    fn ways(&self, node: Node) -> Option<Vec<Option<Node>>> {
        let here = |value| Some(node.with(value));
        match self.program.module(node.file).kind(node.value) {
            ValueKind::Join(all) | ValueKind::Cell(all) => {
                Some(all.iter().map(|value| here(*value)).collect())
            }
            ValueKind::Logical {
                op: LogicalOp::And,
                right,
                ..
            } => Some(vec![None, here(*right)]),
            ValueKind::Logical { left, right, .. } => Some(vec![here(*left), here(*right)]),
            ValueKind::Param { .. } => {
                let given = self.program.follow(node);
                (given.len() > 1).then(|| given.into_iter().map(Some).collect())
            }
            _ => None,
        }
    }

    fn way(&mut self, way: Option<Node>, depth: u32) -> Filter {
        way.map_or(Filter::Open, |node| self.filter(node, depth + 1))
    }

    /// The filters of a list's elements; a list that grows elsewhere is not in sight.
    fn items(&mut self, at: Node, items: &[Item], depth: u32) -> Vec<Filter> {
        if items.is_empty() || items.iter().any(|item| item.spread) {
            return vec![Filter::Hidden];
        }
        items
            .iter()
            .map(|item| self.filter(at.with(item.value), depth + 1))
            .collect()
    }

    /// The filters that a key such as "and" joins: a list of them, or one.
    fn joined(&mut self, node: Node, depth: u32) -> Vec<Filter> {
        if self.program.is_changed(node) {
            return vec![Filter::Hidden];
        }
        if let Target::Object(at) = self.program.resolve(node)
            && let ValueKind::List(items) = self.program.module(at.file).kind(at.value)
        {
            if self.program.is_changed(at) {
                return vec![Filter::Hidden];
            }
            return self.items(at, items, depth);
        }
        vec![self.filter(node, depth + 1)]
    }

    fn entry(&mut self, at: Node, entry: &Entry, depth: u32) -> Filter {
        match entry {
            Entry::Spread(value) => self.filter(at.with(*value), depth),
            Entry::Field { value, .. } | Entry::Computed { value, .. } => {
                let value = at.with(*value);
                match self.key(at, entry).map(|row| row.means) {
                    Some(Operator::All) => Filter::All(self.joined(value, depth)),
                    Some(Operator::Any) => Filter::Any(self.joined(value, depth)),
                    Some(Operator::Open) => Filter::Open,
                    _ => match self.written_key(at, entry) {
                        Some(name) => self.column(&Column { of: None, name }, value, depth),
                        None => Filter::Hidden,
                    },
                }
            }
        }
    }

    /// What the vocabulary says of a key.
    fn key(&self, at: Node, entry: &Entry) -> Option<&'r OperatorRow> {
        let operators = &self.program.vocabulary.operators;
        match entry {
            Entry::Field { key, .. } => operators
                .find(&format!("filter::{key}"))
                .next()
                .map(|m| m.row),
            Entry::Computed { key, .. } => {
                let target = self.program.resolve(at.with(*key));
                operators.find(target.path()?).next().map(|m| m.row)
            }
            Entry::Spread(_) => None,
        }
    }

    fn written_key(&self, at: Node, entry: &Entry) -> Option<Name> {
        match entry {
            Entry::Field { key, .. } => Some(key.clone()),
            Entry::Computed { key, .. } => self.program.string(at.with(*key)),
            Entry::Spread(_) => None,
        }
    }

    /// A column is compared with a value, or with what an object of operators says.
    fn column(&mut self, column: &Column, value: Node, depth: u32) -> Filter {
        if self.is_spent(depth) {
            return Filter::Hidden;
        }
        if let Some(ways) = self.ways(value) {
            let way = |way: Option<Node>| {
                way.map_or(Filter::Open, |node| self.column(column, node, depth + 1))
            };
            return Filter::Any(ways.into_iter().map(way).collect());
        }
        let program = self.program;
        let compared = |how, constant| comparison(column, how, constant);
        match program.resolve(value) {
            Target::Object(at) => match program.module(at.file).kind(at.value) {
                ValueKind::Literal(Literal::Null | Literal::Undefined) => Filter::Open,
                ValueKind::Literal(_) => compared(How::Equal, true),
                ValueKind::List(_) => compared(How::OneOf, self.are_constant(&[at])),
                ValueKind::Object(entries) => self.operators(column, at, entries, depth),
                _ => compared(How::Equal, false),
            },
            Target::Function(_) | Target::Module(_) => Filter::Hidden,
            _ => {
                let call = program.follow_to_call(value);
                match call.and_then(|at| Some((at, self.operator(at)?))) {
                    Some((at, row)) if row.column.is_none() => self.means(row, Some(column), at),
                    _ => compared(How::Equal, false),
                }
            }
        }
    }

    /// `{ in: ids, not: null }` below a column, or the filter of the rows that it leads to.
    fn operators(&mut self, column: &Column, at: Node, entries: &[Entry], depth: u32) -> Filter {
        if self.program.is_changed(at) {
            return Filter::Hidden;
        }
        if !entries.iter().any(|entry| self.key(at, entry).is_some()) {
            let inner = entries
                .iter()
                .map(|entry| self.entry(at, entry, depth + 1))
                .collect();
            return Filter::Related(column.name.clone(), Box::new(Filter::All(inner)));
        }
        let each = |entry: &Entry| {
            let (Entry::Field { value, .. } | Entry::Computed { value, .. }) = entry else {
                return Filter::Hidden;
            };
            let value = at.with(*value);
            match self.key(at, entry).map(|row| row.means) {
                Some(Operator::Equal) => self.column(column, value, depth + 1),
                Some(Operator::OneOf) => {
                    comparison(column, How::OneOf, self.are_constant(&[value]))
                }
                Some(Operator::Range) => {
                    comparison(column, How::Range, self.are_constant(&[value]))
                }
                Some(Operator::Pattern) => {
                    comparison(column, How::Pattern, self.are_constant(&[value]))
                }
                Some(Operator::All) => {
                    let inner = self.filter(value, depth + 1);
                    Filter::Related(column.name.clone(), Box::new(inner))
                }
                Some(Operator::Any) => Filter::Hidden,
                Some(Operator::Open) | None => Filter::Open,
            }
        };
        Filter::All(entries.iter().map(each).collect())
    }

    /// What a call in a filter means: the row for its callee, else that for its name.
    fn operator(&self, at: CallAt) -> Option<&'r OperatorRow> {
        let program = self.program;
        let operators = &program.vocabulary.operators;
        let row = |path: &str| {
            let mut found = operators.find(path).map(|m| m.row);
            found.find(|row| program.holds(at, &row.when))
        };
        let callee = program.callee_path(at).and_then(|path| row(&path));
        callee.or_else(|| row(&format_smolstr!("chain::{}", program.call_name(at)?)))
    }

    fn call(&mut self, at: CallAt, depth: u32) -> Filter {
        if self.is_spent(depth) {
            return Filter::Hidden;
        }
        let program = self.program;
        let Some(row) = self.operator(at) else {
            if program.callee_function(at).is_none() {
                return Filter::Hidden;
            }
            let made = program.follow(at.node(program.call(at).value));
            return match made.as_slice() {
                [] => Filter::Hidden,
                _ => Filter::Any(
                    made.into_iter()
                        .map(|node| self.filter(node, depth + 1))
                        .collect(),
                ),
            };
        };
        match row.means {
            Operator::All | Operator::Any => {
                let mut parts = self.arguments(at);
                let receiver = program.call(at).receiver.map(|value| at.node(value));
                let joins = |node: &Node| {
                    program
                        .follow_to_call(*node)
                        .is_some_and(|call| self.operator(call).is_some())
                };
                parts.extend(receiver.filter(joins));
                if program.call(at).args.iter().any(|arg| arg.spread) {
                    return Filter::Hidden;
                }
                let parts: Vec<Filter> = parts
                    .into_iter()
                    .flat_map(|node| self.joined(node, depth + 1))
                    .collect();
                if row.means == Operator::All {
                    Filter::All(parts)
                } else {
                    Filter::Any(parts)
                }
            }
            Operator::Open => Filter::Open,
            _ => {
                let position = row.column.as_ref();
                let column = position
                    .and_then(|position| program.at_position(at, position).into_iter().next())
                    .and_then(|node| self.named(node));
                self.means(row, column.as_ref(), at)
            }
        }
    }

    /// What a comparison by a call means.
    fn means(&mut self, row: &OperatorRow, column: Option<&Column>, at: CallAt) -> Filter {
        let program = self.program;
        let mut means = row.means;
        if let Some(sign) = &row.sign {
            let sign = program
                .at_position(at, sign)
                .into_iter()
                .find_map(|node| program.string(node));
            let known = sign.and_then(|sign| {
                program
                    .vocabulary
                    .operators
                    .find(&format!("filter::{sign}"))
                    .next()
            });
            let Some(known) = known else {
                return Filter::Hidden;
            };
            means = known.row.means;
        }
        let values: Vec<Node> = row
            .value
            .iter()
            .flat_map(|position| program.at_position(at, position))
            .collect();
        let how = match means {
            Operator::Equal => How::Equal,
            Operator::OneOf => How::OneOf,
            Operator::Range => How::Range,
            Operator::Pattern => How::Pattern,
            Operator::Open => return Filter::Open,
            Operator::All | Operator::Any => return Filter::Hidden,
        };
        match (column, values.as_slice()) {
            (Some(column), [value]) if how == How::Equal => self.column(column, *value, 1),
            (Some(column), _) => comparison(column, how, self.are_constant(&values)),
            (None, _) => Filter::Hidden,
        }
    }

    fn arguments(&self, at: CallAt) -> Vec<Node> {
        let args = self.program.call(at).args.iter();
        args.map(|arg| at.node(arg.value)).collect()
    }

    /// The column that a value names: a text, a member of a table, a path.
    fn named(&self, node: Node) -> Option<Column> {
        let whole = |text: &str| match text.rsplit_once('.') {
            Some((of, name)) => Column {
                of: of.rsplit('.').next().map(Name::from),
                name: name.into(),
            },
            None => Column {
                of: None,
                name: text.into(),
            },
        };
        match self.program.module(node.file).kind(node.value) {
            ValueKind::Member { base, name, .. } => Some(Column {
                of: self.program.named(node.with(*base)),
                name: name.clone(),
            }),
            ValueKind::Path(segments) => segments.last().map(|name| whole(name)),
            ValueKind::Import(_) | ValueKind::Global(_) => {
                self.program.named(node).map(|name| whole(&name))
            }
            _ => self.program.string(node).map(|text| whole(&text)),
        }
    }

    /// Whether values are written as constants, also behind names: texts, numbers, and lists of them.
    fn are_constant(&self, values: &[Node]) -> bool {
        !values.is_empty()
            && values.iter().all(|node| {
                let Target::Object(at) = self.program.resolve(*node) else {
                    return false;
                };
                match self.program.module(at.file).kind(at.value) {
                    ValueKind::Literal(_) => true,
                    ValueKind::List(items) => {
                        let literal = |item: &Item| {
                            let target = self.program.resolve(at.with(item.value));
                            matches!(target, Target::Object(of) if matches!(self.program.module(of.file).kind(of.value), ValueKind::Literal(_)))
                        };
                        !items.is_empty() && !self.program.is_changed(at) && items.iter().all(|item| !item.spread && literal(item))
                    }
                    _ => false,
                }
            })
    }
}

fn comparison(column: &Column, how: How, constant: bool) -> Filter {
    Filter::Column(Compared {
        column: column.name.clone(),
        of: column.of.clone(),
        how,
        constant,
    })
}
