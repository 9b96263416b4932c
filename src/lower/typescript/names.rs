//! Which variable a name stands for, and which variables change.
//!
//! What belongs here: scopes, declarations, references and assignments of one file, found in two linear passes
//! before lowering. What may not enter: values.

use super::kind::{Named, Role, Token};
use super::scope::{is_function, opens_scope, targets};
use super::tree::{Node, Tree};
use crate::source::Span;
use rustc_hash::FxHashMap;

/// A variable of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct VarId(pub(super) u32);

impl VarId {
    /// The id as an index.
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// What is known of a variable before its values are.
#[derive(Debug)]
pub(super) struct Variable {
    /// Where it is declared.
    pub(super) span: Span,
    /// Declared by `var`: readable before its declaration, as `undefined`.
    pub(super) hoisted: bool,
    /// Assigned after its declaration.
    pub(super) changes: bool,
    /// Assigned in a function that did not declare it, or after one has captured it.
    pub(super) shared: bool,
    function: u32,
    first_capture: u32,
    last_write: u32,
}

/// The variables of a file and the places that mean them.
pub(super) struct Names {
    variables: Vec<Variable>,
    /// By node: the variable it means, plus one.
    meaning: Vec<u32>,
    /// Assignments in source order: node and variable.
    writes: Vec<(u32, VarId)>,
}

impl Names {
    /// Finds the variables of a file.
    pub(super) fn find(tree: &Tree<'_>) -> Self {
        let mut finder = Finder::new(tree);
        finder.declare(tree);
        finder.resolve(tree);
        let mut names = finder.names;
        for variable in &mut names.variables {
            variable.shared |= variable.changes && variable.last_write > variable.first_capture;
        }
        names
    }

    /// The variable that a name stands for; `None` if nothing in the file declares it.
    pub(super) fn meaning(&self, node: Node<'_>) -> Option<VarId> {
        let number = self.meaning.get(node.index() as usize).copied()?;
        number.checked_sub(1).map(VarId)
    }

    /// A variable.
    pub(super) fn variable(&self, id: VarId) -> &Variable {
        &self.variables[id.index()]
    }

    /// How many variables there are.
    pub(super) fn count(&self) -> usize {
        self.variables.len()
    }

