//! One indicator in one period: numerator, denominator and value of every area.

use super::expression::{Column, evaluate};
use super::figures::{Figures, PRESENT};
use super::measure::{MeasureSlice, union};
use super::prices::{Deflator, Factor};
use super::{Borders, Slicer};
use crate::catalogue::UnitKind;
use crate::error::Result;
use crate::model::{AreaCode, Date, Expression, Indicator, Measure, MeasureId, Missing, Period, StatusSet};
use crate::territory::AreasOn;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

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

/// One indicator in one period, for every area of some borders, column by column.
#[derive(Debug, Clone)]
pub struct Slice {
    /// The period.
    pub period: Period,
    /// How many years the figures are of: 1, or 3 up to the period.
    pub years: usize,
    /// The date of the borders.
    pub date: Date,
    /// The areas, by code.
    pub areas: Arc<AreasOn>,
    /// x with its status, or why there is none.
    pub figures: Figures,
    /// n; NaN where there is none.
    pub numerators: Vec<f64>,
    /// d, as in [`Cell::denominator`]; NaN where there is none.
    pub denominators: Vec<f64>,
    /// As in [`Cell::own_denominator`], where they are other than the denominators.
    own_denominators: Option<Vec<f64>>,
    /// x before real prices, where they were asked for.
    nominal: Option<Vec<f64>>,
    /// Joint values.
    pub joint: Vec<JointGroup>,
    /// The measures of the formula on these borders.
    pub measures: Vec<Arc<MeasureSlice>>,
    /// Positions of areas whose series breaks in this period, ascending: a measure's does, whether or not the area has a
    /// value.
    pub broken: Vec<usize>,
    /// How values became real prices.
    pub factor: Option<Factor>,
}

#[inline]
fn known(values: &[f64], index: usize) -> Option<f64> {
    values.get(index).copied().filter(|value| !value.is_nan())
}

impl Slice {
    /// The number of areas.
    pub fn len(&self) -> usize {
        self.areas.len()
    }

    /// Whether there are no areas.
    pub fn is_empty(&self) -> bool {
        self.areas.is_empty()
    }

    /// The code of the area at a position.
    #[inline]
    pub fn code(&self, index: usize) -> Option<&AreaCode> {
        self.areas.codes().get(index)
    }

    /// The position of an area.
    pub fn position(&self, area: &AreaCode) -> Option<usize> {
        self.areas.position(area)
    }

    /// The value at a position.
    #[inline]
    pub fn value(&self, index: usize) -> Option<f64> {
        self.figures.value(index)
    }

    /// Why there is no value at a position.
    #[inline]
    pub fn missing(&self, index: usize) -> Option<Missing> {
        self.figures.missing(index)
    }

    /// n at a position.
    #[inline]
    pub fn numerator(&self, index: usize) -> Option<f64> {
        known(&self.numerators, index)
    }

    /// d at a position: that of the whole joint unit where the numerator is joint.
    #[inline]
    pub fn denominator(&self, index: usize) -> Option<f64> {
        known(&self.denominators, index)
    }

    /// The area's own d, which is another than [`Slice::denominator`] for the host of a joint unit.
    pub fn own_denominator(&self, index: usize) -> Option<f64> {
        known(self.own_denominators(), index)
    }

    /// The areas' own denominators; NaN where there is none.
    #[inline]
    pub fn own_denominators(&self) -> &[f64] {
        self.own_denominators.as_ref().unwrap_or(&self.denominators)
    }

    /// The figure at a position as a record.
    pub fn cell(&self, index: usize) -> Cell {
        let nominal = self.nominal.as_deref().unwrap_or(self.figures.values());
        Cell {
            numerator: self.numerator(index),
            denominator: self.denominator(index),
            own_denominator: self.own_denominator(index),
            value: self.value(index),
            nominal: known(nominal, index),
            status: self.figures.status(index),
            missing: self.missing(index),
        }
    }

    /// The figure of an area as a record.
    pub fn cell_of(&self, area: &AreaCode) -> Option<Cell> {
        self.position(area).map(|index| self.cell(index))
    }

