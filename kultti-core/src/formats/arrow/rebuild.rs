//! Record batches as a cube again.

use super::columns::{CUBE, Header, Names};
use super::described::{self, Roles};
use super::texts::{NONE, Refused, Texts, numbers};
use crate::error::{Error, Result};
use crate::formats::{Absent, Cells, Cube, Format, Mapping, Mark};
use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, Schema};
use std::collections::HashMap;

/// A table by the name that messages call it.
pub(super) struct Table<'a> {
    pub(super) name: &'a str,
    pub(super) format: Format,
    /// More rows than this are out of proportion to the file.
    pub(super) most_rows: u64,
}

/// The cube of a table in the columns of [`crate::formats::cube_schema`]; `name` is what messages call it.
///
/// With the metadata `kultti.cube` it is exactly that cube with the rows that are left, in whatever order they stand; with
/// `jsonstat.*` keys it is what they say, categories without a list in the order of their first row. Any other table is one
/// for [`crate::formats::read_batches`], which says what it assumes.
///
/// # Errors
/// [`Error::MalformedFile`] for a table that does not say what it is, one whose rows name other categories, two rows for one
/// cell, and batches that cannot be read.
///
/// ```
/// use kultti_core::formats::{Category, Cells, Cube, Dimension, Role, cube_batches, cube_from_batches, cube_schema};
/// let area = Dimension::new("area", Role::Geo, vec![Category::new("272"), Category::new("091")]);
/// let mut cube = Cube::new(vec![area]);
/// cube.cells = Cells::of_values(vec![1.5, f64::NAN]);
/// let again = cube_from_batches("visits", &cube_schema(&cube), cube_batches("visits", &cube)?)?;
/// assert_eq!(again, cube);
/// # Ok::<(), kultti_core::Error>(())
/// ```
pub fn cube_from_batches(
    name: &str,
    schema: &Schema,
    batches: impl Iterator<Item = Result<RecordBatch, ArrowError>>,
) -> Result<Cube> {
    let table = Table {
        name,
        format: Format::Arrow,
        most_rows: u64::MAX,
    };
    table.cube(schema, batches)
}

