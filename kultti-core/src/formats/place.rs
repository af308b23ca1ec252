//! What every format asks of an observation: the catalogue knows its measure, the territory its area and borders, and
//! value, status and reason fit one another.

use crate::catalogue::{Catalogue, UnitKind};
use crate::error::{Error, Result};
use crate::language::near_matches;
use crate::model::{Date, Measure, MeasureId, Missing, Period, Status};
use crate::territory::{Area, Territory};
use std::collections::BTreeMap;
use std::fmt::Display;

/// Beyond 2^53 units of the last decimal a double no longer holds every number, and sums would not be exact.
const MOST_UNITS: f64 = 9_007_199_254_740_992.0;

/// What the rows of one table are read against. `line` is a line of a text file or a row of a table without lines.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) path: &'a str,
    pub(super) catalogue: &'a Catalogue,
    pub(super) territory: &'a Territory,
}

/// A measure with what its values must be.
#[derive(Clone, Copy)]
pub(super) struct Observed<'a> {
    pub(super) measure: &'a Measure,
    persons: bool,
    /// 10 to the power of its decimals.
    scale: f64,
}

impl<'a> Place<'a> {
    pub(super) fn cell(&self, line: usize, column: &str, expected: &str, found: impl Display) -> Error {
        Error::Cell {
            path: self.path.to_owned(),
            line,
            column: column.to_owned(),
            expected: expected.to_owned(),
            found: found.to_string(),
        }
    }