    /// A measure of the formula.
    pub fn measure(&self, id: &MeasureId) -> Option<&MeasureSlice> {
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

    /// Whether the area's series breaks in this period, so that nothing is compared with the periods before.
    pub fn is_broken(&self, index: usize) -> bool {
        self.broken.binary_search(&index).is_ok()
    }

    /// Whether the area's value holds an estimate made by splitting an area.
    pub fn is_split(&self, index: usize) -> bool {
        self.measures.iter().any(|measure| measure.is_split(index))
    }

    /// Whether a measure of the area's value was put together from several areas' figures.
    pub fn is_merged(&self, index: usize) -> bool {
        let merged =
            |measure: &Arc<MeasureSlice>| measure.is_merged(index) && measure.figures.value(index).is_some();
        self.measures.iter().any(merged)
    }
}

/// What is needed of an indicator's formula for every slice.
pub(super) struct KnownFormula<'r> {
    measures: Vec<&'r Measure>,
    /// Whether a measure of the denominator is in euros.
    money_below: bool,
}

/// The joint units of a formula by host; `None` for a host whose parts are joint with different areas.
type Units = BTreeMap<usize, Option<Vec<usize>>>;

impl<'r> Slicer<'r> {
    /// One indicator in one period on the borders asked for, in nominal or real prices.
    ///
    /// Missing in, missing out: of several reasons the first of M, Q, K, L, O is given. A denominator of zero and a
    /// negative denominator in euros are reasons of their own. x = (m·n)/d with one division.
    ///
    /// # Errors
    /// [`crate::Error::ThenRefused`] and [`crate::Error::InvalidArgument`] for borders that are not known;
    /// [`crate::Error::PriceIndexYear`] for a year without an index.
    ///
    /// ```
    /// use kultti_core::panel::{Borders, Slicer};
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let indicator = release.catalogue().indicator("library.net_operating_cost_per_inhabitant")?;
    /// let slice = Slicer::new(&release).slice(indicator, 2019.into(), Borders::Now, None)?;
    /// let kokkola = slice.cell_of(&"272".into()).unwrap();
    /// assert_eq!(kokkola.value, Some(2_861_000.0 / 47_681.0));
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn slice(
        &self,
        indicator: &Indicator,
        period: Period,
        borders: Borders,
        deflator: Option<&Deflator>,
    ) -> Result<Slice> {
        let date = borders.date(self.release.territory(), period)?;
        let areas = self.release.territory().areas_on(date);
        let formula = self.formula(indicator);
        let measures = formula.measures.iter();
        let measures = measures
            .map(|measure| self.measure(measure, period, date))
            .collect::<Result<Vec<_>>>()?;
        let units = units(indicator, &measures);
        let hosts = units.iter();
        let joint = hosts
            .filter_map(|(host, unit)| unit.clone().map(|members| JointGroup { host: *host, members }))
            .collect();
        let mut sides = Sides::new(indicator, &measures, areas.len());
        for (host, unit) in &units {
            match unit {
                None => sides.mix(*host),
                Some(members) => self.join(indicator, (period, date), &mut sides, (*host, members))?,
            }
        }
        let figures = sides.divide(indicator, &measures, formula.money_below);
        let mut slice = Slice {
            period,
            years: 1,
            date,
            areas,
            figures,
            numerators: sides.numerator.values.into_owned(),
            denominators: sides.denominator.values.into_owned(),
            own_denominators: sides.own.map(|own| own.values.into_owned()),
            nominal: None,
            joint,
            broken: union(measures.iter().map(|measure| &measure.broken)),
            measures: Vec::new(),
            factor: None,
        };
        slice.measures = measures;
        if let Some(deflator) = deflator {
            let power = self
                .release
                .catalogue()
                .power_of(UnitKind::Money, &indicator.unit);
            slice.deflate(deflator.factor(period, power)?);
        }
        Ok(slice)
    }

