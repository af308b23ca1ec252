//! Writing answers to standard output and errors to standard error.

use crate::args::{Common, ErrorFormat, Format};
use crate::verbs::quoted;
use kultti_core::Error;
use kultti_core::export::{
    Block, Document, Export, RowFormat, TextOptions, to_markdown, to_text, write_delimited, write_json_lines,
};
use kultti_core::formats::Warning;
use kultti_core::language::{Language, Message, word};
use serde_json::{Value, json};
use std::io::{self, IsTerminal, Write};

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

/// Where and how answers are written.
pub(crate) struct Output {
    format: Format,
    language: Language,
    width: usize,
    styled: bool,
    errors: ErrorFormat,
    typed: Vec<String>,
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
            language,
            width,
            styled,
            errors: common.error_format,
            typed,
        }
    }

    /// The command that was typed, with one more word.
    pub(crate) fn typed_with(&self, word: &str) -> String {
        let words = self.typed.iter().skip(1).map(|typed| quoted(typed));
        let words: Vec<String> = words.chain([word.to_owned()]).collect();
        format!("kultti {}", words.join(" "))
    }

    /// Writes a result; `hint` is a sentence with a command that goes on, for people.
    pub(crate) fn result(
        &self,
        result: &impl Export,
        hint: Option<(&'static str, &str)>,
    ) -> Result<(), Failure> {
        let language = self.language;
        let mut out = io::BufWriter::new(io::stdout().lock());
        match self.format {
            Format::Table => {
                let mut document = result.document(language);
                if let Some((code, command)) = hint {
                    document = with_hint(
                        document,
                        Message::new(code).with("command", command).render(language),
                    );
                }
                let text = to_text(
                    &document,
                    TextOptions {
                        width: self.width,
                        styled: self.styled,
                    },
                );
                out.write_all(text.as_bytes())?;
            }
            Format::Md => out.write_all(to_markdown(&result.document(language)).as_bytes())?,
            Format::Csv => write_delimited(&result.table(language), b',', &mut out)?,
            Format::Tsv => write_delimited(&result.table(language), b'\t', &mut out)?,
            Format::Json => {
                serde_json::to_writer_pretty(&mut out, &result.json(language)).map_err(io::Error::from)?;
                out.write_all(b"\n")?;
            }
            Format::Jsonl => match result.json(language) {
                object if object.is_object() => writeln!(out, "{object}")?,
                _ => write_json_lines(&result.table(language), &mut out)?,
            },
        }
        out.flush()?;
        Ok(())
    }

    /// How rows without end are written; `None` where the format is for reading.
    pub(crate) fn rows(&self) -> Option<RowFormat> {
        match self.format {
            Format::Table | Format::Md => None,
            Format::Csv => Some(RowFormat::Csv),
            Format::Tsv => Some(RowFormat::Tsv),
            Format::Json => Some(RowFormat::Json(self.language)),
            Format::Jsonl => Some(RowFormat::JsonLines(self.language)),
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
            Format::Json | Format::Jsonl => writeln!(out, "{record}")?,
            _ => writeln!(out, "{}", message.render(self.language))?,
        }
        Ok(())
    }

    /// Writes an error with its code.
    pub(crate) fn error(&self, failed: &Error, format: ErrorFormat) {
        error(failed, self.language, format == ErrorFormat::Json);
    }
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
fn format_or_default(asked: Option<Format>, terminal: bool) -> Format {
    asked.unwrap_or(if terminal { Format::Table } else { Format::Tsv })
}
