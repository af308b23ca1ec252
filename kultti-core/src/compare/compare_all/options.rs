//! What may be chosen.

use super::column::Column;
use crate::error::{Error, Result};
use crate::model::Period;
use crate::panel::Borders;
use crate::stats::Order;
use serde::{Deserialize, Serialize};

/// Options of [`crate::release::Release::compare_all`]; columns alone are enough.
///
/// ```
/// use kultti_core::compare::{CompareAllOptions, Order};
/// let options = CompareAllOptions::columns(["percent_rank", "z"])?.with_order(Order::Descending);
/// assert_eq!(options.columns.len(), 2);
/// # Ok::<(), kultti_core::Error>(())
/// ```
///
/// Written by serde they are texts as people write them; the number of threads is not among them, for it is the machine's.
///
/// ```
/// use kultti_core::compare::CompareAllOptions;
/// let options = CompareAllOptions::columns(["z"])?.with_periods(2015, 2019);
/// let text = serde_json::to_string(&options).unwrap();
/// assert_eq!(text, r#"{"indicators":null,"from":"2015","to":"2019","columns":["z"],"order":null,"borders":"now"}"#);
/// assert_eq!(serde_json::from_str::<CompareAllOptions>(&text).unwrap(), options);
/// # Ok::<(), kultti_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "Written", try_from = "Written")]
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
    pub fn columns<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Result<Self> {
        let columns = names.into_iter().map(|name| name.as_ref().parse());
        Ok(Self {
            columns: columns.collect::<Result<_>>()?,
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

/// Options as they are written.
#[derive(Serialize, Deserialize)]
struct Written {
    indicators: Option<String>,
    from: Option<Period>,
    to: Option<Period>,
    columns: Vec<String>,
    order: Option<String>,
    borders: String,
}

impl From<CompareAllOptions> for Written {
    fn from(options: CompareAllOptions) -> Self {
        Self {
            indicators: options.indicators,
            from: options.from,
            to: options.to,
            columns: options.columns.iter().map(ToString::to_string).collect(),
            order: options.order.map(|order| order.name().to_owned()),
            borders: options.borders.to_string(),
        }
    }
}

impl TryFrom<Written> for CompareAllOptions {
    type Error = Error;

    fn try_from(written: Written) -> Result<Self> {
        let order = |name: String| {
            let known = [Order::Ascending, Order::Descending];
            let found = known.into_iter().find(|order| order.name() == name);
            found.ok_or_else(|| Error::InvalidArgument {
                name: "order".into(),
                expected: known.map(Order::name).join(", "),
                found: name,
            })
        };
        Ok(Self {
            indicators: written.indicators,
            from: written.from,
            to: written.to,
            order: written.order.map(order).transpose()?,
            borders: written.borders.parse()?,
            ..Self::columns(written.columns)?
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_as_they_were_written() {
        let mut options = CompareAllOptions::columns(["rank", "difference:region:median", "index:2015"])
            .expect("columns")
            .with_order(Order::Descending)
            .with_periods(2015, 2019)
            .with_borders("then".parse::<Borders>().expect("borders"));
        options.indicators = Some("library.*".into());
        let text = serde_json::to_string(&options.clone().with_threads(3)).expect("JSON");
        assert_eq!(
            serde_json::from_str::<CompareAllOptions>(&text).expect("options"),
            options
        );
        for (whole, broken) in [
            ("descending", "down"),
            ("index:2015", "index"),
            ("\"then\"", "\"soon\""),
        ] {
            assert!(text.contains(whole), "{text}");
            let refused = serde_json::from_str::<CompareAllOptions>(&text.replace(whole, broken));
            assert!(refused.is_err(), "{refused:?}");
        }
    }
}
