//! What the syntax of TypeScript becomes, one file a topic.

#![allow(clippy::unwrap_used)]

mod calls;
mod classes;
mod control;
mod functions;
mod modules;
mod patterns;
mod robust;
mod types;
mod variables;

use super::{Dialect, lower};
use crate::model::{Call, Function, Module, ValueId};
use crate::source::FileId;

fn ts(text: &str) -> Module {
    lower(FileId(0), text, Dialect::TypeScript)
}

fn tsx(text: &str) -> Module {
    lower(FileId(0), text, Dialect::Tsx)
}

/// The steps of the file's top level, one a line, without indentation of the first level.
fn steps(text: &str) -> String {
    body(&ts(text), 0)
}

/// The steps of a function.
fn body(module: &Module, function: usize) -> String {
    let dump = module.dump();
    let head = format!("#{function} ");
    let mut lines = dump.lines().skip_while(|line| !line.starts_with(&head));
    lines.next();
    let body: Vec<&str> = lines
        .take_while(|line| line.starts_with("  "))
        .map(|line| line.get(2..).unwrap_or(""))
        .collect();
    body.join("\n")
}

/// The arguments of every call of `name`, as text.
fn args(module: &Module, name: &str) -> Vec<String> {
    module
        .calls
        .iter()
        .filter(|call| module.dump_value(call.callee) == name)
        .map(|call| {
            let values: Vec<_> = call
                .args
                .iter()
                .map(|arg| module.dump_value(arg.value))
                .collect();
            values.join(", ")
        })
        .collect()
}

/// What `f` is called with, in a text that calls it once.
fn arg(text: &str) -> String {
    args(&ts(text), "f").join("; ")
}

fn function<'m>(module: &'m Module, name: &str) -> &'m Function {
    module
        .functions
        .iter()
        .find(|function| function.name.as_deref() == Some(name))
        .unwrap_or_else(|| panic!("no function {name}"))
}

fn call<'m>(module: &'m Module, callee: &str) -> &'m Call {
    module
        .calls
        .iter()
        .find(|call| module.dump_value(call.callee) == callee)
        .unwrap_or_else(|| panic!("no call of {callee}"))
}

fn exports(module: &Module) -> Vec<String> {
    module
        .dump()
        .lines()
        .filter_map(|line| line.strip_prefix("export "))
        .map(str::to_owned)
        .collect()
}

fn text_of(module: &Module, text: &str, value: ValueId) -> String {
    module.span(value).text(text).to_owned()
}
