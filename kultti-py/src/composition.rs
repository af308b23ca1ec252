//! What a figure is made of.

use crate::chart::Chart;
use crate::record::{Area, Many, Missing, records, shown};
use crate::table::Answer;
use kultti_core::chart::ChartOptions;
use kultti_core::compare as core;
use kultti_core::language::Language;
use kultti_core::release::Release;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use std::sync::Arc;

records! {
    /// A figure of a part, or of the whole.
    PartFigure {
        /// The value, in the unit of the whole.
        value: Option<f64>,
        /// Its share of the whole, a fraction; needs a whole above zero.
        share: Option<f64>,
        /// SDMX letter.
        status: String,
        /// Why there is no value.
        missing: Option<Missing>,
    }

    /// A part of a figure.
    CompositionPart {
        /// The measure that is summed.
        part: String,
        /// What it is: the function that it is booked under.
        label: String,
        /// The indicator of this part alone, where the catalogue has one: the way to go on.
        indicator: Option<String>,
        /// The area's figure.
        figure: PartFigure,
        /// The area whose figure includes it, where it is included in another's.
        host: Option<Area>,
    }

    /// A part of a group's figure.
    CompositionGroupPart {
        /// The measure that is summed.
        part: String,
        /// The group's figure, over the members that entered the whole.
        figure: PartFigure,
        /// The area's part − the group's.
        difference: Option<f64>,
    }

    /// A group's figure and parts beside those of the area.
    CompositionGroup {
        /// The group's name.
        label: String,
        /// The grouping, such as ``"region"``.
        grouping: String,
        /// The group's code, text.
        group: String,
        /// How it was summarised.
        aggregator: &'static str,
        /// The group's figure of the whole.
        whole: PartFigure,
        /// Members that entered.
        n: usize,
        /// Members where the figure can exist.
        members: usize,
        /// n / members.
        coverage_areas: Option<f64>,
        /// Share of the members' denominator that entered.
        coverage_denominator: Option<f64>,
        /// Whether the area entered.
        includes_area: bool,
        /// The area's whole − the group's.
        difference: Option<f64>,
        /// The parts, in the order of those of the area; they add up to the whole.
        parts: Many<CompositionGroupPart>,
    }
}

/// What a figure is made of, part by part; the answer of ``Release.composition``.
///
/// As a table it has one row for each part and group; the rows of the whole have no part.
#[pyclass(frozen, extends = Answer, module = "kultti")]
pub(crate) struct Composition {
    result: Arc<core::Composition>,
    language: Language,
}

impl Composition {
    pub(crate) fn of(
        py: Python<'_>,
        release: &Arc<Release>,
        result: impl Into<Arc<core::Composition>>,
        language: Language,
    ) -> PyResult<Py<Self>> {
        let result = result.into();
        let base = Answer::of(release, Arc::clone(&result), language);
        Py::new(py, base.add_subclass(Self { result, language }))
    }

    fn figure(&self, figure: &core::PartFigure) -> PartFigure {
        PartFigure {
            value: figure.value,
            share: figure.share,
            status: figure.status.to_string(),
            missing: Missing::new(figure.missing, self.language),
        }
    }

    fn group(&self, group: &core::CompositionGroup) -> CompositionGroup {
        let parts = self.result.parts.iter().zip(&group.parts).zip(&group.differences);
        let part = |((part, figure), difference): ((&core::CompositionPart, _), &Option<f64>)| {
            CompositionGroupPart {
                part: part.measure.to_string(),
                figure: self.figure(figure),
                difference: *difference,
            }
        };
        CompositionGroup {
            label: group.row.name.get(self.language).to_owned(),
            grouping: group.grouping.clone(),
            group: group.row.group.to_string(),
            aggregator: group.row.aggregate.name(),
            whole: self.figure(&group.whole()),
            n: group.row.n,
            members: group.row.members,
            coverage_areas: group.row.coverage_areas,
            coverage_denominator: group.row.coverage_denominator,
            includes_area: group.includes_area,
            difference: group.difference,
            parts: parts.map(part).collect(),
        }
    }
}

#[pymethods]
impl Composition {
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

    /// The area's figure of the whole, whose share is 1.
    #[getter]
    fn whole(&self) -> PartFigure {
        self.figure(&self.result.whole)
    }

    /// The parts of the area's figure, in the order of the formula.
    #[getter]
    fn parts(&self) -> Many<CompositionPart> {
        let part = |part: &core::CompositionPart| CompositionPart {
            part: part.measure.to_string(),
            label: part.label.get(self.language).to_owned(),
            indicator: part.indicator.as_ref().map(ToString::to_string),
            figure: self.figure(&part.figure),
            host: part.host.as_ref().map(|host| Area::new(host, self.language)),
        };
        self.result.parts.iter().map(part).collect()
    }

    /// The groups.
    #[getter]
    fn peers(&self) -> Many<CompositionGroup> {
        self.result.groups.iter().map(|group| self.group(group)).collect()
    }

    /// Draws the parts of the area as bars, largest first, with those of the first group beside them.
    ///
    /// Returns:
    ///     A ``Chart``, which a notebook shows.
    ///
    /// Examples:
    ///     >>> release = kultti.example(language="en")
    ///     >>> made = release.composition("culture.net_operating_cost_per_inhabitant", "Kokkola", peers="country")
    ///     >>> made.plot().kind
    ///     'composition'
    fn plot(this: PyRef<'_, Self>) -> PyResult<Chart> {
        let py = this.py();
        this.into_super().into_super().plot(py, &ChartOptions::default())
    }
}
