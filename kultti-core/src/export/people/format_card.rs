//! Which format keeps what.

use super::{Writer, title};
use crate::export::document::{Align, Block, Document, Grid};
use crate::export::table::{Table, Value, text};
use crate::formats::{Format, Part};
use crate::language::Language;

/// The formats of statistical tables, and which parts of a table each of them keeps.
pub struct FormatCard;

impl crate::export::Export for FormatCard {
    /// A row for each part and a column for each format.
    fn table(&self, language: Language) -> Table {
        let mut columns = vec!["part"];
        columns.extend(Format::ALL.map(Format::name));
        let writer = Writer { language };
        let row = |part: Part| {
            let kept = Format::ALL.map(|format| Value::Flag(format.holds(part)));
            std::iter::once(text(writer.word(part.message_code())))
                .chain(kept)
                .collect()
        };
        Table {
            columns,
            rows: Part::ALL.into_iter().map(row).collect(),
            notes: Vec::new(),
            language,
        }
    }

    fn document(&self, language: Language) -> Document {
        let writer = Writer { language };
        let row = |part: Part| {
            let kept = |format: Format| {
                let code = if format.holds(part) { "word.yes" } else { "word.no" };
                writer.word(code)
            };
            std::iter::once(writer.word(part.message_code()))
                .chain(Format::ALL.map(kept))
                .collect()
        };
        let formats = Format::ALL.map(|format| (format.name().to_owned(), Align::Left));
        writer.document(vec![
            title(writer.word("word.formats-title"), String::new()),
            Block::Grid(Grid {
                caption: String::new(),
                headers: std::iter::once(writer.header("word.part", Align::Left))
                    .chain(formats)
                    .collect(),
                rows: Part::ALL.into_iter().map(row).collect(),
            }),
        ])
    }
}
