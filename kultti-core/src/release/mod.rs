//! A release: one self-contained, sorted Parquet file with facts, catalogue, territory and provenance, citable by the
//! hash of its content.
//!
//! Rows stand in the order of their key (measure, period, area, territory). The key-value metadata holds `kultti.id`,
//! `kultti.catalogue`, `kultti.territory` and `kultti.provenance`, and the indexes of three lists whose lines stand in
//! blocks between the rows and the footer, from `kultti.lists` on: `kultti.content` (rows and hash of every measure),
//! `kultti.measures` and `kultti.indicators` (JSON).
//! Any Parquet reader can read the rows without Kultti.

#[cfg(feature = "ledger")]
mod addressed;
mod blocks;
mod build;
mod builder;
mod content;
mod dictionary;
mod diff;
mod guard;
mod merge;
mod open;
mod order;
mod page_list;
mod period_rows;
mod provenance;
mod recipe;
mod row_group;
mod rows;
mod scan;
mod storage;
mod table_hash;
mod verify;
mod whole_file;
mod write;

#[cfg(feature = "ledger")]
pub use addressed::build_at;
pub use build::{Built, Sources, build, build_file};
pub use builder::{OwnRelease, OwnTable, ReleaseBuilder, SortedRows};
pub use content::{MeasureContent, PeriodContent};
pub use diff::{CellChange, CellFacts, CellField, PeriodChanges, TakenChanges};
pub use open::Release;
pub use period_rows::{PeriodRows, Row};
pub use provenance::{Provenance, TableProvenance};
pub use scan::{Taken, Wanted};
pub use verify::Verification;
pub use whole_file::WholeFile;
pub use write::{ReleaseWriter, write};

/// Keys of the file's metadata.
mod key {
    pub(super) use crate::source::RELEASE_ID as ID;
    pub(super) const CONTENT: &str = "kultti.content";
    pub(super) const CATALOGUE: &str = "kultti.catalogue";
    pub(super) const MEASURES: &str = "kultti.measures";
    pub(super) const INDICATORS: &str = "kultti.indicators";
    pub(super) const TERRITORY: &str = "kultti.territory";
    pub(super) const LISTS: &str = "kultti.lists";
    pub(super) const PROVENANCE: &str = "kultti.provenance";
}
