//! Conditions that nothing but configuration decides: `process.env.NODE_ENV !== "production"`.
//!
//! Which way such a condition goes is a decision of whoever deploys the program, not of who calls it.

use super::Program;
use super::node::{CallAt, Node, Target};
use super::origin::Origins;
use crate::model::{Language, Name, ValueKind};

/// Kind of sources that are configuration.
const ENVIRONMENT: &str = "env";
/// How deep one question may go.
const DEPTH: u32 = 16;

impl Program<'_> {
    /// Whether a condition depends on configuration, and on nothing else. That a secret is configured at all is no such
    /// condition: a guard that only runs then is open wherever somebody forgets it.
    pub(super) fn is_configured(&self, condition: Node) -> bool {
        self.configured(condition, 0) == Some(true)
    }

    /// `Some(true)` for what comes from configuration, `Some(false)` for what is constant, `None` for anything else.
    fn configured(&self, node: Node, depth: u32) -> Option<bool> {
        if depth > DEPTH {
            return None;
        }
        let next = |value| self.configured(node.with(value), depth + 1);
        let both = |left, right| Some(next(left)? | next(right)?);
        match self.module(node.file).kind(node.value) {
            ValueKind::Literal(_) => Some(false),
            ValueKind::Unary { operand, .. } => self.setting(node.with(*operand), depth),
            ValueKind::Await(inner) | ValueKind::Cast { value: inner, .. } => next(*inner),
            ValueKind::Compare { left, right, .. } => both(*left, *right),
            ValueKind::Logical { left, right, .. } => Some(
                self.setting(node.with(*left), depth)? | self.setting(node.with(*right), depth)?,
            ),
            ValueKind::Call(call) => self.configured_call(
                CallAt {
                    file: node.file,
                    call: *call,
                },
                depth,
            ),
            ValueKind::Member { .. }
            | ValueKind::Index { .. }
            | ValueKind::Global(_)
            | ValueKind::Import(_)
            | ValueKind::Path(_) => {
                if self.is_environment(node) {
                    return Some(true);
                }
                if let ValueKind::Member { base, .. } = self.module(node.file).kind(node.value)
                    && self.configured(node.with(*base), depth + 1) == Some(true)
                {
                    return Some(true);
                }
                let stands_for = self.follow(node);
                let all: Option<Vec<bool>> = stands_for
                    .into_iter()
                    .map(|node| self.configured(node, depth + 1))
                    .collect();
                all.filter(|all| !all.is_empty())
                    .map(|all| all.contains(&true))
            }
            _ => None,
        }
    }

    /// A setting that is asked for by its presence, which a credential may not be.
    fn setting(&self, node: Node, depth: u32) -> Option<bool> {
        let names = &self.vocabulary.names;
        let is_credential = |name: &Name| {
            names.matches("credential", name) || names.matches("credential-carrier", name)
        };
        let present = matches!(
            self.module(node.file).kind(node.value),
            ValueKind::Member { .. } | ValueKind::Import(_) | ValueKind::Path(_)
        );
        let keys = self.origins(node);
        let secret = present
            && keys
                .iter()
                .filter_map(|origin| origin.key.as_ref())
                .any(is_credential);
        (!secret)
            .then(|| self.configured(node, depth + 1))
            .flatten()
    }

    fn configured_call(&self, at: CallAt, depth: u32) -> Option<bool> {
        let call = self.call(at);
        if self.is_environment(at.node(call.value)) {
            return Some(true);
        }
        if let Target::Function(func) = self.resolve(at.node(call.callee)) {
            let [answer] = self.returns(func)[..] else {
                return None;
            };
            let answer = || self.configured(answer, depth + 1);
            return call.args.is_empty().then(answer).flatten();
        }
        let made_of = match (self.same_as(at), call.receiver) {
            (Some(same), _) => Some(same),
            (None, None) if matches!(self.call_name(at)?.as_str(), "Ok" | "Some") => {
                call.args.first().map(|arg| at.node(arg.value))
            }
            _ => None,
        };
        if let Some(made_of) = made_of {
            return self.configured(made_of, depth + 1);
        }
        // Settings that a library has read and checked: `schema.parse(process.env)`.
        let receiver = call
            .receiver
            .map_or_else(Default::default, |node| self.origins(at.node(node)));
        let mut given = call.args.iter().map(|arg| self.origins(at.node(arg.value)));
        let asks = call
            .receiver
            .is_some_and(|node| self.is_environment(at.node(node)));
        if asks && self.module(at.file).language == Language::Rust {
            return Some(true);
        }
        // All of the environment: a single variable may be the key that a guard checks with.
        let whole = |origins: &Origins| {
            only_environment(origins) && origins.iter().any(|origin| origin.key.is_none())
        };
        let reads = receiver.iter().next().is_none() && given.any(|origins| whole(&origins));
        reads.then_some(true)
    }

    /// Whether a value is a part of the environment itself.
    fn is_environment(&self, node: Node) -> bool {
        match self.module(node.file).kind(node.value) {
            ValueKind::Call(call) => only_environment(&self.source_of_call(CallAt {
                file: node.file,
                call: *call,
            })),
            ValueKind::Member { base, .. } | ValueKind::Index { base, .. } => {
                only_environment(&self.source_of_member(node))
                    || only_environment(&self.source_of_member(node.with(*base)))
            }
            ValueKind::Import(_) | ValueKind::Path(_) | ValueKind::Global(_) => {
                only_environment(&self.source_of_member(node))
            }
            _ => false,
        }
    }
}

fn only_environment(origins: &Origins) -> bool {
    let mut kinds = origins.iter().map(|origin| origin.kind.as_str());
    kinds.next() == Some(ENVIRONMENT) && kinds.all(|kind| kind == ENVIRONMENT)
}
