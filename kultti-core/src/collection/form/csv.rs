//! A form as a table in text. Every row says what it is of, so that rows which were sorted or copied between files are found out.
//!
//! Semicolons, a byte order mark and the decimal mark of the language let Excel open it in Finland as it is; whatever a
//! spreadsheet makes of it when saving (commas, tabs, another encoding) is read back.

use super::Form;
use super::json::written_status;
use super::layout::{Layout, Line, SCHEMA};
use super::raw::{Identity, Raw, RawLine, Written};
use super::words::said;
use crate::collection::Place;
use crate::error::{Error, Result};
use crate::formats::{guarded_text, unguarded_text};
use crate::language::{Language, Message, round_for_display};
use crate::model::{AreaCode, MeasureId};

/// The columns: first those that people need, then what the row is of.
const COLUMNS: [&str; 13] = [
    "label",
    "unit",
    "previous",
    "value",
    "status",
    "note",
    "measure",
    "area",
    "name",
    "language",
    "round",
    "round_sha256",
    "kultti_form",
];
const VALUE: usize = 3;
const STATUS: usize = 4;
const NOTE: usize = 5;
const MEASURE: usize = 6;
const AREA: usize = 7;
const LANGUAGE: usize = 9;
const ROUND: usize = 10;
const SHA256: usize = 11;
const FORM: usize = 12;
/// Rows that are about the form, and stand before those of the measures.
const AUTHOR: &str = "author";
const CONSENT: &str = "consent";
/// Longer rows are none of a form.
const MOST_CELLS: usize = 64;

/// The bytes of the table.
pub(super) fn write(form: &Form<'_>, layout: &Layout<'_>) -> Result<Vec<u8>> {
    let failed = |cause: ::csv::Error| Error::io("csv", &std::io::Error::other(cause));
    let (language, round) = (form.language, layout.round);
    let mut out = b"\xef\xbb\xbf".to_vec();
    let mut table = ::csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(::csv::Terminator::CRLF)
        .from_writer(&mut out);
    let annotated = !form.remarks.is_empty();
    let remark = annotated.then_some("remark");
    table
        .write_record(COLUMNS.into_iter().chain(remark))
        .map_err(failed)?;
    let schema = SCHEMA.to_string();
    let identity = [
        layout.reporter.area.as_str(),
        layout.reporter.name.get(language),
        language.code(),
        round.document().id.as_str(),
        round.sha256(),
        &schema,
    ];
    let about = about(form).into_iter();
    let asked = layout.lines.iter().map(|line| {
        let remarks = form.remarks_of(Some(&line.measure.id)).join(" ");
        (row(form, layout, line), remarks)
    });
    for (cells, remarks) in about.chain(asked) {
        let cells = cells.iter().map(String::as_str).chain(identity);
        let cells = cells.chain(annotated.then_some(remarks.as_str()));
        let guarded = cells.map(|cell| guarded_text(cell, b';').into_owned());
        table.write_record(guarded).map_err(failed)?;
    }
    table.flush().map_err(|cause| Error::io("csv", &cause))?;
    drop(table);
    Ok(out)
}

/// The two rows about the form as a whole, with what is said of it.
fn about(form: &Form<'_>) -> [([String; 7], String); 2] {
    let said_of = |id: &str, code: &'static str, value: String| {
        let empty = String::new;
        [
            said(code, form.language),
            empty(),
            empty(),
            value,
            empty(),
            empty(),
            id.to_owned(),
        ]
    };
    let yes = form.consent().map(|yes| if yes { "form.yes" } else { "form.no" });
    let consent = yes.map_or_else(String::new, |code| said(code, form.language));
    [
        (
            said_of(AUTHOR, "form.author", form.author().to_owned()),
            form.remarks_of(None).join(" "),
        ),
        (said_of(CONSENT, "form.consent", consent), String::new()),
    ]
}

