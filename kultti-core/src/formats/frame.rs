//! Observations as the columns of a frame in memory: whatever types say the same, in any order of rows and columns.

use super::Warning;
use super::arrow::{cells, is_readable};
use super::flat::FlatCell;
use super::observations_csv::ReadObservation;
use super::place::{Observed, Place};
use crate::catalogue::Catalogue;
use crate::error::{Error, Result};
use crate::language::{Message, Param, fold, near_matches};
use crate::model::{AreaCode, Date, Missing, Observation, Period, Status};
use crate::territory::{Area, Territory};
use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, DataType, Schema};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Display;

/// What pandas calls an index without a name, which counts the rows.
const NAMELESS_INDEX: &str = "__index_level_";

/// Which columns of a frame are what. Nothing needs to be said of a frame whose columns have the names of the schema of
/// observations: `measure`, `period`, `area`, `value`, and if there are such `status`, `missing`, `territory`, `origin` and
/// `note`.
///
/// ```
/// use kultti_core::formats::FrameLayout;
/// // Column `kunta` holds areas, every row is of 2024, two columns hold the figures of a measure each.
/// let layout = FrameLayout {
///     area: Some("kunta".into()),
///     period: Some("2024".into()),
///     figures: vec![
///         ("visits".into(), "survey.visits".into()),
///         ("events".into(), "survey.events".into()),
///     ],
///     ..FrameLayout::default()
/// };
/// assert_eq!(layout.territory, None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FrameLayout {
    /// The column of areas: codes, or names in any language.
    pub area: Option<String>,
    /// The column of periods, or the one period of all rows.
    pub period: Option<String>,
    /// The column of ids of measures, or the one measure of all rows.
    pub measure: Option<String>,
    /// The column of figures.
    pub value: Option<String>,
    /// In a frame with a column of figures for each measure: those columns, each with its measure.
    pub figures: Vec<(String, String)>,
    /// The borders of the figures: a column of dates, or for all rows a date, `now`, or `then` for those of each period's last
    /// day; `then` where nothing says it.
    pub territory: Option<String>,
}

/// The observations of a frame.
#[derive(Debug, Clone, PartialEq)]
pub struct FrameObservations {
    /// Observations, each with its row, counted from 1.
    pub observations: Vec<ReadObservation>,
    /// What was left out.
    pub warnings: Vec<Warning>,
}

/// Reads a frame and checks every cell against catalogue and territory, by the rules of a table of observations in a file.
///
/// - An area is a code or a name in any language, or both. Codes are text: a column of numbers has lost leading zeros and is
///   refused.
/// - A period is text or a whole number (`2019`); a date is no period. Borders are a date or its text.
/// - A value is a number of any type, or text in plain digits. Null and NaN are no value.
/// - A row without a column `status` is A, and O where it has no value. A row without a column `missing` has the reason of its
///   status: `included` K, `not-collected` L, `not-applicable` M, `missing` O, `suppressed` Q.
///
/// `name` is what messages call the frame; it is the origin of rows that have no other.
///
/// # Errors
/// Those of [`super::read_observations`], with the row counted from 1 as the line; [`Error::FrameColumn`] and
/// [`Error::FrameColumnNear`] for columns, [`Error::FrameStatus`] for statuses that could be of several figures, and
/// [`Error::ColumnType`] for a column whose type cannot be what it should.
///
/// ```
/// use arrow_array::{Float64Array, Int64Array, RecordBatch, StringArray};
/// use kultti_core::formats::{FrameLayout, read_frame};
/// use kultti_core::release::Release;
/// use std::sync::Arc;
/// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
/// let frame = RecordBatch::try_from_iter([
///     ("kunta", Arc::new(StringArray::from(vec!["Karleby", "091"])) as _),
///     ("year", Arc::new(Int64Array::from(vec![2019, 2019])) as _),
///     ("loans", Arc::new(Float64Array::from(vec![500_000.0, f64::NAN])) as _),
/// ]).unwrap();
/// let layout = FrameLayout {
///     area: Some("kunta".into()),
///     period: Some("year".into()),
///     figures: vec![("loans".into(), "library.loans".into())],
///     ..FrameLayout::default()
/// };
/// let context = (release.catalogue(), release.territory());
/// let read = read_frame("loans", &frame.schema(), [Ok(frame)].into_iter(), &layout, context)?;
/// let [first, second] = &read.observations[..] else { panic!() };
/// assert_eq!((first.observation.area.as_str(), first.observation.value), ("272", Some(500_000.0)));
/// assert_eq!((second.line, second.observation.status.letter()), (2, 'O'));
/// # Ok::<(), kultti_core::Error>(())
/// ```
pub fn read_frame(
    name: &str,
    schema: &Schema,
    batches: impl Iterator<Item = Result<RecordBatch, ArrowError>>,
    layout: &FrameLayout,
    (catalogue, territory): (&Catalogue, &Territory),
) -> Result<FrameObservations> {
    let place = Place {
        path: name,
        catalogue,
        territory,
    };
    let mut warnings = Vec::new();
    let columns = Columns::of(name, schema, layout, &mut warnings)?;
    let mut reader = Reader::new(place);
    let mut row = 0;
    for batch in batches {
        let batch = batch.map_err(|cause| unreadable(name, schema, row + 1, &cause))?;
        let read = columns.read(&batch);
        for at in 0..batch.num_rows() {
            row += 1;
            for (figure, measure) in columns.figures.iter().zip(&read.figures) {
                let cells = Row {
                    line: row,
                    at,
                    columns: &columns,
                    read: &read,
                    measure: figure.1.as_deref(),
                    value: measure.get(at).unwrap_or(&FlatCell::Empty),
                };
                reader.read(&cells)?;
            }
        }
    }
    if reader.unknown.is_empty() {
        return Ok(FrameObservations {
            observations: reader.observations,
            warnings,
        });
    }
    Err(place.unknown_areas(&reader.unknown))
}

