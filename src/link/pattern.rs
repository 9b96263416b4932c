//! URL patterns: what middleware lists and mounts cover.

use regex::Regex;

/// A pattern over URL paths: `/api/:id`, `/dashboard/:path*`, `/posts/*`, `/(api|trpc)(.*)`, `/((?!_next|.*\\..*).*)`.
#[derive(Debug, Clone)]
pub struct UrlPattern {
    matches: Option<Regex>,
    unless: Option<Regex>,
}

/// How long a pattern may be before it is not understood; the text comes from the code under test.
const LONGEST: usize = 1_000;

impl UrlPattern {
    /// Reads a pattern. One that is not understood matches everything, so that what it covers stays covered.
    #[must_use]
    pub fn new(text: &str) -> Self {
        if text.len() > LONGEST {
            return Self {
                matches: None,
                unless: None,
            };
        }
        let (text, unless) = match split_lookahead(text) {
            Some((before, inner, after)) => {
                (format!("{before}{after}"), Some(lookahead(before, inner)))
            }
            None => (text.to_owned(), None),
        };
        let matches = Regex::new(&format!("^{}/?$", translate(&text))).ok();
        Self {
            matches,
            unless: unless.and_then(|pattern| Regex::new(&pattern).ok()),
        }
    }

    /// Whether it covers a path.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        self.matches
            .as_ref()
            .is_none_or(|pattern| pattern.is_match(path))
            && self
                .unless
                .as_ref()
                .is_none_or(|pattern| !pattern.is_match(path))
    }
}

/// The regular expression of what a look-ahead rules out; groups that are open before it are closed behind it.
fn lookahead(before: &str, inner: &str) -> String {
    let before = translate(before);
    let open = before
        .matches('(')
        .count()
        .saturating_sub(before.matches(')').count());
    format!("^{before}(?:{inner}){}", ")".repeat(open))
}

/// `before (?! inner ) after`: the first negative look-ahead, which the regex engine does not have.
fn split_lookahead(text: &str) -> Option<(&str, &str, &str)> {
    let start = text.find("(?!")?;
    let mut depth = 0usize;
    for (at, c) in text[start..].char_indices() {
        match c {
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    let end = start + at;
                    return Some((&text[..start], &text[start + 3..end], &text[end + 1..]));
                }
            }
            _ => {}
        }
    }
    None
}

/// Path parameters and bare wildcards as regular expression; groups stay as they are.
fn translate(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    let mut depth = 0usize;
    while let Some(c) = chars.next() {
        match c {
            '(' => {
                depth += 1;
                out.push(c);
            }
            ')' => {
                depth = depth.saturating_sub(1);
                out.push(c);
            }
            ':' if depth == 0 && chars.peek().is_some_and(|n| n.is_alphabetic()) => {
                while chars
                    .next_if(|n| n.is_alphanumeric() || *n == '_')
                    .is_some()
                {}
                parameter(&mut out, chars.next_if(|n| matches!(n, '*' | '+' | '?')));
            }
            '*' if depth == 0 && out.ends_with('/') => {
                // `/posts/*` covers `/posts`, too.
                out.pop();
                out.push_str("(?:/.*)?");
            }
            '*' if depth == 0 && !out.ends_with(')') => out.push_str(".*"),
            '.' | '+' | '?' | '$' | '^' | '[' | ']' | '{' | '}' | '|'
                if depth == 0 && !out.ends_with(')') =>
            {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

fn parameter(out: &mut String, repeat: Option<char>) {
    let slash = out.ends_with('/') && matches!(repeat, Some('*' | '?'));
    if slash {
        out.pop();
    }
    out.push_str(match (repeat, slash) {
        (Some('*'), true) => "(?:/.*)?",
        (Some('?'), true) => "(?:/[^/]+)?",
        (Some('*' | '+'), _) => ".+",
        _ => "[^/]+",
    });
}

/// A URL path from its parts, with one slash between them and none at the end.
#[must_use]
pub fn join(base: &str, more: &str) -> String {
    let (base, more) = (base.trim_end_matches('/'), more.trim_matches('/'));
    match (base.is_empty(), more.is_empty()) {
        (true, true) => "/".to_owned(),
        (_, true) => base.to_owned(),
        _ => format!("{base}/{more}"),
    }
}

/// A path of an endpoint with a plain word for each parameter, as a request would bring it.
#[must_use]
pub fn concrete(path: &str) -> String {
    let is_parameter = |s: &str| s.starts_with([':', '{', '[', '<', '*']);
    let segments = path
        .split('/')
        .map(|segment| if is_parameter(segment) { "x" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_middleware_lists() {
        let cases = [
            ("/dashboard/:path*", "/dashboard", true),
            ("/dashboard/:path*", "/dashboard/a/b", true),
            ("/dashboard/:path*", "/dash", false),
            ("/api/public(.*)", "/api/public/x", true),
            ("/(api|trpc)(.*)", "/api/users", true),
            ("/(api|trpc)(.*)", "/app", false),
            ("/((?!.*\\..*|_next).*)", "/api/users", true),
            ("/((?!.*\\..*|_next).*)", "/_next/static", false),
            ("/((?!api|_next/static).*)", "/api/users", false),
            ("/posts/*", "/posts", true),
            ("/posts/*", "/posts/1", true),
            ("*", "/anything", true),
            ("/a/:id", "/a/x", true),
            ("/a/:id", "/a/x/y", false),
        ];
        for (pattern, path, wanted) in cases {
            assert_eq!(
                UrlPattern::new(pattern).matches(path),
                wanted,
                "{pattern} on {path}"
            );
        }
    }

    #[test]
    fn joins_paths() {
        assert_eq!(join("/api/", "/users/"), "/api/users");
        assert_eq!(join("", "/"), "/");
        assert_eq!(concrete("/a/:id/[b]/{c}"), "/a/x/x/x");
    }
}
