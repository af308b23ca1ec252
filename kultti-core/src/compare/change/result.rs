//! What `change` answers.

use super::options::{ChangeMethod, ChangePanel};
use crate::compare::result::{AreaLabel, Context, Note};
use crate::language::Text;
use crate::model::{Aggregate, AreaCode, GroupCode, Missing, Period};

/// The value of a group at one end of a change.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeEnd {
    /// The value.
    pub value: Option<f64>,
    /// Σn of the areas that it rests on; in real prices where they were asked for.
    pub numerator: Option<f64>,
    /// Σd of the same areas; `None` for an indicator without a denominator.
    pub denominator: Option<f64>,
    /// The SDMX letter.
    pub status: char,
    /// Why there is no value.
    pub missing: Option<Missing>,
    /// The areas that it rests on.
    pub n: usize,
    /// n / members.
    pub coverage_areas: Option<f64>,
    /// Share of the members' denominator that entered.
    pub coverage_denominator: Option<f64>,
    /// The areas that it rests on, by code.
    pub areas: Vec<AreaCode>,
}

/// The terms of a change; they add up to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChangeTerms {
    /// The change.
    pub change: f64,
    /// What prices did; `None` where money plays no part, no price index is known, or the figures are in real prices.
    pub price: Option<f64>,
    /// What the quantity did: Σn in constant prices, per unit of the denominator where the change is that of Σn itself.
    pub volume: f64,
    /// What the denominator did, usually the population; `None` without one.
    pub population: Option<f64>,
}

/// An area that the values of its group do not rest on.
#[derive(Debug, Clone, PartialEq)]
pub struct UnpairedArea {
    /// The area.
    pub area: AreaLabel,
    /// The period in which it lacks what is needed.
    pub period: Period,
    /// What it lacks.
    pub missing: Missing,
}

/// An area's own change, and its part in that of its group.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaChange {
    /// The area.
    pub area: AreaLabel,
    /// Its value in the first period.
    pub from: f64,
    /// Its value in the last.
    pub to: f64,
    /// x_t − x_0.
    pub absolute: f64,
    /// The same over x_0; `None` unless x_0 > 0.
    pub relative: Option<f64>,
    /// s̄_i·Δx_i: its own figure changed. `None` where the group's value is not a ratio of sums.
    pub within: Option<f64>,
    /// Δs_i·(x̄_i − X̄): its weight in the group changed.
    pub between: Option<f64>,
    /// Whether its denominator in the first period is below the indicator's minimum.
    pub small_base: bool,
}

/// The change of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeRow {
    /// The group's code.
    pub group: GroupCode,
    /// The group's name.
    pub name: Text,
    /// How it was summarised.
    pub aggregate: Aggregate,
    /// The first period.
    pub from: ChangeEnd,
    /// The last period.
    pub to: ChangeEnd,
    /// X_t − X_0; of shares in percentage points.
    pub absolute: Option<f64>,
    /// Why there is no change.
    pub missing: Option<Missing>,
    /// (X_t − X_0)/X_0.
    pub relative: Option<f64>,
    /// Why not.
    pub relative_missing: Option<Missing>,
    /// (X_t/X_0)^(1/(t − t_0)) − 1.
    pub cagr: Option<f64>,
    /// Why not.
    pub cagr_missing: Option<Missing>,
    /// Whether Σd of the first period is below the indicator's minimum.
    pub small_base: bool,
    /// Areas of the group where the figure can exist.
    pub members: usize,
    /// Those that the values do not rest on.
    pub left_out: Vec<UnpairedArea>,
    /// The change of the value, taken apart.
    pub terms: Option<ChangeTerms>,
    /// The change of Σn, taken apart; `None` where it is the value itself.
    pub numerator_terms: Option<ChangeTerms>,
    /// What happened within areas.
    pub within: Option<f64>,
    /// What moving weight between areas did.
    pub between: Option<f64>,
    /// Area by area, by code, where it was asked for.
    pub areas: Vec<AreaChange>,
}

/// The price index whose growth is the price term.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceTerm {
    /// The name of the index.
    pub index: String,
    /// Its name in words.
    pub label: Text,
    /// The index number of the first period.
    pub from: f64,
    /// That of the last.
    pub to: f64,
}

/// The answer of [`crate::release::Release::change`].
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Indicator, unit, borders, release.
    pub context: Context,
    /// The first period.
    pub from: Period,
    /// The last period.
    pub to: Period,
    /// The grouping.
    pub grouping: String,
    /// The grouping's name.
    pub grouping_name: Text,
    /// The year whose groups are used at both ends.
    pub groups_of_year: i32,
    /// Which areas the values rest on.
    pub panel: ChangePanel,
    /// How the change is taken apart.
    pub method: ChangeMethod,
    /// The price term's index; `None` where there is no such term.
    pub prices: Option<PriceTerm>,
    /// Whether the denominator counts persons.
    pub of_persons: bool,
    /// One row per group.
    pub rows: Vec<ChangeRow>,
    /// What to keep in mind.
    pub notes: Vec<Note>,
}
