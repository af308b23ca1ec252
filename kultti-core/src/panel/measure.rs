//! One measure on the borders asked for: which table a figure is taken from, and how its parts become one.

use super::Slicer;
use crate::catalogue::UnitKind;
use crate::error::Result;
use crate::model::{
    Additivity, AreaCode, Date, Measure, MeasureId, Missing, Observation, Period, Status, StatusSet,
};
use crate::stats::{decimal_sum, exact_sum};
use crate::territory::{Basis, Origin, Part, Weights};
use std::collections::{BTreeMap, HashMap};

/// An observation that went into a cell.
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

/// A measure's figure for one area.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MeasureCell {
    /// The figure.
    pub value: Option<f64>,
    /// The statuses that went into it.
    pub status: StatusSet,
    /// Why there is none.
    pub missing: Option<Missing>,
    /// The observations used.
    pub parts: Vec<UsedPart>,
}

impl MeasureCell {
    fn without(missing: Missing) -> Self {
        Self {
            missing: Some(missing),
            ..Self::default()
        }
    }

    /// Whether the figure was put together from several areas' figures.
    pub fn is_merged(&self) -> bool {
        self.parts
            .iter()
            .filter(|part| part.value.is_some() || part.status == Status::Included)
            .count()
            > 1
            && self.parts.windows(2).any(|pair| pair[0].area != pair[1].area)
    }
}

/// A measure for every area of some borders, in the order of their codes.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureSlice {
    /// The measure.
    pub measure: MeasureId,
    /// One cell per area.
    pub cells: Vec<MeasureCell>,
    /// Joint values on these borders: position of the host, positions of the others inside its value.
    pub joint: BTreeMap<usize, Vec<usize>>,
}

/// The observations of one table, by area.
type Table<'a> = HashMap<&'a AreaCode, &'a Observation>;

/// A table that an area's figure can be taken from.
struct Candidate<'t> {
    /// Complete, on the borders asked for, exact, date: the largest is taken.
    preference: (bool, bool, bool, Date),
    borders: Date,
    parts: Vec<Part>,
    table: &'t Table<'t>,
}

impl UsedPart {
    fn of(row: &Observation, share: f64) -> Self {
        Self {
            area: row.area.clone(),
            value: row.value,
            status: row.status,
            missing: row.missing,
            share,
            origin: row.origin.clone(),
            territory: row.territory,
            period: row.period,
            note: row.note.clone(),
        }
    }

    /// Whether the whole of the observation was used.
    pub fn is_whole(&self) -> bool {
        (self.share - 1.0).abs() < 1e-12
    }
}

