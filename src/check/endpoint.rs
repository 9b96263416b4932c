//! `endpoint`: asks each endpoint, and each of its effects, which guard is missing.

use super::condition::is_public;
use super::{Found, Known, Subject};
use crate::kinds;
use crate::link::effect::Hit;
use crate::link::posture::Authentication;
use crate::model::{Name, Place};
use crate::rule::{Condition, EndpointMatcher};
use smol_str::{SmolStr, format_smolstr};

/// The kind of effects that are reads of rows which belong to somebody.
const PRIVATE_READ: &str = "private-read";

pub(super) fn find(subject: &Subject<'_>, matcher: &EndpointMatcher) -> Vec<Found> {
    let mut found = Vec::new();
    for known in &subject.endpoints {
        if !is_asked(subject, known, &matcher.when) || is_spared(subject, known, &matcher.unless) {
            continue;
        }
        if matcher.effects.is_empty() {
            found.push(answer(subject, known, None));
            continue;
        }
        let hit = known.posture.effects.iter().find(|hit| {
            let kind = kind_of(subject, hit);
            matcher.effects.contains(&kind)
                && hit.facts.any(&matcher.unless.guarded_by).is_none()
                && !subject.program.serves_a_guard(hit)
        });
        if let Some(hit) = hit {
            found.push(answer(subject, known, Some(hit)));
        }
    }
    found
}

/// Whether the matcher speaks of an endpoint: production code whose guards are all in sight.
fn is_asked(subject: &Subject<'_>, known: &Known<'_>, when: &Condition) -> bool {
    let endpoint = known.endpoint;
    let place = subject.places.place(endpoint.registration.file);
    place == Place::Production
        && !subject.in_test(endpoint.registration.file, endpoint.registration.span)
        && !matches!(known.posture.authentication, Authentication::Unknown(_))
        && (when.methods.is_empty() || when.methods.contains(&endpoint.method))
}

fn is_spared(subject: &Subject<'_>, known: &Known<'_>, unless: &Condition) -> bool {
    let guarded = match &known.posture.authentication {
        Authentication::Required(_) => !unless.guarded_by.is_empty(),
        _ => known.posture.chain.any(&unless.guarded_by).is_some(),
    };
    guarded || (unless.public == Some(true) && is_public(subject, known.endpoint))
}

fn kind_of(subject: &Subject<'_>, hit: &Hit) -> Name {
    if hit.effect.kind == "db-read" && subject.program.is_private(&hit.effect) {
        return Name::new_static(PRIVATE_READ);
    }
    hit.effect.kind.clone()
}

fn answer(subject: &Subject<'_>, known: &Known<'_>, hit: Option<&Hit>) -> Found {
    let endpoint = known.endpoint;
    let mut found = Found::new(
        endpoint.registration,
        format_smolstr!("{} {}", endpoint.method, endpoint.path),
    );
    found.key = format_smolstr!("{} {}", endpoint.method, endpoint.path);
    found.endpoint = Some((endpoint.method.clone(), endpoint.path.as_str().into()));
    found.values = vec![
        ("method", endpoint.method.to_string()),
        ("path", endpoint.path.clone()),
        ("handler", endpoint.name.to_string()),
    ];
    if endpoint.head != endpoint.registration {
        found
            .related
            .push((endpoint.head, Name::new_static("the handler")));
    }
    if let Some(at) = endpoint.registered_by {
        found.statement = Some(subject.program.call(at).span);
    }
    if let Some(hit) = hit {
        let does = deed(&kind_of(subject, hit), hit.effect.table.as_deref());
        let call = subject.program.call(hit.effect.at);
        let at = crate::source::Location {
            file: hit.effect.at.file,
            span: call.name_span,
        };
        found.related.push((at, format_smolstr!("it {does} here")));
        found.values.push(("evidence", does.to_string()));
        found.doubts += u32::from(hit.effect.guess);
    }
    if let Authentication::Optional(by) = &known.posture.authentication {
        found.label = Some(format_smolstr!(
            "`{by}` looks at a credential, and goes on without one"
        ));
    }
    found
}

/// What an effect does, in words.
fn deed(kind: &str, table: Option<&str>) -> SmolStr {
    match (kind, table) {
        ("db-write", Some(table)) => format_smolstr!("writes to `{table}`"),
        (PRIVATE_READ, Some(table)) => {
            format_smolstr!("reads `{table}`, which belongs to somebody,")
        }
        _ => kinds::all("effect")
            .find(|(name, _)| *name == kind)
            .map_or_else(SmolStr::default, |(_, text)| text.clone()),
    }
}
