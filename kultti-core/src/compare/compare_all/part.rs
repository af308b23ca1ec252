//! A part of everything, for whoever brings threads of their own.

use super::CompareAll;
use super::batch::Batches;
use super::work::Worker;
use crate::error::Result;
use crate::model::IndicatorId;
use arrow_array::RecordBatch;
use std::ops::Range;
use std::sync::Arc;

/// Neighbouring indicators of a [`CompareAll`], computed on the thread that asks for them.
pub struct CompareAllPart {
    whole: CompareAll,
    chunks: Vec<Range<usize>>,
}

/// Takes batches as they are made; an error ends the work.
pub type TakenBatches<'t> = dyn FnMut(RecordBatch) -> Result<()> + 't;

impl CompareAll {
    /// The same question in at most `count` parts of neighbouring indicators, each about as large as the others. Their
    /// batches, part by part, are those of the whole.
    ///
    /// ```
    /// use kultti_core::compare::CompareAllOptions;
    /// use kultti_core::release::Release;
    /// use std::sync::Arc;
    /// let release = Arc::new(Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?);
    /// let all = release.compare_all(CompareAllOptions::columns(["z"])?.with_threads(1))?;
    /// let mut rows = 0;
    /// for part in all.parts(3) {
    ///     part.compute(&mut |batch| {
    ///         rows += batch.num_rows();
    ///         Ok(())
    ///     })?;
    /// }
    /// assert_eq!(rows, all.map(|batch| batch.unwrap().num_rows()).sum::<usize>());
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn parts(&self, count: usize) -> Vec<CompareAllPart> {
        let parts = self.plan.parts(&self.release, count.max(1)).into_iter();
        let part = |chunks| CompareAllPart {
            whole: self.again(),
            chunks,
        };
        parts.map(part).collect()
    }
}

impl CompareAllPart {
    /// The first indicator.
    pub fn first(&self) -> Option<&IndicatorId> {
        let first = self.chunks.first()?.start;
        self.whole.plan.tasks.get(first).map(|task| &task.indicator)
    }

    /// Number of indicators.
    pub fn indicators(&self) -> usize {
        self.chunks.iter().map(Range::len).sum()
    }

    /// Computes the part on this thread, chunk by chunk: memory does not grow with the number of indicators.
    ///
    /// # Errors
    /// [`crate::Error::ReleaseAltered`], [`crate::Error::AggregateRefused`]; those of `take`, which end the work.
    pub fn compute(&self, take: &mut TakenBatches) -> Result<()> {
        let CompareAll {
            release,
            plan,
            schema,
            ..
        } = &self.whole;
        let sink = Batches::new(release, Arc::clone(schema), &plan.options.columns);
        let mut worker = Worker::new(release, plan, sink);
        for chunk in &self.chunks {
            worker
                .chunk(chunk.clone())?
                .into_iter()
                .try_for_each(&mut *take)?;
        }
        Ok(())
    }
}
