//! The columns of tables and functions.

use arrow_schema::{DataType, Field, Schema, SchemaRef};
use std::sync::Arc;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Text,
    Number,
    Count,
    Flag,
}

impl Holds {
    fn data_type(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Number => DataType::Float64,
            Self::Count => DataType::Int64,
            Self::Flag => DataType::Boolean,
        }
    }
}

/// A schema of such columns; each may lack a value.
pub(super) fn schema_of<'n>(columns: impl Iterator<Item = (&'n str, Holds)>) -> SchemaRef {
    let fields: Vec<Field> = columns
        .map(|(name, holds)| Field::new(name, holds.data_type(), true))
        .collect();
    Arc::new(Schema::new(fields))
}

/// A type as SQL writes it.
pub(super) fn sql_type(data_type: &DataType) -> String {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "VARCHAR".into(),
        DataType::Dictionary(_, values) => sql_type(values),
        DataType::Float64 => "DOUBLE".into(),
        DataType::Float32 => "REAL".into(),
        DataType::Int64 => "BIGINT".into(),
        DataType::Int32 => "INTEGER".into(),
        DataType::Boolean => "BOOLEAN".into(),
        DataType::Date32 => "DATE".into(),
        DataType::Timestamp(..) => "TIMESTAMP".into(),
        other => other.to_string().to_uppercase(),
    }
}

/// The columns of a schema with their types.
pub(super) fn sql_columns(schema: &Schema) -> Vec<(String, String)> {
    let fields = schema.fields().iter();
    fields
        .map(|field| (field.name().clone(), sql_type(field.data_type())))
        .collect()
}
