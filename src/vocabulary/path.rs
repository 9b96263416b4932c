//! Paths of library members, and the patterns that vocabulary rows write for them.
//!
//! ```text
//! path = package ["/" subpath] "::" name {"." member}     express::Router.get
//!      | "global::" name {"." member}                     global::console.log
//!      | crate "::" segment {"::" segment} ["!"]          std::println!
//! ```
//!
//! In a pattern `{a,b}` stands for either text (nested, or as a part of a segment), and `*` for one segment or a part of
//! one; what it matched is captured. A `*` never crosses a `.` or `::`. The text before the first `::` is the
//! *root*; dots and slashes in it separate nothing (`socket.io::Server`).

use super::braces::expand;
use crate::model::Name;
use serde::Deserialize;
use std::fmt;

/// What stands between the root and the rest.
const ROOT_END: &str = "::";

/// A pattern of paths.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern {
    text: Name,
    alternatives: Vec<Alternative>,
}

/// One of the texts that the braces of a pattern stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Alternative {
    text: Name,
    root: Segment,
    rest: Vec<(Separator, Segment)>,
}

/// One segment of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Segment {
    /// This text.
    Literal(Name),
    /// Any text between the two; at least one character if both are empty.
    Wild {
        /// What comes before the `*`.
        prefix: Name,
        /// What comes after it.
        suffix: Name,
    },
}

/// What stands in front of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separator {
    /// `.`
    Dot,
    /// `::`
    Colons,
}

/// What is wrong with a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    message: String,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PatternError {}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// If the text does not follow the grammar, or stands for too many paths.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let alternatives = expand(text)
            .map_err(error)?
            .iter()
            .map(|path| Alternative::parse(path))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            text: text.into(),
            alternatives,
        })
    }

    /// What each `*` matched, if `path` matches.
    #[must_use]
    pub fn matches(&self, path: &str) -> Option<Vec<Name>> {
        self.alternatives
            .iter()
            .find_map(|alternative| alternative.matches(path))
    }

    /// The texts before the first `::`, each once; `*` where any will do.
    #[must_use]
    pub fn roots(&self) -> Vec<Name> {
        let mut roots: Vec<Name> = Vec::new();
        for alternative in &self.alternatives {
            let root = match &alternative.root {
                Segment::Literal(text) => text.clone(),
                Segment::Wild { prefix, suffix } => format!("{prefix}*{suffix}").into(),
            };
            if !roots.contains(&root) {
                roots.push(root);
            }
        }
        roots
    }

    /// The paths that the braces stand for; a `*` is left as it is.
    pub fn expanded(&self) -> impl Iterator<Item = &Name> {
        self.alternatives
            .iter()
            .map(|alternative| &alternative.text)
    }

    /// The pattern as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn alternatives(&self) -> &[Alternative] {
        &self.alternatives
    }
}

impl TryFrom<String> for Pattern {
    type Error = PatternError;

