//! What may be chosen.

use super::column::Column;
use crate::model::Period;
use crate::panel::Borders;
use crate::stats::Order;

/// Options of [`crate::release::Release::compare_all`]; columns alone are enough.
///
/// ```
/// use kultti_core::compare::{CompareAllOptions, Order};
/// let options = CompareAllOptions::columns(["percent_rank", "z"])?.with_order(Order::Descending);
/// assert_eq!(options.columns.len(), 2);
/// # Ok::<(), kultti_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct CompareAllOptions {
    /// Ids with `*` and `?`, several with commas between them; all indicators when absent.
    pub indicators: Option<String>,
    /// First period.
    pub from: Option<Period>,
    /// Last period.
    pub to: Option<Period>,
    /// The columns after `indicator, period, area, value, status, missing`.
    pub columns: Vec<Column>,
    /// Which end comes first; needed for ranks and quartiles of indicators without a direction.
    pub order: Option<Order>,
    /// The borders.
    pub borders: Borders,
    /// How many threads compute; as many as the machine has when absent. Results do not depend on it.
    pub threads: Option<usize>,
}

impl Default for CompareAllOptions {
    fn default() -> Self {
        Self {
            indicators: None,
            from: None,
            to: None,
            columns: vec![Column::Rank, Column::PercentRank, Column::Quartile],
            order: None,
            borders: Borders::Now,
            threads: None,
        }
    }
}

impl CompareAllOptions {
    /// Options with these columns.
    ///
    /// # Errors
    /// [`crate::Error::InvalidArgument`] for a name that is none.
    pub fn columns<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> crate::error::Result<Self> {
        let columns = names.into_iter().map(|name| name.as_ref().parse());
        Ok(Self {
            columns: columns.collect::<crate::error::Result<_>>()?,
            ..Self::default()
        })
    }

    /// Sets the first and the last period.
    #[must_use]
    pub fn with_periods(mut self, from: impl Into<Period>, to: impl Into<Period>) -> Self {
        (self.from, self.to) = (Some(from.into()), Some(to.into()));
        self
    }

    /// Sets which end comes first.
    #[must_use]
    pub fn with_order(mut self, order: Order) -> Self {
        self.order = Some(order);
        self
    }

    /// Sets the borders.
    #[must_use]
    pub fn with_borders(mut self, borders: impl Into<Borders>) -> Self {
        self.borders = borders.into();
        self
    }

    /// Sets the number of threads.
    #[must_use]
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads);
        self
    }
}
