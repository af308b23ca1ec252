//! The hash of figures that were no file: that of the table of observations that they make.

use crate::error::{Error, Result};
use crate::formats::COLUMNS;
use crate::model::Observation;
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// Hashes observations in the order of their keys as the CSV table that `kultti import` would write of them.
pub(super) struct TableHash {
    rows: usize,
    table: csv::Writer<Hashed>,
}

struct Hashed(Sha256);

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn failed(cause: &csv::Error) -> Error {
    Error::Io {
        path: "-".to_owned(),
        cause: cause.to_string(),
    }
}

impl TableHash {
    pub(super) fn new() -> Result<Self> {
        let mut table = csv::Writer::from_writer(Hashed(Sha256::new()));
        table.write_record(COLUMNS).map_err(|cause| failed(&cause))?;
        Ok(Self { rows: 0, table })
    }

    pub(super) fn push(&mut self, row: &Observation) -> Result<()> {
        let cells = [
            row.measure.to_string(),
            row.period.to_string(),
            row.area.to_string(),
            row.territory.to_string(),
            row.value.map(|value| value.to_string()).unwrap_or_default(),
            row.status.letter().to_string(),
            row.missing
                .map(|missing| missing.code().to_owned())
                .unwrap_or_default(),
            row.note.clone(),
        ];
        self.rows += 1;
        self.table.write_record(cells).map_err(|cause| failed(&cause))
    }

    /// The number of rows, and the hash in hexadecimal.
    pub(super) fn finish(self) -> Result<(usize, String)> {
        let hashed = self
            .table
            .into_inner()
            .map_err(|cause| failed(&cause.into_error().into()))?;
        Ok((self.rows, super::content::hex(&hashed.0.finalize())))
    }
}
