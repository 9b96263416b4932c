//! An endpoint as reports show it.

use crate::check::{Known, Subject};
use crate::flow::Validation as Checked;
use crate::link::posture::Authentication as Verdict;
use crate::model::Name;
use crate::report::{
    Authentication, Authorization, Line, Posture, RateLimit, RouteReport, Validation,
};
use crate::source::Location;

/// One endpoint with its posture.
pub(super) fn route(subject: &Subject<'_>, known: &Known<'_>) -> RouteReport {
    let endpoint = known.endpoint;
    let head = line(subject, endpoint.head);
    let mut effects: Vec<Name> = known
        .posture
        .effects
        .iter()
        .map(|hit| hit.effect.kind.clone())
        .collect();
    effects.sort();
    effects.dedup();
    RouteReport {
        method: endpoint.method.clone(),
        path: endpoint.path.clone(),
        framework: endpoint.framework.clone(),
        protocol: endpoint.protocol.clone(),
        file: head.file.clone(),
        line: head.line,
        registration: line(subject, endpoint.registration),
        handler: (!endpoint.name.is_empty()).then(|| endpoint.name.to_string()),
        posture: Posture {
            authentication: authentication(subject, known),
            authorization: authorization(subject, known),
            validation: validation(subject, known),
            rate_limit: rate_limit(known),
            effects,
        },
    }
}

fn line(subject: &Subject<'_>, at: Location) -> Line {
    let sources = &subject.program.project.sources;
    let file = sources.get(at.file);
    Line {
        file: Name::from(file.path.as_ref()),
        line: file.lines.line(at.span.start),
    }
}

fn authentication(subject: &Subject<'_>, known: &Known<'_>) -> Authentication {
    let (status, proofs, why) = match &known.posture.authentication {
        Verdict::Required(proofs) => ("required", proofs.as_slice(), None),
        Verdict::Optional(by) => (
            "optional",
            &[][..],
            Some(format!(
                "`{by}` looks at a credential, and goes on without one"
            )),
        ),
        Verdict::None => (
            "none",
            &[][..],
            Some("nothing checks who is calling".to_owned()),
        ),
        Verdict::Unknown(why) => ("unknown", &[][..], Some(why.to_string())),
    };
    let first = proofs.first();
    let link = first.and_then(|proof| {
        known
            .endpoint
            .links
            .iter()
            .find(|link| link.facts.get(&proof.kind).is_some())
    });
    let by = match (link, first) {
        (Some(link), Some(proof)) if link.name != proof.by => {
            Some(format!("{} ({})", link.name, proof.by))
        }
        (_, Some(proof)) => Some(proof.by.to_string()),
        _ => None,
    };
    Authentication {
        status: Name::new_static(status),
        kinds: proofs.iter().map(|proof| proof.kind.clone()).collect(),
        by,
        at: first.map(|proof| line(subject, proof.at)),
        why,
    }
}

fn authorization(subject: &Subject<'_>, known: &Known<'_>) -> Authorization {
    let proof = known.posture.chain.get("authorization");
    let unknown = matches!(known.posture.authentication, Verdict::Unknown(_));
    Authorization {
        status: Name::new_static(match (proof, unknown) {
            (Some(_), _) => "yes",
            (None, true) => "unknown",
            (None, false) => "no",
        }),
        kinds: proof.iter().map(|_| Name::new_static("role")).collect(),
        by: proof.map(|proof| proof.by.to_string()),
        at: proof.map(|proof| line(subject, proof.at)),
    }
}

fn validation(subject: &Subject<'_>, known: &Known<'_>) -> Validation {
    let (status, by) = match subject.validation(known) {
        Checked::Yes(by) => ("yes", Some(by.to_string())),
        Checked::Partial(by) => ("partial", Some(by.to_string())),
        Checked::No => ("no", None),
        Checked::NoInput => ("no-input", None),
        Checked::Unknown => ("unknown", None),
    };
    Validation {
        status: Name::new_static(status),
        by,
    }
}

fn rate_limit(known: &Known<'_>) -> RateLimit {
    let proof = known.posture.chain.get("rate-limit");
    let unknown = matches!(known.posture.authentication, Verdict::Unknown(_));
    RateLimit {
        status: Name::new_static(match (proof, unknown) {
            (Some(_), _) => "yes",
            (None, true) => "unknown",
            (None, false) => "no",
        }),
        by: proof.map(|proof| proof.by.to_string()),
    }
}
