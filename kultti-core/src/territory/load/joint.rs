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
    let mut units = Vec::new();
    table.rows(&columns, |row| {
        units.push(JointArrangement {
            measure: row.required("measure")?.into(),
            host: known_area(row, "host", known)?,
            member: known_area(row, "member", known)?,
            first: row.parse("first_period", "a period")?,
            last: row.parse("last_period", "a period")?,
            service: row.required("service")?.to_owned(),
            allocation_key: row.optional("allocation_key").map(str::to_owned),
            origin: row.required("origin")?.to_owned(),
        });
        Ok(())
    })?;
    Ok(units)
}
