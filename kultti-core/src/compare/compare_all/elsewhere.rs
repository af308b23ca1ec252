//! Everything, computed by others: the same batches, made on other machines.

use super::summary::Summing;
use super::{CompareAll, CompareAllOptions, Progress};
use crate::error::Result;
use crate::model::IndicatorId;
use arrow_array::RecordBatch;
use std::sync::{Arc, Mutex, PoisonError};

/// Batches as they come, in the order of the whole, each with the number of indicators that came before its own.
pub(crate) type Computed = Box<dyn Iterator<Item = Result<(usize, RecordBatch)>> + Send>;

/// Begins to compute everything, as often as it is asked.
pub(crate) type Begin = Arc<dyn Fn() -> Computed + Send + Sync>;

/// Who computes.
pub(super) struct Elsewhere {
    begin: Begin,
    run: Mutex<Option<Computed>>,
    done: usize,
}

impl Elsewhere {
    fn new(begin: Begin) -> Self {
        Self {
            begin,
            run: Mutex::new(None),
            done: 0,
        }
    }

    pub(super) fn again(&self) -> Self {
        Self::new(Arc::clone(&self.begin))
    }

    /// Indicators that have been handed out.
    pub(super) fn done(&self) -> usize {
        self.done
    }

    pub(super) fn next(&mut self, indicators: usize) -> Option<Result<RecordBatch>> {
        let run = self.run.get_mut().unwrap_or_else(PoisonError::into_inner);
        let next = run.get_or_insert_with(|| (self.begin)()).next();
        match next {
            Some(Ok((before, batch))) => {
                self.done = before;
                Some(Ok(batch))
            }
            Some(Err(error)) => Some(Err(error)),
            None => {
                self.done = indicators;
                None
            }
        }
    }
}

impl CompareAll {
    /// The same question, its batches made by somebody else.
    pub(crate) fn computed_by(self, begin: Begin) -> Self {
        Self {
            elsewhere: Some(Elsewhere::new(begin)),
            ..self
        }
    }

    /// What was asked.
    pub(crate) fn options(&self) -> &CompareAllOptions {
        &self.plan.options
    }

    /// The indicators with data, in the order of the batches.
    pub(crate) fn indicators(&self) -> impl Iterator<Item = &IndicatorId> {
        self.plan.tasks.iter().map(|task| &task.indicator)
    }

    /// Adds up batches instead of handing them out.
    pub(super) fn added_up(&mut self, progress: &mut Progress) -> Result<Summing> {
        let mut summing = Summing::new(self.plan.options.columns.len());
        while let Some(batch) = self.next() {
            summing.batch(&batch?)?;
            let (done, of) = self.progress();
            progress(done, of)?;
        }
        Ok(summing)
    }
}
