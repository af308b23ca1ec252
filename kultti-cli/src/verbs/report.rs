//! `report`: what people read about one area, as a file.

use crate::args::{Common, borders, period, prices};
use crate::output::{Failure, Output};
use clap::{Args, ValueEnum};
use kultti_core::model::Period;
use kultti_core::panel::{Borders, PriceBasis};
use kultti_core::release::Release;
use kultti_core::report::{ReportFormat, ReportOptions, Templates};
use std::path::PathBuf;

/// Options of `report`.
#[derive(Debug, Args)]
pub(crate) struct Report {
    /// Area: code or name
    #[arg(long, value_name = "AREA")]
    area: String,
    /// Period of the figures; an indicator without it has its last one before [default: the last one with values]
    #[arg(long, value_parser = period)]
    period: Option<Period>,
    /// Groupings, groups (region:16), country, similar[:K][@MODEL], or areas [default: region,similar,country]
    #[arg(long, value_delimiter = ',', value_name = "PEERS")]
    peers: Vec<String>,
    /// Indicators, the first of them leading [default: all with figures]
    #[arg(long, value_delimiter = ',', value_name = "INDICATORS")]
    indicators: Vec<String>,
    /// Borders: now, then (those of each period) or a date
    #[arg(long, default_value = "now", value_name = "now|then|DATE", value_parser = borders)]
    territory: Borders,
    /// Real prices, such as cpi@2018 [default: the first price index, in the money of the last year]
    #[arg(long, value_name = "INDEX@YEAR", value_parser = prices)]
    real: Option<PriceBasis>,
    /// A folder with templates of your own, such as a style.css
    #[arg(long, value_name = "FOLDER", env = "KULTTI_TEMPLATES")]
    templates: Option<PathBuf>,
}

pub(crate) fn run(
    release: &Release,
    asked: &Report,
    common: &Common,
    output: &Output,
) -> Result<(), Failure> {
    let templates = match &asked.templates {
        Some(folder) => Templates::in_folder(folder)?,
        None => Templates::default(),
    };
    // What is wrong with the format is said before anything is computed.
    let format = match (
        common.format.filter(|_| output.format_was_typed()),
        &common.output,
    ) {
        (Some(format), _) => format
            .to_possible_value()
            .map(|value| value.get_name().parse())
            .transpose()?,
        (None, Some(path)) => Some(ReportFormat::of(path)?),
        (None, None) => None,
    };
    let report = release.report(ReportOptions {
        area: asked.area.clone(),
        period: asked.period,
        peers: asked.peers.clone(),
        indicators: asked.indicators.clone(),
        borders: asked.territory,
        real: asked.real.clone(),
    })?;
    output.report(&report, format, &templates, common.output.as_deref())
}
