//! What stands at a position of a call, and whether a row's conditions hold there.

use super::Program;
use super::node::{CallAt, Func, Node, Target};
use crate::model::{Call, Literal, Name, ValueKind};
use crate::vocabulary::position::{PathStep, Position, Root, Test, When};

/// How many links of a receiver chain are looked at.
const CHAIN: usize = 60;

impl Program<'_> {
    /// The values at a position of a call. Empty where nothing stands there, or where it cannot be seen.
    #[must_use]
    pub fn at_position(&self, at: CallAt, position: &Position) -> Vec<Node> {
        let call = self.call(at);
        let args = |range: &[crate::model::Arg]| {
            range
                .iter()
                .map(|arg| at.node(arg.value))
                .collect::<Vec<_>>()
        };
        let roots = match &position.root {
            Root::This => call
                .receiver
                .map(|value| at.node(value))
                .into_iter()
                .collect(),
            Root::Return | Root::Returns | Root::Link | Root::Value => vec![at.node(call.value)],
            Root::Type => Vec::new(),
            Root::Arg(n) => args(call.args.get(*n..=*n).unwrap_or_default()),
            Root::ArgLast => args(
                call.args
                    .last()
                    .map(std::slice::from_ref)
                    .unwrap_or_default(),
            ),
            Root::ArgAll => args(&call.args),
            Root::ArgsFrom(n) => args(call.args.get(*n..).unwrap_or_default()),
            Root::Chain { name, arg } => self.chain_argument(at, name, *arg).into_iter().collect(),
        };
        position.steps.iter().fold(roots, |nodes, step| {
            nodes
                .iter()
                .flat_map(|node| self.step_into(*node, step))
                .collect()
        })
    }

    /// One step into a value: the values that it leads to.
    fn step_into(&self, node: Node, step: &PathStep) -> Vec<Node> {
        match step {
            PathStep::Key(key) => self.member_nodes(&self.resolve(node), key),
            PathStep::Element => self.elements(node),
            PathStep::Param(n) => match self.resolve(node) {
                Target::Function(func) => self.param_node(func, *n).into_iter().collect(),
                _ => Vec::new(),
            },
            PathStep::Return => match self.resolve(node) {
                Target::Function(func) => self.returns(func),
                _ => Vec::new(),
            },
        }
    }

    /// The value of a function's parameter.
    #[must_use]
    pub fn param_node(&self, func: Func, index: usize) -> Option<Node> {
        let param = self.function(func).params.get(index)?;
        Some(Node {
            file: func.file,
            value: param.value,
        })
    }

    /// Whether an object or list is changed after it was made: a part of it is written, or a method is called on it.
    #[must_use]
    pub fn is_changed(&self, node: Node) -> bool {
        let mut node = node;
        for _ in 0..4 {
            let kind = self.module(node.file).kind(node.value);
            let made = matches!(
                kind,
                ValueKind::Object(_) | ValueKind::List(_) | ValueKind::Cast { .. }
            );
            if self.index.is_written_into(node) || made && !self.index.called_on(node).is_empty() {
                return true;
            }
            let ValueKind::Cast { value, .. } = kind else {
                return false;
            };
            node = node.with(*value);
        }
        false
    }

    /// The elements of a list literal, also behind names.
    #[must_use]
    pub fn elements(&self, node: Node) -> Vec<Node> {
        let Target::Object(at) = self.resolve(node) else {
            return Vec::new();
        };
        match self.module(at.file).kind(at.value) {
            ValueKind::List(items) => items.iter().map(|item| at.with(item.value)).collect(),
            _ => Vec::new(),
        }
    }

    /// The calls on whose results a call is made: `c`, `b` and `a` of `a().b().c()`, the nearest first, without the call itself.
    #[must_use]
    pub fn chain(&self, at: CallAt) -> Vec<CallAt> {
        let mut found = Vec::new();
        let mut next = self.call(at).receiver.map(|value| at.node(value));
        while let Some(node) = next
            && found.len() < CHAIN
        {
            let (module, kind) = (
                self.module(node.file),
                self.module(node.file).kind(node.value),
            );
            next = match kind {
                ValueKind::Call(id) => {
                    found.push(CallAt {
                        file: node.file,
                        call: *id,
                    });
                    module.call(*id).receiver.map(|value| node.with(value))
                }
                ValueKind::Await(inner)
                | ValueKind::Unwrap(inner)
                | ValueKind::Cast { value: inner, .. } => Some(node.with(*inner)),
                ValueKind::Member { base, .. } => Some(node.with(*base)),
                _ => None,
            };
        }
        found
    }

    /// The last word of what a call names: `findMany` of `prisma.user.findMany()`.
    #[must_use]
    pub fn call_name(&self, at: CallAt) -> Option<&Name> {
        let module = self.module(at.file);
        match module.kind(module.call(at.call).callee) {
            ValueKind::Member { name, .. } | ValueKind::Global(name) => Some(name),
            ValueKind::Path(segments) => segments.last(),
            ValueKind::Import(id) => Some(&module.import(*id).local),
            ValueKind::Function(id) => module.function(*id).name.as_ref(),
            _ => None,
        }
    }

    fn chain_argument(&self, at: CallAt, name: &str, arg: usize) -> Option<Node> {
        let call = self
            .chain(at)
            .into_iter()
            .find(|call| self.call_name(*call).is_some_and(|own| own == name))?;
        self.call(call)
            .args
            .get(arg)
            .map(|arg| call.node(arg.value))
    }

    /// Whether the conditions of a row hold for a call. What cannot be seen does not hold.
    #[must_use]
    pub fn holds(&self, at: CallAt, when: &When) -> bool {
        if when.is_empty() {
            return true;
        }
        let call = self.call(at);
        when.argc.is_none_or(|argc| argc.contains(call.args.len()))
            && when
                .tests
                .iter()
                .all(|(position, test)| self.test(at, call, position, test))
    }

    fn test(&self, at: CallAt, call: &Call, position: &Position, test: &Test) -> bool {
        let found = self.at_position(at, position);
        let spread = call.args.iter().any(|arg| arg.spread);
        if found.is_empty() {
            return *test == Test::Absent && !spread;
        }
        found.iter().any(|node| match test {
            Test::Present => true,
            Test::Absent => false,
            Test::Function => matches!(self.resolve(*node), Target::Function(_)),
            _ => self.literal_test(*node, test),
        })
    }

    fn literal_test(&self, node: Node, test: &Test) -> bool {
        let Target::Object(at) = self.resolve(node) else {
            return false;
        };
        match (self.module(at.file).kind(at.value), test) {
            (ValueKind::Literal(_), Test::Literal)
            | (ValueKind::Literal(Literal::Str(_)) | ValueKind::Text(_), Test::String)
            | (ValueKind::Object(_), Test::Object)
            | (ValueKind::List(_), Test::List) => true,
            (ValueKind::Literal(Literal::Bool(is)), Test::Bool(wanted)) => is == wanted,
            (ValueKind::Literal(Literal::Str(is)), Test::Equals(wanted)) => is == wanted,
            _ => false,
        }
    }

    /// The text of a constant string, also behind names.
    #[must_use]
    pub fn string(&self, node: Node) -> Option<Name> {
        let Target::Object(at) = self.resolve(node) else {
            return None;
        };
        match self.module(at.file).kind(at.value) {
            ValueKind::Literal(Literal::Str(text)) => Some(text.clone()),
            ValueKind::Text(parts) => {
                let parts: Option<Vec<Name>> = parts
                    .iter()
                    .map(|part| self.string(at.with(*part)))
                    .collect();
                parts.map(|parts| parts.concat().into())
            }
            ValueKind::Binary { op, left, right } if op == "+" => {
                let (left, right) = (self.string(at.with(*left))?, self.string(at.with(*right))?);
                Some([left, right].concat().into())
            }
            _ => None,
        }
    }
}
