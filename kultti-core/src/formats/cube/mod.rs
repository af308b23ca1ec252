//! The cube: what a statistical table is between two formats, with everything that one of them can say.

mod cells;
mod labels;
mod time;

pub use cells::{Absent, Cell, Cells, Mark};
pub use labels::Labels;
pub use time::TimePeriod;

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};

/// A table of any number of dimensions: the hub of every conversion.
///
/// What several formats can say has a field. What only one format knows (a PX keyword, a JSON-stat `extension`, the
/// structure of an SDMX message) is kept under that format's name in `foreign`, and written back to it.
///
/// ```
/// use kultti_core::formats::{Category, Cells, Cube, Dimension, Role};
/// let area = Dimension::new("area", Role::Geo, vec![Category::new("272"), Category::new("091")]);
/// let year = Dimension::new("year", Role::Time, vec![Category::new("2018"), Category::new("2019")]);
/// let mut cube = Cube::new(vec![area, year]);
/// cube.cells = Cells::of_values(vec![1.0, 2.0, 3.0, 4.0]);
/// assert_eq!(cube.position(&[1, 0]), Some(2));
/// assert_eq!(cube.key(2), vec![1, 0]);
/// assert_eq!(cube.cells.at(2).and_then(|cell| cell.value), Some(3.0));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cube {
    /// Languages of the texts, the default one first; a file that does not name its language has `""`.
    pub languages: Vec<String>,
    /// The table's id: TABLEID or MATRIX, the id of a data set, the structure of an SDMX message.
    pub id: Option<String>,
    /// The title.
    pub label: Labels,
    /// What is counted, where the file says it apart from the title (PX: CONTENTS).
    pub contents: Labels,
    /// Who publishes it.
    pub source: Labels,
    /// When it was last updated: `YYYY-MM-DD`, or a date and time in ISO 8601.
    pub updated: Option<String>,
    /// Unit of all figures, where no category of a metric dimension has its own.
    pub unit: Option<Unit>,
    /// Decimals that figures are shown with.
    pub decimals: Option<u8>,
    /// Notes, each with the place it belongs to, in the order of the file.
    pub notes: Vec<Note>,
    /// Dimensions; the last runs fastest.
    pub dimensions: Vec<Dimension>,
    /// Attributes that cells may have beside a status.
    pub attributes: Vec<Attribute>,
    /// What only one format knows, by its name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub foreign: BTreeMap<String, serde_json::Value>,
    /// The cells.
    #[serde(skip, default = "Cells::dense")]
    pub cells: Cells,
}

/// What a dimension is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Time.
    Time,
    /// Areas.
    Geo,
    /// The figures themselves, each with its unit (PX: CONTVARIABLE; JSON-stat: metric).
    Metric,
    /// A classification.
    #[default]
    Classification,
}

impl Role {
    /// Its name in files and answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Geo => "geo",
            Self::Metric => "metric",
            Self::Classification => "classification",
        }
    }
}

/// A dimension and its categories.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Dimension {
    /// Its code, unique in the cube.
    pub code: String,
    /// Its name.
    pub label: Labels,
    /// What it is for.
    pub role: Role,
    /// Categories in order.
    pub categories: Vec<Category>,
}

/// A category of a dimension.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Category {
    /// Its code, unique in the dimension.
    pub code: String,
    /// Its name.
    pub label: Labels,
    /// Its unit, in a metric dimension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    /// Decimals that its figures are shown with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u8>,
    /// Places of the categories below it, in the file's order. A category may stand below several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<usize>,
    /// Longitude and latitude.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coordinates: Option<[f64; 2]>,
}

/// A unit of measurement.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Its name.
    pub label: Labels,
    /// Its symbol, such as `€`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symbol: Option<String>,
    /// Whether the symbol stands before the number.
    #[serde(default)]
    pub symbol_first: bool,
}

/// A note or footnote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Its text; line breaks are `\n`.
    pub text: Labels,
    /// Whether it must be shown wherever the figures are (PX: NOTEX, VALUENOTEX, CELLNOTEX).
    pub mandatory: bool,
    /// Where it belongs.
    pub place: NotePlace,
}

