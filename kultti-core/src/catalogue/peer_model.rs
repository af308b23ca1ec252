//! Peer models: by which variables municipalities are likened to one another, as data.
//!
//! A model is named, versioned and reasoned, so that who the peers are can be repeated, cited and criticised.

use super::{Catalogue, Document, IndicatorDeclaration};
use crate::error::{Error, Result};
use crate::language::{Text, near_matches};
use crate::model::{Indicator, IndicatorId, Measure, Period, ScopeId};
use crate::source::{parse_toml, position, read_text};
use crate::stats::LEAST_COMMON_WEIGHT;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;
use toml::Spanned;

/// A named set of variables by which areas are likened.
///
/// In TOML it is a `[[peer_model]]` of a catalogue, or the only one of a file of its own:
///
/// ```
/// use kultti_core::release::Release;
/// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
/// let model = release.catalogue().peer_model_from_toml("size.toml", r#"
/// schema = 1
///
/// [[peer_model]]
/// id = "size"
/// version = 1
/// label = { fi = "Koko", sv = "Storlek", en = "Size" }
/// description = { fi = "Vain talouden koko.", sv = "Bara ekonomins storlek.", en = "The size of the economy only." }
/// k = 5
///
/// [[peer_model.variable]]
/// indicator = "culture.net_operating_cost"
/// weight = 1
/// reason = { fi = "Koko.", sv = "Storlek.", en = "Size." }
/// "#)?;
/// assert_eq!((model.k, model.min_weight_share), (5, 0.6));
/// # Ok::<(), kultti_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeerModel<V = IndicatorId> {
    /// Identifier.
    pub id: String,
    /// Version: another one whenever other peers may come out.
    pub version: u32,
    /// Name.
    pub label: Text,
    /// What it is for, and what it leaves out.
    pub description: Text,
    /// How many peers are shown unless something else is asked for.
    pub k: usize,
    /// The smallest share of the weights that two areas must both have values for.
    #[serde(default = "least_common_weight")]
    pub min_weight_share: f64,
    /// The scopes whose indicators it is the usual model of; a model without any is that of all other indicators.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<ScopeId>,
    /// The variables.
    #[serde(rename = "variable")]
    pub variables: Vec<PeerVariable<V>>,
}

/// A variable of a peer model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeerVariable<V = IndicatorId> {
    /// The indicator.
    pub indicator: V,
    /// How much it counts beside the others.
    pub weight: f64,
    /// Whether its natural logarithm is taken, so that ratios count and not differences.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub log: bool,
    /// The period that is always used; without one, that of the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// Why it makes municipalities alike.
    pub reason: Text,
}

/// A model as it was read, with its place in the file.
pub(super) type Positioned = Spanned<PeerModel<Spanned<IndicatorId>>>;

fn least_common_weight() -> f64 {
    LEAST_COMMON_WEIGHT
}

/// A file that holds one model.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: u32,
    #[serde(default)]
    peer_model: Vec<Positioned>,
}

impl PeerModel {
    /// The model with a place in a file.
    pub(super) fn positioned(self, place: Range<usize>) -> Positioned {
        let variable = |variable: PeerVariable| PeerVariable {
            indicator: Spanned::new(place.clone(), variable.indicator),
            weight: variable.weight,
            log: variable.log,
            period: variable.period,
            reason: variable.reason,
        };
        let model = PeerModel {
            id: self.id,
            version: self.version,
            label: self.label,
            description: self.description,
            k: self.k,
            min_weight_share: self.min_weight_share,
            scopes: self.scopes,
            variables: self.variables.into_iter().map(variable).collect(),
        };
        Spanned::new(place, model)
    }

    /// `id@version`, as results cite it.
    pub fn definition_id(&self) -> String {
        // Variables chosen for one question are no model that could be asked for again by name.
        if self.version == 0 {
            return String::new();
        }
        format!("{}@{}", self.id, self.version)
    }
}

impl Catalogue {
    /// The peer models, in the catalogue's order.
    pub fn peer_models(&self) -> &[PeerModel] {
        &self.header().peer_models
    }

