//! A flat copy of the syntax tree: nodes in source order, each with the end of its subtree.
//!
//! What belongs here: nodes, roles, spans, comments and syntax errors. What may not enter: what they mean.
//!
//! The parser's own nodes look up children by walking; here a child is the next entry of a list and its sibling
//! is where its subtree ends, so that every walk is linear, and punctuation and text fragments are gone.

use super::kind::{Kind, Named, Role, Tables, Token};
use crate::source::Span;

/// A parsed file.
pub(super) struct Tree<'t> {
    /// The text that spans refer to.
    pub(super) text: &'t str,
    nodes: Vec<Entry>,
    /// Every comment.
    pub(super) comments: Vec<Span>,
    /// What the parser did not understand, in words.
    pub(super) errors: Vec<(Span, &'static str)>,
    /// Whether there is JSX.
    pub(super) has_jsx: bool,
}

struct Entry {
    kind: Kind,
    role: Option<Role>,
    parent: u32,
    /// Index of the first node past the subtree.
    end: u32,
    span: Span,
}

/// A node of a [`Tree`].
#[derive(Clone, Copy)]
pub(super) struct Node<'t> {
    tree: &'t Tree<'t>,
    index: u32,
}

impl<'t> Tree<'t> {
    /// Copies what is of interest.
    pub(super) fn copy(tree: &tree_sitter::Tree, tables: &Tables, text: &'t str) -> Self {
        let mut copy = Self {
            text,
            nodes: Vec::with_capacity(text.len() / 5),
            comments: Vec::new(),
            errors: Vec::new(),
            has_jsx: false,
        };
        copy.fill(tree, tables);
        if copy.nodes.is_empty() {
            // Even an empty text has a root.
            copy.nodes.push(Entry {
                kind: Kind::Named(Named::Program),
                role: None,
                parent: 0,
                end: 1,
                span: Span::new(0, text.len()),
            });
        }
        if tree.root_node().has_error() && copy.errors.is_empty() {
            copy.errors.push((Span::new(0, 0), "syntax error"));
        }
        copy
    }

