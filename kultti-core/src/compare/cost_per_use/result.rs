//! What is answered of a cost and its use.

use crate::compare::{AreaLabel, Context, Note};
use crate::language::Text;
use crate::model::{AreaCode, GroupCode, IndicatorId, Missing, Period};

/// Cost per inhabitant = cost per use × uses per inhabitant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UseFigures {
    /// x.
    pub cost_per_inhabitant: Option<f64>,
    /// p.
    pub cost_per_use: Option<f64>,
    /// u.
    pub uses_per_inhabitant: Option<f64>,
    /// The SDMX letter of the three.
    pub status: char,
    /// Why one of them is missing.
    pub missing: Option<Missing>,
}

/// A difference in the two factors it is made of, exactly additive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UseDifference {
    /// x − X.
    pub total: f64,
    /// What comes from the cost per use: L(x, X)·ln(p/P), with the logarithmic mean L(x, X) = (x − X)/ln(x/X).
    pub by_cost_per_use: f64,
    /// What comes from the uses per inhabitant: L(x, X)·ln(u/U).
    pub by_uses: f64,
    /// ln(p/P).
    pub log_cost_per_use: f64,
    /// ln(u/U).
    pub log_uses: f64,
}

/// A group beside the area.
#[derive(Debug, Clone, PartialEq)]
pub struct UseGroup {
    /// The grouping.
    pub grouping: String,
    /// The group's code.
    pub group: GroupCode,
    /// The group's name.
    pub name: Text,
    /// Σcost/Σinhabitants, Σcost/Σuses and Σuses/Σinhabitants over the same members.
    pub figures: UseFigures,
    /// Members with cost, use and inhabitants.
    pub n: usize,
    /// Members where the figure can exist.
    pub members: usize,
    /// n / members.
    pub coverage_areas: Option<f64>,
    /// Share of the members' inhabitants that entered.
    pub coverage_denominator: Option<f64>,
    /// Whether the area is one of those that entered.
    pub includes_area: bool,
    /// The area's difference to the group; needs positive figures on both sides.
    pub difference: Option<UseDifference>,
    /// The members that entered, by code.
    pub entered: Vec<AreaCode>,
}

/// An indicator of a pair.
#[derive(Debug, Clone, PartialEq)]
pub struct PairIndicator {
    /// The indicator.
    pub indicator: IndicatorId,
    /// Its unit as people write it.
    pub unit_symbol: Text,
    /// Decimals shown.
    pub decimals: usize,
}

/// A cost with one use of it.
#[derive(Debug, Clone, PartialEq)]
pub struct UsePair {
    /// The pair's id in the catalogue.
    pub id: String,
    /// The use.
    pub label: Text,
    /// Cost per use.
    pub cost_per_use: PairIndicator,
    /// Uses per inhabitant.
    pub uses_per_inhabitant: PairIndicator,
    /// The area's figures.
    pub area: UseFigures,
    /// The groups.
    pub groups: Vec<UseGroup>,
}

/// The answer of [`crate::release::Release::cost_per_use`].
#[derive(Debug, Clone, PartialEq)]
pub struct CostPerUse {
    /// Indicator (the cost per inhabitant), unit, borders, release.
    pub context: Context,
    /// The period.
    pub period: Period,
    /// The area.
    pub area: AreaLabel,
    /// One for each use that the catalogue declares.
    pub pairs: Vec<UsePair>,
    /// What to keep in mind.
    pub notes: Vec<Note>,
}
