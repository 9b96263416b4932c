//! Elements of lists at fixed places, through parameters: `for (const [value, schema] of pairs)`.

use super::Program;
use super::node::{Func, Node, Target};
use crate::model::ValueKind;

/// How deep lists are looked for.
const DEPTH: u32 = 6;
/// How many lists one question may bring up.
const MOST: usize = 24;

impl Program<'_> {
    /// What stands at a place of a list that the callers of a function wrote, if they say so.
    pub(super) fn tuple_element(&self, base: Node, place: usize) -> Option<Target> {
        let kind = self.module(base.file).kind(base.value);
        let lists = match kind {
            ValueKind::Element(list) => self.items(base.with(*list), DEPTH),
            ValueKind::Param { .. } => vec![base],
            _ => return None,
        };
        let found = lists.into_iter().flat_map(|list| {
            let items = self.items(list, DEPTH);
            items.into_iter().nth(place)
        });
        let known = found.take(MOST).map(|node| self.resolve(node));
        known
            .into_iter()
            .find(|target| !matches!(target, Target::Unknown(_) | Target::Object(_)))
    }

    /// The elements of what may be a list: those that are written, and what callers pass to a rest parameter.
    fn items(&self, list: Node, depth: u32) -> Vec<Node> {
        let Some(depth) = depth.checked_sub(1) else {
            return Vec::new();
        };
        match self.module(list.file).kind(list.value) {
            ValueKind::List(items) if items.iter().any(|item| item.spread) => Vec::new(),
            ValueKind::List(items) => items.iter().map(|item| list.with(item.value)).collect(),
            ValueKind::Param { function, index } => {
                let func = Func {
                    file: list.file,
                    function: *function,
                };
                let params = &self.function(func).params;
                if params.get(*index as usize).is_some_and(|param| param.rest) {
                    return self.rest_arguments(func, *index as usize, MOST);
                }
                self.all_items(self.arguments_for(func, *index), depth)
            }
            _ => self.all_items(self.follow(list), depth),
        }
    }

    fn all_items(&self, lists: Vec<Node>, depth: u32) -> Vec<Node> {
        let found = lists
            .into_iter()
            .take(MOST)
            .flat_map(|list| self.items(list, depth));
        found.take(MOST).collect()
    }
}
