//! Values and types as text.
//!
//! What belongs here: expressions. What may not enter: statements and declarations.

use crate::model::{
    Comparison, Entry, FunctionId, Literal, LogicalOp, Module, TypeRef, UnaryOp, ValueId, ValueKind,
};
use std::fmt::{self, Write};

/// How deep a value is written out.
const DEEPEST: usize = 16;

/// A value as text.
pub(super) fn text(module: &Module, id: ValueId) -> String {
    let mut writer = Writer {
        module,
        out: String::new(),
        open: Vec::new(),
    };
    // Writing to a string cannot fail.
    let _ = writer.value(id);
    writer.out
}

/// Types as text.
pub(super) fn types(list: &[TypeRef]) -> String {
    let texts: Vec<String> = list.iter().map(type_text).collect();
    texts.join(", ")
}

/// A type as text.
pub(super) fn type_text(ty: &TypeRef) -> String {
    let name = ty.path.join(".");
    if ty.args.is_empty() {
        name
    } else {
        format!("{name}<{}>", types(&ty.args))
    }
}

fn function_name(module: &Module, id: FunctionId) -> String {
    let name = module
        .functions
        .get(id.index())
        .and_then(|f| f.name.clone());
    format!("{}#{}", name.unwrap_or_default(), id.0)
}

/// Writes values.
struct Writer<'m> {
    module: &'m Module,
    out: String,
    /// The values that are being written.
    open: Vec<ValueId>,
}

