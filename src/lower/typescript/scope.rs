//! Which syntax declares names, and where they are known.
//!
//! What belongs here: questions to a node. What may not enter: variables.

use super::kind::{Named, Role};
use super::tree::Node;

/// The names that a pattern binds or assigns, in order.
pub(super) fn targets<'t>(pattern: Node<'t>) -> Vec<Node<'t>> {
    let mut found = Vec::new();
    let mut open = vec![pattern];
    while let Some(node) = open.pop() {
        let inner = match node.named() {
            Named::Identifier | Named::ShorthandPattern => {
                found.push(node);
                None
            }
            Named::PairPattern => node.role(Role::Value),
            Named::AssignmentPattern | Named::ObjectAssignmentPattern => node.role(Role::Left),
            Named::RestPattern | Named::Parenthesized | Named::NonNull => node.first(),
            Named::ObjectPattern | Named::ArrayPattern => {
                let from = open.len();
                open.extend(node.children());
                open.get_mut(from..).unwrap_or_default().reverse();
                None
            }
            _ => None,
        };
        open.extend(inner);
    }
    found
}

/// Whether a node is a function with a body.
pub(super) fn is_function(node: Node<'_>) -> bool {
    matches!(
        node.named(),
        Named::FunctionDeclaration
            | Named::GeneratorDeclaration
            | Named::Function
            | Named::Generator
            | Named::Arrow
            | Named::Method
    )
}

/// Whether names that are declared in a node are unknown outside.
pub(super) fn opens_scope(node: Node<'_>) -> bool {
    match node.named() {
        // The root, which in a text full of errors is itself one.
        _ if node.index() == 0 => true,
        Named::For
        | Named::ForIn
        | Named::SwitchBody
        | Named::Catch
        | Named::Class
        | Named::StaticBlock => true,
        // The body of these shares the scope of the parameters.
        Named::Block => !is_function(node.parent()) && !node.parent().is(Named::Catch),
        _ => is_function(node),
    }
}
