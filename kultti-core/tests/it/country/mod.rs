//! Figures of Northland worked out by hand. The comments show the working; n is a numerator, d a denominator.

mod aliases;
mod borders;
mod groups;
mod joint;
mod missing;
mod positions;
mod prices;
mod published;
mod series;

use kultti_core::Result;
use kultti_core::compare::{CompareOptions, Comparison, GroupRow, Groups, GroupsOptions, Note, RankOptions};
use kultti_core::language::Language;
use kultti_core::model::Missing;
use kultti_core::panel::{Borders, Cell};
use kultti_core::release::Release;

/// The borders of a day.
fn on(date: &str) -> Borders {
    Borders::On(date.parse().expect("a date"))
}

/// What `compare` is asked for on the borders of the period.
fn then(area: &str, year: i32) -> CompareOptions {
    CompareOptions::from(area)
        .with_period(year)
        .with_borders(Borders::Then)
}

fn compare(release: &Release, indicator: &str, options: CompareOptions) -> Comparison {
    release.compare(indicator, options).expect("a comparison")
}

fn cell(release: &Release, indicator: &str, area: &str, year: i32, borders: Borders) -> Cell {
    let options = CompareOptions::from(area).with_period(year).with_borders(borders);
    compare(release, indicator, options).cell
}

fn value(release: &Release, indicator: &str, area: &str, year: i32, borders: Borders) -> Option<f64> {
    cell(release, indicator, area, year, borders).value
}

fn missing(release: &Release, indicator: &str, area: &str, year: i32, borders: Borders) -> Option<Missing> {
    cell(release, indicator, area, year, borders).missing
}

/// Groups of a grouping in a year on the borders of its end.
fn groups_of(by: &str, year: i32) -> GroupsOptions {
    GroupsOptions {
        by: by.to_owned(),
        period: Some(year.into()),
        borders: Borders::Then,
        ..GroupsOptions::default()
    }
}

fn groups(release: &Release, indicator: &str, options: GroupsOptions) -> Groups {
    release.groups(indicator, options).expect("groups")
}

fn row<'a>(groups: &'a Groups, code: &str) -> &'a GroupRow {
    groups
        .rows
        .iter()
        .find(|row| row.group.as_str() == code)
        .unwrap_or_else(|| panic!("no group {code}"))
}

/// A ranking of a year on the borders of its end.
fn ranking(year: i32) -> RankOptions {
    RankOptions {
        period: Some(year.into()),
        borders: Borders::Then,
        ..RankOptions::default()
    }
}

/// The English text of the note of a code.
fn note(notes: &[Note], code: &str) -> Option<String> {
    notes
        .iter()
        .find(|note| note.code() == code)
        .map(|note| note.message.render(Language::En))
}

fn code<T: std::fmt::Debug>(result: Result<T>) -> String {
    result.expect_err("an error").code().to_owned()
}

/// Equal to the last bit but four.
fn close(found: Option<f64>, expected: f64) {
    let found = found.unwrap_or_else(|| panic!("no value, expected {expected}"));
    assert!(
        (found - expected).abs() <= 1e-15 * 4.0 * expected.abs().max(1.0),
        "{found} is not {expected}"
    );
}
