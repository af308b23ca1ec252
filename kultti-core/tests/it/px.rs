//! PX files: what real ones hold, what is told of damaged ones, and that a cube comes back as it was written.

use kultti_core::Error;
use kultti_core::formats::{
    Absent, Cells, Cube, Format, PxStream, ReadOptions, Reading, Target, Warning, WriteOptions, read_cube,
    write_cube,
};
use proptest::strategy::Strategy;
use std::path::PathBuf;

/// Real files of statistical offices, which are not ours to hand on.
fn interop(test: &str) -> Vec<(String, Vec<u8>)> {
    let Some(folder) = std::env::var_os("KULTTI_INTEROP").map(PathBuf::from) else {
        eprintln!("SKIPPED {test}: KULTTI_INTEROP names no folder with real files");
        return Vec::new();
    };
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder.join("px"))
        .expect("the folder px")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read(&path).expect("a file"))
        })
        .collect();
    files.sort();
    assert!(!files.is_empty(), "the folder px of KULTTI_INTEROP is empty");
    files
}

fn read(name: &str, bytes: &[u8]) -> Result<Reading, Error> {
    let options = ReadOptions {
        format: Some(Format::Px),
        ..ReadOptions::default()
    };
    read_cube(name, bytes, &options)
}

#[test]
fn real_files_are_read_or_refused_with_a_line() {
    for (name, bytes) in interop("real_files_are_read_or_refused_with_a_line") {
        assert_eq!(
            Format::of("x", &bytes).ok(),
            Some(Format::Px),
            "{name} is known by its content"
        );
        let result = read(&name, &bytes);
        if name.contains("error__fatal") {
            let error = result.expect_err(&name);
            let text = error.to_string();
            let line = text.split(':').nth(1).and_then(|line| line.parse::<usize>().ok());
            assert!(line.is_some_and(|line| line > 1), "{name}: {text}");
            continue;
        }
        let reading = result.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!reading.cube.cells.is_empty(), "{name}");
        if name.contains("error__continue") {
            assert!(!reading.warnings.is_empty(), "{name}");
        }
    }
}

fn write(cube: &Cube, options: &WriteOptions) -> (Vec<u8>, Vec<Warning>) {
    let mut bytes = Vec::new();
    let mut target = Target {
        name: "out.px",
        out: &mut bytes,
    };
    let warnings = write_cube(cube, Format::Px, options, &mut target).expect("a file");
    (bytes, warnings)
}

#[test]
fn a_real_file_that_is_written_reads_back_as_the_same_cube() {
    for (name, bytes) in interop("a_real_file_that_is_written_reads_back_as_the_same_cube") {
        let Ok(first) = read(&name, &bytes) else { continue };
        let (written, _) = write(&first.cube, &WriteOptions::default());
        let second = read(&name, &written).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (mut left, mut right) = (first.cube, second.cube);
        for (key, value) in &left.foreign {
            assert_eq!(Some(value), right.foreign.get(key), "{name}: foreign");
        }
        assert!(left.cells == right.cells, "{name}: cells");
        left.cells = Cells::dense();
        right.cells = Cells::dense();
        assert_eq!(left, right, "{name}");
    }
}

/// A table of two municipalities and two years, with whatever else is given before its figures.
fn small(more: &str, data: &str) -> Vec<u8> {
    format!(
        "CHARSET=\"ANSI\";\nCODEPAGE=\"utf-8\";\nLANGUAGE=\"fi\";\nSTUB=\"Kunta\";\nHEADING=\"Vuosi\";\n\
         VALUES(\"Kunta\")=\"Kokkola\",\"Helsinki\";\nVALUES(\"Vuosi\")=\"2018\",\"2019\";\nCODES(\"Kunta\")=\"272\",\"091\";\n\
         {more}DATA=\n{data}"
    )
    .into_bytes()
}

fn values(bytes: &[u8]) -> Vec<Option<f64>> {
    let reading = read("x.px", bytes).expect("a table");
    reading.cube.cells.iter().map(|cell| cell.value).collect()
}

fn refused(bytes: &[u8]) -> String {
    read("x.px", bytes).expect_err("a mistake").to_string()
}

