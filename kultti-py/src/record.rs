//! The small records inside results: plain data with named fields, equal when their fields are.

use crate::spelling::in_python;
use kultti_core::compare as core;
use kultti_core::language::{Language, word};
use kultti_core::model;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// Several values; a tuple in Python.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Many<T>(pub(crate) Vec<T>);

impl<'py, T: IntoPyObject<'py>> IntoPyObject<'py> for Many<T> {
    type Target = PyTuple;
    type Output = Bound<'py, PyTuple>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0)
    }
}

impl<T> FromIterator<T> for Many<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(items.into_iter().collect())
    }
}

/// A record on one line: `Note(code='small-area', …)`.
pub(crate) fn shown(record: &Bound<'_, PyAny>, fields: &[&str]) -> PyResult<String> {
    let field = |name: &&str| Ok(format!("{name}={}", record.getattr(*name)?.repr()?));
    let fields = fields.iter().map(field).collect::<PyResult<Vec<_>>>()?;
    Ok(format!("{}({})", record.get_type().name()?, fields.join(", ")))
}

/// Classes of plain data.
macro_rules! records {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[pyo3::pyclass(frozen, eq, get_all, module = "kultti")]
        #[derive(Debug, Clone, PartialEq)]
        pub(crate) struct $name { $($(#[$field_doc])* pub(crate) $field: $type,)* }

        #[pymethods]
        impl $name {
            #[classattr]
            #[pyo3(name = "__match_args__")]
            fn fields() -> Many<&'static str> {
                Many(vec![$(stringify!($field)),*])
            }

            fn __repr__(this: &Bound<'_, Self>) -> PyResult<String> {
                shown(this.as_any(), &[$(stringify!($field)),*])
            }

            fn __hash__(this: &Bound<'_, Self>) -> PyResult<isize> {
                let fields = [$(this.getattr(stringify!($field))?),*];
                PyTuple::new(this.py(), fields)?.hash()
            }
        }
    )*};
}
pub(crate) use records;

