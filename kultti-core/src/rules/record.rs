//! What rules look at: the figures of each reporter, with what is known of it from before.

use crate::model::{AreaCode, MeasureId, Missing, Period, Status};
use std::collections::BTreeMap;

/// One answered figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// The value; `None` where there is none, with a reason or without.
    pub value: Option<f64>,
    /// Its status.
    pub status: Status,
    /// Why there is no value; `None` beside a missing value means that nothing was answered.
    pub missing: Option<Missing>,
    /// What the reporter wrote beside it.
    pub note: String,
}

impl Figure {
    /// A cell that was left empty: neither a value nor a reason for having none.
    pub fn unanswered() -> Self {
        Self {
            value: None,
            status: Status::Normal,
            missing: None,
            note: String::new(),
        }
    }
}

/// The figures of one reporter.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The reporter.
    pub area: AreaCode,
    /// What was answered, by measure. A measure that is not here was not answered.
    pub figures: BTreeMap<MeasureId, Figure>,
}

/// What is known of an area beside its answers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Known {
    /// Inhabitants, for what is compared per inhabitant.
    pub inhabitants: Option<f64>,
    /// The group of peers, such as a size class; areas without one are compared with all.
    pub group: Option<String>,
    /// The figures of the period before, by measure; what is not here is not known.
    pub previous: BTreeMap<MeasureId, f64>,
}

/// The records to check, with what they are compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct Records {
    /// The period of the answers.
    pub period: Period,
    /// The period that [`Known::previous`] is of.
    pub previous_period: Option<Period>,
    /// The records. One form alone is one record.
    pub records: Vec<Record>,
    /// Everything known of the areas of the country, also of those that do not report.
    pub known: BTreeMap<AreaCode, Known>,
    /// Whether `records` are all that have come so far, so that they can be compared with one another.
    pub whole_round: bool,
}
