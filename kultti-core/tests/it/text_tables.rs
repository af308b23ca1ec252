//! Tables in text: the dialects of offices, mappings, and what Kultti writes itself.

use kultti_core::formats::{
    Category, Cells, Cube, Dimension, Format, Labels, Mapping, Mark, ReadOptions, Reading, Role, Target,
    TimePeriod, WriteOptions, read_cube, write_cube,
};
use kultti_core::{Error, Result};

/// Reads a table in text by rules.
fn read(name: &str, bytes: &[u8]) -> Result<Reading> {
    read_cube(name, bytes, &ReadOptions::default())
}

/// Reads a table in text by a mapping.
fn mapped(bytes: &[u8], mapping: &str) -> Result<Reading> {
    let options = ReadOptions {
        mapping: Some(Mapping::parse("map.toml", mapping)?),
        ..ReadOptions::default()
    };
    read_cube("table.csv", bytes, &options)
}

fn written(cube: &Cube, format: Format, options: &WriteOptions) -> String {
    let mut bytes = Vec::new();
    let mut target = Target {
        name: "table.csv",
        out: &mut bytes,
    };
    write_cube(cube, format, options, &mut target).expect("written");
    String::from_utf8(bytes).expect("UTF-8")
}

/// Codes of a dimension.
fn codes(cube: &Cube, dimension: &str) -> Vec<String> {
    let (_, dimension) = cube.dimension(dimension).expect("a dimension");
    dimension
        .categories
        .iter()
        .map(|category| category.code.clone())
        .collect()
}

/// Value and symbol of every cell.
fn cells(cube: &Cube) -> Vec<(Option<f64>, Option<&str>)> {
    cube.cells
        .iter()
        .map(|cell| (cell.value, cell.mark.symbol.as_deref()))
        .collect()
}

fn warned(reading: &Reading, code: &str) -> bool {
    reading.warnings.iter().any(|warning| warning.0.code() == code)
}

/// Two areas and two years with every kind of text that a table can be broken by.
fn awkward() -> Cube {
    let labels = [
        ("005", "=1+1"),
        ("-5", "Sarake \"a\"; b, c"),
        ("@x", "kaksi\nriviä\r\nja\tsarkain"),
        ("åäö", "a;=2+2"),
        ("'=1", ""),
    ];
    let category = |(code, label): (&str, &str)| Category {
        label: if label.is_empty() {
            Labels::default()
        } else {
            Labels::new("fi", label)
        },
        ..Category::new(code)
    };
    let mut area = Dimension::new(
        "value",
        Role::Classification,
        labels.into_iter().map(category).collect(),
    );
    area.categories[0].label.set("sv", "+1+1");
    let year = Dimension::new(
        "year",
        Role::Classification,
        vec![Category::new("a"), Category::new("b.label")],
    );
    let mut cube = Cube::new(vec![
        area,
        year,
        Dimension::new("x.label", Role::Classification, vec![Category::new("")]),
    ]);
    cube.languages = vec!["fi".into(), "sv".into()];
    let attribute = cube.attribute("text");
    assert_eq!(attribute, 0);
    cube.cells = awkward_cells();
    cube
}

/// Ten cells of every kind.
fn awkward_cells() -> Cells {
    let mark = |symbol: &str| Mark {
        symbol: Some(symbol.into()),
        ..Mark::default()
    };
    let mut cells = Cells::dense();
    cells.push(Some(-1.5), Mark::default());
    cells.push(None, mark(".."));
    cells.push(Some(0.0), mark("-"));
    cells.push(
        Some(0.1 + 0.2),
        Mark {
            status: Some("E".into()),
            ..Mark::default()
        },
    );
    cells.push(
        Some(1e300),
        Mark {
            attributes: vec![Some("=A1".into())],
            ..Mark::default()
        },
    );
    cells.push(
        None,
        Mark {
            text: Some("+text".into()),
            ..Mark::default()
        },
    );
    cells.push(None, Mark::default());
    cells.push(Some(5e-324), Mark::default());
    cells.push(Some(9_007_199_254_740_993.0), Mark::default());
    cells.push(Some(-0.0), Mark::default());
    cells
}

#[test]
fn what_kultti_writes_it_reads_back_exactly() {
    let cube = awkward();
    for (format, excel, name) in [
        (Format::Csv, false, "table.csv"),
        (Format::Csv, true, "table.csv"),
        (Format::Tsv, false, "table.tsv"),
    ] {
        let options = WriteOptions {
            excel,
            ..WriteOptions::default()
        };
        let text = written(&cube, format, &options);
        let reading = read(name, text.as_bytes()).expect(&text);
        assert_eq!(reading.cube, cube, "{format} {excel}\n{text}");
        assert!(reading.warnings.is_empty(), "{:?}", reading.warnings);
    }
}

