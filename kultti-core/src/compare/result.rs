//! What the verbs answer: records that hold the figures and everything that must be known to read them.

use super::change::UnpairedArea;
use super::intervals::ComparedIntervals;
use super::standing::Standing;
use crate::catalogue::PeerModel;
use crate::language::{Message, Text};
use crate::model::{
    Aggregate, AreaCode, Date, GroupCode, IndicatorId, MeasureId, Missing, Period, ScopeId, Unit,
};
use crate::panel::{Cell, Factor, PriceBasis, UsedPart};
use crate::stats::{Order, TrendTest};

/// How much a note weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Read this before using the figure.
    Warning,
}

impl Severity {
    /// The name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
        }
    }
}

/// Something to keep in mind, as a stable code with parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// The message; its code begins with `note.`.
    pub message: Message,
    /// Its weight.
    pub severity: Severity,
}

impl Note {
    /// The code without its prefix, such as `direction-none`.
    pub fn code(&self) -> &'static str {
        let code = self.message.code();
        code.strip_prefix("note.").unwrap_or(code)
    }
}

/// An area's code and name.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaLabel {
    /// Code.
    pub code: AreaCode,
    /// Name.
    pub name: Text,
}

/// What every figure of a result has in common.
#[derive(Debug, Clone, PartialEq)]
pub struct Context {
    /// The indicator.
    pub indicator: IndicatorId,
    /// Its definition: `id@version`.
    pub definition: String,
    /// Its name.
    pub label: Text,
    /// What it tells.
    pub description: Text,
    /// The unit.
    pub unit: Unit,
    /// The unit as people write it.
    pub unit_symbol: Text,
    /// Decimals shown.
    pub decimals: usize,
    /// The scope.
    pub scope: Option<ScopeId>,
    /// What the scope includes, in words.
    pub scope_sentence: Option<Text>,
    /// The borders: an ISO date or `then`.
    pub territory: String,
    /// The release.
    pub release: String,
    /// Real prices, if the figures are in them.
    pub price_basis: Option<PriceBasis>,
    /// Whether the figures are of three years, Σn/Σd of the period and the two before it.
    pub three_year: bool,
    /// The registers with their publishers and licences.
    pub sources: Vec<Text>,
    /// The same registers, by their ids in the catalogue.
    pub registers: Vec<String>,
    /// The day on which the latest of their tables was taken over.
    pub retrieved: Option<Date>,
    /// The theme of the indicator.
    pub theme: Option<Text>,
    /// What was asked, as a command line that asks it again: areas by code, the period and the borders written out. Empty
    /// for what no verb was asked for.
    pub query: String,
}

/// An area without a rank.
#[derive(Debug, Clone, PartialEq)]
pub struct Unranked {
    /// The area.
    pub area: AreaLabel,
    /// The SDMX letter.
    pub status: char,
    /// Why it has no value; `None` for one that is only too small to be ranked.
    pub missing: Option<Missing>,
}

/// An area of a distribution.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedArea {
    /// The area.
    pub area: AreaLabel,
    /// The SDMX letter of its value.
    pub status: char,
}

/// The place of an area among others.
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    /// Rank, 1 first; `None` for an area without one.
    pub rank: Option<f64>,
    /// Areas ranked.
    pub n: usize,
    /// (strictly worse) / (n − 1), a fraction.
    pub percent_rank: Option<f64>,
    /// Which end is first.
    pub order: Order,
    /// Areas without a rank.
    pub unranked: Vec<Unranked>,
}

/// A group that an area is compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct PeerGroup {
    /// The group's figures.
    pub row: GroupRow,
    /// The grouping.
    pub grouping: String,
    /// Whether the area is a member.
    pub includes_area: bool,
    /// Value of the area − value of the group.
    pub difference: Option<f64>,
    /// The same as a fraction of the group's value; needs a positive one.
    pub difference_relative: Option<f64>,
    /// Where the area stands within the group.
    pub standing: Standing,
    /// The model of a group of similar municipalities, from which its derivation is made.
    pub(crate) model: Option<PeerModel>,
}

