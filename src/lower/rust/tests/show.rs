//! Writes parts of a module in one line, to compare with.

use crate::lower::rust::lower;
use crate::model::{
    Call, Entry, Function, GapKind, Leave, Literal, Module, Step, StoreKey, ValueId, ValueKind,
};
use crate::source::FileId;

/// Lowers code that must have no gap.
pub(super) fn read(code: &str) -> Module {
    let module = lower(FileId(0), code);
    assert_eq!(module.gaps, [], "{code}");
    module
}

pub(super) fn gaps(module: &Module) -> Vec<GapKind> {
    module.gaps.iter().map(|gap| gap.kind).collect()
}

pub(super) fn function<'m>(module: &'m Module, name: &str) -> &'m Function {
    let found = module
        .functions
        .iter()
        .find(|f| f.name.as_deref() == Some(name));
    found.unwrap_or_else(|| panic!("no function {name}"))
}

/// The call of which the name token is `name`.
pub(super) fn call<'m>(module: &'m Module, code: &str, name: &str) -> &'m Call {
    let found = module
        .calls
        .iter()
        .find(|call| call.name_span.text(code) == name);
    found.unwrap_or_else(|| panic!("no call {name}"))
}

/// The values that are passed to the call named `name`.
pub(super) fn args(code: &str, name: &str) -> String {
    let module = lower(FileId(0), code);
    let call = call(&module, code, name);
    let shown: Vec<String> = call
        .args
        .iter()
        .map(|arg| value(&module, arg.value))
        .collect();
    shown.join(", ")
}

/// The steps of the function named `f`.
pub(super) fn body(code: &str) -> String {
    let module = read(code);
    let f = function(&module, "f");
    block(&module, f.body.index())
}

/// What the function named `f` returns.
pub(super) fn returns(code: &str) -> String {
    let module = read(code);
    let f = function(&module, "f");
    let shown: Vec<String> = f
        .returns
        .iter()
        .map(|r| r.value.map_or("()".to_owned(), |id| value(&module, id)))
        .collect();
    shown.join(", ")
}

pub(super) fn block(module: &Module, index: usize) -> String {
    let steps: Vec<String> = module.blocks[index]
        .steps
        .iter()
        .map(|s| step(module, s))
        .collect();
    format!("{{{}}}", steps.join("; "))
}

fn step(module: &Module, step: &Step) -> String {
    let show = |id: ValueId| value(module, id);
    let inner = |id: crate::model::BlockId| block(module, id.index());
    match step {
        Step::Call(id) => show(module.call(*id).value),
        Step::Store(id) => {
            let store = module.store(*id);
            let key = match &store.key {
                StoreKey::Member(name) => format!(".{name}"),
                StoreKey::Index(key) => format!("[{}]", show(*key)),
                StoreKey::Whole => String::new(),
            };
            format!("{}{key} := {}", show(store.target), show(store.value))
        }
        Step::Branch {
            condition,
            then,
            otherwise,
        } => {
            let otherwise = otherwise.map_or(String::new(), |id| format!(" else {}", inner(id)));
            format!("if {} {}{otherwise}", show(*condition), inner(*then))
        }
        Step::Match { subject, arms, .. } => {
            let arms: Vec<String> = arms
                .iter()
                .map(|(key, id)| format!("{} => {}", key.map_or("_".to_owned(), show), inner(*id)))
                .collect();
            format!("match {} {{{}}}", show(*subject), arms.join(", "))
        }
        Step::Loop {
            over,
            condition,
            body,
        } => {
            let over = over.map_or(String::new(), |id| format!(" over {}", show(id)));
            let condition = condition.map_or(String::new(), |id| format!(" while {}", show(id)));
            format!("loop{over}{condition} {}", inner(*body))
        }
        Step::Try { .. } => "try".to_owned(),
        Step::Scope(id) => inner(*id),
        Step::Leave(Leave::Return(id)) => format!("return {}", id.map_or(String::new(), show)),
        Step::Leave(Leave::Throw(_)) => "throw".to_owned(),
        Step::Leave(Leave::Break) => "break".to_owned(),
        Step::Leave(Leave::Continue) => "continue".to_owned(),
    }
}

