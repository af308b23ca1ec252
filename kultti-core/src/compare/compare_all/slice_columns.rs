//! The columns of one slice, all from one sort.

use super::super::aggregate::{Entered, GroupMethod, median_in_order};
use super::super::compare_verb::published_value;
use super::super::position::{is_too_small, natural_order, worst_end};
use super::column::{Against, Column};
use super::groups::GroupsOf;
use super::history::History;
use crate::error::Result;
use crate::model::{Indicator, Missing, Status, StatusSet};
use crate::panel::{Slice, Slicer};
use crate::stats::{Grouped, Order, Ordered, Ties, absolute_change, relative_changes};
use crate::territory::COUNTRY;

/// The place of A, which comes last.
const NORMAL: usize = Status::ALL.len() - 1;

/// One indicator on its way through the periods.
pub(super) struct Series<'a, 'r> {
    pub(super) slicer: &'a Slicer<'r>,
    pub(super) indicator: &'a Indicator,
    /// For each column how the groups are summarised that it holds areas against.
    pub(super) methods: Vec<Option<GroupMethod<'a>>>,
    pub(super) history: History,
}

/// Computes columns slice by slice; its memory is used again and again.
pub(super) struct SliceColumns<'p> {
    asked: &'p [Column],
    order: Option<Order>,
    ordered: Ordered,
    entered: Entered,
    groups: GroupsOf,
    /// The values of the groups, each in order.
    grouped: Grouped,
    /// The values that are ranked: NaN for areas that are too small.
    ranked: Vec<f64>,
    /// The values of the period before, in the order of the current areas.
    aligned: Vec<f64>,
    /// For each area the value of its group.
    of_groups: Vec<f64>,
    /// Whether each area's denominator is below the indicator's minimum; empty where there is no minimum.
    small: Vec<bool>,
    /// One for each column asked for, in the order of the areas; NaN where there is nothing.
    columns: Vec<Vec<f64>>,
}

impl<'p> SliceColumns<'p> {
    pub(super) fn new(asked: &'p [Column], order: Option<Order>) -> Self {
        Self {
            asked,
            order,
            ordered: Ordered::new(),
            entered: Entered::default(),
            groups: GroupsOf::default(),
            grouped: Grouped::new(),
            ranked: Vec::new(),
            aligned: Vec::new(),
            of_groups: Vec::new(),
            small: Vec::new(),
            columns: vec![Vec::new(); asked.len()],
        }
    }

    /// The columns of the slice that was computed last.
    pub(super) fn columns(&self) -> &[Vec<f64>] {
        &self.columns
    }

    /// The status letter of an area of the slice that was computed last.
    pub(super) fn letter(&self, slice: &Slice, index: usize) -> char {
        if self.small.get(index).copied().unwrap_or(false) && slice.value(index).is_some() {
            return slice
                .figures
                .status(index)
                .union(Status::LowReliability.into())
                .letter();
        }
        slice.figures.letter(index)
    }

    /// Counts the areas of the slice that was computed last by status and by reason, in the places of [`Status::ALL`] and
    /// [`Missing::ALL`].
    pub(super) fn count(
        &self,
        slice: &Slice,
        statuses: &mut [u64; Status::ALL.len()],
        reasons: &mut [u64; Missing::ALL.len()],
    ) {
        let place = |letter: char| Status::ALL.iter().position(|status| status.letter() == letter);
        let mut normal = slice.len() as u64;
        for (reason, count) in Missing::ALL.into_iter().zip(slice.figures.count_missing()) {
            if count > 0 {
                reasons[reason as usize] += count;
                statuses[place(reason.status().letter()).unwrap_or(NORMAL)] += count;
                normal -= count;
            }
        }
        let plain = |status: &StatusSet| *status == StatusSet::default();
        if !self.small.is_empty() || !slice.figures.statuses().iter().all(plain) {
            for (index, status) in slice.figures.statuses().iter().enumerate() {
                let small = self.small.get(index).copied().unwrap_or(false);
                if (small || !plain(status)) && slice.value(index).is_some() {
                    statuses[place(self.letter(slice, index)).unwrap_or(NORMAL)] += 1;
                    normal -= 1;
                }
            }
        }
        statuses[NORMAL] += normal;
    }

