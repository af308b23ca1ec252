//! A table of a statistical office on its way into a release: PX, import, recipe, build, answers. The figures of Northland, a
//! country made up for tests, can be worked out by hand.

use super::{failure, json, stdout};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Visits in thousands, by sex; the territory of 2022 has the areas 01, 03–07. PX writes no row for 02.
const VISITS: &str = r#"CHARSET="ANSI";
AXIS-VERSION="2013";
CODEPAGE="utf-8";
LANGUAGE="fi";
LANGUAGES="fi","sv";
DECIMALS=1;
SHOWDECIMALS=1;
MATRIX="visits";
SUBJECT-CODE="KUL";
SUBJECT-AREA="Kulttuuri";
SUBJECT-AREA[sv]="Kultur";
TITLE="Käynnit muuttujina alue, sukupuoli, vuosi ja tiedot";
TITLE[sv]="Besök efter område, kön, år och uppgifter";
CONTENTS="Käynnit";
CONTENTS[sv]="Besök";
UNITS="-";
STUB="Alue","Sukupuoli";
STUB[sv]="Område","Kön";
HEADING="Vuosi","Tiedot";
HEADING[sv]="År","Uppgifter";
CONTVARIABLE="Tiedot";
CONTVARIABLE[sv]="Uppgifter";
VARIABLECODE("Alue")="area";
VARIABLECODE("Sukupuoli")="sex";
VARIABLECODE("Vuosi")="year";
VARIABLECODE("Tiedot")="figures";
VALUES("Alue")="Koko maa","Aapa","Seeta","Teeta","Epsi","Saari","Uusi";
VALUES[sv]("Område")="Hela landet","Alfa","Seeta","Teeta","Epsi","Holm","Nya";
VALUES("Sukupuoli")="Yhteensä","Naiset";
VALUES[sv]("Kön")="Totalt","Kvinnor";
VALUES("Vuosi")="2022";
VALUES[sv]("År")="2022";
VALUES("Tiedot")="Käynnit (1 000)","Lainat (1 000)";
VALUES[sv]("Uppgifter")="Besök (1 000)","Lån (1 000)";
TIMEVAL("Vuosi")=TLIST(A1),"2022";
CODES("Alue")="SSS","NL01","NL03","NL04","NL05","NL06","NL07";
CODES("Sukupuoli")="SSS","2";
CODES("Vuosi")="2022";
CODES("Tiedot")="visits","loans";
VARIABLE-TYPE("Alue")="Geographical";
UNITS("Käynnit (1 000)")="tuhatta";
UNITS[sv]("Besök (1 000)")="tusen";
UNITS("Lainat (1 000)")="tuhatta";
UNITS[sv]("Lån (1 000)")="tusen";
CELLNOTE("Seeta","Yhteensä","2022","Käynnit (1 000)")="Arvio; tarkistetaan";
CELLNOTE[sv]("Seeta","Totalt","2022","Besök (1 000)")="Uppskattning; granskas";
DATA=
20.1 30 10 15
5.1 8 3 4
4 6 2 3
".." 7 ".." 4
9 9 4 5
"..." "..." "..." "..."
"-" 1 "-" 1
;
"#;

const MAPPING: &str = r#"[import]
territory = "then"
area_prefix = "NL"
skip_areas = ["SSS"]
multiply = 1000
[import.measures]
"Käynnit (1 000)" = "visits.count"
[import.keep]
Sukupuoli = "Yhteensä"
[import.status]
"..." = "Q"
".." = "L"
"#;

/// The folder of a release of Northland, with the office's table and its mapping beside it.
struct Country(TempDir);

impl Country {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let northland = Path::new(env!("CARGO_MANIFEST_DIR")).join("../kultti-core/tests/it/northland");
        copy(&northland, folder.path());
        let country = Self(folder);
        std::fs::write(country.path("visits.px"), VISITS).unwrap();
        std::fs::write(country.path("visits.toml"), MAPPING).unwrap();
        country
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// Imports the table into a file, and builds a release that has it.
    fn build(&self, observations: &str) -> String {
        let table = format!("observations/{observations}");
        self.import(&["-o", &self.text(&table)]);
        let recipe = std::fs::read_to_string(self.path("release.toml")).unwrap();
        let named = format!(
            "{recipe}\n[[table]]\nfile = \"{table}\"\nsource = \"office\"\nretrieved = \"2023-02-01\"\n\
             description = {{ fi = \"Käynnit\", sv = \"Besök\", en = \"Visits\" }}\n"
        );
        std::fs::write(self.path("release.toml"), named).unwrap();
        let release = self.text(&format!("{observations}.release.parquet"));
        stdout(&["release", "build", &self.text(""), "-o", &release]);
        std::fs::write(self.path("release.toml"), recipe).unwrap();
        release
    }

