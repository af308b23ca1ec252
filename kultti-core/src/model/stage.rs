//! How far a submitted figure has come, and of which scenario it is.

use serde::{Deserialize, Serialize};

/// How far a figure of a collection has come. Stages are ordered, and only within one [`Scenario`]: asking for figures from
/// `approved` on gives approved, final and corrected ones.
///
/// ```
/// use kultti_core::model::Stage;
/// assert!(Stage::Submitted < Stage::Approved);
/// assert_eq!(Stage::parse("approved"), Some(Stage::Approved));
/// assert_eq!(Stage::Corrected.name(), "corrected");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Being filled in; nobody has answered for it.
    Draft,
    /// Given by whoever answers for it.
    Submitted,
    /// Accepted by the coordinator of the round.
    Approved,
    /// Settled: the accounts are closed.
    Final,
    /// Changed after it was approved or final, with a reason.
    Corrected,
}

impl Stage {
    /// Every stage, the earliest first.
    pub const ALL: [Self; 5] = [
        Self::Draft,
        Self::Submitted,
        Self::Approved,
        Self::Final,
        Self::Corrected,
    ];

    /// Its name in files and on command lines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Approved => "approved",
            Self::Final => "final",
            Self::Corrected => "corrected",
        }
    }

    /// The stage of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.name() == name)
    }
}

/// Whether a figure says what was, what was budgeted or what is expected.
///
/// ```
/// use kultti_core::model::Scenario;
/// assert_eq!(Scenario::parse("budget"), Some(Scenario::Budget));
/// assert_eq!(Scenario::default(), Scenario::Actual);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scenario {
    /// What was.
    #[default]
    Actual,
    /// What was budgeted.
    Budget,
    /// What is expected.
    Forecast,
}

impl Scenario {
    /// Every scenario.
    pub const ALL: [Self; 3] = [Self::Actual, Self::Budget, Self::Forecast];

    /// Its name in files and on command lines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Actual => "actual",
            Self::Budget => "budget",
            Self::Forecast => "forecast",
        }
    }

    /// The scenario of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scenario| scenario.name() == name)
    }
}
