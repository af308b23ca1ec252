//! Who uses and who pays.

use crate::record::{Area, Many, Missing, UseDifference, UseFigures, UseGroup, UsePair};
use crate::table::Answer;
use kultti_core::compare as core;
use kultti_core::language::Language;
use kultti_core::release::Release;
use pyo3::prelude::*;
use std::sync::Arc;

/// A cost per inhabitant beside its use; the answer of ``Release.cost_per_use``.
///
/// As a table it has one row for each use and group.
#[pyclass(frozen, extends = Answer, module = "kultti")]
pub(crate) struct CostPerUse {
    result: Arc<core::CostPerUse>,
    language: Language,
}

impl CostPerUse {
    pub(crate) fn of(
        py: Python<'_>,
        release: &Arc<Release>,
        result: impl Into<Arc<core::CostPerUse>>,
        language: Language,
    ) -> PyResult<Py<Self>> {
        let result = result.into();
        let base = Answer::of(release, Arc::clone(&result), language);
        Py::new(py, base.add_subclass(Self { result, language }))
    }

    fn figures(&self, figures: &core::UseFigures) -> UseFigures {
        UseFigures {
            cost_per_inhabitant: figures.cost_per_inhabitant,
            cost_per_use: figures.cost_per_use,
            uses_per_inhabitant: figures.uses_per_inhabitant,
            status: figures.status.to_string(),
            missing: Missing::new(figures.missing, self.language),
        }
    }

    fn group(&self, group: &core::UseGroup) -> UseGroup {
        UseGroup {
            label: group.name.get(self.language).to_owned(),
            grouping: group.grouping.clone(),
            group: group.group.to_string(),
            figures: self.figures(&group.figures),
            n: group.n,
            members: group.members,
            coverage_areas: group.coverage_areas,
            coverage_denominator: group.coverage_denominator,
            includes_area: group.includes_area,
            difference: group.difference.map(|difference| UseDifference {
                total: difference.total,
                by_cost_per_use: difference.by_cost_per_use,
                by_uses: difference.by_uses,
                log_cost_per_use: difference.log_cost_per_use,
                log_uses: difference.log_uses,
            }),
        }
    }
}

#[pymethods]
impl CostPerUse {
    /// Version of the JSON form.
    #[classattr]
    fn schema() -> u32 {
        1
    }

    /// The period, text.
    #[getter]
    fn period(&self) -> String {
        self.result.period.to_string()
    }

    /// The area.
    #[getter]
    fn area(&self) -> Area {
        Area::new(&self.result.area, self.language)
    }

    /// One for each use that the catalogue declares.
    #[getter]
    fn pairs(&self) -> Many<UsePair> {
        let pair = |pair: &core::UsePair| UsePair {
            pair: pair.id.clone(),
            label: pair.label.get(self.language).to_owned(),
            cost_per_use: pair.cost_per_use.indicator.to_string(),
            uses_per_inhabitant: pair.uses_per_inhabitant.indicator.to_string(),
            figures: self.figures(&pair.area),
            peers: pair.groups.iter().map(|group| self.group(group)).collect(),
        };
        self.result.pairs.iter().map(pair).collect()
    }
}
