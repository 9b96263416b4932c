//! The command line: arguments, commands, exit codes.
//!
//! What belongs here: reading arguments and the environment, joining the rooms, writing the output. What may not enter:
//! what code means, what a rule finds, and how a report looks.
#![allow(
    clippy::disallowed_methods,
    reason = "the environment is read and output is written here"
)]

mod analysis;
mod args;
mod book;
mod check;
mod origin;
mod output;
mod posture;
mod routes;

use crate::project::{self, Project};
use args::{Arguments, Command};
use output::Output;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

/// Stack of every thread that walks code: syn recurses on nested code, and an overflow would end the process.
const STACK: usize = 64 << 20;

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// Nothing at or above `--fail-on`.
    Clean = 0,
    /// Findings at or above `--fail-on`.
    Findings = 1,
    /// Bad usage, settings or rules, or an internal error.
    Error = 2,
    /// The paths hold no file that backlint reads.
    NoFiles = 3,
}

/// Why a run ends early.
#[derive(Debug)]
enum Failure {
    /// The words for the user.
    Error(String),
    /// The words for the user.
    NoFiles(String),
}

/// Runs the command that the process was started with.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match args::parse(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are asked for, and go to stdout.
            let code = if error.use_stderr() {
                Exit::Error
            } else {
                Exit::Clean
            };
            let _ = error.print();
            return ExitCode::from(code as u8);
        }
    };
    let place = quiet_panics();
    let exit = panic::catch_unwind(AssertUnwindSafe(|| in_pool(&arguments)));
    let exit = exit.unwrap_or_else(|_| {
        let place = place.lock().ok().and_then(|mut place| place.take());
        let place = place
            .map(|place| format!(" at {place}"))
            .unwrap_or_default();
        output::complain(&format!(
            "internal error{place}; please report it with the code that causes it: \
             https://github.com/backlint/backlint/issues"
        ));
        Exit::Error
    });
    ExitCode::from(exit as u8)
}

/// Keeps the place of a panic instead of printing its message, which may quote the checked code.
fn quiet_panics() -> Arc<Mutex<Option<String>>> {
    let place = Arc::new(Mutex::new(None));
    let kept = Arc::clone(&place);
    panic::set_hook(Box::new(move |info| {
        if let (Some(at), Ok(mut place)) = (info.location(), kept.lock()) {
            place.get_or_insert_with(|| format!("{}:{}", at.file(), at.line()));
        }
    }));
    place
}

/// Runs the command on a pool of threads with deep stacks.
fn in_pool(arguments: &Arguments) -> Exit {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(arguments.common.threads.unwrap_or(0))
        .stack_size(STACK)
        .build();
    let done = match pool {
        Ok(pool) => pool.install(|| run(arguments)),
        Err(error) => Err(Failure::Error(format!("no threads: {error}"))),
    };
    done.unwrap_or_else(|failure| {
        let (words, exit) = match failure {
            Failure::Error(words) => (words, Exit::Error),
            Failure::NoFiles(words) => (words, Exit::NoFiles),
        };
        output::complain(&words);
        exit
    })
}

fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let output = |file| Output::new(&arguments.common, file);
    match &arguments.command {
        Command::Check(options) => check::run(options, &output(options.output.as_deref())),
        Command::Routes(options) => routes::run(options, &output(options.output.as_deref())),
        Command::Rules(options) => book::rules(options, &output(options.output.as_deref())),
        Command::Explain(options) => book::explain(options, &output(None)),
    }
}

/// Loads the project that holds the paths.
fn load(paths: &[std::path::PathBuf]) -> Result<Project, Failure> {
    let current_dir = std::env::current_dir()
        .map_err(|error| Failure::Error(format!("no current folder: {error}")))?;
    let options = project::Options {
        paths: paths.to_vec(),
        current_dir,
    };
    project::load(&options).map_err(|error| match error {
        project::Error::Empty(_) => Failure::NoFiles(error.to_string()),
        _ => Failure::Error(error.to_string()),
    })
}
