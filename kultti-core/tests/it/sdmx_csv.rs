//! SDMX-CSV: the specification's examples word for word, what readers must refuse, and the way there and back.

use kultti_core::formats::{
    Cube, DataStructure, Format, Labels, ReadOptions, Reading, Role, SdmxLabels, SdmxOptions, Target, Unit,
    WriteOptions, data_structure, read_cube, write_cube,
};
use proptest::prelude::*;
use std::io::Write;
use std::path::{Path, PathBuf};

fn options() -> ReadOptions {
    ReadOptions {
        format: Some(Format::SdmxCsv),
        ..ReadOptions::default()
    }
}

fn read(text: &str) -> Reading {
    read_cube("message.csv", text.as_bytes(), &options()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn refused(text: &str) -> String {
    let error = read_cube("message.csv", text.as_bytes(), &options()).expect_err(text);
    assert_eq!(error.code(), "K0801", "{error}");
    error.to_string()
}

fn codes(reading: &Reading) -> Vec<&'static str> {
    reading.warnings.iter().map(|warning| warning.0.code()).collect()
}

fn written(cube: &Cube, sdmx: SdmxOptions) -> String {
    let mut out = Vec::new();
    let options = WriteOptions {
        sdmx,
        ..WriteOptions::default()
    };
    let mut target = Target {
        name: "out.csv",
        out: &mut out,
    };
    write_cube(cube, Format::SdmxCsv, &options, &mut target).expect("a message");
    String::from_utf8(out).expect("UTF-8")
}

/// The cells as (codes of the key, value, status, symbol), in order.
fn cells(cube: &Cube) -> Vec<(String, Option<f64>)> {
    let cells = cube.cells.iter().map(|cell| {
        let key = cube.key(cell.position);
        let codes = key
            .iter()
            .zip(&cube.dimensions)
            .map(|(place, dimension)| &dimension.categories[*place].code);
        (codes.cloned().collect::<Vec<_>>().join("."), cell.value)
    });
    cells.collect()
}

fn pair(key: &str, value: f64) -> (String, Option<f64>) {
    (key.to_owned(), Some(value))
}

/// The files of the specification, where `KULTTI_INTEROP` names the folder.
fn interop() -> Vec<PathBuf> {
    let Some(folder) = std::env::var_os("KULTTI_INTEROP") else {
        let skipped = "SKIPPED: KULTTI_INTEROP is not set; the example files of SDMX-CSV were not read";
        writeln!(std::io::stderr(), "{skipped}").expect("stderr");
        return Vec::new();
    };
    let folder = Path::new(&folder).join("sdmx-csv");
    let files = std::fs::read_dir(&folder).expect("the folder sdmx-csv");
    let mut files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    files.sort();
    files
}

#[test]
fn every_example_file_converts_and_comes_back_the_same() {
    for file in interop() {
        let name = file.display().to_string();
        let bytes = std::fs::read(&file).expect("a file");
        let reading =
            read_cube(&name, &bytes, &ReadOptions::default()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(reading.format, Format::SdmxCsv, "{name}");
        let again = written(&reading.cube, SdmxOptions::default());
        let second = read(&again);
        assert_eq!(second.cube, reading.cube, "{name}\n{again}");
    }
}

#[test]
fn a_plain_message_is_dimensions_values_and_attributes() {
    let reading = read(concat!(
        "STRUCTURE,STRUCTURE_ID,ACTION,DIM_1,REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS,ATTR,UPDATED\n",
        "dataflow,ESTAT:NA_MAIN(1.6.0),I,A,B,2014-02,10.8,P,\"Normal, special\",2021-01-22\n",
        "dataflow,ESTAT:NA_MAIN(1.6.0),I,A,B,2014-01,,M,x,2021-01-22\n",
    ));
    let cube = &reading.cube;
    let roles: Vec<_> = cube
        .dimensions
        .iter()
        .map(|dimension| (dimension.code.as_str(), dimension.role))
        .collect();
    assert_eq!(
        roles,
        [
            ("DIM_1", Role::Classification),
            ("REF_AREA", Role::Geo),
            ("TIME_PERIOD", Role::Time)
        ]
    );
    // Months are put into the order of time.
    assert_eq!(
        cells(cube),
        [("A.B.2014-01".to_owned(), None), pair("A.B.2014-02", 10.8)]
    );
    let last = cube.cells.cell(1).expect("a cell");
    assert_eq!(last.mark.status.as_deref(), Some("P"));
    assert_eq!(last.mark.attribute(0), Some("Normal, special"));
    assert_eq!(cube.attributes[0].code, "ATTR");
    assert_eq!(cube.id.as_deref(), Some("ESTAT:NA_MAIN(1.6.0)"));
    assert_eq!(codes(&reading), ["warning.sdmx-dimensions-guessed"]);
}

#[test]
fn labels_stand_in_cells_or_in_columns_of_their_own() {
    let both = read(concat!(
        "STRUCTURE[|];STRUCTURE_ID;ACTION;SERIES_KEY;OBS_KEY;DIM_1: Dimension 1;TIME_PERIOD: Time;OBS_VALUE: Value;ATTR_1: Attribute 1;ATTR_2: Attribute 2\n",
        "dataflow;ESTAT:NA_MAIN(1.6.0): Comptes: nationaux;I;A;A.2014-01;A: Value A;2014-01: January;12,4;Y: Oui;Note: text with spaces\n",
        "dataflow;ESTAT:NA_MAIN(1.6.0): Comptes: nationaux;I;A;A.2014-02;A: Value A;2014-02: February;-0,8;N: Non;plain\n",
    ));
    let name = read(concat!(
        "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,DIM_1,Dimension 1,TIME_PERIOD,Time,OBS_VALUE,Value,ATTR_1,Attribute 1,ATTR_2,Attribute 2\n",
        "dataflow,ESTAT:NA_MAIN(1.6.0),Comptes: nationaux,I,A,Value A,2014-01,January,12.4,,Y,Oui,Note: text with spaces,\n",
        "dataflow,ESTAT:NA_MAIN(1.6.0),Comptes: nationaux,I,A,Value A,2014-02,February,-0.8,,N,Non,plain,\n",
    ));
    for reading in [&both, &name] {
        let cube = &reading.cube;
        assert_eq!(cells(cube), [pair("A.2014-01", 12.4), pair("A.2014-02", -0.8)]);
        assert_eq!(cube.label.get(""), Some("Comptes: nationaux"));
        assert_eq!(cube.dimensions[0].label.get(""), Some("Dimension 1"));
        assert_eq!(cube.dimensions[0].categories[0].label.get(""), Some("Value A"));
        assert_eq!(cube.dimensions[1].categories[1].label.get(""), Some("February"));
        assert_eq!(cube.attributes[0].label.get(""), Some("Attribute 1"));
        let mark = cube.cells.cell(0).expect("a cell").mark;
        assert_eq!(
            (mark.attribute(0), mark.attribute(1)),
            (Some("Y"), Some("Note: text with spaces"))
        );
    }
    for (cube, labels) in [
        (&both.cube, None),
        (&name.cube, None),
        (&both.cube, Some(SdmxLabels::Name)),
        (&name.cube, Some(SdmxLabels::Both)),
    ] {
        let sdmx = SdmxOptions {
            labels,
            ..SdmxOptions::default()
        };
        let text = written(cube, sdmx);
        let mut again = read(&text).cube;
        if let Some(labels) = labels {
            assert_ne!(cube.foreign, again.foreign, "the spelling is {labels:?} now");
            again.foreign.clone_from(&cube.foreign);
        }
        assert_eq!(&again, cube, "{text}");
    }
}

#[test]
fn columns_without_names_come_back_where_others_have_them() {
    // Found by random bytes: the measure is called by its id, the attribute by a name, and there is no row.
    for text in [
        "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,D,Area,TIME_PERIOD,TIME_PERIOD,OBS_VALUE,OBS_VALUE\ndataflow,A:B(1.0),Name,I,x,Kokkola,2019,,1,\n",
        "STRUCTURE;STRUCTURE_ID;STRUCTURE_NAME;ACTIO",
        "DATAFLOW,FREQ: ",
        "DATAFLOW,FREQ: Frequency,OBS_VALUE: Value,ATTR: Attribute",
    ] {
        let cube = read(text).cube;
        let again = written(&cube, SdmxOptions::default());
        let mut second = read(&again).cube;
        second.foreign.clone_from(&cube.foreign);
        assert_eq!(second, cube, "{again}");
    }
}

#[test]
fn the_first_version_begins_with_its_dataflow() {
    let reading = read(concat!(
        "DATAFLOW,LAST UPDATE,freq,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n",
        "ESTAT:TPS00001(1.0),11/07/25 23:00:00,A,FI,2014,5451270,\n",
        "ESTAT:TPS00001(1.0),11/07/25 23:00:00,A,FI,2015,5471753,b\n",
    ));
    assert_eq!(
        cells(&reading.cube),
        [pair("A.FI.2014", 5_451_270.0), pair("A.FI.2015", 5_471_753.0)]
    );
    // A column whose head is no id of SDMX is the sender's own, wherever it stands.
    let attributes: Vec<_> = reading
        .cube
        .attributes
        .iter()
        .map(|one| one.code.as_str())
        .collect();
    assert_eq!(attributes, ["LAST UPDATE", "OBS_FLAG"]);
    let sdmx = SdmxOptions {
        first_version: true,
        ..SdmxOptions::default()
    };
    let text = written(&reading.cube, sdmx);
    assert!(
        text.starts_with("DATAFLOW,freq,geo,TIME_PERIOD,OBS_VALUE,"),
        "{text}"
    );
    assert_eq!(read(&text).cube, reading.cube);
    let second = written(&reading.cube, SdmxOptions::default());
    assert!(
        second.contains("\ndataflow,ESTAT:TPS00001(1.0),I,A,FI,2014,5451270,"),
        "{second}"
    );
}

#[test]
fn several_measures_are_a_dimension_and_columns_again() {
    let text = concat!(
        "STRUCTURE,STRUCTURE_ID,ACTION,AREA,YEAR,TOTAL,SHARE,NOTE\n",
        "dataflow,A:B(1.0),I,091,y1,12,0.5,n\n",
        "dataflow,A:B(1.0),I,272,y1,13,NaN,\n",
    );
    let reading = read(text);
    let cube = &reading.cube;
    let metric = cube.with_role(Role::Metric).expect("a dimension of measures").1;
    assert_eq!(metric.code, "MEASURE");
    assert_eq!(
        cells(cube),
        [
            pair("091.y1.TOTAL", 12.0),
            pair("091.y1.SHARE", 0.5),
            pair("272.y1.TOTAL", 13.0),
            ("272.y1.SHARE".to_owned(), None)
        ]
    );
    assert_eq!(
        cube.cells.cell(3).expect("a cell").mark.symbol.as_deref(),
        Some("NaN")
    );
    let header = written(cube, SdmxOptions::default());
    assert_eq!(header, text);
}

#[test]
fn a_key_stands_once_unless_an_action_updates_it() {
    let header = "STRUCTURE,STRUCTURE_ID,ACTION,D,OBS_VALUE,NOTE\n";
    let row =
        |action: &str, value: &str, note: &str| format!("dataflow,A:B(1.0),{action},x,{value},{note}\n");
    let error = refused(&[header, &row("I", "1", "n"), "\r\n", &row("I", "2", "")].concat());
    for part in ["message.csv:4", "line 2", "x"] {
        assert!(error.contains(part), "{part} in {error}");
    }
    // Appending changes what it says and leaves the rest; replacing leaves nothing.
    for (action, value, note) in [("A", 2.0, Some("n")), ("M", 2.0, Some("n")), ("R", 2.0, None)] {
        let reading = read(&[header, &row("I", "1", "n"), &row(action, "2", "")].concat());
        let cube = &reading.cube;
        assert_eq!(cells(cube), [pair("x", value)]);
        let place = cube
            .attributes
            .iter()
            .position(|attribute| attribute.code == "NOTE")
            .expect("the attribute");
        assert_eq!(cube.cells.cell(0).expect("a cell").mark.attribute(place), note);
        assert!(codes(&reading).contains(&"warning.sdmx-updates"));
    }
}

#[test]
fn rows_that_are_no_observations_are_kept_aside() {
    let text = concat!(
        "STRUCTURE,STRUCTURE_ID,ACTION,DIM_1,DIM_2,OBS_VALUE,ATTR\n",
        "dataflow,A:B(1.0),I,a,b,1,\n",
        "dataflow,A:B(1.0),I,,b,,y\n",
        "dataflow,A:B(1.0),D,a,,-,\n",
    );
    let reading = read(text);
    assert_eq!(cells(&reading.cube), [pair("a.b", 1.0)]);
    for code in ["warning.sdmx-deletions", "warning.sdmx-partial-keys"] {
        assert!(codes(&reading).contains(&code), "{code}");
    }
    let again = written(&reading.cube, SdmxOptions::default());
    assert_eq!(read(&again).cube, reading.cube, "{again}");
    assert!(again.contains("dataflow,A:B(1.0),D,a,,-,"), "{again}");
}

#[test]
fn structures_are_told_apart() {
    let text = concat!(
        "STRUCTURE,STRUCTURE_ID,ACTION,D1,D2,OBS_VALUE\n",
        "dataflow,A:ONE(1.0),I,x,,1\n",
        "dataflow,A:ONE(1.1),I,y,,2\n",
        "dataflow,A:TWO(1.0),I,,z,3\n",
    );
    let first = read(text);
    assert_eq!(cells(&first.cube), [pair("x", 1.0), pair("y", 2.0)]);
    let attribute = |index: usize| {
        first
            .cube
            .cells
            .cell(index)
            .and_then(|cell| cell.mark.attribute(0))
    };
    assert_eq!(
        (attribute(0), attribute(1)),
        (Some("A:ONE(1.0)"), Some("A:ONE(1.1)"))
    );
    for code in ["warning.sdmx-other-structures", "warning.sdmx-versions"] {
        assert!(codes(&first).contains(&code), "{code}");
    }
    for (dataset, expected) in [("TWO", pair("z", 3.0)), ("A:ONE(1.1)", pair("y", 2.0))] {
        let options = ReadOptions {
            dataset: Some(dataset.to_owned()),
            ..options()
        };
        let reading = read_cube("message.csv", text.as_bytes(), &options).expect("a structure of the file");
        assert_eq!(cells(&reading.cube), [expected]);
    }
    let options = ReadOptions {
        dataset: Some("THREE".to_owned()),
        ..options()
    };
    let error = read_cube("message.csv", text.as_bytes(), &options).expect_err("no such structure");
    assert!(error.to_string().contains("A:TWO(1.0)"), "{error}");
}

#[test]
fn mistakes_are_refused_with_their_line() {
    for (text, parts) in [
        ("A,B\n1,2\n", &["message.csv:1", "STRUCTURE_ID"][..]),
        ("STRUCTURE,STRUCTURE_ID,D,D\n", &["message.csv:1", "D"]),
        (
            "STRUCTURE,STRUCTURE_ID,D,OBS_VALUE\ndataflow,A:B(1),x\n",
            &["message.csv:2", "4 fields"],
        ),
        (
            "STRUCTURE,STRUCTURE_ID,D,OBS_VALUE\n\ndataflow,A:B(1),x,1\ndataflow,A:B(1),y,one\n",
            &["message.csv:4", "OBS_VALUE", "one"],
        ),
        (
            "STRUCTURE;STRUCTURE_ID;D;OBS_VALUE\r\ndataflow;A:B(1);x;1,5\r\ndataflow;A:B(1);y;1.5\r\n",
            &["message.csv:3", "comma"],
        ),
        (
            "STRUCTURE,STRUCTURE_ID,ACTION,D,OBS_VALUE\ndataflow,A:B(1),X,x,1\n",
            &["message.csv:2", "ACTION"],
        ),
        (
            "STRUCTURE,STRUCTURE_ID,D,E,OBS_VALUE\ndataflow,A:B(1),x,y,1\ndataflow,A:B(1),x,,2\n",
            &["message.csv:3", "E"],
        ),
    ] {
        let error = refused(text);
        for part in parts {
            assert!(error.contains(part), "{part} in {error}");
        }
    }
}

#[test]
fn unit_and_decimals_of_all_cells_are_those_of_the_cube() {
    let text = concat!(
        "STRUCTURE,STRUCTURE_ID,ACTION,D,OBS_VALUE,UNIT_MEASURE,DECIMALS\n",
        "dataflow,A:B(1.0),I,x,1,EUR,2\n",
        "dataflow,A:B(1.0),I,y,2,EUR,2\n",
    );
    let cube = read(text).cube;
    assert_eq!(
        cube.unit.as_ref().and_then(|unit| unit.label.get("")),
        Some("EUR")
    );
    assert_eq!((cube.decimals, cube.attributes.len()), (Some(2), 0));
    assert_eq!(written(&cube, SdmxOptions::default()), text);
    let other = read(&text.replace("2,EUR", "2,SEK")).cube;
    assert_eq!((&other.unit, other.attributes.len()), (&None, 1));
}

#[test]
fn a_unit_of_each_measure_is_its_own_where_the_dimension_is_called_like_one() {
    let text = concat!(
        "STRUCTURE,STRUCTURE_ID,ACTION,INDIC_BT,COUNTRY,OBS_VALUE,UNIT_MEASURE,DECIMALS\n",
        "dataflow,A:B(1.0),I,TURN,FI,1.5,EUR,1\n",
        "dataflow,A:B(1.0),I,TURN,SE,2.5,EUR,1\n",
        "dataflow,A:B(1.0),I,EMPL,FI,3,,0\n",
        "dataflow,A:B(1.0),I,EMPL,SE,4,,0\n",
    );
    let cube = read(text).cube;
    let (place, measures) = cube.with_role(Role::Metric).expect("a dimension of measures");
    assert_eq!((place, measures.code.as_str()), (0, "INDIC_BT"));
    let of = |place: usize| {
        let category = &measures.categories[place];
        let unit = category.unit.as_ref().and_then(|unit| unit.label.get(""));
        (category.code.as_str(), unit, category.decimals)
    };
    assert_eq!(
        [of(0), of(1)],
        [("TURN", Some("EUR"), Some(1)), ("EMPL", None, Some(0))]
    );
    assert!(cube.attributes.is_empty());
    assert_eq!(written(&cube, SdmxOptions::default()), text);
    // Units that differ by country make no measures of countries.
    let currencies = text
        .replace("FI,3,,", "FI,3,EUR,")
        .replace("SE,4,,", "SE,4,SEK,")
        .replace("SE,2.5,EUR", "SE,2.5,SEK");
    let other = read(&currencies).cube;
    assert!(
        other.with_role(Role::Metric).is_some(),
        "decimals still differ by measure"
    );
    let units: Vec<_> = other
        .cells
        .iter()
        .map(|cell| cell.mark.attribute(0).unwrap_or_default())
        .collect();
    assert_eq!(units, ["EUR", "SEK", "EUR", "SEK"]);
    assert_eq!(other.attributes[0].code, "UNIT_MEASURE");
}

#[test]
fn a_unit_without_a_name_is_no_unit() {
    let mut cube = read("STRUCTURE,STRUCTURE_ID,ACTION,D,OBS_VALUE\ndataflow,A:B(1.0),I,x,1\n").cube;
    for (label, symbol, column) in [
        (Labels::default(), None, None),
        (Labels::new("fi", ""), None, None),
        (Labels::new("fi", ""), Some("kpl"), Some("kpl")),
        (Labels::new("fi", "%"), None, Some("PERCENT")),
    ] {
        cube.unit = Some(Unit {
            label,
            symbol: symbol.map(str::to_owned),
            symbol_first: false,
        });
        let rows = written(&cube, SdmxOptions::default());
        let expected = match column {
            Some(code) => format!("D,OBS_VALUE,UNIT_MEASURE\ndataflow,A:B(1.0),I,x,1,{code}\n"),
            None => "D,OBS_VALUE\ndataflow,A:B(1.0),I,x,1\n".to_owned(),
        };
        assert_eq!(rows, format!("STRUCTURE,STRUCTURE_ID,ACTION,{expected}"));
    }
}

#[test]
fn a_structure_is_prepared_at_a_moment() {
    let mut cube = read("STRUCTURE,STRUCTURE_ID,ACTION,D,OBS_VALUE\ndataflow,A:B(1.0),I,x,1\n").cube;
    for (updated, prepared) in [
        ("2024-10-22T08:00", "2024-10-22T08:00:00Z"),
        ("2024-10-22", "2024-10-22T00:00:00Z"),
        ("2024-10-22T08:00:01+03:00", "2024-10-22T08:00:01+03:00"),
        ("in October", "1970-01-01T00:00:00Z"),
    ] {
        cube.updated = Some(updated.to_owned());
        let message: serde_json::Value = serde_json::from_str(&data_structure(&cube)).expect("JSON");
        assert_eq!(message["meta"]["prepared"], prepared);
    }
}

#[test]
fn figures_in_thousands_are_said_to_be() {
    let text = "STRUCTURE,STRUCTURE_ID,ACTION,D,OBS_VALUE,UNIT_MULT\ndataflow,A:B(1.0),I,x,1,3\n";
    let reading = read(text);
    assert!(codes(&reading).contains(&"warning.sdmx-multiplier"));
    assert_eq!(cells(&reading.cube), [pair("x", 1.0)]);
    assert!(!codes(&read(&text.replace(",3\n", ",0\n"))).contains(&"warning.sdmx-multiplier"));
}

#[test]
fn a_file_that_only_deletes_has_dimensions_and_no_cells_in_every_format() {
    let text = concat!(
        "STRUCTURE,STRUCTURE_ID,ACTION,DIM_1,REF_AREA,TIME_PERIOD,OBS_VALUE,ATTR_1\n",
        "dataflow,A:B(1.0),D,A,FI,2014-02,-,\n",
        "dataflow,A:B(1.0),D,A,,2014-01,,-\n",
    );
    let reading = read(text);
    let shape: Vec<_> = reading
        .cube
        .dimensions
        .iter()
        .map(|dimension| {
            let codes = dimension.categories.iter().map(|category| category.code.as_str());
            (dimension.code.as_str(), codes.collect::<Vec<_>>())
        })
        .collect();
    let shape: Vec<_> = shape
        .iter()
        .map(|(code, codes)| (*code, codes.as_slice()))
        .collect();
    assert_eq!(
        shape,
        [
            ("DIM_1", &["A"][..]),
            ("REF_AREA", &["FI"]),
            ("TIME_PERIOD", &["2014-01", "2014-02"])
        ]
    );
    assert!(reading.cube.cells.is_empty());
    assert!(codes(&reading).contains(&"warning.sdmx-deletions"));
    let again = written(&reading.cube, SdmxOptions::default());
    assert_eq!(read(&again).cube, reading.cube, "{again}");
    let header = text.lines().next().expect("a header");
    for text in [text, header] {
        let cube = read(text).cube;
        assert_eq!(cube.dimensions.len(), 3, "{text}");
        for format in Format::ALL {
            let mut out = Vec::new();
            let mut target = Target {
                name: "out",
                out: &mut out,
            };
            let answer = write_cube(&cube, format, &WriteOptions::default(), &mut target);
            if cube.size() == Some(0) && format == Format::Px {
                let error = answer.expect_err("PX has a value for every variable");
                assert!(error.to_string().contains("DIM_1"), "{error}");
                continue;
            }
            answer.unwrap_or_else(|error| panic!("{format}: {error}"));
            let options = ReadOptions {
                format: Some(format),
                ..ReadOptions::default()
            };
            let read = read_cube("out", &out, &options).unwrap_or_else(|error| panic!("{format}: {error}"));
            assert!(
                read.cube.cells.values().iter().all(|value| value.is_nan()),
                "{format}"
            );
        }
    }
}

/// What a message and its data structure definition keep of a cube: all but notes, source and contents, and a time
/// dimension is called `TIME_PERIOD` and has no names.
fn kept(cube: &Cube) -> Cube {
    let mut kept = cube.clone();
    kept.notes.clear();
    kept.source = kultti_core::formats::Labels::default();
    kept.updated = None;
    kept.foreign.clear();
    let metric = cube.with_role(Role::Metric).is_some();
    if metric {
        kept.decimals = None;
    }
    for dimension in &mut kept.dimensions {
        if dimension.role == Role::Time {
            for category in &mut dimension.categories {
                category.label = kultti_core::formats::Labels::default();
            }
        }
    }
    // A unit without a name is none.
    for category in kept
        .dimensions
        .iter_mut()
        .flat_map(|dimension| &mut dimension.categories)
    {
        category.unit = category
            .unit
            .take()
            .filter(|unit| unit.label.iter().any(|(_, name)| !name.is_empty()));
    }
    // Where all measures have one unit, or one number of decimals, it is the table's.
    for dimension in &mut kept.dimensions {
        if dimension.role != Role::Metric {
            continue;
        }
        let units: Vec<_> = dimension
            .categories
            .iter()
            .map(|category| category.unit.clone())
            .collect();
        if units.iter().all(|unit| *unit == units[0]) {
            kept.unit.clone_from(&units[0]);
            dimension
                .categories
                .iter_mut()
                .for_each(|category| category.unit = None);
        }
        let decimals: Vec<_> = dimension
            .categories
            .iter()
            .map(|category| category.decimals)
            .collect();
        if decimals.iter().all(|one| *one == decimals[0]) {
            kept.decimals = decimals[0];
            dimension
                .categories
                .iter_mut()
                .for_each(|category| category.decimals = None);
        }
    }
    kept
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_cube_comes_back_with_its_structure(cube in crate::cubes::any_cube()) {
        let text = written(&cube, SdmxOptions::default());
        let options = ReadOptions {
            structure: Some(DataStructure::parse("structure.json", data_structure(&cube).as_bytes()).expect("a structure")),
            ..options()
        };
        let mut again = read_cube("message.csv", text.as_bytes(), &options).expect("what was written").cube;
        again.foreign.clear();
        prop_assert_eq!(again, kept(&cube), "{}", text);
    }

    #[test]
    fn random_bytes_are_read_or_refused(
        start in proptest::sample::select(vec!["", "STRUCTURE,STRUCTURE_ID,", "STRUCTURE[;];STRUCTURE_ID;", "DATAFLOW\t"]),
        rest in "[A-Z_,;:\\[\\]\"\n\r 0-9.~#]{0,200}",
    ) {
        let text = format!("{start}{rest}");
        if let Ok(reading) = read_cube("message.csv", text.as_bytes(), &options()) {
            written(&reading.cube, SdmxOptions::default());
            data_structure(&reading.cube);
        }
    }
}

/// What pysdmx says of a file, with or without a structure; `None` where it is not installed.
fn oracle(message: &str, structure: Option<&str>) -> Option<serde_json::Value> {
    let Some(python) = std::env::var_os("KULTTI_ORACLES") else {
        writeln!(
            std::io::stderr(),
            "SKIPPED: KULTTI_ORACLES is not set; pysdmx was not asked"
        )
        .expect("stderr");
        return None;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../kultti-py/tests/independent/read_sdmx.py");
    let mut command = std::process::Command::new(python);
    command.arg(script);
    for (name, text) in [("message.csv", Some(message)), ("structure.json", structure)] {
        if let Some(text) = text {
            let path = folder.path().join(name);
            std::fs::write(&path, text).expect("a file");
            command.arg(path);
        }
    }
    let output = command.output().expect("the oracle's Python");
    assert!(
        output.status.success(),
        "{}\n{message}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(serde_json::from_slice(&output.stdout).expect("JSON"))
}

/// The observations of pysdmx's answer by key, as the numbers in the column of the measure.
fn observations(answer: &serde_json::Value, cube: &Cube, measure: &str) -> Vec<(String, Option<f64>)> {
    let rows = answer
        .as_array()
        .expect("a list")
        .iter()
        .filter(|one| one["action"] != "Delete");
    let rows = rows.flat_map(|one| one["rows"].as_array().expect("rows"));
    let mut all = Vec::new();
    for row in rows {
        let codes: Option<Vec<&str>> = cube
            .dimensions
            .iter()
            .map(|dimension| row[dimension.code.as_str()].as_str())
            .collect();
        let Some(codes) = codes else { continue };
        let number = row[measure].as_str().map(|text| text.parse().expect("a number"));
        all.push((codes.join("."), number));
    }
    all.sort_by(|left, right| left.0.cmp(&right.0));
    all
}

#[test]
fn pysdmx_reads_the_same_observations_in_the_examples_and_in_what_is_written() {
    for file in interop() {
        let text = std::fs::read_to_string(&file).expect("a file");
        let cube = read(&text).cube;
        let measure = if text.contains("MEAS_1") {
            "MEAS_1"
        } else {
            "OBS_VALUE"
        };
        let mut ours = cells(&cube);
        ours.sort_by(|left, right| left.0.cmp(&right.0));
        let first = SdmxOptions {
            first_version: true,
            labels: Some(SdmxLabels::Id),
            ..SdmxOptions::default()
        };
        let mut messages = vec![text, written(&cube, SdmxOptions::default())];
        if !cube.cells.is_empty() {
            messages.push(written(&cube, first));
        }
        for message in messages {
            let Some(answer) = oracle(&message, None) else {
                return;
            };
            assert_eq!(observations(&answer, &cube, measure), ours, "{message}");
        }
    }
}

#[test]
fn pysdmx_holds_what_is_written_to_its_structure() {
    let text = concat!(
        "STRUCTURE;STRUCTURE_ID;ACTION;REF_AREA: Area;SEX: Sex;TIME_PERIOD: Time;OBS_VALUE: Visits;OBS_STATUS: Status;UNIT_MEASURE: Unit\n",
        "dataflow;FI:VISITS(1.0): Visits to museums;I;272: Kokkola;F: Women;2019;12,5;A: Normal;PS: Persons\n",
        "dataflow;FI:VISITS(1.0): Visits to museums;I;905: Vaasa;F: Women;2019;;M: Missing;PS: Persons\n",
    );
    let cube = read(text).cube;
    let message = written(
        &cube,
        SdmxOptions {
            labels: Some(SdmxLabels::Id),
            ..SdmxOptions::default()
        },
    );
    let structure = data_structure(&cube);
    let Some(answer) = oracle(&message, Some(&structure)) else {
        return;
    };
    let set = &answer[0];
    for (id, role) in [
        ("REF_AREA", "DIMENSION"),
        ("SEX", "DIMENSION"),
        ("TIME_PERIOD", "DIMENSION"),
        ("OBS_VALUE", "MEASURE"),
        ("OBS_STATUS", "ATTRIBUTE"),
        ("UNIT_MEASURE", "ATTRIBUTE"),
    ] {
        assert_eq!(set["components"][id], role, "{set}");
    }
    assert_eq!(
        set["codes"]["REF_AREA"],
        serde_json::json!({"272": "Kokkola", "905": "Vaasa"})
    );
    assert_eq!(set["codes"]["UNIT_MEASURE"], serde_json::json!({"PS": "Persons"}));
    assert_eq!(
        observations(&answer, &cube, "OBS_VALUE"),
        [pair("272.F.2019", 12.5), ("905.F.2019".to_owned(), None)]
    );
}
