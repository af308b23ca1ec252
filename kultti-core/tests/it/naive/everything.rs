//! `compare_all` on random countries, every cell against the naive way, on several numbers of threads.

use super::country::{Country, Random, Size};
use super::expected::{Question, Row, expected, refusal};
use super::figures::{Figures, On};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, Float64Array, RecordBatch};
use kultti_core::compare::{CompareAllSummary, Order};
use kultti_core::model::observation_schema;
use kultti_core::release::{Release, ReleaseWriter};
use kultti_core::{Error, Result};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(super) fn text(batch: &RecordBatch, name: &str, row: usize) -> String {
    let column = batch
        .column_by_name(name)
        .expect("a column")
        .as_dictionary::<Int32Type>();
    let texts = column.values().as_string::<i32>();
    column
        .key(row)
        .map_or_else(String::new, |key| texts.value(key).to_owned())
}

pub(super) fn number(batch: &RecordBatch, column: usize, row: usize) -> Option<f64> {
    let column = batch.column(column);
    if column.is_null(row) {
        return None;
    }
    let whole = column.as_primitive_opt::<Int64Type>().map(|whole| {
        let small = i32::try_from(whole.value(row)).expect("a small number");
        f64::from(small)
    });
    whole.or_else(|| {
        column
            .as_primitive_opt::<Float64Type>()
            .map(|column| column.value(row))
    })
}

/// The places of the value and of the columns asked for.
fn places(batch: &RecordBatch) -> Vec<usize> {
    let asked = 6..batch.num_columns();
    std::iter::once(3).chain(asked).collect()
}

fn batches(release: &Arc<Release>, question: &Question, threads: usize) -> Result<Vec<RecordBatch>> {
    release.compare_all(question.options(threads))?.collect()
}

fn summary(release: &Arc<Release>, question: &Question, threads: usize) -> CompareAllSummary {
    let all = release.compare_all(question.options(threads)).expect("planned");
    all.summary(&mut |_, _| Ok(())).expect("a summary")
}

