//! Writing answers to standard output and errors to standard error.

#[cfg(feature = "sql")]
mod answer;

use crate::args::{self, Common, Drawing, ErrorFormat};
use crate::run;
use crate::verbs::quoted;
use kultti_core::Error;
use kultti_core::chart::{ChartFormat, ChartOptions, Drawn, without_chart, write_chart_file};
use kultti_core::export::{
    Block, Citation, CitationStyle, Document, Export, ResultFormat, RowFormat, TextOptions, to_text,
    write_result, write_result_file,
};
use kultti_core::formats::{Format, Target, Warning};
use kultti_core::language::{Language, Message, word};
use kultti_core::model::Date;
use kultti_core::release::WholeFile;
use kultti_core::report::{Report, ReportFormat, Templates};
use serde_json::{Value, json};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Why an answer could not be given.
pub(crate) enum Failure {
    /// The question cannot be answered.
    Kultti(Error),
    /// Whoever reads the output has had enough.
    ClosedPipe,
    /// The output cannot be written.
    Write(io::Error),
    /// What was compared differs, and the exit code was to say so.
    Different,
    /// A question within the command line cannot be read.
    Usage(Box<clap::Error>),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Kultti(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::ClosedPipe
        } else {
            Self::Write(error)
        }
    }
}

/// How an answer is cited instead of being shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Citing {
    pub(crate) style: CitationStyle,
    pub(crate) accessed: Option<Date>,
}

/// Where and how answers are written.
#[derive(Clone)]
pub(crate) struct Output {
    format: ResultFormat,
    /// Whether standard output is a terminal.
    terminal: bool,
    /// The file to write answers to, with the format that was asked for.
    file: Option<(PathBuf, Option<ResultFormat>)>,
    language: Language,
    width: usize,
    styled: bool,
    errors: ErrorFormat,
    typed: Vec<String>,
    cited: Option<Citing>,
}

impl Output {
    /// The format asked for, or a table on a terminal and TSV elsewhere.
    ///
    /// `typed` is the command line, from which the next command is made.
    pub(crate) fn new(common: &Common, language: Language, typed: Vec<String>) -> Self {
        let terminal = io::stdout().is_terminal();
        let styled = anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never;
        let columns = std::env::var("COLUMNS")
            .ok()
            .and_then(|columns| columns.parse().ok());
        let seen = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        let width = columns
            .or(seen.filter(|_| terminal))
            .unwrap_or(100)
            .clamp(20, 110);
        Self {
            format: format_or_default(common.format, terminal),
            terminal,
            file: None,
            language,
            width,
            styled,
            errors: common.error_format,
            typed,
            cited: None,
        }
    }

    /// Writes how an answer is cited instead of the answer.
    pub(crate) fn citing(mut self, citing: Citing) -> Self {
        self.cited = Some(citing);
        self
    }

    /// Whether answers are cited.
    pub(crate) fn cites(&self) -> bool {
        self.cited.is_some()
    }

    /// Speaks another language, if one was asked for.
    pub(crate) fn in_language(mut self, asked: &[String]) -> Self {
        if !asked.is_empty() {
            self.language = run::language(asked);
        }
        self
    }

    /// Writes a citation.
    pub(crate) fn citation(&self, citation: Citation) -> Result<(), Failure> {
        let style = self.cited.map(|citing| citing.style).unwrap_or_default();
        let citation = citation.accessed(self.cited.and_then(|citing| citing.accessed));
        let text = citation.write(style, self.language);
        if let Some((path, _)) = &self.file {
            let mut file = WholeFile::create(path)?;
            let name = path.display().to_string();
            file.write_all(text.as_bytes())
                .map_err(|cause| Error::io(&name, &cause))?;
            file.commit()?;
            return Ok(());
        }
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()?;
        Ok(())
    }

    /// The command that was typed, with a file for its answer, whose ending says the format.
    #[cfg(feature = "sql")]
    pub(crate) fn typed_into(&self, file: &str) -> String {
        let mut other = self.clone();
        if let Some(at) = other.typed.iter().position(is_format) {
            let words = if other.typed[at] == "--format" { 2 } else { 1 };
            other.typed.drain(at..(at + words).min(self.typed.len()));
        }
        other.typed_with(&format!("-o {file}"))
    }

    /// Whether the format was typed, and not only wished for by the environment.
    pub(crate) fn format_was_typed(&self) -> bool {
        self.typed.iter().any(is_format)
    }

    /// Writes answers to a file. A format that the environment wishes for does not overrule the ending of its name.
    pub(crate) fn into_file(mut self, file: Option<&Path>) -> Self {
        let format = self.format_was_typed().then_some(self.format);
        self.file = file.map(|path| (path.to_path_buf(), format));
        self
    }

    /// The command that was typed, with one more word.
    pub(crate) fn typed_with(&self, word: &str) -> String {
        let words = self.typed.iter().skip(1).map(|typed| quoted(typed));
        let words: Vec<String> = words.chain([word.to_owned()]).collect();
        format!("kultti {}", words.join(" "))
    }

