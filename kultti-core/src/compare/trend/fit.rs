//! The slope of a series and whether it is more than chance.

use super::series::Line;
use crate::compare::result::{TrendFit, TrendPoint};
use crate::model::{Missing, Period};
use crate::stats::{TREND_MINIMUM, mann_kendall, theil_sen};

/// The fit of an area's points, with time in years since `start`.
pub(super) fn fit(line: &Line, points: &[TrendPoint], start: Period) -> TrendFit {
    let present: Vec<(Period, f64)> = points
        .iter()
        .filter_map(|point| point.cell.value.map(|value| (point.period, value)))
        .collect();
    let empty = TrendFit {
        area: line.area.clone(),
        slope: None,
        slope_lower: None,
        slope_upper: None,
        intercept: None,
        s: None,
        tau: None,
        p: None,
        n: present.len(),
        method: None,
        missing: None,
    };
    let ends = present.first().zip(present.last());
    let broken = ends.is_some_and(|(first, last)| {
        let mut breaks = line.breaks.iter();
        breaks.any(|one| one.is_between((first.0, last.0)))
    });
    let missing = |reason| TrendFit {
        missing: Some(reason),
        ..empty.clone()
    };
    if broken {
        return missing(Missing::BreakInSeries);
    }
    if present.len() < TREND_MINIMUM {
        return missing(Missing::TooFewPoints);
    }
    let timed = present
        .iter()
        .filter_map(|(period, value)| Some((period.years_since(start)?, *value)));
    let timed: Vec<(f64, f64)> = timed.collect();
    let values: Vec<f64> = timed.iter().map(|point| point.1).collect();
    let (Some(slope), Some(test)) = (theil_sen(&timed), mann_kendall(&values)) else {
        return missing(Missing::TooFewPoints);
    };
    TrendFit {
        slope: Some(slope.slope),
        slope_lower: Some(slope.lower),
        slope_upper: Some(slope.upper),
        intercept: Some(slope.intercept),
        s: Some(test.s),
        tau: test.tau,
        p: Some(test.p),
        method: Some(test.method),
        ..empty
    }
}
