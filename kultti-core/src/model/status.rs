//! Statuses of values and reasons for their absence, with the algebra that carries them through a formula.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An observation's status, a letter of SDMX `CL_OBS_STATUS`.
///
/// Source: SDMX code list `CL_OBS_STATUS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// A: normal value.
    Normal,
    /// B: break in the series.
    Break,
    /// D: the definition differs.
    DefinitionDiffers,
    /// E: estimated.
    Estimated,
    /// F: forecast.
    Forecast,
    /// I: imputed.
    Imputed,
    /// K: included in another category or area.
    Included,
    /// L: exists but was not collected.
    NotCollected,
    /// M: cannot exist.
    NotApplicable,
    /// O: missing.
    Missing,
    /// P: provisional.
    Provisional,
    /// Q: suppressed for confidentiality.
    Suppressed,
    /// U: low reliability.
    LowReliability,
    /// W: includes another category or area.
    Includes,
}

impl Status {
    /// Every status that Kultti uses.
    pub const ALL: [Self; 14] = [
        Self::Break,
        Self::DefinitionDiffers,
        Self::Forecast,
        Self::LowReliability,
        Self::Imputed,
        Self::Estimated,
        Self::Included,
        Self::Includes,
        Self::Provisional,
        Self::NotApplicable,
        Self::Suppressed,
        Self::NotCollected,
        Self::Missing,
        Self::Normal,
    ];

    /// The SDMX letter.
    pub fn letter(self) -> char {
        match self {
            Self::Normal => 'A',
            Self::Break => 'B',
            Self::DefinitionDiffers => 'D',
            Self::Estimated => 'E',
            Self::Forecast => 'F',
            Self::Imputed => 'I',
            Self::Included => 'K',
            Self::NotCollected => 'L',
            Self::NotApplicable => 'M',
            Self::Missing => 'O',
            Self::Provisional => 'P',
            Self::Suppressed => 'Q',
            Self::LowReliability => 'U',
            Self::Includes => 'W',
        }
    }

    /// The status of a letter, if it is one that Kultti uses.
    pub fn from_letter(letter: &str) -> Option<Self> {
        let mut letters = letter.chars();
        let (first, rest) = (letters.next()?, letters.next());
        Self::ALL
            .into_iter()
            .find(|status| rest.is_none() && status.letter() == first)
    }

    /// Why an observation of this status has no value, where nothing more is known; `None` for one with a value.
    ///
    /// ```
    /// use kultti_core::model::{Missing, Status};
    /// assert_eq!(Status::NotApplicable.usual_reason(), Some(Missing::NotApplicable));
    /// assert_eq!(Status::Estimated.usual_reason(), None);
    /// ```
    pub fn usual_reason(self) -> Option<Missing> {
        match self {
            Self::Included => Some(Missing::Included),
            Self::NotCollected => Some(Missing::NotCollected),
            Self::NotApplicable => Some(Missing::NotApplicable),
            Self::Missing => Some(Missing::NotReported),
            Self::Suppressed => Some(Missing::Suppressed),
            _ => None,
        }
    }

    /// Whether an observation of this status has no value.
    pub fn is_without_value(self) -> bool {
        matches!(
            self,
            Self::Included | Self::NotCollected | Self::NotApplicable | Self::Missing | Self::Suppressed
        )
    }
}

/// The union of the statuses of everything that went into a value.
///
/// ```
/// use kultti_core::model::{Status, StatusSet};
/// let set = StatusSet::from(Status::Provisional).union(Status::Estimated.into());
/// assert_eq!(set.letter(), 'E');
/// assert_eq!(StatusSet::default().letter(), 'A');
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct StatusSet(u16);

impl StatusSet {
    /// Both sets together.
    #[must_use]
    #[inline]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The set without one status.
    #[must_use]
    pub fn without(self, status: Status) -> Self {
        Self(self.0 & !Self::from(status).0)
    }

    /// Whether `status` is among them.
    #[inline]
    pub fn contains(self, status: Status) -> bool {
        self.0 & Self::from(status).0 != 0
    }

    /// The one letter of an export: the first of B D F U I E K W P A.
    pub fn letter(self) -> char {
        Status::ALL
            .into_iter()
            .find(|status| self.contains(*status))
            .map_or('A', Status::letter)
    }
}

impl From<Status> for StatusSet {
    fn from(status: Status) -> Self {
        Self(match status {
            Status::Normal => 0,
            other => 1 << (other as u16),
        })
    }
}

/// Why there is no value. The order is the precedence when several meet in one formula: M, Q, K, L, O, then what only a
/// calculation can lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// M: the datum cannot exist.
    NotApplicable,
    /// M: the area lies outside what the measure covers (Åland in library statistics).
    OutOfScope,
    /// Q: suppressed for confidentiality.
    Suppressed,
    /// K: included in another area, which carries the joint value.
    Included,
    /// L: exists but was not collected.
    NotCollected,
    /// O: missing.
    #[serde(rename = "missing")]
    NotReported,
    /// The source has no figures on the borders asked for.
    NotKnownOnBorders,
    /// The measure cannot be carried over a merger.
    NotAdditive,
    /// The parts of the numerator are arranged jointly with different areas.
    JointlyMixed,
    /// The denominator is zero.
    DenominatorZero,
    /// A denominator in euros is negative.
    DenominatorNotPositive,
    /// Too few of the group's members have the figure.
    CoverageTooLow,
    /// A total of a group in which members lack the figure would be a partial sum.
    TotalIncomplete,
    /// No member of the group has the figure.
    NoMembers,
    /// The change has no positive base.
    BaseNotPositive,
    /// There is nothing to compare with.
    NothingToCompare,
    /// The series breaks between the periods that are compared.
    BreakInSeries,
    /// The figure is joint with areas outside the group, or with others than in the other period.
    JointWithOthers,
    /// Fewer points than a trend needs.
    TooFewPoints,
    /// A value is negative, and shares of the sum would not be shares.
    NegativeValue,
    /// All values are zero: there is nothing to have a share of.
    MeanNotPositive,
    /// The numerator is an estimate, not a whole number of events or persons.
    NotACount,
    /// The numerator, a part of the denominator by its definition, is larger than it.
    NumeratorAboveDenominator,
}

