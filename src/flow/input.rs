//! What an endpoint reads of the request, and whether it is checked.

use super::read::{Read, reads};
use super::track::{Edges, Fate, Track};
use crate::link::Program;
use crate::link::endpoint::Endpoint;
use crate::link::node::{CallAt, Func};
use crate::model::Name;
use crate::vocabulary::position::Root;
use rustc_hash::FxHashMap;
use std::cell::RefCell;

/// How many functions of an endpoint are searched for reads.
const FUNCTIONS: usize = 40;
/// How deep calls are followed for that.
const DEPTH: u32 = 3;

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

/// One read and what becomes of it.
#[derive(Debug, Clone)]
pub struct Input {
    /// The read.
    pub read: Read,
    /// Fields (or `None` for the whole) that are used and not checked.
    pub unchecked: Vec<Option<Name>>,
    /// Fields that are checked.
    pub checked: Vec<Option<Name>>,
    /// By what, in words.
    pub by: Option<Name>,
    /// The calls that take what is not checked.
    pub used_by: Vec<(CallAt, usize)>,
}

/// Everything that endpoints read; remembers what it has indexed.
#[derive(Default)]
pub struct Inputs {
    edges: Edges,
    links: RefCell<FxHashMap<Func, Vec<(Name, Name)>>>,
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
        let mut inputs: Vec<Input> = found
            .into_iter()
            .map(|read| self.follow(program, read))
            .collect();
        let links = endpoint.links.iter().filter_map(|link| link.func);
        for link in links.filter(|link| *link != handler) {
            let checked = self.checked_by(program, link);
            for input in &mut inputs {
                if let Some((_, by)) = checked.iter().find(|(kind, _)| *kind == input.read.kind) {
                    input.checked = vec![None];
                    input.by = Some(by.clone());
                    input.unchecked.clear();
                    input.used_by.clear();
                }
            }
        }
        inputs
    }

    /// The kinds of data that a function of the project runs through a schema, with the schema's method.
    fn checked_by(&self, program: &Program<'_>, link: Func) -> Vec<(Name, Name)> {
        if let Some(known) = self.links.borrow().get(&link) {
            return known.clone();
        }
        let mut checked = Vec::new();
        for read in reads(program, link, &[link]) {
            let kind = read.kind.clone();
            let fates = Track::run(program, &self.edges, read.node, read.key);
            let whole = |(field, fate): &(Option<Name>, Fate)| match field {
                None => fate.validated.clone(),
                Some(_) => None,
            };
            checked.extend(fates.iter().find_map(whole).map(|by| (kind, by)));
        }
        self.links.borrow_mut().insert(link, checked.clone());
        checked
    }

    fn follow(&self, program: &Program<'_>, read: Read) -> Input {
        let mut input = Input {
            read,
            unchecked: Vec::new(),
            checked: Vec::new(),
            by: None,
            used_by: Vec::new(),
        };
        if input.read.typed {
            input.checked.push(None);
            input.by = Some(Name::new_static("its type"));
            return input;
        }
        let fates = Track::run(
            program,
            &self.edges,
            input.read.node,
            input.read.key.clone(),
        );
        let whole = fates
            .iter()
            .any(|(field, fate)| field.is_none() && fate.validated.is_some());
        for (field, fate) in fates {
            if whole || fate.validated.is_some() || fate.tested {
                let by = fate
                    .validated
                    .clone()
                    .unwrap_or_else(|| Name::new_static("a hand-written check"));
                input.by.get_or_insert(by);
                input.checked.push(field);
            } else if is_used(&fate) {
                input.used_by.extend(fate.used);
                input.unchecked.push(field);
            } else if fate.shown {
                input.unchecked.push(field);
            }
        }
        input
    }
}

/// Whether what an endpoint reads is checked, over all its reads and the validators in its chain.
#[must_use]
pub fn validation(program: &Program<'_>, endpoint: &Endpoint, inputs: &[Input]) -> Validation {
    let by_link = link_validators(program, endpoint);
    if endpoint.handler.is_none() {
        return by_link
            .first()
            .map_or(Validation::Unknown, |by| Validation::Yes(by.clone()));
    }
    let counted = |input: &&Input| input.read.kind != "path" || !input.read.typed;
    let relevant: Vec<&Input> = inputs
        .iter()
        .filter(counted)
        .filter(|input| input.read.kind != "url")
        .collect();
    let checked = relevant
        .iter()
        .find_map(|input| input.by.clone())
        .or_else(|| by_link.first().cloned());
    let open = relevant.iter().any(|input| !input.unchecked.is_empty());
    let read_without_use = relevant
        .iter()
        .any(|input| input.unchecked.is_empty() && input.checked.is_empty());
    match (checked, open) {
        (Some(by), false) => Validation::Yes(by),
        (Some(by), true) => Validation::Partial(by),
        (None, true) => Validation::No,
        (None, false) if read_without_use => Validation::No,
        (None, false) => match inputs.iter().find(|input| input.read.typed) {
            Some(_) => Validation::Yes(Name::new_static("its type")),
            None => Validation::NoInput,
        },
    }
}

fn is_used(fate: &Fate) -> bool {
    !fate.used.is_empty()
}

/// Validators among the links of an endpoint.
#[must_use]
pub fn link_validators(program: &Program<'_>, endpoint: &Endpoint) -> Vec<Name> {
    let mut calls: Vec<CallAt> = endpoint.links.iter().filter_map(|link| link.call).collect();
    if let Some(at) = endpoint.registered_by {
        calls.extend(program.builder_chain(at));
    }
    let validates = |at: &CallAt| {
        let path = program.callee_path(*at)?;
        let link = |row: &crate::vocabulary::ValidatorRow| {
            row.input.root == Root::Link && program.holds(*at, &row.when)
        };
        program
            .vocabulary
            .validators
            .find(&path)
            .find(|m| link(m.row))?;
        program.call_name(*at).cloned()
    };
    calls.iter().filter_map(validates).collect()
}
