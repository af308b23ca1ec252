//! `composition`: what a figure is made of, part by part.

use crate::args::{Drawing, Question, period};
use crate::output::{Failure, Output};
use crate::verbs::show_drawn;
use clap::Args;
use kultti_core::compare::CompositionOptions;
use kultti_core::model::Period;
use kultti_core::release::Release;

/// Options of `composition`.
#[derive(Debug, Args)]
pub(crate) struct Composition {
    #[command(flatten)]
    pub(crate) question: Question,
    /// Area: code or name
    #[arg(long, value_name = "AREA")]
    pub(crate) area: String,
    /// Period [default: the last one with data]
    #[arg(long, value_parser = period)]
    pub(crate) period: Option<Period>,
    /// Groupings, groups (region:16), country, similar, or areas [default: the usual groupings]
    #[arg(long, value_delimiter = ',', value_name = "PEERS")]
    pub(crate) peers: Vec<String>,
    /// Year whose groups are used [default: that of the period]
    #[arg(long, value_name = "YEAR")]
    pub(crate) as_of_year: Option<i32>,
    /// Walk the figures back to the observations they were made of
    #[arg(long)]
    pub(crate) explain: bool,
}

pub(crate) fn run(release: &Release, asked: &Composition, output: &Output) -> Result<(), Failure> {
    let options = CompositionOptions {
        area: asked.area.clone(),
        period: asked.period,
        peers: asked.peers.clone(),
        borders: asked.question.territory,
        as_of_year: asked.as_of_year,
    };
    let result = release.composition(&asked.question.indicator, options)?;
    show_drawn(release, &result, (asked.explain, &Drawing::default()), output)
}
