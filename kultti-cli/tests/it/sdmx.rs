//! SDMX-CSV and its data structure definition through the program.

use crate::{failure, json, stdout};
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;

/// A PX file of three languages with the role of figures, a code that SDMX does not allow and a unit for each figure.
const PX: &str = "CHARSET=\"ANSI\";\nAXIS-VERSION=\"2013\";\nCODEPAGE=\"utf-8\";\nLANGUAGE=\"fi\";\n\
LANGUAGES=\"fi\",\"sv\";\nMATRIX=\"t1\";\nSUBJECT-CODE=\"K\";\nSUBJECT-AREA=\"Kulttuuri\";\nSUBJECT-AREA[sv]=\"Kultur\";\n\
TITLE=\"Kirjastot\";\nTITLE[sv]=\"Bibliotek\";\nCONTENTS=\"Kirjastot\";\nCONTENTS[sv]=\"Bibliotek\";\nDECIMALS=0;\n\
STUB=\"Ikä\";\nSTUB[sv]=\"Ålder\";\nHEADING=\"Tiedot\";\nHEADING[sv]=\"Uppgifter\";\nCONTVARIABLE=\"Tiedot\";\nCONTVARIABLE[sv]=\"Uppgifter\";\n\
VALUES(\"Ikä\")=\"0-64\",\"65 tai yli\";\nVALUES[sv](\"Ålder\")=\"0-64\",\"65 eller mer\";\n\
VALUES(\"Tiedot\")=\"Lainat\",\"Menot\";\nVALUES[sv](\"Uppgifter\")=\"Lån\",\"Utgifter\";\n\
CODES(\"Ikä\")=\"0-64\",\"65+\";\nCODES[sv](\"Ålder\")=\"0-64\",\"65+\";\n\
CODES(\"Tiedot\")=\"loans\",\"costs\";\nCODES[sv](\"Uppgifter\")=\"loans\",\"costs\";\n\
UNITS=\"kpl\";\nUNITS[sv]=\"st\";\nUNITS(\"Lainat\")=\"kpl\";\nUNITS[sv](\"Lån\")=\"st\";\nUNITS(\"Menot\")=\"euroa\";\nUNITS[sv](\"Utgifter\")=\"euro\";\n\
DATA=\n1 2\n3 4;\n";

struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    fn new() -> Self {
        let files = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        std::fs::write(files.path("table.px"), PX).unwrap();
        files
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }
}

/// Codes, names, roles and units of the dimensions, as the program shows them.
fn dimensions(path: &str) -> Value {
    json(&["inspect", path, "--all"])["cube"]["dimensions"].clone()
}

#[test]
fn a_structure_beside_the_file_keeps_names_roles_and_codes() {
    let files = Files::new();
    let [table, message, structure, again] =
        ["table.px", "table.sdmx.csv", "structure.json", "again.px"].map(|name| files.path(name));
    stdout(&["convert", &table, &message, "--write-structure", &structure]);
    stdout(&["convert", &message, &again, "--structure", &structure]);
    let (before, after) = (dimensions(&table), dimensions(&again));
    assert_eq!(before, after);
    assert_eq!(before[0]["categories"][1]["code"], "65+");
    assert_eq!(before[1]["role"], "metric");
    // Without it the reader says what it guesses, and how to tell it.
    let (_, said) = (
        stdout(&["inspect", &message]),
        crate::run(&["inspect", &message]).stderr,
    );
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(said.contains("--structure"), "{said}");
}

#[test]
fn names_stand_in_the_file_and_the_first_version_is_written_on_request() {
    let files = Files::new();
    let [table, message] = ["table.px", "table.sdmx.csv"].map(|name| files.path(name));
    let convert = |more: &[&str]| {
        let mut args = vec!["convert", &table, &message, "--lang", "sv"];
        args.extend(more);
        stdout(&args);
        std::fs::read_to_string(&message).unwrap()
    };
    let both = convert(&["--sdmx-labels", "both"]);
    assert!(both.contains("65_PLUS: 65 eller mer"), "{both}");
    let names = convert(&["--sdmx-labels", "name"]);
    assert!(names.contains("65_PLUS,65 eller mer"), "{names}");
    let shown = dimensions(&message);
    assert_eq!(shown[0]["categories"].as_array().unwrap().len(), 2, "{shown}");
    let first = convert(&["--sdmx-version", "1.0"]);
    assert!(first.starts_with("DATAFLOW,"), "{first}");
}

#[test]
fn a_structure_that_is_none_is_an_error_and_belongs_to_no_other_format() {
    let files = Files::new();
    let [table, message, out] = ["table.px", "table.sdmx.csv", "out.px"].map(|name| files.path(name));
    stdout(&["convert", &table, &message]);
    let (code, said) = failure(&["convert", &message, &out, "--structure", &table]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("table.px"), "{said}");
    let (code, said) = failure(&["convert", &table, &out, "--write-structure", &message]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("sdmx-csv"), "{said}");
}

#[test]
fn pysdmx_holds_a_table_of_three_languages_to_its_structure() {
    let (Some(folder), Some(python)) = (
        std::env::var_os("KULTTI_INTEROP"),
        std::env::var_os("KULTTI_ORACLES"),
    ) else {
        eprintln!(
            "NOT TESTED: KULTTI_INTEROP and KULTTI_ORACLES must name the real files and the Python with pysdmx"
        );
        return;
    };
    let files = Files::new();
    let table = PathBuf::from(folder).join("px/statfin_ras_pxt_13m4.px");
    let [message, structure] = ["table.sdmx.csv", "structure.json"].map(|name| files.path(name));
    let table = table.to_str().unwrap();
    stdout(&["convert", table, &message, "--write-structure", &structure]);
    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../kultti-py/tests/independent/read_sdmx.py"
    );
    let ran = Command::new(python)
        .args([script, &message, &structure])
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let answer: Value = serde_json::from_slice(&ran.stdout).unwrap();
    let card = json(&["inspect", table]);
    let rows = answer[0]["rows"].as_array().unwrap();
    assert_eq!(rows.len() as u64, card["cells"]["given"].as_u64().unwrap());
    let roles = answer[0]["components"].as_object().unwrap();
    let known = roles.values().filter(|role| *role == "DIMENSION").count();
    assert_eq!(known, card["cube"]["dimensions"].as_array().unwrap().len());
}
