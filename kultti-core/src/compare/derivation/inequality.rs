//! How an inequality came about: the mean, the two measures, and each group's part of the Theil index.

use super::scene::{Scene, written};
use super::{Derivation, DerivationStep, Derived, shown};
use crate::compare::aggregate::ratio_of_sums_method;
use crate::compare::result::Context;
use crate::compare::{Inequality, InequalityGroup};
use crate::error::Result;
use crate::language::{Message, Param};
use crate::model::Aggregate;
use crate::release::Release;
use crate::stats::exact_sum;

/// Decimals of the measures.
const DECIMALS: usize = 3;

impl Derived for Inequality {
    fn context(&self) -> &Context {
        &self.context
    }

    fn derivation(&self, release: &Release) -> Result<Derivation> {
        let scene = Scene::new(release, &self.context, self.period)?;
        let method = ratio_of_sums_method(release, scene.indicator, "word.inequality")?;
        let whole = &self.whole;
        let (formula, numbers) = written(&method, &scene.slice, &whole.areas, Aggregate::RatioOfSums);
        let aggregate = Param::Word(Aggregate::RatioOfSums.word_code().to_owned());
        let mut steps = vec![DerivationStep {
            what: Message::new("step.group-value")
                .with("group", &whole.name)
                .with("aggregate", aggregate)
                .with("n", whole.n)
                .with("members", whole.members),
            formula: format!("μ = {formula}"),
            numbers,
            value: whole.mean,
            missing: whole.missing,
            decimals: self.context.decimals,
        }];
        let numbers = whole.mean.map(|mean| {
            let value = |index: &usize| scene.slice.value(*index).zip(scene.slice.denominator(*index));
            let areas: Vec<(f64, f64)> = whole.areas.iter().filter_map(value).collect();
            format!("{} / (2 * {})", shown(mean_difference(&areas)), shown(mean))
        });
        steps.push(DerivationStep {
            what: Message::new("step.gini"),
            formula: "ΣΣ p·p′·|x − x′| / (2·μ)".to_owned(),
            numbers: numbers.unwrap_or_default(),
            value: whole.gini,
            missing: whole.missing,
            decimals: DECIMALS,
        });
        let parts = self.groups.iter().filter_map(|group| part(group, whole));
        steps.extend(parts);
        let formula = if self.groups.is_empty() {
            "Σ p·(x/μ)·ln(x/μ)"
        } else {
            "Σ S·T + Σ S·ln(μ_g/μ)"
        };
        let split = self.theil.and_then(|theil| theil.within.zip(theil.between));
        steps.push(DerivationStep {
            what: Message::new("step.theil"),
            formula: formula.to_owned(),
            numbers: split.map_or_else(String::new, |(within, between)| {
                format!("{} + {}", shown(within), shown(between))
            }),
            value: whole.theil,
            missing: whole.missing,
            decimals: DECIMALS,
        });
        Ok(Derivation {
            steps,
            inputs: vec![scene.input(&self.context, &whole.areas)],
            left_out: self.left_out.clone(),
        })
    }
}

/// ΣΣ p·p′·|x − x′| of (value, denominator).
fn mean_difference(areas: &[(f64, f64)]) -> f64 {
    let total = exact_sum(areas.iter().map(|area| area.1));
    let pair =
        |one: &(f64, f64), other: &(f64, f64)| (one.1 / total) * (other.1 / total) * (one.0 - other.0).abs();
    let of_one = |one: &(f64, f64)| exact_sum(areas.iter().map(|other| pair(one, other)));
    exact_sum(areas.iter().map(of_one))
}

/// A group's part: S·T inside it, and S·ln(μ_g/μ) for what lies between it and the others; with nothing of the sum it has
/// none.
fn part(group: &InequalityGroup, whole: &InequalityGroup) -> Option<DerivationStep> {
    let (share, mean) = (group.share?, whole.mean?);
    let inside = group.mean.zip(group.theil);
    let value = inside
        .filter(|_| share > 0.0)
        .map(|(own, theil)| share * theil + share * (own / mean).ln());
    Some(DerivationStep {
        what: Message::new("step.theil-group").with("group", &group.name),
        formula: "S·T + S·ln(μ_g/μ)".to_owned(),
        numbers: inside.map_or_else(String::new, |(own, theil)| {
            let share = shown(share);
            format!(
                "{share} * {} + {share} * ln({} / {})",
                shown(theil),
                shown(own),
                shown(mean)
            )
        }),
        value: value.or(inside.map(|_| 0.0)),
        missing: group.missing,
        decimals: DECIMALS,
    })
}
