//! Which indicators are counts or proportions, so that their figures vary by chance in a known way.

use super::{Catalogue, UnitKind};
use crate::model::{Additivity, Expression, Indicator, IntervalKind, Kind, Measure};
use crate::stats::Chance;

impl Catalogue {
    /// How an indicator's figures vary by chance; the code of the reason where they don't.
    ///
    /// A count is a sum of additive measures without decimals, of events (a flow) or of persons, over an additive
    /// denominator. Persons over persons are a proportion only if the numerator counts some of those in the denominator,
    /// which no unit tells: the indicator declares it in its field `interval`. Amounts of money are not counts: euros do
    /// not happen independently of one another. A ratio that is published without its parts has no count to start from.
    ///
    /// # Errors
    /// The code of a message that begins with `reason.`.
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// use kultti_core::stats::Chance;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let catalogue = release.catalogue();
    /// let chance = |id: &str| catalogue.indicator(id).map(|indicator| catalogue.chance(indicator));
    /// assert_eq!(chance("library.visits_per_inhabitant")?, Ok(Chance::Count));
    /// assert_eq!(chance("library.expenditure_per_loan")?, Err("reason.interval-money"));
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn chance(&self, indicator: &Indicator) -> Result<Chance, &'static str> {
        if indicator.interval == Some(IntervalKind::None) {
            return Err("reason.interval-none");
        }
        let side = |side: &Expression| -> Vec<&Measure> {
            side.measures()
                .into_iter()
                .filter_map(|id| self.measure(id))
                .collect()
        };
        let above = side(&indicator.formula.numerator);
        let below = indicator
            .formula
            .denominator
            .as_ref()
            .map(side)
            .unwrap_or_default();
        let money = |measure: &&Measure| self.power_of(UnitKind::Money, &measure.unit) != 0;
        let additive = |measure: &&Measure| measure.additivity.areas == Additivity::Sum;
        if above.iter().chain(&below).any(money) {
            return Err("reason.interval-money");
        }
        if !above.iter().chain(&below).all(additive) {
            return Err("reason.not-additive");
        }
        let Some(denominator) = &indicator.formula.denominator else {
            return Err("reason.no-denominator");
        };
        let counted = above.iter().all(|measure| self.is_count(measure));
        if !counted || !is_sum(&indicator.formula.numerator) || !denominator.is_linear() {
            return Err("reason.interval-not-counts");
        }
        match indicator.interval {
            Some(IntervalKind::Proportion) => Ok(Chance::Proportion),
            Some(_) => Ok(Chance::Count),
            None if self.counts_persons_among_persons(indicator) => Err("reason.interval-undeclared"),
            None => Ok(Chance::Count),
        }
    }

    /// Whether both sides of the formula count persons.
    pub(super) fn counts_persons_among_persons(&self, indicator: &Indicator) -> bool {
        let persons = |side: &Expression| {
            let mut measures = side.measures().into_iter().filter_map(|id| self.measure(id));
            measures.all(|measure| self.power_of(UnitKind::Persons, &measure.unit) == 1)
        };
        let below = indicator.formula.denominator.as_ref();
        below.is_some_and(persons) && persons(&indicator.formula.numerator)
    }

    /// Whether a measure is a whole number of events or of persons.
    fn is_count(&self, measure: &Measure) -> bool {
        let persons = self.power_of(UnitKind::Persons, &measure.unit) == 1;
        measure.decimals == 0 && (measure.kind == Kind::Flow || (persons && measure.kind == Kind::Stock))
    }
}

/// Whether an expression only adds.
fn is_sum(expression: &Expression) -> bool {
    match expression {
        Expression::Measure(_) => true,
        Expression::Add(left, right) => is_sum(left) && is_sum(right),
        _ => false,
    }
}
