//! The open site of a made-up country: links, figures, languages, hostile names, and what a second run writes.

use crate::data::Northland;
use kultti_core::Error;
use kultti_core::compare::{Order, RankOptions};
use kultti_core::language::{Language, fold};
use kultti_core::model::Direction;
use kultti_core::release::Release;
use kultti_core::report::{SiteOptions, SiteWritten, Templates};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

const TERRITORY: &str = "territory/territory.toml";
const AREAS: &str = "territory/areas.csv";
/// The most bytes that a page may have.
const MOST: usize = 150_000;

/// Northland with a usual grouping.
fn northland() -> Northland {
    Northland::new().with(
        TERRITORY,
        "code_length = 2",
        "code_length = 2\npeers = [\"province\", \"country\"]",
    )
}

fn options() -> SiteOptions {
    let options = SiteOptions::default().with_contact("access@northland.example");
    options
        .with_url("https://northland.example/figures/")
        .expect("an address")
}

fn written(release: &Release, folder: &Path, options: &SiteOptions) -> SiteWritten {
    let mut told = Vec::new();
    let mut progress = |done, of| {
        told.push((done, of));
        Ok(())
    };
    let written = release
        .write_site(folder, options, &mut progress)
        .expect("a site");
    let of = written.pages / 3;
    if options.dry_run || !written.written.is_empty() || !written.removed.is_empty() {
        assert_eq!(told, (1..=of).map(|done| (done, of)).collect::<Vec<_>>());
    } else {
        assert_eq!(told, [(of, of)], "nothing is made again");
    }
    written
}

/// The site of Northland, made once for all tests that only read it.
fn northland_site() -> &'static Path {
    static SITE: OnceLock<tempfile::TempDir> = OnceLock::new();
    let made = SITE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        written(&northland().release(), folder.path(), &options());
        folder
    });
    made.path()
}

/// Every file below a folder, by its name in it.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(place) = folders.pop() {
        for entry in std::fs::read_dir(place).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below the folder");
                let bytes = std::fs::read(&path).expect("a file");
                found.insert(name.display().to_string(), bytes);
            }
        }
    }
    found
}

fn pages(folder: &Path) -> BTreeMap<String, String> {
    let pages = files(folder)
        .into_iter()
        .filter(|(name, _)| name.ends_with(".html"));
    pages
        .map(|(name, bytes)| {
            (
                name,
                String::from_utf8(bytes).expect("UTF-8").replace("&#x2f;", "/"),
            )
        })
        .collect()
}

/// The values of an attribute, unescaped.
fn values(html: &str, attribute: &str) -> Vec<String> {
    let opening = format!(" {attribute}=\"");
    html.split(&opening)
        .skip(1)
        .filter_map(|rest| rest.split_once('"'))
        .map(|(value, _)| text(value))
        .collect()
}

fn text(html: &str) -> String {
    html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
}

/// The file that a link of a page leads to.
fn target(page: &str, href: &str) -> String {
    let mut parts: Vec<&str> = Path::new(page)
        .parent()
        .into_iter()
        .flat_map(Path::components)
        .filter_map(|part| part.as_os_str().to_str())
        .collect();
    for part in Path::new(href).components() {
        match part {
            Component::ParentDir => assert!(parts.pop().is_some(), "{page}: {href} leads out of the site"),
            Component::Normal(name) => parts.push(name.to_str().expect("UTF-8")),
            Component::CurDir => {}
            _ => panic!("{page}: {href} is no link within the site"),
        }
    }
    parts.join("/")
}

#[test]
fn every_link_leads_to_a_file_and_to_a_place_in_it() {
    let folder = northland_site();
    let known = files(folder);
    let pages = pages(folder);
    assert!(pages.len() > 60, "{}", pages.len());
    for (page, html) in &pages {
        for href in values(html, "href").into_iter().chain(values(html, "src")) {
            if let Some(name) = href.strip_prefix("https://northland.example/figures/") {
                assert!(name.is_empty() || known.contains_key(name), "{page}: {href}");
                continue;
            }
            let (file, fragment) = href.split_once('#').unwrap_or((&href, ""));
            let file = if file.is_empty() {
                page.clone()
            } else {
                target(page, file)
            };
            assert!(known.contains_key(&file), "{page}: {href} leads to {file}");
            if !fragment.is_empty() {
                let ids = values(&pages[&file], "id");
                assert!(
                    ids.iter().any(|id| id == fragment),
                    "{page}: no {fragment} in {file}"
                );
            }
        }
    }
}

