//! Apache Arrow and Parquet: the cube as one long table, a row for each cell, with everything else in the metadata.
//!
//! The columns, in this order:
//!
//! | column | type | what it holds |
//! |---|---|---|
//! | one per dimension, named by its code | dictionary of text | the code of the category |
//! | `value` | 64-bit float | the number; null where there is none, never NaN |
//! | `status` | dictionary of text | the observation status, a code of SDMX `CL_OBS_STATUS` |
//! | `symbol` | dictionary of text | the symbol as it stood in the file |
//! | `text` | dictionary of text | a text in place of a number; only where a cell has one |
//! | one per attribute, named by its code | dictionary of text | the value of the attribute |
//!
//! A name that is taken gets `_` at its end, as often as needed: dimensions choose first, then `value`, `status`, `symbol`,
//! `text`, then attributes. Rows stand in the cube's order, the last dimension runs fastest. A row is a cell that the file
//! has; cells that a PX file with KEYS leaves out are zeros and become rows.
//!
//! Metadata of fields and schema follow the mapping of JSON-stat to Arrow by JSON-stat's author: `jsonstat.role` (`time`,
//! `geo`, `metric`), `jsonstat.label`, `jsonstat.categoryLabels`, `jsonstat.categoryUnits`, `jsonstat.categoryCoords`,
//! `jsonstat.categoryChild`, `jsonstat.categoryOrder` on a dimension; `jsonstat.measure` and `jsonstat.status` = `true` on
//! the columns of numbers and statuses; `jsonstat.label`, `jsonstat.source`, `jsonstat.updated`, `jsonstat.extension` and
//! `jsonstat.valueForm` on the schema. They hold the first language. One key of ours, `kultti.cube`, holds the whole cube
//! without its cells as JSON, so that nothing is lost on the way through Arrow or Parquet: all languages, notes, units,
//! hierarchies, and what only one format knows.
//!
//! A table with `kultti.cube` is read as exactly that cube, whatever rows are left in it and however they are sorted; one
//! with `jsonstat.*` keys as these say. Any other table, of pandas, polars or DuckDB, is read as one in text is: by a mapping
//! or by rules. Texts stay texts, nulls and NaN are missing figures. What PxWeb writes (beta) is such a table: a column
//! `<figures>_symbol` after a column of figures has the symbols of its missing ones, and belongs to it; `timestamp` says
//! the first moment of each period once more.

mod batches;
mod columns;
mod described;
mod file;
mod foreign;
mod rebuild;
mod texts;
mod typed;

pub use batches::{CubeBatches, cube_batches};
pub use columns::cube_schema;
pub(super) use file::{read, write};
pub use foreign::read_batches;
pub use rebuild::cube_from_batches;
pub(super) use typed::{cells, is_readable};