    /// Writes the chart of a result to the file whose ending asks for one; without such a file the result itself.
    pub(crate) fn drawn(
        &self,
        result: &(impl Export + Drawn),
        options: &ChartOptions,
    ) -> Result<(), Failure> {
        let Some((path, format)) = self.chart_file() else {
            return self.result(result, None);
        };
        let chart = result.chart(options, self.language)?;
        write_chart_file(&chart, format, path)?;
        let path = path.display().to_string();
        let message = Message::new("word.result-written").with("path", &path);
        let message = message.with("format", format.name());
        self.done(&message, &json!({ "path": path, "format": format.name() }))
    }

    /// Writes a report: to a file, or to standard output, where a terminal gets text and anything else a page of HTML.
    pub(crate) fn report(
        &self,
        report: &Report,
        format: Option<ReportFormat>,
        templates: &Templates,
        file: Option<&Path>,
    ) -> Result<(), Failure> {
        let Some(path) = file else {
            let format = format.unwrap_or(if self.terminal {
                ReportFormat::Text
            } else {
                ReportFormat::Html
            });
            if format == ReportFormat::Text {
                return self.shown(report.document(self.language), None);
            }
            if self.terminal && format.is_binary() {
                let format = format.name().to_owned();
                return Err(Error::BinaryToTerminal { format }.into());
            }
            let bytes = report.to_bytes(format, templates, self.language)?;
            let mut out = io::stdout().lock();
            out.write_all(&bytes)?;
            return Ok(out.flush()?);
        };
        let format = format.unwrap_or(ReportFormat::Html);
        report.write_file(format, templates, self.language, path)?;
        let path = path.display().to_string();
        let message = Message::new("word.result-written").with("path", &path);
        let message = message.with("format", format.name());
        self.done(&message, &json!({ "path": path, "format": format.name() }))
    }

    /// Refuses words about a chart where none is drawn: they would be passed over in silence.
    pub(crate) fn no_chart(&self, drawing: &Drawing) -> Result<(), Error> {
        let (name, found) = match (drawing.chart, drawing.mark.as_slice()) {
            (Some(kind), _) => ("chart", kind.name().to_owned()),
            (None, []) => return Ok(()),
            (None, mark) => ("mark", mark.join(",")),
        };
        Err(Error::InvalidArgument {
            name: name.into(),
            expected: "-o FILE.svg, -o FILE.vl.json".into(),
            found,
        })
    }

    /// Whether the answer is to be drawn.
    pub(crate) fn draws(&self) -> bool {
        !self.cites() && self.chart_file().is_some()
    }

    /// The file whose ending asks for a chart, unless a format was typed.
    fn chart_file(&self) -> Option<(&Path, ChartFormat)> {
        let (path, _) = self.file.as_ref().filter(|(_, format)| format.is_none())?;
        Some((path, ChartFormat::of(path)?))
    }

