//! Why a run cannot start.
//!
//! What belongs here: errors that end a run, among them a mistake in the settings. What may not enter:
//! bad input in the analysed code, which is a gap.

use crate::source::Problem;
use std::fmt;
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
    Settings(Box<Problem>),
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

impl From<Problem> for Error {
    fn from(error: Problem) -> Self {
        Self::Settings(Box::new(error))
    }
}
