//! `groups`: the value of every group of a grouping.

use super::aggregate::{GroupMethod, published, summarise};
use super::comparability::Flags;
use super::compare_verb::{context, published_value, reference_year, slice};
use super::intervals::interval_rule;
use super::members::{Grouper, Membership};
use super::notes::{self, Notes};
use super::options::GroupsOptions;
use super::result::{GroupRow, Groups, Note};
use crate::error::Result;
use crate::language::{Message, Param};
use crate::model::Aggregate;
use crate::panel::{Slice, Slicer};
use crate::release::Release;
use crate::territory::COUNTRY;

impl Release {
    /// The value of every group of a grouping, with n, members and coverage.
    ///
    /// Ratio of sums m·Σn/Σd is the default for ratios, the total Σn for sums; mean, median and weighted mean (by d) by
    /// choice. The aggregate is named in every row.
    ///
    /// # Missing values
    /// Only members with a value, and for a ratio with d > 0, enter. A ratio, mean or median is given when they are at
    /// least 0.6 of the members and hold at least 0.6 of their denominator; a total only when every member has its figure.
    /// A joint unit enters whole when all its areas lie in the group, otherwise it is left out and named in a note.
    ///
    /// # Errors
    /// [`crate::Error::UnknownGrouping`], [`crate::Error::GroupingOutsideValidity`], [`crate::Error::AggregateRefused`]
    /// (ratio of sums of a published ratio, total of a ratio), [`crate::Error::MethodRefused`] for intervals of what is no count;
    /// otherwise as [`Release::compare`].
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let groups = release.groups("culture.net_operating_cost_per_inhabitant", "region")?;
    /// assert_eq!(groups.rows.len(), 19);
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    ///
    /// Source: KOSTRA (SSB, report 2020/48) for ratio of sums and coverage.
    pub fn groups(&self, indicator: &str, options: impl Into<GroupsOptions>) -> Result<Groups> {
        let options = options.into();
        let slicer = Slicer::new(self);
        let indicator = self.catalogue().indicator(indicator)?;
        let grouping_name = self.territory().grouping_name(&options.by)?.clone();
        let method = GroupMethod::new(self, indicator, options.aggregate)?;
        let rule = interval_rule(self, (indicator, method.aggregate), options.intervals)?;
        let (slice, period) = slice(&slicer, indicator, options.period, options.borders, None)?;
        let year = reference_year(options.as_of_year, period)?;
        let grouper = Grouper::new(&slicer, indicator, &slice, year);
        let (membership, mut found) = grouper.membership(&options.by)?;
        let (rows, noted) = group_rows(&slicer, &slice, &method, &membership)?;
        found.extend(noted);
        let flags = Flags::new(&slicer, indicator, &slice);
        let everyone: Vec<usize> = (0..slice.areas.len()).collect();
        found.extend(grouper.across_note(&membership, &everyone));
        let gathered = Notes::new(&slicer, indicator, &slice);
        let (members, _) = grouper.within(None)?;
        let mut all = Vec::new();
        let computed = rows.iter().any(|row| row.aggregate == Aggregate::Median);
        if computed && indicator.formula.denominator.is_none() && options.aggregate.is_none() {
            let aggregate = Param::Word(method.aggregate.word_code().to_owned());
            all.push(notes::info(
                Message::new("note.published-ratio").with("aggregate", aggregate),
            ));
        }
        all.extend(rule.map(|_| notes::chance()));
        all.extend(flags.notes(&members));
        all.extend(gathered.zeros(&members));
        all.extend(found);
        all.extend(options.as_of_year.map(notes::frozen_groups));
        all.extend(gathered.without_value(&members));
        all.extend(gathered.merged_others(&members, None));
        all.extend(gathered.of_indicator());
        Ok(Groups {
            context: context(&slicer, indicator, options.borders, None)
                .asked(options.query(indicator, period)),
            period,
            grouping: options.by,
            grouping_name,
            intervals: rule.map(|rule| {
                rule.of_groups(&slice, rows.iter().map(|row| (row.areas.as_slice(), row.missing)))
            }),
            rows,
            notes: all,
        })
    }
}

/// The value of every group of a grouping, marked where its areas differ in a comparability flag. The country of a ratio
/// that cannot be made anew has the figure that its source publishes, unless an aggregate was asked for.
pub(super) fn group_rows(
    slicer: &Slicer,
    slice: &Slice,
    method: &GroupMethod,
    membership: &Membership,
) -> Result<(Vec<GroupRow>, Vec<Note>)> {
    let flags = Flags::new(slicer, method.indicator, slice);
    let mut found = Vec::new();
    let mut rows = Vec::new();
    for (position, label) in membership.labels().enumerate() {
        let mut summary = summarise(method, slice, &membership.areas_of(position), label.clone());
        found.append(&mut summary.notes);
        if membership.grouping == COUNTRY
            && !method.asked
            && let Some(figure) = published_value(slicer, method.indicator, slice)?
        {
            summary.row = published(summary.row, figure, label.code.clone());
            found.push(notes::info(Message::new("note.published-country")));
        }
        let areas = summary.row.areas.clone();
        flags.mark(&mut summary.row, &areas);
        rows.push(summary.row);
    }
    Ok((rows, found))
}
