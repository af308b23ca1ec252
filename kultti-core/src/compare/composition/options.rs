//! What may be chosen for a composition.

use crate::model::Period;
use crate::panel::Borders;

/// Options of [`crate::release::Release::composition`]; an area's name or code alone is enough.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CompositionOptions {
    /// Name or code of the area.
    pub area: String,
    /// The period; the last one with data when absent.
    pub period: Option<Period>,
    /// Groupings, groups, `country`, `similar`, or areas, as in [`crate::compare::CompareOptions`].
    pub peers: Vec<String>,
    /// The borders.
    pub borders: Borders,
    /// The year whose groups are used; that of the period when absent.
    pub as_of_year: Option<i32>,
}

impl From<&str> for CompositionOptions {
    fn from(area: &str) -> Self {
        Self {
            area: area.to_owned(),
            ..Self::default()
        }
    }
}
