//! What an executor holds open: releases, and the questions last asked of them.

use super::failure::{Failure, QueryFailure};
use super::fragment::LeafOf;
use super::question::Question;
use crate::release::Release;
use crate::session::{Limits, database};
use crate::sql::failed;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::physical_plan::execution_plan::reset_plan_states;
use datafusion::physical_plan::{ExecutionPlan, SendableRecordBatchStream};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

/// Questions that are kept planned: a job asks the same one for each of its parts.
const KEPT: usize = 4;

/// Opens releases where questions say they are.
#[derive(Default)]
pub(super) struct Releases {
    /// How others reach this executor.
    name: String,
    /// The last asked first.
    kept: Mutex<Vec<Kept>>,
}

/// A question and its plan, once it is made: only who asks the same waits for it.
#[derive(Clone)]
struct Kept {
    question: Arc<Question>,
    planned: Arc<Mutex<Option<Planned>>>,
}

struct Planned {
    release: Arc<Release>,
    plan: Arc<dyn ExecutionPlan>,
}

impl std::fmt::Debug for Releases {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Releases").field("name", &self.name).finish()
    }
}

impl Releases {
    pub(super) fn new(name: String) -> Self {
        Self {
            name,
            kept: Mutex::default(),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Begins to compute a part of a question.
    pub(super) async fn compute(
        self: &Arc<Self>,
        question: &Arc<Question>,
        part: usize,
    ) -> Result<SendableRecordBatchStream, Failure> {
        let (releases, asked) = (Arc::clone(self), Arc::clone(question));
        // Opening a release and planning take as long as they take, and others wait for them.
        let planned = spawn_blocking(move || releases.planned(&asked)).await;
        let plan = planned.unwrap_or_else(|fault| {
            let fault = DataFusionError::ExecutionJoin(Box::new(fault));
            Err(self.failed(question, &fault))
        })?;
        // What one part has taught a plan, such as how small a row of the ten greatest may be, is no business of another's.
        let begun = reset_plan_states(plan).and_then(|plan| plan.execute(part, context(question)?));
        begun.map_err(|error| self.failed(question, &error))
    }

    /// A failure of a computation, as it travels.
    pub(super) fn failed(&self, question: &Question, error: &DataFusionError) -> Failure {
        let error = failed(error, question.memory);
        if let Some(failure) = QueryFailure::of(&error) {
            return Failure::Query(failure);
        }
        Failure::Computation {
            executor: self.name.clone(),
            cause: format!("{error} ({})", error.code()),
        }
    }

    /// The plan of a question, which is made when it is first asked.
    fn planned(&self, question: &Arc<Question>) -> Result<Arc<dyn ExecutionPlan>, Failure> {
        let kept = self.keep(question);
        let mut planned = kept.planned.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(planned) = planned.as_ref() {
            return Ok(Arc::clone(&planned.plan));
        }
        let made = self.plan(question)?;
        let plan = Arc::clone(&made.plan);
        *planned = Some(made);
        Ok(plan)
    }

    fn keep(&self, question: &Arc<Question>) -> Kept {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|known| known.question == *question);
        let asked = match place {
            Some(place) => kept.remove(place),
            None => Kept {
                question: Arc::clone(question),
                planned: Arc::default(),
            },
        };
        kept.insert(0, asked.clone());
        kept.truncate(KEPT);
        asked
    }

    /// A release that is open for another question.
    fn opened(&self, id: &str) -> Option<Arc<Release>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever is being planned has nothing open yet.
        let mut planned = kept.iter().filter_map(|known| known.planned.try_lock().ok());
        planned.find_map(|planned| {
            let release = &planned.as_ref()?.release;
            (release.id() == id).then(|| Arc::clone(release))
        })
    }

    fn plan(&self, question: &Question) -> Result<Planned, Failure> {
        // A file may have been replaced since: what counts is that the content is what was asked for.
        let release = match self.opened(&question.id) {
            Some(release) => release,
            None => self.open(question)?,
        };
        let leaf = LeafOf::Release(Arc::clone(&release));
        let plan = context(question).and_then(|context| question.plan(leaf, &context));
        let plan = plan.map_err(|error| self.failed(question, &error))?;
        let parts = plan.properties().output_partitioning().partition_count();
        if parts != question.parts {
            return Err(Failure::Computation {
                executor: self.name.clone(),
                cause: format!("{parts} parts, not {}", question.parts),
            });
        }
        Ok(Planned { release, plan })
    }

    fn open(&self, question: &Question) -> Result<Arc<Release>, Failure> {
        // Plans are made on threads that may wait: a store is read here, by the runtime of the executor.
        let opened = Handle::current().block_on(Release::open_at(&question.release));
        let release = opened.map_err(|error| Failure::NoRelease {
            executor: self.name.clone(),
            release: question.release.clone(),
            cause: error.to_string().trim_end_matches(['.', ' ']).to_owned(),
        })?;
        if release.id() != question.id {
            return Err(Failure::OtherRelease {
                executor: self.name.clone(),
                release: question.release.clone(),
                expected: question.id.clone(),
                found: release.id().to_owned(),
            });
        }
        Ok(Arc::new(release))
    }
}

/// Functions and memory for the work on one part.
fn context(question: &Question) -> Result<Arc<TaskContext>> {
    let limits = Limits {
        memory: question.memory,
        threads: 1,
    };
    Ok(database(limits)?.task_ctx())
}