/// The error for a batch that could not be taken over. Some programs hand over a column of nulls in a way of their own.
fn unreadable(name: &str, schema: &Schema, row: usize, cause: &ArrowError) -> Error {
    let nulls = schema
        .fields()
        .iter()
        .filter(|field| *field.data_type() == DataType::Null);
    let nulls: Vec<&str> = nulls.map(|field| field.name().as_str()).collect();
    if nulls.is_empty() {
        return Error::malformed(name, "arrow", row, "readable rows", &cause.to_string());
    }
    Error::ColumnType {
        path: name.to_owned(),
        column: nulls.join(", "),
        expected: "a type: a column of nothing has none, cast it to text".to_owned(),
        found: DataType::Null.to_string(),
    }
}

/// The texts of a column of a frame, empty for an empty cell, and whether they were whole numbers.
///
/// # Errors
/// [`Error::FrameColumn`] for a column that is not there; [`Error::ColumnType`] for one that holds neither texts nor whole
/// numbers.
pub(crate) fn frame_texts(
    name: &str,
    schema: &Schema,
    batch: &RecordBatch,
    column: &str,
) -> Result<(Vec<String>, bool)> {
    let frame = Frame { name, schema };
    let place = frame.needed(column)?;
    let is_number = |kind: &DataType| kind.is_numeric();
    frame.typed(place, "text, or codes as whole numbers", |kind| {
        is_text(kind) || is_number(kind)
    })?;
    let numbers = frame.typed(place, "", is_number).is_ok();
    let cells = batch.columns().get(place).map(cells).unwrap_or_default();
    Ok((
        cells.iter().map(|cell| cell.text().into_owned()).collect(),
        numbers,
    ))
}

/// A column, or what all rows have in common.
enum Given {
    Column(usize),
    All(String),
}

/// The places of the columns.
struct Columns {
    area: usize,
    period: Given,
    /// `None` where every column of figures has its own.
    measure: Option<Given>,
    territory: Given,
    /// Columns of figures, each with its measure where it has one.
    figures: Vec<(usize, Option<String>)>,
    status: Option<usize>,
    missing: Option<usize>,
    origin: Option<usize>,
    note: Option<usize>,
}

/// The cells of a batch.
struct Read<'b> {
    area: Vec<FlatCell<'b>>,
    period: Vec<FlatCell<'b>>,
    measure: Vec<FlatCell<'b>>,
    territory: Vec<FlatCell<'b>>,
    figures: Vec<Vec<FlatCell<'b>>>,
    status: Vec<FlatCell<'b>>,
    missing: Vec<FlatCell<'b>>,
    origin: Vec<FlatCell<'b>>,
    note: Vec<FlatCell<'b>>,
}

/// One figure of one row.
struct Row<'r, 'b> {
    line: usize,
    at: usize,
    columns: &'r Columns,
    read: &'r Read<'b>,
    measure: Option<&'r str>,
    value: &'r FlatCell<'b>,
}

