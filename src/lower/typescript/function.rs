//! Functions of every form: their head, parameters and body.
//!
//! What belongs here: what makes up a function. What may not enter: the classes and objects they are members of.

use super::build::{Context, Lowering, This, new_function};
use super::expression::Key;
use super::kind::{Named, Role, Token};
use super::literal::string;
use super::tree::Node;
use crate::model::{
    BlockKind, CallId, FunctionId, FunctionKind, Name, Param, TypeId, ValueId, ValueKind,
};
use crate::source::Span;

/// The name that a value is bound to, for a function or class that has none of its own.
#[derive(Debug, Clone)]
pub(super) struct Hint {
    /// The name.
    pub(super) name: Name,
    /// Where it is written, if that is a place to point at.
    pub(super) span: Option<Span>,
}

impl Hint {
    /// A name without a place.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        Some(Self {
            name: Name::new(name),
            span: None,
        })
    }

    /// The name that a declaration or assignment binds: `f`, `a.f`.
    pub(super) fn of_target(target: Node<'_>) -> Option<Self> {
        let node = match target.named() {
            Named::Identifier | Named::ShorthandPattern => target,
            Named::Member => target.role(Role::Property)?,
            _ => return None,
        };
        Some(Self {
            name: Name::new(node.text()),
            span: Some(node.span()),
        })
    }

    /// The name of a property.
    pub(super) fn of_key(key: &Key) -> Option<Self> {
        match key {
            Key::Name(name, span) => Some(Self {
                name: name.clone(),
                span: Some(*span),
            }),
            Key::Computed(_) => None,
        }
    }
}

impl<'t> Lowering<'t> {
    /// A function expression or method.
    pub(super) fn function(&mut self, node: Node<'t>, hint: Option<Hint>) -> ValueId {
        let id = self.declare_function(node, hint);
        self.function_body(id, node, &[]);
        self.module.function(id).value
    }

    /// Makes a function of which the parameters and the body are still to come.
    pub(super) fn declare_function(&mut self, node: Node<'t>, hint: Option<Hint>) -> FunctionId {
        let span = node.span();
        let id = FunctionId::at(self.module.functions.len());
        let value = self.value(ValueKind::Function(id), span);
        let body_span = node.role(Role::Body).map_or(span, Node::span);
        let body = self.new_block(BlockKind::Body, None, id, body_span);
        let kind = match node.named() {
            Named::Arrow => FunctionKind::Closure,
            Named::Method => FunctionKind::Method,
            _ => FunctionKind::Function,
        };
        let mut function = new_function(kind, body, value);
        let own_name = node
            .role(Role::Name)
            .filter(|_| kind != FunctionKind::Method);
        function.name = match &own_name {
            Some(name) => Some(Name::new(name.text())),
            None => hint.as_ref().map(|hint| hint.name.clone()),
        };
        let token = node.token(Token::Arrow).or(node.token(Token::Function));
        function.head = own_name
            .map(Node::span)
            .or(hint.and_then(|hint| hint.span))
            .or(token.or(node.role(Role::Name)).map(Node::span))
            .unwrap_or(span);
        function.span = span;
        function.parent = Some(self.cx.function);
        function.has_this = kind == FunctionKind::Method;
        function.is_async = node.has(Token::Async);
        self.module.functions.push(function);
        id
    }

