//! The `kultti` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(kultti_cli::run(std::env::args_os()))
}
