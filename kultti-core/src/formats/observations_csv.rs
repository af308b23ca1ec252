//! Observations as a CSV table in the columns of the observation schema, `origin` aside, which is the file itself.

use super::place::{Observed, Place};
use crate::catalogue::Catalogue;
use crate::error::Result;
use crate::model::{AreaCode, Observation, Status};
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
/// [`crate::Error::UnknownAreasInTable`] lists every unknown code of the whole table; [`crate::Error::UnknownMeasureInTable`],
/// [`crate::Error::OutsideValidity`], [`crate::Error::AreaOutsideTerritory`], [`crate::Error::Cell`], [`crate::Error::Header`] and
/// [`crate::Error::MalformedTable`] name the line.
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
        catalogue,
        territory,
    };
    let mut unknown: BTreeMap<String, usize> = BTreeMap::new();
    read_table(path, text, &COLUMNS, |row| {
        let area = row.required("area")?;
        if place.area(area).is_err() {
            unknown.entry(area.to_owned()).or_insert(row.line);
            return Ok(());
        }
        observations.push(ReadObservation {
            observation: observation(row, &place, origin)?,
            line: row.line,
        });
        Ok(())
    })?;
    if unknown.is_empty() {
        Ok(observations)
    } else {
        Err(place.unknown_areas(&unknown))
    }
}

fn observation(row: &Row, place: &Place, origin: &str) -> Result<Observation> {
    let line = row.line;
    let observed = place.measure(line, row.required("measure")?)?;
    let measure = observed.measure;
    let period = place.period(line, row.text("period"))?;
    place.valid(line, measure, period)?;
    let area: AreaCode = row.required("area")?.into();
    let borders = place.borders(line, row.text("territory"))?;
    place.exists(line, place.territory.area(area.as_str()), borders)?;
    let status = place.status(line, row.required("status")?)?;
    Ok(Observation {
        measure: measure.id.clone(),
        period,
        area,
        value: value(row, status, &observed, place)?,
        status,
        missing: place.missing(line, status, row.optional("missing"))?,
        territory: borders,
        origin: origin.to_owned(),
        note: row.text("note").to_owned(),
    })
}

fn value(row: &Row, status: Status, observed: &Observed, place: &Place) -> Result<Option<f64>> {
    let cell = row.optional("value");
    place.presence(
        row.line,
        status,
        cell.as_ref().map(|cell| cell as &dyn std::fmt::Display),
    )?;
    let Some(cell) = cell else {
        return Ok(None);
    };
    let number = place.written_number(row.line, cell, observed)?;
    place.number(row.line, number, observed)?;
    Ok(Some(number))
}
