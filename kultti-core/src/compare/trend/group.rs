//! The series of a group: its value on one panel, and its index chained over panels that change.

use crate::compare::aggregate::{Entered, GroupMethod};
use crate::compare::change::{ChangePanel, Ends, Paired};
use crate::compare::members::Grouper;
use crate::compare::members::grouping_and_group;
use crate::compare::notes;
use crate::compare::result::{GroupPoint, GroupSeries, Note};
use crate::error::{Error, Result};
use crate::language::Message;
use crate::model::{Aggregate, Indicator, Missing};
use crate::panel::{Borders, SeriesBreak, Slice, Slicer};
use crate::stats::{chained_index, index};
use crate::territory::{COUNTRY, GroupLabel};

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
        let points = self.points(&method, &areas);
        found.push(notes::info(
            Message::new("note.group-series").with("year", year.to_string()),
        ));
        let series = GroupSeries {
            group: label.code,
            name: label.name,
            aggregate: method.aggregate,
            members: areas.len(),
            points,
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

    fn points(&self, method: &GroupMethod, areas: &[usize]) -> Vec<GroupPoint> {
        let values = |from: &Slice, to: &Slice| {
            let paired = self.pair(from, to, areas);
            let before = paired.from.value(method, from).ok();
            let after = paired.to.value(method, to).ok();
            (
                before.zip(after).filter(|_| !paired.broken),
                paired.to.entered().len(),
            )
        };
        let steps: Vec<_> = self
            .slices
            .windows(2)
            .map(|pair| values(&pair[0], &pair[1]))
            .collect();
        let pairs: Vec<Option<(f64, f64)>> = steps.iter().map(|step| step.0).collect();
        let chained = chained_index(&pairs);
        let panel = self.panel(areas);
        let mut points = Vec::new();
        for (place, slice) in self.slices.iter().enumerate() {
            let direct = match place {
                0 => Some(100.0),
                _ => {
                    let (pair, _) = values(&self.slices[0], slice);
                    pair.and_then(|(before, after)| index(before, after).ok())
                }
            };
            let ratio = self.indicator.formula.denominator.is_some();
            let mut entered = Entered::of(slice, areas, ratio);
            entered.keep(&panel);
            let value = entered.value(method, slice);
            let chained = chained.get(place).copied().flatten();
            points.push(GroupPoint {
                period: slice.period,
                value: value.ok(),
                missing: value.err(),
                n: panel.len(),
                chained,
                step: place
                    .checked_sub(1)
                    .and_then(|before| steps.get(before))
                    .map(|step| step.1),
                direct,
                drift: chained
                    .zip(direct)
                    .map(|(chained, direct)| chained / direct - 1.0),
                index_missing: chained.is_none().then_some(Missing::NothingToCompare),
            });
        }
        points
    }

    /// The areas that have a figure in every period, and no break between any two.
    fn panel(&self, areas: &[usize]) -> Vec<usize> {
        let Some(first) = self.slices.first() else {
            return Vec::new();
        };
        let mut panel = areas.to_vec();
        for slice in self.slices {
            let paired = self.pair(first, slice, areas);
            panel.retain(|area| paired.from.has(*area) && paired.to.has(*area));
        }
        panel
    }
}
