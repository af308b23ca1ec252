//! How a series came about: the figure of every period, and the steps from one to the next.

use super::{Derivation, Derived, Input, Step, shown};
use crate::compare::result::{AreaLabel, Context, Trend, TrendPoint, Unranked};
use crate::error::Result;
use crate::language::Message;
use crate::model::{AreaCode, Period};
use crate::release::Release;
use std::collections::BTreeMap;

/// The steps from the point before to this one.
fn steps(before: Option<&TrendPoint>, point: &TrendPoint, decimals: usize) -> Vec<Step> {
    let what = |code| {
        let message = Message::new(code).with("area", &point.area.name);
        message.with("period", point.period.to_string())
    };
    let pair = before.and_then(|before| before.cell.value.zip(point.cell.value));
    let mut steps = Vec::new();
    if let (Some((old, new)), Some(change)) = (pair, point.change) {
        steps.push(Step {
            what: what("step.change"),
            formula: "x[t] − x[t−1]".to_owned(),
            numbers: format!("{} - {}", shown(new), shown(old)),
            value: Some(change),
            missing: None,
            decimals,
        });
    }
    if let (Some((old, new)), Some(change)) = (pair, point.change_relative) {
        steps.push(Step {
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
                areas
                    .entry(point.period)
                    .or_default()
                    .push(point.area.code.clone());
            } else {
                derivation.left_out.push(Unranked {
                    area: point.area.clone(),
                    status: point.cell.letter(),
                    missing: point.cell.missing,
                });
            }
        }
        derivation.inputs = areas
            .into_iter()
            .map(|(period, areas)| Input {
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
