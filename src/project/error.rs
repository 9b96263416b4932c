//! Why a run cannot start.
//!
//! What belongs here: errors that end a run, and how a mistake in the settings is shown. What may not enter:
//! bad input in the analysed code, which is a gap.

use crate::source::LineTable;
use std::fmt;
use std::ops::Range;
use std::path::PathBuf;

/// Why a project could not be loaded.
#[derive(Debug)]
pub enum Error {
    /// A path that was asked for does not exist or cannot be reached.
    Path {
        /// The path as it was given.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The paths hold no file that backlint reads.
    Empty(Vec<PathBuf>),
    /// A mistake in `backlint.toml`.
    Settings(Box<SettingsError>),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path { path, source } => write!(f, "{}: {source}", path.display()),
            Self::Empty(paths) => {
                let names: Vec<_> = paths.iter().map(|p| p.display().to_string()).collect();
                write!(f, "no file that backlint reads in {}", names.join(", "))
            }
            Self::Settings(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Path { source, .. } => Some(source),
            Self::Empty(_) | Self::Settings(_) => None,
        }
    }
}

/// A mistake in a settings file, with the line and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsError {
    /// The file, relative to the root.
    pub path: String,
    /// 1-based line.
    pub line: u32,
    /// 1-based column.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// The line as it is written.
    text: String,
    /// Characters before the marked part, and how many are marked.
    mark: (usize, usize),
}

impl SettingsError {
    /// A mistake at a byte range of the file's text.
    #[must_use]
    pub fn new(path: &str, text: &str, at: Range<usize>, message: impl Into<String>) -> Self {
        let lines = LineTable::new(text);
        let position = lines.position(text, u32::try_from(at.start).unwrap_or(u32::MAX));
        let line = lines.range(text, position.line);
        let before = text.get(line.start..at.start).unwrap_or("");
        let marked = text.get(at.start..at.end.min(line.end)).unwrap_or("");
        Self {
            path: path.to_owned(),
            line: position.line,
            column: position.column,
            message: message.into(),
            help: None,
            text: text.get(line).unwrap_or("").to_owned(),
            mark: (before.chars().count(), marked.chars().count().max(1)),
        }
    }

    /// Adds what to do.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (before, marked) = self.mark;
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        writeln!(
            f,
            "{}:{}:{}: {}",
            self.path, self.line, self.column, self.message
        )?;
        writeln!(f, "{margin} |")?;
        writeln!(f, "{number} | {}", self.text)?;
        write!(f, "{margin} | {}{}", " ".repeat(before), "^".repeat(marked))?;
        match &self.help {
            Some(help) => write!(f, "\n{margin} = {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for SettingsError {}

impl From<SettingsError> for Error {
    fn from(error: SettingsError) -> Self {
        Self::Settings(Box::new(error))
    }
}
