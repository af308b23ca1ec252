//! What the columns of a table are that nobody explained: by rules over the header and all rows, told in a warning.

use super::layout::{Axis, Layout, Part};
use super::roles::{is_area, is_time};
use super::survey::Survey;
use super::{FlatTable, Numbers};
use crate::error::{Error, Result};
use crate::formats::{Category, Labels, Mapping, Role, TimePeriod, Warning};
use crate::language::{Message, Param};

/// Headings of a column of figures in the tables of offices.
const FIGURES: [&str; 6] = ["value", "obs_value", "arvo", "värde", "values", "arvot"];
/// Headings of a column of observation statuses.
const STATUSES: [&str; 2] = ["status", "obs_status"];

/// The layout by rules.
///
/// Figures stand in the column with a heading such as `value`, else in the last columns in which every filled cell of
/// the whole table is a number or a usual symbol. Columns before them are dimensions, columns after them attributes.
/// Several columns of figures are the categories of a dimension `time` where every heading names a period, else of a
/// dimension `measure`.
pub(super) fn layout(
    table: &mut dyn FlatTable,
    mapping: Option<&Mapping>,
    warnings: &mut Vec<Warning>,
) -> Result<Layout> {
    let names = table.columns().to_vec();
    let survey = Survey::of(table, mapping)?;
    let figures = figures(&names, &survey);
    let (Some(first), Some(last)) = (figures.first().copied(), figures.last().copied()) else {
        return Err(no_figures(&*table, &survey));
    };
    let mut layout = Layout::new(names.len());
    layout.numbers = survey.spelling(&figures);
    // Where nothing stands before the figures, what stands after them must tell them apart.
    let around = if first == 0 {
        last + 1..names.len()
    } else {
        0..first
    };
    let dimensions: Vec<usize> = around
        .filter(|column| !is_nothing(&names, &survey, *column))
        .collect();
    let time = time(&names, &dimensions, &survey);
    for (place, column) in dimensions.iter().enumerate() {
        layout.set(*column, Part::Dimension(place));
        layout.axes.push(Axis {
            code: names.get(*column).cloned().unwrap_or_default(),
            role: if time == Some(*column) {
                Role::Time
            } else if names.get(*column).is_some_and(|name| is_area(name)) {
                Role::Geo
            } else {
                Role::Classification
            },
            in_column: true,
            ..Axis::default()
        });
    }
    wide(&mut layout, &names, &figures);
    let rest = (last + 1..names.len()).filter(|column| !dimensions.contains(column));
    for column in rest.filter(|column| !is_nothing(&names, &survey, *column)) {
        let name = names.get(column).map_or("", String::as_str);
        let statuses = survey.columns.get(column).is_some_and(|column| column.statuses);
        let part = if STATUSES.contains(&name.to_lowercase().as_str()) && statuses {
            Part::Status
        } else {
            Part::Attribute(layout.attribute(name))
        };
        layout.set(column, part);
    }
    distinct(&mut layout);
    warnings.push(told(&layout, &names, &figures));
    Ok(layout)
}

/// The error for a table without figures: it names the cell that keeps the likeliest column from being one of them.
fn no_figures(table: &dyn FlatTable, survey: &Survey) -> Error {
    let place = table.place();
    let names = table.columns().to_vec();
    let (near, cell, found) = survey
        .nearest()
        .map_or_else(Default::default, |(column, row, text)| {
            let name = names.get(column).cloned().unwrap_or_default();
            (name, place.of(row, column), text.to_owned())
        });
    Error::NoFigures {
        path: place.path,
        columns: names,
        near,
        place: cell,
        found,
    }
}

/// Whether a column has neither a name nor a cell: what a delimiter at the end of every line makes.
fn is_nothing(names: &[String], survey: &Survey, column: usize) -> bool {
    let nameless = names.get(column).is_none_or(String::is_empty);
    nameless && survey.columns.get(column).is_none_or(|column| !column.filled)
}

/// The columns of figures, one after the other.
fn figures(names: &[String], survey: &Survey) -> Vec<usize> {
    let named = |name: &String| FIGURES.contains(&name.to_lowercase().as_str());
    if let Some(column) = names.iter().position(named) {
        return vec![column];
    }
    let mut figures = Vec::new();
    let columns = (0..names.len()).rev();
    for column in columns.skip_while(|column| is_nothing(names, survey, *column)) {
        let period_name = names.get(column).is_some_and(|name| period_in(name).is_some());
        let surveyed = survey.columns.get(column);
        let years = surveyed.is_some_and(|surveyed| surveyed.periods) && !period_name;
        let code = surveyed.is_some_and(|surveyed| surveyed.zero_first);
        // The last column may be years only where there is no other.
        if survey.numeric(column).is_empty() || code || (years && !figures.is_empty()) {
            break;
        }
        figures.insert(0, column);
    }
    figures
}

