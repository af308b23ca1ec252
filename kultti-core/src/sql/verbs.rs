//! How the verbs are asked from SQL.

use super::arguments::Arguments;
use super::columns::Holds::{Count, Flag, Number, Text};
use super::failure::{made, near};
use super::slices::SliceFunction;
use crate::compare::{CompareAllOptions, GroupsOptions, RankOptions, TrendOptions};
use crate::error::{Error, Result};
use crate::export::{Export, to_record_batch};
use crate::language::Language;
use crate::model::{AreaCode, Direction, Missing};
use crate::panel::{Borders, Slicer};
use crate::release::Release;
use crate::stats::Order;
use crate::territory::COUNTRY;
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, BooleanArray, Float64Array, RecordBatch, StringArray};
use datafusion::arrow::compute::concat_batches;
use std::sync::Arc;

/// The functions, by name.
pub(super) static FUNCTIONS: [SliceFunction; 5] = [
    SliceFunction {
        name: "compare",
        signature: "compare(indicator[, period][, order][, territory])",
        description: "sql.compare",
        columns: &[
            ("area", "area", Text),
            ("name", "name", Text),
            ("value", "value", Number),
            ("status", "status", Text),
            ("missing", "missing", Text),
            ("rank", "rank", Count),
            ("percent_rank", "percent_rank", Number),
            ("quartile", "quartile", Count),
            ("z", "z", Number),
            ("robust_z", "robust_z", Number),
            ("difference", "difference:country", Number),
            ("difference_relative", "difference_relative:country", Number),
            ("numerator", "numerator", Number),
            ("denominator", "denominator", Number),
            ("indicator", "indicator", Text),
            ("period", "period", Text),
        ],
        answer: compare,
    },
    SliceFunction {
        name: "rank",
        signature: "rank(indicator[, period][, order][, territory])",
        description: "sql.rank",
        columns: &[
            ("area", "code", Text),
            ("name", "name", Text),
            ("value", "value", Number),
            ("rank", "rank", Count),
            ("percent_rank", "percent_rank", Number),
            ("status", "status", Text),
            ("missing", "missing", Text),
            ("n", "n", Count),
            ("rank_order", "order", Text),
            ("indicator", "indicator", Text),
            ("definition", "definition", Text),
            ("period", "period", Text),
            ("territory", "territory", Text),
            ("unit", "unit", Text),
            ("notes", "notes", Text),
        ],
        answer: rank,
    },
    SliceFunction {
        name: "groups",
        signature: "groups(indicator, [period, ]grouping[, territory])",
        description: "sql.groups",
        columns: &[
            ("group_code", "group", Text),
            ("name", "name", Text),
            ("value", "value", Number),
            ("aggregator", "aggregator", Text),
            ("n", "n", Count),
            ("members", "members", Count),
            ("coverage_areas", "coverage_areas", Number),
            ("coverage_denominator", "coverage_denominator", Number),
            ("status", "status", Text),
            ("missing", "missing", Text),
            ("zeros", "zeros", Count),
            ("value_without_zeros", "value_without_zeros", Number),
            ("indicator", "indicator", Text),
            ("definition", "definition", Text),
            ("period", "period", Text),
            ("territory", "territory", Text),
            ("unit", "unit", Text),
            ("notes", "notes", Text),
        ],
        answer: groups,
    },
    SliceFunction {
        name: "trend",
        signature: "trend(indicator[, area\u{2026}][, from][, to][, territory])",
        description: "sql.trend",
        columns: &[
            ("area", "code", Text),
            ("name", "name", Text),
            ("period", "period", Text),
            ("value", "value", Number),
            ("change", "change", Number),
            ("change_relative", "change_relative", Number),
            ("index", "index", Number),
            ("status", "status", Text),
            ("missing", "missing", Text),
            ("change_missing", "change_missing", Text),
            ("index_missing", "index_missing", Text),
            ("slope", "slope", Number),
            ("slope_lower", "slope_lower", Number),
            ("slope_upper", "slope_upper", Number),
            ("intercept", "intercept", Number),
            ("tau", "tau", Number),
            ("p", "p", Number),
            ("n", "n", Count),
            ("trend_missing", "trend_missing", Text),
            ("indicator", "indicator", Text),
            ("definition", "definition", Text),
            ("territory", "territory", Text),
            ("unit", "unit", Text),
            ("notes", "notes", Text),
        ],
        answer: trend,
    },
    SliceFunction {
        name: "convert_territory",
        signature: "convert_territory(measure, period[, territory])",
        description: "sql.convert-territory",
        columns: &[
            ("area", "area", Text),
            ("name", "name", Text),
            ("value", "value", Number),
            ("status", "status", Text),
            ("missing", "missing", Text),
            ("merged", "merged", Flag),
            ("split", "split", Flag),
            ("measure", "measure", Text),
            ("period", "period", Text),
            ("territory", "territory", Text),
        ],
        answer: convert_territory,
    },
];

