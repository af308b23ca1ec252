//! Groups of areas in a year: regions, urban and rural, language, and size classes.

use super::{Grouping, Territory};
use crate::error::{Error, Result};
use crate::language::{Language, Message, Text, fold, format_number, near_matches};
use crate::model::{AreaCode, AreaScope, Date, GroupCode, GroupingId};
use std::collections::HashMap;
use std::sync::Arc;

/// The name of the grouping that has the whole country as its only group.
pub const COUNTRY: &str = "country";

/// A group's code and name.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupLabel {
    /// Code.
    pub code: GroupCode,
    /// Name.
    pub name: Text,
}

/// The group of every area of a day, by position ([`super::AreasOn`]).
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The groups, by code.
    pub groups: Vec<GroupLabel>,
    /// The place in `groups` of each area's group; `None` for an area without one.
    pub of: Vec<Option<usize>>,
    /// The positions of areas that the tables give no group.
    pub unassigned: Vec<usize>,
}

impl Territory {
    /// The groups of a year, and which of them each area of a day belongs to. Not for size classes, which depend on
    /// figures.
    ///
    /// # Errors
    /// [`Error::UnknownGrouping`], [`Error::GroupingOutsideValidity`].
    pub fn assignment(&self, grouping: &str, date: Date, year: i32) -> Result<Arc<Assignment>> {
        self.require_valid(grouping, year)?;
        Ok(self.assignments.get((grouping.to_owned(), date, year), || {
            // The grouping exists: its validity has been found.
            let groups = self.groups(grouping, year).unwrap_or_default();
            let id = GroupingId::from(grouping);
            let areas = self.areas_on(date);
            let codes = areas.codes().iter().map(|area| {
                if grouping == COUNTRY {
                    groups.first().map(|group| &group.code)
                } else {
                    self.group_of(&id, area, year)
                }
            });
            let codes: Vec<Option<&GroupCode>> = codes.collect();
            // Looked up, not searched: of a continent there are thousands of groups.
            let numbered = groups.iter().enumerate();
            let places: HashMap<&GroupCode, usize> =
                numbered.map(|(place, group)| (&group.code, place)).collect();
            let place = |code: &GroupCode| places.get(code).copied();
            Assignment {
                of: codes.iter().map(|code| code.and_then(place)).collect(),
                unassigned: (0..codes.len()).filter(|index| codes[*index].is_none()).collect(),
                groups,
            }
        }))
    }

    /// The ids of all groupings, size classes and the country included.
    pub fn grouping_ids(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self
            .document
            .groupings
            .iter()
            .map(|grouping| grouping.id.as_str())
            .collect();
        ids.extend(self.document.size.iter().map(|size| size.grouping.as_str()));
        ids.push(COUNTRY);
        ids
    }

    /// Whether there is a grouping of that id, size classes and the country included.
    pub fn is_grouping(&self, id: &str) -> bool {
        id == COUNTRY
            || self.is_size(id)
            || self
                .document
                .groupings
                .iter()
                .any(|known| known.id.as_str() == id)
    }

    /// Whether the grouping is that of size classes.
    pub fn is_size(&self, grouping: &str) -> bool {
        self.document
            .size
            .as_ref()
            .is_some_and(|size| size.grouping.as_str() == grouping)
    }

    /// A grouping of the tables.
    ///
    /// # Errors
    /// [`Error::UnknownGrouping`] with near matches, or all groupings where none is near.
    pub fn grouping(&self, id: &str) -> Result<&Grouping> {
        self.document
            .groupings
            .iter()
            .find(|grouping| grouping.id.as_str() == id)
            .ok_or_else(|| self.no_grouping(id))
    }

    /// The error for a grouping that does not exist.
    pub fn no_grouping(&self, id: &str) -> Error {
        let ids = self.grouping_ids();
        let near = near_matches(id, ids.iter().copied(), 3);
        let near = if near.is_empty() { ids } else { near };
        Error::UnknownGrouping {
            grouping: id.to_owned(),
            near: near.into_iter().map(str::to_owned).collect(),
        }
    }

