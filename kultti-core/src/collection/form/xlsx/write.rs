//! Writing a form as a workbook.

use super::super::layout::{
    ANSWER, DEFINITION, HIDDEN, LABEL, Layout, Line, NOTE, PREVIOUS, REMARK, SCHEMA, STATUS, Sheet, UNIT,
    letter,
};
use super::super::marks::{MARKS, status_words};
use super::super::words::said;
use super::super::{Form, Remark, json::written_status};
use super::styles::Styles;
use super::{KEYS, MAP_ROW, instructions};
use crate::catalogue::UnitKind;
use crate::error::{Error, Result};
use crate::language::{Language, Message, word};
use crate::model::Measure;
use crate::rules::Severity;
use rust_xlsxwriter::{
    DataValidation, DocProperties, ExcelDateTime, Format, Formula, Note, ProtectionOptions, Workbook,
    Worksheet, XlsxError,
};

pub(super) type Made = std::result::Result<(), XlsxError>;

/// Characters that a cell of Excel holds.
const LONGEST: usize = 32_767;
/// The widths of the columns of a theme, in characters.
const WIDTHS: [f64; 8] = [36.0, 13.0, 15.0, 17.0, 22.0, 30.0, 52.0, 48.0];
/// The height of a line of text, in points, and the most that a row can have.
const LINE: f64 = 15.0;
const HIGHEST: f64 = 405.0;
/// A4.
const PAPER: u8 = 9;

/// The bytes of the workbook: equal forms give equal bytes.
pub(in crate::collection::form) fn write(form: &Form<'_>, layout: &Layout<'_>) -> Result<Vec<u8>> {
    workbook(form, layout).map_err(|cause| Error::io("xlsx", &std::io::Error::other(cause)))
}

fn workbook(form: &Form<'_>, layout: &Layout<'_>) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(layout)?);
    let styles = Styles::new();
    instructions::write(&mut workbook, form, layout, &styles)?;
    for (place, sheet) in layout.sheets.iter().enumerate() {
        theme(&mut workbook, form, (layout, place, sheet), &styles)?;
    }
    lists(&mut workbook, layout)?;
    hidden(&mut workbook, layout)?;
    names(&mut workbook, layout)?;
    workbook.save_to_buffer()
}

/// What programs and screen readers are told of the document. A clock has no part in it.
fn properties(layout: &Layout<'_>) -> std::result::Result<DocProperties, XlsxError> {
    let round = layout.round.document();
    let title = format!("{}: {}", round.label.get(layout.language), layout.area());
    Ok(DocProperties::new()
        .set_title(title)
        .set_subject(round.period.to_string())
        .set_author("Kultti")
        .set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?)
        .set_custom_property("Language", layout.language.code())
        .set_custom_property("kultti_form", SCHEMA.to_string())
        .set_custom_property("kultti_round", round.id.as_str())
        .set_custom_property("kultti_round_sha256", layout.round.sha256())
        .set_custom_property("kultti_area", layout.reporter.area.as_str()))
}

/// A sheet of a theme: a header, and a row for each measure.
fn theme(
    workbook: &mut Workbook,
    form: &Form<'_>,
    (layout, place, about): (&Layout<'_>, usize, &Sheet),
    styles: &Styles,
) -> Made {
    let annotated = !form.remarks.is_empty();
    let sheet = workbook.add_worksheet();
    sheet.set_name(&about.name)?;
    let last = if annotated { REMARK } else { DEFINITION };
    for (column, width) in (LABEL..=last).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(0, column, layout.heading(column), &styles.header)?;
    }
    for line in layout.lines.iter().filter(|line| line.sheet == place) {
        row(sheet, form, (layout, line), styles)?;
    }
    sheet.set_freeze_panes(1, 1)?;
    sheet.set_repeat_rows(0, 0)?;
    page(sheet, layout, Some(&about.title))
}

