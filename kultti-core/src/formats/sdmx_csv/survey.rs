//! The first walk through the rows: which structures there are, and what the cells of each column look like.

use super::header::{Header, Use};
use super::ids::without_version;
use super::number::{self, Kind};
use super::rows::{Row, Rows};
use super::{FORMAT, SdmxLabels};
use crate::error::{Error, Result};
use std::collections::{BTreeMap, HashMap};

/// What the cells of one column look like, rows of deletion aside.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// How many are filled.
    pub(super) filled: usize,
    /// How many of those are no numbers.
    pub(super) texts: usize,
    /// How many have a decimal point.
    pub(super) points: usize,
    /// How many have a decimal comma.
    pub(super) commas: usize,
    /// How many are whole numbers with leading zeros.
    pub(super) padded: usize,
    /// How many say that there is no number on purpose.
    pub(super) missing: usize,
    /// How many are filled in rows of deletion.
    pub(super) deleted: usize,
    /// Codes and their names; `None` once a cell is not `code: name`, or a code has two names.
    pub(super) names: Option<HashMap<String, String>>,
}

/// What the first walk found.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// The structures, with the number of their rows, in the order of their ids.
    pub(super) structures: BTreeMap<String, usize>,
    /// The structure of the rows that are read, without its version where several versions are.
    pub(super) chosen: String,
    /// The kind of artefact of the first row that is read.
    pub(super) kind: String,
    /// The name of the structure.
    pub(super) name: Option<String>,
    /// The columns.
    pub(super) columns: Vec<Seen>,
    /// Actions of the rows that are read, deletions aside, each with how often it stands there.
    pub(super) actions: BTreeMap<String, usize>,
    /// The parts of the first observation's key, where the file has them.
    pub(super) key: Option<(String, Vec<String>)>,
    /// Whether there is something that only version 2.1 has.
    pub(super) merges: bool,
}

impl Survey {
    /// Walks through all rows. `wanted` is a structure's id, with or without agency and version.
    ///
    /// # Errors
    /// [`Error::MalformedFile`] for rows of another length than the header, unknown actions and a structure that is not
    /// in the file.
    pub(super) fn of(path: &str, header: &Header, text: &str, wanted: Option<&str>) -> Result<Self> {
        let mut survey = Self {
            columns: vec![Seen::default(); header.columns.len()],
            ..Self::default()
        };
        for (column, seen) in header.columns.iter().zip(&mut survey.columns) {
            let labelled = header.labels == SdmxLabels::Both && column.label.is_some();
            seen.names = labelled.then(HashMap::new);
        }
        let walk = Walk {
            path,
            header,
            places: Places::of(header),
            wanted,
        };
        let mut rows = Rows::new(path, header, text);
        while let Some(row) = rows.next()? {
            survey.row(&walk, &row)?;
        }
        if survey.chosen.is_empty() && !survey.structures.is_empty() {
            let known: Vec<_> = survey.structures.keys().map(String::as_str).collect();
            let wanted = wanted.unwrap_or_default();
            return Err(Error::malformed(path, FORMAT, 1, &known.join(", "), wanted));
        }
        Ok(survey)
    }

    fn row(&mut self, walk: &Walk, row: &Row) -> Result<()> {
        let Walk {
            path,
            header,
            places,
            wanted,
        } = walk;
        let (id, name) = structure(row.text(places.id), header.labels);
        match self.structures.get_mut(id) {
            Some(count) => *count += 1,
            None => {
                self.structures.insert(id.to_owned(), 1);
            }
        }
        if self.chosen.is_empty() && wanted.is_none_or(|wanted| names(wanted, id)) {
            self.chosen = wanted
                .filter(|wanted| *wanted == id)
                .unwrap_or_else(|| without_version(id))
                .to_owned();
            places
                .kind
                .map_or("dataflow", |kind| row.text(kind))
                .clone_into(&mut self.kind);
            let name = places.name.map(|place| row.text(place)).or(name);
            self.name = name.filter(|name| !name.is_empty()).map(str::to_owned);
        }
        if !self.reads(id) {
            return Ok(());
        }
        let action = places.action.map_or("", |place| row.text(place));
        if !["", "I", "A", "R", "D", "M"].contains(&action) {
            let expected = "I, A, R, D or M";
            return Err(row.wrong(path, "ACTION", expected, action));
        }
        self.merges |= action == "M";
        if action == "D" {
            for (place, seen) in self.columns.iter_mut().enumerate() {
                seen.deleted += usize::from(!row.text(place).is_empty());
            }
            return Ok(());
        }
        match self.actions.get_mut(action) {
            Some(count) => *count += 1,
            None => {
                self.actions.insert(action.to_owned(), 1);
            }
        }
        if let Some(place) = places.key.filter(|_| self.key.is_none()) {
            self.first_key(header, row, place);
        }
        for (place, seen) in self.columns.iter_mut().enumerate() {
            let cell = row.text(place);
            if !cell.is_empty() {
                seen.look(cell);
                self.merges |= cell == "~" || number::is_missing(cell);
            }
        }
        Ok(())
    }

