//! What a table can say, part by part, and which format has a place for it.

use super::{Cube, Format, Labels, NotePlace, Role};
use serde_json::{Value, json};

/// A part of what a table says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Figures, each at its codes: what every format holds.
    Figures,
    /// Which cells the file gives, where not all are given, and what the others are.
    Absent,
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
    /// Quotation marks, and line breaks in names.
    Punctuation,
}

impl Part {
    /// Every part.
    pub const ALL: [Self; 18] = [
        Self::Figures,
        Self::Absent,
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
            Self::Absent => "word.part-absent",
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
            Self::Figures => figures(cube),
            Self::Absent => json!([
                cube.cells.absent(),
                cube.cells.iter().map(|cell| cell.position).collect::<Vec<_>>()
            ]),
            Self::Symbols => marks(cube, |mark| json!(mark.symbol)),
            Self::Statuses => marks(cube, |mark| json!(mark.status)),
            Self::Attributes => marks(cube, |mark| {
                let named = cube
                    .attributes
                    .iter()
                    .enumerate()
                    .filter_map(|(place, attribute)| Some(json!([attribute.code, mark.attribute(place)?])));
                named.collect()
            }),
            Self::Title => json!([text(&cube.label), cube.id]),
            Self::DimensionNames => every(&|dimension| json!(text(&dimension.label))),
            Self::CategoryNames => categories(&|category| json!(text(&category.label))),
            Self::Languages => json!([cube.languages, categories(&|category| given(&category.label))]),
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
            Self::Px => !matches!(part, Part::Absent | Part::Coordinates | Part::Punctuation),
            Self::Csv | Self::Tsv => matches!(
                part,
                Part::Figures
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
                    | Part::Absent
                    | Part::Symbols
                    | Part::Statuses
                    | Part::Attributes
                    | Part::Decimals
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

/// A text as the poorest of formats writes it: typographic quotation marks, and names on one line.
fn plain(text: &str) -> String {
    text.replace('"', "”")
        .split('\n')
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The texts of each language; an empty one is none.
fn given(labels: &Labels) -> Value {
    let texts = labels.iter().filter(|(_, text)| !text.is_empty());
    texts
        .map(|(language, text)| json!([language, plain(text)]))
        .collect()
}

/// Every figure, or text in place of one, with its codes.
fn figures(cube: &Cube) -> Value {
    let codes = |position: u64| {
        let key = cube.key(position).into_iter().zip(&cube.dimensions);
        let code = |(place, dimension): (usize, &super::Dimension)| {
            dimension
                .categories
                .get(place)
                .map(|category| category.code.clone())
        };
        key.map(code).collect::<Vec<_>>()
    };
    let given = cube
        .cells
        .iter()
        .filter(|cell| cell.value.is_some() || cell.mark.text.is_some());
    given
        .map(|cell| json!([codes(cell.position), cell.value, cell.mark.text]))
        .collect()
}

fn marks(cube: &Cube, of: impl Fn(&super::Mark) -> Value) -> Value {
    cube.cells.iter().map(|cell| of(cell.mark)).collect()
}

/// Notes in an order that does not depend on the format: formats write them level by level.
fn notes(cube: &Cube, wanted: impl Fn(&NotePlace) -> bool) -> Value {
    let wanted = cube.notes.iter().filter(|note| wanted(&note.place));
    let note = |note: &super::Note| json!([given(&note.text), note.mandatory, note.place]).to_string();
    let mut notes: Vec<String> = wanted.map(note).collect();
    notes.sort_unstable();
    json!(notes)
}
