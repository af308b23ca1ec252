//! Forms that mean harm: nothing is run, memory is bounded, and the message is clear.

use crate::rounds::round;
use kultti_core::collection::{Form, FormFile, FormFormat, Round};
use kultti_core::language::Language;
use kultti_core::model::AreaCode;
use std::io::{Cursor, Read as _, Write as _};

fn form(round: &Round) -> Vec<u8> {
    let form = Form::new(round, &AreaCode::from("272"), Language::Fi).expect("a form");
    form.to_bytes(FormFormat::Xlsx).expect("bytes")
}

/// A package anew, each part as `change` wants it, with further parts behind.
fn repacked(bytes: &[u8], change: impl Fn(&str, String) -> String, more: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut parts = zip::ZipArchive::new(Cursor::new(bytes)).expect("a package");
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for at in 0..parts.len() {
        let mut part = parts.by_index(at).expect("a part");
        let name = part.name().expect("a name").into_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).expect("text");
        out.start_file(&name, options).expect("made");
        out.write_all(change(&name, text).as_bytes()).expect("made");
    }
    for (name, bytes) in more {
        out.start_file(*name, options).expect("made");
        out.write_all(bytes).expect("made");
    }
    out.finish().expect("made").into_inner()
}

fn unchanged(_: &str, text: String) -> String {
    text
}

/// The sheet of the first theme.
const THEME: &str = "xl/worksheets/sheet2.xml";

fn refusal(round: &Round, bytes: Vec<u8>) -> kultti_core::Error {
    let read = FormFile::from_bytes("kokkola.xlsx", bytes).and_then(|file| file.answers(round));
    read.expect_err("refused")
}

#[test]
fn macros_are_refused_and_not_run() {
    let round = round();
    for part in [
        "xl/vbaProject.bin",
        "xl/VBAPROJECT.BIN",
        "xl/macrosheets/sheet1.xml",
    ] {
        let error = refusal(
            &round,
            repacked(&form(&round), unchanged, &[(part, b"Sub Auto_Open()".to_vec())]),
        );
        assert_eq!(error.code(), "K1009", "{error}");
        assert!(error.to_string().contains("macros"), "{error}");
    }
}

#[test]
fn what_a_formula_once_gave_is_not_taken() {
    let round = round();
    for formula in [
        "<f>1+1</f><v>2</v>",
        "<f>WEBSERVICE(\"http://localhost/\")</f><v>7</v>",
        "<f t=\"shared\" si=\"0\">A1</f><v>3</v>",
        "<f>'[1]x'!A1</f><v>9</v>",
    ] {
        let with = |name: &str, text: String| {
            if name != THEME {
                return text;
            }
            let cell = text.find("<c r=\"D2\"").expect("the cell of an answer");
            let end = cell + text[cell..].find("/>").expect("its end");
            format!("{}>{formula}</c>{}", &text[..end], &text[end + 2..])
        };
        let links = ("xl/externalLinks/externalLink1.xml", b"<externalLink/>".to_vec());
        let bytes = repacked(&form(&round), with, &[links]);
        let answers = FormFile::from_bytes("x.xlsx", bytes)
            .expect("a form")
            .answers(&round)
            .expect("answers");
        assert_eq!(answers.answers[0].figure.value, None, "{formula}");
        assert_eq!(
            answers.unreadable[0].message.code(),
            "form.found-formula",
            "{formula}"
        );
    }
}

#[test]
fn a_cell_that_stands_twice_is_refused() {
    let round = round();
    let twice = |name: &str, text: String| {
        if name == THEME {
            text.replacen(
                "</row></sheetData>",
                "<c r=\"D2\"><v>1</v></c><c r=\"D2\"><v>2</v></c></row></sheetData>",
                1,
            )
        } else {
            text
        }
    };
    let error = refusal(&round, repacked(&form(&round), twice, &[]));
    assert_eq!(error.code(), "K1010", "{error}");
}