    /// The variables that are assigned inside of a node, each as often as it is.
    pub(super) fn written_in(&self, node: Node<'_>) -> &[(u32, VarId)] {
        let at = |index: u32| self.writes.partition_point(|(place, _)| *place < index);
        self.writes
            .get(at(node.index())..at(node.end()))
            .unwrap_or_default()
    }
}

struct Scope {
    id: u32,
    end: u32,
    /// The scope of the function around it, which `var` declares in.
    function_scope: u32,
    /// The function around it.
    function: u32,
}

struct Finder<'t> {
    names: Names,
    open: Vec<Scope>,
    scopes: u32,
    functions: u32,
    /// What each scope declares.
    declared: FxHashMap<(u32, &'t str), VarId>,
    in_scope: Vec<Vec<(&'t str, VarId)>>,
    /// By name, innermost last: the variables that are visible.
    visible: FxHashMap<&'t str, Vec<VarId>>,
    /// By node: the place past the assignment that writes it.
    written: FxHashMap<u32, u32>,
}

impl<'t> Finder<'t> {
    fn new(tree: &Tree<'t>) -> Self {
        Self {
            names: Names {
                variables: Vec::new(),
                meaning: vec![0; tree.root().end() as usize],
                writes: Vec::new(),
            },
            open: Vec::new(),
            scopes: 0,
            functions: 0,
            declared: FxHashMap::default(),
            in_scope: Vec::new(),
            visible: FxHashMap::default(),
            written: FxHashMap::default(),
        }
    }

    fn enter(&mut self, node: Node<'_>) -> u32 {
        let id = self.scopes;
        self.scopes += 1;
        let (function_scope, function) = match self.open.last() {
            Some(around) if !is_function(node) => (around.function_scope, around.function),
            _ => {
                self.functions += 1;
                (id, self.functions)
            }
        };
        self.open.push(Scope {
            id,
            end: node.end(),
            function_scope,
            function,
        });
        id
    }

    fn declare(&mut self, tree: &'t Tree<'t>) {
        let mut skip = 0;
        for node in tree.nodes() {
            if node.index() < skip {
                continue;
            }
            while self.open.last().is_some_and(|s| s.end <= node.index()) {
                self.open.pop();
            }
            if node.is(Named::Ambient) {
                // Declares what exists elsewhere: to the file it is a global.
                skip = node.end();
                continue;
            }
            self.declare_around(node);
            if opens_scope(node) {
                self.enter(node);
                self.in_scope.push(Vec::new());
            }
            self.declare_within(node);
        }
        self.open.clear();
        self.scopes = 0;
        self.functions = 0;
    }

    /// Names that a node declares in the scope around it.
    fn declare_around(&mut self, node: Node<'t>) {
        match node.named() {
            Named::FunctionDeclaration
            | Named::GeneratorDeclaration
            | Named::ClassDeclaration
            | Named::AbstractClass
            | Named::Enum
            | Named::Namespace
            | Named::Module => {
                if let Some(name) = node.role(Role::Name) {
                    self.bind(name, false);
                }
            }
            Named::ImportSpecifier => {
                let local = node.role(Role::Alias).or(node.role(Role::Name));
                self.bind_all(local, false);
            }
            Named::ImportClause
            | Named::NamespaceImport
            | Named::ImportRequire
            | Named::ImportAlias => self.bind_all(node.child(Named::Identifier), false),
            _ => {}
        }
    }

    /// Names that a node declares in its own scope, or in the current one if it opens none.
    fn declare_within(&mut self, node: Node<'t>) {
        match node.named() {
            Named::Function | Named::Generator | Named::Class => {
                self.bind_all(node.role(Role::Name), false);
            }
            Named::Arrow => self.bind_all(node.role(Role::Parameter), false),
            Named::RequiredParameter | Named::OptionalParameter
                if is_function(node.parent().parent()) =>
            {
                self.bind_pattern(node.role(Role::Pattern), false);
            }
            Named::Catch => self.bind_pattern(node.role(Role::Parameter), false),
            Named::ForIn => {
                if let Some(kind) = node.role(Role::Kind) {
                    self.bind_pattern(node.role(Role::Left), kind.text() == "var");
                }
            }
            Named::Declarator => self.declare_variable(node),
            Named::Assignment if node.has(Token::Using) => {
                self.bind_all(node.role(Role::Left), false);
            }
            _ => {}
        }
    }

    fn declare_variable(&mut self, node: Node<'t>) {
        let hoisted = node.parent().is(Named::VariableDeclaration);
        let has_value = node.role(Role::Value).is_some();
        for name in node.role(Role::Name).map(targets).unwrap_or_default() {
            if let Some(again) = self.bind(name, hoisted)
                && has_value
            {
                // A second `var x = ..` is an assignment.
                self.written.insert(name.index(), node.end());
                self.names.variables[again.index()].changes = true;
            }
        }
    }

    fn bind_all(&mut self, names: impl IntoIterator<Item = Node<'t>>, hoisted: bool) {
        for name in names {
            self.bind(name, hoisted);
        }
    }

    fn bind_pattern(&mut self, pattern: Option<Node<'t>>, hoisted: bool) {
        self.bind_all(pattern.map(targets).unwrap_or_default(), hoisted);
    }

    /// Declares a name; returns its variable if it was declared before.
    fn bind(&mut self, name: Node<'t>, hoisted: bool) -> Option<VarId> {
        let scope = self.open.last()?;
        let (id, function) = (
            if hoisted {
                scope.function_scope
            } else {
                scope.id
            },
            scope.function,
        );
        let text = name.text();
        let known = self.declared.get(&(id, text)).copied();
        let variable = known.unwrap_or_else(|| {
            let next = VarId(u32::try_from(self.names.variables.len()).unwrap_or(u32::MAX));
            self.names.variables.push(Variable {
                span: name.span(),
                hoisted,
                changes: false,
                shared: false,
                function,
                first_capture: u32::MAX,
                last_write: 0,
            });
            self.declared.insert((id, text), next);
            if let Some(scope) = self.in_scope.get_mut(id as usize) {
                scope.push((text, next));
            }
            next
        });
        self.mean(name, variable);
        known
    }

    fn mean(&mut self, node: Node<'_>, variable: VarId) {
        if let Some(place) = self.names.meaning.get_mut(node.index() as usize) {
            *place = variable.0 + 1;
        }
    }

    fn resolve(&mut self, tree: &'t Tree<'t>) {
        let mut skip = 0;
        for node in tree.nodes() {
            if node.index() < skip {
                continue;
            }
            while self.open.last().is_some_and(|s| s.end <= node.index()) {
                self.close();
            }
            if node.is(Named::Ambient) {
                skip = node.end();
                continue;
            }
            if opens_scope(node) {
                let id = self.enter(node);
                for (name, variable) in self.in_scope.get(id as usize).into_iter().flatten() {
                    self.visible.entry(name).or_default().push(*variable);
                }
            }
            self.note_writes(node);
            if matches!(
                node.named(),
                Named::Identifier | Named::Shorthand | Named::ShorthandPattern
            ) {
                self.refer(node);
            }
        }
    }

    fn close(&mut self) {
        let Some(scope) = self.open.pop() else { return };
        for (name, _) in self.in_scope.get(scope.id as usize).into_iter().flatten() {
            if let Some(stack) = self.visible.get_mut(name) {
                stack.pop();
            }
        }
    }

    fn note_writes(&mut self, node: Node<'t>) {
        let target = match node.named() {
            Named::Assignment if !node.has(Token::Using) => node.role(Role::Left),
            Named::Augmented => node.role(Role::Left),
            Named::Update => node.role(Role::Argument),
            Named::ForIn if node.role(Role::Kind).is_none() => node.role(Role::Left),
            _ => None,
        };
        for name in target.map(targets).unwrap_or_default() {
            self.written.insert(name.index(), node.end());
        }
    }

    fn refer(&mut self, node: Node<'t>) {
        let declared = self.names.meaning(node);
        let found = declared.or_else(|| self.visible.get(node.text())?.last().copied());
        let Some(id) = found else { return };
        self.mean(node, id);
        let function = self.open.last().map_or(0, |scope| scope.function);
        let written = self.written.get(&node.index()).copied();
        let Some(variable) = self.names.variables.get_mut(id.index()) else {
            return;
        };
        if let Some(past) = written {
            variable.changes = true;
            variable.last_write = variable.last_write.max(past);
            variable.shared |= variable.function != function;
            self.names.writes.push((node.index(), id));
        }
        if variable.function != function {
            variable.first_capture = variable.first_capture.min(node.index());
        }
    }
}
