//! What the user asks for.

use crate::finding::{Confidence, Profile, Severity};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::parser::ValueSource;
use clap::{
    ArgAction, Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum,
};
use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;

/// What the user asks for.
#[derive(Debug)]
pub(super) struct Arguments {
    pub(super) common: Common,
    pub(super) command: Command,
}

/// Checks backend code in TypeScript, JavaScript and Rust against the rules that coding agents are given.
#[derive(Debug, Parser)]
#[command(
    name = "backlint",
    version,
    after_help = "Without a command, backlint checks PATHS.\n\
    Exit codes: 0 no finding at or above --fail-on, 1 findings, 2 wrong usage or an error, 3 no files."
)]
struct CommandLine {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    check: CheckOptions,
}

/// What holds for every command.
#[derive(Debug, Clone, Args)]
pub(super) struct Common {
    /// When to colour the output
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: ColorChoice,
    /// Say more: what could not be analysed, and how to accept a finding
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
    /// How many threads to use; one per processor if it is not given
    #[arg(long, global = true, value_name = "N", value_parser = threads)]
    pub(super) threads: Option<usize>,
}

fn threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count @ 1..=256) => Ok(count),
        _ => Err("a number from 1 to 256 is wanted".to_owned()),
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check the code
    Check(CheckOptions),
    /// List every endpoint with what guards it
    Routes(RoutesOptions),
    /// List the rules
    Rules(RulesOptions),
    /// Explain a rule
    Explain(ExplainOptions),
}

/// Options of `check`.
#[derive(Debug, Clone, Args)]
pub(super) struct CheckOptions {
    /// Files and folders to check
    #[arg(value_name = "PATHS")]
    pub(super) paths: Vec<PathBuf>,
    /// How to write the findings
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: CheckFormat,
    /// Write to this file instead of stdout
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// How much to tolerate; each profile includes those before it [default: default]
    #[arg(long, value_name = "PROFILE", value_parser = level::<Profile>(&["default", "strict", "audit"]))]
    pub(super) profile: Option<Profile>,
    /// Run only this rule, whatever its profile; may be given more than once
    #[arg(long = "rule", value_name = "ID", action = ArgAction::Append)]
    pub(super) rules: Vec<String>,
    /// Show findings of this severity and above
    #[arg(long, value_name = "SEVERITY", value_parser = level::<Severity>(&["error", "warning", "note"]))]
    pub(super) severity: Option<Severity>,
    /// Show findings that are at least this sure [default: medium]
    #[arg(long, value_name = "CONFIDENCE", value_parser = level::<Confidence>(&["high", "medium", "low"]))]
    pub(super) min_confidence: Option<Confidence>,
    /// Treat every file as this kind of code
    #[arg(long, value_name = "PLACE")]
    pub(super) place: Option<PlaceChoice>,
    /// End with code 1 if a finding of this severity or above is shown [default: warning]
    #[arg(long, value_name = "SEVERITY")]
    pub(super) fail_on: Option<FailOn>,
    /// End with code 2 if a file could not be analysed
    #[arg(long)]
    pub(super) strict: bool,
}

/// Options of `routes`.
#[derive(Debug, Args)]
pub(super) struct RoutesOptions {
    /// Files and folders to look at
    #[arg(value_name = "PATHS")]
    pub(super) paths: Vec<PathBuf>,
    /// How to write the endpoints
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(super) format: RoutesFormat,
    /// Write to this file instead of stdout
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

/// Options of `rules`.
#[derive(Debug, Args)]
pub(super) struct RulesOptions {
    /// How to write the rules
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: RulesFormat,
    /// Write to this file instead of stdout
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

/// Options of `explain`.
#[derive(Debug, Args)]
pub(super) struct ExplainOptions {
    /// The rule's id
    #[arg(value_name = "RULE")]
    pub(super) rule: String,
}

// Clap shows the comments of variants in the help, where the names alone say enough.

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorChoice {
    Auto,
    Always,
    Never,
}

/// How to write findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFormat {
    Text,
    Json,
    Sarif,
}

/// How to write endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum RoutesFormat {
    Table,
    Json,
}

