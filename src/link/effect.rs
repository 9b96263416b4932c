//! Effects: what a call does to the world, or reads from a store.

use super::Program;
use super::facts::Facts;
use super::node::{CallAt, Node, Target};
use super::sql;
use crate::model::{Entry, Literal, Name, ValueId, ValueKind};
use crate::vocabulary::EffectRow;
use crate::vocabulary::Match;

/// How many calls of a chain are looked at.
const CHAIN: usize = 60;
/// Of how many pieces a statement may be put together,
const PIECES: u32 = 1_000;
/// and how long it may get.
const LONGEST: usize = 100_000;

/// An effect of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// `db-read`, `db-write`, `mail-send`, ...
    pub kind: Name,
    /// The call.
    pub at: CallAt,
    /// The table, model or collection, as it is named in the code.
    pub table: Option<Name>,
    /// It yields a list of rows.
    pub many: bool,
    /// Known by the name of the call alone.
    pub guess: bool,
}

/// An effect and what is proven where it happens.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The effect.
    pub effect: Effect,
    /// What holds there.
    pub facts: Facts,
    /// The call through which the function reaches it; the effect's own call where it is direct.
    pub via: CallAt,
}

/// A statement that is being put together.
struct SqlText {
    text: String,
    spliced: Vec<Node>,
    pieces: u32,
}