#[test]
fn figures_may_be_parted_by_anything_that_old_files_use() {
    let expected = [Some(1.0), Some(-2.5), Some(0.125), Some(1500.0)];
    for data in [
        "1 -2.5 0.125 1500;",
        "1,-2.5,0.125,1500;",
        "1;-2.5;0.125;1500;",
        "1\t-2.5\r\n0.125 1.5e3 ;\n",
    ] {
        assert_eq!(values(&small("", data)), expected, "{data}");
    }
}

#[test]
fn symbols_have_the_status_of_the_common_table_unless_the_file_gives_them_another_meaning() {
    let marks = |more: &str| {
        let reading = read("x.px", &small(more, "\".\" \"..\" \"...\" \"-\" ;")).expect("a table");
        let cells = reading.cube.cells;
        (0..4)
            .map(|at| {
                let cell = cells.at(at).expect("a cell");
                (
                    cell.value,
                    cell.mark.symbol.clone().unwrap_or_default(),
                    cell.mark.status.clone(),
                )
            })
            .collect::<Vec<_>>()
    };
    let status = |code: &str| Some(code.to_owned());
    assert_eq!(
        marks(""),
        [
            (None, ".".to_owned(), status("O")),
            (None, "..".to_owned(), status("M")),
            (None, "...".to_owned(), status("Q")),
            (Some(0.0), "-".to_owned(), status("A")),
        ]
    );
    // Statistics Finland's own text says the usual; another one says something that no code is known for.
    let said = marks("DATASYMBOL1=\"Tieto on puuttuva\";\nDATASYMBOL2=\"alle puolet yksiköstä\";\n");
    assert_eq!((said[0].2.clone(), said[1].2.clone()), (status("O"), None));
}

#[test]
fn rows_that_keys_leave_out_are_zeros() {
    let bytes = small("KEYS(\"Kunta\")=VALUES;\n", "\"Helsinki\",3 4 ;");
    let cube = read("x.px", &bytes).expect("a table").cube;
    // Helsinki is the second row: its figures stand at 1 × 2 years + 0 and 1.
    assert_eq!(cube.cells.positions(), Some(&[2, 3][..]));
    assert_eq!(cube.cells.absent(), Absent::Zero);
    let twice = small("KEYS(\"Kunta\")=CODES;\n", "\"091\",3 4 \n\"091\" 5 6 ;");
    assert!(
        refused(&twice).starts_with("x.px:12: PX, DATA"),
        "{}",
        refused(&twice)
    );
    let unknown = small("KEYS(\"Kunta\")=CODES;\n", "\"999\",3 4 ;");
    assert!(refused(&unknown).contains("\"999\""), "{}", refused(&unknown));
}

#[test]
fn a_mistake_is_told_with_its_place() {
    // Lines 1 to 8 are those of `small`; DATA stands on line 9 and the figures begin on line 10.
    assert!(
        refused(&small("", "1 2 3;")).starts_with("x.px:10: PX, DATA"),
        "{}",
        refused(&small("", "1 2 3;"))
    );
    assert!(refused(&small("", "1 2\n3 4 5;")).starts_with("x.px:11: PX, DATA"));
    assert!(
        refused(&small("", "1 2\n3 x;")).starts_with("x.px:11:3: px, DATA"),
        "{}",
        refused(&small("", "1 2\n3 x;"))
    );
    assert!(refused(&small("NOTE=\"a\" b;\n", "1 2 3 4;")).starts_with("x.px:9:10: px, NOTE"));
    assert!(refused(&small("CODES(\"Vuosi\")=\"1\";\n", "1 2 3 4;")).starts_with("x.px:9: PX, CODES"));
    assert!(refused(&small("", "1 2 3 4")).starts_with("x.px:10:8: px, DATA"));
}

#[test]
fn a_whole_number_that_no_double_holds_is_named() {
    // 2^53 + 1 lies between two doubles, 2^53 is one.
    let reading = read("x.px", &small("", "9007199254740992 9007199254740993 1 1 ;")).expect("a table");
    let text: Vec<String> = reading
        .warnings
        .iter()
        .map(|one| one.0.render(kultti_core::language::Language::En))
        .collect();
    let named = text
        .iter()
        .find(|text| text.contains("9007199254740993"))
        .expect("a warning");
    assert!(named.contains("Kunta=272, Vuosi=2019"), "{named}");
}

