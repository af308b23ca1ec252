//! The marks and statuses of a form: what an answerer can say beside a figure, or instead of one.

use super::words::said;
use crate::language::{Language, fold};
use crate::model::{Missing, Status};

/// What can be chosen as a status, in the order of the list: first those beside a figure, then those instead of one.
///
/// A figure without a status is an ordinary one. Suppression is nothing that a reporter decides.
pub(super) const STATUSES: [(Status, &str); 8] = [
    (Status::Estimated, "form.status-estimated"),
    (Status::Provisional, "form.status-provisional"),
    (Status::DefinitionDiffers, "form.status-differs"),
    (Status::Includes, "form.status-includes"),
    (Status::Missing, "form.status-missing"),
    (Status::NotApplicable, "form.status-not-applicable"),
    (Status::Included, "form.status-included"),
    (Status::NotCollected, "form.status-not-collected"),
];

/// Marks that stand in the cell of an answer instead of a figure. The other reasons have only words: three and four points are
/// too easily mistaken for one another, and a hyphen may mean zero or nothing.
pub(super) const MARKS: [(&str, Status); 2] = [(".", Status::Missing), ("..", Status::NotApplicable)];

/// The word for a status; empty for an ordinary figure.
pub(super) fn status_word(status: Status, language: Language) -> String {
    let known = STATUSES.iter().find(|(known, _)| *known == status);
    known.map_or_else(String::new, |(_, code)| said(code, language))
}

/// The words that can be chosen, in the order of the list.
pub(super) fn status_words(language: Language) -> Vec<String> {
    STATUSES.iter().map(|(_, code)| said(code, language)).collect()
}

/// The status that a cell says, by its word in any language or its letter; `None` for any other text. Nothing written is an
/// ordinary figure.
pub(super) fn read_status(text: &str) -> Option<Status> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Status::Normal);
    }
    let folded = fold(text);
    let named = |code: &'static str| {
        let mut languages = Language::ALL.into_iter();
        languages.any(|language| fold(&said(code, language)) == folded)
    };
    let word = STATUSES
        .iter()
        .find(|(_, code)| named(code))
        .map(|(status, _)| *status);
    let letter = || {
        let found = Status::from_letter(&text.to_ascii_uppercase())?;
        let offered = STATUSES.iter().any(|(status, _)| *status == found);
        (offered || found == Status::Normal).then_some(found)
    };
    word.or_else(letter)
}

/// The status of a mark in the cell of an answer.
pub(super) fn read_mark(text: &str) -> Option<Status> {
    let mark = MARKS.iter().find(|(mark, _)| *mark == text.trim());
    mark.map(|(_, status)| *status)
}

/// Why there is no figure, of a status that says so.
pub(super) fn reason(status: Status) -> Option<Missing> {
    status.usual_reason()
}

/// Yes or no in any language; `Err` for any other text, `Ok(None)` for none.
pub(super) fn read_consent(text: &str) -> Result<Option<bool>, ()> {
    let folded = fold(text.trim());
    if folded.is_empty() {
        return Ok(None);
    }
    let is = |code: &'static str| {
        let mut languages = Language::ALL.into_iter();
        languages.any(|language| fold(&said(code, language)) == folded)
    };
    match (is("form.yes"), is("form.no")) {
        (true, _) => Ok(Some(true)),
        (_, true) => Ok(Some(false)),
        _ => Err(()),
    }
}
