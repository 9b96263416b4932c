//! What an endpoint reads of the request, and whether it is checked.

use super::covered::Cover;
use super::fate::{CHECK, Fate, SCHEMA};
use super::read::{Read, reads};
use super::track::{Edges, Track};
use crate::link::Program;
use crate::link::endpoint::Endpoint;
use crate::link::node::{CallAt, Func};
use crate::model::Name;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// How many functions of an endpoint are searched for reads.
const FUNCTIONS: usize = 40;
/// How deep calls are followed for that.
const DEPTH: u32 = 3;
/// Kinds of barriers that say something about the shape of data.
const CHECKS: [&str; 7] = [
    SCHEMA,
    CHECK,
    "check-negated",
    "allow-list",
    "uuid",
    "object-id",
    "upper-bound",
];

/// Whether what an endpoint reads is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Validation {
    /// All of it; by what.
    Yes(Name),
    /// A part of it.
    Partial(Name),
    /// Nothing of it.
    No,
    /// It reads nothing.
    NoInput,
    /// The handler is out of sight.
    Unknown,
}

/// A field of what is read (`None`: the whole), and what becomes of it.
#[derive(Debug, Clone)]
pub struct Part {
    /// Which.
    pub field: Option<Name>,
    /// What becomes of it.
    pub fate: Fate,
}

/// One read and what becomes of it.
#[derive(Debug, Clone)]
pub struct Input {
    /// The read.
    pub read: Read,
    /// What is done with it.
    pub parts: Vec<Part>,
    /// What has checked all of it before the handler runs.
    pub covered: Option<Name>,
}

impl Input {
    /// Whether any of it passes a barrier of one of these kinds.
    #[must_use]
    pub fn is_checked<K: AsRef<str>>(&self, accepted: &[K]) -> bool {
        self.covered.is_some() || self.parts.iter().any(|part| part.fate.is_checked(accepted))
    }

    /// Whether all of it does.
    #[must_use]
    pub fn is_checked_whole<K: AsRef<str>>(&self, accepted: &[K]) -> bool {
        let whole = |part: &Part| part.field.is_none() && part.fate.is_checked(accepted);
        self.covered.is_some() || self.parts.iter().any(whole)
    }

    /// Whether it is of fields alone that nothing checks, so that no check of another read is theirs.
    #[must_use]
    pub fn stands_apart<K: AsRef<str>>(&self, accepted: &[K]) -> bool {
        !self.is_checked(accepted)
            && !self.read.handed
            && self.unchecked(accepted).all(|part| part.field.is_some())
    }

    /// What passes no barrier of these kinds.
    pub fn unchecked<'i, K: AsRef<str>>(
        &'i self,
        accepted: &'i [K],
    ) -> impl Iterator<Item = &'i Part> {
        let whole = |part: &Part| part.field.is_none() && part.fate.parsed();
        let none = self.covered.is_some() || self.parts.iter().any(whole);
        let parts = self.parts.iter().filter(move |_| !none);
        parts.filter(|part| part.fate.matters() && !part.fate.is_checked(accepted))
    }

    /// Whether a signature over it is verified: then it says what its sender made it say.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.parts.iter().any(|part| part.fate.signed)
    }

    /// By what it is checked, in words.
    fn by(&self) -> Option<Name> {
        let checked = self
            .parts
            .iter()
            .filter(|part| part.fate.is_checked(&CHECKS));
        self.covered
            .clone()
            .or_else(|| checked.filter_map(|part| part.fate.by.clone()).next())
    }
}

/// What links check, by their functions and the calls that made them.
type Links = FxHashMap<(Func, Option<CallAt>), Rc<Vec<Cover>>>;

/// Everything that endpoints read; remembers what it has indexed.
#[derive(Default)]
pub struct Inputs {
    pub(super) edges: Edges,
    pub(super) links: RefCell<Links>,
}

