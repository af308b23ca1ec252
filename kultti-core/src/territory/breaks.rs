//! Breaks in series, as the register of a release names them.

use super::{Break, Territory, load};
use crate::error::Result;
use crate::model::{AreaCode, Date, MeasureId};
use std::path::Path;

impl Territory {
    /// The same territory with a register of breaks; `measures` are the ids that the catalogue has.
    ///
    /// # Errors
    /// [`crate::Error::Io`], [`crate::Error::Header`] and [`crate::Error::Cell`], with file, line and column, for a measure
    /// or area that is not known, a factor that is not positive, a period that cannot be read, or a break named twice.
    pub fn with_breaks(self, path: &Path, measures: &[&str]) -> Result<Self> {
        let breaks = load::breaks(path, &self.document.areas, measures)?;
        Ok(Self::from_document(super::TerritoryDocument {
            breaks,
            ..self.document
        }))
    }

    /// The breaks of a measure, in the order of the register, with their places in it.
    pub fn breaks(&self, measure: &MeasureId) -> impl Iterator<Item = (usize, &Break)> {
        let places = self.breaks.get(measure).into_iter().flatten();
        places.filter_map(|place| self.document.breaks.get(*place).map(|one| (*place, one)))
    }

    /// The numbers of the areas of a day whose series a break touches, ascending: its own area, or whatever that had become
    /// part of by then; `None` for every area.
    pub fn touched_by(&self, one: &Break, date: Date) -> Option<Vec<usize>> {
        Some(self.reached(one.area.as_ref()?, date))
    }

    /// The numbers of an area and of whatever it had become part of by a day, ascending.
    pub(super) fn reached(&self, area: &AreaCode, date: Date) -> Vec<usize> {
        let mut reached = vec![area];
        let mut place = 0;
        while let Some(source) = reached.get(place).copied() {
            let later = self.document.changes.iter();
            let later = later.filter(|change| change.source == *source && change.date <= date);
            for change in later {
                if !reached.contains(&&change.target) {
                    reached.push(&change.target);
                }
            }
            place += 1;
        }
        let mut numbers: Vec<usize> = reached
            .into_iter()
            .filter_map(|code| self.number(code.as_str()))
            .collect();
        numbers.sort_unstable();
        numbers
    }
}
