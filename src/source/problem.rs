//! Something wrong with a text, shown with the line that it stands in.

use super::LineTable;
use std::fmt;
use std::ops::Range;

/// How much of a long line is shown.
const SHOWN: usize = 160;

/// An error at a place of a text: `path:line:column: message`, the line and a caret under the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub path: String,
    /// 1-based line.
    pub line: u32,
    /// 1-based column in UTF-16 code units.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// The line and, below it, carets under the place.
    excerpt: String,
}

impl Problem {
    /// A problem at a range of bytes of `text`.
    #[must_use]
    pub fn new(path: &str, text: &str, range: Range<usize>, message: impl Into<String>) -> Self {
        let lines = LineTable::new(text);
        let offset = u32::try_from(range.start.min(text.len())).unwrap_or(u32::MAX);
        let position = lines.position(text, offset);
        let line = lines.range(text, position.line);
        Self {
            path: path.to_owned(),
            line: position.line,
            column: position.column,
            message: message.into(),
            excerpt: excerpt(text, line, range),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            line,
            column,
            message,
            excerpt,
        } = self;
        write!(f, "{path}:{line}:{column}: {message}\n{excerpt}")
    }
}

/// Everything that is wrong with some files; at least one problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems {
    /// In the order of the files.
    pub problems: Vec<Problem>,
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            let gap = if index == 0 { "" } else { "\n\n" };
            write!(f, "{gap}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// The line with a row of carets; characters that move the cursor are shown as blanks.
fn excerpt(text: &str, line: Range<usize>, range: Range<usize>) -> String {
    let mut shown = String::from("  | ");
    let mut carets = String::from("  | ");
    let body = text.get(line.clone()).unwrap_or("");
    for (at, c) in body.char_indices().take(SHOWN) {
        let offset = line.start + at;
        shown.push(if c.is_control() { ' ' } else { c });
        let marked = offset == range.start || range.contains(&offset);
        carets.push(if marked { '^' } else { ' ' });
    }
    if !carets.contains('^') {
        carets.push('^');
    }
    format!("{shown}\n{}", carets.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carets_stand_under_the_place() {
        let text = "a = 1\nbé = wrong\n";
        let start = text.find("wrong").unwrap_or(0);
        let problem = Problem::new("x.toml", text, start..start + 5, "no such name");
        assert_eq!(
            problem.to_string(),
            "x.toml:2:6: no such name\n  | bé = wrong\n  |      ^^^^^"
        );
    }

    #[test]
    fn places_past_the_end_are_shown_at_the_end() {
        let problem = Problem::new("x", "ab", 9..12, "m");
        assert_eq!(problem.to_string(), "x:1:3: m\n  | ab\n  |   ^");
    }
}
