//! The first line of an SDMX-CSV file: version, separator, sub-field delimiter, labels, and what each column is.

use super::FORMAT;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// How names stand beside ids (`labels=` of the specification).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SdmxLabels {
    /// Ids only.
    #[default]
    Id,
    /// A column of names after each column of ids.
    Name,
    /// `ID: name` in header and cells.
    Both,
}

impl FromStr for SdmxLabels {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let all = [("id", Self::Id), ("name", Self::Name), ("both", Self::Both)];
        let found = all.into_iter().find(|(name, _)| *name == text);
        found
            .map(|(_, labels)| labels)
            .ok_or_else(|| Error::InvalidArgument {
                name: "labels".into(),
                expected: "id, name, both".into(),
                found: text.to_owned(),
            })
    }
}

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// `STRUCTURE`: the kind of artefact.
    Kind,
    /// `STRUCTURE_ID`, in version 1.0 `DATAFLOW`.
    Id,
    /// `STRUCTURE_NAME`.
    Name,
    /// `ACTION`.
    Action,
    /// `SERIES_KEY`, `OBS_KEY`: derived from the dimensions.
    Key,
    /// A dimension, measure, attribute or column of the sender's own.
    Component,
    /// Names of the component in this column.
    NamesOf(usize),
}

/// A column of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// Its id.
    pub(super) id: String,
    /// Its name, where the header has one.
    pub(super) label: Option<String>,
    /// What stands in brackets after the id, brackets included: `[]` for several values, `[fi;sv]` for languages.
    pub(super) form: String,
    /// What it is for.
    pub(super) column_use: Use,
}

/// What the first line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// Whether it is version 1.0, which begins with `DATAFLOW`.
    pub(super) first_version: bool,
    /// The character between fields.
    pub(super) separator: u8,
    /// The character between the parts of a field of several values or languages.
    pub(super) subfield: Option<char>,
    /// How names stand beside ids.
    pub(super) labels: SdmxLabels,
    /// The columns.
    pub(super) columns: Vec<Column>,
}

/// Columns whose ids SDMX gives one meaning in every structure; a pair of id and name never begins at a name of them.
const RESERVED: [&str; 3] = ["OBS_VALUE", "TIME_PERIOD", "OBS_STATUS"];

/// The separator of a text that begins like SDMX-CSV: what follows the first term and its brackets.
pub(super) fn separator(text: &[u8]) -> Option<u8> {
    let quoted = text.first() == Some(&b'"');
    let text = text.strip_prefix(b"\"").unwrap_or(text);
    let first_version = text.starts_with(b"DATAFLOW");
    let mut rest = text
        .strip_prefix(b"DATAFLOW")
        .or_else(|| text.strip_prefix(b"STRUCTURE"))?;
    if rest.first() == Some(&b'[') && !first_version {
        let end = rest.iter().take(8).position(|byte| *byte == b']')?;
        rest = rest.get(end + 1..)?;
    }
    if quoted {
        rest = rest.strip_prefix(b"\"")?;
    }
    let separator = *rest.first()?;
    let after = rest.get(1..)?;
    let after = after.strip_prefix(b"\"").unwrap_or(after);
    let plain = separator == b'\t' || (separator.is_ascii_punctuation() && !b"\"_[]:.-".contains(&separator));
    (plain && (first_version || after.starts_with(b"STRUCTURE_ID"))).then_some(separator)
}

impl Header {
    /// Reads the fields of the first line.
    ///
    /// # Errors
    /// [`Error::MalformedFile`] for a column twice, or without the columns that say what the rows are of.
    pub(super) fn read(path: &str, separator: u8, fields: &[&str]) -> Result<Self> {
        let first = fields.first().copied().unwrap_or_default();
        let (term, brackets) = split_form(first);
        let first_version = term == "DATAFLOW";
        let mut header = Self {
            first_version,
            separator,
            subfield: brackets.chars().nth(1).filter(|symbol| *symbol != ']'),
            labels: SdmxLabels::Id,
            columns: Vec::with_capacity(fields.len()),
        };
        for (place, field) in fields.iter().enumerate() {
            let column = if place == 0 {
                header.first_column()
            } else {
                header.column(field)
            };
            header.columns.push(column);
        }
        header.find_labels(path)?;
        header.check(path)?;
        Ok(header)
    }

    fn first_column(&self) -> Column {
        Column {
            id: if self.first_version {
                "DATAFLOW"
            } else {
                "STRUCTURE"
            }
            .to_owned(),
            label: None,
            form: String::new(),
            column_use: if self.first_version { Use::Id } else { Use::Kind },
        }
    }

