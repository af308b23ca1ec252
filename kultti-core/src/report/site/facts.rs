//! What all pages share: every indicator's order of areas and values of groups, made once for three languages.

use crate::compare::{
    AreaLabel, AreaRow, Groups, GroupsOptions, IndicatorRow, Order, RankOptions, RankRow, Ranking,
};
use crate::error::{Error, ErrorKind, Result};
use crate::language::Text;
use crate::model::{AreaCode, Direction};
use crate::release::Release;
use crate::territory::{COUNTRY, GroupLabel};
use std::collections::HashMap;

/// The facts of a site.
pub(super) struct Facts<'r> {
    pub(super) release: &'r Release,
    /// The areas of today, by code.
    pub(super) areas: Vec<AreaRow>,
    /// Those that have ended, by code.
    pub(super) ended: Vec<AreaRow>,
    /// All indicators of the catalogue, in its order.
    pub(super) indicators: Vec<IndicatorFacts>,
    /// The place of the leading indicator among them.
    pub(super) leading: Option<usize>,
    /// The first usual grouping and the size classes, where the territory has them and their groups have members.
    pub(super) groupings: Vec<GroupingFacts>,
}

/// An indicator.
pub(super) struct IndicatorFacts {
    pub(super) row: IndicatorRow,
    /// All areas in order, in the last period.
    pub(super) ranking: Option<Ranking>,
    /// The values of the groups of each grouping of the site and of the country.
    pub(super) groups: Vec<Groups>,
    /// The places of the areas in the ranking.
    places: HashMap<AreaCode, usize>,
}

/// A grouping.
pub(super) struct GroupingFacts {
    pub(super) id: String,
    pub(super) name: Text,
    /// Whether its groups have a page of their own.
    pub(super) first: bool,
    pub(super) groups: Vec<GroupFacts>,
}

/// A group.
pub(super) struct GroupFacts {
    pub(super) label: GroupLabel,
    /// Its areas, by code.
    pub(super) members: Vec<AreaLabel>,
    /// Its areas in the order of the leading indicator.
    pub(super) ranking: Option<Ranking>,
}

impl IndicatorFacts {
    /// The figure of an area.
    pub(super) fn of(&self, area: &AreaCode) -> Option<&RankRow> {
        self.ranking.as_ref()?.rows.get(*self.places.get(area)?)
    }

    /// The values of the groups of a grouping.
    pub(super) fn groups_by(&self, grouping: &str) -> Option<&Groups> {
        self.groups.iter().find(|groups| groups.grouping == grouping)
    }
}

impl<'r> Facts<'r> {
    pub(super) fn new(release: &'r Release) -> Result<Self> {
        let territory = release.territory();
        let now = territory.now();
        let exists = |row: &AreaRow| {
            territory
                .area(row.area.code.as_str())
                .is_some_and(|area| area.exists_on(now))
        };
        let (mut areas, others): (Vec<AreaRow>, Vec<AreaRow>) =
            release.areas("").rows.into_iter().partition(exists);
        let mut ended: Vec<AreaRow> = others
            .into_iter()
            .filter(|row| row.to.is_some_and(|to| to < now))
            .collect();
        for rows in [&mut areas, &mut ended] {
            rows.sort_by(|left, right| left.area.code.cmp(&right.area.code));
        }
        let indicators = indicators(release)?;
        let leading = leading(&indicators);
        let mut facts = Self {
            release,
            areas,
            ended,
            indicators,
            leading,
            groupings: Vec::new(),
        };
        let document = territory.document();
        let first = document.peers.iter().find(|id| id.as_str() != COUNTRY);
        let size = document.size.as_ref().map(|size| size.grouping.as_str());
        let mut ids: Vec<&str> = first.map(String::as_str).into_iter().chain(size).collect();
        ids.dedup();
        for id in ids {
            let first = first.is_some_and(|first| first == id);
            facts.groupings.extend(facts.grouping(id, first)?);
        }
        Ok(facts)
    }

    /// The leading indicator.
    pub(super) fn leader(&self) -> Option<&IndicatorFacts> {
        self.indicators.get(self.leading?)
    }

    /// The grouping whose groups have pages.
    pub(super) fn first_grouping(&self) -> Option<&GroupingFacts> {
        self.groupings.iter().find(|grouping| grouping.first)
    }

    /// Those that have figures.
    pub(super) fn with_figures(&self) -> impl Iterator<Item = &IndicatorFacts> {
        self.indicators
            .iter()
            .filter(|indicator| indicator.ranking.is_some())
    }