#[test]
fn every_page_has_one_heading_one_language_unique_ids_no_inline_code_and_few_bytes() {
    let folder = northland_site();
    let pages = pages(folder);
    for (page, html) in &pages {
        assert_eq!(html.matches("<h1").count(), 1, "{page}");
        assert!(html.len() < MOST, "{page}: {}", html.len());
        let mut ids = BTreeSet::new();
        for id in values(html, "id") {
            assert!(ids.insert(id.clone()), "{page}: {id} twice");
        }
        for attribute in ["style", "onclick", "onload"] {
            assert!(values(html, attribute).is_empty(), "{page}: {attribute}");
        }
        assert!(
            html.contains("default-src 'none'") && !html.contains("unsafe"),
            "{page}"
        );
        assert!(!html.contains("http-equiv=\"refresh\""), "{page}");
        let Some((language, rest)) = page.split_once('/') else {
            continue;
        };
        assert!(html.contains(&format!("<html lang=\"{language}\">")), "{page}");
        // The same page in every language, which says which one it is.
        for other in Language::ALL.map(Language::code) {
            assert!(
                pages.contains_key(&format!("{other}/{rest}")),
                "{page} in {other}"
            );
            let link = format!("{other}/{rest}\" lang=\"{other}\" hreflang=\"{other}\"");
            assert!(html.contains(&link), "{page}: {link}");
        }
        assert_eq!(html.matches("aria-current=\"true\"").count(), 1, "{page}");
        let script = html.contains("<script");
        assert_eq!(script, rest == "index.html", "{page}");
    }
}

#[test]
fn figures_on_the_pages_of_indicators_are_those_of_the_library() {
    let release = northland().release();
    let pages = pages(northland_site());
    let mut figures = 0;
    for indicator in release.indicators("").rows {
        let id = indicator.declared.id.as_str();
        let html = &pages[&format!("sv/indicators/{id}.html")];
        let order = (indicator.declared.direction == Direction::None).then_some(Order::Descending);
        let asked = RankOptions {
            order,
            ..RankOptions::default()
        };
        let Ok(ranking) = release.rank(id, asked) else {
            assert!(!html.contains("id=\"order\""), "{id}");
            continue;
        };
        let table = html.split("id=\"order\"").nth(1).expect("a table");
        let body = table.split("<tbody>").nth(1).expect("rows");
        let rows: Vec<&str> = body.split("<tr").skip(1).take(ranking.rows.len()).collect();
        for (html, row) in rows.iter().zip(&ranking.rows) {
            let name = row.area.name.get(Language::Sv);
            assert!(text(html).contains(name), "{id}: {name} is not in {html}");
            assert!(
                html.contains(&format!("../areas/{}.html", row.area.code)),
                "{id}: {name}"
            );
            let shown: Vec<f64> = values(html, "value")
                .iter()
                .map(|value| value.parse().expect("a number"))
                .collect();
            let expected: Vec<f64> = row.cell.value.into_iter().chain(row.rank).collect();
            assert_eq!(shown, expected, "{id}: {name}");
            figures += shown.len();
        }
    }
    assert!(figures > 20, "{figures}");
}

#[test]
fn an_area_that_has_ended_leads_to_its_successor() {
    let folder = northland_site();
    // Beeta (02) merged into Aapa (01) on 2021-01-01.
    let pages = pages(folder);
    let html = &pages["en/areas/02.html"];
    assert!(
        html.contains("2020-12-31") && html.contains("href=\"../areas/01.html\""),
        "{html}"
    );
    // It has no name of its own in English.
    assert!(pages["en/areas/index.html"].contains("<a href=\"../areas/02.html\" lang=\"fi\">Beeta</a>"));
}

#[test]
fn the_sitemap_has_every_page_in_every_language() {
    let folder = tempfile::tempdir().expect("a folder");
    let site = written(&northland().release(), folder.path(), &options());
    let xml = std::fs::read_to_string(folder.path().join("sitemap.xml")).expect("a sitemap");
    assert_eq!(xml.matches("<loc>").count(), site.pages);
    assert_eq!(xml.matches("hreflang=").count(), 3 * site.pages);
    assert!(xml.contains("<loc>https://northland.example/figures/sv/areas/01.html</loc>"));
    let robots = std::fs::read_to_string(folder.path().join("robots.txt")).expect("robots.txt");
    assert!(robots.ends_with("Sitemap: https://northland.example/figures/sitemap.xml\n"));
}