/// A row: what is asked, last year's value, and the cells to fill in.
fn row(
    sheet: &mut Worksheet,
    form: &Form<'_>,
    (layout, line): (&Layout<'_>, &Line<'_>),
    styles: &Styles,
) -> Made {
    let (language, at, measure) = (layout.language, line.row, line.measure);
    let remarks: Vec<&Remark> = form
        .remarks
        .iter()
        .filter(|remark| remark.measure.as_ref() == Some(&measure.id))
        .collect();
    let gravest = remarks.iter().map(|remark| remark.severity).max();
    let previous = Styles::previous(measure.decimals);
    let answer = Styles::answer(measure.decimals, gravest);
    sheet.write_string_with_format(at, LABEL, clipped(measure.label.get(language)), &styles.text)?;
    sheet.write_string_with_format(at, UNIT, clipped(&layout.unit(measure)), &styles.text)?;
    match line.previous {
        Some(value) => sheet.write_number_with_format(at, PREVIOUS, value, &previous)?,
        None => sheet.write_string_with_format(at, PREVIOUS, "–", &previous)?,
    };
    let figure = form.answer(&measure.id).map(|answer| &answer.figure);
    match figure.and_then(|figure| figure.value) {
        Some(value) => sheet.write_number_with_format(at, ANSWER, value, &answer)?,
        None => match form.unread(&measure.id) {
            Some(unread) => sheet.write_string_with_format(at, ANSWER, clipped(&unread), &answer)?,
            None => sheet.write_blank(at, ANSWER, &answer)?,
        },
    };
    let status = figure.map_or_else(String::new, |figure| written_status(figure, language));
    written(sheet, (at, STATUS), &status, &styles.answer_text)?;
    written(
        sheet,
        (at, NOTE),
        figure.map_or("", |figure| &figure.note),
        &styles.answer_text,
    )?;
    sheet.write_string_with_format(at, DEFINITION, clipped(&layout.definition(line)), &styles.text)?;
    sheet.add_data_validation(at, ANSWER, at, ANSWER, &number_rule(layout, line)?)?;
    sheet.add_data_validation(at, STATUS, at, STATUS, &status_rule(layout)?)?;
    let mut texts = vec![
        (measure.label.get(language).to_owned(), LABEL),
        (layout.unit(measure), UNIT),
        (layout.definition(line), DEFINITION),
        (
            figure.map_or_else(String::new, |figure| figure.note.clone()),
            NOTE,
        ),
    ];
    texts.extend(remarked(sheet, (at, language), &remarks)?.map(|said| (said, REMARK)));
    let needed = texts
        .iter()
        .map(|(text, column)| (text.as_str(), WIDTHS[usize::from(*column)]));
    sheet.set_row_height(at, height(needed))?;
    Ok(())
}

/// What was said of a row: as words in a column of their own, and as a comment of the answer.
fn remarked(
    sheet: &mut Worksheet,
    (at, language): (u32, Language),
    remarks: &[&Remark],
) -> std::result::Result<Option<String>, XlsxError> {
    let Some(gravest) = remarks.iter().map(|remark| remark.severity).max() else {
        return Ok(None);
    };
    let texts: Vec<String> = remarks
        .iter()
        .map(|remark| format!("{}: {}", severity_word(remark.severity, language), remark.text))
        .collect();
    let said = texts.join("\n");
    let style = Styles::remark(Some(gravest));
    sheet.write_string_with_format(at, REMARK, clipped(&said), &style)?;
    let comment = Note::new(said.chars().take(LONGEST).collect::<String>());
    let comment = comment
        .add_author_prefix(false)
        .set_author("Kultti")
        .set_alt_text(clipped(&said));
    sheet.insert_note(at, ANSWER, &comment.set_width(360).set_height(140))?;
    Ok(Some(said))
}

/// How high a row must be for its wrapped texts to be seen whole, each in a column of so many characters: programs other than
/// Excel leave it as low as one line.
pub(super) fn height<'t>(texts: impl Iterator<Item = (&'t str, f64)>) -> f64 {
    let lines = |(text, width): (&str, f64)| -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a cell holds 32,767 characters")]
        let of = |line: &str| (line.chars().count() as f64 * 1.05 / width).ceil().max(1.0);
        text.lines().map(of).sum::<f64>().max(1.0)
    };
    let most = texts.map(lines).fold(1.0, f64::max);
    (most * LINE).min(HIGHEST)
}

fn written(sheet: &mut Worksheet, (row, column): (u32, u16), text: &str, format: &Format) -> Made {
    if text.is_empty() {
        sheet.write_blank(row, column, format)?;
    } else {
        sheet.write_string_with_format(row, column, clipped(text), format)?;
    }
    Ok(())
}

/// What may stand in the cell of an answer: a number or a mark. Money may be negative, all else not.
fn number_rule(layout: &Layout<'_>, line: &Line<'_>) -> std::result::Result<DataValidation, XlsxError> {
    let language = layout.language;
    let cell = format!("{}{}", letter(ANSWER), line.row + 1);
    let number = if may_be_negative(layout, line.measure) {
        format!("ISNUMBER({cell})")
    } else {
        format!("AND(ISNUMBER({cell}),{cell}>=0)")
    };
    let marks: Vec<String> = MARKS
        .iter()
        .map(|(mark, _)| format!("{cell}=\"{mark}\""))
        .collect();
    let unit = layout.unit(line.measure);
    let message = Message::new("form.input")
        .with("unit", unit.as_str())
        .render(language);
    DataValidation::new()
        .allow_custom(Formula::new(format!("=OR({number},{})", marks.join(","))))
        .set_input_title(short(&layout.heading(ANSWER), 32))?
        .set_input_message(short(&message, 255))?
        .set_error_title(said("form.error-title", language))?
        .set_error_message(said("form.error-number", language))
}

