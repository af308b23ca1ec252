//! Workbooks and tables in text as carriers of any cube, and workbooks that mean harm.

use crate::cubes::any_cube;
use crate::oracle;
use kultti_core::formats::{
    Category, Cells, Cube, Dimension, Format, Labels, Mark, ReadOptions, Reading, Role, Target, WriteOptions,
    read_cube, write_cube,
};
use kultti_core::language::Language;
use kultti_core::{Error, Result};
use proptest::prelude::*;
use rust_xlsxwriter::{Formula, Workbook};
use std::io::Write as _;

fn written(cube: &Cube, format: Format, options: &WriteOptions) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut target = Target {
        name: "table",
        out: &mut bytes,
    };
    write_cube(cube, format, options, &mut target)?;
    Ok(bytes)
}

fn read(name: &str, bytes: &[u8]) -> Result<Reading> {
    read_cube(name, bytes, &ReadOptions::default())
}

/// What a table of rows can hold of a cube: codes, labels that are not empty, cells, and a dimension of periods.
fn as_rows(cube: &Cube) -> Cube {
    let mut kept = Cube::new(cube.dimensions.clone());
    kept.attributes = cube.attributes.clone();
    kept.cells = cube.cells.clone();
    for dimension in &mut kept.dimensions {
        dimension.label = Labels::default();
        if dimension.role != Role::Time {
            dimension.role = Role::Classification;
        }
        for category in &mut dimension.categories {
            let mut label = Labels::default();
            for (language, text) in category.label.iter().filter(|(_, text)| !text.is_empty()) {
                label.set(language, text);
            }
            (category.label, category.unit, category.decimals) = (label, None, None);
        }
    }
    kept
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_cube_comes_back_from_a_workbook(cube in any_cube()) {
        let bytes = written(&cube, Format::Xlsx, &WriteOptions::default()).expect("made");
        let again = read("table.xlsx", &bytes).expect("made");
        prop_assert_eq!(&again.cube, &cube);
        prop_assert!(again.warnings.is_empty());
        // The same cube is the same bytes.
        prop_assert_eq!(bytes, written(&cube, Format::Xlsx, &WriteOptions::default()).expect("made"));
    }

    #[test]
    fn any_cube_comes_back_from_text(cube in any_cube(), excel in any::<bool>(), tabs in any::<bool>()) {
        let format = if tabs { Format::Tsv } else { Format::Csv };
        let options = WriteOptions { excel, ..WriteOptions::default() };
        let bytes = written(&cube, format, &options).expect("made");
        let mut again = read("table.csv", &bytes).expect("made");
        let kept = as_rows(&cube);
        again.cube.languages.clone_from(&kept.languages);
        prop_assert_eq!(again.cube, kept);
    }
}

/// Three figures in 2018 and 2019, one missing and one a true zero.
fn costs() -> Cube {
    let mut area = Dimension::new(
        "area",
        Role::Geo,
        vec![Category::new("005"), Category::new("091")],
    );
    area.categories[1].label = Labels::new("sv", "=1+1");
    let year = Dimension::new(
        "year",
        Role::Time,
        vec![Category::new("2018"), Category::new("2019")],
    );
    let mut cube = Cube::new(vec![area, year]);
    cube.languages = vec!["sv".into()];
    cube.decimals = Some(1);
    let mut cells = Cells::dense();
    let mark = |status: Option<&str>, symbol: Option<&str>| Mark {
        status: status.map(str::to_owned),
        symbol: symbol.map(str::to_owned),
        ..Mark::default()
    };
    cells.push(Some(12.5), Mark::default());
    cells.push(None, mark(Some("M"), None));
    cells.push(Some(0.0), mark(None, Some("-")));
    cells.push(None, mark(Some("Q"), Some("x")));
    cube.cells = cells;
    cube
}

/// Rows of a sheet in a workbook made by another hand.
fn sheet(rows: &[&[&str]]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(*cells) {
            match (cell.parse::<f64>(), cell.strip_prefix('=')) {
                (_, Some(formula)) => sheet.write_formula(row, column, Formula::new(formula).set_result("7")),
                (Ok(number), _) if !cell.starts_with('0') => sheet.write_number(row, column, number),
                _ => sheet.write_string(row, column, *cell),
            }
            .expect("made");
        }
    }
    workbook.save_to_buffer().expect("made")
}

fn warned(reading: &Reading, code: &str) -> bool {
    reading.warnings.iter().any(|warning| warning.0.code() == code)
}

