//! Calendar dates: the borders of a territory are named by one.

use crate::error::Error;
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A day, written as ISO 8601 (`2026-01-01`).
///
/// ```
/// use kultti_core::model::Date;
/// let date: Date = "2019-12-31".parse()?;
/// assert_eq!(date.year(), 2019);
/// assert_eq!(date.next().to_string(), "2020-01-01");
/// # Ok::<(), kultti_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(NaiveDate);

impl Date {
    /// The earliest day there is.
    pub const MIN: Self = Self(NaiveDate::MIN);

    /// The day of that year, month (1–12) and day, if the calendar has it.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(Self)
    }

    /// The day that many days after 1970-01-01, if the calendar has it.
    pub(crate) fn from_epoch(days: i32) -> Option<Self> {
        NaiveDate::from_epoch_days(days).map(Self)
    }

    /// How many days after 1970-01-01 it is.
    #[cfg(feature = "ledger")]
    pub(crate) fn days_since_epoch(self) -> i32 {
        self.0.to_epoch_days()
    }

    /// The last day of a month.
    pub fn last_of_month(year: i32, month: u32) -> Option<Self> {
        let (next_year, next_month) = if month == 12 {
            (year + 1, 1)
        } else {
            (year, month + 1)
        };
        Self::new(next_year, next_month, 1).map(Self::previous)
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// Year, month (1–12) and day of the month.
    pub fn parts(self) -> (i32, u32, u32) {
        (self.0.year(), self.0.month(), self.0.day())
    }

    /// The day after.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.succ_opt().unwrap_or(NaiveDate::MAX))
    }

    /// The day before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self(self.0.pred_opt().unwrap_or(NaiveDate::MIN))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}

impl FromStr for Date {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        // chrono forgives signs and missing zeros; ISO 8601 does not.
        let exact = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| {
                if at == 4 || at == 7 {
                    byte == b'-'
                } else {
                    byte.is_ascii_digit()
                }
            });
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .ok()
            .filter(|_| exact)
            .map(Self)
            .ok_or_else(|| Error::InvalidArgument {
                name: "date".into(),
                expected: "YYYY-MM-DD (2021-01-01)".into(),
                found: text.into(),
            })
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .map_err(|_| serde::de::Error::custom(format!("expected a date YYYY-MM-DD, found {text:?}")))
    }
}
