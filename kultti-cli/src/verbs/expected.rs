//! `expected`: the cost that a municipality with such a structure typically has.

use crate::args::{Question, period};
use crate::output::{Failure, Output};
use crate::verbs::show;
use clap::Args;
use kultti_core::Error;
use kultti_core::compare::{ExpectedMethod, ExpectedOptions, VariableChoice};
use kultti_core::model::Period;
use kultti_core::release::Release;

/// Options of `expected`.
#[derive(Debug, Args)]
pub(crate) struct Expected {
    #[command(flatten)]
    pub(crate) question: Question,
    /// Area to look at: code or name; the model is that of all areas [default: every area]
    #[arg(long, value_name = "AREA")]
    pub(crate) area: Option<String>,
    /// Period [default: the last one with values]
    #[arg(long, value_parser = period)]
    pub(crate) period: Option<Period>,
    /// Structural variables: INDICATOR[@PERIOD][:log] [default: those declared for the indicator]
    #[arg(long, value_delimiter = ',', value_parser = variable, value_name = "VARIABLES")]
    pub(crate) variables: Vec<VariableChoice>,
    /// log (robust, the typical municipality) or quasi-poisson (the mean, with zeros)
    #[arg(long, value_parser = method, default_value = "log", value_name = "METHOD")]
    pub(crate) method: ExpectedMethod,
    /// Of the interval, in per cent
    #[arg(long, default_value_t = 95.0, value_name = "PER CENT")]
    pub(crate) level: f64,
    /// Walk the model and the figures back to the observations they were made of
    #[arg(long)]
    pub(crate) explain: bool,
}

fn variable(text: &str) -> Result<VariableChoice, Error> {
    text.trim().parse()
}

fn method(text: &str) -> Result<ExpectedMethod, Error> {
    text.parse()
}

pub(crate) fn run(release: &Release, asked: &Expected, output: &Output) -> Result<(), Failure> {
    let options = ExpectedOptions {
        area: asked.area.clone(),
        period: asked.period,
        variables: asked.variables.clone(),
        method: asked.method,
        level: asked.level,
        borders: asked.question.territory,
    };
    let result = release.expected(&asked.question.indicator, options)?;
    show(release, &result, asked.explain, output)
}
