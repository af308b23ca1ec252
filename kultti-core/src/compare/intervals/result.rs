//! What intervals of chance answer.

use super::options::{IntervalLevel, IntervalMethod};
use crate::compare::result::{Context, Note, Unranked};
use crate::language::Text;
use crate::model::{Missing, Period};
use crate::stats::{Chance, Dispersion, Interval};

/// Where a figure lies in a funnel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FunnelPlace {
    /// Below the 99.8 % limits.
    FarBelow,
    /// Below the 95 % limits, within those of 99.8 %.
    Below,
    /// Within the 95 % limits: not different from the common value.
    Within,
    /// Above the 95 % limits, within those of 99.8 %.
    Above,
    /// Above the 99.8 % limits.
    FarAbove,
}

impl FunnelPlace {
    /// The name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::FarBelow => "below-99.8",
            Self::Below => "below-95",
            Self::Within => "within",
            Self::Above => "above-95",
            Self::FarAbove => "above-99.8",
        }
    }

    /// The code of the word for people.
    pub fn word_code(self) -> &'static str {
        match self {
            Self::FarBelow => "word.funnel-far-below",
            Self::Below => "word.funnel-below",
            Self::Within => "word.funnel-within",
            Self::Above => "word.funnel-above",
            Self::FarAbove => "word.funnel-far-above",
        }
    }
}

/// A figure's place in a funnel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FunnelPoint {
    /// Its score, over-dispersion allowed for.
    pub score: f64,
    /// The 95 % limits at its denominator.
    pub limits_95: Interval,
    /// The 99.8 % limits.
    pub limits_998: Interval,
    /// Where it lies.
    pub place: FunnelPlace,
}

/// What a funnel is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FunnelFigures {
    /// The common value m·Σn/Σd of the rows.
    pub target: f64,
    /// φ: 1 where chance explains the spread.
    pub phi: f64,
    /// τ², in squares of the indicator's unit.
    pub tau_squared: f64,
    /// How over-dispersion is allowed for.
    pub dispersion: Dispersion,
    /// Rows in the funnel.
    pub n: usize,
}

/// A figure with its interval.
#[derive(Debug, Clone, PartialEq)]
pub struct IntervalRow {
    /// Code of the area or group.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// n, or Σn.
    pub numerator: Option<f64>,
    /// d, or Σd.
    pub denominator: Option<f64>,
    /// m·n/d.
    pub value: Option<f64>,
    /// The interval.
    pub interval: Option<Interval>,
    /// Why there is none.
    pub interval_missing: Option<Missing>,
    /// The SDMX letter.
    pub status: char,
    /// Why there is no value.
    pub missing: Option<Missing>,
    /// Members that entered; 1 for an area with a value.
    pub n: usize,
    /// Members where the figure can exist.
    pub members: usize,
    /// n / members.
    pub coverage_areas: Option<f64>,
    /// Share of the members' denominator that entered.
    pub coverage_denominator: Option<f64>,
    /// Its place in the funnel, where one was asked for.
    pub funnel: Option<FunnelPoint>,
    /// The positions of the areas that entered, on the borders of the result, from which its derivation is made.
    pub(crate) areas: Vec<usize>,
}

/// A side of a test.
#[derive(Debug, Clone, PartialEq)]
pub struct TestSide {
    /// Code of the area or group.
    pub code: String,
    /// Its name; a group that the other side lies in is the rest of it.
    pub name: Text,
    /// Σn.
    pub numerator: f64,
    /// Σd.
    pub denominator: f64,
    /// m·Σn/Σd.
    pub value: Option<f64>,
    /// Whether it is a group without the other side.
    pub rest: bool,
    /// The positions of its areas, on the borders of the result.
    pub(crate) areas: Vec<usize>,
}

/// A test of a difference.
#[derive(Debug, Clone, PartialEq)]
pub struct DifferenceTest {
    /// The first side.
    pub one: TestSide,
    /// The second.
    pub other: TestSide,
    /// Value of the first − value of the second.
    pub difference: Option<f64>,
    /// Newcombe's interval of the difference, for proportions.
    pub interval: Option<Interval>,
    /// Value of the first / value of the second, for counts.
    pub ratio: Option<f64>,
    /// Two-sided p-value.
    pub p_value: Option<f64>,
    /// The same, adjusted for all tests of the answer (Benjamini–Hochberg).
    pub p_adjusted: Option<f64>,
    /// Why there is no test.
    pub missing: Option<Missing>,
}

/// An area's own interval in a comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AreaInterval {
    /// The interval.
    pub interval: Option<Interval>,
    /// Why there is none.
    pub missing: Option<Missing>,
}

/// What an interval says against a benchmark: the figure differs only where all of the interval lies on one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Significance {
    /// On the good side.
    Better,
    /// The benchmark lies in the interval.
    Similar,
    /// On the bad side.
    Worse,
    /// Above, where neither side is good.
    Higher,
    /// Below, where neither side is good.
    Lower,
}

impl Significance {
    /// The name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Similar => "similar",
            Self::Worse => "worse",
            Self::Higher => "higher",
            Self::Lower => "lower",
        }
    }

    /// The code of the word for people.
    pub fn word_code(self) -> &'static str {
        match self {
            Self::Better => "word.band-better",
            Self::Similar => "word.band-similar",
            Self::Worse => "word.band-worse",
            Self::Higher => "word.band-higher",
            Self::Lower => "word.band-lower",
        }
    }
}

/// The intervals of a comparison or of groups, where they were asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparedIntervals {
    /// How much they cover.
    pub level: IntervalLevel,
    /// How they are computed.
    pub method: IntervalMethod,
    /// The area's own; in `groups` there is none.
    pub area: Option<AreaInterval>,
    /// Each group's, in the order of the groups.
    pub groups: Vec<AreaInterval>,
    /// The area's interval against each group's value; empty in `groups`.
    pub bands: Vec<Option<Significance>>,
}

/// The answer of [`crate::release::Release::intervals`].
#[derive(Debug, Clone, PartialEq)]
pub struct Intervals {
    /// Indicator, unit, borders, release.
    pub context: Context,
    /// The period.
    pub period: Period,
    /// How much the intervals cover.
    pub level: IntervalLevel,
    /// How they are computed.
    pub method: IntervalMethod,
    /// What the figures are made of.
    pub chance: Chance,
    /// The grouping, if the rows are groups.
    pub grouping: Option<String>,
    /// Its name.
    pub grouping_name: Option<Text>,
    /// The group whose areas are shown, as it was asked for.
    pub within: Option<String>,
    /// All of the rows' areas together.
    pub whole: IntervalRow,
    /// The areas, or the groups, by code.
    pub rows: Vec<IntervalRow>,
    /// The funnel of the rows, where one was asked for.
    pub funnel: Option<FunnelFigures>,
    /// The tests asked for.
    pub tests: Vec<DifferenceTest>,
    /// Areas without a value, and why.
    pub left_out: Vec<Unranked>,
    /// What to keep in mind.
    pub notes: Vec<Note>,
}
