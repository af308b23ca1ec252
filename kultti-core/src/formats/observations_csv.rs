//! Observations as a CSV table in the columns of the observation schema, `origin` aside, which is the file itself.

use crate::catalogue::{Catalogue, UnitKind};
use crate::error::{Error, Result};
use crate::language::near_matches;
use crate::model::{AreaCode, Measure, MeasureId, Missing, Observation, Status};
use crate::source::{Row, read_table};
use crate::territory::Territory;
use std::collections::BTreeMap;

/// The columns of the table, in order.
pub const COLUMNS: [&str; 8] = [
    "measure",
    "period",
    "area",
    "territory",
    "value",
    "status",
    "missing",
    "note",
];

/// An observation and the line it stands on.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadObservation {
    /// The observation.
    pub observation: Observation,
    /// The line, counted from 1.
    pub line: usize,
}

/// Reads a table of observations and checks every cell against catalogue and territory.
///
/// `value` is empty exactly when the status is one without a value (K, L, M, O, Q); NaN and infinity are refused, and so
/// is a `-` or `.` of another office's table: those are the business of the adapter that knows their meaning.
///
/// # Errors
/// [`Error::UnknownAreasInTable`] lists every unknown code of the whole table; [`Error::UnknownMeasureInTable`],
/// [`Error::OutsideValidity`], [`Error::AreaOutsideTerritory`], [`Error::Cell`], [`Error::Header`] and
/// [`Error::MalformedTable`] name the line.
pub fn read_observations(
    path: &str,
    text: &str,
    origin: &str,
    catalogue: &Catalogue,
    territory: &Territory,
) -> Result<Vec<ReadObservation>> {
    let mut observations = Vec::new();
    let place = Place {
        path,
        origin,
        catalogue,
        territory,
    };
    let mut unknown: BTreeMap<String, usize> = BTreeMap::new();
    read_table(path, text, &COLUMNS, |row| {
        let area = row.required("area")?;
        if territory.area(area).is_none() && territory.document().country.code.as_str() != area {
            unknown.entry(area.to_owned()).or_insert(row.line);
            return Ok(());
        }
        let measure = measure(path, row, catalogue)?;
        observations.push(ReadObservation {
            observation: observation(row, measure, &place)?,
            line: row.line,
        });
        Ok(())
    })?;
    if let Some(line) = unknown.values().min() {
        let mut near: Vec<String> = Vec::new();
        for code in unknown.keys() {
            let likely = territory.near_areas(code).into_iter().next();
            near.extend(likely.filter(|area| !near.contains(area)));
        }
        near.truncate(5);
        return Err(Error::UnknownAreasInTable {
            path: path.to_owned(),
            line: *line,
            areas: unknown.keys().cloned().collect(),
            near,
        });
    }
    Ok(observations)
}

fn measure<'a>(path: &str, row: &Row, catalogue: &'a Catalogue) -> Result<&'a Measure> {
    let id = row.required("measure")?;
    catalogue.measure(&MeasureId::from(id)).ok_or_else(|| {
        let near = near_matches(id, catalogue.measures().map(|measure| measure.id.as_str()), 3);
        Error::UnknownMeasureInTable {
            path: path.to_owned(),
            line: row.line,
            measure: id.to_owned(),
            near: near.into_iter().map(str::to_owned).collect(),
        }
    })
}

/// What a row is read against.
struct Place<'a> {
    path: &'a str,
    origin: &'a str,
    catalogue: &'a Catalogue,
    territory: &'a Territory,
}

fn observation(row: &Row, measure: &Measure, place: &Place) -> Result<Observation> {
    let Place {
        path,
        origin,
        catalogue,
        territory,
    } = place;
    let period = row.parse_required("period", "a period: 2019, 2019-Q1 or 2019-01")?;
    if !measure.valid.contains(period) {
        return Err(Error::OutsideValidity {
            path: (*path).to_owned(),
            line: row.line,
            measure: measure.id.to_string(),
            period: period.to_string(),
            valid: measure.valid.to_string(),
        });
    }
    let area: AreaCode = row.required("area")?.into();
    let borders = row.parse_required("territory", "the date of the borders, YYYY-MM-DD")?;
    if borders < territory.first() || borders > territory.now() {
        let known = format!(
            "borders that the territory knows, {}–{}",
            territory.first(),
            territory.now()
        );
        return Err(row.wrong("territory", &known));
    }
    let exists = territory
        .area(area.as_str())
        .is_none_or(|known| known.exists_on(borders));
    if !exists {
        return Err(Error::AreaOutsideTerritory {
            path: (*path).to_owned(),
            line: row.line,
            area: area.to_string(),
            territory: borders.to_string(),
        });
    }
    let letters = "an SDMX status: A B D E F I P U W with a value, K L M O Q without one";
    let status = Status::from_letter(row.required("status")?).ok_or_else(|| row.wrong("status", letters))?;
    let value = value(row, status, measure, catalogue)?;
    let missing = missing(row, status)?;
    Ok(Observation {
        measure: measure.id.clone(),
        period,
        area,
        value,
        status,
        missing,
        territory: borders,
        origin: (*origin).to_owned(),
        note: row.text("note").to_owned(),
    })
}

fn value(row: &Row, status: Status, measure: &Measure, catalogue: &Catalogue) -> Result<Option<f64>> {
    let Some(cell) = row.optional("value") else {
        let needed = || row.wrong("value", &format!("a value, for status {}", status.letter()));
        return if status.is_without_value() {
            Ok(None)
        } else {
            Err(needed())
        };
    };
    if status.is_without_value() {
        return Err(row.wrong("value", &format!("no value, for status {}", status.letter())));
    }
    let (whole, fraction) = cell
        .strip_prefix('-')
        .unwrap_or(cell)
        .split_once('.')
        .unwrap_or((cell, "0"));
    let whole = whole.strip_prefix('-').unwrap_or(whole);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return Err(row.wrong(
            "value",
            "a finite number in plain digits with a decimal point, or nothing",
        ));
    }
    if fraction.trim_end_matches('0').len() > usize::from(measure.decimals) {
        return Err(row.wrong(
            "value",
            &format!("at most {} decimals, as the measure declares", measure.decimals),
        ));
    }
    let persons = catalogue.power_of(UnitKind::Persons, &measure.unit) > 0;
    if persons && cell.starts_with('-') {
        return Err(row.wrong("value", "a number of persons, which is not negative"));
    }
    let number: f64 = row.parse_required("value", "a number")?;
    // Beyond 2^53 units of the last decimal a double no longer holds every number, and sums would not be exact.
    if number.abs() * 10_f64.powi(i32::from(measure.decimals)) > 9_007_199_254_740_992.0 {
        return Err(row.wrong(
            "value",
            "a number that can be added exactly, below 2^53 in its last decimal",
        ));
    }
    Ok(Some(number))
}

fn missing(row: &Row, status: Status) -> Result<Option<Missing>> {
    let Some(code) = row.optional("missing") else {
        let without = status.is_without_value();
        return if without {
            Err(row.wrong("missing", "the reason, for a row without a value"))
        } else {
            Ok(None)
        };
    };
    let reason = Missing::from_code(code).filter(|reason| reason.status() == status);
    reason.map(Some).ok_or_else(|| {
        row.wrong("missing", "nothing with a value, else included K, not-collected L, not-applicable M, missing O, suppressed Q")
    })
}
