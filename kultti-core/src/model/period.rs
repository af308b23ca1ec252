//! Periods in SDMX spelling, so that within one frequency the order of the text is the order of time.

use super::Date;
use crate::error::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// How often a measure is observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Frequency {
    /// Once a year.
    Year,
    /// Four times a year.
    Quarter,
    /// Every month.
    Month,
}

/// A reference period: a year `2019`, a quarter `2019-Q1` or a month `2019-01`.
///
/// ```
/// use kultti_core::model::Period;
/// let year: Period = "2019".parse()?;
/// let quarter: Period = "2019-Q2".parse()?;
/// assert_eq!(year.last_day().to_string(), "2019-12-31");
/// assert_eq!(quarter.last_day().to_string(), "2019-06-30");
/// assert_eq!(quarter.shift(-2).to_string(), "2018-Q4");
/// # Ok::<(), kultti_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    year: i32,
    frequency: Frequency,
    /// 1 for a year, 1–4 for a quarter, 1–12 for a month.
    part: u8,
}

impl Period {
    /// A calendar year, 1000–9999.
    pub fn year(year: i32) -> Self {
        Self {
            year,
            frequency: Frequency::Year,
            part: 1,
        }
    }

    /// The calendar year the period lies in.
    pub fn calendar_year(self) -> i32 {
        self.year
    }

    /// The frequency.
    pub fn frequency(self) -> Frequency {
        self.frequency
    }

    /// The first day of the period.
    pub fn first_day(self) -> Date {
        self.shift(-1).last_day().next()
    }

    /// The last day of the period.
    pub fn last_day(self) -> Date {
        let month = match self.frequency {
            Frequency::Year => 12,
            Frequency::Quarter => u32::from(self.part) * 3,
            Frequency::Month => u32::from(self.part),
        };
        Date::last_of_month(self.year, month).unwrap_or(Date::MIN)
    }

    /// The period that many steps of its own frequency later (earlier when negative).
    #[must_use]
    pub fn shift(self, steps: i32) -> Self {
        let per_year = self.frequency.per_year();
        let ordinal = self.year * per_year + i32::from(self.part) - 1 + steps;
        let part = u8::try_from(ordinal.rem_euclid(per_year) + 1).unwrap_or(1);
        Self {
            year: ordinal.div_euclid(per_year),
            frequency: self.frequency,
            part,
        }
    }

    /// How many years lie between two periods of the same frequency; `None` across frequencies.
    pub fn years_since(self, earlier: Self) -> Option<f64> {
        (self.frequency == earlier.frequency).then(|| {
            let per_year = self.frequency.per_year();
            let steps =
                (self.year - earlier.year) * per_year + i32::from(self.part) - i32::from(earlier.part);
            f64::from(steps) / f64::from(per_year)
        })
    }
}

impl Frequency {
    fn per_year(self) -> i32 {
        match self {
            Self::Year => 1,
            Self::Quarter => 4,
            Self::Month => 12,
        }
    }
}

impl From<i32> for Period {
    fn from(year: i32) -> Self {
        Self::year(year)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.frequency {
            Frequency::Year => write!(f, "{:04}", self.year),
            Frequency::Quarter => write!(f, "{:04}-Q{}", self.year, self.part),
            Frequency::Month => write!(f, "{:04}-{:02}", self.year, self.part),
        }
    }
}

impl FromStr for Period {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        parse(text).ok_or_else(|| Error::InvalidArgument {
            name: "period".into(),
            expected: "2019, 2019-Q1, 2019-01".into(),
            found: text.into(),
        })
    }
}

fn parse(text: &str) -> Option<Period> {
    let (year, rest) = match text.split_once('-') {
        Some((year, rest)) => (year, Some(rest)),
        None => (text, None),
    };
    if year.len() != 4 || !year.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let year = year.parse().ok()?;
    match rest {
        None => Some(Period::year(year)),
        Some(rest) => {
            let (frequency, digits, most) = match rest.strip_prefix('Q') {
                Some(digits) if digits.len() == 1 => (Frequency::Quarter, digits, 4),
                None if rest.len() == 2 => (Frequency::Month, rest, 12),
                _ => return None,
            };
            let part: u8 = digits.parse().ok()?;
            (1..=most).contains(&part).then_some(Period {
                year,
                frequency,
                part,
            })
        }
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "expected a period (2019, 2019-Q1, 2019-01), found {text:?}"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_order_is_time_order_within_a_frequency() {
        for frequency in [
            ["2018-Q4", "2019-Q1", "2019-Q3"],
            ["2018-12", "2019-02", "2019-11"],
            ["0999", "2018", "2019"],
        ] {
            let periods: Vec<Period> = frequency
                .iter()
                .map(|text| text.parse().expect("a period"))
                .collect();
            assert!(periods.is_sorted());
            assert_eq!(
                periods.iter().map(Period::to_string).collect::<Vec<_>>(),
                frequency
            );
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in [
            "19", "2019-Q5", "2019-13", "2019-1", "2019Q1", "", "2019-00", "+019", "2019-Q+",
        ] {
            assert!(text.parse::<Period>().is_err(), "{text:?} was read");
        }
    }

    #[test]
    fn years_between_periods() {
        let quarter = |text: &str| text.parse::<Period>().expect("a period");
        assert_eq!(quarter("2019-Q3").years_since(quarter("2018-Q1")), Some(1.5));
        assert_eq!(quarter("2019").years_since(quarter("2018-Q1")), None);
    }
}
