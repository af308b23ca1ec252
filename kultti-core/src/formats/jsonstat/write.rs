//! Writing JSON-stat 2.0, the figures one after another.

use super::dataset::{DatasetReader, FORMAT};
use super::header;
use super::own::{Given, Own, differences};
use super::source::Source;
use crate::error::{Error, Result};
use crate::formats::{Cell, Cube, Mark, Target, Warning, WriteOptions};
use serde_json::ser::Formatter;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

/// Zeros up to which the cells that a KEYS file leaves out are written.
const MOST_ZEROS: u64 = 100_000_000;
/// Figures up to which a table of few of them is written as those few: a reader fills it up again. How many more for each
/// figure is what a reader allows for the bytes it takes.
const FILLED: u64 = 1_048_576;
const FILLED_BY_FIGURE: u64 = 192;

/// Writes a cube as one document.
pub(crate) fn write(cube: &Cube, _options: &WriteOptions, target: &mut Target) -> Result<Vec<Warning>> {
    let refused = |what: &str, advice: &str| Error::CannotHold {
        path: target.name.to_owned(),
        format: FORMAT.into(),
        what: what.to_owned(),
        advice: advice.to_owned(),
    };
    if cube.cells.values().iter().any(|value| value.is_infinite()) {
        return Err(refused("an infinite number", "JSON has no such number"));
    }
    let plan = Plan::of(cube);
    if plan.given == Given::OthersZero && cube.size().is_none_or(|size| size > MOST_ZEROS) {
        let what = format!("more than {MOST_ZEROS} cells of which most are zeros that the file leaves out");
        return Err(refused(&what, "Select fewer categories"));
    }
    let head = head(target.name, cube, &plan)?;
    let mut out = BufWriter::with_capacity(1 << 16, &mut *target.out);
    let written = plan.write(cube, &head, &mut out).and_then(|()| out.flush());
    drop(out);
    written.map_err(|cause| target.failed(&cause))?;
    Ok(Vec::new())
}

/// The document up to its figures, with the extension and our part of it still open for the marks of single cells.
fn head(name: &str, cube: &Cube, plan: &Plan) -> Result<String> {
    let mut own = Own {
        language: cube.languages.first().cloned().unwrap_or_default(),
        cells: plan.given,
        status: plan.status.clone(),
        cube: Map::new(),
        marks: plan.marks.clone(),
    };
    let fields = header::fields(cube);
    let extension = header::extension(cube, &own);
    // What the document says so far is read as anybody's would be; what it does not say is added.
    let mut whole = fields.clone();
    let mut both = extension.clone();
    both.insert("kultti".into(), json!(own));
    whole.insert("extension".into(), Value::Object(both));
    let text = Value::Object(whole).to_string();
    let source = Source { name, text: &text };
    let mut reader = DatasetReader {
        source,
        warnings: &mut Vec::new(),
    };
    let said = reader.read("", &source.document()?)?.cube;
    own.cube = differences(&json!(said), &json!(cube));
    let mut before = opened(&Value::Object(fields));
    before.push_str(",\"extension\":");
    before.push_str(&opened(&Value::Object(extension)));
    before.push_str(if before.ends_with('{') {
        "\"kultti\":"
    } else {
        ",\"kultti\":"
    });
    before.push_str(&opened(&json!(own)));
    Ok(before)
}

/// An object without the brace that closes it.
fn opened(object: &Value) -> String {
    let mut text = object.to_string();
    text.pop();
    text
}

/// How the cells of a cube are written.
struct Plan {
    given: Given,
    /// Whether `value` is an object by position.
    sparse: bool,
    /// What each text of `status` means.
    status: BTreeMap<String, Mark>,
    /// Marks that no status stands for.
    marks: Vec<Mark>,
    /// What is written of each distinct mark.
    each: Vec<Written>,
    /// Cells with a status, and with a mark of their own.
    with_status: u64,
    with_mark: u64,
    /// The status that all cells have.
    same: Option<String>,
}

/// What is written of a distinct mark.
#[derive(Default, Clone)]
struct Written {
    status: Option<String>,
    /// Its place among the marks, for a cell with a number and for one without.
    marked: [Option<usize>; 2],
}

impl Plan {
    fn of(cube: &Cube) -> Self {
        let cells = &cube.cells;
        let mut used = vec![[0u64; 2]; cells.distinct_marks().len()];
        let mut nulls = 0u64;
        for index in 0..cells.len() {
            let number = cells.values().get(index).is_some_and(|value| !value.is_nan());
            if let Some(used) = used.get_mut(cells.mark_number(index) as usize) {
                used[usize::from(number)] += 1;
            }
        }
        let mut plan = Self {
            given: Given::of(cube),
            sparse: false,
            status: BTreeMap::new(),
            marks: Vec::new(),
            each: Vec::new(),
            with_status: 0,
            with_mark: 0,
            same: None,
        };
        for (mark, used) in cells.distinct_marks().iter().zip(&used) {
            if mark.text.is_none() {
                nulls += used[0];
            }
            let written = plan.written(mark, *used);
            plan.each.push(written);
        }
        let all = cells.len() as u64;
        let whole = plan.given == Given::Every && all > 0;
        plan.same = match &plan
            .each
            .iter()
            .zip(&used)
            .filter(|(_, used)| used.iter().sum::<u64>() > 0)
            .collect::<Vec<_>>()[..]
        {
            [first, rest @ ..] if whole && rest.iter().all(|(one, _)| one.status == first.0.status) => {
                first.0.status.clone()
            }
            _ => None,
        };
        let few = all <= FILLED.saturating_add(FILLED_BY_FIGURE.saturating_mul(all - nulls));
        plan.sparse = match plan.given {
            Given::Every => nulls.saturating_mul(2) > all && few,
            Given::Some => true,
            Given::OthersZero => false,
        };
        plan
    }