#[test]
fn attributes_of_cells_and_their_defaults_come_back() {
    let more = "ATTRIBUTE-ID=\"OBS_STATUS\",\"CONF_STATUS\";\nATTRIBUTES=\"A\",\"F\";\nATTRIBUTES(\"091\",\"2019\")=\"P\",\"\";\n";
    let first = read("x.px", &small(more, "1 2 3 4 ;")).expect("a table").cube;
    let said = |at: u64| {
        let mark = first.cells.at(at).expect("a cell").mark;
        (mark.status.clone(), mark.attribute(0).map(str::to_owned))
    };
    assert_eq!(said(0), (Some("A".to_owned()), Some("F".to_owned())));
    assert_eq!(said(3), (Some("P".to_owned()), None));
    let (written, _) = write(&first, &WriteOptions::default());
    let second = read("x.px", &written).expect("a table").cube;
    assert!((0..4).all(|at| {
        let pair = |cube: &Cube| {
            let mark = cube.cells.at(at).expect("a cell").mark;
            (mark.status.clone(), mark.attribute(0).map(str::to_owned))
        };
        pair(&first) == pair(&second)
    }));
}

#[test]
fn keys_of_attributes_may_leave_dimensions_open_and_the_last_one_wins() {
    let status = |more: &str| {
        let more = format!("ATTRIBUTE-ID=\"OBS_STATUS\";\n{more}");
        let cube = read("x.px", &small(&more, "1 2 3 \"..\" ;"))
            .expect("a table")
            .cube;
        let status = |at: u64| {
            cube.cells
                .at(at)
                .expect("a cell")
                .mark
                .status
                .clone()
                .unwrap_or_default()
        };
        (0..4).map(status).collect::<Vec<_>>().join(" ")
    };
    // Rows are Kokkola (272) and Helsinki (091), columns 2018 and 2019; `..` is M where nothing names the cell.
    let (year, row) = (
        "ATTRIBUTES(\"*\",\"2018\")=\"P\";\n",
        "ATTRIBUTES(\"091\",\"*\")=\"E\";\n",
    );
    assert_eq!(status(&format!("{year}{row}")), "P  E E");
    assert_eq!(status(&format!("{row}{year}")), "P  P E");
    let (all, one) = (
        "ATTRIBUTES(\"*\",\"*\")=\"D\";\n",
        "ATTRIBUTES(\"272\",\"2019\")=\"B\";\n",
    );
    assert_eq!(status(&format!("{all}{one}")), "D B D D");
    assert_eq!(status(&format!("{one}{all}")), "D D D D");
    assert_eq!(status("ATTRIBUTES=\"A\";\n"), "A A A M");
}

#[test]
fn a_hierarchy_that_goes_in_a_circle_is_kept_but_not_used() {
    let of = |pairs: &str| {
        read(
            "x.px",
            &small(&format!("HIERARCHIES(\"Kunta\")={pairs};\n"), "1 2 3 4 ;"),
        )
        .expect("a table")
    };
    let tree = of("\"272\",\"272\":\"091\"");
    assert_eq!(tree.cube.dimensions[0].categories[0].children, [1]);
    let circle = of("\"272\",\"272\":\"091\",\"091\":\"272\"");
    assert!(
        circle.cube.dimensions[0]
            .categories
            .iter()
            .all(|one| one.children.is_empty())
    );
    let said = |one: &Warning| {
        one.0
            .render(kultti_core::language::Language::En)
            .contains("circular")
    };
    assert!(circle.warnings.iter().any(said) && !tree.warnings.iter().any(said));
    let (written, _) = write(&circle.cube, &WriteOptions::default());
    let written = String::from_utf8(written).expect("UTF-8");
    assert!(
        written.contains("HIERARCHIES(\"Kunta\")=\"272\",\"272\":\"091\",\"091\":\"272\";"),
        "{written}"
    );
}

#[test]
fn the_encodings_of_offices_are_read_and_written() {
    let text = "CHARSET=\"ANSI\";\nCODEPAGE=\"@\";\nLANGUAGE=\"fi\";\nSTUB=\"ä€\";\nVALUES(\"ä€\")=\"å\";\nDATA=\n1 ;";
    // The euro sign is byte A4 in ISO-8859-15 and 80 in windows-1252.
    for (name, bytes) in [
        ("iso-8859-15", &b"\xe4\xa4"[..]),
        ("windows-1252", b"\xe4\x80"),
        ("utf-8", "ä€".as_bytes()),
    ] {
        let mut file = Vec::new();
        for part in text
            .replace('@', name)
            .split("ä€")
            .flat_map(|part| [part.as_bytes(), bytes])
        {
            file.extend(if part.contains(&0xc3) {
                encoded(part, name)
            } else {
                part.to_vec()
            });
        }
        file.truncate(file.len() - bytes.len());
        let cube = read("x.px", &file).expect("a table").cube;
        assert_eq!(cube.dimensions[0].code, "ä€", "{name}");
        let options = WriteOptions {
            codepage: Some(name.to_owned()),
            ..WriteOptions::default()
        };
        let (written, _) = write(&cube, &options);
        assert_eq!(
            read("x.px", &written).expect("a table").cube.dimensions[0].code,
            "ä€",
            "{name}"
        );
    }
}

