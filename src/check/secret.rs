//! `literal`: asks the texts in the code, by way of the literal matcher.

use super::literal::{
    Confidence, CredentialPosition, Depth, LiteralHit, LiteralKind as Hit, Secrets, find as search,
};
use super::{Found, Subject};
use crate::link::node::CallAt;
use crate::model::{CallId, Module, Name, Place};
use crate::rule::{LiteralKind, LiteralMatcher};
use crate::source::{FileId, Location};
use rayon::prelude::*;

/// The kind of sinks that take credentials.
const CREDENTIAL: &str = "credential";

pub(super) fn find(subject: &Subject<'_>, matcher: &LiteralMatcher) -> Vec<Found> {
    let mut found = Vec::new();
    for (file, hit) in subject.credentials.get_or_init(|| credentials(subject)) {
        let place = subject.places.place(*file);
        if !matcher.when.place.is_empty() && !matcher.when.place.contains(&place) {
            continue;
        }
        let (kind, what, name) = match &hit.kind {
            Hit::Shape { title, .. } => (LiteralKind::Provider, capital(title), String::new()),
            Hit::ConnectionString { title, local } => {
                let kind = match local {
                    true => LiteralKind::LocalConnectionString,
                    false => LiteralKind::ConnectionString,
                };
                (kind, capital(title), String::new())
            }
            Hit::Given(name) => (LiteralKind::CredentialName, String::new(), name.to_string()),
        };
        if !matcher.kinds.contains(&kind) || subject.in_test(*file, hit.span) {
            continue;
        }
        let at = Location {
            file: *file,
            span: hit.span,
        };
        let mut one = Found::new(at, subject.symbol(at));
        one.values = vec![("what", what), ("name", name)];
        one.redact = vec![hit.redact];
        one.doubts = u32::from(hit.confidence == Confidence::Medium);
        found.push(one);
    }
    found
}

/// The credentials in every file. The texts of a file speak for themselves, so that files are searched side by side once
/// it is known what libraries take as credentials.
fn credentials(subject: &Subject<'_>) -> Vec<(FileId, LiteralHit)> {
    let vocabulary = subject.program.vocabulary;
    let Ok(secrets) = Secrets::new(vocabulary.secrets.iter(), &vocabulary.names) else {
        return Vec::new();
    };
    let modules = subject.program.modules.iter();
    let asked: Vec<(&Module, Vec<CredentialPosition>, Depth)> = modules
        .map(|module| (module, positions(subject, module), depth(subject, module)))
        .collect();
    let sources = &subject.program.project.sources;
    asked
        .par_iter()
        .flat_map_iter(|(module, positions, depth)| {
            let file = sources.get(module.file);
            let hits = search(module, file, &secrets, positions, *depth);
            hits.into_iter().map(|hit| (module.file, hit))
        })
        .collect()
}

fn depth(subject: &Subject<'_>, module: &Module) -> Depth {
    match subject.places.place(module.file) {
        Place::Production | Place::Client | Place::Config => Depth::Full,
        _ => Depth::Shapes,
    }
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
