//! Building, verifying and describing releases.

use super::{failure, json, stdout};
use std::path::{Path, PathBuf};

/// A folder of its own that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("kultti-cli-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn finland() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../datasets/finland")
        .display()
        .to_string()
}

#[test]
fn a_built_release_verifies_and_is_the_embedded_one() {
    let folder = Folder::new("build");
    let file = folder.path("finland.parquet");
    stdout(&["release", "build", &finland(), "-o", &file]);
    let built = json(&["release", "verify", &file]);
    let embedded = json(&["release", "verify"]);
    assert_eq!(built["release"], embedded["release"]);
    let info = json(&["release", "info", &file]);
    let rows: u64 = info
        .as_array()
        .unwrap()
        .iter()
        .map(|measure| measure["rows"].as_u64().unwrap())
        .sum();
    let lines = |table: &str| {
        let path = format!("{}/observations/{table}.csv", finland());
        std::fs::read_to_string(path).expect("a table").lines().count() as u64 - 1
    };
    let tables = [
        "net_operating_costs",
        "population",
        "library_loans",
        "price_indices",
    ];
    assert_eq!(rows, tables.into_iter().map(lines).sum::<u64>());
    let asked = json(&["areas", "Kokkola", "--release", &file]);
    assert_eq!(asked[0]["release"], built["release"]);
    let left: Vec<_> = std::fs::read_dir(&folder.0).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing half-written is left");
}

#[test]
fn a_file_that_is_not_a_release_says_how_to_make_one() {
    let folder = Folder::new("other");
    let file = folder.path("notes.txt");
    std::fs::write(&file, "not a release").expect("a file");
    let (code, text) = failure(&["release", "verify", &file, "--lang", "en"]);
    assert_eq!(code, 3);
    assert!(
        text.contains("K0102") && text.contains("kultti release build FOLDER -o FILE"),
        "{text}"
    );
}

#[test]
fn changed_rows_are_found_by_verify() {
    let folder = Folder::new("tampered");
    let file = folder.path("tampered.parquet");
    stdout(&["release", "build", &finland(), "-o", &file]);
    let mut bytes = std::fs::read(&file).expect("the release");
    // Somewhere in the first pages, far from the footer.
    bytes[2_000] ^= 0xff;
    std::fs::write(&file, &bytes).expect("a file");
    let (code, text) = failure(&["release", "verify", &file, "--lang", "en"]);
    assert_eq!(code, 3);
    assert!(text.contains("K0103"), "{text}");
}

#[test]
fn a_folder_that_cannot_be_written_leaves_the_reason() {
    let (code, text) = failure(&[
        "release",
        "build",
        &finland(),
        "-o",
        "/nowhere/x.parquet",
        "--lang",
        "en",
    ]);
    assert_eq!(code, 3);
    assert!(text.contains("/nowhere/x.parquet"), "{text}");
}