/// The dimension of time: the only one of periods, or the only one of them that is called so.
fn time(names: &[String], dimensions: &[usize], survey: &Survey) -> Option<usize> {
    let periods = |column: &&usize| {
        let surveyed = survey.columns.get(**column);
        surveyed.is_some_and(|surveyed| surveyed.periods && surveyed.filled)
    };
    let of_periods: Vec<usize> = dimensions.iter().filter(periods).copied().collect();
    let called = |column: &&usize| names.get(**column).is_some_and(|name| is_time(name));
    let called: Vec<usize> = of_periods.iter().filter(called).copied().collect();
    match (of_periods.as_slice(), called.as_slice()) {
        ([one], _) | (_, [one]) => Some(*one),
        _ => None,
    }
}

/// The period that a heading names, and the rest of the heading.
fn period_in(name: &str) -> Option<(&str, String)> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_period = |word: &&str| {
        let period = TimePeriod::parse(word);
        period.is_some_and(|period| (1700..=2200).contains(&period.year()))
    };
    let place = words.iter().position(is_period)?;
    let rest: Vec<&str> = [words.get(..place)?, words.get(place + 1..)?].concat();
    Some((words.get(place)?, rest.join(" ")))
}

/// The dimensions whose categories are columns of figures.
fn wide(layout: &mut Layout, names: &[String], figures: &[usize]) {
    let headings: Vec<&str> = figures
        .iter()
        .map(|column| names.get(*column).map_or("", String::as_str))
        .collect();
    if let ([column], [heading]) = (figures, headings.as_slice()) {
        layout.set(*column, Part::Value(Vec::new()));
        if !FIGURES.contains(&heading.to_lowercase().as_str()) {
            layout.cube.contents = Labels::new("", *heading);
        }
        return;
    }
    let periods: Option<Vec<(&str, String)>> = headings.iter().map(|heading| period_in(heading)).collect();
    let mut measure = Categories::default();
    let mut time = Categories::default();
    for (index, column) in figures.iter().enumerate() {
        let heading = headings.get(index).copied().unwrap_or("");
        let places = match periods.as_ref().and_then(|periods| periods.get(index)) {
            Some((period, rest)) => vec![measure.place(rest), time.place(period)],
            None => vec![measure.place(heading)],
        };
        layout.set(*column, Part::Value(places));
    }
    if periods.is_none() {
        layout.axes.push(measure.axis("measure", Role::Metric));
        return;
    }
    if let [only] = measure.0.as_slice() {
        if !only.code.is_empty() {
            layout.cube.contents = Labels::new("", only.code.clone());
        }
        for part in &mut layout.columns {
            if let Part::Value(places) = part {
                places.remove(0);
            }
        }
    } else {
        layout.axes.push(measure.axis("measure", Role::Metric));
    }
    layout.axes.push(time.axis("time", Role::Time));
}

#[derive(Default)]
struct Categories(Vec<Category>);

impl Categories {
    fn place(&mut self, code: &str) -> usize {
        let known = self.0.iter().position(|category| category.code == code);
        known.unwrap_or_else(|| {
            self.0.push(Category::new(code));
            self.0.len() - 1
        })
    }

    fn axis(self, code: &str, role: Role) -> Axis {
        Axis {
            code: code.to_owned(),
            role,
            categories: self.0,
            ..Axis::default()
        }
    }
}

/// Gives dimensions of the same name different codes, and a nameless one its place.
fn distinct(layout: &mut Layout) {
    let mut seen: Vec<String> = Vec::new();
    for (place, axis) in layout.axes.iter_mut().enumerate() {
        let name = if axis.code.is_empty() {
            format!("column{}", place + 1)
        } else {
            axis.code.clone()
        };
        let mut code = name.clone();
        let mut number = 2;
        while seen.contains(&code) {
            code = format!("{name}_{number}");
            number += 1;
        }
        seen.push(code.clone());
        axis.code = code;
    }
}

/// What was assumed.
fn told(layout: &Layout, names: &[String], figures: &[usize]) -> Warning {
    let list = |texts: Vec<&str>| Param::List(texts.into_iter().map(Param::from).collect());
    let codes = layout.axes.iter().map(|axis| axis.code.as_str()).collect();
    let figures = figures
        .iter()
        .filter_map(|column| names.get(*column))
        .map(String::as_str);
    let figures: Vec<&str> = figures.collect();
    let shown = match figures.as_slice() {
        [first, .., last] if figures.len() > 4 => vec![*first, "…", *last],
        _ => figures,
    };
    let attributes = layout
        .attributes()
        .iter()
        .map(|attribute| attribute.code.as_str())
        .collect();
    let time = layout.axes.iter().find(|axis| axis.role == Role::Time);
    let areas = layout.axes.iter().filter(|axis| axis.role == Role::Geo);
    let areas = areas.map(|axis| axis.code.as_str()).collect();
    let message = Message::new("warning.table-assumed")
        .with("dimensions", list(codes))
        .with("figures", list(shown))
        .with("time", time.map_or("", |axis| axis.code.as_str()))
        .with("areas", list(areas))
        .with("attributes", list(attributes))
        .with("decimal", if layout.numbers == Numbers::COMMA { "," } else { "" });
    Warning(message)
}
