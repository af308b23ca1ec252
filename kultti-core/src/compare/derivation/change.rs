//! How a change came about: both values of every group, the change, and its terms.

use super::{Derivation, DerivationInput, DerivationStep, Derived, shown};
use crate::compare::change::{Change, ChangeEnd, ChangeRow, ChangeTerms};
use crate::compare::result::{Context, Unranked};
use crate::error::Result;
use crate::language::{Message, Param};
use crate::model::{Aggregate, AreaCode, Period};
use crate::release::Release;
use std::collections::BTreeSet;

impl Change {
    fn step(&self, row: &ChangeRow, code: &'static str) -> DerivationStep {
        DerivationStep {
            what: Message::new(code).with("group", &row.name),
            formula: String::new(),
            numbers: String::new(),
            value: None,
            missing: None,
            decimals: self.context.decimals,
        }
    }

    /// The value of a group at one end.
    fn value(&self, row: &ChangeRow, end: &ChangeEnd, period: Period) -> DerivationStep {
        let sums = end.numerator.map(|n| match end.denominator {
            Some(d) => format!("{} / {}", shown(n), shown(d)),
            None => shown(n),
        });
        let formula = match row.aggregate {
            Aggregate::RatioOfSums => "m·Σn/Σd",
            Aggregate::Total => "m·Σn",
            _ => "median(x)",
        };
        let aggregate = Param::Word(row.aggregate.word_code().to_owned());
        let what = Message::new("step.change-end").with("group", &row.name);
        let what = what
            .with("period", period.to_string())
            .with("aggregate", aggregate);
        DerivationStep {
            what: what.with("n", end.n).with("members", row.members),
            formula: formula.to_owned(),
            numbers: sums.unwrap_or_default(),
            value: end.value,
            missing: end.missing,
            ..self.step(row, "step.change-end")
        }
    }

    /// The change, absolute, relative and per year.
    fn differences(&self, row: &ChangeRow) -> Vec<DerivationStep> {
        let Some((from, to)) = row.from.value.zip(row.to.value) else {
            return Vec::new();
        };
        let (old, new) = (shown(from), shown(to));
        let years = self.to.years_since(self.from).unwrap_or_default();
        vec![
            DerivationStep {
                formula: "X[t] − X[0]".to_owned(),
                numbers: format!("{new} - {old}"),
                value: row.absolute,
                missing: row.missing,
                ..self.step(row, "step.group-change")
            },
            DerivationStep {
                formula: "(X[t] − X[0]) / X[0]".to_owned(),
                numbers: format!("({new} - {old}) / {old}"),
                value: row.relative,
                missing: row.relative_missing,
                decimals: 4,
                ..self.step(row, "step.group-change-relative")
            },
            DerivationStep {
                formula: "(X[t] / X[0])^(1/(t − t[0])) − 1".to_owned(),
                numbers: format!("({new} / {old})^(1/{}) - 1", shown(years)),
                value: row.cagr,
                missing: row.cagr_missing,
                decimals: 4,
                ..self.step(row, "step.group-growth")
            },
        ]
    }

    /// The terms add up to the change.
    fn sum_of_terms(&self, row: &ChangeRow, terms: ChangeTerms) -> DerivationStep {
        let parts = [terms.price, Some(terms.volume), terms.population];
        let names = ["P", "V", "D"];
        let present = || {
            parts
                .iter()
                .zip(names)
                .filter_map(|(part, name)| part.map(|part| (name, part)))
        };
        let formula: Vec<String> = present().map(|(name, _)| format!("φ({name})")).collect();
        let numbers: Vec<String> = present().map(|(_, part)| shown(part)).collect();
        DerivationStep {
            formula: format!("ΔX = {}", formula.join(" + ")),
            numbers: numbers.join(" + "),
            value: Some(terms.change),
            ..self.step(row, "step.change-terms")
        }
    }

    fn within(&self, row: &ChangeRow) -> Option<DerivationStep> {
        let (within, between) = row.within.zip(row.between)?;
        Some(DerivationStep {
            formula: "ΔX = Σ s̄·Δx + Σ Δs·(x̄ − X̄)".to_owned(),
            numbers: format!("{} + {}", shown(within), shown(between)),
            value: row.absolute,
            ..self.step(row, "step.within-between")
        })
    }
}

impl Derived for Change {
    fn context(&self) -> &Context {
        &self.context
    }

    fn derivation(&self, _: &Release) -> Result<Derivation> {
        let borders = self.context.territory.parse()?;
        let mut derivation = Derivation::default();
        let mut areas: [BTreeSet<AreaCode>; 2] = Default::default();
        for row in &self.rows {
            derivation.steps.push(self.value(row, &row.from, self.from));
            derivation.steps.push(self.value(row, &row.to, self.to));
            derivation.steps.extend(self.differences(row));
            derivation
                .steps
                .extend(row.terms.map(|terms| self.sum_of_terms(row, terms)));
            derivation.steps.extend(self.within(row));
            areas[0].extend(row.from.areas.iter().cloned());
            areas[1].extend(row.to.areas.iter().cloned());
            derivation
                .left_out
                .extend(row.left_out.iter().map(|left| Unranked {
                    area: left.area.clone(),
                    status: left.missing.status().letter(),
                    missing: Some(left.missing),
                }));
        }
        let inputs = [self.from, self.to].into_iter().zip(areas);
        let inputs = inputs.map(|(period, areas)| DerivationInput {
            indicator: self.context.indicator.clone(),
            period,
            borders,
            real: self.context.price_basis.clone(),
            areas: areas.into_iter().collect(),
        });
        derivation.inputs = inputs.collect();
        Ok(derivation)
    }
}
