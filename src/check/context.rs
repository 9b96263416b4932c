//! What a call stands in: the start of a server, a logger, what only developers run.

use super::Subject;
use crate::link::node::{CallAt, Func};
use crate::model::{
    Block, BlockKind, CallForm, Entry, FunctionKind, Language, Module, Name, Step, ValueId,
    ValueKind,
};
use crate::rule::Context;
use crate::source::FileId;
use crate::vocabulary::split_words;
use rustc_hash::FxHashSet;

/// Calls by which a server starts to listen; what stands beside them is start-up.
const STARTS: [&str; 3] = ["listen", "serve", "bind"];
/// Functions of an object that make it a logger.
const LOGGER_METHODS: usize = 3;
/// How far from `main` a function is still the start.
const START_DEPTH: u32 = 1;

/// Whether a call stands in one of the contexts.
pub(super) fn stands_in(subject: &Subject<'_>, at: CallAt, contexts: &[Context]) -> bool {
    contexts.iter().any(|context| match context {
        Context::StartUp => in_start_up(subject, at, 0),
        Context::Logger => in_logger(subject, at) || in_adapter(subject, at),
        Context::Development => subject.program.in_development(at) || in_stand_in(subject, at),
        Context::Mirrored => subject.habits().is_mirrored(subject, at),
    })
}

/// Beside or in the callback of a call that listens, in `main` or what it calls once, or at the top level of a file that starts a server.
fn in_start_up(subject: &Subject<'_>, at: CallAt, depth: u32) -> bool {
    let program = subject.program;
    let module = program.module(at.file);
    if program
        .vocabulary
        .names
        .is("life-cycle", stem(subject, at.file))
    {
        return true;
    }
    let mut function = Some(subject.maker(at).function);
    while let Some(id) = function {
        let own = module.function(id);
        if own.kind == FunctionKind::Module || own.name.as_ref().is_some_and(|name| name == "main")
        {
            return own.kind != FunctionKind::Module || starts(subject, at.file);
        }
        let func = Func {
            file: at.file,
            function: id,
        };
        if let Some(call) = program.taken_by(func) {
            let name = program.call_name(call).map_or("", Name::as_str);
            if STARTS.contains(&name) {
                return true;
            }
            // A closure that is handed to anything but a promise or a block runs later.
            if !matches!(name, "then" | "catch" | "finally" | "new" | "block_on") {
                return false;
            }
        }
        let is_named = own
            .name
            .as_ref()
            .is_some_and(|name| { &subject.program.vocabulary.names }.is("life-cycle", name));
        // What a static item is made by runs once.
        let is_static = own.kind == FunctionKind::Closure
            && subject.language(at.file) == Language::Rust
            && own
                .parent
                .is_none_or(|parent| module.function(parent).kind == FunctionKind::Module);
        if is_named || is_static {
            return true;
        }
        if own.kind != FunctionKind::Closure {
            return is_called_by_start(subject, func, at, depth);
        }
        function = own.parent;
    }
    false
}

/// Whether the start of a program calls the function, and nothing else does; what it repeats or waits for is its work.
fn is_called_by_start(subject: &Subject<'_>, func: Func, at: CallAt, depth: u32) -> bool {
    let own = subject.program.function(func);
    let [caller] = subject.program.callers_of(func)[..] else {
        return false;
    };
    depth < START_DEPTH
        && own.kind == FunctionKind::Function
        && !is_work(subject.program.module(at.file), at)
        && !is_work(subject.program.module(caller.file), caller)
        && in_start_up(subject, caller, depth + 1)
}

/// Whether a call is repeated, or one of several answers to what happens.
fn is_work(module: &Module, at: CallAt) -> bool {
    let mut block = Some(module.call(at.call).block);
    while let Some(id) = block {
        let around = module.block(id);
        if matches!(around.kind, BlockKind::Loop | BlockKind::Arm) {
            return true;
        }
        block = around.parent;
    }
    false
}