    /// A measure that the catalogue knows and that is observed.
    pub(super) fn measure(&self, line: usize, id: &str) -> Result<Observed<'a>> {
        let Some(measure) = self.catalogue.measure(&MeasureId::from(id)) else {
            let known = self.catalogue.measures().map(|measure| measure.id.as_str());
            return Err(Error::UnknownMeasureInTable {
                path: self.path.to_owned(),
                line,
                measure: id.to_owned(),
                near: near_matches(id, known, 3)
                    .into_iter()
                    .map(str::to_owned)
                    .collect(),
            });
        };
        if let Some(derived) = &measure.derived {
            let expected = format!(
                "a measure that is observed; this one is derived from {}",
                derived.measure
            );
            return Err(self.cell(line, "measure", &expected, id));
        }
        Ok(Observed {
            measure,
            persons: self.catalogue.power_of(UnitKind::Persons, &measure.unit) > 0,
            scale: 10_f64.powi(i32::from(measure.decimals)),
        })
    }

    pub(super) fn period(&self, line: usize, text: &str) -> Result<Period> {
        text.parse()
            .map_err(|_| self.cell(line, "period", "a period: 2019, 2019-Q1 or 2019-01", text))
    }

    /// The definition of the measure holds in the period.
    pub(super) fn valid(&self, line: usize, measure: &Measure, period: Period) -> Result<()> {
        if measure.valid.contains(period) {
            return Ok(());
        }
        Err(Error::OutsideValidity {
            path: self.path.to_owned(),
            line,
            measure: measure.id.to_string(),
            period: period.to_string(),
            valid: measure.valid.to_string(),
        })
    }

    /// The area of a code, `None` for the whole country.
    ///
    /// # Errors
    /// [`Unknown`] for a code that the territory does not have.
    pub(super) fn area(&self, code: &str) -> Result<Option<&'a Area>, Unknown> {
        match self.territory.area(code) {
            Some(area) => Ok(Some(area)),
            None if self.territory.document().country.code.as_str() == code => Ok(None),
            None => Err(Unknown),
        }
    }

    /// The date of borders that the territory knows.
    pub(super) fn borders(&self, line: usize, text: &str) -> Result<Date> {
        let date: Date = text
            .parse()
            .map_err(|_| self.cell(line, "territory", "the date of the borders, YYYY-MM-DD", text))?;
        let (first, now) = (self.territory.first(), self.territory.now());
        if date < first || date > now {
            let expected = format!("borders that the territory knows, {first}–{now}");
            return Err(self.cell(line, "territory", &expected, text));
        }
        Ok(date)
    }

    /// The area existed on the borders.
    pub(super) fn exists(&self, line: usize, area: Option<&Area>, borders: Date) -> Result<()> {
        match area.filter(|area| !area.exists_on(borders)) {
            None => Ok(()),
            Some(area) => Err(Error::AreaOutsideTerritory {
                path: self.path.to_owned(),
                line,
                area: area.code.to_string(),
                territory: borders.to_string(),
            }),
        }
    }

    pub(super) fn status(&self, line: usize, text: &str) -> Result<Status> {
        let letters = "an SDMX status: A B D E F I P U W with a value, K L M O Q without one";
        Status::from_letter(text).ok_or_else(|| self.cell(line, "status", letters, text))
    }

    /// There is a value exactly where the status has one.
    pub(super) fn presence(&self, line: usize, status: Status, value: Option<&dyn Display>) -> Result<()> {
        let letter = status.letter();
        match (value, status.is_without_value()) {
            (Some(value), true) => {
                Err(self.cell(line, "value", &format!("no value, for status {letter}"), value))
            }
            (None, false) => Err(self.cell(line, "value", &format!("a value, for status {letter}"), "")),
            _ => Ok(()),
        }
    }

    /// The number that a text spells in plain digits, of at most the measure's decimals.
    pub(super) fn written_number(&self, line: usize, cell: &str, observed: &Observed) -> Result<f64> {
        let (whole, fraction) = cell
            .strip_prefix('-')
            .unwrap_or(cell)
            .split_once('.')
            .unwrap_or((cell, "0"));
        let whole = whole.strip_prefix('-').unwrap_or(whole);
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
        let plain = "a finite number in plain digits with a decimal point, or nothing";
        if !digits(whole) || !digits(fraction) {
            return Err(self.cell(line, "value", plain, cell));
        }
        let decimals = observed.measure.decimals;
        if fraction.trim_end_matches('0').len() > usize::from(decimals) {
            let expected = format!("at most {decimals} decimals, as the measure declares");
            return Err(self.cell(line, "value", &expected, cell));
        }
        cell.parse().map_err(|_| self.cell(line, "value", plain, cell))
    }

    /// A finite number of at most the measure's decimals that can be added exactly; persons are not negative.
    pub(super) fn number(&self, line: usize, value: f64, observed: &Observed) -> Result<()> {
        let units = value * observed.scale;
        let exact = units.abs() <= MOST_UNITS;
        // A decimal number is the double nearest to it, and so is the quotient of two whole numbers; the product may be
        // a unit beside it.
        #[expect(clippy::float_cmp, reason = "the same double or another")]
        let decimal = [0.0, -1.0, 1.0]
            .iter()
            .any(|beside| (units.round() + beside) / observed.scale == value);
        if exact && decimal && !(observed.persons && value.is_sign_negative()) {
            return Ok(());
        }
        let decimals = observed.measure.decimals;
        let expected = if !value.is_finite() {
            "a finite number, or nothing".to_owned()
        } else if !exact {
            "a number that can be added exactly, below 2^53 in its last decimal".to_owned()
        } else if decimal {
            "a number of persons, which is not negative".to_owned()
        } else {
            format!("at most {decimals} decimals, as the measure declares")
        };
        Err(self.cell(line, "value", &expected, value))
    }

    /// The reason that a status without a value needs.
    pub(super) fn missing(&self, line: usize, status: Status, code: Option<&str>) -> Result<Option<Missing>> {
        let Some(code) = code else {
            return if status.is_without_value() {
                Err(self.cell(line, "missing", "the reason, for a row without a value", ""))
            } else {
                Ok(None)
            };
        };
        let reason = Missing::from_code(code).filter(|reason| reason.status() == status);
        reason.map(Some).ok_or_else(|| {
            let expected = "nothing with a value, else included K, not-collected L, not-applicable M, missing O, suppressed Q";
            self.cell(line, "missing", expected, code)
        })
    }

    /// The error that lists every unknown area code of a table, at the first line that has one.
    pub(super) fn unknown_areas(&self, unknown: &BTreeMap<String, usize>) -> Error {
        let mut near: Vec<String> = Vec::new();
        for code in unknown.keys() {
            let likely = self.territory.near_areas(code).into_iter().next();
            near.extend(likely.filter(|area| !near.contains(area)));
        }
        near.truncate(5);
        Error::UnknownAreasInTable {
            path: self.path.to_owned(),
            line: unknown.values().min().copied().unwrap_or(1),
            areas: unknown.keys().cloned().collect(),
            near,
        }
    }
}

/// An area code that the territory does not have.
pub(super) struct Unknown;
