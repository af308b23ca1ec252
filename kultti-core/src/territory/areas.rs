//! The areas of a day, and the numbers that stand for their codes.

use super::{Area, Territory};
use crate::model::{AreaCode, AreaScope, Date};
use std::sync::Arc;

/// The areas of a day, in the order of their codes.
///
/// Panels are columns in this order. An area's *position* is its place here; its *number* is its place among all codes that
/// the territory knows, whenever they existed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreasOn {
    codes: Vec<AreaCode>,
    numbers: Vec<usize>,
    /// By number.
    positions: Vec<Option<usize>>,
}

impl AreasOn {
    /// The codes, ascending.
    pub fn codes(&self) -> &[AreaCode] {
        &self.codes
    }

    /// The number of each area.
    #[inline]
    pub fn numbers(&self) -> &[usize] {
        &self.numbers
    }

    /// How many areas there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The position of a code.
    pub fn position(&self, code: &AreaCode) -> Option<usize> {
        self.codes.binary_search(code).ok()
    }

    /// The position of a number.
    #[inline]
    pub fn position_of(&self, number: usize) -> Option<usize> {
        self.positions.get(number).copied().flatten()
    }
}

impl Territory {
    /// The areas that existed on a day.
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// assert_eq!(release.territory().areas_on("2019-12-31".parse()?).len(), 311);
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn areas_on(&self, date: Date) -> Arc<AreasOn> {
        self.areas.get(date, || {
            let existed = |number: &usize| {
                let area = self.area(self.codes[*number].as_str());
                area.is_some_and(|area: &Area| area.exists_on(date))
            };
            let numbers: Vec<usize> = (0..self.codes.len()).filter(existed).collect();
            let mut positions = vec![None; self.codes.len()];
            for (position, number) in numbers.iter().enumerate() {
                positions[*number] = Some(position);
            }
            AreasOn {
                codes: numbers.iter().map(|number| self.codes[*number].clone()).collect(),
                numbers,
                positions,
            }
        })
    }

    /// The codes of all areas and of the country, ascending; a code's place is its number.
    pub fn codes(&self) -> &[AreaCode] {
        &self.codes
    }

    /// The number of a code: its place among all codes of areas and the country, in ascending order.
    pub fn number(&self, code: &str) -> Option<usize> {
        self.codes.binary_search_by(|known| known.as_str().cmp(code)).ok()
    }

    /// Which areas of a day lie within what a measure covers; `None` where it covers the whole country.
    pub fn scope_on(&self, scope: &AreaScope, date: Date, year: i32) -> Option<Arc<Vec<bool>>> {
        let part = scope.part()?.to_owned();
        Some(self.parts.get((part, date, year), || {
            let areas = self.areas_on(date);
            let within = areas.codes().iter().map(|area| self.in_scope(scope, area, year));
            within.collect()
        }))
    }
}
