//! Comparability flags: what an area's figures hold and others' may not, as the register of a release names it.

use super::{ComparabilityFlag, Territory, load};
use crate::error::Result;
use crate::model::{Date, MeasureId, Period};
use std::path::Path;

impl Territory {
    /// The same territory with a register of comparability flags; `measures` are the ids that the catalogue has.
    ///
    /// # Errors
    /// [`crate::Error::Io`], [`crate::Error::Header`] and [`crate::Error::Cell`], with file, line and column, for an area,
    /// measure or flag that is not known, a period that cannot be read, or a flag that is given twice for a time.
    pub fn with_comparability(self, path: &Path, measures: &[&str]) -> Result<Self> {
        let comparability = load::comparability(path, &self.document.areas, measures)?;
        Ok(Self::from_document(super::TerritoryDocument {
            comparability,
            ..self.document
        }))
    }

    /// The flags of some measures in a period, each with the numbers of the areas of a day that it is about: its own area,
    /// or whatever that had become part of by then.
    pub fn flags(
        &self,
        measures: &[&MeasureId],
        period: Period,
        date: Date,
    ) -> impl Iterator<Item = (&ComparabilityFlag, Vec<usize>)> {
        let of_measures = |flag: &&ComparabilityFlag| {
            flag.covers(period) && flag.measures.iter().any(|measure| measures.contains(&measure))
        };
        let flags: Vec<&ComparabilityFlag> = self.document.comparability.iter().filter(of_measures).collect();
        flags
            .into_iter()
            .map(move |flag| (flag, self.reached(&flag.area, date)))
    }
}
