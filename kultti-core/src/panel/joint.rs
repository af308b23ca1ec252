//! Joint arrangements on the borders asked for: a host's value stands for several areas.

use super::Slicer;
use super::measure::MeasureCell;
use super::slice::{JointGroup, Slice};
use crate::error::Result;
use crate::model::{AreaCode, Date, Measure, MeasureId, Missing, Observation, Period, StatusSet};
use crate::stats::{decimal_sum, exact_sum};
use std::collections::{BTreeMap, BTreeSet};

impl Slicer<'_> {
    /// The area whose value of the measure includes that of `member`.
    pub(super) fn host(&self, measure: &MeasureId, period: Period, member: &AreaCode) -> Option<&AreaCode> {
        let units = &self.release.territory().document().joint_units;
        units
            .iter()
            .find(|unit| unit.measure == *measure && unit.member == *member && unit.covers(period))
            .map(|unit| &unit.host)
    }

    /// The joint values of a measure on the borders of `date`, by position. A unit whose areas have all become one is
    /// none any more; where a split has torn the host apart, nobody knows whose share the joint value is, and it is taken
    /// from `cells`.
    pub(super) fn joint_on(
        &self,
        measure: &Measure,
        period: Period,
        date: Date,
        cells: &mut [MeasureCell],
    ) -> BTreeMap<usize, Vec<usize>> {
        let territory = self.release.territory();
        let areas = territory.areas_on(date);
        let mut joint: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let units = &territory.document().joint_units;
        for unit in units
            .iter()
            .filter(|unit| unit.measure == measure.id && unit.covers(period))
        {
            let holds = |cell: &MeasureCell, code: &AreaCode, with_value: bool| {
                cell.parts
                    .iter()
                    .any(|part| part.area == *code && (part.value.is_some() || !with_value))
            };
            let at = |code: &AreaCode, with_value: bool, cells: &[MeasureCell]| -> Vec<usize> {
                (0..cells.len())
                    .filter(|index| holds(&cells[*index], code, with_value))
                    .collect()
            };
            let hosts = at(&unit.host, true, cells);
            // Members stand where their own rows went, else under their own code.
            let mut members = at(&unit.member, false, cells);
            if members.is_empty() {
                members.extend(areas.iter().position(|area| area.code == unit.member));
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
                        cells[*host].value = None;
                        cells[*host].status = StatusSet::default();
                        cells[*host].missing = Some(Missing::NotKnownOnBorders);
                    }
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
        let positions = std::iter::once(&joint.host).chain(&joint.members);
        let unit: BTreeSet<AreaCode> = positions
            .filter_map(|index| slice.areas.get(*index))
            .cloned()
            .collect();
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
        unit: &BTreeSet<AreaCode>,
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
        let areas = self.release.territory().areas_on(date);
        // A member that is inside the value of another area of the unit is in the sum already.
        let positions: Vec<usize> = (0..areas.len())
            .filter(|index| unit.contains(&areas[*index].code))
            .collect();
        let inside = |index: &usize| {
            let mut hosts = slice.joint.iter().filter(|(host, _)| positions.contains(*host));
            hosts.any(|(_, members)| members.contains(index))
        };
        let own: Option<Vec<f64>> = positions
            .iter()
            .filter(|index| !inside(index) || slice.cells[**index].value.is_some())
            .map(|index| slice.cells[*index].value)
            .collect();
        if let Some(values) = own {
            return Ok(Some(decimal_sum(values, measure.decimals)));
        }
        let rows = self.observations(&measure.id, period)?;
        let borders: BTreeSet<Date> = rows
            .iter()
            .map(|row| row.territory)
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
        unit: &BTreeSet<AreaCode>,
        (date, later): (Date, Date),
        rows: &[Observation],
        decimals: u8,
    ) -> Option<f64> {
        let territory = self.release.territory();
        let transfer = territory.transfer(date, later);
        let targets: BTreeSet<&AreaCode> = unit.iter().flat_map(|area| transfer.goes_to(area)).collect();
        let foreign = territory
            .areas_on(date)
            .into_iter()
            .filter(|area| !unit.contains(&area.code))
            .any(|area| {
                transfer
                    .goes_to(&area.code)
                    .iter()
                    .any(|target| targets.contains(target))
            });
        if foreign || targets.is_empty() {
            return None;
        }
        let value = |target: &&AreaCode| {
            rows.iter()
                .find(|row| row.territory == later && row.area == **target)
                .and_then(|row| row.value)
        };
        let values: Option<Vec<f64>> = targets.iter().map(value).collect();
        values.map(|values| decimal_sum(values, decimals))
    }
}
