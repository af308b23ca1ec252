//! What a row of a filled form says: a figure, or what is wrong with it.

use super::layout::Line;
use super::marks::{self, status_word};
use super::number::{self, LARGEST, Spelt};
use super::raw::{RawLine, Written};
use super::words::said;
use crate::catalogue::Catalogue;
use crate::collection::Answer;
use crate::collection::round::Round;
use crate::language::{Language, Message, Param, Text};
use crate::model::{AreaCode, Measure, MeasureId, Status};
use crate::rules::{Figure, Finding, Severity};

/// The rule that a cell which cannot be read breaks.
const RULE: &str = "type";

/// Reads a row. A row that cannot be read as a figure has no value, and a finding says why.
pub(super) fn read(
    round: &Round,
    area: &AreaCode,
    line: &Line<'_>,
    raw: RawLine,
) -> (Answer, Option<Finding>) {
    let note = raw.note.text();
    let figure = figure(round.catalogue(), line.measure, &raw);
    let (figure, finding) = match figure {
        Ok(figure) => (Figure { note, ..figure }, None),
        Err(message) => {
            let finding = finding(round, area, vec![line.measure.id.clone()], message);
            (Figure { note, ..unanswered() }, Some(finding))
        }
    };
    let answer = Answer {
        measure: raw.measure,
        figure,
        place: raw.place,
    };
    (answer, finding)
}

/// A finding about cells that cannot be read.
pub(super) fn finding(round: &Round, area: &AreaCode, measures: Vec<MeasureId>, message: Message) -> Finding {
    Finding {
        rule: RULE.to_owned(),
        version: 1,
        severity: Severity::Error,
        area: area.clone(),
        period: round.document().period,
        values: vec![None; measures.len()],
        measures,
        observed: None,
        expected: None,
        message,
        repair: None,
    }
}

fn unanswered() -> Figure {
    Figure {
        value: None,
        status: Status::Missing,
        missing: None,
        note: String::new(),
    }
}

/// What stands in the cell of an answer.
enum Answered {
    Nothing,
    Number(f64),
    Mark(Status),
}

fn figure(catalogue: &Catalogue, measure: &Measure, raw: &RawLine) -> Result<Figure, Message> {
    let answered = answered(catalogue, measure, &raw.value)?;
    let status = status(&raw.status)?;
    let without = |status: Status| Figure {
        status,
        missing: marks::reason(status),
        ..unanswered()
    };
    match (answered, status) {
        (Answered::Nothing, Status::Normal) => Ok(unanswered()),
        (Answered::Nothing, status) if status.is_without_value() => Ok(without(status)),
        (Answered::Nothing, status) => Err(Message::new("form.found-no-figure").with("status", word(status))),
        (Answered::Mark(mark), status) if status == Status::Normal || status == mark => Ok(without(mark)),
        (Answered::Mark(mark), status) => {
            let message = Message::new("form.found-two-marks").with("mark", word(mark));
            Err(message.with("status", word(status)))
        }
        (Answered::Number(value), status) if status.is_without_value() => {
            let message = Message::new("form.found-both").with("value", of_measure(measure, value));
            Err(message.with("status", word(status)))
        }
        (Answered::Number(value), status) => Ok(Figure {
            // A negative zero is a zero.
            value: Some(value + 0.0),
            status,
            missing: None,
            note: String::new(),
        }),
    }
}

fn answered(catalogue: &Catalogue, measure: &Measure, written: &Written) -> Result<Answered, Message> {
    let text = match written {
        Written::Nothing => return Ok(Answered::Nothing),
        Written::Number(value) if value.abs() >= LARGEST || !value.is_finite() => {
            return Err(Message::new("form.found-too-large").with("found", value.to_string()));
        }
        Written::Number(value) => return Ok(Answered::Number(*value)),
        Written::Formula => return Err(Message::new("form.found-formula")),
        Written::Date => return Err(Message::new("form.found-date")),
        Written::Truth => return Err(Message::new("form.found-truth")),
        Written::Failed(error) => return Err(Message::new("form.found-failed").with("found", error)),
        Written::Text(text) => text,
    };
    if let Some(mark) = marks::read_mark(text) {
        return Ok(Answered::Mark(mark));
    }
    let symbols = Language::ALL.map(|language| catalogue.unit_symbol(&measure.unit, language));
    let unit = measure.unit.to_string();
    let mut units: Vec<&str> = symbols.iter().map(String::as_str).collect();
    units.push(&unit);
    match number::read(text, &units, measure.unit.is_percent()) {
        Spelt::Number(value) => Ok(Answered::Number(value)),
        Spelt::Either(left, right) => {
            let message = Message::new("form.found-either").with("found", shown(text));
            Err(message
                .with("left", Param::Number(left, 3))
                .with("right", Param::Number(right, 0)))
        }
        Spelt::Dash => Err(Message::new("form.found-dash")),
        Spelt::Percent => {
            let message = Message::new("form.found-percent").with("found", shown(text));
            let unit = Text::each(|language| catalogue.unit_symbol(&measure.unit, language));
            Err(message.with("unit", Param::Text(unit)))
        }
        Spelt::TooLarge => Err(Message::new("form.found-too-large").with("found", shown(text))),
        Spelt::Other => Err(Message::new("form.found-text").with("found", shown(text))),
    }
}

fn status(written: &Written) -> Result<Status, Message> {
    let text = match written {
        Written::Formula => return Err(Message::new("form.found-formula")),
        written => written.text(),
    };
    marks::read_status(&text).ok_or_else(|| {
        let known = Text::each(|language| marks::status_words(language).join(", "));
        let message = Message::new("form.found-status").with("found", shown(&text));
        message.with("known", Param::Text(known))
    })
}

/// The word for a status, in the reader's language.
fn word(status: Status) -> Param {
    match status {
        Status::Normal => Param::Plain(status.letter().to_string()),
        status => Param::Text(Text::each(|language| status_word(status, language))),
    }
}

fn of_measure(measure: &Measure, value: f64) -> Param {
    Param::Number(value, usize::from(measure.decimals))
}

/// Whether a message about a cell says in `found` what stands where the figure is asked.
pub(super) fn quotes_figure(message: &Message) -> bool {
    let codes = [
        "form.found-text",
        "form.found-either",
        "form.found-percent",
        "form.found-too-large",
        "form.found-failed",
    ];
    codes.contains(&message.code())
}

/// As much of a text as a message can show.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let plain: String = text
        .trim()
        .chars()
        .map(|symbol| if symbol.is_control() { ' ' } else { symbol })
        .take(MOST + 1)
        .collect();
    if plain.chars().count() <= MOST {
        return plain;
    }
    let cut: String = plain.chars().take(MOST).collect();
    format!("{cut}…")
}

/// Whether the figures may be published, or a finding where that cannot be read.
pub(super) fn consent(round: &Round, area: &AreaCode, written: &Written) -> (Option<bool>, Option<Finding>) {
    let text = match written {
        Written::Formula => "=".to_owned(),
        Written::Truth => "TRUE/FALSE".to_owned(),
        written => written.text(),
    };
    match marks::read_consent(&text) {
        Ok(consent) => (consent, None),
        Err(()) => {
            let answers = ["form.yes", "form.no"];
            let known = Text::each(|language| answers.map(|code| said(code, language)).join(", "));
            let message = Message::new("form.found-consent").with("found", shown(&text));
            let message = message.with("known", Param::Text(known));
            (None, Some(finding(round, area, Vec::new(), message)))
        }
    }
}
