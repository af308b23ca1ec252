//! How intervals came about: the limits of every row, the funnel, the tests.

use super::scene::Scene;
use super::{Derivation, DerivationStep, Derived, shown};
use crate::compare::result::Context;
use crate::compare::{
    ComparedIntervals, DifferenceTest, FunnelFigures, IntervalLevel, IntervalMethod, IntervalRow, Intervals,
};
use crate::error::Result;
use crate::language::{Message, Text};
use crate::model::Missing;
use crate::release::Release;
use crate::stats::{Chance, Dispersion, EXACT_BELOW, Interval, normal_quantile};
use std::collections::BTreeSet;

/// How the limits of figures are computed.
pub(super) struct Limits {
    pub(super) method: IntervalMethod,
    pub(super) level: IntervalLevel,
    pub(super) multiplier: f64,
    pub(super) decimals: usize,
}

impl Limits {
    /// The two limits of m·n/d, with their numbers.
    pub(super) fn steps(
        &self,
        name: &Text,
        pair: Option<(f64, f64)>,
        found: (Option<Interval>, Option<Missing>),
    ) -> [DerivationStep; 2] {
        let limit = |upper| self.limit(name, pair, found, upper);
        [limit(false), limit(true)]
    }

    fn limit(
        &self,
        name: &Text,
        pair: Option<(f64, f64)>,
        (interval, missing): (Option<Interval>, Option<Missing>),
        upper: bool,
    ) -> DerivationStep {
        let alpha = self.level.alpha();
        let pair = pair.filter(|_| interval.is_some());
        let exact = self.method == IntervalMethod::Exact
            || (self.method == IntervalMethod::Byar && pair.is_some_and(|(count, _)| count < EXACT_BELOW));
        let (sign, count) = if upper { ("+", "(n+1)") } else { ("−", "n") };
        let formula = match (self.method, exact, upper) {
            (IntervalMethod::Wilson, ..) => {
                format!("m·(2n + z² {sign} z·√(z² + 4n·(1 − n/d))) / (2(d + z²))")
            }
            (_, true, false) => "m/d·χ²(α/2; 2n)/2".to_owned(),
            (_, true, true) => "m/d·χ²(1 − α/2; 2n+2)/2".to_owned(),
            _ => format!("m/d·{count}·(1 − 1/(9{count}) {sign} z/(3√{count}))³"),
        };
        let numbers = pair.map(|(numerator, denominator)| {
            let (n, d, m) = (shown(numerator), shown(denominator), shown(self.multiplier));
            let spread = if exact {
                format!("α = {}", shown(alpha))
            } else {
                format!("z = {}", shown(normal_quantile(alpha).unwrap_or_default()))
            };
            format!("m = {m}, n = {n}, d = {d}, {spread}")
        });
        let code = if upper {
            "step.upper-limit"
        } else {
            "step.lower-limit"
        };
        DerivationStep {
            what: Message::new(code).with("area", name),
            formula,
            numbers: numbers.unwrap_or_default(),
            value: interval.map(|interval| if upper { interval.upper } else { interval.lower }),
            missing,
            decimals: self.decimals,
        }
    }
}

impl ComparedIntervals {
    /// How the limits beside the figures of a result are computed.
    pub(super) fn limits(&self, multiplier: f64, decimals: usize) -> Limits {
        Limits {
            method: self.method,
            level: self.level,
            multiplier,
            decimals,
        }
    }
}

impl Derived for Intervals {
    fn context(&self) -> &Context {
        &self.context
    }

    fn derivation(&self, release: &Release) -> Result<Derivation> {
        let scene = Scene::new(release, &self.context, self.period)?;
        let multiplier = scene.indicator.multiplier;
        let limits = Limits {
            method: self.method,
            level: self.level,
            multiplier,
            decimals: self.context.decimals,
        };
        let of_row = |row: &IntervalRow| {
            let pair = row.numerator.zip(row.denominator);
            limits.steps(&row.name, pair, (row.interval, row.interval_missing))
        };
        let mut steps: Vec<DerivationStep> = self.rows.iter().flat_map(of_row).collect();
        steps.extend(self.funnel.as_ref().map(|funnel| self.funnel_step(funnel)));
        steps.extend(self.tests.iter().map(|test| self.test_step(test)));
        let areas: BTreeSet<usize> = std::iter::once(&self.whole)
            .chain(&self.rows)
            .flat_map(|row| &row.areas)
            .chain(
                self.tests
                    .iter()
                    .flat_map(|test| test.one.areas.iter().chain(&test.other.areas)),
            )
            .copied()
            .collect();
        let areas: Vec<usize> = areas.into_iter().collect();
        Ok(Derivation {
            steps,
            inputs: vec![scene.input(&self.context, &areas)],
            left_out: self.left_out.clone(),
        })
    }
}

impl Intervals {
    fn funnel_step(&self, funnel: &FunnelFigures) -> DerivationStep {
        let variance = match self.chance {
            Chance::Count => "s² = m·θ/d",
            Chance::Proportion => "s² = θ·(m − θ)/d",
        };
        let limits = match funnel.dispersion {
            Dispersion::None => "θ ± z·s",
            Dispersion::Multiplicative => "θ ± z·√φ·s",
            Dispersion::Additive => "θ ± z·√(s² + τ²)",
        };
        let (phi, tau_squared) = (shown(funnel.phi), shown(funnel.tau_squared));
        DerivationStep {
            what: Message::new("step.funnel").with("n", funnel.n),
            formula: format!("{limits}, {variance}"),
            numbers: format!("φ = {phi}, τ² = {tau_squared}"),
            value: Some(funnel.target),
            missing: None,
            decimals: self.context.decimals,
        }
    }

    fn test_step(&self, test: &DifferenceTest) -> DerivationStep {
        let pair = |side: &crate::compare::TestSide| {
            format!("{} / {}", shown(side.numerator), shown(side.denominator))
        };
        let formula = match self.chance {
            Chance::Count => "n₁ | n₁+n₂ ~ Bin(n₁+n₂, d₁/(d₁+d₂))",
            Chance::Proportion => "n₁/d₁ − n₂/d₂",
        };
        DerivationStep {
            what: Message::new("step.test")
                .with("one", &test.one.name)
                .with("other", &test.other.name),
            formula: formula.to_owned(),
            numbers: format!("{}; {}", pair(&test.one), pair(&test.other)),
            value: test.p_value,
            missing: test.missing,
            decimals: 6,
        }
    }
}