/// What a note belongs to; dimensions and categories by their place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotePlace {
    /// The whole table.
    Cube,
    /// A dimension.
    Dimension(usize),
    /// A category: its dimension and its place in it.
    Category(usize, usize),
    /// The cells with these categories, one entry per dimension; `None` is every category.
    Cells(Vec<Option<usize>>),
}

/// An attribute that cells may have, such as a confidentiality status.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Attribute {
    /// Its code.
    pub code: String,
    /// Its name.
    pub label: Labels,
}

impl Cube {
    /// A cube without cells, texts or notes.
    pub fn new(dimensions: Vec<Dimension>) -> Self {
        Self {
            languages: vec![String::new()],
            id: None,
            label: Labels::default(),
            contents: Labels::default(),
            source: Labels::default(),
            updated: None,
            unit: None,
            decimals: None,
            notes: Vec::new(),
            dimensions,
            attributes: Vec::new(),
            foreign: BTreeMap::new(),
            cells: Cells::dense(),
        }
    }

    /// How many categories each dimension has.
    pub fn sizes(&self) -> Vec<usize> {
        self.dimensions
            .iter()
            .map(|dimension| dimension.categories.len())
            .collect()
    }

    /// How many positions there are: the product of the sizes, 1 without dimensions; `None` above 2⁶⁴.
    pub fn size(&self) -> Option<u64> {
        self.dimensions.iter().try_fold(1u64, |size, dimension| {
            size.checked_mul(dimension.categories.len() as u64)
        })
    }

    /// The position of a cell by the place of its category in every dimension.
    pub fn position(&self, key: &[usize]) -> Option<u64> {
        if key.len() != self.dimensions.len() {
            return None;
        }
        let mut position = 0u64;
        for (dimension, place) in self.dimensions.iter().zip(key) {
            let size = dimension.categories.len();
            if *place >= size {
                return None;
            }
            position = position.checked_mul(size as u64)?.checked_add(*place as u64)?;
        }
        Some(position)
    }

    /// The place of the category in every dimension, for the cell at a position.
    pub fn key(&self, position: u64) -> Vec<usize> {
        let mut rest = position;
        let mut key = vec![0; self.dimensions.len()];
        for (place, dimension) in key.iter_mut().zip(&self.dimensions).rev() {
            let size = dimension.categories.len().max(1) as u64;
            *place = usize::try_from(rest % size).unwrap_or(0);
            rest /= size;
        }
        key
    }

    /// The dimension with a code, and its place.
    pub fn dimension(&self, code: &str) -> Option<(usize, &Dimension)> {
        self.dimensions
            .iter()
            .enumerate()
            .find(|(_, dimension)| dimension.code == code)
    }

    /// The dimension with a role, where there is exactly one.
    pub fn with_role(&self, role: Role) -> Option<(usize, &Dimension)> {
        let mut found = self
            .dimensions
            .iter()
            .enumerate()
            .filter(|(_, dimension)| dimension.role == role);
        found.next().filter(|_| found.next().is_none())
    }

    /// Whether every place that the cube names (below a category, of a note) is there, and every code is unique: what a
    /// reader checks of a header that it did not make itself.
    pub(crate) fn is_sound(&self) -> bool {
        let unique = |codes: Vec<&str>| codes.iter().collect::<HashSet<_>>().len() == codes.len();
        let sizes = self.sizes();
        let category =
            |dimension: usize, place: usize| sizes.get(dimension).is_some_and(|size| place < *size);
        let note = |note: &Note| match &note.place {
            NotePlace::Cube => true,
            NotePlace::Dimension(dimension) => *dimension < sizes.len(),
            NotePlace::Category(dimension, place) => category(*dimension, *place),
            NotePlace::Cells(key) => {
                let there =
                    |(at, place): (usize, &Option<usize>)| place.is_none_or(|place| category(at, place));
                key.len() == sizes.len() && key.iter().enumerate().all(there)
            }
        };
        let dimension = |dimension: &Dimension| {
            let size = dimension.categories.len();
            let below = |category: &Category| category.children.iter().all(|child| *child < size);
            dimension.categories.iter().all(below)
                && unique(
                    dimension
                        .categories
                        .iter()
                        .map(|category| category.code.as_str())
                        .collect(),
                )
        };
        self.size().is_some()
            && self.dimensions.iter().all(dimension)
            && unique(
                self.dimensions
                    .iter()
                    .map(|dimension| dimension.code.as_str())
                    .collect(),
            )
            && self.notes.iter().all(note)
    }

