//! Text files in an encoding that whoever reads them knows better than the file.

use kultti_core::formats::{Format, ReadOptions, Reading, read_cube};
use kultti_core::{Error, ErrorKind, Result};
use std::path::PathBuf;

fn read(name: &str, bytes: &[u8], encoding: Option<&str>) -> Result<Reading> {
    let options = ReadOptions {
        encoding: encoding.map(str::to_owned),
        ..ReadOptions::default()
    };
    read_cube(name, bytes, &options)
}

fn warned(reading: &Reading, part: &str) -> bool {
    reading
        .warnings
        .iter()
        .any(|warning| warning.0.code().contains(part))
}

/// The first label or code with a letter beyond ASCII.
fn name(reading: &Reading) -> String {
    let categories = reading
        .cube
        .dimensions
        .iter()
        .flat_map(|dimension| &dimension.categories);
    let texts = categories.flat_map(|category| {
        let label = category.label.iter().next().map(|(_, text)| text.to_owned());
        [Some(category.code.clone()), label]
    });
    texts.flatten().find(|text| !text.is_ascii()).unwrap_or_default()
}

fn px(codepage: &str) -> String {
    format!(
        "CHARSET=\"ANSI\";\nAXIS-VERSION=\"2013\";\nCODEPAGE=\"{codepage}\";\nLANGUAGE=\"fi\";\nMATRIX=\"a\";\n\
         SUBJECT-CODE=\"a\";\nSUBJECT-AREA=\"a\";\nTITLE=\"a\";\nCONTENTS=\"a\";\nUNITS=\"a\";\nDECIMALS=0;\n\
         STUB=\"Alue\";\nHEADING=\"Vuosi\";\nVALUES(\"Alue\")=\"Äänekoski\";\nVALUES(\"Vuosi\")=\"2019\";\nDATA=\n1 ;\n"
    )
}

#[test]
fn the_encoding_asked_for_is_stronger_than_codepage() {
    let file = px("iso-8859-15");
    let doubtful = read("a.px", file.as_bytes(), None).expect("a table");
    assert!(warned(&doubtful, "looks-utf8"));
    // Ä is C3 84 in UTF-8; ISO-8859-15 has Ã at C3 and a control character at 84.
    assert!(name(&doubtful).starts_with("Ã\u{84}"), "{}", name(&doubtful));
    let right = read("a.px", file.as_bytes(), Some("utf-8")).expect("a table");
    assert_eq!(
        (name(&right).as_str(), right.encoding.as_deref()),
        ("Äänekoski", Some("UTF-8"))
    );
    assert!(!warned(&right, "encoding"), "{:?}", right.warnings);
    let sixteen: Vec<u8> = file.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let right = read("a.px", &sixteen, Some("utf-16le")).expect("a table");
    assert_eq!(name(&right), "Äänekoski");
}

#[test]
fn tables_in_text_are_read_in_the_encoding_asked_for() {
    // Äänekoski by the tables of code page 850 and of windows-1252.
    let of_dos = b"area,value\n\x8e\x84nekoski,1\n";
    let of_windows = b"area,value\n\xc4\xe4nekoski,1\n";
    for (bytes, encoding, found) in [
        (&of_dos[..], "cp850", "IBM850"),
        (&of_windows[..], "windows-1252", "windows-1252"),
        (&of_windows[..], "latin1", "windows-1252"),
        (&of_windows[..], "iso-8859-15", "ISO-8859-15"),
    ] {
        let reading = read("a.csv", bytes, Some(encoding)).expect(encoding);
        assert_eq!(
            (name(&reading).as_str(), reading.encoding.as_deref()),
            ("Äänekoski", Some(found))
        );
        assert!(!warned(&reading, "encoding"), "{:?}", reading.warnings);
    }
    let guessed = read("a.csv", of_windows, None).expect("a table");
    assert!(warned(&guessed, "table-encoding"));
    let message = b"DATAFLOW,AREA,TIME_PERIOD,OBS_VALUE\nX:Y(1.0),\x8e\x84nekoski,2019,1\n";
    let reading = read("a.sdmx.csv", message, Some("ibm850")).expect("a table");
    assert_eq!(
        (reading.format, name(&reading).as_str()),
        (Format::SdmxCsv, "Äänekoski")
    );
}

