//! What may be chosen for a report.

use crate::model::Period;
use crate::panel::{Borders, PriceBasis};

/// Options of [`crate::release::Release::report`]; an area's name or code alone is enough.
///
/// ```
/// use kultti_core::report::ReportOptions;
/// let options = ReportOptions::from("Kokkola").with_peers(["region", "similar:5"]);
/// assert_eq!(options.area, "Kokkola");
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReportOptions {
    /// Name or code of the area.
    pub area: String,
    /// The period that figures are of, or the last one before it that has them; the last one with values when absent.
    pub period: Option<Period>,
    /// What the area is held against, as in [`crate::compare::CompareOptions::peers`]; the first usual grouping, similar
    /// municipalities and the country when empty.
    pub peers: Vec<String>,
    /// The indicators, the first of them leading; all with figures when empty, led by the first that has a denominator.
    pub indicators: Vec<String>,
    /// The borders.
    pub borders: Borders,
    /// Real prices; the first price index of the release in the money of the last year when absent.
    pub real: Option<PriceBasis>,
}

impl ReportOptions {
    /// Sets the period.
    #[must_use]
    pub fn with_period(mut self, year: i32) -> Self {
        self.period = Some(Period::year(year));
        self
    }

    /// Sets what the area is held against.
    #[must_use]
    pub fn with_peers<S: Into<String>>(mut self, peers: impl IntoIterator<Item = S>) -> Self {
        self.peers = peers.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the indicators.
    #[must_use]
    pub fn with_indicators<S: Into<String>>(mut self, indicators: impl IntoIterator<Item = S>) -> Self {
        self.indicators = indicators.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the borders.
    #[must_use]
    pub fn with_borders(mut self, borders: Borders) -> Self {
        self.borders = borders;
        self
    }
}

impl From<&str> for ReportOptions {
    fn from(area: &str) -> Self {
        Self {
            area: area.to_owned(),
            ..Self::default()
        }
    }
}
