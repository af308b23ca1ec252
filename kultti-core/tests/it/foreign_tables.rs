//! Parquet and Arrow tables that other programs wrote, read by a mapping and by rules: texts stay texts, whatever their
//! type, and a figure that is missing is missing however its writer says so.

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float32Array, Float64Array,
    Int64Array, LargeStringArray, RecordBatch, StringArray, StringViewArray, TimestampMicrosecondArray,
};
use arrow_ipc::writer::{FileWriter, StreamWriter};
use kultti_core::formats::{Cube, Format, Mapping, ReadOptions, Reading, Role, read_batches, read_cube};
use kultti_core::{Error, Result};
use parquet::arrow::ArrowWriter;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int96, Int96Type};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::sync::Arc;

fn table(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter(columns).expect("columns of one length")
}

/// The same table as a file of every kind, and as batches in memory.
fn readings(table: &RecordBatch, mapping: Option<&str>) -> Vec<Result<Reading>> {
    let mut parquet = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut parquet, table.schema(), None).expect("a Parquet writer");
    writer.write(table).expect("rows");
    writer.close().expect("a footer");
    let mut file = Vec::new();
    let mut writer = FileWriter::try_new(&mut file, &table.schema()).expect("an Arrow writer");
    writer.write(table).expect("rows");
    writer.finish().expect("a footer");
    drop(writer);
    let mut stream = Vec::new();
    let mut writer = StreamWriter::try_new(&mut stream, &table.schema()).expect("an Arrow writer");
    writer.write(table).expect("rows");
    writer.finish().expect("an end");
    drop(writer);
    let options = ReadOptions {
        mapping: mapping.map(|text| Mapping::parse("table.toml", text).expect("a mapping")),
        ..ReadOptions::default()
    };
    let batches = [Ok(table.clone())].into_iter();
    vec![
        read_cube("table.parquet", &parquet, &options),
        read_cube("table.arrow", &file, &options),
        read_cube("table.arrows", &stream, &options),
        read_batches("table", &table.schema(), batches, &options),
    ]
}

fn codes(cube: &Cube) -> Vec<(&str, Role, Vec<&str>)> {
    cube.dimensions
        .iter()
        .map(|dimension| {
            let codes = dimension.categories.iter().map(|category| category.code.as_str());
            (dimension.code.as_str(), dimension.role, codes.collect())
        })
        .collect()
}

fn values(cube: &Cube) -> Vec<Option<f64>> {
    cube.cells.iter().map(|cell| cell.value).collect()
}

#[test]
fn texts_of_every_type_are_codes_with_their_zeros() {
    let areas = ["005", "005", "091", "091"];
    let dictionary: DictionaryArray<Int32Type> = areas.into_iter().collect();
    let texts: [ArrayRef; 4] = [
        Arc::new(StringArray::from(areas.to_vec())),
        Arc::new(LargeStringArray::from(areas.to_vec())),
        Arc::new(StringViewArray::from(areas.to_vec())),
        Arc::new(dictionary),
    ];
    for text in texts {
        let table = table(vec![
            ("kunta", text),
            ("vuosi", Arc::new(Int64Array::from(vec![2018, 2019, 2018, 2019]))),
            (
                "value",
                Arc::new(Float64Array::from(vec![
                    Some(1.5),
                    Some(f64::NAN),
                    None,
                    Some(-0.25),
                ])),
            ),
        ]);
        for reading in readings(&table, None) {
            let reading = reading.expect("a cube");
            let found = codes(&reading.cube);
            assert_eq!(found[0].0, "kunta");
            assert_eq!(found[0].2, ["005", "091"]);
            assert_eq!(found[1], ("vuosi", Role::Time, vec!["2018", "2019"]));
            assert_eq!(values(&reading.cube), [Some(1.5), None, None, Some(-0.25)]);
            let assumed = reading
                .warnings
                .iter()
                .any(|warning| warning.0.code() == "warning.table-assumed");
            assert!(assumed, "{:?}", reading.warnings);
        }
    }
}

