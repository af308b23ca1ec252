//! `inequality`: how unequally a figure is spread over the areas.

use crate::args::{Question, period, prices};
use crate::output::{Failure, Output};
use crate::verbs::quoted;
use clap::Args;
use kultti_core::compare::InequalityOptions;
use kultti_core::model::Period;
use kultti_core::panel::PriceBasis;
use kultti_core::release::Release;
use std::path::Path;

/// Options of `inequality`.
#[derive(Debug, Args)]
pub(crate) struct Inequality {
    #[command(flatten)]
    pub(crate) question: Question,
    /// Grouping to split the inequality by: within its groups and between them
    #[arg(long, value_name = "GROUPING")]
    pub(crate) by: Option<String>,
    /// Period [default: the last one with values]
    #[arg(long, value_parser = period)]
    pub(crate) period: Option<Period>,
    /// Year whose groups are used [default: that of the period]
    #[arg(long, value_name = "YEAR")]
    pub(crate) as_of_year: Option<i32>,
    /// Real prices, such as cpi@2018
    #[arg(long, value_name = "INDEX@YEAR", value_parser = prices)]
    pub(crate) real: Option<PriceBasis>,
}

pub(crate) fn run(
    release: &Release,
    asked: &Inequality,
    file: Option<&Path>,
    output: &Output,
) -> Result<(), Failure> {
    let options = InequalityOptions {
        by: asked.by.clone(),
        period: asked.period,
        borders: asked.question.territory,
        as_of_year: asked.as_of_year,
        real: asked.real.clone(),
    };
    let inequality = release.inequality(&asked.question.indicator, options)?;
    let hint = next_step(release, asked, inequality.period, file);
    let hint = hint.as_deref().map(|command| ("word.inequality-hint", command));
    output.result(&inequality, hint)
}

/// The command that splits the inequality just shown, by the first of the groups that areas are usually compared with.
fn next_step(release: &Release, asked: &Inequality, period: Period, file: Option<&Path>) -> Option<String> {
    let usual = release.territory().document().peers.first();
    let by = usual.filter(|_| asked.by.is_none())?;
    let mut command = format!(
        "kultti inequality {} --by {by} --period {period}",
        asked.question.indicator
    );
    if asked.question.territory.to_string() != "now" {
        command.push_str(&format!(" --territory {}", asked.question.territory));
    }
    if let Some(real) = &asked.real {
        command.push_str(&format!(" --real {real}"));
    }
    if let Some(file) = file {
        command.push_str(&format!(" --release {}", quoted(&file.display().to_string())));
    }
    Some(command)
}
