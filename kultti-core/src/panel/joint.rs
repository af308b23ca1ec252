//! Joint arrangements on the borders asked for: a host's value stands for several areas.

use super::Slicer;
use super::figures::Figures;
use super::slice::{JointGroup, Slice};
use super::tables::Taken;
use crate::error::Result;
use crate::model::{AreaCode, Date, Measure, MeasureId, Missing, Period};
use crate::release::PeriodRows;
use crate::stats::{decimal_sum, exact_sum};
use crate::territory::{AreasOn, JointArrangement};
use std::collections::{BTreeMap, BTreeSet};

/// Where the rows of areas went: position of the figure, number of the area, whether the row has a value.
#[derive(Default)]
pub(super) struct Holding(Vec<(usize, usize, bool)>);

impl Holding {
    /// Notes the rows that a figure is taken from.
    pub(super) fn note(&mut self, index: usize, taken: &Taken, rows: &PeriodRows) {
        let mut note = |row: usize| {
            let area = rows.areas()[row] as usize;
            self.0.push((index, area, !rows.values()[row].is_nan()));
        };
        match taken {
            Taken::Missing(_) => {}
            Taken::Row(row) => note(*row),
            Taken::Parts(parts, table) => {
                parts
                    .iter()
                    .filter_map(|part| table.row(part.number))
                    .for_each(note);
            }
        }
    }

    /// The positions that an area's row went to.
    fn positions(&self, area: usize, with_value: bool) -> Vec<usize> {
        let of_area = self
            .0
            .iter()
            .filter(|(_, number, value)| *number == area && (*value || !with_value));
        of_area.map(|(index, ..)| *index).collect()
    }
}