/// Every row and every column of it.
fn same_rows(batches: &[RecordBatch], expected: &[Row]) {
    let found: usize = batches.iter().map(RecordBatch::num_rows).sum();
    let mut rows = expected.iter();
    let mut wrong = Vec::new();
    for batch in batches {
        let places = places(batch);
        let names = batch.schema();
        for at in 0..batch.num_rows() {
            let row = rows
                .next()
                .unwrap_or_else(|| panic!("{found} rows, {} expected", expected.len()));
            let keys = ["indicator", "period", "area", "status", "missing"].map(|name| text(batch, name, at));
            assert_eq!(keys, row.keys);
            for (place, figure) in places.iter().zip(&row.figures) {
                let (found, name) = (number(batch, *place, at), names.field(*place).name());
                let same = match (found, figure) {
                    (None, None) => true,
                    (Some(found), Some((value, scale))) => (found - value).abs() <= 1e-12 * scale,
                    _ => false,
                };
                if !same {
                    wrong.push(format!("{name} of {keys:?}: {found:?}, expected {figure:?}"));
                }
            }
        }
    }
    assert_eq!(found, expected.len());
    wrong.truncate(20);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Counts, sums and extremes added up again from the rows.
fn same_summary(batches: &[RecordBatch], summary: &CompareAllSummary) {
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    assert_eq!(usize::try_from(summary.rows).expect("few"), rows);
    let mut slices = BTreeSet::new();
    let mut statuses: BTreeMap<String, u64> = BTreeMap::new();
    let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
    for batch in batches {
        for row in 0..batch.num_rows() {
            slices.insert((text(batch, "indicator", row), text(batch, "period", row)));
            *statuses.entry(text(batch, "status", row)).or_default() += 1;
            let reason = text(batch, "missing", row);
            if !reason.is_empty() {
                *reasons.entry(reason).or_default() += 1;
            }
        }
    }
    assert_eq!(usize::try_from(summary.slices).expect("few"), slices.len());
    let indicators: BTreeSet<&String> = slices.iter().map(|(indicator, _)| indicator).collect();
    assert_eq!(summary.indicators, indicators.len());
    let found: BTreeMap<String, u64> = summary
        .statuses
        .iter()
        .map(|(letter, n)| (letter.to_string(), *n))
        .collect();
    assert_eq!(found, statuses);
    let found: BTreeMap<String, u64> = summary
        .reasons
        .iter()
        .map(|(reason, n)| (reason.to_string(), *n))
        .collect();
    assert_eq!(found, reasons);
    let places = places(&batches[0]);
    assert_eq!(summary.columns.len(), places.len());
    for (column, place) in summary.columns.iter().zip(places) {
        assert_eq!(column.column, *batches[0].schema().field(place).name());
        let all = batches
            .iter()
            .flat_map(|batch| (0..batch.num_rows()).map(move |row| number(batch, place, row)));
        let values: Vec<f64> = all.flatten().collect();
        let missing = u64::try_from(rows - values.len()).expect("few");
        assert_eq!(
            (column.n, column.missing),
            (u64::try_from(values.len()).expect("few"), missing)
        );
        let size: f64 = values.iter().map(|value| value.abs()).sum();
        assert!(
            (column.sum - super::positions::sum(&values)).abs() <= 1e-12 * size,
            "{column:?}"
        );
        assert_eq!(column.min, values.iter().copied().reduce(f64::min));
        assert_eq!(column.max, values.iter().copied().reduce(f64::max));
    }
}

fn check(country: &Country, question: &Question) {
    let figures = Figures::new(country);
    let release = Arc::new(country.release());
    let one = match (batches(&release, question, 1), refusal(&figures, question)) {
        (Ok(batches), None) => batches,
        (Err(Error::NoDataForPeriod { .. } | Error::GroupingOutsideValidity { .. }), Some(_)) => return,
        (found, refusal) => panic!("{:?}, expected {refusal:?}", found.map(|batches| batches.len())),
    };
    same_rows(&one, &expected(&figures, question));
    let sums = summary(&release, question, 1);
    same_summary(&one, &sums);
    for threads in [2, 7] {
        assert_eq!(batches(&release, question, threads).expect("batches"), one);
        assert_eq!(summary(&release, question, threads), sums);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_cell_is_that_of_the_naive_way(areas in 1_u64..=12, years in 1_i32..=6, seed in any::<u64>()) {
        let country = Country::random(seed, Size { areas, years, copies: 1 });
        let question = Question::random(&mut Random(!seed), &country);
        check(&country, &question);
    }
}

/// An area reports a break in a year in which its denominator is missing: the next year is not compared across it.
#[test]
fn a_break_is_remembered_where_the_figure_is_missing() {
    let seed = 4_759_306_547_702_950_629;
    let size = Size {
        areas: 8,
        years: 3,
        copies: 1,
    };
    let country = Country::random(seed, size);
    check(&country, &Question::random(&mut Random(!seed), &country));
}

/// So many rows that the work is cut into pieces, and measures that more than eight indicators share.
#[test]
fn a_large_country_is_the_same_on_any_number_of_threads() {
    let country = Country::random(
        7,
        Size {
            areas: 110,
            years: 20,
            copies: 4,
        },
    );
    let question = Question {
        on: On::Now,
        from: None,
        to: None,
        base: 2020,
        order: Some(Order::Descending),
    };
    check(&country, &question);
}

/// The rows of a release as batches, with another value under every null.
fn payloads(country: &Country, payload: u64) -> Vec<u8> {
    let bytes = bytes::Bytes::from(country.bytes());
    let options = parquet::arrow::arrow_reader::ArrowReaderOptions::new()
        .with_skip_arrow_metadata(true)
        .with_schema(observation_schema());
    let reader =
        parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new_with_options(bytes, options);
    let mut writer = ReleaseWriter::new("payloads", Vec::new()).expect("a writer");
    for batch in reader
        .expect("Parquet")
        .with_batch_size(50)
        .build()
        .expect("a reader")
    {
        let batch = batch.expect("a batch");
        let values = batch.column(3).as_primitive::<Float64Type>();
        let under: Vec<f64> = (0..values.len())
            .map(|row| {
                if values.is_null(row) {
                    f64::from_bits(payload)
                } else {
                    values.value(row)
                }
            })
            .collect();
        let mut columns = batch.columns().to_vec();
        columns[3] = Arc::new(Float64Array::new(under.into(), values.nulls().cloned()));
        writer
            .write(&RecordBatch::try_new(batch.schema(), columns).expect("a batch"))
            .expect("written");
    }
    let written = writer.finish(&country.catalogue(), &country.territory(), &country.provenance());
    written.expect("finished").1
}

#[test]
fn what_stands_under_a_null_does_not_matter() {
    let country = Country::random(
        3,
        Size {
            areas: 12,
            years: 6,
            copies: 1,
        },
    );
    assert!(country.observations.iter().any(|row| row.value.is_none()));
    let question = Question {
        on: On::Now,
        from: None,
        to: None,
        base: 2018,
        order: Some(Order::Ascending),
    };
    let plain = Arc::new(country.release());
    let expected = batches(&plain, &question, 1).expect("batches");
    // Quiet, signalling and negative NaN, infinity, a number.
    for payload in [
        0x7ff8_0000_0000_0abc,
        0x7ff0_0000_0000_0001,
        u64::MAX,
        0x7ff0_0000_0000_0000,
        0x4059_0000_0000_0000,
    ] {
        let release = Release::from_bytes("payloads", payloads(&country, payload)).expect("opened");
        assert_eq!(release.verify().expect("verified").id, plain.id());
        let release = Arc::new(release);
        assert_eq!(batches(&release, &question, 2).expect("batches"), expected);
        assert_eq!(summary(&release, &question, 2), summary(&plain, &question, 1));
    }
}

/// The checksums of the value column of a country.
fn checksum(country: &Country, question: &Question) -> u64 {
    summary(&Arc::new(country.release()), question, 2).columns[0].checksum
}

#[test]
fn a_checksum_tells_two_areas_from_each_other() {
    let mut country = Country::random(
        11,
        Size {
            areas: 12,
            years: 3,
            copies: 1,
        },
    );
    country
        .indicators
        .retain(|indicator| indicator.numerator.len() == 1 && indicator.denominator.is_none());
    let question = Question {
        on: On::Then,
        from: None,
        to: None,
        base: 2018,
        order: Some(Order::Ascending),
    };
    let original = checksum(&country, &question);
    assert_eq!(original, checksum(&country.clone(), &question));
    let used: Vec<&str> = country
        .indicators
        .iter()
        .map(|indicator| indicator.numerator[0].1)
        .collect();
    let year = |row: usize| country.observations[row].period.calendar_year();
    let rows: Vec<usize> = (0..country.observations.len())
        .filter(|row| used.contains(&country.observations[*row].measure.as_str()))
        .filter(|row| country.observations[*row].territory.year() == year(*row))
        .filter(|row| country.observations[*row].value.is_some())
        .collect();
    let mut swapped = 0;
    for pair in rows.windows(2) {
        let (left, right) = (&country.observations[pair[0]], &country.observations[pair[1]]);
        if left.value == right.value || left.key().0 != right.key().0 || left.period != right.period {
            continue;
        }
        let mut other = country.clone();
        (
            other.observations[pair[0]].value,
            other.observations[pair[1]].value,
        ) = (right.value, left.value);
        assert_ne!(
            original,
            checksum(&other, &question),
            "{} and {}",
            left.key_text(),
            right.key_text()
        );
        swapped += 1;
    }
    assert!(swapped > 5, "{swapped} pairs");
}

/// The mean of a country whose members of both signs nearly cancel differs by rounding from one added up in another order.
#[test]
fn members_of_both_signs_that_cancel_leave_rounding() {
    let size = Size {
        areas: 6,
        years: 5,
        copies: 1,
    };
    let seed = 8_882_973_196_547_072_418;
    let country = Country::random(seed, size);
    check(&country, &Question::random(&mut Random(!seed), &country));
}
