//! A figure of a random country, cell by cell: which area took over which, what is missing and why, m·n/d, and the value of
//! a group.

use super::country::{Area, Country, Indicator, Measure, area_exists};
use super::positions::{mean, median, sum, whole};
use kultti_core::model::{Missing, Observation, Status};
use std::collections::HashMap;

/// The borders asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum On {
    Now,
    Then,
    /// Of the first day of a year.
    Year(i32),
}

/// A figure: a value with the statuses of its parts, or a reason.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Figure {
    pub(crate) value: Result<f64, Missing>,
    pub(crate) statuses: Vec<Status>,
    /// Whether an observation behind it has status B, even where there is no value.
    pub(crate) broken: bool,
}

impl Figure {
    fn missing(reason: Missing) -> Self {
        Self {
            value: Err(reason),
            statuses: Vec::new(),
            broken: false,
        }
    }

    /// The same without a value.
    fn lacking(reason: Missing, broken: bool) -> Self {
        Self {
            broken,
            ..Self::missing(reason)
        }
    }

    /// The first letter of B D F U I E K W P A, or that of the reason.
    pub(crate) fn letter(&self) -> char {
        let of_reason = |reason: &Missing| match reason {
            Missing::NotApplicable | Missing::OutOfScope => 'M',
            Missing::Suppressed => 'Q',
            Missing::Included => 'K',
            Missing::NotCollected => 'L',
            _ => 'O',
        };
        let first = || {
            "BDFUIEKWPA"
                .chars()
                .find(|letter| self.statuses.iter().any(|status| status.letter() == *letter))
        };
        self.value
            .as_ref()
            .err()
            .map_or_else(|| first().unwrap_or('A'), of_reason)
    }
}

/// A figure of an indicator with both sides of its formula.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub(crate) figure: Figure,
    pub(crate) numerator: Option<f64>,
    pub(crate) denominator: Option<f64>,
}

impl Cell {
    pub(crate) fn value(&self) -> Option<f64> {
        self.figure.value.ok()
    }
}

/// The year of the borders that rows stand on, and the row of each area.
type Table<'c> = (i32, HashMap<&'c str, &'c Observation>);

/// Answers about a country.
pub(crate) struct Figures<'c> {
    pub(crate) country: &'c Country,
    /// By measure and year.
    tables: HashMap<(&'c str, i32), Table<'c>>,
}

impl<'c> Figures<'c> {
    pub(crate) fn new(country: &'c Country) -> Self {
        let mut tables: HashMap<(&str, i32), Table> = HashMap::new();
        for row in &country.observations {
            let key = (row.measure.as_str(), row.period.calendar_year());
            let table = tables
                .entry(key)
                .or_insert_with(|| (row.territory.year(), HashMap::new()));
            table.1.insert(row.area.as_str(), row);
        }
        Self { country, tables }
    }

    /// The year whose borders a period is shown on: they change on the first of January only.
    pub(crate) fn borders(&self, on: On, year: i32) -> i32 {
        match on {
            On::Now => self.country.now,
            On::Then => year.min(self.country.now),
            On::Year(borders) => borders,
        }
    }

