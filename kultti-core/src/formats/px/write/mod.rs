//! From a cube to a strict PX file.

mod parts;

use super::document::{Entry, Value};
use super::encoding::Codepage;
use super::error::{Cause, Outside, Place, PxError, PxResult};
use super::figures::Figures;
use super::foreign::{Foreign, rank};
use super::print::Printer;
use super::symbols::STANDARD;
use super::texts::{self, Texts};
use crate::formats::{Absent, Cube, Labels, Warning, WriteOptions};
use crate::language::{Message, Param};
use std::io::Write;

/// What is written where a keyword is mandatory and the table has nothing to say. A reader takes it for nothing.
pub(super) const NOTHING: &str = "-";

/// Digits that a figure may be shown with.
const MOST_DECIMALS: u8 = 15;

/// A PX file about to be written.
struct Writer<'a> {
    cube: &'a Cube,
    foreign: Foreign,
    texts: Texts,
    figures: Figures<'a>,
    stub: usize,
    keyed: bool,
    entries: Vec<Entry>,
    filled: Vec<String>,
    lost: Vec<(&'static str, u64, String)>,
}

/// Writes it; the answer says what had to change.
pub(super) fn write(
    cube: &Cube,
    options: &WriteOptions,
    size: u64,
    out: &mut dyn Write,
) -> PxResult<Vec<Warning>> {
    let label = options.codepage.as_deref().unwrap_or("utf-8");
    let codepage = Codepage::of_label(label).filter(|codepage| codepage.is_ascii_compatible());
    let codepage = codepage.ok_or_else(|| {
        let name = label.to_owned();
        PxError::new(
            Place::default(),
            "CODEPAGE",
            Cause::Outside(Outside::Encoding { name }),
        )
    })?;
    let foreign = Foreign::of(cube);
    let mut statuses = [None; 8];
    for (status, standard) in statuses.iter_mut().zip(&STANDARD) {
        *status = standard.status_with(foreign.symbols.get(standard.name));
    }
    let stub = texts::stub(cube, &foreign);
    let cells = &cube.cells;
    let mut writer = Writer {
        cube,
        texts: Texts::new(cube, &options.languages, codepage),
        figures: Figures::new(cube, statuses, size),
        stub,
        keyed: cells.absent() == Absent::Zero && cells.positions().is_some() && stub > 0,
        foreign,
        entries: Vec::new(),
        filled: Vec::new(),
        lost: Vec::new(),
    };
    writer.build(codepage);
    let mut printer = Printer::new(codepage);
    for entry in &writer.entries {
        printer.entry(entry)?;
    }
    printer.bytes.extend_from_slice(b"DATA=\n");
    let failed = |cause: std::io::Error| {
        PxError::new(
            Place::default(),
            "DATA",
            Cause::Outside(Outside::Io(cause.to_string())),
        )
    };
    out.write_all(&printer.bytes).map_err(failed)?;
    let row: u64 = cube.sizes().iter().skip(stub).map(|size| *size as u64).product();
    if writer.keyed {
        let keys = |position: u64| writer.row_keys(position, codepage);
        writer.figures.write_rows(row, &keys, out).map_err(failed)?;
    } else {
        writer.figures.write_all(row, out).map_err(failed)?;
    }
    Ok(writer.warnings())
}