records! {
    /// An area: a municipality, or another unit of the territory.
    Area {
        /// Code, text with its leading zeros: ``"005"``.
        code: String,
        /// Name, in the language of the release.
        name: String,
    }

    /// A column of a comparison of everything, in figures.
    ColumnSummary {
        /// The name asked for.
        column: String,
        /// Rows with a value.
        n: u64,
        /// Rows without.
        missing: u64,
        /// Sum of the values.
        sum: f64,
        /// Smallest; ``None`` without values.
        min: Option<f64>,
        /// Largest.
        max: Option<f64>,
        /// Sixteen hexadecimal digits, the same for equal results whatever the number of threads.
        checksum: String,
    }

    /// A step of a calculation.
    DerivationStep {
        /// Stable code, such as ``"group-value"``.
        step: String,
        /// What is computed, in words.
        text: String,
        /// The formula in symbols.
        formula: String,
        /// The formula with numbers in it.
        formula_with_numbers: String,
        /// What comes out.
        value: Option<f64>,
        /// Why nothing does.
        missing: Option<Missing>,
    }

    /// A figure that entered a result.
    ExplainedFigure {
        /// Code of the area.
        code: String,
        /// Name of the area.
        name: String,
        /// The figure, not rounded.
        value: Option<f64>,
        /// Its numerator.
        numerator: Option<f64>,
        /// Its denominator; that of the whole joint unit where the numerator is joint.
        denominator: Option<f64>,
        /// SDMX letter.
        status: String,
        /// Why there is no value.
        missing: Option<Missing>,
        /// The formula with numbers in it.
        formula_with_numbers: String,
        /// The measures, each with its observations.
        measures: Many<MeasureUse>,
    }

    /// The figures of one indicator in one period that entered a result.
    ExplainedInput {
        /// The indicator's id.
        indicator: String,
        /// Its name.
        label: String,
        /// The period, text.
        period: String,
        /// The borders: an ISO date.
        territory: String,
        /// Real prices, such as ``"cpi@2018"``.
        price_basis: Option<String>,
        /// The two index numbers of real prices.
        deflator: Option<Deflator>,
        /// The formula as the catalogue has it.
        formula: String,
        /// What the ratio is multiplied by.
        multiplier: f64,
        /// The figures.
        figures: Many<ExplainedFigure>,
    }

    /// Why there is no value.
    Missing {
        /// Stable code, such as ``"included"``.
        code: String,
        /// The reason in words.
        text: String,
    }

    /// Something to keep in mind when reading a result.
    Note {
        /// Stable code, such as ``"direction-none"``.
        code: String,
        /// ``"info"`` or ``"warning"``.
        severity: String,
        /// The remark in words.
        text: String,
    }

    /// An area without a rank.
    Unranked {
        /// Code.
        code: String,
        /// Name.
        name: String,
        /// SDMX letter.
        status: String,
        /// Why it has no value; ``None`` for one that is only too small to be ranked.
        missing: Option<Missing>,
    }

    /// The place of an area among others.
    Position {
        /// Rank, 1 first; ``None`` for an area without one.
        rank: Option<i64>,
        /// Areas ranked.
        n: usize,
        /// (strictly worse) / (n − 1), a fraction.
        percent_rank: Option<f64>,
        /// ``"ascending"`` or ``"descending"``: which end is first.
        order: &'static str,
        /// Areas without a rank.
        unranked: Many<Unranked>,
    }

    /// A group that an area is compared with.
    PeerGroup {
        /// The group's name.
        label: String,
        /// The grouping, such as ``"region"``.
        grouping: String,
        /// The group's code, text.
        group: String,
        /// How it was summarised.
        aggregator: &'static str,
        /// The group's value.
        value: Option<f64>,
        /// SDMX letter.
        status: String,
        /// Why there is no value.
        missing: Option<Missing>,
        /// Members that entered.
        n: usize,
        /// Members where the figure can exist.
        members: usize,
        /// n / members.
        coverage_areas: Option<f64>,
        /// Share of the members' denominator that entered.
        coverage_denominator: Option<f64>,
        /// Whether the area is a member.
        includes_area: bool,
        /// Value of the area − value of the group.
        difference: Option<f64>,
        /// The same as a fraction of the group's value.
        difference_relative: Option<f64>,
        /// Members whose numerator is exactly zero.
        zeros: usize,
        /// The value without them, where a zero may mean a joint arrangement.
        value_without_zeros: Option<f64>,
        /// (x − mean)/s over the members' values, whether the area is one of them or not.
        z: Option<f64>,
        /// (x − median)/scale over the members' values.
        robust_z: Option<f64>,
        /// ``"median-absolute-deviation"``, or ``"mean-absolute-deviation"`` where the first is 0.
        robust_scale: Option<&'static str>,
        /// For a ratio of money: the difference in the money of the area's budget.
        difference_budget: Option<f64>,
        /// The bands, where they were asked for and the group has enough values.
        bands: Option<GroupBands>,
        /// Lower limit of chance, where intervals were asked for.
        lower: Option<f64>,
        /// Upper limit of chance.
        upper: Option<f64>,
        /// Why there is no interval.
        interval_missing: Option<Missing>,
        /// The area's interval against the group's value: ``"better"``, ``"similar"``, ``"worse"``, or ``"higher"`` and
        /// ``"lower"`` where neither end is better.
        significance: Option<&'static str>,
    }

    /// The bands of a group, with what is needed to check them.
    GroupBands {
        /// ``"relative"`` or ``"absolute"``.
        method: &'static str,
        /// The area's own band: ``"best"``, ``"middle"`` or ``"worst"``.
        band: Option<&'static str>,
        /// The lower cut.
        lower_cut: f64,
        /// The upper cut.
        upper_cut: f64,
        /// Members with a value.
        n: usize,
        /// Members whose value equals a cut.
        ties: usize,
        /// Members in the best band.
        best: usize,
        /// Members in the middle band.
        middle: usize,
        /// Members in the worst band.
        worst: usize,
        /// Where absolute thresholds come from.
        source: Option<String>,
    }

    /// A member of a group beside the area.
    MemberRow {
        /// The grouping.
        grouping: String,
        /// The group's code.
        group: String,
        /// Code of the member.
        code: String,
        /// Name of the member.
        name: String,
        /// Whether it is the area that was asked about.
        own: bool,
        /// The figure.
        value: Option<f64>,
        /// SDMX letter.
        status: String,
        /// Why there is no value.
        missing: Option<Missing>,
        /// Rank among the members and the area; ``None`` for one without.
        rank: Option<i64>,
        /// Value of the area − value of the member.
        difference: Option<f64>,
        /// Its band, where bands were asked for.
        band: Option<&'static str>,
    }

    /// A row of a ranking.
    RankRow {
        /// Code.
        code: String,
        /// Name.
        name: String,
        /// The figure.
        value: Option<f64>,
        /// Rank, 1 first; ``None`` for an area without one.
        rank: Option<i64>,
        /// (strictly worse) / (n − 1), a fraction.
        percent_rank: Option<f64>,
        /// SDMX letter.
        status: String,
        /// Why there is no value.
        missing: Option<Missing>,
    }

    /// A row of group figures.
    GroupRow {
        /// The group's code, text.
        group: String,
        /// The group's name.
        name: String,
        /// The value.
        value: Option<f64>,
        /// How it was summarised.
        aggregator: &'static str,
        /// Members that entered.
        n: usize,
        /// Members where the figure can exist.
        members: usize,
        /// n / members.
        coverage_areas: Option<f64>,
        /// Share of the members' denominator that entered.
        coverage_denominator: Option<f64>,
        /// SDMX letter.
        status: String,
        /// Why there is no value.
        missing: Option<Missing>,
        /// Members whose numerator is exactly zero.
        zeros: usize,
        /// The value without them, where a zero may mean a joint arrangement.
        value_without_zeros: Option<f64>,
        /// Lower limit of chance, where intervals were asked for.
        lower: Option<f64>,
        /// Upper limit of chance.
        upper: Option<f64>,
        /// Why there is no interval.
        interval_missing: Option<Missing>,
    }

    /// A point of a series.
    TrendPoint {
        /// Code of the area.
        code: String,
        /// Name of the area.
        name: String,
        /// The period.
        period: String,
        /// The figure, in real prices if they were asked for.
        value: Option<f64>,
        /// Difference to the period before.
        change: Option<f64>,
        /// The same as a fraction of the period before.
        change_relative: Option<f64>,
        /// Why there is no change where both figures are there.
        change_missing: Option<Missing>,
        /// The first value of the series, or the base asked for, = 100.
        index: Option<f64>,
        /// Why there is no index where there is a figure.
        index_missing: Option<Missing>,
        /// What the figure was multiplied by to stand on the level after the breaks that were chained.
        chain_factor: Option<f64>,
        /// For a group: the index on the areas that have a figure in the first period and in this one.
        index_direct: Option<f64>,
        /// For a group: chained/direct - 1.
        drift: Option<f64>,
        /// The series' change per year, by Theil and Sen.
        slope: Option<f64>,
        /// The lower end of Sen's 95 % interval.
        slope_lower: Option<f64>,
        /// Its upper end.
        slope_upper: Option<f64>,
        /// The height of the line in the first period.
        intercept: Option<f64>,
        /// Pairs that rise minus pairs that fall.
        s: Option<i64>,
        /// Kendall's tau-b.
        tau: Option<f64>,
        /// The two-sided probability of Mann and Kendall.
        p: Option<f64>,
        /// Figures that entered the trend; for a group the areas of its value.
        n: Option<usize>,
        /// ``"exact"`` or ``"normal"``.
        method: Option<&'static str>,
        /// Why there is no trend.
        trend_missing: Option<Missing>,
        /// SDMX letter.
        status: String,
        /// Why there is no value.
        missing: Option<Missing>,
        /// The figure in the money of its own year.
        value_nominal: Option<f64>,
    }

    /// An observation behind a figure.
    Observation {
        /// Code of the area it was made for.
        area: String,
        /// The period it was made in.
        period: String,
        /// Its value.
        value: Option<f64>,
        /// SDMX letter.
        status: String,
        /// Why it has no value.
        missing: Option<Missing>,
        /// The share of it that was used.
        share: f64,
        /// The date of the borders it stands on.
        territory: String,
        /// The table it came from.
        origin: String,
        /// What the table says of it.
        note: Option<String>,
    }

    /// Cost per inhabitant = cost per use × uses per inhabitant.
    UseFigures {
        /// The cost per inhabitant.
        cost_per_inhabitant: Option<f64>,
        /// The cost per use.
        cost_per_use: Option<f64>,
        /// The uses per inhabitant.
        uses_per_inhabitant: Option<f64>,
        /// SDMX letter of the three.
        status: String,
        /// Why one of them is missing.
        missing: Option<Missing>,
    }

    /// A difference in the two factors it is made of.
    UseDifference {
        /// Cost per inhabitant of the area − that of the group.
        total: f64,
        /// What comes from the cost per use.
        by_cost_per_use: f64,
        /// What comes from the uses per inhabitant.
        by_uses: f64,
        /// Logarithm of the ratio of the costs per use.
        log_cost_per_use: f64,
        /// Logarithm of the ratio of the uses per inhabitant.
        log_uses: f64,
    }

    /// A group's cost and use beside those of the area.
    UseGroup {
        /// The group's name.
        label: String,
        /// The grouping, such as ``"region"``.
        grouping: String,
        /// The group's code, text.
        group: String,
        /// Ratios of sums over the same members.
        figures: UseFigures,
        /// Members with cost, use and inhabitants.
        n: usize,
        /// Members where the figure can exist.
        members: usize,
        /// n / members.
        coverage_areas: Option<f64>,
        /// Share of the members' inhabitants that entered.
        coverage_denominator: Option<f64>,
        /// Whether the area entered.
        includes_area: bool,
        /// The area's difference to the group.
        difference: Option<UseDifference>,
    }

    /// A cost with one use of it.
    UsePair {
        /// The pair's id in the catalogue.
        pair: String,
        /// The use.
        label: String,
        /// The indicator of the cost per use.
        cost_per_use: String,
        /// The indicator of the uses per inhabitant.
        uses_per_inhabitant: String,
        /// The area's figures.
        figures: UseFigures,
        /// The groups.
        peers: Many<UseGroup>,
    }

    /// A coefficient of a model, on the log scale.
    Coefficient {
        /// A variable that is one unit larger goes with exp(estimate) times the value.
        estimate: f64,
        /// Its standard error.
        standard_error: f64,
        /// Estimate by standard error.
        t: f64,
    }

    /// A variable of a model.
    ExpectedModelVariable {
        /// The indicator's id.
        indicator: String,
        /// Its name.
        label: String,
        /// The period of its figures.
        period: String,
        /// Whether its natural logarithm enters.
        log: bool,
        /// Its mean over the areas of the model, as it enters.
        mean: f64,
        /// What it does.
        coefficient: Coefficient,
        /// Why it is in the model, where the catalogue chose it.
        reason: Option<String>,
    }

    /// The indicator of capacity beside expected costs.
    Capacity {
        /// The indicator's id.
        indicator: String,
        /// Its name.
        label: String,
        /// The period of its figures, text.
        period: String,
    }

    /// What explains a cost.
    ExpectedModel {
        /// ``id@version`` of the catalogue's model; ``None`` for variables that were chosen.
        definition: Option<String>,
        /// ``"log"`` or ``"quasi-poisson"``.
        method: &'static str,
        /// The constant.
        constant: Coefficient,
        /// The variables.
        variables: Many<ExpectedModelVariable>,
        /// 1.4826·MAD of the weighted residuals; the root of the dispersion for quasi-Poisson.
        sigma: f64,
        /// Weighted R² on the log scale; the share of deviance for quasi-Poisson.
        r2: f64,
        /// Areas in the model.
        n: usize,
        /// Areas of the country in the measures' scope.
        members: usize,
        /// n less the number of coefficients.
        degrees_of_freedom: usize,
        /// Steps of the iteration.
        iterations: usize,
        /// What is expected where every variable has its mean.
        at_means: f64,
    }

    /// An area's cost beside the one expected of it.
    ExpectedRow {
        /// Code.
        code: String,
        /// Name.
        name: String,
        /// The figure.
        value: Option<f64>,
        /// What is typical of such a structure: an estimate.
        expected: Option<f64>,
        /// Lower end of the prediction interval.
        lower: Option<f64>,
        /// Upper end.
        upper: Option<f64>,
        /// value − expected.
        difference: Option<f64>,
        /// value / expected − 1, a fraction.
        residual: Option<f64>,
        /// ln(value / expected).
        residual_log: Option<f64>,
        /// The residual with a model that has not seen the area.
        leave_one_out: Option<f64>,
        /// The difference in money of the area's own budget.
        budget_difference: Option<f64>,
        /// Huber's weight, 0 to 1.
        weight: Option<f64>,
        /// Whether the area is one of those that made the model.
        in_model: bool,
        /// What it can afford, where the catalogue names a measure of it: not in the model.
        capacity: Option<f64>,
        /// SDMX letter.
        status: String,
        /// Why there is no value.
        missing: Option<Missing>,
    }

    /// What one variable does to the expected cost of one area.
    VariableContribution {
        /// The variable's indicator.
        indicator: String,
        /// The area's value.
        value: f64,
        /// The mean it is held against.
        typical: f64,
        /// The expected cost is the one at the means times the factors of all variables.
        factor: f64,
    }

    /// An area that did not enter a model.
    UnmodelledArea {
        /// Code.
        code: String,
        /// Name.
        name: String,
        /// SDMX letter of its figure.
        status: String,
        /// Stable code of the reason, such as ``"reason.not-positive"``.
        reason: String,
        /// The reason in words.
        text: String,
    }

    /// A measure that went into a figure.
    MeasureUse {
        /// The measure's id.
        measure: String,
        /// Its name.
        label: String,
        /// ``"numerator"`` or ``"denominator"``.
        side: &'static str,
        /// Its unit as people write it.
        unit: String,
        /// Its figure for the area.
        value: Option<f64>,
        /// SDMX letter.
        status: String,
        /// Why there is no value.
        missing: Option<Missing>,
        /// The register.
        source: String,
        /// The observations behind it.
        observations: Many<Observation>,
    }

    /// Two index numbers that turn the money of one year into that of another.
    Deflator {
        /// Index number of the period.
        index: f64,
        /// Index number of the base year.
        base: f64,
        /// The power of money in the unit.
        power: i32,
    }

    /// An area and the days it existed.
    AreaRow {
        /// Code, text with its leading zeros.
        code: String,
        /// Name in the language of the release.
        name: String,
        /// Finnish name.
        name_fi: String,
        /// Swedish name, where there is one.
        name_sv: Option<String>,
        /// First day; ``None`` for one older than the register.
        valid_from: Option<String>,
        /// Last day; ``None`` while it exists.
        valid_to: Option<String>,
        /// Code of what it became part of.
        successor: Option<String>,
    }

    /// What came of writing a site.
    SiteWritten {
        /// Pages of the site, in all languages.
        pages: usize,
        /// Bytes of all files.
        bytes: u64,
        /// Files that were written, because they are new or have changed: their names in the folder.
        written: Many<String>,
        /// Files of a site made before that are no longer part of it.
        removed: Many<String>,
        /// Files that were already as they should be.
        unchanged: usize,
        /// What the site lacks, and what to do about it.
        remarks: Many<String>,
    }

    /// What a verification went through.
    Verification {
        /// The release's id, confirmed.
        id: String,
        /// Measures read.
        measures: usize,
        /// Rows read.
        rows: usize,
    }
}

