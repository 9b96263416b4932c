//! A module as text that people can read, for tests and for looking into what was lowered.
//!
//! What belongs here: printing. What may not enter: anything that decides.
//!
//! Results of calls are written `%0`, parameters `@name`, joins `a | b`, cells `cell(a | b)`, opaque values
//! `?(a, b)`; `^` stands for a value that is being written around it.

mod value;

use super::{
    BlockId, Call, CallForm, ExportKind, Function, Imported, Leave, Module, Step, StoreKey,
    TypeDecl, ValueId,
};
use std::fmt::{self, Write};
use value::{type_text, types};

impl Module {
    /// The whole module as text.
    #[must_use]
    pub fn dump(&self) -> String {
        let mut text = String::new();
        let mut dump = Dump {
            module: self,
            out: &mut text,
            indent: 0,
        };
        // Writing to a string cannot fail.
        let _ = dump.module();
        text
    }

    /// One value as text.
    #[must_use]
    pub fn dump_value(&self, id: ValueId) -> String {
        value::text(self, id)
    }
}

struct Dump<'m> {
    module: &'m Module,
    out: &'m mut String,
    indent: usize,
}

impl Dump<'_> {
    fn line(&mut self, text: &str) -> fmt::Result {
        writeln!(self.out, "{:1$}{text}", "", self.indent * 2)
    }

    fn deeper(&mut self, inner: impl FnOnce(&mut Self) -> fmt::Result) -> fmt::Result {
        self.indent += 1;
        let result = inner(self);
        self.indent -= 1;
        result
    }

    fn value(&self, id: ValueId) -> String {
        self.module.dump_value(id)
    }

    fn optional(&self, id: Option<ValueId>) -> String {
        id.map(|id| self.value(id)).unwrap_or_default()
    }

    fn module(&mut self) -> fmt::Result {
        let module = self.module;
        if !module.directives.is_empty() {
            self.line(&format!("directives {}", module.directives.join(", ")))?;
        }
        for (at, import) in module.imports.iter().enumerate() {
            let mut line = format!("import {at} {} = {:?}", import.local, import.source);
            line += &taken(&import.imported);
            line += if import.type_only { " type" } else { "" };
            line += if import.dynamic { " dynamic" } else { "" };
            self.line(&line)?;
        }
        for decl in &module.types {
            self.type_decl(decl)?;
        }
        for (at, function) in module.functions.iter().enumerate() {
            self.function(at, function)?;
        }
        for export in &module.exports {
            let what = match &export.kind {
                ExportKind::Value(value) => self.value(*value),
                ExportKind::Type(id) => format!("type {}", module.type_decl(*id).name),
                ExportKind::From { source, imported } => {
                    format!("from {source:?}{}", taken(imported))
                }
                ExportKind::Star { source } => format!("* from {source:?}"),
            };
            self.line(&format!("export {} = {what}", export.name))?;
        }
        for gap in &module.gaps {
            self.line(&format!("gap {}: {}", gap.kind.name(), gap.message))?;
        }
        Ok(())
    }

    fn decorators(&mut self, decorators: &[super::CallId]) -> fmt::Result {
        for id in decorators {
            let call = self.call(self.module.call(*id));
            self.line(&call)?;
        }
        Ok(())
    }

    fn type_decl(&mut self, decl: &TypeDecl) -> fmt::Result {
        self.decorators(&decl.decorators)?;
        let kind = format!("{:?}", decl.kind).to_lowercase();
        let mut line = format!("{kind} {}", decl.name);
        if !decl.heritage.is_empty() {
            line += &format!(" : {}", types(&decl.heritage));
        }
        if let Some(target) = &decl.target {
            line += &format!(" = {}", type_text(target));
        }
        self.line(&line)?;
        self.deeper(|dump| {
            for field in &decl.fields {
                dump.decorators(&field.decorators)?;
                let mut line = String::from(if field.is_static { "static " } else { "" });
                line += &field.name;
                if let Some(ty) = &field.ty {
                    line += &format!(": {}", type_text(ty));
                }
                if let Some(value) = field.value {
                    line += &format!(" = {}", dump.value(value));
                }
                dump.line(&line)?;
            }
            for method in &decl.methods {
                let place = if method.is_static { "static " } else { "" };
                dump.line(&format!("{place}{}() #{}", method.name, method.function.0))?;
            }
            Ok(())
        })
    }

    fn function(&mut self, at: usize, function: &Function) -> fmt::Result {
        self.decorators(&function.decorators)?;
        let kind = format!("{:?}", function.kind).to_lowercase();
        let mut line = format!("#{at} {kind} {}(", function.name.as_deref().unwrap_or("_"));
        for (index, param) in function.params.iter().enumerate() {
            line += if index > 0 { ", " } else { "" };
            line += if param.rest { "..." } else { "" };
            line += param.name.as_deref().unwrap_or("{}");
            if let Some(ty) = &param.ty {
                line += &format!(": {}", type_text(ty));
            }
            if let Some(default) = param.default {
                line += &format!(" = {}", self.value(default));
            }
        }
        line += ")";
        if let Some(ty) = &function.return_type {
            line += &format!(": {}", type_text(ty));
        }
        line += if function.is_async { " async" } else { "" };
        if let Some(owner) = function.owner {
            line += &format!(" of {}", self.module.type_decl(owner).name);
        }
        if !function.directives.is_empty() {
            line += &format!(" directives {}", function.directives.join(", "));
        }
        self.line(&line)?;
        self.block(function.body)
    }

    fn block(&mut self, id: BlockId) -> fmt::Result {
        let block = self.module.block(id);
        self.deeper(|dump| {
            for step in &block.steps {
                dump.step(step)?;
            }
            Ok(())
        })
    }

    fn part(&mut self, head: &str, block: BlockId) -> fmt::Result {
        self.line(head)?;
        self.block(block)
    }

    fn step(&mut self, step: &Step) -> fmt::Result {
        match step {
            Step::Call(id) => {
                let call = self.module.call(*id);
                let line = format!("%{} = {}", id.0, self.call(call));
                self.line(&line)
            }
            Step::Store(id) => {
                let store = self.module.store(*id);
                let key = match &store.key {
                    StoreKey::Member(name) => format!(".{name}"),
                    StoreKey::Index(key) => format!("[{}]", self.value(*key)),
                    StoreKey::Whole => String::new(),
                };
                let (target, value) = (self.value(store.target), self.value(store.value));
                self.line(&format!("{target}{key} := {value}"))
            }
            Step::Branch {
                condition,
                then,
                otherwise,
            } => {
                self.part(&format!("if {}", self.value(*condition)), *then)?;
                otherwise.map_or(Ok(()), |block| self.part("else", block))
            }
            Step::Match {
                subject,
                arms,
                exhaustive,
            } => {
                let note = if *exhaustive { " exhaustive" } else { "" };
                self.line(&format!("match {}{note}", self.value(*subject)))?;
                for (value, block) in arms {
                    let head = value.map_or("else".into(), |value| self.value(value));
                    self.part(&format!("case {head}"), *block)?;
                }
                Ok(())
            }
            Step::Loop {
                over,
                condition,
                body,
            } => {
                let head = match over {
                    Some(over) => format!("loop over {}", self.value(*over)),
                    None => format!("loop while {}", self.optional(*condition)),
                };
                self.part(&head, *body)
            }
            Step::Try {
                body,
                catch,
                finally,
            } => {
                self.part("try", *body)?;
                if let Some((caught, block)) = catch {
                    self.part(&format!("catch {}", self.optional(*caught)), *block)?;
                }
                finally.map_or(Ok(()), |block| self.part("finally", block))
            }
            Step::Scope(block) => self.part("scope", *block),
            Step::Leave(leave) => {
                let line = match leave {
                    Leave::Return(value) => format!("return {}", self.optional(*value)),
                    Leave::Throw(value) => format!("throw {}", self.optional(*value)),
                    Leave::Break => "break".into(),
                    Leave::Continue => "continue".into(),
                };
                self.line(&line)
            }
        }
    }

    fn call(&self, call: &Call) -> String {
        let args: Vec<String> = call
            .args
            .iter()
            .map(|arg| {
                format!(
                    "{}{}",
                    if arg.spread { "..." } else { "" },
                    self.value(arg.value)
                )
            })
            .collect();
        let form = match call.form {
            CallForm::Plain => "",
            CallForm::New => "new ",
            CallForm::Macro => "macro ",
            CallForm::Tag => "tag ",
            CallForm::Decorator => "@",
            CallForm::Attribute => "#",
            CallForm::Jsx => "jsx ",
        };
        let mut line = format!("{form}{}", self.value(call.callee));
        if !call.type_args.is_empty() {
            line += &format!("<{}>", types(&call.type_args));
        }
        line += &format!("({})", args.join(", "));
        for (flag, name) in [
            (call.optional, " optional"),
            (call.awaited, " awaited"),
            (call.discarded, " discarded"),
        ] {
            line += if flag { name } else { "" };
        }
        line
    }
}

fn taken(imported: &Imported) -> String {
    match imported {
        Imported::Named(name) => format!(".{name}"),
        Imported::Default => ".default".into(),
        Imported::Namespace => " as namespace".into(),
        Imported::CommonJs => " required".into(),
        Imported::Glob => " glob".into(),
        Imported::SideEffect => " for its effect".into(),
    }
}