#[test]
fn figures_of_every_type_are_figures() {
    let decimals = Decimal128Array::from(vec![Some(1250), None, Some(-5)])
        .with_precision_and_scale(10, 2)
        .expect("a decimal");
    let figures: [(ArrayRef, [Option<f64>; 3]); 4] = [
        (Arc::new(decimals), [Some(12.5), None, Some(-0.05)]),
        (
            Arc::new(Float32Array::from(vec![Some(0.5), None, Some(f32::NAN)])),
            [Some(0.5), None, None],
        ),
        (
            Arc::new(Int64Array::from(vec![Some(0), None, Some(1 << 53)])),
            [Some(0.0), None, Some(9_007_199_254_740_992.0)],
        ),
        // The figures of an office's own text, symbols among them.
        (
            Arc::new(StringArray::from(vec!["1,5", "..", "2"])),
            [Some(1.5), None, Some(2.0)],
        ),
    ];
    for (figures, expected) in figures {
        let table = table(vec![
            (
                "area",
                Arc::new(StringArray::from(vec!["a", "b", "c"])) as ArrayRef,
            ),
            ("value", figures),
        ]);
        for reading in readings(&table, None) {
            assert_eq!(values(&reading.expect("a cube").cube), expected);
        }
    }
}

#[test]
fn days_moments_truths_and_long_numbers_are_spelt_as_codes() {
    // 2019-12-31 is day 18261: 49 years of 365 days, 12 leap days from 1972 to 2016, and 364 days more.
    let day = 49 * 365 + 12 + 364;
    assert_eq!(day, 18_261);
    let second = i64::from(day) * 86_400;
    let table = table(vec![
        ("day", Arc::new(Date32Array::from(vec![day, day + 1])) as ArrayRef),
        (
            "moment",
            Arc::new(TimestampMicrosecondArray::from(vec![
                second * 1_000_000,
                (second + 12 * 3600 + 30 * 60) * 1_000_000,
            ])),
        ),
        ("whole", Arc::new(BooleanArray::from(vec![true, false]))),
        (
            "register",
            Arc::new(Int64Array::from(vec![9_007_199_254_740_993, 7])),
        ),
        ("value", Arc::new(Float64Array::from(vec![1.0, 2.0]))),
    ]);
    for reading in readings(&table, None) {
        let cube = reading.expect("a cube").cube;
        let found: Vec<Vec<&str>> = codes(&cube).into_iter().map(|(_, _, codes)| codes).collect();
        assert_eq!(found[0], ["2019-12-31", "2020-01-01"]);
        assert_eq!(found[1], ["2019-12-31", "2019-12-31T12:30:00"]);
        assert_eq!(found[2], ["true", "false"]);
        assert_eq!(found[3], ["9007199254740993", "7"]);
    }
}

/// A table as PxWeb's beta writes it: texts, the periods also as moments of 96 bits, figures that are NaN where a column
/// of their own has the symbol.
fn of_pxweb() -> Vec<u8> {
    let schema = "message root {
        optional binary Alue (UTF8); optional binary Vuosi (UTF8); optional int96 timestamp;
        optional double ContentsCode_visits; optional binary ContentsCode_visits_symbol (UTF8);
        optional double ContentsCode_costs; optional binary ContentsCode_costs_symbol (UTF8);
    }";
    let schema = Arc::new(parse_message_type(schema).expect("a schema"));
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Default::default()).expect("a writer");
    let mut group = writer.next_row_group().expect("a row group");
    let texts: [Option<[Option<&str>; 2]>; 7] = [
        Some([Some("005"), Some("005")]),
        Some([Some("2018"), Some("2019")]),
        None,
        None,
        Some([None, Some("..")]),
        None,
        Some([Some("..."), None]),
    ];
    let figures = [
        None,
        None,
        None,
        Some([10.0, f64::NAN]),
        None,
        Some([f64::NAN, 7.25]),
        None,
    ];
    for (texts, figures) in texts.into_iter().zip(figures) {
        let mut column = group.next_column().expect("a column").expect("seven columns");
        match (texts, figures) {
            (Some(texts), _) => {
                let levels = texts.map(|text| i16::from(text.is_some()));
                let texts: Vec<ByteArray> = texts.into_iter().flatten().map(ByteArray::from).collect();
                let typed = column.typed::<ByteArrayType>();
                typed.write_batch(&texts, Some(&levels), None).expect("texts");
            }
            (None, Some(figures)) => {
                let typed = column.typed::<DoubleType>();
                typed.write_batch(&figures, Some(&[1, 1]), None).expect("figures");
            }
            (None, None) => {
                // Julian days: 2440588 is 1970-01-01; 2018-01-01 is 48 years and 12 leap days after it.
                let year = 2_440_588 + 48 * 365 + 12;
                let moments = [year, year + 365].map(|day| Int96::from(vec![0, 0, day]));
                let typed = column.typed::<Int96Type>();
                typed.write_batch(&moments, Some(&[1, 1]), None).expect("moments");
            }
        }
        column.close().expect("a column");
    }
    group.close().expect("a row group");
    writer.close().expect("a footer");
    bytes
}

