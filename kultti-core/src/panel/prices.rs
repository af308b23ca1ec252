//! Real prices: euros of one year expressed in the money of another.

use super::Slicer;
use crate::error::{Error, Result};
use crate::model::{Frequency, MeasureId, Period, Status, StatusSet};
use crate::stats::real_value;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// An index and the year whose money is used, written `cpi@2018`.
///
/// ```
/// use kultti_core::panel::PriceBasis;
/// let basis: PriceBasis = "cpi@2018".parse()?;
/// assert_eq!((basis.index.as_str(), basis.year), ("cpi", 2018));
/// # Ok::<(), kultti_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceBasis {
    /// The name of the index.
    pub index: String,
    /// The year.
    pub year: i32,
}

impl FromStr for PriceBasis {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let parsed = text.split_once('@').and_then(|(index, year)| {
            let year = year.parse().ok().filter(|_| year.len() == 4)?;
            Some(Self {
                index: index.to_owned(),
                year,
            })
        });
        parsed
            .filter(|basis| !basis.index.is_empty())
            .ok_or_else(|| Error::InvalidArgument {
                name: "real".into(),
                expected: "INDEX@YEAR (cpi@2018)".into(),
                found: text.into(),
            })
    }
}

impl fmt::Display for PriceBasis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.index, self.year)
    }
}

/// A price index that has been read, with its base year.
#[derive(Debug, Clone, PartialEq)]
pub struct Deflator {
    basis: PriceBasis,
    measure: MeasureId,
    /// Index number and status by year.
    series: BTreeMap<i32, (f64, Status)>,
}

/// How values of one period become values in the money of the base year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Factor {
    /// I_t, the index number of the period.
    pub index: f64,
    /// I_base, the index number of the base year.
    pub base: f64,
    /// The power of euros in the unit: 1 for euros per inhabitant, -1 for loans per euro.
    pub power: i32,
    /// The statuses of both index numbers.
    pub status: StatusSet,
}

impl Factor {
    /// real = nominal · I_base / I_t, once for each euro in the unit.
    pub fn apply(&self, nominal: f64) -> f64 {
        let (index, base) = if self.power > 0 {
            (self.index, self.base)
        } else {
            (self.base, self.index)
        };
        (0..self.power.abs()).fold(nominal, |value, _| {
            real_value(value, index, base).unwrap_or(value)
        })
    }
}

impl Slicer<'_> {
    /// Reads the longest series of the index of that name; series are never spliced.
    ///
    /// # Errors
    /// [`Error::UnknownPriceIndex`]; [`Error::PriceIndexYear`] where the series lacks the base year.
    pub fn deflator(&self, basis: &PriceBasis) -> Result<Deflator> {
        let catalogue = self.release.catalogue();
        let indices = || {
            catalogue
                .measures()
                .filter_map(|measure| measure.price_index.as_ref().map(|index| (measure, index)))
        };
        let candidates = indices().filter(|(_, index)| index.name == basis.index);
        // Of equally long series the one declared first.
        let longest =
            candidates.min_by_key(|(measure, _)| std::cmp::Reverse(self.release.periods(&measure.id).len()));
        let Some((measure, _)) = longest.filter(|(measure, _)| !self.release.periods(&measure.id).is_empty())
        else {
            let mut near: Vec<String> = indices().map(|(_, index)| index.name.clone()).collect();
            near.dedup();
            return Err(Error::UnknownPriceIndex {
                index: basis.index.clone(),
                near,
            });
        };
        if self
            .release
            .periods(&measure.id)
            .iter()
            .any(|content| content.period.frequency() != Frequency::Year)
        {
            return Err(Error::InvalidArgument {
                name: "real".into(),
                expected: "a price index with yearly numbers".into(),
                found: measure.id.to_string(),
            });
        }
        let territory = self.release.territory();
        let country = territory.number(territory.document().country.code.as_str());
        let mut series = BTreeMap::new();
        for content in self.release.periods(&measure.id) {
            let rows = self.rows(&measure.id, content.period)?;
            for row in (0..rows.len()).map(|row| rows.row(row)) {
                if let Some(value) = row.value.filter(|_| Some(row.area) == country) {
                    series.insert(content.period.calendar_year(), (value, row.status));
                }
            }
        }
        let deflator = Deflator {
            basis: basis.clone(),
            measure: measure.id.clone(),
            series,
        };
        deflator.at(basis.year)?;
        Ok(deflator)
    }
}

impl Deflator {
    /// The index and base year.
    pub fn basis(&self) -> &PriceBasis {
        &self.basis
    }

    /// The measure that holds the series.
    pub fn measure(&self) -> &MeasureId {
        &self.measure
    }

    fn at(&self, year: i32) -> Result<(f64, Status)> {
        self.series.get(&year).copied().ok_or_else(|| {
            let years: Vec<Period> = self.series.keys().map(|year| Period::year(*year)).collect();
            Error::PriceIndexYear {
                index: self.basis.index.clone(),
                year: year.to_string(),
                available: super::span(&years),
            }
        })
    }

    /// The factor for values of a period: real = nominal · I_base / I_t, once for each power of money in the unit.
    ///
    /// # Errors
    /// [`Error::PriceIndexYear`] for a year without an index number.
    pub fn factor(&self, period: Period, power: i32) -> Result<Factor> {
        let (index, status) = self.at(period.calendar_year())?;
        let (base, base_status) = self.at(self.basis.year)?;
        if index <= 0.0 || base <= 0.0 {
            return Err(Error::PriceIndexYear {
                index: self.basis.index.clone(),
                year: period.to_string(),
                available: "> 0".into(),
            });
        }
        Ok(Factor {
            index,
            base,
            power,
            status: StatusSet::from(status).union(base_status.into()),
        })
    }
}
