//! Areas through time: names and codes, groupings, mergers and splits, joint arrangements; any country's, as data.
//!
//! Borders are named by a date. Between two dates without a change they are the same borders; over a change, figures
//! travel along the graph of mergers and splits ([`Territory::transfer`]).

mod document;
mod grouping;
mod load;
mod lookup;
mod transfer;

pub use document::{
    Area, Change, Country, Group, Grouping, JointArrangement, Membership, PartScope, SizeClasses,
    TerritoryDocument, Weights,
};
pub use grouping::{COUNTRY, GroupLabel};
pub use transfer::{Basis, Origin, Part, Transfer};

use crate::error::Result;
use crate::model::{AreaCode, Date};
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

/// Transfers by (version from, version to).
type TransferCache = Mutex<HashMap<(usize, usize), Arc<Transfer>>>;

/// The areas of a country through time.
#[derive(Debug)]
pub struct Territory {
    document: TerritoryDocument,
    by_code: HashMap<AreaCode, usize>,
    /// Dates of change, ascending, each once.
    change_dates: Vec<Date>,
    transfers: TransferCache,
}

impl Territory {
    /// Reads the tables of a territory folder (`territory.toml`, `areas.csv`, `changes.csv`, `groupings.csv`,
    /// `groups.csv`, `memberships.csv`) and, where there is one, the register of joint arrangements.
    ///
    /// # Errors
    /// [`crate::Error::Io`] for a missing file, [`crate::Error::Cell`], [`crate::Error::Header`],
    /// [`crate::Error::InvalidField`] and their kin, each with file, line and column.
    pub fn load(folder: &Path, joint_units: Option<&Path>) -> Result<Self> {
        Ok(Self::from_document(load::folder(folder, joint_units)?))
    }

    /// The territory of a document, as a release holds it.
    pub fn from_document(document: TerritoryDocument) -> Self {
        let by_code = document
            .areas
            .iter()
            .enumerate()
            .map(|(index, area)| (area.code.clone(), index))
            .collect();
        let mut change_dates: Vec<Date> = document.changes.iter().map(|change| change.date).collect();
        change_dates.sort_unstable();
        change_dates.dedup();
        Self {
            document,
            by_code,
            change_dates,
            transfers: Mutex::default(),
        }
    }

    /// The document.
    pub fn document(&self) -> &TerritoryDocument {
        &self.document
    }

    /// The date that `now` means: the last territory date of the release, never the wall clock.
    pub fn now(&self) -> Date {
        self.document.now
    }

    /// The first date whose borders are known as a whole.
    pub fn first(&self) -> Date {
        self.document.first
    }

    /// Which borders a date stands on, counted by changes up to that day: equal numbers are equal borders.
    pub fn version(&self, date: Date) -> usize {
        self.change_dates.partition_point(|change| *change <= date)
    }

    /// Whether both dates stand on the same borders.
    pub fn same_borders(&self, left: Date, right: Date) -> bool {
        self.version(left) == self.version(right)
    }

    /// An area by code.
    pub fn area(&self, code: &str) -> Option<&Area> {
        self.by_code
            .get(code)
            .and_then(|index| self.document.areas.get(*index))
    }

    /// The areas that existed on a day, by code.
    pub fn areas_on(&self, date: Date) -> Vec<&Area> {
        let mut areas: Vec<&Area> = self
            .document
            .areas
            .iter()
            .filter(|area| area.exists_on(date))
            .collect();
        areas.sort_by(|left, right| left.code.cmp(&right.code));
        areas
    }
}
