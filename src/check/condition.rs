//! The one grammar of conditions, answered.

use super::{Known, Subject};
use crate::link::Program;
use crate::link::effect::Hit;
use crate::link::endpoint::Endpoint;
use crate::model::Language;
use crate::rule::{Condition, PackageFact};
use crate::source::FileId;

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
    let is = |text: &str| names.is_but_for("public-endpoint", text, "public-endpoint-neutral");
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