impl Slicer<'_> {
    pub(super) fn make_measure(&self, measure: &Measure, period: Period, date: Date) -> Result<MeasureSlice> {
        if let Some(derived) = &measure.derived
            && let Some(base) = self.release.catalogue().measure(&derived.measure)
        {
            let lagged = |lag: &i32| self.measure(base, Period::year(period.calendar_year() - lag), date);
            let slices = derived.lags.iter().map(lagged).collect::<Result<Vec<_>>>()?;
            let slices: Vec<&MeasureSlice> = slices.iter().map(AsRef::as_ref).collect();
            return Ok(self.mean_of(measure, period, date, &slices));
        }
        let rows = self.observations(&measure.id, period)?;
        let mut tables: BTreeMap<Date, Table> = BTreeMap::new();
        for row in rows.iter() {
            tables.entry(row.territory).or_default().insert(&row.area, row);
        }
        let areas = self.release.territory().areas_on(date);
        let mut cells = areas
            .iter()
            .map(|area| {
                let scope = &measure.area_scope;
                if self
                    .release
                    .territory()
                    .in_scope(scope, &area.code, period.calendar_year())
                {
                    self.cell(measure, &area.code, date, &tables)
                } else {
                    Ok(MeasureCell::without(Missing::OutOfScope))
                }
            })
            .collect::<Result<Vec<_>>>()?;
        let joint = self.joint_on(measure, period, date, &mut cells);
        Ok(MeasureSlice {
            measure: measure.id.clone(),
            cells,
            joint,
        })
    }

    /// The mean of a measure at several times; missing where one of them is.
    #[expect(clippy::cast_precision_loss, reason = "a handful of lags")]
    fn mean_of(
        &self,
        measure: &Measure,
        period: Period,
        date: Date,
        slices: &[&MeasureSlice],
    ) -> MeasureSlice {
        let areas = self.release.territory().areas_on(date);
        let cells = areas
            .iter()
            .enumerate()
            .map(|(index, area)| {
                if !self
                    .release
                    .territory()
                    .in_scope(&measure.area_scope, &area.code, period.calendar_year())
                {
                    return MeasureCell::without(Missing::OutOfScope);
                }
                let cells: Vec<&MeasureCell> =
                    slices.iter().filter_map(|slice| slice.cells.get(index)).collect();
                let missing = cells.iter().filter_map(|cell| cell.missing).min();
                let sum = exact_sum(cells.iter().filter_map(|cell| cell.value));
                MeasureCell {
                    value: missing.is_none().then(|| sum / cells.len() as f64),
                    status: cells
                        .iter()
                        .fold(StatusSet::default(), |all, cell| all.union(cell.status)),
                    missing,
                    parts: cells.iter().flat_map(|cell| cell.parts.clone()).collect(),
                }
            })
            .collect();
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
            cells,
            joint,
        }
    }

    /// The figure of one area: from the table on the borders asked for, else from one whose transfer is exact, else from
    /// the latest table; among equals the latest.
    fn cell(
        &self,
        measure: &Measure,
        area: &AreaCode,
        date: Date,
        tables: &BTreeMap<Date, Table>,
    ) -> Result<MeasureCell> {
        let territory = self.release.territory();
        let mut best: Option<Candidate> = None;
        let mut unknown = false;
        for (borders, table) in tables {
            let transfer = territory.transfer(*borders, date);
            let origin = transfer.origin(area);
            let parts = match origin {
                Origin::Same => vec![Part {
                    area: area.clone(),
                    weights: Weights::WHOLE,
                }],
                Origin::Parts(parts) => parts.clone(),
                Origin::Unknown => {
                    unknown |= transfer
                        .goes_to(area)
                        .iter()
                        .any(|later| table.contains_key(later));
                    continue;
                }
            };
            let observed = parts.iter().filter(|part| table.contains_key(&part.area)).count();
            if observed == 0 {
                continue;
            }
            let complete = observed == parts.len();
            let preference = (
                complete,
                territory.same_borders(*borders, date),
                origin.is_exact(),
                *borders,
            );
            if best.as_ref().is_none_or(|known| known.preference < preference) {
                best = Some(Candidate {
                    preference,
                    borders: *borders,
                    parts,
                    table,
                });
            }
        }
        match best {
            Some(candidate) => self.combine(measure, &candidate),
            None if unknown => Ok(MeasureCell::without(Missing::NotKnownOnBorders)),
            None => Ok(MeasureCell::without(Missing::NotReported)),
        }
    }

    /// Puts the parts of an area together by the measure's additivity.
    fn combine(&self, measure: &Measure, candidate: &Candidate) -> Result<MeasureCell> {
        let (used, missing, inside) = self.gather(measure, candidate);
        let mut status = used
            .iter()
            .filter(|part| part.value.is_some())
            .fold(StatusSet::default(), |all, part| all.union(part.status.into()));
        if inside && self.members_are_within(measure, &used, &candidate.parts) {
            status = status.without(Status::Includes);
        }
        if used.iter().any(|part| part.value.is_some() && !part.is_whole()) {
            status = status.union(Status::Estimated.into());
        }
        let several = candidate.parts.len() > 1;
        let value = match missing {
            Some(_)
                if several && matches!(measure.additivity.areas, Additivity::Ratio | Additivity::None) =>
            {
                Err(Missing::NotAdditive)
            }
            Some(reason) => Err(reason),
            None => self.fold(measure, &used, candidate.borders)?,
        };
        Ok(match value {
            Ok(value) => MeasureCell {
                value: Some(value),
                status,
                missing: None,
                parts: used,
            },
            Err(reason) => MeasureCell {
                value: None,
                status: StatusSet::default(),
                missing: Some(reason),
                parts: used,
            },
        })
    }

    /// The observations of the parts, the first reason why one of them lacks a value, and whether a part without one is
    /// inside the value of another part.
    fn gather(&self, measure: &Measure, candidate: &Candidate) -> (Vec<UsedPart>, Option<Missing>, bool) {
        let money = self.release.catalogue().power_of(UnitKind::Money, &measure.unit);
        let basis = if money > 0 {
            Basis::Euros
        } else {
            Basis::Population
        };
        let mut used = Vec::new();
        let mut missing: Vec<Missing> = Vec::new();
        let mut inside = false;
        for part in &candidate.parts {
            let Some(row) = candidate.table.get(&part.area) else {
                missing.push(Missing::NotReported);
                continue;
            };
            used.push(UsedPart::of(row, part.weights.get(basis)));
            if row.value.is_none() {
                let host = self.host(&measure.id, row.period, &part.area);
                let within = host.is_some_and(|host| candidate.parts.iter().any(|other| other.area == *host));
                if row.status == Status::Included && within {
                    inside = true;
                } else {
                    missing.push(row.missing.unwrap_or(Missing::NotReported));
                }
            }
        }
        (used, missing.into_iter().min(), inside)
    }

    fn fold(&self, measure: &Measure, used: &[UsedPart], borders: Date) -> Result<Result<f64, Missing>> {
        let present: Vec<&UsedPart> = used.iter().filter(|part| part.value.is_some()).collect();
        let values = || {
            present
                .iter()
                .filter_map(|part| part.value.map(|value| value * part.share))
        };
        let whole = present.iter().all(|part| part.is_whole());
        if let ([only], true) = (present.as_slice(), whole) {
            return Ok(only.value.ok_or(Missing::NotReported));
        }
        Ok(match measure.additivity.areas {
            Additivity::Sum if whole => Ok(decimal_sum(values(), measure.decimals)),
            Additivity::Sum => Ok(exact_sum(values())),
            // The largest value of a part that was split may stand in its other half.
            Additivity::Max if whole => values().reduce(f64::max).ok_or(Missing::NotReported),
            Additivity::WeightedMean => self.weighted(measure, &present, borders)?,
            Additivity::Max | Additivity::Ratio | Additivity::None => Err(Missing::NotAdditive),
        })
    }

    /// The mean of the parts, weighted by the measure that is declared as weight, on the parts' own borders.
    fn weighted(
        &self,
        measure: &Measure,
        parts: &[&UsedPart],
        borders: Date,
    ) -> Result<Result<f64, Missing>> {
        let weight = measure
            .weight
            .as_ref()
            .and_then(|id| self.release.catalogue().measure(id));
        let (Some(weight), Some(first)) = (weight, parts.first()) else {
            return Ok(Err(Missing::NotAdditive));
        };
        let slice = self.measure(weight, first.period, borders)?;
        let areas = self.release.territory().areas_on(borders);
        let mut pairs = Vec::new();
        for part in parts {
            let index = areas.iter().position(|area| area.code == part.area);
            let weight = index
                .and_then(|index| slice.cells.get(index))
                .and_then(|cell| cell.value);
            let (Some(value), Some(weight)) = (part.value, weight) else {
                return Ok(Err(Missing::NotAdditive));
            };
            pairs.push((value, weight * part.share));
        }
        Ok(crate::stats::weighted_mean(&pairs).ok_or(Missing::NotAdditive))
    }

    /// Whether every member that the hosts' values include lies among the parts, so that nothing foreign is left.
    fn members_are_within(&self, measure: &Measure, used: &[UsedPart], parts: &[Part]) -> bool {
        let units = &self.release.territory().document().joint_units;
        used.iter()
            .filter(|part| part.status == Status::Includes)
            .all(|host| {
                units
                    .iter()
                    .filter(|unit| {
                        unit.measure == measure.id && unit.host == host.area && unit.covers(host.period)
                    })
                    .all(|unit| parts.iter().any(|part| part.area == unit.member))
            })
    }
}
