//! Who belongs to which group, on the borders and in the year of a question.

use super::notes;
use super::peers::{SIMILAR, Similar};
use super::result::Note;
use crate::catalogue::PeerModel;
use crate::error::{Error, Result};
use crate::language::near_matches;
use crate::model::{AreaCode, Date, GroupCode, GroupingId, Indicator, Missing, Period};
use crate::panel::{Slice, Slicer};
use crate::territory::{Assignment, COUNTRY, GroupLabel, Origin, Territory};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What stands for a grouping where areas were named one by one.
pub(super) const NAMED: &str = "areas";

/// A grouping with every area's group.
pub(super) struct Membership<'a> {
    pub(super) grouping: String,
    assignment: Arc<Assignment>,
    /// The group that measures cover a part of, where it carries the name of that part.
    part: Option<GroupLabel>,
    slice: &'a Slice,
    /// Areas put together from areas that belonged to different groups in the year.
    across: Vec<usize>,
}

/// `region:16` as a grouping and a group; without a group the second is empty.
pub(super) fn grouping_and_group(text: &str) -> (&str, &str) {
    text.split_once(':').unwrap_or((text, ""))
}

/// Whether an area lies within what the measures cover.
fn is_within(slice: &Slice, index: usize) -> bool {
    slice.missing(index) != Some(Missing::OutOfScope)
}

impl Membership<'_> {
    /// The groups, by code.
    pub(super) fn labels(&self) -> impl Iterator<Item = &GroupLabel> {
        (0..self.assignment.groups.len()).map(|group| self.label(group))
    }

    fn label(&self, group: usize) -> &GroupLabel {
        self.part.as_ref().unwrap_or(&self.assignment.groups[group])
    }

    /// The positions of a group's areas within what the measures cover.
    pub(super) fn areas_of(&self, group: usize) -> Vec<usize> {
        let of = self.assignment.of.iter().enumerate();
        of.filter(|(index, of)| **of == Some(group) && is_within(self.slice, *index))
            .map(|(index, _)| index)
            .collect()
    }

    /// The group of an area, even where it lies outside what the measures cover.
    pub(super) fn group_of(&self, area: usize) -> Option<usize> {
        self.assignment.of.get(area).copied().flatten()
    }

    /// The position of a group by its code.
    pub(super) fn position(&self, code: &str) -> Option<usize> {
        let mut groups = self.assignment.groups.iter();
        groups.position(|group| group.code.as_str() == code)
    }
}

/// Groups of one question.
pub(super) struct Grouper<'a, 'r> {
    slicer: &'a Slicer<'r>,
    indicator: &'a Indicator,
    slice: &'a Slice,
    year: i32,
}

impl<'a, 'r> Grouper<'a, 'r> {
    /// `year` is the one whose groups are used.
    pub(super) fn new(slicer: &'a Slicer<'r>, indicator: &'a Indicator, slice: &'a Slice, year: i32) -> Self {
        Self {
            slicer,
            indicator,
            slice,
            year,
        }
    }