    fn written(&mut self, mark: &Mark, used: [u64; 2]) -> Written {
        let mut written = Written::default();
        if used == [0, 0] {
            return written;
        }
        let mut said = Mark::default();
        if let Some(text) = mark.symbol.as_ref().or(mark.status.as_ref()) {
            let base = Mark {
                status: mark.status.clone(),
                symbol: mark.symbol.clone(),
                ..Mark::default()
            };
            said = self.status.entry(text.clone()).or_insert(base).clone();
            written.status = Some(text.clone());
            self.with_status += used[0] + used[1];
        }
        for (number, count) in used.into_iter().enumerate().filter(|(_, count)| *count > 0) {
            said.text = mark.text.clone().filter(|_| number == 0);
            if said != *mark {
                if self.marks.last() != Some(mark) {
                    self.marks.push(mark.clone());
                }
                written.marked[number] = Some(self.marks.len() - 1);
                self.with_mark += count;
            }
        }
        written
    }

    fn write(&self, cube: &Cube, head: &str, out: &mut impl Write) -> io::Result<()> {
        let size = cube.size().unwrap_or(0);
        let listed = |count: u64| self.given != Given::Some && count.saturating_mul(3) > size;
        out.write_all(head.as_bytes())?;
        if self.with_mark > 0 {
            out.write_all(b",\"marked\":")?;
            self.list(cube, listed(self.with_mark), out, |cell, written| {
                let place = written?.marked[usize::from(cell?.value.is_some())]?;
                Some(Item::Number(place as f64))
            })?;
        }
        out.write_all(b"}},\"value\":")?;
        self.list(cube, !self.sparse, out, |cell, written| {
            let Some(cell) = cell else {
                return Some(Item::Number(0.0));
            };
            match (cell.value, &cell.mark.text) {
                (Some(value), _) => Some(Item::Number(value)),
                (None, Some(text)) => Some(Item::Text(text)),
                // Its status or mark says that the cell is there.
                _ if self.given != Given::Some => None,
                _ if written.is_some_and(|one| one.status.is_some() || one.marked[0].is_some()) => None,
                _ => Some(Item::Null),
            }
        })?;
        if let Some(same) = &self.same {
            out.write_all(b",\"status\":")?;
            serde_json::to_writer(&mut *out, same)?;
        } else if self.with_status > 0 {
            out.write_all(b",\"status\":")?;
            self.list(cube, listed(self.with_status), out, |_, written| {
                Some(Item::Text(written?.status.as_deref()?))
            })?;
        }
        out.write_all(b"}\n")
    }

    /// Writes something of every position: an array with nulls, or an object of those that have it.
    fn list<'c, W: Write>(
        &'c self,
        cube: &'c Cube,
        array: bool,
        out: &mut W,
        item: impl Fn(Option<Cell<'c>>, Option<&'c Written>) -> Option<Item<'c>>,
    ) -> io::Result<()> {
        let cells = &cube.cells;
        let of = |index: usize| {
            (
                cells.cell(index),
                self.each.get(cells.mark_number(index) as usize),
            )
        };
        let mut first = true;
        if !array {
            out.write_all(b"{")?;
            for index in 0..cells.len() {
                let (cell, written) = of(index);
                let (Some(position), Some(item)) = (cell.map(|cell| cell.position), item(cell, written))
                else {
                    continue;
                };
                out.write_all(if first { b"\"" } else { b",\"" })?;
                whole(position, out)?;
                out.write_all(b"\":")?;
                item.write(out)?;
                first = false;
            }
            return out.write_all(b"}");
        }
        out.write_all(b"[")?;
        let mut index = 0;
        for position in 0..cube.size().unwrap_or(0) {
            out.write_all(if first { b"" } else { b"," })?;
            first = false;
            let (cell, written) = of(index);
            let here = cell.is_some_and(|cell| cell.position == position);
            let item = if here {
                item(cell, written)
            } else {
                item(None, None)
            };
            item.unwrap_or(Item::Null).write(out)?;
            index += usize::from(here);
        }
        out.write_all(b"]")
    }
}

/// What is written of a cell.
enum Item<'a> {
    Null,
    Number(f64),
    Text(&'a str),
}

impl Item<'_> {
    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Null => out.write_all(b"null"),
            Self::Text(text) => Ok(serde_json::to_writer(out, text)?),
            Self::Number(number) => write_number(*number, out),
        }
    }
}

/// A number in the fewest digits that are read as itself; a whole one without a decimal point.
fn write_number(number: f64, out: &mut impl Write) -> io::Result<()> {
    // Below 2^53 every whole number is exact; zero with a sign keeps it.
    if number.fract() == 0.0
        && number.abs() < 9_007_199_254_740_992.0
        && !(number == 0.0 && number.is_sign_negative())
    {
        if number < 0.0 {
            out.write_all(b"-")?;
        }
        return whole(number.abs() as u64, out);
    }
    serde_json::ser::CompactFormatter.write_f64(out, number)
}

fn whole(mut number: u64, out: &mut impl Write) -> io::Result<()> {
    let mut digits = [0u8; 20];
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            return out.write_all(digits.get(start..).unwrap_or_default());
        }
    }
}