#[test]
fn the_header_names_dimensions_labels_and_figures() {
    let text = written(&awkward(), Format::Csv, &WriteOptions::default());
    let header = "dimension.value,dimension.value.label.fi,dimension.value.label.sv,year,dimension.x..label,\
                  value,status,symbol,text,attribute.text\r\n";
    assert!(text.starts_with(header), "{text}");
    assert!(text.contains("\r\n005,'=1+1,'+1+1,a,,-1.5,,,,\r\n"), "{text}");
    let excel = WriteOptions {
        excel: true,
        languages: vec!["sv".into()],
        ..WriteOptions::default()
    };
    let text = written(&awkward(), Format::Csv, &excel);
    assert!(text.starts_with("\u{feff}dimension.value;"), "{text}");
    assert!(text.contains(";a;;-1,5;"), "{text}");
}

#[test]
fn a_column_of_another_hand_that_is_called_like_the_figures_comes_back() {
    let first = read("x.csv", b"kunta;value;note;value\nKokkola;0.3;r;7\n")
        .expect("a table")
        .cube;
    let again = read(
        "x.csv",
        written(&first, Format::Csv, &WriteOptions::default()).as_bytes(),
    );
    assert_eq!(cells(&again.expect("a table").cube), [(Some(0.3), None)]);
}

#[test]
fn a_table_of_finnish_excel_is_read() {
    let text = "\u{feff}Kunta;Vuosi;Nettokustannukset\r\n005;2018;1\u{a0}234,50\r\n005;2019;\u{2212}3,25\r\n091;2018;..\r\n091;2019;12\r\n";
    let reading = read("kulut.csv", text.as_bytes()).expect("a table");
    let cube = &reading.cube;
    assert_eq!(codes(cube, "Kunta"), ["005", "091"]);
    assert_eq!(codes(cube, "Vuosi"), ["2018", "2019"]);
    assert_eq!(cube.with_role(Role::Time).map(|(place, _)| place), Some(1));
    assert_eq!(
        cells(cube),
        [
            (Some(1234.5), None),
            (Some(-3.25), None),
            (None, Some("..")),
            (Some(12.0), None)
        ]
    );
    assert_eq!(cube.contents.get(""), Some("Nettokustannukset"));
    assert!(warned(&reading, "warning.table-assumed") && warned(&reading, "warning.table-symbols"));
    // The same table as an old Excel saves it: the euro sign is that of windows-1252.
    let old = b"Kunta;Hinta \x80\r\nIi;1,5\r\n\xc4kaslompolo;2\r\n";
    let reading = read("vanha.csv", old).expect("a table");
    assert_eq!(reading.encoding.as_deref(), Some("windows-1252"));
    assert_eq!(codes(&reading.cube, "Kunta"), ["Ii", "Äkaslompolo"]);
    assert_eq!(reading.cube.contents.get(""), Some("Hinta €"));
    assert!(warned(&reading, "warning.table-encoding"));
}

#[test]
fn exports_of_pxweb_are_read() {
    // csv with a title: stub variables by name, the values of the heading in one text.
    let wide = "\"Väestö, muuttujina Alue, Vuosi\"\r\n\r\n\"Alue\",\"Sukupuoli\",\"2018 Väestö\",\"2018 Syntyneet\",\"2019 Väestö\",\"2019 Syntyneet\"\r\n\"Koko maa\",\"Miehet\",1,2,3,\"..\"\r\n\"Ii\",\"Miehet\",5,\"-\",7,8\r\n";
    let cube = read("px.csv", wide.as_bytes()).expect("a table").cube;
    assert_eq!(cube.label.get(""), Some("Väestö, muuttujina Alue, Vuosi"));
    assert_eq!(codes(&cube, "time"), ["2018", "2019"]);
    assert_eq!(codes(&cube, "measure"), ["Väestö", "Syntyneet"]);
    // Alue × Sukupuoli × measure × time: the last runs fastest.
    assert_eq!(
        cells(&cube)[..4],
        [
            (Some(1.0), None),
            (Some(3.0), None),
            (Some(2.0), None),
            (None, Some(".."))
        ]
    );
    // csv2: every variable in the stub, the figures below the contents of the table.
    let long = "\"Alue\",\"Vuosi\",\"Tiedot\",\"Väestö 31.12.\"\n\"Koko maa\",\"2018\",\"Väestö\",5517919\n\"Koko maa\",\"2019\",\"Väestö\",5525292\n";
    let cube = read("px.csv", long.as_bytes()).expect("a table").cube;
    assert_eq!(codes(&cube, "Tiedot"), ["Väestö"]);
    assert_eq!(cube.cells.values(), [5_517_919.0, 5_525_292.0]);
    // tab
    let tab = long.replace(',', "\t");
    assert_eq!(
        read("px.tsv", tab.as_bytes())
            .expect("a table")
            .cube
            .cells
            .values(),
        [5_517_919.0, 5_525_292.0]
    );
}

