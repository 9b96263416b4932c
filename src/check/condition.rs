//! The one grammar of conditions, answered.

use super::Subject;
use crate::link::endpoint::Endpoint;
use crate::model::Language;
use crate::rule::{Condition, PackageFact};
use crate::source::FileId;

/// Whether an endpoint is open by its nature: login, register, health.
pub(super) fn is_public(subject: &Subject<'_>, endpoint: &Endpoint) -> bool {
    let names = &subject.program.vocabulary.names;
    let last: Vec<&str> = endpoint
        .path
        .rsplit('/')
        .filter(|s| !s.is_empty() && !s.starts_with([':', '{', '[']))
        .take(2)
        .collect();
    last.iter()
        .any(|segment| names.matches("public-endpoint", segment))
        || names.matches("public-endpoint", &endpoint.name)
}

/// Whether the file-level conditions hold for a place in the code.
pub(super) fn holds_in(subject: &Subject<'_>, file: FileId, condition: &Condition) -> bool {
    let place = subject.places.place(file);
    (condition.place.is_empty() || condition.place.contains(&place))
        && condition
            .server
            .is_none_or(|server| runs_on_server(subject, file) == server)
        && condition.package_has.iter().all(|fact| match fact {
            PackageFact::StructuredLogger => has_logger(subject, file),
        })
        && condition
            .habit
            .as_ref()
            .is_none_or(|habit| subject.habits().holds(subject, file, habit))
}

/// Whether a file is a server's alone. What browsers get as well can only use what they have, unless it has a logger all the same.
fn runs_on_server(subject: &Subject<'_>, file: FileId) -> bool {
    subject.places.is_server(file)
        && (!subject.places.is_shared(file) || subject.habits().has_logger(file))
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