    fn fill(&mut self, tree: &tree_sitter::Tree, tables: &Tables) {
        let mut cursor = tree.walk();
        let mut open: Vec<u32> = Vec::new();
        loop {
            let node = cursor.node();
            let kind = tables.kind(node.kind_id());
            let role = tables.role(cursor.field_id());
            let parent = open.last().copied();
            let entered = self.enter(node, kind, role, parent) && {
                open.push(self.len() - 1);
                let below = self.is_open(node, kind) && cursor.goto_first_child();
                if !below {
                    self.leave(&mut open);
                }
                below
            };
            if entered {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    while !open.is_empty() {
                        self.leave(&mut open);
                    }
                    return;
                }
                self.leave(&mut open);
            }
        }
    }

    fn len(&self) -> u32 {
        u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)
    }

    fn leave(&mut self, open: &mut Vec<u32>) {
        let end = self.len();
        let entry = open.pop().and_then(|at| self.nodes.get_mut(at as usize));
        if let Some(entry) = entry {
            entry.end = end;
        }
    }

    /// Whether a node's children are of interest.
    fn is_open(&self, node: tree_sitter::Node<'_>, kind: Kind) -> bool {
        !matches!(kind, Kind::Named(Named::String | Named::Regex)) || node.has_error()
    }

    /// Adds a node; `false` if it is of no interest.
    fn enter(
        &mut self,
        node: tree_sitter::Node<'_>,
        kind: Kind,
        role: Option<Role>,
        parent: Option<u32>,
    ) -> bool {
        let span = Span::new(node.start_byte(), node.end_byte());
        if node.is_missing() {
            self.errors.push((span, "something is missing here"));
        }
        match kind {
            Kind::Error => self.errors.push((span, "unexpected text")),
            Kind::Named(Named::Comment | Named::HtmlComment) => {
                self.comments.push(span);
                return false;
            }
            Kind::Named(Named::Hashbang) => return false,
            Kind::Named(Named::JsxElement | Named::JsxSelfClosing) => self.has_jsx = true,
            Kind::Named(Named::Other) if node.child_count() == 0 => return false,
            Kind::Token(Token::Other) if role.is_none() => return false,
            Kind::Token(Token::Comma) if !self.counts_commas(parent) => return false,
            _ => {}
        }
        self.nodes.push(Entry {
            kind,
            role,
            parent: parent.unwrap_or(0),
            end: 0,
            span,
        });
        true
    }

    /// In `[, a] = pair` the position of an element is told by commas alone.
    fn counts_commas(&self, parent: Option<u32>) -> bool {
        let parent = parent.and_then(|at| self.nodes.get(at as usize));
        parent.is_some_and(|p| p.kind == Kind::Named(Named::ArrayPattern))
    }

    /// The whole file.
    pub(super) fn root(&'t self) -> Node<'t> {
        Node {
            tree: self,
            index: 0,
        }
    }

    /// Every node in source order.
    pub(super) fn nodes(&'t self) -> impl Iterator<Item = Node<'t>> {
        (0..self.len()).map(|index| Node { tree: self, index })
    }
}

impl<'t> Node<'t> {
    fn entry(self) -> &'t Entry {
        &self.tree.nodes[self.index as usize]
    }

    /// The node's place in the tree's list.
    pub(super) fn index(self) -> u32 {
        self.index
    }

    /// The place of the first node past this one's subtree.
    pub(super) fn end(self) -> u32 {
        self.entry().end
    }

    /// What it is.
    pub(super) fn kind(self) -> Kind {
        self.entry().kind
    }

    /// Its name in the grammar; `Other` for tokens and errors.
    pub(super) fn named(self) -> Named {
        match self.entry().kind {
            Kind::Named(named) => named,
            _ => Named::Other,
        }
    }

    /// Whether it has this name in the grammar.
    pub(super) fn is(self, named: Named) -> bool {
        self.entry().kind == Kind::Named(named)
    }

    /// Whether it is a token.
    pub(super) fn is_token(self) -> bool {
        matches!(self.entry().kind, Kind::Token(_))
    }

    /// Where it is written.
    pub(super) fn span(self) -> Span {
        self.entry().span
    }

    /// How it is written.
    pub(super) fn text(self) -> &'t str {
        self.span().text(self.tree.text)
    }

    /// The node around it; the root's is itself.
    pub(super) fn parent(self) -> Self {
        Self {
            tree: self.tree,
            index: self.entry().parent,
        }
    }

    /// Its children in order, tokens included.
    pub(super) fn all_children(self) -> Children<'t> {
        Children {
            tree: self.tree,
            next: self.index + 1,
            end: self.entry().end,
        }
    }

    /// Its children in order, without tokens.
    pub(super) fn children(self) -> impl Iterator<Item = Self> + use<'t> {
        self.all_children().filter(|child| !child.is_token())
    }

    /// Its first child that is no token.
    pub(super) fn first(self) -> Option<Self> {
        self.children().next()
    }

    /// Its first child with this role.
    pub(super) fn role(self, role: Role) -> Option<Self> {
        self.all_roles(role).next()
    }

    /// Its children with this role.
    pub(super) fn all_roles(self, role: Role) -> impl Iterator<Item = Self> + use<'t> {
        self.all_children()
            .filter(move |child| child.entry().role == Some(role))
    }

    /// Its first child with this name.
    pub(super) fn child(self, named: Named) -> Option<Self> {
        self.all_children().find(|child| child.is(named))
    }

    /// Its first child that is this token.
    pub(super) fn token(self, token: Token) -> Option<Self> {
        self.all_children()
            .find(|child| child.kind() == Kind::Token(token))
    }

    /// Whether it has this token.
    pub(super) fn has(self, token: Token) -> bool {
        self.token(token).is_some()
    }

    /// The node without parentheses around it.
    pub(super) fn bare(self) -> Self {
        let mut node = self;
        while node.is(Named::Parenthesized) {
            match node.first() {
                Some(inner) => node = inner,
                None => break,
            }
        }
        node
    }
}

/// The children of a node.
pub(super) struct Children<'t> {
    tree: &'t Tree<'t>,
    next: u32,
    end: u32,
}

impl<'t> Iterator for Children<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        if self.next >= self.end {
            return None;
        }
        let node = Node {
            tree: self.tree,
            index: self.next,
        };
        // An end that does not advance cannot come from `fill`; a list must end all the same.
        self.next = node.end().max(self.next + 1);
        Some(node)
    }
}
