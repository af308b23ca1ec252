//! Tables in key order, read side by side and merged into one.

use super::order::Order;
use crate::error::{Error, Result};
use crate::model::{ObservationColumns, Period};
use arrow_array::RecordBatch;
use std::cmp::Ordering;

/// A table whose rows come in key order, batch by batch.
pub(super) struct Table<'a> {
    path: String,
    batches: Box<dyn Iterator<Item = Result<RecordBatch>> + 'a>,
    /// The line of each row, where it is not the row's number.
    lines: Option<Vec<usize>>,
    order: Order,
    /// The batch being read; `None` at the end.
    batch: Option<RecordBatch>,
    /// The next row of the batch.
    at: usize,
    /// Rows of the batches before.
    before: usize,
}

impl<'a> Table<'a> {
    /// Begins a table; `lines` are those of its rows, where they are not their numbers.
    pub(super) fn new(
        path: String,
        batches: impl Iterator<Item = Result<RecordBatch>> + 'a,
        lines: Option<Vec<usize>>,
    ) -> Result<Self> {
        let mut table = Self {
            path,
            batches: Box::new(batches),
            lines,
            order: Order::default(),
            batch: None,
            at: 0,
            before: 0,
        };
        table.next_batch()?;
        Ok(table)
    }

    /// Rows read.
    pub(super) fn rows(&self) -> usize {
        self.before
    }

    fn next_batch(&mut self) -> Result<()> {
        loop {
            self.before += self.batch.take().map_or(0, |batch| batch.num_rows());
            self.at = 0;
            let Some(batch) = self.batches.next().transpose()? else {
                return Ok(());
            };
            let columns = columns(&batch, &self.path)?;
            let (before, lines) = (self.before, &self.lines);
            let line = |row: usize| line(lines.as_deref(), row);
            self.order.check(&columns).map_err(|flaw| {
                let row = before + flaw.row;
                let earlier = || format!("{}:{}", self.path, line(row.saturating_sub(1)));
                flaw.into_error(self.path.clone(), line(row), earlier)
            })?;
            let rows = batch.num_rows();
            self.batch = Some(batch);
            if rows > 0 {
                return Ok(());
            }
        }
    }

    fn line(&self, row: usize) -> usize {
        line(self.lines.as_deref(), self.before + row)
    }

    /// The key of the next row.
    fn key(&self) -> Option<[&str; 4]> {
        let batch = self.batch.as_ref()?;
        Some(ObservationColumns::of(batch)?.key(self.at))
    }
}

fn line(lines: Option<&[usize]>, row: usize) -> usize {
    lines.map_or(row + 1, |lines| lines.get(row).copied().unwrap_or_default())
}

fn columns<'b>(batch: &'b RecordBatch, path: &str) -> Result<ObservationColumns<'b>> {
    ObservationColumns::of(batch).ok_or_else(|| Error::MalformedParquet {
        path: path.to_owned(),
        cause: "another schema".to_owned(),
    })
}

/// Rows of one table that follow one another in the merged order.
pub(super) struct Run<'r> {
    pub(super) batch: &'r RecordBatch,
    path: &'r str,
    lines: Option<&'r [usize]>,
    first: usize,
}

impl Run<'_> {
    /// Where a row of the run stands.
    pub(super) fn place(&self, row: usize) -> (&str, usize) {
        (self.path, line(self.lines, self.first + row))
    }
}

/// Hands the rows of all tables to `each`, run by run, in key order. Memory is that of one batch of each table.
///
/// # Errors
/// [`Error::DuplicateObservation`] for a key in two tables, [`Error::Cell`] for a measure with another frequency in each,
/// those of reading the tables, and those of `each`.
pub(super) fn merge(tables: &mut [Table], mut each: impl FnMut(&Run) -> Result<()>) -> Result<()> {
    let mut last: Option<(String, Period)> = None;
    while let Some(first) = least(tables, None) {
        let second = least(tables, Some(first));
        let limit = second.and_then(|second| tables[second].key().map(|key| key.map(str::to_owned)));
        let table = &tables[first];
        let Some(batch) = &table.batch else {
            return Ok(());
        };
        let columns = columns(batch, &table.path)?;
        if let (Some(limit), Some(second)) = (&limit, second)
            && columns.key(table.at) == limit.each_ref().map(String::as_str)
        {
            return Err(duplicate(&tables[first.min(second)], &tables[first.max(second)]));
        }
        one_frequency(last.as_ref(), table, &columns)?;
        let end = limit.map_or(columns.rows, |limit| {
            let below = |row: &usize| columns.key(*row) < limit.each_ref().map(String::as_str);
            (table.at + 1..columns.rows)
                .find(|row| !below(row))
                .unwrap_or(columns.rows)
        });
        last = columns
            .measure
            .get(end - 1)
            .map(str::to_owned)
            .zip(period(&columns, end - 1));
        each(&Run {
            batch: &batch.slice(table.at, end - table.at),
            path: &table.path,
            lines: table.lines.as_deref(),
            first: table.before + table.at,
        })?;
        let table = &mut tables[first];
        table.at = end;
        if table.batch.as_ref().is_none_or(|batch| batch.num_rows() == end) {
            table.next_batch()?;
        }
    }
    Ok(())
}

/// The table whose next row comes first, one aside; the earlier table among equals.
fn least(tables: &[Table], aside: Option<usize>) -> Option<usize> {
    let keys = tables
        .iter()
        .enumerate()
        .filter(|(index, _)| Some(*index) != aside);
    let keys = keys.filter_map(|(index, table)| Some((index, table.key()?)));
    let smaller = |left: &(usize, [&str; 4]), right: &(usize, [&str; 4])| match left.1.cmp(&right.1) {
        Ordering::Equal => left.0.cmp(&right.0),
        other => other,
    };
    keys.min_by(smaller).map(|(index, _)| index)
}

fn period(columns: &ObservationColumns, row: usize) -> Option<Period> {
    columns.period.get(row)?.parse().ok()
}

/// Periods of one frequency are in the order of their texts; those of two tables may not be.
fn one_frequency(last: Option<&(String, Period)>, table: &Table, columns: &ObservationColumns) -> Result<()> {
    let measure = columns.measure.get(table.at);
    let earlier = last.filter(|(known, _)| Some(known.as_str()) == measure);
    match (earlier, period(columns, table.at)) {
        (Some((measure, earlier)), Some(period)) if earlier.frequency() != period.frequency() => {
            Err(Error::Cell {
                path: table.path.clone(),
                line: table.line(table.at),
                column: "period".into(),
                expected: format!("one frequency per measure; {measure} has {earlier} too"),
                found: period.to_string(),
            })
        }
        _ => Ok(()),
    }
}

fn duplicate(first: &Table, second: &Table) -> Error {
    Error::DuplicateObservation {
        path: second.path.clone(),
        line: second.line(second.at),
        key: second.key().map(|key| key.join(", ")).unwrap_or_default(),
        first: format!("{}:{}", first.path, first.line(first.at)),
    }
}