    /// What is needed of an indicator's formula for every slice, looked up once.
    fn formula(&self, indicator: &Indicator) -> Arc<KnownFormula<'r>> {
        if let Some(known) = self.formulas.borrow().get(&indicator.id) {
            return Arc::clone(known);
        }
        let known = Arc::new(KnownFormula {
            measures: self.measures_of(indicator),
            money_below: self.has_money_below(indicator),
        });
        self.formulas
            .borrow_mut()
            .insert(indicator.id.clone(), Arc::clone(&known));
        known
    }

    /// Whether a measure of the denominator is in euros.
    fn has_money_below(&self, indicator: &Indicator) -> bool {
        let catalogue = self.release.catalogue();
        let below = indicator
            .formula
            .denominator
            .iter()
            .flat_map(Expression::measures);
        below
            .filter_map(|id| catalogue.measure(id))
            .any(|measure| catalogue.power_of(UnitKind::Money, &measure.unit) > 0)
    }

    /// Gives the host of a joint unit the denominator of the whole unit.
    fn join(
        &self,
        indicator: &Indicator,
        (period, date): (Period, Date),
        sides: &mut Sides,
        (host, members): (usize, &[usize]),
    ) -> Result<()> {
        let Some(expression) = &indicator.formula.denominator else {
            return Ok(());
        };
        let unit: BTreeSet<usize> = std::iter::once(host).chain(members.iter().copied()).collect();
        let mut totals: BTreeMap<&MeasureId, Option<f64>> = BTreeMap::new();
        for id in expression.measures() {
            if let Some(measure) = self.release.catalogue().measure(id) {
                totals.insert(id, self.joint_total(measure, period, date, &unit)?);
            }
        }
        let total = |id: &MeasureId| match totals.get(id) {
            Some(Some(total)) => Column::constant(*total, 1),
            Some(None) => Column::missing(Missing::NotKnownOnBorders, 1),
            None => Column::missing(Missing::NotReported, 1),
        };
        let joint = evaluate(expression, 1, &total);
        sides.own.get_or_insert_with(|| sides.denominator.clone());
        sides.denominator.values.to_mut()[host] = joint.values[0];
        sides.denominator.reasons.to_mut()[host] = joint.reasons[0];
        Ok(())
    }
}

/// The joint units of the formula by host.
fn units(indicator: &Indicator, measures: &[Arc<MeasureSlice>]) -> Units {
    if measures.iter().all(|measure| measure.joint.is_empty()) {
        return Units::new();
    }
    let of = |expression: &Expression| -> Vec<&Arc<MeasureSlice>> {
        let ids = expression.measures().into_iter();
        ids.filter_map(|id| measures.iter().find(|measure| measure.measure == *id))
            .collect()
    };
    let numerator = of(&indicator.formula.numerator);
    let hosts = measures.iter().flat_map(|measure| measure.joint.keys().copied());
    let hosts: BTreeSet<usize> = hosts.collect();
    let unit = |host: usize| {
        // A denominator that is joint needs a numerator that is joint in the same way.
        let mut members = numerator.iter().map(|measure| measure.joint.get(&host));
        let first = members.next().flatten();
        let same = first.is_some() && members.all(|other| other == first);
        (host, first.filter(|_| same).cloned())
    };
    hosts.into_iter().map(unit).collect()
}

/// Both sides of a formula for every area.
struct Sides<'m> {
    numerator: Column<'m>,
    /// Without a denominator no area has one, which is no reason for anything to be missing.
    denominator: Column<'m>,
    ratio: bool,
    /// The areas' own denominators, where they are others.
    own: Option<Column<'m>>,
}

