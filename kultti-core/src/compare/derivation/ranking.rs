//! How a ranking came about.

use super::scene::Scene;
use super::{Derivation, DerivationStep, Derived};
use crate::compare::result::{Context, RankRow, Ranking, Unranked};
use crate::error::Result;
use crate::language::Message;
use crate::release::Release;
use crate::stats::Order;

impl Derived for Ranking {
    fn context(&self) -> &Context {
        &self.context
    }

    fn derivation(&self, release: &Release) -> Result<Derivation> {
        let scene = Scene::new(release, &self.context, self.period)?;
        let (ranked, others): (Vec<_>, Vec<_>) = self.rows.iter().partition(|row| row.rank.is_some());
        let position = |row: &&RankRow| scene.slice.position(&row.area.code);
        let used: Vec<usize> = ranked.iter().filter_map(position).collect();
        let unranked = |row: &&RankRow| Unranked {
            area: row.area.clone(),
            status: row.cell.letter(),
            missing: row.cell.missing,
        };
        let (what, formula) = match self.order {
            Order::Descending => ("step.rank-descending", "1 + #(xⱼ > x)"),
            Order::Ascending => ("step.rank-ascending", "1 + #(xⱼ < x)"),
        };
        let what = Message::new(what).with("n", self.n);
        Ok(Derivation {
            steps: vec![DerivationStep {
                what,
                formula: formula.to_owned(),
                numbers: String::new(),
                value: None,
                missing: None,
                decimals: 0,
            }],
            inputs: scene.inputs(&self.context, &used),
            left_out: others.iter().map(unranked).collect(),
        })
    }
}
