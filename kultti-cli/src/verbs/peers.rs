//! `peers`: similar municipalities; `peer-models`: by what they can be found.

use crate::args::{Common, Drawing, borders, period};
use crate::output::{Failure, Output};
use crate::verbs::{quoted, show_drawn, show_or_cite};
use clap::Args;
use kultti_core::compare::{Peers, PeersOptions};
use kultti_core::language::word;
use kultti_core::model::Period;
use kultti_core::panel::Borders;
use kultti_core::release::Release;

/// Options of `peers`.
#[derive(Debug, Args)]
pub(crate) struct PeersArgs {
    /// Indicator to show beside the peers; it also says which model is usual
    pub(crate) indicator: Option<String>,
    /// Area: code or name
    #[arg(long, value_name = "AREA")]
    pub(crate) area: String,
    /// Peer model (kultti peer-models lists them), or a file with one [default: the usual one of the indicator]
    #[arg(long, value_name = "NAME|FILE.toml")]
    pub(crate) model: Option<String>,
    /// Indicators to be alike in, instead of a model, with weights after a colon: population.total:2
    #[arg(
        long,
        value_delimiter = ',',
        value_name = "INDICATOR[:WEIGHT]",
        conflicts_with = "model"
    )]
    pub(crate) variables: Vec<String>,
    /// Those of --variables whose natural logarithm is taken
    #[arg(long, value_delimiter = ',', value_name = "INDICATOR", requires = "variables")]
    pub(crate) log: Vec<String>,
    /// Where to look: a group (region:16), or a grouping for the area's own group [default: the whole country]
    #[arg(long, value_name = "GROUPING[:GROUP]")]
    pub(crate) candidates: Option<String>,
    /// Number of peers [default: that of the model]
    #[arg(short, value_name = "K")]
    pub(crate) k: Option<usize>,
    /// Largest distance of a peer, in standard deviations
    #[arg(long, value_name = "D")]
    pub(crate) max_distance: Option<f64>,
    /// Period [default: the last one of the indicator, or of each variable]
    #[arg(long, value_parser = period)]
    pub(crate) period: Option<Period>,
    /// Borders: now, then (those of the period) or a date
    #[arg(long, default_value = "now", value_name = "now|then|DATE", value_parser = borders)]
    pub(crate) territory: Borders,
    /// Year whose groups are used [default: that of the period]
    #[arg(long, value_name = "YEAR")]
    pub(crate) as_of_year: Option<i32>,
    /// Walk the distances back to the observations they were made of
    #[arg(long)]
    pub(crate) explain: bool,
}

pub(crate) fn run(
    release: &Release,
    asked: &PeersArgs,
    common: &Common,
    output: &Output,
) -> Result<(), Failure> {
    let options = PeersOptions {
        area: asked.area.clone(),
        indicator: asked.indicator.clone(),
        model: asked.model.clone(),
        variables: asked.variables.clone(),
        log: asked.log.clone(),
        candidates: asked.candidates.clone(),
        k: asked.k,
        max_distance: asked.max_distance,
        period: asked.period,
        borders: asked.territory,
        as_of_year: asked.as_of_year,
    };
    let peers = release.peers(options)?;
    match next_step(asked, &peers, common) {
        Some(command) if !asked.explain && !output.draws() => {
            show_or_cite(release, &peers, Some(("word.peers-hint", &command)), output)
        }
        _ => show_drawn(release, &peers, (asked.explain, &Drawing::default()), output),
    }
}

/// The command that compares the area with the peers just shown, where they can be named again.
fn next_step(asked: &PeersArgs, peers: &Peers, common: &Common) -> Option<String> {
    let plain = asked.variables.is_empty() && asked.candidates.is_none() && asked.max_distance.is_none();
    let indicator = asked.indicator.as_ref().filter(|_| plain)?;
    let model = asked.model.as_ref().unwrap_or(&peers.model.id);
    let mut command = format!(
        "kultti compare {indicator} --area {} --period {} --peers {}",
        quoted(&asked.area),
        peers.period,
        quoted(&format!("similar:{}@{model}", peers.model.k))
    );
    if asked.territory.to_string() != "now" {
        command.push_str(&format!(" --territory {}", asked.territory));
    }
    if let Some(file) = &common.release {
        command.push_str(&format!(" --release {}", quoted(&file.display().to_string())));
    }
    Some(command)
}

/// Lists the models.
pub(crate) fn models(release: &Release, output: &Output) -> Result<(), Failure> {
    let models = release.peer_models();
    let first = models.models.first().map(|model| {
        let area = word("word.area-placeholder", output.language());
        format!("kultti peers --area {area} --model {}", model.id)
    });
    let hint = first.as_deref().map(|command| ("word.peer-models-hint", command));
    output.result(&models, hint)
}