/// A rank, which is whole because ties share the smallest one.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "at most the number of areas"
)]
pub(crate) fn whole(rank: Option<f64>) -> Option<i64> {
    rank.map(|rank| rank as i64)
}

impl Area {
    pub(crate) fn new(area: &core::AreaLabel, language: Language) -> Self {
        Self {
            code: area.code.to_string(),
            name: area.name.get(language).to_owned(),
        }
    }
}

impl Missing {
    pub(crate) fn new(missing: Option<model::Missing>, language: Language) -> Option<Self> {
        let made = |reason: model::Missing| Self {
            code: reason.code().to_owned(),
            text: word(reason.message_code(), language).to_owned(),
        };
        missing.map(made)
    }
}

impl Note {
    pub(crate) fn new(note: &core::Note, language: Language) -> Self {
        Self {
            code: note.code().to_owned(),
            severity: note.severity.name().to_owned(),
            text: in_python(&note.message.render(language)),
        }
    }
}

impl Unranked {
    pub(crate) fn new(unranked: &core::Unranked, language: Language) -> Self {
        Self {
            code: unranked.area.code.to_string(),
            name: unranked.area.name.get(language).to_owned(),
            status: unranked.status.to_string(),
            missing: Missing::new(unranked.missing, language),
        }
    }
}
