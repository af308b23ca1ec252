//! The columns that can be asked for, by their names.

use crate::error::{Error, Result};
use crate::language::near_matches;
use crate::model::{Aggregate, Period};
use std::fmt;
use std::str::FromStr;

/// A column of [`compare_all`](crate::release::Release::compare_all), computed for every area in every period.
///
/// | name | figure |
/// |---|---|
/// | `rank` | place in the order asked for, ties share the smallest |
/// | `percent_rank` | share of the other areas that are strictly worse: 0 worst, 1 best |
/// | `quartile` | 1 + ⌊4(r − 1)/n⌋ with r the rank |
/// | `z` | (x − x̄)/s |
/// | `robust_z` | (x − median)/(1.4826·MAD); where more than half of the values are equal, the mean absolute deviation times 1.2533 takes the place of the MAD |
/// | `difference:GROUPING[:AGGREGATE]` | x − X, X the value of the area's group |
/// | `difference_relative:GROUPING[:AGGREGATE]` | (x − X)/X |
/// | `change`, `change_relative` | to the period before: x_t − x_{t−1}, and that over x_{t−1} |
/// | `index:PERIOD` | 100·x_t/x_0, x_0 the value of that period |
/// | `numerator`, `denominator` | n and d |
///
/// ```
/// use kultti_core::compare::Column;
/// let column: Column = "difference:region:median".parse()?;
/// assert_eq!(column.to_string(), "difference:region:median");
/// assert!("ranks".parse::<Column>().unwrap_err().to_string().contains("rank"));
/// # Ok::<(), kultti_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// Rank.
    Rank,
    /// Percent rank.
    PercentRank,
    /// Quarter of the order, 1 to 4.
    Quartile,
    /// Standard score.
    Z,
    /// Robust score.
    RobustZ,
    /// Difference to the value of the area's group.
    Difference(Against),
    /// The same, relative to the group's value.
    DifferenceRelative(Against),
    /// Change since the period before.
    Change,
    /// The same, relative to the value before.
    ChangeRelative,
    /// Index with a period = 100.
    Index(Period),
    /// n.
    Numerator,
    /// d.
    Denominator,
}

/// The group that an area is held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Against {
    /// The grouping.
    pub grouping: String,
    /// How the group is summarised; the indicator's own way when absent.
    pub aggregate: Option<Aggregate>,
}

const NAMES: [&str; 12] = [
    "rank",
    "percent_rank",
    "quartile",
    "z",
    "robust_z",
    "difference:GROUPING",
    "difference_relative:GROUPING",
    "change",
    "change_relative",
    "index:PERIOD",
    "numerator",
    "denominator",
];

impl Column {
    /// Whether its figures are whole numbers.
    pub fn is_whole(&self) -> bool {
        matches!(self, Self::Rank | Self::Quartile)
    }

    /// Whether it depends on which end comes first.
    pub(super) fn needs_order(&self) -> bool {
        matches!(self, Self::Rank | Self::Quartile)
    }

    /// Whether it follows from the values put in order.
    pub(super) fn is_positional(&self) -> bool {
        matches!(
            self,
            Self::Rank | Self::PercentRank | Self::Quartile | Self::Z | Self::RobustZ
        )
    }

    /// Whether it looks at the period before.
    pub(super) fn is_change(&self) -> bool {
        matches!(self, Self::Change | Self::ChangeRelative)
    }

    /// The group that it holds areas against.
    pub(super) fn against(&self) -> Option<&Against> {
        match self {
            Self::Difference(against) | Self::DifferenceRelative(against) => Some(against),
            _ => None,
        }
    }
}

impl FromStr for Column {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (name, rest) = match text.split_once(':') {
            Some((name, rest)) => (name, Some(rest)),
            None => (text, None),
        };
        let column = match (name, rest) {
            ("rank", None) => Some(Self::Rank),
            ("percent_rank", None) => Some(Self::PercentRank),
            ("quartile", None) => Some(Self::Quartile),
            ("z", None) => Some(Self::Z),
            ("robust_z", None) => Some(Self::RobustZ),
            ("change", None) => Some(Self::Change),
            ("change_relative", None) => Some(Self::ChangeRelative),
            ("numerator", None) => Some(Self::Numerator),
            ("denominator", None) => Some(Self::Denominator),
            ("index", Some(period)) => Some(Self::Index(period.parse()?)),
            ("difference", Some(group)) => Some(Self::Difference(group.parse()?)),
            ("difference_relative", Some(group)) => Some(Self::DifferenceRelative(group.parse()?)),
            _ => None,
        };
        column.ok_or_else(|| {
            let near = near_matches(text, NAMES, 3);
            let near = if near.is_empty() { NAMES.to_vec() } else { near };
            Error::InvalidArgument {
                name: "columns".into(),
                expected: near.join(", "),
                found: text.to_owned(),
            }
        })
    }
}

impl FromStr for Against {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (grouping, aggregate) = match text.split_once(':') {
            Some((grouping, aggregate)) => (grouping, Some(aggregate.parse()?)),
            None => (text, None),
        };
        Ok(Self {
            grouping: grouping.to_owned(),
            aggregate,
        })
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rank => f.write_str("rank"),
            Self::PercentRank => f.write_str("percent_rank"),
            Self::Quartile => f.write_str("quartile"),
            Self::Z => f.write_str("z"),
            Self::RobustZ => f.write_str("robust_z"),
            Self::Difference(against) => write!(f, "difference:{against}"),
            Self::DifferenceRelative(against) => write!(f, "difference_relative:{against}"),
            Self::Change => f.write_str("change"),
            Self::ChangeRelative => f.write_str("change_relative"),
            Self::Index(period) => write!(f, "index:{period}"),
            Self::Numerator => f.write_str("numerator"),
            Self::Denominator => f.write_str("denominator"),
        }
    }
}

impl fmt::Display for Against {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.grouping)?;
        match self.aggregate {
            Some(aggregate) => write!(f, ":{}", aggregate.name()),
            None => Ok(()),
        }
    }
}
