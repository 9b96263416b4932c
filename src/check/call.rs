//! `call`: asks calls with an effect, or calls that log.

use super::condition::{holds_in, stands_in};
use super::{Found, Subject};
use crate::flow::Bound;
use crate::link::effect::Effect;
use crate::link::node::CallAt;
use crate::model::{CallForm, Name, Place};
use crate::rule::{CallMatcher, Filter, Limit, ResultUse};
use crate::source::Location;
use smol_str::format_smolstr;

pub(super) fn find(subject: &Subject<'_>, matcher: &CallMatcher) -> Vec<Found> {
    if matcher.logs.is_empty() {
        effects(subject, matcher)
    } else {
        logs(subject, matcher)
    }
}

fn logs(subject: &Subject<'_>, matcher: &CallMatcher) -> Vec<Found> {
    let program = subject.program;
    let mut found = Vec::new();
    for module in program.modules {
        if !holds_in(subject, module.file, &matcher.when) {
            continue;
        }
        for (index, call) in module.calls.iter().enumerate() {
            let at = CallAt {
                file: module.file,
                call: crate::model::CallId::at(index),
            };
            let Some(path) = program.callee_path(at) else {
                continue;
            };
            let wanted = program
                .vocabulary
                .logs
                .find(&path)
                .any(|log| matcher.logs.contains(&log.row.kind));
            if wanted
                && !subject.in_test(at.file, call.span)
                && !stands_in(subject, at, &matcher.unless.inside)
            {
                let mut one = place(subject, at, None);
                one.values.push(("callee", callee(subject, at)));
                found.push(one);
            }
        }
    }
    found
}

fn effects(subject: &Subject<'_>, matcher: &CallMatcher) -> Vec<Found> {
    let mut reached: Vec<(&CallAt, &(Effect, usize))> = subject.reached.iter().collect();
    reached.sort_by_key(|(at, _)| **at);
    let mut found = Vec::new();
    for (at, (effect, endpoint)) in reached {
        let wanted = matcher.effects.contains(&effect.kind)
            && matcher.many.is_none_or(|many| many == effect.many);
        let place_of = subject.places.place(at.file);
        let call = subject.program.call(*at);
        if !wanted || place_of != Place::Production || call.discarded && call.args.len() < 2 {
            continue;
        }
        let Some((_, matched)) = subject.program.read_effect(*at) else {
            continue;
        };
        let bound = subject.program.bound(effect, matched.row);
        let streamed = matcher.when.result == Some(ResultUse::Collected)
            && subject.program.is_streamed(*at, matched.row);
        if !is_wanted(&bound, matcher)
            || streamed
            || subject.program.is_credential_lookup(effect.at)
        {
            continue;
        }
        let mut one = place(subject, *at, Some(*endpoint));
        one.doubts = u32::from(effect.guess);
        let table = effect
            .table
            .as_ref()
            .map_or_else(|| "rows".to_owned(), |table| format!("`{table}`"));
        one.values = vec![
            ("callee", callee(subject, *at)),
            ("table", table),
            ("source", "the request".to_owned()),
        ];
        found.push(one);
    }
    found
}

/// Whether what bounds a query is what the case speaks of.
fn is_wanted(bound: &Bound, matcher: &CallMatcher) -> bool {
    match (bound, matcher.when.limit) {
        (Bound::Request, Some(Limit::UnboundedRequest)) => true,
        (Bound::No(keys), Some(Limit::Absent)) => match matcher.when.filter {
            Some(Filter::Open) => keys.is_empty(),
            Some(Filter::Partial) => !keys.is_empty(),
            None => true,
        },
        (_, None) => true,
        _ => false,
    }
}

fn place(subject: &Subject<'_>, at: CallAt, endpoint: Option<usize>) -> Found {
    let call = subject.program.call(at);
    let location = Location {
        file: at.file,
        span: call.name_span,
    };
    let mut found = Found::new(location, subject.symbol(location));
    found.statement = Some(call.span);
    if let Some(known) = endpoint.and_then(|index| subject.endpoints.get(index)) {
        let endpoint = known.endpoint;
        found.endpoint = Some((endpoint.method.clone(), Name::from(endpoint.path.as_str())));
        found.related.push((
            endpoint.registration,
            format_smolstr!("{} {} reaches it", endpoint.method, endpoint.path),
        ));
    }
    found
}

/// The callee as it is written, in short.
fn callee(subject: &Subject<'_>, at: CallAt) -> String {
    let program = subject.program;
    let call = program.call(at);
    let text = subject.code(program.location(at.node(call.callee)));
    let first = text
        .split(['(', '`'])
        .next()
        .unwrap_or(&text)
        .trim()
        .to_owned();
    match (call.form, program.call_name(at)) {
        (CallForm::Macro, Some(name)) => format!("{name}!"),
        (_, Some(name)) if first.len() > 40 || first.is_empty() || text.contains('(') => {
            name.to_string()
        }
        _ => first,
    }
}
