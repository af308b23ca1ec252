//! One measure on the borders asked for: how the parts of a figure become one.

use super::Slicer;
use super::figures::Figures;
use super::joint::Holding;
use super::tables::{TableRef, Tables, Taken};
use crate::catalogue::UnitKind;
use crate::error::Result;
use crate::model::{Additivity, Date, Measure, MeasureId, Missing, Period, Status, StatusSet};
use crate::release::{PeriodRows, Row};
use crate::stats::{decimal_sum, exact_sum};
use crate::territory::{AreasOn, Basis, Part, Transfer};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A measure for every area of some borders, in the order of their codes.
#[derive(Debug, Clone)]
pub struct MeasureSlice {
    /// The measure.
    pub measure: MeasureId,
    /// A figure for each area.
    pub figures: Figures,
    /// Joint values on these borders: position of the host, positions of the others inside its value.
    pub joint: BTreeMap<usize, Vec<usize>>,
    /// Positions of figures that were put together from several areas' figures, ascending.
    pub merged: Vec<usize>,
    /// Positions of figures that hold a share of a split area, ascending.
    pub split: Vec<usize>,
    /// Positions of areas whose series breaks in this period, ascending: an observation behind the figure has status B,
    /// even where the figure itself is missing for want of another.
    pub broken: Vec<usize>,
}

/// A row and the share of it that was used.
#[derive(Clone, Copy)]
pub(super) struct Used<'a> {
    pub(super) row: Row<'a>,
    pub(super) share: f64,
}

impl Used<'_> {
    fn is_whole(&self) -> bool {
        (self.share - 1.0).abs() < 1e-12
    }
}

/// The figure that parts became.
struct Combined {
    value: Result<f64, Missing>,
    status: StatusSet,
    merged: bool,
    split: bool,
}

impl MeasureSlice {
    /// Whether the area's figure was put together from several areas' figures.
    pub fn is_merged(&self, index: usize) -> bool {
        self.merged.binary_search(&index).is_ok()
    }

    /// Whether the area's figure holds a share of an area that was split.
    pub fn is_split(&self, index: usize) -> bool {
        self.split.binary_search(&index).is_ok()
    }
}

