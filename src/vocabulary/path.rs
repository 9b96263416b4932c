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
    /// The paths that the braces stand for.
    alternatives: Vec<Name>,
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
        let alternatives = expand(text).map_err(error)?;
        for path in &alternatives {
            check(path)?;
        }
        Ok(Self {
            text: text.into(),
            alternatives: alternatives.into_iter().map(Name::from).collect(),
        })
    }

    /// What each `*` matched, if `path` matches.
    #[must_use]
    pub fn matches(&self, path: &str) -> Option<Vec<Name>> {
        self.alternatives
            .iter()
            .find_map(|alternative| captures(alternative, path))
    }

    /// The texts before the first `::`, each once; `*` where any will do.
    #[must_use]
    pub fn roots(&self) -> Vec<Name> {
        let mut roots: Vec<Name> = Vec::new();
        for (root, _) in self.alternatives.iter().filter_map(|path| ends(path)) {
            if !roots.iter().any(|known| known == root) {
                roots.push(root.into());
            }
        }
        roots
    }

    /// The paths that the braces stand for; a `*` is left as it is.
    pub fn expanded(&self) -> impl Iterator<Item = &Name> {
        self.alternatives.iter()
    }

    /// The pattern as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
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

/// Whether a path, which may hold `*`, follows the grammar.
fn check(path: &str) -> Result<(), PatternError> {
    let Some(end) = colons(path) else {
        return Err(error(format!(
            "`{path}` is not a path: it has no `::` between the package and the name"
        )));
    };
    let (root, mut rest) = path.split_at(end);
    check_segment(root, path)?;
    while let Some((_, segment, after)) = next_segment(rest) {
        check_segment(segment, path)?;
        // `node:fs`: a single colon belongs to a root; the rest knows only `::`.
        if segment.contains(':') {
            return Err(error(format!("`{path}` holds a single ':'")));
        }
        rest = after;
    }
    Ok(())
}

fn check_segment(segment: &str, path: &str) -> Result<(), PatternError> {
    if segment.is_empty() {
        return Err(error(format!("`{path}` has an empty segment")));
    }
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'');
    if let Some(bad) = segment.chars().find(|c| odd(*c)) {
        return Err(error(format!("`{path}` holds {bad:?}")));
    }
    if segment.bytes().filter(|byte| *byte == b'*').count() > 1 {
        return Err(error(format!(
            "`{path}` has two `*` in one segment; one `*` stands for one segment or a part of one"
        )));
    }
    Ok(())
}

/// What each `*` of a pattern without braces matched, if `path` matches.
pub(super) fn captures(pattern: &str, path: &str) -> Option<Vec<Name>> {
    let mut captures = Vec::new();
    let (root, mut pattern) = pattern.split_at(colons(pattern)?);
    let (text, mut path) = path.split_at(colons(path)?);
    if !capture(root, text, &mut captures) {
        return None;
    }
    while let Some((separator, segment, rest)) = next_segment(pattern) {
        let (found, text, after) = next_segment(path)?;
        if found != separator || !capture(segment, text, &mut captures) {
            return None;
        }
        (pattern, path) = (rest, after);
    }
    path.is_empty().then_some(captures)
}

/// Whether a text matches a segment of a pattern; what its `*` matched is added.
fn capture(segment: &str, text: &str, captures: &mut Vec<Name>) -> bool {
    let Some((prefix, suffix)) = segment.split_once('*') else {
        return segment == text;
    };
    let tail = text.strip_prefix(prefix).filter(|_| !text.is_empty());
    let inner = tail.and_then(|tail| tail.strip_suffix(suffix));
    captures.extend(inner.map(Name::from));
    inner.is_some()
}

/// The root and the last segment of a path, by which rows are indexed; `None` where there is no `::`.
pub(super) fn ends(path: &str) -> Option<(&str, &str)> {
    let at = colons(path)?;
    let rest = path.get(at + ROOT_END.len()..)?;
    let last = rest
        .rfind(['.', ':'])
        .map_or(Some(rest), |dot| rest.get(dot + 1..))?;
    Some((path.get(..at)?, last))
}

/// Where the first `::` stands. (A general search prepares more than these short texts take to read.)
fn colons(text: &str) -> Option<usize> {
    let mut pairs = text.as_bytes().windows(ROOT_END.len());
    pairs.position(|pair| pair == ROOT_END.as_bytes())
}

/// Splits `.name...` or `::name...` into the separator, the name and what follows.
fn next_segment(tail: &str) -> Option<(Separator, &str, &str)> {
    let (separator, body) = if let Some(body) = tail.strip_prefix(ROOT_END) {
        (Separator::Colons, body)
    } else {
        (Separator::Dot, tail.strip_prefix('.')?)
    };
    let end = body.find('.').unwrap_or(body.len());
    let end = body.get(..end).and_then(colons).unwrap_or(end);
    Some((separator, body.get(..end)?, body.get(end..)?))
}

fn error(message: String) -> PatternError {
    PatternError { message }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(pattern: &str, path: &str) -> Option<Vec<String>> {
        let pattern = Pattern::parse(pattern).ok()?;
        let captures = pattern.matches(path)?;
        Some(captures.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn literal_paths_match_themselves() {
        assert_eq!(
            found("express::Router.get", "express::Router.get"),
            Some(vec![])
        );
        assert_eq!(found("express::Router.get", "express::Router::get"), None);
        assert_eq!(found("express::Router.get", "express::Router"), None);
        assert_eq!(found("express::Router", "express::Router.get"), None);
        assert_eq!(found("std::println!", "std::println!"), Some(vec![]));
    }

    #[test]
    fn dots_and_slashes_belong_to_the_root() {
        assert_eq!(
            found("socket.io::Server.on", "socket.io::Server.on"),
            Some(vec![])
        );
        assert_eq!(found("@a/b/c::auth", "@a/b/c::auth"), Some(vec![]));
        assert_eq!(found("node:fs::read", "node:fs::read"), Some(vec![]));
    }

    #[test]
    fn a_star_captures_one_segment() {
        assert_eq!(
            found("p::C.*.find", "p::C.user.find"),
            Some(vec!["user".into()])
        );
        assert_eq!(found("p::C.*.find", "p::C.a.b.find"), None);
        assert_eq!(found("p::*", "p::"), None);
        assert_eq!(found("p::use*", "p::useUser"), Some(vec!["User".into()]));
        assert_eq!(found("*::x", "anything::x"), Some(vec!["anything".into()]));
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
            prop_assert_eq!(found(&path, &path), Some(vec![]));
        }
    }
}
