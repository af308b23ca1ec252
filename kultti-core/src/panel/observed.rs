//! The observations behind a figure.

use super::Slicer;
use super::measure::Used;
use super::tables::{Tables, Taken};
use crate::error::Result;
use crate::model::{AreaCode, Date, Measure, MeasureId, Missing, Period, Status};
use crate::release::PeriodRows;
use std::sync::Arc;

/// An observation that went into a figure.
#[derive(Debug, Clone, PartialEq)]
pub struct UsedPart {
    /// The area on its own borders.
    pub area: AreaCode,
    /// Its value.
    pub value: Option<f64>,
    /// Its status.
    pub status: Status,
    /// Why it has no value.
    pub missing: Option<Missing>,
    /// The share of it that was used.
    pub share: f64,
    /// The table it came from.
    pub origin: String,
    /// The date of the borders it stands on.
    pub territory: Date,
    /// The period it was observed in.
    pub period: Period,
    /// Its notes.
    pub note: String,
}

/// The rows of a measure in a period with their origins and notes, seen from some borders.
pub(super) struct Observed {
    rows: Arc<PeriodRows>,
    tables: Tables,
}

impl Slicer<'_> {
    /// The observations behind a measure's figure for one area, with the share of each that was used.
    ///
    /// # Errors
    /// [`crate::Error::ReleaseAltered`] for a damaged release.
    pub fn parts(&self, measure: &Measure, period: Period, date: Date, area: usize) -> Result<Vec<UsedPart>> {
        let territory = self.release.territory();
        let within = territory.scope_on(&measure.area_scope, date, period.calendar_year());
        if within.is_some_and(|within| !within.get(area).copied().unwrap_or(false)) {
            return Ok(Vec::new());
        }
        if let Some(derived) = &measure.derived
            && let Some(base) = self.release.catalogue().measure(&derived.measure)
        {
            let at = |lag: &i32| self.parts(base, Period::year(period.calendar_year() - lag), date, area);
            let parts = derived.lags.iter().map(at).collect::<Result<Vec<_>>>()?;
            return Ok(parts.into_iter().flatten().collect());
        }
        let Some(number) = territory.areas_on(date).numbers().get(area).copied() else {
            return Ok(Vec::new());
        };
        let observed = self.observed(&measure.id, period, date)?;
        let Observed { rows, tables } = &*observed;
        let part = |used: Used| UsedPart {
            area: territory.codes()[used.row.area].clone(),
            value: used.row.value,
            status: used.row.status,
            missing: used.row.missing,
            share: used.share,
            origin: used.row.origin.to_owned(),
            territory: used.row.territory,
            period,
            note: used.row.note.to_owned(),
        };
        Ok(match tables.take(number) {
            Taken::Missing(_) => Vec::new(),
            Taken::Row(row) => vec![part(Used {
                row: rows.row(row),
                share: 1.0,
            })],
            Taken::Parts(parts, table) => {
                let used = self.used(measure, rows, parts, table);
                used.into_iter().map(part).collect()
            }
        })
    }

    /// Whoever walks a result back asks area by area; the rows are read and laid out once.
    fn observed(&self, measure: &MeasureId, period: Period, date: Date) -> Result<Arc<Observed>> {
        let key = (measure.clone(), period, date);
        if let Some(observed) = self.observed.borrow().get(&key) {
            return Ok(Arc::clone(observed));
        }
        let rows = self.rows(measure, period)?;
        // A panel can be made of rows that were read without origins and notes.
        let rows = if rows.has_texts() || rows.is_empty() {
            rows
        } else {
            self.release.rows(measure, period)?
        };
        let tables = Tables::new(self.release.territory(), &rows, date);
        let observed = Arc::new(Observed { rows, tables });
        self.observed.borrow_mut().insert(key, Arc::clone(&observed));
        Ok(observed)
    }
}
