//! One indicator in one period: numerator, denominator and value of every area.

use super::measure::MeasureSlice;
use super::prices::{Deflator, Factor};
use super::{Borders, Slicer};
use crate::catalogue::UnitKind;
use crate::error::Result;
use crate::model::{AreaCode, Date, Expression, Indicator, Missing, Period, Status, StatusSet};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// An area's figure.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    /// n.
    pub numerator: Option<f64>,
    /// d; that of the whole joint unit where the numerator is joint. `None` without a denominator, or where it is missing.
    pub denominator: Option<f64>,
    /// The area's own d, which is another than `denominator` for the host of a joint unit.
    pub own_denominator: Option<f64>,
    /// m·n/d, in real prices where they were asked for.
    pub value: Option<f64>,
    /// m·n/d in the money of its own time.
    pub nominal: Option<f64>,
    /// The statuses of everything that went into it.
    pub status: StatusSet,
    /// Why there is no value.
    pub missing: Option<Missing>,
}

impl Cell {
    /// The SDMX letter: of the value, or of its absence.
    pub fn letter(&self) -> char {
        self.missing
            .map_or_else(|| self.status.letter(), |reason| reason.status().letter())
    }
}

/// A host and the areas inside its value, by position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JointGroup {
    /// The host.
    pub host: usize,
    /// The others.
    pub members: Vec<usize>,
}

/// One indicator in one period, for every area of some borders.
#[derive(Debug, Clone)]
pub struct Slice {
    /// The period.
    pub period: Period,
    /// The date of the borders.
    pub date: Date,
    /// The areas, by code.
    pub areas: Vec<AreaCode>,
    /// A cell per area.
    pub cells: Vec<Cell>,
    /// Joint values.
    pub joint: Vec<JointGroup>,
    /// The measures of the formula on these borders.
    pub measures: Vec<Rc<MeasureSlice>>,
    /// How values became real prices.
    pub factor: Option<Factor>,
}

impl Slice {
    /// The position of an area.
    pub fn position(&self, area: &AreaCode) -> Option<usize> {
        self.areas.binary_search(area).ok()
    }

    /// The cell of an area.
    pub fn cell(&self, area: &AreaCode) -> Option<&Cell> {
        self.position(area).and_then(|index| self.cells.get(index))
    }

    /// The values, in the order of the areas.
    pub fn values(&self) -> Vec<Option<f64>> {
        self.cells.iter().map(|cell| cell.value).collect()
    }

    /// A measure of the formula.
    pub fn measure(&self, id: &crate::model::MeasureId) -> Option<&MeasureSlice> {
        self.measures
            .iter()
            .find(|slice| slice.measure == *id)
            .map(AsRef::as_ref)
    }

    /// The host whose value includes the area at `index`.
    pub fn host_of(&self, index: usize) -> Option<usize> {
        self.joint
            .iter()
            .find(|joint| joint.members.contains(&index))
            .map(|joint| joint.host)
    }
}

/// A side of the formula at one area.
type Side = Result<f64, Missing>;