    /// The name of any grouping.
    ///
    /// # Errors
    /// [`Error::UnknownGrouping`].
    pub fn grouping_name(&self, id: &str) -> Result<&Text> {
        match &self.document.size {
            Some(size) if size.grouping.as_str() == id => Ok(&size.label),
            _ if id == COUNTRY => Ok(&self.document.country.name),
            _ => self.grouping(id).map(|grouping| &grouping.name),
        }
    }

    /// Refuses a grouping in a year in which it is not in force.
    ///
    /// # Errors
    /// [`Error::GroupingOutsideValidity`] with the years of validity; [`Error::UnknownGrouping`].
    pub fn require_valid(&self, grouping: &str, year: i32) -> Result<()> {
        if grouping == COUNTRY || self.is_size(grouping) {
            return Ok(());
        }
        let found = self.grouping(grouping)?;
        let valid = found.first_year.is_none_or(|first| first <= year)
            && found.last_year.is_none_or(|last| year <= last);
        if valid {
            return Ok(());
        }
        let end = |year: Option<i32>| year.map(|year| year.to_string()).unwrap_or_default();
        Err(Error::GroupingOutsideValidity {
            grouping: grouping.to_owned(),
            year: year.to_string(),
            valid: format!("{}–{}", end(found.first_year), end(found.last_year)),
        })
    }

    /// The groups of a grouping in a year, by code.
    ///
    /// # Errors
    /// [`Error::UnknownGrouping`].
    pub fn groups(&self, grouping: &str, year: i32) -> Result<Vec<GroupLabel>> {
        if let Some(size) = self
            .document
            .size
            .as_ref()
            .filter(|size| size.grouping.as_str() == grouping)
        {
            return Ok((0..=size.bounds.len())
                .map(|class| size_label(&size.bounds, class))
                .collect());
        }
        if grouping == COUNTRY {
            let country = &self.document.country;
            return Ok(vec![GroupLabel {
                code: country.code.as_str().into(),
                name: country.name.clone(),
            }]);
        }
        self.grouping(grouping)?;
        let in_year = |first: Option<i32>, last: Option<i32>| {
            first.is_none_or(|first| first <= year) && last.is_none_or(|last| year <= last)
        };
        let mut groups: Vec<GroupLabel> = self
            .document
            .groups
            .iter()
            .filter(|group| group.grouping.as_str() == grouping && in_year(group.first_year, group.last_year))
            .map(|group| GroupLabel {
                code: group.code.clone(),
                name: group.name.clone(),
            })
            .collect();
        groups.sort_by(|left, right| natural(left.code.as_str()).cmp(&natural(right.code.as_str())));
        Ok(groups)
    }

    /// One group of a grouping in a year, by its code or its name in any language.
    ///
    /// # Errors
    /// [`Error::UnknownGroup`] with the groups there are.
    pub fn group(&self, grouping: &str, code: &str, year: i32) -> Result<GroupLabel> {
        let groups = self.groups(grouping, year)?;
        let named = |group: &&GroupLabel| {
            let folded = fold(code);
            group.code.as_str() == code
                || Language::ALL
                    .iter()
                    .any(|language| fold(group.name.get(*language)) == folded)
        };
        groups.iter().find(named).cloned().ok_or_else(|| {
            let described = groups
                .iter()
                .map(|group| format!("{} ({})", group.name.get(Language::Fi), group.code))
                .collect::<Vec<_>>();
            let near = near_matches(code, described.iter().map(String::as_str), 3);
            let near = if near.is_empty() {
                described.clone()
            } else {
                near.into_iter().map(str::to_owned).collect()
            };
            Error::UnknownGroup {
                grouping: grouping.to_owned(),
                group: code.to_owned(),
                near,
            }
        })
    }

