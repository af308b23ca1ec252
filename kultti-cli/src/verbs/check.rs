//! `check`: filled forms by the rules of their round.

use crate::args::{Common, Format};
use crate::output::{Failure, Output};
use crate::verbs::put;
use clap::Args;
use kultti_core::Error;
use kultti_core::collection::{Answers, Check, Form, FormFile, FormFormat, Round, check, check_round};
use kultti_core::export::to_sarif;
use kultti_core::language::Message;
use kultti_core::model::Stage;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Options of `check`.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct CheckArgs {
    /// Filled forms of one round: workbooks, CSV or JSON
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The round [default: the *.round.json of the form, in its folder, one above it, or the current one]
    #[arg(long, env = "KULTTI_ROUND", value_name = "FILE")]
    round: Option<PathBuf>,
    /// The stage whose severities hold: draft, submitted, approved, final, corrected
    #[arg(long, default_value = "submitted", value_parser = stage)]
    stage: Stage,
    /// The files are all that have come: compare them with one another, too
    #[arg(long)]
    whole_round: bool,
    /// A copy of the form with every finding beside its cell
    #[arg(long, value_name = "FILE")]
    annotated: Option<PathBuf>,
}

const HELP: &str = "\
Nothing is sent anywhere and no figure is changed. Exit code 0 where nothing stands in the way of approval (warnings and
notes may be there: correct them, or write beside the figure why it is right), 1 where there are errors, 3 where a file
cannot be read.

Examples:
  kultti check kokkola.xlsx
  kultti check kokkola.xlsx --annotated kokkola-checked.xlsx
  kultti check forms/*.xlsx --whole-round --format csv -o findings.csv
  kultti check kokkola.xlsx --format sarif -o kokkola.sarif";

fn stage(text: &str) -> Result<Stage, Error> {
    Stage::parse(text).ok_or_else(|| Error::InvalidArgument {
        name: "stage".into(),
        expected: Stage::ALL.map(Stage::name).join(", "),
        found: text.into(),
    })
}

pub(crate) fn run(asked: &CheckArgs, common: &Common, output: &Output) -> Result<(), Failure> {
    let (round, forms) = read(asked)?;
    let checked = if asked.whole_round {
        check_round(&round, &forms, asked.stage)?
    } else {
        let mut checked: Option<Check> = None;
        for form in &forms {
            let one = check(&round, form, asked.stage)?;
            checked = Some(match checked {
                Some(others) => others.and(one),
                None => one,
            });
        }
        checked.ok_or_else(none)?
    };
    if let Some(path) = &asked.annotated {
        annotate(&round, (&asked.files, &forms), &checked, path)?;
    }
    show(&checked, common, output)?;
    if checked.has_errors() {
        return Err(Failure::Different);
    }
    Ok(())
}

/// The round of the first form, and every form read by it.
fn read(asked: &CheckArgs) -> Result<(Round, Vec<Answers>), Error> {
    let files = asked
        .files
        .iter()
        .map(FormFile::open)
        .collect::<Result<Vec<_>, _>>()?;
    let first = files.first().ok_or_else(none)?;
    let round = first.find_round(asked.round.as_deref())?;
    let forms = files
        .iter()
        .map(|file| file.answers(&round))
        .collect::<Result<Vec<_>, _>>()?;
    Ok((round, forms))
}

fn none() -> Error {
    Error::InvalidArgument {
        name: "FILE".into(),
        expected: "a filled form".into(),
        found: "\u{2013}".into(),
    }
}

fn show(checked: &Check, common: &Common, output: &Output) -> Result<(), Failure> {
    let file = common.output.as_deref();
    let ending = file
        .and_then(Path::extension)
        .is_some_and(|ending| ending.eq_ignore_ascii_case("sarif"));
    if common.format != Some(Format::Sarif) && (!ending || output.format_was_typed()) {
        return output.result(checked, None);
    }
    let mut text = format!("{:#}", to_sarif(checked, output.language()));
    text.push('\n');
    put(text.as_bytes(), file)?;
    let Some(path) = file else { return Ok(()) };
    let path = path.display().to_string();
    let message = Message::new("word.result-written").with("path", &path);
    output.done(
        &message.with("format", "sarif"),
        &json!({ "path": path, "format": "sarif" }),
    )
}

/// Writes a copy of the only form with what was found in it.
fn annotate(
    round: &Round,
    (files, forms): (&[PathBuf], &[Answers]),
    checked: &Check,
    path: &Path,
) -> Result<(), Error> {
    let ([file], [answers]) = (files, forms) else {
        return Err(Error::InvalidArgument {
            name: "annotated".into(),
            expected: "one form at a time".into(),
            found: forms.len().to_string(),
        });
    };
    let same = |file: &Path| std::fs::canonicalize(file).ok();
    if same(path).is_some_and(|whole| same(file) == Some(whole)) {
        return Err(Error::OntoItself {
            path: path.display().to_string(),
        });
    }
    Form::new(round, &answers.area, answers.language)?
        .filled(answers)
        .checked(checked)
        .write_file(FormFormat::of(path)?, path)
}