/// The name of a sheet is a name, and no place of a file.
#[test]
fn a_path_as_the_name_of_a_sheet_is_only_a_wrong_name() {
    let round = round();
    let renamed = |name: &str, text: String| match name {
        "xl/workbook.xml" => text.replace("name=\"Kulttuuritoiminnan talous\"", "name=\"../../etc/passwd\""),
        _ => text,
    };
    let error = refusal(&round, repacked(&form(&round), renamed, &[]));
    assert_eq!(error.code(), "K1010", "{error}");
    assert!(error.to_string().contains("Kulttuuritoiminnan talous"), "{error}");
    // A part whose name leads out of the package is never written anywhere.
    let bytes = repacked(
        &form(&round),
        unchanged,
        &[("../../outside.xml", b"<x/>".to_vec())],
    );
    let read = FormFile::from_bytes("x.xlsx", bytes).and_then(|file| file.answers(&round));
    assert!(read.is_ok_and(|answers| answers.unreadable.is_empty()));
}

#[test]
fn bombs_are_not_unpacked() {
    let round = round();
    let large = vec![b' '; 65 << 20];
    for part in ["xl/media/image1.png", "xl/worksheets/sheet99.xml"] {
        let bytes = repacked(&form(&round), unchanged, &[(part, large.clone())]);
        assert!(bytes.len() < 1 << 20);
        assert_eq!(refusal(&round, bytes).code(), "K0847");
    }
    let many = vec![b'x'; 17 << 20];
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("large.xlsx");
    std::fs::write(&path, many).expect("written");
    assert_eq!(FormFile::open(&path).expect_err("too large").code(), "K0847");
}

/// Fifty thousand cells beyond the form's: passed over, each as it comes.
#[test]
fn cells_without_end_are_passed_over() {
    let round = round();
    let rows: String = (100..50_100)
        .map(|row| format!("<row r=\"{row}\"><c r=\"D{row}\"><v>1</v></c></row>"))
        .collect();
    let with = |name: &str, text: String| {
        if name == THEME {
            text.replacen("</sheetData>", &format!("{rows}</sheetData>"), 1)
        } else {
            text
        }
    };
    let bytes = repacked(&form(&round), with, &[]);
    let answers = FormFile::from_bytes("x.xlsx", bytes)
        .expect("a form")
        .answers(&round)
        .expect("answers");
    assert!(answers.answers.iter().all(|answer| answer.figure.value.is_none()));
}

#[test]
fn entities_are_not_expanded_and_other_files_not_read() {
    let round = round();
    let doctype = "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\"><!ENTITY b \"&#38;b;&#38;b;\">]>";
    let with = |name: &str, text: String| {
        if name == THEME || name == "xl/sharedStrings.xml" {
            let text = text.replacen("?>", &format!("?>{doctype}"), 1);
            return text.replace("Kysymys", "&a;");
        }
        text
    };
    let bytes = repacked(&form(&round), with, &[]);
    let error = refusal(&round, bytes);
    assert!(["K1010", "K0846"].contains(&error.code()), "{error}");
    assert!(!error.to_string().contains("root:"), "{error}");
}

#[test]
fn half_of_a_form_and_other_files_are_refused() {
    let round = round();
    let whole = form(&round);
    for length in [0, 1, 4, 100, whole.len() / 2, whole.len() - 1] {
        let error = refusal(&round, whole[..length].to_vec());
        assert!(["K0846", "K1009"].contains(&error.code()), "{length}: {error}");
    }
    for bytes in [
        &b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old"[..],
        b"%PDF-1.7",
        b"\0\0\0\0",
        b"{}",
        b"{\"kultti_form\":1}",
        b"<html>",
        b"a;b;c\n1;2;3\n",
    ] {
        let error = refusal(&round, bytes.to_vec());
        assert!(["K0846", "K1009"].contains(&error.code()), "{error}");
    }
}

/// Every byte of a form altered, one after another, some thousand of them: read or refused, never a panic.
#[test]
fn altered_bytes_are_read_or_refused() {
    let round = round();
    for format in FormFormat::ALL {
        let form = Form::new(&round, &AreaCode::from("272"), Language::Sv).expect("a form");
        let whole = form.to_bytes(format).expect("bytes");
        let step = (whole.len() / 400).max(1);
        for at in (0..whole.len()).step_by(step) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x41;
            let _ = FormFile::from_bytes("x", bytes).and_then(|file| file.answers(&round));
        }
    }
}