/// The columns of a frame by their names.
struct Frame<'s> {
    name: &'s str,
    schema: &'s Schema,
}

impl Frame<'_> {
    fn place(&self, column: &str) -> Option<usize> {
        self.schema
            .fields()
            .iter()
            .position(|field| field.name() == column)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.schema.fields().iter().map(|field| field.name().as_str())
    }

    fn needed(&self, column: &str) -> Result<usize> {
        self.place(column).ok_or_else(|| Error::FrameColumn {
            path: self.name.to_owned(),
            column: column.to_owned(),
            known: self.names().map(str::to_owned).collect(),
            near: near_matches(column, self.names(), 3)
                .into_iter()
                .map(str::to_owned)
                .collect(),
        })
    }

    /// A column by the name given, else what is given for all rows; the column of the usual name where nothing is given.
    fn given(&self, given: Option<&String>, usual: &str) -> Result<Given> {
        match given {
            None => self.needed(usual).map(Given::Column),
            Some(text) => Ok(self
                .place(text)
                .map_or_else(|| Given::All(text.clone()), Given::Column)),
        }
    }

    /// Refuses a column whose type cannot be what it should.
    fn typed(&self, place: usize, expected: &str, fits: impl Fn(&DataType) -> bool) -> Result<()> {
        let field = self.schema.field(place);
        let found = match field.data_type() {
            DataType::Dictionary(_, values) => values,
            other => other,
        };
        // A column of nulls has no type of its own.
        if *found == DataType::Null || (is_readable(found) && fits(found)) {
            return Ok(());
        }
        Err(Error::ColumnType {
            path: self.name.to_owned(),
            column: field.name().clone(),
            expected: expected.to_owned(),
            found: found.to_string(),
        })
    }
}

