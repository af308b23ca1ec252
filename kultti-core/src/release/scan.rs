//! Reading rows as columns: the pages of the periods asked for are decoded, and nothing else.
//!
//! The content list says at which row a measure's period begins and how many rows it has. Every row that is decoded is
//! checked against that place and against the row before it, so that a file whose rows were moved is found out.

use super::dictionary::{Dictionary, uniform};
use super::guard::guarded;
use super::open::Release;
use super::period_rows::{PeriodRows, Texts};
use crate::error::Result;
use crate::model::{Date, MeasureId, Missing, Period, Status};
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, RecordBatch};
use parquet::arrow::arrow_reader::{RowSelection, RowSelector};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::{Range, RangeInclusive};

/// Rows of a batch while scanning: what is decoded at once stays in a core's cache.
const BATCH_ROWS: usize = 8_192;

/// The rows of one measure in one period, by their place in the file.
#[derive(Debug, Clone)]
pub(super) struct Run<'a> {
    pub(super) measure: &'a MeasureId,
    pub(super) period: Period,
    pub(super) rows: Range<usize>,
}

/// A measure and the periods of it that are to be read.
pub type Wanted<'m> = (&'m MeasureId, RangeInclusive<Period>);

/// Takes the rows of each (measure, period) as they come.
pub type Taken<'t> = dyn FnMut(&MeasureId, Period, PeriodRows) -> Result<()> + 't;

impl Release {
    /// Reads the rows of several measures, ascending, for a range of periods each, in one pass over their pages.
    ///
    /// # Errors
    /// [`crate::Error::ReleaseAltered`] when a row is not where the content list says, out of order or damaged; those of
    /// `each`.
    pub fn scan(&self, wanted: &[Wanted], each: &mut Taken) -> Result<()> {
        self.read_runs(&self.all_runs(wanted), false, each)
    }

    /// As [`Release::scan`], with origins and notes.
    ///
    /// # Errors
    /// As [`Release::scan`].
    #[cfg(feature = "sql")]
    pub(crate) fn scan_with_texts(&self, wanted: &[Wanted], each: &mut Taken) -> Result<()> {
        self.read_runs(&self.all_runs(wanted), true, each)
    }

    fn all_runs<'a>(&'a self, wanted: &[Wanted]) -> Vec<Run<'a>> {
        let runs = wanted.iter().flat_map(|(id, periods)| self.runs(id, periods));
        runs.collect()
    }

    /// The places of a measure's periods.
    pub(super) fn runs<'a>(&'a self, measure: &MeasureId, periods: &RangeInclusive<Period>) -> Vec<Run<'a>> {
        let Some((content, offset)) = self.place(measure) else {
            return Vec::new();
        };
        let mut start = offset;
        let all = content.periods.iter().map(|period| {
            let rows = start..start + period.rows;
            start = rows.end;
            Run {
                measure: &content.measure,
                period: period.period,
                rows,
            }
        });
        all.filter(|run| periods.contains(&run.period)).collect()
    }

    /// Reads runs, ascending; with `texts`, origin and note too.
    pub(super) fn read_runs(&self, runs: &[Run], texts: bool, each: &mut Taken) -> Result<()> {
        guarded(self.name(), "rows", || {
            let mut decoder = Decoder::new(self, runs, texts);
            for (group, rows) in self.row_groups_of(runs) {
                if let Some((selection, count)) = selection(runs, rows) {
                    decoder.read_group(group, selection, count, each)?;
                }
            }
            decoder.finish()
        })
    }
}

impl Release {
    /// The row groups that hold rows of some runs, with the rows of each.
    fn row_groups_of(&self, runs: &[Run]) -> Vec<(usize, Range<usize>)> {
        let mut groups: Vec<(usize, Range<usize>)> = Vec::new();
        for run in runs {
            let mut row = run.rows.start.max(groups.last().map_or(0, |(_, rows)| rows.end));
            while row < run.rows.end
                && let Some((group, first)) = self.row_group_of(row)
            {
                row = self.row_group_end(group);
                groups.push((group, first..row));
            }
        }
        groups
    }
}

/// Which rows of a row group are asked for, and how many.
fn selection(runs: &[Run], group: Range<usize>) -> Option<(RowSelection, usize)> {
    let mut selectors: Vec<RowSelector> = Vec::new();
    let mut at = group.start;
    let mut count = 0;
    let first = runs.partition_point(|run| run.rows.end <= group.start);
    for run in runs[first..].iter().take_while(|run| run.rows.start < group.end) {
        let (start, end) = (run.rows.start.max(group.start), run.rows.end.min(group.end));
        if start > at {
            selectors.push(RowSelector::skip(start - at));
        }
        // Neighbours are one stretch.
        match selectors.last_mut() {
            Some(last) if !last.skip => last.row_count += end - start,
            _ => selectors.push(RowSelector::select(end - start)),
        }
        count += end - start;
        at = end;
    }
    (count > 0).then(|| (RowSelection::from(selectors), count))
}