fn symbols(cube: &Cube) -> Vec<(Option<f64>, Option<String>, Option<String>)> {
    let mark = |cell: kultti_core::formats::Cell<'_>| {
        (cell.value, cell.mark.symbol.clone(), cell.mark.status.clone())
    };
    cube.cells.iter().map(mark).collect()
}

#[test]
fn what_pxweb_writes_is_read_by_rules_and_by_a_mapping() {
    let bytes = of_pxweb();
    let reading = read_cube("table.parquet", &bytes, &ReadOptions::default()).expect("a cube");
    assert_eq!(reading.format, Format::Parquet);
    let found = codes(&reading.cube);
    assert_eq!(found[0].2, ["005"]);
    assert_eq!(found[1], ("Vuosi", Role::Time, vec!["2018", "2019"]));
    assert_eq!(found[2].2, ["ContentsCode_visits", "ContentsCode_costs"]);
    let shown = |text: &str| Some(text.to_owned());
    let expected = [
        (Some(10.0), None, None),
        (None, shown("..."), None),
        (None, shown(".."), None),
        (Some(7.25), None, None),
    ];
    assert_eq!(symbols(&reading.cube), expected);
    let mapping = r#"
wide = "ContentsCode_{measure}"
[table]
symbols = "statistics-finland"
[[column]]
name = "Alue"
role = "geo"
dimension = "area"
[[column]]
name = "Vuosi"
role = "ignore"
[[column]]
name = "timestamp"
role = "time"
dimension = "period"
codes = { "2018-01-01" = "2018", "2019-01-01" = "2019" }
"#;
    let options = ReadOptions {
        mapping: Some(Mapping::parse("pxweb.toml", mapping).expect("a mapping")),
        ..ReadOptions::default()
    };
    let cube = read_cube("table.parquet", &bytes, &options).expect("a cube").cube;
    let found = codes(&cube);
    assert_eq!(found[0], ("area", Role::Geo, vec!["005"]));
    assert_eq!(found[1], ("period", Role::Time, vec!["2018", "2019"]));
    assert_eq!((found[2].0, &found[2].2), ("measure", &vec!["visits", "costs"]));
    let expected = [
        (Some(10.0), None, None),
        (None, shown("..."), shown("Q")),
        (None, shown(".."), shown("M")),
        (Some(7.25), None, None),
    ];
    assert_eq!(symbols(&cube), expected);
}

#[test]
fn two_rows_of_one_cell_and_a_figure_without_end_are_refused() {
    let table_of = |figures: Vec<f64>| {
        table(vec![
            (
                "area",
                Arc::new(StringArray::from(vec!["005", "005"])) as ArrayRef,
            ),
            ("value", Arc::new(Float64Array::from(figures))),
        ])
    };
    for reading in readings(&table_of(vec![1.0, 2.0]), None) {
        let error = reading.expect_err("one cell twice");
        assert!(matches!(error, Error::DuplicateCell { .. }), "{error}");
    }
    for reading in readings(&table_of(vec![f64::INFINITY, 2.0]), None) {
        assert!(reading.expect_err("no figure").to_string().contains("inf"));
    }
}

#[test]
fn a_release_is_told_from_a_table() {
    let options = ReadOptions::default();
    let error = read_cube("r.parquet", kultti_datasets::EXAMPLE_RELEASE, &options).expect_err("a release");
    let id = kultti_core::release::Release::from_static(kultti_datasets::EXAMPLE_RELEASE)
        .expect("embedded")
        .id()
        .to_owned();
    assert!(
        matches!(&error, Error::IsRelease { release, .. } if *release == id),
        "{error}"
    );
    assert!(
        error.to_string().contains("kultti release info r.parquet"),
        "{error}"
    );
}
