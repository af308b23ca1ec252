//! Cubes as Arrow and Parquet: what is written is read again, whoever sorted or filtered it in between, and damaged files
//! are refused.

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use kultti_core::formats::{
    Absent, Category, Cells, Cube, Dimension, Format, Labels, Mark, Note, NotePlace, ReadOptions, Role,
    Target, Unit, WriteOptions, cube_batches, cube_from_batches, cube_schema, read_batches, read_cube,
    write_cube,
};
use kultti_core::{Error, ErrorKind};
use std::collections::HashMap;
use std::sync::Arc;

const FORMS: [(&str, Format); 3] = [
    ("cube.parquet", Format::Parquet),
    ("cube.arrow", Format::Arrow),
    ("cube.arrows", Format::Arrow),
];

/// Visits and costs of two areas in two years, with everything that a cube can say.
fn cube() -> Cube {
    let mut area = Dimension::new(
        "area",
        Role::Geo,
        vec![Category::new("272"), Category::new("091")],
    );
    area.label = Labels::new("fi", "Alue");
    area.categories[0].label = Labels::new("fi", "Kokkola");
    area.categories[0].label.set("sv", "Karleby");
    area.categories[0].coordinates = Some([23.130_66, 63.838_47]);
    area.categories[1].children = vec![0];
    // A dimension that has the name of a column.
    let year = Dimension::new(
        "value",
        Role::Time,
        vec![Category::new("2018"), Category::new("2019")],
    );
    let mut what = Dimension::new("what", Role::Metric, vec![Category::new("visits")]);
    what.categories[0].unit = Some(Unit {
        label: Labels::new("fi", "euroa"),
        symbol: Some("€".into()),
        symbol_first: false,
    });
    what.categories[0].decimals = Some(1);
    let mut cube = Cube::new(vec![area, year, what]);
    cube.languages = vec!["fi".into(), "sv".into()];
    cube.label = Labels::new("fi", "Käynnit; \"kaikki\"\nyhteensä");
    cube.updated = Some("2026-06-08".into());
    cube.notes.push(Note {
        text: Labels::new("sv", "Ej jämförbar"),
        mandatory: true,
        place: NotePlace::Cells(vec![Some(0), None, Some(0)]),
    });
    let conf = cube.attribute("CONF_STATUS");
    assert_eq!(conf, 0);
    cube.foreign
        .insert("px".into(), serde_json::json!({"MATRIX": "x", "COPYRIGHT": true}));
    cube.cells.push(Some(12.5), Mark::default());
    let secret = Mark {
        status: Some("Q".into()),
        symbol: Some("...".into()),
        attributes: vec![Some("C".into())],
        ..Mark::default()
    };
    cube.cells.push(None, secret);
    cube.cells.push(
        Some(0.1 + 0.2),
        Mark {
            symbol: Some("e".into()),
            ..Mark::default()
        },
    );
    cube.cells.push(
        None,
        Mark {
            text: Some("ei tietoa".into()),
            ..Mark::default()
        },
    );
    cube
}

fn written(cube: &Cube, name: &str, format: Format) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut target = Target {
        name,
        out: &mut bytes,
    };
    write_cube(cube, format, &WriteOptions::default(), &mut target).expect("written");
    bytes
}

fn again(cube: &Cube, name: &str, format: Format) -> Cube {
    let bytes = written(cube, name, format);
    let reading = read_cube(name, &bytes, &ReadOptions::default()).expect("read");
    assert_eq!(reading.format, format);
    reading.cube
}

fn table(cube: &Cube) -> RecordBatch {
    cube_batches("cube", cube)
        .expect("batches")
        .next()
        .expect("one")
        .expect("a batch")
}

#[test]
fn a_cube_is_itself_again() {
    for (name, format) in FORMS {
        assert_eq!(again(&cube(), name, format), cube(), "{name}");
    }
}

#[test]
fn the_table_has_a_column_for_each_thing_said_of_a_cell() {
    let cube = cube();
    let batch = table(&cube);
    let names: Vec<_> = batch
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    assert_eq!(
        names,
        [
            "area",
            "value",
            "what",
            "value_",
            "status",
            "symbol",
            "text",
            "CONF_STATUS"
        ]
    );
    let text = |column: &str, row: usize| {
        let column = batch
            .column_by_name(column)
            .expect("column")
            .as_any_dictionary()
            .to_owned();
        let key = column.normalized_keys()[row];
        (!column.keys().is_null(row)).then(|| column.values().as_string::<i32>().value(key).to_owned())
    };
    // Row-major: area slowest, then the year.
    assert_eq!(
        [0, 1, 2, 3].map(|row| text("area", row).unwrap()),
        ["272", "272", "091", "091"]
    );
    assert_eq!(
        [0, 1, 2, 3].map(|row| text("value", row).unwrap()),
        ["2018", "2019", "2018", "2019"]
    );
    assert_eq!(
        [0, 1, 2, 3].map(|row| text("status", row)),
        [None, Some("Q".into()), None, None]
    );
    assert_eq!(text("CONF_STATUS", 1).as_deref(), Some("C"));
    assert_eq!(text("text", 3).as_deref(), Some("ei tietoa"));
    let values = batch
        .column_by_name("value_")
        .expect("column")
        .as_primitive::<Float64Type>();
    assert_eq!(
        values.iter().collect::<Vec<_>>(),
        [Some(12.5), None, Some(0.1 + 0.2), None]
    );
}

