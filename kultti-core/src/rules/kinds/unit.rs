//! Figures in another unit than the form asks.

use super::super::scene::{Found, Scene, Sink, Subject};
use super::super::{Outcome, Repair, Severity};
use super::peers::peers_per_inhabitant;
use crate::language::{Message, Param};
use crate::model::MeasureId;
use crate::stats::median;

/// What a figure is compared with.
struct Reference {
    value: f64,
    of_peers: bool,
}

/// A figure that is off by a power of ten.
struct Off<'a> {
    measure: &'a MeasureId,
    power: i32,
    reference: Reference,
}

/// Tests that no figure is a hundred, a thousand or a million times too large or too small.
///
/// With `g = log10(x / reference)` and k the nearest whole number: a finding where k is ±3 or ±6 and `|g − k| ≤ 0.5`, or k is
/// ±2 and `|g − k| ≤ 0.25`. The reference is the value of the period before, else what the peers would give: the median of
/// their figures above zero per inhabitant, times the inhabitants. `x · 10^−k` would fit.
///
/// Where more than half of the figures of the rule that can be tested, and two at least, are off by the same k, the form as a
/// whole is in another unit: one finding for all of them **[own]**.
pub(super) fn check(measures: &[MeasureId], scene: &Scene<'_>, sink: &mut Sink<'_>) {
    for subject in scene.subjects() {
        let mut tested = 0;
        let mut off = Vec::new();
        for measure in measures {
            let found = subject
                .value(measure)
                .zip(reference(scene, subject, measure))
                .and_then(|(value, reference)| Some((power(value, reference.value)?, reference)));
            let Some((power, reference)) = found else {
                sink.case(subject, Some(measure), Outcome::Missing);
                continue;
            };
            tested += 1;
            if power == 0 {
                sink.case(subject, Some(measure), Outcome::Pass);
            } else {
                sink.case(subject, Some(measure), Outcome::Fail);
                off.push(Off {
                    measure,
                    power,
                    reference,
                });
            }
        }
        report(scene, sink, subject, (tested, off));
    }
}

fn report(
    scene: &Scene<'_>,
    sink: &mut Sink<'_>,
    subject: Subject<'_>,
    (tested, off): (usize, Vec<Off<'_>>),
) {
    let whole = [-6, -3, -2, 2, 3, 6].into_iter().find(|power| {
        let count = off.iter().filter(|off| off.power == *power).count();
        count >= 2 && count * 2 > tested
    });
    let (together, alone): (Vec<_>, Vec<_>) = off.into_iter().partition(|off| Some(off.power) == whole);
    for off in alone {
        sink.find(subject, one(scene, subject, &off));
    }
    if let Some(first) = together.first() {
        sink.find(subject, form(scene, subject, first, &together));
    }
}

/// k, or 0 where the figure is not off; `None` where one is zero or the signs differ.
fn power(value: f64, reference: f64) -> Option<i32> {
    let ratio = value / reference;
    if !(ratio > 0.0 && ratio.is_finite()) {
        return None;
    }
    let exponent = ratio.log10();
    let nearest = exponent.round();
    let apart = (exponent - nearest).abs();
    let found = [(2.0, 0.25), (3.0, 0.5), (6.0, 0.5)]
        .into_iter()
        .any(|(power, bound)| nearest.abs() == power && apart <= bound);
    #[expect(clippy::cast_possible_truncation, reason = "one of -6, -3, -2, 2, 3, 6")]
    Some(if found { nearest as i32 } else { 0 })
}

fn reference(scene: &Scene<'_>, subject: Subject<'_>, measure: &MeasureId) -> Option<Reference> {
    if let Some(value) = subject.previous(measure).filter(|value| *value != 0.0) {
        return Some(Reference {
            value,
            of_peers: false,
        });
    }
    let inhabitants = subject.inhabitants()?;
    let peers = peers_per_inhabitant(scene, subject, measure)?;
    Some(Reference {
        value: median(&peers.values)? * inhabitants,
        of_peers: true,
    })
}

/// What may have happened, in a question.
fn question(scene: &Scene<'_>, measure: &MeasureId, power: i32) -> Param {
    let money = scene.names.get(measure).is_some_and(|name| name.money);
    let code = match (money, power) {
        (true, 2) => "finding.unit-cents",
        (true, 3) => "finding.unit-euros-for-thousands",
        (true, 6) => "finding.unit-euros-for-millions",
        (true, -3) => "finding.unit-thousands-for-euros",
        (true, -6) => "finding.unit-millions-for-euros",
        (_, power) if power > 0 => "finding.unit-digits-too-many",
        _ => "finding.unit-digits-too-few",
    };
    Param::Word(code.to_owned())
}

fn times(power: i32) -> Param {
    Param::Number(10_f64.powi(power.abs()), 0)
}

fn one(scene: &Scene<'_>, subject: Subject<'_>, off: &Off<'_>) -> Found {
    let value = subject.value(off.measure).unwrap_or_default();
    let repaired = value * 10_f64.powi(-off.power);
    let code = match (off.reference.of_peers, off.power > 0) {
        (false, true) => "finding.unit-up",
        (false, false) => "finding.unit-down",
        (true, true) => "finding.unit-up-peers",
        (true, false) => "finding.unit-down-peers",
    };
    let reference = if off.reference.of_peers {
        Param::Number(off.reference.value, 0)
    } else {
        scene.names.number(off.measure, off.reference.value)
    };
    let mut found = Found::in_figure(scene, subject, code, off.measure)
        .expecting(off.reference.value)
        .with("reference", reference)
        .with("period", scene.before())
        .with("question", question(scene, off.measure, off.power))
        .with("repair", scene.names.number(off.measure, repaired));
    found.repair = Some(Repair {
        measure: off.measure.clone(),
        value: repaired,
    });
    found
}

fn form(scene: &Scene<'_>, subject: Subject<'_>, first: &Off<'_>, together: &[Off<'_>]) -> Found {
    let example = one(scene, subject, first);
    let code = if first.power > 0 {
        "finding.unit-form-up"
    } else {
        "finding.unit-form-down"
    };
    let message = Message::new(code)
        .with("count", together.len())
        .with("times", times(first.power))
        .with("example", &example.message);
    Found {
        measures: together.iter().map(|off| off.measure.clone()).collect(),
        observed: example.observed,
        expected: example.expected,
        message,
        repair: None,
        most: Severity::Error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_have_their_bounds() {
        // log10 of 1000·10^0.5 = 3162.27…: on the bound of 3; one more and it is nearer to 4, which is no unit.
        assert_eq!(power(3162.0, 1.0), Some(3));
        assert_eq!(power(3163.0, 1.0), Some(0));
        // 10^2.5 = 316.2…: above it 3 is nearest, below it 2, whose bound is a quarter: 10^2.25 = 177.8….
        assert_eq!(power(317.0, 1.0), Some(3));
        assert_eq!(power(316.0, 1.0), Some(0));
        assert_eq!(power(177.0, 1.0), Some(2));
        assert_eq!(power(178.0, 1.0), Some(0));
        // 10^1.75 = 56.2….
        assert_eq!(power(57.0, 1.0), Some(2));
        assert_eq!(power(56.0, 1.0), Some(0));
        assert_eq!(power(-2000.0, -1e6), Some(-3));
        assert_eq!(power(1.0, 1e6), Some(-6));
        assert_eq!(power(0.0, 5.0), None);
        assert_eq!(power(-5.0, 5.0), None);
        assert_eq!(power(5.0, 0.0), None);
        assert_eq!(power(1e4, 1.0), Some(0));
        assert_eq!(power(1e5, 1.0), Some(0));
    }
}
