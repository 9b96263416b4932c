//! A value on its way, and how parts of it are told apart.

use crate::link::node::{CallAt, Node};
use crate::model::Name;
use smol_str::format_smolstr;

/// How deep a value may be packed into objects and lists.
const DEPTH: usize = 8;

/// A value on its way, with the field that it stands for and the calls that led into the current function.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Token {
    pub(super) node: Node,
    pub(super) field: Option<Name>,
    pub(super) stack: Vec<CallAt>,
    /// Where in the node's value it stands, the outermost key last: `["id", "where"]` in `{ where: { id } }`.
    pub(super) inside: Vec<Name>,
    /// It is a text, or a collection of texts.
    pub(super) text: bool,
}

impl Token {
    /// The same in another value.
    pub(super) fn at(&self, node: Node) -> Self {
        Self {
            node,
            ..self.clone()
        }
    }

    /// What an unknown step makes of it.
    pub(super) fn made(&self, node: Node) -> Self {
        Self {
            inside: Vec::new(),
            ..self.at(node)
        }
    }

    /// The same as a field of an object or an element of a list.
    pub(super) fn packed(&self, node: Node, key: Option<Name>) -> Self {
        let mut next = self.at(node);
        match key {
            Some(key) if next.inside.len() < DEPTH => next.inside.push(key),
            _ => next.inside.clear(),
        }
        next
    }

    /// A member of the value that holds it; `None` if it stands in another one.
    pub(super) fn unpacked(&self, node: Node, key: &str) -> Option<Self> {
        let mut next = self.at(node);
        match next.inside.pop() {
            None => {
                if next.field.is_none() && key != "0" {
                    next.field = Some(Name::new(key));
                }
                Some(next)
            }
            Some(own) if own == key || own == element_named(key) => Some(next),
            // A member of the list, not of its elements.
            Some(own) if own.starts_with('[') != key.starts_with('[') => Some(self.made(node)),
            Some(_) => None,
        }
    }

    /// Some element of the value that holds it.
    pub(super) fn element(&self, node: Node) -> Self {
        let mut next = self.at(node);
        next.inside.pop();
        next
    }
}

/// The key of an element.
pub(super) fn element(index: usize) -> Name {
    format_smolstr!("[{index}]")
}

fn element_named(key: &str) -> Name {
    format_smolstr!("[{key}]")
}
