//! The tables of a territory folder.

mod breaks;
mod changes;
mod comparability;
mod groups;
mod joint;

use super::document::{Area, Break, ComparabilityFlag, Country, PartScope, SizeClasses, TerritoryDocument};
use crate::error::{Error, Result};
use crate::language::{Text, near_matches};
use crate::model::{AreaCode, Date};
use crate::source::{Row, parse_toml, read_table, read_text};
use changes::{changes, check_areas};
use groups::{check_parts, check_size, groupings, groups, memberships};
use joint::arrangements;
use serde::Deserialize;
use std::collections::HashMap;
use std::path::Path;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    schema: u32,
    id: String,
    name: Text,
    country: Country,
    first: Date,
    now: Date,
    code_length: usize,
    /// The groupings that an area is compared with unless others are asked for.
    #[serde(default)]
    peers: Vec<String>,
    source: String,
    license: String,
    #[serde(default)]
    scope: Vec<PartScope>,
    size: Option<SizeClasses>,
}

/// A table of the folder: its path for messages and its text.
struct Table {
    path: String,
    text: String,
}

impl Table {
    fn read(path: &Path) -> Result<Self> {
        Ok(Self {
            path: path.display().to_string(),
            text: read_text(path)?,
        })
    }

    fn rows(&self, columns: &[&str], each: impl FnMut(&Row) -> Result<()>) -> Result<()> {
        read_table(&self.path, &self.text, columns, each)
    }
}

pub(super) fn folder(folder: &Path, joint_units: Option<&Path>) -> Result<TerritoryDocument> {
    let toml = Table::read(&folder.join("territory.toml"))?;
    let header: Header = parse_toml(&toml.path, &toml.text)?;
    if header.schema != 1 {
        return Err(Error::InvalidField {
            path: toml.path,
            line: 1,
            id: header.id,
            field: "schema".into(),
            expected: "1".into(),
            found: header.schema.to_string(),
        });
    }
    let areas = areas(&Table::read(&folder.join("areas.csv"))?, header.code_length)?;
    let known: HashMap<&str, &Area> = areas.iter().map(|area| (area.code.as_str(), area)).collect();
    let change_table = Table::read(&folder.join("changes.csv"))?;
    let changes = changes(&change_table, &known)?;
    check_areas(&change_table.path, &areas, &changes, (header.first, header.now))?;
    let groupings = groupings(&Table::read(&folder.join("groupings.csv"))?)?;
    let groups = groups(&Table::read(&folder.join("groups.csv"))?, &groupings)?;
    check_size(&toml, &header, &groupings)?;
    check_parts(&toml, &header, &groupings, &groups)?;
    let memberships = memberships(
        &Table::read(&folder.join("memberships.csv"))?,
        &known,
        (&groupings, &groups),
    )?;
    let joint_units = match joint_units {
        Some(path) => arrangements(&Table::read(path)?, &known)?,
        None => Vec::new(),
    };
    Ok(TerritoryDocument {
        id: header.id,
        name: header.name,
        country: header.country,
        first: header.first,
        now: header.now,
        code_length: header.code_length,
        peers: header.peers,
        source: header.source,
        license: header.license,
        scopes: header.scope,
        size: header.size,
        areas,
        changes,
        groupings,
        groups,
        memberships,
        joint_units,
        breaks: Vec::new(),
        comparability: Vec::new(),
    })
}

/// The register of comparability flags.
pub(super) fn comparability(
    path: &Path,
    areas: &[Area],
    measures: &[&str],
) -> Result<Vec<ComparabilityFlag>> {
    let known: HashMap<&str, &Area> = areas.iter().map(|area| (area.code.as_str(), area)).collect();
    comparability::comparability(&Table::read(path)?, &known, measures)
}

/// The register of breaks.
pub(super) fn breaks(path: &Path, areas: &[Area], measures: &[&str]) -> Result<Vec<Break>> {
    let known: HashMap<&str, &Area> = areas.iter().map(|area| (area.code.as_str(), area)).collect();
    breaks::breaks(&Table::read(path)?, &known, measures)
}

fn name(row: &Row) -> Result<Text> {
    let optional = |column: &str| row.optional(column).map(str::to_owned);
    Ok(Text::proper_name(
        row.required("name_fi")?,
        optional("name_sv"),
        optional("name_en"),
    ))
}

fn areas(table: &Table, code_length: usize) -> Result<Vec<Area>> {
    let columns = ["area", "name_fi", "name_sv", "name_en", "valid_from", "valid_to"];
    let mut areas: Vec<Area> = Vec::new();
    let mut seen: HashMap<String, usize> = HashMap::new();
    table.rows(&columns, |row| {
        let code = row.required("area")?;
        if code.chars().count() != code_length {
            return Err(row.wrong(
                "area",
                &format!("a code of {code_length} characters, with its leading zeros"),
            ));
        }
        if seen.insert(code.to_owned(), row.line).is_some() {
            return Err(Error::DuplicateId {
                path: table.path.clone(),
                line: row.line,
                id: code.into(),
            });
        }
        let area = Area {
            code: code.into(),
            name: name(row)?,
            from: row.parse("valid_from", "a date YYYY-MM-DD")?,
            to: row.parse("valid_to", "a date YYYY-MM-DD")?,
        };
        if area.from.is_some_and(|from| area.to.is_some_and(|to| to < from)) {
            return Err(row.wrong("valid_to", "a day not before the first"));
        }
        areas.push(area);
        Ok(())
    })?;
    areas.sort_by(|left, right| left.code.cmp(&right.code));
    Ok(areas)
}

fn known_area(row: &Row, column: &str, known: &HashMap<&str, &Area>) -> Result<AreaCode> {
    let code = row.required(column)?;
    if known.contains_key(code) {
        return Ok(code.into());
    }
    let near = near_matches(code, known.keys().copied(), 3).join(", ");
    let like = if near.is_empty() {
        String::new()
    } else {
        format!(" ({near})")
    };
    Err(row.wrong(column, &format!("a code of areas.csv{like}")))
}
