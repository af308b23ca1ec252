//! Areas through time: names and codes, groupings, mergers and splits, joint arrangements; any country's, as data.
//!
//! Borders are named by a date. Between two dates without a change they are the same borders; over a change, figures
//! travel along the graph of mergers and splits ([`Territory::transfer`]).

mod areas;
mod breaks;
mod comparability;
mod document;
mod grouping;
mod load;
mod lookup;
mod memo;
mod transfer;
mod written;

pub use areas::AreasOn;
pub use document::{
    Area, Break, Change, ComparabilityFlag, Country, FlagKind, Group, Grouping, JointArrangement, Membership,
    PartScope, SizeClasses, TerritoryDocument, Weights,
};
pub use grouping::{Assignment, COUNTRY, GroupLabel};
pub use transfer::{Basis, Origin, Part, Transfer};

use crate::error::Result;
use crate::model::{AreaCode, Date, MeasureId};
use memo::Memo;
use std::collections::HashMap;
use std::path::Path;

/// The areas of a country through time.
#[derive(Debug)]
pub struct Territory {
    document: TerritoryDocument,
    by_code: HashMap<AreaCode, usize>,
    /// The codes of all areas and of the country, ascending: a code's place here is its number.
    codes: Vec<AreaCode>,
    /// Places of the joint arrangements of each measure.
    joint: HashMap<MeasureId, Vec<usize>>,
    /// Places of the breaks of each measure.
    breaks: HashMap<MeasureId, Vec<usize>>,
    /// Dates of change, ascending, each once.
    change_dates: Vec<Date>,
    /// Transfers by (version from, version to).
    transfers: Memo<(usize, usize), Transfer>,
    areas: Memo<Date, AreasOn>,
    /// Which areas of a day lie in a part of the country, by (part, day, year).
    parts: Memo<(String, Date, i32), Vec<bool>>,
    /// Which group each area of a day belongs to, by (grouping, day, year).
    assignments: Memo<(String, Date, i32), Assignment>,
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
        let areas = document.areas.iter().map(|area| area.code.clone());
        let mut codes: Vec<AreaCode> = areas.chain([document.country.code.clone()]).collect();
        codes.sort_unstable();
        codes.dedup();
        let mut joint: HashMap<MeasureId, Vec<usize>> = HashMap::new();
        for (place, unit) in document.joint_units.iter().enumerate() {
            joint.entry(unit.measure.clone()).or_default().push(place);
        }
        let mut breaks: HashMap<MeasureId, Vec<usize>> = HashMap::new();
        for (place, one) in document.breaks.iter().enumerate() {
            for measure in &one.measures {
                breaks.entry(measure.clone()).or_default().push(place);
            }
        }
        Self {
            document,
            by_code,
            codes,
            joint,
            breaks,
            change_dates,
            transfers: Memo::default(),
            areas: Memo::default(),
            parts: Memo::default(),
            assignments: Memo::default(),
        }
    }

    /// The document.
    pub fn document(&self) -> &TerritoryDocument {
        &self.document
    }

    /// The joint arrangements of a measure, in the order of the register.
    pub fn joint_units(&self, measure: &MeasureId) -> impl Iterator<Item = &JointArrangement> {
        let places = self.joint.get(measure).into_iter().flatten();
        places.filter_map(|place| self.document.joint_units.get(*place))
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
}
