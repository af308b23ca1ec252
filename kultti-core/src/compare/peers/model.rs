//! Which model is meant: one of the catalogue, one in a file, or variables asked for one by one.

use super::options::PeersOptions;
use crate::catalogue::{PeerModel, PeerVariable};
use crate::compare::notes::word_text;
use crate::error::{Error, Result};
use crate::language::Text;
use crate::model::Indicator;
use crate::release::Release;
use crate::stats::LEAST_COMMON_WEIGHT;
use std::path::Path;

/// How many peers there are where no model says it.
const USUAL_PEERS: usize = 8;

/// The model of a question about peers.
pub(super) fn of_question(
    release: &Release,
    options: &PeersOptions,
    indicator: Option<&Indicator>,
) -> Result<PeerModel> {
    if options.variables.is_empty() {
        if let Some(variable) = options.log.first() {
            return Err(invalid("log", "variables beside it", variable));
        }
        return named(release, options.model.as_deref(), indicator);
    }
    if let Some(model) = &options.model {
        return Err(invalid("variables", "either variables or a model", model));
    }
    own(release, &options.variables, &options.log)
}

/// A model by name or file, or the usual one.
pub(super) fn named(
    release: &Release,
    name: Option<&str>,
    indicator: Option<&Indicator>,
) -> Result<PeerModel> {
    let catalogue = release.catalogue();
    match name {
        Some(file) if is_file(file) => catalogue.load_peer_model(Path::new(file)),
        Some(id) => catalogue.peer_model(id).cloned(),
        None => catalogue
            .usual_peer_model(indicator)
            .cloned()
            .ok_or_else(|| invalid("model", "a model (FILE.toml), or variables", "")),
    }
}

fn is_file(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("toml"))
}

/// A model of variables asked for one by one, each `id` or `id:weight`.
fn own(release: &Release, variables: &[String], log: &[String]) -> Result<PeerModel> {
    let mut chosen: Vec<PeerVariable> = Vec::new();
    for text in variables {
        let (id, weight) = text.trim().rsplit_once(':').unwrap_or((text.trim(), "1"));
        let indicator = release.catalogue().indicator(id)?.id.clone();
        let weight: f64 = weight
            .parse()
            .ok()
            .filter(|weight: &f64| weight.is_finite() && *weight > 0.0)
            .ok_or_else(|| invalid("variables", "INDICATOR:WEIGHT, a weight above 0", text))?;
        if chosen.iter().any(|variable| variable.indicator == indicator) {
            return Err(invalid("variables", "each indicator once", id));
        }
        chosen.push(PeerVariable {
            indicator,
            weight,
            log: log.iter().any(|logged| logged.trim() == id),
            period: None,
            reason: word_text("word.chosen-variable"),
        });
    }
    let known = |id: &str| chosen.iter().any(|variable| variable.indicator.as_str() == id);
    if let Some(stray) = log.iter().find(|id| !known(id.trim())) {
        let ids: Vec<&str> = chosen
            .iter()
            .map(|variable| variable.indicator.as_str())
            .collect();
        return Err(invalid("log", &ids.join(", "), stray));
    }
    Ok(PeerModel {
        id: "own".into(),
        version: 0,
        label: word_text("word.own-model"),
        description: Text::default(),
        k: USUAL_PEERS,
        min_weight_share: LEAST_COMMON_WEIGHT,
        scopes: Vec::new(),
        variables: chosen,
    })
}

pub(super) fn invalid(name: &str, expected: &str, found: &str) -> Error {
    Error::InvalidArgument {
        name: name.to_owned(),
        expected: expected.to_owned(),
        found: found.to_owned(),
    }
}