#[test]
fn without_an_address_or_a_contact_the_site_says_what_it_lacks() {
    let folder = tempfile::tempdir().expect("a folder");
    let site = written(
        &Northland::new().release(),
        folder.path(),
        &SiteOptions::default(),
    );
    let codes: Vec<&str> = site.remarks.iter().map(|remark| remark.code()).collect();
    assert_eq!(codes, ["site.warn-no-contact", "site.warn-no-url"]);
    let known = files(folder.path());
    assert!(!known.contains_key("sitemap.xml"));
    let statement = String::from_utf8(known["en/accessibility.html"].clone()).expect("UTF-8");
    assert!(!statement.contains("id=\"feedback\"") && statement.contains("id=\"enforcement\""));
    // Northland as it stands has no usual grouping: no pages of groups.
    assert!(!known.keys().any(|name| name.contains("regions/")));
    assert!(known.contains_key("en/compare/size-1.html"));
}

#[test]
fn hostile_names_come_out_as_text() {
    const NAME: &str = "</script><script>alert('1')</script>&\"";
    let hostile = northland().with(
        AREAS,
        "01,Aapa,Alfa,Alpha,,",
        "01,\"</script><script>alert('1')</script>&\"\"\",,,,",
    );
    let folder = tempfile::tempdir().expect("a folder");
    let contact = "<img src=x onerror=alert(2)>";
    written(
        &hostile.release(),
        folder.path(),
        &options().with_contact(contact),
    );
    let mut seen = 0;
    for (page, html) in pages(folder.path()) {
        assert!(!html.contains("<script>") && !html.contains("<img"), "{page}");
        seen += usize::from(text(&html).contains(NAME));
    }
    assert!(seen > 10, "{seen}");
    for language in Language::ALL.map(Language::code) {
        let index = folder.path().join(language).join("search.js");
        let script = std::fs::read_to_string(index).expect("an index");
        assert!(!script.contains('<'), "{script}");
        let entries = index_of(&script);
        assert_eq!(entries[0]["n"], NAME);
    }
}

fn index_of(script: &str) -> serde_json::Value {
    let (_, json) = script.split_once("const KULTTI_INDEX = ").expect("an index");
    serde_json::from_str(json.trim_end().trim_end_matches(';')).expect("JSON")
}

#[test]
fn the_search_finds_names_in_every_language_and_those_that_have_ended() {
    let folder = northland_site();
    let script = std::fs::read_to_string(folder.join("sv/search.js")).expect("an index");
    let entries = index_of(&script);
    let entries = entries.as_array().expect("entries");
    let found = |query: &str| -> Vec<String> {
        let query = fold(query);
        let holds = |entry: &&serde_json::Value| {
            let texts = entry["t"].as_array().expect("texts");
            texts
                .iter()
                .any(|text| text.as_str().is_some_and(|text| text.contains(&query)))
        };
        let pages = entries.iter().filter(holds).map(|entry| entry["u"].as_str());
        pages.flatten().map(str::to_owned).collect()
    };
    for query in ["AAPA", "alfa", "Alpha"] {
        assert_eq!(found(query), ["areas/01.html"], "{query}");
    }
    assert_eq!(found("beeta"), ["areas/02.html"]);
    // The group of that name too.
    assert_eq!(found("pohjoinen"), ["regions/N.html"]);
    let ended = entries
        .iter()
        .find(|entry| entry["u"] == "areas/02.html")
        .expect("an entry");
    assert_eq!(ended["k"], "till och med 2020-12-31; nu Alfa");
}

#[test]
fn threads_and_a_second_folder_make_no_difference() {
    let release = northland().release();
    let (one, four) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    written(&release, one.path(), &options().with_threads(1));
    written(&northland().release(), four.path(), &options().with_threads(4));
    let (one, four) = (files(one.path()), files(four.path()));
    assert!(one.keys().eq(four.keys()));
    for (name, bytes) in &one {
        assert!(four[name] == *bytes, "{name}");
    }
}