#[test]
fn a_table_of_another_hand_is_read() {
    let rows: &[&[&str]] = &[
        &["Kirjastojen kulut"],
        &[],
        &["Kunta", "Koodi", "Vuosi", "Kulut"],
        &["Ii", "005", "2018", "12.5"],
        &["Ii", "005", "2019", "=SUM(A1:A2)"],
        &["Oulu", "091", "2018", ".."],
    ];
    let reading = read("kulut.xlsx", &sheet(rows)).expect("a table");
    let cube = &reading.cube;
    assert_eq!(cube.label.get(""), Some("Kirjastojen kulut"));
    let codes: Vec<&str> = cube.dimensions[1]
        .categories
        .iter()
        .map(|category| category.code.as_str())
        .collect();
    assert_eq!(codes, ["005", "091"]);
    assert_eq!(
        cube.with_role(Role::Time)
            .map(|(_, dimension)| dimension.code.as_str()),
        Some("Vuosi")
    );
    let years: Vec<&str> = cube.dimensions[2]
        .categories
        .iter()
        .map(|category| category.code.as_str())
        .collect();
    assert_eq!(years, ["2018", "2019"]);
    let cells: Vec<_> = cube
        .cells
        .iter()
        .map(|cell| (cell.value, cell.mark.symbol.as_deref()))
        .collect();
    assert_eq!(cells, [(Some(12.5), None), (Some(7.0), None), (None, Some(".."))]);
    assert!(warned(&reading, "warning.xlsx-formulas") && warned(&reading, "warning.table-assumed"));
}

#[test]
fn a_wrong_cell_is_named() {
    let rows: &[&[&str]] = &[&["Kunta", "value"], &["Ii", "1"], &["Oulu", "paljon"]];
    let error = read("x.xlsx", &sheet(rows)).expect_err("a word among figures");
    assert!(error.to_string().contains("Sheet1!B3"), "{error}");
    let rows: &[&[&str]] = &[&["Kunta", "value"], &["Ii", "1", "", "muuta"]];
    let error = read("x.xlsx", &sheet(rows)).expect_err("a cell beside the table");
    assert!(error.to_string().contains("Sheet1!D2"), "{error}");
    let rows: &[&[&str]] = &[&["Kunta", "value"], &["Ii", "1"], &["Ii", "2"]];
    assert!(matches!(
        read("x.xlsx", &sheet(rows)),
        Err(Error::DuplicateCell {
            line: 3,
            first: 2,
            ..
        })
    ));
}

#[test]
fn a_table_with_headings_in_two_rows_is_read_by_a_mapping() {
    let rows: &[&[&str]] = &[
        &["Väestö"],
        &["", "2018", "", "2019", ""],
        &["Alue", "Naiset", "Miehet", "Naiset", "Miehet"],
        &["Ii", "1", "2", "3", "4"],
        &["Lähde: Tilastokeskus"],
    ];
    let mapping = "wide = \"{vuosi} {sukupuoli}\"\n[table]\nheader_row = 2\nheader_rows = 2\nlast_row = 4\n\
                   [[column]]\nname = \"Alue\"\nrole = \"geo\"\n[[dimension]]\ncode = \"vuosi\"\nrole = \"time\"\n";
    let options = ReadOptions {
        mapping: Some(kultti_core::formats::Mapping::parse("map.toml", mapping).expect("made")),
        ..ReadOptions::default()
    };
    for (name, bytes) in [
        ("x.xlsx", sheet(rows)),
        (
            "x.csv",
            rows.iter()
                .map(|row| row.join(";") + "\n")
                .collect::<String>()
                .into_bytes(),
        ),
    ] {
        let cube = read_cube(name, &bytes, &options).expect(name).cube;
        let codes: Vec<&str> = cube
            .dimensions
            .iter()
            .map(|dimension| dimension.code.as_str())
            .collect();
        assert_eq!(codes, ["Alue", "sukupuoli", "vuosi"], "{name}");
        // Women 2018 and 2019, then men.
        assert_eq!(cube.cells.values(), [1.0, 3.0, 2.0, 4.0], "{name}");
    }
}

#[test]
fn more_rows_than_a_sheet_has_are_refused() {
    let rows = Dimension::new(
        "row",
        Role::Classification,
        (0..1_048_576).map(|row| Category::new(row.to_string())).collect(),
    );
    let mut cube = Cube::new(vec![rows]);
    cube.cells = Cells::of_values(vec![1.0; 1_048_576]);
    let error = written(&cube, Format::Xlsx, &WriteOptions::default())
        .expect_err("refused")
        .to_string();
    assert!(error.contains("1048577") && error.contains("Parquet"), "{error}");
}

/// A workbook whose only sheet has these rows, in the words of the format.
fn with_rows(rows: &str) -> Vec<u8> {
    let whole = sheet(&[&["value"]]);
    let mut parts = zip::ZipArchive::new(std::io::Cursor::new(whole)).expect("a package");
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for at in 0..parts.len() {
        let mut part = parts.by_index(at).expect("a part");
        let name = part.name().expect("a name").into_owned();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut part, &mut text).expect("text");
        if name == "xl/worksheets/sheet1.xml" {
            text = text.replace("</sheetData>", &format!("{rows}</sheetData>"));
        }
        out.start_file(name, zip::write::SimpleFileOptions::default())
            .expect("made");
        out.write_all(text.as_bytes()).expect("made");
    }
    out.finish().expect("made").into_inner()
}

