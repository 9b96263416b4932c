//! Where a URL that carries a password leads to.

use crate::source::Span;

/// Host and port as they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Host<'t> {
    name: &'t str,
    port: Option<&'t str>,
}

/// What follows the password of a URL in its literal.
pub(super) fn host_after<'t>(text: &'t str, literal: Span, password: Span) -> Host<'t> {
    let rest = text.get(password.end as usize..literal.end as usize);
    let rest = rest.and_then(|rest| rest.strip_prefix('@')).unwrap_or("");
    let is_end =
        |c: char| matches!(c, '/' | '?' | '#' | ',' | '"' | '\'' | '`') || c.is_whitespace();
    let authority = rest.split(is_end).next().unwrap_or("");
    if let Some((name, after)) = authority
        .strip_prefix('[')
        .and_then(|inner| inner.split_once(']'))
    {
        let port = after.strip_prefix(':');
        return Host { name, port };
    }
    match authority.split_once(':') {
        Some((name, port)) => Host {
            name,
            port: Some(port),
        },
        None => Host {
            name: authority,
            port: None,
        },
    }
}

impl Host<'_> {
    /// Whether it is the machine that runs the program.
    pub(super) fn is_local(&self) -> bool {
        matches!(
            self.name,
            "localhost" | "::1" | "0.0.0.0" | "host.docker.internal"
        ) || self.name.ends_with(".localhost")
            || self.name.starts_with("127.")
    }

    /// Whether words say what belongs there: `hostname:port`, a domain that is kept for examples.
    pub(super) fn is_placeholder(&self) -> bool {
        let spelled = |port: &str| !port.is_empty() && port.chars().all(char::is_alphabetic);
        let example = ["example.com", "example.org", "example.net"]
            .iter()
            .any(|domain| {
                let below = self.name.strip_suffix(domain);
                below.is_some_and(|below| below.is_empty() || below.ends_with('.'))
            });
        self.port.is_some_and(spelled) || example
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(url: &str) -> Host<'_> {
        let at = url.find('@').unwrap_or(url.len());
        host_after(url, Span::new(0, url.len()), Span::new(at, at))
    }

    #[test]
    fn hosts_are_read_as_they_are_written() {
        for url in [
            "db://u:p@localhost:5432/x",
            "db://u:p@127.0.0.1",
            "db://u:p@[::1]:99/x",
            "db://u:p@db.localhost",
        ] {
            assert!(host(url).is_local(), "{url}");
        }
        for url in [
            "db://u:p@db.internal:5432/x",
            "db://u:p@localhost.evil.io",
            "db://u:p",
        ] {
            assert!(
                !host(url).is_local() && !host(url).is_placeholder(),
                "{url}"
            );
        }
        for url in ["mail://u:p@hostname:port", "db://u:p@db.example.com/x"] {
            assert!(host(url).is_placeholder(), "{url}");
        }
    }
}
