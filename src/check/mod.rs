//! Matchers: what rules can ask of a program, one file or folder per kind of question.
//!
//! What belongs here: finding the places that answer a matcher's question. What may not enter: names of
//! libraries and rules, which are data, and how a finding is shown.

mod call;
mod condition;
mod context;
mod endpoint;
mod flow;
mod habit;
pub mod literal;
mod secret;

use crate::finding::Finding;
use crate::flow::{Input, Inputs, Rows, Validation};
use crate::link::Program;
use crate::link::effect::Effect;
use crate::link::endpoint::Endpoint;
use crate::link::node::{CallAt, Func};
use crate::link::place::Places;
use crate::link::posture::Posture;
use crate::model::{Language, Name, ValueId};
use crate::rule::level::Confidence;
use crate::rule::{Case, Matcher, Rule};
use crate::source::{FileId, Location, Span};
use habit::Habits;
use literal::LiteralHit;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::{OnceCell, RefCell};

/// An endpoint with all that is known of it.
pub struct Known<'p> {
    /// The endpoint.
    pub endpoint: &'p Endpoint,
    /// Who may call it, and what it does.
    pub posture: Posture,
    /// What it reads.
    pub inputs: Vec<Input>,
}

/// An effect with the first endpoint that reaches it; one that people may call comes before those that only machines call.
#[derive(Debug, Clone)]
struct Reached {
    effect: Effect,
    endpoint: usize,
    by_machines: bool,
}

/// What rules are run on.
pub struct Subject<'p> {
    /// The linked program.
    pub program: &'p Program<'p>,
    /// What its files are for.
    pub places: &'p Places,
    /// Its endpoints.
    pub endpoints: Vec<Known<'p>>,
    /// What remembers how the endpoints' input is checked.
    inputs: Inputs,
    /// The effects that endpoints reach.
    reached: FxHashMap<CallAt, Reached>,
    /// What becomes of the rows of queries.
    rows: Rows,
    /// How packages log, once a rule has asked.
    habits: OnceCell<Habits>,
    /// The methods of hand-made loggers, by file.
    log_methods: RefCell<FxHashMap<FileId, FxHashSet<ValueId>>>,
    /// The credentials in every file, once a rule has asked.
    credentials: OnceCell<Vec<(FileId, LiteralHit)>>,
}

