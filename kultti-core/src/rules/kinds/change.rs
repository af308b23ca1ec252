//! Changes since the period before.

use super::super::Outcome;
use super::super::scene::{Found, Scene, Sink, Subject};
use crate::language::Param;
use crate::model::MeasureId;
use crate::stats::relative_change;

/// How much a figure may grow or fall since the period before.
///
/// For two positive values, a finding where the value is more than `(1 + up)` times the one before or less than `(1 − down)`
/// times, and the difference is `least` at least. What is no change by so many per cent is a finding of its own: zero after
/// something, something after zero, a negative value, a changed sign, and a value that ended with a reason.
///
/// Where the value before is not known, nothing can be told **[own]**: that nothing is known does not say that there was
/// nothing. An empty cell is an ended value only where no rule requires it, which would find it anyway **[own]**.
#[derive(Debug)]
pub(in super::super) struct YearOnYear {
    pub(in super::super) measures: Vec<MeasureId>,
    pub(in super::super) up: f64,
    pub(in super::super) down: f64,
    pub(in super::super) least: f64,
}

impl YearOnYear {
    pub(super) fn check(&self, scene: &Scene<'_>, sink: &mut Sink<'_>) {
        for subject in scene.subjects() {
            for measure in &self.measures {
                let outcome = match turn(scene, subject, measure) {
                    Change::Unknown => Outcome::Missing,
                    Change::Same => Outcome::Pass,
                    Change::Turn(code) => {
                        sink.fail(subject, changed(scene, subject, code, measure));
                        continue;
                    }
                    Change::Pair(before, now) => match self.code(before, now) {
                        None => Outcome::Pass,
                        Some(code) => {
                            sink.fail(subject, by_per_cent(scene, subject, code, measure));
                            continue;
                        }
                    },
                };
                sink.case(subject, Some(measure), outcome);
            }
        }
    }

    fn code(&self, before: f64, now: f64) -> Option<&'static str> {
        if (now - before).abs() < self.least {
            None
        } else if now > before * (1.0 + self.up) {
            Some("finding.change-up")
        } else if now < before * (1.0 - self.down) {
            Some("finding.change-down")
        } else {
            None
        }
    }
}

/// What a figure is beside the one before.
pub(super) enum Change {
    /// One of them is not known.
    Unknown,
    /// Nothing both times.
    Same,
    /// No change by so many per cent: the code of what it is.
    Turn(&'static str),
    /// Two positive values: the one before and the one now.
    Pair(f64, f64),
}

pub(super) fn turn(scene: &Scene<'_>, subject: Subject<'_>, measure: &MeasureId) -> Change {
    let Some(before) = subject.previous(measure) else {
        return Change::Unknown;
    };
    let Some(now) = subject.value(measure) else {
        // A value that another area's holds has not ended; nor has one that is kept back.
        let ended = match subject.reason(measure) {
            Some(reason) => reason.cannot_exist(),
            None => !scene.required.contains(measure),
        };
        return if before != 0.0 && ended {
            Change::Turn("finding.change-ended")
        } else {
            Change::Unknown
        };
    };
    match (before, now) {
        _ if before == 0.0 && now == 0.0 => Change::Same,
        _ if now == 0.0 => Change::Turn("finding.change-zero"),
        _ if (before > 0.0 && now < 0.0) || (before < 0.0 && now > 0.0) => {
            Change::Turn("finding.change-sign")
        }
        _ if now < 0.0 => Change::Turn("finding.change-negative"),
        _ if before == 0.0 => Change::Turn("finding.change-new"),
        _ => Change::Pair(before, now),
    }
}

/// A finding with the value before.
pub(super) fn changed(
    scene: &Scene<'_>,
    subject: Subject<'_>,
    code: &'static str,
    measure: &MeasureId,
) -> Found {
    let mut found = Found::in_figure(scene, subject, code, measure).with("period", scene.before());
    found.expected = subject.previous(measure);
    let before = found.expected.unwrap_or_default();
    found.with("before", scene.names.number(measure, before))
}

fn by_per_cent(scene: &Scene<'_>, subject: Subject<'_>, code: &'static str, measure: &MeasureId) -> Found {
    let found = changed(scene, subject, code, measure);
    let (before, now) = (
        found.expected.unwrap_or_default(),
        found.observed.unwrap_or_default(),
    );
    let change = relative_change(before, now).map_or(0.0, f64::abs);
    found.with("percent", Param::Number(change * 100.0, 0))
}
