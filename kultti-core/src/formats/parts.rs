//! What a table can say, part by part, and which format has a place for it.

use super::Format;

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
