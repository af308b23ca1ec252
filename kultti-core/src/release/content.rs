//! What a release holds, measure by measure, and the hash that names it.

use crate::catalogue::SharedText;
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

/// The content list: measures by id, each parsed when it is first asked for.
///
/// As text it is one line per measure, by id: id, rows, SHA-256 and periods, tabs between them. Periods are written as
/// `2019 308/305 307/307`: rows and values of 2019 and of the period after it; another period begins anew.
pub(super) struct ContentList {
    text: SharedText,
    lines: Vec<Line>,
    parsed: Vec<OnceLock<Box<MeasureContent>>>,
    rows: usize,
}

/// Where a measure stands in the text, and how many rows stand before it in the file.
struct Line {
    start: usize,
    end: usize,
    id_end: usize,
    before: usize,
}

impl ContentList {
    /// Reads the places of the measures and checks every line; `None` for any other text.
    pub(super) fn of(text: SharedText) -> Option<Self> {
        let whole: &str = (*text).as_ref();
        let mut lines: Vec<Line> = Vec::new();
        let (mut start, mut before) = (0_usize, 0_usize);
        for line in whole.split_inclusive('\n') {
            let (id, rows, _, periods) = fields(line)?;
            let last = lines.last().map(|last| &whole[last.start..last.id_end]);
            let mut sum = 0_usize;
            for entry in entries(periods) {
                sum = sum.checked_add(entry?.1)?;
            }
            if last.is_some_and(|last| last >= id) || sum != rows || rows == 0 {
                return None;
            }
            lines.push(Line {
                start,
                end: start + line.len(),
                id_end: start + id.len(),
                before,
            });
            start += line.len();
            before = before.checked_add(rows)?;
        }
        Some(Self {
            parsed: lines.iter().map(|_| OnceLock::new()).collect(),
            lines,
            text,
            rows: before,
        })
    }

    /// Rows of all measures.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    fn id(&self, line: &Line) -> &str {
        &(*self.text).as_ref()[line.start..line.id_end]
    }

    /// All measures, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &MeasureContent> {
        (0..self.lines.len()).filter_map(|index| self.at(index))
    }

    /// A measure and how many rows stand before it.
    pub(super) fn get(&self, measure: &str) -> Option<(&MeasureContent, usize)> {
        let index = self.place(measure)?;
        Some((self.at(index)?, self.lines[index].before))
    }

    /// The place of a measure in the list.
    pub(super) fn place(&self, measure: &str) -> Option<usize> {
        self.lines
            .binary_search_by(|line| self.id(line).cmp(measure))
            .ok()
    }

    /// The measure that a row of the file belongs to.
    pub(super) fn measure_of(&self, row: usize) -> Option<&str> {
        let after = self.lines.partition_point(|line| line.before <= row);
        let line = self.lines.get(after.checked_sub(1)?)?;
        (row < self.rows).then(|| self.id(line))
    }

    fn at(&self, index: usize) -> Option<&MeasureContent> {
        let slot = self.parsed.get(index)?;
        if let Some(content) = slot.get() {
            return Some(content);
        }
        let line = self.lines.get(index)?;
        let content = MeasureContent::parse(&(*self.text).as_ref()[line.start..line.end])?;
        Some(slot.get_or_init(|| Box::new(content)))
    }
}

impl std::fmt::Debug for ContentList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ContentList")
            .field("measures", &self.lines.len())
            .finish_non_exhaustive()
    }
}

/// Id, rows, SHA-256 and periods of a line.
fn fields(line: &str) -> Option<(&str, usize, &str, &str)> {
    let mut fields = line.strip_suffix('\n')?.split('\t');
    let (id, rows, sha256, periods) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    let whole = fields.next().is_none() && !id.is_empty() && sha256.len() == 64;
    Some((id, rows.parse().ok()?, sha256, periods)).filter(|_| whole)
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
    fn line(&self) -> String {
        let mut line = format!("{}\t{}\t{}\t", self.measure, self.rows(), self.sha256);
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

    fn parse(line: &str) -> Option<Self> {
        let (id, _, sha256, words) = fields(line)?;
        let mut periods: Vec<PeriodContent> = Vec::new();
        for entry in entries(words) {
            let (named, rows, values) = entry?;
            let period = match (named, periods.last()) {
                (Some(text), _) => text.parse().ok()?,
                (None, Some(last)) => last.period.shift(1),
                (None, None) => return None,
            };
            periods.push(PeriodContent { period, rows, values });
        }
        Some(Self {
            measure: MeasureId::from(id),
            periods,
            sha256: sha256.to_owned(),
        })
    }
}

/// The content list as text.
pub(super) fn content_text(content: &[MeasureContent]) -> String {
    content.iter().map(MeasureContent::line).collect()
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

/// The id of a release: SHA-256 over content list, catalogue, measures, indicators, territory and provenance, each
/// length-prefixed, as the texts that the file carries. Compression, layout and tool version have no part in it.
pub(super) fn release_id(parts: [&str; 6]) -> String {
    let mut hasher = Sha256::new();
    hash_text(&mut hasher, "kultti release 2");
    for part in parts {
        hash_text(&mut hasher, part);
    }
    hex(&hasher.finalize())
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

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        })
}
