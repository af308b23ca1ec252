//! Cells of columns of any type.

use super::texts::numbers;
use crate::formats::flat::FlatCell;
use crate::model::Date;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowTemporalType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    DecimalType, Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use std::borrow::Cow;
use std::fmt::Display;

/// Whole numbers up to this one are 64-bit floats.
const MOST_EXACT: u64 = 1 << 53;
const SECONDS_OF_A_DAY: i64 = 86_400;

/// Whether the cells of a type can be those of a table.
pub(in crate::formats) fn is_readable(kind: &DataType) -> bool {
    match kind {
        // Nulls take no room in a file, and a dictionary of them may have any number.
        DataType::Dictionary(_, values) => **values != DataType::Null && is_readable(values),
        DataType::Null
        | DataType::Boolean
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Date32
        | DataType::Date64
        | DataType::Timestamp(..) => true,
        other => other.is_numeric(),
    }
}

/// The cells of a column: a null, NaN and an empty text are nothing; a whole number that no float can hold is its digits.
pub(in crate::formats) fn cells(column: &ArrayRef) -> Vec<FlatCell<'_>> {
    if let Some(dictionary) = column.as_any_dictionary_opt() {
        let values = cells(dictionary.values());
        if values.is_empty() {
            return vec![FlatCell::Empty; column.len()];
        }
        let keys = dictionary.normalized_keys().into_iter().enumerate();
        let cell = |(row, key): (usize, usize)| {
            let value = values.get(key).filter(|_| !column.is_null(row));
            value.cloned().unwrap_or(FlatCell::Empty)
        };
        return keys.map(cell).collect();
    }
    match column.data_type() {
        DataType::Utf8 => texts(column.as_string::<i32>().iter()),
        DataType::LargeUtf8 => texts(column.as_string::<i64>().iter()),
        DataType::Utf8View => texts(column.as_string_view().iter()),
        DataType::Boolean => spelt(column.as_boolean().iter()),
        DataType::Int64 => {
            let exact = |number: &i64| number.unsigned_abs() <= MOST_EXACT;
            whole(column.as_primitive::<Int64Type>().iter(), exact, |number| {
                number as f64
            })
        }
        DataType::UInt64 => {
            let exact = |number: &u64| *number <= MOST_EXACT;
            whole(column.as_primitive::<UInt64Type>().iter(), exact, |number| {
                number as f64
            })
        }
        DataType::Decimal32(..) => decimals::<Decimal32Type>(column),
        DataType::Decimal64(..) => decimals::<Decimal64Type>(column),
        DataType::Decimal128(..) => decimals::<Decimal128Type>(column),
        DataType::Decimal256(..) => decimals::<Decimal256Type>(column),
        DataType::Date32 => moments::<Date32Type>(column, |days| (i64::from(days) * SECONDS_OF_A_DAY, 0)),
        DataType::Date64 => moments::<Date64Type>(column, |milli| parts(milli, 1_000)),
        DataType::Timestamp(unit, _) => match unit {
            TimeUnit::Second => moments::<TimestampSecondType>(column, |second| (second, 0)),
            TimeUnit::Millisecond => moments::<TimestampMillisecondType>(column, |at| parts(at, 1_000)),
            TimeUnit::Microsecond => moments::<TimestampMicrosecondType>(column, |at| parts(at, 1_000_000)),
            TimeUnit::Nanosecond => moments::<TimestampNanosecondType>(column, |at| parts(at, 1_000_000_000)),
        },
        _ => match numbers(column) {
            Some(numbers) => numbers.into_iter().map(number).collect(),
            None => vec![FlatCell::Empty; column.len()],
        },
    }
}

fn texts<'r>(texts: impl Iterator<Item = Option<&'r str>>) -> Vec<FlatCell<'r>> {
    texts
        .map(|text| text.map_or(FlatCell::Empty, FlatCell::of_text))
        .collect()
}

fn spelt<'r>(values: impl Iterator<Item = Option<impl Display>>) -> Vec<FlatCell<'r>> {
    values
        .map(|value| value.map_or(FlatCell::Empty, |value| text(value.to_string())))
        .collect()
}

fn text<'r>(text: String) -> FlatCell<'r> {
    FlatCell::Text(Cow::Owned(text))
}

/// A number that is none is a missing figure; one without end is left for the reader of its column to refuse.
fn number<'r>(number: f64) -> FlatCell<'r> {
    if number.is_nan() {
        FlatCell::Empty
    } else if number.is_infinite() {
        text(number.to_string())
    } else {
        FlatCell::Number(number)
    }
}

fn whole<'r, N: Display>(
    numbers: impl Iterator<Item = Option<N>>,
    exact: impl Fn(&N) -> bool,
    float: impl Fn(N) -> f64,
) -> Vec<FlatCell<'r>> {
    let cell = |number: N| {
        if exact(&number) {
            FlatCell::Number(float(number))
        } else {
            text(number.to_string())
        }
    };
    numbers
        .map(|number| number.map_or(FlatCell::Empty, &cell))
        .collect()
}

/// Decimals as the floats nearest to them; whole ones beyond the floats' as their digits, which are codes.
fn decimals<'r, T: DecimalType>(column: &ArrayRef) -> Vec<FlatCell<'r>> {
    let decimals = column.as_primitive::<T>();
    let cell = |row: usize| {
        if decimals.is_null(row) {
            return FlatCell::Empty;
        }
        let digits = decimals.value_as_string(row);
        match digits.parse::<f64>() {
            Ok(float) if float.abs() <= MOST_EXACT as f64 || digits.contains('.') => number(float),
            _ => text(digits),
        }
    };
    (0..decimals.len()).map(cell).collect()
}

/// Whole seconds, and what is over in parts of one.
fn parts(at: i64, of_a_second: i64) -> (i64, i64) {
    (at.div_euclid(of_a_second), at.rem_euclid(of_a_second))
}

/// Days and moments as ISO 8601 spells them; the time of the day only where it is not midnight.
fn moments<'r, T: ArrowTemporalType>(
    column: &ArrayRef,
    seconds: impl Fn(T::Native) -> (i64, i64),
) -> Vec<FlatCell<'r>> {
    let zoned = matches!(column.data_type(), DataType::Timestamp(_, Some(_)));
    let spelt = |value: T::Native| {
        let (second, over) = seconds(value);
        let day = i32::try_from(second.div_euclid(SECONDS_OF_A_DAY)).ok();
        let Some(day) = day.and_then(Date::from_epoch) else {
            return FlatCell::Failed(format!("{second} s"));
        };
        let of_day = second.rem_euclid(SECONDS_OF_A_DAY);
        if of_day == 0 && over == 0 {
            return text(day.to_string());
        }
        let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
        let zone = if zoned { "Z" } else { "" };
        text(format!("{day}T{hour:02}:{minute:02}:{second:02}{zone}"))
    };
    let values = column.as_primitive::<T>().iter();
    values
        .map(|value| value.map_or(FlatCell::Empty, &spelt))
        .collect()
}
