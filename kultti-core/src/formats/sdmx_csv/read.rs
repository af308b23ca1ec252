//! The reader: from the text of a message to a cube.

use super::FORMAT;
use super::build::Build;
use super::found::Found;
use super::header::{self, Header};
use super::number;
use super::plan::Plan;
use super::rows::{self, Row, Rows};
use super::survey::{Places, Survey, code_and_name, structure};
use crate::error::{Error, Result};
use crate::formats::encoding::{asked, checked};
use crate::formats::format::{Format, ReadOptions, Reading, Warning};
use crate::formats::px::Codepage;
use crate::language::Message;
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Reads a message.
///
/// # Errors
/// [`Error::MalformedFile`] with the line: a header that is none of SDMX-CSV, rows of another length, cells of measures that
/// are no numbers, a value without a full key, a key that stands twice.
pub(in crate::formats) fn read(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<Reading> {
    let asked = asked(options)?;
    checked(name, FORMAT, bytes, asked)?;
    let (text, encoding, mut warnings) = decode(bytes, asked);
    let separator = header::separator(text.trim_ascii_start().as_bytes()).ok_or_else(|| {
        let expected = "a first line that begins with STRUCTURE,STRUCTURE_ID or DATAFLOW";
        let first: String = text.lines().next().unwrap_or_default().chars().take(60).collect();
        Error::malformed(name, FORMAT, 1, expected, &first)
    })?;
    let fields = rows::first(name, separator, &text)?;
    let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
    let header = Header::read(name, separator, &fields)?;
    let survey = Survey::of(name, &header, &text, options.dataset.as_deref())?;
    let known = options.structure.clone();
    let plan = Plan::of(name, &header, &survey, known.as_ref(), &mut warnings)?;
    let found = Found::new(header, survey, plan, known);
    said_of_structures(&found, &mut warnings);
    let mut build = Build::new(name, &found);
    let mut walk = Walk::new(name, &found);
    let mut rows = Rows::new(name, &found.header, &text);
    while let Some(row) = rows.next()? {
        walk.row(&row, &mut build)?;
    }
    warnings.extend(walk.warnings());
    let cube = build.cube(walk.kept, &mut warnings)?;
    Ok(Reading {
        cube,
        format: Format::SdmxCsv,
        encoding: Some(encoding.to_lowercase()),
        warnings,
    })
}

/// The text: by its byte order mark, else as asked for, else UTF-8, else Windows-1252, as old spreadsheets save.
fn decode(bytes: &[u8], asked: Option<Codepage>) -> (Cow<'_, str>, &'static str, Vec<Warning>) {
    let encoding = match (Encoding::for_bom(bytes), asked) {
        (Some((encoding, _)), _) => encoding,
        (None, Some(codepage)) => return (codepage.decode(bytes), codepage.name(), Vec::new()),
        (None, None) if std::str::from_utf8(bytes).is_ok() => UTF_8,
        (None, None) => WINDOWS_1252,
    };
    let (text, encoding, _) = encoding.decode(bytes);
    let assumed = encoding == WINDOWS_1252;
    let warning =
        assumed.then(|| Warning(Message::new("warning.sdmx-encoding").with("encoding", encoding.name())));
    (text, encoding.name(), warning.into_iter().collect())
}

fn said_of_structures(found: &Found, warnings: &mut Vec<Warning>) {
    let survey = &found.survey;
    let versions = survey.versions();
    let list = |ids: Vec<&str>| ids.into_iter().map(str::to_owned).collect::<Vec<String>>();
    if versions.len() < survey.structures.len() {
        let others = survey.structures.keys().map(String::as_str);
        let others = list(others.filter(|id| !survey.reads(id)).collect());
        let message = Message::new("warning.sdmx-other-structures")
            .with("structure", &survey.chosen)
            .with("others", &others);
        warnings.push(Warning(message));
    }
    if versions.len() > 1 {
        let message = Message::new("warning.sdmx-versions").with("structures", &list(versions));
        warnings.push(Warning(message));
    }
    if !found.header.first_version && Places::of(&found.header).action.is_none() {
        warnings.push(Warning(Message::new("warning.sdmx-no-action")));
    }
}

/// The second walk through the rows.
struct Walk<'a> {
    path: &'a str,
    found: &'a Found,
    places: Places,
    comma: bool,
    texts: Vec<bool>,
    deletions: usize,
    partial: usize,
    kept: Vec<BTreeMap<String, String>>,
}

