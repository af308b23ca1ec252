//! What may be chosen for inequality.

use crate::model::Period;
use crate::panel::{Borders, PriceBasis};

/// Options of [`crate::release::Release::inequality`]; a grouping alone is enough, or nothing at all.
///
/// ```
/// use kultti_core::compare::InequalityOptions;
/// let options = InequalityOptions::from("region");
/// assert_eq!((options.by.as_deref(), options.period), (Some("region"), None));
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct InequalityOptions {
    /// The grouping whose groups the inequality is split by; none when absent.
    pub by: Option<String>,
    /// The period; the last one with values when absent.
    pub period: Option<Period>,
    /// The borders.
    pub borders: Borders,
    /// The year whose groups are used; that of the period when absent.
    pub as_of_year: Option<i32>,
    /// Real prices: they change the means, not the inequality.
    pub real: Option<PriceBasis>,
}

impl From<&str> for InequalityOptions {
    fn from(by: &str) -> Self {
        Self {
            by: Some(by.to_owned()),
            ..Self::default()
        }
    }
}
