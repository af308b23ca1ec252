//! What a table can say, part by part, and which format has a place for it.

use super::{Cube, Format, Labels, NotePlace, Role, TimePeriod};
use serde_json::{Value, json};

/// A part of what a table says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Figures, each at its codes: what every format holds.
    Figures,
    /// Texts in place of figures.
    Texts,
    /// Which cells the file gives, where not all are given, and what the others are.
    Absent,
    /// Categories that no cell has.
    EmptyCategories,
    /// The symbol in place of or beside a figure.
    Symbols,
    /// The observation status of a figure.
    Statuses,
    /// Attributes of a figure beside its status.
    Attributes,
    /// Title and id of the table.
    Title,
    /// Names of dimensions.
    DimensionNames,
    /// Names of categories.
    CategoryNames,
    /// The same texts in several languages.
    Languages,
    /// Which dimension is time, area or the figures themselves.
    Roles,
    /// Units.
    Units,
    /// Decimals that figures are shown with.
    Decimals,
    /// Which categories lie below which.
    Hierarchies,
    /// Where areas lie.
    Coordinates,
    /// Notes on the table, on dimensions and on categories.
    Notes,
    /// Notes on single cells.
    CellNotes,
    /// Source, contents and time of update to the minute.
    Source,
    /// Quotation marks, line breaks in names, and number signs in notes.
    Punctuation,
}

impl Part {
    /// Every part.
    pub const ALL: [Self; 20] = [
        Self::Figures,
        Self::Texts,
        Self::Absent,
        Self::EmptyCategories,
        Self::Symbols,
        Self::Statuses,
        Self::Attributes,
        Self::Title,
        Self::DimensionNames,
        Self::CategoryNames,
        Self::Languages,
        Self::Roles,
        Self::Units,
        Self::Decimals,
        Self::Hierarchies,
        Self::Coordinates,
        Self::Notes,
        Self::CellNotes,
        Self::Source,
        Self::Punctuation,
    ];

    /// The code of its name in the message catalogue.
    pub fn message_code(self) -> &'static str {
        match self {
            Self::Figures => "word.part-figures",
            Self::Texts => "word.part-texts",
            Self::Absent => "word.part-absent",
            Self::EmptyCategories => "word.part-empty-categories",
            Self::Symbols => "word.part-symbols",
            Self::Statuses => "word.part-statuses",
            Self::Attributes => "word.part-attributes",
            Self::Title => "word.part-title",
            Self::DimensionNames => "word.part-dimension-names",
            Self::CategoryNames => "word.part-category-names",
            Self::Languages => "word.part-languages",
            Self::Roles => "word.part-roles",
            Self::Units => "word.part-units",
            Self::Decimals => "word.part-decimals",
            Self::Hierarchies => "word.part-hierarchies",
            Self::Coordinates => "word.part-coordinates",
            Self::Notes => "word.part-notes",
            Self::CellNotes => "word.part-cell-notes",
            Self::Source => "word.part-source",
            Self::Punctuation => "word.part-punctuation",
        }
    }

    /// What a table says of this part, in a form in which two tables can be compared. Texts are those of the first
    /// language, languages aside.
    ///
    /// ```
    /// use kultti_core::formats::{Cube, Labels, Part};
    /// let mut cube = Cube::new(Vec::new());
    /// let nothing = Part::Source.of(&cube);
    /// cube.source = Labels::new("", "Statistics Finland");
    /// assert_ne!(Part::Source.of(&cube), nothing);
    /// ```
    pub fn of(self, cube: &Cube) -> Value {
        let text = |labels: &Labels| plain(first(labels, cube));
        let every =
            |of: &dyn Fn(&super::Dimension) -> Value| -> Value { cube.dimensions.iter().map(of).collect() };
        let categories = |of: &dyn Fn(&super::Category) -> Value| -> Value {
            every(&|dimension| dimension.categories.iter().map(of).collect())
        };
        let unit = |unit: &Option<super::Unit>| {
            let unit = unit
                .as_ref()
                .filter(|unit| !unit.label.is_empty() || unit.symbol.is_some());
            unit.map(|unit| json!([text(&unit.label), unit.symbol]))
        };
        match self {
            Self::Figures => figures(cube, |cell| json!(cell.value)),
            Self::Texts => figures(cube, |cell| json!(cell.mark.text)),
            Self::EmptyCategories => every(&|dimension| {
                let codes = dimension.categories.iter().map(|category| &category.code);
                codes
                    .collect::<std::collections::BTreeSet<_>>()
                    .into_iter()
                    .cloned()
                    .collect()
            }),
            Self::Absent => json!([cube.cells.absent(), figures(cube, |_| json!(true))]),
            Self::Symbols => marks(cube, |mark| json!(mark.symbol)),
            Self::Statuses => marks(cube, |mark| json!(mark.status)),
            Self::Attributes => marks(cube, |mark| {
                let named = cube
                    .attributes
                    .iter()
                    .enumerate()
                    .filter_map(|(place, attribute)| {
                        Some(json!([attribute.code, plain(mark.attribute(place)?)]))
                    });
                named.collect()
            }),
            Self::Title => json!([text(&cube.label), cube.id]),
            Self::DimensionNames => every(&|dimension| json!(named(text(&dimension.label), &dimension.code))),
            Self::CategoryNames => {
                categories(&|category| json!(named(text(&category.label), &category.code)))
            }
            Self::Languages => json!([
                cube.languages,
                categories(&|category| given(&category.label, &category.code))
            ]),
            Self::Roles => every(&|dimension| json!(dimension.role)),
            Self::Units => json!([
                unit(&cube.unit),
                every(&|dimension| match dimension.role {
                    Role::Metric => dimension
                        .categories
                        .iter()
                        .map(|category| json!(unit(&category.unit)))
                        .collect(),
                    _ => Value::Null,
                })
            ]),
            Self::Decimals => json!([cube.decimals, categories(&|category| json!(category.decimals))]),
            Self::Hierarchies => categories(&|category| json!(category.children)),
            Self::Coordinates => categories(&|category| json!(category.coordinates)),
            Self::Notes => notes(cube, |place| !matches!(place, NotePlace::Cells(_))),
            Self::CellNotes => notes(cube, |place| matches!(place, NotePlace::Cells(_))),
            Self::Source => {
                let minute = cube
                    .updated
                    .as_ref()
                    .map(|time| time.chars().take(16).collect::<String>());
                json!([text(&cube.source), text(&cube.contents), minute])
            }
            Self::Punctuation => {
                let names = every(&|dimension| {
                    let categories = dimension.categories.iter().map(|category| &category.label);
                    let labels = std::iter::once(&dimension.label).chain(categories);
                    labels.map(|label| json!(first(label, cube))).collect()
                });
                json!([first(&cube.label, cube), names])
            }
        }
    }
}