fn is_text(kind: &DataType) -> bool {
    matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

impl Columns {
    fn of(name: &str, schema: &Schema, layout: &FrameLayout, warnings: &mut Vec<Warning>) -> Result<Self> {
        let frame = Frame { name, schema };
        let usual = |column: &str| frame.place(column);
        let (measure, figures) = if layout.figures.is_empty() {
            let value = frame.needed(layout.value.as_deref().unwrap_or("value"))?;
            let measure = frame.given(layout.measure.as_ref(), "measure")?;
            (Some(measure), vec![(value, None)])
        } else {
            let figures = layout.figures.iter();
            let figures = figures.map(|(column, id)| Ok((frame.needed(column)?, Some(id.clone()))));
            (None, figures.collect::<Result<Vec<_>>>()?)
        };
        let territory = match &layout.territory {
            None => usual("territory").map_or_else(|| Given::All("then".to_owned()), Given::Column),
            some => frame.given(some.as_ref(), "territory")?,
        };
        let columns = Self {
            area: frame.needed(layout.area.as_deref().unwrap_or("area"))?,
            period: frame.given(layout.period.as_ref(), "period")?,
            measure,
            territory,
            figures,
            status: usual("status"),
            missing: usual("missing"),
            origin: usual("origin"),
            note: usual("note"),
        };
        columns.check_types(&frame)?;
        columns.check_statuses(&frame)?;
        columns.left_out(&frame, warnings)?;
        Ok(columns)
    }

    fn check_types(&self, frame: &Frame) -> Result<()> {
        const AREA: &str =
            "text: codes have leading zeros (\"005\", not 5). Read the file with this column as text";
        const PERIOD: &str =
            "text or whole years: 2019, 2019-Q1 or 2019-01. A day is no period; take its year";
        frame.typed(self.area, AREA, is_text)?;
        if let Given::Column(place) = self.period {
            frame.typed(place, PERIOD, |kind| is_text(kind) || kind.is_numeric())?;
        }
        if let Given::Column(place) = self.territory {
            frame.typed(place, "dates or their text, 2021-01-01", |kind| {
                is_text(kind) || kind.is_temporal()
            })?;
        }
        for (place, _) in &self.figures {
            frame.typed(*place, "numbers", |kind| is_text(kind) || kind.is_numeric())?;
        }
        let measure = match self.measure {
            Some(Given::Column(place)) => Some(place),
            _ => None,
        };
        let texts = [measure, self.status, self.missing, self.origin, self.note];
        texts
            .into_iter()
            .flatten()
            .try_for_each(|place| frame.typed(place, "text", is_text))
    }

    /// Statuses, reasons and notes are of one figure; beside several nobody knows of which.
    fn check_statuses(&self, frame: &Frame) -> Result<()> {
        let beside = [self.status, self.missing, self.note]
            .into_iter()
            .flatten()
            .next();
        match beside.filter(|_| self.figures.len() > 1) {
            None => Ok(()),
            Some(place) => Err(Error::FrameStatus {
                path: frame.name.to_owned(),
                column: frame.schema.field(place).name().clone(),
                figures: self
                    .figures
                    .iter()
                    .map(|(place, _)| frame.schema.field(*place).name().clone())
                    .collect(),
            }),
        }
    }

    /// Columns that are nothing of an observation are named; one that was nearly called like one is refused.
    fn left_out(&self, frame: &Frame, warnings: &mut Vec<Warning>) -> Result<()> {
        let given = |given: &Given| match given {
            Given::Column(place) => Some(*place),
            Given::All(_) => None,
        };
        let mut used: Vec<usize> = [Some(self.area), given(&self.period), given(&self.territory)]
            .into_iter()
            .chain([self.measure.as_ref().and_then(given)])
            .chain([self.status, self.missing, self.origin, self.note])
            .flatten()
            .collect();
        used.extend(self.figures.iter().map(|(place, _)| *place));
        let absent = ["status", "missing", "territory", "origin", "note"];
        let absent = absent.into_iter().filter(|name| frame.place(name).is_none());
        let absent: Vec<&str> = absent.collect();
        let mut left = Vec::new();
        for (place, field) in frame.schema.fields().iter().enumerate() {
            let name = field.name().as_str();
            let counts_rows = name.starts_with(NAMELESS_INDEX) && field.data_type().is_integer();
            if used.contains(&place) || counts_rows {
                continue;
            }
            let nearly = |wanted: &&&str| strsim::levenshtein(&fold(name), wanted) <= 1;
            if let Some(near) = absent.iter().find(nearly) {
                return Err(Error::FrameColumnNear {
                    path: frame.name.to_owned(),
                    column: name.to_owned(),
                    near: (*near).to_owned(),
                });
            }
            left.push(Param::from(name));
        }
        if !left.is_empty() {
            let message = Message::new("warning.frame-columns-left-out").with("path", frame.name);
            warnings.push(Warning(message.with("columns", Param::List(left))));
        }
        Ok(())
    }

    fn read<'b>(&self, batch: &'b RecordBatch) -> Read<'b> {
        let column = |place: usize| batch.columns().get(place).map(cells).unwrap_or_default();
        let optional = |place: Option<usize>| place.map(column).unwrap_or_default();
        let given = |given: &Given| match given {
            Given::Column(place) => column(*place),
            Given::All(_) => Vec::new(),
        };
        Read {
            area: column(self.area),
            period: given(&self.period),
            measure: self.measure.as_ref().map(given).unwrap_or_default(),
            territory: given(&self.territory),
            figures: self.figures.iter().map(|(place, _)| column(*place)).collect(),
            status: optional(self.status),
            missing: optional(self.missing),
            origin: optional(self.origin),
            note: optional(self.note),
        }
    }
}

/// The text of a cell; `None` for an empty one.
fn text(cell: &FlatCell) -> Option<String> {
    Some(cell.text().into_owned()).filter(|text| !text.is_empty())
}

impl Row<'_, '_> {
    fn text(&self, cells: &[FlatCell]) -> Option<String> {
        cells.get(self.at).and_then(text)
    }

    fn given(&self, given: &Given, cells: &[FlatCell]) -> Option<String> {
        match given {
            Given::Column(_) => self.text(cells),
            Given::All(text) => Some(text.clone()),
        }
    }
}

/// An area by its code; without one it is the whole country.
type Found<'a> = (AreaCode, Option<&'a Area>);

/// What the texts of a frame mean, each worked out once.
struct Reader<'a> {
    place: Place<'a>,
    measures: HashMap<String, Observed<'a>>,
    periods: HashMap<String, Period>,
    areas: HashMap<String, Option<Found<'a>>>,
    unknown: BTreeMap<String, usize>,
    observations: Vec<ReadObservation>,
}

impl<'a> Reader<'a> {
    fn new(place: Place<'a>) -> Self {
        Self {
            place,
            measures: HashMap::new(),
            periods: HashMap::new(),
            areas: HashMap::new(),
            unknown: BTreeMap::new(),
            observations: Vec::new(),
        }
    }