impl Slicer<'_> {
    pub(super) fn make_measure(&self, measure: &Measure, period: Period, date: Date) -> Result<MeasureSlice> {
        if let Some(derived) = &measure.derived
            && let Some(base) = self.release.catalogue().measure(&derived.measure)
        {
            let lagged = |lag: &i32| self.measure(base, Period::year(period.calendar_year() - lag), date);
            let slices = derived.lags.iter().map(lagged).collect::<Result<Vec<_>>>()?;
            return Ok(self.mean_of(measure, period, date, &slices));
        }
        let rows = self.rows(&measure.id, period)?;
        let territory = self.release.territory();
        let areas = territory.areas_on(date);
        let within = territory.scope_on(&measure.area_scope, date, period.calendar_year());
        let units = self.joint_units(&measure.id, period);
        let mut slice = MeasureSlice {
            measure: measure.id.clone(),
            figures: Figures::default(),
            joint: BTreeMap::new(),
            merged: Vec::new(),
            split: Vec::new(),
            broken: Vec::new(),
        };
        if units.is_empty()
            && let [borders] = rows.territories()
            && let transfer = territory.transfer(*borders, date)
            && transfer.changed().is_empty()
        {
            slice.figures = unchanged(&rows, &areas, &transfer);
            if let Some(within) = within {
                slice.figures.leave_out(&within);
            }
            slice.note_breaks();
            return Ok(slice);
        }
        let tables = Tables::new(territory, &rows, date);
        slice.figures = Figures::with_capacity(areas.len());
        let mut holding = Holding::default();
        for (index, number) in areas.numbers().iter().enumerate() {
            if within.as_ref().is_some_and(|within| !within[index]) {
                slice.figures.push_missing(Missing::OutOfScope);
                continue;
            }
            let taken = tables.take(*number);
            if !units.is_empty() {
                holding.note(index, &taken, &rows);
            }
            self.push((measure, period), &rows, &taken, &mut slice)?;
        }
        if !units.is_empty() {
            slice.joint = self.joint_on(&units, &holding, &areas, &mut slice.figures);
        }
        slice.note_breaks();
        Ok(slice)
    }

    /// Adds the figure of the next area.
    fn push(
        &self,
        (measure, period): (&Measure, Period),
        rows: &PeriodRows,
        taken: &Taken,
        slice: &mut MeasureSlice,
    ) -> Result<()> {
        let index = slice.figures.len();
        match taken {
            Taken::Missing(reason) => slice.figures.push_missing(*reason),
            Taken::Row(row) => {
                let value = rows.values()[*row];
                if value.is_nan() {
                    let reason = rows.missing()[*row].unwrap_or(Missing::NotReported);
                    slice.figures.push_missing(reason);
                } else {
                    slice.figures.push(value, rows.statuses()[*row].into());
                }
            }
            Taken::Parts(parts, table) => {
                let combined = self.combine((measure, period), rows, parts, *table)?;
                if combined.merged {
                    slice.merged.push(index);
                }
                if combined.split {
                    slice.split.push(index);
                }
                if combined.status.contains(Status::Break) {
                    slice.broken.push(index);
                }
                match combined.value {
                    Ok(value) => slice.figures.push(value, combined.status),
                    Err(reason) => slice.figures.push_missing(reason),
                }
            }
        }
        Ok(())
    }

    /// The mean of a measure at several times; missing where one of them is.
    #[expect(clippy::cast_precision_loss, reason = "a handful of lags")]
    fn mean_of(
        &self,
        measure: &Measure,
        period: Period,
        date: Date,
        slices: &[Arc<MeasureSlice>],
    ) -> MeasureSlice {
        let territory = self.release.territory();
        let areas = territory.areas_on(date);
        let within = territory.scope_on(&measure.area_scope, date, period.calendar_year());
        let mut figures = Figures::with_capacity(areas.len());
        for index in 0..areas.len() {
            let missing = slices
                .iter()
                .filter_map(|slice| slice.figures.missing(index))
                .min();
            if within.as_ref().is_some_and(|within| !within[index]) {
                figures.push_missing(Missing::OutOfScope);
            } else if let Some(reason) = missing {
                figures.push_missing(reason);
            } else {
                let sum = exact_sum(slices.iter().filter_map(|slice| slice.figures.value(index)));
                let status =
                    |all: StatusSet, slice: &Arc<MeasureSlice>| all.union(slice.figures.status(index));
                figures.push(
                    sum / slices.len() as f64,
                    slices.iter().fold(StatusSet::default(), status),
                );
            }
        }
        let mut joint: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (host, members) in slices.iter().flat_map(|slice| &slice.joint) {
            joint.entry(*host).or_default().extend(members);
        }
        for members in joint.values_mut() {
            members.sort_unstable();
            members.dedup();
        }
        MeasureSlice {
            measure: measure.id.clone(),
            figures,
            joint,
            merged: union(slices.iter().map(|slice| &slice.merged)),
            split: union(slices.iter().map(|slice| &slice.split)),
            broken: union(slices.iter().map(|slice| &slice.broken)),
        }
    }

    /// The rows of the parts that are there.
    pub(super) fn used<'a>(
        &self,
        measure: &Measure,
        rows: &'a PeriodRows,
        parts: &[Part],
        table: TableRef,
    ) -> Vec<Used<'a>> {
        let money = self.release.catalogue().power_of(UnitKind::Money, &measure.unit);
        let basis = if money > 0 {
            Basis::Euros
        } else {
            Basis::Population
        };
        let used = parts.iter().filter_map(|part| {
            let row = table.row(part.number)?;
            Some(Used {
                row: rows.row(row),
                share: part.weights.get(basis),
            })
        });
        used.collect()
    }

    /// Puts the parts of an area together by the measure's additivity.
    fn combine(
        &self,
        (measure, period): (&Measure, Period),
        rows: &PeriodRows,
        parts: &[Part],
        table: TableRef,
    ) -> Result<Combined> {
        let used = self.used(measure, rows, parts, table);
        let (missing, inside) = self.lacking((measure, period), &used, parts);
        let present = || used.iter().filter(|part| part.row.value.is_some());
        let mut status = present().fold(StatusSet::default(), |all, part| {
            all.union(part.row.status.into())
        });
        if inside && self.members_are_within((measure, period), &used, parts) {
            status = status.without(Status::Includes);
        }
        let torn = present().any(|part| !part.is_whole());
        if torn {
            status = status.union(Status::Estimated.into());
        }
        let several = parts.len() > 1;
        let additivity = measure.additivity.areas;
        let value = match missing {
            Some(_) if several && matches!(additivity, Additivity::Ratio | Additivity::None) => {
                Err(Missing::NotAdditive)
            }
            Some(reason) => Err(reason),
            None => self.fold((measure, period), &used, table.borders())?,
        };
        let counted = used
            .iter()
            .filter(|part| part.row.value.is_some() || part.row.status == Status::Included);
        Ok(Combined {
            value,
            status,
            merged: counted.count() > 1,
            split: torn && used.iter().any(|part| part.share < 1.0),
        })
    }

    /// The first reason why one of the parts lacks a value, and whether a part without one is inside the value of another.
    fn lacking(
        &self,
        (measure, period): (&Measure, Period),
        used: &[Used],
        parts: &[Part],
    ) -> (Option<Missing>, bool) {
        let mut missing = (used.len() < parts.len()).then_some(Missing::NotReported);
        let mut inside = false;
        for part in used.iter().filter(|part| part.row.value.is_none()) {
            let code = &self.release.territory().codes()[part.row.area];
            let host = self.host(&measure.id, period, code);
            let within = host.is_some_and(|host| parts.iter().any(|other| other.area == *host));
            if part.row.status == Status::Included && within {
                inside = true;
            } else {
                let reason = part.row.missing.unwrap_or(Missing::NotReported);
                missing = Some(missing.map_or(reason, |known| known.min(reason)));
            }
        }
        (missing, inside)
    }

    fn fold(
        &self,
        (measure, period): (&Measure, Period),
        used: &[Used],
        borders: Date,
    ) -> Result<Result<f64, Missing>> {
        let present: Vec<&Used> = used.iter().filter(|part| part.row.value.is_some()).collect();
        let values = || {
            let shares = present.iter();
            shares.filter_map(|part| part.row.value.map(|value| value * part.share))
        };
        let whole = present.iter().all(|part| part.is_whole());
        if let ([only], true) = (present.as_slice(), whole) {
            return Ok(only.row.value.ok_or(Missing::NotReported));
        }
        Ok(match measure.additivity.areas {
            Additivity::Sum if whole => Ok(decimal_sum(values(), measure.decimals)),
            Additivity::Sum => Ok(exact_sum(values())),
            // The largest value of a part that was split may stand in its other half.
            Additivity::Max if whole => values().reduce(f64::max).ok_or(Missing::NotReported),
            Additivity::WeightedMean => self.weighted((measure, period), &present, borders)?,
            Additivity::Max | Additivity::Ratio | Additivity::None => Err(Missing::NotAdditive),
        })
    }

    /// The mean of the parts, weighted by the measure that is declared as weight, on the parts' own borders.
    fn weighted(
        &self,
        (measure, period): (&Measure, Period),
        parts: &[&Used],
        borders: Date,
    ) -> Result<Result<f64, Missing>> {
        let weight = measure.weight.as_ref();
        let Some(weight) = weight.and_then(|id| self.release.catalogue().measure(id)) else {
            return Ok(Err(Missing::NotAdditive));
        };
        let slice = self.measure(weight, period, borders)?;
        let areas = self.release.territory().areas_on(borders);
        let mut pairs = Vec::new();
        for part in parts {
            let index = areas.position_of(part.row.area);
            let weight = index.and_then(|index| slice.figures.value(index));
            let (Some(value), Some(weight)) = (part.row.value, weight) else {
                return Ok(Err(Missing::NotAdditive));
            };
            pairs.push((value, weight * part.share));
        }
        Ok(crate::stats::weighted_mean(&pairs).ok_or(Missing::NotAdditive))
    }

    /// Whether every member that the hosts' values include lies among the parts, so that nothing foreign is left.
    fn members_are_within(
        &self,
        (measure, period): (&Measure, Period),
        used: &[Used],
        parts: &[Part],
    ) -> bool {
        let codes = self.release.territory().codes();
        let units = self.joint_units(&measure.id, period);
        let mut hosts = used.iter().filter(|part| part.row.status == Status::Includes);
        hosts.all(|host| {
            let hosted = units.iter().filter(|unit| unit.host == codes[host.row.area]);
            let mut members = hosted.map(|unit| &unit.member);
            members.all(|member| parts.iter().any(|part| part.area == *member))
        })
    }
}

/// The figures of rows that stand on the borders asked for, or on borders that are the same for every area.
fn unchanged(rows: &PeriodRows, areas: &AreasOn, transfer: &Transfer) -> Figures {
    let mut figures = Figures::missing_all(Missing::NotReported, areas.len());
    let values = rows.values().iter().zip(rows.statuses()).zip(rows.missing());
    for (area, ((value, status), missing)) in rows.areas().iter().zip(values) {
        let area = *area as usize;
        if let Some(index) = areas.position_of(area).filter(|_| transfer.is_same(area)) {
            figures.set(index, (*value, *status, *missing));
        }
    }
    figures
}

/// All positions, ascending and each once.
pub(super) fn union<'a>(lists: impl Iterator<Item = &'a Vec<usize>>) -> Vec<usize> {
    let mut all: Vec<usize> = lists.flatten().copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}
