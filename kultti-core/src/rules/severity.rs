//! How grave a finding is, by stage and period.

use super::Severity;
use crate::model::{Period, Stage, Validity};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A severity that is the same at every stage, or one from each named stage on. Before the first named stage the rule does
/// not apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum ByStage {
    Always(Severity),
    From(BTreeMap<Stage, Severity>),
}

impl ByStage {
    fn at(&self, stage: Stage) -> Option<Severity> {
        match self {
            Self::Always(severity) => Some(*severity),
            Self::From(stages) => stages.range(..=stage).next_back().map(|(_, severity)| *severity),
        }
    }
}

/// Another severity for figures of some periods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ByPeriod {
    #[serde(default)]
    from: Option<Period>,
    #[serde(default)]
    to: Option<Period>,
    severity: ByStage,
}

/// How grave a finding of a rule is, by stage and period.
///
/// ```
/// use kultti_core::model::{Period, Stage};
/// use kultti_core::rules::{Severities, Severity};
/// // `severity = { draft = "note", submitted = "error" }` holds from each stage on.
/// let severities = Severities::of([(Stage::Draft, Severity::Note), (Stage::Submitted, Severity::Error)]);
/// assert_eq!(severities.at(Stage::Draft, Period::year(2020)), Some(Severity::Note));
/// assert_eq!(severities.at(Stage::Approved, Period::year(2020)), Some(Severity::Error));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Severities {
    usual: ByStage,
    /// The last that fits counts.
    periods: Vec<ByPeriod>,
}

impl Severities {
    pub(super) fn new(usual: ByStage, periods: Vec<ByPeriod>) -> Self {
        Self { usual, periods }
    }

    /// A severity from each of the stages on, for all periods.
    pub fn of(stages: impl IntoIterator<Item = (Stage, Severity)>) -> Self {
        Self::new(ByStage::From(stages.into_iter().collect()), Vec::new())
    }

    /// The severity for figures of a period at a stage; `None` where the rule does not apply there.
    pub fn at(&self, stage: Stage, period: Period) -> Option<Severity> {
        let within = |by: &&ByPeriod| {
            Validity {
                from: by.from,
                to: by.to,
            }
            .contains(period)
        };
        let of_period = self.periods.iter().rev().find(within);
        of_period.map_or(&self.usual, |by| &by.severity).at(stage)
    }
}
