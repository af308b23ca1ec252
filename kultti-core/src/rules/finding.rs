//! What a rule found.

use crate::language::Message;
use crate::model::{AreaCode, MeasureId, Period};
use serde::{Deserialize, Serialize};

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing; nothing is asked.
    Note,
    /// Unlikely: correct it, or explain it beside the figure.
    Warning,
    /// Cannot be right, or is missing: it stands in the way of approval.
    Error,
}

impl Severity {
    /// Every severity, the mildest first.
    pub const ALL: [Self; 3] = [Self::Note, Self::Warning, Self::Error];

    /// Its name in files, which is also the level of SARIF.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A change that would mend a figure. Nothing is ever changed by a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Repair {
    /// The measure.
    pub measure: MeasureId,
    /// The value that would fit.
    pub value: f64,
}

/// One rule that one record does not fulfil.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The rule.
    pub rule: String,
    /// Its version.
    pub version: u32,
    /// How grave it is at the stage of the check.
    pub severity: Severity,
    /// The reporter.
    pub area: AreaCode,
    /// The period.
    pub period: Period,
    /// The figures concerned, the one to look at first in front.
    pub measures: Vec<MeasureId>,
    /// What was found in the figure tested, in its unit.
    pub observed: Option<f64>,
    /// What it was compared with.
    pub expected: Option<f64>,
    /// What is wrong, with the calculation in figures, and what to do.
    pub message: Message,
    /// The change that would mend it, where one figure alone would.
    pub repair: Option<Repair>,
    /// The values of the figures concerned as they were, in the order of `measures`: a finding of other values is another.
    pub values: Vec<Option<f64>>,
}