impl<'m> Sides<'m> {
    fn new(indicator: &Indicator, measures: &'m [Arc<MeasureSlice>], areas: usize) -> Self {
        let column = |id: &MeasureId| -> Column<'m> {
            let found = measures.iter().find(|slice| slice.measure == *id);
            found.map_or_else(
                || Column::missing(Missing::NotReported, areas),
                |slice| Column {
                    values: Cow::Borrowed(&slice.figures.values),
                    reasons: Cow::Borrowed(&slice.figures.reasons),
                },
            )
        };
        let below = indicator.formula.denominator.as_ref();
        let mut sides = Self {
            numerator: evaluate(&indicator.formula.numerator, areas, &column),
            denominator: below.map_or_else(
                || Column::constant(f64::NAN, areas),
                |below| evaluate(below, areas, &column),
            ),
            ratio: below.is_some(),
            own: None,
        };
        sides.disown(indicator, measures);
        sides
    }

    /// A denominator that holds that of other areas is not the area's own.
    fn disown(&mut self, indicator: &Indicator, measures: &[Arc<MeasureSlice>]) {
        let below = indicator
            .formula
            .denominator
            .iter()
            .flat_map(Expression::measures);
        for id in below {
            let found = measures.iter().find(|measure| measure.measure == *id);
            for host in found.iter().flat_map(|measure| measure.joint.keys()) {
                let own = self.own.get_or_insert_with(|| self.denominator.clone());
                own.values.to_mut()[*host] = f64::NAN;
            }
        }
    }

    /// The numerator of an area whose parts are joint with different areas is nobody's.
    fn mix(&mut self, host: usize) {
        if self.numerator.reasons[host] == PRESENT {
            self.numerator.values.to_mut()[host] = f64::NAN;
            self.numerator.reasons.to_mut()[host] = Missing::JointlyMixed as u8;
        }
    }

    /// x = (m·n)/d, or why there is none, with the statuses of all measures.
    fn divide(&self, indicator: &Indicator, measures: &[Arc<MeasureSlice>], money_below: bool) -> Figures {
        let areas = self.numerator.values.len();
        let multiplier = indicator.multiplier;
        let mut figures = Figures {
            values: vec![f64::NAN; areas],
            status: vec![StatusSet::default(); areas],
            reasons: self.numerator.reasons.to_vec(),
        };
        let sides = self.numerator.values.iter().zip(self.denominator.values.iter());
        let reasons = figures.reasons.iter_mut().zip(self.denominator.reasons.iter());
        // Which areas lack a value cannot be guessed: nothing here branches on it.
        for ((value, (n, d)), (reason, below)) in figures.values.iter_mut().zip(sides).zip(reasons) {
            let zero = self.ratio && *d == 0.0;
            let negative = self.ratio && money_below && *d < 0.0;
            let refused = if negative {
                Missing::DenominatorNotPositive as u8
            } else {
                PRESENT
            };
            let refused = if zero {
                Missing::DenominatorZero as u8
            } else {
                refused
            };
            // These reasons come after those of the measures.
            *reason = (*reason).min(*below).min(refused);
            let quotient = if self.ratio {
                (multiplier * n) / d
            } else {
                multiplier * n
            };
            *value = if *reason == PRESENT { quotient } else { f64::NAN };
        }
        for measure in measures {
            let statuses = figures.status.iter_mut().zip(&measure.figures.status);
            for ((all, one), reason) in statuses.zip(&figures.reasons) {
                let both = all.union(*one);
                *all = if *reason == PRESENT {
                    both
                } else {
                    StatusSet::default()
                };
            }
        }
        figures
    }
}

impl Slice {
    /// Puts other figures in the place of its own: numerators, denominators and own denominators, and values before real
    /// prices.
    pub(super) fn replace(
        &mut self,
        figures: Figures,
        (numerators, denominators, own): (Vec<f64>, Vec<f64>, Vec<f64>),
        nominal: Vec<f64>,
    ) {
        self.figures = figures;
        self.numerators = numerators;
        self.denominators = denominators;
        self.own_denominators = Some(own);
        self.nominal = Some(nominal);
    }

    /// Expresses the values in the money of another year.
    fn deflate(&mut self, factor: Factor) {
        self.nominal = Some(self.figures.values.clone());
        self.factor = Some(factor);
        let figures = &mut self.figures;
        for ((value, status), reason) in figures
            .values
            .iter_mut()
            .zip(&mut figures.status)
            .zip(&figures.reasons)
        {
            if *reason == PRESENT {
                *value = factor.apply(*value);
                *status = status.union(factor.status);
            }
        }
    }
}