impl Format {
    /// Whether the format has a place for a part, so that it comes back as it was.
    ///
    /// ```
    /// use kultti_core::formats::{Format, Part};
    /// assert!(Format::Px.holds(Part::CellNotes));
    /// assert!(!Format::Csv.holds(Part::Units));
    /// ```
    pub fn holds(self, part: Part) -> bool {
        match self {
            Self::JsonStat | Self::Xlsx | Self::Parquet | Self::Arrow => true,
            Self::Px => !matches!(
                part,
                Part::Texts | Part::Absent | Part::Coordinates | Part::Punctuation
            ),
            Self::Csv | Self::Tsv => matches!(
                part,
                Part::Figures
                    | Part::Texts
                    | Part::Absent
                    | Part::Symbols
                    | Part::Statuses
                    | Part::Attributes
                    | Part::CategoryNames
                    | Part::Languages
            ),
            Self::SdmxCsv => matches!(
                part,
                Part::Figures
                    | Part::Texts
                    | Part::Absent
                    | Part::Symbols
                    | Part::Statuses
                    | Part::Attributes
            ),
        }
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
fn figures(cube: &Cube, of: impl Fn(&super::Cell) -> Value) -> Value {
    let codes = |position: u64| {
        let key = cube.key(position).into_iter().zip(&cube.dimensions);
        let code = |(place, dimension): (usize, &super::Dimension)| {
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

fn marks(cube: &Cube, of: impl Fn(&super::Mark) -> Value) -> Value {
    cube.cells.iter().map(|cell| of(cell.mark)).collect()
}

/// Notes in an order that does not depend on the format: formats write them level by level.
fn notes(cube: &Cube, wanted: impl Fn(&NotePlace) -> bool) -> Value {
    let wanted = cube.notes.iter().filter(|note| wanted(&note.place));
    let note = |note: &super::Note| json!([given(&note.text, ""), note.mandatory, note.place]).to_string();
    let mut notes: Vec<String> = wanted.map(note).collect();
    notes.sort_unstable();
    json!(notes)
}
