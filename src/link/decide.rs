//! Conditions on the URL path, decided for one endpoint: matcher lists, `startsWith`, comparisons.

use super::Program;
use super::node::{CallAt, Node, Target};
use super::pattern::UrlPattern;
use super::walk::Request;
use crate::model::{Comparison, Literal, LogicalOp, Name, UnaryOp, ValueKind};

/// Kind of sources that are the URL path of the request.
const PATHNAME: &str = "pathname";
/// Kind of sources that are its HTTP method.
const METHOD: &str = "method";

impl Program<'_> {
    /// Whether a condition is known to be true or false for the request's path.
    pub(super) fn decide(&self, node: Node, request: &Request<'_>) -> Option<bool> {
        request.path?;
        self.decide_value(node, request, 0)
    }

    fn decide_value(&self, node: Node, request: &Request<'_>, depth: u32) -> Option<bool> {
        if depth > 24 {
            return None;
        }
        let here = |value| node.with(value);
        let next = |value| self.decide_value(here(value), request, depth + 1);
        match self.module(node.file).kind(node.value) {
            ValueKind::Literal(Literal::Bool(is)) => Some(*is),
            ValueKind::Unary {
                op: UnaryOp::Not,
                operand,
            } => next(*operand).map(|is| !is),
            ValueKind::Await(inner) | ValueKind::Cast { value: inner, .. } => next(*inner),
            ValueKind::Logical {
                op: LogicalOp::And,
                left,
                right,
            } => match (next(*left), next(*right)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            ValueKind::Logical {
                op: LogicalOp::Or,
                left,
                right,
            } => match (next(*left), next(*right)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            ValueKind::Compare {
                op: op @ (Comparison::Eq | Comparison::Ne),
                left,
                right,
            } => {
                let (left, right) = (here(*left), here(*right));
                let is = self
                    .asked_of(left, right, request)
                    .or_else(|| self.asked_of(right, left, request))?;
                Some(is == (*op == Comparison::Eq))
            }
            ValueKind::Call(call) => self.decide_call(
                CallAt {
                    file: node.file,
                    call: *call,
                },
                request,
                depth,
            ),
            _ => None,
        }
    }

    fn decide_call(&self, at: CallAt, request: &Request<'_>, depth: u32) -> Option<bool> {
        let call = self.call(at);
        let url = request.path?;
        if let Some(patterns) = self.matcher_patterns(at.node(call.callee)) {
            self.path_asked.set(true);
            return Some(patterns.iter().any(|pattern| pattern.matches(url)));
        }
        let receiver = at.node(call.receiver?);
        let first = call.args.first().map(|arg| at.node(arg.value))?;
        match self.call_name(at)?.as_str() {
            "startsWith" if self.is_pathname(receiver) => {
                Some(url.starts_with(self.string(first)?.as_str()))
            }
            "endsWith" if self.is_pathname(receiver) => {
                Some(url.ends_with(self.string(first)?.as_str()))
            }
            "includes" if self.is_pathname(receiver) => {
                Some(url.contains(self.string(first)?.as_str()))
            }
            "includes" if self.is_pathname(first) => {
                let listed: Option<Vec<Name>> = self
                    .elements(receiver)
                    .into_iter()
                    .map(|item| self.string(item))
                    .collect();
                listed
                    .filter(|all| !all.is_empty())
                    .map(|all| all.iter().any(|text| text == url))
            }
            "some" => self.decide_some(receiver, first, request, depth),
            _ => None,
        }
    }

    /// `list.some((item) => pathname.startsWith(item))`.
    fn decide_some(
        &self,
        list: Node,
        test: Node,
        request: &Request<'_>,
        depth: u32,
    ) -> Option<bool> {
        let url = request.path?;
        let Target::Function(func) = self.resolve(test) else {
            return None;
        };
        let item = self.param_node(func, 0)?;
        let [body] = self.returns(func)[..] else {
            return None;
        };
        let ValueKind::Call(call) = self.module(body.file).kind(body.value) else {
            return None;
        };
        let call = CallAt {
            file: body.file,
            call: *call,
        };
        let texts: Option<Vec<Name>> = self
            .elements(list)
            .into_iter()
            .map(|item| self.string(item))
            .collect();
        let texts = texts.filter(|texts| !texts.is_empty() && depth < 8)?;
        let receiver = call.node(self.call(call).receiver?);
        let arg = self
            .call(call)
            .args
            .first()
            .map(|arg| call.node(arg.value))?;
        let starts = self.call_name(call)? == "startsWith";
        (starts && arg == item && self.is_pathname(receiver))
            .then(|| texts.iter().any(|text| url.starts_with(text.as_str())))
    }

    /// Whether a value that is the request's path or method equals a constant.
    fn asked_of(&self, asked: Node, constant: Node, request: &Request<'_>) -> Option<bool> {
        let text = self.string(constant)?;
        if self.is_pathname(asked) {
            return Some(text == request.path?);
        }
        let method = request.method?;
        (self.is_kind(asked, METHOD) && method != "ALL").then(|| text == method)
    }

    fn is_pathname(&self, node: Node) -> bool {
        self.is_kind(node, PATHNAME)
    }

    fn is_kind(&self, node: Node, kind: &str) -> bool {
        let is = self.origins(node).iter().any(|origin| origin.kind == kind);
        if is {
            self.path_asked.set(true);
        }
        is
    }

    /// The patterns of a route matcher (a value made from a list of URL patterns by a call that the vocabulary knows as one).
    fn matcher_patterns(&self, callee: Node) -> Option<Vec<UrlPattern>> {
        let Target::Path(path) = self.resolve(callee) else {
            return None;
        };
        let matcher = self.vocabulary.lineage(&path).any(|row| row.matcher);
        let made = self.follow_to_call(callee).filter(|_| matcher)?;
        let list = self
            .call(made)
            .args
            .first()
            .map(|arg| made.node(arg.value))?;
        Some(self.url_patterns(list))
    }

    /// The URL patterns of a text or a list of texts.
    #[must_use]
    pub(super) fn url_patterns(&self, list: Node) -> Vec<UrlPattern> {
        let mut nodes = self.elements(list);
        if nodes.is_empty() {
            nodes.push(list);
        }
        nodes
            .into_iter()
            .filter_map(|node| self.string(node))
            .map(|text| UrlPattern::new(&text))
            .collect()
    }

    /// The call that made a value, behind names.
    #[must_use]
    pub fn follow_to_call(&self, node: Node) -> Option<CallAt> {
        let mut node = node;
        for _ in 0..16 {
            if let ValueKind::Call(call) = self.module(node.file).kind(node.value) {
                return Some(CallAt {
                    file: node.file,
                    call: *call,
                });
            }
            node = *self.follow(node).first()?;
        }
        None
    }
}