/// The row of a measure.
fn row(form: &Form<'_>, layout: &Layout<'_>, line: &Line<'_>) -> [String; 7] {
    let (language, id) = (form.language, &line.measure.id);
    let figure = form.answer(id).map(|answer| &answer.figure);
    let value = figure.and_then(|figure| figure.value);
    [
        line.measure.label.get(language).to_owned(),
        layout.unit(line.measure),
        number(line.previous, line, language),
        match value {
            Some(_) => number(value, line, language),
            None => form.unread(id).unwrap_or_default(),
        },
        figure.map_or_else(String::new, |figure| written_status(figure, language)),
        figure.map_or_else(String::new, |figure| figure.note.clone()),
        id.to_string(),
    ]
}

/// A number with the decimal mark of the language and without groups; an answer keeps every digit it has.
fn number(value: Option<f64>, line: &Line<'_>, language: Language) -> String {
    let Some(value) = value else {
        return String::new();
    };
    let decimals = usize::from(line.measure.decimals);
    let rounded = round_for_display(value, decimals);
    let exact = rounded
        .parse()
        .is_ok_and(|shown: f64| shown.to_bits() == value.to_bits());
    let mut text = if exact { rounded } else { value.to_string() };
    if text
        .split_once('.')
        .is_some_and(|(_, fraction)| fraction.len() == 3)
    {
        // A mark before three digits could be read as one that groups.
        text.push('0');
    }
    match language {
        Language::En => text,
        Language::Fi | Language::Sv => text.replace('.', ","),
    }
}

/// A row that is no header, with its line.
struct Record {
    line: usize,
    cells: Vec<String>,
}

impl Record {
    fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |cell| cell.trim())
    }
}

/// The rows of the table below its header.
fn records(name: &str, bytes: &[u8]) -> Result<Vec<Record>> {
    let refused = |reason: Message| Error::NotAForm {
        path: name.to_owned(),
        reason,
    };
    let text = text(bytes).ok_or_else(|| refused(Message::new("reason.form-encoding")))?;
    let first = text.lines().next().unwrap_or_default();
    let delimiter = [b';', b',', b'\t']
        .into_iter()
        .max_by_key(|delimiter| first.matches(char::from(*delimiter)).count())
        .unwrap_or(b';');
    let mut reader = ::csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|cause| {
            refused(Message::new("reason.form-unreadable").with("cause", cause.to_string()))
        })?;
        if record.len() > MOST_CELLS {
            return Err(refused(
                Message::new("reason.form-columns").with("known", COLUMNS.join(", ")),
            ));
        }
        let line = record
            .position()
            .map_or(0, |at| usize::try_from(at.line()).unwrap_or(0));
        let cells = record
            .iter()
            .map(|cell| unguarded_text(cell, delimiter).into_owned())
            .collect();
        rows.push(Record { line, cells });
    }
    let header = rows.first().is_some_and(|header| {
        let mut columns = COLUMNS.iter().enumerate();
        columns.all(|(place, column)| header.cell(place) == *column)
    });
    if !header {
        return Err(refused(
            Message::new("reason.form-columns").with("known", COLUMNS.join(", ")),
        ));
    }
    rows.remove(0);
    rows.retain(|row| row.cells.iter().any(|cell| !cell.trim().is_empty()));
    Ok(rows)
}

/// The text of a table that a spreadsheet may have saved anew: UTF-8, UTF-16 by its mark, else Windows-1252.
fn text(bytes: &[u8]) -> Option<String> {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, _, broken) = encoding.decode(bytes);
        return (!broken).then(|| text.into_owned());
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.to_owned()),
        Err(_) => {
            let (text, _, broken) = encoding_rs::WINDOWS_1252.decode(bytes);
            (!broken && !text.contains('\0')).then(|| text.into_owned())
        }
    }
}

