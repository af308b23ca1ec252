//! How the values of groups came about.

use super::scene::{Scene, computed};
use super::{Derivation, Derived};
use crate::compare::aggregate::GroupMethod;
use crate::compare::result::{Context, Groups};
use crate::error::Result;
use crate::release::Release;
use std::collections::BTreeSet;

impl Derived for Groups {
    fn context(&self) -> &Context {
        &self.context
    }

    fn derivation(&self, release: &Release) -> Result<Derivation> {
        let scene = Scene::new(release, &self.context, self.period)?;
        let mut steps = Vec::new();
        let (mut used, mut others) = (BTreeSet::new(), BTreeSet::new());
        for (place, row) in self.rows.iter().enumerate() {
            let method = GroupMethod::new(release, scene.indicator, computed(row.aggregate))?;
            let (step, entered, left) = scene.group(&method, row);
            steps.push(step);
            steps.extend(scene.limits(self.intervals.as_ref(), (place, row), &entered));
            used.extend(entered);
            others.extend(left);
        }
        let used: Vec<usize> = used.into_iter().collect();
        Ok(Derivation {
            steps,
            inputs: vec![scene.input(&self.context, &used)],
            left_out: scene.without(others),
        })
    }
}
