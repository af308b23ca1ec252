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
    let rows: u64 = info["measures"]
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
        "population_by_age",
        "library_loans",
        "price_indices",
    ];
    assert_eq!(rows, tables.into_iter().map(lines).sum::<u64>());
    assert_eq!(info["release"], built["release"]);
    assert_eq!(info["tables"].as_array().unwrap().len(), 5);
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

/// The sources of the example release with its catalogues, to be changed.
fn sources(folder: &Folder) -> PathBuf {
    let datasets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../datasets");
    for part in [
        "finland",
        "finland/observations",
        "finland/territory",
        "catalogue",
    ] {
        let target = folder.0.join(part);
        std::fs::create_dir_all(&target).expect("a folder");
        for entry in std::fs::read_dir(datasets.join(part)).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                std::fs::copy(&path, target.join(path.file_name().unwrap())).expect("a copy");
            }
        }
    }
    folder.0.join("finland")
}

/// Replaces a text that stands in a file.
fn replace(file: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(file).expect("a text file");
    assert!(text.contains(from), "{from} is not in {}", file.display());
    std::fs::write(file, text.replacen(from, to, 1)).expect("a file");
}

#[test]
fn a_build_that_fails_leaves_the_old_release() {
    let folder = Folder::new("failed");
    let source = sources(&folder);
    let from = source.display().to_string();
    let file = folder.path("old.parquet");
    stdout(&["release", "build", &from, "-o", &file]);
    let old = std::fs::read(&file).expect("the release");
    let catalogue = folder.0.join("catalogue/culture.toml");
    replace(&catalogue, "multiplier = 100", "multiplier = nan");
    let (code, text) = failure(&["release", "build", &from, "-o", &file, "--lang", "en"]);
    assert_eq!(code, 3, "{text}");
    assert!(
        text.contains("K0309") && text.contains("multiplier") && text.contains("culture.toml"),
        "{text}"
    );
    assert_eq!(
        std::fs::read(&file).expect("the release"),
        old,
        "it was overwritten"
    );
    let mut names: Vec<_> = std::fs::read_dir(&folder.0)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["catalogue", "finland", "old.parquet"],
        "something half-written is left"
    );
}

#[test]
fn two_catalogues_make_one_release() {
    let folder = Folder::new("catalogues");
    let source = sources(&folder);
    replace(
        &source.join("release.toml"),
        "[\"../catalogue/culture.toml\"]",
        "[\"../catalogue/culture.toml\", \"../catalogue/youth_work.toml\"]",
    );
    let file = folder.path("both.parquet");
    stdout(&["release", "build", &source.display().to_string(), "-o", &file]);
    let listed = |release: &[&str]| -> Vec<String> {
        let answer = json(&[&["indicators"], release].concat());
        let id = |indicator: &serde_json::Value| {
            let id = ["id", "indicator"]
                .iter()
                .find_map(|key| indicator[*key].as_str());
            id.expect("an id").to_owned()
        };
        answer.as_array().unwrap().iter().map(id).collect()
    };
    let (both, culture) = (listed(&["--release", &file]), listed(&[]));
    let of_youth_work = "youth_work.hours_per_young_inhabitant";
    assert!(!culture.iter().any(|id| id == of_youth_work));
    for id in culture.iter().map(String::as_str).chain([of_youth_work]) {
        assert!(both.iter().any(|other| other == id), "{id}");
    }
    // A figure of the old catalogue is what it was.
    let asked = [
        "compare",
        "culture.net_operating_cost_per_inhabitant",
        "--area",
        "272",
    ];
    let found = json(&[&asked[..], &["--release", &file]].concat());
    assert_eq!(found["value"], json(&asked)["value"]);
}
