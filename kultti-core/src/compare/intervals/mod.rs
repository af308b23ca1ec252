//! `intervals`: how far figures vary by chance, funnels, and tests of differences.

mod funnels;
mod options;
mod result;
mod rule;
mod tests_of_difference;

pub use options::{FunnelDispersion, IntervalLevel, IntervalMethod, IntervalsOptions};
pub use result::{
    AreaInterval, ComparedIntervals, DifferenceTest, FunnelFigures, FunnelPlace, FunnelPoint, IntervalRow,
    Intervals, Significance, TestSide,
};
pub(super) use rule::interval_rule;

use super::aggregate::{Entered, GroupMethod, ratio_of_sums_method, remarks, value_of};
use super::comparability::Flags;
use super::compare_verb::{context, reference_year, reliable, slice};
use super::members::Grouper;
use super::notes::{self, Notes};
use super::position::not_entered;
use super::result::{AreaLabel, Note};
use crate::error::Result;
use crate::language::Message;
use crate::model::Indicator;
use crate::panel::{Slice, Slicer};
use crate::release::Release;
use crate::stats::Interval;
use crate::territory::{COUNTRY, GroupLabel};
use rule::Rule;
use tests_of_difference::Tests;

impl Release {
    /// How far figures vary by chance: an interval for every area, or for every group of a grouping.
    ///
    /// Counts over an exposure (loans per inhabitant) have Byar's interval, below 10 the exact one by the Poisson distribution;
    /// proportions (persons among persons) have Wilson's. Which of them is decided by the catalogue
    /// ([`crate::catalogue::Catalogue::chance`]). A full count has no sampling error: the interval shows how far the figure could
    /// have come out elsewhere by chance, at the same underlying rate.
    ///
    /// A funnel shows how far each figure lies from the common value m·Σn/Σd, with limits of 95 % and 99.8 % that allow for
    /// more variation than chance ([`funnel`](fn@crate::stats::funnel)). Differences are tested as differences: counts by the exact
    /// conditional binomial test, proportions by Newcombe's interval; p-values are adjusted for being many by Benjamini &
    /// Hochberg. An area is tested against the rest of a group that it lies in.
    ///
    /// # Missing values
    /// An area without a value has no interval. Nor has a numerator that is negative, an estimate that is not whole, or one
    /// above the denominator of a proportion: the reason stands beside the value. Groups are given from a coverage of 0.6;
    /// a joint unit enters whole.
    ///
    /// # Errors
    /// [`crate::Error::MethodRefused`] for money, for ratios published without their parts, for what is no count, for a method
    /// of the other kind, and for a funnel of fewer than ten figures; [`crate::Error::InvalidArgument`] for a test of fewer than
    /// two sides; otherwise as [`Release::groups`].
    ///
    /// ```
    /// use kultti_core::compare::IntervalsOptions;
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let cost = release.intervals("culture.net_operating_cost_per_inhabitant", IntervalsOptions::default());
    /// assert_eq!(cost.unwrap_err().code(), "K0508"); // euros are not counts
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    ///
    /// Source: Breslow & Day (1987) for Byar; Wilson (1927); Spiegelhalter (2005); Newcombe (1998); Benjamini & Hochberg
    /// (1995); OHID's Fingertips for the choice among them.
    pub fn intervals(&self, indicator: &str, options: impl Into<IntervalsOptions>) -> Result<Intervals> {
        let options = options.into();
        let slicer = Slicer::new(self);
        let indicator = self.catalogue().indicator(indicator)?;
        let by = options.by.as_deref();
        let grouping_name = by
            .map(|by| self.territory().grouping_name(by).cloned())
            .transpose()?;
        let rule = Rule::new(self, indicator, options.level, options.method)?;
        let method = ratio_of_sums_method(self, indicator, "word.interval")?;
        let (slice, period) = slice(&slicer, indicator, options.period, options.borders, None)?;
        let year = reference_year(options.as_of_year, period)?;
        let grouper = Grouper::new(&slicer, indicator, &slice, year);
        let question = Question {
            slicer: &slicer,
            indicator,
            slice: &slice,
            rule: &rule,
            method: &method,
            flags: Flags::new(&slicer, indicator, &slice),
        };
        let (label, members) = grouper.group(options.within.as_deref().unwrap_or(COUNTRY))?;
        let (mut rows, mut found) = question.rows(&grouper, by, &members)?;
        let funnel = options
            .funnel
            .map(|form| funnels::place(&rule, indicator, &mut rows, form.form()))
            .transpose()?;
        let tests = Tests {
            territory: self.territory(),
            indicator,
            slice: &slice,
            rule: &rule,
        };
        let tests = tests.of(&grouper, &options.test)?;
        let entered = Entered::of(&slice, &members, true);
        found.extend(remarks(&method, &slice, &entered, &label));
        let funnel = funnel.map(|(figures, noted)| {
            found.extend(noted);
            figures
        });
        let notes = question.notes(found, &members, (&options, &tests));
        Ok(Intervals {
            context: context(&slicer, indicator, options.borders, None)
                .asked(options.query(indicator, period)),
            period,
            level: rule.level,
            method: rule.method,
            chance: rule.chance,
            grouping: options.by,
            grouping_name,
            within: options.within,
            whole: question.group(&label, &members),
            rows,
            funnel,
            tests,
            left_out: not_entered(self.territory(), &slice, &members, entered.entered()),
            notes,
        })
    }
}

