//! The series of a group: its value on one panel, and its index chained over panels that change.

use crate::compare::aggregate::{Entered, GroupMethod};
use crate::compare::change::{ChangePanel, Ends, Paired, UnpairedArea, left_out_by_reason};
use crate::compare::members::Grouper;
use crate::compare::members::grouping_and_group;
use crate::compare::notes;
use crate::compare::result::{GroupPoint, GroupSeries, Note};
use crate::error::{Error, Result};
use crate::language::Message;
use crate::model::{Aggregate, AreaCode, Indicator, Missing, StatusSet};
use crate::panel::{Borders, SeriesBreak, Slice, Slicer};
use crate::stats::{chained_index, index};
use crate::territory::{COUNTRY, GroupLabel};
use std::collections::BTreeSet;

/// What the series of a group is made of.
pub(super) struct GroupLine<'a, 'r> {
    pub(super) slicer: &'a Slicer<'r>,
    pub(super) indicator: &'a Indicator,
    pub(super) slices: &'a [Slice],
    pub(super) breaks: &'a [SeriesBreak],
}

impl GroupLine<'_, '_> {
    /// The series of `country` or of a group such as `region:16`, with the groups of the last period's year.
    pub(super) fn series(&self, text: &str, borders: Borders) -> Result<(GroupSeries, Vec<Note>)> {
        let release = self.slicer.release();
        let method = GroupMethod::new(release, self.indicator, None)?;
        let refused = |reason| Error::MethodRefused {
            indicator: self.indicator.id.to_string(),
            method: Message::new("word.group-series"),
            reason: Message::new(reason),
        };
        if borders == Borders::Then {
            return Err(refused("reason.borders-of-each-period"));
        }
        if !matches!(method.aggregate, Aggregate::RatioOfSums | Aggregate::Total) {
            return Err(refused("reason.no-sums"));
        }
        let Some(last) = self.slices.last() else {
            return Err(refused("reason.no-sums"));
        };
        let year = last.period.calendar_year();
        let grouper = Grouper::new(self.slicer, self.indicator, last, year);
        let (label, areas, mut found) = self.group(&grouper, text, year)?;
        let (panel, members, left_out) = self.panel(&areas);
        let points = self.points(&method, &areas, &panel);
        found.extend(left_out_by_reason(left_out.iter()));
        found.push(notes::info(
            Message::new("note.group-series").with("year", year.to_string()),
        ));
        let series = GroupSeries {
            group: label.code,
            name: label.name,
            aggregate: method.aggregate,
            members,
            points,
            panel: codes(last, panel),
            left_out,
        };
        Ok((series, found))
    }

    fn group(&self, grouper: &Grouper, text: &str, year: i32) -> Result<(GroupLabel, Vec<usize>, Vec<Note>)> {
        if text == COUNTRY {
            let (country, found) = grouper.membership(COUNTRY)?;
            let label = country.labels().next().cloned();
            let whole = self.slicer.release().territory().document().country.clone();
            let label = label.unwrap_or(GroupLabel {
                code: whole.code.as_str().into(),
                name: whole.name,
            });
            return Ok((label, country.areas_of(0), found));
        }
        let (grouping, code) = grouping_and_group(text);
        let label = self.slicer.release().territory().group(grouping, code, year)?;
        let (areas, found) = grouper.within(Some(text))?;
        Ok((label, areas, found))
    }

    fn pair(&self, from: &Slice, to: &Slice, areas: &[usize]) -> Paired {
        let ends = Ends::new((from, to), self.breaks, self.indicator);
        ends.pair(areas, ChangePanel::Constant, self.slicer.release().territory())
    }

    /// The values of two periods on the areas that have both, or why they cannot be compared.
    fn step(&self, method: &GroupMethod, (from, to): (usize, usize), areas: &[usize]) -> DerivationStep {
        let (from, to) = (&self.slices[from], &self.slices[to]);
        let paired = self.pair(from, to, areas);
        let before = paired.from.value(method, from);
        let after = paired.to.value(method, to);
        let values = match (before, after) {
            (Ok(_), Ok(_)) if paired.broken => Err(Missing::BreakInSeries),
            (Ok(before), Ok(_)) if before <= 0.0 => Err(Missing::BaseNotPositive),
            (Ok(before), Ok(after)) => Ok((before, after)),
            (before, after) => Err(self.why(&paired, before.err().or(after.err()))),
        };
        DerivationStep {
            values,
            areas: paired.to.entered().to_vec(),
        }
    }

