//! Who the similar municipalities are, as records.

use crate::compare::{AreaLabel, Context, Note};
use crate::language::Text;
use crate::model::{AreaCode, Date, GroupCode, IndicatorId, Period, Unit};
use crate::panel::Cell;
use crate::stats::Standard;

/// The model that a likeness was computed by.
#[derive(Debug, Clone, PartialEq)]
pub struct PeerModelUse {
    /// Identifier; `own` for variables that were asked for one by one.
    pub id: String,
    /// Version; 0 for variables that were asked for one by one.
    pub version: u32,
    /// Name.
    pub label: Text,
    /// What it is for.
    pub description: Text,
    /// The peers asked for, or as many as the model says.
    pub k: usize,
    /// The smallest share of the weights that two areas must both have values for.
    pub min_weight_share: f64,
    /// The largest distance of a peer, if there is a bound.
    pub max_distance: Option<f64>,
    /// Draws of weights behind each stability.
    pub draws: u32,
    /// The widest relative change of a weight in a draw.
    pub draw_spread: f64,
}

/// Where peers were looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct CandidateSet {
    /// The grouping; `country` for all areas.
    pub grouping: String,
    /// The group's code.
    pub group: GroupCode,
    /// The group's name.
    pub name: Text,
    /// How many areas besides the one asked about.
    pub n: usize,
    /// How many of them have enough variables in common with it.
    pub comparable: usize,
    /// The candidates and the area, by code: mean and standard deviation rest on them.
    pub areas: Vec<AreaCode>,
}

/// A variable with what it was standardised with.
#[derive(Debug, Clone, PartialEq)]
pub struct PeerVariableUse {
    /// The indicator.
    pub indicator: IndicatorId,
    /// Its definition: `id@version`.
    pub definition: String,
    /// Its name.
    pub label: Text,
    /// Its unit.
    pub unit: Unit,
    /// Its unit as people write it.
    pub unit_symbol: Text,
    /// Decimals shown.
    pub decimals: usize,
    /// Its period.
    pub period: Period,
    /// Its weight, all weights together being 1.
    pub weight: f64,
    /// Whether its natural logarithm was taken.
    pub log: bool,
    /// Why it is there.
    pub reason: Text,
    /// Mean and sample standard deviation over the candidates and the area, of the logarithms where these were taken.
    pub standard: Standard,
    /// The area's figure.
    pub cell: Cell,
    /// The median of the peers' figures.
    pub peers_median: Option<f64>,
}

/// A similar municipality.
#[derive(Debug, Clone, PartialEq)]
pub struct PeerRow {
    /// The area.
    pub area: AreaLabel,
    /// The distance, in standard deviations.
    pub distance: f64,
    /// The share of the weights that both areas have values for; 1 with all variables.
    pub common_weight: f64,
    /// What each variable contributes to the square of the distance, along the variables; the shares sum to 1. `None` for a
    /// variable that one of the areas lacks, and for all at distance 0.
    pub contributions: Vec<Option<f64>>,
    /// Its figures, along the variables.
    pub cells: Vec<Cell>,
    /// Whether the area is among this one's own nearest as well.
    pub reciprocal: bool,
    /// The share of the draws of weights in which it stays among the nearest.
    pub stability: f64,
    /// Its figure of the indicator, if one was given.
    pub cell: Option<Cell>,
}

impl PeerRow {
    /// The variable that contributes most to the distance, by its place, and how much; the first of equal ones.
    pub fn largest(&self) -> Option<(usize, f64)> {
        let shares = self.contributions.iter().enumerate();
        let known = shares.filter_map(|(place, share)| share.map(|share| (place, share)));
        known.reduce(|most, next| if next.1 > most.1 { next } else { most })
    }
}

/// A candidate that could not be compared.
#[derive(Debug, Clone, PartialEq)]
pub struct IncomparableArea {
    /// The area.
    pub area: AreaLabel,
    /// The share of the weights that it and the area asked about both have values for.
    pub common_weight: f64,
    /// The variables that it has no value of.
    pub lacking: Vec<IndicatorId>,
}

/// Two variables that say nearly the same.
#[derive(Debug, Clone, PartialEq)]
pub struct CorrelatedVariables {
    /// One of them.
    pub left: IndicatorId,
    /// The other.
    pub right: IndicatorId,
    /// Their correlation over the candidates and the area.
    pub r: f64,
}

/// The indicator whose figures stand beside the peers.
#[derive(Debug, Clone, PartialEq)]
pub struct PeersIndicator {
    /// Indicator, unit, borders, release.
    pub context: Context,
    /// The period.
    pub period: Period,
    /// The area's own figure.
    pub cell: Cell,
}

/// The answer of [`crate::release::Release::peers`].
#[derive(Debug, Clone, PartialEq)]
pub struct Peers {
    /// What the distances have in common: the model stands for an indicator, its distances are the figures.
    pub context: Context,
    /// The period asked about: the indicator's, or the latest of the variables.
    pub period: Period,
    /// The day of the borders.
    pub borders: Date,
    /// The model.
    pub model: PeerModelUse,
    /// The area.
    pub area: AreaLabel,
    /// Where peers were looked for.
    pub candidates: CandidateSet,
    /// The variables, as the model has them.
    pub variables: Vec<PeerVariableUse>,
    /// The peers, nearest first.
    pub peers: Vec<PeerRow>,
    /// The indicator beside them, if one was given.
    pub indicator: Option<PeersIndicator>,
    /// Candidates that could not be compared, and why.
    pub left_out: Vec<IncomparableArea>,
    /// Variables that say nearly the same.
    pub correlated: Vec<CorrelatedVariables>,
    /// What to keep in mind.
    pub notes: Vec<Note>,
}
