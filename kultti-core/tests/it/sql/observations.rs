//! The table of observations against the rows of the file, read plainly.

use super::{example, rows};
use crate::sql::logic::texts;
use bytes::Bytes;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// The rows of the release file by Parquet's own reader, in the order of the file.
fn plain_rows() -> Vec<Vec<String>> {
    let file = Bytes::from_static(kultti_datasets::EXAMPLE_RELEASE);
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .expect("Parquet")
        .build()
        .expect("a reader");
    let batches: Vec<_> = reader.map(|batch| batch.expect("a batch")).collect();
    texts(&batches)
}

#[test]
fn observations_are_the_rows_of_the_file() {
    let expected = plain_rows();
    assert!(expected.len() > 30_000);
    for threads in [1, 2, 5] {
        let found = rows(
            &example(threads),
            "SELECT * FROM observations ORDER BY measure, period, area, territory",
        );
        assert_eq!(found.len(), expected.len());
        assert!(found == expected, "with {threads} threads");
    }
}

#[test]
fn conditions_keep_the_rows_that_fulfil_them() {
    let all = plain_rows();
    let database = example(2);
    type Condition = fn(&[String]) -> bool;
    let conditions: [(&str, Condition); 8] = [
        ("measure = 'population.year_end' AND period = '2020'", |row| {
            row[0] == "population.year_end" && row[1] == "2020"
        }),
        ("period IN ('1990', '2016')", |row| {
            row[1] == "1990" || row[1] == "2016"
        }),
        (
            "period NOT IN ('1990', '2016') AND measure LIKE '%loans%'",
            |row| row[1] != "1990" && row[1] != "2016" && row[0].contains("loans"),
        ),
        ("period BETWEEN '2015' AND '2017' AND area = '091'", |row| {
            ("2015"..="2017").contains(&row[1].as_str()) && row[2] == "091"
        }),
        (
            "measure > 'library' AND measure < 'music' AND status <> 'A'",
            |row| row[0].as_str() > "library" && row[0].as_str() < "music" && row[4] != "A",
        ),
        (
            "(measure = 'museum.net_operating_cost' OR period = '2003') AND value IS NULL",
            |row| (row[0] == "museum.net_operating_cost" || row[1] == "2003") && row[3] == "NULL",
        ),
        ("length(period) = 4 AND upper(measure) LIKE 'SPORT.%'", |row| {
            row[1].len() == 4 && row[0].starts_with("sport.")
        }),
        ("measure IS NULL OR period = area", |_| false),
    ];
    for (sql, keeps) in conditions {
        let expected: Vec<&Vec<String>> = all.iter().filter(|row| keeps(row)).collect();
        let found = rows(
            &database,
            &format!("SELECT * FROM observations WHERE {sql} ORDER BY measure, period, area, territory"),
        );
        assert!(
            found.iter().collect::<Vec<_>>() == expected,
            "{sql}: {} and {}",
            found.len(),
            expected.len()
        );
    }
}

#[test]
fn a_limit_ends_the_reading() {
    let database = example(2);
    for limit in [0, 1, 300, 9_000] {
        assert_eq!(
            rows(&database, &format!("SELECT area FROM observations LIMIT {limit}")).len(),
            limit
        );
    }
}
