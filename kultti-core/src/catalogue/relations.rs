//! Checks of what a catalogue declares of several indicators: models of expected cost, and pairs of cost and use.

use super::check::File;
use super::document::Document;
use super::{Catalogue, Expectation, Pair};
use crate::error::{Error, Result};
use crate::language::Text;
use crate::model::Indicator;
use crate::source::line_declaring;

impl File<'_> {
    /// Models and pairs: texts, references, patterns, and that cost per inhabitant is cost per use × uses per inhabitant.
    pub(super) fn check_relations(&self, catalogue: &Catalogue) -> Result<()> {
        let document = catalogue.header();
        for (kind, ids) in [
            ("expectation", expectation_ids(document)),
            ("pair", pair_ids(document)),
        ] {
            let mut seen = std::collections::BTreeSet::new();
            if let Some(id) = ids.iter().find(|id| !seen.insert(id.as_str())) {
                return Err(Error::DuplicateId {
                    path: self.path.into(),
                    line: line_declaring(self.text, id),
                    id: format!("{kind} {id}"),
                });
            }
        }
        let expectations = document.expectations.iter();
        expectations
            .clone()
            .try_for_each(|model| self.check_expectation(catalogue, model))?;
        document
            .pairs
            .iter()
            .try_for_each(|pair| self.check_pair(catalogue, pair))
    }

    fn check_expectation(&self, catalogue: &Catalogue, model: &Expectation) -> Result<()> {
        let place = (line_declaring(self.text, &model.id), model.id.as_str());
        let variables = || model.variables.iter().chain(&model.capacity);
        let texts: Vec<(&str, &Text)> = std::iter::once(("label", &model.label))
            .chain(variables().map(|variable| ("reason", &variable.reason)))
            .collect();
        self.complete(model.id.as_str(), place.0, &texts)?;
        let known: Vec<String> = catalogue.indicators().map(|item| item.id.to_string()).collect();
        for variable in variables() {
            self.known(place, "variables", &known, Some(variable.indicator.as_str()))?;
        }
        if model.variables.is_empty() {
            return Err(self.invalid(place, "variables", ("at least one variable", "[]".into())));
        }
        for pattern in &model.indicators {
            let matched =
                glob::Pattern::new(pattern).is_ok_and(|pattern| known.iter().any(|id| pattern.matches(id)));
            if !matched {
                let expected = "ids of indicators, with * and ?";
                return Err(self.invalid(place, "indicators", (expected, pattern.clone())));
            }
        }
        Ok(())
    }

    fn check_pair(&self, catalogue: &Catalogue, pair: &Pair) -> Result<()> {
        let place = (line_declaring(self.text, &pair.id), pair.id.as_str());
        self.complete(pair.id.as_str(), place.0, &[("label", &pair.label)])?;
        let known: Vec<String> = catalogue.indicators().map(|item| item.id.to_string()).collect();
        for (field, id) in [
            ("cost_per_inhabitant", &pair.cost_per_inhabitant),
            ("cost_per_use", &pair.cost_per_use),
            ("uses_per_inhabitant", &pair.uses_per_inhabitant),
        ] {
            self.known(place, field, &known, Some(id.as_str()))?;
        }
        let indicator = |id: &crate::model::IndicatorId| catalogue.indicator(id.as_str());
        let whole = indicator(&pair.cost_per_inhabitant)?;
        let price = indicator(&pair.cost_per_use)?;
        let volume = indicator(&pair.uses_per_inhabitant)?;
        match mismatch(whole, price, volume) {
            None => Ok(()),
            Some((field, found)) => {
                let expected = "cost per inhabitant = cost per use × uses per inhabitant";
                Err(self.invalid(place, field, (expected, found)))
            }
        }
    }
}

/// What keeps a product of two indicators from being the third.
fn mismatch(whole: &Indicator, price: &Indicator, volume: &Indicator) -> Option<(&'static str, String)> {
    let written = |indicator: &Indicator| indicator.formula_text.clone();
    if whole.formula.numerator != price.formula.numerator {
        return Some(("cost_per_use", written(price)));
    }
    let uses = price.formula.denominator.as_ref();
    if uses != Some(&volume.formula.numerator) || whole.formula.denominator != volume.formula.denominator {
        return Some(("uses_per_inhabitant", written(volume)));
    }
    let product = price.multiplier * volume.multiplier;
    let fits = (whole.multiplier - product).abs() <= f64::EPSILON * product.abs();
    (!fits).then(|| ("multiplier", product.to_string()))
}

fn expectation_ids(document: &Document) -> Vec<String> {
    document
        .expectations
        .iter()
        .map(|model| model.id.clone())
        .collect()
}

fn pair_ids(document: &Document) -> Vec<String> {
    document.pairs.iter().map(|pair| pair.id.clone()).collect()
}
