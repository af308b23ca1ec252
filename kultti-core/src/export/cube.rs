//! A result as a cube, for the formats that hold cubes: PX, JSON-stat and SDMX-CSV.
//!
//! The rows of the flat form become cells: the columns that tell rows apart are dimensions, the numbers are the categories
//! of one more, and whatever else a row says (its definition, borders, release, method, a second reason) are attributes of
//! its cells. So nothing that stands in the CSV is lost, and the texts stand in all three languages.

use super::cube_column::{beside, capital, category};
use super::people::Writer;
use super::table::{Table, Value};
use super::{Export, scalar};
use crate::compare::{Context, Note as KeptInMind, Severity};
use crate::error::{Error, Result};
use crate::formats::{Absent, Category, Cells, Cube, Dimension, Labels, Mark, Note, NotePlace, Role};
use crate::language::{Language, Message, Text, word};
use crate::model::{Missing, Status};
use serde_json::json;
use std::collections::BTreeMap;

/// A column that tells rows apart.
#[derive(Debug, Clone, Copy)]
pub struct Axis {
    /// The column of codes.
    pub code: &'static str,
    /// The column of what the codes belong to: the code 1 of one grouping is not that of another.
    pub within: Option<&'static str>,
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
    within: None,
    label: Some("name"),
    role: Role::Geo,
    word: "word.area",
};
/// Groups of areas.
pub(super) const GROUPS: Axis = Axis {
    code: "group",
    within: None,
    label: Some("name"),
    role: Role::Geo,
    word: "word.group",
};
/// Groups of several groupings, where the name of the area stands beside theirs: `region:16`, as they are asked for.
pub(crate) const GROUPS_OF_GROUPINGS: Axis = Axis {
    within: Some("grouping"),
    label: Some("label"),
    role: Role::Classification,
    ..GROUPS
};
/// Periods.
pub(crate) const PERIODS: Axis = Axis {
    code: "period",
    within: None,
    label: None,
    role: Role::Time,
    word: "word.period",
};

/// What makes a result a cube.
#[derive(Debug, Clone)]
pub struct Shape<'r> {
    /// The question: two answers about one indicator are two tables.
    pub name: &'static str,
    /// What its figures have in common.
    pub context: &'r Context,
    /// The columns that tell rows apart.
    pub axes: Vec<Axis>,
}

