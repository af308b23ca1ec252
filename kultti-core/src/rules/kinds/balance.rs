//! Totals and their parts.

use super::super::scene::{Found, Scene, Sink, Subject};
use super::super::{Outcome, Repair, Severity};
use crate::language::{Param, Text};
use crate::model::MeasureId;
use crate::stats::exact_sum;

/// A figure that must be the sum of others, some of which are subtracted, within rounding.
///
/// Each of the k parts and the total may have been rounded: `|total − Σ±part| ≤ ½·(k + 1)·10^−decimals`. Of more than ten
/// parts rounding all in one direction is unlikely: above `3·√((k + 1)/12)·10^−decimals` the rule warns. Where the figures
/// are of different decimals, each counts with its own: `½·Σ10^−decimals` and `3·√(Σ10^(−2·decimals)/12)` **[own]**.
///
/// A part that cannot exist in the area (M) is left out of the sum and of k; with anything else missing the rule cannot be
/// tested.
#[derive(Debug)]
pub(in super::super) struct Balance {
    pub(in super::super) total: MeasureId,
    /// The parts; those with `false` are subtracted.
    pub(in super::super) parts: Vec<(MeasureId, bool)>,
}

/// Above so many parts, rounding all in one direction is unlikely.
const MANY: usize = 10;

impl Balance {
    pub(super) fn measures(&self) -> Vec<&MeasureId> {
        let parts = self.parts.iter().map(|(part, _)| part);
        std::iter::once(&self.total).chain(parts).collect()
    }

    pub(super) fn check(&self, scene: &Scene<'_>, sink: &mut Sink<'_>) {
        for subject in scene.subjects() {
            match self.figures(subject) {
                Some((total, parts)) => self.record(scene, sink, subject, (total, &parts)),
                None => sink.case(subject, Some(&self.total), Outcome::Missing),
            }
        }
    }

    /// The total and the parts with their signs; `None` where one is missing.
    fn figures<'a>(&'a self, subject: Subject<'_>) -> Option<(f64, Vec<(&'a MeasureId, f64)>)> {
        let total = subject.value(&self.total)?;
        let exists = |(part, _): &&(MeasureId, bool)| {
            !subject
                .reason(part)
                .is_some_and(crate::model::Missing::cannot_exist)
        };
        let signed = |(part, added): &'a (MeasureId, bool)| {
            let value = subject.value(part)?;
            Some((part, if *added { value } else { -value }))
        };
        let parts = self.parts.iter().filter(exists).map(signed);
        Some((total, parts.collect::<Option<_>>()?))
    }

    fn record(
        &self,
        scene: &Scene<'_>,
        sink: &mut Sink<'_>,
        subject: Subject<'_>,
        (total, parts): (f64, &[(&MeasureId, f64)]),
    ) {
        let sum = exact_sum(parts.iter().map(|(_, value)| *value));
        let difference = exact_sum(parts.iter().map(|(_, value)| -*value).chain([total]));
        let units = std::iter::once(&self.total).chain(parts.iter().map(|(part, _)| *part));
        let units: Vec<f64> = units
            .map(|measure| 10_f64.powi(-i32::from(scene.names.decimals(measure))))
            .collect();
        // Decimals have no exact doubles: what is a billionth of a unit apart is on the edge, and within.
        let edge = 1e-9
            * units
                .iter()
                .copied()
                .fold(0.0, f64::max)
                .max(difference.abs() * 1e-6);
        let tolerance = exact_sum(units.iter().map(|unit| unit / 2.0));
        let likely = 3.0 * (exact_sum(units.iter().map(|unit| unit * unit)) / 12.0).sqrt();
        let (code, most) = if difference.abs() > tolerance + edge {
            ("finding.balance", Severity::Error)
        } else if parts.len() > MANY && difference.abs() > likely + edge {
            ("finding.balance-unlikely", Severity::Warning)
        } else {
            return sink.case(subject, Some(&self.total), Outcome::Pass);
        };
        let number = |value: f64| scene.names.number(&self.total, value);
        let mut found = Found::in_figure(scene, subject, code, &self.total)
            .expecting(sum)
            .with("calculation", &self.calculation(scene, parts))
            .with("sum", number(sum))
            .with("difference", number(difference.abs()))
            .with(
                "tolerance",
                Param::Number(
                    if most == Severity::Error {
                        tolerance
                    } else {
                        likely
                    },
                    1,
                ),
            );
        found
            .measures
            .extend(parts.iter().map(|(part, _)| (*part).clone()));
        found.most = most;
        found.repair = Some(Repair {
            measure: self.total.clone(),
            value: sum,
        });
        sink.fail(subject, found);
    }

    /// `612 000 + 23 000 − 4 000` in each language.
    fn calculation(&self, scene: &Scene<'_>, parts: &[(&MeasureId, f64)]) -> Text {
        let subtracted =
            |measure: &MeasureId| self.parts.iter().any(|(part, added)| part == measure && !added);
        Text::each(|language| {
            let mut out = String::new();
            for (place, (part, value)) in parts.iter().enumerate() {
                let minus = subtracted(part);
                let sign = match (place, minus) {
                    (0, false) => "",
                    (0, true) => "\u{2212}",
                    (_, false) => " + ",
                    (_, true) => " \u{2212} ",
                };
                let shown = scene.names.number(part, if minus { -value } else { *value });
                let shown = shown.render(language);
                out.push_str(sign);
                if place > 0 && shown.starts_with('\u{2212}') {
                    out.push_str(&format!("({shown})"));
                } else {
                    out.push_str(&shown);
                }
            }
            if out.is_empty() { "0".to_owned() } else { out }
        })
    }
}
