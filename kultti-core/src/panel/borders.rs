//! Which borders figures are shown on.

use crate::error::{Error, Result};
use crate::model::{Date, Period};
use crate::territory::Territory;
use std::fmt;
use std::str::FromStr;

/// The borders of a result.
///
/// ```
/// use kultti_core::panel::Borders;
/// assert_eq!("then".parse::<Borders>()?, Borders::Then);
/// assert_eq!("2021-01-01".parse::<Borders>()?, Borders::On("2021-01-01".parse()?));
/// # Ok::<(), kultti_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Borders {
    /// The last territory date of the release, never the wall clock.
    #[default]
    Now,
    /// The borders in force on the last day of each period.
    Then,
    /// The borders of a day.
    On(Date),
}

impl Borders {
    /// The date of the borders for a period.
    ///
    /// # Errors
    /// [`Error::ThenRefused`] for a period before the first known borders; [`Error::InvalidArgument`] for a date outside
    /// what the territory knows.
    pub fn date(self, territory: &Territory, period: Period) -> Result<Date> {
        let (first, now) = (territory.first(), territory.now());
        match self {
            Self::Now => Ok(now),
            Self::Then if period.last_day() < first => Err(Error::ThenRefused {
                period: period.to_string(),
                first: first.to_string(),
            }),
            Self::Then => Ok(period.last_day().min(now)),
            Self::On(date) if date < first || date > now => Err(Error::InvalidArgument {
                name: "territory".into(),
                expected: format!("now, then, {first}–{now}"),
                found: date.to_string(),
            }),
            Self::On(date) => Ok(date),
        }
    }

    /// As results name it: `then`, or the ISO date.
    pub fn name(self, territory: &Territory) -> String {
        match self {
            Self::Now => territory.now().to_string(),
            Self::Then => "then".to_owned(),
            Self::On(date) => date.to_string(),
        }
    }
}

impl fmt::Display for Borders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now => f.write_str("now"),
            Self::Then => f.write_str("then"),
            Self::On(date) => date.fmt(f),
        }
    }
}

impl FromStr for Borders {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "now" => Ok(Self::Now),
            "then" => Ok(Self::Then),
            date => date.parse().map(Self::On).map_err(|_| Error::InvalidArgument {
                name: "territory".into(),
                expected: "now, then, YYYY-MM-DD".into(),
                found: date.into(),
            }),
        }
    }
}

impl From<Date> for Borders {
    fn from(date: Date) -> Self {
        Self::On(date)
    }
}
