//! Results as Arrow: what Python frames and query engines read without a copy.

use super::table::{Table, Value};
use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use std::sync::Arc;

/// A machine table as an Arrow record batch.
///
/// Text is `utf8`, numbers `float64`, counts `int64`, yes and no `bool`; reasons and notes are their codes (`;` between
/// several). Missing values are null, never NaN.
///
/// # Errors
/// [`ArrowError`] when a row is shorter than the header.
///
/// ```
/// use kultti_core::export::{Export, to_record_batch};
/// use kultti_core::language::Language;
/// use kultti_core::release::Release;
/// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
/// let groups = release.groups("culture.net_operating_cost_per_inhabitant", "region")?;
/// let batch = to_record_batch(&groups.table(Language::En)).unwrap();
/// assert_eq!(batch.num_rows(), 19);
/// assert_eq!(batch.schema().field(2).name(), "value");
/// # Ok::<(), kultti_core::Error>(())
/// ```
pub fn to_record_batch(table: &Table) -> Result<RecordBatch, ArrowError> {
    let notes = table.note_codes();
    let mut fields = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for (index, name) in table.columns.iter().enumerate() {
        let cells = || table.rows.iter().map(move |row| row.get(index));
        let array: ArrayRef = match data_type(name, table.rows.first().and_then(|row| row.get(index))) {
            DataType::Float64 => Arc::new(
                cells()
                    .map(|cell| match cell {
                        Some(Value::Number(number)) => number.filter(|number| number.is_finite()),
                        _ => None,
                    })
                    .collect::<Float64Array>(),
            ),
            DataType::Int64 => Arc::new(
                cells()
                    .map(|cell| match cell {
                        Some(Value::Count(count)) => i64::try_from(*count).ok(),
                        // Ties share the smallest rank, so ranks are whole.
                        #[expect(
                            clippy::cast_possible_truncation,
                            reason = "a rank is at most the number of areas"
                        )]
                        Some(Value::Number(number)) => number.map(|number| number as i64),
                        _ => None,
                    })
                    .collect::<Int64Array>(),
            ),
            DataType::Boolean => Arc::new(
                cells()
                    .map(|cell| match cell {
                        Some(Value::Flag(flag)) => Some(*flag),
                        _ => None,
                    })
                    .collect::<BooleanArray>(),
            ),
            _ => Arc::new(cells().map(|cell| text(cell, &notes)).collect::<StringArray>()),
        };
        fields.push(Field::new(*name, array.data_type().clone(), true));
        arrays.push(array);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
}

fn text(cell: Option<&Value>, notes: &str) -> Option<String> {
    match cell {
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Missing(missing)) => missing.map(|reason| reason.code().to_owned()),
        Some(Value::Notes) => Some(notes.to_owned()),
        _ => None,
    }
}

/// Columns of figures.
const NUMBERS: [&str; 83] = [
    "value",
    "value_before",
    "value_after",
    "coverage_denominator_before",
    "coverage_denominator_after",
    "chain_factor",
    "index_direct",
    "drift",
    "slope",
    "slope_lower",
    "slope_upper",
    "intercept",
    "tau",
    "p",
    "value_from",
    "value_to",
    "absolute",
    "relative",
    "cagr",
    "price",
    "volume",
    "population",
    "within",
    "between",
    "area_from",
    "area_to",
    "area_absolute",
    "area_relative",
    "area_within",
    "area_between",
    "area_value",
    "area_share",
    "figure",
    "measure_value",
    "percent_rank",
    "coverage_areas",
    "coverage_denominator",
    "difference",
    "difference_relative",
    "change",
    "change_relative",
    "index",
    "value_nominal",
    "value_without_zeros",
    "share",
    "sum",
    "min",
    "max",
    "gini",
    "theil",
    "theil_within",
    "theil_between",
    "mean",
    "share_numerator",
    "share_denominator",
    "lower",
    "upper",
    "area_lower",
    "area_upper",
    "numerator",
    "denominator",
    "level",
    "score",
    "lower_95",
    "upper_95",
    "lower_998",
    "upper_998",
    "expected",
    "residual",
    "residual_log",
    "leave_one_out",
    "budget_difference",
    "weight",
    "r2",
    "sigma",
    "cost_per_inhabitant",
    "cost_per_use",
    "uses_per_inhabitant",
    "group_cost_per_inhabitant",
    "group_cost_per_use",
    "group_uses_per_inhabitant",
    "difference_by_cost_per_use",
    "difference_by_uses",
];

/// Columns of counts.
const COUNTS: [&str; 19] = [
    "rank_before",
    "rank_after",
    "places",
    "ranked_before",
    "ranked_after",
    "n_before",
    "n_after",
    "members_before",
    "members_after",
    "s",
    "n",
    "n_missing",
    "rank",
    "members",
    "ranked",
    "zeros",
    "rows",
    "indicators",
    "slices",
];

/// Columns of yes and no.
const FLAGS: [&str; 8] = [
    "redefined",
    "includes_area",
    "small_base",
    "in_model",
    "three_year",
    "reciprocal",
    "own",
    "log",
];

/// The type of a column: by name, so that an empty table has the schema of a full one, and where the name is not listed by
/// what stands in it, so that nothing is lost.
fn data_type(column: &str, first: Option<&Value>) -> DataType {
    if NUMBERS.contains(&column) {
        DataType::Float64
    } else if COUNTS.contains(&column) {
        DataType::Int64
    } else if FLAGS.contains(&column) {
        DataType::Boolean
    } else {
        match first {
            Some(Value::Number(_)) => DataType::Float64,
            Some(Value::Count(_)) => DataType::Int64,
            Some(Value::Flag(_)) => DataType::Boolean,
            _ => DataType::Utf8,
        }
    }
}