impl Inputs {
    /// What an endpoint reads.
    #[must_use]
    pub fn of(&self, program: &Program<'_>, endpoint: &Endpoint) -> Vec<Input> {
        let Some(handler) = endpoint.handler else {
            return Vec::new();
        };
        let reached = program.reached(handler, DEPTH, FUNCTIONS);
        let found = reads(program, handler, &reached);
        if found.is_empty() {
            return Vec::new();
        }
        let covers = self.covers(program, endpoint);
        let mut inputs = Vec::new();
        for read in found {
            let mixed = read.with_path;
            let mut input = self.follow(program, read, &covers);
            let of_path = match mixed {
                true => take_path(&mut input, &endpoint.path),
                false => None,
            };
            let empty = of_path.is_some() && input.parts.is_empty();
            inputs.extend((!empty).then_some(input));
            inputs.extend(of_path);
        }
        inputs
    }

    fn follow(&self, program: &Program<'_>, read: Read, covers: &[Cover]) -> Input {
        let speak = |cover: &&Cover| !read.raw && cover.is_of(&read.kind);
        let covers: Vec<&Cover> = covers.iter().filter(speak).collect();
        let whole = covers.iter().find(|cover| cover.field.is_none());
        let covered = match whole {
            _ if read.typed => Some(Name::new_static("its type")),
            whole => whole.map(|cover| cover.by.clone()),
        };
        let mut parts = Vec::new();
        if covered.is_none() {
            let fates = Track::run(program, &self.edges, &read);
            for (field, mut fate) in fates {
                let own = |cover: &&&Cover| field.is_some() && cover.field == field;
                for cover in covers.iter().filter(own) {
                    fate.pass(cover.kind, Some(cover.by.clone()));
                }
                parts.push(Part { field, fate });
            }
        }
        Input {
            read,
            parts,
            covered,
        }
    }

    /// Whether what an endpoint reads is checked, over all its reads and the validators in its chain.
    #[must_use]
    pub fn validation(
        &self,
        program: &Program<'_>,
        endpoint: &Endpoint,
        inputs: &[Input],
    ) -> Validation {
        let covers = self.covers(program, endpoint);
        let by_link = covers.iter().find(|cover| cover.kind == SCHEMA);
        if endpoint.handler.is_none() {
            return by_link.map_or(Validation::Unknown, |cover| {
                Validation::Yes(cover.by.clone())
            });
        }
        // A URL is input where a part of it is taken out; that part is a read of its own, unless a schema took it all.
        let counts = |input: &&Input| {
            let typed = input.read.kind == "path" && input.read.typed;
            !typed && (input.read.kind != "url" || input.is_checked(&CHECKS))
        };
        let relevant: Vec<&Input> = inputs.iter().filter(counts).collect();
        let checked = relevant.iter().find_map(|input| input.by());
        let checked = checked.or_else(|| by_link.map(|cover| cover.by.clone()));
        let open = relevant
            .iter()
            .any(|input| input.unchecked(&CHECKS).next().is_some());
        let idle = |input: &&Input| !input.is_checked(&CHECKS);
        match (checked, open) {
            (Some(by), false) => Validation::Yes(by),
            (Some(by), true) => Validation::Partial(by),
            (None, true) => Validation::No,
            (None, false) if relevant.iter().any(idle) => Validation::No,
            (None, false) if inputs.iter().any(|input| input.read.typed) => {
                Validation::Yes(Name::new_static("its type"))
            }
            (None, false) => Validation::NoInput,
        }
    }
}

/// Takes the parameters of the path out of what else is read with them.
fn take_path(input: &mut Input, path: &str) -> Option<Input> {
    let names = path.split('/').filter_map(|segment| {
        let inner = segment.strip_prefix('[')?.trim_end_matches(']');
        Some(inner.trim_start_matches(['[', '.']))
    });
    let names: Vec<&str> = names.collect();
    let is_path = |part: &Part| {
        part.field
            .as_deref()
            .is_some_and(|own| names.contains(&own))
    };
    let (of_path, rest): (Vec<Part>, Vec<Part>) = std::mem::take(&mut input.parts)
        .into_iter()
        .partition(is_path);
    input.parts = rest;
    (!of_path.is_empty()).then(|| Input {
        read: Read {
            kind: Name::new_static("path"),
            ..input.read.clone()
        },
        parts: of_path,
        covered: None,
    })
}