#[test]
fn a_second_run_writes_what_has_changed_and_removes_what_is_its_own_alone() {
    let release = northland().release();
    let folder = tempfile::tempdir().expect("a folder");
    let first = written(&release, folder.path(), &options());
    assert_eq!((first.unchanged, first.removed.len()), (0, 0));
    std::fs::write(folder.path().join("sv/own.txt"), "mine").expect("written");
    let again = written(&release, folder.path(), &options());
    assert_eq!((again.written.len(), again.unchanged), (0, first.written.len()));
    assert_eq!(again.bytes, first.bytes);
    // A page that somebody has changed is mended.
    std::fs::write(folder.path().join("fi/index.html"), "gone").expect("written");
    assert_eq!(
        written(&release, folder.path(), &options()).written,
        ["fi/index.html"]
    );
    // Fewer areas: their pages and files go, and it is said before.
    let fewer = options().with_areas(["Alpha"]);
    let dry = SiteOptions {
        dry_run: true,
        ..fewer.clone()
    };
    let before = files(folder.path());
    let said = written(&release, folder.path(), &dry);
    assert!(files(folder.path()) == before);
    let done = written(&release, folder.path(), &fewer);
    assert_eq!((&said.written, &said.removed), (&done.written, &done.removed));
    assert!(
        done.removed.contains(&"en/areas/03.html".to_owned()),
        "{:?}",
        done.removed
    );
    let left = files(folder.path());
    assert!(!left.contains_key("en/areas/03.csv") && left.contains_key("en/areas/01.csv"));
    assert_eq!(left["sv/own.txt"], b"mine");
}

#[test]
fn a_folder_with_other_things_is_refused_and_so_is_a_damaged_list() {
    let release = northland().release();
    let folder = tempfile::tempdir().expect("a folder");
    let refused = |folder: &Path| {
        let found = release.write_site(folder, &options(), &mut |_, _| Ok(()));
        found.expect_err("refused").code()
    };
    let thesis = folder.path().join("thesis.txt");
    std::fs::write(&thesis, "three years").expect("written");
    assert_eq!(refused(folder.path()), "K0961");
    assert_eq!(files(folder.path()).len(), 1);
    let list = folder.path().join(".kultti-site.json");
    for damaged in [
        "{",
        r#"{"kultti":"","release":"","options":{},"templates":"","files":{"../thesis.txt":""}}"#,
    ] {
        std::fs::write(&list, damaged).expect("written");
        assert_eq!(refused(folder.path()), "K0962", "{damaged}");
    }
    assert!(thesis.is_file());
}

#[test]
fn an_interrupted_run_leaves_whole_files_and_the_next_one_finishes() {
    let release = northland().release();
    let folder = tempfile::tempdir().expect("a folder");
    let stopped = release.write_site(folder.path(), &options(), &mut |done, _| match done {
        3 => Err(Error::Interrupted {}),
        _ => Ok(()),
    });
    assert_eq!(stopped, Err(Error::Interrupted {}));
    let left = files(folder.path());
    assert!(!left.keys().any(|name| name.ends_with(".part")));
    for (page, html) in pages(folder.path()) {
        assert!(html.trim_end().ends_with("</html>"), "{page}");
    }
    // The rest is written by the next run, and what is no longer wanted goes.
    let fewer = options().with_areas(["03"]);
    written(&release, folder.path(), &fewer);
    let fresh = tempfile::tempdir().expect("a folder");
    written(&release, fresh.path(), &fewer);
    assert!(files(folder.path()) == files(fresh.path()));
}

#[test]
fn a_folder_of_templates_gives_the_site_its_look() {
    let own = tempfile::tempdir().expect("a folder");
    std::fs::write(own.path().join("site.css"), ".brand { color: #00f }").expect("written");
    let page: PathBuf = own.path().join("site-page.html");
    std::fs::write(page, "<h1>{{ page.title }}</h1>").expect("written");
    let options = SiteOptions {
        templates: Templates::in_folder(own.path()).expect("templates"),
        ..options()
    };
    let folder = tempfile::tempdir().expect("a folder");
    written(&northland().release(), folder.path(), &options);
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("a file");
    assert!(read("style.css").ends_with(".brand { color: #00f }"));
    assert_eq!(read("sv/areas/01.html"), "<h1>Alfa (Aapa)</h1>");
}

#[test]
fn the_page_about_a_release_says_what_has_changed_since_the_one_before() {
    let before = northland().with(
        "observations/costs.csv",
        "cost.a,2021,01,2021-01-01,51000,A,,",
        "cost.a,2021,01,2021-01-01,52000,A,,",
    );
    let options = options().with_since(std::sync::Arc::new(before.release()));
    let folder = tempfile::tempdir().expect("a folder");
    written(&northland().release(), folder.path(), &options);
    let html = &pages(folder.path())["en/release.html"];
    let changes = html.split("id=\"changes\"").nth(1).expect("a section");
    assert!(changes.contains("href=\"areas/01.html\""), "{changes}");
    assert!(changes.contains("href=\"indicators/"), "{changes}");
}