    fn try_from(text: String) -> Result<Self, PatternError> {
        Self::parse(&text)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Alternative {
    /// Reads a path without braces.
    pub(super) fn parse(text: &str) -> Result<Self, PatternError> {
        let Some((root, _)) = text.split_once(ROOT_END) else {
            return Err(error(format!(
                "`{text}` is not a path: it has no `::` between the package and the name"
            )));
        };
        // `node:fs`: a single colon belongs to a root; the rest knows only `::`.
        if text
            .get(root.len() + ROOT_END.len()..)
            .is_some_and(|rest| rest.replace(ROOT_END, "").contains(':'))
        {
            return Err(error(format!("`{text}` holds a single ':'")));
        }
        let root_segment = Segment::parse(root, text)?;
        let mut rest = Vec::new();
        let mut tail = text.get(root.len()..).unwrap_or("");
        while let Some((separator, segment, after)) = next_segment(tail) {
            rest.push((separator, Segment::parse(segment, text)?));
            tail = after;
        }
        Ok(Self {
            text: text.into(),
            root: root_segment,
            rest,
        })
    }

    pub(super) fn text(&self) -> &Name {
        &self.text
    }

    pub(super) fn root(&self) -> &Segment {
        &self.root
    }

    /// The segment after the last separator.
    pub(super) fn last(&self) -> &Segment {
        self.rest.last().map_or(&self.root, |(_, segment)| segment)
    }

    /// What each `*` matched, if `path` matches.
    pub(super) fn matches(&self, path: &str) -> Option<Vec<Name>> {
        let (root, _) = path.split_once(ROOT_END)?;
        let mut captures = Vec::new();
        if !self.root.matches(root, &mut captures) {
            return None;
        }
        let mut tail = path.get(root.len()..)?;
        for (separator, segment) in &self.rest {
            let (found, text, after) = next_segment(tail)?;
            if found != *separator || !segment.matches(text, &mut captures) {
                return None;
            }
            tail = after;
        }
        tail.is_empty().then_some(captures)
    }
}

impl Segment {
    fn parse(text: &str, path: &str) -> Result<Self, PatternError> {
        if text.is_empty() {
            return Err(error(format!("`{path}` has an empty segment")));
        }
        let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'');
        if let Some(bad) = text.chars().find(|c| odd(*c)) {
            return Err(error(format!("`{path}` holds {bad:?}")));
        }
        match text.split_once('*') {
            None => Ok(Self::Literal(text.into())),
            Some((_, suffix)) if suffix.contains('*') => Err(error(format!(
                "`{path}` has two `*` in one segment; one `*` stands for one segment or a part of one"
            ))),
            Some((prefix, suffix)) => Ok(Self::Wild {
                prefix: prefix.into(),
                suffix: suffix.into(),
            }),
        }
    }

    fn matches(&self, text: &str, captures: &mut Vec<Name>) -> bool {
        match self {
            Self::Literal(literal) => literal == text,
            Self::Wild { prefix, suffix } => {
                let inner = text
                    .strip_prefix(prefix.as_str())
                    .and_then(|tail| tail.strip_suffix(suffix.as_str()));
                let Some(inner) = inner.filter(|_| !text.is_empty()) else {
                    return false;
                };
                captures.push(inner.into());
                true
            }
        }
    }
}

/// The root and the last segment of a path, by which rows are indexed; `None` where there is no `::`.
pub(super) fn ends(path: &str) -> Option<(&str, &str)> {
    let at = path.find(ROOT_END)?;
    let rest = path.get(at + ROOT_END.len()..)?;
    let last = rest
        .rfind(['.', ':'])
        .map_or(Some(rest), |dot| rest.get(dot + 1..))?;
    Some((path.get(..at)?, last))
}

/// Splits `.name...` or `::name...` into the separator, the name and what follows.
fn next_segment(tail: &str) -> Option<(Separator, &str, &str)> {
    let (separator, body) = if let Some(body) = tail.strip_prefix(ROOT_END) {
        (Separator::Colons, body)
    } else {
        (Separator::Dot, tail.strip_prefix('.')?)
    };
    let colons = body.find(ROOT_END).unwrap_or(body.len());
    let end = body.find('.').unwrap_or(body.len()).min(colons);
    Some((separator, body.get(..end)?, body.get(end..)?))
}

fn error(message: String) -> PatternError {
    PatternError { message }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn captures(pattern: &str, path: &str) -> Option<Vec<String>> {
        let pattern = Pattern::parse(pattern).ok()?;
        let found = pattern.matches(path)?;
        Some(found.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn literal_paths_match_themselves() {
        assert_eq!(
            captures("express::Router.get", "express::Router.get"),
            Some(vec![])
        );
        assert_eq!(
            captures("express::Router.get", "express::Router::get"),
            None
        );
        assert_eq!(captures("express::Router.get", "express::Router"), None);
        assert_eq!(captures("express::Router", "express::Router.get"), None);
        assert_eq!(captures("std::println!", "std::println!"), Some(vec![]));
    }

    #[test]
    fn dots_and_slashes_belong_to_the_root() {
        assert_eq!(
            captures("socket.io::Server.on", "socket.io::Server.on"),
            Some(vec![])
        );
        assert_eq!(captures("@a/b/c::auth", "@a/b/c::auth"), Some(vec![]));
        assert_eq!(captures("node:fs::read", "node:fs::read"), Some(vec![]));
    }

    #[test]
    fn a_star_captures_one_segment() {
        assert_eq!(
            captures("p::C.*.find", "p::C.user.find"),
            Some(vec!["user".into()])
        );
        assert_eq!(captures("p::C.*.find", "p::C.a.b.find"), None);
        assert_eq!(captures("p::*", "p::"), None);
        assert_eq!(captures("p::use*", "p::useUser"), Some(vec!["User".into()]));
        assert_eq!(
            captures("*::x", "anything::x"),
            Some(vec!["anything".into()])
        );
    }

    #[test]
    fn braces_nest_and_stand_inside_segments() {
        let pattern = Pattern::parse("{a,b/{c,d}}::find{,Many}").unwrap_or_else(|e| panic!("{e}"));
        let texts: Vec<&str> = pattern.expanded().map(Name::as_str).collect();
        assert_eq!(
            texts,
            [
                "a::find",
                "a::findMany",
                "b/c::find",
                "b/c::findMany",
                "b/d::find",
                "b/d::findMany"
            ]
        );
        assert_eq!(pattern.roots(), ["a", "b/c", "b/d"]);
        assert!(pattern.matches("b/d::findMany").is_some());
    }

    #[test]
    fn wrong_patterns_say_why() {
        for (text, why) in [
            ("express", "no `::`"),
            ("", "no `::`"),
            ("a::{b", "without a `}`"),
            ("a::b}", "without a `{`"),
            ("a::b..c", "empty segment"),
            ("a::", "empty segment"),
            ("a::b c", "holds ' '"),
            ("a::**", "two `*`"),
            ("a::b:c", "single ':'"),
            ("a:::b", "single ':'"),
        ] {
            let message = Pattern::parse(text).err().map(|e| e.to_string());
            assert!(
                message.as_deref().is_some_and(|m| m.contains(why)),
                "{text}: {message:?}"
            );
        }
        let many = format!("a::{}", "{b,c}".repeat(20));
        assert!(Pattern::parse(&many).is_err());
    }

    #[test]
    fn ends_are_the_root_and_the_last_segment() {
        assert_eq!(ends("socket.io::Server.on"), Some(("socket.io", "on")));
        assert_eq!(ends("std::println!"), Some(("std", "println!")));
        assert_eq!(ends("a::b::c"), Some(("a", "c")));
        assert_eq!(ends("a"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[a-c.:*{},! é]{0,40}", path in "[a-c.:]{0,20}") {
            if let Ok(pattern) = Pattern::parse(&text) {
                let _ = pattern.matches(&path);
            }
            let _ = ends(&path);
        }

        #[test]
        fn a_path_without_signs_matches_itself(
            root in "[@a-z][a-z./]{0,8}", names in prop::collection::vec("[a-zA-Z_]{1,6}", 1..4)
        ) {
            let path = format!("{root}::{}", names.join("."));
            prop_assert_eq!(captures(&path, &path), Some(vec![]));
        }
    }
}
