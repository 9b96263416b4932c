//! What is proven about the caller at a point of the code.

use crate::model::Name;
use crate::source::Location;

/// The kind of proof that nobody is signed in: the reverse of a guard.
pub const ANONYMOUS: &str = "anonymous";

/// The kind of proof that a credential was asked for its meaning, in a way that cannot be followed.
pub const CONSULTED: &str = "consulted";

/// The kind of proof that only configuration has led here: which way is taken, whoever runs the program has decided.
pub const DEPLOYMENT: &str = "deployment";

/// A proof that some check was passed: which kind, by what, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Kind of guard: `auth`, `service-token`, `webhook-signature`, `rate-limit`, ...
    pub kind: Name,
    /// What proves it, as a person would name it.
    pub by: Name,
    /// Where.
    pub at: Location,
}

/// The proofs that hold on every way to a point; one a kind, sorted by kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    proofs: Vec<Proof>,
}

impl Facts {
    /// One proof.
    #[must_use]
    pub fn one(proof: Proof) -> Self {
        Self {
            proofs: vec![proof],
        }
    }

    /// Whether nothing is proven.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.proofs.is_empty()
    }

    /// The proof of a kind.
    #[must_use]
    pub fn get(&self, kind: &str) -> Option<&Proof> {
        self.proofs.iter().find(|proof| proof.kind == kind)
    }

    /// The first proof of any of several kinds.
    #[must_use]
    pub fn any<K: AsRef<str>>(&self, kinds: &[K]) -> Option<&Proof> {
        kinds.iter().find_map(|kind| self.get(kind.as_ref()))
    }

    /// All proofs.
    pub fn iter(&self) -> impl Iterator<Item = &Proof> {
        self.proofs.iter()
    }

    /// Adds what also holds. The earlier proof of a kind stays: it is the one that a reader meets first.
    pub fn add(&mut self, more: &Self) {
        for proof in &more.proofs {
            if let Err(at) = self
                .proofs
                .binary_search_by(|own| own.kind.cmp(&proof.kind))
            {
                self.proofs.insert(at, proof.clone());
            }
        }
    }

    /// Both.
    #[must_use]
    pub fn and(mut self, more: &Self) -> Self {
        self.add(more);
        self
    }

    /// All but the proof of a kind.
    #[must_use]
    pub fn without(mut self, kind: &str) -> Self {
        self.proofs.retain(|proof| proof.kind != kind);
        self
    }

    /// What holds on both of two ways.
    #[must_use]
    pub fn meet(mut self, other: &Self) -> Self {
        self.proofs.retain(|proof| other.get(&proof.kind).is_some());
        self
    }
}

/// What holds at a point, or `None` where the point is never reached.
pub(super) type State = Option<Facts>;

/// What holds where two ways come together.
pub(super) fn merge(left: State, right: State) -> State {
    match (left, right) {
        (Some(left), Some(right)) => Some(left.meet(&right)),
        (only, None) | (None, only) => only,
    }
}

/// What holds on all of several ways; nothing if there is none. Once nothing is left, the other ways are not asked.
pub(super) fn meet_all(ways: impl IntoIterator<Item = Facts>) -> Facts {
    let mut ways = ways.into_iter();
    let mut all = ways.next().unwrap_or_default();
    while !all.is_empty()
        && let Some(way) = ways.next()
    {
        all = all.meet(&way);
    }
    all
}

/// What holds on all ways through a function. Ways that configuration alone chooses (a check that is skipped in development) are
/// met on their own: a deployment takes these or the others, and guards are judged where they are switched on.
pub(super) fn meet_ways(ways: impl IntoIterator<Item = Facts>) -> Facts {
    let (chosen, plain): (Vec<Facts>, Vec<Facts>) = ways
        .into_iter()
        .partition(|facts| facts.get(DEPLOYMENT).is_some());
    let chosen = meet_all(chosen).without(DEPLOYMENT);
    meet_all(plain).and(&chosen)
}