/// `å` in an encoding.
fn encoded(part: &[u8], name: &str) -> Vec<u8> {
    let text = std::str::from_utf8(part).expect("UTF-8");
    if name == "utf-8" {
        part.to_vec()
    } else {
        text.chars()
            .map(|one| u8::try_from(u32::from(one)).expect("Latin"))
            .collect()
    }
}

#[test]
fn a_stream_has_the_cells_of_the_whole_file() {
    /// Hands out one to seven bytes at a time.
    struct Drops<'a>(&'a [u8], usize);
    impl std::io::Read for Drops<'_> {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            self.1 = self.1 % 7 + 1;
            let length = self.1.min(self.0.len()).min(out.len());
            let (now, later) = self.0.split_at(length);
            out[..length].copy_from_slice(now);
            self.0 = later;
            Ok(length)
        }
    }
    let mut files = interop("a_stream_has_the_cells_of_the_whole_file");
    files.push((
        "small".to_owned(),
        small(
            "KEYS(\"Kunta\")=VALUES;\n",
            "\"Kokkola\" 1 \"..\" \"Helsinki\",3 4 ;",
        ),
    ));
    for (name, bytes) in files {
        let Ok(whole) = read(&name, &bytes) else { continue };
        let mut stream = PxStream::open(&name, Drops(&bytes, 0)).expect("a header");
        assert_eq!(stream.cube().dimensions, whole.cube.dimensions, "{name}");
        let mut at = 0;
        while let Some(batch) = stream.next_cells(101).expect("cells") {
            for cell in batch.iter() {
                let same = whole.cube.cells.cell(at).expect("a cell");
                assert_eq!(
                    (cell.position, cell.value, cell.mark),
                    (same.position, same.value, same.mark),
                    "{name}"
                );
                at += 1;
            }
        }
        assert_eq!(at, whole.cube.cells.len(), "{name}");
    }
}

/// Values as pyaxis has them: every figure of every real file, cell by cell. It knows no KEYS and takes the keys of a row for
/// figures, so the script puts such rows in their places itself, from pyaxis' dimensions.
#[test]
fn figures_are_those_of_pyaxis() {
    let (Some(python), Some(folder)) = (
        std::env::var_os("KULTTI_ORACLES"),
        std::env::var_os("KULTTI_INTEROP"),
    ) else {
        eprintln!("SKIPPED figures_are_those_of_pyaxis: KULTTI_ORACLES or KULTTI_INTEROP names nothing");
        return;
    };
    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../kultti-py/tests/independent/read_px.py"
    );
    let mut compared = 0;
    for (name, bytes) in interop("figures_are_those_of_pyaxis") {
        let Ok(reading) = read(&name, &bytes) else {
            continue;
        };
        let path = PathBuf::from(&folder).join("px").join(&name);
        let encoding = reading.encoding.clone().expect("an encoding");
        let output = std::process::Command::new(&python)
            .arg(script)
            .arg(&path)
            .arg(&encoding)
            .output()
            .expect("pyaxis");
        let Ok(theirs) = serde_json::from_slice::<Vec<String>>(&output.stdout) else {
            panic!("{name}: {}", String::from_utf8_lossy(&output.stderr));
        };
        // Every cell of the table, the rows that KEYS leave out among them.
        let cells = &reading.cube.cells;
        assert_eq!(Some(theirs.len() as u64), reading.cube.size(), "{name}");
        for (position, their) in (0u64..).zip(&theirs) {
            let their = their.trim_matches(['"', ';']);
            let cell = cells.at(position);
            match cell.as_ref().and_then(|cell| cell.mark.symbol.as_ref()) {
                Some(symbol) => assert_eq!(symbol, their, "{name} {position}"),
                None => assert_eq!(
                    cell.map_or(Some(0.0), |cell| cell.value),
                    their.parse().ok(),
                    "{name} {position}"
                ),
            }
        }
        compared += 1;
    }
    assert!(compared > 10, "{compared} files were compared");
}

