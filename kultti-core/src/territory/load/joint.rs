//! The register of joint arrangements.

use super::{Table, known_area};
use crate::error::Result;
use crate::territory::document::{Area, JointArrangement};
use std::collections::HashMap;

pub(super) fn arrangements(table: &Table, known: &HashMap<&str, &Area>) -> Result<Vec<JointArrangement>> {
    let columns = [
        "measure",
        "host",
        "member",
        "first_period",
        "last_period",
        "service",
        "allocation_key",
        "origin",
    ];
    let mut units: Vec<JointArrangement> = Vec::new();
    table.rows(&columns, |row| {
        let unit = JointArrangement {
            measure: row.required("measure")?.into(),
            host: known_area(row, "host", known)?,
            member: known_area(row, "member", known)?,
            first: row.parse("first_period", "a period")?,
            last: row.parse("last_period", "a period")?,
            service: row.required("service")?.to_owned(),
            allocation_key: row.optional("allocation_key").map(str::to_owned),
            origin: row.required("origin")?.to_owned(),
        };
        if unit.host == unit.member {
            return Err(row.wrong("member", "an area other than the host"));
        }
        if unit
            .first
            .is_some_and(|first| unit.last.is_some_and(|last| last.last_day() < first.first_day()))
        {
            return Err(row.wrong("last_period", "a period not before the first"));
        }
        let again = |known: &JointArrangement| {
            let overlaps = known
                .first
                .is_none_or(|first| unit.last.is_none_or(|last| first <= last))
                && unit
                    .first
                    .is_none_or(|first| known.last.is_none_or(|last| first <= last));
            let circular = known.member == unit.host || known.host == unit.member;
            known.measure == unit.measure && overlaps && (known.member == unit.member || circular)
        };
        if units.iter().any(again) {
            return Err(row.wrong(
                "member",
                "an area that is inside one host, and a host that is inside none",
            ));
        }
        units.push(unit);
        Ok(())
    })?;
    Ok(units)
}
