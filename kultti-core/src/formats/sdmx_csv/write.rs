//! The writer: a cube as a message of version 2.0 or 1.0.

use super::lost;
use super::sheet::{Axis, Sheet};
use super::tail::{Tail, field};
use super::{FORMAT, SdmxLabels, number};
use crate::error::{Error, Result};
use crate::formats::{Absent, Cell, Cube, Labels, Mark, Target, Warning, WriteOptions};

/// Zeros that another format leaves out are written, up to so many.
const MOST_ZEROS: u64 = 50_000_000;
/// The buffer is written out beyond this many bytes.
const BUFFER: usize = 1 << 16;

/// Writes a cube as a message.
///
/// # Errors
/// [`Error::CannotHold`] for a cube whose left-out zeros would make an immense table; [`Error::Io`].
pub(in crate::formats) fn write(
    cube: &Cube,
    options: &WriteOptions,
    target: &mut Target,
) -> Result<Vec<Warning>> {
    let zeros = cube.cells.absent() == Absent::Zero && cube.cells.positions().is_some();
    if zeros && cube.size().is_none_or(|size| size > MOST_ZEROS) {
        return Err(Error::CannotHold {
            path: target.name.to_owned(),
            format: FORMAT.to_owned(),
            what: "a table of that many zeros".to_owned(),
            advice: "Select fewer categories".to_owned(),
        });
    }
    let sheet = Sheet::of(cube);
    let languages = if options.languages.is_empty() {
        &cube.languages
    } else {
        &options.languages
    };
    let mut labels = sheet.labels(options.sdmx.labels);
    if options.sdmx.first_version && labels == SdmxLabels::Name {
        labels = SdmxLabels::Both;
    }
    let message = Message {
        sheet: &sheet,
        languages,
        labels,
        first_version: options.sdmx.first_version,
    };
    message.write(target, zeros)?;
    Ok(lost::warnings(&sheet, labels, languages, options.sdmx))
}

/// What is made once for all rows, and the bytes on their way out.
struct Page<'a> {
    /// The cells of each dimension, by the place of the category.
    axes: Vec<Vec<Vec<u8>>>,
    tails: Tail<'a>,
    out: Vec<u8>,
}

/// A message on its way out.
pub(super) struct Message<'a> {
    pub(super) sheet: &'a Sheet<'a>,
    pub(super) languages: &'a [String],
    pub(super) labels: SdmxLabels,
    pub(super) first_version: bool,
}

