//! Tables as offices keep them: what Excel and PxWeb save, notes under the table, sheets laid out for reading, and the
//! same tables by the hands of pandas and openpyxl.

use crate::oracle;
use kultti_core::formats::{
    Cube, Format, Mapping, NotePlace, ReadOptions, Reading, Role, Target, WriteOptions, read_cube, write_cube,
};
use kultti_core::language::Language;
use kultti_core::{Error, Result};
use rust_xlsxwriter::{ExcelDateTime, Formula, Workbook};
use serde_json::json;
use std::io::Write as _;

fn read(name: &str, bytes: &[u8], mapping: &str) -> Result<Reading> {
    let mapping = (!mapping.is_empty()).then(|| Mapping::parse("map.toml", mapping).expect("a mapping"));
    let options = ReadOptions {
        mapping,
        ..ReadOptions::default()
    };
    read_cube(name, bytes, &options)
}

/// Every cell as its codes, its number and its symbol.
fn rows(cube: &Cube) -> Vec<(String, Option<f64>, Option<&str>)> {
    let codes = |key: Vec<usize>| {
        let codes = cube.dimensions.iter().zip(key);
        let codes = codes.map(|(dimension, place)| dimension.categories[place].code.as_str());
        codes.collect::<Vec<_>>().join(" ")
    };
    let cells = cube.cells.iter();
    cells
        .map(|cell| {
            let symbol = cell.mark.symbol.as_deref();
            (codes(cube.key(cell.position)), cell.value, symbol)
        })
        .collect()
}

fn warned(reading: &Reading, code: &str) -> bool {
    reading.warnings.iter().any(|warning| warning.0.code() == code)
}

fn notes(cube: &Cube) -> Vec<&str> {
    let of_table = cube.notes.iter().filter(|note| note.place == NotePlace::Cube);
    of_table.filter_map(|note| note.text.get("")).collect()
}

/// The figures of two municipalities as Finnish Excel spells them.
const COSTS: &str = "Kunta;Vuosi;Kulut €\r\nÄänekoski;2019;1\u{a0}234,5\r\nŠ-kunta;2019;12,0\r\n";

fn is_costs(cube: &Cube) {
    assert_eq!(
        rows(cube),
        [
            ("Äänekoski 2019".into(), Some(1234.5), None),
            ("Š-kunta 2019".into(), Some(12.0), None)
        ]
    );
    assert_eq!(cube.contents.get(""), Some("Kulut €"));
}

#[test]
fn encodings_of_excel_are_read() {
    let utf16: Vec<u8> = COSTS.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [&[0xff, 0xfe], utf16.as_slice()].concat();
    let reading = read("x.csv", &marked, "").expect("UTF-16 with a mark");
    assert_eq!(reading.encoding.as_deref(), Some("UTF-16LE"));
    is_costs(&reading.cube);
    let reading = read("x.csv", &utf16, "[table]\nencoding = \"utf-16le\"").expect("UTF-16 by a mapping");
    is_costs(&reading.cube);
    let error = read("x.csv", &utf16, "").expect_err("nobody says UTF-16");
    let said = error.message().render(Language::Fi);
    assert!(
        said.starts_with("x.csv:1:") && said.contains("utf-16le") && said.contains("kuvauksessa"),
        "{said}"
    );
    // ISO 8859-15 differs from windows-1252 in eight places: Š is A6 and € is A4.
    let mut latin = Vec::new();
    for letter in COSTS.chars() {
        latin.push(match letter {
            'Š' => 0xa6,
            '€' => 0xa4,
            letter => u8::try_from(u32::from(letter)).expect("Latin"),
        });
    }
    let reading = read("x.csv", &latin, "[table]\nencoding = \"iso-8859-15\"").expect("ISO 8859-15");
    is_costs(&reading.cube);
    assert!(!warned(&reading, "warning.table-encoding"));
    is_costs(
        &read("x.csv", format!("sep=;\r\n{COSTS}").as_bytes(), "")
            .expect("sep=;")
            .cube,
    );
    // What the line says goes before what the lines look like.
    let parted = read("x.csv", b"sep=;\na,b;value\nx,y;1\n", "")
        .expect("sep=;")
        .cube;
    assert_eq!(rows(&parted), [("x,y".into(), Some(1.0), None)]);
}