    /// Writes a result; `hint` is a sentence with a command that goes on, for people.
    pub(crate) fn result(
        &self,
        result: &impl Export,
        hint: Option<(&'static str, &str)>,
    ) -> Result<(), Failure> {
        let language = self.language;
        if let Some((path, _)) = self.chart_file() {
            return Err(without_chart(path).into());
        }
        if let Some((path, format)) = &self.file {
            let format = format.map_or_else(|| ResultFormat::of(path), Ok)?;
            let lost = write_result_file(result, Some(format), language, path)?;
            lost.iter().for_each(|warning| self.warning(warning));
            let path = path.display().to_string();
            let message = Message::new("word.result-written").with("path", &path);
            let message = message.with("format", format.name());
            return self.done(&message, &json!({ "path": path, "format": format.name() }));
        }
        if self.format == ResultFormat::Text {
            return self.shown(result.document(language), hint);
        }
        if self.terminal && !self.format.is_text() {
            let format = self.format.name().to_owned();
            return Err(Error::BinaryToTerminal { format }.into());
        }
        // Written in memory first, so that a pipe that closes is told from a format that cannot hold the answer.
        let mut bytes = Vec::new();
        let mut target = Target {
            name: "-",
            out: &mut bytes,
        };
        let lost = write_result(result, self.format, language, &mut target)?;
        let mut out = io::stdout().lock();
        out.write_all(&bytes)?;
        out.flush()?;
        lost.iter().for_each(|warning| self.warning(warning));
        Ok(())
    }

    /// Writes a document for people.
    fn shown(&self, mut document: Document, hint: Option<(&'static str, &str)>) -> Result<(), Failure> {
        if let Some((code, command)) = hint {
            let hint = Message::new(code).with("command", command).render(self.language);
            document = with_hint(document, hint);
        }
        let options = TextOptions {
            width: self.width,
            styled: self.styled,
        };
        let mut out = io::stdout().lock();
        out.write_all(to_text(&document, options).as_bytes())?;
        out.flush()?;
        Ok(())
    }

    /// How rows without end are written; `None` where the format is for reading.
    ///
    /// # Errors
    /// [`Error::ResultNotACube`] for a format that must know everything before it begins.
    pub(crate) fn rows(&self) -> Result<Option<RowFormat>, Error> {
        match self.format {
            ResultFormat::Text | ResultFormat::Markdown | ResultFormat::Html => Ok(None),
            ResultFormat::Table(Format::Csv) => Ok(Some(RowFormat::Csv)),
            ResultFormat::Table(Format::Tsv) => Ok(Some(RowFormat::Tsv)),
            ResultFormat::Json => Ok(Some(RowFormat::Json(self.language))),
            ResultFormat::JsonLines => Ok(Some(RowFormat::JsonLines(self.language))),
            ResultFormat::Table(_) => Err(Error::ResultNotACube {
                format: self.format.name().to_owned(),
                known: ["csv", "tsv", "json", "jsonl", "-o *.parquet", "-o *.arrow"]
                    .map(str::to_owned)
                    .to_vec(),
            }),
        }
    }

    /// The language of texts.
    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// Says something about the data on standard error.
    pub(crate) fn remark(&self, text: &str) {
        // There is nowhere left to report a failure of standard error.
        let _ = writeln!(io::stderr(), "{text}");
    }

    /// Says on standard error what was assumed of a file or what another format cannot hold.
    pub(crate) fn warning(&self, warning: &Warning) {
        said(
            Severity::Warning,
            warning.0.code(),
            &warning.0,
            (self.language, self.errors),
        );
    }

    /// Writes what was done: a sentence for people, the id for machines.
    pub(crate) fn message(&self, message: &Message, id: &str) -> Result<(), Failure> {
        let text = message.render(self.language);
        self.done(message, &json!({ "release": id, "text": text }))
    }

    /// Writes what was done: a sentence for people, a record for machines.
    pub(crate) fn done(&self, message: &Message, record: &Value) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        match self.format {
            ResultFormat::Json | ResultFormat::JsonLines => writeln!(out, "{record}")?,
            _ => writeln!(out, "{}", message.render(self.language))?,
        }
        Ok(())
    }

    /// Writes an error with its code.
    pub(crate) fn error(&self, failed: &Error, format: ErrorFormat) {
        error(failed, self.language, format == ErrorFormat::Json);
    }
}

/// The option that says a format, with its value or before it.
fn is_format(word: &String) -> bool {
    word == "--format" || word.starts_with("--format=")
}

/// Writes an error with its code: a sentence, or one JSON object.
pub(crate) fn error(error: &Error, language: Language, as_json: bool) {
    let format = if as_json {
        ErrorFormat::Json
    } else {
        ErrorFormat::Text
    };
    said(
        Severity::Error,
        error.code(),
        &error.message(),
        (language, format),
    );
}

#[derive(Clone, Copy)]
enum Severity {
    Error,
    Warning,
}

/// Something said on standard error with its code: a sentence, or one JSON object.
fn said(severity: Severity, code: &str, message: &Message, (language, format): (Language, ErrorFormat)) {
    let text = message.render(language);
    let (name, said) = match severity {
        Severity::Error => ("error", "word.error"),
        Severity::Warning => ("warning", "word.warning"),
    };
    let mut out = io::stderr().lock();
    // There is nowhere left to report a failure of standard error.
    let _ = match format {
        ErrorFormat::Json => {
            let params: serde_json::Map<_, _> = message
                .params()
                .iter()
                .map(|(name, value)| ((*name).to_owned(), json!(value.render(language))))
                .collect();
            writeln!(
                out,
                "{}",
                json!({ "code": code, "severity": name, "text": text, "fields": params })
            )
        }
        ErrorFormat::Text => writeln!(out, "{} ({code}): {text}", word(said, language)),
    };
}

/// Writes what is wrong with a command line that could not be read: the parser's own words, or one JSON object.
pub(crate) fn usage_error(error: &clap::Error, as_json: bool) {
    if as_json {
        let text = error.to_string();
        let text = text.trim().trim_start_matches("error: ");
        // There is nowhere left to report a failure of standard error.
        let _ = writeln!(
            io::stderr(),
            "{}",
            json!({ "code": "usage", "severity": "error", "text": text, "fields": {} })
        );
    } else {
        let _ = error.print();
    }
}

/// Adds a line to the small print of a document.
fn with_hint(mut document: Document, line: String) -> Document {
    match document.blocks.last_mut() {
        Some(Block::Footer(lines)) => lines.push(line),
        _ => document.blocks.push(Block::Footer(vec![line])),
    }
    document
}

/// The format asked for, or the one that fits where the output goes.
fn format_or_default(asked: Option<args::Format>, terminal: bool) -> ResultFormat {
    let usual = if terminal {
        ResultFormat::Text
    } else {
        ResultFormat::Table(Format::Tsv)
    };
    asked.and_then(args::Format::of_results).unwrap_or(usual)
}
