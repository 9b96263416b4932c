//! The posture of an endpoint: who may call it, as far as the code proves.

use super::Program;
use super::chain::{CREDENTIALS, is_credential_kind};
use super::effect::Hit;
use super::endpoint::Endpoint;
use super::facts::{ANONYMOUS, CONSULTED, Facts, Proof};
use super::node::{Func, Node};
use super::walk::{Event, Request};
use crate::model::{Literal, Name, ValueKind};
use crate::source::Location;

/// How many effects of a handler are looked at.
const EFFECTS: usize = 128;

/// Effects that matter to whoever may call: the rest (cache, log files, time) say nothing about a missing guard.
const WEIGHTY: [&str; 9] = [
    "db-write",
    "db-read",
    "mail-send",
    "sms-send",
    "payment",
    "llm-call",
    "queue-publish",
    "file-write",
    "token-issue",
];

/// Three-valued answer about the caller.
#[derive(Debug, Clone, PartialEq)]
pub enum Authentication {
    /// Nothing is reached without a verified credential.
    Required(Vec<Proof>),
    /// A credential is verified when present, and the request is answered without.
    Optional(Name),
    /// Nothing checks who is calling.
    None,
    /// Something on the way could not be followed.
    Unknown(Name),
}

/// What an endpoint does and who may make it do that.
#[derive(Debug, Clone)]
pub struct Posture {
    /// Who is calling.
    pub authentication: Authentication,
    /// Proofs of every kind that hold before the handler runs.
    pub chain: Facts,
    /// What it does, each with what is proven there (the chain included).
    pub effects: Vec<Hit>,
}

