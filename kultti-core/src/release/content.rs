//! What a release holds, measure by measure, and the hash that names it.

use super::blocks::Blocks;
use crate::catalogue::Lines;
use crate::model::{MeasureId, ObservationColumns, Period};
use arrow_array::Array;
use sha2::{Digest, Sha256};
use std::ops::Range;
use std::sync::OnceLock;

/// The rows of one measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasureContent {
    /// The measure.
    pub measure: MeasureId,
    /// Its periods, ascending.
    pub periods: Vec<PeriodContent>,
    /// SHA-256 over its rows in key order.
    pub sha256: String,
}

impl MeasureContent {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.periods.iter().map(|period| period.rows).sum()
    }
}

/// The rows of one measure in one period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeriodContent {
    /// The period.
    pub period: Period,
    /// Number of rows.
    pub rows: usize,
    /// Of which with a value.
    pub values: usize,
}

/// The content list: measures by id, each read when it is first asked for.
///
/// As text it is one line per measure, by id: id, rows of the measures before it, rows, SHA-256 and periods, tabs between
/// them. Periods are written as `2019 308/305 307/307`: rows and values of 2019 and of the period after it; another period
/// begins anew.
pub(super) struct ContentList {
    lines: Blocks,
    parsed: Vec<OnceLock<Box<Content>>>,
    rows: usize,
}

/// A measure and how many rows stand before it in the file.
struct Content {
    measure: MeasureContent,
    before: usize,
}

impl ContentList {
    /// A list that has been checked; `None` for any other.
    pub(super) fn of(lines: Blocks) -> Option<Self> {
        let mut list = Self {
            parsed: (0..lines.len()).map(|_| OnceLock::new()).collect(),
            lines,
            rows: 0,
        };
        if let Some(last) = list.parsed.len().checked_sub(1) {
            let last = list.at(last)?;
            list.rows = last.before.checked_add(last.measure.rows())?;
        }
        Some(list)
    }

    /// Rows of all measures.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// All measures, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &MeasureContent> {
        (0..self.parsed.len()).filter_map(|place| Some(&self.at(place)?.measure))
    }

    /// Whether every line can be read and each measure begins where the one before it ends.
    pub(super) fn is_sound(&self) -> bool {
        let mut rows = 0;
        (0..self.parsed.len()).all(|place| {
            let content = self.at(place).filter(|content| content.before == rows);
            rows += content.map_or(0, |content| content.measure.rows());
            content.is_some()
        })
    }

    /// A measure and how many rows stand before it.
    pub(super) fn get(&self, measure: &str) -> Option<(&MeasureContent, usize)> {
        let content = self.at(self.place(measure)?)?;
        Some((&content.measure, content.before))
    }

    /// The place of a measure in the list.
    pub(super) fn place(&self, measure: &str) -> Option<usize> {
        self.lines.place(measure)
    }

    fn at(&self, place: usize) -> Option<&Content> {
        let slot = self.parsed.get(place)?;
        if let Some(content) = slot.get() {
            return Some(content);
        }
        let content = Content::parse(self.lines.key(place)?, self.lines.line(place)?)?;
        Some(slot.get_or_init(|| Box::new(content)))
    }
}

impl std::fmt::Debug for ContentList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ContentList")
            .field("measures", &self.parsed.len())
            .finish_non_exhaustive()
    }
}

/// The periods of a line: the period that is named there, if one is, rows and values. An item is `None` for other text.
fn entries(periods: &str) -> impl Iterator<Item = Option<(Option<&str>, usize, usize)>> {
    let mut named = None;
    let mut begun = false;
    periods.split(' ').filter_map(move |word| {
        let Some((rows, values)) = word.split_once('/') else {
            let lonely = named.replace(word).is_some() || word.parse::<Period>().is_err();
            begun = true;
            return lonely.then_some(None);
        };
        let counts = number(rows)
            .zip(number(values))
            .filter(|(rows, values)| values <= rows && begun);
        Some(counts.map(|(rows, values)| (named.take(), rows, values)))
    })
}

/// A number of at most nine digits.
fn number(digits: &str) -> Option<usize> {
    let short = !digits.is_empty() && digits.len() < 10;
    let digits = digits
        .bytes()
        .map(|digit| digit.is_ascii_digit().then(|| usize::from(digit - b'0')));
    let add = |number: usize, digit: Option<usize>| Some(number * 10 + digit?);
    digits.into_iter().try_fold(0, add).filter(|_| short)
}

impl MeasureContent {
    /// The line of the content list.
    fn line(&self, before: usize) -> String {
        let mut line = format!("{}\t{before}\t{}\t{}\t", self.measure, self.rows(), self.sha256);
        let mut last: Option<Period> = None;
        for content in &self.periods {
            if last.is_none_or(|last| last.shift(1) != content.period) {
                line.push_str(&format!("{} ", content.period));
            }
            line.push_str(&format!("{}/{} ", content.rows, content.values));
            last = Some(content.period);
        }
        line.truncate(line.trim_end_matches(' ').len());
        line.push('\n');
        line
    }
}