impl Program<'_> {
    /// The effect of a call.
    #[must_use]
    pub fn effect(&self, at: CallAt) -> Option<Effect> {
        if let Some(known) = self.effects.borrow().get(&at) {
            return known.clone();
        }
        let effect = self.read_effect(at).map(|(effect, _)| effect);
        self.effects.borrow_mut().insert(at, effect.clone());
        effect
    }

    /// The effect of a call with the row that says so.
    #[must_use]
    pub fn read_effect(&self, at: CallAt) -> Option<(Effect, Match<'_, EffectRow>)> {
        let path = self.callee_path(at)?;
        let matched = self
            .vocabulary
            .effects
            .find(&path)
            .find(|m| self.holds(at, &m.row.when))?;
        let row = matched.row;
        let mut effect = Effect {
            kind: row.kind.clone(),
            at,
            table: row
                .table
                .as_deref()
                .and_then(|table| self.table(at, table, &matched.captures)),
            many: row.many,
            guess: row.guess,
        };
        if let Some(position) = &row.sql {
            let text = self
                .at_position(at, position)
                .into_iter()
                .find_map(|node| self.sql_text(node));
            if let Some(statement) = text.as_deref().and_then(sql::Statement::read) {
                effect.kind = Name::new_static(if statement.writes {
                    "db-write"
                } else {
                    "db-read"
                });
                effect.table = statement.table;
                effect.many = row.many && !statement.writes;
            }
        }
        let writes = self.chained(at).any(|name| row.write_chain.contains(&name));
        if writes {
            effect.kind = Name::new_static("db-write");
            effect.many = false;
        }
        Some((effect, matched))
    }

    /// The names of the calls on the chain around a call: those it is made on, and those that are made on its result.
    pub(super) fn chained(&self, at: CallAt) -> impl Iterator<Item = Name> {
        let mut around = self.chain(at);
        around.extend(self.outer_chain(at));
        around
            .into_iter()
            .filter_map(|call| self.call_name(call).cloned())
    }

    /// The calls that are made on the result of a call, and on theirs: `d` and `e` of `c().d().e()` for `c`.
    #[must_use]
    pub fn outer_chain(&self, at: CallAt) -> Vec<CallAt> {
        let mut found = Vec::new();
        let mut next = vec![at];
        while let Some(call) = next.pop()
            && found.len() < CHAIN
        {
            let on = self.index.called_on(call.node(self.call(call).value));
            found.extend_from_slice(on);
            next.extend_from_slice(on);
        }
        found
    }

    fn table(&self, at: CallAt, place: &str, captures: &[Name]) -> Option<Name> {
        if let Some(n) = place.strip_prefix('*') {
            let n: usize = n.parse().ok()?;
            return captures.get(n.checked_sub(1)?).cloned();
        }
        if place == "root" {
            return self.root(at);
        }
        if place == "this" {
            let receiver = at.node(self.call(at).receiver?);
            return self.made_with(receiver);
        }
        let position = crate::vocabulary::position::Position::parse(place).ok()?;
        let node = self.at_position(at, &position).into_iter().next()?;
        self.string(node).or_else(|| self.named(node))
    }

    /// What a receiver's chain begins with: `posts` of `posts::table.filter(..)`, whose last segment is the same for every table.
    fn root(&self, at: CallAt) -> Option<Name> {
        let last = self.chain(at).last().copied().unwrap_or(at);
        let node = last.node(self.call(last).receiver?);
        match self.module(node.file).kind(node.value) {
            ValueKind::Path(segments) => segments.iter().rev().nth(1).cloned(),
            _ => None,
        }
    }

    /// The first text argument of the call that made a value, else the name it is known by: `model("User", ..)`.
    fn made_with(&self, node: Node) -> Option<Name> {
        let mut next = vec![node];
        for _ in 0..12 {
            let node = next.pop()?;
            if let crate::model::ValueKind::Call(call) = self.module(node.file).kind(node.value) {
                let at = CallAt {
                    file: node.file,
                    call: *call,
                };
                if let Some(text) = self
                    .call(at)
                    .args
                    .first()
                    .and_then(|arg| self.string(at.node(arg.value)))
                {
                    return Some(text);
                }
            }
            next.extend(self.follow(node).first().copied());
        }
        None
    }

    /// The name of a table object: the identifier it is imported, declared or accessed by.
    #[must_use]
    pub fn named(&self, node: Node) -> Option<Name> {
        let module = self.module(node.file);
        match module.kind(node.value) {
            crate::model::ValueKind::Member { name, .. }
            | crate::model::ValueKind::Global(name) => Some(name.clone()),
            crate::model::ValueKind::Import(id) => Some(module.import(*id).local.clone()),
            crate::model::ValueKind::Path(segments) => segments.last().cloned(),
            _ => self.made_with(node),
        }
    }

    /// The text of a SQL argument.
    #[must_use]
    pub fn sql_text(&self, node: Node) -> Option<String> {
        self.sql_parts(node).map(|(text, _)| text)
    }

    /// The text of a SQL argument with [`sql::SPLICED`] for what is interpolated, and what that is, in order.
    #[must_use]
    pub fn sql_parts(&self, node: Node) -> Option<(String, Vec<Node>)> {
        let mut text = SqlText {
            text: String::new(),
            spliced: Vec::new(),
            pieces: PIECES,
        };
        self.add_sql(node, &mut text)
            .then_some((text.text, text.spliced))
    }

    /// Adds the text of a value; false if it is none, or one too many.
    fn add_sql(&self, node: Node, into: &mut SqlText) -> bool {
        let Target::Object(at) = self.resolve(node) else {
            return false;
        };
        if into.pieces == 0 || into.text.len() > LONGEST {
            return false;
        }
        into.pieces -= 1;
        let mut add = |value: ValueId| {
            if !self.add_sql(at.with(value), into) {
                into.text.push(sql::SPLICED);
                into.spliced.push(at.with(value));
            }
        };
        match self.module(at.file).kind(at.value) {
            ValueKind::Literal(Literal::Str(literal)) => into.text.push_str(literal),
            ValueKind::Text(parts) => parts.iter().copied().for_each(add),
            ValueKind::Binary { op, left, right } if op == "+" => {
                add(*left);
                add(*right);
            }
            ValueKind::Object(entries) => {
                let mut fields = entries.iter().filter_map(|entry| match entry {
                    Entry::Field { key, value, .. } if key == "text" || key == "sql" => {
                        Some(*value)
                    }
                    _ => None,
                });
                return fields.any(|value| self.add_sql(at.with(value), into));
            }
            _ => return false,
        }
        true
    }

    /// Adds the effects of a call: its own, or those of the project function that it runs.
    pub(super) fn hits(&self, at: CallAt, facts: &Facts, into: &mut Vec<Hit>, most: usize) {
        if let Some(effect) = self.effect(at) {
            add(
                into,
                Hit {
                    effect,
                    facts: facts.clone(),
                    via: at,
                },
                most,
            );
            return;
        }
        let Some(func) = self.callee_function(at) else {
            return;
        };
        for hit in &self.summary(func).effects {
            let inside = Hit {
                effect: hit.effect.clone(),
                facts: facts.clone().and(&hit.facts),
                via: at,
            };
            add(into, inside, most);
        }
    }
}

/// Adds an effect; one that is reached on two ways holds what both hold.
fn add(into: &mut Vec<Hit>, hit: Hit, most: usize) {
    if let Some(known) = into.iter_mut().find(|known| known.effect == hit.effect) {
        known.facts = std::mem::take(&mut known.facts).meet(&hit.facts);
    } else if into.len() < most {
        into.push(hit);
    }
}
