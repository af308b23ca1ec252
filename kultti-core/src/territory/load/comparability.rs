//! The register of comparability flags.

use super::breaks::matching;
use super::{Table, known_area};
use crate::error::Result;
use crate::language::near_matches;
use crate::territory::document::{Area, ComparabilityFlag, FlagKind};
use std::collections::HashMap;

/// `measures` are the ids that the catalogue has.
pub(super) fn comparability(
    table: &Table,
    known: &HashMap<&str, &Area>,
    measures: &[&str],
) -> Result<Vec<ComparabilityFlag>> {
    let columns = ["area", "measure", "from", "to", "flag", "value", "source"];
    let mut all: Vec<ComparabilityFlag> = Vec::new();
    table.rows(&columns, |row| {
        let kind = FlagKind::parse(row.required("flag")?).ok_or_else(|| {
            let names = FlagKind::ALL.map(FlagKind::name);
            let near = near_matches(row.text("flag"), names, 1).join("");
            let near = if near.is_empty() {
                String::new()
            } else {
                format!(" ({near}?)")
            };
            row.wrong("flag", &format!("{}{near}", names.join(", ")))
        })?;
        let one = ComparabilityFlag {
            area: known_area(row, "area", known)?,
            measures: matching(row, measures)?,
            from: row.parse("from", "a period")?,
            to: row.parse("to", "a period")?,
            kind,
            value: row.required("value")?.to_owned(),
            source: row.required("source")?.to_owned(),
        };
        let backwards = one
            .from
            .zip(one.to)
            .is_some_and(|(from, to)| to.last_day() < from.first_day());
        if backwards {
            return Err(row.wrong("to", "a period not before the first"));
        }
        let again = |other: &ComparabilityFlag| {
            let overlaps = other.from.is_none_or(|from| one.to.is_none_or(|to| from <= to))
                && one.from.is_none_or(|from| other.to.is_none_or(|to| from <= to));
            let measure = other
                .measures
                .iter()
                .any(|measure| one.measures.contains(measure));
            other.area == one.area && other.kind == one.kind && measure && overlaps
        };
        if all.iter().any(again) {
            return Err(row.wrong("flag", "one value for each area, measure, flag and time"));
        }
        all.push(one);
        Ok(())
    })?;
    Ok(all)
}
