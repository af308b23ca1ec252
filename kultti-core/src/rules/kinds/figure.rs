//! What one figure or one record must be by itself: there, between limits, one of a list, there once.

use super::super::Outcome;
use super::super::scene::{Found, Scene, Sink, Subject};
use crate::language::{Message, Param};
use crate::model::MeasureId;
use std::collections::BTreeMap;

/// Tests that a figure is there, or a reason why not. A reason is an answer; an empty cell is none.
pub(super) fn required(measures: &[MeasureId], scene: &Scene<'_>, sink: &mut Sink<'_>) {
    for subject in scene.subjects() {
        for measure in measures {
            if subject.value(measure).is_some() || subject.reason(measure).is_some() {
                sink.case(subject, Some(measure), Outcome::Pass);
                continue;
            }
            let mut found = Found::in_figure(scene, subject, "finding.required", measure);
            if let Some(before) = subject.previous(measure) {
                found = found
                    .with("before", scene.names.number(measure, before))
                    .with("period", scene.before());
            }
            sink.fail(subject, found);
        }
    }
}

/// Tests that every area has answered once.
///
/// Whose records are all the same says so for each of them. Only where the whole round is there.
pub(super) fn duplicates(scene: &Scene<'_>, sink: &mut Sink<'_>) {
    if !scene.records.whole_round {
        return;
    }
    let mut times: BTreeMap<_, usize> = BTreeMap::new();
    for subject in scene.subjects() {
        *times.entry(&subject.record.area).or_default() += 1;
    }
    for subject in scene.subjects() {
        let count = times.get(&subject.record.area).copied().unwrap_or(1);
        if count == 1 {
            sink.case(subject, None, Outcome::Pass);
            continue;
        }
        let message = Message::new("finding.duplicate").with("area", subject.record.area.as_str());
        sink.fail(
            subject,
            Found {
                measures: Vec::new(),
                observed: Some(count as f64),
                expected: Some(1.0),
                message: message.with("count", count),
                repair: None,
                most: super::super::Severity::Error,
            },
        );
    }
}

/// Limits of a figure, or of a figure per inhabitant. A value on a limit is within.
#[derive(Debug)]
pub(in super::super) struct Range {
    pub(in super::super) measures: Vec<MeasureId>,
    pub(in super::super) minimum: Option<f64>,
    pub(in super::super) maximum: Option<f64>,
    pub(in super::super) per_inhabitant: bool,
}

impl Range {
    pub(super) fn check(&self, scene: &Scene<'_>, sink: &mut Sink<'_>) {
        for subject in scene.subjects() {
            for measure in &self.measures {
                self.figure(scene, sink, subject, measure);
            }
        }
    }

    fn figure(&self, scene: &Scene<'_>, sink: &mut Sink<'_>, subject: Subject<'_>, measure: &MeasureId) {
        let inhabitants = if self.per_inhabitant {
            subject.inhabitants()
        } else {
            Some(1.0)
        };
        let (Some(value), Some(inhabitants)) = (subject.value(measure), inhabitants) else {
            return sink.case(subject, Some(measure), Outcome::Missing);
        };
        let tested = value / inhabitants;
        let below = self.minimum.filter(|minimum| tested < *minimum);
        let above = self.maximum.filter(|maximum| tested > *maximum);
        let (limit, code) = match (below, above, self.per_inhabitant) {
            (Some(limit), _, false) => (limit, "finding.range-below"),
            (None, Some(limit), false) => (limit, "finding.range-above"),
            (Some(limit), _, true) => (limit, "finding.range-below-per-inhabitant"),
            (None, Some(limit), true) => (limit, "finding.range-above-per-inhabitant"),
            (None, None, _) => return sink.case(subject, Some(measure), Outcome::Pass),
        };
        let mut found = Found::in_figure(scene, subject, code, measure).expecting(limit * inhabitants);
        found = if self.per_inhabitant {
            found
                .with("inhabitants", Param::Number(inhabitants, 0))
                .with("ratio", Param::Number(tested, 2))
                .with("limit", Param::Number(limit, 2))
        } else {
            found.with("limit", scene.names.number(measure, limit))
        };
        sink.fail(subject, found);
    }
}

/// The numbers that a figure may be.
#[derive(Debug)]
pub(in super::super) struct Categories {
    pub(in super::super) measures: Vec<MeasureId>,
    pub(in super::super) values: Vec<f64>,
}

impl Categories {
    pub(super) fn check(&self, scene: &Scene<'_>, sink: &mut Sink<'_>) {
        for subject in scene.subjects() {
            for measure in &self.measures {
                let Some(value) = subject.value(measure) else {
                    sink.case(subject, Some(measure), Outcome::Missing);
                    continue;
                };
                // Codes are whole numbers: what was written as 1 is 1.
                if self
                    .values
                    .iter()
                    .any(|code| code.to_bits() == (value + 0.0).to_bits())
                {
                    sink.case(subject, Some(measure), Outcome::Pass);
                    continue;
                }
                let codes = self.values.iter();
                let codes = codes.map(|code| scene.names.number(measure, *code)).collect();
                let found = Found::in_figure(scene, subject, "finding.category", measure);
                sink.fail(subject, found.with("codes", Param::List(codes)));
            }
        }
    }
}