    /// Why a group has no value on the areas of a pair: where breaks took members away, they are what is missing.
    fn why(&self, paired: &Paired, reason: Option<Missing>) -> Missing {
        let broken = paired
            .left_out
            .iter()
            .any(|left| left.missing == Missing::BreakInSeries);
        let reason = reason.unwrap_or(Missing::NothingToCompare);
        if broken { Missing::BreakInSeries } else { reason }
    }

    fn points(&self, method: &GroupMethod, areas: &[usize], panel: &[usize]) -> Vec<GroupPoint> {
        let count = self.slices.len();
        let steps: Vec<DerivationStep> = (1..count)
            .map(|place| self.step(method, (place - 1, place), areas))
            .collect();
        let directs: Vec<DerivationStep> = (1..count)
            .map(|place| self.step(method, (0, place), areas))
            .collect();
        let pairs: Vec<Option<(f64, f64)>> = steps.iter().map(|step| step.values.ok()).collect();
        let chained = chained_index(&pairs);
        let mut points = Vec::new();
        for (place, slice) in self.slices.iter().enumerate() {
            let before = place.checked_sub(1);
            let step = before.and_then(|before| steps.get(before));
            let direct = before.and_then(|before| directs.get(before));
            let mut used: BTreeSet<usize> = panel.iter().copied().collect();
            used.extend(
                step.into_iter()
                    .chain(direct)
                    .chain(steps.get(place))
                    .flat_map(|step| &step.areas),
            );
            if place == 0 {
                used.extend(directs.iter().flat_map(|step| &step.areas));
            }
            // A chain ends with the first step that cannot be made.
            let ended = steps.iter().take(place).find_map(|step| step.values.err());
            points.push(GroupPoint {
                chained: chained.get(place).copied().flatten(),
                step: step.map(|step| step.areas.len()),
                direct: match direct {
                    None => Some(100.0),
                    Some(direct) => direct.values.ok().and_then(|(first, now)| index(first, now).ok()),
                },
                index_missing: ended,
                step_values: step.and_then(|step| step.values.ok()),
                direct_values: direct.and_then(|direct| direct.values.ok()),
                used: codes(slice, used),
                ..self.value(method, slice, (areas, panel))
            });
        }
        for point in &mut points {
            let both = point.chained.zip(point.direct.filter(|direct| *direct > 0.0));
            point.drift = both.map(|(chained, direct)| chained / direct - 1.0);
        }
        points
    }

    /// The value of a period on the panel, without its indices.
    fn value(&self, method: &GroupMethod, slice: &Slice, (areas, panel): (&[usize], &[usize])) -> GroupPoint {
        let ratio = self.indicator.formula.denominator.is_some();
        let mut entered = Entered::of(slice, areas, ratio);
        entered.keep(panel);
        let value = entered.value(method, slice);
        let statuses = entered.entered().iter().map(|index| slice.figures.status(*index));
        let status = statuses.fold(StatusSet::default(), StatusSet::union);
        GroupPoint {
            period: slice.period,
            value: value.ok(),
            missing: value.err(),
            status: value
                .err()
                .map_or_else(|| status.letter(), |reason| reason.status().letter()),
            n: panel.len(),
            chained: None,
            step: None,
            direct: None,
            drift: None,
            index_missing: None,
            step_values: None,
            direct_values: None,
            used: Vec::new(),
        }
    }

    /// The areas that have a figure in every period, and no break between any two; how many of the group's areas there are
    /// in any of them; and who is left out.
    fn panel(&self, areas: &[usize]) -> (Vec<usize>, usize, Vec<UnpairedArea>) {
        let Some(first) = self.slices.first() else {
            return (Vec::new(), 0, Vec::new());
        };
        let mut panel = areas.to_vec();
        let mut members = BTreeSet::new();
        let mut left_out: Vec<UnpairedArea> = Vec::new();
        for slice in self.slices {
            let paired = self.pair(first, slice, areas);
            panel.retain(|area| paired.from.has(*area) && paired.to.has(*area));
            members.extend(paired.members);
            for left in paired.left_out {
                if left_out.iter().all(|known| known.area != left.area) {
                    left_out.push(left);
                }
            }
        }
        (panel, members.len(), left_out)
    }
}

/// A step between two periods: the two values, and the areas that they rest on.
struct DerivationStep {
    values: std::result::Result<(f64, f64), Missing>,
    areas: Vec<usize>,
}

fn codes(slice: &Slice, areas: impl IntoIterator<Item = usize>) -> Vec<AreaCode> {
    let codes = areas.into_iter().filter_map(|area| slice.code(area));
    codes.cloned().collect()
}
