//! One summary a function: what holds when it returns, what it returns, and what it does to the world.

use super::Program;
use super::effect::Hit;
use super::facts::{Facts, meet_ways};
use super::node::{Func, Node};
use super::walk::{Event, Request};
use std::rc::Rc;

/// How many effects of a function are remembered.
const EFFECTS: usize = 64;

/// What a function means to its callers.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// What holds on every way out.
    pub ensures: Facts,
    /// There is no way out.
    pub never_returns: bool,
    /// Each way out: the value and what holds there.
    pub returns: Vec<(Option<Node>, Facts)>,
    /// What it does, in its own body and in the project functions that it calls.
    pub effects: Vec<Hit>,
    /// The project functions that it calls, in order, each once.
    pub calls: Vec<Func>,
}

impl Program<'_> {
    /// The summary of a function.
    #[must_use]
    pub fn summary(&self, func: Func) -> Rc<Summary> {
        if let Some(known) = self.summaries.borrow().get(&func) {
            return Rc::clone(known);
        }
        // A function that calls itself proves nothing by that and adds no effects.
        self.summaries.borrow_mut().insert(func, Rc::default());
        let summary = Rc::new(self.summarise(func));
        self.summaries
            .borrow_mut()
            .insert(func, Rc::clone(&summary));
        summary
    }

    fn summarise(&self, func: Func) -> Summary {
        let mut summary = Summary::default();
        let mut hits: Vec<Hit> = Vec::new();
        self.walk(
            func,
            Facts::default(),
            &Request::default(),
            &mut |event, facts| match event {
                Event::Return(from, value) if from == func => {
                    summary.returns.push((value, facts.clone()))
                }
                Event::Return(..) => {}
                Event::Call(at) => {
                    self.hits(at, facts, &mut hits, EFFECTS);
                    if let Some(callee) = self.callee_function(at)
                        && !summary.calls.contains(&callee)
                    {
                        summary.calls.push(callee);
                    }
                }
            },
        );
        summary.never_returns = summary.returns.is_empty();
        summary.ensures = meet_ways(summary.returns.iter().map(|(_, facts)| facts.clone()));
        summary.effects = hits;
        summary
    }
}
