//! Which category of a cube is which measure, area and period.

use super::mapping::ImportMapping;
use crate::error::{Error, Result};
use crate::formats::cube::{Category, Cube, Dimension, Role, TimePeriod};
use crate::formats::place::{Observed, Place};
use crate::language::near_matches;
use crate::model::{Date, Observation, Period};
use crate::territory::Area;
use std::collections::{BTreeMap, BTreeSet};

/// An area of the territory; without one it is the whole country.
pub(super) struct Found<'a> {
    pub(super) code: String,
    pub(super) area: Option<&'a Area>,
}

/// The borders of the figures.
pub(super) enum Borders {
    Then,
    On(Date),
}

pub(super) struct Plan<'a> {
    /// The place of the category and its measure; without a metric dimension there is one measure and no place.
    pub(super) measures: Vec<(Option<usize>, Observed<'a>)>,
    pub(super) periods: Vec<(usize, Period)>,
    pub(super) areas: Vec<(usize, Found<'a>)>,
    pub(super) borders: Borders,
    pub(super) left_out: Vec<(String, String)>,
    path: &'a str,
    /// The places of the metric, time and area dimension.
    dimensions: [Option<usize>; 3],
    /// The category of every dimension: that which is kept, or the first.
    key: Vec<usize>,
}

impl Borders {
    /// The date of the borders of a period.
    pub(super) fn on(&self, period: Period, place: &Place) -> Result<Date> {
        let date = match self {
            Self::On(date) => *date,
            Self::Then => period.last_day().min(place.territory.now()),
        };
        place.borders(0, &date.to_string())
    }
}

impl<'a> Plan<'a> {
    pub(super) fn new(cube: &Cube, mapping: &ImportMapping, place: Place<'a>) -> Result<Self> {
        let reader = Reader { cube, mapping, place };
        let metric = reader.metric()?;
        let time = reader.dimension("period", mapping.period.as_deref(), Role::Time)?;
        let geo = reader.dimension("area", mapping.area.as_deref(), Role::Geo)?;
        let mut left_out = Vec::new();
        let measures = reader.measures(metric, &mut left_out)?;
        let periods = reader.periods(time)?;
        let areas = reader.areas(geo, &mut left_out)?;
        let dimensions = [metric, Some(time), Some(geo)];
        Ok(Self {
            measures,
            periods,
            areas,
            borders: reader.borders()?,
            key: reader.kept(&dimensions, &mut left_out)?,
            left_out,
            path: place.path,
            dimensions,
        })
    }

    /// The key of the cell with these categories of the metric, time and area dimension.
    pub(super) fn key(&self, places: [Option<usize>; 3]) -> Vec<usize> {
        let mut key = self.key.clone();
        for (dimension, place) in self.dimensions.iter().zip(places) {
            if let (Some(dimension), Some(place)) = (dimension, place) {
                key[*dimension] = place;
            }
        }
        key
    }

    /// Two categories of the table became one area, period or measure.
    pub(super) fn said_twice(&self, observation: &Observation) -> Error {
        Error::ImportMapping {
            path: self.path.to_owned(),
            field: "areas, periods, measures".into(),
            expected: "one category of the table for each observation".into(),
            found: observation.key_text(),
            near: Vec::new(),
        }
    }
}

struct Reader<'a, 'b> {
    cube: &'b Cube,
    mapping: &'b ImportMapping,
    place: Place<'a>,
}

impl<'a> Reader<'a, '_> {
    /// The dimension of measures; none where every cell is of one measure and no dimension is metric.
    fn metric(&self) -> Result<Option<usize>> {
        if let Some(name) = self.mapping.metric.as_deref() {
            return self.dimension("metric", Some(name), Role::Metric).map(Some);
        }
        let metric = self.cube.with_role(Role::Metric).map(|(place, _)| place);
        if metric.is_none() && !self.mapping.measures.is_empty() {
            return self.dimension("metric", None, Role::Metric).map(Some);
        }
        // One measure for a table of several figures would be a guess; `keep` says which of them is meant.
        let dimension = metric.and_then(|place| self.cube.dimensions.get(place));
        let one = dimension.is_none_or(|dimension| dimension.categories.len() == 1 || self.keeps(dimension));
        Ok(metric.filter(|_| !one || !self.mapping.measures.is_empty()))
    }

    fn keeps(&self, dimension: &Dimension) -> bool {
        self.mapping
            .keep
            .keys()
            .any(|name| is_called(dimension, self.cube, name))
    }

    /// A dimension by its code or name, else the one with the role.
    fn dimension(&self, field: &str, name: Option<&str>, role: Role) -> Result<usize> {
        let dimensions = &self.cube.dimensions;
        let found = match name {
            Some(name) => dimensions
                .iter()
                .position(|dimension| is_called(dimension, self.cube, name)),
            None => self.cube.with_role(role).map(|(place, _)| place),
        };
        found.ok_or_else(|| {
            let codes: Vec<&str> = dimensions
                .iter()
                .map(|dimension| dimension.code.as_str())
                .collect();
            self.wrong(
                field,
                &format!("a dimension of the table: {}", codes.join(", ")),
                name.unwrap_or_default(),
            )
        })
    }

    fn measures(
        &self,
        metric: Option<usize>,
        left_out: &mut Vec<(String, String)>,
    ) -> Result<Vec<(Option<usize>, Observed<'a>)>> {
        let observed = |id: &str| self.place.measure(0, id);
        let dimension = metric.and_then(|place| self.cube.dimensions.get(place));
        let Some(dimension) = dimension else {
            let id = self.mapping.measure.as_deref();
            let id = id.ok_or_else(|| self.wrong("measure", "the measure of the figures (--measure)", ""))?;
            return Ok(vec![(None, observed(id)?)]);
        };
        if self.mapping.measures.is_empty() {
            let codes: Vec<String> = dimension
                .categories
                .iter()
                .map(|category| self.shown(category))
                .collect();
            let expected = format!("the measure of each of: {}", codes.join(", "));
            return Err(self.wrong(
                "measures",
                &expected,
                self.mapping.measure.as_deref().unwrap_or_default(),
            ));
        }
        self.all_known("measures", dimension, self.mapping.measures.keys())?;
        let mut measures = Vec::new();
        for (place, category) in dimension.categories.iter().enumerate() {
            match self.named(&self.mapping.measures, category) {
                Some(id) => measures.push((Some(place), observed(id)?)),
                None => left_out.push((dimension.code.clone(), category.code.clone())),
            }
        }
        Ok(measures)
    }

    fn periods(&self, time: usize) -> Result<Vec<(usize, Period)>> {
        let Some(dimension) = self.cube.dimensions.get(time) else {
            return Ok(Vec::new());
        };
        self.all_known("periods", dimension, self.mapping.periods.keys())?;
        let read = |(place, category): (usize, &Category)| {
            let text = self
                .named(&self.mapping.periods, category)
                .unwrap_or(&category.code);
            let spelled = TimePeriod::parse(text).map(TimePeriod::sdmx);
            let period = spelled.and_then(|spelled| spelled.parse().ok());
            let expected = "a year, quarter or month; name it in [import.periods]";
            period
                .map(|period| (place, period))
                .ok_or_else(|| self.wrong("period", expected, text))
        };
        dimension.categories.iter().enumerate().map(read).collect()
    }

    fn areas(&self, geo: usize, left_out: &mut Vec<(String, String)>) -> Result<Vec<(usize, Found<'a>)>> {
        let Some(dimension) = self.cube.dimensions.get(geo) else {
            return Ok(Vec::new());
        };
        self.all_known("areas", dimension, self.mapping.areas.keys())?;
        let prefix = self.mapping.area_prefix.as_deref().unwrap_or_default();
        let mut areas = Vec::new();
        let mut unknown = BTreeMap::new();
        for (place, category) in dimension.categories.iter().enumerate() {
            if self
                .mapping
                .skip_areas
                .iter()
                .any(|pattern| matches(pattern, &category.code))
            {
                left_out.push((dimension.code.clone(), category.code.clone()));
                continue;
            }
            let named = self.named(&self.mapping.areas, category);
            let code = named.unwrap_or_else(|| category.code.strip_prefix(prefix).unwrap_or(&category.code));
            match self.place.area(code) {
                Ok(area) => areas.push((
                    place,
                    Found {
                        code: code.to_owned(),
                        area,
                    },
                )),
                Err(_) => {
                    unknown.insert(code.to_owned(), place + 1);
                }
            }
        }
        if unknown.is_empty() {
            Ok(areas)
        } else {
            Err(self.place.unknown_areas(&unknown))
        }
    }

    fn borders(&self) -> Result<Borders> {
        match self.mapping.territory.as_deref() {
            Some("then") => Ok(Borders::Then),
            Some(date) => self.place.borders(0, date).map(Borders::On).map_err(|_| {
                let (first, now) = (self.place.territory.first(), self.place.territory.now());
                self.wrong("territory", &format!("then, or a date in {first}–{now}"), date)
            }),
            None => Err(self.wrong(
                "territory",
                "the date of the borders that the figures stand on, or then",
                "",
            )),
        }
    }

    /// The key of the categories kept. Every other dimension needs one, unless it has only one category.
    fn kept(&self, taken: &[Option<usize>], left_out: &mut Vec<(String, String)>) -> Result<Vec<usize>> {
        let unused: BTreeSet<&String> = self.mapping.keep.keys().collect();
        let known = |name: &&&String| {
            self.cube
                .dimensions
                .iter()
                .any(|one| is_called(one, self.cube, name))
        };
        if let Some(name) = unused.iter().find(|name| !known(name)) {
            return self
                .dimension("keep", Some(name), Role::Classification)
                .map(|_| Vec::new());
        }
        let mut key = vec![0; self.cube.dimensions.len()];
        for (place, dimension) in self.cube.dimensions.iter().enumerate() {
            if taken.contains(&Some(place)) {
                continue;
            }
            let wanted = self
                .mapping
                .keep
                .iter()
                .find(|(name, _)| is_called(dimension, self.cube, name));
            let codes = || {
                dimension
                    .categories
                    .iter()
                    .map(|category| self.shown(category))
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            key[place] = match wanted {
                Some((_, wanted)) => dimension
                    .categories
                    .iter()
                    .position(|category| self.is_category(category, wanted))
                    .ok_or_else(|| self.wrong("keep", &format!("{}: {}", dimension.code, codes()), wanted))?,
                None if dimension.categories.len() == 1 => 0,
                None => {
                    let expected =
                        format!("one category of {} in [import.keep]: {}", dimension.code, codes());
                    return Err(self.wrong("keep", &expected, ""));
                }
            };
            let others = dimension
                .categories
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != key[place]);
            left_out.extend(others.map(|(_, category)| (dimension.code.clone(), category.code.clone())));
        }
        Ok(key)
    }

    /// What a mapping has for a category, by its code or one of its labels.
    fn named<'m>(&self, names: &'m BTreeMap<String, String>, category: &Category) -> Option<&'m str> {
        let by_label = || category.label.iter().find_map(|(_, label)| names.get(label));
        names.get(&category.code).or_else(by_label).map(String::as_str)
    }

    fn is_category(&self, category: &Category, name: &str) -> bool {
        category.code == name || category.label.iter().any(|(_, label)| label == name)
    }

    /// Whatever the mapping names must be in the table: a name that meets nothing is a mistake, not a choice.
    fn all_known<'m>(
        &self,
        field: &str,
        dimension: &Dimension,
        names: impl Iterator<Item = &'m String>,
    ) -> Result<()> {
        for name in names {
            if !dimension
                .categories
                .iter()
                .any(|category| self.is_category(category, name))
            {
                let codes = dimension.categories.iter().map(|category| category.code.as_str());
                let near = near_matches(name, codes, 3)
                    .into_iter()
                    .map(str::to_owned)
                    .collect();
                return Err(Error::ImportMapping {
                    path: self.place.path.to_owned(),
                    field: field.to_owned(),
                    expected: format!("a category of {}", dimension.code),
                    found: name.clone(),
                    near,
                });
            }
        }
        Ok(())
    }

    /// A category as an error lists it.
    fn shown(&self, category: &Category) -> String {
        let label = category
            .label
            .in_order(&self.cube.languages)
            .filter(|label| *label != category.code);
        label.map_or_else(
            || category.code.clone(),
            |label| format!("{} ({label})", category.code),
        )
    }

    fn wrong(&self, field: &str, expected: &str, found: &str) -> Error {
        Error::ImportMapping {
            path: self.place.path.to_owned(),
            field: field.to_owned(),
            expected: expected.to_owned(),
            found: found.to_owned(),
            near: Vec::new(),
        }
    }
}

fn is_called(dimension: &Dimension, cube: &Cube, name: &str) -> bool {
    let labels = || {
        cube.languages
            .iter()
            .filter_map(|language| dimension.label.get(language))
    };
    dimension.code == name || labels().any(|label| label == name)
}

/// Whether a code is as a pattern says, in which `*` stands for any letters and `?` for one.
fn matches(pattern: &str, code: &str) -> bool {
    glob::Pattern::new(pattern).map_or(pattern == code, |pattern| pattern.matches(code))
}