/// All areas in one indicator and period, by the kernel that compares everything.
fn compare(release: &Arc<Release>, language: Language, mut arguments: Arguments) -> Result<RecordBatch> {
    let id = arguments.next()?;
    let choices = arguments.choices(|_| false)?.within(1, 0, true)?;
    let indicator = release.catalogue().indicator(&id)?;
    let period = Slicer::new(release).period(indicator, choices.periods.first().copied())?;
    let country = |name: &str| format!("{name}:{COUNTRY}");
    let columns = [
        "rank".to_owned(),
        "percent_rank".to_owned(),
        "quartile".to_owned(),
        "z".to_owned(),
        "robust_z".to_owned(),
        country("difference"),
        country("difference_relative"),
        "numerator".to_owned(),
        "denominator".to_owned(),
    ];
    let mut options = CompareAllOptions::columns(columns)?
        .with_periods(period, period)
        .with_borders(choices.borders.unwrap_or_default());
    options.indicators = Some(id);
    // As for one area: the largest is first where nothing says which end is.
    let without = (indicator.direction == Direction::None).then_some(Order::Descending);
    options.order = choices.order.or(without);
    let all = release.compare_all(options)?;
    let mut batches = Vec::new();
    for part in all.parts(1) {
        part.compute(&mut |batch| {
            batches.push(batch);
            Ok(())
        })?;
    }
    let batch = concat_batches(&all.schema(), &batches).map_err(|cause| made(&cause))?;
    named(release, language, &batch)
}

/// The batch with the names of its areas.
fn named(release: &Release, language: Language, batch: &RecordBatch) -> Result<RecordBatch> {
    let codes = batch
        .column_by_name("area")
        .and_then(|areas| areas.as_dictionary_opt::<Int32Type>());
    let codes = codes.and_then(|areas| areas.downcast_dict::<StringArray>());
    let names: StringArray = codes
        .into_iter()
        .flatten()
        .map(|code| {
            release
                .territory()
                .area(code?)
                .map(|area| area.name.get(language).to_owned())
        })
        .collect();
    let fields = batch
        .schema_ref()
        .fields()
        .iter()
        .map(|field| field.name().clone());
    let columns = fields.zip(batch.columns().iter().cloned());
    let name: (String, ArrayRef) = ("name".into(), Arc::new(names));
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.chain([name]).map(|(field, array)| (field, array, true)),
    );
    batch.map_err(|cause| made(&cause))
}

fn table(answer: &impl Export, language: Language) -> Result<RecordBatch> {
    to_record_batch(&answer.table(language)).map_err(|cause| made(&cause))
}

fn rank(release: &Arc<Release>, language: Language, mut arguments: Arguments) -> Result<RecordBatch> {
    let indicator = arguments.next()?;
    let choices = arguments.choices(|_| false)?.within(1, 0, true)?;
    let options = RankOptions {
        period: choices.periods.first().copied(),
        order: choices.order,
        borders: choices.borders.unwrap_or_default(),
        ..RankOptions::default()
    };
    table(&release.rank(&indicator, options)?, language)
}

