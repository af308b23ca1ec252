//! How intervals came about: the limits of every row, the funnel, the tests.

use super::scene::Scene;
use super::{Derivation, DerivationStep, Derived, shown};
use crate::compare::result::Context;
use crate::compare::{DifferenceTest, FunnelFigures, IntervalMethod, IntervalRow, Intervals};
use crate::error::Result;
use crate::language::Message;
use crate::release::Release;
use crate::stats::{Chance, Dispersion, EXACT_BELOW, normal_quantile};
use std::collections::BTreeSet;

impl Derived for Intervals {
    fn context(&self) -> &Context {
        &self.context
    }

    fn derivation(&self, release: &Release) -> Result<Derivation> {
        let scene = Scene::new(release, &self.context, self.period)?;
        let multiplier = scene.indicator.multiplier;
        let mut steps: Vec<DerivationStep> = self
            .rows
            .iter()
            .flat_map(|row| {
                [
                    self.limit(row, multiplier, false),
                    self.limit(row, multiplier, true),
                ]
            })
            .collect();
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
    /// A limit of a row, with its numbers.
    fn limit(&self, row: &IntervalRow, multiplier: f64, upper: bool) -> DerivationStep {
        let alpha = self.level.alpha();
        let z = shown(normal_quantile(alpha).unwrap_or_default());
        let pair = row
            .numerator
            .zip(row.denominator)
            .filter(|_| row.interval.is_some());
        let exact = self.method == IntervalMethod::Exact
            || (self.method == IntervalMethod::Byar
                && row.numerator.is_some_and(|count| count < EXACT_BELOW));
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
            let (n, d, m) = (shown(numerator), shown(denominator), shown(multiplier));
            let spread = if exact {
                format!("α = {alpha}")
            } else {
                format!("z = {z}")
            };
            format!("m = {m}, n = {n}, d = {d}, {spread}")
        });
        let limit = row
            .interval
            .map(|interval| if upper { interval.upper } else { interval.lower });
        let code = if upper {
            "step.upper-limit"
        } else {
            "step.lower-limit"
        };
        DerivationStep {
            what: Message::new(code).with("area", &row.name),
            formula,
            numbers: numbers.unwrap_or_default(),
            value: limit,
            missing: row.interval_missing,
            decimals: self.context.decimals,
        }
    }

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
