//! Changes beside those of the other reporters.

use super::super::Outcome;
use super::super::scene::{Scene, Sink, Subject};
use super::change::{Change, changed, turn};
use crate::language::Param;
use crate::model::MeasureId;
use crate::stats::{QuantileType, median, quantile};

/// Changes that are unlike those of the others, after Hidiroglou and Berthelot (1986).
///
/// Over the pairs with both values above zero: `r = x_t / x_{t−1}` with median `r_M`; `s = r/r_M − 1` for `r ≥ r_M`, else
/// `1 − r_M/r`; `E = s · max(x_t, x_{t−1})^u`. A finding lies below `E_M − c·max(E_M − E_Q1, F)` or above
/// `E_M + c·max(E_Q3 − E_M, F)`, with `F = a·max(|E_M|, median of max(x_t, x_{t−1})^u)` and type-7 quartiles. The second
/// floor is Kultti's own: the median of E is about 0.
///
/// It needs the whole round and at least ten pairs. What is no pair is a finding of its own, as in a rule `year-on-year`,
/// unless such a rule is there for the figure and finds it **[own]**. A difference below `least` is no finding.
#[derive(Debug)]
pub(in super::super) struct HidiroglouBerthelot {
    pub(in super::super) measures: Vec<MeasureId>,
    pub(in super::super) u: f64,
    pub(in super::super) a: f64,
    pub(in super::super) c: f64,
    pub(in super::super) least: f64,
}

/// With fewer pairs there is no distribution to be unlike.
const LEAST_PAIRS: usize = 10;

struct Pair<'a> {
    subject: Subject<'a>,
    before: f64,
    now: f64,
}

/// Where the others are: the middle ratio, and the bounds of E.
struct Bounds {
    ratio: f64,
    low: f64,
    high: f64,
}

impl HidiroglouBerthelot {
    pub(super) fn check(&self, scene: &Scene<'_>, sink: &mut Sink<'_>) {
        if scene.records.whole_round {
            for measure in &self.measures {
                self.figure(scene, sink, measure);
            }
        }
    }

    fn figure(&self, scene: &Scene<'_>, sink: &mut Sink<'_>, measure: &MeasureId) {
        let mut pairs = Vec::new();
        for subject in scene.subjects() {
            match turn(scene, subject, measure) {
                Change::Pair(before, now) => pairs.push(Pair { subject, before, now }),
                Change::Unknown => sink.case(subject, Some(measure), Outcome::Missing),
                Change::Same => sink.case(subject, Some(measure), Outcome::Pass),
                Change::Turn(_) if scene.year_on_year.contains(measure) => {}
                Change::Turn(code) => sink.fail(subject, changed(scene, subject, code, measure)),
            }
        }
        let Some(bounds) = self.bounds(&pairs) else {
            for pair in pairs {
                sink.case(pair.subject, Some(measure), Outcome::Missing);
            }
            return;
        };
        for pair in &pairs {
            let effect = self.effect(pair, bounds.ratio);
            let small = (pair.now - pair.before).abs() < self.least;
            if small || (bounds.low..=bounds.high).contains(&effect) {
                sink.case(pair.subject, Some(measure), Outcome::Pass);
                continue;
            }
            let found = changed(scene, pair.subject, "finding.change-unlike", measure)
                .with("ratio", Param::Number(pair.now / pair.before, 2))
                .with("middle", Param::Number(bounds.ratio, 2))
                .with("n", pairs.len());
            sink.fail(pair.subject, found);
        }
    }

    fn bounds(&self, pairs: &[Pair<'_>]) -> Option<Bounds> {
        if pairs.len() < LEAST_PAIRS {
            return None;
        }
        let ratios: Vec<f64> = pairs.iter().map(|pair| pair.now / pair.before).collect();
        let ratio = median(&ratios)?;
        let sizes: Vec<f64> = pairs.iter().map(|pair| self.size(pair)).collect();
        let mut effects: Vec<f64> = pairs.iter().map(|pair| self.effect(pair, ratio)).collect();
        effects.sort_by(f64::total_cmp);
        let of = |p| quantile(&effects, p, QuantileType::Type7);
        let (first, middle, third) = (of(0.25)?, of(0.5)?, of(0.75)?);
        let floor = self.a * middle.abs().max(median(&sizes)?);
        Some(Bounds {
            ratio,
            low: middle - self.c * (middle - first).max(floor),
            high: middle + self.c * (third - middle).max(floor),
        })
    }

    fn size(&self, pair: &Pair<'_>) -> f64 {
        pair.before.max(pair.now).powf(self.u)
    }

    fn effect(&self, pair: &Pair<'_>, middle: f64) -> f64 {
        let ratio = pair.now / pair.before;
        let from_middle = if ratio >= middle {
            ratio / middle - 1.0
        } else {
            1.0 - middle / ratio
        };
        from_middle * self.size(pair)
    }
}
