//! Columns that another program wrote, as a flat table: texts stay texts, so that codes keep their leading zeros.

use super::rebuild::Table;
use super::typed::{cells, is_readable};
use crate::error::Result;
use crate::formats::flat::{EachRow, FlatCell, FlatTable, TablePlace, read_flat};
use crate::formats::{Format, Mapping, Reading, Warning};
use crate::language::{Message, Param};
use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, DataType, Schema};
use serde_json::Value;
use std::mem;

/// The rows of a table, from the first one.
pub(super) type Batches<'b> = Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>> + 'b>;
/// Opens a table anew: where nobody says what the columns mean, its rows are gone through twice.
pub(super) type Opened<'o, 'b> = &'o mut dyn FnMut() -> Result<Batches<'b>>;

/// Where pandas says which columns are the index of a frame; it writes them last.
const PANDAS: &str = "pandas";
/// What pandas calls an index without a name.
const NAMELESS_INDEX: &str = "__index_level_";
/// What PxWeb adds to the name of a column of figures, for the column after it with the symbols of missing ones.
const SYMBOL: &str = "_symbol";
/// What PxWeb calls the column after that of the periods, with the first moment of each.
const TIMESTAMP: &str = "timestamp";

/// Reads a table that does not say what its columns are, by a mapping or by the rules of tables in text.
pub(super) fn read(
    table: &Table<'_>,
    schema: &Schema,
    mapping: Option<&Mapping>,
    open: Opened<'_, '_>,
) -> Result<Reading> {
    let mut warnings = Vec::new();
    let columns = columns(schema, mapping, &mut warnings);
    let names = columns
        .iter()
        .map(|column| schema.field(column.place).name().clone());
    let mut rows = BatchTable {
        table,
        names: names.collect(),
        columns,
        open,
    };
    let mut flat = read_flat(&mut rows, mapping)?;
    warnings.append(&mut flat.warnings);
    Ok(Reading {
        cube: flat.cube,
        format: table.format,
        encoding: None,
        warnings,
    })
}

/// A column that is read: its place, and that of the column with the symbols of its missing figures.
struct Column {
    place: usize,
    symbols: Option<usize>,
}

/// The columns that are read, in the order in which the rules understand them.
fn columns(schema: &Schema, mapping: Option<&Mapping>, warnings: &mut Vec<Warning>) -> Vec<Column> {
    let fields = schema.fields();
    let named = |name: &str| {
        let columns = mapping
            .map(|mapping| mapping.columns.as_slice())
            .unwrap_or_default();
        columns.iter().any(|column| column.name.as_deref() == Some(name))
    };
    let numbered =
        mapping.is_some_and(|mapping| mapping.columns.iter().any(|column| column.number.is_some()));
    if numbered {
        // The numbers of a mapping are those of the file.
        return (0..fields.len())
            .map(|place| Column { place, symbols: None })
            .collect();
    }
    let mut columns: Vec<Column> = Vec::new();
    let (mut unreadable, mut has_symbols) = (Vec::new(), false);
    for (place, field) in fields.iter().enumerate() {
        if !is_readable(field.data_type()) {
            unreadable.push(Param::from(field.name()));
            continue;
        }
        let before = columns.last_mut();
        let figures = before.filter(|before| symbols_of(schema, before.place, place) && !named(field.name()));
        if let Some(before) = figures {
            before.symbols = Some(place);
            has_symbols = true;
            continue;
        }
        columns.push(Column { place, symbols: None });
    }
    if !unreadable.is_empty() {
        let message = Message::new("warning.columns-unreadable").with("columns", Param::List(unreadable));
        warnings.push(Warning(message));
    }
    let by_rules = mapping.is_none_or(|mapping| mapping.columns.is_empty());
    if by_rules {
        let of_pxweb = |column: &Column| {
            let field = schema.field(column.place);
            has_symbols && field.name() == TIMESTAMP && matches!(field.data_type(), DataType::Timestamp(..))
        };
        // A nameless index counts the rows and says nothing of them; names of categories are no numbers.
        let counts_rows = |column: &Column| {
            let field = schema.field(column.place);
            field.name().starts_with(NAMELESS_INDEX) && field.data_type().is_integer()
        };
        columns.retain(|column| !of_pxweb(column) && !counts_rows(column));
    }
    let index = pandas_index(schema);
    columns.sort_by_key(|column| {
        let name = schema.field(column.place).name();
        index.iter().position(|level| level == name).unwrap_or(usize::MAX)
    });
    columns
}

/// Whether a column has the symbols of the figures in another.
fn symbols_of(schema: &Schema, figures: usize, symbols: usize) -> bool {
    let (figures, symbols) = (schema.field(figures), schema.field(symbols));
    let is_text = matches!(
        symbols.data_type(),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View
    );
    let same = symbols.name().strip_suffix(SYMBOL) == Some(figures.name());
    is_text && same && figures.data_type().is_floating()
}

