//! Real files of statistical offices, through the program: what converts, what is refused, and with which exit code.

use crate::{run, stdout};
use std::path::{Path, PathBuf};

/// The folder of real files; without it the tests say so and prove nothing.
fn interop() -> Option<PathBuf> {
    let folder = std::env::var_os("KULTTI_INTEROP").map(PathBuf::from);
    if folder.is_none() {
        eprintln!(
            "NOT TESTED: KULTTI_INTEROP does not name the folder of real PX, JSON-stat and SDMX-CSV files"
        );
    }
    folder
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder of real files") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn every_real_file_converts_to_every_format_or_is_refused_with_its_line() {
    let Some(folder) = interop() else { return };
    let made = tempfile::tempdir().unwrap();
    let files = files(&folder);
    assert!(files.len() >= 30, "real files: {}", files.len());
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        for ending in ["px", "json", "sdmx.csv", "csv", "tsv", "xlsx", "parquet", "arrow"] {
            let out = made.path().join(format!("out.{ending}"));
            let ran = run(&[
                "convert",
                file.to_str().unwrap(),
                out.to_str().unwrap(),
                "--lang",
                "en",
            ]);
            let said = String::from_utf8_lossy(&ran.stderr);
            if name.contains("error__fatal") {
                assert_eq!(ran.status.code(), Some(3), "{name}: {said}");
                let after = said
                    .split_once(&format!("{name}:"))
                    .expect("the file with a line")
                    .1;
                assert!(
                    after.starts_with(|first: char| first.is_ascii_digit()),
                    "{name}: {said}"
                );
                assert!(!out.exists(), "{name}: a refused file leaves nothing");
                continue;
            }
            assert_eq!(ran.status.code(), Some(0), "{name} to {ending}: {said}");
            if name.contains("error__continue") {
                assert!(
                    said.contains("warning ("),
                    "{name}: a doubtful file converts with a warning"
                );
            }
            // What was written is read again by itself.
            stdout(&["inspect", out.to_str().unwrap()]);
            std::fs::remove_file(&out).unwrap();
        }
    }
}
