//! `literal`: asks the texts in the code, by way of the literal matcher.

use super::literal::{
    Confidence, CredentialPosition, Depth, LiteralKind as Hit, Secrets, find as search,
};
use super::{Found, Subject};
use crate::link::node::CallAt;
use crate::model::{CallId, Module, Name, Place};
use crate::rule::{LiteralKind, LiteralMatcher};
use crate::source::Location;

/// The kind of sinks that take credentials.
const CREDENTIAL: &str = "credential";

pub(super) fn find(subject: &Subject<'_>, matcher: &LiteralMatcher) -> Vec<Found> {
    let program = subject.program;
    let Ok(secrets) = Secrets::new(program.vocabulary.secrets.iter(), &program.vocabulary.names)
    else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for module in program.modules {
        let place = subject.places.place(module.file);
        if !matcher.when.place.is_empty() && !matcher.when.place.contains(&place) {
            continue;
        }
        let depth = if matches!(place, Place::Production | Place::Client | Place::Config) {
            Depth::Full
        } else {
            Depth::Shapes
        };
        let file = program.project.sources.get(module.file);
        for hit in search(module, file, &secrets, &positions(subject, module), depth) {
            let (kind, what, name) = match &hit.kind {
                Hit::Shape { title, .. } => {
                    (LiteralKind::Provider, title.to_string(), String::new())
                }
                Hit::ConnectionString { title } => (
                    LiteralKind::ConnectionString,
                    title.to_string(),
                    String::new(),
                ),
                Hit::Given(name) => (LiteralKind::CredentialName, String::new(), name.to_string()),
            };
            let asked = matcher.kinds.contains(&kind);
            if !asked || subject.in_test(module.file, hit.span) {
                continue;
            }
            let at = Location {
                file: module.file,
                span: hit.span,
            };
            let mut one = Found::new(at, subject.symbol(at));
            one.values = vec![("what", capital(&what)), ("name", name)];
            one.redact = vec![hit.redact];
            one.doubts = u32::from(hit.confidence == Confidence::Medium);
            found.push(one);
        }
    }
    found
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// The values that stand where a library takes a credential.
fn positions(subject: &Subject<'_>, module: &Module) -> Vec<CredentialPosition> {
    let program = subject.program;
    let mut found = Vec::new();
    for index in 0..module.calls.len() {
        let at = CallAt {
            file: module.file,
            call: CallId::at(index),
        };
        let Some(path) = program.callee_path(at) else {
            continue;
        };
        for sink in program
            .vocabulary
            .sinks
            .find(&path)
            .filter(|sink| sink.row.kind == CREDENTIAL)
        {
            for node in program
                .at_position(at, &sink.row.at)
                .into_iter()
                .filter(|node| node.file == module.file)
            {
                let args = &program.call(at).args;
                let span = args
                    .iter()
                    .find(|arg| arg.value == node.value)
                    .map_or(program.call(at).name_span, |arg| arg.span);
                let name = program
                    .call_name(at)
                    .cloned()
                    .unwrap_or_else(|| Name::new_static("a credential"));
                found.push(CredentialPosition {
                    value: node.value,
                    name,
                    span,
                });
            }
        }
    }
    found
}
