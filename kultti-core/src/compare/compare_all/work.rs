//! A chunk of indicators: read once, computed slice by slice.

use super::super::compare_verb::group_method;
use super::column::Column;
use super::history::History;
use super::plan::{Plan, Task};
use super::slice_columns::{Series, SliceColumns};
use crate::error::Result;
use crate::model::IndicatorId;
use crate::panel::{Slice, Slicer};
use crate::release::Release;
use std::ops::Range;
use std::sync::Arc;

/// Takes slices as they are computed.
pub(super) trait Sink {
    /// What is made of a chunk.
    type Made;

    /// The next slice of an indicator with its columns.
    fn slice(&mut self, indicator: &IndicatorId, slice: &Slice, columns: &SliceColumns) -> Result<()>;

    /// The indicator has no more slices.
    fn end_of_indicator(&mut self) -> Result<()>;

    /// The chunk has no more indicators.
    fn end_of_chunk(&mut self) -> Result<Self::Made>;
}

/// Computes chunks, one after another.
pub(super) struct Worker<'r, S> {
    release: &'r Release,
    plan: &'r Plan,
    slicer: Slicer<'r>,
    columns: SliceColumns<'r>,
    sink: S,
}

impl<'r, S: Sink> Worker<'r, S> {
    pub(super) fn new(release: &'r Release, plan: &'r Plan, sink: S) -> Self {
        Self {
            release,
            plan,
            slicer: Slicer::with_shared(release, Arc::clone(&plan.shared)),
            columns: SliceColumns::new(&plan.options.columns, plan.options.order),
            sink,
        }
    }

    /// Computes a chunk: some neighbouring tasks.
    pub(super) fn chunk(&mut self, tasks: Range<usize>) -> Result<S::Made> {
        let reads: Vec<_> = self.plan.reads(&tasks).into_iter().collect();
        self.release.scan(&reads, &mut |measure, period, rows| {
            self.slicer.put(measure, period, rows);
            Ok(())
        })?;
        for task in &self.plan.tasks[tasks] {
            self.indicator(task)?;
        }
        self.slicer.forget();
        self.sink.end_of_chunk()
    }

    fn indicator(&mut self, task: &Task) -> Result<()> {
        let options = &self.plan.options;
        let indicator = self.release.catalogue().indicator(task.indicator.as_str())?;
        let method = |column: &Column| {
            let against = column.against();
            against
                .map(|against| group_method(self.release, indicator, against.aggregate))
                .transpose()
        };
        let mut series = Series {
            slicer: &self.slicer,
            indicator,
            methods: options.columns.iter().map(method).collect::<Result<_>>()?,
            history: History::begin(
                &self.slicer,
                indicator,
                options.borders,
                &options.columns,
                &task.periods,
            )?,
        };
        let changes = options.columns.iter().any(Column::is_change);
        if let Some(before) = task.before.filter(|_| changes) {
            let before = self.slicer.slice(indicator, before, options.borders, None)?;
            series.history.remember(&before);
        }
        for period in &task.periods {
            let slice = self.slicer.slice(indicator, *period, options.borders, None)?;
            self.columns.compute(&series, &slice)?;
            self.sink.slice(&task.indicator, &slice, &self.columns)?;
            if changes {
                series.history.remember(&slice);
            }
        }
        self.sink.end_of_indicator()
    }
}
