//! What a release holds, measure by measure, and the hash that names it.

use crate::model::{MeasureId, ObservationColumns, Period};
use arrow_array::Array;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::ops::Range;

/// The rows of one measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodContent {
    /// The period.
    pub period: Period,
    /// Number of rows.
    pub rows: usize,
    /// Of which with a value.
    pub values: usize,
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

/// The id of a release: SHA-256 over content list, catalogue, territory and provenance, each length-prefixed, as the
/// JSON texts that the file carries. Compression, layout and tool version have no part in it.
pub(super) fn release_id(parts: [&str; 4]) -> String {
    let mut hasher = Sha256::new();
    hash_text(&mut hasher, "kultti release 1");
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