    fn read(&mut self, row: &Row) -> Result<()> {
        let (line, place) = (row.line, self.place);
        let needed = |column: &str| place.cell(line, column, "a value", "");
        let measure = match (row.measure, &row.columns.measure) {
            (Some(id), _) => Some(id.to_owned()),
            (None, Some(measure)) => row.given(measure, &row.read.measure),
            (None, None) => None,
        };
        let observed = self.measure(line, measure.ok_or_else(|| needed("measure"))?)?;
        let period = row.given(&row.columns.period, &row.read.period);
        let period = self.period(line, period.unwrap_or_default())?;
        place.valid(line, observed.measure, period)?;
        let area = row.text(&row.read.area).ok_or_else(|| needed("area"))?;
        let Some((code, area)) = self.area(line, area)? else {
            return Ok(());
        };
        let borders = row.given(&row.columns.territory, &row.read.territory);
        let borders = self.borders(line, period, &borders.unwrap_or_default())?;
        place.exists(line, area, borders)?;
        let (status, missing, value) = self.value(row, &observed)?;
        let origin = match row.columns.origin {
            Some(_) => row.text(&row.read.origin).ok_or_else(|| needed("origin"))?,
            None => place.path.to_owned(),
        };
        self.observations.push(ReadObservation {
            observation: Observation {
                measure: observed.measure.id.clone(),
                period,
                area: code,
                value,
                status,
                missing,
                territory: borders,
                origin,
                note: row.text(&row.read.note).unwrap_or_default(),
            },
            line,
        });
        Ok(())
    }

    fn measure(&mut self, line: usize, id: String) -> Result<Observed<'a>> {
        if let Some(known) = self.measures.get(&id) {
            return Ok(*known);
        }
        let observed = self.place.measure(line, &id)?;
        self.measures.insert(id, observed);
        Ok(observed)
    }

    fn period(&mut self, line: usize, text: String) -> Result<Period> {
        if let Some(known) = self.periods.get(&text) {
            return Ok(*known);
        }
        let period = self.place.period(line, &text)?;
        self.periods.insert(text, period);
        Ok(period)
    }

    /// The area of a text; unknown ones are gathered, so that one error names them all.
    fn area(&mut self, line: usize, text: String) -> Result<Option<Found<'a>>> {
        if let Some(known) = self.areas.get(&text) {
            return Ok(known.clone());
        }
        let (place, territory) = (self.place, self.place.territory);
        let found = match place.area(&text) {
            Ok(area) => Some((AreaCode::new(text.as_str()), area)),
            Err(_) => match territory.written(&text) {
                Ok(area) => Some((area.code.clone(), Some(area))),
                Err(Error::AmbiguousArea { candidates, .. }) => {
                    let expected = format!("the code of one area: {}", candidates.join(" / "));
                    return Err(place.cell(line, "area", &expected, text));
                }
                Err(_) => None,
            },
        };
        if found.is_none() {
            self.unknown.entry(text.clone()).or_insert(line);
        }
        self.areas.insert(text, found.clone());
        Ok(found)
    }

    fn borders(&self, line: usize, period: Period, text: &str) -> Result<Date> {
        let territory = self.place.territory;
        match text {
            "now" => Ok(territory.now()),
            "then" => {
                let date = period.last_day().min(territory.now());
                self.place.borders(line, &date.to_string())
            }
            date => self.place.borders(line, date),
        }
    }

    fn value(&self, row: &Row, observed: &Observed) -> Result<(Status, Option<Missing>, Option<f64>)> {
        let (line, place) = (row.line, self.place);
        let shown = text(row.value);
        let status = match row.columns.status {
            Some(_) => {
                let letter = row.text(&row.read.status);
                let letter = letter.ok_or_else(|| place.cell(line, "status", "a value", ""))?;
                place.status(line, &letter)?
            }
            None if shown.is_none() => Status::Missing,
            None => Status::Normal,
        };
        place.presence(line, status, shown.as_ref().map(|value| value as &dyn Display))?;
        let reason = match row.columns.missing {
            Some(_) => row.text(&row.read.missing),
            None => status.usual_reason().map(|reason| reason.code().to_owned()),
        };
        let value = match row.value {
            FlatCell::Empty => None,
            FlatCell::Number(number) => Some(*number),
            other => Some(place.written_number(line, &other.text(), observed)?),
        };
        if let Some(value) = value {
            place.number(line, value, observed)?;
        }
        Ok((status, place.missing(line, status, reason.as_deref())?, value))
    }
}
