//! The sheet that says what the figures are: title, source, units, dimensions, notes with their places, statuses.

use super::write::write_shortened;
use crate::formats::flat::shown;
use crate::formats::{Category, Cube, Labels, NotePlace};
use crate::language::{Language, word};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};
use std::collections::BTreeMap;

/// Writes the sheet.
pub(super) fn write(cube: &Cube, language: Language, workbook: &mut Workbook) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet();
    sheet.set_name(word("word.notes", language))?;
    let mut sheet = Notes {
        cube,
        language,
        sheet,
        row: 0,
    };
    sheet.header()?;
    sheet.texts()?;
    sheet.dimensions()?;
    sheet.notes()?;
    sheet.statuses()?;
    sheet.sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// A row says what it is, what it is of, and the text in every language of the cube.
struct Notes<'c, 's> {
    cube: &'c Cube,
    language: Language,
    sheet: &'s mut Worksheet,
    row: u32,
}

impl<'c> Notes<'c, '_> {
    /// The languages of the texts, one column each; a cube whose languages have no name has one.
    fn languages(&self) -> Vec<&'c str> {
        let cube = self.cube;
        let named: Vec<&str> = cube.languages.iter().map(String::as_str).collect();
        if named.is_empty() { vec![""] } else { named }
    }

    fn word(&self, code: &'static str) -> &'static str {
        word(code, self.language)
    }

    fn header(&mut self) -> Result<(), XlsxError> {
        let bold = Format::new().set_bold();
        self.sheet
            .write_string_with_format(0, 0, self.word("word.sheet-what"), &bold)?;
        self.sheet
            .write_string_with_format(0, 1, self.word("word.sheet-place"), &bold)?;
        for (column, language) in (2..).zip(self.languages()) {
            let name = if language.is_empty() {
                self.word("word.sheet-text")
            } else {
                language
            };
            self.sheet.write_string_with_format(0, column, name, &bold)?;
            self.sheet.set_column_width(column, 60)?;
        }
        self.sheet.set_column_width(0, 24)?;
        self.sheet.set_column_width(1, 36)?;
        // Notes are sentences: without this a reader sees the beginning of each.
        let sentence = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        let columns = u16::try_from(self.languages().len())
            .unwrap_or(0)
            .saturating_add(2);
        for column in 0..columns {
            self.sheet.set_column_format(column, &sentence)?;
        }
        Ok(())
    }

    /// A row, unless it says nothing.
    fn row(&mut self, what: &'static str, place: &str, labels: &Labels) -> Result<(), XlsxError> {
        if labels.is_empty() {
            return Ok(());
        }
        self.begin(what, place)?;
        let mut any = false;
        for (column, language) in (2..).zip(self.languages()) {
            if let Some(text) = labels.get(language) {
                write_shortened(self.sheet, self.row, column, text)?;
                any = true;
            }
        }
        if !any && let Some(text) = labels.in_order(&self.cube.languages) {
            write_shortened(self.sheet, self.row, 2, text)?;
        }
        Ok(())
    }

    fn begin(&mut self, what: &'static str, place: &str) -> Result<(), XlsxError> {
        self.row += 1;
        self.sheet.write_string(self.row, 0, self.word(what))?;
        write_shortened(self.sheet, self.row, 1, place)
    }

    /// A row with the same text for readers of every language.
    fn same(&mut self, what: &'static str, place: &str, text: &str) -> Result<(), XlsxError> {
        self.begin(what, place)?;
        write_shortened(self.sheet, self.row, 2, text)
    }

    fn texts(&mut self) -> Result<(), XlsxError> {
        let cube = self.cube;
        self.row("word.table", "", &cube.label)?;
        self.row("word.contents", "", &cube.contents)?;
        self.row("word.source", "", &cube.source)?;
        if let Some(updated) = &cube.updated {
            self.same("word.updated", "", updated)?;
        }
        if let Some(id) = &cube.id {
            self.same("word.id", "", id)?;
        }
        if let Some(unit) = &cube.unit {
            self.row("word.unit", "", &unit.label)?;
        }
        Ok(())
    }

    fn dimensions(&mut self) -> Result<(), XlsxError> {
        let cube = self.cube;
        for dimension in &cube.dimensions {
            self.row("word.dimension", &dimension.code, &dimension.label)?;
            for category in &dimension.categories {
                if let Some(unit) = &category.unit {
                    self.row("word.unit", &self.named(&dimension.code, category), &unit.label)?;
                }
            }
        }
        Ok(())
    }

    fn named(&self, dimension: &str, category: &Category) -> String {
        match category.label.in_order(&self.cube.languages) {
            Some(label) if label != category.code => format!("{dimension}: {} {label}", category.code),
            _ => format!("{dimension}: {}", category.code),
        }
    }

    fn notes(&mut self) -> Result<(), XlsxError> {
        let cube = self.cube;
        for note in &cube.notes {
            let what = if note.mandatory {
                "word.sheet-mandatory"
            } else {
                "word.sheet-note"
            };
            self.row(what, &self.place(&note.place), &note.text)?;
        }
        Ok(())
    }

    fn place(&self, place: &NotePlace) -> String {
        let category = |dimension: usize, category: usize| {
            let dimension = self.cube.dimensions.get(dimension)?;
            Some(self.named(&dimension.code, dimension.categories.get(category)?))
        };
        match place {
            NotePlace::Cube => String::new(),
            NotePlace::Dimension(dimension) => {
                let dimension = self.cube.dimensions.get(*dimension);
                dimension
                    .map(|dimension| dimension.code.clone())
                    .unwrap_or_default()
            }
            NotePlace::Category(dimension, place) => category(*dimension, *place).unwrap_or_default(),
            NotePlace::Cells(key) => {
                let named = key.iter().enumerate();
                let named = named.filter_map(|(dimension, place)| category(dimension, (*place)?));
                named.collect::<Vec<_>>().join("; ")
            }
        }
    }

    /// The statuses that occur, each with the symbols that stand for it.
    fn statuses(&mut self) -> Result<(), XlsxError> {
        let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for mark in self.cube.cells.distinct_marks() {
            let Some(status) = mark.status.as_deref().filter(|status| *status != "A") else {
                continue;
            };
            let symbols = found.entry(status).or_default();
            if let Some(symbol) = shown(mark).filter(|symbol| !symbols.contains(symbol)) {
                symbols.push(symbol);
            }
        }
        for (status, mut symbols) in found {
            symbols.sort_unstable();
            let place = [&[status], symbols.as_slice()].concat().join("  ");
            self.begin("word.status", &place)?;
            let Some(code) = status_word(status) else {
                continue;
            };
            for (column, language) in (2..).zip(self.languages()) {
                let language = Language::of_code(language).unwrap_or(self.language);
                self.sheet.write_string(self.row, column, word(code, language))?;
            }
        }
        Ok(())
    }
}

/// What a code of SDMX `CL_OBS_STATUS` means.
fn status_word(status: &str) -> Option<&'static str> {
    Some(match status {
        "B" => "word.status-break",
        "D" => "word.status-definition",
        "E" => "word.status-estimated",
        "F" => "word.status-forecast",
        "I" => "word.status-imputed",
        "P" => "word.status-provisional",
        "U" => "word.status-low-reliability",
        "K" => "missing.included",
        "L" => "missing.not-collected",
        "M" => "missing.not-applicable",
        "O" => "missing.missing",
        "Q" => "missing.suppressed",
        _ => return None,
    })
}
