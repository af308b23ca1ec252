//! Which columns are dimensions, measures and attributes: as the data structure definition says, else as the columns look.

use super::header::{Header, Use};
use super::ids::is_component;
use super::structure::DataStructure;
use super::survey::Survey;
use crate::error::{Error, Result};
use crate::formats::Warning;
use crate::language::Message;

/// The time dimension's id in every structure.
pub(super) const TIME: &str = "TIME_PERIOD";
/// The measure's id in most structures.
pub(super) const VALUE: &str = "OBS_VALUE";
/// The attribute that a cell's status stands in.
pub(super) const STATUS: &str = "OBS_STATUS";
/// The attribute that Kultti keeps the symbol of another format in, such as PX's `..`.
pub(super) const SYMBOL: &str = "OBS_SYMBOL";

/// The attribute that Kultti keeps a text in that stands in place of a number.
pub(super) const TEXT: &str = "OBS_TEXT";

/// Attributes by their names in the cross-domain concepts of SDMX: no dimension and no measure is called so.
pub(super) const ATTRIBUTES: [&str; 13] = [
    STATUS,
    SYMBOL,
    TEXT,
    "OBS_FLAG",
    "CONF_STATUS",
    "OBS_CONF",
    "DECIMALS",
    "UNIT_MULT",
    "TIME_FORMAT",
    "COLLECTION",
    "OBS_PRE_BREAK",
    "OBS_COM",
    "UPDATED",
];

/// What each column is for, by its place.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// The dimensions, in the order of the key.
    pub(super) dimensions: Vec<usize>,
    /// The measures.
    pub(super) measures: Vec<usize>,
    /// `OBS_STATUS`.
    pub(super) status: Option<usize>,
    /// `OBS_SYMBOL`.
    pub(super) symbol: Option<usize>,
    /// `OBS_TEXT`.
    pub(super) text: Option<usize>,
    /// Attributes and columns of the sender's own.
    pub(super) attributes: Vec<usize>,
}

impl Plan {
    /// Decides what each column is for.
    ///
    /// # Errors
    /// [`Error::MalformedFile`] where the structure has a dimension that the file lacks.
    pub(super) fn of(
        path: &str,
        header: &Header,
        survey: &Survey,
        structure: Option<&DataStructure>,
        warnings: &mut Vec<Warning>,
    ) -> Result<Self> {
        let mut plan = match structure {
            Some(structure) => Self::known(path, header, structure)?,
            None => {
                let plan = Self::guessed(header, survey);
                warnings.push(plan.said(header));
                plan
            }
        };
        let own = |id: &str| {
            let place = header.component(id);
            place.filter(|place| !plan.dimensions.contains(place) && !plan.measures.contains(place))
        };
        (plan.status, plan.symbol, plan.text) = (own(STATUS), own(SYMBOL), own(TEXT));
        let used = |place: &usize| {
            plan.dimensions.contains(place)
                || plan.measures.contains(place)
                || [plan.status, plan.symbol, plan.text].contains(&Some(*place))
        };
        let components = header.places(Use::Component);
        plan.attributes = components.filter(|place| !used(place)).collect();
        Ok(plan)
    }

    fn known(path: &str, header: &Header, structure: &DataStructure) -> Result<Self> {
        let mut plan = Self::default();
        for dimension in &structure.dimensions {
            let place = header.component(&dimension.id).ok_or_else(|| {
                Error::malformed(
                    path,
                    super::FORMAT,
                    1,
                    &format!("the dimension {}", dimension.id),
                    "",
                )
            })?;
            plan.dimensions.push(place);
        }
        // The order of the table is that of the cube, whichever way the structure lists them.
        plan.dimensions.sort_unstable();
        let measures = structure.measures.iter();
        plan.measures = measures
            .filter_map(|measure| header.component(&measure.id))
            .collect();
        Ok(plan)
    }

    fn guessed(header: &Header, survey: &Survey) -> Self {
        let measures = measures(header, survey);
        let first = measures.first().copied().unwrap_or(usize::MAX);
        let is_dimension = |place: &usize| {
            let Some(column) = header.columns.get(*place) else {
                return false;
            };
            let may = column.form.is_empty() && is_component(&column.id) && survey.fills(*place);
            column.id == TIME || (*place < first && may && !ATTRIBUTES.contains(&column.id.as_str()))
        };
        let mut plan = Self {
            dimensions: header.places(Use::Component).filter(is_dimension).collect(),
            measures,
            ..Self::default()
        };
        let parts = survey.key.as_ref().map(|(key, _)| key.split('.').count());
        if parts.is_some_and(|parts| parts != plan.dimensions.len())
            && let Some(dimensions) = by_key(header, survey, &plan.measures)
        {
            plan.dimensions = dimensions;
        }
        plan
    }

    fn said(&self, header: &Header) -> Warning {
        let ids = |places: &[usize]| -> Vec<String> {
            let columns = places.iter().filter_map(|place| header.columns.get(*place));
            columns.map(|column| column.id.clone()).collect()
        };
        let message = Message::new("warning.sdmx-dimensions-guessed")
            .with("dimensions", &ids(&self.dimensions))
            .with("measures", &ids(&self.measures));
        Warning(message)
    }
}

/// The measures: `OBS_VALUE` and its numbered kin, else the first columns whose filled cells are all numbers.
fn measures(header: &Header, survey: &Survey) -> Vec<usize> {
    let id = |place: usize| header.columns.get(place).map_or("", |column| column.id.as_str());
    let numbered = |id: &str| {
        let number = id
            .strip_prefix(VALUE)
            .map(|rest| rest.strip_prefix('_').unwrap_or(rest));
        number.is_some_and(|number| number.bytes().all(|digit| digit.is_ascii_digit()))
    };
    let components: Vec<usize> = header.places(Use::Component).collect();
    let named: Vec<usize> = components
        .iter()
        .copied()
        .filter(|place| numbered(id(*place)))
        .collect();
    if !named.is_empty() {
        return named;
    }
    // A year is a number too, but its name tells that it is time; no column before it is a measure.
    let time = components.iter().position(|place| id(*place) == TIME);
    let candidates = components
        .get(time.map_or(0, |time| time + 1)..)
        .unwrap_or_default();
    let numeric = |place: &&usize| {
        let plain = header
            .columns
            .get(**place)
            .is_some_and(|column| column.form.is_empty());
        let seen = survey.columns.get(**place);
        plain && seen.is_some_and(super::survey::Seen::is_numeric) && !ATTRIBUTES.contains(&id(**place))
    };
    let run = candidates.iter().skip_while(|place| !numeric(place));
    run.take_while(numeric).copied().collect()
}

/// The columns that the parts of `OBS_KEY` stand in, where there is one for each part.
fn by_key(header: &Header, survey: &Survey, measures: &[usize]) -> Option<Vec<usize>> {
    let (key, cells) = survey.key.as_ref()?;
    let mut places: Vec<usize> = header
        .places(Use::Component)
        .filter(|place| !measures.contains(place))
        .collect();
    let mut found = Vec::new();
    for part in key.split('.') {
        let at = places
            .iter()
            .position(|place| cells.get(*place).is_some_and(|cell| cell == part))?;
        found.push(places.remove(at));
    }
    Some(found)
}
