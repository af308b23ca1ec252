//! Pages as PDF, printed by the browser of the system and read by pypdf.

use crate::oracle;
use kultti_core::Error;
use kultti_core::report::to_pdf;
use std::net::TcpListener;
use std::path::Path;

const PAGE: &str = r##"<!DOCTYPE html>
<html lang="sv"><head><meta charset="utf-8"><title>Karleby 2019</title></head><body>
<h1>Karleby 2019</h1>
<p>Åbo, Ähtäri och Öja.</p>
<h2>Siffror</h2>
<table><caption>Kostnader</caption><thead><tr><th scope="col">Kommun</th><th scope="col">Värde</th></tr></thead>
<tbody><tr><th scope="row">Karleby</th><td>60,00</td></tr><tr><th scope="row">Vasa</th><td>71,20</td></tr></tbody></table>
<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" role="img" aria-label="En punkt"><circle cx="9" cy="9" r="5"/></svg>
<h2>Källor</h2>
<img src="http://PLACE/asked.png" alt="">
</body></html>"##;

#[test]
fn a_page_is_printed_tagged_with_outline_language_and_title_and_without_a_network() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("does not wait");
    let place = listener.local_addr().expect("its address").to_string();
    let pdf = match to_pdf(&PAGE.replace("PLACE", &place)) {
        Err(Error::NoBrowser { looked }) => {
            eprintln!("NOT TESTED: no browser prints PDF here ({looked:?}); apt install chromium");
            return;
        }
        printed => printed.expect("printed"),
    };
    assert!(listener.accept().is_err(), "the browser asked the network");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("page.pdf");
    std::fs::write(&path, pdf).expect("written");
    let Some(found) = oracle::run("read_pdf.py", &[&path, Path::new("words")]) else {
        return;
    };
    assert_eq!(found["marked"], true);
    assert_eq!(found["language"], "sv");
    assert_eq!(found["title"], "Karleby 2019");
    assert_eq!(
        found["outline"],
        serde_json::json!(["Karleby 2019", "Siffror", "Källor"])
    );
    // One table of a row of two heads and two rows of a head and a figure.
    for (tag, count) in [
        ("H1", 1),
        ("H2", 2),
        ("Table", 1),
        ("TR", 3),
        ("TH", 4),
        ("TD", 2),
    ] {
        assert_eq!(found["tags"][tag], count, "{tag}");
    }
    assert_eq!(found["figures"], serde_json::json!(["En punkt"]));
    let text = found["text"].as_str().expect("text");
    assert!(text.contains("Åbo, Ähtäri och Öja."), "{text}");
    // Neither a head with the date nor a foot with the place of the file.
    assert!(!text.contains("file:") && !text.contains("1/1"), "{text}");
}
