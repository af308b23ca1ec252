//! What no reader can beat: decoding the needed columns of a release file and doing nothing with them.
//!
//! `decode-floor FILE [THREADS] [all]` reads measure, period, area and value, with `all` also status, missing and territory,
//! with the Arrow reader of the parquet crate on so many threads, each taking the next row group, and prints the rows.

use arrow_array::Array;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use std::error::Error;
use std::fs::File;
use std::hint::black_box;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

const NEEDED: [usize; 4] = [0, 1, 2, 3];
const NEEDED_WITH_STATUS: [usize; 7] = [0, 1, 2, 3, 4, 5, 6];
const BATCH_ROWS: usize = 65_536;

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = arguments
        .first()
        .ok_or("usage: decode-floor FILE [THREADS] [all]")?;
    let threads: usize = arguments.get(1).map_or(Ok(1), |text| text.parse())?;
    let columns: &[usize] = match arguments.get(2).map(String::as_str) {
        Some("all") => &NEEDED_WITH_STATUS,
        _ => &NEEDED,
    };
    let metadata = ArrowReaderMetadata::load(&File::open(path)?, ArrowReaderOptions::new())?;
    let next = AtomicUsize::new(0);
    let rows = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.max(1))
            .map(|_| scope.spawn(|| decode(path, &metadata, columns, &next)))
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|_| Err("a thread failed".into())))
            .sum::<Result<usize, Failure>>()
    })?;
    writeln!(std::io::stdout(), "{{\"rows\": {rows}}}")?;
    Ok(())
}

/// Decodes one row group after another, as long as there are any that no other thread has taken.
fn decode(
    path: &str,
    metadata: &ArrowReaderMetadata,
    columns: &[usize],
    next: &AtomicUsize,
) -> Result<usize, Failure> {
    let mut rows = 0;
    loop {
        let group = next.fetch_add(1, Ordering::Relaxed);
        if group >= metadata.metadata().num_row_groups() {
            return Ok(rows);
        }
        let mask = ProjectionMask::roots(metadata.parquet_schema(), columns.iter().copied());
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(File::open(path)?, metadata.clone())
            .with_row_groups(vec![group])
            .with_projection(mask)
            .with_batch_size(BATCH_ROWS)
            .build()?;
        for batch in reader {
            let batch = batch?;
            rows += batch.num_rows();
            let bytes: usize = batch
                .columns()
                .iter()
                .map(|column| column.get_array_memory_size())
                .sum();
            black_box(bytes);
        }
    }
}
