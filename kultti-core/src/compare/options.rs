//! What may be chosen for each verb. Everything has a default; a plain value works too.

use super::intervals::IntervalLevel;
use super::standing::Bands;
use crate::error::{Error, Result};
use crate::model::{Aggregate, Period};
use crate::panel::{Borders, PriceBasis};
use crate::stats::Order;
use std::str::FromStr;

/// Options of [`crate::release::Release::compare`]; an area's name or code alone is enough.
///
/// ```
/// use kultti_core::compare::CompareOptions;
/// let options = CompareOptions::from("Kokkola").with_period(2019).with_peers(["region", "country"]);
/// assert_eq!(options.peers.len(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CompareOptions {
    /// Name or code of the area.
    pub area: String,
    /// The period; the last one with values when absent.
    pub period: Option<Period>,
    /// Groupings (`region`), groups (`region:16`), `country`, `similar[:k][@model]` for the municipalities most like the
    /// area, or names and codes of areas; the usual groupings when empty.
    pub peers: Vec<String>,
    /// The borders.
    pub borders: Borders,
    /// How groups are summarised; the indicator's own way when absent.
    pub aggregate: Option<Aggregate>,
    /// The year whose groups are used; that of the period when absent.
    pub as_of_year: Option<i32>,
    /// Real prices.
    pub real: Option<PriceBasis>,
    /// Three bands within each group: by its quartiles, by thresholds, or by intervals of chance.
    pub bands: Option<Bands>,
    /// Whether the members of each group are listed.
    pub list: bool,
    /// Intervals of chance, of this level; [`Bands::Statistical`] asks for them too, and may stand alone.
    pub intervals: Option<IntervalLevel>,
    /// Three years as one: Σn/Σd of the period and the two before it, in the money of one year.
    pub three_year: bool,
}

impl CompareOptions {
    /// Sets the period.
    #[must_use]
    pub fn with_period(mut self, period: impl Into<Period>) -> Self {
        self.period = Some(period.into());
        self
    }

    /// Sets the groups to compare with.
    #[must_use]
    pub fn with_peers<S: Into<String>>(mut self, peers: impl IntoIterator<Item = S>) -> Self {
        self.peers = peers.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the borders.
    #[must_use]
    pub fn with_borders(mut self, borders: impl Into<Borders>) -> Self {
        self.borders = borders.into();
        self
    }
}

impl From<&str> for CompareOptions {
    fn from(area: &str) -> Self {
        Self {
            area: area.to_owned(),
            ..Self::default()
        }
    }
}

/// Options of [`crate::release::Release::rank`]; a period alone works too.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RankOptions {
    /// The period; the last one with values when absent.
    pub period: Option<Period>,
    /// A group to rank within, such as `region:16`; the whole country when absent.
    pub within: Option<String>,
    /// Which end comes first; needed where the indicator has no direction.
    pub order: Option<Order>,
    /// The borders.
    pub borders: Borders,
    /// The year whose groups are used.
    pub as_of_year: Option<i32>,
    /// Three years as one, for all areas alike.
    pub three_year: bool,
}

impl From<Order> for RankOptions {
    fn from(order: Order) -> Self {
        Self {
            order: Some(order),
            ..Self::default()
        }
    }
}

/// Options of [`crate::release::Release::groups`]; a grouping alone is enough.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GroupsOptions {
    /// The grouping.
    pub by: String,
    /// The period; the last one with values when absent.
    pub period: Option<Period>,
    /// How groups are summarised; the indicator's own way when absent.
    pub aggregate: Option<Aggregate>,
    /// The borders.
    pub borders: Borders,
    /// The year whose groups are used.
    pub as_of_year: Option<i32>,
    /// Intervals of chance, of this level.
    pub intervals: Option<IntervalLevel>,
}

impl From<&str> for GroupsOptions {
    fn from(by: &str) -> Self {
        Self {
            by: by.to_owned(),
            ..Self::default()
        }
    }
}

/// Options of [`crate::release::Release::trend`]; an area alone is enough.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TrendOptions {
    /// Names or codes of areas.
    pub areas: Vec<String>,
    /// First period; the first one with values when absent.
    pub from: Option<Period>,
    /// Last period; the last one with values when absent.
    pub to: Option<Period>,
    /// The borders.
    pub borders: Borders,
    /// Real prices.
    pub real: Option<PriceBasis>,
    /// The period that is 100; the first of each unbroken stretch when absent.
    pub index: Option<Period>,
    /// Whether and how the series goes on across breaks.
    pub chain: Option<Chain>,
    /// A group whose series is added: `country`, or one such as `region:16`.
    pub group: Option<String>,
    /// Three years as one: each point is that of its period and the two before it.
    pub three_year: bool,
}

/// How a series is chained across a break.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Chain {
    /// With the factor that the release states for the break.
    Stated,
    /// With this factor, new/old at the overlap; it must be positive.
    Factor(f64),
}

impl FromStr for Chain {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if text == "stated" {
            return Ok(Self::Stated);
        }
        let factor = text
            .parse()
            .ok()
            .filter(|factor: &f64| factor.is_finite() && *factor > 0.0);
        factor.map(Self::Factor).ok_or_else(|| Error::InvalidArgument {
            name: "chain".into(),
            expected: "stated, or new/old > 0".into(),
            found: text.into(),
        })
    }
}

impl From<&str> for TrendOptions {
    fn from(area: &str) -> Self {
        Self {
            areas: vec![area.to_owned()],
            ..Self::default()
        }
    }
}

/// Options of [`crate::release::Release::explain`]; an area alone is enough.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ExplainOptions {
    /// Name or code of the area.
    pub area: String,
    /// The period; the last one with values when absent.
    pub period: Option<Period>,
    /// The borders.
    pub borders: Borders,
    /// Real prices.
    pub real: Option<PriceBasis>,
}

impl From<&str> for ExplainOptions {
    fn from(area: &str) -> Self {
        Self {
            area: area.to_owned(),
            ..Self::default()
        }
    }
}