#[test]
fn the_third_csv_of_pxweb_is_read_with_its_codes_and_symbols() {
    let text = "\"alue\",\"vuosi\",\"tiedot\",\"Asukasluku\"\n\"KU005\",\"2018\",\"vaesto\",9831\n\
                \"KU005\",\"2019\",\"vaesto\",\"-\"\n\"KU091\",\"2018\",\"vaesto\",\"...\"\n\"KU091\",\"2019\",\"vaesto\",\"..\"\n";
    let reading = read("px.csv", text.as_bytes(), "").expect("a table");
    let expected = [
        ("KU005 2018 vaesto", Some(9831.0), None),
        ("KU005 2019 vaesto", None, Some("-")),
        ("KU091 2018 vaesto", None, Some("...")),
        ("KU091 2019 vaesto", None, Some("..")),
    ];
    let found = rows(&reading.cube);
    let found: Vec<_> = found
        .iter()
        .map(|(key, value, symbol)| (key.as_str(), *value, *symbol))
        .collect();
    assert_eq!(found, expected);
    assert!(reading.cube.cells.iter().all(|cell| cell.mark.status.is_none()));
    // The warning says how to say what they mean …
    let warning = reading
        .warnings
        .iter()
        .find(|warning| warning.0.code() == "warning.table-symbols");
    let said = warning.expect("a warning").0.render(Language::En);
    assert!(
        said.contains("[table] symbols = \"statistics-finland\""),
        "{said}"
    );
    // … and what it says works, without a column being named.
    let mapping = "[table]\nsymbols = \"statistics-finland\"\n[constants]\nstage = \"actual\"\n";
    let reading = read("px.csv", text.as_bytes(), mapping).expect("a table");
    let cells = reading.cube.cells.iter();
    let cells: Vec<_> = cells
        .map(|cell| {
            (
                cell.value,
                cell.mark.symbol.as_deref(),
                cell.mark.status.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        cells,
        [
            (Some(9831.0), None, None),
            (Some(0.0), Some("-"), None),
            (None, Some("..."), Some("Q")),
            (None, Some(".."), Some("M"))
        ]
    );
    let (_, stage) = reading.cube.dimension("stage").expect("the constant");
    assert_eq!(stage.categories[0].code, "actual");
    assert!(!warned(&reading, "warning.table-symbols"));
}

#[test]
fn a_column_of_notes_becomes_notes_of_its_cells() {
    let mapping = "[[column]]\nname = \"Kunta\"\nrole = \"geo\"\n[[column]]\nname = \"Kulut\"\nrole = \"value\"\n\
                   [[column]]\nname = \"Huom\"\nrole = \"note\"\nlanguage = \"fi\"\n";
    let cube = read("x.csv", b"Kunta;Kulut;Huom\nIi;1;\nOulu;2;Ennakko\n", mapping)
        .expect("a table")
        .cube;
    let found: Vec<_> = cube
        .notes
        .iter()
        .map(|note| (note.place.clone(), note.text.get("fi")))
        .collect();
    assert_eq!(found, [(NotePlace::Cells(vec![Some(1)]), Some("Ennakko"))]);
}

#[test]
fn a_label_before_its_code_belongs_to_its_own_row() {
    let mapping = "[[column]]\nname = \"Nro\"\nrole = \"geo\"\n[[column]]\nname = \"Kunta\"\nrole = \"label\"\n\
                   dimension = \"Nro\"\nlanguage = \"fi\"\n[[column]]\nname = \"Kulut\"\nrole = \"value\"\n";
    let text = "Kunta;Nro;Kulut\nHelsinki;091;1\nEnontekiö;047;2\nKemi;240;3\n";
    let cube = read("x.csv", text.as_bytes(), mapping).expect("a table").cube;
    let categories = cube.dimensions[0].categories.iter();
    let found: Vec<_> = categories
        .map(|category| (category.code.as_str(), category.label.get("fi")))
        .collect();
    assert_eq!(
        found,
        [
            ("091", Some("Helsinki")),
            ("047", Some("Enontekiö")),
            ("240", Some("Kemi"))
        ]
    );
}

#[test]
fn texts_above_and_below_a_table_are_its_title_and_notes() {
    let text = "Taulukko 1. Kulut\nTuhatta euroa\n\nKunta;Vuosi;Arvo;\nA;2019;5,5;\n\nB;2019;6,5;\n;;;\n\
                Lähde: Tilastokeskus;;;\n\n1) Ennakkotieto\n";
    for text in [text.to_owned(), text.replace('\n', "\r\n")] {
        let reading = read("x.csv", text.as_bytes(), "").expect("a table");
        let cube = &reading.cube;
        assert_eq!(
            rows(cube),
            [
                ("A 2019".into(), Some(5.5), None),
                ("B 2019".into(), Some(6.5), None)
            ]
        );
        assert_eq!(cube.label.get(""), Some("Taulukko 1. Kulut"));
        assert_eq!(
            notes(cube),
            ["Lähde: Tilastokeskus", "1) Ennakkotieto", "Tuhatta euroa"]
        );
        assert!(
            cube.attributes.is_empty(),
            "the empty column at the end is nothing"
        );
        assert!(warned(&reading, "warning.table-footnotes"));
    }
    // Without an empty line between them nobody knows that the table has ended.
    let error = read("x.csv", b"Kunta;Vuosi;Arvo\nA;2019;5,5\nS\n", "").expect_err("a short line");
    assert!(
        matches!(
            &error,
            Error::RowLength {
                line: 3,
                cells: 1,
                columns: 3,
                header: 1,
                ..
            }
        ),
        "{error}"
    );
    // A table that goes on after such a line has not ended either.
    let parted = b"Kunta;2018;2019\nA;1;2\n\nB;;\nC;3;4\n";
    let cube = read("x.csv", parted, "").expect("a table").cube;
    assert_eq!(
        (rows(&cube).len(), cube.notes.len()),
        (6, 0),
        "B has no figures and is there"
    );
}

#[test]
fn a_table_without_figures_names_the_cell_that_is_none() {
    for (text, place, found) in [
        ("Kunta;Osuus\nIi;5\nOulu;5,5 %\n", "x.csv:3", "5,5 %"),
        ("Kunta;Kulut;\nIi;5;\nOulu;x;\n", "x.csv:3", "x"),
        // Beyond the numbers of a computer, not infinite.
        ("Kunta;Kulut\nIi;1e400\n", "x.csv:2", "1e400"),
    ] {
        let error = read("x.csv", text.as_bytes(), "").expect_err(text);
        let Error::NoFigures {
            place: at,
            found: cell,
            ..
        } = &error
        else {
            panic!("{error}");
        };
        assert_eq!((at.as_str(), cell.as_str()), (place, found));
    }
}

/// A workbook with a hidden sheet, a sheet of other things and one laid out for reading.
fn laid_out() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let hidden = workbook.add_worksheet();
    hidden.set_name("Piilo").expect("made").set_hidden(true);
    hidden.write_string(0, 0, "salainen").expect("made");
    let other = workbook.add_worksheet();
    other.set_name("Kansi").expect("made").set_active(true);
    other.write_string(0, 0, "Tervetuloa").expect("made");
    let sheet = workbook.add_worksheet();
    sheet.set_name("Tiedot").expect("made");
    sheet
        .write_string(0, 0, "Kulttuurin kulut")
        .expect("made")
        .write_string(0, 7, "päivitetty käsin")
        .expect("made");
    for (column, heading) in (1..).zip(["Maakunta", "Koodi", "Päivä", "Kulut"]) {
        sheet.write_string(2, column, heading).expect("made");
    }
    let day = |year| ExcelDateTime::from_ymd(year, 12, 31).expect("a day");
    let date = rust_xlsxwriter::Format::new().set_num_format("d.m.yyyy");
    for (row, (region, code, year)) in (3..).zip([
        ("Uusimaa", "091", 2018),
        ("", "091", 2019),
        ("", "049", 2018),
        ("Lappi", "240", 2018),
    ]) {
        if !region.is_empty() {
            sheet.write_string(row, 1, region).expect("made");
        }
        sheet
            .write_string(row, 2, code)
            .expect("made")
            .write_datetime_with_format(row, 3, day(year), &date)
            .expect("made");
    }
    sheet
        .write_number(3, 4, 12.5)
        .expect("made")
        .write_string(4, 4, "1\u{a0}500,25")
        .expect("made")
        .write_formula(5, 4, Formula::new("NA()").set_result("#N/A"))
        .expect("made")
        .write_formula(6, 4, Formula::new("E4*2").set_result("25"))
        .expect("made");
    sheet.write_string(8, 1, "Lähde: Kuntaliitto").expect("made");
    workbook.save_to_buffer().expect("made")
}

/// A mapping of [`laid_out`], all but the place of the table.
const LAID_OUT: &str = "[symbols]\n\"#N/A\" = \"O\"\n[[column]]\nname = \"Maakunta\"\nrole = \"dimension\"\n\
    fill_down = true\n[[column]]\nname = \"Koodi\"\nrole = \"geo\"\n[[column]]\nname = \"Päivä\"\nrole = \"time\"\n\
    [[column]]\nname = \"Kulut\"\nrole = \"value\"\n";

#[test]
fn a_sheet_laid_out_for_reading_is_read_by_a_mapping() {
    let bytes = laid_out();
    for place in [
        "sheet = \"Tiedot\"\nrange = \"B3:E7\"",
        "sheet = 3\nrange = \"$b$3:$e$7\"\ndecimal = \",\"",
    ] {
        let reading = read("x.xlsx", &bytes, &format!("[table]\n{place}\n{LAID_OUT}")).expect(place);
        let found = rows(&reading.cube);
        let found: Vec<_> = found
            .iter()
            .map(|(key, value, symbol)| (key.as_str(), *value, *symbol))
            .collect();
        assert_eq!(
            found,
            [
                ("Uusimaa 091 2018-12-31", Some(12.5), None),
                ("Uusimaa 091 2019-12-31", Some(1500.25), None),
                ("Uusimaa 049 2018-12-31", None, Some("#N/A")),
                ("Lappi 240 2018-12-31", Some(25.0), None),
            ]
        );
        let (_, time) = reading.cube.with_role(Role::Time).expect("the days");
        assert_eq!(time.code, "Päivä");
        assert!(warned(&reading, "warning.xlsx-formulas"));
    }
    // Not hidden sheets, and the first of the others; the mapping of the third does not fit it.
    let error = read("x.xlsx", &bytes, LAID_OUT).expect_err("the wrong sheet");
    assert!(
        matches!(&error, Error::UnknownColumn { known, .. } if known.as_slice() == ["Tervetuloa"]),
        "{error}"
    );
    let error = read("x.xlsx", &bytes, "[table]\nsheet = \"Tiedott\"").expect_err("no such sheet");
    assert!(error.to_string().contains("Piilo, Kansi, Tiedot"), "{error}");
    // Without [symbols] the failed formula is named by its cell.
    let mapping = LAID_OUT.replace("[symbols]\n\"#N/A\" = \"O\"\n", "");
    let mapping = format!("[table]\nsheet = \"Tiedot\"\nrange = \"B3:E7\"\n{mapping}");
    let error = read("x.xlsx", &bytes, &mapping).expect_err("a failed formula");
    assert!(
        matches!(&error, Error::SheetCell { cell, found, .. } if cell == "Tiedot!E6" && found == "#N/A"),
        "{error}"
    );
    for range in ["E7:B3", "B3", "B0:E7", "B3:E7:F9"] {
        let error = read(
            "x.xlsx",
            &bytes,
            &format!("[table]\nsheet = 3\nrange = \"{range}\""),
        )
        .expect_err(range);
        assert!(
            matches!(&error, Error::MappingField { field, .. } if field == "range"),
            "{error}"
        );
    }
}

/// A workbook of these parts, with what names them, and the rows of its one sheet.
fn package(rows: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{package}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"Taul1\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ];
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let more = more.iter().map(|(name, text)| (*name, (*text).to_owned()));
    for (name, text) in parts.into_iter().chain(more) {
        archive
            .start_file(name, zip::write::SimpleFileOptions::default())
            .expect("made");
        archive.write_all(text.as_bytes()).expect("made");
    }
    archive.finish().expect("made").into_inner()
}

/// The header of a sheet and a row whose figure is `figure`.
fn with_figure(figure: &str) -> String {
    let text = |cell: &str, text: &str| format!("<c r=\"{cell}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let header = text("A1", "Kunta") + &text("B1", "Kulut");
    let row = text("A2", "Ii") + figure;
    format!("<row r=\"1\">{header}</row><row r=\"2\">{row}</row>")
}

#[test]
fn formulas_are_not_computed_and_other_workbooks_not_opened() {
    let bytes = package(&with_figure("<c r=\"B2\"><f>SUM(C1:C9)</f></c>"), &[]);
    let error = read("x.xlsx", &bytes, "").expect_err("a formula without its value");
    assert!(
        matches!(&error, Error::SheetCell { cell, .. } if cell == "Taul1!B2"),
        "{error}"
    );
    assert!(
        error.message().render(Language::Fi).contains("avaa ja tallenna"),
        "{error}"
    );
    let bytes = package(
        &with_figure("<c r=\"B2\"><f>[1]Menot!C4</f><v>41.5</v></c>"),
        &[(
            "xl/externalLinks/externalLink1.xml",
            "<externalLink xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"/>",
        )],
    );
    let reading = read("x.xlsx", &bytes, "").expect("the stored value");
    assert_eq!(rows(&reading.cube), [("Ii".into(), Some(41.5), None)]);
    assert!(warned(&reading, "warning.xlsx-links") && warned(&reading, "warning.xlsx-formulas"));
}

#[test]
fn a_sheet_ends_where_excel_ends() {
    for (cell, row) in [("B1048577", "1048577"), ("XFE3", "3")] {
        let far = format!("<row r=\"{row}\"><c r=\"{cell}\"><v>1</v></c></row>");
        let bytes = package(&(with_figure("<c r=\"B2\"><v>1</v></c>") + &far), &[]);
        let error = read("x.xlsx", &bytes, "").expect_err("a cell beyond the sheet");
        let at = format!("Taul1!{cell}");
        assert!(
            matches!(&error, Error::SheetCell { cell, .. } if *cell == at),
            "{error}"
        );
    }
}

#[test]
fn texts_around_the_table_of_a_sheet_are_its_title_and_notes() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let table: [(u32, &[&str]); 8] = [
        (0, &["Kirjastot 2019"]),
        (1, &["euroa"]),
        (3, &["Kunta", "Vuosi", "Arvo"]),
        (4, &["Ii", "2019", "1"]),
        (5, &["Oulu", "2019", "2"]),
        (7, &["Lähde: Kirjastot.fi"]),
        (8, &["1) Ennakkotieto"]),
        (11, &["Lisätietoja: kunta"]),
    ];
    for (row, cells) in table {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, *cell).expect("made");
        }
    }
    let reading = read("x.xlsx", &workbook.save_to_buffer().expect("made"), "").expect("a table");
    assert_eq!(
        rows(&reading.cube),
        [
            ("Ii 2019".into(), Some(1.0), None),
            ("Oulu 2019".into(), Some(2.0), None)
        ]
    );
    assert_eq!(reading.cube.label.get(""), Some("Kirjastot 2019"));
    assert_eq!(
        notes(&reading.cube),
        [
            "Lähde: Kirjastot.fi",
            "1) Ennakkotieto",
            "Lisätietoja: kunta",
            "euroa"
        ]
    );
}

