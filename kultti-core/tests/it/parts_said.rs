//! What a table says of each part, in a form in which two tables can be compared.

use kultti_core::formats::{
    Category, Cell, Cube, Dimension, Labels, Mark, Note, NotePlace, Part, Role, TimePeriod, Unit,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What a table says of a part: texts are those of the first language that has one, languages aside.
pub(crate) fn said(part: Part, cube: &Cube) -> Value {
    match part {
        Part::Figures => figures(cube, |cell| json!(cell.value)),
        Part::Texts => figures(cube, |cell| json!(cell.mark.text)),
        Part::EmptyCategories => every(cube, &|dimension| {
            let codes = dimension.categories.iter().map(|category| &category.code);
            codes.collect::<BTreeSet<_>>().into_iter().cloned().collect()
        }),
        Part::Absent => json!([cube.cells.absent(), figures(cube, |_| json!(true))]),
        Part::Symbols => marks(cube, |mark| json!(mark.symbol)),
        Part::Statuses => marks(cube, |mark| json!(mark.status)),
        Part::Attributes => marks(cube, |mark| {
            let named = cube
                .attributes
                .iter()
                .enumerate()
                .filter_map(|(place, attribute)| {
                    Some(json!([attribute.code, plain(mark.attribute(place)?)]))
                });
            named.collect()
        }),
        _ => described(part, cube),
    }
}

fn every(cube: &Cube, of: &dyn Fn(&Dimension) -> Value) -> Value {
    cube.dimensions.iter().map(of).collect()
}

fn categories(cube: &Cube, of: &dyn Fn(&Category) -> Value) -> Value {
    every(cube, &|dimension| dimension.categories.iter().map(of).collect())
}

fn unit(unit: &Option<Unit>, cube: &Cube) -> Value {
    let unit = unit
        .as_ref()
        .filter(|unit| !unit.label.is_empty() || unit.symbol.is_some());
    unit.map_or(Value::Null, |unit| {
        json!([plain(first(&unit.label, cube)), unit.symbol])
    })
}

/// What a table says beside its cells.
fn described(part: Part, cube: &Cube) -> Value {
    let text = |labels: &Labels| plain(first(labels, cube));
    match part {
        Part::Title => json!([text(&cube.label), cube.id]),
        Part::DimensionNames => every(cube, &|dimension| {
            json!(named(text(&dimension.label), &dimension.code))
        }),
        Part::CategoryNames => categories(cube, &|category| {
            json!(named(text(&category.label), &category.code))
        }),
        Part::Languages => json!([
            cube.languages,
            categories(cube, &|category| given(&category.label, &category.code))
        ]),
        Part::Roles => every(cube, &|dimension| json!(dimension.role)),
        Part::Units => json!([
            unit(&cube.unit, cube),
            every(cube, &|dimension| match dimension.role {
                Role::Metric => dimension
                    .categories
                    .iter()
                    .map(|category| unit(&category.unit, cube))
                    .collect(),
                _ => Value::Null,
            })
        ]),
        Part::Decimals => json!([
            cube.decimals,
            categories(cube, &|category| json!(category.decimals))
        ]),
        Part::Hierarchies => categories(cube, &|category| json!(category.children)),
        Part::Coordinates => categories(cube, &|category| json!(category.coordinates)),
        Part::Notes => notes(cube, |place| !matches!(place, NotePlace::Cells(_))),
        Part::CellNotes => notes(cube, |place| matches!(place, NotePlace::Cells(_))),
        Part::Source => {
            let minute = cube
                .updated
                .as_ref()
                .map(|time| time.chars().take(16).collect::<String>());
            json!([text(&cube.source), text(&cube.contents), minute])
        }
        Part::Punctuation => {
            let names = every(cube, &|dimension| {
                let categories = dimension.categories.iter().map(|category| &category.label);
                let labels = std::iter::once(&dimension.label).chain(categories);
                labels.map(|label| json!(first(label, cube))).collect()
            });
            json!([first(&cube.label, cube), names])
        }
        _ => Value::Null,
    }
}

/// The text of the first language that has one.
fn first<'a>(labels: &'a Labels, cube: &Cube) -> &'a str {
    let texts = cube.languages.iter().filter_map(|language| labels.get(language));
    let mut texts = texts.chain(labels.iter().map(|(_, text)| text));
    texts.find(|text| !text.is_empty()).unwrap_or_default()
}

/// A text as the poorest of formats writes it: typographic quotation marks, all on one line, no number signs.
fn plain(text: &str) -> String {
    text.replace('"', "”")
        .replace('#', "\n")
        .split('\n')
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(" ")
}

/// What has no name is called by its code.
fn named(name: String, code: &str) -> String {
    if name.is_empty() { code.to_owned() } else { name }
}

/// The texts of each language; an empty one is none, and so is a name that only repeats the code.
fn given(labels: &Labels, code: &str) -> Value {
    let texts = labels
        .iter()
        .filter(|(_, text)| !text.is_empty() && *text != code);
    texts
        .map(|(language, text)| json!([language, plain(text)]))
        .collect()
}

/// What every cell that has it says, with the codes of the cell.
fn figures(cube: &Cube, of: impl Fn(&Cell) -> Value) -> Value {
    let codes = |position: u64| {
        let key = cube.key(position).into_iter().zip(&cube.dimensions);
        let code = |(place, dimension): (usize, &Dimension)| {
            let code = &dimension.categories.get(place)?.code;
            // A period is the same in the spelling of PX and in that of SDMX.
            let period = TimePeriod::parse(code);
            Some(period.map_or_else(|| code.clone(), TimePeriod::sdmx))
        };
        key.map(code).collect::<Vec<_>>()
    };
    let said = cube.cells.iter().map(|cell| (cell.position, of(&cell)));
    let said = said.filter(|(_, value)| !value.is_null());
    said.map(|(position, value)| json!([codes(position), value]))
        .collect()
}

fn marks(cube: &Cube, of: impl Fn(&Mark) -> Value) -> Value {
    cube.cells.iter().map(|cell| of(cell.mark)).collect()
}

/// Notes in an order that does not depend on the format: formats write them level by level.
fn notes(cube: &Cube, wanted: impl Fn(&NotePlace) -> bool) -> Value {
    let wanted = cube.notes.iter().filter(|note| wanted(&note.place));
    let note = |note: &Note| json!([given(&note.text, ""), note.mandatory, note.place]).to_string();
    let mut notes: Vec<String> = wanted.map(note).collect();
    notes.sort_unstable();
    json!(notes)
}
