//! What is answered of a composition.

use crate::compare::{AreaLabel, Context, GroupRow, Note};
use crate::language::Text;
use crate::model::{AreaCode, IndicatorId, MeasureId, Missing, Period};

/// A figure of a part: an area's or a group's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PartFigure {
    /// m·n_k/d, in the unit of the whole.
    pub value: Option<f64>,
    /// Its share of the whole, a fraction; needs a whole above zero. Shares of negative parts are negative.
    pub share: Option<f64>,
    /// The SDMX letter of the value, or of its absence.
    pub status: char,
    /// Why there is no value.
    pub missing: Option<Missing>,
}

/// A part of an indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct CompositionPart {
    /// The measure that is summed.
    pub measure: MeasureId,
    /// What it is: the function that it is booked under, or the measure's own name.
    pub label: Text,
    /// The indicator of this part alone, with the same denominator and multiplier, where the catalogue has one.
    pub indicator: Option<IndicatorId>,
    /// The area's figure.
    pub figure: PartFigure,
    /// The area whose figure includes it, where it is included in another's.
    pub host: Option<AreaLabel>,
}

/// A group that the area is held against.
#[derive(Debug, Clone, PartialEq)]
pub struct CompositionGroup {
    /// The grouping.
    pub grouping: String,
    /// The group's figures of the whole.
    pub row: GroupRow,
    /// Whether the area is one of those that entered.
    pub includes_area: bool,
    /// Value of the area − value of the group, of the whole.
    pub difference: Option<f64>,
    /// The parts, in the order of those of the area: over the same members as the whole, so that they add up to it.
    pub parts: Vec<PartFigure>,
    /// The area's part − the group's part, in the same order; they add up to the difference of the whole.
    pub differences: Vec<Option<f64>>,
    /// The members that entered, by code.
    pub entered: Vec<AreaCode>,
}

impl CompositionGroup {
    /// The group's figure of the whole, whose share is 1.
    pub fn whole(&self) -> PartFigure {
        PartFigure {
            value: self.row.value,
            share: self.row.value.filter(|whole| *whole > 0.0).map(|_| 1.0),
            status: self.row.status,
            missing: self.row.missing,
        }
    }
}

/// The answer of [`crate::release::Release::composition`].
#[derive(Debug, Clone, PartialEq)]
pub struct Composition {
    /// Indicator, unit, borders, release.
    pub context: Context,
    /// The period.
    pub period: Period,
    /// The area.
    pub area: AreaLabel,
    /// The area's figure of the whole, whose share is 1.
    pub whole: PartFigure,
    /// The parts, in the order of the formula.
    pub parts: Vec<CompositionPart>,
    /// The groups.
    pub groups: Vec<CompositionGroup>,
    /// What to keep in mind.
    pub notes: Vec<Note>,
}
