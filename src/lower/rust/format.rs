//! Format strings.
//!
//! What belongs here: splitting `"{} of {name:?}"` into its pieces. What may not enter: values.

/// A piece of a format string.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text as it appears.
    Text(String),
    /// `{}`: the next argument.
    Next,
    /// `{0}`
    Index(usize),
    /// `{name}`
    Name(String),
}

/// The pieces of a format string; `None` if the text is none, or has no placeholder.
pub(super) fn pieces(text: &str) -> Option<Vec<Piece>> {
    let mut found = Vec::new();
    let mut plain = String::new();
    let mut chars = text.chars().peekable();
    let mut placeholders = false;
    while let Some(c) = chars.next() {
        match c {
            '{' | '}' if chars.peek() == Some(&c) => {
                chars.next();
                plain.push(c);
            }
            '}' => return None,
            '{' => {
                let mut inside = String::new();
                loop {
                    match chars.next()? {
                        '}' => break,
                        '{' => return None,
                        c => inside.push(c),
                    }
                }
                if !plain.is_empty() {
                    found.push(Piece::Text(std::mem::take(&mut plain)));
                }
                placeholders = true;
                placeholder(&inside, &mut found)?;
            }
            c => plain.push(c),
        }
    }
    if !plain.is_empty() {
        found.push(Piece::Text(plain));
    }
    placeholders.then_some(found)
}

fn placeholder(inside: &str, found: &mut Vec<Piece>) -> Option<()> {
    let (argument, spec) = inside.split_once(':').unwrap_or((inside, ""));
    // A precision of `*` takes an argument of its own first.
    if spec.contains(".*") {
        found.push(Piece::Next);
    }
    let argument = argument.trim();
    found.push(if argument.is_empty() {
        Piece::Next
    } else if let Ok(index) = argument.parse() {
        Piece::Index(index)
    } else if is_identifier(argument) {
        Piece::Name(argument.to_owned())
    } else {
        return None;
    });
    Some(())
}

fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    let first = chars.next();
    first.is_some_and(|c| c == '_' || c.is_alphabetic())
        && chars.all(|c| c == '_' || c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_text_and_placeholders() {
        let name = |text: &str| Piece::Name(text.to_owned());
        let text = |text: &str| Piece::Text(text.to_owned());
        assert_eq!(
            pieces("a {} b {x:?}{1:>8}"),
            Some(vec![
                text("a "),
                Piece::Next,
                text(" b "),
                name("x"),
                Piece::Index(1)
            ])
        );
        assert_eq!(
            pieces("{{{x}}}"),
            Some(vec![text("{"), name("x"), text("}")])
        );
        assert_eq!(pieces("plain {{}}"), None);
        assert_eq!(pieces("'{a,b}'"), None);
        assert_eq!(pieces("{"), None);
    }
}
