//! How a cost and its use came about.

use super::{Derivation, DerivationInput, DerivationStep, Derived, shown};
use crate::compare::result::{AreaLabel, Context};
use crate::compare::{CostPerUse, UseFigures, UsePair};
use crate::error::Result;
use crate::language::{Message, Text};
use crate::model::{AreaCode, IndicatorId};
use crate::release::Release;
use std::collections::BTreeSet;

impl CostPerUse {
    /// x = p·u of the area or a group.
    fn product(&self, name: &Text, pair: &UsePair, figures: &UseFigures) -> DerivationStep {
        let numbers = figures.cost_per_use.zip(figures.uses_per_inhabitant);
        DerivationStep {
            what: Message::new("step.cost-per-use")
                .with("area", name)
                .with("use", &pair.label),
            formula: "x = p·u".to_owned(),
            numbers: numbers.map_or_else(String::new, |(p, u)| format!("{} * {}", shown(p), shown(u))),
            value: figures.cost_per_inhabitant,
            missing: figures.missing,
            decimals: self.context.decimals,
        }
    }

    fn steps(&self, pair: &UsePair) -> Vec<DerivationStep> {
        let mut steps = vec![self.product(&self.area.name, pair, &pair.area)];
        for group in &pair.groups {
            steps.push(self.product(&group.name, pair, &group.figures));
            let Some(difference) = group.difference else {
                continue;
            };
            let (p, u) = (difference.by_cost_per_use, difference.by_uses);
            steps.push(DerivationStep {
                what: Message::new("step.difference").with("group", &group.name),
                formula: "x − X = L·ln(p/P) + L·ln(u/U)".to_owned(),
                numbers: format!("{} + {}", shown(p), shown(u)),
                value: Some(difference.total),
                missing: None,
                decimals: self.context.decimals,
            });
        }
        steps
    }
}

impl Derived for CostPerUse {
    fn context(&self) -> &Context {
        &self.context
    }

    fn areas(&self) -> Vec<&AreaLabel> {
        vec![&self.area]
    }

    fn derivation(&self, _: &Release) -> Result<Derivation> {
        let borders = self.context.territory.parse()?;
        let mut derivation = Derivation::default();
        for pair in &self.pairs {
            derivation.steps.extend(self.steps(pair));
            let mut areas: BTreeSet<&AreaCode> =
                pair.groups.iter().flat_map(|group| &group.entered).collect();
            areas.insert(&self.area.code);
            let input = |indicator: &IndicatorId| DerivationInput {
                indicator: indicator.clone(),
                period: self.period,
                borders,
                real: None,
                areas: areas.iter().copied().cloned().collect(),
            };
            derivation.inputs.extend([
                input(&self.context.indicator),
                input(&pair.cost_per_use.indicator),
                input(&pair.uses_per_inhabitant.indicator),
            ]);
        }
        derivation.inputs.dedup();
        Ok(derivation)
    }
}
