//! Correcting a single approved figure, consent, and waivers: what a coordinator records without a form.

use super::approve::check_received;
use super::received::figure;
use super::writing::{Decided, line, require_reason, write};
use super::{Act, Received, Round};
use crate::error::{Error, Result};
use crate::language::near_matches;
use crate::ledger::{Entry, EntryKind, Ledger};
use crate::model::{AreaCode, Date, MeasureId, Stage};
use crate::rules::Figure;

/// What a correction did.
#[derive(Debug, Clone, PartialEq)]
pub struct CorrectedFigure {
    /// The version of the ledger that holds it.
    pub version: i64,
    /// The reporter.
    pub area: AreaCode,
    /// The measure.
    pub measure: MeasureId,
    /// The figure before.
    pub before: Figure,
    /// The figure now; equal to the one before where there was nothing to correct.
    pub after: Figure,
}

/// Corrects one figure that has been approved: the figure before stays in the ledger, and what is said from now on is the new
/// one, at [`Stage::Corrected`], with the reason. A figure without a value is a withdrawal.
///
/// # Errors
/// [`Error::ReasonRequired`]; [`Error::NotAReporter`]; [`Error::NotAsked`] for a measure that the round does not ask;
/// [`Error::NotApproved`] for a figure that has not been approved: that is mended by another form; those of
/// [`Ledger::commit`].
pub async fn correct(
    ledger: &mut Ledger,
    round: &Round,
    (area, measure): (&AreaCode, &MeasureId),
    after: &Figure,
    act: &Act,
) -> Result<CorrectedFigure> {
    require_reason(act, "word.correction")?;
    round.resolve(area.as_str())?;
    round.asked(measure)?;
    let decide = |received: &Received| {
        let Some(standing) = received.fact(area, measure, Stage::Approved) else {
            return Err(Error::NotApproved {
                area: area.to_string(),
                measure: measure.to_string(),
            });
        };
        let before = figure(&standing.entry);
        let entry = Entry {
            measure: Some(measure.clone()),
            stage: Stage::Corrected,
            value: after.value,
            status: after.status,
            missing: after.missing,
            note: after.note.clone(),
            ..line(round, EntryKind::Fact, area, act)
        };
        let entries = if &before == after { Vec::new() } else { vec![entry] };
        Ok(Decided {
            entries,
            answer: before,
        })
    };
    let (version, before) = write(ledger, (round, Some(area)), (act, "correct"), decide).await?;
    Ok(CorrectedFigure {
        version,
        area: area.clone(),
        measure: measure.clone(),
        before,
        after: after.clone(),
    })
}

/// Records whether an area's figures may be published, and answers the version of the ledger that says so.
///
/// # Errors
/// [`Error::NotAReporter`]; those of [`Ledger::commit`].
pub async fn consent(
    ledger: &mut Ledger,
    round: &Round,
    area: &AreaCode,
    allowed: bool,
    act: &Act,
) -> Result<i64> {
    round.resolve(area.as_str())?;
    let decide = |received: &Received| {
        let same = received.consent(area) == Some(allowed);
        let entry = Entry {
            consent: Some(allowed),
            ..line(round, EntryKind::Consent, area, act)
        };
        Ok(Decided {
            entries: if same { Vec::new() } else { vec![entry] },
            answer: (),
        })
    };
    let (version, ()) = write(ledger, (round, Some(area)), (act, "consent"), decide).await?;
    Ok(version)
}

/// A finding that was accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Waived {
    /// The version of the ledger that holds it.
    pub version: i64,
    /// The finding.
    pub finding: String,
    /// Its rule.
    pub rule: String,
    /// The reporter.
    pub area: AreaCode,
    /// The last day on which it holds.
    pub until: Option<Date>,
}

/// Accepts a finding as it is, with a reason, until a day. The waiver is void once a figure concerned gets another value, for
/// then the finding is another.
///
/// # Errors
/// [`Error::ReasonRequired`]; [`Error::UnknownFinding`] for an id that no open finding has; [`Error::InvalidArgument`] for a
/// day that has passed; those of [`Ledger::commit`].
pub async fn waive(
    ledger: &mut Ledger,
    round: &Round,
    finding: &str,
    until: Option<Date>,
    act: &Act,
) -> Result<Waived> {
    require_reason(act, "word.waiver")?;
    if let Some(until) = until.filter(|until| *until < act.day()) {
        return Err(Error::InvalidArgument {
            name: "until".to_owned(),
            expected: format!("{} or later", act.day()),
            found: until.to_string(),
        });
    }
    let decide = |received: &Received| {
        let check = check_received(round, received)?;
        let ids: Vec<String> = check.findings.iter().map(|found| found.finding.id()).collect();
        let Some(place) = ids.iter().position(|id| id.eq_ignore_ascii_case(finding)) else {
            let near = near_matches(finding, ids.iter().map(String::as_str), 3);
            return Err(Error::UnknownFinding {
                finding: finding.to_owned(),
                round: round.document().id.clone(),
                near: near.into_iter().map(str::to_owned).collect(),
            });
        };
        let (id, found) = (&ids[place], &check.findings[place].finding);
        let entry = Entry {
            measure: found.measures.first().cloned(),
            finding: id.clone(),
            until,
            note: found.rule.clone(),
            ..line(round, EntryKind::Waiver, &found.area, act)
        };
        Ok(Decided {
            entries: vec![entry],
            answer: (id.clone(), found.rule.clone(), found.area.clone()),
        })
    };
    let (version, (finding, rule, area)) = write(ledger, (round, None), (act, "waive"), decide).await?;
    Ok(Waived {
        version,
        finding,
        rule,
        area,
        until,
    })
}