impl Slicer<'_> {
    /// One indicator in one period on the borders asked for, in nominal or real prices.
    ///
    /// Missing in, missing out: of several reasons the first of M, Q, K, L, O is given. A denominator of zero and a
    /// negative denominator in euros are reasons of their own. x = (m·n)/d with one division.
    ///
    /// # Errors
    /// [`crate::Error::ThenRefused`] and [`crate::Error::InvalidArgument`] for borders that are not known;
    /// [`crate::Error::PriceIndexYear`] for a year without an index.
    pub fn slice(
        &self,
        indicator: &Indicator,
        period: Period,
        borders: Borders,
        deflator: Option<&Deflator>,
    ) -> Result<Slice> {
        let date = borders.date(self.release.territory(), period)?;
        let areas: Vec<AreaCode> = self
            .release
            .territory()
            .areas_on(date)
            .into_iter()
            .map(|area| area.code.clone())
            .collect();
        let measures = self
            .measures_of(indicator)
            .into_iter()
            .map(|measure| self.measure(measure, period, date))
            .collect::<Result<Vec<_>>>()?;
        let mut slice = Slice {
            period,
            date,
            areas,
            cells: Vec::new(),
            joint: Vec::new(),
            measures,
            factor: None,
        };
        let units = self.units(indicator, &slice);
        slice.joint = units
            .iter()
            .filter_map(|(host, unit)| unit.clone().map(|members| JointGroup { host: *host, members }))
            .collect();
        slice.factor = deflator
            .map(|deflator| {
                deflator.factor(
                    period,
                    self.release
                        .catalogue()
                        .power_of(UnitKind::Money, &indicator.unit),
                )
            })
            .transpose()?;
        for index in 0..slice.areas.len() {
            let mut cell = self.evaluate(indicator, &slice, index, units.get(&index))?;
            if let (Some(value), Some(factor)) = (cell.value, &slice.factor) {
                cell.value = Some(factor.apply(value));
                cell.status = cell.status.union(factor.status);
            }
            slice.cells.push(cell);
        }
        Ok(slice)
    }

    /// The joint units of the formula by host; `None` for a host whose parts are joint with different areas.
    fn units(&self, indicator: &Indicator, slice: &Slice) -> BTreeMap<usize, Option<Vec<usize>>> {
        let numerator: Vec<&MeasureSlice> = indicator
            .formula
            .numerator
            .measures()
            .into_iter()
            .filter_map(|id| slice.measure(id))
            .collect();
        let below = indicator
            .formula
            .denominator
            .iter()
            .flat_map(Expression::measures);
        let below: Vec<&MeasureSlice> = below.filter_map(|id| slice.measure(id)).collect();
        let hosts = numerator
            .iter()
            .chain(&below)
            .flat_map(|measure| measure.joint.keys().copied());
        let hosts: BTreeSet<usize> = hosts.collect();
        hosts
            .into_iter()
            .map(|host| {
                // A denominator that is joint needs a numerator that is joint in the same way.
                let mut members = numerator.iter().map(|measure| measure.joint.get(&host));
                let first = members.next().flatten();
                let same = first.is_some() && members.all(|other| other == first);
                (host, first.filter(|_| same).cloned())
            })
            .collect()
    }

    /// Whether the area's denominator holds that of other areas, so that it is not its own.
    fn denominator_is_joint(&self, indicator: &Indicator, slice: &Slice, index: usize) -> bool {
        let ids = indicator
            .formula
            .denominator
            .iter()
            .flat_map(Expression::measures);
        ids.filter_map(|id| slice.measure(id))
            .any(|measure| measure.joint.contains_key(&index))
    }

    fn evaluate(
        &self,
        indicator: &Indicator,
        slice: &Slice,
        index: usize,
        unit: Option<&Option<Vec<usize>>>,
    ) -> Result<Cell> {
        let mut status = StatusSet::default();
        let own = |measure: &MeasureSlice, status: &mut StatusSet| -> Side {
            let cell = measure.cells.get(index).ok_or(Missing::NotReported)?;
            *status = status.union(cell.status);
            cell.value.ok_or(cell.missing.unwrap_or(Missing::NotReported))
        };
        let lookup = |id: &crate::model::MeasureId, status: &mut StatusSet| -> Side {
            slice
                .measure(id)
                .map_or(Err(Missing::NotReported), |measure| own(measure, status))
        };
        let mut numerator = calculate(&indicator.formula.numerator, &mut |id| lookup(id, &mut status));
        if matches!(unit, Some(None)) && numerator.is_ok() {
            numerator = Err(Missing::JointlyMixed);
        }
        let own = indicator
            .formula
            .denominator
            .as_ref()
            .map(|expression| calculate(expression, &mut |id| lookup(id, &mut status)));
        let denominator = match (&indicator.formula.denominator, unit) {
            (Some(expression), Some(Some(members))) => {
                Some(self.joint_denominator(slice, index, members, expression)?)
            }
            _ => own,
        };
        let euros = indicator.formula.denominator.as_ref().is_some_and(|expression| {
            expression.measures().iter().any(|id| {
                let catalogue = self.release.catalogue();
                catalogue
                    .measure(id)
                    .is_some_and(|measure| catalogue.power_of(UnitKind::Money, &measure.unit) > 0)
            })
        });
        let cell = finish(indicator.multiplier, numerator, denominator, status, euros);
        Ok(Cell {
            own_denominator: own
                .filter(|_| !self.denominator_is_joint(indicator, slice, index))
                .and_then(Side::ok),
            ..cell
        })
    }

    /// The denominator of a whole joint unit.
    fn joint_denominator(
        &self,
        slice: &Slice,
        host: usize,
        members: &[usize],
        expression: &Expression,
    ) -> Result<Side> {
        let positions = std::iter::once(&host).chain(members);
        let unit: BTreeSet<AreaCode> = positions
            .filter_map(|index| slice.areas.get(*index))
            .cloned()
            .collect();
        let mut failure = None;
        let value = calculate(expression, &mut |id| {
            let Some(measure) = self.release.catalogue().measure(id) else {
                return Err(Missing::NotReported);
            };
            match self.joint_total(measure, slice.period, slice.date, &unit) {
                Ok(total) => total.ok_or(Missing::NotKnownOnBorders),
                Err(error) => {
                    failure = Some(error);
                    Err(Missing::NotReported)
                }
            }
        });
        failure.map_or(Ok(value), Err)
    }
}

