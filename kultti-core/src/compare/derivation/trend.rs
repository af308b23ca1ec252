//! How a series came about: the figure of every period, and the steps from one to the next.

use super::{Derivation, DerivationInput, DerivationStep, Derived, shown};
use crate::compare::result::{AreaLabel, ChainLink, Context, Trend, TrendFit, TrendPoint, Unranked};
use crate::error::Result;
use crate::language::Message;
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

impl Derived for Trend {
    fn context(&self) -> &Context {
        &self.context
    }

    fn areas(&self) -> Vec<&AreaLabel> {
        let mut areas: Vec<&AreaLabel> = self.points.iter().map(|point| &point.area).collect();
        areas.dedup();
        areas
    }

    fn derivation(&self, _: &Release) -> Result<Derivation> {
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