#[test]
fn the_metadata_are_those_of_json_stat() {
    let schema = cube_schema(&cube());
    let metadata = schema.field(2).metadata();
    assert_eq!(metadata["jsonstat.role"], "metric");
    let units: serde_json::Value = serde_json::from_str(&metadata["jsonstat.categoryUnits"]).expect("JSON");
    let unit =
        serde_json::json!({"visits": {"label": "euroa", "symbol": "€", "position": "end", "decimals": 1}});
    assert_eq!(units, unit);
    assert_eq!(
        schema.field(0).metadata()["jsonstat.categoryChild"],
        r#"{"091":["272"]}"#
    );
    assert_eq!(schema.field(3).metadata()["jsonstat.measure"], "true");
}

#[test]
fn rows_left_out_or_sorted_otherwise_are_the_cube_of_those_rows() {
    let cube = cube();
    let batch = table(&cube);
    // Rows 3 and 0, in that order: the last cell and the first.
    let rows = [batch.slice(3, 1), batch.slice(0, 1)];
    let read = cube_from_batches("some", &batch.schema(), rows.into_iter().map(Ok)).expect("a cube");
    let cells: Vec<_> = read
        .cells
        .iter()
        .map(|cell| (cell.position, cell.value))
        .collect();
    assert_eq!(cells, [(0, Some(12.5)), (3, None)]);
    assert_eq!(read.notes, cube.notes);
    // The same row twice is refused with both rows.
    let rows = [batch.slice(1, 1), batch.slice(0, 2)];
    let error = cube_from_batches("some", &batch.schema(), rows.into_iter().map(Ok)).expect_err("twice");
    assert_eq!(
        error.to_string(),
        "some:3: arrow: expected one row for each cell; found the cell of row 1 again"
    );
}

#[test]
fn rows_that_a_keys_file_leaves_out_are_zeros() {
    let mut cube = Cube::new(vec![Dimension::new(
        "n",
        Role::Classification,
        (0..100_000).map(|code| Category::new(code.to_string())).collect(),
    )]);
    cube.cells = Cells::sparse(Absent::Zero);
    cube.cells.push_at(70_000, Some(5.0), Mark::default());
    let batches: Vec<_> = cube_batches("n", &cube)
        .expect("batches")
        .map(Result::unwrap)
        .collect();
    assert_eq!(
        batches.iter().map(RecordBatch::num_rows).collect::<Vec<_>>(),
        [65_536, 34_464]
    );
    let values = |batch: &RecordBatch| batch.column(1).as_primitive::<Float64Type>().values().to_vec();
    assert!(values(&batches[0]).iter().all(|value| *value == 0.0));
    assert_eq!(values(&batches[1])[70_000 - 65_536], 5.0);
    for (name, format) in FORMS {
        let read = again(&cube, name, format);
        assert_eq!(read, cube, "{name}");
        assert_eq!(read.cells.positions(), Some(&[70_000][..]), "{name}");
    }
    // Ten dimensions of ten: 10¹⁰ zeros would be rows.
    let ten = || (0..10).map(|code| Category::new(code.to_string())).collect();
    let mut cube = Cube::new(
        (0..10)
            .map(|n| Dimension::new(format!("d{n}"), Role::default(), ten()))
            .collect(),
    );
    cube.cells = Cells::sparse(Absent::Zero);
    assert!(matches!(
        cube_batches("large", &cube),
        Err(Error::CannotHold { .. })
    ));
}

#[test]
fn a_table_described_by_the_keys_of_json_stat_is_a_cube() {
    let with = |field: Field, pairs: &[(&str, &str)]| {
        let pairs = pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        field.with_metadata(pairs.collect::<HashMap<_, _>>())
    };
    let labels = r#"{"F":"female","M":"male"}"#;
    let sex = [
        ("jsonstat.label", "sex"),
        ("jsonstat.categoryLabels", labels),
        ("jsonstat.categoryOrder", r#"["T","M","F"]"#),
    ];
    let fields = vec![
        with(Field::new("sex", DataType::Utf8, false), &sex),
        with(
            Field::new("year", DataType::Int64, false),
            &[("jsonstat.role", "time")],
        ),
        with(
            Field::new("population", DataType::Float64, true),
            &[("jsonstat.measure", "true")],
        ),
        with(
            Field::new("status", DataType::Utf8, true),
            &[("jsonstat.status", "true")],
        ),
    ];
    let schema = Arc::new(Schema::new(fields));
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(vec!["F", "M", "F"])),
        Arc::new(Int64Array::from(vec![2012, 2012, 2013])),
        Arc::new(Float64Array::from(vec![Some(1.0), Some(2.0), None])),
        Arc::new(StringArray::from(vec![None, None, Some("e")])),
    ];
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns).expect("a batch");
    let cube = cube_from_batches("described", &schema, [Ok(batch)].into_iter()).expect("a cube");
    let codes = |dimension: usize| -> Vec<&str> {
        cube.dimensions[dimension]
            .categories
            .iter()
            .map(|one| one.code.as_str())
            .collect()
    };
    assert_eq!((codes(0), codes(1)), (vec!["T", "M", "F"], vec!["2012", "2013"]));
    assert_eq!(cube.dimensions[0].categories[2].label.get(""), Some("female"));
    assert_eq!(cube.dimensions[1].role, Role::Time);
    // F is the third sex, so its years stand at 4 and 5; M's first year at 2.
    let cells: Vec<_> = cube
        .cells
        .iter()
        .map(|cell| (cell.position, cell.value, cell.mark.symbol.clone()))
        .collect();
    assert_eq!(
        cells,
        [
            (2, Some(2.0), None),
            (4, Some(1.0), None),
            (5, None, Some("e".into()))
        ]
    );
}

