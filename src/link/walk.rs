//! The one walk over a function's steps: in evaluation order, with what is proven at each of them.
//!
//! Guards, effects and summaries are all questions to this walk; there is no second one. A closure that is passed to a call is
//! walked where it is passed, with what holds there.

use super::Program;
use super::chain::CREDENTIALS;
use super::facts::{ANONYMOUS, CONSULTED, DEPLOYMENT, Facts, Proof, State, merge};
use super::node::{CallAt, Func, Node, Target};
use crate::model::{BlockId, CallForm, Language, Leave, Module, Name, Step, ValueId, ValueKind};
use crate::source::Span;

/// How deep closures in closures are walked.
const CLOSURES: u32 = 24;

/// What a walk meets.
#[derive(Debug, Clone, Copy)]
pub(super) enum Event {
    /// A call is made.
    Call(CallAt),
    /// A function is left with a value; the end of its body counts.
    Return(Func, Option<Node>),
}

/// What is known about the request that a walk follows.
#[derive(Debug, Clone, Default)]
pub(super) struct Request<'r> {
    /// Its URL path, where conditions on it can be decided.
    pub(super) path: Option<&'r str>,
    /// Its HTTP method.
    pub(super) method: Option<&'r str>,
    /// Closures that are returned run, too (wrappers, factories).
    pub(super) returned: bool,
}

impl Request<'_> {
    /// What tells it from other requests.
    pub(super) fn key(&self) -> Option<Name> {
        let path = self.path?;
        Some(smol_str::format_smolstr!(
            "{} {path}",
            self.method.unwrap_or_default()
        ))
    }
}

/// A walk under way.
pub(super) struct Walk<'w, 'p> {
    program: &'w Program<'p>,
    request: &'w Request<'w>,
    visit: &'w mut dyn FnMut(Event, &Facts),
    breaks: Vec<State>,
    depth: u32,
}

impl<'p> Program<'p> {
    /// Walks a function from what holds at its start; answers what holds at the end of its body.
    pub(super) fn walk(
        &self,
        func: Func,
        start: Facts,
        request: &Request<'_>,
        visit: &mut dyn FnMut(Event, &Facts),
    ) -> Option<Facts> {
        let mut walk = Walk {
            program: self,
            request,
            visit,
            breaks: Vec::new(),
            depth: 0,
        };
        walk.function(func, start)
    }
}