struct Question<'a, 'r> {
    slicer: &'a Slicer<'r>,
    indicator: &'a Indicator,
    slice: &'a Slice,
    rule: &'a Rule,
    method: &'a GroupMethod<'a>,
    flags: Flags<'a>,
}

impl Question<'_, '_> {
    /// The rows: the groups of a grouping, or the areas.
    fn rows(
        &self,
        grouper: &Grouper,
        by: Option<&str>,
        members: &[usize],
    ) -> Result<(Vec<IntervalRow>, Vec<Note>)> {
        let Some(by) = by else {
            return Ok((
                members.iter().map(|index| self.area(*index)).collect(),
                Vec::new(),
            ));
        };
        let (membership, mut found) = grouper.membership(by)?;
        let (country, _) = grouper.within(None)?;
        let mut rows = Vec::new();
        for (position, label) in membership.labels().enumerate() {
            let mut areas = membership.areas_of(position);
            areas.retain(|index| members.binary_search(index).is_ok());
            // Within a group only the groups that lie in it are of interest.
            if areas.is_empty() && members.len() < country.len() {
                continue;
            }
            let entered = Entered::of(self.slice, &areas, true);
            found.extend(remarks(self.method, self.slice, &entered, label));
            rows.push(self.group(label, &areas));
        }
        let everyone: Vec<usize> = (0..self.slice.len()).collect();
        found.extend(grouper.across_note(&membership, &everyone));
        Ok((rows, found))
    }

    fn area(&self, index: usize) -> IntervalRow {
        let area = AreaLabel::at(self.slicer.release().territory(), self.slice, index);
        let cell = reliable(self.indicator, self.slice, index);
        let present = cell.value.is_some();
        let pair = cell.numerator.zip(cell.denominator);
        self.with_interval(IntervalRow {
            code: area.code.to_string(),
            name: area.name,
            numerator: pair.map(|pair| pair.0),
            denominator: pair.map(|pair| pair.1),
            value: cell.value,
            interval: None,
            interval_missing: cell.missing,
            status: cell.letter(),
            missing: cell.missing,
            n: usize::from(present),
            members: usize::from(!self.slice.figures.cannot_exist(index)),
            coverage_areas: None,
            coverage_denominator: None,
            funnel: None,
            areas: if present { vec![index] } else { Vec::new() },
        })
    }

    fn group(&self, label: &GroupLabel, areas: &[usize]) -> IntervalRow {
        let entered = Entered::of(self.slice, areas, true);
        let coverage = entered.coverage(self.slice, true);
        let missing = entered.insufficient(self.slice);
        let (numerator, denominator) = Rule::sums(self.slice, entered.entered());
        let value = value_of(self.method, self.slice, entered.entered());
        let known = |number: f64| Some(number).filter(|_| missing.is_none());
        self.with_interval(IntervalRow {
            code: label.code.to_string(),
            name: label.name.clone(),
            numerator: known(numerator),
            denominator: known(denominator),
            value: value.filter(|_| missing.is_none()),
            interval: None,
            interval_missing: missing,
            status: match missing {
                Some(reason) => reason.status().letter(),
                None => self
                    .flags
                    .letter(entered.letter(self.slice, None), entered.entered()),
            },
            missing,
            n: coverage.n,
            members: coverage.members,
            coverage_areas: coverage.areas,
            coverage_denominator: coverage.denominator,
            funnel: None,
            areas: entered.entered().to_vec(),
        })
    }

    /// The row with its interval, or with the reason why it has none.
    fn with_interval(&self, row: IntervalRow) -> IntervalRow {
        let pair = row.numerator.zip(row.denominator).filter(|_| row.value.is_some());
        let found: Option<Result<Interval, _>> = pair.map(|(n, d)| self.rule.interval(n, d));
        match found {
            Some(Ok(interval)) => IntervalRow {
                interval: Some(interval),
                ..row
            },
            Some(Err(reason)) => IntervalRow {
                interval_missing: Some(reason),
                ..row
            },
            None => row,
        }
    }

    /// What the intervals mean, how they were made, who has none.
    fn notes(
        &self,
        found: Vec<Note>,
        members: &[usize],
        (options, tests): (&IntervalsOptions, &[DifferenceTest]),
    ) -> Vec<Note> {
        let gathered = Notes::new(self.slicer, self.indicator, self.slice);
        let mut all = vec![notes::chance()];
        if tests.len() > 1 {
            let message = Message::new("note.tests-adjusted").with("count", tests.len());
            all.push(notes::info(message));
        }
        all.extend(found);
        let sides = tests.iter().flat_map(|test| [&test.one, &test.other]);
        let mut compared = members.to_vec();
        compared.extend(sides.flat_map(|side| &side.areas));
        compared.sort_unstable();
        compared.dedup();
        all.extend(self.flags.notes(&compared));
        all.extend(options.as_of_year.map(notes::frozen_groups));
        all.extend(gathered.zeros(members));
        all.extend(gathered.joint_values(members));
        all.extend(gathered.below_minimum(members));
        all.extend(gathered.without_value(members));
        all.extend(gathered.merged_others(members, None));
        all.extend(gathered.of_indicator());
        all
    }
}
