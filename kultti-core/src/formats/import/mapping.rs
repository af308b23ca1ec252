//! The part of a mapping file that says how a table becomes observations.

use serde::Deserialize;
use std::collections::BTreeMap;

/// How the cells of a table become observations: which dimension is what, and what its codes are called in the catalogue
/// and the territory. The table `[import]` of a mapping file.
///
/// ```
/// use kultti_core::formats::ImportMapping;
/// let mapping: ImportMapping = toml::from_str(r#"
///     territory = "2021-01-01"
///     area_prefix = "KU"
///     skip_areas = ["MK*"]
///     multiply = 1000
///     [measures]
///     nettokustannus = "library.net_operating_cost"
///     [keep]
///     Sukupuoli = "SSS"
///     [status]
///     "-1" = "Q"
/// "#)?;
/// assert_eq!(mapping.status["-1"], "Q");
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImportMapping {
    /// The measure of every cell.
    pub measure: Option<String>,
    /// The dimension whose categories are measures; the metric one where it is not named.
    pub metric: Option<String>,
    /// The measure of each of its categories, by code or by label. A category that is not named is left out and said.
    pub measures: BTreeMap<String, String>,
    /// The dimension of areas; the geographical one where it is not named.
    pub area: Option<String>,
    /// What stands before an area's code in the table, such as `KU`.
    pub area_prefix: Option<String>,
    /// The area of a code or label of the table.
    pub areas: BTreeMap<String, String>,
    /// Codes that are left out, such as regions and totals; `*` and `?` stand for other letters.
    pub skip_areas: Vec<String>,
    /// The dimension of periods; the one of time where it is not named.
    pub period: Option<String>,
    /// The period of a code or label of the table.
    pub periods: BTreeMap<String, String>,
    /// The borders that the figures stand on: a date, or `then` for those of each period's last day.
    pub territory: Option<String>,
    /// The one category that is taken of any other dimension, by code or by label.
    pub keep: BTreeMap<String, String>,
    /// What figures are multiplied with, such as 1000 for a table in thousands of euros.
    pub multiply: Option<f64>,
    /// The status of a cell with a symbol, or with the text `""` of a cell with nothing.
    pub status: BTreeMap<String, String>,
}
