//! How a comparison came about: the area's figure, its place, the groups' values and the differences.

use super::scene::{Scene, computed};
use super::{Derivation, DerivationInput, DerivationStep, Derived, shown};
use crate::compare::aggregate::GroupMethod;
use crate::compare::peers::similar_to;
use crate::compare::result::{AreaLabel, Comparison, Context, Explanation, PeerGroup};
use crate::error::Result;
use crate::language::Message;
use crate::release::Release;
use std::collections::BTreeSet;

impl Comparison {
    /// The figure of three years from its sums.
    fn three_years(&self, multiplier: f64) -> Option<DerivationStep> {
        let (above, below) = self.cell.numerator.zip(self.cell.denominator)?;
        self.context.three_year.then(|| DerivationStep {
            what: Message::new("step.three-years").with("area", &self.area.name),
            formula: "m·Σn/Σd".to_owned(),
            numbers: format!("{} * {} / {}", shown(multiplier), shown(above), shown(below)),
            value: self.cell.value,
            missing: self.cell.missing,
            decimals: self.context.decimals,
        })
    }

    /// The area's own figure, where its parts are known.
    fn own(&self, multiplier: f64) -> Option<DerivationStep> {
        let (above, below) = self.cell.numerator.zip(self.cell.denominator)?;
        (!self.context.three_year).then(|| DerivationStep {
            what: Message::new("step.own-figure").with("area", &self.area.name),
            formula: "x = m·n/d".to_owned(),
            numbers: format!("{} * {} / {}", shown(multiplier), shown(above), shown(below)),
            value: self.cell.value,
            missing: self.cell.missing,
            decimals: self.context.decimals,
        })
    }

    /// The place of the area: how many are strictly worse.
    fn place(&self) -> Option<DerivationStep> {
        let n = self.position.n;
        let percent_rank = self.position.percent_rank?;
        let others = n.checked_sub(1).filter(|others| *others > 0)?;
        #[expect(clippy::cast_precision_loss, reason = "counts of areas")]
        let worse = (percent_rank * others as f64).round();
        Some(DerivationStep {
            what: Message::new("step.percent-rank").with("area", &self.area.name),
            formula: "n₋/(n − 1)".to_owned(),
            numbers: format!("{worse} / ({n} - 1)"),
            value: Some(percent_rank),
            missing: None,
            decimals: 3,
        })
    }

    /// The limits of the area's own figure, where they were asked for.
    fn own_limits(&self, multiplier: f64) -> Vec<DerivationStep> {
        let found = self.intervals.as_ref();
        let Some((intervals, own)) = found.and_then(|found| found.area.map(|own| (found, own))) else {
            return Vec::new();
        };
        let pair = self.cell.numerator.zip(self.cell.denominator);
        let limits = intervals.limits(multiplier, self.context.decimals);
        limits
            .steps(&self.area.name, pair, (own.interval, own.missing))
            .to_vec()
    }

    /// The difference to a group.
    fn against(&self, peer: &PeerGroup) -> Option<DerivationStep> {
        let (own, group) = (self.cell.value?, peer.row.value?);
        Some(DerivationStep {
            what: Message::new("step.difference").with("group", &peer.row.name),
            formula: "x − X".to_owned(),
            numbers: format!("{} - {}", shown(own), shown(group)),
            value: peer.difference,
            missing: None,
            decimals: self.context.decimals,
        })
    }
}

impl Derived for Comparison {
    fn context(&self) -> &Context {
        &self.context
    }

    fn areas(&self) -> Vec<&AreaLabel> {
        vec![&self.area]
    }

    fn derivation(&self, release: &Release) -> Result<Derivation> {
        let scene = Scene::new(release, &self.context, self.period)?;
        let mut steps: Vec<DerivationStep> =
            self.three_years(scene.indicator.multiplier).into_iter().collect();
        steps.extend(self.own(scene.indicator.multiplier));
        steps.extend(self.place());
        let (mut used, mut others) = (BTreeSet::new(), BTreeSet::new());
        used.extend(scene.slice.position(&self.area.code));
        steps.extend(self.own_limits(scene.indicator.multiplier));
        let mut similar = Derivation::default();
        for (place, peer) in self.peers.iter().enumerate() {
            let method = GroupMethod::new(release, scene.indicator, computed(peer.row.aggregate))?;
            let (step, entered, left) = scene.group(&method, &peer.row);
            if let Some(model) = &peer.model {
                let found = similar_to(&scene.slicer, model.clone(), &scene.slice, (&self.area, peer))?;
                let Derivation {
                    steps: of_peers,
                    inputs,
                    left_out,
                } = found.derivation(release)?;
                steps.extend(of_peers);
                similar.inputs.extend(inputs);
                similar.left_out.extend(left_out);
            }
            steps.push(step);
            steps.extend(scene.limits(self.intervals.as_ref(), (place, &peer.row), &entered));
            steps.extend(self.against(peer));
            used.extend(entered);
            others.extend(left);
        }
        let used: Vec<usize> = used.into_iter().collect();
        let mut inputs = scene.inputs(&self.context, &used);
        inputs.append(&mut similar.inputs);
        let mut left_out = scene.without(others);
        for area in similar.left_out {
            if left_out.iter().all(|known| known.area != area.area) {
                left_out.push(area);
            }
        }
        Ok(Derivation {
            steps,
            inputs,
            left_out,
        })
    }
}

impl Derived for Explanation {
    fn context(&self) -> &Context {
        &self.context
    }

    fn areas(&self) -> Vec<&AreaLabel> {
        vec![&self.area]
    }

    fn derivation(&self, _: &Release) -> Result<Derivation> {
        Ok(Derivation {
            steps: Vec::new(),
            inputs: vec![DerivationInput {
                indicator: self.context.indicator.clone(),
                period: self.period,
                borders: self.context.territory.parse()?,
                real: self.context.price_basis.clone(),
                areas: vec![self.area.code.clone()],
            }],
            left_out: self.left_out.clone(),
        })
    }
}
