//! What becomes of data on its way: which checks it passes, and which calls take it.

use crate::link::node::CallAt;
use crate::model::Name;

/// A schema checked the data.
pub(super) const SCHEMA: &str = "schema";
/// A test by hand checked the data.
pub(super) const CHECK: &str = "check";

/// A call that takes data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The call.
    pub call: CallAt,
    /// Which argument it is.
    pub position: usize,
    /// It is only compared with a column, as a bound value.
    pub bound: bool,
}

/// What became of one field of what was read.
#[derive(Debug, Clone, Default)]
pub struct Fate {
    /// Calls that take it: effects, and library functions that nothing is known of.
    pub used: Vec<Taken>,
    /// Kinds of barriers that it passed.
    pub passed: Vec<Name>,
    /// By what it is checked, in words.
    pub by: Option<Name>,
    /// A signature over it is verified.
    pub signed: bool,
    /// It is only passed on: to an answer, a log, or a call that is out of sight.
    pub shown: bool,
}

impl Fate {
    /// It passed a barrier.
    pub(super) fn pass(&mut self, kind: &str, by: Option<Name>) {
        if !self.passed.iter().any(|own| own == kind) {
            self.passed.push(Name::new(kind));
        }
        if kind == SCHEMA || self.by.is_none() {
            self.by = by.or(self.by.take());
        }
    }

    /// Whether it passed a schema.
    pub(super) fn parsed(&self) -> bool {
        self.passed.iter().any(|kind| kind == SCHEMA)
    }

    /// Whether it passed a barrier of one of these kinds.
    #[must_use]
    pub fn is_checked<K: AsRef<str>>(&self, accepted: &[K]) -> bool {
        let is = |kind: &Name| accepted.iter().any(|own| own.as_ref() == kind.as_str());
        self.passed.iter().any(is)
    }

    /// Whether anything is done with it.
    pub(super) fn matters(&self) -> bool {
        !self.used.is_empty() || self.shown || self.signed
    }
}
