//! `completions`: what a shell needs to complete verbs, options and their values.

use crate::args::Cli;
use crate::output::Failure;
use crate::verbs::put;
use clap::{Args, CommandFactory, ValueEnum};
use clap_complete::{Shell as Known, generate};
use clap_complete_nushell::Nushell;
use std::path::Path;

const EXAMPLES: &str = "\
Examples:
  kultti completions bash > ~/.local/share/bash-completion/completions/kultti
  kultti completions zsh > ~/.zfunc/_kultti           (a folder of $fpath)
  kultti completions fish > ~/.config/fish/completions/kultti.fish
  kultti completions powershell >> $PROFILE
  kultti completions nushell > kultti.nu              (then in config.nu: use kultti.nu *)";

/// Options of `completions`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// A shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    /// GNU Bash
    Bash,
    /// Z shell
    Zsh,
    /// fish
    Fish,
    /// PowerShell
    Powershell,
    /// Nushell
    Nushell,
}

/// Writes the script to a file, or to standard output.
pub(crate) fn run(asked: &Completions, file: Option<&Path>) -> Result<(), Failure> {
    let mut command = Cli::command();
    let mut script = Vec::new();
    let out = &mut script;
    match asked.shell {
        Shell::Bash => generate(Known::Bash, &mut command, "kultti", out),
        Shell::Zsh => generate(Known::Zsh, &mut command, "kultti", out),
        Shell::Fish => generate(Known::Fish, &mut command, "kultti", out),
        Shell::Powershell => generate(Known::PowerShell, &mut command, "kultti", out),
        Shell::Nushell => generate(Nushell, &mut command, "kultti", out),
    }
    put(&script, file)
}