impl Slicer<'_> {
    /// The joint arrangements of a measure in a period.
    pub(super) fn joint_units(&self, measure: &MeasureId, period: Period) -> Vec<&JointArrangement> {
        let units = self.release.territory().joint_units(measure);
        units.filter(|unit| unit.covers(period)).collect()
    }

    /// The area whose value of the measure includes that of `member`.
    pub(super) fn host(&self, measure: &MeasureId, period: Period, member: &AreaCode) -> Option<&AreaCode> {
        let mut units = self.release.territory().joint_units(measure);
        units
            .find(|unit| unit.member == *member && unit.covers(period))
            .map(|unit| &unit.host)
    }

    /// The joint values of a measure on some borders, by position. A unit whose areas have all become one is none any
    /// more; where a split has torn the host apart, nobody knows whose share the joint value is, and it is taken from
    /// `figures`.
    pub(super) fn joint_on(
        &self,
        units: &[&JointArrangement],
        holding: &Holding,
        areas: &AreasOn,
        figures: &mut Figures,
    ) -> BTreeMap<usize, Vec<usize>> {
        let territory = self.release.territory();
        let mut joint: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut torn_hosts: Vec<usize> = Vec::new();
        let at = |code: &AreaCode, with_value: bool| {
            let number = territory.number(code.as_str());
            number.map_or_else(Vec::new, |number| holding.positions(number, with_value))
        };
        for unit in units {
            let mut hosts = at(&unit.host, true);
            hosts.retain(|host| !torn_hosts.contains(host));
            // Members stand where their own rows went, else under their own code.
            let mut members = at(&unit.member, false);
            if members.is_empty() {
                members.extend(areas.position(&unit.member));
            }
            match hosts.as_slice() {
                [] => {}
                [host] => {
                    members.retain(|member| member != host);
                    if !members.is_empty() {
                        joint.entry(*host).or_default().append(&mut members);
                    }
                }
                torn => {
                    for host in torn {
                        figures.set_missing(*host, Missing::NotKnownOnBorders);
                    }
                    torn_hosts.extend(torn);
                }
            }
        }
        for members in joint.values_mut() {
            members.sort_unstable();
            members.dedup();
        }
        joint
    }

    /// The figure of a measure for all areas of a joint value; `None` where it is not known.
    pub fn joint_figure(&self, measure: &Measure, slice: &Slice, joint: &JointGroup) -> Option<f64> {
        let unit = unit_of(slice, joint.host, &joint.members);
        self.joint_total(measure, slice.period, slice.date, &unit)
            .ok()
            .flatten()
    }

    /// The sum of a measure over a set of areas of the borders of `date`, where it is known: from the areas' own figures,
    /// or from later borders on which exactly these areas became whole areas.
    ///
    /// # Errors
    /// [`crate::Error::ReleaseAltered`] for a damaged release.
    pub(super) fn joint_total(
        &self,
        measure: &Measure,
        period: Period,
        date: Date,
        unit: &BTreeSet<usize>,
    ) -> Result<Option<f64>> {
        if let Some(derived) = &measure.derived
            && let Some(base) = self.release.catalogue().measure(&derived.measure)
        {
            let at =
                |lag: &i32| self.joint_total(base, Period::year(period.calendar_year() - lag), date, unit);
            let values = derived.lags.iter().map(at).collect::<Result<Vec<_>>>()?;
            let known: Option<Vec<f64>> = values.into_iter().collect();
            #[expect(clippy::cast_precision_loss, reason = "a handful of lags")]
            return Ok(known.map(|values| exact_sum(values.iter().copied()) / values.len() as f64));
        }
        let slice = self.measure(measure, period, date)?;
        // A member that is inside the value of another area of the unit is in the sum already.
        let inside = |index: &usize| {
            let mut hosts = slice.joint.iter().filter(|(host, _)| unit.contains(*host));
            hosts.any(|(_, members)| members.contains(index))
        };
        let own: Option<Vec<f64>> = unit
            .iter()
            .filter(|index| !inside(index) || slice.figures.value(**index).is_some())
            .map(|index| slice.figures.value(*index))
            .collect();
        if let Some(values) = own {
            return Ok(Some(decimal_sum(values, measure.decimals)));
        }
        let rows = self.rows(&measure.id, period)?;
        let borders: BTreeSet<Date> = rows
            .territories()
            .iter()
            .copied()
            .filter(|borders| *borders > date)
            .collect();
        Ok(borders
            .into_iter()
            .rev()
            .find_map(|later| self.total_on_later(unit, (date, later), &rows, measure.decimals)))
    }

    /// The unit's total from a later table, where exactly the unit's areas became whole areas of that table.
    fn total_on_later(
        &self,
        unit: &BTreeSet<usize>,
        (date, later): (Date, Date),
        rows: &PeriodRows,
        decimals: u8,
    ) -> Option<f64> {
        let territory = self.release.territory();
        let transfer = territory.transfer(date, later);
        let areas = territory.areas_on(date);
        let goes_to = |index: usize| {
            areas
                .numbers()
                .get(index)
                .map_or(&[][..], |number| transfer.goes_to(*number))
        };
        let targets: BTreeSet<usize> = unit.iter().flat_map(|index| goes_to(*index)).copied().collect();
        let foreign = (0..areas.len())
            .filter(|index| !unit.contains(index))
            .any(|index| goes_to(index).iter().any(|target| targets.contains(target)));
        if foreign || targets.is_empty() {
            return None;
        }
        let value = |target: &usize| {
            let row = (0..rows.len())
                .find(|row| rows.areas()[*row] as usize == *target && rows.row(*row).territory == later)?;
            rows.value(row)
        };
        let values: Option<Vec<f64>> = targets.iter().map(value).collect();
        values.map(|values| decimal_sum(values, decimals))
    }
}

/// The positions of a joint unit's areas.
pub(super) fn unit_of(slice: &Slice, host: usize, members: &[usize]) -> BTreeSet<usize> {
    let positions = std::iter::once(host).chain(members.iter().copied());
    positions.filter(|index| *index < slice.areas.len()).collect()
}