    /// Lowers what a function does. Field initialisers run before the statements of a constructor.
    pub(super) fn function_body(
        &mut self,
        id: FunctionId,
        node: Node<'t>,
        first: &[super::class::Initialiser<'t>],
    ) {
        let parameters = parameters(node);
        let decorators = self.parameter_decorators(&parameters);
        let return_type = node.role(Role::ReturnType);
        let return_type = return_type.and_then(|ty| self.type_ref(ty));
        let is_arrow = node.is(Named::Arrow);
        self.inside(id, !is_arrow, |lowering| {
            if matches!(node.named(), Named::Function | Named::Generator)
                && let Some(name) = node.role(Role::Name)
            {
                let value = lowering.module.function(id).value;
                lowering.initialise(name, value);
            }
            for (parameter, decorators) in parameters.into_iter().zip(decorators) {
                lowering.parameter(id, parameter, decorators);
            }
            lowering.initialise_fields(first);
            match node.role(Role::Body) {
                Some(block) if block.is(Named::Block) => {
                    let directives = directives(block);
                    lowering.set_function(id, |function| function.directives = directives);
                    lowering.statements(block);
                }
                Some(expression) => {
                    lowering.return_of(Some(expression), 0);
                }
                None => {}
            }
        });
        self.set_function(id, |function| function.return_type = return_type);
    }

    /// Does something where a function's body is executed.
    pub(super) fn inside(&mut self, id: FunctionId, own_this: bool, inner: impl FnOnce(&mut Self)) {
        let body = self.module.function(id).body;
        let kind = self.module.function(id).kind;
        let keeps_super = matches!(
            kind,
            FunctionKind::Closure | FunctionKind::Method | FunctionKind::Constructor
        );
        let context = Context {
            function: id,
            block: body,
            this: if own_this { This::Of(id) } else { self.cx.this },
            parent_class: self.cx.parent_class.filter(|_| keeps_super),
            left: false,
            frames: Vec::new(),
        };
        let outer = std::mem::replace(&mut self.cx, context);
        let label = self.label.take();
        let log = self.env.enter_function();
        inner(self);
        self.env.leave_function(log);
        self.label = label;
        self.cx = outer;
    }

    /// Changes a function.
    pub(super) fn set_function(
        &mut self,
        id: FunctionId,
        change: impl FnOnce(&mut crate::model::Function),
    ) {
        if let Some(function) = self.module.functions.get_mut(id.index()) {
            change(function);
        }
    }

    /// Parameter decorators run where the class is declared.
    fn parameter_decorators(&mut self, parameters: &[Node<'t>]) -> Vec<Vec<CallId>> {
        parameters
            .iter()
            .map(|parameter| self.decorators(*parameter))
            .collect()
    }

    fn parameter(&mut self, function: FunctionId, node: Node<'t>, decorators: Vec<CallId>) {
        let pattern = node.role(Role::Pattern).unwrap_or(node);
        let rest = pattern.is(Named::RestPattern);
        let inner = pattern.first().filter(|_| rest).unwrap_or(pattern);
        let index = self.module.function(function).params.len();
        let value = self.value(
            ValueKind::Param {
                function,
                index: u32::try_from(index).unwrap_or(u32::MAX),
            },
            inner.span(),
        );
        let ty = node.role(Role::Type).and_then(|ty| self.type_ref(ty));
        let mut held = value;
        let mut default = None;
        if let Some(written) = node.role(Role::Value) {
            let (either, other) = self.with_default(value, written, Hint::of_target(inner));
            held = either;
            default = Some(other);
        }
        let param = Param {
            name: inner.is(Named::Identifier).then(|| Name::new(inner.text())),
            value,
            ty,
            rest,
            default,
            property: node.child(Named::Accessibility).is_some() || node.has(Token::Readonly),
            decorators,
            span: node.span(),
        };
        self.set_function(function, |function| function.params.push(param));
        self.bind_pattern(inner, held);
    }

    /// Marks a function as belonging to a class.
    pub(super) fn set_owner(&mut self, id: FunctionId, owner: TypeId) {
        self.set_function(id, |function| function.owner = Some(owner));
    }
}

/// The parameters of a function, without a `this` that only says a type.
fn parameters<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    if let Some(single) = node.role(Role::Parameter) {
        return vec![single];
    }
    let list = node.role(Role::Parameters);
    list.into_iter()
        .flat_map(Node::children)
        .filter(|parameter| {
            matches!(
                parameter.named(),
                Named::RequiredParameter | Named::OptionalParameter
            )
        })
        .filter(|parameter| {
            let pattern = parameter.role(Role::Pattern);
            pattern.is_some_and(|pattern| !pattern.is(Named::This))
        })
        .collect()
}

/// The directives at the start of a body.
pub(super) fn directives(body: Node<'_>) -> Vec<Name> {
    body.children()
        .map_while(|statement| {
            let inner = statement
                .is(Named::ExpressionStatement)
                .then_some(statement)?;
            let text = inner.first()?;
            text.is(Named::String).then(|| string(text))
        })
        .collect()
}
