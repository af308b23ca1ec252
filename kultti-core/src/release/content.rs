//! What a release holds, measure by measure, and the hash that names it.

use crate::model::{MeasureId, Observation, Period};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

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

/// Hashes rows in key order and counts them.
pub(super) struct ContentBuilder {
    done: Vec<MeasureContent>,
    measure: Option<MeasureId>,
    periods: Vec<PeriodContent>,
    hasher: Sha256,
}

impl ContentBuilder {
    pub(super) fn new() -> Self {
        Self {
            done: Vec::new(),
            measure: None,
            periods: Vec::new(),
            hasher: Sha256::new(),
        }
    }

    /// Takes the next row.
    pub(super) fn push(&mut self, row: &Observation) {
        if self.measure.as_ref() != Some(&row.measure) {
            self.close();
            self.measure = Some(row.measure.clone());
        }
        match self.periods.last_mut() {
            Some(last) if last.period == row.period => {
                last.rows += 1;
                last.values += usize::from(row.value.is_some());
            }
            _ => self.periods.push(PeriodContent {
                period: row.period,
                rows: 1,
                values: usize::from(row.value.is_some()),
            }),
        }
        self.hash(row);
    }

    fn hash(&mut self, row: &Observation) {
        let letter = row.status.letter().to_string();
        for text in [
            &row.measure.to_string(),
            &row.period.to_string(),
            &row.area.to_string(),
            &row.territory.to_string(),
        ] {
            hash_text(&mut self.hasher, text);
        }
        match row.value {
            // Adding zero turns −0 into 0: both are the same figure.
            Some(value) => {
                self.hasher.update([1]);
                self.hasher.update((value + 0.0).to_bits().to_le_bytes());
            }
            None => self.hasher.update([0]),
        }
        let missing = row.missing.map(|reason| reason.code()).unwrap_or_default();
        for text in [&letter, missing, &row.origin, &row.note] {
            hash_text(&mut self.hasher, text);
        }
    }

    fn close(&mut self) {
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

/// SHA-256 of a file's bytes.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
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