/// Turns batches into the rows of runs, one after another.
struct Decoder<'r> {
    release: &'r Release,
    runs: &'r [Run<'r>],
    /// The run being filled.
    current: usize,
    rows: PeriodRows,
    texts: bool,
    /// Whether a dictionary's text is the measure of the current run is asked by its place in the content list.
    measures: Dictionary<usize>,
    periods: Dictionary<Period>,
    areas: Dictionary<u32>,
    statuses: Dictionary<Status>,
    missing: Dictionary<Missing>,
    territories: Dictionary<Date>,
}

impl<'r> Decoder<'r> {
    fn new(release: &'r Release, runs: &'r [Run<'r>], texts: bool) -> Self {
        Self {
            release,
            runs,
            current: 0,
            rows: PeriodRows::default(),
            texts,
            measures: Dictionary::default(),
            periods: Dictionary::default(),
            areas: Dictionary::default(),
            statuses: Dictionary::default(),
            missing: Dictionary::default(),
            territories: Dictionary::default(),
        }
    }

    fn read_group(
        &mut self,
        group: usize,
        selection: RowSelection,
        count: usize,
        each: &mut Taken,
    ) -> Result<()> {
        let columns: &[usize] = if self.texts {
            &[0, 1, 2, 3, 4, 5, 6, 7, 8]
        } else {
            &[0, 1, 2, 3, 4, 5, 6]
        };
        let mask = self.release.columns(columns);
        let reader = self
            .release
            .row_group_reader(group, mask)?
            .with_row_selection(selection)
            .with_batch_size(count.min(BATCH_ROWS))
            .build();
        let unreadable = |cause: &dyn std::fmt::Display| {
            self.release.altered("rows", "readable pages", &cause.to_string())
        };
        for batch in reader.map_err(|cause| unreadable(&cause))? {
            let batch =
                batch.map_err(|cause| self.release.altered("rows", "readable pages", &cause.to_string()))?;
            self.take(&batch, each)?;
        }
        Ok(())
    }

    /// Takes the rows of a batch into the runs they belong to.
    fn take(&mut self, batch: &RecordBatch, each: &mut Taken) -> Result<()> {
        let release = self.release;
        let wrong = |column: &str| release.altered(column, "a column of the schema", "null or another type");
        let whole = |column: usize, name: &str| {
            let array = batch.column(column);
            if array.null_count() == 0 {
                Ok(array)
            } else {
                Err(wrong(name))
            }
        };
        let place = |text: &str| release.measure_place(text);
        self.measures
            .read(whole(0, "measure")?, place)
            .ok_or_else(|| wrong("measure"))?;
        self.periods
            .read(whole(1, "period")?, |text| text.parse().ok())
            .ok_or_else(|| wrong("period"))?;
        let number = |text: &str| {
            release
                .territory()
                .number(text)
                .and_then(|number| u32::try_from(number).ok())
        };
        self.areas
            .read(whole(2, "area")?, number)
            .ok_or_else(|| wrong("area"))?;
        self.statuses
            .read(whole(4, "status")?, Status::from_letter)
            .ok_or_else(|| wrong("status"))?;
        self.missing
            .read(batch.column(5), Missing::from_code)
            .ok_or_else(|| wrong("missing"))?;
        self.territories
            .read(whole(6, "territory")?, |text| text.parse().ok())
            .ok_or_else(|| wrong("territory"))?;
        let mut at = 0;
        while at < batch.num_rows() {
            let Some(run) = self.runs.get(self.current) else {
                return Err(release.altered("rows", "no more rows", &batch.num_rows().to_string()));
            };
            let end = batch.num_rows().min(at + run.rows.len() - self.rows.len());
            self.append(batch, at..end, run)?;
            at = end;
            if self.rows.len() == run.rows.len() {
                let rows = std::mem::take(&mut self.rows);
                each(run.measure, run.period, rows)?;
                self.current += 1;
            }
        }
        Ok(())
    }

    /// Appends a stretch of a batch to the current run.
    fn append(&mut self, batch: &RecordBatch, at: Range<usize>, run: &Run) -> Result<()> {
        let release = self.release;
        let misplaced = |column: &str, expected: &str, found: Option<&str>| {
            release.altered(column, expected, found.unwrap_or("null"))
        };
        let place = release.measure_place(run.measure.as_str());
        if let Some(other) = self.measures.other_than(at.clone(), place) {
            return Err(misplaced(
                "measure",
                run.measure.as_str(),
                self.measures.text(other),
            ));
        }
        if let Some(other) = self.periods.other_than(at.clone(), Some(run.period)) {
            let expected = format!("{}, {}", run.measure, run.period);
            return Err(misplaced("period", &expected, self.periods.text(other)));
        }
        let first = self.rows.len();
        let more = run.rows.len() - first;
        self.rows.areas.reserve_exact(more);
        self.rows.values.reserve_exact(more);
        self.rows.statuses.reserve_exact(more);
        self.rows.missing.reserve_exact(more);
        self.areas
            .append(at.clone(), &mut self.rows.areas)
            .map_err(|row| misplaced("area", "an area of the release", self.areas.text(row)))?;
        self.statuses
            .append(at.clone(), &mut self.rows.statuses)
            .map_err(|row| misplaced("status", "a status", self.statuses.text(row)))?;
        self.missing
            .append_optional(at.clone(), &mut self.rows.missing)
            .map_err(|row| misplaced("missing", "a reason", self.missing.text(row)))?;
        self.append_territories(at.clone())?;
        self.append_values(batch, at.clone())?;
        if self.texts {
            self.append_texts(batch, at)?;
        }
        self.check_order(first, run)
    }

    fn append_territories(&mut self, at: Range<usize>) -> Result<()> {
        let keys = self.territories.keys(at.clone());
        let date = |row: usize| {
            self.territories.get(row).ok_or_else(|| {
                let found = self.territories.text(row).unwrap_or("null");
                self.release.altered("territory", "a date", found)
            })
        };
        let before = self.rows.areas.len() - at.len();
        if uniform(keys).is_some() {
            let only = date(at.start)?;
            if self.rows.territories.is_empty() {
                self.rows.territories.push(only);
            }
            if self.rows.territories == [only] {
                return Ok(());
            }
        }
        self.rows.tables.resize(before, 0);
        for row in at {
            let date = date(row)?;
            let known = self.rows.territories.iter().position(|known| *known == date);
            let table = known.unwrap_or_else(|| {
                self.rows.territories.push(date);
                self.rows.territories.len() - 1
            });
            let table = u16::try_from(table).map_err(|_| {
                self.release
                    .altered("territory", "at most 65,536 borders", &table.to_string())
            })?;
            self.rows.tables.push(table);
        }
        Ok(())
    }

    fn append_values(&mut self, batch: &RecordBatch, at: Range<usize>) -> Result<()> {
        let wrong = |found: &str| self.release.altered("value", "a number", found);
        let column = batch
            .column(3)
            .as_primitive_opt::<Float64Type>()
            .ok_or_else(|| wrong("another type"))?;
        let first = self.rows.values.len();
        self.rows.values.extend_from_slice(&column.values()[at.clone()]);
        let values = &mut self.rows.values[first..];
        // What a null slot holds is anything: it becomes the one NaN that stands for no value.
        let missing = column.nulls().filter(|nulls| nulls.null_count() > 0);
        let present = |row: usize| missing.is_none_or(|nulls| nulls.is_valid(row));
        if let Some(nulls) = missing {
            for (value, row) in values.iter_mut().zip(at.clone()) {
                if nulls.is_null(row) {
                    *value = f64::NAN;
                }
            }
        }
        let damaged = values
            .iter()
            .zip(at)
            .any(|(value, row)| !value.is_finite() && present(row));
        if damaged { Err(wrong("NaN")) } else { Ok(()) }
    }

    fn append_texts(&mut self, batch: &RecordBatch, at: Range<usize>) -> Result<()> {
        let texts = self.rows.texts.get_or_insert_with(Texts::default);
        for (column, name) in [(7, "origin"), (8, "note")] {
            let mut known: HashMap<i32, u32> = HashMap::new();
            let mut read: Dictionary<()> = Dictionary::default();
            let readable = read.read(batch.column(column), |_| Some(()));
            readable.ok_or_else(|| {
                self.release
                    .altered(name, "a column of the schema", "another type")
            })?;
            for row in at.clone() {
                let place = match known.entry(read.key(row)) {
                    Entry::Occupied(place) => *place.get(),
                    Entry::Vacant(slot) => {
                        let text = read.text(row);
                        if text.is_none() && column == 7 {
                            return Err(self.release.altered(name, "a table", "null"));
                        }
                        texts.distinct.push(text.unwrap_or_default().to_owned());
                        let place = u32::try_from(texts.distinct.len() - 1).unwrap_or(u32::MAX);
                        *slot.insert(place)
                    }
                };
                if column == 7 {
                    texts.origins.push(place);
                } else {
                    texts.notes.push(place);
                }
            }
        }
        Ok(())
    }

    /// Every row after the one before it, by area and then by borders.
    fn check_order(&self, first: usize, run: &Run) -> Result<()> {
        let areas = &self.rows.areas[first.saturating_sub(1)..];
        if areas.windows(2).all(|pair| pair[0] < pair[1]) {
            return Ok(());
        }
        let key = |row: usize| (self.rows.areas[row], self.rows.territories[self.rows.table(row)]);
        let disordered = (first.max(1)..self.rows.len()).find(|row| key(row - 1) >= key(*row));
        disordered.map_or(Ok(()), |row| {
            let text = |row: usize| {
                let (area, territory) = key(row);
                let code = self.release.territory().codes().get(area as usize);
                let code = code.map_or("", |code| code.as_str());
                format!("{}, {}, {code}, {territory}", run.measure, run.period)
            };
            Err(self
                .release
                .altered("order", &format!("> {}", text(row - 1)), &text(row)))
        })
    }

    /// Every run must have been filled.
    fn finish(&self) -> Result<()> {
        let Some(run) = self.runs.get(self.current) else {
            return Ok(());
        };
        let expected = format!("{}, {}: {}", run.measure, run.period, run.rows.len());
        Err(self
            .release
            .altered("rows", &expected, &self.rows.len().to_string()))
    }
}
