//! Columns of any type that texts and numbers come in.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Decimal128Type, Float16Type, Float32Type, Float64Type, Int8Type,
    Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use std::borrow::Cow;
use std::collections::HashMap;

use crate::model::Date;

/// The number of a cell without a text.
pub(super) const NONE: u32 = u32::MAX;

/// The distinct texts of a column, each by a number: for a dimension the place of the category with that code.
#[derive(Default)]
pub(super) struct Texts {
    numbers: HashMap<String, u32>,
    list: Vec<String>,
    /// Whether no other text may come.
    closed: bool,
}

/// Why a column cannot be taken as text.
pub(super) enum Refused {
    /// Its type.
    Type,
    /// A text that is not of the list, and its row in the batch.
    Unknown(usize, String),
}

impl Texts {
    /// Texts known beforehand; others are refused where the list is `closed`.
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a str>, closed: bool) -> Self {
        let mut known = Self::default();
        texts.for_each(|text| {
            known.number(text);
        });
        known.closed = closed;
        known
    }

    pub(super) fn get(&self, number: u32) -> Option<&str> {
        self.list.get(number as usize).map(String::as_str)
    }

    pub(super) fn into_list(self) -> Vec<String> {
        self.list
    }

    fn number(&mut self, text: &str) -> Option<u32> {
        if let Some(number) = self.numbers.get(text) {
            return Some(*number);
        }
        if self.closed {
            return None;
        }
        let number = u32::try_from(self.list.len())
            .ok()
            .filter(|number| *number != NONE)?;
        self.numbers.insert(text.to_owned(), number);
        self.list.push(text.to_owned());
        Some(number)
    }

    /// The numbers of a column's texts, row by row.
    pub(super) fn numbers(&mut self, column: &ArrayRef) -> Result<Vec<u32>, Refused> {
        let Some(dictionary) = column.as_any_dictionary_opt() else {
            return (0..column.len()).map(|row| self.one(column, row, row)).collect();
        };
        let (keys, values) = (dictionary.keys(), dictionary.values());
        if values.is_empty() {
            return Ok(vec![NONE; keys.len()]);
        }
        let mut seen: Vec<Option<u32>> = vec![None; values.len()];
        let mut number = |(row, key): (usize, usize)| {
            if keys.is_null(row) {
                return Ok(NONE);
            }
            match seen.get(key).copied().flatten() {
                Some(number) => Ok(number),
                None => {
                    let number = self.one(values, key, row)?;
                    seen[key] = Some(number);
                    Ok(number)
                }
            }
        };
        dictionary
            .normalized_keys()
            .into_iter()
            .enumerate()
            .map(&mut number)
            .collect()
    }

    fn one(&mut self, values: &ArrayRef, at: usize, row: usize) -> Result<u32, Refused> {
        if values.is_null(at) {
            return Ok(NONE);
        }
        let text = text(values, at).ok_or(Refused::Type)?;
        self.number(&text)
            .ok_or_else(|| Refused::Unknown(row, text.into_owned()))
    }
}

/// The text of a cell that is not null: numbers, dates and booleans as they are written.
fn text(values: &ArrayRef, at: usize) -> Option<Cow<'_, str>> {
    macro_rules! number {
        ($type:ty) => {
            Cow::Owned(values.as_primitive::<$type>().value(at).to_string())
        };
    }
    Some(match values.data_type() {
        DataType::Utf8 => Cow::Borrowed(values.as_string::<i32>().value(at)),
        DataType::LargeUtf8 => Cow::Borrowed(values.as_string::<i64>().value(at)),
        DataType::Utf8View => Cow::Borrowed(values.as_string_view().value(at)),
        DataType::Boolean => Cow::Owned(values.as_boolean().value(at).to_string()),
        DataType::Int8 => number!(Int8Type),
        DataType::Int16 => number!(Int16Type),
        DataType::Int32 => number!(Int32Type),
        DataType::Int64 => number!(Int64Type),
        DataType::UInt8 => number!(UInt8Type),
        DataType::UInt16 => number!(UInt16Type),
        DataType::UInt32 => number!(UInt32Type),
        DataType::UInt64 => number!(UInt64Type),
        DataType::Date32 => {
            let day = values.as_primitive::<Date32Type>().value(at);
            Cow::Owned(Date::from_epoch(day)?.to_string())
        }
        _ => return None,
    })
}

/// The numbers of a column, NaN where there is none; `None` for a column of another type.
pub(super) fn numbers(column: &ArrayRef) -> Option<Vec<f64>> {
    fn all<T: ArrowPrimitiveType>(column: &ArrayRef, number: impl Fn(T::Native) -> f64) -> Vec<f64> {
        let values = column.as_primitive::<T>().iter();
        values.map(|value| value.map_or(f64::NAN, &number)).collect()
    }
    Some(match column.data_type() {
        DataType::Float64 => all::<Float64Type>(column, |value| value),
        DataType::Float16 => all::<Float16Type>(column, f64::from),
        DataType::Float32 => all::<Float32Type>(column, f64::from),
        DataType::Int8 => all::<Int8Type>(column, f64::from),
        DataType::Int16 => all::<Int16Type>(column, f64::from),
        DataType::Int32 => all::<Int32Type>(column, f64::from),
        DataType::Int64 => all::<Int64Type>(column, |value| value as f64),
        DataType::UInt8 => all::<UInt8Type>(column, f64::from),
        DataType::UInt16 => all::<UInt16Type>(column, f64::from),
        DataType::UInt32 => all::<UInt32Type>(column, f64::from),
        DataType::UInt64 => all::<UInt64Type>(column, |value| value as f64),
        DataType::Decimal128(..) => {
            let decimals = column.as_primitive::<Decimal128Type>();
            let number = |row: usize| decimals.value_as_string(row).parse().unwrap_or(f64::NAN);
            let at = |row| {
                if decimals.is_null(row) {
                    f64::NAN
                } else {
                    number(row)
                }
            };
            (0..decimals.len()).map(at).collect()
        }
        _ => return None,
    })
}