    /// A grouping with the groups that have members; `None` where no group has any in the year of the leading figure.
    fn grouping(&self, id: &str, first: bool) -> Result<Option<GroupingFacts>> {
        let territory = self.release.territory();
        let ranking = self.leader().and_then(|leader| leader.ranking.as_ref());
        let now = territory.now();
        let year = ranking.map_or(now.year(), |ranking| ranking.period.calendar_year());
        let Some(labels) = found(
            territory
                .require_valid(id, year)
                .and_then(|()| territory.groups(id, year)),
        )?
        else {
            return Ok(None);
        };
        let mut groups = Vec::new();
        for label in labels {
            let ranking = match self.leader() {
                Some(leader) => found(self.within(leader, &format!("{id}:{}", label.code)))?,
                None => None,
            };
            let mut members: Vec<AreaLabel> = match &ranking {
                Some(ranking) => ranking.rows.iter().map(|row| row.area.clone()).collect(),
                None if territory.is_size(id) => Vec::new(),
                None => self.assigned(id, &label, year)?,
            };
            members.sort_by(|left, right| left.code.cmp(&right.code));
            if !members.is_empty() {
                groups.push(GroupFacts {
                    label,
                    members,
                    ranking,
                });
            }
        }
        let name = territory.grouping_name(id)?.clone();
        Ok((!groups.is_empty()).then(|| GroupingFacts {
            id: id.to_owned(),
            name,
            first,
            groups,
        }))
    }

    /// The order of the areas of a group.
    fn within(&self, indicator: &IndicatorFacts, group: &str) -> Result<Ranking> {
        let options = RankOptions {
            within: Some(group.to_owned()),
            ..order(&indicator.row)
        };
        self.release.rank(indicator.row.declared.id.as_str(), options)
    }

    /// The areas of a group by the tables of the territory alone.
    fn assigned(&self, grouping: &str, label: &GroupLabel, year: i32) -> Result<Vec<AreaLabel>> {
        let territory = self.release.territory();
        let assignment = territory.assignment(grouping, territory.now(), year)?;
        let own = assignment
            .groups
            .iter()
            .position(|group| group.code == label.code);
        let areas = territory.areas_on(territory.now());
        let of_group = areas
            .codes()
            .iter()
            .zip(&assignment.of)
            .filter(|(_, group)| group.is_some() && **group == own);
        let labels = of_group.filter_map(|(code, _)| {
            let row = self.areas.iter().find(|row| row.area.code == *code)?;
            Some(row.area.clone())
        });
        Ok(labels.collect())
    }
}

/// Every indicator with its figures.
fn indicators(release: &Release) -> Result<Vec<IndicatorFacts>> {
    let document = release.territory().document();
    let mut groupings: Vec<&str> = document.peers.first().map(String::as_str).into_iter().collect();
    groupings.extend(document.size.as_ref().map(|size| size.grouping.as_str()));
    groupings.push(COUNTRY);
    groupings.sort_unstable();
    groupings.dedup();
    let mut all = Vec::new();
    for row in release.indicators("").rows {
        let id = row.declared.id.as_str();
        let mut ranking = None;
        let mut groups = Vec::new();
        if !row.periods.is_empty() {
            ranking = found(release.rank(id, order(&row)))?;
            for grouping in &groupings {
                groups.extend(found(release.groups(id, GroupsOptions::from(*grouping)))?);
            }
        }
        let rows = ranking.iter().flat_map(|ranking| ranking.rows.iter().enumerate());
        let places = rows.map(|(place, row)| (row.area.code.clone(), place)).collect();
        all.push(IndicatorFacts {
            row,
            ranking,
            groups,
            places,
        });
    }
    Ok(all)
}

/// The order of an indicator: by its direction, or the largest first.
fn order(row: &IndicatorRow) -> RankOptions {
    RankOptions {
        order: (row.declared.direction == Direction::None).then_some(Order::Descending),
        ..RankOptions::default()
    }
}

/// The first with a denominator, as in reports; the first of all where none has one.
fn leading(indicators: &[IndicatorFacts]) -> Option<usize> {
    let known = |one: &IndicatorFacts| one.ranking.is_some();
    let ratio = |one: &IndicatorFacts| known(one) && one.row.declared.formula.contains('/');
    let first = indicators.iter().position(ratio);
    first.or_else(|| indicators.iter().position(known))
}

/// What was found: nothing where there is no answer to the question, an error where the release is damaged.
fn found<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidArgument) => Ok(None),
        Err(error) => Err::<_, Error>(error),
    }
}
