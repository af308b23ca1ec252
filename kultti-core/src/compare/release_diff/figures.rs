//! The figures of one release for an indicator in a period: the place of every area and the value of every group.

use super::super::aggregate::GroupMethod;
use super::super::compare_verb::{peer_names, reference_year, reliable};
use super::super::groups::group_rows;
use super::super::members::Grouper;
use super::super::position::{natural_order, positions};
use super::super::result::AreaLabel;
use super::DiffPart;
use super::options::DiffOptions;
use super::result::{
    GroupChange, GroupFigures, IndicatorPeriodChanges, RankChange, RankReason, RankedBy, RankedFigure,
};
use crate::error::Result;
use crate::language::Text;
use crate::model::{AreaCode, GroupCode, Indicator, Period};
use crate::panel::{Borders, Slicer};
use crate::stats::Order;
use crate::territory::COUNTRY;
use std::collections::BTreeMap;

/// An area with its figure.
type Placed = (AreaLabel, RankedFigure);
/// A group with its figures.
type Grouped = (Text, GroupFigures);
/// What the two sides say of one thing.
type Both<'f, T> = (Option<&'f T>, Option<&'f T>);

/// What one release says of an indicator in a period.
pub(super) struct Figures {
    ranked_by: RankedBy,
    areas: BTreeMap<AreaCode, Placed>,
    groups: BTreeMap<(String, GroupCode), Grouped>,
}

impl Figures {
    /// The figures on the present borders of a release.
    pub(super) fn of(
        slicer: &Slicer,
        indicator: &Indicator,
        period: Period,
        options: &DiffOptions,
    ) -> Result<Self> {
        let slice = slicer.slice(indicator, period, Borders::Now, None)?;
        let territory = slicer.release().territory();
        let year = reference_year(None, period)?;
        let grouper = Grouper::new(slicer, indicator, &slice, year);
        let (members, _) = grouper.within(None)?;
        let order = natural_order(indicator.direction).unwrap_or(Order::Descending);
        let places = positions(indicator, &slice, &members, order);
        let area = |(at, index): (usize, &usize)| {
            let cell = reliable(indicator, &slice, *index);
            let label = AreaLabel::at(territory, &slice, *index);
            let figure = RankedFigure {
                value: cell.value,
                status: cell.letter(),
                missing: cell.missing,
                rank: places.ranks[at],
            };
            (label.code.clone(), (label, figure))
        };
        let mut groups = BTreeMap::new();
        if options.wants(DiffPart::Groups) {
            let method = GroupMethod::new(slicer.release(), indicator, None)?;
            let (mut names, _) = peer_names(territory, &[], year);
            names.retain(|name| *name != COUNTRY);
            for name in names.into_iter().chain([COUNTRY]) {
                let (membership, _) = grouper.membership(name)?;
                let (rows, _) = group_rows(slicer, &slice, &method, &membership)?;
                groups.extend(rows.into_iter().map(|row| {
                    let figures = GroupFigures::from(&row);
                    ((name.to_owned(), row.group), (row.name, figures))
                }));
            }
        }
        Ok(Self {
            ranked_by: RankedBy {
                order,
                n: places.ascending.len(),
            },
            areas: members.iter().enumerate().map(area).collect(),
            groups,
        })
    }
}

/// What differs between two releases in a period; `None` where nothing does.
pub(super) fn changes(
    period: Period,
    (before, after): (Option<&Figures>, Option<&Figures>),
    options: &DiffOptions,
) -> Option<IndicatorPeriodChanges> {
    let ranks = if options.wants(DiffPart::Ranks) {
        ranks(before, after)
    } else {
        Vec::new()
    };
    let groups = groups(before, after);
    (!ranks.is_empty() || !groups.is_empty()).then(|| IndicatorPeriodChanges {
        period,
        before: before.map(|figures| figures.ranked_by),
        after: after.map(|figures| figures.ranked_by),
        groups,
        ranks,
    })
}

/// What two sides have under each key, by key.
fn side_by_side<'f, K: Ord, V>(
    before: Option<&'f BTreeMap<K, V>>,
    after: Option<&'f BTreeMap<K, V>>,
) -> BTreeMap<&'f K, Both<'f, V>> {
    let mut both: BTreeMap<&K, Both<V>> = BTreeMap::new();
    for (key, value) in before.into_iter().flatten() {
        both.entry(key).or_default().0 = Some(value);
    }
    for (key, value) in after.into_iter().flatten() {
        both.entry(key).or_default().1 = Some(value);
    }
    both
}

fn ranks(before: Option<&Figures>, after: Option<&Figures>) -> Vec<RankChange> {
    let order = |figures: &Figures| figures.ranked_by.order;
    let turned = before
        .zip(after)
        .is_some_and(|(before, after)| order(before) != order(after));
    // Where an indicator has no figures on one side, every area of the other has gained or lost its own.
    let on_both = before.is_some() && after.is_some();
    let both = side_by_side(before.map(|side| &side.areas), after.map(|side| &side.areas));
    let change = |(_, (before, after)): (&AreaCode, Both<Placed>)| {
        let rank = |side: Option<&Placed>| side.and_then(|(_, figure)| figure.rank);
        if rank(before) == rank(after) {
            return None;
        }
        let reason = match (before, after) {
            (Some((_, before)), Some((_, after))) if !is_same_figure(before, after) => RankReason::Own,
            (Some(_), Some(_)) if turned => RankReason::Order,
            (Some(_), Some(_)) => RankReason::Others,
            _ if on_both => RankReason::Borders,
            _ => RankReason::Own,
        };
        Some(RankChange {
            area: after.or(before)?.0.clone(),
            before: before.map(|(_, figure)| figure.clone()),
            after: after.map(|(_, figure)| figure.clone()),
            reason,
        })
    };
    both.into_iter().filter_map(change).collect()
}

/// Whether two figures are the same but for their ranks. An area that has come to be too small to be ranked, or is no
/// longer, has another status.
fn is_same_figure(before: &RankedFigure, after: &RankedFigure) -> bool {
    (before.value, before.status, before.missing) == (after.value, after.status, after.missing)
}

fn groups(before: Option<&Figures>, after: Option<&Figures>) -> Vec<GroupChange> {
    let both = side_by_side(before.map(|side| &side.groups), after.map(|side| &side.groups));
    let figures = |side: Option<&Grouped>| side.map(|(_, figures)| figures.clone());
    let change = |(key, (before, after)): (&(String, GroupCode), Both<Grouped>)| {
        let (old, new) = (figures(before), figures(after));
        (old != new).then(|| GroupChange {
            grouping: key.0.clone(),
            group: key.1.clone(),
            name: after.or(before).map_or_else(
                || Text::proper_name(key.1.as_str(), None, None),
                |(name, _)| name.clone(),
            ),
            before: old,
            after: new,
        })
    };
    both.into_iter().filter_map(change).collect()
}