    /// A peer model by id.
    ///
    /// # Errors
    /// [`Error::UnknownPeerModel`] with near matches, or all models where none is near.
    pub fn peer_model(&self, id: &str) -> Result<&PeerModel> {
        let models = self.peer_models();
        models.iter().find(|model| model.id == id).ok_or_else(|| {
            let ids = || models.iter().map(|model| model.id.as_str());
            let near = near_matches(id, ids(), 3);
            let near = if near.is_empty() { ids().collect() } else { near };
            Error::UnknownPeerModel {
                model: id.to_owned(),
                near: near.into_iter().map(str::to_owned).collect(),
            }
        })
    }

    /// The model that an indicator's peers are found by unless another one is asked for: the first that names the
    /// indicator's scope, otherwise the first without scopes.
    pub fn usual_peer_model(&self, indicator: Option<&Indicator>) -> Option<&PeerModel> {
        let scope = indicator.and_then(|indicator| indicator.scope.as_ref());
        let of_scope = |model: &&PeerModel| scope.is_some_and(|scope| model.scopes.contains(scope));
        let models = self.peer_models();
        let of_others = || models.iter().find(|model| model.scopes.is_empty());
        models.iter().find(of_scope).or_else(of_others)
    }

    /// Reads a peer model from a file: `schema = 1` and one `[[peer_model]]`, as in a catalogue.
    ///
    /// # Errors
    /// [`Error::Io`], and those of [`Catalogue::peer_model_from_toml`].
    pub fn load_peer_model(&self, path: &Path) -> Result<PeerModel> {
        self.peer_model_from_toml(&path.display().to_string(), &read_text(path)?)
    }

    /// Reads a peer model from a text and checks it against the indicators of this catalogue.
    ///
    /// # Errors
    /// [`Error::MalformedToml`], [`Error::MissingText`], [`Error::UnknownReference`], [`Error::DuplicateId`] and
    /// [`Error::InvalidField`], each with its line.
    pub fn peer_model_from_toml(&self, path: &str, text: &str) -> Result<PeerModel> {
        let file: File = parse_toml(path, text)?;
        let place = Place { path, text };
        let invalid = |field: &str, expected: &str, found: String| Error::InvalidField {
            path: path.to_owned(),
            line: 1,
            id: path.to_owned(),
            field: field.to_owned(),
            expected: expected.to_owned(),
            found,
        };
        if file.schema != 1 {
            return Err(invalid("schema", "1", file.schema.to_string()));
        }
        let ids: Vec<&str> = self.indicators.ids(|indicator| indicator.id.as_str());
        let scopes: Vec<&str> = self
            .header()
            .scopes
            .iter()
            .map(|scope| scope.id.as_str())
            .collect();
        let count = file.peer_model.len();
        place.check(&file.peer_model, &ids, &scopes)?;
        let mut models = file.peer_model.into_iter().map(plain);
        match (models.next(), count) {
            (Some(model), 1) => Ok(model),
            _ => Err(invalid("peer_model", "one [[peer_model]]", count.to_string())),
        }
    }
}

/// A model without places.
pub(super) fn plain(positioned: Positioned) -> PeerModel {
    let model = positioned.into_inner();
    let variable = |variable: PeerVariable<Spanned<IndicatorId>>| PeerVariable {
        indicator: variable.indicator.into_inner(),
        weight: variable.weight,
        log: variable.log,
        period: variable.period,
        reason: variable.reason,
    };
    PeerModel {
        id: model.id,
        version: model.version,
        label: model.label,
        description: model.description,
        k: model.k,
        min_weight_share: model.min_weight_share,
        scopes: model.scopes,
        variables: model.variables.into_iter().map(variable).collect(),
    }
}

/// Checks the models of a catalogue that is being loaded.
pub(super) fn check(path: &str, text: &str, document: &CheckedDocument) -> Result<()> {
    let ids = document.indicators.iter();
    let ids: Vec<&str> = ids.map(|item| item.get_ref().id.as_str()).collect();
    let scopes: Vec<&str> = document.scopes.iter().map(|scope| scope.id.as_str()).collect();
    Place { path, text }.check(&document.peer_models, &ids, &scopes)
}

