//! A filled form: opened without knowing its round, then read by it.

use super::layout::Layout;
use super::raw::{Identity, Raw};
use super::{FormFormat, cell, csv, json, xlsx};
use crate::collection::Answers;
use crate::collection::round::{Reporter, Round, folders_of, read_limited, sha256};
use crate::error::{Error, Result};
use crate::language::Language;
use crate::model::AreaCode;
use std::path::{Path, PathBuf};

/// No form fills more; a filled one of 400 measures is about 60 KiB.
const MOST_BYTES: u64 = 16 << 20;

/// A filled form as a file, of which is known what it is of. Nothing in it is run, and no formula is worked out.
///
/// ```no_run
/// use kultti_core::collection::FormFile;
/// let form = FormFile::open("kokkola.xlsx")?;
/// let round = form.find_round(None)?;
/// let answers = form.answers(&round)?;
/// for finding in &answers.unreadable {
///     println!("{}", finding.message.render(answers.language));
/// }
/// # Ok::<(), kultti_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct FormFile {
    name: String,
    path: Option<PathBuf>,
    bytes: Vec<u8>,
    sha256: String,
    format: FormFormat,
    identity: Identity,
}

impl FormFile {
    /// Opens a form. What it is written as is seen from its bytes, not from its name.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be read, and those of [`FormFile::from_bytes`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let bytes = read_limited(path, MOST_BYTES)?;
        let mut form = Self::from_bytes(&path.display().to_string(), bytes)?;
        form.path = Some(path.to_path_buf());
        Ok(form)
    }

    /// Opens a form in memory; `name` is what messages call it.
    ///
    /// # Errors
    /// [`Error::NotAForm`] for a file that is none, or no longer, [`Error::NotAWorkbook`] for a workbook of another format or
    /// with a password, [`Error::Oversized`] for one that is, or unpacks to, more than a form can.
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Self> {
        let format = format_of(&bytes);
        let identity = match format {
            FormFormat::Xlsx => xlsx::identity(name, &bytes),
            FormFormat::Csv => csv::identity(name, &bytes),
            FormFormat::Json => json::identity(name, &bytes),
        }?;
        Ok(Self {
            name: name.to_owned(),
            path: None,
            sha256: sha256(&bytes),
            bytes,
            format,
            identity,
        })
    }

    /// What it is written as.
    pub fn format(&self) -> FormFormat {
        self.format
    }

    /// SHA-256 of the file.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The id of the round that it says it is of.
    pub fn round(&self) -> &str {
        &self.identity.round
    }

    /// SHA-256 of that round's file.
    pub fn round_sha256(&self) -> &str {
        &self.identity.round_sha256
    }

    /// The area that it was made for.
    pub fn area(&self) -> &AreaCode {
        &self.identity.area
    }

    /// Its language.
    pub fn language(&self) -> Language {
        self.identity.language
    }

    /// The round of the form: the file that is named, else the first `*.round.json` with the form's round id and SHA-256 in the
    /// form's folder, in one above it, or in the current one.
    ///
    /// # Errors
    /// [`Error::RoundNotFound`] with the folders that were looked through; [`Error::OtherRound`] or [`Error::RoundChanged`]
    /// where the file is of another round, or of another version of it; those of [`Round::open`].
    pub fn find_round(&self, named: Option<&Path>) -> Result<Round> {
        let Some(path) = named else {
            let form = self.path.as_deref().unwrap_or(Path::new(&self.name));
            let wanted = (self.round(), self.round_sha256());
            return Round::find_for(&self.name, wanted, &folders_of(form));
        };
        let round = Round::open(path)?;
        self.require(&round, &path.display().to_string())?;
        Ok(round)
    }

    fn require(&self, round: &Round, file: &str) -> Result<()> {
        let id = &round.document().id;
        if *id != self.identity.round {
            return Err(Error::OtherRound {
                path: self.name.clone(),
                expected: id.clone(),
                found: self.identity.round.clone(),
            });
        }
        if round.sha256() == self.identity.round_sha256 {
            return Ok(());
        }
        Err(Error::RoundChanged {
            path: self.name.clone(),
            round: id.clone(),
            file: file.to_owned(),
            expected: round.sha256().to_owned(),
            found: self.identity.round_sha256.clone(),
        })
    }

    /// Reads what was answered. A cell that cannot be read for certain has no value and a finding of the rule `type`; an empty
    /// one is not answered. Last year's values are never read.
    ///
    /// # Errors
    /// [`Error::OtherRound`], [`Error::RoundChanged`], [`Error::NotAReporter`]; [`Error::TwoAreas`] where the form names another
    /// area as well; [`Error::FormStructure`] where a row, column or sheet is not where it was; those of
    /// [`FormFile::from_bytes`].
    pub fn answers(&self, round: &Round) -> Result<Answers> {
        self.require(round, &round.document().id)?;
        let reporter = match self.same_area(round) {
            Some(reporter) => reporter,
            None => round.resolve(self.identity.area.as_str())?,
        };
        let layout = Layout::new(round, reporter, self.identity.language);
        let raw = match self.format {
            FormFormat::Xlsx => xlsx::read(&self.name, &self.bytes, &layout),
            FormFormat::Csv => csv::read(&self.name, &self.bytes, &layout),
            FormFormat::Json => json::read(&self.name, &self.bytes, &layout),
        }?;
        Ok(self.answered(&layout, raw))
    }

    /// The reporter of the form's code; a spreadsheet that saved a table may have taken the zeros before it away.
    fn same_area<'r>(&self, round: &'r Round) -> Option<&'r Reporter> {
        let code = self.identity.area.as_str();
        round.reporter(&self.identity.area).or_else(|| {
            let digits = code.bytes().all(|digit| digit.is_ascii_digit());
            let mut reporters = round.document().reporters.iter();
            let same = |reporter: &&Reporter| reporter.area.as_str().trim_start_matches('0') == code;
            reporters.find(same).filter(|_| digits && !code.is_empty())
        })
    }

    fn answered(&self, layout: &Layout<'_>, raw: Raw) -> Answers {
        let (round, area) = (layout.round, &layout.reporter.area);
        let (consent, unclear) = cell::consent(round, area, &raw.consent);
        let mut unreadable = Vec::new();
        let mut answers = Vec::with_capacity(raw.lines.len());
        for (line, raw) in layout.lines.iter().zip(raw.lines) {
            let (answer, finding) = cell::read(round, area, line, raw);
            answers.push(answer);
            unreadable.extend(finding);
        }
        unreadable.extend(unclear);
        let path = Path::new(&self.name);
        let document = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        Answers {
            document: document.into_owned(),
            sha256: self.sha256.clone(),
            round: self.identity.round.clone(),
            round_sha256: self.identity.round_sha256.clone(),
            area: area.clone(),
            language: self.identity.language,
            author: raw.author,
            consent,
            answers,
            unreadable,
        }
    }
}

/// What bytes are written as: a package or an old workbook, an object, else a table.
fn format_of(bytes: &[u8]) -> FormFormat {
    if bytes.starts_with(b"PK") || bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return FormFormat::Xlsx;
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => FormFormat::Json,
        _ => FormFormat::Csv,
    }
}
