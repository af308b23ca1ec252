//! What a rule found.

use crate::language::Message;
use crate::model::{AreaCode, MeasureId, Period};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

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

impl Finding {
    /// A short id that the same finding has whenever it is made: of the rule and its version, the area, the period, and the
    /// figures with their values. Once a value moves it is another finding, so that a waiver of this one is void. The round,
    /// the stage and the words do not matter.
    ///
    /// Twelve hexadecimal digits of the SHA-256 of these parts, each after its length.
    ///
    /// ```
    /// use kultti_core::language::Message;
    /// use kultti_core::model::Period;
    /// use kultti_core::rules::{Finding, Severity};
    /// let finding = Finding {
    ///     rule: "library.range".into(), version: 1, severity: Severity::Warning,
    ///     area: "272".into(), period: Period::year(2020), measures: vec!["library.visits".into()],
    ///     observed: Some(-3.0), expected: Some(0.0), message: Message::new("finding.range-below"),
    ///     repair: None, values: vec![Some(-3.0)],
    /// };
    /// assert_eq!(finding.id().len(), 12);
    /// let moved = Finding { values: vec![Some(3.0)], ..finding.clone() };
    /// assert_ne!(finding.id(), moved.id());
    /// let later = Finding { severity: Severity::Error, ..finding.clone() };
    /// assert_eq!(finding.id(), later.id());
    /// ```
    pub fn id(&self) -> String {
        let mut hash = Sha256::new();
        let mut part = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        };
        part(self.rule.as_bytes());
        part(&self.version.to_le_bytes());
        part(self.area.as_str().as_bytes());
        part(self.period.to_string().as_bytes());
        for (place, measure) in self.measures.iter().enumerate() {
            part(measure.as_str().as_bytes());
            match self.values.get(place).copied().flatten() {
                // Adding 0 makes −0 the 0 that it is.
                Some(value) => part(&(value + 0.0).to_bits().to_le_bytes()),
                None => part(&[]),
            }
        }
        hash.finalize()
            .iter()
            .take(6)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}