    /// The place of an attribute, added at the end where there was none.
    pub fn attribute(&mut self, code: &str) -> usize {
        let known = self
            .attributes
            .iter()
            .position(|attribute| attribute.code == code);
        known.unwrap_or_else(|| {
            self.attributes.push(Attribute {
                code: code.to_owned(),
                label: Labels::default(),
            });
            self.attributes.len() - 1
        })
    }
}

impl Cube {
    /// The cube with the texts of these languages only, the first of them the default one. A text that has none of them
    /// keeps the one it has: a note is not lost because nobody translated it. The texts of a cube whose language has no name
    /// are taken for the one language that is asked for.
    ///
    /// ```
    /// use kultti_core::formats::{Category, Cube, Dimension, Labels, Role};
    /// let mut area = Dimension::new("area", Role::Geo, vec![Category::new("272")]);
    /// area.label = Labels::new("fi", "Kunta");
    /// area.label.set("sv", "Kommun");
    /// let mut cube = Cube::new(vec![area]);
    /// cube.languages = vec!["fi".into(), "sv".into()];
    /// let swedish = cube.in_languages(&["sv".into()]);
    /// assert_eq!(swedish.languages, ["sv"]);
    /// assert_eq!(swedish.dimensions[0].label, Labels::new("sv", "Kommun"));
    /// cube.languages = vec![String::new()];
    /// cube.label = Labels::new("", "Loans");
    /// assert_eq!(cube.in_languages(&["en".into()]).label, Labels::new("en", "Loans"));
    /// ```
    #[must_use]
    pub fn in_languages(&self, languages: &[String]) -> Self {
        let unnamed = self.languages.iter().all(String::is_empty);
        let only = |labels: &Labels| match (languages, labels.get("")) {
            ([one], Some(text)) if unnamed => Labels::new(one, text),
            _ => labels.only(languages),
        };
        let unit = |unit: &Unit| Unit {
            label: only(&unit.label),
            ..unit.clone()
        };
        let category = |category: &Category| Category {
            label: only(&category.label),
            unit: category.unit.as_ref().map(unit),
            ..category.clone()
        };
        let dimension = |dimension: &Dimension| Dimension {
            label: only(&dimension.label),
            categories: dimension.categories.iter().map(category).collect(),
            ..dimension.clone()
        };
        let note = |note: &Note| Note {
            text: only(&note.text),
            ..note.clone()
        };
        let attribute = |attribute: &Attribute| Attribute {
            label: only(&attribute.label),
            ..attribute.clone()
        };
        Self {
            languages: languages.to_vec(),
            label: only(&self.label),
            contents: only(&self.contents),
            source: only(&self.source),
            unit: self.unit.as_ref().map(unit),
            notes: self.notes.iter().map(note).collect(),
            dimensions: self.dimensions.iter().map(dimension).collect(),
            attributes: self.attributes.iter().map(attribute).collect(),
            ..self.clone()
        }
    }
}

impl Dimension {
    /// A dimension without a name.
    pub fn new(code: impl Into<String>, role: Role, categories: Vec<Category>) -> Self {
        Self {
            code: code.into(),
            label: Labels::default(),
            role,
            categories,
        }
    }

    /// The periods of a time dimension, one for each category; `None` where one cannot be read as a period.
    pub fn periods(&self) -> Option<Vec<TimePeriod>> {
        self.categories
            .iter()
            .map(|category| TimePeriod::parse(&category.code))
            .collect()
    }
}

impl Category {
    /// A category without a name.
    pub fn new(code: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            ..Self::default()
        }
    }
}
