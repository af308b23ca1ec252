//! `cite`: how a release, or the answer to a question, is cited.

use crate::args::{Cli, Common};
use crate::output::{Citing, Failure, Output};
use crate::run::question;
use crate::verbs::open;
use clap::{Args, Parser};
use kultti_core::Error;
use kultti_core::export::{Citation, CitationStyle};
use kultti_core::model::Date;

/// Options of `cite`.
#[derive(Debug, Args)]
pub(crate) struct Cite {
    /// How it is written: text, bibtex or csl-json
    #[arg(long, default_value = "text", value_name = "STYLE", value_parser = style)]
    pub(crate) style: CitationStyle,
    /// The day on which the sources were looked at [default: when their tables were taken over into the release]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) accessed: Option<Date>,
    /// A question as it is typed after kultti: compare INDICATOR --area AREA; the release itself without one
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "QUESTION")]
    pub(crate) question: Vec<String>,
}

fn style(text: &str) -> Result<CitationStyle, Error> {
    text.parse()
}

fn day(text: &str) -> Result<Date, Error> {
    text.parse()
}

pub(crate) fn run(asked: &Cite, common: &Common, output: Output) -> Result<(), Failure> {
    let citing = Citing {
        style: asked.style,
        accessed: asked.accessed,
    };
    if asked.question.is_empty() {
        let release = open(common.release.as_deref())?;
        return output.citing(citing).citation(Citation::of_release(&release));
    }
    let words = std::iter::once("kultti").chain(asked.question.iter().map(String::as_str));
    let inner = Cli::try_parse_from(words).map_err(|error| Failure::Usage(Box::new(error)))?;
    // What is typed behind the question belongs to it; what it leaves open is as it was typed before it.
    let file = inner.common.release.as_deref().or(common.release.as_deref());
    let release = open(file)?;
    let output = output.citing(citing).in_language(&inner.common.lang);
    let found = || {
        Error::InvalidArgument {
        name: "QUESTION".into(),
        expected: "compare, rank, groups, change, trend, inequality, peers, expected, intervals, composition, cost-per-use, explain"
            .into(),
        found: asked.question.join(" "),
    }
    };
    question(&release, &inner.verb, &inner.common, &output).ok_or_else(found)?
}
