//! Where output goes, and how it may look there.

use super::Failure;
use super::args::{ColorChoice, Common};
use crate::report::{Style, safe_lines};
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

/// Where the report of a run goes.
#[derive(Debug)]
pub(super) struct Output {
    file: Option<PathBuf>,
    /// How text is to look there.
    pub(super) style: Style,
}

impl Output {
    /// Output to a file, or to stdout.
    pub(super) fn new(common: &Common, file: Option<&Path>) -> Self {
        let terminal = file.is_none() && io::stdout().is_terminal();
        let style = Style {
            color: Environment::read().color(common.color, terminal),
            width: terminal.then(width),
            verbose: common.verbose,
        };
        Self {
            file: file.map(Path::to_path_buf),
            style,
        }
    }

    /// Whether the report goes to a file.
    pub(super) fn is_file(&self) -> bool {
        self.file.is_some()
    }

    /// Writes the report.
    pub(super) fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        let Some(file) = &self.file else {
            let mut out = io::stdout().lock();
            return match out.write_all(bytes).and_then(|()| out.flush()) {
                // The reader has seen enough: `backlint | head`.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
                Err(error) => Err(Failure::Error(format!("stdout: {error}"))),
                Ok(()) => Ok(()),
            };
        };
        write_file(file, bytes)
            .map_err(|error| Failure::Error(format!("{}: {error}", file.display())))
    }
}

/// Says something on stderr; what it quotes cannot act on the terminal.
pub(super) fn complain(words: &str) {
    let words = safe_lines(words);
    let _ = writeln!(io::stderr(), "backlint: {}", words.trim_end());
}

/// Says something on stderr that is no complaint.
pub(super) fn remark(words: &str) {
    let _ = writeln!(io::stderr(), "{}", safe_lines(words).trim_end());
}

/// Writes a file as a whole or not at all: a reader, or a run that is cut off, never sees half of it.
fn write_file(file: &Path, bytes: &[u8]) -> io::Result<()> {
    // Pipes and devices such as /dev/stdout cannot be replaced; a link is replaced, not followed.
    let special = fs::metadata(file).is_ok_and(|there| !there.is_file() && !there.is_dir());
    if special {
        return OpenOptions::new().write(true).open(file)?.write_all(bytes);
    }
    let Some(name) = file.file_name() else {
        return Err(ErrorKind::IsADirectory.into());
    };
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let mut hidden = std::ffi::OsString::from(".");
    hidden.push(name);
    hidden.push(format!(".{}.tmp", std::process::id()));
    let hidden = folder.join(hidden);
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&hidden)
        .and_then(|mut out| out.write_all(bytes))
        .and_then(|()| fs::rename(&hidden, file));
    if written.is_err() {
        let _ = fs::remove_file(&hidden);
    }
    written
}

/// Columns of the terminal.
fn width() -> usize {
    let columns = std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    columns
        .or_else(terminal_width)
        .filter(|columns| *columns > 0)
        .unwrap_or(100)
}

#[cfg(unix)]
fn terminal_width() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    Some(usize::from(size.ws_col))
}

#[cfg(not(unix))]
fn terminal_width() -> Option<usize> {
    None
}

/// What the environment says about colours (no-color.org, bixense.com/clicolors).
#[derive(Debug, Default)]
struct Environment {
    no_color: bool,
    clicolor: Option<bool>,
    force: bool,
    dumb: bool,
}

impl Environment {
    fn read() -> Self {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        Self {
            no_color: set("NO_COLOR").is_some(),
            clicolor: set("CLICOLOR").map(|value| value != "0"),
            force: set("CLICOLOR_FORCE").is_some_and(|value| value != "0"),
            dumb: set("TERM").is_some_and(|value| value == "dumb"),
        }
    }

    fn color(&self, choice: ColorChoice, terminal: bool) -> bool {
        match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if self.no_color => false,
            ColorChoice::Auto if self.force => true,
            ColorChoice::Auto => terminal && !self.dumb && self.clicolor.unwrap_or(true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_follow_option_then_environment_then_terminal() {
        let plain = Environment::default();
        assert!(plain.color(ColorChoice::Auto, true) && !plain.color(ColorChoice::Auto, false));
        assert!(plain.color(ColorChoice::Always, false) && !plain.color(ColorChoice::Never, true));
        let no_color = Environment {
            no_color: true,
            force: true,
            ..Environment::default()
        };
        assert!(
            !no_color.color(ColorChoice::Auto, true) && no_color.color(ColorChoice::Always, false)
        );
        let force = Environment {
            force: true,
            ..Environment::default()
        };
        assert!(force.color(ColorChoice::Auto, false) && !force.color(ColorChoice::Never, true));
        let dumb = Environment {
            dumb: true,
            ..Environment::default()
        };
        assert!(!dumb.color(ColorChoice::Auto, true));
    }
}