    fn column(&self, field: &str) -> Column {
        let column_use = match field {
            "STRUCTURE_ID" if !self.first_version => Use::Id,
            "STRUCTURE_NAME" if !self.first_version => Use::Name,
            "ACTION" if !self.first_version => Use::Action,
            "SERIES_KEY" | "OBS_KEY" => Use::Key,
            _ => Use::Component,
        };
        let (id, label) = match field.split_once(": ") {
            Some((id, label)) if column_use == Use::Component => {
                (id, Some(label.to_owned()).filter(|label| !label.is_empty()))
            }
            _ => (field, None),
        };
        let (id, form) = split_form(id);
        Column {
            id: id.to_owned(),
            label,
            form: form.to_owned(),
            column_use,
        }
    }

    /// Names stand after `: ` in the header, or in a column of their own after each component.
    fn find_labels(&mut self, path: &str) -> Result<()> {
        if self.columns.iter().any(|column| column.label.is_some()) {
            self.labels = SdmxLabels::Both;
            return Ok(());
        }
        if !self.columns.iter().any(|column| column.column_use == Use::Name) {
            return Ok(());
        }
        self.labels = SdmxLabels::Name;
        let components: Vec<usize> = self.places(Use::Component).collect();
        for pair in components.chunks_exact(2) {
            let &[of, names] = pair else { continue };
            let id = self
                .columns
                .get(of)
                .map_or_else(String::new, |column| column.id.clone());
            let Some(column) = self.columns.get_mut(names) else {
                continue;
            };
            let itself = column.id == id;
            if RESERVED.contains(&column.id.as_str()) && !itself {
                let expected = "a column of names after each component, as STRUCTURE_NAME promises";
                let found = column.id.clone();
                return Err(self.wrong(path, &found, expected, &found));
            }
            let label = format!("{}{}", column.id, column.form);
            column.column_use = Use::NamesOf(of);
            // What is called by its id has no name.
            if let Some(column) = self.columns.get_mut(of).filter(|_| !itself) {
                column.label = Some(label);
            }
        }
        Ok(())
    }

    fn check(&self, path: &str) -> Result<()> {
        if self.places(Use::Id).count() != 1 {
            return Err(self.wrong(path, "STRUCTURE_ID", "the column STRUCTURE_ID once", &self.ids()));
        }
        let mut seen = std::collections::BTreeSet::new();
        for column in &self.columns {
            let names = matches!(column.column_use, Use::NamesOf(_));
            if !names && !seen.insert(column.id.as_str()) {
                return Err(self.wrong(path, &column.id, "every column once", &column.id));
            }
            if !names && column.id.is_empty() {
                return Err(self.wrong(path, "", "an id for every column", &self.ids()));
            }
        }
        Ok(())
    }

    fn ids(&self) -> String {
        let ids: Vec<_> = self.columns.iter().map(|column| column.id.as_str()).collect();
        ids.join(", ")
    }

    fn wrong(&self, path: &str, part: &str, expected: &str, found: &str) -> Error {
        Error::MalformedFile {
            path: path.to_owned(),
            format: FORMAT.to_owned(),
            line: 1,
            column: String::new(),
            part: part.to_owned(),
            expected: expected.to_owned(),
            found: found.to_owned(),
        }
    }

    /// The places of the columns with a use.
    pub(super) fn places(&self, column_use: Use) -> impl Iterator<Item = usize> {
        let matching = self
            .columns
            .iter()
            .enumerate()
            .filter(move |(_, column)| column.column_use == column_use);
        matching.map(|(place, _)| place)
    }

    /// The place of the column of names beside a component.
    pub(super) fn names_of(&self, component: usize) -> Option<usize> {
        self.places(Use::NamesOf(component)).next()
    }

    /// The place of a component by its id.
    pub(super) fn component(&self, id: &str) -> Option<usize> {
        self.places(Use::Component)
            .find(|place| self.columns.get(*place).is_some_and(|column| column.id == id))
    }
}

/// An id and the brackets after it. A nested metadata attribute (`CONTACT[].NAME[]`) keeps the inner ones in its id.
fn split_form(field: &str) -> (&str, &str) {
    let open = field.ends_with(']').then(|| field.rfind('[')).flatten();
    open.and_then(|open| field.split_at_checked(open))
        .unwrap_or((field, ""))
}
