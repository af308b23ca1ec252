//! What an indicator's other periods were, for change and index.

use super::column::Column;
use crate::error::Result;
use crate::model::{Indicator, Period};
use crate::panel::{Borders, SeriesBreak, Slice, Slicer};
use crate::stats::index;
use crate::territory::AreasOn;
use std::sync::Arc;

/// The values of a period.
struct Values {
    period: Period,
    areas: Arc<AreasOn>,
    values: Vec<f64>,
}

/// The period before the current one, and the bases of indices, of one indicator.
#[derive(Default)]
pub(super) struct History {
    before: Option<Values>,
    bases: Vec<Values>,
    /// Where series break between the bases and all periods.
    breaks: Vec<SeriesBreak>,
}

impl Values {
    fn of(slice: &Slice) -> Self {
        Self {
            period: slice.period,
            areas: Arc::clone(&slice.areas),
            values: slice.figures.values().to_vec(),
        }
    }

    /// The value of the area at a position of a slice; areas are the same where their code is.
    fn at(&self, slice: &Slice, position: usize) -> f64 {
        if Arc::ptr_eq(&self.areas, &slice.areas) {
            return self.values[position];
        }
        let number = slice.areas.numbers()[position];
        self.areas
            .position_of(number)
            .map_or(f64::NAN, |position| self.values[position])
    }
}

impl History {
    /// Begins with an indicator: reads the bases of indices and the breaks between them and all its periods.
    pub(super) fn begin(
        slicer: &Slicer,
        indicator: &Indicator,
        borders: Borders,
        asked: &[Column],
        periods: &[Period],
    ) -> Result<Self> {
        let mut history = Self::default();
        let bases: Vec<Period> = asked
            .iter()
            .filter_map(|column| match column {
                Column::Index(base) => Some(*base),
                _ => None,
            })
            .collect();
        let (Some(first), Some(last)) = (
            bases
                .iter()
                .chain(periods.first())
                .min()
                .filter(|_| !bases.is_empty()),
            bases.iter().chain(periods.last()).max(),
        ) else {
            return Ok(history);
        };
        let territory = slicer.release().territory();
        for period in slicer.periods(indicator)? {
            let unknown = borders == Borders::Then && period.last_day() < territory.first();
            if bases.contains(&period) && !unknown {
                let slice = slicer.slice(indicator, period, borders, None)?;
                history.bases.push(Values::of(&slice));
            }
        }
        history.breaks = slicer.breaks(indicator, borders, (*first, *last))?;
        Ok(history)
    }

    /// Goes on to the next period.
    pub(super) fn remember(&mut self, slice: &Slice) {
        match &mut self.before {
            Some(before) => {
                before.period = slice.period;
                before.areas = Arc::clone(&slice.areas);
                before.values.clear();
                before.values.extend_from_slice(slice.figures.values());
            }
            None => self.before = Some(Values::of(slice)),
        }
    }

    /// The values of the period before, in the order of a slice's areas, as they are made to stand in `aligned` where the
    /// borders are others; `None` where that period is not the one before. NaN where there is no value, and across a break.
    pub(super) fn before<'a>(&'a self, slice: &Slice, aligned: &'a mut Vec<f64>) -> Option<&'a [f64]> {
        let before = self.before.as_ref()?;
        if before.period.shift(1) != slice.period {
            return None;
        }
        if Arc::ptr_eq(&before.areas, &slice.areas) && slice.broken.is_empty() {
            return Some(&before.values);
        }
        aligned.clear();
        aligned.extend((0..slice.len()).map(|position| before.at(slice, position)));
        for position in &slice.broken {
            aligned[*position] = f64::NAN;
        }
        Some(aligned)
    }

    /// 100·x/x_0; none across a break, nor on a base that is not positive.
    pub(super) fn index(&self, base: Period, slice: &Slice, out: &mut [f64]) {
        let Some(values) = self.bases.iter().find(|values| values.period == base) else {
            return;
        };
        let between = (base, slice.period);
        for (position, out) in out.iter_mut().enumerate() {
            let number = slice.areas.numbers()[position];
            let (base, now) = (values.at(slice, position), slice.figures.values()[position]);
            let across = self.breaks.iter().any(|one| one.parts(number, between));
            if !base.is_nan() && !now.is_nan() && !across {
                *out = index(base, now).unwrap_or(f64::NAN);
            }
        }
    }
}