/// A package with one part of so many equal bytes.
fn bomb(name: &str, bytes: usize) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive
        .start_file(name, zip::write::SimpleFileOptions::default())
        .expect("made");
    let chunk = vec![b' '; 1 << 20];
    for _ in 0..bytes >> 20 {
        archive.write_all(&chunk).expect("made");
    }
    archive.finish().expect("made").into_inner()
}

#[test]
fn a_cell_below_the_last_of_excel_is_told_with_that_last_one() {
    let rows =
        r#"<row r="2"><c r="A2"><v>1</v></c></row><row r="1048577"><c r="A1048577"><v>1</v></c></row>"#;
    let bytes = with_rows(rows);
    let error = read("much.xlsx", &bytes).expect_err("refused");
    for (language, last) in [
        (Language::En, "XFD1048576, the last"),
        (Language::Fi, "soluun XFD1048576"),
    ] {
        let text = error.message().render(language);
        assert!(text.contains("!A1048577") && text.contains(last), "{text}");
    }
}

#[test]
fn workbooks_that_mean_harm_are_refused() {
    let bytes = bomb("xl/worksheets/sheet1.xml", 64 << 20);
    assert!(bytes.len() < 1 << 18, "64 MB in {} bytes", bytes.len());
    let error = read("x.xlsx", &bytes).expect_err("a bomb");
    assert!(
        matches!(&error, Error::Oversized { part, .. } if part == "xl/worksheets/sheet1.xml"),
        "{error}"
    );
    let strings = br#"<sst uniqueCount = "9999999999999"><si><t>x</t></si></sst>"#;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive
        .start_file("xl/sharedStrings.xml", zip::write::SimpleFileOptions::default())
        .expect("made");
    archive.write_all(strings).expect("made");
    let bytes = archive.finish().expect("made").into_inner();
    assert!(matches!(read("x.xlsx", &bytes), Err(Error::NotAWorkbook { .. })));
    for bytes in [
        b"PK\x03\x04 and nothing more".to_vec(),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook".to_vec(),
        bomb("mimetype", 1 << 20),
        bomb("xl/workbook.xml", 1 << 20),
    ] {
        assert!(matches!(read("x.xlsx", &bytes), Err(Error::NotAWorkbook { .. })));
    }
}

/// No cell of any sheet is a formula.
fn without_formulas(sheets: &serde_json::Value) {
    for sheet in sheets.as_array().expect("sheets") {
        for row in sheet["rows"].as_array().expect("rows") {
            assert!(
                row.as_array().expect("cells").iter().all(|cell| cell[0] != "f"),
                "{row}"
            );
        }
    }
}

#[test]
fn openpyxl_finds_the_same_figures_and_no_formula() {
    let bytes = written(&costs(), Format::Xlsx, &WriteOptions::default()).expect("written");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("costs.xlsx");
    std::fs::write(&path, &bytes).expect("a file");
    let Some(sheets) = oracle::run("read_workbook.py", &[&path]) else {
        return;
    };
    let names: Vec<_> = (0..3)
        .map(|place| (sheets[place]["name"].as_str(), sheets[place]["state"].as_str()))
        .collect();
    assert_eq!(
        names,
        [
            (Some("Data"), Some("visible")),
            (Some("Anmärkningar"), Some("visible")),
            (Some("kultti"), Some("veryHidden")),
        ]
    );
    assert_eq!(
        (
            sheets[0]["frozen"].as_str(),
            sheets[0]["merged"].as_array().map(Vec::len)
        ),
        (Some("A2"), Some(0))
    );
    let rows = sheets[0]["rows"].as_array().expect("rows");
    let texts: Vec<_> = rows[0]
        .as_array()
        .expect("cells")
        .iter()
        .map(|cell| cell[1].as_str())
        .collect();
    let header = ["area", "area.label.sv", "year", "value", "status", "symbol"];
    assert_eq!(texts, header.map(Some));
    let values: Vec<_> = rows[1..]
        .iter()
        .map(|row| (row[3][0].as_str(), row[3][1].clone()))
        .collect();
    let (number, text) = (Some("n"), Some("s"));
    assert_eq!(
        values,
        [
            (number, 12.5.into()),
            (text, "..".into()),
            (number, 0.into()),
            (text, "x".into())
        ]
    );
    assert_eq!(
        (rows[1][0][1].as_str(), rows[1][3][2].as_str()),
        (Some("005"), Some("0.0"))
    );
    assert_eq!(
        (rows[3][1][0].as_str(), rows[3][1][1].as_str()),
        (text, Some("=1+1"))
    );
    without_formulas(&sheets);
}
