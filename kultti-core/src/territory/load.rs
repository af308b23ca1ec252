//! The tables of a territory folder.

use super::document::{
    Area, Change, Country, Group, Grouping, JointArrangement, Membership, PartScope, SizeClasses,
    TerritoryDocument, Weights,
};
use crate::error::{Error, Result};
use crate::language::{Text, near_matches};
use crate::model::{AreaCode, Date};
use crate::source::{Row, parse_toml, read_table, read_text};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
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
    let changes = changes(&Table::read(&folder.join("changes.csv"))?, &known)?;
    let groupings = groupings(&Table::read(&folder.join("groupings.csv"))?)?;
    let groups = groups(&Table::read(&folder.join("groups.csv"))?, &groupings)?;
    let memberships = memberships(&Table::read(&folder.join("memberships.csv"))?, &known, &groups)?;
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
    })
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
        areas.push(Area {
            code: code.into(),
            name: name(row)?,
            from: row.parse("valid_from", "a date YYYY-MM-DD")?,
            to: row.parse("valid_to", "a date YYYY-MM-DD")?,
        });
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
    Err(row.wrong(column, &format!("a code of areas.csv ({near})")))
}

fn changes(table: &Table, known: &HashMap<&str, &Area>) -> Result<Vec<Change>> {
    let columns = ["date", "source", "target", "population", "euros", "area"];
    let mut changes: Vec<Change> = Vec::new();
    let mut sums: BTreeMap<(Date, AreaCode), (Weights, usize)> = BTreeMap::new();
    table.rows(&columns, |row| {
        let weight = |column: &str| -> Result<f64> {
            let share: f64 = row.parse_required(column, "a share from 0 to 1")?;
            if (0.0..=1.0).contains(&share) {
                Ok(share)
            } else {
                Err(row.wrong(column, "a share from 0 to 1"))
            }
        };
        let change = Change {
            date: row.parse_required("date", "a date YYYY-MM-DD")?,
            source: known_area(row, "source", known)?,
            target: known_area(row, "target", known)?,
            weights: Weights {
                population: weight("population")?,
                euros: weight("euros")?,
                area: weight("area")?,
            },
        };
        let none = Weights {
            population: 0.0,
            euros: 0.0,
            area: 0.0,
        };
        let (sum, line) = sums
            .entry((change.date, change.source.clone()))
            .or_insert((none, row.line));
        sum.population += change.weights.population;
        sum.euros += change.weights.euros;
        sum.area += change.weights.area;
        *line = row.line;
        changes.push(change);
        Ok(())
    })?;
    for ((_, source), (sum, line)) in &sums {
        for (column, total) in [
            ("population", sum.population),
            ("euros", sum.euros),
            ("area", sum.area),
        ] {
            if (total - 1.0).abs() > 1e-9 {
                return Err(Error::Cell {
                    path: table.path.clone(),
                    line: *line,
                    column: column.into(),
                    expected: format!("shares of {source} that sum to 1"),
                    found: total.to_string(),
                });
            }
        }
    }
    changes.sort_by(|left, right| {
        (left.date, &left.source, &left.target).cmp(&(right.date, &right.source, &right.target))
    });
    Ok(changes)
}

fn groupings(table: &Table) -> Result<Vec<Grouping>> {
    let columns = [
        "grouping",
        "name_fi",
        "name_sv",
        "name_en",
        "first_year",
        "last_year",
    ];
    let mut groupings = Vec::new();
    table.rows(&columns, |row| {
        groupings.push(Grouping {
            id: row.required("grouping")?.into(),
            name: name(row)?,
            first_year: row.parse("first_year", "a year")?,
            last_year: row.parse("last_year", "a year")?,
        });
        Ok(())
    })?;
    Ok(groupings)
}

fn groups(table: &Table, groupings: &[Grouping]) -> Result<Vec<Group>> {
    let columns = [
        "grouping",
        "group",
        "name_fi",
        "name_sv",
        "name_en",
        "first_year",
        "last_year",
    ];
    let mut groups = Vec::new();
    table.rows(&columns, |row| {
        let grouping = row.required("grouping")?;
        if !groupings.iter().any(|known| known.id.as_str() == grouping) {
            return Err(row.wrong("grouping", "a grouping of groupings.csv"));
        }
        groups.push(Group {
            grouping: grouping.into(),
            code: row.required("group")?.into(),
            name: name(row)?,
            first_year: row.parse("first_year", "a year")?,
            last_year: row.parse("last_year", "a year")?,
        });
        Ok(())
    })?;
    Ok(groups)
}

fn memberships(table: &Table, known: &HashMap<&str, &Area>, groups: &[Group]) -> Result<Vec<Membership>> {
    let columns = ["grouping", "area", "group", "first_year", "last_year"];
    let mut memberships: Vec<Membership> = Vec::new();
    let mut intervals: HashMap<(String, String), Vec<(i32, i32)>> = HashMap::new();
    table.rows(&columns, |row| {
        let (grouping, group) = (row.required("grouping")?, row.required("group")?);
        if !groups
            .iter()
            .any(|known| known.grouping.as_str() == grouping && known.code.as_str() == group)
        {
            return Err(row.wrong("group", &format!("a group of {grouping} in groups.csv")));
        }
        let membership = Membership {
            grouping: grouping.into(),
            area: known_area(row, "area", known)?,
            group: group.into(),
            first_year: row.parse("first_year", "a year")?,
            last_year: row.parse("last_year", "a year")?,
        };
        let span = (
            membership.first_year.unwrap_or(i32::MIN),
            membership.last_year.unwrap_or(i32::MAX),
        );
        let others = intervals
            .entry((grouping.to_owned(), membership.area.to_string()))
            .or_default();
        if others
            .iter()
            .any(|(first, last)| span.0 <= *last && *first <= span.1)
        {
            return Err(row.wrong("first_year", "years that no other group of the grouping covers"));
        }
        others.push(span);
        memberships.push(membership);
        Ok(())
    })?;
    memberships.sort_by(|left, right| {
        (&left.grouping, &left.area, left.first_year).cmp(&(&right.grouping, &right.area, right.first_year))
    });
    Ok(memberships)
}

fn arrangements(table: &Table, known: &HashMap<&str, &Area>) -> Result<Vec<JointArrangement>> {
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