impl Writer<'_> {
    fn value(&mut self, id: ValueId) -> fmt::Result {
        if self.open.contains(&id) {
            return self.out.write_str("^");
        }
        if self.open.len() >= DEEPEST {
            return self.out.write_str("..");
        }
        self.open.push(id);
        let result = self.kind(self.module.kind(id));
        self.open.pop();
        result
    }

    fn text(&mut self, text: &str) -> fmt::Result {
        self.out.write_str(text)
    }

    fn kind(&mut self, kind: &ValueKind) -> fmt::Result {
        match kind {
            ValueKind::Literal(literal) => self.literal(literal),
            ValueKind::Param { function, index } => {
                let function = self.module.functions.get(function.index());
                let param = function.and_then(|f| f.params.get(*index as usize));
                match param.and_then(|param| param.name.as_deref()) {
                    Some(name) => write!(self.out, "@{name}"),
                    None => write!(self.out, "@{index}"),
                }
            }
            ValueKind::This(function) => {
                let name = function_name(self.module, *function);
                write!(self.out, "this({name})")
            }
            ValueKind::Import(id) => write!(self.out, "import({})", id.0),
            ValueKind::Global(name) => self.text(name),
            ValueKind::Path(path) => self.text(&path.join("::")),
            ValueKind::Function(id) => {
                let name = function_name(self.module, *id);
                write!(self.out, "fn {name}")
            }
            ValueKind::Class(id) => write!(self.out, "class {}", self.module.type_decl(*id).name),
            ValueKind::Call(id) => write!(self.out, "%{}", id.0),
            other => self.compound(other),
        }
    }

    fn compound(&mut self, kind: &ValueKind) -> fmt::Result {
        match kind {
            ValueKind::Member {
                base,
                name,
                optional,
            } => {
                self.value(*base)?;
                write!(self.out, "{}.{name}", if *optional { "?" } else { "" })
            }
            ValueKind::Index { base, key } => {
                self.value(*base)?;
                self.list("[", &[*key], "", "]")
            }
            ValueKind::Binary { op, left, right } => self.pair(*left, op, *right),
            ValueKind::Logical { op, left, right } => self.pair(*left, logical(*op), *right),
            ValueKind::Compare { op, left, right } => self.pair(*left, comparison(*op), *right),
            ValueKind::Unary { op, operand } => {
                self.text(unary(*op))?;
                self.value(*operand)
            }
            ValueKind::Text(parts) => self.list("text(", parts, ", ", ")"),
            ValueKind::Join(values) => self.list("(", values, " | ", ")"),
            ValueKind::Cell(values) => self.list("cell(", values, " | ", ")"),
            ValueKind::Opaque(values) => self.list("?(", values, ", ", ")"),
            ValueKind::Element(value) => self.list("each(", &[*value], "", ")"),
            ValueKind::Await(value) => self.list("await(", &[*value], "", ")"),
            ValueKind::Unwrap(value) => self.list("unwrap(", &[*value], "", ")"),
            ValueKind::Object(entries) => self.object(entries),
            ValueKind::List(items) => {
                self.text("[")?;
                for (at, item) in items.iter().enumerate() {
                    self.text(if at > 0 { ", " } else { "" })?;
                    self.text(if item.spread { "..." } else { "" })?;
                    self.value(item.value)?;
                }
                self.text("]")
            }
            ValueKind::Rest { base, minus } => {
                self.list("rest(", &[*base], "", " - ")?;
                write!(self.out, "{})", minus.join(", "))
            }
            ValueKind::Cast { value, ty } => {
                let ty = ty.as_ref().map_or_else(|| "?".into(), type_text);
                self.list("(", &[*value], "", " as ")?;
                write!(self.out, "{ty})")
            }
            ValueKind::Matches { value, pattern } => {
                self.list("(", &[*value], "", " is ")?;
                write!(self.out, "{pattern})")
            }
            _ => Ok(()),
        }
    }

    fn list(&mut self, open: &str, values: &[ValueId], between: &str, close: &str) -> fmt::Result {
        self.text(open)?;
        for (at, value) in values.iter().enumerate() {
            self.text(if at > 0 { between } else { "" })?;
            self.value(*value)?;
        }
        self.text(close)
    }

    fn pair(&mut self, left: ValueId, op: &str, right: ValueId) -> fmt::Result {
        self.text("(")?;
        self.value(left)?;
        write!(self.out, " {op} ")?;
        self.value(right)?;
        self.text(")")
    }

    fn object(&mut self, entries: &[Entry]) -> fmt::Result {
        self.text("{")?;
        for (at, entry) in entries.iter().enumerate() {
            self.text(if at > 0 { ", " } else { "" })?;
            match entry {
                Entry::Field { key, value, .. } => {
                    write!(self.out, "{key}: ")?;
                    self.value(*value)?;
                }
                Entry::Computed { key, value } => {
                    self.list("[", &[*key], "", "]: ")?;
                    self.value(*value)?;
                }
                Entry::Spread(value) => self.list("...", &[*value], "", "")?,
            }
        }
        self.text("}")
    }

    fn literal(&mut self, literal: &Literal) -> fmt::Result {
        match literal {
            Literal::Str(text) => write!(self.out, "{text:?}"),
            Literal::Number(number) => write!(self.out, "{number}"),
            Literal::Bool(value) => write!(self.out, "{value}"),
            Literal::Null => self.text("null"),
            Literal::Undefined => self.text("undefined"),
            Literal::Regex(text) => self.text(text),
        }
    }
}

fn logical(op: LogicalOp) -> &'static str {
    match op {
        LogicalOp::And => "&&",
        LogicalOp::Or => "||",
        LogicalOp::Coalesce => "??",
    }
}

fn unary(op: UnaryOp) -> &'static str {
    match op {
        UnaryOp::Not => "!",
        UnaryOp::Number => "-",
        UnaryOp::TypeOf => "typeof ",
        UnaryOp::Void => "void ",
    }
}

fn comparison(op: Comparison) -> &'static str {
    match op {
        Comparison::Eq => "==",
        Comparison::Ne => "!=",
        Comparison::Lt => "<",
        Comparison::Le => "<=",
        Comparison::Gt => ">",
        Comparison::Ge => ">=",
        Comparison::InstanceOf => "instanceof",
        Comparison::In => "in",
    }
}