#[test]
fn a_number_is_written_with_as_few_decimals_as_it_needs() {
    let mut cube = read("x.px", &small("", "1 2 3 4 ;")).expect("a table").cube;
    // 0.3 + 0.0000004 has seven decimals, 2^53 sixteen digits: neither is short, and both are written whole.
    for (numbers, expected) in [
        ([0.0, -0.0, 100.0, -7.0], "0 -0 \n100 -7 \n;\n"),
        (
            [0.05, -12.5, 1234.56, 0.1 + 0.2],
            "0.05 -12.5 \n1234.56 0.30000000000000004 \n;\n",
        ),
        (
            [0.3000004, 9_007_199_254_740_992.0, 1e-7, 1e20],
            "0.3000004 9007199254740992 \n0.0000001 100000000000000000000 \n;\n",
        ),
    ] {
        cube.cells = Cells::of_values(numbers.to_vec());
        let written = String::from_utf8(write(&cube, &WriteOptions::default()).0).expect("UTF-8");
        assert_eq!(written.split("DATA=\n").nth(1), Some(expected));
    }
}

proptest::proptest! {
    /// Damaged files are refused or read; nothing panics.
    #[test]
    fn damage_never_panics(cut in 0usize..700, at in 0usize..700, byte in 0u8..=255, tail in proptest::collection::vec(0u8..=255, 0..60)) {
        let more = "LANGUAGES=\"fi\",\"sv\";\nSTUB[sv]=\"Kommun\";\nHEADING[sv]=\"År\";\nTIMEVAL(\"Vuosi\")=TLIST(A1,\"2018\"-\"2019\");\n\
            NOTE[sv](\"Kommun\")=\"a#b\"\n\"c\";\nHIERARCHIES(\"Kunta\")=\"272\",\"272\":\"091\";\nATTRIBUTE-ID=\"OBS_STATUS\";\n\
            ATTRIBUTES(\"*\",\"2018\")=\"P\";\nKEYS(\"Kunta\")=CODES;\nPRECISION(\"Vuosi\",\"2018\")=1;\n";
        let mut bytes = small(more, "\"272\",1 \"..\" \n\"091\",3.5 4 ;\n");
        let length = bytes.len();
        bytes[at % length] = byte;
        let _ = read("x.px", &bytes).map(|reading| write(&reading.cube, &WriteOptions::default()));
        bytes.truncate(cut % length);
        bytes.extend(tail);
        let _ = read("x.px", &bytes);
    }

    /// A number that is written reads back as the same double.
    #[test]
    fn numbers_come_back(numbers in proptest::collection::vec(proptest::prelude::any::<f64>().prop_filter("finite", |one| one.is_finite()), 4), scale in 0i32..8) {
        let mut cube = read("x.px", &small("", "1 2 3 4 ;")).expect("a table").cube;
        let short = numbers.iter().map(|one| (one % 1e9 * 10f64.powi(scale)).round() / 10f64.powi(scale)).collect::<Vec<_>>();
        for numbers in [numbers, short] {
            cube.cells = Cells::of_values(numbers.clone());
            let (bytes, _) = write(&cube, &WriteOptions::default());
            proptest::prop_assert_eq!(values(&bytes), numbers.into_iter().map(Some).collect::<Vec<_>>());
        }
    }
    /// Numbers of every short length are what the standard library makes of the same characters, and whatever is no number
    /// is refused, wherever in a word of the machine it stands.
    #[test]
    fn short_numbers_are_those_of_the_standard_library(tokens in proptest::collection::vec("-?[0-9]{1,9}(\\.[0-9]{1,5})?", 4), between in "[ \n\t]{1,2}", wrong in "[0-9]{0,6}[:/!a-z+][0-9.]{1,6}") {
        let bytes = small("", &format!("{} ;", tokens.join(&between)));
        let expected: Vec<Option<f64>> = tokens.iter().map(|token| token.parse().ok()).collect();
        proptest::prop_assert_eq!(values(&bytes), expected);
        let bytes = small("", &format!("1 2 {wrong} 4 ;"));
        proptest::prop_assert!(wrong.parse::<f64>().is_ok() || read("x.px", &bytes).is_err(), "{}", wrong);
    }
}
