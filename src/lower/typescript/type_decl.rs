//! Declarations of types other than classes, and namespaces.
//!
//! What belongs here: interfaces, aliases, enums, namespaces, `declare`. What may not enter: classes.

use super::build::Lowering;
use super::expression::Key;
use super::kind::{Named, Role};
use super::tree::Node;
use crate::model::{
    BlockKind, Entry, Field, FunctionId, Literal, Name, Step, StoreKey, TypeDecl, TypeDeclKind,
    TypeId, ValueKind,
};

impl<'t> Lowering<'t> {
    /// An interface, alias or enum.
    pub(super) fn type_declaration(&mut self, node: Node<'t>) -> Option<TypeId> {
        let name = node.role(Role::Name)?;
        let id = TypeId::at(self.module.types.len());
        let kind = match node.named() {
            Named::Interface => TypeDeclKind::Interface,
            Named::Enum => TypeDeclKind::Enum,
            _ => TypeDeclKind::Alias,
        };
        self.module.types.push(TypeDecl {
            name: Name::new(name.text()),
            kind,
            scope: Name::default(),
            fields: Vec::new(),
            methods: Vec::new(),
            heritage: Vec::new(),
            target: None,
            trait_: None,
            decorators: Vec::new(),
            value: None,
            head: name.span(),
            span: node.span(),
        });
        match kind {
            TypeDeclKind::Enum => self.enum_(id, name, node),
            TypeDeclKind::Interface => self.interface(id, node),
            _ => self.alias(id, node),
        }
        if kind != TypeDeclKind::Enum && self.cx.function == FunctionId(0) {
            self.type_names.entry(name.text()).or_default().push(id);
        }
        Some(id)
    }

    fn interface(&mut self, id: TypeId, node: Node<'t>) {
        let parents = node.child(Named::ExtendsType);
        let parents = parents.into_iter().flat_map(Node::children);
        let heritage = parents.filter_map(|ty| self.type_ref(ty)).collect();
        let fields = node.role(Role::Body).map(|body| self.properties(body));
        self.set_type(id, |decl| {
            decl.heritage = heritage;
            decl.fields = fields.unwrap_or_default();
        });
    }

    fn alias(&mut self, id: TypeId, node: Node<'t>) {
        let Some(value) = node.role(Role::Value) else {
            return;
        };
        let target = self.type_ref(value);
        let fields = value.is(Named::ObjectType).then(|| self.properties(value));
        self.set_type(id, |decl| {
            decl.target = target;
            decl.fields = fields.unwrap_or_default();
        });
    }

    /// The properties of an object type; a method is a property of function type.
    fn properties(&mut self, body: Node<'t>) -> Vec<Field> {
        let mut fields = Vec::new();
        for member in body.children() {
            let Some(name) = member.role(Role::Name) else {
                continue;
            };
            let ty = match member.named() {
                Named::PropertySignature => {
                    member.role(Role::Type).and_then(|ty| self.type_ref(ty))
                }
                Named::MethodSignature => Some(self.signature(member)),
                _ => continue,
            };
            if let Key::Name(name, span) = self.key(name) {
                fields.push(Field {
                    name,
                    ty,
                    value: None,
                    decorators: Vec::new(),
                    is_static: false,
                    span,
                });
            }
        }
        fields
    }

    fn enum_(&mut self, id: TypeId, name: Node<'t>, node: Node<'t>) {
        let value = self.value(ValueKind::Class(id), node.span());
        self.set_type(id, |decl| decl.value = Some(value));
        self.initialise(name, value);
        let mut next = 0.0;
        for member in node.role(Role::Body).into_iter().flat_map(Node::children) {
            let (key, written) = match member.named() {
                Named::EnumAssignment => (member.role(Role::Name), member.role(Role::Value)),
                _ => (Some(member), None),
            };
            let Some(key) = key else { continue };
            let value = match written {
                Some(written) => self.expression(written),
                None => self.literal(Literal::Number(next), key.span()),
            };
            if let ValueKind::Literal(Literal::Number(number)) = self.module.kind(value) {
                next = number + 1.0;
            }
            if let Key::Name(name, span) = self.key(key) {
                let field = Field {
                    name,
                    ty: None,
                    value: Some(value),
                    decorators: Vec::new(),
                    is_static: true,
                    span,
                };
                self.set_type(id, |decl| decl.fields.push(field));
            }
        }
    }

    /// `namespace a { export .. }`: an object of what it exports.
    pub(super) fn namespace(&mut self, node: Node<'t>) {
        let (Some(name), Some(body)) = (node.role(Role::Name), node.role(Role::Body)) else {
            return;
        };
        let outer = self.namespace.replace(Vec::new());
        let (block, path) = self.in_block(BlockKind::Scope, body.span(), |l| l.statements(body));
        let entries = std::mem::replace(&mut self.namespace, outer).unwrap_or_default();
        self.step(Step::Scope(block));
        self.meet(&[path]);
        let Some(variable) = self.names.meaning(name) else {
            return;
        };
        match self.env.get(variable) {
            // It adds to a class, a function or an earlier namespace of that name.
            Some(known) => {
                for entry in entries {
                    if let Entry::Field { key, value, span } = entry {
                        self.store(known, StoreKey::Member(key), value, span);
                    }
                }
            }
            None => {
                let value = self.value(ValueKind::Object(entries), node.span());
                self.initialise(name, value);
            }
        }
    }

    /// `declare ..`: what exists elsewhere. Only its types are of interest.
    pub(super) fn ambient(&mut self, node: Node<'t>) {
        let mut open: Vec<Node<'t>> = vec![node];
        while let Some(node) = open.pop() {
            match node.named() {
                Named::Interface | Named::TypeAlias | Named::Enum => {
                    self.type_declaration(node);
                }
                Named::ClassDeclaration | Named::AbstractClass => {
                    self.class(node, None);
                }
                Named::Ambient
                | Named::Module
                | Named::Namespace
                | Named::Block
                | Named::Export => {
                    let from = open.len();
                    open.extend(node.children());
                    open.get_mut(from..).unwrap_or_default().reverse();
                }
                _ => {}
            }
        }
    }
}