fn finish(
    multiplier: f64,
    numerator: Side,
    denominator: Option<Side>,
    status: StatusSet,
    euros: bool,
) -> Cell {
    let value = match (numerator, denominator) {
        (Err(reason), Some(Err(other))) => Err(reason.min(other)),
        (Err(reason), _) | (_, Some(Err(reason))) => Err(reason),
        (Ok(n), None) => Ok(multiplier * n),
        (Ok(_), Some(Ok(0.0))) => Err(Missing::DenominatorZero),
        (Ok(_), Some(Ok(d))) if euros && d < 0.0 => Err(Missing::DenominatorNotPositive),
        (Ok(n), Some(Ok(d))) => Ok((multiplier * n) / d),
    };
    Cell {
        numerator: numerator.ok(),
        denominator: denominator.and_then(Side::ok),
        own_denominator: None,
        value: value.ok(),
        nominal: value.ok(),
        status: if value.is_ok() {
            status
        } else {
            StatusSet::default()
        },
        missing: value.err(),
    }
}

/// The value of an expression; of several reasons for its absence the first in precedence.
fn calculate(expression: &Expression, value: &mut impl FnMut(&crate::model::MeasureId) -> Side) -> Side {
    let mut both = |left: &Expression, right: &Expression, apply: &dyn Fn(f64, f64) -> Side| match (
        calculate(left, value),
        calculate(right, value),
    ) {
        (Ok(left), Ok(right)) => apply(left, right),
        (Err(left), Err(right)) => Err(left.min(right)),
        (Err(reason), _) | (_, Err(reason)) => Err(reason),
    };
    match expression {
        Expression::Number(number) => Ok(*number),
        Expression::Measure(id) => value(id),
        Expression::Negate(inner) => calculate(inner, value).map(|number| -number),
        Expression::Add(left, right) => both(left, right, &|l, r| Ok(l + r)),
        Expression::Subtract(left, right) => both(left, right, &|l, r| Ok(l - r)),
        Expression::Multiply(left, right) => both(left, right, &|l, r| Ok(l * r)),
        Expression::Divide(left, right) => both(left, right, &|l, r| {
            if r == 0.0 {
                Err(Missing::DenominatorZero)
            } else {
                Ok(l / r)
            }
        }),
    }
}

impl Slice {
    /// Whether the area's value holds an estimate made by splitting an area.
    pub fn is_split(&self, index: usize) -> bool {
        self.measures
            .iter()
            .filter_map(|measure| measure.cells.get(index))
            .any(|cell| {
                cell.status.contains(Status::Estimated) && cell.parts.iter().any(|part| part.share < 1.0)
            })
    }
}
