//! Charts as files: the picture that the ending of a name asks for.

use super::{kultti, run};
use std::fs;

const RANKS: [&str; 6] = [
    "rank",
    "library.loans_per_inhabitant",
    "--within",
    "region:16",
    "--lang",
    "sv",
];

#[test]
fn an_ending_asks_for_png() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ranks.png");
    let name = path.to_str().unwrap();
    let output = run(&[&RANKS[..], &["-o", name]].concat());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert_eq!(fs::read(&path).unwrap()[..4], *b"\x89PNG");
    let without = run(&["inequality", "library.loans_per_inhabitant", "-o", name]);
    assert_eq!(without.status.code(), Some(2), "no chart of it");
    assert_eq!(
        fs::read(&path).unwrap()[..4],
        *b"\x89PNG",
        "what stood there stays"
    );
}

/// Only Linux says in a file where its fonts are.
#[cfg(target_os = "linux")]
#[test]
fn without_fonts_there_is_an_error_and_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let fonts = folder.path().join("fonts.conf");
    let nowhere = folder.path().join("nowhere");
    fs::write(
        &fonts,
        format!(
            "<?xml version=\"1.0\"?><fontconfig><dir>{}</dir></fontconfig>",
            nowhere.display()
        ),
    )
    .unwrap();
    let path = folder.path().join("ranks.png");
    let words = [&RANKS[..], &["-o", path.to_str().unwrap()]].concat();
    let output = kultti(&words).env("FONTCONFIG_FILE", &fonts).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(
        said.contains("K0941") && said.contains("fonts-dejavu") && said.contains(".svg"),
        "{said}"
    );
    assert!(!path.exists());
}
