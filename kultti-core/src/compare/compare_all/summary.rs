//! What a comparison of everything comes to, without the rows: counts, sums and checksums of every column.

use super::column::Column;
use super::slice_columns::SliceColumns;
use super::work::Sink;
use crate::error::Result;
use crate::model::{AreaCode, Date, IndicatorId, Missing, Status};
use crate::panel::Slice;
use crate::stats::ExactSum;
use std::collections::HashMap;

/// A column in figures.
///
/// `sum` adds the sums of the slices (an indicator in a period, each added up in the order of the areas) exactly, so that it
/// does not depend on the order in which slices come. `checksum` is the sum, modulo 2^64, of a hash of every value with its
/// row's indicator, period and area: equal results have equal checksums, in whatever order they were computed.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnSummary {
    /// The name asked for.
    pub column: String,
    /// Rows with a value.
    pub n: u64,
    /// Rows without.
    pub missing: u64,
    /// Sum of the values.
    pub sum: f64,
    /// Smallest; absent without values.
    pub min: Option<f64>,
    /// Largest.
    pub max: Option<f64>,
    /// Order-independent checksum.
    pub checksum: u64,
}

/// How often something occurs.
type Counts<T> = Vec<(T, u64)>;

/// Running figures of one column.
#[derive(Debug, Clone)]
struct Running {
    n: u64,
    sum: ExactSum,
    min: f64,
    max: f64,
    checksum: u64,
}

/// Running figures of a chunk, or of everything.
#[derive(Debug, Clone)]
pub(super) struct Totals {
    pub(super) slices: u64,
    pub(super) rows: u64,
    columns: Vec<Running>,
    /// By place in [`Status::ALL`] and [`Missing::ALL`].
    statuses: [u64; Status::ALL.len()],
    reasons: [u64; Missing::ALL.len()],
}

impl Running {
    fn new() -> Self {
        Self {
            n: 0,
            sum: ExactSum::new(),
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            checksum: 0,
        }
    }

    fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.sum.merge(&other.sum);
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.checksum = self.checksum.wrapping_add(other.checksum);
    }

    /// Takes a slice's values; `rows` are the hashes of the rows.
    fn add(&mut self, values: &[f64], rows: &[u64]) {
        let lanes = Lanes::over(values);
        self.n += lanes.n;
        self.sum.add(lanes.sum);
        self.min = self.min.min(lanes.min);
        self.max = self.max.max(lanes.max);
        self.checksum = self.checksum.wrapping_add(checksum(values, rows));
    }
}

/// The sum, modulo 2^64, of a hash of every value with its row. The hash mixes upper and lower bits: a sum of what is only
/// multiplied could be the same after two areas have changed places.
fn checksum(values: &[f64], rows: &[u64]) -> u64 {
    let hash = |(value, row): (&f64, &u64)| {
        // Adding 0 turns −0 into 0: both are the same figure.
        let product = (row ^ (value + 0.0).to_bits()).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let hash = product ^ (product >> 32);
        if value.is_nan() { 0 } else { hash }
    };
    values.iter().zip(rows).map(hash).fold(0, u64::wrapping_add)
}

/// Count, sum and extremes of a slice.
struct Lanes {
    n: u64,
    sum: f64,
    min: f64,
    max: f64,
}

impl Lanes {
    /// Values are added in four lanes, each in the order of the areas, and the lanes in their order: always the same
    /// sum, and one that the compiler can compute side by side.
    fn over(values: &[f64]) -> Self {
        const LANES: usize = 4;
        let mut n = [0_u64; LANES];
        let mut sum = [0.0_f64; LANES];
        let mut min = [f64::INFINITY; LANES];
        let mut max = [f64::NEG_INFINITY; LANES];
        let (whole, rest) = values.as_chunks::<LANES>();
        let mut last = [f64::NAN; LANES];
        last[..rest.len()].copy_from_slice(rest);
        let mut add = |chunk: &[f64; LANES]| {
            for lane in 0..LANES {
                let value = chunk[lane];
                let present = !value.is_nan();
                n[lane] += u64::from(present);
                sum[lane] += if present { value } else { 0.0 };
                // Comparisons with NaN are false.
                min[lane] = if value < min[lane] { value } else { min[lane] };
                max[lane] = if value > max[lane] { value } else { max[lane] };
            }
        };
        whole.iter().for_each(&mut add);
        add(&last);
        Self {
            n: n.iter().sum(),
            sum: sum.iter().sum(),
            min: min.into_iter().fold(f64::INFINITY, f64::min),
            max: max.into_iter().fold(f64::NEG_INFINITY, f64::max),
        }
    }
}

/// Spreads the bits of a number over all of it (the finaliser of MurmurHash3).
pub(super) fn mixed(mut bits: u64) -> u64 {
    bits ^= bits >> 33;
    bits = bits.wrapping_mul(0xff51_afd7_ed55_8ccd);
    bits ^= bits >> 33;
    bits = bits.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    bits ^ (bits >> 33)
}

