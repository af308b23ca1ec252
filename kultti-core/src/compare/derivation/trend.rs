//! How a series came about: the figure of every period, and the steps from one to the next.

use super::scene::{Scene, written};
use super::{Derivation, DerivationInput, DerivationStep, Derived, shown};
use crate::compare::aggregate::GroupMethod;
use crate::compare::result::{
    AreaLabel, ChainLink, Context, GroupSeries, Trend, TrendFit, TrendPoint, Unranked,
};
use crate::error::Result;
use crate::language::{Message, Param};
use crate::model::{AreaCode, Period};
use crate::release::Release;
use std::collections::BTreeMap;

/// The steps from the point before to this one.
fn steps(before: Option<&TrendPoint>, point: &TrendPoint, decimals: usize) -> Vec<DerivationStep> {
    let what = |code| {
        let message = Message::new(code).with("area", &point.area.name);
        message.with("period", point.period.to_string())
    };
    let pair = before.and_then(|before| before.cell.value.zip(point.cell.value));
    let mut steps = Vec::new();
    if let (Some((old, new)), Some(change)) = (pair, point.change) {
        steps.push(DerivationStep {
            what: what("step.change"),
            formula: "x[t] − x[t−1]".to_owned(),
            numbers: format!("{} - {}", shown(new), shown(old)),
            value: Some(change),
            missing: None,
            decimals,
        });
    }
    if let (Some((old, new)), Some(change)) = (pair, point.change_relative) {
        steps.push(DerivationStep {
            what: what("step.change-relative"),
            formula: "(x[t] − x[t−1]) / x[t−1]".to_owned(),
            numbers: format!("({} - {}) / {}", shown(new), shown(old), shown(old)),
            value: Some(change),
            missing: None,
            decimals: 4,
        });
    }
    steps
}

/// The trend of an area.
fn trend_steps(fit: &TrendFit, decimals: usize) -> Vec<DerivationStep> {
    let Some((slope, p)) = fit.slope.zip(fit.p) else {
        return Vec::new();
    };
    let ends = fit.slope_lower.zip(fit.slope_upper);
    let ends = ends.map(|(lower, upper)| format!("{}…{}", shown(lower), shown(upper)));
    let step = |code, formula: &str, numbers, value, decimals| DerivationStep {
        what: Message::new(code).with("area", &fit.area.name),
        formula: formula.to_owned(),
        numbers,
        value: Some(value),
        missing: None,
        decimals,
    };
    let n = fit.n;
    let test = format!("S = {}, n = {n}", fit.s.unwrap_or_default());
    vec![
        step(
            "step.slope",
            "median((x[j] − x[i]) / (t[j] − t[i]))",
            ends.unwrap_or_default(),
            slope,
            decimals + 2,
        ),
        step("step.trend-test", "P(|S| ≥ |s|)", test, p, 4),
    ]
}

/// A break that was chained.
fn link_step(link: &ChainLink) -> DerivationStep {
    let what = Message::new("step.chained").with("area", &link.area.name);
    DerivationStep {
        what: what.with("period", link.period.to_string()),
        formula: "x · new/old".to_owned(),
        numbers: format!("x * {}", shown(link.factor)),
        value: Some(link.factor),
        missing: None,
        decimals: 4,
    }
}