    /// Computes the columns of a slice.
    pub(super) fn compute(&mut self, series: &Series, slice: &Slice) -> Result<()> {
        self.prepare(series.indicator, slice);
        for place in 0..self.asked.len() {
            let mut out = std::mem::take(&mut self.columns[place]);
            out.clear();
            out.resize(slice.len(), f64::NAN);
            self.column(place, series, slice, &mut out)?;
            self.columns[place] = out;
        }
        Ok(())
    }

    /// Puts the values in order, once for all columns.
    fn prepare(&mut self, indicator: &Indicator, slice: &Slice) {
        self.small.clear();
        if indicator.minimum_denominator.is_some() {
            self.small
                .extend((0..slice.len()).map(|index| is_too_small(indicator, slice, index)));
        }
        let sorts = |column: &Column| column.is_positional() || column.against().is_some();
        if !self.asked.iter().any(sorts) {
            return;
        }
        if self.small.iter().any(|small| *small) {
            let values = slice.figures.values().iter().zip(&self.small);
            self.ranked.clear();
            self.ranked
                .extend(values.map(|(value, small)| if *small { f64::NAN } else { *value }));
            self.ordered.sort(&self.ranked);
        } else {
            self.ordered.sort(slice.figures.values());
        }
    }

    fn column(&mut self, place: usize, series: &Series, slice: &Slice, out: &mut [f64]) -> Result<()> {
        let (direction, history) = (series.indicator.direction, &series.history);
        // An order is there wherever a column needs one: the plan has made sure.
        let order = self
            .order
            .or_else(|| natural_order(direction))
            .unwrap_or(Order::Descending);
        match &self.asked[place] {
            Column::Rank => self.ordered.rank(order, Ties::Min, out),
            Column::PercentRank => self.ordered.percent_rank(worst_end(direction), out),
            Column::Quartile => self.ordered.quantile_groups(4, order, out),
            Column::Z => self.ordered.z_scores(out),
            Column::RobustZ => {
                self.ordered.robust_z_scores(out);
            }
            // NaN, where there is no value, makes NaN of every difference and quotient.
            Column::Difference(against) => {
                self.group_values(place, against, series, slice)?;
                differences(&self.of_groups, slice.figures.values(), out);
            }
            Column::DifferenceRelative(against) => {
                self.group_values(place, against, series, slice)?;
                relative_changes(&self.of_groups, slice.figures.values(), out);
            }
            Column::Change => {
                if let Some(before) = history.before(slice, &mut self.aligned) {
                    differences(before, slice.figures.values(), out);
                }
            }
            Column::ChangeRelative => {
                if let Some(before) = history.before(slice, &mut self.aligned) {
                    relative_changes(before, slice.figures.values(), out);
                }
            }
            Column::Index(base) => history.index(*base, slice, out),
            Column::Numerator => out.copy_from_slice(&slice.numerators),
            Column::Denominator => out.copy_from_slice(&slice.denominators),
        }
        Ok(())
    }

    /// The value of each area's group.
    fn group_values(
        &mut self,
        place: usize,
        against: &Against,
        series: &Series,
        slice: &Slice,
    ) -> Result<()> {
        self.of_groups.clear();
        self.of_groups.resize(slice.len(), f64::NAN);
        let Some(method) = series.methods.get(place).and_then(Option::as_ref) else {
            return Ok(());
        };
        let ratio = series.indicator.formula.denominator.is_some();
        let lists = self.groups.lists(series.slicer, slice, &against.grouping)?;
        let published = if against.grouping == COUNTRY && against.aggregate.is_none() {
            published_value(series.slicer, series.indicator, slice)?.map(|figure| figure.value)
        } else {
            None
        };
        let whole = !self.small.contains(&true);
        self.ordered
            .split(&lists.of, lists.areas.len(), &mut self.grouped);
        for (group, areas) in lists.areas.iter().enumerate() {
            // Areas that are too small to be ranked are not among the values in order.
            let ordered = whole.then_some((&self.grouped, group));
            let median = ordered.and_then(|ordered| median_in_order(method, slice, areas, ordered));
            let computed = median.unwrap_or_else(|| {
                self.entered.fill(slice, areas, ratio);
                self.entered.value(method, slice)
            });
            let value = published.or(computed.ok()).unwrap_or(f64::NAN);
            for area in areas {
                self.of_groups[*area] = value;
            }
        }
        Ok(())
    }
}

/// x − X for every area.
fn differences(from: &[f64], to: &[f64], out: &mut [f64]) {
    for ((out, from), to) in out.iter_mut().zip(from).zip(to) {
        *out = absolute_change(*from, *to);
    }
}
