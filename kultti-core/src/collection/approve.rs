//! Approving: what was submitted becomes a figure that may be published.

use super::check::{Check, check_round};
use super::writing::{Decided, write};
use super::{Act, Answers, Received, Round};
use crate::error::{Error, Result};
use crate::ledger::{Entry, EntryKind, Ledger, Recorded};
use crate::model::{AreaCode, Stage};
use crate::rules::Severity;

/// What an approval did.
#[derive(Debug, Clone, PartialEq)]
pub struct Approved {
    /// The version of the ledger that holds it.
    pub version: i64,
    /// The stage that the figures came to.
    pub stage: Stage,
    /// Areas whose figures were approved, with how many.
    pub areas: Vec<(AreaCode, usize)>,
    /// Areas that have nothing new to approve.
    pub unchanged: Vec<AreaCode>,
    /// Areas that were held back, with the findings that stand in the way: neither corrected nor waived.
    pub held_back: Vec<(AreaCode, Vec<String>)>,
}

/// Approves the submitted figures of areas, or with [`Stage::Final`] settles approved ones. A figure that replaces an approved
/// or final one becomes [`Stage::Corrected`], with the reason that its form gave.
///
/// Without areas, all that have answered are approved, except those with open errors, which are named; areas that were asked
/// for by name and have open errors are an error.
///
/// # Errors
/// [`Error::InvalidArgument`] for another stage; [`Error::NotAReporter`]; [`Error::OpenFindings`]; those of
/// [`Ledger::commit`].
pub async fn approve(
    ledger: &mut Ledger,
    round: &Round,
    areas: &[AreaCode],
    stage: Stage,
    act: &Act,
) -> Result<Approved> {
    if !matches!(stage, Stage::Approved | Stage::Final) {
        return Err(Error::InvalidArgument {
            name: "stage".to_owned(),
            expected: "approved, final".to_owned(),
            found: stage.name().to_owned(),
        });
    }
    for area in areas {
        round.resolve(area.as_str())?;
    }
    let decide = |received: &Received| decide(round, areas, (stage, act), received);
    let (version, approved) = write(ledger, (round, None), (act, "approve"), decide).await?;
    Ok(Approved { version, ..approved })
}

fn decide(
    round: &Round,
    areas: &[AreaCode],
    (stage, act): (Stage, &Act),
    received: &Received,
) -> Result<Decided<Approved>> {
    let check = check_received(round, received)?;
    let mut answer = Approved {
        version: 0,
        stage,
        areas: Vec::new(),
        unchanged: Vec::new(),
        held_back: Vec::new(),
    };
    let mut entries = Vec::new();
    for reporter in &round.document().reporters {
        let area = &reporter.area;
        let wanted = areas.is_empty() || areas.contains(area);
        if !wanted || received.submissions(area).next().is_none() {
            continue;
        }
        let open = open_errors(&check, area, received, act);
        if !open.is_empty() {
            answer.held_back.push((area.clone(), open));
            continue;
        }
        let facts = risen(round, area, (stage, act), received);
        if facts.is_empty() {
            answer.unchanged.push(area.clone());
        } else {
            answer.areas.push((area.clone(), facts.len()));
            entries.extend(facts);
        }
    }
    match answer.held_back.first() {
        Some((area, findings)) if !areas.is_empty() => Err(Error::OpenFindings {
            area: area.to_string(),
            findings: findings.clone(),
        }),
        _ => Ok(Decided { entries, answer }),
    }
}

/// The rules over all that has been submitted.
pub(super) fn check_received(round: &Round, received: &Received) -> Result<Check> {
    let reporters = round.document().reporters.iter();
    let answers: Vec<Answers> = reporters
        .filter_map(|reporter| received.answers(round, &reporter.area, Stage::Submitted))
        .collect();
    check_round(round, &answers, Stage::Submitted)
}

/// The findings of an area that stand in the way of approval.
fn open_errors(check: &Check, area: &AreaCode, received: &Received, act: &Act) -> Vec<String> {
    let errors = check.findings.iter().filter(|found| {
        let finding = &found.finding;
        &finding.area == area && finding.severity == Severity::Error
    });
    errors
        .map(|found| found.finding.id())
        .filter(|id| received.waiver(id, act.day()).is_none())
        .collect()
}

/// The lines with which the figures of an area rise to a stage.
fn risen(round: &Round, area: &AreaCode, (stage, act): (Stage, &Act), received: &Received) -> Vec<Entry> {
    let from = if stage == Stage::Final {
        Stage::Approved
    } else {
        Stage::Submitted
    };
    let mut entries = Vec::new();
    for asked in &round.document().asked {
        let Some(latest) = received.fact(area, &asked.measure, from) else {
            continue;
        };
        let settled = received.fact(area, &asked.measure, stage);
        if settled.is_some_and(|settled| !is_later(latest, settled)) {
            continue;
        }
        let corrected =
            received.fact(area, &asked.measure, Stage::Approved).is_some() && stage == Stage::Approved;
        let reason = if act.reason.is_empty() {
            &latest.entry.reason
        } else {
            &act.reason
        };
        entries.push(Entry {
            measure: Some(asked.measure.clone()),
            stage: if corrected { Stage::Corrected } else { stage },
            author: act.author.clone(),
            reason: reason.clone(),
            ..Entry {
                kind: EntryKind::Fact,
                ..latest.entry.clone()
            }
        });
    }
    entries
}

/// Whether a line came after another.
fn is_later(line: &Recorded, other: &Recorded) -> bool {
    (line.sequence, line.line) > (other.sequence, other.line)
}
