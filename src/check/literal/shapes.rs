//! Credentials that are known by their shape.

use super::host::{Host, host_after};
use super::names::Lexicon;
use super::text::{entropy, has_filler, is_mixed, is_reference, is_wordy};
use super::{Confidence, LiteralKind, jwt};
use crate::model::{Entry, Module, Name, ValueKind};
use crate::source::Span;
use crate::vocabulary::SecretRow;
use aho_corasick::AhoCorasick;
use regex::bytes::{Regex, RegexBuilder};

/// How far before a literal its context reaches, within its line.
const CONTEXT: usize = 120;

/// The compiled `[[secret]]` rows.
#[derive(Debug)]
pub(super) struct Shapes {
    rows: Vec<Shape>,
    keywords: AhoCorasick,
    /// The row of each keyword.
    owners: Vec<usize>,
}

#[derive(Debug)]
struct Shape {
    id: Name,
    title: Name,
    pattern: Regex,
    entropy: f32,
    decoded: Option<Regex>,
    except: Option<Regex>,
    beside: Vec<Name>,
    password: bool,
}

/// What a literal with a known shape is.
#[derive(Debug)]
pub(super) enum Judgement {
    /// A credential.
    Secret {
        /// The secret itself.
        redact: Span,
        /// Which one.
        kind: LiteralKind,
        /// How sure.
        confidence: Confidence,
    },
    /// It has the shape, and is public all the same.
    Public,
}

impl Shapes {
    pub(super) fn new<'a>(
        rows: impl IntoIterator<Item = &'a SecretRow>,
    ) -> Result<Self, (Name, String)> {
        let mut shapes = Vec::new();
        let mut keywords = Vec::new();
        let mut owners = Vec::new();
        for row in rows {
            let fail = |error: String| (row.id.clone(), error);
            for keyword in &row.keywords {
                keywords.push(keyword.as_str());
                owners.push(shapes.len());
            }
            let optional = |pattern: &Option<Name>| pattern.as_deref().map(compile).transpose();
            shapes.push(Shape {
                id: row.id.clone(),
                title: row.title.clone(),
                pattern: compile(&row.pattern).map_err(fail)?,
                entropy: row.entropy,
                decoded: optional(&row.decoded).map_err(fail)?,
                except: optional(&row.except).map_err(fail)?,
                beside: row.beside.clone(),
                password: row.password,
            });
        }
        let keywords = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(&keywords)
            .map_err(|error| (Name::default(), error.to_string()))?;
        Ok(Self {
            rows: shapes,
            keywords,
            owners,
        })
    }

    /// The literals that have the shape of a credential; the first row that matches speaks for a literal.
    pub(super) fn find(
        &self,
        module: &Module,
        text: &str,
        literals: &[Span],
        lexicon: &Lexicon,
    ) -> Vec<(Span, Judgement)> {
        let hits = self.keyword_hits(text);
        if hits.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        let mut candidates = Vec::new();
        for literal in literals {
            let window = window(text, *literal);
            let from = hits.partition_point(|(at, _)| *at < window.start);
            candidates.clear();
            candidates.extend(
                hits[from..]
                    .iter()
                    .take_while(|(at, _)| *at < window.end)
                    .map(|(_, row)| *row),
            );
            candidates.sort_unstable();
            candidates.dedup();
            let judgement = candidates
                .iter()
                .filter_map(|row| self.rows.get(*row))
                .find_map(|row| row.judge(module, text, *literal, window, lexicon));
            found.extend(judgement.map(|judgement| (*literal, judgement)));
        }
        found
    }

    /// Where keywords occur and whose they are, by place.
    fn keyword_hits(&self, text: &str) -> Vec<(u32, usize)> {
        let mut hits: Vec<(u32, usize)> = self
            .keywords
            .find_overlapping_iter(text)
            .filter_map(|hit| {
                let owner = self.owners.get(hit.pattern().as_usize())?;
                Some((Span::new(hit.start(), hit.end()).start, *owner))
            })
            .collect();
        hits.sort_unstable();
        hits
    }
}

