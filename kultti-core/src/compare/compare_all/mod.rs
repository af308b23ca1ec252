//! `compare_all`: every indicator, every period, every area, in one stream.
//!
//! `plan` says what is to be computed and how the work is cut, `work` computes a chunk of neighbouring indicators from one
//! read, `queue` hands chunks out in their order, `batch` and `summary` are what is made of them.

mod batch;
mod column;
#[cfg(feature = "cluster")]
mod elsewhere;
mod groups;
mod history;
mod options;
mod part;
mod plan;
mod queue;
mod slice_columns;
mod summary;
#[cfg(feature = "cluster")]
mod summary_of_batches;
mod work;

pub use column::{Against, Column};
#[cfg(feature = "cluster")]
pub(crate) use elsewhere::Computed;
pub use options::CompareAllOptions;
pub use part::{CompareAllPart, TakenBatches};
#[cfg(feature = "sql")]
pub(crate) use plan::even_parts;
pub use summary::ColumnSummary;

use crate::error::Result;
use crate::model::{IndicatorId, Missing};
use crate::release::Release;
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
#[cfg(feature = "cluster")]
use elsewhere::Elsewhere;
use plan::Plan;
use queue::{InOrder, Work};
use std::collections::VecDeque;
use std::sync::Arc;
use work::{Sink, Worker};

/// A chunk of results.
type Made<T> = Result<T>;

/// Every indicator in every period for every area: an iterator over record batches.
///
/// Batches come in the order of indicator, period and area, whatever the number of threads; no more of them are computed
/// ahead than a few, so that memory does not grow with the number of indicators. Dropping it ends the work.
pub struct CompareAll {
    release: Arc<Release>,
    plan: Arc<Plan>,
    schema: SchemaRef,
    chunks: Option<InOrder<Made<Vec<RecordBatch>>>>,
    ready: VecDeque<RecordBatch>,
    /// Who computes, where that is not this machine.
    #[cfg(feature = "cluster")]
    elsewhere: Option<Elsewhere>,
}

/// What a comparison of everything comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct CompareAllSummary {
    /// The id of the release.
    pub release: String,
    /// The borders.
    pub territory: String,
    /// Indicators with data.
    pub indicators: usize,
    /// Indicators asked for that have no data in the periods asked for.
    pub without_data: Vec<IndicatorId>,
    /// Slices: indicators times their periods.
    pub slices: u64,
    /// Rows.
    pub rows: u64,
    /// The value and every column asked for.
    pub columns: Vec<ColumnSummary>,
    /// Rows by status letter.
    pub statuses: Vec<(char, u64)>,
    /// Rows without a value by reason.
    pub reasons: Vec<(Missing, u64)>,
}

impl Release {
    /// Compares all areas in every indicator and period: one row for each, with the columns asked for.
    ///
    /// Positions are among the areas of the country that the measures cover, as [`Release::rank`] has them; differences to
    /// groups are those of [`Release::compare`], changes and indices those of [`Release::trend`].
    ///
    /// # Missing values
    /// A row without a value has its reason in `missing`. A computed column is null where its method has no answer: no
    /// group value, a year in which the grouping is not in force, no period before, a base that is not positive, a break
    /// in between, too few areas. Areas below an indicator's minimum denominator have status U and no position.
    ///
    /// # Ties
    /// Equal values share the smallest rank and the percent rank.
    ///
    /// # Errors
    /// [`crate::Error::OrderRequired`] for ranks or quartiles of an indicator without a direction when no order is given;
    /// [`crate::Error::UnknownIndicator`] for a pattern that nothing fits; [`crate::Error::UnknownGrouping`], and
    /// [`crate::Error::GroupingOutsideValidity`] where a grouping is in force in none of the years;
    /// [`crate::Error::NoDataForPeriod`] where nothing asked for has data, or no indicator has the base of an index;
    /// [`crate::Error::AggregateRefused`] where an indicator does not allow it; [`crate::Error::InvalidArgument`] for a range
    /// that ends before it begins, a column named twice and 0 threads. Batches can fail with
    /// [`crate::Error::ReleaseAltered`].
    ///
    /// ```
    /// use kultti_core::compare::{CompareAllOptions, Order};
    /// use kultti_core::release::Release;
    /// use std::sync::Arc;
    /// let release = Arc::new(Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?);
    /// let options = CompareAllOptions::columns(["rank", "difference:region"])?.with_order(Order::Descending);
    /// let options = options.with_periods(2015, 2019);
    /// let mut rows = 0;
    /// for batch in release.compare_all(options)? {
    ///     rows += batch?.num_rows();
    /// }
    /// assert!(rows > 10_000);
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    ///
    /// Source: as [`Release::rank`], [`Release::compare`] and [`Release::trend`].
    pub fn compare_all(self: &Arc<Self>, options: CompareAllOptions) -> Result<CompareAll> {
        let plan = Plan::new(self, options)?;
        Ok(CompareAll {
            schema: batch::schema(self, &plan),
            release: Arc::clone(self),
            plan: Arc::new(plan),
            chunks: None,
            ready: VecDeque::new(),
            #[cfg(feature = "cluster")]
            elsewhere: None,
        })
    }
}