fn status_rule(layout: &Layout<'_>) -> std::result::Result<DataValidation, XlsxError> {
    let rows = status_words(layout.language).len();
    let list = Formula::new(format!("='{}'!$A$1:$A${rows}", layout.lists));
    DataValidation::new()
        .allow_list_formula(list)
        .set_error_title(said("form.error-title", layout.language))?
        .set_error_message(said("form.error-list", layout.language))
}

/// Whether a figure below zero can be right: of net costs, income above the costs; of counts never.
fn may_be_negative(layout: &Layout<'_>, measure: &Measure) -> bool {
    layout.round.catalogue().power_of(UnitKind::Money, &measure.unit) != 0
}

/// How a sheet is printed, and what of it can be changed.
pub(super) fn page(sheet: &mut Worksheet, layout: &Layout<'_>, title: Option<&str>) -> Made {
    let plain = |text: &str| short(&text.replace('&', "&&"), 110);
    let round = layout.round.document();
    let title = title.unwrap_or_else(|| round.label.get(layout.language));
    sheet
        .set_paper_size(PAPER)
        .set_landscape()
        .set_print_fit_to_pages(1, 0);
    sheet.set_header(format!("&L{}&R{}", plain(title), plain(&layout.area())));
    sheet.set_footer("&C&P / &N");
    protect(sheet);
    Ok(())
}

/// Locks everything but the cells to fill in; columns and rows may be made wider.
fn protect(sheet: &mut Worksheet) {
    sheet.protect_with_options(&ProtectionOptions {
        format_columns: true,
        format_rows: true,
        ..ProtectionOptions::default()
    });
}

/// The words to choose from, on a sheet of their own: a list within a rule holds 255 characters.
fn lists(workbook: &mut Workbook, layout: &Layout<'_>) -> Made {
    let sheet = workbook.add_worksheet();
    sheet.set_name(&layout.lists)?;
    sheet.set_hidden(true);
    for (row, word) in (0u32..).zip(status_words(layout.language)) {
        sheet.write_string(row, 0, word)?;
    }
    for (row, code) in (0u32..).zip(["form.yes", "form.no"]) {
        sheet.write_string(row, 1, said(code, layout.language))?;
    }
    protect(sheet);
    Ok(())
}

/// What programs read: of which round and area the form is, and where every answer stands.
fn hidden(workbook: &mut Workbook, layout: &Layout<'_>) -> Made {
    let sheet = workbook.add_worksheet();
    sheet.set_name(HIDDEN)?;
    sheet.set_very_hidden(true);
    let values = [
        SCHEMA.to_string(),
        layout.round.document().id.clone(),
        layout.round.sha256().to_owned(),
        layout.reporter.area.to_string(),
        layout.language.code().to_owned(),
    ];
    for (row, (key, value)) in (0u32..).zip(KEYS.into_iter().zip(values)) {
        sheet.write_string(row, 0, key)?;
        sheet.write_string(row, 1, value)?;
    }
    for (row, line) in (MAP_ROW..).zip(&layout.lines) {
        sheet.write_string(row, 0, line.measure.id.as_str())?;
        sheet.write_string(row, 1, layout.sheet(line))?;
        sheet.write_string(row, 2, format!("{}{}", letter(ANSWER), line.row + 1))?;
    }
    protect(sheet);
    Ok(())
}

/// A name for the cell of every answer, and for the answers of every sheet.
fn names(workbook: &mut Workbook, layout: &Layout<'_>) -> Made {
    let column = letter(ANSWER);
    for line in &layout.lines {
        let cell = format!("='{}'!${column}${}", layout.sheet(line), line.row + 1);
        workbook.define_name(format!("answer.{}", line.measure.id), &cell)?;
    }
    for (place, sheet) in (1..).zip(&layout.sheets) {
        let block = format!("='{}'!${column}$2:${column}${}", sheet.name, sheet.rows + 1);
        workbook.define_name(format!("answers_on_sheet_{place}"), &block)?;
    }
    Ok(())
}

/// How grave a remark is, in a word.
pub(super) fn severity_word(severity: Severity, language: Language) -> String {
    let code = match severity {
        Severity::Note => "form.severity-note",
        Severity::Warning => "form.severity-warning",
        Severity::Error => "form.severity-error",
    };
    word(code, language).to_owned()
}

pub(super) fn clipped(text: &str) -> String {
    short(text, LONGEST)
}

fn short(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}