impl Writer<'_> {
    fn build(&mut self, codepage: Codepage) {
        self.file(codepage);
        self.table();
        self.variables();
        self.contents();
        self.notes();
        self.symbols();
        self.kept();
        if self.keyed {
            for dimension in 0..self.stub {
                let name = self.texts.name(0, dimension);
                self.add("KEYS", vec![name], vec![Value::Word("CODES".to_owned())]);
            }
        }
        self.attributes();
        self.entries.sort_by_key(|entry| rank(&entry.keyword));
    }

    fn push(&mut self, keyword: &str, language: Option<String>, subkeys: Vec<String>, values: Vec<Value>) {
        self.entries.push(Entry {
            keyword: keyword.to_owned(),
            language,
            subkeys,
            values,
            place: Place::default(),
        });
    }

    fn add(&mut self, keyword: &str, subkeys: Vec<String>, values: Vec<Value>) {
        self.push(keyword, None, subkeys, values);
    }

    fn add_text(&mut self, keyword: &str, text: &str) {
        let text = self.texts.line(text);
        self.add(keyword, Vec::new(), vec![Value::Text(text)]);
    }

    /// A keyword with a text in every language.
    fn add_labels(&mut self, keyword: &str, labels: &Labels) {
        for (language, text) in self.texts.in_all(labels) {
            self.push(keyword, language, Vec::new(), vec![Value::Text(text)]);
        }
    }

    fn file(&mut self, codepage: Codepage) {
        self.add_text("CHARSET", "ANSI");
        self.add_text("AXIS-VERSION", "2013");
        self.add_text("CODEPAGE", &codepage.name().to_lowercase());
        let languages: Vec<String> = self
            .texts
            .languages
            .iter()
            .map(|(name, _)| name.clone())
            .collect();
        match languages.first() {
            Some(default) if !default.is_empty() => self.add_text("LANGUAGE", default),
            _ => {}
        }
        if languages.len() > 1 {
            let languages = languages.into_iter().map(Value::Text).collect();
            self.add("LANGUAGES", Vec::new(), languages);
        }
    }

    fn table(&mut self) {
        let cube = self.cube;
        let id = cube.id.clone().map(|id| self.texts.line(&id));
        if let Some(id) = &id {
            self.add_text("TABLEID", id);
        }
        let matrix = self.foreign.matrix.clone().or_else(|| id.as_deref().map(matrix));
        if matrix.is_none() {
            self.filled.push("MATRIX".to_owned());
        }
        self.add_text("MATRIX", matrix.as_deref().unwrap_or("table"));
        self.decimals();
        for keyword in ["SUBJECT-CODE", "SUBJECT-AREA"] {
            if !self.foreign.entries.iter().any(|kept| kept.keyword == keyword) {
                self.fill(keyword);
            }
        }
        let title = if cube.label.is_empty() {
            &cube.contents
        } else {
            &cube.label
        };
        let contents = if cube.contents.is_empty() {
            &cube.label
        } else {
            &cube.contents
        };
        for (keyword, labels) in [("TITLE", title), ("CONTENTS", contents)] {
            if labels.is_empty() {
                self.fill(keyword);
            } else {
                self.add_labels(keyword, labels);
            }
        }
        self.add_labels("SOURCE", &cube.source);
    }

    fn fill(&mut self, keyword: &str) {
        self.add_text(keyword, NOTHING);
        self.filled.push(keyword.to_owned());
    }

    /// DECIMALS is how many the file keeps, SHOWDECIMALS how many are shown where PRECISION names no more.
    fn decimals(&mut self) {
        let cube = self.cube;
        let own = |dimension: &crate::formats::Dimension| {
            dimension
                .categories
                .iter()
                .filter_map(|category| category.decimals)
                .collect::<Vec<_>>()
        };
        let of_categories: Vec<u8> = cube.dimensions.iter().flat_map(own).collect();
        let shown = cube.decimals.or_else(|| of_categories.iter().min().copied());
        let shown = shown.unwrap_or_else(|| decimals_of(cube)).min(MOST_DECIMALS);
        let most = of_categories.into_iter().max().unwrap_or_default().max(shown);
        let stored = self
            .foreign
            .decimals
            .unwrap_or(if cube.decimals.is_some() { shown } else { most });
        self.add("DECIMALS", Vec::new(), vec![Value::Word(stored.to_string())]);
        self.add("SHOWDECIMALS", Vec::new(), vec![Value::Word(shown.to_string())]);
    }

    fn lose(&mut self, word: &'static str, text: &str) {
        match self.lost.iter_mut().find(|(known, _, _)| *known == word) {
            Some((_, count, _)) => *count += 1,
            None => self.lost.push((word, 1, text.to_owned())),
        }
    }

    /// The quoted keys of the row that begins at a position.
    fn row_keys(&self, position: u64, codepage: Codepage) -> Option<Vec<u8>> {
        let mut keys = Vec::new();
        for (place, (_, codes)) in self
            .cube
            .key(position)
            .into_iter()
            .zip(&self.texts.codes)
            .take(self.stub)
        {
            keys.push(b'"');
            keys.extend_from_slice(&codepage.encode(codes.get(place)?).ok()?);
            keys.extend_from_slice(b"\",");
        }
        Some(keys)
    }

    fn warnings(self) -> Vec<Warning> {
        let mut warnings: Vec<Warning> = self.texts.warnings().collect();
        if self
            .texts
            .languages
            .first()
            .is_none_or(|(name, _)| name.is_empty())
        {
            warnings.push(Warning(Message::new("warning.px-no-language")));
        }
        if !self.filled.is_empty() {
            let message = Message::new("warning.px-filled").with("keywords", &self.filled);
            warnings.push(Warning(message));
        }
        let not_given = self.figures.not_given();
        if not_given > 0 {
            let count = usize::try_from(not_given).unwrap_or(usize::MAX);
            warnings.push(Warning(Message::new("warning.px-not-given").with("count", count)));
        }
        for (word, count, first) in self.figures.lost().into_iter().chain(self.lost) {
            let message = Message::new("warning.px-lost")
                .with("what", Param::Word(word.to_owned()))
                .with("count", usize::try_from(count).unwrap_or(usize::MAX))
                .with("first", first);
            warnings.push(Warning(message));
        }
        warnings
    }
}

/// A table's id as a MATRIX: letters, digits and underscores, twenty of them at most.
fn matrix(id: &str) -> String {
    let fit = |letter: char| {
        if letter.is_ascii_alphanumeric() || letter == '-' {
            letter
        } else {
            '_'
        }
    };
    id.chars().map(fit).take(20).collect()
}

/// The most decimals of a figure.
fn decimals_of(cube: &Cube) -> u8 {
    let mut most = 0;
    let mut text = Vec::new();
    for value in cube
        .cells
        .values()
        .iter()
        .filter(|value| value.is_finite() && value.fract() != 0.0)
    {
        text.clear();
        super::print::number(&mut text, *value);
        let decimals = text.iter().rev().position(|byte| *byte == b'.').unwrap_or(0);
        most = most.max(decimals);
    }
    u8::try_from(most).unwrap_or(MOST_DECIMALS).min(MOST_DECIMALS)
}
