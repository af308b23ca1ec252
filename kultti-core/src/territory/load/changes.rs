//! Mergers and splits.

use super::{Table, known_area};
use crate::error::{Error, Result};
use crate::model::{AreaCode, Date};
use crate::territory::document::{Area, Change, Weights};
use std::collections::{BTreeMap, HashMap};

/// The shares of each source area on each date, added up, with the last line that names it.
type Sums = BTreeMap<(Date, AreaCode), (Weights, usize)>;

pub(super) fn changes(table: &Table, known: &HashMap<&str, &Area>) -> Result<Vec<Change>> {
    let columns = ["date", "source", "target", "population", "euros", "area"];
    let mut changes: Vec<Change> = Vec::new();
    let mut sums = Sums::new();
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
    check_sums(&table.path, &sums)?;
    check_ends(&table.path, &changes, &sums, known)?;
    changes.sort_by(|left, right| {
        (left.date, &left.source, &left.target).cmp(&(right.date, &right.source, &right.target))
    });
    Ok(changes)
}

/// The shares of a source area sum to 1, for inhabitants, euros and area.
fn check_sums(path: &str, sums: &Sums) -> Result<()> {
    for ((_, source), (sum, line)) in sums {
        for (column, total) in [
            ("population", sum.population),
            ("euros", sum.euros),
            ("area", sum.area),
        ] {
            if (total - 1.0).abs() > 1e-9 {
                return Err(Error::Cell {
                    path: path.to_owned(),
                    line: *line,
                    column: column.into(),
                    expected: format!("shares of {source} that sum to 1"),
                    found: total.to_string(),
                });
            }
        }
    }
    Ok(())
}

/// An area that goes over whole has ended the day before.
fn check_ends(path: &str, changes: &[Change], sums: &Sums, known: &HashMap<&str, &Area>) -> Result<()> {
    for change in changes {
        let continues = changes.iter().any(|other| {
            other.date == change.date && other.source == change.source && other.target == change.source
        });
        let source = known.get(change.source.as_str());
        let ends = source.is_some_and(|area| area.to == Some(change.date.previous()));
        if continues || ends {
            continue;
        }
        let (_, line) = sums
            .get(&(change.date, change.source.clone()))
            .copied()
            .unwrap_or((change.weights, 1));
        return Err(Error::Cell {
            path: path.to_owned(),
            line,
            column: "source".into(),
            expected: format!(
                "an area that areas.csv ends on {}, or a share that stays in it",
                change.date.previous()
            ),
            found: change.source.to_string(),
        });
    }
    Ok(())
}

/// An area that begins or ends while the borders are known does so by a change: otherwise its figures would vanish.
pub(super) fn check_areas(
    path: &str,
    areas: &[Area],
    changes: &[Change],
    (first, now): (Date, Date),
) -> Result<()> {
    let unexplained = |area: &Area| {
        let ends = area.to.map(Date::next).filter(|day| first <= *day && *day <= now);
        let begins = area.from.filter(|day| first < *day && *day <= now);
        let ended = ends.filter(|day| {
            !changes
                .iter()
                .any(|change| change.date == *day && change.source == area.code)
        });
        let begun = begins.filter(|day| {
            !changes
                .iter()
                .any(|change| change.date == *day && change.target == area.code)
        });
        ended.or(begun)
    };
    let found = areas
        .iter()
        .find_map(|area| unexplained(area).map(|day| (area, day)));
    found.map_or(Ok(()), |(area, day)| {
        Err(Error::Cell {
            path: path.to_owned(),
            line: 1,
            column: "date".into(),
            expected: format!(
                "a change on {day} that says what became of {} or what it came from",
                area.code
            ),
            found: String::new(),
        })
    })
}