/// The category of rows that belong to none: the whole, as SDMX writes it.
const TOTAL: &str = "_T";

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
        let context = self.shape.context;
        let attributes = self.attributes(&metrics);
        dimensions.push(Dimension {
            code: "metric".to_owned(),
            label: self.word("word.cube-metric"),
            role: Role::Metric,
            categories: metrics
                .iter()
                .map(|name| category(name, self.table, context, self.languages))
                .collect(),
        });
        let mut cube = Cube::new(dimensions);
        cube.languages = self
            .languages
            .iter()
            .map(|language| language.code().to_owned())
            .collect();
        cube.id = Some(format!("{}.{}", self.shape.name, context.indicator));
        cube.label = self.title(&cube.dimensions);
        cube.contents = self.text(&context.label);
        cube.source = self.each(|language| {
            let sources: Vec<&str> = context
                .sources
                .iter()
                .map(|source| source.get(language))
                .collect();
            sources.join("; ")
        });
        cube.updated = context.retrieved.map(|date| date.to_string());
        cube.notes = self.notes();
        for name in &attributes {
            cube.attribute(&name.to_uppercase());
        }
        let reasons = metrics.iter().map(|name| beside(name).1).chain(["missing"]);
        let mut reasons = reasons.collect::<std::collections::BTreeSet<_>>().into_iter();
        if reasons.any(|missing| {
            self.table
                .rows
                .iter()
                .any(|row| self.reason(row, missing).is_some())
        }) {
            cube.attribute(REASON);
        }
        cube.cells = self.cells(&cube, &metrics, &attributes, target)?;
        let px = self.px(&cube.cells);
        cube.foreign.insert("px".to_owned(), px);
        Ok(cube)
    }

    /// The title as statistical offices write it: what is counted, by which variables.
    fn title(&self, dimensions: &[Dimension]) -> Labels {
        self.each(|language| {
            let names = dimensions
                .iter()
                .filter_map(|dimension| dimension.label.get(language.code()))
                .map(str::to_lowercase);
            Message::new("word.cube-title")
                .with("contents", self.shape.context.label.get(language))
                .with("dimensions", names.collect::<Vec<_>>().join(", "))
                .render(language)
        })
    }

    /// What PX must be told besides: the subject, and that figures stand in the file as they were computed, with more
    /// decimals than are shown.
    fn px(&self, cells: &Cells) -> serde_json::Value {
        let context = self.shape.context;
        let decimals = |value: &f64| {
            let text = value.to_string();
            text.split_once('.').map_or(0, |(_, decimals)| decimals.len())
        };
        let known = cells.values().iter().filter(|value| value.is_finite());
        let most = known.map(decimals).max().unwrap_or_default().min(15);
        let id = context.indicator.to_string();
        let subject = id.split('.').next().unwrap_or_default();
        let area = context.theme.as_ref().unwrap_or(&context.label);
        let areas = self
            .languages
            .iter()
            .map(|language| (language.code(), [area.get(*language)]));
        let areas: BTreeMap<_, _> = areas.collect();
        json!({
            "decimals": most,
            "entries": [
                { "keyword": "SUBJECT-CODE", "values": { "": [subject] } },
                { "keyword": "SUBJECT-AREA", "values": areas },
            ],
        })
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
        self.each(|language| capital(word(code, language)))
    }

    /// A dimension with its categories in the order of the rows; periods in the order of time.
    fn dimension(&self, axis: &Axis) -> Dimension {
        let columns = Columns::of(self.table, axis);
        let names = axis.label.and_then(|label| self::column(self.table, label));
        let mut categories: Vec<Category> = Vec::new();
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        for (place, row) in self.table.rows.iter().enumerate() {
            let code = columns.code(row);
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
            taken.extend(axis.within);
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

    /// What the indicator tells, what its scope is, what to keep in mind, and what the figures were computed from.
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
        let origin = self.each(|language| {
            let writer = Writer { language };
            let origin = writer.borders_and_release(&context.territory, &context.release);
            let known = Some(&context.definition).filter(|definition| !definition.is_empty());
            let definition =
                known.map(|definition| format!("{}: {definition} · ", word("word.definition", language)));
            format!("{}{}", definition.unwrap_or_default(), capital(&origin))
        });
        notes.push(whole(origin, false));
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
        let attributes: Vec<Option<usize>> = attributes.iter().map(place).collect();
        let axes: Vec<Columns> = self
            .shape
            .axes
            .iter()
            .map(|axis| Columns::of(self.table, axis))
            .collect();
        let places = places(cube);
        let mut found: BTreeMap<u64, (Option<f64>, Mark)> = BTreeMap::new();
        for row in &self.table.rows {
            let key = axes.iter().zip(&places).map(|(columns, places)| {
                let code = columns.code(row);
                places.get(code.as_str()).copied().unwrap_or_default()
            });
            let key: Vec<usize> = key.collect();
            let said: Vec<Option<String>> = attributes
                .iter()
                .map(|place| attribute(place.and_then(|place| row.get(place))))
                .collect();
            for (metric, name) in metrics.iter().enumerate() {
                let mut whole = key.clone();
                whole.push(metric);
                let position = cube.position(&whole).ok_or_else(|| self.same_rows(target))?;
                let value = number(place(name).and_then(|column| row.get(column)));
                let (status, reason) = self.status(row, name, value);
                let mut mark = Mark {
                    status: Some(status.to_string()),
                    attributes: said.clone(),
                    ..Mark::default()
                };
                with_reason(cube, reason, &mut mark);
                if found.insert(position, (value, mark)).is_some() {
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

    /// The status of a number, and why there is none. One that a row lacks while it has others cannot be made.
    fn status(&self, row: &[Value], metric: &str, value: Option<f64>) -> (char, Option<Missing>) {
        let (status, missing) = beside(metric);
        let letter = column(self.table, status).and_then(|place| match row.get(place) {
            Some(Value::Text(Some(text))) => text.chars().next(),
            _ => None,
        });
        let own = self.reason(row, missing);
        let of_row = self.reason(row, "missing");
        match (value, own.or(of_row)) {
            // A count beside a missing figure is an ordinary number.
            (Some(_), Some(_)) if status == "status" => ('A', None),
            (Some(_), _) => (letter.unwrap_or('A'), None),
            (None, Some(reason)) => (reason.status().letter(), Some(reason)),
            (None, None) => (Status::NotApplicable.letter(), None),
        }
    }

    fn reason(&self, row: &[Value], missing: &str) -> Option<Missing> {
        match column(self.table, missing).and_then(|place| row.get(place)) {
            Some(Value::Missing(reason)) => *reason,
            _ => None,
        }
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

/// Where the code of a dimension stands in a row.
struct Columns {
    code: Option<usize>,
    within: Option<usize>,
}

impl Columns {
    fn of(table: &Table, axis: &Axis) -> Self {
        Self {
            code: column(table, axis.code),
            within: axis.within.and_then(|name| column(table, name)),
        }
    }

    /// The code; that of the whole where the row has none.
    fn code(&self, row: &[Value]) -> String {
        let text = |place: Option<usize>| match row.get(place?) {
            Some(Value::Text(text)) => text.as_deref(),
            _ => None,
        };
        match (text(self.within), text(self.code)) {
            (Some(within), Some(code)) => format!("{within}:{code}"),
            (_, code) => code.unwrap_or(TOTAL).to_owned(),
        }
    }
}

/// Puts the reason of a missing number into the attribute for it.
fn with_reason(cube: &Cube, reason: Option<Missing>, mark: &mut Mark) {
    let mut attributes = cube.attributes.iter();
    let place = attributes.position(|attribute| attribute.code == REASON);
    if let (Some(place), Some(reason)) = (place, reason) {
        mark.attributes.resize(place + 1, None);
        mark.attributes[place] = Some(scalar::missing_code(reason));
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