    /// The group that an area belonged to in a year: its own code's, or its successor's where it no longer existed.
    /// `None` for an area without a group.
    pub fn group_of(&self, grouping: &GroupingId, area: &AreaCode, year: i32) -> Option<&GroupCode> {
        let start = self
            .document
            .memberships
            .partition_point(|membership| (&membership.grouping, &membership.area) < (grouping, area));
        let own = self.document.memberships[start..]
            .iter()
            .take_while(|membership| membership.grouping == *grouping && membership.area == *area)
            .find(|membership| {
                membership.first_year.is_none_or(|first| first <= year)
                    && membership.last_year.is_none_or(|last| year <= last)
            });
        if let Some(membership) = own {
            return Some(&membership.group);
        }
        let ended = self.area(area.as_str())?.to.filter(|to| to.year() < year)?;
        let year_end = Date::last_of_month(year, 12)?;
        let flow = self.flow(area, ended, year_end);
        let heaviest = flow
            .into_iter()
            .filter(|(code, _)| code != area)
            .max_by(|left, right| left.1.population.total_cmp(&right.1.population));
        heaviest.and_then(|(successor, _)| self.group_of(grouping, &successor, year))
    }

    /// The size class of a population, as its position among the groups of that grouping; upper bounds are inclusive.
    /// `None` where the territory has no size classes.
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let class = |persons| release.territory().size_class(persons);
    /// assert_eq!((class(2_000.0), class(2_001.0), class(700_000.0)), (Some(0), Some(1), Some(6)));
    /// assert_eq!(release.territory().groups("size", 2019)?[6].code.as_str(), "7");
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    #[expect(clippy::cast_precision_loss, reason = "class bounds are far below 2^53")]
    pub fn size_class(&self, persons: f64) -> Option<usize> {
        let size = self.document.size.as_ref()?;
        Some(size.bounds.partition_point(|bound| (*bound as f64) < persons))
    }

    /// Whether a measure of that scope exists for the area in a year.
    pub fn in_scope(&self, scope: &AreaScope, area: &AreaCode, year: i32) -> bool {
        let Some(part) = scope
            .part()
            .and_then(|id| self.document.scopes.iter().find(|part| part.id == id))
        else {
            return true;
        };
        // Parts are drawn by groups; a year outside the tables takes the nearest one in them.
        let known = self.grouping(part.grouping.as_str()).ok();
        let first = known.and_then(|grouping| grouping.first_year).unwrap_or(year);
        let last = known
            .and_then(|grouping| grouping.last_year)
            .unwrap_or(year.max(first));
        let group = self.group_of(&part.grouping, area, year.clamp(first, last.max(first)));
        !group.is_some_and(|group| part.exclude.contains(group))
    }
}

/// Codes that are numbers are ordered as numbers.
fn natural(code: &str) -> (usize, &str) {
    (
        if code.bytes().all(|digit| digit.is_ascii_digit()) {
            code.len()
        } else {
            0
        },
        code,
    )
}

#[expect(clippy::cast_precision_loss, reason = "class bounds are far below 2^53")]
fn size_label(bounds: &[u64], class: usize) -> GroupLabel {
    let number = |value: u64, language: Language| format_number(value as f64, 0, language);
    let text = |language: Language| {
        let lower = class.checked_sub(1).and_then(|before| bounds.get(before));
        let message = match (lower, bounds.get(class)) {
            (Some(lower), Some(upper)) => {
                let range = format!("{}–{}", number(lower + 1, language), number(*upper, language));
                Message::new("word.size-range").with("range", range)
            }
            (None, Some(upper)) => Message::new("word.size-up-to").with("bound", number(*upper, language)),
            (Some(lower), None) => Message::new("word.size-above").with("bound", number(*lower, language)),
            (None, None) => Message::new("word.size-range").with("range", "–"),
        };
        message.render(language)
    };
    GroupLabel {
        code: GroupCode::new((class + 1).to_string()),
        name: Text::each(text),
    }
}
