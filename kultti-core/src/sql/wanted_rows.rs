//! What leaves ask of a release, in words that travel: whoever has the same release makes the same rows of them.

use super::compare_all::{CompareAllTable, WantedComparison};
use super::leaf::LeafExec;
use super::observations::{Observations, WantedObservations};
use crate::release::Release;
use datafusion::error::Result;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The rows of a leaf.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum WantedRows {
    /// Of the table `observations`.
    Observations(WantedObservations),
    /// Of the table function `compare_all`.
    CompareAll(WantedComparison),
}

impl WantedRows {
    /// The leaf that makes them.
    pub(crate) fn leaf(self, release: &Arc<Release>) -> Result<LeafExec> {
        match self {
            Self::Observations(wanted) => Observations(Arc::clone(release)).leaf(wanted),
            Self::CompareAll(wanted) => CompareAllTable::of(release, &wanted).leaf(wanted),
        }
    }
}
