//! `man`: the manual pages, one for the program and one for each verb, made of the same words as `--help`.

use crate::args::Cli;
use crate::output::Failure;
use crate::verbs::put;
use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use kultti_core::Error;
use std::io;
use std::path::Path;

const EXAMPLES: &str = "\
Examples:
  kultti man compare | man -l -
  kultti man release diff | man -l -
  kultti man -o ~/.local/share/man/man1               (every page)";

/// What the exit codes mean: see [`crate`].
const EXIT_CODES: [(&str, &str); 7] = [
    ("0", "The question was answered, or the file was made."),
    ("1", "Something differs, where an exit code was asked for."),
    ("2", "An argument is wrong."),
    ("3", "A file cannot be read or written, or breaks a rule."),
    ("4", "An indicator, an area or something else does not exist."),
    ("70", "A fault of the program."),
    ("130", "Interrupted."),
];

/// Options of `man`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ManPages {
    /// The verb that the page is about, such as compare or release diff [default: kultti itself; with -o FOLDER every page]
    #[arg(value_name = "VERB")]
    pub(crate) verb: Vec<String>,
}

/// Writes the page of a verb to standard output, or pages to a folder.
pub(crate) fn run(asked: &ManPages, folder: Option<&Path>) -> Result<(), Failure> {
    let mut root = Cli::command().disable_help_subcommand(true);
    root.build();
    let command = find(&root, &asked.verb)?;
    let Some(folder) = folder else {
        return put(&page(command)?, None);
    };
    let failed = |cause: io::Error| Error::io(folder.display().to_string(), &cause);
    std::fs::create_dir_all(folder).map_err(failed)?;
    let every = asked.verb.is_empty();
    write_pages(command, every, folder)
}

/// The command of a verb.
fn find<'a>(root: &'a Command, verb: &[String]) -> Result<&'a Command, Error> {
    verb.iter().try_fold(root, |command, word| {
        command.find_subcommand(word).ok_or_else(|| {
            let known: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
            Error::InvalidArgument {
                name: "verb".into(),
                expected: known.join(", "),
                found: word.clone(),
            }
        })
    })
}

fn write_pages(command: &Command, below: bool, folder: &Path) -> Result<(), Failure> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    put(&page(command)?, Some(&folder.join(format!("{name}.1"))))?;
    if below {
        for verb in command.get_subcommands() {
            write_pages(verb, below, folder)?;
        }
    }
    Ok(())
}

/// The page of a command.
fn page(command: &Command) -> Result<Vec<u8>, Failure> {
    let man = Man::new(command.clone())
        .source(concat!("kultti ", env!("CARGO_PKG_VERSION")))
        .manual("Kultti");
    let mut out = Vec::new();
    man.render_title(&mut out)?;
    man.render_name_section(&mut out)?;
    man.render_synopsis_section(&mut out)?;
    man.render_description_section(&mut out)?;
    man.render_options_section(&mut out)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut out)?;
    }
    let mut roff = Roff::new();
    remarks(command, &mut roff);
    if command.get_name() == "kultti" {
        exit_status(&mut roff);
    }
    roff.to_writer(&mut out)?;
    Ok(out)
}

/// What stands below the help: sentences, and examples line by line.
fn remarks(command: &Command, roff: &mut Roff) {
    let text = command
        .get_after_help()
        .map(ToString::to_string)
        .unwrap_or_default();
    let (sentences, examples) = text.split_once("Examples:\n").unwrap_or((&text, ""));
    if !sentences.trim().is_empty() {
        roff.control("SH", ["NOTES"]);
        roff.text([roman(sentences.trim())]);
    }
    if !examples.is_empty() {
        roff.control("SH", ["EXAMPLES"]);
        roff.control("nf", []);
        for line in examples.lines() {
            roff.text([roman(line.trim())]);
        }
        roff.control("fi", []);
    }
}

fn exit_status(roff: &mut Roff) {
    roff.control("SH", ["EXIT STATUS"]);
    for (code, meaning) in EXIT_CODES {
        roff.control("TP", []);
        roff.text([bold(code)]);
        roff.text([roman(meaning)]);
    }
}
