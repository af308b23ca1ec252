//! What areas and units are called in results.

use super::result::AreaLabel;
use crate::catalogue::Catalogue;
use crate::language::{Language, Text};
use crate::model::{AreaCode, Unit};
use crate::panel::Slice;
use crate::territory::{Area, Territory};

impl AreaLabel {
    /// An area of the territory.
    pub(super) fn of(area: &Area) -> Self {
        Self {
            code: area.code.clone(),
            name: area.name.clone(),
        }
    }

    /// The area with a code.
    pub(super) fn named(territory: &Territory, code: &AreaCode) -> Self {
        Self {
            code: code.clone(),
            name: area_name(territory, code),
        }
    }

    /// The area at a position of a slice.
    pub(super) fn at(territory: &Territory, slice: &Slice, index: usize) -> Self {
        Self::named(territory, &slice.areas.codes()[index])
    }

    /// As errors name an area: `Kokkola (272)`.
    pub(super) fn described(&self) -> String {
        format!("{} ({})", self.name.get(Language::Fi), self.code)
    }
}

/// An area's name, or its code where it has none.
pub(super) fn area_name(territory: &Territory, code: &AreaCode) -> Text {
    let country = &territory.document().country;
    let named = territory.area(code.as_str()).map(|area| area.name.clone());
    let whole = || (country.code == *code).then(|| country.name.clone());
    named
        .or_else(whole)
        .unwrap_or_else(|| Text::proper_name(code.as_str(), None, None))
}

/// A unit as people write it.
pub(super) fn unit_symbol(catalogue: &Catalogue, unit: &Unit) -> Text {
    Text::each(|language| catalogue.unit_symbol(unit, language))
}