    fn import(&self, more: &[&str]) -> String {
        let (table, map, sources) = (self.text("visits.px"), self.text("visits.toml"), self.text(""));
        let mut args = vec!["import", &table, "--map", &map, "--sources", &sources];
        args.extend(more);
        stdout(&args)
    }

    fn refused(&self, mapping: &str, language: &str) -> (i32, String) {
        std::fs::write(self.path("visits.toml"), mapping).unwrap();
        let (table, map, sources) = (self.text("visits.px"), self.text("visits.toml"), self.text(""));
        failure(&[
            "import",
            &table,
            "--map",
            &map,
            "--sources",
            &sources,
            "--lang",
            language,
        ])
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}

#[test]
fn an_imported_table_is_a_table_of_observations() {
    let country = Country::new();
    let text = country.import(&["--format", "csv"]);
    // Thousands times 1000; "-" is zero; the symbol and the note of a cell stay with it, `;` between codes only.
    let expected = "measure,period,area,territory,value,status,missing,note
visits.count,2022,01,2022-06-01,5100,A,,
visits.count,2022,03,2022-06-01,4000,A,,\"footnote(Arvio, tarkistetaan)\"
visits.count,2022,04,2022-06-01,,L,not-collected,symbol(..)
visits.count,2022,05,2022-06-01,9000,A,,
visits.count,2022,06,2022-06-01,,Q,suppressed,symbol(...)
visits.count,2022,07,2022-06-01,0,A,,symbol(-)
";
    assert_eq!(text, expected);
}

#[test]
fn a_figure_of_the_table_answers_a_question() {
    let country = Country::new();
    for observations in ["visits.csv", "visits.parquet"] {
        let release = country.build(observations);
        let ask = |verb: &str, more: &[&str]| {
            let mut args = vec![verb, "visits.per_inhabitant", "--release", &release];
            args.extend(more);
            json(&args)
        };
        // 5,100 visits of 1,700 inhabitants.
        let answer = ask("compare", &["--area", "01", "--peers", "country"]);
        assert_eq!(answer["value"], 3.0, "{observations}: {answer}");
        let ranking = ask("rank", &["--order", "desc"]);
        let found: Vec<_> = ranking
            .as_array()
            .unwrap()
            .iter()
            .map(|row| {
                (
                    row["code"].as_str().unwrap(),
                    row["value"].as_f64(),
                    row["status"].as_str().unwrap(),
                )
            })
            .collect();
        // 9,000 / 1,800 = 5; 5,100 / 1,700 = 3; 4,000 / 2,000 = 2; nobody came to 07.
        let expected = [
            ("05", Some(5.0), "A"),
            ("01", Some(3.0), "A"),
            ("03", Some(2.0), "A"),
            ("07", Some(0.0), "A"),
            ("04", None, "L"),
            ("06", None, "Q"),
        ];
        assert_eq!(found, expected, "{observations}");
    }
}

#[test]
fn what_the_mapping_leaves_out_is_said() {
    let country = Country::new();
    let table = country.text("visits.csv");
    let record: serde_json::Value =
        serde_json::from_str(&country.import(&["-o", &table, "--format", "json"])).expect("JSON");
    assert_eq!(record["observations"], 6);
    let left_out: Vec<&str> = record["left_out"]
        .as_array()
        .unwrap()
        .iter()
        .map(|text| text.as_str().unwrap())
        .collect();
    assert_eq!(left_out, ["figures=loans", "area=SSS", "sex=2"]);
}

#[test]
fn what_a_mapping_lacks_is_said_in_the_readers_language() {
    let country = Country::new();
    for (without, named) in [
        ("territory = \"then\"\n", "territory"),
        ("[import.keep]\nSukupuoli = \"Yhteensä\"\n", "keep"),
        ("skip_areas = [\"SSS\"]\n", "SSS"),
    ] {
        for (language, word) in [("fi", "virhe"), ("sv", "fel"), ("en", "error")] {
            let (code, text) = country.refused(&MAPPING.replace(without, ""), language);
            assert!(code == 2 || code == 3, "{text}");
            assert!(text.starts_with(word) && text.contains(named), "{text}");
        }
    }
    let (code, text) = country.refused(&MAPPING.replace("territory", "teritory"), "en");
    assert!(code == 3 && text.contains("visits.toml:2:1"), "{text}");
}
