//! A comparison, and the groups inside it.

use crate::chart::Chart;
use crate::intervals::Interval;
use crate::record::{Area, GroupBands, Many, MemberRow, Missing, PeerGroup, Position, Unranked, whole};
use crate::table::{Answer, Table};
use kultti_core::compare as core;
use kultti_core::export::{self, Block, Document, Export};
use kultti_core::language::Language;
use kultti_core::release::Release;
use kultti_core::stats::{Band, RobustScale};
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyTuple};
use std::sync::Arc;

/// An area among all others and against the groups it belongs to; the answer of ``Release.compare``.
///
/// As a table it has one row for each group, with the area's own figures on every row.
#[pyclass(frozen, extends = Answer, module = "kultti")]
pub(crate) struct Comparison {
    result: Arc<core::Comparison>,
    language: Language,
}

impl Comparison {
    pub(crate) fn of(
        py: Python<'_>,
        release: &Arc<Release>,
        result: impl Into<Arc<core::Comparison>>,
        language: Language,
    ) -> PyResult<Py<Self>> {
        let result = result.into();
        let base = Answer::of(release, Arc::clone(&result), language);
        Py::new(py, base.add_subclass(Self { result, language }))
    }
}

#[pymethods]
impl Comparison {
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

    /// The area's figure, not rounded.
    #[getter]
    fn value(&self) -> Option<f64> {
        self.result.cell.value
    }

    /// The figure's numerator.
    #[getter]
    fn numerator(&self) -> Option<f64> {
        self.result.cell.numerator
    }

    /// The figure's denominator; that of the whole joint unit where the numerator is joint.
    #[getter]
    fn denominator(&self) -> Option<f64> {
        self.result.cell.denominator
    }

    /// SDMX letter of the value, or of its absence.
    #[getter]
    fn status(&self) -> String {
        self.result.cell.letter().to_string()
    }

    /// Why there is no value.
    #[getter]
    fn missing(&self) -> Option<Missing> {
        Missing::new(self.result.cell.missing, self.language)
    }

    /// The area's place among the areas of the country.
    #[getter]
    fn position(&self) -> Position {
        let position = &self.result.position;
        Position {
            rank: whole(position.rank),
            n: position.n,
            percent_rank: position.percent_rank,
            order: position.order.name(),
            unranked: position
                .unranked
                .iter()
                .map(|area| Unranked::new(area, self.language))
                .collect(),
        }
    }

    /// The members of the groups, group by group and by rank, where they were asked for; the area itself is marked.
    #[getter]
    fn list(&self) -> Many<MemberRow> {
        let groups = self.result.peers.iter();
        let rows = groups.flat_map(|group| group.standing.list.iter().map(move |row| (group, row)));
        rows.map(|(group, row)| member(group, row, self.language))
            .collect()
    }

    /// The figure's interval of chance; ``None`` where it was not asked for.
    #[getter]
    fn interval(&self) -> Option<Interval> {
        let found = self.result.intervals.as_ref()?;
        Some(Interval::new(found, self.language))
    }

    /// Draws the comparison.
    ///
    /// Args:
    ///     kind: ``"distribution"`` for all areas of the country as dots, with the area and its groups marked; ``"peers"`` for the
    ///         area beside its groups, with their members where they were asked for (``list=True``).
    ///
    /// Returns:
    ///     A ``Chart``, which a notebook shows.
    ///
    /// Raises:
    ///     InvalidArgumentError: If the kind is another one.
    ///
    /// Examples:
    ///     >>> release = kultti.example(language="en")
    ///     >>> c = release.compare("culture.net_operating_cost_per_inhabitant", "Kokkola", period=2019, peers="country")
    ///     >>> print(c.plot().description.replace("\u00a0", " "))
    ///     Kokkola 2019: 154.59 € / inhabitant, rank 46 of 308, largest first; compared with: Whole country 149.62.
    ///     >>> c.plot(kind="peers").kind
    ///     'peers'
    #[pyo3(signature = (kind="distribution"))]
    fn plot(this: PyRef<'_, Self>, kind: &str) -> PyResult<Chart> {
        let py = this.py();
        this.into_super().into_super().plot_as(py, kind, None)
    }