fn starts(subject: &Subject<'_>, file: FileId) -> bool {
    let module = subject.program.module(file);
    (0..module.calls.len()).any(|index| {
        let at = CallAt {
            file,
            call: crate::model::CallId::at(index),
        };
        subject
            .program
            .call_name(at)
            .is_some_and(|name| STARTS.contains(&name.as_str()))
    })
}

/// In a function whose only work is to hand what it is given on: all of its arguments (`(...args) => console.log(id, ...args)`), or
/// as one of several log methods of an object, or to the console or a logger, whichever is meant.
fn in_adapter(subject: &Subject<'_>, at: CallAt) -> bool {
    let module = subject.program.module(at.file);
    let call = module.call(at.call);
    let function = module.function(call.function);
    let body = module.block(function.body);
    if subject.habits().chooses(at.file, call.function) {
        return true;
    }
    if !only_calls(module, body, at) || call.block != function.body {
        return false;
    }
    let given = |value: ValueId, rest: bool| {
        matches!(module.kind(value), ValueKind::Param { function, index }
            if *function == call.function
                && module.function(*function).params.get(*index as usize).is_some_and(|param| param.rest == rest))
    };
    let hands_all_on = call
        .args
        .iter()
        .any(|arg| arg.spread && given(arg.value, true));
    let hands_on = || call.args.iter().any(|arg| given(arg.value, false));
    hands_all_on || (hands_on() && subject.is_log_method(at.file, function.value))
}

/// Whether a block does nothing but make the call and leave.
fn only_calls(module: &Module, body: &Block, at: CallAt) -> bool {
    body.steps.iter().all(|step| match step {
        Step::Call(id) => *id == at.call || module.call(*id).form == CallForm::Macro,
        Step::Leave(_) => true,
        _ => false,
    })
}

/// The functions of a file that are one of several log methods of an object.
pub(super) fn log_methods(subject: &Subject<'_>, file: FileId) -> FxHashSet<ValueId> {
    let names = &subject.program.vocabulary.names;
    let module = subject.program.module(file);
    let mut found = FxHashSet::default();
    for value in &module.values {
        let ValueKind::Object(entries) = &value.kind else {
            continue;
        };
        let methods = entries.iter().filter_map(|entry| match entry {
            Entry::Field { key, value, .. } => {
                let is_function = matches!(module.kind(*value), ValueKind::Function(_));
                (is_function && names.is("log-method", key)).then_some(*value)
            }
            _ => None,
        });
        let methods: Vec<ValueId> = methods.collect();
        if methods.len() >= LOGGER_METHODS {
            found.extend(methods);
        }
    }
    found
}

/// In a function that by its name stands in for what does the work: `noop`, `fakeMailer`.
fn in_stand_in(subject: &Subject<'_>, at: CallAt) -> bool {
    let module = subject.program.module(at.file);
    let names = &subject.program.vocabulary.names;
    let mut function = Some(module.call(at.call).function);
    while let Some(id) = function {
        let own = module.function(id);
        if { own.name.as_ref() }.is_some_and(|name| names.matches("stand-in", name)) {
            return true;
        }
        function = own.parent;
    }
    false
}

/// In a file or function that is a logger by its name.
fn in_logger(subject: &Subject<'_>, at: CallAt) -> bool {
    let names = &subject.program.vocabulary.names;
    let is = |name: &str| {
        let words = split_words(name);
        words.len() <= 3 && names.matches("logger", name)
    };
    let module = subject.program.module(at.file);
    let function: Option<&Name> = module.function(subject.maker(at).function).name.as_ref();
    is(stem(subject, at.file)) || function.is_some_and(|name| is(name))
}

/// The name of a file up to its first dot.
fn stem<'s>(subject: &Subject<'s>, file: FileId) -> &'s str {
    let path: &'s str = &subject.program.project.sources.get(file).path;
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or_default()
}
