//! The words of a form.

use crate::language::{Language, Message, word};

/// A word of the form.
pub(super) fn said(code: &'static str, language: Language) -> String {
    word(code, language).to_owned()
}

/// Sentences on how to fill a form in, one after another.
pub(super) fn how(language: Language, (answer, status, note): (&str, &str, &str)) -> Vec<String> {
    let columns = |code: &'static str| {
        let message = Message::new(code).with("answer", answer);
        message.with("status", status).with("note", note).render(language)
    };
    vec![
        columns("form.how-answer"),
        said("form.how-units", language),
        said("form.how-zero", language),
        columns("form.how-missing"),
        columns("form.how-note"),
        said("form.how-formulas", language),
        said("form.how-structure", language),
    ]
}
