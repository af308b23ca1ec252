//! What an executor holds open: releases, and the questions last asked of them.

use super::failure::Failure;
use super::question::Question;
use crate::compare::{CompareAll, CompareAllPart, TakenBatches};
use crate::error::{Error, Result};
use crate::release::Release;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::Handle;

/// Questions that are kept planned: a job asks the same one for each of its parts.
const KEPT: usize = 4;

/// Opens releases where questions say they are.
#[derive(Default)]
pub(super) struct Releases {
    /// How others reach this executor.
    name: String,
    /// The last asked first.
    planned: Mutex<Vec<Planned>>,
}

struct Planned {
    question: Question,
    release: Arc<Release>,
    all: CompareAll,
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
            planned: Mutex::default(),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Computes a part of a question on this thread.
    pub(super) fn compute(
        &self,
        question: &Question,
        part: usize,
        take: &mut TakenBatches,
    ) -> Result<(), Failure> {
        let part = self.part(question, part)?;
        part.compute(take).map_err(|error| self.failed(&error))
    }

    /// A part of a question, which is planned when it is first asked.
    fn part(&self, question: &Question, part: usize) -> Result<CompareAllPart, Failure> {
        let mut planned = self.planned.lock().unwrap_or_else(PoisonError::into_inner);
        let place = planned.iter().position(|known| known.question == *question);
        let known = match place {
            Some(place) => planned.remove(place),
            None => self.plan(question, &planned)?,
        };
        let parts = known.all.parts(question.parts);
        let count = parts.len();
        planned.insert(0, known);
        planned.truncate(KEPT);
        parts.into_iter().nth(part).ok_or_else(|| Failure::Computation {
            executor: self.name.clone(),
            cause: format!("part {part} of {count}"),
        })
    }

    fn plan(&self, question: &Question, planned: &[Planned]) -> Result<Planned, Failure> {
        let mut known = planned.iter().map(|known| &known.release);
        // A file may have been replaced since: what counts is that the content is what was asked for.
        let release = match known.find(|release| release.id() == question.id) {
            Some(release) => Arc::clone(release),
            None => self.open(question)?,
        };
        let options = question.options().map_err(|error| self.failed(&error))?;
        let all = release
            .compare_all(options)
            .map_err(|error| self.failed(&error))?;
        Ok(Planned {
            question: question.clone(),
            release,
            all,
        })
    }

    fn open(&self, question: &Question) -> Result<Arc<Release>, Failure> {
        // Parts are computed on threads that may wait: a store is read here, by the runtime of the executor.
        let opened = Handle::current().block_on(Release::open_at(&question.release));
        let release = opened.map_err(|error| Failure::NoRelease {
            executor: self.name.clone(),
            release: question.release.clone(),
            cause: error.to_string(),
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

    fn failed(&self, error: &Error) -> Failure {
        Failure::Computation {
            executor: self.name.clone(),
            cause: format!("{error} ({})", error.code()),
        }
    }
}