#[test]
fn tables_that_pandas_writes_are_read_with_its_figures() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(tables) = oracle::run("write_tables.py", &[folder.path()]) else {
        return;
    };
    let tables = tables.as_object().expect("files");
    assert_eq!(tables.len(), 8);
    for (name, expected) in tables {
        let bytes = std::fs::read(folder.path().join(name)).expect("a file");
        let cube = read(name, &bytes, "").expect(name).cube;
        let expected = expected.as_array().expect("rows").iter().map(|row| {
            let number = row[1]
                .as_str()
                .map(|number| number.parse::<f64>().expect("a number"));
            (row[0].as_str().expect("codes").to_owned(), number)
        });
        let found = rows(&cube).into_iter().map(|(codes, value, _)| (codes, value));
        assert_eq!(found.collect::<Vec<_>>(), expected.collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn pandas_reads_the_figures_that_kultti_writes() {
    let text = "Kunta,Vuosi,value\n005,2018,0.1\n005,2019,-12345678.25\n091,2018,1e300\n091,2019,..\n";
    let cube = read("x.csv", text.as_bytes(), "").expect("a table").cube;
    let folder = tempfile::tempdir().expect("a folder");
    for (name, format, excel) in [
        ("x.csv", Format::Csv, false),
        ("excel.csv", Format::Csv, true),
        ("x.tsv", Format::Tsv, false),
        ("x.xlsx", Format::Xlsx, false),
    ] {
        let path = folder.path().join(name);
        let mut file = std::fs::File::create(&path).expect("a file");
        let mut target = Target { name, out: &mut file };
        let options = WriteOptions {
            excel,
            ..WriteOptions::default()
        };
        write_cube(&cube, format, &options, &mut target).expect(name);
        drop(file);
        let Some(found) = oracle::run("read_tables.py", &[&path]) else {
            return;
        };
        assert_eq!(
            found,
            json!([
                ["005 2018", 0.1],
                ["005 2019", -12_345_678.25],
                ["091 2018", 1e300],
                ["091 2019", null]
            ]),
            "{name}"
        );
    }
}

#[test]
fn a_figure_that_someone_changes_in_a_workbook_of_kultti_is_read() {
    let text = "Kunta,Vuosi,value,status,symbol\n005,2018,0.5,,\n005,2019,7,,\n";
    let mut cube = read("x.csv", text.as_bytes(), "").expect("a table").cube;
    cube.source.set("fi", "Kuntaliitto");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("kulut.xlsx");
    let mut file = std::fs::File::create(&path).expect("a file");
    let mut target = Target {
        name: "kulut.xlsx",
        out: &mut file,
    };
    write_cube(&cube, Format::Xlsx, &WriteOptions::default(), &mut target).expect("written");
    drop(file);
    // Someone opens it, types 13,75 over the 7 and saves it.
    let Some(before) = oracle::run("change_workbook.py", &[&path]) else {
        return;
    };
    assert_eq!(before, json!(7));
    let bytes = std::fs::read(&path).expect("a file");
    let again = read("kulut.xlsx", &bytes, "").expect("a table").cube;
    assert_eq!(
        rows(&again),
        [
            ("005 2018".into(), Some(0.5), None),
            ("005 2019".into(), Some(13.75), None)
        ]
    );
    assert_eq!(again.source, cube.source);
}
