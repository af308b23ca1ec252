//! A report as a file, in the format asked for.

use super::facts::Report;
use super::pdf::to_pdf;
use super::templates::Templates;
use crate::chart::write_whole;
use crate::error::{Error, Result};
use crate::export::{Export, ResultFormat, to_markdown, to_text, write_result};
use crate::formats::Target;
use crate::language::Language;
use std::path::Path;
use std::str::FromStr;

/// A format of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFormat {
    /// One file of HTML.
    Html,
    /// Markdown.
    Markdown,
    /// A workbook of Excel, in the reader's language.
    Xlsx,
    /// A tagged PDF, printed by a browser.
    Pdf,
    /// For a terminal.
    Text,
    /// The figures, in a format of results.
    Figures(ResultFormat),
}

impl ReportFormat {
    /// The names of those with words; the figures alone have those of results besides.
    const NAMED: [(&'static str, Self); 5] = [
        ("html", Self::Html),
        ("md", Self::Markdown),
        ("xlsx", Self::Xlsx),
        ("pdf", Self::Pdf),
        ("table", Self::Text),
    ];
    /// The names of those with figures alone.
    const FIGURES: [&'static str; 7] = ["csv", "tsv", "json", "jsonl", "jsonstat", "parquet", "arrow"];

    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Figures(format) => format.name(),
            other => Self::NAMED
                .into_iter()
                .find(|(_, format)| *format == other)
                .map_or("html", |(name, _)| name),
        }
    }

    /// Whether a terminal cannot show it.
    pub fn is_binary(self) -> bool {
        match self {
            Self::Xlsx | Self::Pdf => true,
            Self::Figures(format) => !format.is_text(),
            Self::Html | Self::Markdown | Self::Text => false,
        }
    }

    /// The format that the ending of a name asks for.
    ///
    /// # Errors
    /// [`Error::ReportFormat`] for an ending of no format.
    ///
    /// ```
    /// use kultti_core::report::ReportFormat;
    /// assert_eq!(ReportFormat::of("kokkola.PDF".as_ref())?, ReportFormat::Pdf);
    /// assert!(ReportFormat::of("kokkola.docx".as_ref()).is_err());
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn of(path: &Path) -> Result<Self> {
        let name = path.display().to_string();
        let lower = name.to_lowercase();
        let own = Self::NAMED
            .into_iter()
            .filter(|(_, format)| *format != Self::Text);
        let own = own.chain([("htm", Self::Html), ("txt", Self::Text)]);
        let found = own
            .into_iter()
            .find(|(ending, _)| lower.ends_with(&format!(".{ending}")));
        if let Some((_, format)) = found {
            return Ok(format);
        }
        match ResultFormat::of(path) {
            Ok(format) if Self::FIGURES.contains(&format.name()) => Ok(Self::Figures(format)),
            _ => Err(unknown(&name)),
        }
    }
}

impl FromStr for ReportFormat {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let found = Self::NAMED.into_iter().find(|(name, _)| *name == text);
        if let Some((_, format)) = found {
            return Ok(format);
        }
        let figures = text.parse().ok().filter(|_| Self::FIGURES.contains(&text));
        figures.map(Self::Figures).ok_or_else(|| unknown(text))
    }
}

fn unknown(found: &str) -> Error {
    let names = ReportFormat::NAMED.into_iter().map(|(name, _)| name);
    Error::ReportFormat {
        found: found.to_owned(),
        known: names.chain(ReportFormat::FIGURES).map(str::to_owned).collect(),
    }
}

impl Report {
    /// The bytes of the report in a format. A PDF is printed by a browser of the system.
    ///
    /// # Errors
    /// Those of [`Report::to_html`], of the formats, and for PDF of [`to_pdf`].
    ///
    /// ```
    /// use kultti_core::language::Language;
    /// use kultti_core::release::Release;
    /// use kultti_core::report::{ReportFormat, Templates};
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let report = release.report("Kokkola")?;
    /// let bytes = report.to_bytes(ReportFormat::Markdown, &Templates::default(), Language::En)?;
    /// assert!(bytes.starts_with(b"## Kokkola (Karleby)"));
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn to_bytes(
        &self,
        format: ReportFormat,
        templates: &Templates,
        language: Language,
    ) -> Result<Vec<u8>> {
        match format {
            ReportFormat::Html => Ok(self.to_html(templates, language)?.into_bytes()),
            ReportFormat::Markdown => Ok(to_markdown(&self.page(language)?.document()).into_bytes()),
            ReportFormat::Xlsx => self.page(language)?.to_xlsx(),
            ReportFormat::Text => {
                Ok(to_text(&self.document(language), crate::export::TextOptions::default()).into_bytes())
            }
            ReportFormat::Pdf => to_pdf(&self.to_html(templates, language)?),
            ReportFormat::Figures(format) => self.figures_as(format, language),
        }
    }

    /// Writes the report to a file, whole or not at all.
    ///
    /// # Errors
    /// Those of [`Report::to_bytes`]; [`Error::Io`] when the file cannot be written: what stood under its name stays.
    ///
    /// ```
    /// use kultti_core::language::Language;
    /// use kultti_core::release::Release;
    /// use kultti_core::report::{ReportFormat, Templates};
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let folder = tempfile::tempdir().unwrap();
    /// let path = folder.path().join("kokkola.html");
    /// let report = release.report("Kokkola")?;
    /// report.write_file(ReportFormat::Html, &Templates::default(), Language::Fi, &path)?;
    /// assert!(path.is_file());
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn write_file(
        &self,
        format: ReportFormat,
        templates: &Templates,
        language: Language,
        path: &Path,
    ) -> Result<()> {
        write_whole(path, &self.to_bytes(format, templates, language)?)
    }

    /// The figures alone.
    fn figures_as(&self, format: ResultFormat, language: Language) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut target = Target {
            name: "report",
            out: &mut bytes,
        };
        write_result(self, format, language, &mut target)?;
        Ok(bytes)
    }
}