impl Program<'_> {
    /// The posture of an endpoint.
    #[must_use]
    pub fn posture(&self, endpoint: &Endpoint) -> Posture {
        let mut chain = Facts::default();
        let mut optional = None;
        let mut unknown = None;
        for link in &endpoint.links {
            chain.add(&link.facts);
            if link.optional {
                optional = Some(link.name.clone());
            }
            unknown = unknown.or_else(|| link.unknown.clone());
        }
        let mut effects = Vec::new();
        let mut answers = Vec::new();
        let mut looks = false;
        if let Some(func) = endpoint.handler {
            let url = super::pattern::concrete(&endpoint.path);
            let request = Request {
                path: Some(&url),
                method: Some(&endpoint.method),
                returned: false,
            };
            self.walk(
                func,
                chain.clone(),
                &request,
                &mut |event, facts| match event {
                    Event::Call(at) => {
                        self.hits(at, facts, &mut effects, EFFECTS);
                        if self
                            .callee_path(at)
                            .is_some_and(|path| self.vocabulary.responds.contains(&path))
                            && !self.refuses(at)
                        {
                            answers.push(facts.clone());
                        }
                    }
                    Event::Return(from, value) if from == func => {
                        answers.extend(self.answer(value, facts))
                    }
                    Event::Return(..) => {}
                },
            );
            looks = self.looks_at_credential(func, 0);
        }
        let in_handler = self.held_by_all(&effects, &answers, &CREDENTIALS);
        let consulted = || {
            let in_handler = self.held_by_all(&effects, &answers, &[CONSULTED]);
            let proof = chain.get(CONSULTED).cloned();
            let proof = proof.or_else(|| in_handler?.into_iter().next())?;
            Some(smol_str::format_smolstr!(
                "how `{}` decides about the credential could not be followed",
                proof.by
            ))
        };
        let authentication = if let Some(proofs) = credentials(&chain) {
            Authentication::Required(proofs)
        } else if let Some(proofs) = in_handler {
            Authentication::Required(proofs)
        } else if let Some(why) = unknown.or_else(consulted) {
            Authentication::Unknown(why)
        } else if endpoint.handler.is_none() && endpoint.links.is_empty() && self.hidden(endpoint) {
            Authentication::Unknown(smol_str::format_smolstr!(
                "the handler `{}` is out of sight",
                endpoint.name
            ))
        } else if let Some(by) = optional {
            Authentication::Optional(by)
        } else if looks && !answers.iter().all(|facts| facts.get(ANONYMOUS).is_some()) {
            Authentication::Optional(endpoint.name.clone())
        } else {
            Authentication::None
        };
        Posture {
            authentication,
            chain,
            effects,
        }
    }

    /// The proofs of these kinds that hold at every weighty effect, or, where there is none, at every answer.
    fn held_by_all(
        &self,
        effects: &[Hit],
        answers: &[Facts],
        kinds: &[&str],
    ) -> Option<Vec<Proof>> {
        let known = effects.iter().map(|hit| &hit.facts).chain(answers);
        let consulted: Vec<Location> = known
            .filter_map(|facts| facts.get(CONSULTED))
            .map(|proof| proof.at)
            .collect();
        let serves = |hit: &Hit| {
            let via = self.location(hit.via.node(self.call(hit.via).value));
            consulted.contains(&via) || self.serves_a_guard(hit)
        };
        let weighty: Vec<&Hit> = effects
            .iter()
            .filter(|hit| WEIGHTY.contains(&hit.effect.kind.as_str()) && !serves(hit))
            .collect();
        let all: Vec<&Facts> = if weighty.is_empty() {
            answers.iter().collect()
        } else {
            weighty.iter().map(|hit| &hit.facts).collect()
        };
        if all.is_empty() || all.iter().any(|facts| facts.any(kinds).is_none()) {
            return None;
        }
        let first = all.first()?;
        Some(
            kinds
                .iter()
                .filter_map(|kind| first.get(kind))
                .cloned()
                .collect(),
        )
    }

    /// Whether an effect is a part of checking who is calling.
    #[must_use]
    pub fn serves_a_guard(&self, hit: &Hit) -> bool {
        if self.is_credential_lookup(hit.effect.at) {
            return true;
        }
        let Some(func) = self.callee_function(hit.via) else {
            return false;
        };
        let truthy = self.proves(hit.via.node(self.call(hit.via).value), &[], true);
        let returned = self.normal_return(func);
        truthy.any(&CREDENTIALS).is_some()
            || returned.any(&CREDENTIALS).is_some()
            || returned.get(CONSULTED).is_some()
    }

    /// What a returned value says: nothing where it refuses the request.
    fn answer(&self, value: Option<Node>, facts: &Facts) -> Option<Facts> {
        let Some(node) = value else {
            return Some(facts.clone());
        };
        if let Some(at) = self.follow_to_call(node)
            && self.refuses(at)
        {
            return None;
        }
        if let ValueKind::Call(call) = self.module(node.file).kind(node.value) {
            let at = super::node::CallAt {
                file: node.file,
                call: *call,
            };
            let failed = self.call_name(at).is_some_and(|name| name == "Err");
            return (!failed).then(|| facts.clone());
        }
        Some(facts.clone())
    }

    /// Whether a call answers with a status that refuses: 4xx, 5xx, or a redirect.
    fn refuses(&self, at: super::node::CallAt) -> bool {
        let mut calls = vec![at];
        calls.extend(self.chain(at));
        calls.extend(self.outer_chain(at));
        calls.into_iter().any(|call| {
            let Some(path) = self.callee_path(call) else {
                return false;
            };
            self.vocabulary.responds.find(&path).any(|matched| {
                let at = matched.row.status_at.as_ref();
                let given = at.and_then(|position| {
                    self.at_position(call, position)
                        .into_iter()
                        .find_map(|n| self.number(n))
                });
                given
                    .or(matched.row.status.map(f64::from))
                    .is_some_and(|status| status >= 300.0)
            })
        })
    }

    /// A constant number, also behind names.
    #[must_use]
    pub fn number(&self, node: Node) -> Option<f64> {
        let super::node::Target::Object(at) = self.resolve(node) else {
            return None;
        };
        match self.module(at.file).kind(at.value) {
            ValueKind::Literal(Literal::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// Whether nothing is known of an endpoint's handler.
    fn hidden(&self, endpoint: &Endpoint) -> bool {
        let Some(at) = endpoint.registered_by else {
            return true;
        };
        let last = self.call(at).args.last().map(|arg| at.node(arg.value));
        last.is_some_and(|node| self.resolve(node).is_unknown())
    }

    /// The project functions that an endpoint runs: its handler and what that calls, breadth first.
    #[must_use]
    pub fn reached(&self, func: Func, depth: u32, most: usize) -> Vec<Func> {
        let mut found = vec![func];
        let mut from = 0;
        for _ in 0..depth {
            let to = found.len();
            for index in from..to {
                let summary = self.summary(found[index]);
                for func in summary.calls.iter().copied() {
                    if found.len() < most && !found.contains(&func) {
                        found.push(func);
                    }
                }
            }
            from = to;
        }
        found
    }
}

fn credentials(facts: &Facts) -> Option<Vec<Proof>> {
    let proofs: Vec<Proof> = facts
        .iter()
        .filter(|proof| is_credential_kind(&proof.kind))
        .cloned()
        .collect();
    (!proofs.is_empty()).then_some(proofs)
}
