//! Tables of other programs, through the program: their encoding and their language.

use crate::{failure, run, stdout};
use std::path::Path;

fn path(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

#[test]
fn the_encoding_of_a_file_can_be_named() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("table.csv");
    // Äänekoski in code page 850.
    std::fs::write(&table, b"area,value\n\x8e\x84nekoski,1\n").unwrap();
    let text = stdout(&[
        "convert",
        path(&table),
        "-",
        "--to",
        "csv",
        "--encoding",
        "ibm850",
        "--lang",
        "en",
    ]);
    assert!(text.contains("Äänekoski"), "{text}");
    let (code, said) = failure(&[
        "convert",
        path(&table),
        "-",
        "--to",
        "csv",
        "--encoding",
        "ibm85",
        "--lang",
        "en",
    ]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("ibm850"), "{said}");
}

#[test]
fn texts_without_a_language_are_in_the_one_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("table.csv");
    let out = folder.path().join("table.px");
    std::fs::write(&table, "Loans\narea,year,value\n091,2019,1\n272,2019,2\n").unwrap();
    let ran = run(&["convert", path(&table), path(&out), "--lang", "en"]);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let written = std::fs::read_to_string(&out).unwrap();
    assert!(written.contains("LANGUAGE=\"en\";"), "{written}");
    // Without a language asked for, the file names none.
    let ran = run(&["convert", path(&table), path(&out)]);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let written = std::fs::read_to_string(&out).unwrap();
    assert!(!written.contains("LANGUAGE="), "{written}");
}
