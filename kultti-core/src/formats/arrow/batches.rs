//! A cube as record batches, in bounded memory.

use super::columns::{cube_schema, has_text};
use crate::error::{Error, Result};
use crate::formats::{Absent, Cube, Mark};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, DictionaryArray, Float64Array, Int32Array, RecordBatch, RecordBatchReader, StringArray,
};
use arrow_schema::{ArrowError, SchemaRef};
use std::borrow::Borrow;
use std::collections::HashMap;
use std::sync::Arc;

/// Rows of a batch.
pub(super) const BATCH_ROWS: usize = 65_536;
/// Rows up to which cells that stand nowhere in the file are enumerated as zeros.
pub(super) const MOST_ENUMERATED: u64 = 100_000_000;

/// The cells of a cube as batches of at most 65,536 rows: see [`cube_batches`].
pub struct CubeBatches<C> {
    cube: C,
    schema: SchemaRef,
    codes: Vec<ArrayRef>,
    marks: Vec<MarkColumn>,
    rows: Rows,
}

/// The rows of a cube's table, in batches; columns and metadata are those of [`crate::formats::cube_schema`]. `name` is what
/// messages call the table.
///
/// A row is a cell that the file has; where absent cells are zeros ([`Absent::Zero`]), every position is a row. Memory is
/// that of the cube and one batch.
///
/// # Errors
/// [`Error::CannotHold`] for more than 100 million rows with zeros that the file leaves out, and for a dimension of more
/// than 2³¹ categories.
///
/// ```
/// use kultti_core::formats::{Absent, Category, Cells, Cube, Dimension, Mark, Role, cube_batches};
/// let area = Dimension::new("area", Role::Geo, vec![Category::new("272"), Category::new("091")]);
/// let mut cube = Cube::new(vec![area]);
/// cube.cells = Cells::sparse(Absent::Zero);
/// cube.cells.push_at(1, Some(12.5), Mark::default());
/// let batches: Vec<_> = cube_batches("visits", &cube)?.collect::<Result<_, _>>().unwrap();
/// assert_eq!(batches[0].num_rows(), 2);
/// # Ok::<(), kultti_core::Error>(())
/// ```
pub fn cube_batches<C: Borrow<Cube>>(name: &str, cube: C) -> Result<CubeBatches<C>> {
    let held = cube.borrow();
    let refused = |what: String| Error::CannotHold {
        path: name.to_owned(),
        format: "arrow".into(),
        what,
        advice: "Select fewer categories".into(),
    };
    let zeros = held.cells.absent() == Absent::Zero && held.cells.positions().is_some();
    let end = match held.size() {
        _ if !zeros => held.cells.len() as u64,
        Some(size) if size <= MOST_ENUMERATED => size,
        _ => {
            let what =
                format!("more than {MOST_ENUMERATED} rows of which most are zeros that the file leaves out");
            return Err(refused(what));
        }
    };
    if held
        .dimensions
        .iter()
        .any(|one| i32::try_from(one.categories.len()).is_err())
    {
        return Err(refused("a dimension of more than 2147483647 categories".into()));
    }
    let codes = held.dimensions.iter().map(|dimension| {
        let codes = dimension.categories.iter().map(|category| category.code.as_str());
        Arc::new(StringArray::from_iter_values(codes)) as ArrayRef
    });
    Ok(CubeBatches {
        schema: cube_schema(held),
        codes: codes.collect(),
        marks: mark_columns(held),
        rows: Rows {
            zeros,
            next: 0,
            end,
            cell: 0,
        },
        cube,
    })
}

/// Which row comes next.
struct Rows {
    /// Whether every position is a row.
    zeros: bool,
    /// The next position where every one is a row, else the next cell.
    next: u64,
    end: u64,
    /// The next cell.
    cell: usize,
}

impl Rows {
    /// The next row: its position, number and mark.
    fn take(&mut self, cube: &Cube) -> (u64, f64, u32) {
        let cells = &cube.cells;
        let at = cells.cell(self.cell);
        let position = match (self.zeros, at) {
            (false, Some(cell)) => cell.position,
            _ => self.next,
        };
        self.next += 1;
        match at.filter(|cell| cell.position == position) {
            None => (position, 0.0, 0),
            Some(cell) => {
                let mark = cells.mark_number(self.cell);
                self.cell += 1;
                (position, cell.value.unwrap_or(f64::NAN), mark)
            }
        }
    }
}

