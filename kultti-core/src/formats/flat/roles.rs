//! What a dimension is for, by its name: the words that offices head the columns of periods and areas with.

use super::survey::is_period;
use crate::formats::{Cube, Dimension, Role, Warning};
use crate::language::{Message, Param};

/// Headings of a column of periods, by the beginning of the word.
const TIMES: [&str; 20] = [
    "time",
    "year",
    "month",
    "quarter",
    "week",
    "period",
    "date",
    "vuosi",
    "kuukausi",
    "neljännes",
    "vuosineljännes",
    "viikko",
    "aika",
    "pvm",
    "år",
    "månad",
    "kvartal",
    "vecka",
    "tid",
    "time_period",
];
/// Headings of a column of areas; the year of their borders may follow, as in `Alue 2021`.
const AREAS: [&str; 29] = [
    "area",
    "areas",
    "region",
    "regions",
    "municipality",
    "municipalities",
    "county",
    "country",
    "geo",
    "geography",
    "ref_area",
    "alue",
    "alueet",
    "kunta",
    "kunnat",
    "seutukunta",
    "maakunta",
    "hyvinvointialue",
    "suuralue",
    "maa",
    "valtio",
    "kommun",
    "kommuner",
    "område",
    "landskap",
    "ekonomisk region",
    "välfärdsområde",
    "län",
    "land",
];

/// Whether periods stand under such a heading.
pub(super) fn is_time(name: &str) -> bool {
    let name = name.to_lowercase();
    TIMES.iter().any(|time| name.starts_with(time))
}

/// Whether areas stand under such a heading.
pub(super) fn is_area(name: &str) -> bool {
    let name = name.to_lowercase();
    let bare = name
        .trim_end_matches(|symbol: char| symbol.is_ascii_digit())
        .trim();
    AREAS.contains(&bare)
}

/// Gives the dimensions of a table that names no roles those that their names say; the warning tells which.
pub(super) fn by_names(cube: &mut Cube) -> Option<Warning> {
    let of_periods = |dimension: &Dimension| {
        let mut codes = dimension.categories.iter();
        !dimension.categories.is_empty() && codes.all(|category| is_period(&category.code))
    };
    let times: Vec<usize> = (0..cube.dimensions.len())
        .filter(|place| {
            let dimension = cube.dimensions.get(*place);
            dimension.is_some_and(|dimension| is_time(&dimension.code) && of_periods(dimension))
        })
        .collect();
    // Two of them may be a period and the one before it: which is the table's, nobody says.
    if let [time] = times.as_slice()
        && let Some(dimension) = cube.dimensions.get_mut(*time)
    {
        dimension.role = Role::Time;
    }
    for dimension in &mut cube.dimensions {
        if dimension.role == Role::Classification && is_area(&dimension.code) {
            dimension.role = Role::Geo;
        }
    }
    let named = |role: Role| {
        let dimensions = cube
            .dimensions
            .iter()
            .filter(move |dimension| dimension.role == role);
        let codes = dimensions.map(|dimension| Param::from(dimension.code.as_str()));
        codes.collect::<Vec<Param>>()
    };
    let (times, areas) = (named(Role::Time), named(Role::Geo));
    if times.is_empty() && areas.is_empty() {
        return None;
    }
    let message = Message::new("warning.table-roles")
        .with("time", Param::List(times))
        .with("areas", Param::List(areas));
    Some(Warning(message))
}