impl Table<'_> {
    pub(super) fn error(&self, part: &str, line: usize, expected: &str, found: &str) -> Error {
        Error::MalformedFile {
            path: self.name.to_owned(),
            format: self.format.to_string(),
            line,
            column: String::new(),
            part: part.to_owned(),
            expected: expected.to_owned(),
            found: found.to_owned(),
        }
    }

    /// Whether the metadata say what the columns are, and the mapping does not.
    pub(super) fn says_what_it_is(&self, schema: &Schema, mapping: Option<&Mapping>) -> bool {
        let mapped = mapping.is_some_and(|mapping| !mapping.columns.is_empty() || mapping.wide.is_some());
        !mapped && (schema.metadata().contains_key(CUBE) || described::roles(schema).is_some())
    }

    /// The error for rows that cannot be read.
    pub(super) fn unreadable(&self, line: usize, cause: &dyn std::fmt::Display) -> Error {
        self.error("", line, "readable rows", &cause.to_string())
    }

    /// Refuses more rows than a file of this size may have.
    pub(super) fn bounded(&self, rows: usize, more: usize) -> Result<()> {
        if (rows as u64).saturating_add(more as u64) <= self.most_rows {
            return Ok(());
        }
        let expected = format!("at most {} rows in a file of this size", self.most_rows);
        Err(self.error("", rows + 1, &expected, "more"))
    }

    pub(super) fn cube<E: std::fmt::Display>(
        &self,
        schema: &Schema,
        batches: impl Iterator<Item = Result<RecordBatch, E>>,
    ) -> Result<Cube> {
        if let Some(text) = schema.metadata().get(CUBE) {
            return self.exact(text, schema, batches);
        }
        match described::roles(schema) {
            Some(roles) => self.described(&roles, schema, batches),
            None => {
                let names: Vec<&str> = schema
                    .fields()
                    .iter()
                    .map(|field| field.name().as_str())
                    .collect();
                let expected = "metadata that say what the columns are";
                Err(self.error("", 1, expected, &names.join(", ")))
            }
        }
    }

    /// The cube of its own metadata.
    fn exact<E: std::fmt::Display>(
        &self,
        text: &str,
        schema: &Schema,
        batches: impl Iterator<Item = Result<RecordBatch, E>>,
    ) -> Result<Cube> {
        let unsound = |found: &str| self.error(CUBE, 1, "a cube without its cells", found);
        let header: Header = serde_json::from_str(text).map_err(|cause| unsound(&cause.to_string()))?;
        let mut cube = header.cube;
        if !cube.is_sound() {
            return Err(unsound("codes that repeat, or places that are not there"));
        }
        let names = Names::of(&cube);
        let column = |name: &String| schema.index_of(name).ok();
        let needed =
            |name: &String| column(name).ok_or_else(|| self.error(name, 1, "a column of this name", "none"));
        let mut columns = Columns {
            dimensions: names.dimensions.iter().map(needed).collect::<Result<_>>()?,
            value: needed(&names.value)?,
            marks: vec![column(&names.status), column(&names.symbol), column(&names.text)],
        };
        columns.marks.extend(names.attributes.iter().map(column));
        let codes = cube.dimensions.iter().map(|dimension| {
            let codes = dimension.categories.iter().map(|category| category.code.as_str());
            Texts::of(codes, true)
        });
        let mut rows = Rows::new(codes.collect(), columns.marks.len());
        self.read(&columns, &mut rows, schema, batches)?;
        cube.cells = self.cells(&mut rows, &cube, header.absent)?;
        Ok(cube)
    }

    /// The cube that the keys of JSON-stat describe.
    fn described<E: std::fmt::Display>(
        &self,
        roles: &Roles,
        schema: &Schema,
        batches: impl Iterator<Item = Result<RecordBatch, E>>,
    ) -> Result<Cube> {
        let codes = roles.dimensions.iter().map(|column| {
            let order = described::order(schema.field(*column));
            Texts::of(order.iter().map(String::as_str), false)
        });
        let columns = Columns {
            dimensions: roles.dimensions.clone(),
            value: roles.value,
            marks: vec![None, roles.status],
        };
        let mut rows = Rows::new(codes.collect(), columns.marks.len());
        self.read(&columns, &mut rows, schema, batches)?;
        let codes = std::mem::take(&mut rows.codes);
        let codes = codes.into_iter().map(Texts::into_list).collect();
        let mut cube = described::header(schema, roles, codes);
        cube.cells = self.cells(&mut rows, &cube, Absent::NotGiven)?;
        Ok(cube)
    }

    fn read<E: std::fmt::Display>(
        &self,
        columns: &Columns,
        rows: &mut Rows,
        schema: &Schema,
        batches: impl Iterator<Item = Result<RecordBatch, E>>,
    ) -> Result<()> {
        for batch in batches {
            let line = rows.values.len() + 1;
            let batch = batch.map_err(|cause| self.unreadable(line, &cause))?;
            self.bounded(rows.values.len(), batch.num_rows())?;
            let name = |column: usize| schema.fields().get(column).map_or("", |field| field.name());
            rows.take(columns, &batch).map_err(|flaw| match flaw {
                Flaw::Type(column) => {
                    let found = batch
                        .schema()
                        .fields()
                        .get(column)
                        .map(|field| field.data_type().to_string());
                    let expected = if column == columns.value {
                        "numbers"
                    } else {
                        "text"
                    };
                    self.error(name(column), line, expected, &found.unwrap_or_default())
                }
                Flaw::Unknown(column, row, code) => {
                    self.error(name(column), line + row, "a category of the dimension", &code)
                }
            })?;
        }
        Ok(())
    }

    fn cells(&self, rows: &mut Rows, cube: &Cube, absent: Absent) -> Result<Cells> {
        let size = cube
            .size()
            .ok_or_else(|| self.error("", 1, "fewer than 2^64 cells", "more"))?;
        let sizes = cube.sizes();
        let positions = rows.positions(&sizes);
        let mut order: Vec<usize> = Vec::new();
        if !positions.is_sorted() {
            order = (0..positions.len()).collect();
            order.sort_by_key(|row| positions[*row]);
        }
        let row = |at: usize| order.get(at).copied().unwrap_or(at);
        if let Some(at) = (1..positions.len()).find(|at| positions[row(*at)] == positions[row(at - 1)]) {
            let expected = "one row for each cell";
            return Err(self.error(
                "",
                row(at) + 1,
                expected,
                &format!("the cell of row {} again", row(at - 1) + 1),
            ));
        }
        // Ascending and without repetition: as many as there are positions are all of them.
        let every = positions.len() as u64 == size && absent == Absent::NotGiven;
        let mut cells = if every {
            Cells::dense()
        } else {
            Cells::sparse(absent)
        };
        let marks: Vec<u32> = rows
            .marks(cube)
            .into_iter()
            .map(|mark| cells.intern(mark))
            .collect();
        cells.reserve(positions.len());
        for row in (0..positions.len()).map(row) {
            let value = rows.values[row];
            let mark = marks.get(rows.marks[row] as usize).copied().unwrap_or_default();
            if every {
                cells.push_interned(value, mark);
            } else if absent == Absent::NotGiven || mark != 0 || value.to_bits() != 0 {
                cells.push_interned_at(positions[row], value, mark);
            }
        }
        Ok(cells)
    }
}