#[test]
fn a_table_that_does_not_say_what_it_is_is_no_cube_by_itself() {
    let schema = Arc::new(Schema::new(vec![Field::new("Alue", DataType::Utf8, false)]));
    let error = cube_from_batches("foreign", &schema, std::iter::empty()).expect_err("no metadata");
    assert_eq!(error.kind(), ErrorKind::InvalidData);
    assert!(error.to_string().contains("Alue"), "{error}");
    let options = ReadOptions::default();
    let error = read_batches("foreign", &schema, std::iter::empty(), &options).expect_err("no figures");
    assert!(matches!(error, Error::NoFigures { .. }), "{error}");
}

#[test]
fn a_header_that_names_what_is_not_there_is_refused() {
    let cube = cube();
    let batch = table(&cube);
    let schema = cube_schema(&cube);
    for (from, to) in [
        (r#""children":[0]"#, r#""children":[2]"#),
        (r#"{"code":"091""#, r#"{"code":"272""#),
        (r#"{"cells":[0,null,0]}"#, r#"{"cells":[0,null]}"#),
        (r#""languages""#, r#""tongues""#),
    ] {
        let mut metadata = schema.metadata().clone();
        let header = metadata.get_mut("kultti.cube").expect("the cube");
        assert!(header.contains(from), "{from} in {header}");
        *header = header.replace(from, to);
        let other = Schema::new_with_metadata(schema.fields().clone(), metadata);
        let error = cube_from_batches("cube", &other, [Ok(batch.clone())].into_iter()).expect_err(to);
        assert!(matches!(error, Error::MalformedFile { .. }), "{error}");
    }
}

/// A file of one row group whose footer declares 2³¹ − 1 of them: a list of one structure is `0x1c`, a longer one `0xfc`
/// and its length, seven bits a byte. The field before it is the number of rows; the first field of a row group is a list.
fn with_many_row_groups(file: &[u8]) -> Vec<u8> {
    let end = file.len() - 8;
    let length = u32::from_le_bytes(file[end..end + 4].try_into().expect("four bytes"));
    let (data, footer) = file[..end].split_at(end - length as usize);
    let places: Vec<usize> = (0..footer.len() - 3)
        .filter(|at| footer[*at..].starts_with(&[0x19, 0x1c, 0x19]))
        .collect();
    assert_eq!(places.len(), 1, "one list of one row group");
    let mut hostile = data.to_vec();
    hostile.extend_from_slice(&footer[..=places[0]]);
    hostile.extend_from_slice(&[0xfc, 0xff, 0xff, 0xff, 0xff, 0x07]);
    hostile.extend_from_slice(&footer[places[0] + 2..]);
    hostile.extend_from_slice(&(length + 5).to_le_bytes());
    hostile.extend_from_slice(b"PAR1");
    hostile
}

#[test]
fn a_footer_that_declares_more_than_it_holds_is_refused() {
    let file = with_many_row_groups(&written(&cube(), "cube.parquet", Format::Parquet));
    let error = read_cube("cube.parquet", &file, &ReadOptions::default()).expect_err("no such file");
    assert!(
        error.to_string().contains("declares more than it holds"),
        "{error}"
    );
    let error = kultti_core::release::Release::from_bytes("release", file).err();
    let error = error.expect("no such release").to_string();
    assert!(error.contains("declares more than it holds"), "{error}");
}

#[test]
fn damaged_bytes_are_an_error_and_no_panic() {
    for (name, format) in FORMS {
        let bytes = written(&cube(), name, format);
        let read = |bytes: &[u8]| {
            let options = ReadOptions {
                format: Some(format),
                ..ReadOptions::default()
            };
            read_cube(name, bytes, &options)
        };
        for length in (0..bytes.len()).step_by(37) {
            assert!(
                read(&bytes[..length]).is_err() || name == "cube.arrows",
                "{name}, {length} bytes"
            );
        }
        for at in (0..bytes.len()).step_by(11) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0xff;
            // Some bytes are padding or figures: what matters is that nothing panics.
            let _ = read(&damaged);
        }
    }
}
