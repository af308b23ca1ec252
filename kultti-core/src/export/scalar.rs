//! Single values as JSON.

use crate::compare::Note;
use crate::language::{Language, word};
use crate::model::Missing;
use serde_json::{Value as Json, json};

/// A note as JSON: `code`, `severity`, `text`.
pub fn note_json(note: &Note, language: Language) -> Json {
    json!({ "code": note.code(), "severity": note.severity.name(), "text": note.message.render(language) })
}

/// A reason as JSON: null, or `code` and `text`.
pub(super) fn missing_json(missing: Option<Missing>, language: Language) -> Json {
    missing.map_or(
        Json::Null,
        |reason| json!({ "code": reason.code(), "text": word(reason.message_code(), language) }),
    )
}

/// A number as JSON: whole numbers without a fraction, impossible ones null.
pub(super) fn number_json(number: Option<f64>) -> Json {
    match number {
        #[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
        Some(whole) if whole.fract() == 0.0 && whole.abs() < 9_007_199_254_740_992.0 => json!(whole as i64),
        Some(number) if number.is_finite() => json!(number),
        _ => Json::Null,
    }
}

/// A reason as its code.
pub(super) fn missing_code(reason: Missing) -> String {
    reason.code().to_owned()
}