/// The figures of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupRow {
    /// The group's code.
    pub group: GroupCode,
    /// The group's name.
    pub name: Text,
    /// How it was summarised.
    pub aggregate: Aggregate,
    /// The value.
    pub value: Option<f64>,
    /// The SDMX letter.
    pub status: char,
    /// Why there is none.
    pub missing: Option<Missing>,
    /// Members that entered.
    pub n: usize,
    /// Members where the figure can exist.
    pub members: usize,
    /// n / members.
    pub coverage_areas: Option<f64>,
    /// Share of the members' denominator that entered.
    pub coverage_denominator: Option<f64>,
    /// Members whose numerator is exactly zero.
    pub zeros: usize,
    /// The value without them, where there are some and a zero may mean a joint arrangement.
    pub value_without_zeros: Option<f64>,
    /// The positions of the group's areas on the borders of the result, from which its derivation is made.
    pub(crate) areas: Vec<usize>,
}

/// The answer of [`crate::release::Release::compare`].
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Indicator, unit, borders, release.
    pub context: Context,
    /// The period.
    pub period: Period,
    /// The area.
    pub area: AreaLabel,
    /// Its figure.
    pub cell: Cell,
    /// Its place among the areas of the country.
    pub position: Position,
    /// The groups.
    pub peers: Vec<PeerGroup>,
    /// Every ranked value, ascending.
    pub distribution: Vec<f64>,
    /// The areas of those values, in the same order; equal values by code.
    pub distribution_areas: Vec<RankedArea>,
    /// Intervals of chance, where they were asked for.
    pub intervals: Option<ComparedIntervals>,
    /// What to keep in mind.
    pub notes: Vec<Note>,
}

/// A row of a ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct RankRow {
    /// The area.
    pub area: AreaLabel,
    /// The figure.
    pub cell: Cell,
    /// Rank; `None` for an area without one.
    pub rank: Option<f64>,
    /// Percent rank.
    pub percent_rank: Option<f64>,
}

/// The answer of [`crate::release::Release::rank`].
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// Indicator, unit, borders, release.
    pub context: Context,
    /// The period.
    pub period: Period,
    /// Areas ranked.
    pub n: usize,
    /// Which end is first.
    pub order: Order,
    /// By rank, then by code; areas without a rank at the end.
    pub rows: Vec<RankRow>,
    /// What to keep in mind.
    pub notes: Vec<Note>,
}

/// The answer of [`crate::release::Release::groups`].
#[derive(Debug, Clone, PartialEq)]
pub struct Groups {
    /// Indicator, unit, borders, release.
    pub context: Context,
    /// The period.
    pub period: Period,
    /// The grouping.
    pub grouping: String,
    /// The grouping's name.
    pub grouping_name: Text,
    /// One row per group.
    pub rows: Vec<GroupRow>,
    /// Intervals of chance, where they were asked for.
    pub intervals: Option<ComparedIntervals>,
    /// What to keep in mind.
    pub notes: Vec<Note>,
}

/// A point of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct TrendPoint {
    /// The area.
    pub area: AreaLabel,
    /// The period.
    pub period: Period,
    /// The figure, in real prices if they were asked for.
    pub cell: Cell,
    /// The figure in the money of its own year, where real prices were asked for.
    pub nominal: Option<f64>,
    /// Difference to the period before.
    pub change: Option<f64>,
    /// The same as a fraction of the period before, which must be positive.
    pub change_relative: Option<f64>,
    /// Why there is no change where both figures are there.
    pub change_missing: Option<Missing>,
    /// The first period of the series, or the base asked for, = 100; needs a positive base.
    pub index: Option<f64>,
    /// Why there is no index where there is a figure.
    pub index_missing: Option<Missing>,
    /// What the figure was multiplied by to stand on the level after the breaks that were chained.
    pub chained: Option<f64>,
}

/// A break that a series was chained across.
#[derive(Debug, Clone, PartialEq)]
pub struct ChainLink {
    /// The area.
    pub area: AreaLabel,
    /// The first period of the new level.
    pub period: Period,
    /// New/old: what the figures before it were multiplied by.
    pub factor: f64,
}

