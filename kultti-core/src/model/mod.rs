//! What statistics are made of: identifiers, periods, units, statuses, measures, indicators and observations.
//!
//! A value is a record, not a float: what it is, why it is missing, on which borders it stands and where it came from
//! travel with it. Nothing here reads or writes files.

mod columns;
mod date;
mod id;
mod indicator;
mod measure;
mod observation;
mod period;
mod stage;
mod status;
mod unit;

pub(crate) use columns::{ObservationColumns, Parsed};
pub use date::Date;
pub use id::{AreaCode, FunctionId, GroupCode, GroupingId, IndicatorId, MeasureId, ScopeId};
pub use indicator::{Aggregate, Expression, Formula, Indicator, IntervalKind, Scope};
pub use measure::{
    Additivity, AdditivityPair, AreaScope, CountedAt, Derived, Direction, Kind, Measure, PriceIndex,
    Synonyms, Validity,
};
pub use observation::{Observation, observation_schema};
pub use period::{Frequency, Period};
pub use stage::{Scenario, Stage};
pub use status::{Missing, Status, StatusSet};
pub use unit::Unit;
