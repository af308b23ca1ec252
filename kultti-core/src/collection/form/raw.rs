//! What stands in a filled form, before anything is made of it.

use crate::collection::Place;
use crate::language::Language;
use crate::model::{AreaCode, MeasureId};

/// What a form says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) round: String,
    pub(super) round_sha256: String,
    pub(super) area: AreaCode,
    pub(super) language: Language,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Written {
    Nothing,
    Number(f64),
    Text(String),
    /// A formula: it is never worked out, and what it once gave is not taken.
    Formula,
    Date,
    Truth,
    /// An error of a spreadsheet, such as `#REF!`.
    Failed(String),
}

impl Written {
    /// A text as a cell holds it.
    pub(super) fn of_text(text: &str) -> Self {
        if text.trim().is_empty() {
            Self::Nothing
        } else {
            Self::Text(text.to_owned())
        }
    }

    /// What stands there as a text, where texts are asked; a formula gives none.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.trim().to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Failed(error) => error.clone(),
            Self::Nothing | Self::Formula | Self::Date | Self::Truth => String::new(),
        }
    }
}

/// A row of a filled form.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RawLine {
    pub(super) measure: MeasureId,
    pub(super) place: Place,
    pub(super) value: Written,
    pub(super) status: Written,
    pub(super) note: Written,
}

/// A filled form.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Raw {
    pub(super) author: String,
    pub(super) consent: Written,
    /// In the order of the round, each measure once.
    pub(super) lines: Vec<RawLine>,
}
