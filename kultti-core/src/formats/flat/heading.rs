//! The header of the tables that Kultti writes, one row per cell: written and recognised.

use super::layout::{Axis, Layout, Part};
use super::{FlatTable, Numbers};
use crate::formats::{Cube, Labels, WriteOptions};
use std::borrow::Cow;

/// A column of a table that Kultti writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::formats) enum LongColumn {
    /// Codes of a dimension, by its place.
    Code(usize),
    /// Labels of a dimension's categories in a language.
    Label(usize, String),
    /// The figure.
    Value,
    /// The observation status.
    Status,
    /// The raw symbol.
    Symbol,
    /// A text in place of a number.
    Text,
    /// An attribute, by its place.
    Attribute(usize),
}

/// The columns of a cube's table, one row per cell, with their names.
///
/// `<dimension>` holds the code of its category, followed by `<dimension>.label.<language>` for every language that has
/// labels (`<dimension>.label` where the language has no name); then `value`, `status`, `symbol`, `text` where a cell has
/// one, and the attributes by their codes. A dimension whose code could be mistaken for another column is
/// `dimension.<code>`, such an attribute `attribute.<code>`.
#[derive(Debug)]
pub(in crate::formats) struct LongTable {
    /// The columns with their names, in order.
    pub(in crate::formats) columns: Vec<(LongColumn, String)>,
}

const DIMENSION: &str = "dimension.";
const ATTRIBUTE: &str = "attribute.";
const LABEL: &str = ".label";
/// The columns by which a table of Kultti's is known.
const FIGURES: [&str; 3] = ["value", "status", "symbol"];
const TEXT: &str = "text";

impl LongTable {
    /// The columns of a cube, with labels in the languages that are kept.
    pub(in crate::formats) fn of(cube: &Cube, options: &WriteOptions) -> Self {
        let languages = if options.languages.is_empty() {
            &cube.languages
        } else {
            &options.languages
        };
        let mut columns = Vec::new();
        for (place, dimension) in cube.dimensions.iter().enumerate() {
            let name = dimension_name(&dimension.code);
            columns.push((LongColumn::Code(place), name.to_string()));
            let labels = dimension.categories.iter().map(|category| &category.label);
            for language in languages_of(labels, languages) {
                let title = if language.is_empty() {
                    format!("{name}{LABEL}")
                } else {
                    format!("{name}{LABEL}.{language}")
                };
                columns.push((LongColumn::Label(place, language), title));
            }
        }
        let figures = [LongColumn::Value, LongColumn::Status, LongColumn::Symbol];
        columns.extend(figures.into_iter().zip(FIGURES.map(str::to_owned)));
        if cube.cells.distinct_marks().iter().any(|mark| mark.text.is_some()) {
            columns.push((LongColumn::Text, TEXT.to_owned()));
        }
        let attributes = cube.attributes.iter().enumerate();
        columns.extend(attributes.map(|(place, attribute)| {
            (
                LongColumn::Attribute(place),
                attribute_name(&attribute.code).into_owned(),
            )
        }));
        Self { columns }
    }
}

/// The languages that labels have once only these are kept, in their order; those of labels that have none of them after.
fn languages_of<'a>(labels: impl Iterator<Item = &'a Labels>, kept: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for label in labels {
        for (language, _) in label.only(kept).iter() {
            if !found.iter().any(|known| known == language) {
                found.push(language.to_owned());
            }
        }
    }
    let order = |language: &String| {
        let place = kept.iter().position(|one| one == language);
        place.unwrap_or(kept.len())
    };
    found.sort_by_key(order);
    found
}

fn dimension_name(code: &str) -> Cow<'_, str> {
    let mistaken = code.is_empty() || code == TEXT || FIGURES.contains(&code) || code.starts_with(DIMENSION);
    if mistaken || code.contains(LABEL) {
        Cow::Owned(format!("{DIMENSION}{}", code.replace(LABEL, "..label")))
    } else {
        Cow::Borrowed(code)
    }
}

fn dimension_code(name: &str) -> String {
    match name.strip_prefix(DIMENSION) {
        Some(code) => code.replace("..label", LABEL),
        None => name.to_owned(),
    }
}

fn attribute_name(code: &str) -> Cow<'_, str> {
    let mistaken = code.is_empty() || code == TEXT || FIGURES.contains(&code);
    if mistaken || code.starts_with(ATTRIBUTE) {
        Cow::Owned(format!("{ATTRIBUTE}{code}"))
    } else {
        Cow::Borrowed(code)
    }
}

/// Whether Kultti wrote a table with these columns.
pub(in crate::formats) fn is_own(columns: &[String]) -> bool {
    columns.windows(FIGURES.len()).any(|window| window == FIGURES)
}

/// The layout of a table that Kultti wrote, `None` for any other.
pub(super) fn layout(table: &dyn FlatTable) -> Option<Layout> {
    let unguarded = table.unguarded();
    let names: Vec<Cow<'_, str>> = table.columns().iter().map(|name| unguarded(name)).collect();
    let figures = names.windows(3).position(|window| window == FIGURES)?;
    let mut layout = Layout::new(names.len());
    layout.own = true;
    layout.symbols.clear();
    layout.numbers = table.numbers().first().copied().unwrap_or(Numbers::POINT);
    let mut languages: Vec<String> = Vec::new();
    let mut before: Option<&str> = None;
    let (parts, after) = layout.columns.split_at_mut(figures);
    for (part, name) in parts.iter_mut().zip(&names) {
        let language = before.and_then(|before| label_language(name, before));
        if let Some(language) = language {
            if !languages.iter().any(|known| known == language) {
                languages.push(language.to_owned());
            }
            *part = Part::Label(layout.axes.len() - 1, language.to_owned());
            continue;
        }
        *part = Part::Dimension(layout.axes.len());
        layout.axes.push(Axis {
            code: dimension_code(name),
            in_column: true,
            ..Axis::default()
        });
        before = Some(name);
    }
    for (part, name) in after.iter_mut().zip(names.get(figures..).unwrap_or_default()) {
        *part = match name.as_ref() {
            "value" => Part::Value(Vec::new()),
            "status" => Part::Status,
            "symbol" => Part::Symbol,
            TEXT => Part::Text,
            name => Part::Attribute(
                layout
                    .cube
                    .attribute(name.strip_prefix(ATTRIBUTE).unwrap_or(name)),
            ),
        };
    }
    if !languages.is_empty() {
        layout.cube.languages = languages;
    }
    Some(layout)
}

/// The language of the column of labels that stands after the codes of a dimension.
fn label_language<'n>(name: &'n str, dimension: &str) -> Option<&'n str> {
    let rest = name.strip_prefix(dimension)?.strip_prefix(LABEL)?;
    if rest.is_empty() {
        Some("")
    } else {
        rest.strip_prefix('.')
    }
}

/// The headings of columns that stand in several rows, one below the other: each is what all rows say, and an empty cell
/// above stands for the one to its left.
pub(in crate::formats) fn joined(rows: &[Vec<String>]) -> Vec<String> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut headings = vec![String::new(); width];
    for (number, row) in rows.iter().enumerate() {
        let lowest = number + 1 == rows.len();
        let mut left = "";
        for (place, heading) in headings.iter_mut().enumerate() {
            let cell = row.get(place).map_or("", |cell| cell.trim());
            left = if cell.is_empty() && !lowest { left } else { cell };
            if !heading.is_empty() && !left.is_empty() {
                heading.push(' ');
            }
            heading.push_str(left);
        }
    }
    headings
}