#[test]
fn a_year_is_a_period_and_a_code_with_a_zero_no_number() {
    assert_eq!(TimePeriod::parse("2018"), Some(TimePeriod::Year(2018)));
    let cube = read("x.csv", b"vuosi,koodi,luku\n2018,005,1\n2019,009,2\n")
        .expect("a table")
        .cube;
    assert_eq!(codes(&cube, "koodi"), ["005", "009"]);
    // 2018×005 and 2019×009: two cells of four.
    assert_eq!(cube.cells.positions(), Some([0, 3].as_slice()));
}

/// A wide table of costs: the years and the measure stand in the headings.
const WIDE: &str = r#"
wide = "{year} ({measure})"

[table]
symbols = "statistics-finland"

[cube]
label = { fi = "Kulut" }
source = { fi = "Kuntaliitto" }

[constants]
stage = "actual"

[[column]]
name = "Kuntakoodi"
role = "geo"
dimension = "area"
strip_prefix = "KU"
codes = { SSS = "FI" }

[[column]]
name = "Kunta"
role = "label"
dimension = "area"
language = "fi"

[[dimension]]
code = "measure"
role = "metric"
label = { fi = "Mittari" }
[dimension.category.net]
label = { fi = "Nettokulut" }
unit = { label = { fi = "euroa" }, symbol = "€" }
decimals = 1

[[dimension]]
code = "year"
role = "time"
"#;

#[test]
fn a_mapping_says_what_columns_are() {
    let mapping = WIDE;
    let text = "Kuntakoodi;Kunta;2018 (net);2019 (net);Huomautus\nKU005;Alajärvi;1,5;.\nSSS;Koko maa;-;3\n";
    let reading = mapped(text.replace('.', "..").as_bytes(), mapping);
    let error = reading.expect_err("a row is one cell short").to_string();
    assert!(
        error.contains("table.csv:2") && error.contains('5') && error.contains('4'),
        "{error}"
    );
    let text =
        "Kuntakoodi;Kunta;2018 (net);2019 (net);Huomautus\nKU005;Alajärvi;1,5;.;x\nSSS;Koko maa;-;3;\n";
    let reading = mapped(text.as_bytes(), mapping).expect("a table");
    let cube = &reading.cube;
    assert_eq!(codes(cube, "area"), ["005", "FI"]);
    assert_eq!(cube.dimensions[0].categories[0].label.get("fi"), Some("Alajärvi"));
    assert_eq!(codes(cube, "year"), ["2018", "2019"]);
    assert_eq!(codes(cube, "stage"), ["actual"]);
    let (_, measure) = cube.dimension("measure").expect("a dimension");
    assert_eq!(
        measure.categories[0]
            .unit
            .as_ref()
            .and_then(|unit| unit.symbol.as_deref()),
        Some("€")
    );
    assert_eq!(
        (measure.role, measure.categories[0].decimals),
        (Role::Metric, Some(1))
    );
    let statuses: Vec<_> = cube
        .cells
        .iter()
        .map(|cell| (cell.value, cell.mark.status.as_deref()))
        .collect();
    assert_eq!(
        statuses,
        [
            (Some(1.5), None),
            (None, Some("O")),
            (Some(0.0), None),
            (Some(3.0), None)
        ]
    );
    assert!(warned(&reading, "warning.table-unmapped"));
}

fn refused(bytes: &[u8]) -> Error {
    read("table.csv", bytes).expect_err("refused")
}

#[test]
fn broken_tables_are_refused_with_their_line() {
    for (text, line, part) in [
        ("a,b,value\nx,y,1\nx,z\n", 3, "is 2 cells long"),
        ("a,b,value\r\n\r\nx,y,1\r\nx,z,1,2\r\n", 4, "is 4 cells long"),
        ("a,b,value\nx,\"y\ny\",1\nx,\"z,1\n", 4, "quotation mark"),
        ("a,value\nx,1\ny,mukava\n", 3, "mukava"),
        ("a,value\nx,1\n,2\n", 3, "category"),
        ("a,value\nx,1\ny,2\nx,3\n", 4, "line 2"),
        ("a,value\nx,1\0\n", 2, "NUL"),
        ("", 1, "header"),
    ] {
        let error = refused(text.as_bytes()).to_string();
        assert!(
            error.starts_with(&format!("table.csv:{line}:")),
            "{text:?}: {error}"
        );
        assert!(error.contains(part), "{text:?}: {error}");
    }
    assert!(matches!(refused(b"a,b\nx,y\n"), Error::NoFigures { .. }));
    // In a table parted by commas nobody knows whether 1,234 is a thousand or a little more than one.
    assert!(matches!(
        refused(b"a,b\nx,\"1,234\"\ny,\"2,345\"\n"),
        Error::NoFigures { .. }
    ));
}