impl<'p> Walk<'_, 'p> {
    fn function(&mut self, func: Func, start: Facts) -> State {
        if self.depth > CLOSURES {
            return None;
        }
        self.depth += 1;
        let breaks = std::mem::take(&mut self.breaks);
        let function = self.program.function(func);
        let module = self.program.module(func.file);
        let end = self.block(func, module, function.body, Some(start));
        if let Some(facts) = &end {
            let tail = function
                .returns
                .iter()
                .rev()
                .find(|r| r.block == function.body)
                .and_then(|r| r.value);
            (self.visit)(
                Event::Return(
                    func,
                    tail.map(|value| Node {
                        file: func.file,
                        value,
                    }),
                ),
                facts,
            );
            self.returned_closure(func, tail, facts);
        }
        self.breaks = breaks;
        self.depth -= 1;
        end
    }

    fn block(&mut self, func: Func, module: &'p Module, id: BlockId, start: State) -> State {
        let mut state = start;
        for step in &module.block(id).steps {
            state.as_ref()?;
            state = self.step(func, module, step, state);
        }
        state
    }

    fn step(&mut self, func: Func, module: &'p Module, step: &Step, state: State) -> State {
        let facts = state?;
        match step {
            Step::Call(call) => self.call(
                CallAt {
                    file: func.file,
                    call: *call,
                },
                facts,
            ),
            Step::Store(_) => Some(facts),
            Step::Branch {
                condition,
                then,
                otherwise,
            } => self.branch(func, module, (*condition, *then, *otherwise), facts),
            Step::Match {
                subject,
                arms,
                exhaustive,
            } => self.arms(func, module, (*subject, arms, *exhaustive), facts),
            Step::Loop {
                condition, body, ..
            } => {
                self.breaks.push(None);
                let inside = condition
                    .map(|c| self.implied(func, c, true))
                    .unwrap_or_default();
                self.block(func, module, *body, Some(facts.clone().and(&inside)));
                self.breaks.pop();
                Some(facts)
            }
            Step::Try {
                body,
                catch,
                finally,
            } => {
                let mut out = self.block(func, module, *body, Some(facts.clone()));
                if let Some((_, handler)) = catch {
                    let caught = self.block(func, module, *handler, Some(facts.clone()));
                    out = merge(out, caught);
                }
                match finally {
                    // The clean-up runs on every way, and goes on only where the rest does.
                    Some(block) => {
                        let start = out.clone().unwrap_or(facts);
                        let after = self.block(func, module, *block, Some(start));
                        out.and(after)
                    }
                    None => out,
                }
            }
            Step::Scope(block) => self.block(func, module, *block, Some(facts)),
            Step::Leave(leave) => self.leave(func, leave, facts),
        }
    }

    fn leave(&mut self, func: Func, leave: &Leave, facts: Facts) -> State {
        match leave {
            Leave::Return(value) => {
                let node = value.map(|value| Node {
                    file: func.file,
                    value,
                });
                (self.visit)(Event::Return(func, node), &facts);
                self.returned_closure(func, *value, &facts);
            }
            Leave::Break => {
                if let Some(breaks) = self.breaks.last_mut() {
                    *breaks = merge(breaks.take(), Some(facts));
                }
            }
            Leave::Throw(_) | Leave::Continue => {}
        }
        None
    }

    fn returned_closure(&mut self, func: Func, value: Option<ValueId>, facts: &Facts) {
        let Some(value) = value.filter(|_| self.request.returned) else {
            return;
        };
        let module = self.program.module(func.file);
        if let ValueKind::Function(inner) = module.kind(value)
            && self
                .program
                .function(func)
                .span
                .contains(module.function(*inner).span)
        {
            self.function(
                Func {
                    file: func.file,
                    function: *inner,
                },
                facts.clone(),
            );
        }
    }

    fn branch(
        &mut self,
        func: Func,
        module: &'p Module,
        (condition, then, otherwise): (ValueId, BlockId, Option<BlockId>),
        facts: Facts,
    ) -> State {
        let node = Node {
            file: func.file,
            value: condition,
        };
        let decided = self.program.decide(node, self.request);
        let configured = self.program.is_configured(node);
        let side = |truthy| {
            let mut start = facts.clone().and(&self.implied(func, condition, truthy));
            if configured {
                start.add(
                    &self
                        .program
                        .proof(&DEPLOYMENT.into(), "configuration", node),
                );
            }
            start
        };
        let yes = (decided != Some(false)).then(|| side(true));
        let no = (decided != Some(true)).then(|| side(false));
        let yes = self.block(func, module, then, yes);
        let no = match otherwise {
            Some(block) => self.block(func, module, block, no),
            None => no,
        };
        if !configured || facts.get(DEPLOYMENT).is_some() {
            let optional = yes.is_some() && no.is_some() && facts.get(CONSULTED).is_none();
            let out = merge(yes, no);
            // Whoever goes on either way has not been turned away.
            return if optional {
                out.map(|facts| facts.without(CONSULTED))
            } else {
                out
            };
        }
        // Guards are judged where they are switched on.
        let on = |state: State| state.map(|facts| facts.without(DEPLOYMENT));
        match (on(yes), on(no)) {
            (Some(yes), Some(no)) => Some(yes.and(&no)),
            (only, None) | (None, only) => only,
        }
    }

    /// What a condition proves by being true (or false). Where the other answer would have proven who is calling, this one
    /// proves that nobody is signed in.
    fn implied(&self, func: Func, condition: ValueId, truthy: bool) -> Facts {
        let node = Node {
            file: func.file,
            value: condition,
        };
        let facts = self.program.proves(node, &[], truthy);
        if facts.any(&CREDENTIALS).is_some() {
            return facts;
        }
        let other = self.program.proves(node, &[], !truthy);
        match other.get("auth") {
            Some(proof) => facts.and(&Facts::one(Proof {
                kind: Name::new_static(ANONYMOUS),
                ..proof.clone()
            })),
            None if other.any(&CREDENTIALS).is_none() => facts.and(&self.program.consulted(node)),
            None => facts,
        }
    }

    fn arms(
        &mut self,
        func: Func,
        module: &'p Module,
        (subject, arms, exhaustive): (ValueId, &[(Option<ValueId>, BlockId)], bool),
        facts: Facts,
    ) -> State {
        let breakable = module.language == Language::TypeScript;
        if breakable {
            self.breaks.push(None);
        }
        let mut out = (!exhaustive).then(|| facts.clone());
        for (compared, block) in arms {
            let mut start = facts.clone();
            if let Some(value) = compared {
                let (subject, value) = (
                    Node {
                        file: func.file,
                        value: subject,
                    },
                    Node {
                        file: func.file,
                        value: *value,
                    },
                );
                start.add(&self.program.compare(subject, value));
            }
            let end = self.block(func, module, *block, Some(start));
            out = merge(out, end);
        }
        if breakable {
            let broken = self.breaks.pop().flatten();
            out = merge(out, broken);
        }
        out
    }

    /// The closure that a value is, if it is written within a span: one that only has its name there runs elsewhere.
    fn written_in(&self, at: CallAt, value: ValueId, span: Span) -> Option<Func> {
        let module = self.program.module(at.file);
        let ValueKind::Function(function) = module.kind(value) else {
            return None;
        };
        span.contains(module.function(*function).span)
            .then_some(Func {
                file: at.file,
                function: *function,
            })
    }

    fn call(&mut self, at: CallAt, mut facts: Facts) -> State {
        let program = self.program;
        (self.visit)(Event::Call(at), &facts);
        let call = program.call(at);
        let callee = program.resolve(at.node(call.callee));
        for (position, arg) in call.args.iter().enumerate() {
            let Some(inner) = self.written_in(at, arg.value, call.span) else {
                continue;
            };
            let mut start = facts.clone();
            if let Target::Function(func) = &callee {
                start.add(
                    &program
                        .passes(*func, position, self.request)
                        .unwrap_or_default(),
                );
            }
            self.function(inner, start);
        }
        if let Some(inner) = self.written_in(at, call.callee, call.span) {
            self.function(inner, facts.clone());
        }
        if let Target::Path(path) = &callee
            && program.vocabulary.leaves.find(path).next().is_some()
        {
            return None;
        }
        if call.form != CallForm::Decorator {
            facts.add(&program.ensures(at, &callee));
        }
        if let Target::Function(func) = callee
            && program.never_returns(func)
        {
            return None;
        }
        Some(facts)
    }
}
