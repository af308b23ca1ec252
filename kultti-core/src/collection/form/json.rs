//! A form as one JSON document, for whoever fills it in with a program.

use super::Form;
use super::layout::{Layout, SCHEMA};
use super::marks::{self, status_word};
use super::raw::{Identity, Raw, RawLine, Written};
use crate::collection::Place;
use crate::error::{Error, Result};
use crate::language::{Language, Message};
use crate::model::{AreaCode, MeasureId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A form as it stands in a file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    kultti_form: u32,
    round: String,
    round_sha256: String,
    area: String,
    #[serde(default)]
    name: String,
    language: String,
    #[serde(default)]
    period: String,
    #[serde(default)]
    due: String,
    /// Marks and statuses that may stand in `value` and `status`.
    #[serde(default)]
    marks: Vec<String>,
    #[serde(default)]
    statuses: Vec<String>,
    #[serde(default)]
    author: String,
    #[serde(default)]
    consent: Value,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    remarks: Vec<String>,
    answers: Vec<Row>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    measure: String,
    #[serde(default)]
    label: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    definition: String,
    #[serde(default)]
    previous: Option<f64>,
    #[serde(default)]
    value: Value,
    #[serde(default)]
    status: String,
    #[serde(default)]
    note: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    remarks: Vec<String>,
}

/// The bytes of the document.
pub(super) fn write(form: &Form<'_>, layout: &Layout<'_>) -> Result<Vec<u8>> {
    let language = form.language;
    let round = layout.round.document();
    let row = |line: &super::layout::Line<'_>| {
        let answer = form.answer(&line.measure.id);
        let figure = answer.map(|answer| &answer.figure);
        Row {
            measure: line.measure.id.to_string(),
            label: line.measure.label.get(language).to_owned(),
            unit: layout.unit(line.measure),
            definition: layout.definition(line),
            previous: line.previous,
            value: match figure.and_then(|figure| figure.value) {
                Some(value) => Value::from(value),
                None => form.unread(&line.measure.id).map_or(Value::Null, Value::from),
            },
            status: figure.map_or_else(String::new, |figure| written_status(figure, language)),
            note: figure.map_or_else(String::new, |figure| figure.note.clone()),
            remarks: owned(form.remarks_of(Some(&line.measure.id))),
        }
    };
    let document = Document {
        kultti_form: SCHEMA,
        round: round.id.clone(),
        round_sha256: layout.round.sha256().to_owned(),
        area: layout.reporter.area.to_string(),
        name: layout.reporter.name.get(language).to_owned(),
        language: language.code().to_owned(),
        period: round.period.to_string(),
        due: round.due.to_string(),
        marks: marks::MARKS.iter().map(|(mark, _)| (*mark).to_owned()).collect(),
        statuses: marks::status_words(language),
        author: form.author().to_owned(),
        consent: form.consent().map_or(Value::Null, Value::from),
        remarks: owned(form.remarks_of(None)),
        answers: layout.lines.iter().map(row).collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&document)
        .map_err(|cause| Error::io("json", &std::io::Error::other(cause)))?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn owned(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}

/// The word of a figure's status; none where nothing was answered.
pub(super) fn written_status(figure: &crate::rules::Figure, language: Language) -> String {
    let answered = figure.value.is_some() || figure.missing.is_some();
    if answered {
        status_word(figure.status, language)
    } else {
        String::new()
    }
}

fn document(name: &str, bytes: &[u8]) -> Result<Document> {
    let refused = |reason: Message| Error::NotAForm {
        path: name.to_owned(),
        reason,
    };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let document: Document = serde_json::from_slice(bytes)
        .map_err(|cause| refused(Message::new("reason.form-unreadable").with("cause", cause.to_string())))?;
    if document.kultti_form != SCHEMA {
        let found = document.kultti_form.to_string();
        return Err(refused(Message::new("reason.form-schema").with("found", found)));
    }
    Ok(document)
}

/// What the document says it is of.
pub(super) fn identity(name: &str, bytes: &[u8]) -> Result<Identity> {
    let document = document(name, bytes)?;
    let Some(language) = Language::of_code(&document.language) else {
        let found = document.language;
        let reason = Message::new("reason.form-language").with("found", found);
        return Err(Error::NotAForm {
            path: name.to_owned(),
            reason,
        });
    };
    Ok(Identity {
        round: document.round,
        round_sha256: document.round_sha256,
        area: AreaCode::new(document.area),
        language,
    })
}

/// What was written into the document.
pub(super) fn read(name: &str, bytes: &[u8], layout: &Layout<'_>) -> Result<Raw> {
    let document = document(name, bytes)?;
    let structure = |place: String, expected: &str, found: &str| Error::FormStructure {
        path: name.to_owned(),
        place,
        expected: expected.to_owned(),
        found: found.to_owned(),
    };
    let mut rows = document.answers.into_iter().enumerate();
    let mut lines = Vec::with_capacity(layout.lines.len());
    for line in &layout.lines {
        let id = line.measure.id.as_str();
        let Some((place, row)) = rows.next() else {
            return Err(structure(format!("answers[{}]", lines.len()), id, ""));
        };
        let cell = format!("answers[{place}]");
        if row.measure != id {
            return Err(structure(
                format!("{cell}.measure"),
                id,
                &super::cell::shown(&row.measure),
            ));
        }
        lines.push(RawLine {
            measure: MeasureId::from(id),
            place: Place {
                sheet: String::new(),
                cell: format!("{cell}.value"),
            },
            value: written(row.value),
            status: Written::of_text(&row.status),
            note: Written::of_text(&row.note),
        });
    }
    if let Some((place, row)) = rows.next() {
        return Err(structure(
            format!("answers[{place}].measure"),
            "",
            &super::cell::shown(&row.measure),
        ));
    }
    Ok(Raw {
        author: document.author.trim().to_owned(),
        consent: match document.consent {
            Value::Bool(yes) => Written::Text(super::words::said(
                if yes { "form.yes" } else { "form.no" },
                Language::En,
            )),
            other => written(other),
        },
        lines,
    })
}

fn written(value: Value) -> Written {
    match value {
        Value::Null => Written::Nothing,
        Value::Bool(_) => Written::Truth,
        Value::Number(number) => number
            .as_f64()
            .map_or(Written::Text(number.to_string()), Written::Number),
        Value::String(text) => Written::of_text(&text),
        other => Written::Text(other.to_string()),
    }
}