    /// The groups that the area is compared with.
    #[getter]
    fn peers(&self, py: Python<'_>) -> PyResult<Py<PeerGroups>> {
        let groups = self
            .result
            .peers
            .iter()
            .enumerate()
            .map(|(place, group)| peer(group, (&self.result, place), self.language))
            .collect::<Many<_>>();
        let table = Table::new(Arc::new(Peers(Arc::clone(&self.result))), self.language);
        let rows = groups.into_pyobject(py)?.unbind();
        Py::new(
            py,
            PyClassInitializer::from(table).add_subclass(PeerGroups { rows }),
        )
    }
}

/// The groups of a comparison: a sequence of ``PeerGroup``, and a table with one row for each.
#[pyclass(frozen, extends = Table, module = "kultti")]
pub(crate) struct PeerGroups {
    rows: Py<PyTuple>,
}

#[pymethods]
impl PeerGroups {
    fn __len__(&self, py: Python<'_>) -> usize {
        self.rows.bind(py).len()
    }

    fn __getitem__<'py>(&self, key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.rows.bind(key.py()).as_any().get_item(key)
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.rows.bind(py).try_iter()
    }
}

fn peer(
    group: &core::PeerGroup,
    (result, place): (&core::Comparison, usize),
    language: Language,
) -> PeerGroup {
    let row = &group.row;
    let found = result.intervals.as_ref();
    let own = found.and_then(|found| found.groups.get(place));
    let limits = own.and_then(|own| own.interval);
    let significance = found.and_then(|found| found.bands.get(place).copied().flatten());
    PeerGroup {
        label: row.name.get(language).to_owned(),
        grouping: group.grouping.clone(),
        group: row.group.to_string(),
        aggregator: row.aggregate.name(),
        value: row.value,
        status: row.status.to_string(),
        missing: Missing::new(row.missing, language),
        n: row.n,
        members: row.members,
        coverage_areas: row.coverage_areas,
        coverage_denominator: row.coverage_denominator,
        includes_area: group.includes_area,
        difference: group.difference,
        difference_relative: group.difference_relative,
        zeros: row.zeros,
        value_without_zeros: row.value_without_zeros,
        z: group.standing.z,
        robust_z: group.standing.robust_z,
        robust_scale: group.standing.robust_scale.map(|scale| match scale {
            RobustScale::MedianAbsoluteDeviation => "median-absolute-deviation",
            RobustScale::MeanAbsoluteDeviation => "mean-absolute-deviation",
        }),
        difference_budget: group.standing.difference_budget,
        bands: group.standing.bands.as_ref().map(bands),
        lower: limits.map(|interval| interval.lower),
        upper: limits.map(|interval| interval.upper),
        interval_missing: Missing::new(own.and_then(|own| own.missing), language),
        significance: significance.map(core::Significance::name),
    }
}

fn band(band: Option<Band>) -> Option<&'static str> {
    band.map(|band| match band {
        Band::Best => "best",
        Band::Middle => "middle",
        Band::Worst => "worst",
    })
}

fn bands(bands: &core::GroupBands) -> GroupBands {
    let [best, middle, worst] = bands.counts;
    GroupBands {
        method: bands.method,
        band: band(bands.band),
        lower_cut: bands.lower_cut,
        upper_cut: bands.upper_cut,
        n: bands.n,
        ties: bands.ties,
        best,
        middle,
        worst,
        source: bands.source.clone(),
    }
}

fn member(group: &core::PeerGroup, row: &core::MemberRow, language: Language) -> MemberRow {
    MemberRow {
        grouping: group.grouping.clone(),
        group: group.row.group.to_string(),
        code: row.area.code.to_string(),
        name: row.area.name.get(language).to_owned(),
        own: row.own,
        value: row.cell.value,
        status: row.cell.letter().to_string(),
        missing: Missing::new(row.cell.missing, language),
        rank: whole(row.rank),
        difference: row.difference,
        band: band(row.band),
    }
}

/// The part of a comparison that is about its groups.
struct Peers(Arc<core::Comparison>);

impl Export for Peers {
    fn table(&self, language: Language) -> export::Table {
        self.0.table(language)
    }

    fn json(&self, language: Language) -> serde_json::Value {
        self.0
            .json(language)
            .get_mut("peers")
            .map(serde_json::Value::take)
            .unwrap_or_default()
    }

    fn document(&self, language: Language) -> Document {
        let mut document = self.0.document(language);
        document.blocks.retain(|block| matches!(block, Block::Grid(_)));
        document
    }
}