    fn territory(&self) -> &'r Territory {
        self.slicer.release().territory()
    }

    /// A grouping with every area's group, and a note on areas without one.
    pub(super) fn membership(&self, grouping: &str) -> Result<(Membership<'a>, Vec<Note>)> {
        let territory = self.territory();
        territory.grouping_name(grouping)?;
        let assignment = if territory.is_size(grouping) {
            Arc::new(size_classes(self.slicer, self.slice.date, grouping, self.year)?)
        } else {
            territory.assignment(grouping, self.slice.date, self.year)?
        };
        let unassigned = assignment.unassigned.iter().copied();
        let unassigned: Vec<usize> = unassigned.filter(|index| is_within(self.slice, *index)).collect();
        let mut found = Vec::new();
        if !unassigned.is_empty() {
            found.push(notes::unassigned(territory, grouping, self.slice, &unassigned));
        }
        let part = assignment.groups.first().filter(|_| grouping == COUNTRY);
        Ok((
            Membership {
                grouping: grouping.to_owned(),
                part: part.and_then(|country| self.named_part(country)),
                assignment,
                slice: self.slice,
                across: self.merged_across(grouping),
            },
            found,
        ))
    }

    /// A note on the areas among `shown` whose parts belonged to different groups.
    pub(super) fn across_note(&self, membership: &Membership, shown: &[usize]) -> Option<Note> {
        let across: Vec<usize> = membership
            .across
            .iter()
            .copied()
            .filter(|index| shown.contains(index))
            .collect();
        (!across.is_empty())
            .then(|| notes::merged_across_groups(self.territory(), &membership.grouping, self.slice, &across))
    }

    /// The country of measures that cover only a part of it carries the name of that part.
    fn named_part(&self, country: &GroupLabel) -> Option<GroupLabel> {
        let measures = self.slicer.measures_of(self.indicator);
        let part = measures.iter().find_map(|measure| measure.area_scope.part())?;
        let mut scopes = self.territory().document().scopes.iter();
        let scope = scopes.find(|scope| scope.id == part)?;
        Some(GroupLabel {
            code: country.code.clone(),
            name: scope.label.clone(),
        })
    }

    /// Areas put together from areas that belonged to different groups in the year.
    fn merged_across(&self, grouping: &str) -> Vec<usize> {
        let territory = self.territory();
        if grouping == COUNTRY || territory.is_size(grouping) {
            return Vec::new();
        }
        let id = GroupingId::from(grouping);
        let before = self
            .slice
            .period
            .last_day()
            .max(territory.first())
            .min(self.slice.date);
        let transfer = territory.transfer(before, self.slice.date);
        let several = |number: &usize| match transfer.origin(*number) {
            Origin::Parts(parts) => {
                let mut groups: Vec<_> = parts
                    .iter()
                    .map(|part| territory.group_of(&id, &part.area, self.year))
                    .collect();
                groups.dedup();
                groups.len() > 1
            }
            Origin::Same | Origin::Unknown => false,
        };
        let numbers = transfer.changed().iter().copied().filter(several);
        numbers
            .filter_map(|number| self.slice.areas.position_of(number))
            .collect()
    }

    /// The areas within `region:16`, or of the whole country.
    pub(super) fn within(&self, text: Option<&str>) -> Result<(Vec<usize>, Vec<Note>)> {
        let Some(text) = text else {
            let (country, found) = self.membership(COUNTRY)?;
            return Ok((country.areas_of(0), found));
        };
        let (grouping, code) = grouping_and_group(text);
        let (membership, mut found) = self.membership(grouping)?;
        let group = self.territory().group(grouping, code, self.year)?;
        let position = membership.position(group.code.as_str()).unwrap_or_default();
        let areas = membership.areas_of(position);
        found.extend(self.across_note(&membership, &areas));
        Ok((areas, found))
    }

    /// A group by its name: `region:16`, or a grouping that is one group, such as `country`.
    pub(super) fn group(&self, text: &str) -> Result<(GroupLabel, Vec<usize>)> {
        let (grouping, code) = grouping_and_group(text);
        let (membership, _) = self.membership(grouping)?;
        let position = if code.is_empty() && grouping == COUNTRY {
            0
        } else {
            let group = self.territory().group(grouping, code, self.year)?;
            membership.position(group.code.as_str()).unwrap_or_default()
        };
        Ok((membership.label(position).clone(), membership.areas_of(position)))
    }

    /// What an area is compared with: every group of `peers`, in that order; areas that are named one by one form a
    /// group of their own at the end.
    pub(super) fn peers(&self, peers: &[&str], area: usize) -> Result<(Vec<Peer>, Vec<Note>)> {
        let mut chosen = Vec::new();
        let mut found = Vec::new();
        let mut single: BTreeMap<usize, AreaCode> = BTreeMap::new();
        for token in peers {
            if let Some(similar) = Similar::parse(token) {
                let (peer, mut noted) = similar?.group(self.slicer, self.indicator, self.slice, area)?;
                chosen.push(peer);
                found.append(&mut noted);
                continue;
            }
            let (grouping, code) = grouping_and_group(token);
            if self.territory().is_grouping(grouping) {
                let (membership, mut noted) = self.membership(grouping)?;
                found.append(&mut noted);
                let position = if code.is_empty() {
                    membership.group_of(area)
                } else {
                    let group = self.territory().group(grouping, code, self.year)?;
                    membership.position(group.code.as_str())
                };
                if let Some(position) = position {
                    let areas = membership.areas_of(position);
                    found.extend(self.across_note(&membership, &areas));
                    chosen.push(Peer {
                        model: None,
                        grouping: membership.grouping.clone(),
                        label: membership.label(position).clone(),
                        areas,
                    });
                }
            } else {
                let named = self.named(token).map_err(|error| similar_too(error, token))?;
                let index = self.slice.position(&named);
                index.map(|index| single.insert(index, named));
            }
        }
        if !single.is_empty() {
            let codes: Vec<&str> = single.values().map(AreaCode::as_str).collect();
            let label = GroupLabel {
                code: GroupCode::new(codes.join(",")),
                name: notes::word_text("word.selected-areas"),
            };
            chosen.push(Peer {
                model: None,
                grouping: NAMED.to_owned(),
                label,
                areas: single.keys().copied().collect(),
            });
        }
        Ok((chosen, found))
    }

    /// A token that is neither a grouping nor an area suggests both.
    pub(super) fn named(&self, token: &str) -> Result<AreaCode> {
        let area = self.territory().resolve_on(token, self.slice.date);
        area.map(|area| area.code.clone()).map_err(|error| match error {
            Error::UnknownArea { near, .. } if near.is_empty() => self.territory().no_grouping(token),
            other => other,
        })
    }
}

/// Where no grouping and no area is like the word, `similar` may have been meant: it stands where groupings do.
fn similar_too(error: Error, token: &str) -> Error {
    let name = token.split([':', '@']).next().unwrap_or_default();
    match error {
        Error::UnknownGrouping { grouping, .. } if !near_matches(name, [SIMILAR], 1).is_empty() => {
            Error::UnknownGrouping {
                grouping,
                near: vec![SIMILAR.to_owned()],
            }
        }
        other => other,
    }
}

/// Size classes by the population of the reference year-end on some borders.
pub(super) fn size_classes(slicer: &Slicer, date: Date, grouping: &str, year: i32) -> Result<Assignment> {
    let territory = slicer.release().territory();
    let size = territory.document().size.as_ref();
    let measure = size.and_then(|size| slicer.release().catalogue().measure(&size.measure));
    let population = measure
        .map(|measure| slicer.measure(measure, Period::year(year), date))
        .transpose()?;
    let groups = territory.groups(grouping, year)?;
    let class = |index: usize| {
        let persons = population
            .as_ref()
            .and_then(|population| population.figures.value(index))?;
        territory.size_class(persons)
    };
    let of: Vec<Option<usize>> = (0..territory.areas_on(date).len()).map(class).collect();
    Ok(Assignment {
        unassigned: (0..of.len()).filter(|index| of[*index].is_none()).collect(),
        of,
        groups,
    })
}

/// A group to compare with.
pub(super) struct Peer {
    /// The model, where the group is of similar areas.
    pub(super) model: Option<PeerModel>,
    pub(super) grouping: String,
    pub(super) label: GroupLabel,
    pub(super) areas: Vec<usize>,
}
