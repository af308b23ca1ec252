//! Which indicators and periods changed cells can have an effect on.

use crate::model::{Indicator, MeasureId, Period};
use crate::panel::{Slicer, observed};
use crate::release::PeriodChanges;
use std::collections::{BTreeMap, BTreeSet};

/// The periods of each measure in which a cell changed that figures are made of.
#[derive(Default)]
pub(super) struct Touched(BTreeMap<MeasureId, BTreeSet<Period>>);

impl Touched {
    /// Takes changed cells; origins and notes have no effect on figures.
    pub(super) fn note(&mut self, changes: &PeriodChanges) {
        if changes.cells.iter().any(|cell| !cell.is_text_only()) {
            let periods = self.0.entry(changes.measure.clone()).or_default();
            periods.insert(changes.period);
        }
    }

    /// Whether an indicator's figures, or the size classes of its groups, rest on such a cell.
    pub(super) fn reaches(&self, slicer: &Slicer, indicator: Option<&Indicator>, period: Period) -> bool {
        let Some(indicator) = indicator else {
            return false;
        };
        let catalogue = slicer.release().catalogue();
        let size = slicer.release().territory().document().size.as_ref();
        let size = size.and_then(|size| catalogue.measure(&size.measure));
        let year = Period::year(period.calendar_year());
        let size = size.map(|measure| observed(measure, year..=year));
        let own = slicer.measures_of(indicator).into_iter();
        let mut all = own.map(|measure| observed(measure, period..=period)).chain(size);
        all.any(|(measure, periods)| {
            let changed = self.0.get(&measure);
            changed.is_some_and(|changed| changed.range(periods).next().is_some())
        })
    }
}