impl<'p> Subject<'p> {
    /// Everything about a program that rules ask for.
    #[must_use]
    pub fn new(program: &'p Program<'p>, places: &'p Places) -> Self {
        let inputs = Inputs::default();
        let known = |endpoint: &'p Endpoint| Known {
            endpoint,
            posture: program.posture(endpoint),
            inputs: inputs.of(program, endpoint),
        };
        let endpoints: Vec<Known<'p>> = program.endpoints.iter().map(known).collect();
        let mut reached = FxHashMap::default();
        for (at, known) in endpoints.iter().enumerate() {
            for hit in &known.posture.effects {
                let found = Reached {
                    effect: hit.effect.clone(),
                    endpoint: at,
                    by_machines: condition::is_for_machines(program, known, hit),
                };
                let first = reached
                    .entry(hit.effect.at)
                    .or_insert_with(|| found.clone());
                if first.by_machines && !found.by_machines {
                    *first = found;
                }
            }
        }
        Self {
            program,
            places,
            endpoints,
            inputs,
            reached,
            rows: Rows::default(),
            habits: OnceCell::new(),
            log_methods: RefCell::default(),
            credentials: OnceCell::new(),
        }
    }

    /// Whether what an endpoint reads is checked.
    #[must_use]
    pub fn validation(&self, known: &Known<'_>) -> Validation {
        self.inputs
            .validation(self.program, known.endpoint, &known.inputs)
    }

    fn habits(&self) -> &Habits {
        self.habits.get_or_init(|| Habits::new(self))
    }

    fn is_log_method(&self, file: FileId, function: ValueId) -> bool {
        let mut known = self.log_methods.borrow_mut();
        let of_file = known
            .entry(file)
            .or_insert_with(|| context::log_methods(self, file));
        of_file.contains(&function)
    }

    /// Runs rules; the findings come in any order.
    #[must_use]
    pub fn run(&self, rules: &[&Rule]) -> Vec<Finding> {
        let mut findings = Vec::new();
        for rule in rules {
            let mut spoken = FxHashSet::default();
            for case in &rule.cases {
                let found = match &case.matcher {
                    Matcher::Endpoint(matcher) => endpoint::find(self, matcher),
                    Matcher::Call(matcher) => call::find(self, matcher),
                    Matcher::Flow(matcher) => flow::find(self, matcher),
                    Matcher::Literal(matcher) => secret::find(self, matcher),
                };
                for place in found {
                    let language = self.program.module(place.at.file).language;
                    // Of the cases that match one place, the first speaks.
                    if rule.languages.contains(&language)
                        && spoken.insert((place.at, place.key.clone()))
                    {
                        findings.push(self.finding(rule, case, place));
                    }
                }
            }
        }
        findings
    }

    fn finding(&self, rule: &Rule, case: &Case, found: Found) -> Finding {
        let values: Vec<(&str, &str)> = found
            .values
            .iter()
            .map(|(key, value)| (*key, value.as_str()))
            .collect();
        Finding {
            rule: rule.id.clone(),
            title: rule.title.clone(),
            message: case.message.render(&values),
            help: case.help.as_ref().unwrap_or(&rule.help).to_string(),
            severity: case.severity,
            confidence: lowered(case.confidence, found.doubts),
            profile: case.profile,
            primary: self.one_line(found.at),
            statement: found.statement,
            label: found.label,
            related: found
                .related
                .into_iter()
                .map(|(at, text)| (self.one_line(at), text))
                .collect(),
            flow: found.flow,
            endpoint: found.endpoint,
            symbol: found.symbol,
            redact: found.redact,
            fingerprint: Name::default(),
        }
    }

    /// The first line of a place.
    fn one_line(&self, at: Location) -> Location {
        let text = at
            .span
            .text(&self.program.project.sources.get(at.file).text);
        let end = text.find(['\n', '\r']).unwrap_or(text.len());
        let start = at.span.start as usize;
        Location {
            file: at.file,
            span: Span::new(start, start + end),
        }
    }

    /// The code at a place, in short.
    fn code(&self, at: Location) -> String {
        const LONGEST: usize = 60;
        let text = at
            .span
            .text(&self.program.project.sources.get(at.file).text);
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() <= LONGEST {
            return line;
        }
        line.chars().take(LONGEST).chain("..".chars()).collect()
    }

    /// The function around a place, for the fingerprint.
    fn symbol(&self, at: Location) -> Name {
        let module = self.program.module(at.file);
        let around = module
            .functions
            .iter()
            .skip(1)
            .filter(|f| f.name.is_some() && f.span.contains(at.span));
        around
            .min_by_key(|f| f.span.end - f.span.start)
            .and_then(|f| f.name.clone())
            .unwrap_or_default()
    }

    /// Whether something is written for tests only.
    fn in_test(&self, file: FileId, span: Span) -> bool {
        self.program.module(file).in_test(span)
    }

    /// The function that makes a call.
    fn maker(&self, at: CallAt) -> Func {
        Func {
            file: at.file,
            function: self.program.call(at).function,
        }
    }

    fn language(&self, file: FileId) -> Language {
        self.program.module(file).language
    }
}

/// A place that answers a matcher's question.
struct Found {
    at: Location,
    /// Distinguishes several answers at one place.
    key: Name,
    values: Vec<(&'static str, String)>,
    doubts: u32,
    label: Option<Name>,
    statement: Option<Span>,
    related: Vec<(Location, Name)>,
    flow: Vec<(Location, Name)>,
    endpoint: Option<(Name, Name)>,
    symbol: Name,
    redact: Vec<Span>,
}

impl Found {
    fn new(at: Location, symbol: Name) -> Self {
        Self {
            at,
            key: Name::default(),
            values: Vec::new(),
            doubts: 0,
            label: None,
            statement: None,
            related: Vec::new(),
            flow: Vec::new(),
            endpoint: None,
            symbol,
            redact: Vec::new(),
        }
    }
}

fn lowered(confidence: Confidence, doubts: u32) -> Confidence {
    match (confidence, doubts) {
        (any, 0) => any,
        (Confidence::High, 1) => Confidence::Medium,
        _ => Confidence::Low,
    }
}