/// The columns that are the index of a frame of pandas, the outermost first.
fn pandas_index(schema: &Schema) -> Vec<String> {
    let described: Option<Value> = schema
        .metadata()
        .get(PANDAS)
        .and_then(|text| serde_json::from_str(text).ok());
    let levels = described
        .as_ref()
        .and_then(|described| described.get("index_columns"));
    let levels = levels.and_then(Value::as_array).into_iter().flatten();
    levels.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Columns as a flat table.
struct BatchTable<'t, 'o, 'b> {
    table: &'t Table<'t>,
    names: Vec<String>,
    columns: Vec<Column>,
    open: Opened<'o, 'b>,
}

impl BatchTable<'_, '_, '_> {
    /// The cells of a batch, column by column.
    fn cells<'r>(&self, batch: &'r RecordBatch) -> Vec<Vec<FlatCell<'r>>> {
        let all = |place: usize| batch.columns().get(place).map(cells).unwrap_or_default();
        let read = |column: &Column| {
            let mut figures = all(column.place);
            let symbols = column.symbols.map(all).unwrap_or_default();
            for (figure, symbol) in figures.iter_mut().zip(symbols) {
                if *figure == FlatCell::Empty {
                    *figure = symbol;
                }
            }
            figures
        };
        self.columns.iter().map(read).collect()
    }
}

impl FlatTable for BatchTable<'_, '_, '_> {
    fn columns(&self) -> &[String] {
        &self.names
    }

    fn rows(&mut self, each: &mut EachRow<'_>) -> Result<()> {
        let mut row = 0;
        for batch in (self.open)()? {
            let batch = batch.map_err(|cause| self.table.unreadable(row + 1, &cause))?;
            self.table.bounded(row, batch.num_rows())?;
            let mut columns = self.cells(&batch);
            let mut cells = Vec::with_capacity(columns.len());
            for at in 0..batch.num_rows() {
                row += 1;
                cells.clear();
                let taken = columns
                    .iter_mut()
                    .map(|column| column.get_mut(at).map_or(FlatCell::Empty, take));
                cells.extend(taken);
                each(row, &cells)?;
            }
        }
        Ok(())
    }

    fn place(&self) -> TablePlace {
        TablePlace {
            path: self.table.name.to_owned(),
            format: self.table.format.name(),
            sheet: None,
        }
    }
}

fn take<'r>(cell: &mut FlatCell<'r>) -> FlatCell<'r> {
    mem::replace(cell, FlatCell::Empty)
}

/// Reads record batches in memory as a table of any kind, as [`crate::formats::read_cube`] reads a file.
///
/// A table that says by its metadata what it is becomes that cube ([`crate::formats::cube_from_batches`]) unless the
/// mapping names columns; any other is read by the mapping, or by rules that a warning tells. Texts stay texts, a null and
/// NaN are missing figures, dates are spelt `2019-12-31`.
///
/// # Errors
/// Those of [`crate::formats::read_cube`] for a table in text.
///
/// ```
/// use arrow_array::{Float64Array, RecordBatch, StringArray};
/// use kultti_core::formats::{ReadOptions, read_batches};
/// use std::sync::Arc;
/// let table = RecordBatch::try_from_iter([
///     ("area", Arc::new(StringArray::from(vec!["005", "091"])) as _),
///     ("value", Arc::new(Float64Array::from(vec![1.5, f64::NAN])) as _),
/// ]).unwrap();
/// let reading = read_batches("visits", &table.schema(), [Ok(table)].into_iter(), &ReadOptions::default())?;
/// assert_eq!(reading.cube.dimensions[0].categories[0].code, "005");
/// assert_eq!(reading.cube.cells.iter().map(|cell| cell.value).collect::<Vec<_>>(), [Some(1.5), None]);
/// # Ok::<(), kultti_core::Error>(())
/// ```
pub fn read_batches(
    name: &str,
    schema: &Schema,
    batches: impl Iterator<Item = Result<RecordBatch, ArrowError>>,
    options: &crate::formats::ReadOptions,
) -> Result<Reading> {
    let table = Table {
        name,
        format: Format::Arrow,
        most_rows: u64::MAX,
    };
    if table.says_what_it_is(schema, options.mapping.as_ref()) {
        return Ok(Reading {
            cube: table.cube(schema, batches)?,
            format: table.format,
            encoding: None,
            warnings: Vec::new(),
        });
    }
    // A stream comes once; its batches are those of the program that gave them, and are not copied.
    let whole: Result<Vec<RecordBatch>, ArrowError> = batches.collect();
    let whole = whole.map_err(|cause| table.unreadable(1, &cause))?;
    let mut open = || Ok(Box::new(whole.iter().cloned().map(Ok)) as Batches<'_>);
    read(&table, schema, options.mapping.as_ref(), &mut open)
}