/// How to write rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum RulesFormat {
    Text,
    Json,
}

/// A place that all files can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PlaceChoice {
    Production,
}

/// What makes the run fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

impl FailOn {
    /// Whether a finding of this severity makes the run fail.
    pub(super) fn includes(self, severity: Severity) -> bool {
        match self {
            Self::Error => severity >= Severity::Error,
            Self::Warning => severity >= Severity::Warning,
            Self::Note => true,
            Self::Never => false,
        }
    }
}

fn level<T>(names: &'static [&'static str]) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err = String> + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(names).try_map(|name| name.parse::<T>())
}

/// Reads the arguments; the first is the program's name.
pub(super) fn parse(
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<Arguments, clap::Error> {
    let mut command = CommandLine::command();
    let matches = command.try_get_matches_from_mut(arguments)?;
    let line =
        CommandLine::from_arg_matches(&matches).map_err(|error| error.format(&mut command))?;
    if let Some((name, _)) = matches.subcommand() {
        // Options of `check` in front of another command would be accepted and ignored.
        let stray = CheckOptions::augment_args(clap::Command::new(""))
            .get_arguments()
            .find_map(|argument| {
                let id = argument.get_id().as_str();
                let given = matches.value_source(id) == Some(ValueSource::CommandLine);
                given.then(|| {
                    argument
                        .get_long()
                        .map_or("a path".to_owned(), |long| format!("--{long}"))
                })
            });
        if let Some(stray) = stray {
            let words = format!(
                "{stray} has to stand behind `{name}`; a folder of that name is `./{name}`"
            );
            return Err(command.error(clap::error::ErrorKind::ArgumentConflict, words));
        }
    }
    Ok(Arguments {
        common: line.common,
        command: line.command.unwrap_or(Command::Check(line.check)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Arguments, clap::Error> {
        parse(
            std::iter::once("backlint")
                .chain(line.split_whitespace())
                .map(OsString::from),
        )
    }

    fn checked(line: &str) -> Option<CheckOptions> {
        match read(line).ok()?.command {
            Command::Check(options) => Some(options),
            _ => None,
        }
    }

    #[test]
    fn the_definition_is_sound() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn check_is_the_command_that_needs_no_name() {
        assert_eq!(checked("").map(|o| o.paths.len()), Some(0));
        assert_eq!(checked("src lib").map(|o| o.paths.len()), Some(2));
        assert_eq!(checked("check src").map(|o| o.paths.len()), Some(1));
        assert_eq!(
            checked("--format sarif src").map(|o| o.format),
            Some(CheckFormat::Sarif)
        );
        assert_eq!(
            checked("--rule a --rule b .").map(|o| o.rules.len()),
            Some(2)
        );
        // What is no command where a command may stand is a path.
        assert_eq!(checked("src routes").map(|o| o.paths.len()), Some(2));
        assert_eq!(checked("./routes").map(|o| o.paths.len()), Some(1));
        assert_eq!(
            checked("check --fail-on never").and_then(|o| o.fail_on),
            Some(FailOn::Never)
        );
    }

    #[test]
    fn common_options_stand_anywhere() {
        for line in [
            "--color never routes",
            "routes --color never",
            "-v rules",
            "--threads 2 check .",
        ] {
            assert!(read(line).is_ok(), "{line}");
        }
        assert!(matches!(
            read("--color never routes").map(|a| a.command),
            Ok(Command::Routes(_))
        ));
    }

    #[test]
    fn nothing_is_accepted_and_ignored() {
        for line in [
            "--format json routes",
            "--strict rules",
            "--diff main",
            "check --format github",
            "check --fix",
            "check --place test",
            "check --profile lax",
            "check --threads 0",
            "routes --strict",
            "routes --format sarif",
            "explain",
            "explain a b",
            "rules x",
        ] {
            let code = read(line).err().map(|error| error.exit_code());
            assert_eq!(code, Some(2), "{line}");
        }
        assert_eq!(read("--help").err().map(|error| error.exit_code()), Some(0));
        assert_eq!(
            read("--version").err().map(|error| error.exit_code()),
            Some(0)
        );
    }
}
