//! The `backlint` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    backlint::cli::main()
}
