//! A line of the ledger.

use crate::model::{AreaCode, Date, MeasureId, Missing, Period, Scenario, Stage, Status};
use chrono::{DateTime, Utc};

/// What a line of the ledger records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// A figure, at a stage.
    Fact,
    /// A file that was taken in; its facts stand in the same commit.
    Submission,
    /// Whether an area's figures may be published.
    Consent,
    /// A finding that is accepted as it is until a day.
    Waiver,
}

impl EntryKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Fact, Self::Submission, Self::Consent, Self::Waiver];

    /// Its name in the ledger.
    ///
    /// ```
    /// use kultti_core::ledger::EntryKind;
    /// assert_eq!(EntryKind::Fact.name(), "fact");
    /// ```
    pub fn name(self) -> &'static str {
        match self {
            Self::Fact => "fact",
            Self::Submission => "submission",
            Self::Consent => "consent",
            Self::Waiver => "waiver",
        }
    }

    /// The kind of that name.
    ///
    /// ```
    /// use kultti_core::ledger::EntryKind;
    /// assert_eq!(EntryKind::parse("consent"), Some(EntryKind::Consent));
    /// assert_eq!(EntryKind::parse("Consent"), None);
    /// ```
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A line of the ledger. Lines are only ever added. Texts that do not apply are empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What is recorded.
    pub kind: EntryKind,
    /// The round.
    pub round: String,
    /// The reporter.
    pub area: AreaCode,
    /// The measure, of a fact or a waiver.
    pub measure: Option<MeasureId>,
    /// The period.
    pub period: Period,
    /// The borders, by the first day on which they hold.
    pub territory: Date,
    /// The scenario.
    pub scenario: Scenario,
    /// The stage.
    pub stage: Stage,
    /// The value of a fact.
    pub value: Option<f64>,
    /// Its status.
    pub status: Status,
    /// Why a fact has no value.
    pub missing: Option<Missing>,
    /// What the reporter wrote beside it.
    pub note: String,
    /// Who recorded it.
    pub author: String,
    /// Why: of a correction, withdrawal, approval, waiver.
    pub reason: String,
    /// The document it came from: the name of the file.
    pub document: String,
    /// SHA-256 of that file.
    pub sha256: String,
    /// Where in it the figure stands, such as `Talous!D14`.
    pub place: String,
    /// The finding that a waiver accepts.
    pub finding: String,
    /// The last day on which a waiver holds.
    pub until: Option<Date>,
    /// Whether publication is allowed, of a consent.
    pub consent: Option<bool>,
}

/// A line as it stands in the ledger: with its place in the order of all lines and the time it became known.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// The version of the table that the commit of this line made.
    pub sequence: i64,
    /// Its place within the commit, from 0.
    pub line: i32,
    /// When it was recorded. Never earlier than any line before it.
    pub recorded: DateTime<Utc>,
    /// The line.
    pub entry: Entry,
}
