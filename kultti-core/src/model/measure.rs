//! What is observed: a measure with its unit, kind, additivity and where it is counted.

use super::{FunctionId, MeasureId, Period, Unit};
use crate::language::Text;
use serde::{Deserialize, Serialize};

/// What kind of figure a measure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Something that happens during a period: euros spent, loans.
    Flow,
    /// Something that stands at its end: population.
    Stock,
    /// A ratio or share that was published as such.
    Share,
    /// A choice among categories.
    Category,
    /// An index number of prices.
    Index,
}

/// How figures of parts become the figure of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Additivity {
    /// They are added.
    #[serde(rename = "sum")]
    Sum,
    /// The ratio is made anew from the sums of its numerator and denominator.
    #[serde(rename = "ratio")]
    Ratio,
    /// Their mean, weighted by the measure named as `weight`.
    #[serde(rename = "weighted mean")]
    WeightedMean,
    /// The largest.
    #[serde(rename = "max")]
    Max,
    /// There is no such rule.
    #[serde(rename = "none")]
    None,
}

/// Additivity over areas and over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdditivityPair {
    /// Over areas.
    pub areas: Additivity,
    /// Over time.
    pub time: Additivity,
}

/// Which values are the better ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Higher is better.
    Higher,
    /// Lower is better.
    Lower,
    /// Neither: a cost is not good or bad in itself.
    #[default]
    None,
}

impl Direction {
    /// The name in catalogues and results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Higher => "higher",
            Self::Lower => "lower",
            Self::None => "none",
        }
    }
}

/// Where an event is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CountedAt {
    /// Where the service lies.
    Location,
    /// Where it is paid for.
    Payer,
    /// Where its users live.
    Residence,
}

/// Which areas a measure can exist for: the whole country, or a named part of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AreaScope(String);

impl AreaScope {
    /// The name of the part, or `None` for the whole country.
    pub fn part(&self) -> Option<&str> {
        (!self.0.is_empty() && self.0 != "country").then_some(self.0.as_str())
    }
}

/// The periods for which a definition holds; an open end is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validity {
    /// First period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Period>,
    /// Last period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Period>,
}

impl Validity {
    /// Whether the definition holds throughout `period`.
    pub fn contains(&self, period: Period) -> bool {
        self.from
            .is_none_or(|from| from.first_day() <= period.first_day())
            && self.to.is_none_or(|to| period.last_day() <= to.last_day())
    }
}

impl std::fmt::Display for Validity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let end = |period: Option<Period>| period.map(|period| period.to_string()).unwrap_or_default();
        write!(f, "{}–{}", end(self.from), end(self.to))
    }
}

/// A measure that is another one's value at other times: the mean over `lags` (in years back).
///
/// `lags = [1]` is the previous year-end; `lags = [0, 1]` the mean of two year-ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Derived {
    /// The observed measure.
    pub measure: MeasureId,
    /// How many years back, each.
    pub lags: Vec<i32>,
}

/// The price index that a measure's values belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceIndex {
    /// The name of the index, such as `cpi`.
    pub name: String,
    /// The year that is 100.
    pub base: i32,
}

/// A measure: what is observed, for which areas and periods, and how it may be added up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Identifier.
    pub id: MeasureId,
    /// Name.
    pub label: Text,
    /// What exactly is counted.
    pub definition: Text,
    /// Other words for it, for searching.
    #[serde(default, skip_serializing_if = "Synonyms::is_empty")]
    pub synonyms: Synonyms,
    /// Theme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<String>,
    /// Unit.
    pub unit: Unit,
    /// Decimals of the published figures; sums are exact in them.
    pub decimals: u8,
    /// Kind.
    pub kind: Kind,
    /// Additivity.
    pub additivity: AdditivityPair,
    /// The weight of a weighted mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<MeasureId>,
    /// Which values are better.
    #[serde(default)]
    pub direction: Direction,
    /// Source register.
    pub source: String,
    /// Where it is counted.
    pub counted_at: CountedAt,
    /// The periods of this definition.
    #[serde(default)]
    pub valid: Validity,
    /// The measure that continues it after a change of definition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor: Option<MeasureId>,
    /// The function whose costs it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<FunctionId>,
    /// The areas it exists for.
    #[serde(default)]
    pub area_scope: AreaScope,
    /// Whether a zero can mean that the service is arranged jointly and booked elsewhere.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub zero_may_mean_joint: bool,
    /// The measure it is derived from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub derived: Option<Derived>,
    /// The price index it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_index: Option<PriceIndex>,
}

/// Other words for something, by language.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Synonyms {
    /// Finnish.
    #[serde(default)]
    pub fi: Vec<String>,
    /// Swedish.
    #[serde(default)]
    pub sv: Vec<String>,
    /// English.
    #[serde(default)]
    pub en: Vec<String>,
}

impl Synonyms {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.fi.iter().chain(&self.sv).chain(&self.en).map(String::as_str)
    }
}
