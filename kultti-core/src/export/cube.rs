//! A result as a cube, for the formats that hold cubes: PX, JSON-stat and SDMX-CSV.
//!
//! The rows of the flat form become cells: the columns that tell rows apart are dimensions, the numbers are the categories
//! of one more, and whatever else a row says (its definition, borders, release, method, a second reason) are attributes of
//! its cells. So nothing that stands in the CSV is lost, and the texts stand in all three languages.

use super::table::{Table, Value};
use super::{Export, scalar};
use crate::compare::{Context, Note as KeptInMind, Severity};
use crate::error::{Error, Result};
use crate::formats::{Absent, Category, Cells, Cube, Dimension, Labels, Mark, Note, NotePlace, Role, Unit};
use crate::language::{Language, Text, word};
use crate::model::{Missing, Status};
use std::collections::BTreeMap;

/// A column that tells rows apart.
#[derive(Debug, Clone, Copy)]
pub struct Axis {
    /// The column of codes.
    pub code: &'static str,
    /// The column of names.
    pub label: Option<&'static str>,
    /// What it is for.
    pub role: Role,
    /// The code of the word for it.
    pub word: &'static str,
}

/// Areas.
pub(super) const AREAS: Axis = Axis {
    code: "code",
    label: Some("name"),
    role: Role::Geo,
    word: "word.area",
};
/// Groups of areas.
pub(super) const GROUPS: Axis = Axis {
    code: "group",
    label: Some("name"),
    role: Role::Geo,
    word: "word.group",
};
/// Groups where the name of the area stands beside theirs.
pub(super) const LABELLED_GROUPS: Axis = Axis {
    label: Some("label"),
    role: Role::Classification,
    ..GROUPS
};
/// Groupings.
pub(super) const GROUPINGS: Axis = Axis {
    code: "grouping",
    label: None,
    role: Role::Classification,
    word: "word.diff-grouping",
};
/// Periods.
pub(super) const PERIODS: Axis = Axis {
    code: "period",
    label: None,
    role: Role::Time,
    word: "word.period",
};

/// What makes a result a cube.
#[derive(Debug, Clone)]
pub struct Shape<'r> {
    /// What its figures have in common.
    pub context: &'r Context,
    /// The columns that tell rows apart.
    pub axes: Vec<Axis>,
}

/// The category of rows that belong to none: the whole, as SDMX writes it.
const TOTAL: &str = "_T";

/// Columns whose figures are in the unit of the indicator.
const IN_UNIT: [&str; 24] = [
    "value",
    "value_from",
    "value_to",
    "value_nominal",
    "value_without_zeros",
    "area_value",
    "area_from",
    "area_to",
    "area_absolute",
    "area_within",
    "area_between",
    "area_lower",
    "area_upper",
    "absolute",
    "price",
    "volume",
    "population",
    "within",
    "between",
    "change",
    "difference",
    "expected",
    "lower",
    "upper",
];

/// Columns that are said otherwise: in the mark of a cell, its unit or the notes.
const SAID_OTHERWISE: [&str; 4] = ["status", "missing", "notes", "unit"];

/// A result as a cube; the default language is `language`, and Finnish, Swedish and English are all there. `path` and
/// `format` are what an error names.
///
/// # Errors
/// [`Error::ResultNotACube`] for a result that is a list rather than a cube; [`Error::CannotHold`] for one in which
/// nothing tells two rows apart.
///
/// ```
/// use kultti_core::compare::Order;
/// use kultti_core::export::to_cube;
/// use kultti_core::language::Language;
/// use kultti_core::release::Release;
/// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
/// let ranking = release.rank("library.net_operating_cost_per_inhabitant", Order::Descending)?;
/// let cube = to_cube(&ranking, Language::En, ("ranking.px", "px"))?;
/// let codes: Vec<&str> = cube.dimensions.iter().map(|dimension| dimension.code.as_str()).collect();
/// assert_eq!(codes, ["code", "period", "metric"]);
/// assert_eq!(cube.languages, ["en", "fi", "sv"]);
/// # Ok::<(), kultti_core::Error>(())
/// ```
pub fn to_cube(result: &dyn Export, language: Language, target: (&str, &str)) -> Result<Cube> {
    let Some(shape) = result.shape() else {
        return Err(Error::ResultNotACube {
            format: target.1.to_owned(),
            known: super::result_file::FLAT_FORMATS.map(str::to_owned).to_vec(),
        });
    };
    let others = Language::ALL.into_iter().filter(|other| *other != language);
    let languages: Vec<Language> = std::iter::once(language).chain(others).collect();
    let tables: Vec<Table> = languages.iter().map(|language| result.table(*language)).collect();
    let Some(table) = tables.first() else {
        return Ok(Cube::new(Vec::new()));
    };
    let maker = Maker {
        shape: &shape,
        languages: &languages,
        tables: &tables,
        table,
    };
    maker.cube(target)
}

