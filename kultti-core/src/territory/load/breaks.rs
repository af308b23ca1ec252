//! The register of breaks in series.

use super::{Table, known_area};
use crate::error::Result;
use crate::language::{Text, near_matches};
use crate::model::MeasureId;
use crate::source::Row;
use crate::territory::document::{Area, Break};
use std::collections::HashMap;

/// `measures` are the ids that the catalogue has.
pub(super) fn breaks(table: &Table, known: &HashMap<&str, &Area>, measures: &[&str]) -> Result<Vec<Break>> {
    let columns = [
        "measure", "area", "period", "cause_fi", "cause_sv", "cause_en", "factor", "source",
    ];
    let mut all: Vec<Break> = Vec::new();
    table.rows(&columns, |row| {
        let factor: Option<f64> = row.parse("factor", POSITIVE)?;
        if factor.is_some_and(|factor| !(factor > 0.0 && factor.is_finite())) {
            return Err(row.wrong("factor", POSITIVE));
        }
        let text = |column: &str| row.required(column).map(str::to_owned);
        let area = row.optional("area").map(|_| known_area(row, "area", known));
        let one = Break {
            measures: matching(row, measures)?,
            area: area.transpose()?,
            period: row.parse_required("period", "a period such as 2021")?,
            cause: Text::new(text("cause_fi")?, text("cause_sv")?, text("cause_en")?),
            source: text("source")?,
            factor,
        };
        let again = |other: &Break| {
            let area = other.area == one.area && other.period == one.period;
            area && other
                .measures
                .iter()
                .any(|measure| one.measures.contains(measure))
        };
        if all.iter().any(again) {
            return Err(row.wrong(
                "measure",
                "a break that stands once for each measure, area and period",
            ));
        }
        all.push(one);
        Ok(())
    })?;
    Ok(all)
}

const POSITIVE: &str = "a positive number, new/old, or nothing";

/// The measures of a cell: ids and patterns with `*` and `?`, separated by blanks.
pub(super) fn matching(row: &Row, measures: &[&str]) -> Result<Vec<MeasureId>> {
    let mut found: Vec<MeasureId> = Vec::new();
    for part in row.required("measure")?.split_whitespace() {
        let near = || {
            let near = near_matches(part, measures.iter().copied(), 3).join(", ");
            row.wrong(
                "measure",
                &format!("measures of the catalogue, or a pattern of them ({near})"),
            )
        };
        let pattern = glob::Pattern::new(part).map_err(|_| near())?;
        let before = found.len();
        found.extend(
            measures
                .iter()
                .filter(|id| pattern.matches(id))
                .map(|id| MeasureId::from(*id)),
        );
        if found.len() == before {
            return Err(near());
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}