impl Shape {
    fn judge(
        &self,
        module: &Module,
        text: &str,
        literal: Span,
        window: Span,
        lexicon: &Lexicon,
    ) -> Option<Judgement> {
        let start = window.start as usize;
        let redact = self
            .pattern
            .captures_iter(window.text(text).as_bytes())
            .filter_map(|captures| captures.get(1).or_else(|| captures.get(0)))
            .map(|secret| Span::new(start + secret.start(), start + secret.end()))
            .find(|secret| literal.contains(*secret))?;
        let secret = redact.text(text);
        if entropy(secret) < self.entropy {
            return None;
        }
        let decoded = jwt::decode(secret);
        if let Some(needed) = &self.decoded
            && !needed.is_match(decoded.as_deref()?.as_bytes())
        {
            return None;
        }
        let judged = decoded.as_deref().unwrap_or(secret);
        let public = self
            .except
            .as_ref()
            .is_some_and(|except| except.is_match(judged.as_bytes()));
        if public || self.is_published(module, literal) {
            return Some(Judgement::Public);
        }
        let host = self.password.then(|| host_after(text, literal, redact));
        let confidence = if self.password {
            if host.as_ref().is_some_and(Host::is_placeholder) {
                return None;
            }
            password(secret, literal.text(text), lexicon)?
        } else if is_made_up(secret, lexicon) {
            return None;
        } else {
            Confidence::High
        };
        let title = self.title.clone();
        let kind = if let Some(host) = host {
            let weak = confidence == Confidence::Medium;
            let local = weak && host.is_local();
            LiteralKind::ConnectionString { title, local }
        } else {
            LiteralKind::Shape {
                id: self.id.clone(),
                title,
            }
        };
        Some(Judgement::Secret {
            redact,
            kind,
            confidence,
        })
    }

    /// Whether a key beside the literal says that it is meant to be public.
    fn is_published(&self, module: &Module, literal: Span) -> bool {
        if self.beside.is_empty() {
            return false;
        }
        module.values.iter().any(|value| {
            let ValueKind::Object(entries) = &value.kind else {
                return false;
            };
            let holds = |entry: &Entry| matches!(entry, Entry::Field { value, .. } if module.span(*value) == literal);
            let says = |entry: &Entry| matches!(entry, Entry::Field { key, .. } if self.beside.contains(key));
            entries.iter().any(says) && entries.iter().any(holds)
        })
    }
}

/// The password of a URL: `None` for what stands in for one, and for an example in a sentence.
fn password(secret: &str, literal: &str, lexicon: &Lexicon) -> Option<Confidence> {
    if has_filler(secret)
        || is_reference(secret)
        || lexicon.is_placeholder(secret)
        || secret.starts_with('$')
    {
        return None;
    }
    let plain = !is_mixed(secret) && is_wordy(secret);
    if plain && literal.contains(char::is_whitespace) {
        return None;
    }
    Some(if plain {
        Confidence::Medium
    } else {
        Confidence::High
    })
}

/// Whether somebody typed it to show what a credential looks like.
fn is_made_up(secret: &str, lexicon: &Lexicon) -> bool {
    let runs = secret.as_bytes().windows(8);
    let typed = runs
        .filter(|run| {
            run.windows(2)
                .all(|pair| pair[1] == pair[0].wrapping_add(1))
        })
        .count();
    typed > 0
        || (secret.len() < 1024
            && (has_filler(secret) || (is_wordy(secret) && lexicon.is_placeholder(secret))))
}

/// The literal and what stands before it on its line.
fn window(text: &str, literal: Span) -> Span {
    let end = literal.start as usize;
    let mut start = end.saturating_sub(CONTEXT);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let before = text.get(start..end).unwrap_or("");
    let line = before
        .rfind(['\n', '\r'])
        .map_or(start, |at| start + at + 1);
    Span::new(line, literal.end as usize)
}

fn compile(pattern: &str) -> Result<Regex, String> {
    // Keys are ASCII; without Unicode classes the automata stay small.
    RegexBuilder::new(pattern)
        .unicode(false)
        .build()
        .map_err(|error| error.to_string())
}
