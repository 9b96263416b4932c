//! The messages of rules: text with places to fill in.

use std::fmt;

/// A message such as `{method} {path} has no guard`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Slot(String),
}

impl Template {
    /// Reads a message; `allowed` are the names that may stand in braces.
    ///
    /// # Errors
    /// If a brace is left open, or a name is not allowed.
    pub fn parse(text: &str, allowed: &[&str]) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, tail) = after
                .split_once('}')
                .ok_or("a `{` without a `}`".to_owned())?;
            if !allowed.contains(&name) {
                return Err(format!(
                    "unknown placeholder `{{{name}}}`, expected one of {}",
                    allowed.join(", ")
                ));
            }
            pieces.push(Piece::Text(before.to_owned()));
            pieces.push(Piece::Slot(name.to_owned()));
            rest = tail;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        let stray = |piece: &Piece| matches!(piece, Piece::Text(text) if text.contains('}'));
        if pieces.iter().any(stray) {
            return Err("a `}` without a `{`".to_owned());
        }
        Ok(Self { pieces })
    }

    /// The message with its places filled in; a place without a value stays empty, and no blank stands twice.
    #[must_use]
    pub fn render(&self, values: &[(&str, &str)]) -> String {
        let mut message = String::new();
        for piece in &self.pieces {
            let text = match piece {
                Piece::Text(text) => text.as_str(),
                Piece::Slot(name) => values
                    .iter()
                    .find(|(key, _)| key == name)
                    .map_or("", |(_, value)| *value),
            };
            let doubled = message.is_empty() || message.ends_with(' ');
            message.push_str(if doubled {
                text.trim_start_matches(' ')
            } else {
                text
            });
        }
        message.truncate(message.trim_end().len());
        message
    }

    /// The names of its places, in order.
    pub fn slots(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Slot(name) => Some(name.as_str()),
            Piece::Text(_) => None,
        })
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => f.write_str(text)?,
                Piece::Slot(name) => write!(f, "{{{name}}}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn places_are_filled_in() {
        let template = Template::parse("{method} {path} {why} is open", &["method", "path", "why"]);
        let template = template.unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(
            template.render(&[("method", "GET"), ("path", "/users"), ("why", "reads")]),
            "GET /users reads is open"
        );
        assert_eq!(template.render(&[("path", "/users")]), "/users is open");
        assert_eq!(
            template.slots().collect::<Vec<_>>(),
            ["method", "path", "why"]
        );
        assert_eq!(template.to_string(), "{method} {path} {why} is open");
    }

    #[test]
    fn wrong_places_are_refused() {
        let error = |text| Template::parse(text, &["a"]).err().unwrap_or_default();
        assert_eq!(error("{b}"), "unknown placeholder `{b}`, expected one of a");
        assert_eq!(error("{a"), "a `{` without a `}`");
        assert_eq!(error("a}"), "a `}` without a `{`");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[{}ab é]{0,20}") {
            if let Ok(template) = Template::parse(&text, &["a", "b"]) {
                prop_assert_eq!(template.to_string(), text);
                let _ = template.render(&[("a", "x")]);
            }
        }
    }
}
