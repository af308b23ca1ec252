//! The observation: one value of one measure for one area and period, on named borders, with its origin.

use super::{AreaCode, Date, MeasureId, Missing, Period, Status};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use std::sync::Arc;

/// One observed figure as a record.
///
/// Key: (measure, period, area, territory). The same area may stand on several borders.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// What was observed.
    pub measure: MeasureId,
    /// When.
    pub period: Period,
    /// Where.
    pub area: AreaCode,
    /// The value; `None` where `missing` says why. Never NaN.
    pub value: Option<f64>,
    /// Status.
    pub status: Status,
    /// Why there is no value.
    pub missing: Option<Missing>,
    /// The date of the borders that the figure stands on.
    pub territory: Date,
    /// The table that it came from.
    pub origin: String,
    /// Notes as codes with parameters, `;` between them; empty for none.
    pub note: String,
}

impl Observation {
    /// The key, in the order in which a release is sorted.
    pub fn key(&self) -> (&str, Period, &str, Date) {
        (
            self.measure.as_str(),
            self.period,
            self.area.as_str(),
            self.territory,
        )
    }

    /// The key for a message: `library.loans, 2019, 005, 2018-01-01`.
    pub fn key_text(&self) -> String {
        format!(
            "{}, {}, {}, {}",
            self.measure, self.period, self.area, self.territory
        )
    }
}

/// The one Arrow schema of observations, in files and in memory.
///
/// `measure, period, area, value, status, missing, territory, origin, note`; `value` is a nullable float without NaN,
/// everything else dictionary-encoded text. `missing` is null where there is a value, `note` null where there is none.
///
/// ```
/// let schema = kultti_core::model::observation_schema();
/// assert_eq!(schema.field(3).name(), "value");
/// assert_eq!(schema.fields().len(), 9);
/// ```
pub fn observation_schema() -> SchemaRef {
    let text = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let field = |name: &str| match name {
        "value" => Field::new(name, DataType::Float64, true),
        "missing" | "note" => Field::new(name, text(), true),
        _ => Field::new(name, text(), false),
    };
    Arc::new(Schema::new(NAMES.map(field).to_vec()))
}

/// The columns of the schema.
pub(super) const NAMES: [&str; 9] = [
    "measure",
    "period",
    "area",
    "value",
    "status",
    "missing",
    "territory",
    "origin",
    "note",
];