impl Content {
    fn parse(measure: &str, line: &str) -> Option<Self> {
        let mut fields = line.split('\t');
        let (before, rows, sha256) = (fields.next()?, fields.next()?, fields.next()?);
        let mut periods: Vec<PeriodContent> = Vec::new();
        for entry in entries(fields.next()?) {
            let (named, rows, values) = entry?;
            let period = match (named, periods.last()) {
                (Some(text), _) => text.parse().ok()?,
                (None, Some(last)) => last.period.shift(1),
                (None, None) => return None,
            };
            periods.push(PeriodContent { period, rows, values });
        }
        let measure = MeasureContent {
            measure: MeasureId::from(measure),
            periods,
            sha256: sha256.to_owned(),
        };
        let whole = rows.parse() == Ok(measure.rows()) && fields.next().is_none();
        let before = before.parse().ok()?;
        whole.then_some(Self { measure, before })
    }
}

/// The lines of the content list.
pub(super) fn content_lines(content: &[MeasureContent]) -> impl Iterator<Item = String> {
    let mut before = 0;
    content.iter().map(move |content| {
        let line = content.line(before);
        before += content.rows();
        line
    })
}

/// Bytes of rows that are gathered before they are hashed.
const HASHED_AT_ONCE: usize = 32 * 1024;

/// Hashes rows in key order and counts them.
#[derive(Debug, Default)]
pub(super) struct ContentBuilder {
    done: Vec<MeasureContent>,
    measure: Option<MeasureId>,
    periods: Vec<PeriodContent>,
    hasher: Sha256,
    /// Rows of the measure that are not hashed yet.
    pending: Vec<u8>,
}

impl ContentBuilder {
    /// Whether the rows begin another measure than the last row taken.
    pub(super) fn begins(&self, columns: &ObservationColumns) -> bool {
        self.measure.as_ref().map(MeasureId::as_str) != columns.measure.get(0)
    }

    /// Takes the next rows, which have been checked.
    pub(super) fn push(&mut self, columns: &ObservationColumns) {
        let mut start = 0;
        while start < columns.rows {
            let end = columns.measure.run_end(start, columns.rows);
            let measure = columns.measure.get(start).unwrap_or_default();
            if self.measure.as_ref().map(MeasureId::as_str) != Some(measure) {
                self.close();
                self.measure = Some(MeasureId::from(measure));
            }
            self.count(columns, start..end);
            for row in start..end {
                row_bytes(columns, row, &mut self.pending);
                if self.pending.len() >= HASHED_AT_ONCE {
                    self.hasher.update(&self.pending);
                    self.pending.clear();
                }
            }
            start = end;
        }
    }

    fn count(&mut self, columns: &ObservationColumns, rows: Range<usize>) {
        let mut start = rows.start;
        while start < rows.end {
            let end = columns.period.run_end(start, rows.end);
            let values = columns.value.slice(start, end - start);
            let values = values.len() - values.null_count();
            // Checked rows have a period.
            if let Some(Ok(period)) = columns.period.get(start).map(str::parse) {
                match self.periods.last_mut() {
                    Some(last) if last.period == period => {
                        last.rows += end - start;
                        last.values += values;
                    }
                    _ => self.periods.push(PeriodContent {
                        period,
                        rows: end - start,
                        values,
                    }),
                }
            }
            start = end;
        }
    }

    fn close(&mut self) {
        self.hasher.update(&self.pending);
        self.pending.clear();
        let digest = std::mem::take(&mut self.hasher).finalize();
        let periods = std::mem::take(&mut self.periods);
        if let Some(measure) = self.measure.take() {
            self.done.push(MeasureContent {
                measure,
                periods,
                sha256: hex(&digest),
            });
        }
    }

    pub(super) fn finish(mut self) -> Vec<MeasureContent> {
        self.close();
        self.done
    }
}

/// The canonical bytes of a row: length-prefixed texts, and the value's bits behind a byte that says whether there is one.
fn row_bytes(columns: &ObservationColumns, row: usize, bytes: &mut Vec<u8>) {
    for column in [columns.measure, columns.period, columns.area, columns.territory] {
        text_bytes(column.get(row), bytes);
    }
    match columns.value(row) {
        // Adding zero turns −0 into 0: both are the same figure.
        Some(value) => {
            bytes.push(1);
            bytes.extend_from_slice(&(value + 0.0).to_bits().to_le_bytes());
        }
        None => bytes.push(0),
    }
    for column in [columns.status, columns.missing, columns.origin, columns.note] {
        text_bytes(column.get(row), bytes);
    }
}

fn text_bytes(text: Option<&str>, bytes: &mut Vec<u8>) {
    let text = text.unwrap_or_default();
    bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
    bytes.extend_from_slice(text.as_bytes());
}

/// The id of a release: SHA-256 over the index of the content list, the catalogue, the indexes of its measures and its
/// indicators, territory and provenance, each length-prefixed, as the texts that the file carries. The indexes hold the
/// hashes of the lists. Compression, layout and tool version have no part in it.
pub(super) fn release_id(parts: [&str; 6]) -> String {
    let mut hasher = Sha256::new();
    hash_text(&mut hasher, "kultti release 3");
    for part in parts {
        hash_text(&mut hasher, part);
    }
    hex(&hasher.finalize())
}

/// SHA-256 of some bytes, in hexadecimal.
pub(super) fn sha256_of(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// SHA-256 of everything that a reader gives.
pub(super) fn sha256(mut reader: impl std::io::Read) -> std::io::Result<String> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match reader.read(&mut buffer)? {
            0 => return Ok(hex(&hasher.finalize())),
            read => hasher.update(&buffer[..read]),
        }
    }
}

fn hash_text(hasher: &mut Sha256, text: &str) {
    hasher.update((text.len() as u64).to_le_bytes());
    hasher.update(text.as_bytes());
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}
