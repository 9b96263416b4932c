//! Findings: what the rules say about the code, and which of it is shown.
//!
//! What belongs here: the finding itself, its fingerprint, suppressions, and the choice of what is held back. What
//! may not enter: how a finding is made or printed, the disk, and any knowledge of single rules.

mod fingerprint;
mod select;
pub mod suppress;

pub use fingerprint::{LineHashes, line_hashes};
pub use select::{Filters, HeldBack, Override, Shown, select};

use crate::model::Name;
pub use crate::rule::level::{Confidence, Profile, Severity};
use crate::source::{FileId, Location, SourceMap, Span};
use rustc_hash::FxHashMap;

/// One thing that a rule has to say.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule's id.
    pub rule: Name,
    /// The rule's title.
    pub title: Name,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// How bad it is.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// The least profile that shows it.
    pub profile: Profile,
    /// Where it stands: the narrowest token, on one line.
    pub primary: Location,
    /// The first line of the statement or declaration that the primary location belongs to; a suppression written above
    /// it counts, too.
    pub statement: Option<Span>,
    /// A few words at the caret.
    pub label: Option<Name>,
    /// Other places that matter, each with a few words.
    pub related: Vec<(Location, Name)>,
    /// The way that the data takes, from its origin to the sink.
    pub flow: Vec<(Location, Name)>,
    /// Method and path of the endpoint that it is about.
    pub endpoint: Option<(Name, Name)>,
    /// The enclosing function or route; part of the fingerprint.
    pub symbol: Name,
    /// Secrets in the primary file that no output may show.
    pub redact: Vec<Span>,
    /// Stable over edits elsewhere; [`select()`] fills it in.
    pub fingerprint: Name,
}

/// The spans that no output may show, by file, sorted and without overlap.
///
/// They are collected over **all** findings: the line of a secret may also be shown by a finding of another rule, and a
/// finding that is held back doesn't make its secret public.
#[derive(Debug, Default)]
pub struct Secrets {
    spans: FxHashMap<FileId, Vec<Span>>,
    texts: Vec<String>,
}

/// A secret shorter than this is only hidden where it stands, not wherever its letters occur.
const SHORTEST_TEXT: usize = 6;

impl Secrets {
    /// The secrets of these findings.
    #[must_use]
    pub fn new<'a>(findings: impl IntoIterator<Item = &'a Finding>, sources: &SourceMap) -> Self {
        let mut spans: FxHashMap<FileId, Vec<Span>> = FxHashMap::default();
        let mut texts = Vec::new();
        for finding in findings {
            for span in &finding.redact {
                let text = span.text(&sources.get(finding.primary.file).text);
                if text.len() >= SHORTEST_TEXT {
                    texts.push(text.to_owned());
                }
                spans.entry(finding.primary.file).or_default().push(*span);
            }
        }
        for list in spans.values_mut() {
            *list = merged(std::mem::take(list));
        }
        // Longest first, so that a secret which holds another one is replaced as a whole.
        texts.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        texts.dedup();
        Self { spans, texts }
    }

    /// The secret spans of a file.
    #[must_use]
    pub fn of(&self, file: FileId) -> &[Span] {
        self.spans.get(&file).map_or(&[], Vec::as_slice)
    }

    /// The secret texts, longest first.
    #[must_use]
    pub fn texts(&self) -> &[String] {
        &self.texts
    }
}

/// Sorts spans and joins those that touch.
fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut out: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match out.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => out.push(span),
        }
    }
    out
}
