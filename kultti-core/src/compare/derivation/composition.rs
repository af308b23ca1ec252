//! How a composition came about.

use super::scene::Scene;
use super::{Derivation, DerivationStep, Derived, shown};
use crate::compare::composition::additive;
use crate::compare::result::{AreaLabel, Context};
use crate::compare::{Composition, PartFigure};
use crate::error::Result;
use crate::language::{Message, Text};
use crate::model::Missing;
use crate::release::Release;
use std::collections::BTreeSet;

impl Composition {
    /// The parts of the area or a group added up.
    fn sum(
        &self,
        name: &Text,
        parts: &[PartFigure],
        (value, missing): (Option<f64>, Option<Missing>),
    ) -> DerivationStep {
        let known: Option<Vec<String>> = parts.iter().map(|part| part.value.map(shown)).collect();
        DerivationStep {
            what: Message::new("step.composition").with("area", name),
            formula: "x = Σxₖ".to_owned(),
            numbers: known.map_or_else(String::new, |known| known.join(" + ")),
            value,
            missing,
            decimals: self.context.decimals,
        }
    }
}

impl Derived for Composition {
    fn context(&self) -> &Context {
        &self.context
    }

    fn areas(&self) -> Vec<&AreaLabel> {
        vec![&self.area]
    }

    fn derivation(&self, release: &Release) -> Result<Derivation> {
        let scene = Scene::new(release, &self.context, self.period)?;
        let method = additive(release, scene.indicator)?;
        let own: Vec<PartFigure> = self.parts.iter().map(|part| part.figure).collect();
        let whole = (self.whole.value, self.whole.missing);
        let mut steps = vec![self.sum(&self.area.name, &own, whole)];
        let mut used = BTreeSet::new();
        let mut left_out = BTreeSet::new();
        for group in &self.groups {
            let (step, entered, others) = scene.group(&method, &group.row);
            steps.push(step);
            steps.push(self.sum(
                &group.row.name,
                &group.parts,
                (group.row.value, group.row.missing),
            ));
            used.extend(entered);
            left_out.extend(others);
        }
        used.extend(scene.slice.position(&self.area.code));
        let used: Vec<usize> = used.into_iter().collect();
        Ok(Derivation {
            steps,
            inputs: scene.inputs(&self.context, &used),
            left_out: scene.without(left_out),
        })
    }
}
