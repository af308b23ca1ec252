//! `explain`: a figure walked back to the observations it was made of.

use super::compare_verb::{context, real_prices, reliable, slice};
use super::label::unit_symbol;
use super::members::Grouper;
use super::notes::Notes;
use super::options::ExplainOptions;
use super::position::{Positions, positions, unranked};
use super::result::{AreaLabel, Explanation, MeasureUse, Unranked};
use crate::error::Result;
use crate::model::{Expression, Indicator, MeasureId};
use crate::panel::{Slice, Slicer};
use crate::release::Release;
use crate::stats::Order;
use crate::territory::Territory;

impl Release {
    /// Walks a figure back: the formula with its numbers, every measure with its value, the observations behind it with
    /// their own borders, status and table, the denominator, real prices, and who in the country has no value and why.
    ///
    /// # Missing values
    /// An area without a value is explained as well: the measures that lack a figure say why.
    ///
    /// # Errors
    /// As [`Release::compare`].
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let why = release.explain("library.net_operating_cost_per_inhabitant", "Kokkola")?;
    /// assert_eq!(why.measures.len(), 2); // the cost and the population
    /// let (cost, persons) = (why.measures[0].value.unwrap(), why.measures[1].value.unwrap());
    /// assert_eq!(why.cell.value, Some(cost / persons));
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn explain(&self, indicator: &str, options: impl Into<ExplainOptions>) -> Result<Explanation> {
        let options = options.into();
        let slicer = Slicer::new(self);
        let indicator = self.catalogue().indicator(indicator)?;
        let (slice, period) = slice(
            &slicer,
            indicator,
            options.period,
            options.borders,
            options.real.as_ref(),
        )?;
        let area = self.territory().resolve_on(&options.area, slice.date)?;
        let area = AreaLabel::of(area);
        let index = slice.position(&area.code).unwrap_or_default();
        let grouper = Grouper::new(&slicer, indicator, &slice, period.calendar_year());
        let (country, _) = grouper.within(None)?;
        let positions = positions(indicator, &slice, &country, Order::Descending);
        let gathered = Notes::new(&slicer, indicator, &slice);
        let mut notes = gathered.of_area(index);
        notes.extend(gathered.status(&slice.cell(index)));
        notes.extend(options.real.as_ref().map(|basis| real_prices(&slicer, basis)));
        notes.extend(gathered.of_indicator());
        let measures = measure_uses(&slicer, indicator, &slice, index)?;
        Ok(Explanation {
            context: context(&slicer, indicator, options.borders, options.real.as_ref())
                .asked(options.query(indicator, &area, period)),
            period,
            area,
            cell: reliable(indicator, &slice, index),
            formula: without_numbers(indicator),
            formula_with_numbers: with_numbers(indicator, &measures),
            multiplier: indicator.multiplier,
            factor: slice.factor,
            left_out: left_out(self.territory(), &slice, &country, &positions),
            notes,
            measures,
        })
    }
}

/// Areas without a value; one that is only too small to be ranked has one.
fn left_out(territory: &Territory, slice: &Slice, country: &[usize], positions: &Positions) -> Vec<Unranked> {
    let areas = unranked(territory, slice, country, positions);
    areas.into_iter().filter(|area| area.missing.is_some()).collect()
}

/// The measures of a figure, each with the observations behind it.
pub(super) fn measure_uses(
    slicer: &Slicer,
    indicator: &Indicator,
    slice: &Slice,
    index: usize,
) -> Result<Vec<MeasureUse>> {
    let catalogue = slicer.release().catalogue();
    let below: Vec<&MeasureId> = indicator
        .formula
        .denominator
        .iter()
        .flat_map(Expression::measures)
        .collect();
    let uses = slicer.measures_of(indicator).into_iter().filter_map(|measure| {
        let figures = &slice.measure(&measure.id)?.figures;
        let denominator = below.contains(&&measure.id);
        // What stands below a joint value is the figure of all its areas.
        let joint = slice
            .joint
            .iter()
            .find(|joint| joint.host == index)
            .filter(|_| denominator);
        let value = joint.map_or(figures.value(index), |joint| {
            slicer.joint_figure(measure, slice, joint)
        });
        let parts = match slicer.parts(measure, slice.period, slice.date, index) {
            Ok(parts) => parts,
            Err(error) => return Some(Err(error)),
        };
        Some(Ok(MeasureUse {
            measure: measure.id.clone(),
            label: measure.label.clone(),
            unit: measure.unit.clone(),
            unit_symbol: unit_symbol(catalogue, &measure.unit),
            decimals: usize::from(measure.decimals),
            denominator,
            value,
            status: figures.letter(index),
            missing: figures.missing(index),
            parts,
            source: catalogue
                .source(&measure.source)
                .map(|source| source.label.clone())
                .unwrap_or_default(),
        }))
    });
    uses.collect()
}

/// The formula as the catalogue has it.
pub(super) fn without_numbers(indicator: &Indicator) -> String {
    written(indicator, &|id| id.to_string())
}

/// The formula with the figures of its measures; `?` where there is none.
pub(super) fn with_numbers(indicator: &Indicator, measures: &[MeasureUse]) -> String {
    let value = |id: &MeasureId| {
        let used = measures.iter().find(|used| used.measure == *id);
        let value = used.and_then(|used| used.value);
        value.map_or_else(|| "?".to_owned(), |value| value.to_string())
    };
    written(indicator, &value)
}

/// The formula as text, its measures written by `name`.
fn written(indicator: &Indicator, name: &dyn Fn(&MeasureId) -> String) -> String {
    let numerator = expression(
        &indicator.formula.numerator,
        name,
        indicator.formula.denominator.is_some(),
    );
    let ratio = match &indicator.formula.denominator {
        Some(denominator) => format!("{numerator} / {}", expression(denominator, name, true)),
        None => numerator,
    };
    if (indicator.multiplier - 1.0).abs() < f64::EPSILON {
        ratio
    } else {
        format!("{} * {ratio}", indicator.multiplier)
    }
}

/// `inside` asks for parentheses around a sum.
fn expression(of: &Expression, name: &dyn Fn(&MeasureId) -> String, inside: bool) -> String {
    let sum = |left: &Expression, sign: &str, right: &Expression, right_inside: bool| {
        format!(
            "{} {sign} {}",
            expression(left, name, false),
            expression(right, name, right_inside)
        )
    };
    let product = |left: &Expression, sign: &str, right: &Expression| {
        format!(
            "{} {sign} {}",
            expression(left, name, true),
            expression(right, name, true)
        )
    };
    let text = match of {
        Expression::Number(number) => return number.to_string(),
        Expression::Measure(id) => return name(id),
        Expression::Add(left, right) => sum(left, "+", right, false),
        Expression::Subtract(left, right) => sum(left, "-", right, true),
        Expression::Multiply(left, right) => product(left, "*", right),
        Expression::Divide(left, right) => product(left, "/", right),
        Expression::Negate(inner) => format!("-{}", expression(inner, name, true)),
    };
    if inside { format!("({text})") } else { text }
}
