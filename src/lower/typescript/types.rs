//! Types as they are written.
//!
//! What belongs here: from a type's syntax to a [`TypeRef`]. What may not enter: what a type means, and
//! declarations.

use super::build::Lowering;
use super::kind::{Kind, Named, Role};
use super::tree::Node;
use crate::model::{Name, TypeRef};

fn shape(name: &str, args: Vec<TypeRef>, node: Node<'_>) -> TypeRef {
    TypeRef {
        path: vec![Name::new(name)],
        args,
        span: node.span(),
    }
}

impl<'t> Lowering<'t> {
    /// The type arguments of a call.
    pub(super) fn type_arguments(&mut self, node: Node<'t>) -> Vec<TypeRef> {
        let tag = node.role(Role::Function).map(|tag| tag.span().end);
        let arguments = node
            .role(Role::TypeArguments)
            .or_else(|| node.child(Named::TypeArguments))
            .or_else(|| self.tag_types.get(&tag?).copied());
        arguments.map_or_else(Vec::new, |list| self.type_list(list))
    }

    /// A type, or the annotation that holds it.
    pub(super) fn type_ref(&mut self, node: Node<'t>) -> Option<TypeRef> {
        self.deeper(node, |lowering| lowering.any_type(node))?
    }

    fn type_list(&mut self, node: Node<'t>) -> Vec<TypeRef> {
        node.children()
            .filter_map(|child| self.type_ref(child))
            .collect()
    }

    fn any_type(&mut self, node: Node<'t>) -> Option<TypeRef> {
        let ty = match node.named() {
            Named::TypeAnnotation
            | Named::ParenthesizedType
            | Named::ReadonlyType
            | Named::OptionalType
            | Named::RestType
            | Named::AssertsAnnotation
            | Named::TypePredicateAnnotation => return self.type_ref(node.first()?),
            Named::TypeIdentifier
            | Named::Identifier
            | Named::PredefinedType
            | Named::ThisType
            | Named::This => shape(node.text(), Vec::new(), node),
            Named::NestedType | Named::NestedIdentifier => TypeRef {
                path: segments(node),
                args: Vec::new(),
                span: node.span(),
            },
            Named::GenericType => TypeRef {
                path: segments(node.role(Role::Name)?),
                args: self.type_arguments(node),
                span: node.span(),
            },
            Named::ArrayType => {
                let items = self.type_list(node);
                shape("[]", items, node)
            }
            Named::UnionType => self.row(node, "|"),
            Named::Intersection => self.row(node, "&"),
            Named::TupleType => {
                let members = self.type_list(node);
                shape("()", members, node)
            }
            Named::RequiredParameter | Named::OptionalParameter => {
                return self.type_ref(node.role(Role::Type)?);
            }
            Named::ObjectType | Named::InterfaceBody => shape("{}", Vec::new(), node),
            Named::LiteralType | Named::TemplateLiteralType => shape("''", Vec::new(), node),
            Named::FunctionType | Named::ConstructorType => self.function_type(node),
            _ => return self.other_type(node),
        };
        Some(ty)
    }

    fn other_type(&mut self, node: Node<'t>) -> Option<TypeRef> {
        let ty = match node.named() {
            Named::KeyOf => {
                let of = self.type_list(node);
                shape("keyof", of, node)
            }
            Named::LookupType => {
                let parts = self.type_list(node);
                shape("[k]", parts, node)
            }
            Named::TypeQuery => TypeRef {
                path: [Name::new("typeof")]
                    .into_iter()
                    .chain(node.first().map(segments).unwrap_or_default())
                    .collect(),
                args: Vec::new(),
                span: node.span(),
            },
            Named::ConditionalType => {
                let ways = [Role::Consequence, Role::Alternative];
                let ways = ways.into_iter().filter_map(|way| node.role(way));
                let ways = ways.filter_map(|way| self.type_ref(way)).collect();
                shape("?", ways, node)
            }
            Named::TypePredicate => {
                let ty = node.role(Role::Type).and_then(|ty| self.type_ref(ty));
                shape("is", ty.into_iter().collect(), node)
            }
            Named::Asserts => {
                let what = node.child(Named::TypePredicate);
                let what = what.and_then(|what| self.type_ref(what));
                shape("asserts", what.into_iter().collect(), node)
            }
            _ if node.kind() == Kind::Error => return None,
            _ => shape("?", Vec::new(), node),
        };
        Some(ty)
    }

    /// `A | B | C` nests to the left, as deep as it is long.
    fn row(&mut self, node: Node<'t>, sign: &str) -> TypeRef {
        let mut members = Vec::new();
        let mut open = vec![node];
        while let Some(at) = open.pop() {
            if at.named() == node.named() {
                let from = open.len();
                open.extend(at.children());
                open.get_mut(from..).unwrap_or_default().reverse();
            } else {
                members.extend(self.type_ref(at));
            }
        }
        shape(sign, members, node)
    }

    fn function_type(&mut self, node: Node<'t>) -> TypeRef {
        let parameters = node.role(Role::Parameters);
        let mut args: Vec<TypeRef> = parameters
            .into_iter()
            .flat_map(Node::children)
            .map(|parameter| {
                let ty = parameter.role(Role::Type);
                let known = ty.and_then(|ty| self.type_ref(ty));
                known.unwrap_or_else(|| shape("any", Vec::new(), parameter))
            })
            .collect();
        let result = node.role(Role::ReturnType).or(node.role(Role::Type));
        let result = result.and_then(|ty| self.type_ref(ty));
        args.push(result.unwrap_or_else(|| shape("any", Vec::new(), node)));
        shape("=>", args, node)
    }

    /// The type of a method that is declared and not written.
    pub(super) fn signature(&mut self, node: Node<'t>) -> TypeRef {
        self.function_type(node)
    }
}

/// The segments of `a.b.C`.
fn segments(node: Node<'_>) -> Vec<Name> {
    let mut path = Vec::new();
    let mut at = node;
    loop {
        let (last, rest) = match at.named() {
            Named::NestedType => (at.role(Role::Name), at.role(Role::Module)),
            Named::NestedIdentifier | Named::Member => {
                (at.role(Role::Property), at.role(Role::Object))
            }
            Named::Call => (None, at.role(Role::Function)),
            Named::Instantiation => (None, at.first()),
            _ => (Some(at), None),
        };
        path.extend(last.map(|last| Name::new(last.text())));
        match rest {
            Some(rest) => at = rest,
            None => break,
        }
    }
    path.reverse();
    path
}
