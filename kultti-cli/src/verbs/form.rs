//! `form`: the form of one municipality, or everybody's.

use crate::args::{Common, Format};
use crate::interrupt;
use crate::output::{Failure, Output};
use crate::progress::Bar;
use clap::Args;
use kultti_core::Error;
use kultti_core::collection::{Form, FormFormat, Reporter, Round};
use kultti_core::language::{Language, Message};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Options of `form`.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct FormArgs {
    /// The round, *.round.json
    round: PathBuf,
    /// The municipality: code or name
    #[arg(
        long,
        value_name = "AREA",
        required_unless_present = "all",
        conflicts_with = "all"
    )]
    area: Option<String>,
    /// Everybody's form, each in its own language, into the folder of -o
    #[arg(long)]
    all: bool,
}

const HELP: &str = "\
--lang chooses the language of the form; without it, it is the one that the round has for the municipality.
--format xlsx, csv or json, else the ending of the file's name.

Examples:
  kultti form culture-2020.round.json --area Kokkola -o kokkola.xlsx
  kultti form culture-2020.round.json --area Kokkola --lang sv -o karleby.xlsx
  kultti form culture-2020.round.json --all -o forms/";

pub(crate) fn run(asked: &FormArgs, common: &Common, output: &Output) -> Result<(), Failure> {
    let language = common.lang.first().and_then(|code| Language::of_code(code));
    let Some(path) = common.output.as_deref() else {
        return Err(Failure::Kultti(Error::InvalidArgument {
            name: "output".into(),
            expected: "a file, or with --all a folder: kultti form ROUND --area Kokkola -o kokkola.xlsx"
                .into(),
            found: "–".into(),
        }));
    };
    let typed = common.format.filter(|_| output.format_was_typed());
    let format = typed.map(format_of).transpose()?;
    let round = Round::open(&asked.round)?;
    match &asked.area {
        Some(area) => {
            let format = format.map_or_else(|| FormFormat::of(path), Ok)?;
            one(&round, area, (language, format, path), output)
        }
        None => all(
            &round,
            (language, format.unwrap_or(FormFormat::Xlsx), path),
            output,
        ),
    }
}

fn format_of(format: Format) -> Result<FormFormat, Error> {
    match format {
        Format::Xlsx => Ok(FormFormat::Xlsx),
        Format::Csv => Ok(FormFormat::Csv),
        Format::Json => Ok(FormFormat::Json),
        other => FormFormat::parse(&format!("{other:?}").to_lowercase()),
    }
}

fn one(
    round: &Round,
    area: &str,
    (language, format, path): (Option<Language>, FormFormat, &Path),
    output: &Output,
) -> Result<(), Failure> {
    let reporter = round.resolve(area)?;
    let language = language.unwrap_or(reporter.language());
    Form::new(round, &reporter.area, language)?.write_file(format, path)?;
    let path = path.display().to_string();
    let message = Message::new("form.written").with("path", &path);
    let message = message
        .with("area", reporter.described())
        .with("language", language.code());
    let record = json!({
        "path": path,
        "format": format.name(),
        "area": reporter.area,
        "language": language.code(),
    });
    output.done(&message, &record)
}

/// Writes the form of every reporter; the name of a file says whose it is.
fn all(
    round: &Round,
    (language, format, folder): (Option<Language>, FormFormat, &Path),
    output: &Output,
) -> Result<(), Failure> {
    let name = folder.display().to_string();
    std::fs::create_dir_all(folder).map_err(|cause| Error::io(&name, &cause))?;
    let reporters = &round.document().reporters;
    interrupt::listen(true);
    let bar = Bar::new();
    for (done, reporter) in reporters.iter().enumerate() {
        bar.at(done, reporters.len())?;
        let language = language.unwrap_or(reporter.language());
        let form = Form::new(round, &reporter.area, language)?;
        form.write_file(format, &folder.join(file_name(round, reporter, format)))?;
    }
    drop(bar);
    let message = Message::new("form.all-written").with("folder", &name);
    let message = message.with("count", reporters.len());
    output.done(
        &message,
        &json!({ "folder": name, "format": format.name(), "forms": reporters.len() }),
    )
}

/// `culture-2020-272-kokkola.xlsx`.
fn file_name(round: &Round, reporter: &Reporter, format: FormFormat) -> String {
    let plain: String = kultti_core::language::fold(reporter.name.get(Language::Fi))
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '-'
            }
        })
        .collect();
    let id = &round.document().id;
    format!(
        "{id}-{}-{}.{}",
        reporter.area,
        plain.trim_matches('-'),
        format.name()
    )
}
