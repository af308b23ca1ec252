//! A page as a workbook: a sheet for each section that has figures, in the reader's language, with numbers that can be
//! calculated with.

use super::page::{Cell, Page, Section, Tabular};
use crate::error::{Error, Result};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};

/// Characters of the name of a sheet.
const LONGEST_NAME: usize = 31;
/// Characters of a cell.
const LONGEST: usize = 32_767;

impl Page {
    /// The bytes of a workbook: what the page says in short on the first sheet, then a sheet for each section with tables or
    /// lists, headings in bold, numbers as numbers. Equal pages give equal bytes. Texts are texts, whatever they begin with.
    ///
    /// # Errors
    /// [`Error::Io`] when the workbook cannot be put together.
    ///
    /// ```
    /// use kultti_core::language::Language;
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let page = release.report("Kokkola")?.page(Language::Fi)?;
    /// assert!(page.to_xlsx()?.starts_with(b"PK"));
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn to_xlsx(&self) -> Result<Vec<u8>> {
        let failed = |cause: XlsxError| Error::io("xlsx", &std::io::Error::other(cause));
        self.workbook().map_err(failed)
    }

    fn workbook(&self) -> std::result::Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        // A clock has no part in the bytes.
        let properties = rust_xlsxwriter::DocProperties::new()
            .set_title(&self.title)
            .set_creation_datetime(&rust_xlsxwriter::ExcelDateTime::from_ymd(2000, 1, 1)?);
        workbook.set_properties(&properties);
        let bold = Format::new().set_bold();
        let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        let mut names: Vec<String> = Vec::new();
        let sheet = workbook.add_worksheet();
        sheet.set_name(sheet_name(&self.title, &mut names))?;
        sheet.set_column_width(0, 100)?;
        let mut lines = vec![self.title.clone(), self.subtitle.clone()];
        lines.extend(self.summary.iter().chain(&self.origin).cloned());
        for (line, text) in (0u32..).zip(&lines) {
            let format = if line == 0 { &bold } else { &wrapped };
            sheet.write_string_with_format(line, 0, clipped(text), format)?;
        }
        for section in self.sections.iter().filter(|section| section.has_table()) {
            let sheet = workbook.add_worksheet();
            sheet.set_name(sheet_name(&section.heading, &mut names))?;
            section.write(sheet, &bold)?;
        }
        workbook.save_to_buffer()
    }
}

impl Section {
    fn tables(&self) -> impl Iterator<Item = &Tabular> {
        self.parts.iter().filter_map(|part| match part {
            super::Part::Table(table) => Some(table),
            super::Part::Figure(figure) => figure.table.as_ref(),
            _ => None,
        })
    }

    fn lists(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.parts.iter().filter_map(|part| match part {
            super::Part::List { title, items } => Some((title.as_str(), items.as_slice())),
            _ => None,
        })
    }

    fn has_table(&self) -> bool {
        self.tables().next().is_some() || self.lists().next().is_some()
    }

    /// Its tables below one another, then its lists.
    fn write(&self, sheet: &mut Worksheet, bold: &Format) -> std::result::Result<(), XlsxError> {
        let mut line = 0;
        sheet.set_column_width(0, 50)?;
        for table in self.tables() {
            line = table.write(sheet, line, bold)? + 1;
        }
        for (title, items) in self.lists() {
            if !title.is_empty() {
                sheet.write_string_with_format(line, 0, clipped(title), bold)?;
                line += 1;
            }
            for item in items {
                sheet.write_string(line, 0, clipped(item))?;
                line += 1;
            }
            line += 1;
        }
        Ok(())
    }
}

impl Tabular {
    /// Writes the table from a line on; the answer is the line behind it. What stands beside a value has a column of its own
    /// where there is any.
    fn write(&self, sheet: &mut Worksheet, from: u32, bold: &Format) -> std::result::Result<u32, XlsxError> {
        sheet.write_string_with_format(from, 0, clipped(&self.caption), bold)?;
        let said = |column: usize, of: fn(&Cell) -> bool| {
            self.rows.iter().any(|row| row.cells.get(column).is_some_and(of))
        };
        let beside: Vec<bool> = (0..self.headers.len())
            .map(|column| said(column, |cell| !cell.aside.is_empty() || cell.status.is_some()))
            .collect();
        let mut place = 0;
        for (header, beside) in self.headers.iter().zip(&beside) {
            sheet.write_string_with_format(from + 1, place, clipped(&header.text), bold)?;
            place += 1 + u16::from(*beside);
        }
        let mut line = from + 2;
        for row in &self.rows {
            let mut place = 0;
            for (cell, beside) in row.cells.iter().zip(&beside) {
                match cell.value {
                    Some(value) if value.is_finite() => {
                        sheet.write_number(line, place, value)?;
                    }
                    _ => {
                        sheet.write_string(line, place, clipped(&cell.text))?;
                    }
                }
                if *beside {
                    let status = cell.status.map(String::from).unwrap_or_default();
                    let said = [status.as_str(), &cell.aside].join(" ");
                    let said = said.trim();
                    if !said.is_empty() {
                        sheet.write_string(line, place + 1, clipped(said))?;
                    }
                }
                place += 1 + u16::from(*beside);
            }
            line += 1;
        }
        Ok(line)
    }
}

fn clipped(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// A name that Excel takes for a sheet: no signs of paths, not too long, not taken.
fn sheet_name(text: &str, taken: &mut Vec<String>) -> String {
    let allowed = |letter: char| if "[]:*?/\\'".contains(letter) { ' ' } else { letter };
    let plain: String = text.chars().map(allowed).take(LONGEST_NAME - 3).collect();
    let plain = plain.trim().to_owned();
    let free = |name: &String| !taken.iter().any(|other| other.eq_ignore_ascii_case(name));
    let numbered = (2..).map(|number| format!("{plain} {number}"));
    let name = std::iter::once(plain.clone()).filter(|name| !name.is_empty());
    let name = name.chain(numbered).find(free).unwrap_or_default();
    taken.push(name.clone());
    name
}
