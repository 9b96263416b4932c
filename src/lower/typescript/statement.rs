//! Statements: which form goes where, and the simple ones.
//!
//! What belongs here: the dispatch, declarations of variables and functions, `if` and `try`. What may not enter:
//! loops, `switch` and leaving.

use super::block::Open;
use super::build::Lowering;
use super::chain::LONGEST_CHAIN;
use super::env::Path;
use super::function::{Hint, directives};
use super::kind::{Kind, Named, Role};
use super::tree::Node;
use crate::model::{BlockId, BlockKind, Leave, Name, Step, ValueId};

/// One `if` of an `else if` chain.
struct Link {
    condition: ValueId,
    then: BlockId,
    then_path: Path,
    otherwise: Open,
}

impl<'t> Lowering<'t> {
    /// The whole file.
    pub(super) fn program(&mut self, root: Node<'t>) {
        self.module.directives = directives(root);
        for node in root.children().filter(|node| node.is(Named::Import)) {
            self.import(node);
        }
        self.statements(root);
    }

    /// Statements one after the other. Functions exist before the first of them runs.
    pub(super) fn statements(&mut self, block: Node<'t>) {
        for node in block.children() {
            self.hoist(node);
        }
        for node in block.children() {
            self.statement(node);
        }
    }

    fn hoist(&mut self, node: Node<'t>) {
        let node = match node.role(Role::Declaration) {
            Some(declared) if node.is(Named::Export) => declared,
            _ => node,
        };
        if matches!(
            node.named(),
            Named::FunctionDeclaration | Named::GeneratorDeclaration
        ) {
            let id = self.declare_function(node, None);
            self.hoisted.insert(node.index(), id);
            if let Some(name) = node.role(Role::Name) {
                self.initialise(name, self.module.function(id).value);
            }
        }
    }

    /// One statement.
    pub(super) fn statement(&mut self, node: Node<'t>) {
        self.deeper(node, |lowering| lowering.any_statement(node));
    }

    fn any_statement(&mut self, node: Node<'t>) {
        match node.named() {
            Named::ExpressionStatement => {
                if let Some(inner) = node.first() {
                    self.effect(inner);
                }
            }
            Named::Lexical | Named::VariableDeclaration => {
                for declarator in node.children() {
                    self.declarator(declarator);
                }
            }
            Named::FunctionDeclaration | Named::GeneratorDeclaration => {
                self.function_statement(node);
            }
            Named::ClassDeclaration | Named::AbstractClass => {
                self.class(node, None);
            }
            Named::Block => {
                let (block, path) =
                    self.in_block(BlockKind::Scope, node.span(), |l| l.statements(node));
                self.step(Step::Scope(block));
                self.meet(&[path]);
            }
            Named::If => self.if_(node),
            Named::For => self.for_(node),
            Named::ForIn => self.for_each(node),
            Named::While => self.while_(node),
            Named::Do => self.do_(node),
            Named::Switch => self.switch(node),
            Named::Try => self.try_(node),
            Named::Labeled => self.labeled(node),
            Named::Return => {
                self.return_of(node.first(), 0);
            }
            Named::Throw => {
                let value = node.first().map(|value| self.expression(value));
                self.leave(Leave::Throw(value));
            }
            Named::Break => self.break_(node),
            Named::Continue => self.continue_(node),
            Named::With => {
                self.evaluate(node.role(Role::Object));
                self.body(node.role(Role::Body));
            }
            Named::Decorator | Named::Empty | Named::FunctionSignature => {}
            _ => self.other_statement(node),
        }
    }

    fn other_statement(&mut self, node: Node<'t>) {
        match node.named() {
            Named::Import => self.late_import(node),
            Named::ImportAlias => self.import_alias(node),
            Named::Export => self.export(node),
            Named::Interface | Named::TypeAlias | Named::Enum => {
                self.type_declaration(node);
            }
            Named::Namespace | Named::Module => self.namespace(node),
            Named::Ambient => self.ambient(node),
            _ if node.kind() == Kind::Error => {
                for child in node.children() {
                    self.statement(child);
                }
            }
            _ => {
                self.expression(node);
            }
        }
    }

    fn evaluate(&mut self, node: Option<Node<'t>>) {
        if let Some(node) = node {
            self.expression(node);
        }
    }

    /// A function declaration, whose value exists since the start of its block.
    pub(super) fn function_statement(&mut self, node: Node<'t>) {
        let known = self.hoisted.remove(&node.index());
        let id = match known {
            Some(id) => id,
            None => {
                let id = self.declare_function(node, None);
                if let Some(name) = node.role(Role::Name) {
                    self.initialise(name, self.module.function(id).value);
                }
                id
            }
        };
        self.function_body(id, node, &[]);
    }

