//! The columns of a ledger.

use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use deltalake::kernel::{DataType as DeltaType, PrimitiveType, StructField};
use std::sync::{Arc, OnceLock};

/// The version of the layout below, in the properties of the table.
pub(super) const LAYOUT: u32 = 1;
/// The property of the table that holds it.
pub(super) const LAYOUT_PROPERTY: &str = "kultti.ledger.layout";
/// A new checkpoint is written at every version that is a multiple of this.
pub(super) const CHECKPOINT_INTERVAL: i64 = 50;
/// The small files of commits are joined at every version that is a multiple of this: a reader meets a hundred of them at most.
pub(super) const COMPACTION_INTERVAL: i64 = 100;

/// The type of a column.
#[derive(Clone, Copy)]
enum Kind {
    Long,
    Integer,
    Double,
    Time,
    Day,
    Text,
    Flag,
}

/// Name, type, whether it may be null.
const COLUMNS: [(&str, Kind, bool); 23] = [
    ("sequence", Kind::Long, false),
    ("line", Kind::Integer, false),
    ("recorded", Kind::Time, false),
    ("kind", Kind::Text, false),
    ("round", Kind::Text, false),
    ("area", Kind::Text, false),
    ("measure", Kind::Text, true),
    ("period", Kind::Text, false),
    ("territory", Kind::Day, false),
    ("scenario", Kind::Text, false),
    ("stage", Kind::Text, false),
    ("value", Kind::Double, true),
    ("status", Kind::Text, false),
    ("missing", Kind::Text, true),
    ("note", Kind::Text, true),
    ("author", Kind::Text, true),
    ("reason", Kind::Text, true),
    ("document", Kind::Text, true),
    ("sha256", Kind::Text, true),
    ("place", Kind::Text, true),
    ("finding", Kind::Text, true),
    ("until", Kind::Day, true),
    ("consent", Kind::Flag, true),
];

impl Kind {
    fn arrow(self) -> DataType {
        match self {
            Self::Long => DataType::Int64,
            Self::Integer => DataType::Int32,
            Self::Double => DataType::Float64,
            Self::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Self::Day => DataType::Date32,
            Self::Text => DataType::Utf8,
            Self::Flag => DataType::Boolean,
        }
    }

    fn delta(self) -> DeltaType {
        DeltaType::Primitive(match self {
            Self::Long => PrimitiveType::Long,
            Self::Integer => PrimitiveType::Integer,
            Self::Double => PrimitiveType::Double,
            Self::Time => PrimitiveType::Timestamp,
            Self::Day => PrimitiveType::Date,
            Self::Text => PrimitiveType::String,
            Self::Flag => PrimitiveType::Boolean,
        })
    }
}

/// The columns as Arrow has them.
pub(super) fn arrow() -> &'static SchemaRef {
    static SCHEMA: OnceLock<SchemaRef> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let fields = COLUMNS.map(|(name, kind, null)| Field::new(name, kind.arrow(), null));
        Arc::new(Schema::new(fields.to_vec()))
    })
}

/// The columns as Delta Lake has them.
pub(super) fn delta() -> Vec<StructField> {
    let column = |(name, kind, null): (&str, Kind, bool)| StructField::new(name, kind.delta(), null);
    COLUMNS.map(column).to_vec()
}

/// The properties of the table. Lines are never deleted, and neither is what an earlier version of the table is read from.
pub(super) fn properties() -> Vec<(String, Option<String>)> {
    const FOR_EVER: &str = "interval 5200 weeks";
    [
        (LAYOUT_PROPERTY, LAYOUT.to_string()),
        ("delta.appendOnly", "true".to_owned()),
        ("delta.checkpointInterval", CHECKPOINT_INTERVAL.to_string()),
        ("delta.enableExpiredLogCleanup", "false".to_owned()),
        ("delta.logRetentionDuration", FOR_EVER.to_owned()),
        ("delta.deletedFileRetentionDuration", FOR_EVER.to_owned()),
        ("delta.dataSkippingStatsColumns", SKIPPING.join(",")),
    ]
    .map(|(name, value)| (name.to_owned(), Some(value)))
    .to_vec()
}

/// Columns whose least and greatest value of each file stand in the log, so that a file is not opened in vain.
const SKIPPING: [&str; 10] = [
    "sequence", "recorded", "kind", "round", "area", "measure", "period", "scenario", "stage", "sha256",
];

/// The columns of the ledger that a table lacks, or has of another type.
pub(super) fn lacking(table: &Schema) -> Vec<String> {
    let lacks = |field: &&Arc<Field>| {
        let there = table.field_with_name(field.name());
        !there.is_ok_and(|there| there.data_type() == field.data_type())
    };
    let fields = arrow().fields();
    fields
        .iter()
        .filter(lacks)
        .map(|field| field.name().clone())
        .collect()
}