#[test]
fn a_byte_order_mark_is_stronger_than_the_encoding_asked_for() {
    let marked = "\u{feff}area,value\nÄänekoski,1\n";
    let reading = read("a.csv", marked.as_bytes(), Some("windows-1252")).expect("a table");
    assert_eq!(name(&reading), "Äänekoski");
    let marked = format!("\u{feff}{}", px("iso-8859-15"));
    let reading = read("a.px", marked.as_bytes(), Some("windows-1252")).expect("a table");
    assert_eq!(name(&reading), "Äänekoski");
    let marked = "\u{feff}DATAFLOW,AREA,TIME_PERIOD,OBS_VALUE\nX:Y(1.0),Äänekoski,2019,1\n";
    let reading = read("a.sdmx.csv", marked.as_bytes(), Some("windows-1252")).expect("a table");
    assert_eq!(name(&reading), "Äänekoski");
}

#[test]
fn a_name_that_no_encoding_has_is_refused_with_those_like_it() {
    for (file, bytes) in [
        ("a.px", px("utf-8").into_bytes()),
        ("a.csv", b"area,value\na,1\n".to_vec()),
        ("a.sdmx.csv", b"DATAFLOW,AREA,OBS_VALUE\nX:Y(1.0),a,1\n".to_vec()),
    ] {
        let error = read(file, &bytes, Some("windws-1252")).expect_err("no such encoding");
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        let Error::UnknownEncoding { suggestions, .. } = error else {
            panic!("{error}");
        };
        assert_eq!(suggestions[0], "windows-1252");
    }
}

#[test]
fn bytes_that_are_no_text_in_the_encoding_are_refused_with_their_line() {
    let line = |error: Error| match error {
        Error::MalformedFile { line, .. } => line,
        other => panic!("{other}"),
    };
    let csv = b"area,value\na,1\n\xc4,2\n";
    assert_eq!(line(read("a.csv", csv, Some("utf-8")).expect_err("no UTF-8")), 3);
    let message = b"DATAFLOW,AREA,OBS_VALUE\nX:Y(1.0),\xc4,1\n";
    assert_eq!(
        line(read("a.sdmx.csv", message, Some("utf-8")).expect_err("no UTF-8")),
        2
    );
    let mut file = px("iso-8859-15").replace("Ää", "@@").into_bytes();
    let at = file.iter().position(|byte| *byte == b'@').expect("the name");
    file[at] = 0xc4;
    let before = file[..at].iter().filter(|byte| **byte == b'\n').count();
    assert_eq!(
        line(read("a.px", &file, Some("utf-8")).expect_err("no UTF-8")),
        before + 1
    );
}

#[test]
fn real_files_with_another_codepage_are_read_as_what_they_are() {
    let Some(folder) = std::env::var_os("KULTTI_INTEROP").map(PathBuf::from) else {
        eprintln!("SKIPPED real_files_with_another_codepage: KULTTI_INTEROP names no folder with real files");
        return;
    };
    for file in ["1001.px", "WierdTimeWithOneValue.px"] {
        let bytes = std::fs::read(folder.join("px").join(file)).expect(file);
        let doubtful = read(file, &bytes, None).expect(file);
        assert!(warned(&doubtful, "looks-utf8"), "{file}: {:?}", doubtful.warnings);
        let right = read(file, &bytes, Some("utf-8")).expect(file);
        assert!(!warned(&right, "encoding"), "{file}: {:?}", right.warnings);
        assert_eq!(right.encoding.as_deref(), Some("UTF-8"));
        assert_eq!(
            right.cube.cells, doubtful.cube.cells,
            "{file}: the figures are the same"
        );
    }
}