/// The trend of an area's series.
#[derive(Debug, Clone, PartialEq)]
pub struct TrendFit {
    /// The area.
    pub area: AreaLabel,
    /// Change per year, by Theil and Sen.
    pub slope: Option<f64>,
    /// The lower end of Sen's 95 % interval.
    pub slope_lower: Option<f64>,
    /// Its upper end.
    pub slope_upper: Option<f64>,
    /// The height of the line in the first period of the series.
    pub intercept: Option<f64>,
    /// Pairs that rise minus pairs that fall.
    pub s: Option<i64>,
    /// Kendall's τ-b; `None` where all figures are equal.
    pub tau: Option<f64>,
    /// The two-sided probability of Mann and Kendall.
    pub p: Option<f64>,
    /// Figures that entered.
    pub n: usize,
    /// How the probability was found.
    pub method: Option<TrendTest>,
    /// Why there is no trend.
    pub missing: Option<Missing>,
}

/// A period of a group's series.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupPoint {
    /// The period.
    pub period: Period,
    /// The value on the areas that have a figure in every period.
    pub value: Option<f64>,
    /// Why there is none.
    pub missing: Option<Missing>,
    /// Those areas.
    pub n: usize,
    /// The index chained over changing panels; the first period = 100.
    pub chained: Option<f64>,
    /// The areas of the step from the period before; `None` in the first.
    pub step: Option<usize>,
    /// The index on the areas that have a figure in the first period and in this one.
    pub direct: Option<f64>,
    /// Chained/direct − 1.
    pub drift: Option<f64>,
    /// Why there is no chained index.
    pub index_missing: Option<Missing>,
    /// The SDMX letter: of all figures behind the value, or of its absence.
    pub status: char,
    /// The two values of the step from the period before, on the areas of the step.
    pub(crate) step_values: Option<(f64, f64)>,
    /// The value of the first period and this one's, on the areas that have both.
    pub(crate) direct_values: Option<(f64, f64)>,
    /// The areas whose figures of this period enter the value or an index.
    pub(crate) used: Vec<AreaCode>,
}

/// The series of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupSeries {
    /// The group's code.
    pub group: GroupCode,
    /// The group's name.
    pub name: Text,
    /// How it is summarised.
    pub aggregate: Aggregate,
    /// The areas of the group.
    pub members: usize,
    /// Period by period.
    pub points: Vec<GroupPoint>,
    /// The areas that the values rest on.
    pub panel: Vec<AreaCode>,
    /// The areas that lack a figure in one of the periods: the first such period, and why.
    pub left_out: Vec<UnpairedArea>,
}

/// The answer of [`crate::release::Release::trend`].
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// Indicator, unit, borders, release.
    pub context: Context,
    /// Area by area, period by period.
    pub points: Vec<TrendPoint>,
    /// The trend of each area.
    pub fits: Vec<TrendFit>,
    /// The series of the group asked for.
    pub groups: Vec<GroupSeries>,
    /// The base of the index that was asked for.
    pub index_base: Option<Period>,
    /// The breaks that were chained.
    pub links: Vec<ChainLink>,
    /// What to keep in mind.
    pub notes: Vec<Note>,
}

/// A measure that went into a figure.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureUse {
    /// The measure.
    pub measure: MeasureId,
    /// Its name.
    pub label: Text,
    /// Its unit.
    pub unit: Unit,
    /// Its unit as people write it.
    pub unit_symbol: Text,
    /// Decimals of its figures.
    pub decimals: usize,
    /// Whether it stands in the denominator.
    pub denominator: bool,
    /// Its figure for the area.
    pub value: Option<f64>,
    /// The SDMX letter.
    pub status: char,
    /// Why there is none.
    pub missing: Option<Missing>,
    /// The observations behind it.
    pub parts: Vec<UsedPart>,
    /// The register.
    pub source: Text,
}

/// The answer of [`crate::release::Release::explain`]: a figure walked back to its observations.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Indicator, unit, borders, release.
    pub context: Context,
    /// The period.
    pub period: Period,
    /// The area.
    pub area: AreaLabel,
    /// The figure.
    pub cell: Cell,
    /// The formula as the catalogue has it, other indicators written out.
    pub formula: String,
    /// The formula with numbers in it.
    pub formula_with_numbers: String,
    /// m.
    pub multiplier: f64,
    /// The measures used.
    pub measures: Vec<MeasureUse>,
    /// Real prices: the two index numbers.
    pub factor: Option<Factor>,
    /// Areas of the country without a value, and why.
    pub left_out: Vec<Unranked>,
    /// What to keep in mind.
    pub notes: Vec<Note>,
}
