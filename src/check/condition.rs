//! The one grammar of conditions, answered.

use super::{Known, Subject};
use crate::link::Program;
use crate::link::effect::Hit;
use crate::link::endpoint::Endpoint;
use crate::link::node::CallAt;
use crate::model::{FunctionKind, Language, Name};
use crate::rule::{Condition, Context, PackageFact};
use crate::source::FileId;
use crate::vocabulary::split_words;

/// Calls by which a server starts to listen; what stands beside them is start-up.
const STARTS: [&str; 3] = ["listen", "serve", "bind"];

/// The protocol of endpoints that have no path.
const ACTION: &str = "action";

/// Whether an endpoint is open by its nature: login, register, health.
pub(super) fn is_public(subject: &Subject<'_>, endpoint: &Endpoint) -> bool {
    let names = &subject.program.vocabulary.names;
    let last: Vec<&str> = endpoint
        .path
        .rsplit('/')
        .filter(|s| !s.is_empty() && !s.starts_with([':', '{', '[']))
        .take(2)
        .collect();
    let is = |text: &str| names.is("public-endpoint", text, "public-endpoint-neutral");
    let together = |parts: &[&str]| {
        let [last, before] = parts else { return false };
        is(&format!("{before} {last}")) || is(&format!("{last} {before}"))
    };
    let folders: Vec<&str> = match endpoint.protocol == ACTION {
        true => folders(subject, endpoint),
        false => Vec::new(),
    };
    let is_any = |parts: &[&str]| parts.iter().any(|part| is(part)) || together(parts);
    is_any(&last) || is_any(&folders) || is(&endpoint.name)
}

/// The two folders that an action is in: an action has no path.
fn folders<'s>(subject: &'s Subject<'_>, endpoint: &Endpoint) -> Vec<&'s str> {
    let file = subject
        .program
        .project
        .sources
        .get(endpoint.registration.file);
    file.path.rsplit('/').skip(1).take(2).collect()
}

/// Guards by which services know each other.
const MACHINES: [&str; 2] = ["service-token", "webhook-signature"];
/// Guards by which people are known.
const PEOPLE: [&str; 2] = ["auth", "authorization"];

/// Whether only machines call an endpoint, so that nobody can repeat what it does at will: they have proven to be one, or its name says
/// so and nothing else is known of who is calling.
pub(super) fn is_for_machines(program: &Program<'_>, known: &Known<'_>, hit: &Hit) -> bool {
    if hit.facts.any(&PEOPLE).is_some() {
        return false;
    }
    if hit.facts.any(&MACHINES).is_some() {
        return true;
    }
    let endpoint = known.endpoint;
    let names = &program.vocabulary.names;
    let links = endpoint.links.iter().map(|link| link.name.as_str());
    let mut all = links.chain([endpoint.path.as_str(), endpoint.name.as_str()]);
    all.any(|name| names.matches("scheduled-endpoint", name))
        || endpoint.method != "GET" && names.matches("webhook-endpoint", &endpoint.path)
}

/// Whether the file-level conditions hold for a place in the code.
pub(super) fn holds_in(subject: &Subject<'_>, file: FileId, condition: &Condition) -> bool {
    let place = subject.places.place(file);
    (condition.place.is_empty() || condition.place.contains(&place))
        && condition
            .server
            .is_none_or(|server| subject.places.is_server(file) == server)
        && condition.package_has.iter().all(|fact| match fact {
            PackageFact::StructuredLogger => has_logger(subject, file),
        })
}

/// Whether a call stands in one of the contexts.
pub(super) fn stands_in(subject: &Subject<'_>, at: CallAt, contexts: &[Context]) -> bool {
    contexts.iter().any(|context| match context {
        Context::StartUp => in_start_up(subject, at),
        Context::Logger => in_logger(subject, at),
    })
}

/// Whether the package of a file depends on a library that writes structured log lines.
fn has_logger(subject: &Subject<'_>, file: FileId) -> bool {
    let program = subject.program;
    let structured = program
        .vocabulary
        .logs
        .iter()
        .filter(|row| row.kind == "structured");
    let mut packages = structured.flat_map(|row| row.path.roots());
    match subject.language(file) {
        Language::TypeScript => {
            let package = program.project.package_of(file);
            package.is_some_and(|package| packages.any(|name| package.depends_on(&name)))
        }
        Language::Rust => {
            let package = program.project.crate_of(file);
            package.is_some_and(|package| packages.any(|name| package.depends_on(&name)))
        }
    }
}

/// Beside or in the callback of a call that listens, in `main`, or at the top level of a file that starts a server.
fn in_start_up(subject: &Subject<'_>, at: CallAt) -> bool {
    let program = subject.program;
    let module = program.module(at.file);
    let mut function = Some(subject.maker(at).function);
    while let Some(id) = function {
        let own = module.function(id);
        if own.kind == FunctionKind::Module || own.name.as_ref().is_some_and(|name| name == "main")
        {
            return own.kind != FunctionKind::Module || starts(subject, at.file);
        }
        let func = crate::link::node::Func {
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
        if own.kind != FunctionKind::Closure {
            return false;
        }
        function = own.parent;
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

/// In a file or function that is a logger by its name.
fn in_logger(subject: &Subject<'_>, at: CallAt) -> bool {
    let names = &subject.program.vocabulary.names;
    let path = &subject.program.project.sources.get(at.file).path;
    let stem = path
        .rsplit('/')
        .next()
        .unwrap_or(path)
        .split('.')
        .next()
        .unwrap_or_default();
    let is = |name: &str| {
        let words = split_words(name);
        words.len() <= 3 && names.matches("logger", name)
    };
    let module = subject.program.module(at.file);
    let function: Option<&Name> = module.function(subject.maker(at).function).name.as_ref();
    is(stem) || function.is_some_and(|name| is(name))
}