/// A catalogue with the places of its items.
pub(super) type CheckedDocument =
    Document<Spanned<Measure>, Spanned<IndicatorDeclaration<Spanned<String>>>, Positioned>;

/// The file being checked.
struct Place<'a> {
    path: &'a str,
    text: &'a str,
}

impl Place<'_> {
    fn check(&self, models: &[Positioned], indicators: &[&str], scopes: &[&str]) -> Result<()> {
        let mut seen = BTreeSet::new();
        for item in models {
            let model = item.get_ref();
            let line = position(self.text, item.span().start).0;
            if !seen.insert(model.id.as_str()) {
                return Err(self.duplicate(line, &model.id));
            }
            self.check_texts(model, line)?;
            self.check_numbers(model, line)?;
            for scope in &model.scopes {
                self.known((line, 1), (&model.id, "scopes"), scope.as_str(), scopes)?;
            }
            self.check_variables(model, indicators)?;
        }
        Ok(())
    }

    fn check_texts<V>(&self, model: &PeerModel<V>, line: usize) -> Result<()> {
        let reasons = model
            .variables
            .iter()
            .map(|variable| ("reason", &variable.reason));
        let texts = [("label", &model.label), ("description", &model.description)];
        let mut gaps = texts.into_iter().chain(reasons);
        let gap = gaps.find_map(|(field, text)| text.gap().map(|language| (field, language)));
        gap.map_or(Ok(()), |(field, language)| {
            Err(Error::MissingText {
                path: self.path.to_owned(),
                line,
                id: model.id.clone(),
                field: field.to_owned(),
                language: language.code().to_owned(),
            })
        })
    }

    fn check_numbers<V>(&self, model: &PeerModel<V>, line: usize) -> Result<()> {
        let share = model.min_weight_share;
        let wrong = if model.version == 0 {
            Some(("version", "1 or more", model.version.to_string()))
        } else if model.k == 0 {
            Some(("k", "1 or more", model.k.to_string()))
        } else if !(share > 0.0 && share <= 1.0) {
            Some(("min_weight_share", "more than 0, at most 1", share.to_string()))
        } else if model.variables.is_empty() {
            Some(("variable", "one [[peer_model.variable]] or more", "0".to_owned()))
        } else {
            let bad = |weight: &f64| !weight.is_finite() || *weight <= 0.0;
            let mut weights = model.variables.iter().map(|variable| variable.weight);
            weights
                .find(bad)
                .map(|weight| ("weight", "a number above 0", weight.to_string()))
        };
        wrong.map_or(Ok(()), |(field, expected, found)| {
            Err(Error::InvalidField {
                path: self.path.to_owned(),
                line,
                id: model.id.clone(),
                field: field.to_owned(),
                expected: expected.to_owned(),
                found,
            })
        })
    }

    fn check_variables(&self, model: &PeerModel<Spanned<IndicatorId>>, indicators: &[&str]) -> Result<()> {
        let mut seen = BTreeSet::new();
        for variable in &model.variables {
            let id = variable.indicator.get_ref().as_str();
            let at = position(self.text, variable.indicator.span().start);
            self.known(at, (&model.id, "indicator"), id, indicators)?;
            if !seen.insert(id) {
                return Err(self.duplicate(at.0, id));
            }
        }
        Ok(())
    }

    fn known(
        &self,
        (line, column): (usize, usize),
        (id, field): (&str, &str),
        reference: &str,
        known: &[&str],
    ) -> Result<()> {
        if known.contains(&reference) {
            return Ok(());
        }
        let near = near_matches(reference, known.iter().copied(), 3);
        Err(Error::UnknownReference {
            path: self.path.to_owned(),
            line,
            column,
            id: id.to_owned(),
            field: field.to_owned(),
            reference: reference.to_owned(),
            near: near.into_iter().map(str::to_owned).collect(),
        })
    }

    fn duplicate(&self, line: usize, id: &str) -> Error {
        Error::DuplicateId {
            path: self.path.to_owned(),
            line,
            id: id.to_owned(),
        }
    }
}
