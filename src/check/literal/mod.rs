//! The `literal` matcher: credentials that are written in the code.
//!
//! What belongs here: which string literals of a module are credentials, by their shape ([`shapes`]) or by the name
//! that they are given ([`given`], [`names`], [`judge`]). What may not enter: what a provider's keys look like and which words
//! make a credential's name; those are `[[secret]]` and `[[name]]` rows.
//!
//! A text that is found is never copied into a hit: reports get spans and must redact [`LiteralHit::redact`].

mod given;
mod host;
mod judge;
mod jwt;
mod names;
mod shapes;
mod siblings;
#[cfg(test)]
mod tests;
mod text;

use crate::model::{Literal, Module, Name, ValueId, ValueKind};
use crate::source::{SourceFile, Span};
use crate::vocabulary::{Names, SecretRow};
use names::Lexicon;
use rustc_hash::{FxHashMap, FxHashSet};
use shapes::{Judgement, Shapes};

/// A credential in the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiteralHit {
    /// Where a finding stands: the first line of the literal.
    pub span: Span,
    /// What no report may show.
    pub redact: Span,
    /// Why it is one.
    pub kind: LiteralKind,
    /// How sure that is.
    pub confidence: Confidence,
    /// Where it is used as a credential, if that is known and elsewhere.
    pub used_at: Option<Span>,
}

/// Why a literal is a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LiteralKind {
    /// It has the shape of a provider's credentials.
    Shape {
        /// Id of the row.
        id: Name,
        /// What it is, for people.
        title: Name,
    },
    /// It is a URL that carries a password.
    ConnectionString {
        /// What it is, for people.
        title: Name,
        /// It leads to the machine that runs the program, with a password that anybody guesses.
        local: bool,
    },
    /// It is given to this name.
    Given(Name),
}

/// How sure it is that a literal is a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// A weak text that is given to a credential's name.
    Medium,
    /// The shape of a provider's credential, or a plausible one under a credential's name.
    High,
}

/// How much of a file is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Shapes and names.
    Full,
    /// Shapes: for scripts, seeds and examples, where the texts under a credential's name are dummies.
    Shapes,
}

/// A value that another room knows to be used as a credential: an argument at a position that a vocabulary calls one.
#[derive(Debug, Clone)]
pub struct CredentialPosition {
    /// The value.
    pub value: ValueId,
    /// What the position is called, for the message.
    pub name: Name,
    /// Where the value is passed.
    pub span: Span,
}

/// The compiled vocabulary of credentials.
#[derive(Debug)]
pub struct Secrets {
    shapes: Shapes,
    lexicon: Lexicon,
}

impl Secrets {
    /// Compiles the rows.
    ///
    /// # Errors
    /// The id of a row whose pattern is no regular expression, and what is wrong with it.
    pub fn new<'a>(
        rows: impl IntoIterator<Item = &'a SecretRow>,
        names: &Names,
    ) -> Result<Self, (Name, String)> {
        Ok(Self {
            shapes: Shapes::new(rows)?,
            lexicon: Lexicon::new(names),
        })
    }
}

/// The credentials in a file, in the order in which they stand there.
///
/// `positions` are values that are known to be used as credentials; a literal there is one, however weak.
#[must_use]
pub fn find(
    module: &Module,
    file: &SourceFile,
    secrets: &Secrets,
    positions: &[CredentialPosition],
    depth: Depth,
) -> Vec<LiteralHit> {
    let literals = strings(module);
    let mut hits: FxHashMap<Span, LiteralHit> = FxHashMap::default();
    let mut public: FxHashSet<Span> = FxHashSet::default();
    for (span, judgement) in secrets
        .shapes
        .find(module, &file.text, &literals, &secrets.lexicon)
    {
        match judgement {
            Judgement::Secret {
                redact,
                kind,
                confidence,
            } => {
                hits.entry(span).or_insert_with(|| LiteralHit {
                    span: first_line(span, &file.text),
                    redact,
                    kind,
                    confidence,
                    used_at: None,
                });
            }
            Judgement::Public => {
                public.insert(span);
            }
        }
    }
    let texts_for_people = secrets.lexicon.text_folder(&file.path);
    let given = match depth {
        Depth::Full => given::all(module, positions, &secrets.lexicon),
        Depth::Shapes => Vec::new(),
    };
    for given in given {
        let skipped = public.contains(&given.span)
            || hits.contains_key(&given.span)
            || (texts_for_people && !given.certain());
        if skipped {
            continue;
        }
        if let Some(confidence) = judge::judge(&given, &secrets.lexicon) {
            let hit = LiteralHit {
                span: first_line(given.span, &file.text),
                redact: given.span,
                kind: LiteralKind::Given(given.name.clone()),
                confidence,
                used_at: given.used_at,
            };
            hits.insert(given.span, hit);
        }
    }
    let mut hits: Vec<LiteralHit> = hits
        .into_values()
        .filter(|hit| !module.in_test(hit.redact))
        .collect();
    hits.sort_by_key(|hit| hit.span);
    hits
}

/// The spans of all string literals and text pieces, sorted, each once.
fn strings(module: &Module) -> Vec<Span> {
    let mut spans: Vec<Span> = module
        .values
        .iter()
        .filter(|value| matches!(value.kind, ValueKind::Literal(Literal::Str(_))))
        .map(|value| value.span)
        .filter(|span| span.start < span.end)
        .collect();
    spans.sort_unstable();
    spans.dedup();
    spans
}

/// The part of a span on its first line.
fn first_line(span: Span, text: &str) -> Span {
    let line = span.text(text).split(['\n', '\r']).next().unwrap_or("");
    Span::new(span.start as usize, span.start as usize + line.len())
}
