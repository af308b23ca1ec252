//! What a filled form says.

use crate::language::Language;
use crate::model::{AreaCode, MeasureId};
use crate::rules::{Figure, Finding};
use std::fmt;

/// A cell of a form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    /// The sheet; empty in a form that has none.
    pub sheet: String,
    /// The cell as people name it: `D14`, or a line.
    pub cell: String,
}

impl Place {
    /// A place as it is written: `Talous!D14`, or a cell alone.
    pub fn parse(text: &str) -> Self {
        // A sheet's name may hold the mark too; a cell never does.
        let (sheet, cell) = text.rsplit_once('!').unwrap_or(("", text));
        Self {
            sheet: sheet.to_owned(),
            cell: cell.to_owned(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.sheet.is_empty() {
            return f.write_str(&self.cell);
        }
        write!(f, "{}!{}", self.sheet, self.cell)
    }
}

/// One answered figure and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The measure.
    pub measure: MeasureId,
    /// The figure.
    pub figure: Figure,
    /// Where it stands.
    pub place: Place,
}

/// A filled form.
#[derive(Debug, Clone, PartialEq)]
pub struct Answers {
    /// The name of the file.
    pub document: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// The round that the form says it is of.
    pub round: String,
    /// SHA-256 of that round's file.
    pub round_sha256: String,
    /// The reporter.
    pub area: AreaCode,
    /// The language of the form.
    pub language: Language,
    /// Who filled it in, as the form says; empty where it does not.
    pub author: String,
    /// Whether the figures may be published; `None` where that was not answered.
    pub consent: Option<bool>,
    /// Every asked figure, in the order of the round, also those without an answer.
    pub answers: Vec<Answer>,
    /// Cells that could not be read as a figure: what stands there, and what to do. Their answers have no value.
    pub unreadable: Vec<Finding>,
}