    /// The first row's key with its components, to tell dimensions from attributes.
    fn first_key(&mut self, header: &Header, row: &Row, place: usize) {
        let cells = header.columns.iter().enumerate();
        let cells = cells.map(|(place, _)| code_and_name(row.text(place)).0.to_owned());
        let key = row.text(place);
        if !key.is_empty() {
            self.key = Some((key.to_owned(), cells.collect()));
        }
    }

    /// Whether a column belongs to what is read: some row fills it. Where nothing is observed, rows of deletion count too,
    /// and a file of one structure needs no row at all.
    pub(super) fn fills(&self, place: usize) -> bool {
        let Some(seen) = self.columns.get(place) else {
            return false;
        };
        let unobserved = self.actions.is_empty() && (seen.deleted > 0 || self.structures.len() < 2);
        seen.filled > 0 || unobserved
    }

    /// Whether rows of a structure are read.
    pub(super) fn reads(&self, id: &str) -> bool {
        !self.chosen.is_empty() && (self.chosen == id || self.chosen == without_version(id))
    }

    /// The structures that are read.
    pub(super) fn versions(&self) -> Vec<&str> {
        let all = self.structures.keys().map(String::as_str);
        all.filter(|id| self.reads(id)).collect()
    }
}

impl Seen {
    fn look(&mut self, cell: &str) {
        self.filled += 1;
        match number::kind(cell) {
            Kind::Whole => {}
            Kind::Missing => self.missing += 1,
            Kind::Padded => self.padded += 1,
            Kind::Point => self.points += 1,
            Kind::Comma => self.commas += 1,
            Kind::Text => self.texts += 1,
        }
        let Some(names) = &mut self.names else { return };
        let named = match code_and_name(cell) {
            (code, Some(name)) => match names.get(code) {
                Some(known) => known == name,
                None => names.insert(code.to_owned(), name.to_owned()).is_none(),
            },
            _ => false,
        };
        if !named {
            self.names = None;
        }
    }

    /// How many are numbers.
    pub(super) fn numbers(&self) -> usize {
        self.filled - self.texts - self.missing
    }

    /// Whether every filled cell is a number.
    pub(super) fn is_numeric(&self) -> bool {
        self.filled > 0 && self.texts == 0 && self.padded == 0 && (self.commas == 0 || self.points == 0)
    }
}

/// What the first walk knows when it begins.
struct Walk<'a> {
    path: &'a str,
    header: &'a Header,
    places: Places,
    wanted: Option<&'a str>,
}

/// Where the columns with a fixed meaning stand.
pub(super) struct Places {
    pub(super) kind: Option<usize>,
    pub(super) id: usize,
    pub(super) name: Option<usize>,
    pub(super) action: Option<usize>,
    pub(super) key: Option<usize>,
}

impl Places {
    pub(super) fn of(header: &Header) -> Self {
        let one = |column_use| header.places(column_use).next();
        let keys = header.columns.iter();
        Self {
            kind: one(Use::Kind),
            id: one(Use::Id).unwrap_or_default(),
            name: one(Use::Name),
            action: one(Use::Action),
            key: keys.into_iter().position(|column| column.id == "OBS_KEY"),
        }
    }
}

/// A code and its name where a cell has both: `A: Value A`. What stands before the colon is an id, so it has no space.
pub(super) fn code_and_name(cell: &str) -> (&str, Option<&str>) {
    match cell.split_once(": ") {
        Some((code, name)) if !code.is_empty() && !code.contains([' ', '\n']) => (code, Some(name)),
        _ => (cell, None),
    }
}

/// The id of a structure and its name.
pub(super) fn structure(cell: &str, labels: SdmxLabels) -> (&str, Option<&str>) {
    if labels == SdmxLabels::Both {
        code_and_name(cell)
    } else {
        (cell, None)
    }
}

/// Whether somebody who says `wanted` means the structure: `ESTAT:NA_MAIN(1.6.0)`, `ESTAT:NA_MAIN` or `NA_MAIN`.
fn names(wanted: &str, id: &str) -> bool {
    let artefact = without_version(id);
    let bare = artefact.split_once(':').map_or(artefact, |(_, id)| id);
    [id, artefact, bare].contains(&wanted)
}
