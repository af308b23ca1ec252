//! Reports and the site at a shell: files, standard output, and what is refused.

use super::{kultti, run};
use std::fs;
use std::process::Output;

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Few indicators, so that a report is made in a moment.
const REPORT: [&str; 7] = [
    "report",
    "--area",
    "Karleby",
    "--indicators",
    "library.loans_per_inhabitant,library.net_operating_cost_per_inhabitant",
    "--lang",
    "sv",
];

#[test]
fn the_ending_says_the_format_and_a_file_is_whole_or_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let begins = [
        ("k.html", &b"<!DOCTYPE html>\n<html lang=\"sv\">"[..]),
        ("k.md", b"## Karleby (Kokkola)"),
        ("k.xlsx", b"PK\x03\x04"),
        ("k.csv", b"code,name,indicator_label,"),
        ("k.parquet", b"PAR1"),
        ("k.jsonstat", b"{"),
    ];
    for (name, begin) in begins {
        let path = folder.path().join(name);
        let output = run(&[&REPORT[..], &["-o", path.to_str().unwrap()]].concat());
        assert!(output.status.success(), "{name}: {}", said(&output));
        assert!(fs::read(&path).unwrap().starts_with(begin), "{name}");
    }
    let kept = folder.path().join("k.md");
    let before = fs::read(&kept).unwrap();
    let output = run(&["report", "--area", "Kokola", "-o", kept.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(4));
    assert!(said(&output).contains("Kokkola (272)"));
    assert_eq!(fs::read(&kept).unwrap(), before);
}

#[test]
fn a_pipe_gets_a_page_and_a_format_can_be_named() {
    let output = run(&REPORT);
    assert!(output.stdout.starts_with(b"<!DOCTYPE html>"), "{}", said(&output));
    let output = run(&[&REPORT[..], &["--format", "md"]].concat());
    assert!(output.stdout.starts_with(b"## Karleby"), "{}", said(&output));
    // What the environment wishes for in general is no format of a report's file.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("k.html");
    let words = [&REPORT[..], &["-o", path.to_str().unwrap()]].concat();
    let output = kultti(&words).env("KULTTI_FORMAT", "json").output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(fs::read(&path).unwrap().starts_with(b"<!DOCTYPE html>"));
}

#[test]
fn what_cannot_be_written_is_refused_before_anything_is_computed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("k.docx");
    let output = run(&[&REPORT[..], &["-o", path.to_str().unwrap()]].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("K0953") && said(&output).contains("html, md, xlsx, pdf"));
    assert!(!path.exists());
    let output = run(&["rank", "library.loans_per_inhabitant", "--format", "pdf"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("K0954"), "{}", said(&output));
    let output = run(&[&REPORT[..], &["--templates", folder.path().to_str().unwrap()]].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("K0951") && said(&output).contains("style.css"));
    let output = run(&["report", "--area", "Juankoski", "--lang", "en"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(
        said(&output).contains("It is now part of Kuopio (297)"),
        "{}",
        said(&output)
    );
}

#[test]
fn a_pdf_without_a_browser_says_what_to_install() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("k.pdf");
    let words = [&REPORT[..], &["-o", path.to_str().unwrap()]].concat();
    let nowhere = folder.path().join("chromium");
    let output = kultti(&words).env("KULTTI_CHROMIUM", &nowhere).output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    assert!(said(&output).contains("K0942") && said(&output).contains("KULTTI_CHROMIUM"));
    assert!(!path.exists());
}

#[test]
fn a_site_is_written_once_and_says_what_it_did() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("public");
    let words = [
        "site",
        "-o",
        site.to_str().unwrap(),
        "--areas",
        "Kokkola",
        "--lang",
        "en",
    ];
    let first = run(&words);
    assert!(first.status.success(), "{}", said(&first));
    for page in [
        "index.html",
        "fi/areas/272.html",
        "sv/index.html",
        "en/release.html",
    ] {
        assert!(site.join(page).is_file(), "{page}");
    }
    assert!(said(&first).contains("--contact"), "{}", said(&first));
    let written = fs::metadata(site.join("fi/areas/272.html"))
        .unwrap()
        .modified()
        .unwrap();
    let second = run(&words);
    assert!(second.status.success(), "{}", said(&second));
    let again = fs::metadata(site.join("fi/areas/272.html"))
        .unwrap()
        .modified()
        .unwrap();
    assert_eq!(written, again, "a page that has not changed is not written");
    let foreign = folder.path().join("mine");
    fs::create_dir(&foreign).unwrap();
    fs::write(foreign.join("notes.txt"), "mine").unwrap();
    let refused = run(&["site", "-o", foreign.to_str().unwrap(), "--areas", "Kokkola"]);
    assert_ne!(refused.status.code(), Some(0));
    assert!(said(&refused).contains("K0961"), "{}", said(&refused));
    assert_eq!(fs::read_dir(&foreign).unwrap().count(), 1);
}
