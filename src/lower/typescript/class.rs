//! Classes.
//!
//! What belongs here: members, heritage and decorators of classes. What may not enter: what is in a method.

use super::build::{Lowering, This, new_function};
use super::expression::Key;
use super::function::Hint;
use super::kind::{Named, Role, Token};
use super::tree::Node;
use crate::model::{
    BlockKind, CallId, Field, FunctionId, FunctionKind, Method, Name, Step, TypeDecl, TypeDeclKind,
    TypeId, TypeRef, ValueId, ValueKind,
};
use crate::source::Span;

/// A field whose value is computed when an instance is made.
pub(super) struct Initialiser<'t> {
    owner: TypeId,
    field: usize,
    value: Node<'t>,
    hint: Option<Hint>,
}

/// What is collected on a walk through a class body.
#[derive(Default)]
struct Body<'t> {
    initialisers: Vec<Initialiser<'t>>,
    methods: Vec<(FunctionId, Node<'t>)>,
    constructor: Option<(FunctionId, Node<'t>)>,
}

impl<'t> Lowering<'t> {
    /// A class declaration or expression.
    pub(super) fn class(&mut self, node: Node<'t>, hint: Option<Hint>) -> ValueId {
        let id = TypeId::at(self.module.types.len());
        let value = self.value(ValueKind::Class(id), node.span());
        let name = node.role(Role::Name);
        let own_name = name.map(|name| Name::new(name.text()));
        let keyword = node.token(Token::Class).unwrap_or(node).span();
        let head = name.map(Node::span);
        let head = head.or(hint.as_ref().and_then(|hint| hint.span));
        let hint_name = hint.map(|hint| hint.name);
        self.module.types.push(TypeDecl {
            name: own_name.or(hint_name).unwrap_or_default(),
            kind: TypeDeclKind::Class,
            scope: Name::default(),
            fields: Vec::new(),
            methods: Vec::new(),
            heritage: Vec::new(),
            target: None,
            trait_: None,
            decorators: Vec::new(),
            value: Some(value),
            head: head.unwrap_or(keyword),
            span: node.span(),
        });
        let mut decorators = Vec::new();
        if node.parent().is(Named::Export) {
            decorators.extend(self.decorators(node.parent()));
        }
        decorators.extend(self.decorators(node));
        self.set_type(id, |class| class.decorators = decorators);
        let parent = self.heritage(node, id);
        if let Some(name) = name {
            self.initialise(name, value);
        }
        if let Some(body) = node.role(Role::Body) {
            let outer = std::mem::replace(&mut self.cx.parent_class, parent);
            self.class_body(id, value, body);
            self.cx.parent_class = outer;
        }
        value
    }

    /// Changes a type.
    pub(super) fn set_type(&mut self, id: TypeId, change: impl FnOnce(&mut TypeDecl)) {
        if let Some(decl) = self.module.types.get_mut(id.index()) {
            change(decl);
        }
    }

    /// `extends a implements B`; yields the value of `a`.
    fn heritage(&mut self, node: Node<'t>, id: TypeId) -> Option<ValueId> {
        let clauses = node.child(Named::ClassHeritage)?;
        let mut parent = None;
        let mut heritage = Vec::new();
        for clause in clauses.children() {
            match clause.named() {
                Named::Extends => {
                    let Some(value) = clause.role(Role::Value) else {
                        continue;
                    };
                    parent = Some(self.expression(value));
                    let mut ty = Self::parent_ref(value);
                    if let Some(ty) = &mut ty {
                        ty.args.extend(self.type_arguments(clause));
                    }
                    heritage.extend(ty);
                }
                Named::Implements => {
                    for ty in clause.children() {
                        heritage.extend(self.type_ref(ty));
                    }
                }
                _ => {}
            }
        }
        self.set_type(id, |class| class.heritage = heritage);
        parent
    }

    /// The type that an `extends` names; of `mixin(A, B)` the mixin, with what it is applied to as arguments.
    fn parent_ref(node: Node<'t>) -> Option<TypeRef> {
        let node = node.bare();
        if node.is(Named::Call) {
            let mut ty = path_ref(node.role(Role::Function)?)?;
            let arguments = node.role(Role::Arguments)?;
            ty.args = arguments.children().filter_map(path_ref).collect();
            ty.span = node.span();
            return Some(ty);
        }
        path_ref(node)
    }

    fn class_body(&mut self, id: TypeId, class: ValueId, node: Node<'t>) {
        let mut body = Body::default();
        let mut decorators = Vec::new();
        for member in node.children() {
            match member.named() {
                Named::Decorator => decorators.extend(self.decorator(member)),
                Named::Method => {
                    let decorators = std::mem::take(&mut decorators);
                    self.method(id, member, decorators, &mut body);
                }
                Named::FieldDefinition => self.field(id, class, member, &mut body),
                Named::StaticBlock => self.static_block(class, member),
                _ => decorators.clear(),
            }
        }
        match body.constructor {
            Some((function, node)) => {
                self.function_body(function, node, &body.initialisers);
                self.parameter_properties(id, function);
            }
            None if !body.initialisers.is_empty() => {
                self.implicit_constructor(id, node, &body.initialisers);
            }
            None => {}
        }
        for (function, node) in body.methods {
            self.function_body(function, node, &[]);
        }
    }

    fn method(&mut self, id: TypeId, node: Node<'t>, decorators: Vec<CallId>, body: &mut Body<'t>) {
        let key = node.role(Role::Name).map(|name| self.key(name));
        let hint = key.as_ref().and_then(Hint::of_key);
        let is_static = node.has(Token::Static);
        let name = hint.as_ref().map(|hint| hint.name.clone());
        let is_constructor = !is_static && name.as_deref() == Some("constructor");
        let function = self.declare_function(node, hint);
        self.set_function(function, |made| {
            made.owner = Some(id);
            made.has_this = !is_static;
            made.decorators = decorators;
            if is_constructor {
                made.kind = FunctionKind::Constructor;
            }
        });
        if let Some(name) = name {
            let method = Method {
                name,
                function,
                is_static,
            };
            self.set_type(id, |class| class.methods.push(method));
        }
        if is_constructor {
            body.constructor = Some((function, node));
        } else {
            body.methods.push((function, node));
        }
    }

    fn field(&mut self, id: TypeId, class: ValueId, node: Node<'t>, body: &mut Body<'t>) {
        let Some(name_node) = node.role(Role::Name) else {
            return;
        };
        let decorators = self.decorators(node);
        let key = self.key(name_node);
        let hint = Hint::of_key(&key);
        let (name, span) = match key {
            Key::Name(name, span) => (name, span),
            Key::Computed(_) => (Name::default(), name_node.span()),
        };
        let ty = node.role(Role::Type).and_then(|ty| self.type_ref(ty));
        let is_static = node.has(Token::Static);
        let field = self.module.type_decl(id).fields.len();
        let added = Field {
            name,
            ty,
            value: None,
            decorators,
            is_static,
            span,
        };
        self.set_type(id, |class| class.fields.push(added));
        let Some(value) = node.role(Role::Value) else {
            return;
        };
        let initialiser = Initialiser {
            owner: id,
            field,
            value,
            hint,
        };
        if is_static {
            let outer = std::mem::replace(&mut self.cx.this, This::Value(class));
            self.initialise_fields(&[initialiser]);
            self.cx.this = outer;
        } else {
            body.initialisers.push(initialiser);
        }
    }

    /// Computes the values of fields.
    pub(super) fn initialise_fields(&mut self, fields: &[Initialiser<'t>]) {
        for field in fields {
            let value = self.named(field.value, field.hint.clone());
            self.set_type(field.owner, |class| {
                if let Some(field) = class.fields.get_mut(field.field) {
                    field.value = Some(value);
                }
            });
            if let ValueKind::Function(function) = *self.module.kind(value)
                && field
                    .value
                    .span()
                    .contains(self.module.function(function).span)
            {
                self.set_owner(function, field.owner);
            }
        }
    }

    fn static_block(&mut self, class: ValueId, node: Node<'t>) {
        let outer = std::mem::replace(&mut self.cx.this, This::Value(class));
        let (block, path) = self.in_block(BlockKind::Scope, node.span(), |lowering| {
            lowering.body(node.role(Role::Body));
        });
        self.cx.this = outer;
        self.step(Step::Scope(block));
        self.meet(&[path]);
    }

    /// A class without a constructor still computes its fields somewhere: in a function of kind constructor that
    /// is none of its methods.
    fn implicit_constructor(
        &mut self,
        id: TypeId,
        body: Node<'t>,
        initialisers: &[Initialiser<'t>],
    ) {
        let function = FunctionId::at(self.module.functions.len());
        let at = Span {
            end: body.span().start,
            ..body.span()
        };
        let value = self.value(ValueKind::Function(function), at);
        let block = self.new_block(BlockKind::Body, None, function, body.span());
        let mut made = new_function(FunctionKind::Constructor, block, value);
        made.name = Some(Name::new("constructor"));
        made.owner = Some(id);
        made.parent = Some(self.cx.function);
        made.has_this = true;
        made.head = self.module.type_decl(id).head;
        made.span = body.span();
        self.module.functions.push(made);
        self.inside(function, true, |lowering| {
            lowering.initialise_fields(initialisers);
        });
    }

    /// `constructor(private a: A)` declares a field.
    fn parameter_properties(&mut self, id: TypeId, constructor: FunctionId) {
        let params = &self.module.function(constructor).params;
        let fields: Vec<Field> = params
            .iter()
            .filter(|param| param.property)
            .filter_map(|param| {
                Some(Field {
                    name: param.name.clone()?,
                    ty: param.ty.clone(),
                    value: Some(param.value),
                    decorators: param.decorators.clone(),
                    is_static: false,
                    span: self.module.span(param.value),
                })
            })
            .collect();
        self.set_type(id, |class| class.fields.extend(fields));
    }
}

/// A name or dotted name as a type.
fn path_ref(node: Node<'_>) -> Option<TypeRef> {
    let mut path = Vec::new();
    let mut at = node.bare();
    while at.is(Named::Member) {
        path.push(Name::new(at.role(Role::Property)?.text()));
        at = at.role(Role::Object)?;
    }
    if !at.is(Named::Identifier) {
        return None;
    }
    path.push(Name::new(at.text()));
    path.reverse();
    Some(TypeRef {
        path,
        args: Vec::new(),
        span: node.span(),
    })
}