/// What is needed to turn tables into a cube.
struct Maker<'t> {
    shape: &'t Shape<'t>,
    languages: &'t [Language],
    /// The flat form in every language.
    tables: &'t [Table],
    /// The first of them.
    table: &'t Table,
}

impl Maker<'_> {
    fn cube(&self, target: (&str, &str)) -> Result<Cube> {
        let mut dimensions: Vec<Dimension> =
            self.shape.axes.iter().map(|axis| self.dimension(axis)).collect();
        let metrics = self.metrics();
        let attributes = self.attributes(&metrics);
        dimensions.push(Dimension {
            code: "metric".to_owned(),
            label: self.word("word.cube-metric"),
            role: Role::Metric,
            categories: metrics.iter().map(|name| self.metric(name)).collect(),
        });
        let context = self.shape.context;
        let mut cube = Cube::new(dimensions);
        cube.languages = self
            .languages
            .iter()
            .map(|language| language.code().to_owned())
            .collect();
        cube.id = Some(context.indicator.to_string());
        cube.label = self.each(|language| {
            format!(
                "{}, {}",
                context.label.get(language),
                context.unit_symbol.get(language)
            )
        });
        cube.contents = self.text(&context.label);
        cube.source = self.each(|language| {
            let sources: Vec<&str> = context
                .sources
                .iter()
                .map(|source| source.get(language))
                .collect();
            sources.join("; ")
        });
        cube.notes = self.notes();
        for name in &attributes {
            cube.attribute(&name.to_uppercase());
        }
        if self.table.rows.iter().any(|row| self.reason(row).is_some()) {
            cube.attribute(REASON);
        }
        cube.cells = self.cells(&cube, &metrics, &attributes, target)?;
        Ok(cube)
    }

    fn each(&self, of: impl Fn(Language) -> String) -> Labels {
        let mut labels = Labels::default();
        for language in self.languages {
            labels.set(language.code(), of(*language));
        }
        labels
    }

    fn text(&self, text: &Text) -> Labels {
        self.each(|language| text.get(language).to_owned())
    }

    fn word(&self, code: &str) -> Labels {
        self.each(|language| word(code, language).to_owned())
    }

    /// A dimension with its categories in the order of the rows; periods in the order of time.
    fn dimension(&self, axis: &Axis) -> Dimension {
        let column = column(self.table, axis.code);
        let names = axis.label.and_then(|label| self::column(self.table, label));
        let mut categories: Vec<Category> = Vec::new();
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        for (place, row) in self.table.rows.iter().enumerate() {
            let code = code_of(row, column);
            if known.contains_key(&code) {
                continue;
            }
            known.insert(code.clone(), categories.len());
            let label = names.map_or_else(Labels::default, |name| self.label(place, name));
            categories.push(Category {
                label,
                ..Category::new(code)
            });
        }
        if axis.role == Role::Time {
            categories.sort_by(|left, right| left.code.cmp(&right.code));
        }
        Dimension {
            code: axis.code.to_owned(),
            label: self.word(axis.word),
            role: axis.role,
            categories,
        }
    }

    /// A text of a row in every language: the rows of all tables are in one order.
    fn label(&self, row: usize, column: usize) -> Labels {
        let mut labels = Labels::default();
        for (language, table) in self.languages.iter().zip(self.tables) {
            if let Some(Value::Text(Some(text))) = table.rows.get(row).and_then(|row| row.get(column)) {
                labels.set(language.code(), text.clone());
            }
        }
        labels
    }

    /// The columns of numbers.
    fn metrics(&self) -> Vec<&'static str> {
        let is_number = |place: usize| {
            let cells = self.table.rows.iter().filter_map(|row| row.get(place));
            cells
                .into_iter()
                .any(|cell| matches!(cell, Value::Number(_) | Value::Count(_)))
        };
        let columns = self.table.columns.iter().enumerate();
        columns
            .filter(|(place, _)| is_number(*place))
            .map(|(_, name)| *name)
            .collect()
    }

    /// The columns that are neither dimensions nor numbers, but say something.
    fn attributes(&self, metrics: &[&str]) -> Vec<&'static str> {
        let mut taken: Vec<&str> = metrics.to_vec();
        taken.extend(SAID_OTHERWISE);
        for axis in &self.shape.axes {
            taken.push(axis.code);
            taken.extend(axis.label);
        }
        let says = |place: usize| {
            self.table
                .rows
                .iter()
                .any(|row| attribute(row.get(place)).is_some())
        };
        let columns = self.table.columns.iter().enumerate();
        columns
            .filter(|(place, name)| !taken.contains(name) && says(*place))
            .map(|(_, name)| *name)
            .collect()
    }

    /// The category of a column of numbers.
    fn metric(&self, name: &str) -> Category {
        let context = self.shape.context;
        let counts = |row: &Vec<Value>| {
            let place = column(self.table, name);
            matches!(place.and_then(|place| row.get(place)), Some(Value::Count(_)))
        };
        let in_unit = IN_UNIT.contains(&name);
        let unit = in_unit.then(|| Unit {
            label: self.text(&context.unit_symbol),
            ..Unit::default()
        });
        let whole = name == "rank" || self.table.rows.iter().all(counts);
        let decimals = if whole {
            Some(0)
        } else {
            in_unit.then(|| u8::try_from(context.decimals).unwrap_or(0))
        };
        Category {
            label: metric_word(name).map_or_else(|| self.each(|_| name.to_owned()), |code| self.word(code)),
            unit,
            decimals,
            ..Category::new(name)
        }
    }

    /// What the indicator tells, what its scope is, and what to keep in mind.
    fn notes(&self) -> Vec<Note> {
        let context = self.shape.context;
        let whole = |text: Labels, mandatory: bool| Note {
            text,
            mandatory,
            place: NotePlace::Cube,
        };
        let mut notes = vec![whole(self.text(&context.description), false)];
        notes.extend(
            context
                .scope_sentence
                .as_ref()
                .map(|sentence| whole(self.text(sentence), true)),
        );
        let kept = |note: &KeptInMind| {
            let text = self.each(|language| note.message.render(language));
            whole(text, note.severity == Severity::Warning)
        };
        notes.extend(self.table.notes.iter().map(kept));
        notes
    }

    /// A cell for every number of every row.
    fn cells(
        &self,
        cube: &Cube,
        metrics: &[&'static str],
        attributes: &[&'static str],
        target: (&str, &str),
    ) -> Result<Cells> {
        let place = |name: &&'static str| column(self.table, name);
        let metrics: Vec<Option<usize>> = metrics.iter().map(place).collect();
        let attributes: Vec<Option<usize>> = attributes.iter().map(place).collect();
        let axes: Vec<Option<usize>> = self.shape.axes.iter().map(|axis| place(&axis.code)).collect();
        let places = places(cube);
        let mut found: BTreeMap<u64, (Option<f64>, Mark)> = BTreeMap::new();
        for row in &self.table.rows {
            let key = axes.iter().zip(&places).map(|(column, places)| {
                let code = code_of(row, *column);
                places.get(code.as_str()).copied().unwrap_or_default()
            });
            let key: Vec<usize> = key.collect();
            let said: Vec<Option<String>> = attributes
                .iter()
                .map(|place| attribute(place.and_then(|place| row.get(place))))
                .collect();
            for (metric, column) in metrics.iter().enumerate() {
                let mut whole = key.clone();
                whole.push(metric);
                let position = cube.position(&whole).ok_or_else(|| self.same_rows(target))?;
                let value = number(column.and_then(|column| row.get(column)));
                let mark = Mark {
                    status: Some(self.status(row, value).to_string()),
                    attributes: said.clone(),
                    ..Mark::default()
                };
                if found
                    .insert(position, (value, self.with_reason(cube, row, value, mark)))
                    .is_some()
                {
                    return Err(self.same_rows(target));
                }
            }
        }
        let whole = cube.size() == Some(found.len() as u64);
        let mut cells = if whole {
            Cells::dense()
        } else {
            Cells::sparse(Absent::NotGiven)
        };
        for (position, (value, mark)) in found {
            if whole {
                cells.push(value, mark);
            } else {
                cells.push_at(position, value, mark);
            }
        }
        Ok(cells)
    }

    /// The status of a number: that of its row; a number that a row lacks while it has others cannot be made.
    fn status(&self, row: &[Value], value: Option<f64>) -> char {
        let letter = column(self.table, "status").and_then(|place| match row.get(place) {
            Some(Value::Text(Some(text))) => text.chars().next(),
            _ => None,
        });
        let reason = self.reason(row);
        match (value, reason) {
            (Some(_), None) => letter.unwrap_or('A'),
            // A count beside a missing figure is an ordinary number.
            (Some(_), Some(_)) => 'A',
            (None, Some(reason)) => reason.status().letter(),
            (None, None) => Status::NotApplicable.letter(),
        }
    }

    fn reason(&self, row: &[Value]) -> Option<Missing> {
        match column(self.table, "missing").and_then(|place| row.get(place)) {
            Some(Value::Missing(reason)) => *reason,
            _ => None,
        }
    }

    /// The mark with the reason of a missing number, in the attribute for it.
    fn with_reason(&self, cube: &Cube, row: &[Value], value: Option<f64>, mut mark: Mark) -> Mark {
        let place = cube
            .attributes
            .iter()
            .position(|attribute| attribute.code == REASON);
        if let (Some(place), None, Some(reason)) = (place, value, self.reason(row)) {
            mark.attributes.resize(place + 1, None);
            mark.attributes[place] = Some(scalar::missing_code(reason));
        }
        mark
    }

    fn same_rows(&self, (path, format): (&str, &str)) -> Error {
        let axes: Vec<&str> = self.shape.axes.iter().map(|axis| axis.code).collect();
        Error::CannotHold {
            path: path.to_owned(),
            format: format.to_owned(),
            what: axes.join(" × "),
            advice: super::result_file::FLAT_FORMATS.join(", "),
        }
    }
}

/// The attribute that holds why there is no number.
const REASON: &str = "MISSING";

/// The place of each category of each dimension.
fn places(cube: &Cube) -> Vec<BTreeMap<&str, usize>> {
    cube.dimensions
        .iter()
        .map(|dimension| {
            let categories = dimension.categories.iter().enumerate();
            categories
                .map(|(place, category)| (category.code.as_str(), place))
                .collect()
        })
        .collect()
}

fn column(table: &Table, name: &str) -> Option<usize> {
    table.columns.iter().position(|column| *column == name)
}

/// The code in a row; that of the whole where it has none.
fn code_of(row: &[Value], column: Option<usize>) -> String {
    match column.and_then(|column| row.get(column)) {
        Some(Value::Text(Some(text))) => text.clone(),
        _ => TOTAL.to_owned(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are below 2^53")]
fn number(cell: Option<&Value>) -> Option<f64> {
    match cell {
        Some(Value::Number(number)) => number.filter(|number| number.is_finite()),
        Some(Value::Count(count)) => Some(*count as f64),
        _ => None,
    }
}

/// What a cell says as an attribute.
fn attribute(cell: Option<&Value>) -> Option<String> {
    match cell? {
        Value::Text(text) => text.clone().filter(|text| !text.is_empty()),
        Value::Flag(flag) => Some(flag.to_string()),
        Value::Missing(reason) => reason.map(scalar::missing_code),
        Value::Number(_) | Value::Count(_) | Value::Notes => None,
    }
}

/// The word for a column of numbers, where there is one.
fn metric_word(name: &str) -> Option<&'static str> {
    let words = [
        ("value", "word.value"),
        ("area_value", "word.value"),
        ("rank", "word.rank"),
        ("percent_rank", "word.percent-rank"),
        ("difference", "word.difference"),
        ("change", "word.change"),
        ("change_relative", "word.change-relative"),
        ("index", "word.index"),
        ("value_nominal", "word.nominal"),
        ("gini", "word.gini"),
        ("theil", "word.theil"),
        ("theil_within", "word.theil-within"),
        ("theil_between", "word.theil-between"),
        ("mean", "word.mean"),
        ("share_numerator", "word.share-numerator"),
        ("share_denominator", "word.share-denominator"),
        ("numerator", "word.numerator"),
        ("denominator", "word.denominator"),
        ("expected", "word.expected"),
        ("distance", "word.distance"),
        ("stability", "word.stability"),
        ("coverage_denominator", "word.covered"),
    ];
    words
        .into_iter()
        .find(|(column, _)| *column == name)
        .map(|(_, code)| code)
}
