//! The figures of a result, made anew: who entered, who did not, and the value of a group with numbers in it.

use super::{DerivationInput, DerivationStep, shown};
use crate::compare::ComparedIntervals;
use crate::compare::aggregate::{Entered, GroupMethod};
use crate::compare::result::{AreaLabel, Context, GroupRow, Unranked};
use crate::error::Result;
use crate::language::{Message, Param};
use crate::model::{Aggregate, Indicator, Period};
use crate::panel::{Borders, Slice, Slicer};
use crate::release::Release;
use crate::stats::exact_sum;

/// The figures of one indicator in one period, made anew for a derivation.
pub(super) struct Scene<'r> {
    pub(super) slicer: Slicer<'r>,
    pub(super) indicator: &'r Indicator,
    pub(super) slice: Slice,
    pub(super) borders: Borders,
}

impl<'r> Scene<'r> {
    pub(super) fn new(release: &'r Release, context: &Context, period: Period) -> Result<Self> {
        let slicer = Slicer::new(release);
        let indicator = release.catalogue().indicator(context.indicator.as_str())?;
        let borders: Borders = context.territory.parse()?;
        let deflator = context.price_basis.as_ref();
        let deflator = deflator.map(|basis| slicer.deflator(basis)).transpose()?;
        let slice = if context.three_year {
            slicer.three_years(indicator, period, borders, deflator.as_ref())?
        } else {
            slicer.slice(indicator, period, borders, deflator.as_ref())?
        };
        Ok(Self {
            slicer,
            indicator,
            slice,
            borders,
        })
    }

    /// The figures of these areas as an input.
    pub(super) fn input(&self, context: &Context, areas: &[usize]) -> DerivationInput {
        let codes = areas.iter().filter_map(|index| self.slice.code(*index));
        DerivationInput {
            indicator: context.indicator.clone(),
            period: self.slice.period,
            borders: self.borders,
            real: context.price_basis.clone(),
            areas: codes.cloned().collect(),
        }
    }

    /// The figures of these areas as inputs: those of three years where three stand for one.
    pub(super) fn inputs(&self, context: &Context, areas: &[usize]) -> Vec<DerivationInput> {
        let years = if context.three_year { 3 } else { 1 };
        let input = |back: i32| DerivationInput {
            period: self.slice.period.shift(-back),
            borders: if context.three_year {
                Borders::On(self.slice.date)
            } else {
                self.borders
            },
            ..self.input(context, areas)
        };
        (0..years).rev().map(input).collect()
    }

    /// These areas with the reason why they have no figure.
    pub(super) fn without(&self, areas: impl IntoIterator<Item = usize>) -> Vec<Unranked> {
        let territory = self.slicer.release().territory();
        let area = |index: usize| Unranked {
            area: AreaLabel::at(territory, &self.slice, index),
            status: self.slice.figures.letter(index),
            missing: self.slice.missing(index),
        };
        areas.into_iter().map(area).collect()
    }

    /// The step that makes a group's value, with the members that entered and those that did not.
    pub(super) fn group(
        &self,
        method: &GroupMethod,
        row: &GroupRow,
    ) -> (DerivationStep, Vec<usize>, Vec<usize>) {
        let ratio = self.indicator.formula.denominator.is_some();
        let entered = Entered::of(&self.slice, &row.areas, ratio);
        let (formula, numbers) = written(method, &self.slice, entered.entered(), row.aggregate);
        let aggregate = Param::Word(row.aggregate.word_code().to_owned());
        let what = Message::new("step.group-value").with("group", &row.name);
        let step = DerivationStep {
            what: what
                .with("aggregate", aggregate)
                .with("n", row.n)
                .with("members", row.members),
            formula,
            numbers,
            value: row.value,
            missing: row.missing,
            decimals: self.indicator.decimals,
        };
        (step, entered.entered().to_vec(), entered.others().to_vec())
    }

    /// The limits of a group's value, made of the sums of the members that entered.
    pub(in crate::compare) fn limits(
        &self,
        intervals: Option<&ComparedIntervals>,
        (place, row): (usize, &GroupRow),
        entered: &[usize],
    ) -> Vec<DerivationStep> {
        let Some((intervals, found)) =
            intervals.and_then(|intervals| Some((intervals, intervals.groups.get(place)?)))
        else {
            return Vec::new();
        };
        let sum =
            |of: &dyn Fn(usize) -> Option<f64>| exact_sum(entered.iter().filter_map(|index| of(*index)));
        let pair = (
            sum(&|index| self.slice.numerator(index)),
            sum(&|index| self.slice.denominator(index)),
        );
        let limits = intervals.limits(self.indicator.multiplier, self.indicator.decimals);
        limits
            .steps(&row.name, Some(pair), (found.interval, found.missing))
            .to_vec()
    }
}

/// The formula of an aggregate, in symbols and with the numbers of the members that entered.
pub(super) fn written(
    method: &GroupMethod,
    slice: &Slice,
    entered: &[usize],
    aggregate: Aggregate,
) -> (String, String) {
    let multiplier = method.indicator.multiplier;
    let sum = |of: &dyn Fn(usize) -> Option<f64>| exact_sum(entered.iter().filter_map(|index| of(*index)));
    let numerators = sum(&|index| slice.numerator(index));
    let denominators = sum(&|index| slice.denominator(index));
    let values = sum(&|index| slice.value(index));
    let n = entered.len();
    let times = if (multiplier - 1.0).abs() < f64::EPSILON {
        String::new()
    } else {
        format!("{multiplier} * ")
    };
    let prices = slice.factor.map_or_else(String::new, |factor| {
        let (above, below) = if factor.power < 0 {
            (factor.index, factor.base)
        } else {
            (factor.base, factor.index)
        };
        format!(" * {above} / {below}")
    });
    match aggregate {
        Aggregate::RatioOfSums => (
            "m·Σn/Σd".to_owned(),
            format!("{times}{} / {}{prices}", shown(numerators), shown(denominators)),
        ),
        Aggregate::Total => ("m·Σn".to_owned(), format!("{times}{}{prices}", shown(numerators))),
        Aggregate::Mean => ("Σx/n".to_owned(), format!("{} / {n}", shown(values))),
        Aggregate::WeightedMean => {
            let weighted = sum(&|index| {
                let pair = slice.value(index).zip(slice.denominator(index));
                pair.map(|(value, weight)| value * weight)
            });
            (
                "Σd·x/Σd".to_owned(),
                format!("{} / {}", shown(weighted), shown(denominators)),
            )
        }
        Aggregate::Median => ("median(x)".to_owned(), median(slice, entered)),
        Aggregate::Published => (String::new(), String::new()),
    }
}

/// The middle of the values, and where it stands among them.
fn median(slice: &Slice, entered: &[usize]) -> String {
    let mut values: Vec<f64> = entered.iter().filter_map(|index| slice.value(*index)).collect();
    values.sort_by(f64::total_cmp);
    let n = values.len();
    match n {
        0 => String::new(),
        _ if n % 2 == 1 => format!("x[{}] = {}", n / 2 + 1, shown(values[n / 2])),
        _ => format!(
            "(x[{}] + x[{}]) / 2 = ({} + {}) / 2",
            n / 2,
            n / 2 + 1,
            shown(values[n / 2 - 1]),
            shown(values[n / 2])
        ),
    }
}

/// The aggregate as something that can be asked for; a published figure is not computed.
pub(super) fn computed(aggregate: Aggregate) -> Option<Aggregate> {
    (aggregate != Aggregate::Published).then_some(aggregate)
}