/// What the table says it is of: every row says the same.
pub(super) fn identity(name: &str, bytes: &[u8]) -> Result<Identity> {
    let rows = records(name, bytes)?;
    let refused = |reason: Message| Error::NotAForm {
        path: name.to_owned(),
        reason,
    };
    let Some(first) = rows.first() else {
        return Err(refused(
            Message::new("reason.form-columns").with("known", COLUMNS.join(", ")),
        ));
    };
    if first.cell(FORM) != SCHEMA.to_string() {
        return Err(refused(
            Message::new("reason.form-schema").with("found", super::cell::shown(first.cell(FORM))),
        ));
    }
    let Some(language) = Language::of_code(first.cell(LANGUAGE)) else {
        let found = super::cell::shown(first.cell(LANGUAGE));
        return Err(refused(Message::new("reason.form-language").with("found", found)));
    };
    // A spreadsheet takes the zeros before a code away.
    let same = |row: &Record, column: usize| row.cell(column) == first.cell(column);
    for row in &rows {
        if !same(row, AREA) {
            return Err(Error::TwoAreas {
                path: name.to_owned(),
                place: format!("H{}", row.line),
                expected: super::cell::shown(first.cell(AREA)),
                found: super::cell::shown(row.cell(AREA)),
            });
        }
        if let Some(column) = [FORM, ROUND, SHA256, LANGUAGE]
            .into_iter()
            .find(|column| !same(row, *column))
        {
            return Err(Error::FormStructure {
                path: name.to_owned(),
                place: format!(
                    "{}{}",
                    super::layout::letter(u16::try_from(column).unwrap_or(0)),
                    row.line
                ),
                expected: super::cell::shown(first.cell(column)),
                found: super::cell::shown(row.cell(column)),
            });
        }
    }
    Ok(Identity {
        round: first.cell(ROUND).to_owned(),
        round_sha256: first.cell(SHA256).to_owned(),
        area: AreaCode::from(first.cell(AREA)),
        language,
    })
}

/// What was written into the table. Rows may stand in any order; each must be there once.
pub(super) fn read(name: &str, bytes: &[u8], layout: &Layout<'_>) -> Result<Raw> {
    let rows = records(name, bytes)?;
    let structure = |place: String, expected: &str, found: &str| Error::FormStructure {
        path: name.to_owned(),
        place,
        expected: expected.to_owned(),
        found: super::cell::shown(found),
    };
    let known = |id: &str| {
        let mut lines = layout.lines.iter();
        id == AUTHOR || id == CONSENT || lines.any(|line| line.measure.id.as_str() == id)
    };
    if let Some(row) = rows.iter().find(|row| !known(row.cell(MEASURE))) {
        return Err(structure(format!("G{}", row.line), "", row.cell(MEASURE)));
    }
    let row_of = |id: &str| {
        let mut found = rows.iter().filter(|row| row.cell(MEASURE) == id);
        match (found.next(), found.next()) {
            (Some(row), None) => Ok(row),
            (Some(_), Some(second)) => Err(structure(format!("G{}", second.line), "", id)),
            (None, _) => Err(structure(
                format!("G{}", rows.last().map_or(2, |row| row.line + 1)),
                id,
                "",
            )),
        }
    };
    let line = |line: &Line<'_>| {
        let row = row_of(line.measure.id.as_str())?;
        Ok(RawLine {
            measure: MeasureId::from(line.measure.id.as_str()),
            place: Place {
                sheet: String::new(),
                cell: format!("D{}", row.line),
            },
            value: written(row.cell(VALUE)),
            status: written(row.cell(STATUS)),
            note: Written::of_text(row.cell(NOTE)),
        })
    };
    Ok(Raw {
        author: row_of(AUTHOR)?.cell(VALUE).to_owned(),
        consent: Written::of_text(row_of(CONSENT)?.cell(VALUE)),
        lines: layout.lines.iter().map(line).collect::<Result<_>>()?,
    })
}

/// A cell of a table: a text that a spreadsheet would take for a formula is one.
fn written(cell: &str) -> Written {
    if cell.trim_start().starts_with('=') {
        return Written::Formula;
    }
    Written::of_text(cell)
}
