//! Whether a number that limits a query has an upper bound.

use super::bounded::Bound;
use crate::link::Program;
use crate::link::node::{CallAt, Node};
use crate::link::symbol::Symbol;
use crate::model::{Comparison, Language, Name, TypeRef, ValueKind};

/// How far the making of a limit is looked back.
const DEPTH: u32 = 24;

/// Methods of Rust's own numbers whose result is at most an argument.
const CAPS: [&str; 2] = ["min", "clamp"];

/// Methods of the languages' own ranges, lists and sets that say whether a number is one of theirs.
const RANGES: [&str; 2] = ["contains", "includes"];

/// Rust's own types that hold numbers larger than any list should be.
const WIDE: [&str; 11] = [
    "u16", "u32", "u64", "u128", "usize", "i16", "i32", "i64", "i128", "isize", "String",
];

impl Program<'_> {
    /// What a limit is worth.
    pub(super) fn limit_bound(&self, limit: Node) -> Bound {
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
                if self.caps(at) {
                    return true;
                }
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
            ValueKind::Member { base, name, .. }
                if self.field_bounds(node.with(*base), name) == Some(true) =>
            {
                true
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

    /// Whether a call yields a number that is at most its argument: `asked.min(100)`.
    fn caps(&self, at: CallAt) -> bool {
        let named = |names: &[&str]| {
            self.call_name(at)
                .is_some_and(|name| names.contains(&name.as_str()))
        };
        self.module(at.file).language == Language::Rust
            && self.call(at).receiver.is_some()
            && named(&CAPS)
    }

    /// Whether the declared type of a field, which a library has checked, bounds its value: it is narrow, one of the project's
    /// own, or has attributes. `None` where the declaration is not in sight.
    fn field_bounds(&self, base: Node, field: &str) -> Option<bool> {
        let module = self.module(base.file);
        if module.language != Language::Rust {
            return None;
        }
        let mut node = base.value;
        for _ in 0..12 {
            node = match module.kind(node) {
                ValueKind::Member { base, name, .. } if name == "0" => *base,
                ValueKind::Unwrap(inner)
                | ValueKind::Await(inner)
                | ValueKind::Cast { value: inner, .. } => *inner,
                ValueKind::Call(call) => module.call(*call).receiver?,
                ValueKind::Param { function, index } => {
                    let function = module.function(*function);
                    let ty = function.params.get(*index as usize)?.ty.as_ref()?;
                    return self.declared_bound(base, &function.scope, ty, field);
                }
                _ => return None,
            };
        }
        None
    }

    /// What the struct inside a written type says of a field.
    fn declared_bound(&self, at: Node, scope: &Name, ty: &TypeRef, field: &str) -> Option<bool> {
        let mut ty = ty;
        for _ in 0..6 {
            if let Symbol::Type { file, ty } = self.type_symbol(at.file, scope, ty) {
                let decl = self.module(file).type_decl(ty);
                let field = decl.fields.iter().find(|own| own.name == field)?;
                let mut inner = field.ty.as_ref()?;
                while let Some(arg) = inner.args.first() {
                    inner = arg;
                }
                return Some(!field.decorators.is_empty() || !WIDE.contains(&inner.last()));
            }
            ty = ty.args.first()?;
        }
        None
    }

    /// Whether a value is compared with `>` or the like, or looked for in a range, anywhere in its file.
    fn compared_above(&self, node: Node) -> bool {
        let module = self.module(node.file);
        let compared = module.values.iter().any(|value| match &value.kind {
            ValueKind::Compare { op, left, right } => {
                let above = matches!(
                    op,
                    Comparison::Gt | Comparison::Ge | Comparison::Lt | Comparison::Le
                );
                above && (*left == node.value || *right == node.value)
            }
            _ => false,
        });
        compared
            || module.calls.iter().any(|call| {
                let named = match module.kind(call.callee) {
                    ValueKind::Member { name, .. } => RANGES.contains(&name.as_str()),
                    _ => false,
                };
                named && call.args.iter().any(|arg| arg.value == node.value)
            })
    }
}
