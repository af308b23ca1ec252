//! Foreign files ↔ cubes and observations, one file or folder per format, reader and writer beside each other. A format
//! reads what stands in a file; it does not judge values.

mod arrow;
mod csv;
mod cube;
mod encoding;
mod flat;
mod format;
mod frame;
mod import;
mod jsonstat;
mod mapping;
mod observations_csv;
mod observations_parquet;
mod parts;
mod place;
mod px;
mod sdmx_csv;
mod xlsx;

pub use arrow::{CubeBatches, cube_batches, cube_from_batches, cube_schema, read_batches};
#[cfg(feature = "ledger")]
pub(crate) use csv::{guarded_text, unguarded_text};
pub use cube::{
    Absent, Attribute, Category, Cell, Cells, Cube, Dimension, Labels, Mark, Note, NotePlace, Role,
    TimePeriod, Unit,
};
pub use format::{
    Format, ReadOptions, Reading, Target, Warning, WriteOptions, read_cube, read_cube_file, write_cube,
};
pub(crate) use frame::frame_texts;
pub use frame::{FrameLayout, FrameObservations, read_frame};
pub use import::{ImportContext, ImportMapping, Imported, import_cube};
pub use mapping::{
    CategoryMapping, ColumnMapping, ColumnRole, CubeTexts, DimensionMapping, Mapping, SheetChoice, Symbol,
    SymbolsOf, TableShape,
};
pub use observations_csv::{COLUMNS, ReadObservation, read_observations};
pub use observations_parquet::ParquetObservations;
pub use parts::Part;
pub use px::PxStream;
pub use sdmx_csv::{DataStructure, SdmxLabels, SdmxOptions, data_structure};
#[cfg(feature = "ledger")]
pub(crate) use xlsx::check_package;
