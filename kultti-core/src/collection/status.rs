//! How a round stands: who has answered, how many, and what is open.

use super::approve::check_received;
use super::check::{Check, PlacedFinding};
use super::{Received, Round};
use crate::error::Result;
use crate::language::Text;
use crate::ledger::{Ledger, Recorded};
use crate::model::{AreaCode, Date, Stage};
use crate::rules::Severity;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// How a round stands at a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct RoundStatus {
    /// The round.
    pub round: String,
    /// Its name.
    pub label: Text,
    /// The last day of answering.
    pub due: Date,
    /// The version of the ledger.
    pub version: i64,
    /// The moment that was asked about; `None` for now.
    pub as_of: Option<DateTime<Utc>>,
    /// One line for each expected reporter, in the order of the round.
    pub reporters: Vec<ReporterStatus>,
}

impl RoundStatus {
    /// Reporters that have answered. Drafts do not count.
    pub fn answered(&self) -> usize {
        self.reporters.iter().filter(|one| one.answered.is_some()).count()
    }

    /// Reporters whose first answer came after the last day.
    pub fn late(&self) -> usize {
        self.reporters.iter().filter(|one| one.late).count()
    }

    /// Those who answered, of those expected: 0–1. `None` where nobody is expected.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    pub fn response_rate(&self) -> Option<f64> {
        let expected = self.reporters.len();
        (expected > 0).then(|| self.answered() as f64 / expected as f64)
    }

    /// Open findings of a severity.
    pub fn open(&self, severity: Severity) -> usize {
        self.reporters
            .iter()
            .map(|one| match severity {
                Severity::Error => one.errors,
                Severity::Warning => one.warnings,
                Severity::Note => one.notes,
            })
            .sum()
    }
}

/// How one reporter stands.
#[derive(Debug, Clone, PartialEq)]
pub struct ReporterStatus {
    /// The area.
    pub area: AreaCode,
    /// Its name.
    pub name: Text,
    /// The stage that all its answered figures have reached; `None` where nothing has come.
    pub stage: Option<Stage>,
    /// When it first answered.
    pub answered: Option<DateTime<Utc>>,
    /// When it last did.
    pub last: Option<DateTime<Utc>>,
    /// Whether its first answer came after the last day.
    pub late: bool,
    /// Forms that came.
    pub submissions: usize,
    /// Figures with a value or a reason for having none.
    pub figures: usize,
    /// Figures asked.
    pub asked: usize,
    /// Open findings that stand in the way of approval.
    pub errors: usize,
    /// Open warnings: neither explained nor waived.
    pub warnings: usize,
    /// Open notes.
    pub notes: usize,
    /// Findings that the reporter has explained beside the figure.
    pub explained: usize,
    /// Findings that were waived and still are.
    pub waived: usize,
    /// Whether its figures may be published; `None` where that is not said.
    pub consent: Option<bool>,
}

/// How a round stands now, or stood at `as_of`, on a day: waivers hold until theirs.
///
/// Non-response is counted against the reporters that the round expects (methods, section 5.4).
///
/// # Errors
/// Those of [`Ledger::entries`] and of the rules.
pub async fn status(
    ledger: &Ledger,
    round: &Round,
    as_of: Option<DateTime<Utc>>,
    day: Date,
) -> Result<RoundStatus> {
    let received = Received::read(ledger, round, None, as_of).await?;
    let check = check_received(round, &received)?;
    let document = round.document();
    let mut reporters = Vec::with_capacity(document.reporters.len());
    for reporter in &document.reporters {
        let mut one = standing(round, &reporter.area, &received);
        one.name = reporter.name.clone();
        for found in check
            .findings
            .iter()
            .filter(|found| found.finding.area == reporter.area)
        {
            let open = if received.waiver(&found.finding.id(), day).is_some() {
                &mut one.waived
            } else if found.is_explained() {
                &mut one.explained
            } else {
                match found.finding.severity {
                    Severity::Error => &mut one.errors,
                    Severity::Warning => &mut one.warnings,
                    Severity::Note => &mut one.notes,
                }
            };
            *open += 1;
        }
        reporters.push(one);
    }
    Ok(RoundStatus {
        round: document.id.clone(),
        label: document.label.clone(),
        due: document.due,
        version: ledger.version(),
        as_of,
        reporters,
    })
}

/// What the ledger says of a reporter, findings aside.
fn standing(round: &Round, area: &AreaCode, received: &Received) -> ReporterStatus {
    let asked = &round.document().asked;
    let latest: Vec<&Recorded> = asked
        .iter()
        .filter_map(|asked| received.fact(area, &asked.measure, Stage::Submitted))
        .collect();
    let answered = received.submissions(area).next().map(|line| line.recorded);
    let draft = received.has_draft(area).then_some(Stage::Draft);
    let due = round.document().due;
    ReporterStatus {
        area: area.clone(),
        name: Text::default(),
        stage: latest.iter().map(|line| line.entry.stage).min().or(draft),
        answered,
        last: received.submissions(area).next_back().map(|line| line.recorded),
        late: answered.is_some_and(|time| super::writing::day_of(time) > due),
        submissions: received.submissions(area).count(),
        figures: latest
            .iter()
            .filter(|line| line.entry.value.is_some() || line.entry.missing.is_some())
            .count(),
        asked: asked.len(),
        errors: 0,
        warnings: 0,
        notes: 0,
        explained: 0,
        waived: 0,
        consent: received.consent(area),
    }
}

/// The open findings of a round, as [`status`] counts them: neither explained nor waived on a day. Forms without one are left
/// out.
///
/// # Errors
/// Those of [`status`].
pub async fn open_findings(
    ledger: &Ledger,
    round: &Round,
    as_of: Option<DateTime<Utc>>,
    day: Date,
) -> Result<Check> {
    let received = Received::read(ledger, round, None, as_of).await?;
    let mut check = check_received(round, &received)?;
    let open =
        |found: &PlacedFinding| !found.is_explained() && received.waiver(&found.finding.id(), day).is_none();
    check.findings.retain(open);
    let found: BTreeSet<&AreaCode> = check.findings.iter().map(|found| &found.finding.area).collect();
    check.forms.retain(|form| found.contains(&form.area));
    Ok(check)
}