    /// `a = b` of a declaration.
    pub(super) fn declarator(&mut self, node: Node<'t>) {
        let Some(name) = node.role(Role::Name) else {
            return;
        };
        let Some(written) = node.role(Role::Value) else {
            // A second `var a;` changes nothing.
            let known = self.names.meaning(name).and_then(|id| self.env.get(id));
            if known.is_none() {
                let value = self.undefined(name.span());
                self.bind_pattern(name, value);
            }
            return;
        };
        let local = name.is(Named::Identifier).then(|| Name::new(name.text()));
        let value = match self.required(written, local) {
            Some(value) => value,
            None => self.named(written, Hint::of_target(name)),
        };
        let ty = node.role(Role::Type).and_then(|ty| self.type_ref(ty));
        let value = self.claimed(value, ty, written.span());
        self.bind_pattern(name, value);
    }

    /// The statement that a branch or loop holds, without a block of its own.
    pub(super) fn body(&mut self, node: Option<Node<'t>>) {
        match node {
            Some(block) if block.is(Named::Block) => self.statements(block),
            Some(statement) => {
                self.hoist(statement);
                self.statement(statement);
            }
            None => {}
        }
    }

    /// The value of a condition.
    pub(super) fn condition(&mut self, node: Node<'t>) -> ValueId {
        match node.role(Role::Condition) {
            Some(condition) => self.expression(condition),
            None => self.opaque(Vec::new(), node.span()),
        }
    }

    fn if_(&mut self, node: Node<'t>) {
        let mut links: Vec<Link> = Vec::new();
        let mut at = node;
        loop {
            let condition = self.condition(at);
            let consequence = at.role(Role::Consequence);
            let span = consequence.unwrap_or(at).span();
            let (then, then_path) = self.in_block(BlockKind::Then, span, |l| l.body(consequence));
            let other = at.role(Role::Alternative).and_then(Node::first);
            match other {
                Some(next) if next.is(Named::If) && links.len() < LONGEST_CHAIN => {
                    let otherwise = self.open(BlockKind::Else, next.span());
                    links.push(Link {
                        condition,
                        then,
                        then_path,
                        otherwise,
                    });
                    at = next;
                }
                Some(next) if next.is(Named::If) => {
                    self.too_deep(next.span());
                    self.branch(condition, (then, then_path), None);
                    break;
                }
                other => {
                    let other = other.map(|other| {
                        self.in_block(BlockKind::Else, other.span(), |l| l.body(Some(other)))
                    });
                    self.branch(condition, (then, then_path), other);
                    break;
                }
            }
        }
        while let Some(link) = links.pop() {
            let path = self.close(&link.otherwise);
            let other = (link.otherwise.block, path);
            self.branch(link.condition, (link.then, link.then_path), Some(other));
        }
    }

    fn branch(
        &mut self,
        condition: ValueId,
        (then, then_path): (BlockId, Path),
        other: Option<(BlockId, Path)>,
    ) {
        let (otherwise, path) = match other {
            Some((block, path)) => (Some(block), path),
            None => (None, Path::default()),
        };
        self.step(Step::Branch {
            condition,
            then,
            otherwise,
        });
        self.meet(&[then_path, path]);
    }

    fn try_(&mut self, node: Node<'t>) {
        let body = node.role(Role::Body);
        let open = self.open(BlockKind::Try, body.unwrap_or(node).span());
        let mark = self.env.mark();
        self.body(body);
        let held = self.env.held_since(mark);
        let path = self.close(&open);
        let mut paths = vec![path];
        let catch = node.role(Role::Handler).map(|handler| {
            let parameter = handler.role(Role::Parameter);
            let caught = parameter.map(|at| self.opaque(Vec::new(), at.span()));
            let (block, path) = self.in_block(BlockKind::Catch, handler.span(), |l| {
                // The body may have stopped anywhere.
                for (variable, values) in held {
                    let span = l.names.variable(variable).span;
                    let value = l.join(values, span);
                    l.env.set(variable, value);
                }
                if let (Some(parameter), Some(value)) = (parameter, caught) {
                    l.bind_pattern(parameter, value);
                }
                l.body(handler.role(Role::Body));
            });
            paths.push(path);
            (caught, block)
        });
        let outer_left = self.cx.left;
        self.meet(&paths);
        let left = std::mem::replace(&mut self.cx.left, outer_left);
        let finally = node.role(Role::Finalizer).map(|finalizer| {
            let (block, path) = self.in_block(BlockKind::Finally, finalizer.span(), |l| {
                l.body(finalizer.role(Role::Body));
            });
            self.meet(&[path]);
            block
        });
        self.cx.left |= left;
        self.step(Step::Try {
            body: open.block,
            catch,
            finally,
        });
    }
}
