//! `call`: asks calls with an effect, or calls that log.

use super::condition::holds_in;
use super::context::stands_in;
use super::habit::package;
use super::{Found, Reached, Subject};
use crate::flow::Bound;
use crate::link::effect::Effect;
use crate::link::node::CallAt;
use crate::model::{CallForm, Name, Place};
use crate::rule::{CallMatcher, Filter, Fold, Limit, ResultUse};
use crate::source::Location;
use crate::vocabulary::split_words;
use rustc_hash::FxHashMap;
use smol_str::format_smolstr;

/// Files of which a folded finding shows a call, besides its own.
const EXAMPLES: usize = 3;

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
        let unless = matcher.unless.habit.as_ref();
        let is_habit = |habit| subject.habits().holds(subject, module.file, habit);
        if !holds_in(subject, module.file, &matcher.when) || unless.is_some_and(is_habit) {
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
    match matcher.fold {
        Some(Fold::Package) => folded(subject, found),
        None => found,
    }
}

/// One finding for each package: where its first call stands, with the first ones of some other files.
fn folded(subject: &Subject<'_>, found: Vec<Found>) -> Vec<Found> {
    let mut folds: Vec<(Found, usize)> = Vec::new();
    let mut by_package: FxHashMap<Name, usize> = FxHashMap::default();
    for one in found {
        let next = folds.len();
        let index = *by_package
            .entry(package(subject, one.at.file))
            .or_insert(next);
        let Some((first, count)) = folds.get_mut(index) else {
            folds.push((one, 1));
            continue;
        };
        *count += 1;
        let told = { first.related.iter().map(|(at, _)| at) }.chain([&first.at]);
        if first.related.len() < EXAMPLES && { told }.all(|at| at.file != one.at.file) {
            first.related.push((one.at, "another of them".into()));
        }
    }
    let told = folds.into_iter().map(|(mut first, count)| {
        first.values.push(("count", count.to_string()));
        first
    });
    told.collect()
}

fn effects(subject: &Subject<'_>, matcher: &CallMatcher) -> Vec<Found> {
    let mut reached: Vec<(&CallAt, &Reached)> = subject.reached.iter().collect();
    reached.sort_by_key(|(at, _)| **at);
    let mut found = Vec::new();
    for (at, reached) in reached {
        let effect = &reached.effect;
        let wanted = matcher.effects.contains(&effect.kind)
            && matcher.many.is_none_or(|many| many == effect.many)
            && !(reached.by_machines && matcher.when.reachable_from.is_some());
        let place_of = subject.places.place(at.file);
        let call = subject.program.call(*at);
        if !wanted || place_of != Place::Production || call.discarded && call.args.len() < 2 {
            continue;
        }
        let Some((_, matched)) = subject.program.read_effect(*at) else {
            continue;
        };
        let bound = subject.program.bound(effect, matched.row);
        let collected = || {
            let asked = matcher.when.result == Some(ResultUse::Collected);
            !asked
                || subject
                    .rows
                    .are_collected(subject.program, *at, matched.row)
        };
        let short = matcher.when.limit == Some(Limit::Absent) && stays_short(subject, effect);
        if !is_wanted(&bound, matcher)
            || short
            || !collected()
            || subject.program.is_credential_lookup(effect.at)
        {
            continue;
        }
        let mut one = place(subject, *at, Some(reached.endpoint));
        one.doubts = u32::from(effect.guess);
        let table = effect
            .table
            .as_ref()
            .map_or_else(|| "rows".to_owned(), |table| format!("`{table}`"));
        one.values = vec![
            ("callee", callee(subject, *at)),
            ("table", table),
            ("key", key(&bound)),
            ("source", "the request".to_owned()),
        ];
        found.push(one);
    }
    found
}

/// Whether a table stays short whoever asks, by the last word of its name: settings, countries. One that is kept for each owner does not.
fn stays_short(subject: &Subject<'_>, effect: &Effect) -> bool {
    let program = subject.program;
    let words = effect.table.as_deref().map(split_words).unwrap_or_default();
    let last = words
        .get(words.len().saturating_sub(2)..)
        .unwrap_or_default();
    let names = &program.vocabulary.names;
    // Of two words, a phrase.
    let listed = last
        .last()
        .is_some_and(|word| names.matches("short-table", word))
        || names
            .words("short-table")
            .iter()
            .any(|phrase| *phrase == last.join(" "));
    listed && !program.is_owned(effect)
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

/// The columns by which a query is narrowed, for a message.
fn key(bound: &Bound) -> String {
    let Bound::No(columns) = bound else {
        return String::new();
    };
    let mut names: Vec<String> = columns.iter().map(|name| format!("`{name}`")).collect();
    names.dedup();
    names.truncate(2);
    names.join(" and ")
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
