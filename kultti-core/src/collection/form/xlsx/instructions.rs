//! The first sheet of a form: what it is, who answers, how it is filled in.

use super::super::layout::{ANSWER, AREA_ROW, AUTHOR_ROW, CONSENT_ROW, Layout, NOTE, STATUS};
use super::super::marks::{MARKS, status_word};
use super::super::words::{how, said};
use super::super::{Form, Remark};
use super::styles::Styles;
use super::write::{Made, clipped, height, page, severity_word};
use crate::language::{Language, Message};
use crate::model::Date;
use rust_xlsxwriter::{DataValidation, Formula, Workbook, Worksheet};

/// The widths of the columns, in characters.
const HEADINGS: f64 = 34.0;
const TEXTS: f64 = 100.0;

/// Writes the sheet.
pub(super) fn write(workbook: &mut Workbook, form: &Form<'_>, layout: &Layout<'_>, styles: &Styles) -> Made {
    let (language, round) = (layout.language, layout.round.document());
    let sheet = workbook.add_worksheet();
    sheet.set_name(&layout.instructions)?;
    sheet.set_column_width(0, HEADINGS)?.set_column_width(1, TEXTS)?;
    sheet.write_string_with_format(0, 0, clipped(round.label.get(language)), &styles.title)?;
    let none = || "–".to_owned();
    let said_of = [
        ("form.area", layout.area()),
        ("form.period", round.period.to_string()),
        ("form.due", day(round.due, language)),
        (
            "form.closes",
            round.closes.map_or_else(none, |closes| day(closes, language)),
        ),
        ("form.contact", round.contact.clone()),
    ];
    for (row, (code, text)) in (AREA_ROW..).zip(said_of) {
        sheet.write_string_with_format(row, 0, said(code, language), &styles.heading)?;
        sheet.write_string_with_format(row, 1, clipped(&text), &styles.text)?;
    }
    questions(sheet, form, layout, styles)?;
    let row = prose(sheet, CONSENT_ROW + 2, layout, styles)?;
    let whole: Vec<&Remark> = form
        .remarks
        .iter()
        .filter(|remark| remark.measure.is_none())
        .collect();
    if !whole.is_empty() {
        sheet.write_string_with_format(row + 1, 0, said("form.remark", language), &styles.heading)?;
        for (row, remark) in (row + 2..).zip(whole) {
            let style = Styles::remark(Some(remark.severity));
            sheet.write_string_with_format(row, 0, severity_word(remark.severity, language), &style)?;
            sheet.write_string_with_format(row, 1, clipped(&remark.text), &style)?;
            sheet.set_row_height(row, height([(remark.text.as_str(), TEXTS)].into_iter()))?;
        }
    }
    page(sheet, layout, None)?;
    Ok(())
}

/// The two questions about the form as a whole.
fn questions(sheet: &mut Worksheet, form: &Form<'_>, layout: &Layout<'_>, styles: &Styles) -> Made {
    let language = layout.language;
    sheet.write_string_with_format(AUTHOR_ROW, 0, said("form.author", language), &styles.heading)?;
    sheet.write_string_with_format(AUTHOR_ROW, 1, clipped(form.author()), &styles.answer_text)?;
    sheet.write_string_with_format(CONSENT_ROW, 0, said("form.consent", language), &styles.heading)?;
    let yes = form.consent().map(|yes| if yes { "form.yes" } else { "form.no" });
    let answer = yes.map_or_else(String::new, |code| said(code, language));
    sheet.write_string_with_format(CONSENT_ROW, 1, answer, &styles.answer_text)?;
    let list = Formula::new(format!("='{}'!$B$1:$B$2", layout.lists));
    let validation = DataValidation::new()
        .allow_list_formula(list)
        .set_error_title(said("form.error-title", language))?
        .set_error_message(said("form.error-list", language))?;
    sheet.add_data_validation(CONSENT_ROW, 1, CONSENT_ROW, 1, &validation)?;
    for (row, code) in [(AUTHOR_ROW, "form.author"), (CONSENT_ROW, "form.consent")] {
        sheet.set_row_height(
            row,
            height([(said(code, language).as_str(), HEADINGS)].into_iter()),
        )?;
    }
    Ok(())
}

/// The coordinator's words, how to fill the form in, the marks, and what comes then; the answer is the row behind.
fn prose(
    sheet: &mut Worksheet,
    from: u32,
    layout: &Layout<'_>,
    styles: &Styles,
) -> Result<u32, rust_xlsxwriter::XlsxError> {
    let (language, round) = (layout.language, layout.round.document());
    let mut row = from;
    let mut section = |sheet: &mut Worksheet, code: &'static str, texts: &[String]| {
        sheet.write_string_with_format(row, 0, said(code, language), &styles.heading)?;
        let first = row;
        for text in texts {
            sheet.write_string_with_format(row, 1, clipped(text), &styles.text)?;
            sheet.set_row_height(row, height([(text.as_str(), TEXTS)].into_iter()))?;
            row += 1;
        }
        let heading = (said(code, language), HEADINGS);
        let beside = (texts.first().map_or("", String::as_str), TEXTS);
        sheet.set_row_height(
            first,
            height([(heading.0.as_str(), heading.1), beside].into_iter()),
        )?;
        row += 1;
        Ok::<_, rust_xlsxwriter::XlsxError>(())
    };
    let paragraphs: Vec<String> = round
        .instructions
        .get(language)
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(str::to_owned)
        .collect();
    section(sheet, "form.from-coordinator", &paragraphs)?;
    let heading = |column| layout.heading(column);
    let columns = (heading(ANSWER), heading(STATUS), heading(NOTE));
    section(
        sheet,
        "form.how",
        &how(language, (&columns.0, &columns.1, &columns.2)),
    )?;
    let marks: Vec<String> = MARKS
        .iter()
        .map(|(mark, status)| format!("{mark}   {}", status_word(*status, language)))
        .collect();
    section(sheet, "form.marks", &marks)?;
    let then = ["form.then-check", "form.then-submit"].map(|code| {
        let message = Message::new(code).with("contact", &round.contact);
        message.with("due", day(round.due, language)).render(language)
    });
    section(sheet, "form.then", &then)?;
    Ok(row)
}

/// A day as people write it: `31.3.2021`, in English `2021-03-31`.
fn day(date: Date, language: Language) -> String {
    let (year, month, day) = date.parts();
    match language {
        Language::Fi | Language::Sv => format!("{day}.{month}.{year}"),
        Language::En => date.to_string(),
    }
}