impl CompareAll {
    /// `indicator, period, area, value, status, missing`, then the columns asked for by the names asked. Release, borders,
    /// order and the indicators without data are in its metadata.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// The same question from its beginning, without planning it a second time.
    #[must_use]
    pub fn again(&self) -> Self {
        Self {
            release: Arc::clone(&self.release),
            plan: Arc::clone(&self.plan),
            schema: Arc::clone(&self.schema),
            chunks: None,
            ready: VecDeque::new(),
            #[cfg(feature = "cluster")]
            elsewhere: self.elsewhere.as_ref().map(Elsewhere::again),
        }
    }

    /// The borders: a date, or `then`.
    pub fn territory(&self) -> String {
        self.plan.options.borders.name(self.release.territory())
    }

    /// The id of the release.
    pub fn release(&self) -> &str {
        self.release.id()
    }

    /// Indicators that have been handed out, and how many there are.
    pub fn progress(&self) -> (usize, usize) {
        #[cfg(feature = "cluster")]
        if let Some(elsewhere) = &self.elsewhere {
            return (elsewhere.done(), self.plan.tasks.len());
        }
        let chunks = self.chunks.as_ref().map_or(0, |chunks| chunks.progress().0);
        (self.plan.indicators_before(chunks), self.plan.tasks.len())
    }

    /// Indicators asked for that have no data in the periods asked for.
    pub fn without_data(&self) -> &[IndicatorId] {
        &self.plan.without_data
    }

    /// Computes everything and adds it up instead of handing it out; `progress` hears how many of the indicators are done.
    ///
    /// # Errors
    /// [`crate::Error::ReleaseAltered`], [`crate::Error::AggregateRefused`]; those of `progress`, which end the work.
    ///
    /// ```
    /// use kultti_core::compare::CompareAllOptions;
    /// use kultti_core::release::Release;
    /// use std::sync::Arc;
    /// let release = Arc::new(Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?);
    /// let sum = |threads| {
    ///     let options = CompareAllOptions::columns(["z"])?.with_threads(threads);
    ///     release.compare_all(options)?.summary(&mut |_, _| Ok(()))
    /// };
    /// assert_eq!(sum(1)?, sum(3)?);
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn summary(self, progress: &mut Progress) -> Result<CompareAllSummary> {
        let columns = self.plan.options.columns.len();
        let mut totals = summary::Totals::new(columns);
        #[cfg(feature = "cluster")]
        if self.elsewhere.is_some() {
            let mut all = self;
            let totals = all.added_up(progress)?.into_totals();
            return Ok(all.summary_of(&totals));
        }
        let mut chunks = start(&self.release, &self.plan, move |_, _| {
            summary::Summing::new(columns)
        });
        while let Some(made) = chunks.next() {
            totals.merge(&made?);
            progress(
                self.plan.indicators_before(chunks.progress().0),
                self.plan.tasks.len(),
            )?;
        }
        Ok(self.summary_of(&totals))
    }

    fn summary_of(&self, totals: &summary::Totals) -> CompareAllSummary {
        let (statuses, reasons) = totals.counts();
        CompareAllSummary {
            release: self.release.id().to_owned(),
            territory: self.territory(),
            indicators: self.plan.tasks.len(),
            without_data: self.plan.without_data.clone(),
            slices: totals.slices,
            rows: totals.rows,
            columns: totals.columns(&self.plan.options.columns),
            statuses,
            reasons,
        }
    }
}

/// Hears how many indicators are done, and of how many; an error ends the work.
pub type Progress<'p> = dyn FnMut(usize, usize) -> Result<()> + 'p;

impl Iterator for CompareAll {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        #[cfg(feature = "cluster")]
        if let Some(elsewhere) = &mut self.elsewhere {
            return elsewhere.next(self.plan.tasks.len());
        }
        let (release, plan, schema) = (&self.release, &self.plan, &self.schema);
        let chunks = self.chunks.get_or_insert_with(|| {
            let schema = Arc::clone(schema);
            start(release, plan, move |release, plan| {
                batch::Batches::new(release, Arc::clone(&schema), &plan.options.columns)
            })
        });
        while self.ready.is_empty() {
            match chunks.next()? {
                Ok(batches) => self.ready.extend(batches),
                Err(error) => return Some(Err(error)),
            }
        }
        self.ready.pop_front().map(Ok)
    }
}

/// Starts the threads; each has a sink of its own.
fn start<S: Sink>(
    release: &Arc<Release>,
    plan: &Arc<Plan>,
    sink: impl Fn(&Release, &Plan) -> S + Clone + Send + 'static,
) -> InOrder<Made<S::Made>>
where
    S::Made: Send + 'static,
{
    let available = || std::thread::available_parallelism().map_or(1, usize::from);
    let threads = plan.options.threads.unwrap_or_else(available);
    let (release, plan) = (Arc::clone(release), Arc::clone(plan));
    InOrder::start(plan.chunks.len(), threads, move |work: Work<Made<S::Made>>| {
        let mut worker = Worker::new(&release, &plan, sink(&release, &plan));
        work.each(|chunk| worker.chunk(plan.chunks[chunk].clone()));
    })
}
