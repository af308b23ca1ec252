//! What only SDMX-CSV knows of a table, as it is kept in `Cube::foreign` under `sdmx-csv`.

use super::{FORMAT, SdmxLabels};
use crate::formats::{Cube, Labels};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The extras of a message. Every field may be missing: a cube of another format has none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Extras {
    /// The version read: `1.0`, `2.0` or `2.1`.
    pub(super) version: String,
    /// The kind of artefact: `dataflow`, `datastructure` or `dataprovision`.
    pub(super) kind: String,
    /// The artefact, `AGENCY:ID(VERSION)`.
    pub(super) structure: String,
    /// The action of all rows, where it is not information.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) action: Option<String>,
    /// The columns of keys that the file has: `SERIES_KEY`, `OBS_KEY`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) keys: Vec<String>,
    /// How names stand beside ids.
    pub(super) labels: SdmxLabels,
    /// The character between the parts of a field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) subfield: Option<char>,
    /// Columns of several values or languages with what stands in brackets after their ids.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) forms: BTreeMap<String, String>,
    /// The columns of measures. With more than one, they are the categories of the dimension `measure_dimension`.
    pub(super) measures: Vec<String>,
    /// The dimension that several columns of measures became.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) measure_dimension: Option<String>,
    /// The name of the only measure.
    #[serde(skip_serializing_if = "Labels::is_empty")]
    pub(super) measure_label: Labels,
    /// Names of the codes of attributes.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) codes: BTreeMap<String, BTreeMap<String, Labels>>,
    /// Whether `OBS_STATUS` holds codes of the office's own, which became symbols.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) own_status: bool,
    /// Columns of which every cell says the same and which became units and decimals of the cube.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) lifted: Vec<String>,
    /// Rows that are no observations, by column: deletions, and attributes of a part of the key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) rows: Vec<BTreeMap<String, String>>,
}

impl Extras {
    /// The extras of a cube, where it comes from SDMX-CSV.
    pub(super) fn of(cube: &Cube) -> Option<Self> {
        let kept = cube.foreign.get(FORMAT)?;
        serde_json::from_value(kept.clone()).ok()
    }

    /// Puts them into a cube.
    pub(super) fn keep(&self, cube: &mut Cube) {
        if let Ok(value) = serde_json::to_value(self) {
            cube.foreign.insert(FORMAT.to_owned(), value);
        }
    }
}