/// The place of the category in every dimension, for positions that mostly follow each other.
struct Odometer {
    sizes: Vec<u64>,
    places: Vec<i32>,
    position: Option<u64>,
}

impl Odometer {
    fn new(cube: &Cube) -> Self {
        Self {
            sizes: cube.sizes().into_iter().map(|size| size.max(1) as u64).collect(),
            places: vec![0; cube.dimensions.len()],
            position: None,
        }
    }

    fn to(&mut self, position: u64) -> &[i32] {
        if self
            .position
            .is_some_and(|before| before.checked_add(1) == Some(position))
        {
            for (place, size) in self.places.iter_mut().zip(&self.sizes).rev() {
                *place += 1;
                if u64::try_from(*place).is_ok_and(|place| place < *size) {
                    break;
                }
                *place = 0;
            }
        } else {
            let mut rest = position;
            for (place, size) in self.places.iter_mut().zip(&self.sizes).rev() {
                *place = i32::try_from(rest % size).unwrap_or(0);
                rest /= size;
            }
        }
        self.position = Some(position);
        &self.places
    }
}

/// A column that says something of a mark: the distinct texts, and which of them each distinct mark has.
struct MarkColumn {
    texts: ArrayRef,
    keys: Vec<Option<i32>>,
}

fn mark_columns(cube: &Cube) -> Vec<MarkColumn> {
    let column = |text: &dyn Fn(&Mark) -> Option<&str>| {
        let mut known = HashMap::new();
        let mut texts = Vec::new();
        let mut key = |mark| {
            let text = text(mark)?;
            let key = *known.entry(text).or_insert_with(|| {
                texts.push(text.to_owned());
                texts.len() - 1
            });
            i32::try_from(key).ok()
        };
        let keys = cube.cells.distinct_marks().iter().map(&mut key).collect();
        MarkColumn {
            texts: Arc::new(StringArray::from_iter_values(texts)),
            keys,
        }
    };
    let mut columns = vec![
        column(&|mark| mark.status.as_deref()),
        column(&|mark| mark.symbol.as_deref()),
    ];
    if has_text(cube) {
        columns.push(column(&|mark| mark.text.as_deref()));
    }
    columns.extend((0..cube.attributes.len()).map(|place| column(&|mark| mark.attribute(place))));
    columns
}

impl<C: Borrow<Cube>> CubeBatches<C> {
    fn batch(&mut self, length: usize) -> Result<RecordBatch, ArrowError> {
        let cube = self.cube.borrow();
        let mut odometer = Odometer::new(cube);
        let mut places = vec![Vec::with_capacity(length); cube.dimensions.len()];
        let mut values = Vec::with_capacity(length);
        let mut marks = Vec::with_capacity(length);
        for _ in 0..length {
            let (position, value, mark) = self.rows.take(cube);
            for (column, place) in places.iter_mut().zip(odometer.to(position)) {
                column.push(*place);
            }
            values.push((!value.is_nan()).then_some(value));
            marks.push(mark as usize);
        }
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(self.schema.fields().len());
        for (places, codes) in places.into_iter().zip(&self.codes) {
            columns.push(keyed(Int32Array::from(places), codes)?);
        }
        columns.push(Arc::new(Float64Array::from(values)));
        for column in &self.marks {
            let key = |mark: &usize| column.keys.get(*mark).copied().flatten();
            columns.push(keyed(marks.iter().map(key).collect(), &column.texts)?);
        }
        RecordBatch::try_new(Arc::clone(&self.schema), columns)
    }
}

fn keyed(keys: Int32Array, texts: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let array = DictionaryArray::<Int32Type>::try_new(keys, Arc::clone(texts))?;
    Ok(Arc::new(array))
}

impl<C: Borrow<Cube>> Iterator for CubeBatches<C> {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let left = self.rows.end - self.rows.next;
        let length = usize::try_from(left).unwrap_or(BATCH_ROWS).min(BATCH_ROWS);
        (length > 0).then(|| self.batch(length))
    }
}

impl<C: Borrow<Cube>> RecordBatchReader for CubeBatches<C> {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}