impl Trend {
    /// The series of a group: the value of every period from its sums, and the steps of both indices.
    fn group_steps(&self, release: &Release, group: &GroupSeries) -> Result<Vec<DerivationStep>> {
        let mut steps = Vec::new();
        for (place, point) in group.points.iter().enumerate() {
            let scene = Scene::new(release, &self.context, point.period)?;
            let method = GroupMethod::new(release, scene.indicator, Some(group.aggregate))?;
            let panel: Vec<usize> = group
                .panel
                .iter()
                .filter_map(|code| scene.slice.position(code))
                .collect();
            let (formula, numbers) = written(&method, &scene.slice, &panel, group.aggregate);
            let what = |code| {
                let message = Message::new(code).with("group", &group.name);
                message.with("period", point.period.to_string())
            };
            let aggregate = Param::Word(group.aggregate.word_code().to_owned());
            let value = what("step.change-end").with("aggregate", aggregate);
            steps.push(DerivationStep {
                what: value.with("n", point.n).with("members", group.members),
                formula,
                numbers: if panel.is_empty() { String::new() } else { numbers },
                value: point.value,
                missing: point.missing,
                decimals: self.context.decimals,
            });
            let Some(before) = place.checked_sub(1).and_then(|before| group.points.get(before)) else {
                continue;
            };
            steps.push(DerivationStep {
                what: what("step.chained-index").with("n", point.step.unwrap_or_default()),
                formula: "I[t−1] · X[t] / X[t−1]".to_owned(),
                numbers: numbers_of(before.chained, point.step_values),
                value: point.chained,
                missing: point.index_missing,
                decimals: 1,
            });
            steps.extend(point.direct.map(|direct| DerivationStep {
                what: what("step.direct-index"),
                formula: "100 · X[t] / X[0]".to_owned(),
                numbers: numbers_of(Some(100.0), point.direct_values),
                value: Some(direct),
                missing: None,
                decimals: 1,
            }));
        }
        Ok(steps)
    }
}

/// `100 * 24 / 20`: an index and the two values of a step.
fn numbers_of(index: Option<f64>, values: Option<(f64, f64)>) -> String {
    let both = index.zip(values);
    both.map_or_else(String::new, |(index, (before, after))| {
        format!("{} * {} / {}", shown(index), shown(after), shown(before))
    })
}

impl Derived for Trend {
    fn context(&self) -> &Context {
        &self.context
    }

    fn areas(&self) -> Vec<&AreaLabel> {
        let mut areas: Vec<&AreaLabel> = self.points.iter().map(|point| &point.area).collect();
        areas.dedup();
        areas
    }

    fn derivation(&self, release: &Release) -> Result<Derivation> {
        let borders = self.context.territory.parse()?;
        let mut derivation = Derivation::default();
        let mut areas: BTreeMap<Period, Vec<AreaCode>> = BTreeMap::new();
        let mut before: Option<&TrendPoint> = None;
        for point in &self.points {
            let same = before.filter(|before| before.area == point.area);
            derivation.steps.extend(steps(same, point, self.context.decimals));
            before = Some(point);
            if point.cell.value.is_some() {
                let years = if self.context.three_year { 3 } else { 1 };
                for period in (0..years).map(|back| point.period.shift(-back)) {
                    let codes = areas.entry(period).or_default();
                    if !codes.contains(&point.area.code) {
                        codes.push(point.area.code.clone());
                    }
                }
            } else {
                derivation.left_out.push(Unranked {
                    area: point.area.clone(),
                    status: point.cell.letter(),
                    missing: point.cell.missing,
                });
            }
        }
        for group in &self.groups {
            derivation.steps.extend(self.group_steps(release, group)?);
            for point in &group.points {
                let codes = areas.entry(point.period).or_default();
                let new: Vec<_> = point.used.iter().filter(|code| !codes.contains(code)).collect();
                let new: Vec<AreaCode> = new.into_iter().cloned().collect();
                codes.extend(new);
            }
            derivation
                .left_out
                .extend(group.left_out.iter().map(|left| Unranked {
                    area: left.area.clone(),
                    status: left.missing.status().letter(),
                    missing: Some(left.missing),
                }));
        }
        let fits = self.fits.iter();
        derivation
            .steps
            .extend(fits.flat_map(|fit| trend_steps(fit, self.context.decimals)));
        derivation.steps.extend(self.links.iter().map(link_step));
        derivation.inputs = areas
            .into_iter()
            .map(|(period, areas)| DerivationInput {
                indicator: self.context.indicator.clone(),
                period,
                borders,
                real: self.context.price_basis.clone(),
                areas,
            })
            .collect();
        Ok(derivation)
    }
}
