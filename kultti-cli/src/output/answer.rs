//! Writing the answers of queries: streams to files and pipes, the first rows to people.

use super::{Failure, Output};
use crate::answer::Batches;
use kultti_core::Error;
use kultti_core::chart::without_chart;
use kultti_core::export::{AnswerWriter, Block, ResultFormat, answer_document, holds_columns};
use kultti_core::language::Message;
use kultti_core::release::WholeFile;
use serde_json::json;
use std::io::{self, Write};
use std::path::Path;

/// Rows that people are shown of an answer.
const SHOWN: usize = 40;

impl Output {
    /// The same in another format, on standard output.
    pub(crate) fn in_format(mut self, format: ResultFormat) -> Self {
        self.format = format;
        self
    }

    /// Writes an answer; `all` is the command that writes all rows where not all are shown.
    pub(crate) fn answer(&self, answer: Batches, all: &str) -> Result<(), Failure> {
        if let Some((path, _)) = self.chart_file() {
            return Err(without_chart(path).into());
        }
        if let Some((path, format)) = &self.file {
            let format = format.map_or_else(|| ResultFormat::of(path), Ok)?;
            return self.answer_to_file(answer, format, path);
        }
        if self.format == ResultFormat::Text {
            return self.first_rows(answer, all);
        }
        if self.terminal && !self.format.is_text() {
            let format = self.format.name().to_owned();
            return Err(Error::BinaryToTerminal { format }.into());
        }
        holds_columns(self.format, answer.schema())?;
        let schema = answer.schema().clone();
        let mut answer = answer.peekable();
        if let Some(Err(error)) = answer.peek() {
            // What fails before its first row writes nothing.
            return Err(error.clone().into());
        }
        let out = io::BufWriter::new(io::stdout());
        let mut writer = AnswerWriter::new(self.format, &schema, self.language, out)?;
        for batch in answer {
            writer.write(&batch?)?;
        }
        Ok(writer.finish()?.flush()?)
    }

    fn answer_to_file(&self, answer: Batches, format: ResultFormat, path: &Path) -> Result<(), Failure> {
        holds_columns(format, answer.schema())?;
        let name = path.display().to_string();
        let failed = |cause: io::Error| Error::io(&name, &cause);
        let release = answer.release().to_owned();
        let file = WholeFile::create(path)?;
        let mut writer = AnswerWriter::new(format, answer.schema(), self.language, file).map_err(failed)?;
        let mut rows = 0;
        for batch in answer {
            let batch = batch?;
            rows += batch.num_rows();
            writer.write(&batch).map_err(failed)?;
        }
        writer.finish().map_err(failed)?.commit()?;
        let message = Message::new("word.sql-written")
            .with("path", name.as_str())
            .with("rows", rows);
        let record = json!({ "path": name, "format": format.name(), "rows": rows, "release": release });
        self.done(&message, &record)
    }

    /// The first rows as a table, and how many there are.
    fn first_rows(&self, answer: Batches, all: &str) -> Result<(), Failure> {
        let (schema, release) = (answer.schema().clone(), answer.release().to_owned());
        let mut kept = Vec::new();
        let (mut shown, mut rows) = (0, 0);
        for batch in answer {
            let batch = batch?;
            rows += batch.num_rows();
            let more = batch.num_rows().min(SHOWN - shown);
            if more > 0 {
                kept.push(batch.slice(0, more));
                shown += more;
            }
        }
        let mut document = answer_document(&schema, &kept, self.language).map_err(|cause| Error::Engine {
            cause: cause.to_string(),
        })?;
        let short: String = release.chars().take(12).collect();
        let release = Message::new("word.release")
            .with("id", short)
            .render(self.language);
        let code = if shown < rows {
            "word.sql-first-rows"
        } else {
            "word.sql-rows"
        };
        let counted = Message::new(code)
            .with("rows", rows)
            .with("shown", shown)
            .with("release", release);
        let mut lines = vec![counted.render(self.language)];
        if shown < rows {
            lines.push(
                Message::new("word.sql-all-rows")
                    .with("command", all)
                    .render(self.language),
            );
        }
        document.blocks.push(Block::Footer(lines));
        self.shown(document, None)
    }
}