/// A value in one line; joins that lead back to themselves end in `..`.
pub(super) fn value(module: &Module, id: ValueId) -> String {
    shown(module, id, &[])
}

fn shown(module: &Module, id: ValueId, around: &[ValueId]) -> String {
    if around.contains(&id) {
        return "..".to_owned();
    }
    let around = [around, &[id]].concat();
    let show = |id: &ValueId| shown(module, *id, &around);
    let all = |ids: &[ValueId], between: &str| {
        ids.iter().map(show).collect::<Vec<String>>().join(between)
    };
    match module.kind(id) {
        ValueKind::Literal(Literal::Str(text)) => format!("{text:?}"),
        ValueKind::Literal(Literal::Number(n)) => n.to_string(),
        ValueKind::Literal(Literal::Bool(b)) => b.to_string(),
        ValueKind::Literal(Literal::Null) => "null".to_owned(),
        ValueKind::Literal(_) => "()".to_owned(),
        ValueKind::Param { index, .. } => format!("#{index}"),
        ValueKind::This(_) => "self".to_owned(),
        ValueKind::Path(path) => path.join("::"),
        ValueKind::Function(id) => {
            let f = module.function(*id);
            f.name
                .as_ref()
                .map_or("fn".to_owned(), |name| format!("fn {name}"))
        }
        ValueKind::Class(id) => format!("class {}", module.type_decl(*id).name),
        ValueKind::Member { base, name, .. } => format!("{}.{name}", show(base)),
        ValueKind::Index { base, key } => format!("{}[{}]", show(base), show(key)),
        ValueKind::Element(base) => format!("each({})", show(base)),
        ValueKind::Call(id) => {
            let call = module.call(*id);
            let args: Vec<String> = call.args.iter().map(|arg| show(&arg.value)).collect();
            format!("{}({})", show(&call.callee), args.join(", "))
        }
        ValueKind::Text(parts) => format!("text<{}>", all(parts, " + ")),
        ValueKind::Binary { op, left, right } => format!("({} {op} {})", show(left), show(right)),
        ValueKind::Unary { operand, .. } => format!("!{}", show(operand)),
        ValueKind::Logical { op, left, right } => {
            format!("({} {op:?} {})", show(left), show(right))
        }
        ValueKind::Compare { op, left, right } => {
            format!("({} {op:?} {})", show(left), show(right))
        }
        ValueKind::Object(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|entry| match entry {
                    Entry::Field { key, value, .. } => format!("{key}: {}", show(value)),
                    Entry::Computed { key, value } => format!("[{}]: {}", show(key), show(value)),
                    Entry::Spread(value) => format!("..{}", show(value)),
                })
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        ValueKind::List(items) => {
            let items: Vec<ValueId> = items.iter().map(|item| item.value).collect();
            format!("[{}]", all(&items, ", "))
        }
        ValueKind::Rest { base, .. } => format!("rest({})", show(base)),
        ValueKind::Join(values) => format!("<{}>", all(values, " | ")),
        ValueKind::Cell(values) => format!("cell<{}>", all(values, " | ")),
        ValueKind::Await(value) => format!("await {}", show(value)),
        ValueKind::Unwrap(value) => format!("{}?", show(value)),
        ValueKind::Cast { value, ty } => {
            format!(
                "{} as {}",
                show(value),
                ty.as_ref().map_or("_", |ty| ty.last())
            )
        }
        ValueKind::Matches { value, pattern } => format!("{} is {pattern}", show(value)),
        ValueKind::Opaque(children) => format!("opaque({})", all(children, ", ")),
        ValueKind::Import(_) | ValueKind::Global(_) => "?".to_owned(),
    }
}