fn groups(release: &Arc<Release>, language: Language, mut arguments: Arguments) -> Result<RecordBatch> {
    let indicator = arguments.next()?;
    let territory = release.territory();
    let choices = arguments
        .choices(|text| territory.is_grouping(text))?
        .within(1, 1, false)?;
    let options = GroupsOptions {
        by: choices.one_name()?,
        period: choices.periods.first().copied(),
        borders: choices.borders.unwrap_or_default(),
        ..GroupsOptions::default()
    };
    table(&release.groups(&indicator, options)?, language)
}

fn trend(release: &Arc<Release>, language: Language, mut arguments: Arguments) -> Result<RecordBatch> {
    let indicator = arguments.next()?;
    let territory = release.territory();
    let choices = arguments
        .choices(|text| territory.area(text).is_some())?
        .within(2, usize::MAX, false)?;
    let everyone = || {
        territory
            .areas_on(territory.now())
            .codes()
            .iter()
            .map(ToString::to_string)
            .collect()
    };
    let options = TrendOptions {
        areas: if choices.names.is_empty() {
            everyone()
        } else {
            choices.names
        },
        from: choices.periods.first().copied(),
        to: choices.periods.get(1).copied(),
        borders: choices.borders.unwrap_or_default(),
        ..TrendOptions::default()
    };
    table(&release.trend(&indicator, options)?, language)
}

fn convert_territory(
    release: &Arc<Release>,
    language: Language,
    mut arguments: Arguments,
) -> Result<RecordBatch> {
    let id = arguments.next()?;
    let period = arguments.next()?.parse()?;
    let choices = arguments.choices(|_| false)?.within(0, 0, false)?;
    let catalogue = release.catalogue();
    let measure = catalogue
        .measure(&id.as_str().into())
        .ok_or_else(|| Error::UnknownMeasure {
            near: near(&id, catalogue.measures().map(|measure| measure.id.as_str())),
            measure: id.clone(),
        })?;
    let territory = release.territory();
    let date = choices.borders.unwrap_or(Borders::Now).date(territory, period)?;
    let slice = Slicer::new(release).measure(measure, period, date)?;
    let asked = [measure.id.to_string(), period.to_string(), date.to_string()];
    let [of_measure, of_period, of_date] = asked.each_ref().map(|text| Some(text.as_str()));
    let areas = territory.areas_on(date);
    let codes = || areas.codes().iter().map(AreaCode::as_str);
    let name = |code| territory.area(code).map(|area| area.name.get(language));
    let (figures, places) = (&slice.figures, 0..areas.len());
    let places = || places.clone();
    let letter = |place| Some(figures.letter(place).to_string());
    let columns = [
        ("area", array::<StringArray, _>(codes().map(Some))),
        ("name", array::<StringArray, _>(codes().map(name))),
        (
            "value",
            array::<Float64Array, _>(places().map(|place| figures.value(place))),
        ),
        ("status", array::<StringArray, _>(places().map(letter))),
        (
            "missing",
            array::<StringArray, _>(places().map(|place| figures.missing(place).map(Missing::code))),
        ),
        (
            "merged",
            array::<BooleanArray, _>(places().map(|place| Some(slice.is_merged(place)))),
        ),
        (
            "split",
            array::<BooleanArray, _>(places().map(|place| Some(slice.is_split(place)))),
        ),
        ("measure", array::<StringArray, _>(places().map(|_| of_measure))),
        ("period", array::<StringArray, _>(places().map(|_| of_period))),
        ("territory", array::<StringArray, _>(places().map(|_| of_date))),
    ];
    RecordBatch::try_from_iter(columns).map_err(|cause| made(&cause))
}

fn array<A: FromIterator<Option<T>> + Array + 'static, T>(
    cells: impl Iterator<Item = Option<T>>,
) -> ArrayRef {
    Arc::new(cells.collect::<A>())
}
