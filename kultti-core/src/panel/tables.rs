//! Which table an area's figure is taken from, when a release has figures on several borders.

use crate::model::{Date, Missing};
use crate::release::PeriodRows;
use crate::territory::{Origin, Part, Territory, Transfer};
use std::sync::Arc;

/// No row for an area.
const NONE: u32 = u32::MAX;

/// The rows of one measure and period that stand on the same borders.
struct Table {
    borders: Date,
    /// From these borders to the ones asked for.
    transfer: Arc<Transfer>,
    on_borders: bool,
    /// The row of each area, by number.
    rows: Vec<u32>,
}

/// The tables of one measure in one period, seen from the borders asked for.
pub(super) struct Tables {
    tables: Vec<Table>,
}

/// Where an area's figure is taken from.
pub(super) enum Taken<'t> {
    /// One row, whole: nothing changed.
    Row(usize),
    /// These parts of a table.
    Parts(&'t [Part], TableRef<'t>),
    /// Nowhere.
    Missing(Missing),
}

/// A table from which parts are taken.
#[derive(Clone, Copy)]
pub(super) struct TableRef<'t>(&'t Table);

impl TableRef<'_> {
    pub(super) fn borders(self) -> Date {
        self.0.borders
    }

    /// The row of an area in the table.
    pub(super) fn row(self, number: usize) -> Option<usize> {
        self.0.row(number)
    }
}

impl Table {
    fn row(&self, number: usize) -> Option<usize> {
        let row = self.rows.get(number).copied().filter(|row| *row != NONE)?;
        usize::try_from(row).ok()
    }
}

impl Tables {
    pub(super) fn new(territory: &Territory, rows: &PeriodRows, date: Date) -> Self {
        let mut tables: Vec<Table> = rows
            .territories()
            .iter()
            .map(|borders| Table {
                borders: *borders,
                transfer: territory.transfer(*borders, date),
                on_borders: territory.same_borders(*borders, date),
                rows: vec![NONE; territory.codes().len()],
            })
            .collect();
        if let [only] = tables.as_mut_slice() {
            for (row, area) in (0_u32..).zip(rows.areas()) {
                only.rows[*area as usize] = row;
            }
        } else {
            for (row, area) in (0_u32..).zip(rows.areas()) {
                tables[rows.table(row as usize)].rows[*area as usize] = row;
            }
        }
        Self { tables }
    }

    /// From the table on the borders asked for, else from one whose transfer is exact, else from the latest table; among
    /// equals the latest. A table that has all parts comes before one that has some.
    pub(super) fn take(&self, area: usize) -> Taken<'_> {
        if let [only] = self.tables.as_slice()
            && let Origin::Same = only.transfer.origin(area)
        {
            return only
                .row(area)
                .map_or(Taken::Missing(Missing::NotReported), Taken::Row);
        }
        let mut best: Option<((bool, bool, bool, Date), Taken)> = None;
        let mut unknown = false;
        for table in &self.tables {
            let origin = table.transfer.origin(area);
            let (observed, parts, taken) = match origin {
                Origin::Same => match table.row(area) {
                    Some(row) => (1, 1, Taken::Row(row)),
                    None => continue,
                },
                Origin::Parts(parts) => {
                    let observed = parts.iter().filter(|part| table.row(part.number).is_some());
                    (
                        observed.count(),
                        parts.len(),
                        Taken::Parts(parts, TableRef(table)),
                    )
                }
                Origin::Unknown => {
                    let later = table.transfer.goes_to(area);
                    unknown |= later.iter().any(|later| table.row(*later).is_some());
                    continue;
                }
            };
            if observed == 0 {
                continue;
            }
            let preference = (
                observed == parts,
                table.on_borders,
                origin.is_exact(),
                table.borders,
            );
            if best.as_ref().is_none_or(|(known, _)| *known < preference) {
                best = Some((preference, taken));
            }
        }
        match best {
            Some((_, taken)) => taken,
            None if unknown => Taken::Missing(Missing::NotKnownOnBorders),
            None => Taken::Missing(Missing::NotReported),
        }
    }
}