/// Which column of a table holds what.
struct Columns {
    dimensions: Vec<usize>,
    value: usize,
    /// Status, symbol, text and the attributes; the table may lack any of them.
    marks: Vec<Option<usize>>,
}

/// What is wrong with a batch: the column, and the row in it.
enum Flaw {
    Type(usize),
    Unknown(usize, usize, String),
}

/// The rows read so far.
struct Rows {
    /// The codes of each dimension.
    codes: Vec<Texts>,
    /// The places of every row, dimension by dimension.
    places: Vec<Vec<u32>>,
    values: Vec<f64>,
    /// The texts of each column of marks.
    texts: Vec<Texts>,
    /// The mark of every row, a place in `distinct`.
    marks: Vec<u32>,
    distinct: Vec<Vec<u32>>,
    known: HashMap<Vec<u32>, u32>,
}

impl Rows {
    fn new(codes: Vec<Texts>, marks: usize) -> Self {
        let none = vec![NONE; marks];
        Self {
            places: vec![Vec::new(); codes.len()],
            codes,
            values: Vec::new(),
            texts: (0..marks).map(|_| Texts::default()).collect(),
            marks: Vec::new(),
            distinct: vec![none.clone()],
            known: HashMap::from([(none, 0)]),
        }
    }

    fn take(&mut self, columns: &Columns, batch: &RecordBatch) -> Result<(), Flaw> {
        let flaw = |column: usize, refused: Refused| match refused {
            Refused::Type => Flaw::Type(column),
            Refused::Unknown(row, text) => Flaw::Unknown(column, row, text),
        };
        let dimensions = columns
            .dimensions
            .iter()
            .zip(&mut self.codes)
            .zip(&mut self.places);
        for ((column, codes), places) in dimensions {
            let array = batch.columns().get(*column).ok_or(Flaw::Type(*column))?;
            let numbers = codes.numbers(array).map_err(|refused| flaw(*column, refused))?;
            if let Some(row) = numbers.iter().position(|number| *number == NONE) {
                return Err(Flaw::Unknown(*column, row, String::new()));
            }
            places.extend(numbers);
        }
        let values = batch.columns().get(columns.value).and_then(numbers);
        self.values.extend(values.ok_or(Flaw::Type(columns.value))?);
        let mut marks = Vec::with_capacity(columns.marks.len());
        for (column, texts) in columns.marks.iter().zip(&mut self.texts) {
            let Some(column) = column else {
                marks.push(Vec::new());
                continue;
            };
            let array = batch.columns().get(*column).ok_or(Flaw::Type(*column))?;
            marks.push(texts.numbers(array).map_err(|refused| flaw(*column, refused))?);
        }
        self.take_marks(&marks, batch.num_rows());
        Ok(())
    }

    fn take_marks(&mut self, columns: &[Vec<u32>], rows: usize) {
        let mut last: Option<(Vec<u32>, u32)> = None;
        let mut key = Vec::with_capacity(columns.len());
        for row in 0..rows {
            key.clear();
            key.extend(
                columns
                    .iter()
                    .map(|column| column.get(row).copied().unwrap_or(NONE)),
            );
            let number = match &last {
                Some((known, number)) if *known == key => *number,
                _ => {
                    let next = u32::try_from(self.distinct.len()).unwrap_or(u32::MAX);
                    let number = *self.known.entry(key.clone()).or_insert(next);
                    if number == next {
                        self.distinct.push(key.clone());
                    }
                    last = Some((key.clone(), number));
                    number
                }
            };
            self.marks.push(number);
        }
    }

    /// The position of every row; the sizes hold every place.
    fn positions(&mut self, sizes: &[usize]) -> Vec<u64> {
        let mut positions = vec![0u64; self.values.len()];
        for (places, size) in std::mem::take(&mut self.places).into_iter().zip(sizes) {
            for (position, place) in positions.iter_mut().zip(places) {
                *position = position.wrapping_mul(*size as u64).wrapping_add(u64::from(place));
            }
        }
        positions
    }

    /// The distinct marks.
    fn marks(&self, cube: &Cube) -> Vec<Mark> {
        let mark = |key: &Vec<u32>| {
            let text = |column: usize| {
                let number = *key.get(column)?;
                self.texts.get(column)?.get(number).map(str::to_owned)
            };
            let mut attributes: Vec<_> = (0..cube.attributes.len()).map(|place| text(3 + place)).collect();
            while attributes.pop_if(|last| last.is_none()).is_some() {}
            Mark {
                status: text(0),
                symbol: text(1),
                text: text(2),
                attributes,
            }
        };
        self.distinct.iter().map(mark).collect()
    }
}
