//! How similar municipalities came about: the area's scores, and each distance term by term.

use super::{Derivation, DerivationInput, DerivationStep, Derived, shown};
use crate::compare::peers::{IncomparableArea, PeerRow, PeerVariableUse, Peers};
use crate::compare::result::{AreaLabel, Context, Unranked};
use crate::error::Result;
use crate::language::Message;
use crate::model::{AreaCode, Missing};
use crate::panel::{Borders, Cell, Slicer};
use crate::release::Release;

impl PeerVariableUse {
    /// The figure as it was standardised: itself, or its logarithm.
    fn transformed(&self, cell: &Cell) -> Option<f64> {
        cell.value.map(|value| if self.log { value.ln() } else { value })
    }

    fn score(&self, cell: &Cell) -> Option<f64> {
        let value = self.transformed(cell)?;
        Some((value - self.standard.mean) / self.standard.deviation)
    }

    /// The area's score.
    fn step(&self) -> DerivationStep {
        let score = self.score(&self.cell);
        let numbers = self.cell.value.map(|value| {
            let value = if self.log {
                format!("ln {}", shown(value))
            } else {
                shown(value)
            };
            let (mean, deviation) = (shown(self.standard.mean), shown(self.standard.deviation));
            format!("({value} - {mean}) / {deviation}")
        });
        DerivationStep {
            what: Message::new("step.score").with("variable", &self.label),
            formula: if self.log {
                "(ln x − x̄)/s"
            } else {
                "(x − x̄)/s"
            }
            .to_owned(),
            numbers: numbers.unwrap_or_default(),
            value: score,
            missing: self.cell.missing,
            decimals: 3,
        }
    }
}

impl Peers {
    /// The distance of a peer: the weights and the differences of the scores, variable by variable.
    fn distance_step(&self, peer: &PeerRow) -> DerivationStep {
        let terms = self.variables.iter().zip(&peer.cells).filter_map(|(used, cell)| {
            let gap = used.score(&used.cell)? - used.score(cell)?;
            Some(format!(
                "{}·({})²",
                shown(used.weight / peer.common_weight),
                shown(gap)
            ))
        });
        let terms: Vec<String> = terms.collect();
        DerivationStep {
            what: Message::new("step.peer-distance").with("area", &peer.area.name),
            formula: "√Σ w(z − z')²".to_owned(),
            numbers: format!("√({})", terms.join(" + ")),
            value: Some(peer.distance),
            missing: None,
            decimals: self.context.decimals,
        }
    }
}

impl Derived for Peers {
    fn context(&self) -> &Context {
        &self.context
    }

    fn areas(&self) -> Vec<&AreaLabel> {
        vec![&self.area]
    }

    /// Mean and standard deviation rest on the figures of every candidate, so all of them are inputs.
    fn derivation(&self, release: &Release) -> Result<Derivation> {
        let slicer = Slicer::new(release);
        let borders = Borders::On(self.borders);
        let mut inputs = Vec::new();
        let mut reasons = Vec::new();
        for used in &self.variables {
            let indicator = release.catalogue().indicator(used.indicator.as_str())?;
            let slice = slicer.slice(indicator, used.period, borders, None)?;
            let cell = |code: &AreaCode| slice.cell_of(code).unwrap_or_default();
            let valued = self
                .candidates
                .areas
                .iter()
                .filter(|code| cell(code).value.is_some());
            inputs.push(DerivationInput {
                indicator: used.indicator.clone(),
                period: used.period,
                borders,
                real: None,
                areas: valued.cloned().collect(),
            });
            let missing = |area: &IncomparableArea| cell(&area.area.code).missing;
            reasons.push(self.left_out.iter().map(missing).collect::<Vec<_>>());
        }
        if let Some(beside) = &self.indicator {
            let peers = self.peers.iter().map(|peer| peer.area.code.clone());
            inputs.push(DerivationInput {
                indicator: beside.context.indicator.clone(),
                period: beside.period,
                borders,
                real: None,
                areas: std::iter::once(self.area.code.clone()).chain(peers).collect(),
            });
        }
        let left_out = self.left_out.iter().enumerate().map(|(place, area)| {
            let missing: Option<Missing> = reasons.iter().find_map(|of_variable| of_variable[place]);
            Unranked {
                area: area.area.clone(),
                status: missing.map_or('A', |missing| missing.status().letter()),
                missing,
            }
        });
        let mut steps: Vec<DerivationStep> = self.variables.iter().map(PeerVariableUse::step).collect();
        steps.extend(self.peers.iter().map(|peer| self.distance_step(peer)));
        Ok(Derivation {
            steps,
            inputs,
            left_out: left_out.collect(),
        })
    }
}