/// The hash of a text (FNV-1a).
pub(super) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

impl Totals {
    pub(super) fn new(columns: usize) -> Self {
        Self {
            slices: 0,
            rows: 0,
            // The value stands before the columns asked for.
            columns: vec![Running::new(); columns + 1],
            statuses: [0; Status::ALL.len()],
            reasons: [0; Missing::ALL.len()],
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.slices += other.slices;
        self.rows += other.rows;
        self.columns
            .iter_mut()
            .zip(&other.columns)
            .for_each(|(all, one)| all.merge(one));
        self.statuses
            .iter_mut()
            .zip(&other.statuses)
            .for_each(|(all, one)| *all += one);
        self.reasons
            .iter_mut()
            .zip(&other.reasons)
            .for_each(|(all, one)| *all += one);
    }

    /// The figures of every column, the value first.
    pub(super) fn columns(&self, asked: &[Column]) -> Vec<ColumnSummary> {
        let names = std::iter::once("value".to_owned()).chain(asked.iter().map(ToString::to_string));
        let column = |(name, running): (String, &Running)| ColumnSummary {
            column: name,
            n: running.n,
            missing: self.rows - running.n,
            sum: running.sum.value(),
            min: (running.n > 0).then_some(running.min),
            max: (running.n > 0).then_some(running.max),
            checksum: running.checksum,
        };
        names.zip(&self.columns).map(column).collect()
    }

    /// Rows by status, and by reason for a missing value; those that do not occur are left out.
    pub(super) fn counts(&self) -> (Counts<char>, Counts<Missing>) {
        let statuses = Status::ALL
            .iter()
            .map(|status| status.letter())
            .zip(self.statuses);
        let reasons = Missing::ALL.into_iter().zip(self.reasons);
        (
            statuses.filter(|(_, count)| *count > 0).collect(),
            reasons.filter(|(_, count)| *count > 0).collect(),
        )
    }
}

/// Adds slices up.
pub(super) struct Summing {
    totals: Totals,
    /// The hashes of the codes of all borders seen.
    areas: HashMap<Date, Vec<u64>>,
    rows: Vec<u64>,
}

impl Summing {
    pub(super) fn new(columns: usize) -> Self {
        Self {
            totals: Totals::new(columns),
            areas: HashMap::new(),
            rows: Vec::new(),
        }
    }

    /// The totals of what was added.
    #[cfg(feature = "cluster")]
    pub(super) fn into_totals(self) -> Totals {
        self.totals
    }

    /// Adds a slice by the hashes of its rows, the values of its columns and the places of its statuses.
    #[cfg(feature = "cluster")]
    pub(super) fn slice_of(
        &mut self,
        rows: &[u64],
        columns: &[Vec<f64>],
        statuses: impl Iterator<Item = usize>,
    ) {
        let totals = &mut self.totals;
        totals.slices += 1;
        totals.rows += rows.len() as u64;
        for (running, values) in totals.columns.iter_mut().zip(columns) {
            running.add(values, rows);
        }
        statuses.for_each(|status| totals.statuses[status] += 1);
    }

    /// Adds reasons by their places.
    #[cfg(feature = "cluster")]
    pub(super) fn reasons_of(&mut self, reasons: impl Iterator<Item = usize>) {
        reasons.for_each(|reason| self.totals.reasons[reason] += 1);
    }

    /// The hash of every row of a slice.
    fn hash_rows(&mut self, indicator: &IndicatorId, slice: &Slice) {
        let codes = || {
            slice
                .areas
                .codes()
                .iter()
                .map(|code: &AreaCode| hash(code.as_str()))
        };
        let hashes = self.areas.entry(slice.date).or_insert_with(|| codes().collect());
        let period = hash(&slice.period.to_string()).rotate_left(32);
        let of_slice = mixed(hash(indicator.as_str()).wrapping_add(period));
        self.rows.clear();
        self.rows
            .extend(hashes.iter().map(|area| area.wrapping_add(of_slice)));
    }
}

impl Sink for Summing {
    type Made = Totals;

    fn slice(&mut self, indicator: &IndicatorId, slice: &Slice, columns: &SliceColumns) -> Result<()> {
        self.hash_rows(indicator, slice);
        let totals = &mut self.totals;
        totals.slices += 1;
        totals.rows += slice.len() as u64;
        let asked = columns.columns().iter().map(Vec::as_slice);
        let all = std::iter::once(slice.figures.values()).chain(asked);
        for (running, values) in totals.columns.iter_mut().zip(all) {
            running.add(values, &self.rows);
        }
        columns.count(slice, &mut totals.statuses, &mut totals.reasons);
        Ok(())
    }

    fn end_of_indicator(&mut self) -> Result<()> {
        Ok(())
    }

    fn end_of_chunk(&mut self) -> Result<Totals> {
        let empty = Totals::new(self.totals.columns.len() - 1);
        Ok(std::mem::replace(&mut self.totals, empty))
    }
}
