//! Foreign files ↔ observations, one file per format. A format reads what stands in a file; it does not judge values.

mod observations_csv;
mod observations_parquet;
mod place;

pub use observations_csv::{COLUMNS, ReadObservation, read_observations};
pub use observations_parquet::ParquetObservations;
