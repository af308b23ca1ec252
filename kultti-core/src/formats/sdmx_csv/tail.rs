//! What stands before the key and after the values of a row: the same for all cells with one mark.

use super::SdmxLabels;
use super::lift::{DECIMALS, UNIT};
use super::marks;
use super::plan::{STATUS, SYMBOL, TEXT};
use super::write::Message;
use crate::formats::{Mark, Role, Unit};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// The ends of rows by mark, made when first met.
pub(super) struct Tail<'a> {
    message: &'a Message<'a>,
    made: HashMap<(u32, usize), Rc<Ends>>,
    metric: Option<usize>,
}

/// The beginning and the end of a row.
pub(super) struct Ends {
    pub(super) before: Vec<u8>,
    pub(super) after: Vec<u8>,
}

impl<'a> Tail<'a> {
    pub(super) fn new(message: &'a Message<'a>) -> Self {
        let sheet = message.sheet;
        let metric = sheet.cube.with_role(Role::Metric).map(|(place, _)| place);
        Self {
            message,
            made: HashMap::new(),
            // Without units and decimals of its own a category changes nothing in the ends.
            metric: metric.filter(|_| sheet.has_unit || sheet.has_decimals),
        }
    }

    /// The ends of a row with a mark, by its number, and with the categories `key`.
    pub(super) fn of(&mut self, number: u32, mark: &Mark, key: &[usize]) -> Rc<Ends> {
        let metric = self.metric.and_then(|place| key.get(place)).copied();
        let known = (number, metric.unwrap_or(usize::MAX));
        if let Some(ends) = self.made.get(&known) {
            return Rc::clone(ends);
        }
        let ends = Rc::new(Ends {
            before: before(self.message, mark),
            after: after(self.message, mark, self.metric.zip(metric)),
        });
        self.made.insert(known, Rc::clone(&ends));
        ends
    }
}

fn before(message: &Message, mark: &Mark) -> Vec<u8> {
    let sheet = message.sheet;
    let action = sheet.action_place.and_then(|place| mark.attribute(place));
    let action = action
        .or(sheet.extras.action.as_deref())
        .map_or("I", marks::action);
    let structure = sheet.version_place.and_then(|place| mark.attribute(place));
    let mut out = Vec::new();
    identity(message, structure, action, &mut out);
    out
}

/// The columns up to the action, each with the comma after it.
fn identity(message: &Message, structure: Option<&str>, action: &str, out: &mut Vec<u8>) {
    let sheet = message.sheet;
    let name = message.text(&sheet.cube.label);
    let structure = structure.map_or_else(|| sheet.reference.spell(), str::to_owned);
    if !message.first_version {
        let kind = Some(sheet.extras.kind.as_str()).filter(|kind| !kind.is_empty());
        field(out, kind.unwrap_or("dataflow"));
        out.push(b',');
    }
    match (message.labels, name) {
        (SdmxLabels::Both, Some(name)) => field(out, &format!("{structure}: {name}")),
        _ => field(out, &structure),
    }
    out.push(b',');
    if message.first_version {
        return;
    }
    if message.labels == SdmxLabels::Name {
        field(out, name.unwrap_or_default());
        out.push(b',');
    }
    field(out, action);
    out.push(b',');
}

fn after(message: &Message, mark: &Mark, metric: Option<(usize, usize)>) -> Vec<u8> {
    let sheet = message.sheet;
    let category =
        metric.and_then(|(dimension, place)| sheet.cube.dimensions.get(dimension)?.categories.get(place));
    let mut out = Vec::new();
    for id in message.sheet.mark_columns() {
        out.push(b',');
        let decimals = category
            .and_then(|category| category.decimals)
            .or(sheet.cube.decimals);
        let unit = category
            .and_then(|category| category.unit.as_ref())
            .or(sheet.cube.unit.as_ref());
        let code = match id {
            STATUS => sheet.status(mark).map(str::to_owned),
            SYMBOL => sheet.symbol(mark).map(str::to_owned),
            TEXT => mark.text.clone(),
            DECIMALS => decimals.map(|decimals| decimals.to_string()),
            _ => unit.map(|unit| sheet.unit_code(unit)),
        }
        .unwrap_or_default();
        let named = !code.is_empty() && sheet.is_named(id);
        let name = named.then(|| name(message, id, &code, unit)).flatten();
        message.labelled(&mut out, &code, name.as_deref());
    }
    for column in &sheet.attributes {
        out.push(b',');
        let value = mark.attribute(column.place).unwrap_or_default();
        let names = sheet.names(column);
        let name = names.and_then(|names| message.text(names.get(value)?));
        message.labelled(&mut out, value, name.filter(|_| !value.is_empty()));
    }
    out
}

/// The name of a status, or of a unit.
fn name(message: &Message, id: &str, code: &str, unit: Option<&Unit>) -> Option<String> {
    let known = message
        .sheet
        .extras
        .codes
        .get(id)
        .and_then(|codes| codes.get(code));
    let label = known.or(unit.filter(|_| id == UNIT).map(|unit| &unit.label))?;
    message.text(label).map(str::to_owned)
}

/// A row that is no observation: what it says of each column, under the header of this message.
pub(super) fn kept(message: &Message, row: &BTreeMap<String, String>, out: &mut Vec<u8>) {
    let cell = |id: &str| row.get(id).map_or("", String::as_str);
    let structure = row.get(marks::STRUCTURE_ID).map(String::as_str);
    let action = row.get(marks::ACTION).map_or(
        "I",
        |letter| if letter == "D" { "D" } else { marks::action(letter) },
    );
    identity(message, structure, action, out);
    for _ in message.key_columns() {
        out.push(b',');
    }
    let sheet = message.sheet;
    let mut columns: Vec<String> = sheet.axes.iter().map(|axis| axis.id.clone()).collect();
    match &sheet.spread {
        Some(spread) => columns.extend(spread.codes.iter().cloned()),
        None => columns.push(sheet.measure.clone()),
    }
    columns.extend(message.sheet.mark_columns().map(str::to_owned));
    for id in columns {
        message.labelled(out, cell(&id), None);
        out.push(b',');
    }
    for column in &sheet.attributes {
        let value = cell(&column.id);
        let name = sheet
            .names(column)
            .and_then(|names| message.text(names.get(value)?));
        message.labelled(out, value, name);
        out.push(b',');
    }
    out.pop();
    out.push(b'\n');
}

/// A cell as RFC 4180 wants it.
pub(super) fn field(out: &mut Vec<u8>, text: &str) {
    let special = |byte: u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
    let edged = text.starts_with(' ') || text.ends_with(' ');
    if !edged && !text.bytes().any(special) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}