impl Missing {
    /// Every reason, in order of precedence.
    pub const ALL: [Self; 23] = [
        Self::NotApplicable,
        Self::OutOfScope,
        Self::Suppressed,
        Self::Included,
        Self::NotCollected,
        Self::NotReported,
        Self::NotKnownOnBorders,
        Self::NotAdditive,
        Self::JointlyMixed,
        Self::DenominatorZero,
        Self::DenominatorNotPositive,
        Self::CoverageTooLow,
        Self::TotalIncomplete,
        Self::NoMembers,
        Self::BaseNotPositive,
        Self::NothingToCompare,
        Self::BreakInSeries,
        Self::JointWithOthers,
        Self::TooFewPoints,
        Self::NegativeValue,
        Self::MeanNotPositive,
        Self::NotACount,
        Self::NumeratorAboveDenominator,
    ];

    /// The stable code, which is also the one in files.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotApplicable => "not-applicable",
            Self::OutOfScope => "out-of-scope",
            Self::Suppressed => "suppressed",
            Self::Included => "included",
            Self::NotCollected => "not-collected",
            Self::NotReported => "missing",
            Self::NotKnownOnBorders => "not-known-on-borders",
            Self::NotAdditive => "not-additive",
            Self::JointlyMixed => "jointly-mixed",
            Self::DenominatorZero => "denominator-zero",
            Self::DenominatorNotPositive => "denominator-not-positive",
            Self::CoverageTooLow => "coverage-too-low",
            Self::TotalIncomplete => "total-incomplete",
            Self::NoMembers => "no-members",
            Self::BaseNotPositive => "base-not-positive",
            Self::NothingToCompare => "nothing-to-compare",
            Self::BreakInSeries => "break-in-series",
            Self::JointWithOthers => "joint-with-others",
            Self::TooFewPoints => "too-few-points",
            Self::NegativeValue => "negative-value",
            Self::MeanNotPositive => "mean-not-positive",
            Self::NotACount => "not-a-count",
            Self::NumeratorAboveDenominator => "numerator-above-denominator",
        }
    }

    /// The code of the message that explains it.
    pub fn message_code(self) -> &'static str {
        match self {
            Self::NotApplicable => "missing.not-applicable",
            Self::OutOfScope => "missing.out-of-scope",
            Self::Suppressed => "missing.suppressed",
            Self::Included => "missing.included",
            Self::NotCollected => "missing.not-collected",
            Self::NotReported => "missing.missing",
            Self::NotKnownOnBorders => "missing.not-known-on-borders",
            Self::NotAdditive => "missing.not-additive",
            Self::JointlyMixed => "missing.jointly-mixed",
            Self::DenominatorZero => "missing.denominator-zero",
            Self::DenominatorNotPositive => "missing.denominator-not-positive",
            Self::CoverageTooLow => "missing.coverage-too-low",
            Self::TotalIncomplete => "missing.total-incomplete",
            Self::NoMembers => "missing.no-members",
            Self::BaseNotPositive => "missing.base-not-positive",
            Self::NothingToCompare => "missing.nothing-to-compare",
            Self::BreakInSeries => "missing.break-in-series",
            Self::JointWithOthers => "missing.joint-with-others",
            Self::TooFewPoints => "missing.too-few-points",
            Self::NegativeValue => "missing.negative-value",
            Self::MeanNotPositive => "missing.mean-not-positive",
            Self::NotACount => "missing.not-a-count",
            Self::NumeratorAboveDenominator => "missing.numerator-above-denominator",
        }
    }

    /// The reason of a code, if it is one that a file may hold (M, Q, K, L or O).
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|reason| reason.code() == code && *reason <= Self::NotReported)
    }

    /// The SDMX status of a value that is missing for this reason; what only a calculation lacks is O.
    pub fn status(self) -> Status {
        match self {
            Self::NotApplicable | Self::OutOfScope => Status::NotApplicable,
            Self::Suppressed => Status::Suppressed,
            Self::Included => Status::Included,
            Self::NotCollected => Status::NotCollected,
            _ => Status::Missing,
        }
    }

    /// Whether the datum cannot exist, so that the area is not counted among a group's members.
    pub fn cannot_exist(self) -> bool {
        self.status() == Status::NotApplicable
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_is_the_first_of_bdfuiekwpa() {
        let order = "BDFUIEKWPA";
        for (position, letter) in order.chars().enumerate() {
            let set = order
                .chars()
                .skip(position)
                .filter_map(|l| Status::from_letter(&l.to_string()))
                .fold(StatusSet::default(), |set, status| set.union(status.into()));
            assert_eq!(set.letter(), letter);
        }
    }

    #[test]
    fn precedence_is_m_q_k_l_o() {
        let mut reasons = [
            Missing::NotReported,
            Missing::NotCollected,
            Missing::Included,
            Missing::Suppressed,
            Missing::NotApplicable,
        ];
        reasons.sort();
        let letters: String = reasons.iter().map(|reason| reason.status().letter()).collect();
        assert_eq!(letters, "MQKLO");
    }

    #[test]
    fn every_reason_has_texts() {
        let codes: Vec<_> = crate::language::all_codes().collect();
        for reason in Missing::ALL {
            assert!(codes.contains(&reason.message_code()), "{reason} has no text");
        }
    }
}