impl<'a> Walk<'a> {
    fn new(path: &'a str, found: &'a Found) -> Self {
        let seen = |place: &usize| found.survey.columns.get(*place);
        let measures = &found.plan.measures;
        let commas = measures.iter().filter_map(seen).any(|seen| seen.commas > 0);
        Self {
            path,
            found,
            places: Places::of(&found.header),
            comma: commas && found.header.separator != b',',
            texts: measures.iter().map(|place| found.is_text(*place)).collect(),
            deletions: 0,
            partial: 0,
            kept: Vec::new(),
        }
    }

    fn row(&mut self, row: &Row, build: &mut Build) -> Result<()> {
        let (id, _) = structure(row.text(self.places.id), self.found.header.labels);
        if !self.found.survey.reads(id) {
            return Ok(());
        }
        let action = self.places.action.map_or("", |place| row.text(place));
        let plan = &self.found.plan;
        let mut codes = plan
            .dimensions
            .iter()
            .map(|place| self.found.code(*place, row.text(*place)));
        let full = codes.all(|code| !code.is_empty() && code != "~");
        if action == "D" || !full {
            // A file of nothing but deletions says with their codes which cells it is about.
            if action == "D" && self.found.survey.actions.is_empty() {
                build.deletion(row);
            }
            return self.aside(row, action);
        }
        build.row(row, id, action);
        if plan.measures.is_empty() {
            build.cell(f64::NAN, "", "");
        }
        for (at, place) in plan.measures.iter().enumerate() {
            let cell = row.text(*place);
            let is_text = self.texts.get(at).copied().unwrap_or_default();
            match number::parse(cell, self.comma) {
                Some(value) if !is_text => build.cell(value, "", ""),
                _ if cell.is_empty() => build.cell(f64::NAN, "", ""),
                _ if number::is_missing(cell) => build.cell(f64::NAN, cell, ""),
                _ if is_text => build.cell(f64::NAN, "", cell),
                _ => return Err(self.no_number(row, *place)),
            }
        }
        Ok(())
    }

    fn no_number(&self, row: &Row, place: usize) -> Error {
        let expected = if self.comma {
            "a number with a decimal comma, as others in this file"
        } else {
            "a number with a decimal point"
        };
        row.wrong(self.path, self.found.id(place), expected, row.text(place))
    }

    /// A row that is no observation is kept as it stands.
    fn aside(&mut self, row: &Row, action: &str) -> Result<()> {
        if action == "D" {
            self.deletions += 1;
        } else {
            self.partial += 1;
            let measures = self.found.plan.measures.iter();
            let empty = self.found.plan.dimensions.iter().find(|place| {
                let code = self.found.code(**place, row.text(**place));
                code.is_empty()
            });
            let filled = measures.clone().any(|place| !row.text(*place).is_empty());
            if let Some(empty) = empty.filter(|_| filled) {
                let expected = "a code, since the row has a value; say with a data structure definition what is a dimension";
                return Err(row.wrong(self.path, self.found.id(*empty), expected, ""));
            }
        }
        let mut kept = BTreeMap::new();
        for (place, column) in self.found.header.columns.iter().enumerate() {
            let cell = row.text(place);
            if !cell.is_empty() && self.found.is_content(place) {
                let code = if place == self.places.id {
                    code_and_name(cell).0
                } else {
                    self.found.code(place, cell)
                };
                kept.insert(column.id.clone(), code.to_owned());
            }
        }
        self.kept.push(kept);
        Ok(())
    }

    fn warnings(&self) -> Vec<Warning> {
        let counted = [
            ("warning.sdmx-deletions", self.deletions),
            ("warning.sdmx-partial-keys", self.partial),
        ];
        let said = counted.into_iter().filter(|(_, count)| *count > 0);
        let mut warnings: Vec<_> = said
            .map(|(code, count)| Warning(Message::new(code).with("count", count)))
            .collect();
        if self.texts.contains(&true) {
            warnings.push(Warning(Message::new("warning.sdmx-text-measure")));
        }
        warnings
    }
}