impl Message<'_> {
    fn write(&self, target: &mut Target, zeros: bool) -> Result<()> {
        let mut page = Page {
            axes: self.sheet.axes.iter().map(|axis| self.cells_of(axis)).collect(),
            tails: Tail::new(self),
            out: self.header(),
        };
        let cells = &self.sheet.cube.cells;
        let width = self.width();
        let mut index = 0;
        while let Some(cell) = cells.cell(index) {
            self.row(cell, index, &mut page);
            index += width;
            flush(&mut page.out, target, BUFFER)?;
        }
        if zeros {
            self.zeros(&mut page, target)?;
        }
        self.rows_kept(&mut page.out);
        flush(&mut page.out, target, 0)
    }

    /// How many cells stand in one row.
    fn width(&self) -> usize {
        self.sheet.spread.as_ref().map_or(1, |axis| axis.codes.len())
    }

    /// The rows of zeros that the cube leaves out.
    fn zeros(&self, page: &mut Page, target: &mut Target) -> Result<()> {
        let mark = Mark::default();
        let positions = self.sheet.cube.cells.positions().unwrap_or_default();
        let mut given = positions.iter().copied().peekable();
        for position in 0..self.sheet.cube.size().unwrap_or_default() {
            if given.next_if_eq(&position).is_some() {
                continue;
            }
            let zero = Cell {
                position,
                value: Some(0.0),
                mark: &mark,
            };
            self.row(zero, usize::MAX, page);
            flush(&mut page.out, target, BUFFER)?;
        }
        Ok(())
    }

    /// One observation; `index` is its place among the cells, where its further measures stand beside it.
    fn row(&self, cell: Cell, index: usize, page: &mut Page) {
        let cells = &self.sheet.cube.cells;
        // A cell left out has the empty mark, which is the first.
        let number = if index == usize::MAX {
            0
        } else {
            cells.mark_number(index)
        };
        let key = self.sheet.cube.key(cell.position);
        let of = page.tails.of(number, cell.mark, &key);
        let out = &mut page.out;
        out.extend_from_slice(&of.before);
        self.keys(&key, out);
        for (axis, cells) in self.sheet.axes.iter().zip(&page.axes) {
            let code = key.get(axis.place).and_then(|place| cells.get(*place));
            out.extend_from_slice(code.map_or(&b""[..], Vec::as_slice));
            out.push(b',');
        }
        let name = if self.labels == SdmxLabels::Name {
            &b","[..]
        } else {
            b""
        };
        self.value(cell, out);
        for beside in 1..self.width() {
            out.extend_from_slice(name);
            out.push(b',');
            if let Some(cell) = cells.cell(index.saturating_add(beside)) {
                self.value(cell, out);
            }
        }
        out.extend_from_slice(name);
        out.extend_from_slice(&of.after);
        out.push(b'\n');
    }

    fn value(&self, cell: Cell, out: &mut Vec<u8>) {
        let symbol = cell
            .mark
            .symbol
            .as_deref()
            .filter(|symbol| number::is_missing(symbol));
        let text = cell.mark.text.as_deref().filter(|_| !self.sheet.has_text);
        match cell.value {
            Some(value) => out.extend_from_slice(number::spell(value).as_bytes()),
            None => field(out, text.or(symbol).unwrap_or_default()),
        }
    }

    /// The columns of keys, where the file read had them.
    fn keys(&self, key: &[usize], out: &mut Vec<u8>) {
        for column in self.key_columns() {
            let series = column == "SERIES_KEY";
            let axes = self
                .sheet
                .axes
                .iter()
                .filter(|axis| !(series && self.is_time(axis)));
            let codes = axes.filter_map(|axis| axis.codes.get(*key.get(axis.place)?));
            let codes: Vec<&str> = codes.map(String::as_str).collect();
            field(out, &codes.join("."));
            out.push(b',');
        }
    }

    /// The dimension that runs within a series: time, else the last.
    fn is_time(&self, axis: &Axis) -> bool {
        let time = self.sheet.axes.iter().find(|axis| axis.id == super::plan::TIME);
        time.or(self.sheet.axes.last()) == Some(axis)
    }

    pub(super) fn key_columns(&self) -> impl Iterator<Item = &str> {
        let keys = self.sheet.extras.keys.iter().map(String::as_str);
        let known = ["SERIES_KEY", "OBS_KEY"]
            .into_iter()
            .filter(|_| !self.first_version);
        let keys: Vec<&str> = keys.collect();
        known.filter(move |known| keys.contains(known))
    }

    /// The cells of a dimension, by the place of the category.
    fn cells_of(&self, axis: &Axis) -> Vec<Vec<u8>> {
        let dimension = self.sheet.cube.dimensions.get(axis.place);
        let categories = dimension.map_or(&[][..], |dimension| &dimension.categories);
        let cells = categories.iter().zip(&axis.codes);
        cells
            .map(|(category, code)| {
                let mut cell = Vec::new();
                self.labelled(&mut cell, code, self.text(&category.label));
                cell
            })
            .collect()
    }

    /// A code with its name, in one cell or two.
    pub(super) fn labelled(&self, out: &mut Vec<u8>, code: &str, name: Option<&str>) {
        match (self.labels, name) {
            (SdmxLabels::Both, Some(name)) => field(out, &format!("{code}: {name}")),
            (SdmxLabels::Name, name) => {
                field(out, code);
                out.push(b',');
                field(out, name.unwrap_or_default());
            }
            _ => field(out, code),
        }
    }

    /// A text in the language of the message.
    pub(super) fn text<'l>(&self, label: &'l Labels) -> Option<&'l str> {
        label.in_order(self.languages).filter(|text| !text.is_empty())
    }

    fn header(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let sheet = self.sheet;
        let subfield = sheet
            .extras
            .subfield
            .filter(|_| sheet.attributes.iter().any(|column| !column.form.is_empty()));
        if self.first_version {
            out.extend_from_slice(b"DATAFLOW,");
        } else {
            let subfield = subfield.map(|symbol| format!("[{symbol}]")).unwrap_or_default();
            field(&mut out, &format!("STRUCTURE{subfield}"));
            out.extend_from_slice(b",STRUCTURE_ID,");
            if self.labels == SdmxLabels::Name {
                out.extend_from_slice(b"STRUCTURE_NAME,");
            }
            out.extend_from_slice(b"ACTION,");
            for key in self.key_columns() {
                out.extend_from_slice(key.as_bytes());
                out.push(b',');
            }
        }
        for axis in &sheet.axes {
            let dimension = sheet.cube.dimensions.get(axis.place);
            self.head(
                &mut out,
                &axis.id,
                "",
                dimension.map(|dimension| &dimension.label),
            );
        }
        self.measure_heads(&mut out);
        for id in self.sheet.mark_columns() {
            self.head(&mut out, id, "", None);
        }
        for column in &sheet.attributes {
            let label = sheet
                .cube
                .attributes
                .get(column.place)
                .map(|attribute| &attribute.label);
            let misleading =
                self.labels == SdmxLabels::Both && sheet.names(column).is_none() && sheet.misleads(column);
            self.head(&mut out, &column.id, &column.form, label.filter(|_| !misleading));
        }
        out.pop();
        out.push(b'\n');
        out
    }

    fn measure_heads(&self, out: &mut Vec<u8>) {
        let sheet = self.sheet;
        let Some(spread) = &sheet.spread else {
            self.head(out, &sheet.measure, "", Some(&sheet.extras.measure_label));
            return;
        };
        let dimension = sheet.cube.dimensions.get(spread.place);
        let categories = dimension.map_or(&[][..], |dimension| &dimension.categories);
        for (category, code) in categories.iter().zip(&spread.codes) {
            self.head(out, code, "", Some(&category.label));
        }
    }

    /// The head of a column and the comma after it; a column of names goes after it where names have their own.
    fn head(&self, out: &mut Vec<u8>, id: &str, form: &str, label: Option<&Labels>) {
        let name = label.and_then(|label| self.text(label));
        match self.labels {
            SdmxLabels::Id => field(out, &format!("{id}{form}")),
            SdmxLabels::Both => match name.or(self.sheet.needs_name(id).then_some(id)) {
                Some(name) => field(out, &format!("{id}{form}: {name}")),
                None => field(out, &format!("{id}{form}")),
            },
            SdmxLabels::Name => {
                field(out, &format!("{id}{form}"));
                out.push(b',');
                field(out, name.unwrap_or(id));
            }
        }
        out.push(b',');
    }

    /// Rows that are no observations, as they were read.
    fn rows_kept(&self, out: &mut Vec<u8>) {
        if self.first_version {
            return;
        }
        for row in &self.sheet.extras.rows {
            super::tail::kept(self, row, out);
        }
    }
}

fn flush(out: &mut Vec<u8>, target: &mut Target, beyond: usize) -> Result<()> {
    if out.len() > beyond {
        let written = target.out.write_all(out);
        written.map_err(|cause| target.failed(&cause))?;
        out.clear();
    }
    Ok(())
}
