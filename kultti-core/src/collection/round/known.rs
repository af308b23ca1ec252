//! What a release knows of every area before a round: inhabitants, size class, last year's values.

use super::Before;
use crate::error::Result;
use crate::model::{AreaCode, Date, MeasureId, Period};
use crate::panel::Slicer;
use crate::release::Release;

/// The same period a year before.
pub(in crate::collection) fn year_before(period: Period) -> Period {
    let years = |earlier: &Period| period.years_since(*earlier).is_some_and(|years| years >= 1.0);
    let mut earlier = (1..).map(|steps| period.shift(-steps));
    earlier.find(years).unwrap_or(period)
}

/// The inhabitants of every area of a day: those of the period, else of the latest one before it that has any.
pub(super) fn inhabitants(
    release: &Release,
    period: Period,
    day: Date,
) -> Result<Vec<(AreaCode, Option<f64>)>> {
    let areas = release.territory().areas_on(day);
    let unknown = || areas.codes().iter().map(|code| (code.clone(), None)).collect();
    let size = release.territory().document().size.as_ref();
    let Some(measure) = size.and_then(|size| release.catalogue().measure(&size.measure)) else {
        return Ok(unknown());
    };
    let year = Period::year(period.calendar_year());
    let counted = release.periods(&measure.id).iter().rev();
    let Some(latest) = counted
        .filter(|content| content.values > 0)
        .map(|content| content.period)
        .find(|counted| *counted <= year)
    else {
        return Ok(unknown());
    };
    let slice = Slicer::new(release).measure(measure, latest, day)?;
    let areas = areas.codes().iter().enumerate();
    Ok(areas
        .map(|(place, code)| (code.clone(), slice.figures.value(place)))
        .collect())
}

/// What is known of every area on the borders of a day: the values of some measures in a period, and the rest of another.
///
/// A measure of the same id and another unit in the release is an error: last year's value would not be comparable.
pub(super) fn of_every_area(
    release: &Release,
    (asked, previous): (&[MeasureId], Period),
    (period, day): (Period, Date),
) -> Result<Vec<Before>> {
    let territory = release.territory();
    let classes = match &territory.document().size {
        Some(size) => territory.groups(size.grouping.as_str(), period.calendar_year())?,
        None => Vec::new(),
    };
    let class = |persons: f64| {
        let class = territory.size_class(persons).and_then(|class| classes.get(class));
        class.map(|class| class.code.to_string())
    };
    let before = |(area, inhabitants): (AreaCode, Option<f64>)| Before {
        area,
        inhabitants,
        group: inhabitants.and_then(class),
        previous: Vec::with_capacity(asked.len()),
    };
    let mut known: Vec<Before> = inhabitants(release, period, day)?
        .into_iter()
        .map(before)
        .collect();
    let slicer = Slicer::new(release);
    for id in asked {
        let measure = release.catalogue().measure(id);
        let slice = match measure.filter(|_| release.has(id, previous)) {
            Some(measure) => Some(slicer.measure(measure, previous, day)?),
            None => None,
        };
        for (place, area) in known.iter_mut().enumerate() {
            let value = slice.as_ref().and_then(|slice| slice.figures.value(place));
            area.previous.push(value);
        }
    }
    Ok(known)
}

/// Refuses a measure whose unit is another than that of the release's measure of the same id.
pub(super) fn same_unit(release: &Release, measure: &crate::model::Measure) -> Result<(), (String, String)> {
    let known = release.catalogue().measure(&measure.id);
    match known.filter(|known| known.unit != measure.unit) {
        Some(known) => Err((known.unit.to_string(), measure.unit.to_string())),
        None => Ok(()),
    }
}
