//! The peer models of a release.

use crate::catalogue::PeerModel;
use crate::language::Text;
use crate::model::IndicatorId;
use crate::release::Release;
use std::collections::BTreeMap;

/// The answer of [`Release::peer_models`].
#[derive(Debug, Clone, PartialEq)]
pub struct PeerModelList {
    /// The models, in the catalogue's order.
    pub models: Vec<PeerModel>,
    /// The release.
    pub release: String,
    labels: BTreeMap<IndicatorId, Text>,
}

impl PeerModelList {
    /// The name of a variable.
    pub fn label(&self, indicator: &IndicatorId) -> Text {
        let known = self.labels.get(indicator).cloned();
        known.unwrap_or_else(|| Text::proper_name(indicator.as_str(), None, None))
    }
}

impl Release {
    /// The peer models of the catalogue with their variables, weights and reasons.
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let ids: Vec<String> = release.peer_models().models.into_iter().map(|model| model.id).collect();
    /// assert_eq!(ids, ["general", "culture_cost"]);
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn peer_models(&self) -> PeerModelList {
        let models = self.catalogue().peer_models().to_vec();
        let used = models.iter().flat_map(|model| &model.variables);
        let named = used.filter_map(|variable| {
            let indicator = self.catalogue().indicator(variable.indicator.as_str()).ok()?;
            Some((indicator.id.clone(), indicator.label.clone()))
        });
        PeerModelList {
            labels: named.collect(),
            release: self.id().to_owned(),
            models,
        }
    }
}
