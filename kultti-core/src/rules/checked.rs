//! What came of a check.

use super::Finding;
use crate::language::Text;
use crate::model::{AreaCode, MeasureId};

/// What came of one rule for one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// That cannot be told, because something it needs is missing.
    Missing,
}

impl Outcome {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Missing => "missing",
        }
    }
}

/// One test: a rule on a record, or on one figure of it where the rule is for several. A rule that does not apply to a
/// record makes no case of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Case {
    /// The place of the rule within its set.
    pub rule: usize,
    /// The reporter.
    pub area: AreaCode,
    /// The figure tested; of a rule for several figures together, the first of them; none where it is about the whole record.
    pub measure: Option<MeasureId>,
    /// What came of it.
    pub outcome: Outcome,
}

/// How the tests of one rule ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleCount {
    /// The rule.
    pub rule: String,
    /// Its version.
    pub version: u32,
    /// What must hold.
    pub label: Text,
    /// Tests passed.
    pub pass: usize,
    /// Tests failed.
    pub fail: usize,
    /// Tests that could not be made.
    pub missing: usize,
}

/// What came of a check of records.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// What was found: by area, the gravest first.
    pub findings: Vec<Finding>,
    /// Every test, by rule, area and figure.
    pub cases: Vec<Case>,
    /// The tests of every rule, in the order of the set; a rule that applied nowhere has none.
    pub rules: Vec<RuleCount>,
}