    /// The areas of a year, by code.
    pub(crate) fn areas(&self, borders: i32) -> Vec<&'c Area> {
        self.country
            .areas
            .iter()
            .filter(|area| area_exists(area, borders))
            .collect()
    }

    /// What an area of the borders of `from` has become on those of `to`.
    fn became(&self, area: &'c Area, to: i32) -> &'c Area {
        match &area.merged {
            Some((gone, into)) if *gone <= to => {
                let into = self.country.areas.binary_search_by(|other| other.code.cmp(into));
                self.became(&self.country.areas[into.expect("an area")], to)
            }
            _ => area,
        }
    }

    /// The region of an area in a year: its own code's, its successor's once it is gone.
    pub(crate) fn region(&self, area: &'c Area, year: i32) -> Option<&'c str> {
        if self.country.regions_from.is_some_and(|from| year < from) {
            return None;
        }
        let in_force = |first: &Option<i32>, last: &Option<i32>| {
            first.is_none_or(|first| first <= year) && last.is_none_or(|last| year <= last)
        };
        let own = area.regions.iter().find(|(_, first, last)| in_force(first, last));
        let successor = || {
            let (gone, _) = area.merged.as_ref().filter(|(gone, _)| *gone <= year)?;
            let later = self.became(area, year.min(self.country.now).max(*gone));
            self.region(later, year)
        };
        own.map(|(region, ..)| region.as_str()).or_else(successor)
    }

    fn measure(&self, id: &str) -> &'c Measure {
        self.country
            .measures
            .iter()
            .find(|measure| measure.id == id)
            .expect("a measure")
    }

    /// The years in which a measure has values.
    fn years_of(&self, id: &str) -> Vec<i32> {
        let measure = self.measure(id);
        let observed = |id: &str, year: i32| {
            let table = self.tables.get(&(id, year));
            table.is_some_and(|(_, rows)| rows.values().any(|row| row.value.is_some()))
        };
        let (first, last) = self.country.years;
        let known = |year: &i32| match measure.lags.as_slice() {
            [] => observed(id, *year),
            lags => lags.iter().all(|lag| observed("pop", year - lag)),
        };
        (first - 2..=last + 2).filter(known).collect()
    }

    /// The years in which every measure of an indicator has values.
    pub(crate) fn years(&self, indicator: &Indicator) -> Vec<i32> {
        let measures = indicator
            .numerator
            .iter()
            .map(|(_, id)| *id)
            .chain(indicator.denominator);
        let all: Vec<Vec<i32>> = measures.map(|id| self.years_of(id)).collect();
        all[0]
            .iter()
            .copied()
            .filter(|year| all.iter().all(|years| years.contains(year)))
            .collect()
    }

    fn observed(&self, id: &str, year: i32, area: &'c Area, borders: i32) -> Figure {
        let measure = self.measure(id);
        if measure.core_only && area.isle {
            return Figure::missing(Missing::OutOfScope);
        }
        let Some((stands_on, rows)) = self.tables.get(&(id, year)) else {
            return Figure::missing(Missing::NotReported);
        };
        let before = self.areas(*stands_on);
        if *stands_on > borders {
            // Back through a merger nothing is known of who ended and who took over.
            let later = self.became(area, *stands_on);
            let now = self.areas(borders);
            let arrived = now
                .iter()
                .filter(|other| self.became(other, *stands_on).code == later.code)
                .count();
            return if later.code == area.code && arrived == 1 {
                self.combined(measure, &[rows.get(area.code.as_str()).copied()])
            } else if rows.contains_key(later.code.as_str()) {
                Figure::missing(Missing::NotKnownOnBorders)
            } else {
                Figure::missing(Missing::NotReported)
            };
        }
        let parts = before
            .iter()
            .filter(|part| self.became(part, borders).code == area.code);
        let parts: Vec<Option<&Observation>> =
            parts.map(|part| rows.get(part.code.as_str()).copied()).collect();
        self.combined(measure, &parts)
    }

    /// Parts become one by the measure's additivity; a part that nobody reported is missing.
    fn combined(&self, measure: &Measure, parts: &[Option<&Observation>]) -> Figure {
        if parts.iter().all(Option::is_none) {
            return Figure::missing(Missing::NotReported);
        }
        let broken = parts.iter().flatten().any(|row| row.status == Status::Break);
        if parts.len() > 1 && measure.additivity == "none" {
            return Figure::lacking(Missing::NotAdditive, broken);
        }
        let reasons = parts.iter().filter_map(|part| match part {
            None => Some(Missing::NotReported),
            Some(row) => row.missing,
        });
        if let Some(reason) = reasons.min() {
            return Figure::lacking(reason, broken);
        }
        let rows: Vec<&Observation> = parts.iter().flatten().copied().collect();
        let values: Vec<f64> = rows.iter().filter_map(|row| row.value).collect();
        let value = match measure.additivity {
            "max" => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            _ => exact(&values),
        };
        Figure {
            value: Ok(value),
            statuses: rows.iter().map(|row| row.status).collect(),
            broken,
        }
    }

    /// A measure of an area: observed, or the mean of the population of several years.
    fn of_measure(&self, id: &str, year: i32, area: &'c Area, borders: i32) -> Figure {
        let lags = &self.measure(id).lags;
        if lags.is_empty() {
            return self.observed(id, year, area, borders);
        }
        let parts: Vec<Figure> = lags
            .iter()
            .map(|lag| self.observed("pop", year - lag, area, borders))
            .collect();
        let broken = parts.iter().any(|part| part.broken);
        if let Some(reason) = parts.iter().filter_map(|part| part.value.err()).min() {
            return Figure::lacking(reason, broken);
        }
        let values: Vec<f64> = parts.iter().filter_map(|part| part.value.ok()).collect();
        Figure {
            value: Ok(exact(&values) / whole(lags.len())),
            statuses: parts.into_iter().flat_map(|part| part.statuses).collect(),
            broken,
        }
    }

    /// m·n/d of an area in a year.
    pub(crate) fn cell(&self, indicator: &Indicator, year: i32, area: &'c Area, borders: i32) -> Cell {
        let above: Vec<(f64, Figure)> = indicator
            .numerator
            .iter()
            .map(|(sign, id)| (*sign, self.of_measure(id, year, area, borders)))
            .collect();
        let below = indicator
            .denominator
            .map(|id| (id, self.of_measure(id, year, area, borders)));
        let complete = above.iter().all(|(_, figure)| figure.value.is_ok());
        let terms = above
            .iter()
            .filter_map(|(sign, figure)| Some(sign * figure.value.ok()?));
        let numerator = complete.then(|| terms.fold(0.0, |sum, term| sum + term));
        let denominator = below.as_ref().and_then(|(_, figure)| figure.value.ok());
        let figures = || {
            above
                .iter()
                .map(|(_, figure)| figure)
                .chain(below.iter().map(|(_, figure)| figure))
        };
        let mut reasons: Vec<Missing> = figures().filter_map(|figure| figure.value.err()).collect();
        let money = below
            .as_ref()
            .is_some_and(|(id, _)| self.measure(id).unit == "crown");
        match denominator {
            Some(0.0) => reasons.push(Missing::DenominatorZero),
            Some(negative) if money && negative < 0.0 => reasons.push(Missing::DenominatorNotPositive),
            _ => {}
        }
        let broken = figures().any(|figure| figure.broken);
        let figure = match (reasons.into_iter().min(), numerator) {
            (Some(reason), _) => Figure::lacking(reason, broken),
            (None, n) => Figure {
                value: Ok(indicator.multiplier * n.expect("complete") / denominator.unwrap_or(1.0)),
                statuses: figures().flat_map(|figure| figure.statuses.clone()).collect(),
                broken,
            },
        };
        Cell {
            figure,
            numerator,
            denominator,
        }
    }

    /// The value of a group: of those with n and a positive d, if they are at least 0.6 of the members and of their
    /// denominators.
    pub(crate) fn group(
        &self,
        indicator: &Indicator,
        cells: &[&Cell],
        aggregate: Option<&str>,
    ) -> Option<f64> {
        let ratio = indicator.denominator.is_some();
        let exists = |cell: &&&Cell| cell.figure.letter() != 'M' || cell.figure.value.is_ok();
        let members: Vec<&Cell> = cells.iter().filter(exists).copied().collect();
        let enters =
            |cell: &&&Cell| cell.value().is_some() && (!ratio || cell.denominator.is_some_and(|d| d > 0.0));
        let entered: Vec<&Cell> = members.iter().filter(enters).copied().collect();
        let covered: Vec<f64> = entered.iter().filter_map(|cell| cell.denominator).collect();
        let all: Option<Vec<f64>> = members.iter().map(|cell| cell.denominator).collect();
        let enough = |part: f64, of: f64| part / of >= 0.6;
        if entered.is_empty() || !enough(whole(entered.len()), whole(members.len())) {
            return None;
        }
        // Where a member's denominator is unknown, or the members have none together, only the areas are counted.
        if let Some(total) = all.map(|all| exact(&all)).filter(|total| ratio && *total > 0.0)
            && !enough(exact(&covered), total)
        {
            return None;
        }
        let additive = |id: &str| self.measure(id).additivity == "sum";
        let adds_up = indicator.numerator.iter().all(|(_, id)| additive(id));
        let own = indicator.aggregate.unwrap_or(match (ratio, adds_up) {
            (true, true) => "ratio-of-sums",
            (true, false) => "median",
            (false, _) => "mean",
        });
        let values: Vec<f64> = entered.iter().filter_map(|cell| cell.value()).collect();
        let numerators: Vec<f64> = entered.iter().filter_map(|cell| cell.numerator).collect();
        match aggregate.unwrap_or(own) {
            "mean" => Some(mean(&values)),
            "median" => median(&values),
            "weighted-mean" => {
                let products: Vec<f64> = values.iter().zip(&covered).map(|(x, d)| x * d).collect();
                Some(sum(&products) / exact(&covered))
            }
            _ => Some(indicator.multiplier * exact(&numerators) / exact(&covered)),
        }
    }
}

/// The sum of figures of at most two decimals, in whole hundredths.
fn exact(values: &[f64]) -> f64 {
    #[expect(clippy::cast_possible_truncation, reason = "hundredths of small numbers")]
    let hundredths: i128 = values.iter().map(|value| (value * 100.0).round() as i128).sum();
    #[expect(clippy::cast_precision_loss, reason = "hundredths of small numbers")]
    let sum = hundredths as f64;
    sum / 100.0
}
