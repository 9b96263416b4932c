//! `flow`: asks whether data of one kind reaches a place of another kind past no accepted barrier.

use super::{Found, Known, Subject};
use crate::flow::{Input, link_validators};
use crate::model::{Name, Place};
use crate::rule::FlowMatcher;
use crate::source::Location;
use smol_str::format_smolstr;

/// Any use of data beyond passing it on.
const USE: &str = "use";

pub(super) fn find(subject: &Subject<'_>, matcher: &FlowMatcher) -> Vec<Found> {
    let mut found = Vec::new();
    if !matcher.to.iter().any(|kind| kind == USE) {
        return found;
    }
    for known in &subject.endpoints {
        if subject.places.place(known.endpoint.registration.file) != Place::Production {
            continue;
        }
        for kind in &matcher.from {
            let reads: Vec<&Input> = known
                .inputs
                .iter()
                .filter(|input| input.read.kind == *kind)
                .collect();
            // A read that is checked as a whole may be the same data as another one.
            if reads.iter().any(|input| input.checked.contains(&None)) {
                continue;
            }
            // Where another read is checked, only fields that are told apart from its own are open.
            let partly = reads.iter().any(|input| !input.checked.is_empty());
            // What a validator in front has checked is not known field by field.
            if partly && !link_validators(subject.program, known.endpoint).is_empty() {
                continue;
            }
            let apart = |input: &Input| {
                input.checked.is_empty()
                    && !input.read.handed
                    && input.unchecked.iter().all(Option::is_some)
            };
            let open = |input: &&&Input| {
                !input.unchecked.is_empty()
                    && !input.used_by.is_empty()
                    && (!partly || apart(input))
            };
            if let Some(input) = reads.iter().find(open) {
                found.extend(answer(subject, known, input));
            }
        }
    }
    found
}

fn answer(subject: &Subject<'_>, known: &Known<'_>, input: &Input) -> Option<Found> {
    let at = input.read.at;
    if subject.places.place(at.file) != Place::Production {
        return None;
    }
    let mut found = Found::new(at, subject.symbol(at));
    let endpoint = known.endpoint;
    found.endpoint = Some((endpoint.method.clone(), Name::from(endpoint.path.as_str())));
    found
        .values
        .push(("source", format!("`{}`", subject.code(at))));
    found
        .flow
        .push((at, format_smolstr!("the {} is read", input.read.kind)));
    if let Some((call, position)) = input.used_by.first() {
        let target = subject.program.call(*call);
        let span = target
            .args
            .get(*position)
            .map_or(target.name_span, |arg| arg.span);
        let place = Location {
            file: call.file,
            span,
        };
        let name = subject
            .program
            .call_name(*call)
            .cloned()
            .unwrap_or_default();
        found
            .related
            .push((place, format_smolstr!("it is used by `{name}`")));
        found
            .flow
            .push((place, format_smolstr!("it is used by `{name}`")));
        found.values.push(("sink", format!("`{name}`")));
    }
    let fields: Vec<&str> = input
        .unchecked
        .iter()
        .flatten()
        .map(Name::as_str)
        .take(4)
        .collect();
    if !fields.is_empty() {
        found.label = Some(format_smolstr!("unchecked: {}", fields.join(", ")));
    }
    Some(found)
}
