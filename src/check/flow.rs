//! `flow`: asks whether data of one kind reaches a place of another kind past no accepted barrier.

use super::{Found, Known, Subject};
use crate::flow::{Input, Taken};
use crate::model::{Name, Place};
use crate::rule::FlowMatcher;
use crate::source::Location;
use smol_str::format_smolstr;

/// Any use of data beyond passing it on or comparing it with a column.
const USE: &str = "use";
/// A comparison with a column, as a bound value.
const BOUND_KEY: &str = "bound-key";

pub(super) fn find(subject: &Subject<'_>, matcher: &FlowMatcher) -> Vec<Found> {
    let mut found = Vec::new();
    let accepted = &matcher.unless.passed;
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
            if reads.iter().any(|input| input.is_checked_whole(accepted)) {
                continue;
            }
            // What its sender has signed says what the sender made it say.
            if reads.iter().any(|input| input.is_signed()) {
                continue;
            }
            // Where another read is checked, only fields that are told apart from its own are open.
            let partly = reads.iter().any(|input| input.is_checked(accepted));
            let open = |input: &&&Input| !partly || input.stands_apart(accepted);
            let sunk = |input: &&Input| {
                let parts = input.unchecked(accepted);
                let mut uses = parts.flat_map(|part| &part.fate.used);
                let at = uses.find(|taken| is_sink(taken, matcher))?;
                Some(at.clone())
            };
            let mut reads = reads.iter().filter(open);
            let first = reads.find_map(|input| Some((*input, sunk(input)?)));
            if let Some((input, taken)) = first {
                found.extend(answer(subject, known, input, &taken, accepted));
            }
        }
    }
    found
}

/// Whether a use is of a kind that the matcher speaks of.
fn is_sink(taken: &Taken, matcher: &FlowMatcher) -> bool {
    let kind = if taken.bound { BOUND_KEY } else { USE };
    matcher.to.iter().any(|own| own == kind)
}

fn answer(
    subject: &Subject<'_>,
    known: &Known<'_>,
    input: &Input,
    taken: &Taken,
    accepted: &[Name],
) -> Option<Found> {
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
    let call = subject.program.call(taken.call);
    let arg = call.args.get(taken.position);
    let place = Location {
        file: taken.call.file,
        span: arg.map_or(call.name_span, |arg| arg.span),
    };
    let name = subject.program.call_name(taken.call);
    let name = name.cloned().unwrap_or_default();
    let used = format_smolstr!("it is used by `{name}`");
    found.related.push((place, used.clone()));
    found.flow.push((place, used));
    found.values.push(("sink", format!("`{name}`")));
    let fields: Vec<&str> = input
        .unchecked(accepted)
        .filter_map(|part| part.field.as_deref())
        .take(4)
        .collect();
    if !fields.is_empty() {
        found.label = Some(format_smolstr!("unchecked: {}", fields.join(", ")));
    }
    Some(found)
}
