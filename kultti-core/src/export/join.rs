//! A joined frame: the rows as they were given with columns beside them, and the rows that have no municipality.

use super::document::Document;
use super::table::{Table, Value, text};
use crate::compare::{Joined, JoinedFigures};
use crate::language::Language;
use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use std::ops::Range;
use std::sync::Arc;

/// The frame as Arrow, batch by batch as it was given, with more columns: `code`, `name` and `match` (`matched`, `merged`,
/// `unmatched`, `ambiguous` or `empty`), and for every indicator its value under its id, `<id>.status` and `<id>.missing`. A
/// name that is taken gets `_` at its end.
///
/// # Errors
/// [`ArrowError`] for a batch that does not have the schema of the frame.
///
/// ```
/// use arrow_array::{ArrayRef, RecordBatch, StringArray};
/// use kultti_core::compare::JoinOptions;
/// use kultti_core::export::joined_batches;
/// use kultti_core::language::Language;
/// use kultti_core::release::Release;
/// use std::sync::Arc;
/// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
/// let code: ArrayRef = Arc::new(StringArray::from(vec!["272"]));
/// let frame = RecordBatch::try_from_iter([("code", code)]).unwrap();
/// let options = JoinOptions { on: "code".into(), ..JoinOptions::default() };
/// let joined = release.join("survey", &frame.schema(), [Ok(frame)].into_iter(), options)?;
/// let (schema, batches) = joined_batches(&joined, Language::Sv).unwrap();
/// let names: Vec<&String> = schema.fields().iter().map(|field| field.name()).collect();
/// assert_eq!(names, ["code", "code_", "name", "match"]);
/// assert_eq!(batches[0].num_rows(), 1);
/// # Ok::<(), kultti_core::Error>(())
/// ```
pub fn joined_batches(
    joined: &Joined,
    language: Language,
) -> Result<(SchemaRef, Vec<RecordBatch>), ArrowError> {
    let mut fields: Vec<Arc<Field>> = joined.schema.fields().iter().cloned().collect();
    let mut add = |wanted: &str, kind: DataType| {
        let mut name = wanted.to_owned();
        while fields.iter().any(|field| *field.name() == name) {
            name.push('_');
        }
        fields.push(Arc::new(Field::new(name, kind, true)));
    };
    for name in ["code", "name", "match"] {
        add(name, DataType::Utf8);
    }
    for figures in &joined.figures {
        let id = &figures.context.indicator;
        add(id.as_str(), DataType::Float64);
        add(&format!("{id}.status"), DataType::Utf8);
        add(&format!("{id}.missing"), DataType::Utf8);
    }
    let schema = Arc::new(Schema::new_with_metadata(
        fields,
        joined.schema.metadata().clone(),
    ));
    let mut start = 0;
    let mut batches = Vec::new();
    for batch in &joined.batches {
        let rows = start..start + batch.num_rows();
        start = rows.end;
        let mut columns = batch.columns().to_vec();
        columns.extend(areas(joined, rows.clone(), language));
        for figures in &joined.figures {
            columns.extend(values(joined, figures, rows.clone()));
        }
        batches.push(RecordBatch::try_new(Arc::clone(&schema), columns)?);
    }
    Ok((schema, batches))
}

fn areas(joined: &Joined, rows: Range<usize>, language: Language) -> [ArrayRef; 3] {
    let area = |row| joined.row(row).and_then(|row| row.area.as_ref());
    let codes: StringArray = rows
        .clone()
        .map(|row| area(row).map(|area| area.code.as_str()))
        .collect();
    let names: StringArray = rows
        .clone()
        .map(|row| area(row).map(|area| area.name.get(language)))
        .collect();
    let matches: StringArray = rows
        .map(|row| joined.row(row).map(|row| row.matched.name()))
        .collect();
    [Arc::new(codes), Arc::new(names), Arc::new(matches)]
}

fn values(joined: &Joined, figures: &JoinedFigures, rows: Range<usize>) -> [ArrayRef; 3] {
    let cell = |row| figures.cell(&joined.row(row)?.area.as_ref()?.code);
    let values: Float64Array = rows.clone().map(|row| cell(row)?.value).collect();
    let statuses: StringArray = rows
        .clone()
        .map(|row| Some(cell(row)?.letter().to_string()))
        .collect();
    let missing: StringArray = rows.map(|row| Some(cell(row)?.missing?.code())).collect();
    [Arc::new(values), Arc::new(statuses), Arc::new(missing)]
}

/// The rows of a joined frame that have no municipality, with what may have been meant.
///
/// ```
/// use arrow_array::{ArrayRef, RecordBatch, StringArray};
/// use kultti_core::compare::JoinOptions;
/// use kultti_core::export::{Export, Unmatched};
/// use kultti_core::language::Language;
/// use kultti_core::release::Release;
/// use std::sync::Arc;
/// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
/// let names: ArrayRef = Arc::new(StringArray::from(vec!["Karleby", "Nowhere"]));
/// let frame = RecordBatch::try_from_iter([("kunta", names)]).unwrap();
/// let options = JoinOptions { on: "kunta".into(), ..JoinOptions::default() };
/// let joined = release.join("survey", &frame.schema(), [Ok(frame)].into_iter(), options)?;
/// let unmatched = Unmatched(Arc::new(joined));
/// assert_eq!(unmatched.table(Language::En).rows.len(), 1);
/// # Ok::<(), kultti_core::Error>(())
/// ```
pub struct Unmatched(pub Arc<Joined>);

impl super::Export for Unmatched {
    fn table(&self, language: Language) -> Table {
        self.0.table(language)
    }

    fn document(&self, language: Language) -> Document {
        super::people::unmatched(&self.0, language)
    }
}

impl super::Export for Joined {
    /// The rows that have no municipality, with what may have been meant.
    fn table(&self, language: Language) -> Table {
        let row = |(row, area): (usize, &crate::compare::JoinedArea)| {
            vec![
                Value::Count(row),
                text(&area.found),
                text(area.matched.name()),
                Value::Text(Some(area.near.join("; ")).filter(|near| !near.is_empty())),
            ]
        };
        Table {
            columns: vec!["row", "found", "match", "near"],
            rows: self.unmatched().map(row).collect(),
            notes: self.notes.clone(),
            language,
        }
    }

    fn document(&self, language: Language) -> Document {
        super::people::joined(self, language)
    }
}
