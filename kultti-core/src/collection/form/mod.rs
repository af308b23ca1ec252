//! Forms: what a round asks of one reporter, as a workbook, as CSV and as JSON, and what was written into them.
//!
//! A form is laid out once ([`layout`]), whatever it is written as; a filled form is read back to [`super::Answers`] by the same
//! layout, and refused where a row does not stand where it was. What stands in a cell is read as people write numbers
//! ([`number`]); what cannot be read for certain is a finding, never a guess.

mod cell;
mod csv;
mod file;
mod json;
mod layout;
mod marks;
mod number;
mod raw;
mod words;
mod xlsx;

pub use file::FormFile;

use super::Answers;
use super::check::{Check, PlacedFinding};
use super::round::{Reporter, Round};
use crate::error::{Error, Result};
use crate::language::Language;
use crate::model::{AreaCode, MeasureId};
use crate::release::WholeFile;
use crate::rules::Severity;
use layout::Layout;
use std::io::Write;
use std::path::Path;

/// What a form is written as.
///
/// ```
/// use kultti_core::collection::FormFormat;
/// assert_eq!(FormFormat::of("kokkola.xlsx")?, FormFormat::Xlsx);
/// assert_eq!(FormFormat::parse("csv")?, FormFormat::Csv);
/// assert!(FormFormat::of("kokkola.pdf").unwrap_err().to_string().contains("xlsx, csv, json"));
/// # Ok::<(), kultti_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormFormat {
    /// A workbook of Excel.
    Xlsx,
    /// A table with semicolons, as Finnish and Swedish spreadsheets open it.
    Csv,
    /// One JSON document.
    Json,
}

impl FormFormat {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Xlsx, Self::Csv, Self::Json];

    /// Its name, which is also the ending of its files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// The format of that name.
    ///
    /// # Errors
    /// [`Error::FormFormat`] with the names there are.
    pub fn parse(name: &str) -> Result<Self> {
        let known = || Self::ALL.into_iter();
        let found = known().find(|format| format.name().eq_ignore_ascii_case(name));
        found.ok_or_else(|| Error::FormFormat {
            found: name.to_owned(),
            known: known().map(|format| format.name().to_owned()).collect(),
        })
    }

    /// The format that the ending of a file's name asks for.
    ///
    /// # Errors
    /// [`Error::FormFormat`] for any other ending.
    pub fn of(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        Self::parse(&ending).map_err(|error| match error {
            Error::FormFormat { known, .. } => Error::FormFormat {
                found: path.display().to_string(),
                known,
            },
            other => other,
        })
    }
}

/// Something said of a form's cell, or of the whole form: what an annotated copy shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The measure whose row it is said of; `None` for the whole form.
    pub measure: Option<MeasureId>,
    /// How grave it is.
    pub severity: Severity,
    /// What is said, in the language of the form.
    pub text: String,
}

/// What a round asks of one reporter, in one language; empty, or with answers and remarks written in.
#[derive(Debug, Clone)]
pub struct Form<'r> {
    round: &'r Round,
    reporter: &'r Reporter,
    language: Language,
    filled: Option<&'r Answers>,
    remarks: Vec<Remark>,
}

impl<'r> Form<'r> {
    /// The empty form of an area.
    ///
    /// # Errors
    /// [`Error::NotAReporter`] for an area of which the round expects nothing.
    pub fn new(round: &'r Round, area: &AreaCode, language: Language) -> Result<Self> {
        let reporter = round.resolve(area.as_str())?;
        Ok(Self {
            round,
            reporter,
            language,
            filled: None,
            remarks: Vec::new(),
        })
    }

    /// With the answers of a form that was read written in.
    #[must_use]
    pub fn filled(mut self, answers: &'r Answers) -> Self {
        self.filled = Some(answers);
        self
    }

    /// With remarks beside the cells: in a workbook coloured, as a comment of the cell and as words in a column of their own.
    #[must_use]
    pub fn remarked(mut self, remarks: Vec<Remark>) -> Self {
        self.remarks = remarks;
        self
    }

    /// With the findings of a check beside the cells that they are about, in the language of the form; as
    /// [`remarked`](Self::remarked).
    #[must_use]
    pub fn checked(self, check: &Check) -> Self {
        let remark = |placed: &PlacedFinding| Remark {
            measure: placed.finding.measures.first().cloned(),
            severity: placed.finding.severity,
            text: placed.finding.message.render(self.language),
        };
        let remarks = check.findings_of(&self.reporter.area).map(remark).collect();
        self.remarked(remarks)
    }

    /// The bytes of the form: the same for the same form on every machine.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be put together.
    pub fn to_bytes(&self, format: FormFormat) -> Result<Vec<u8>> {
        let layout = Layout::new(self.round, self.reporter, self.language);
        match format {
            FormFormat::Xlsx => xlsx::write(self, &layout),
            FormFormat::Csv => csv::write(self, &layout),
            FormFormat::Json => json::write(self, &layout),
        }
    }

    /// Writes the form to a file, whole or not at all.
    ///
    /// # Errors
    /// [`Error::Io`]; the name then keeps what it had.
    pub fn write_file(&self, format: FormFormat, path: &Path) -> Result<()> {
        let bytes = self.to_bytes(format)?;
        let mut file = WholeFile::create(path)?;
        let written = file.write_all(&bytes);
        written.map_err(|cause| Error::io(path.display().to_string(), &cause))?;
        file.commit()
    }

    /// The answer to a measure that is written in.
    fn answer(&self, measure: &MeasureId) -> Option<&super::Answer> {
        let answers = &self.filled?.answers;
        answers.iter().find(|answer| answer.measure == *measure)
    }

    /// What is said of a measure, or of the form as a whole.
    fn remarks_of(&self, measure: Option<&MeasureId>) -> Vec<&str> {
        let remarks = self.remarks.iter();
        let of = remarks.filter(|remark| remark.measure.as_ref() == measure);
        of.map(|remark| remark.text.as_str()).collect()
    }

    /// What was written where a figure is asked and could not be read: a copy gives it back rather than an empty cell.
    fn unread(&self, measure: &MeasureId) -> Option<String> {
        let mut findings = self.filled?.unreadable.iter();
        let finding = findings.find(|finding| {
            finding.measures.first() == Some(measure) && cell::quotes_figure(&finding.message)
        })?;
        let mut params = finding.message.params().iter();
        let (_, found) = params.find(|(name, _)| *name == "found")?;
        Some(found.render(self.language))
    }

    fn author(&self) -> &str {
        self.filled.map_or("", |answers| &answers.author)
    }

    fn consent(&self) -> Option<bool> {
        self.filled.and_then(|answers| answers.consent)
    }
}
