//! What needs counts, pairs of cost and use, or comparability flags: asked of a release that has them.
//!
//! Northland of 2019 by hand. Visits: 6,000 of the 1,000 inhabitants of 01, 4,000 of the 2,000 of 03, none of the 1,000 of 04;
//! cost a: 30,000, 40,000 and 50,000. 01 has internal rents in its cost, 03 has not.

use super::{failure, json, stdout};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

const COST: &str = "cost_a.per_inhabitant";
const VISITS: &str = "visits.per_inhabitant";

const PAIR: &str = r#"
[[indicator]]
id = "cost_a.per_visit"
label = { fi = "Hinta", sv = "Pris", en = "Price" }
definition = { fi = "Hinta", sv = "Pris", en = "Price" }
formula = "cost.a / visits.count"
unit = "crown/person"
decimals = 2
direction = "none"
version = 1
scope = "only_a"

[[indicator]]
id = "visits.per_inhabitant_now"
label = { fi = "Käynnit", sv = "Besök", en = "Visits" }
definition = { fi = "Käynnit", sv = "Besök", en = "Visits" }
formula = "visits.count / population.year_end"
unit = "1"
decimals = 2
direction = "none"
version = 1

[[pair]]
id = "visits"
label = { fi = "Käynnit", sv = "Besök", en = "Visits" }
cost_per_inhabitant = "cost_a.per_inhabitant"
cost_per_use = "cost_a.per_visit"
uses_per_inhabitant = "visits.per_inhabitant_now"
"#;

const ROWS: &str = "visits.count,2019,01,2019-01-01,6000,A,,
visits.count,2019,03,2019-01-01,4000,A,,
visits.count,2019,04,2019-01-01,0,A,,
";

const FLAGS: &str = "area,measure,from,to,flag,value,source
01,cost.a,2019,,internal_rent,included,survey
03,cost.a,2019,,internal_rent,excluded,survey
";

/// A release in a folder of its own that goes when the test ends.
struct Northland(PathBuf);

impl Northland {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!(
            "kultti-cli-northland-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let folder = Self(std::env::temp_dir().join(name));
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../kultti-core/tests/it/northland");
        copy(&from, &folder.0);
        folder.change("observations/others.csv", |text| {
            let kept = text.lines().filter(|line| !line.starts_with("visits.count"));
            kept.collect::<Vec<_>>().join("\n") + "\n" + ROWS
        });
        folder.change("catalogue.toml", |text| {
            let formula = "formula = \"visits.count / population.year_end\"";
            text.replacen(formula, &format!("{formula}\ninterval = \"count\""), 1) + PAIR
        });
        folder.change("release.toml", |text| {
            let joint = "joint_units = \"joint_units.csv\"";
            text.replacen(
                joint,
                &format!("{joint}\ncomparability = \"comparability.csv\""),
                1,
            )
        });
        fs::write(folder.0.join("comparability.csv"), FLAGS).expect("a file is written");
        stdout(&["release", "build", &folder.path(""), "-o", &folder.file()]);
        folder
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    fn file(&self) -> String {
        self.path("northland.parquet")
    }

    fn change(&self, name: &str, to: impl Fn(&str) -> String) {
        let text = fs::read_to_string(self.0.join(name)).expect("a text file");
        fs::write(self.0.join(name), to(&text)).expect("a file is written");
    }

    /// A question about 2019 on the borders of then.
    fn asked<'a>(&self, question: &[&'a str], file: &'a str) -> Vec<&'a str> {
        let common = ["--period", "2019", "--territory", "then", "--release", file];
        [question, &common].concat()
    }
}

impl Drop for Northland {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file is copied");
        }
    }
}

/// The words of a text, whatever its lines.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_cost_is_taken_apart_into_its_price_and_its_use() {
    let release = Northland::new();
    let file = release.file();
    let asked = release.asked(&["cost-per-use", COST, "--area", "01", "--peers", "01,03"], &file);
    // 01: 30 = 5 a visit times 6 visits. 01 and 03: 70,000 over 3,000 inhabitants and 10,000 visits.
    let pair = &json(&asked)["pairs"][0];
    let own = &pair["figures"];
    assert_eq!(
        (own["cost_per_inhabitant"].as_f64(), own["cost_per_use"].as_f64()),
        (Some(30.0), Some(5.0))
    );
    assert_eq!(own["uses_per_inhabitant"].as_f64(), Some(6.0));
    let group = &pair["peers"][0];
    assert_eq!(
        (group["figures"]["cost_per_use"].as_f64(), group["n"].as_u64()),
        (Some(7.0), Some(2))
    );
    let part = |name: &str| group["difference"][name].as_f64().expect("a number");
    assert!((part("by_cost_per_use") + part("by_uses") - 20.0 / 3.0).abs() < 1e-9);
    let table = stdout(&[&asked[..], &["--format", "csv"]].concat());
    let mut lines = table.lines();
    let head = lines.next().expect("a head");
    assert!(
        head.contains("cost_per_use,uses_per_inhabitant") && head.contains("definition,period"),
        "{head}"
    );
    assert!(
        lines.next().is_some_and(|row| row.contains(",30,5,6,")),
        "{table}"
    );
    for (language, word) in [("fi", "käyttö"), ("sv", "användning"), ("en", "use")] {
        let text = stdout(&[&asked[..], &["--format", "table", "--lang", language]].concat());
        assert!(text.contains(word) && text.contains("--explain"), "{text}");
        let why = stdout(
            &[
                &asked[..],
                &["--explain", "--format", "table", "--lang", language],
            ]
            .concat(),
        );
        assert!(why.len() > text.len() / 2, "{why}");
    }
    // Nobody came to 04: there is no price of a visit, and the reason is said.
    let asked = release.asked(&["cost-per-use", COST, "--area", "04"], &file);
    let own = &json(&asked)["pairs"][0]["figures"];
    assert!(own["cost_per_use"].is_null());
    assert_eq!(own["missing"]["code"], "denominator-zero");
}

#[test]
fn a_cost_without_a_use_is_refused_in_three_languages() {
    for (language, words) in [("fi", "käyttöä"), ("sv", "användning"), ("en", "use")] {
        let (code, text) = failure(&[
            "cost-per-use",
            "culture.net_operating_cost_per_inhabitant",
            "--area",
            "272",
            "--lang",
            language,
        ]);
        assert_eq!(code, 4);
        assert!(text.contains("K0747") && text.contains(words), "{text}");
        assert!(text.contains("library.expenditure_per_inhabitant"), "{text}");
    }
}

#[test]
fn differing_flags_are_named_in_words_and_give_the_status_d() {
    let release = Northland::new();
    let file = release.file();
    let asked = release.asked(&["compare", COST, "--area", "01", "--peers", "03"], &file);
    let answer = json(&asked);
    assert_eq!(answer["peers"][0]["status"], "D");
    for (language, flag) in [
        ("fi", "Sisäiset vuokrat: ei sisälly (Seeta), sisältyy (Aapa)"),
        ("sv", "Interna hyror: ingår inte (Seeta), ingår (Alfa)"),
        ("en", "Internal rents: excluded (Seeta), included (Alpha)"),
    ] {
        let text = words(&stdout(
            &[&asked[..], &["--format", "table", "--lang", language]].concat(),
        ));
        assert!(text.contains(flag), "{text}");
    }
    let table = stdout(&[&asked[..], &["--format", "csv"]].concat());
    assert!(table.contains("comparability"), "{table}");
}

#[test]
fn intervals_of_counts_are_those_of_byar() {
    let release = Northland::new();
    let file = release.file();
    let answer = json(&release.asked(&["intervals", VISITS, "--test", "01,03"], &file));
    assert_eq!(
        (answer["method"].as_str(), answer["kind"].as_str()),
        (Some("byar"), Some("count"))
    );
    // Breslow & Day: x(1 − 1/(9x) − z/(3√x))³ of 6,000 visits, for 1,000 inhabitants.
    let (count, z) = (6_000.0_f64, 1.959_963_984_540_054);
    let lower = count * (1.0 - 1.0 / (9.0 * count) - z / (3.0 * count.sqrt())).powi(3) / 1_000.0;
    let first = &answer["rows"][0];
    assert_eq!(first["code"], "01");
    assert!((first["lower"].as_f64().expect("a limit") - lower).abs() < 1e-9);
    // Tests are rows of their own where rows are asked for: 6 and 2 visits per inhabitant.
    let table = stdout(
        &[
            &release.asked(&["intervals", VISITS, "--test", "01,03"], &file)[..],
            &["--format", "csv"],
        ]
        .concat(),
    );
    assert!(
        table.starts_with("code,name,numerator,denominator,value,other_code,"),
        "{table}"
    );
    assert_eq!(table.lines().count(), 2);
    assert!(table.contains(",6000,1000,6,03,"), "{table}");
}

#[test]
fn statistical_bands_are_the_intervals_against_each_group() {
    let share = "population.share_0_17";
    let asked = ["compare", share, "--area", "Kokkola", "--peers", "region,country"];
    for (bands, level) in [("statistical", "95"), ("statistical:99.8", "99.8")] {
        let banded = json(&[&asked[..], &["--bands", bands]].concat());
        assert_eq!(banded, json(&[&asked[..], &["--intervals", level]].concat()));
        assert_eq!(banded["peers"][0]["significance"], "similar");
        assert_eq!(banded["peers"][1]["significance"], "higher");
        assert_eq!(banded["interval"]["level"].as_f64(), level.parse().ok());
    }
    // Every row says how its interval was made.
    let table = stdout(&[&asked[..], &["--bands", "statistical", "--format", "csv"]].concat());
    assert!(
        table.contains("significance,interval_level,interval_method,"),
        "{table}"
    );
    assert!(table.contains(",similar,95,wilson,"), "{table}");
    for refused in [
        &["--bands", "statistical:90"][..],
        &["--bands", "statistical", "--intervals", "99.8"],
    ] {
        let (code, text) = failure(&[&asked[..], refused].concat());
        assert!(code == 2 && text.contains("K0501"), "{text}");
    }
    // Euros are no counts.
    let (code, text) = failure(&[
        "compare",
        "culture.net_operating_cost_per_inhabitant",
        "--area",
        "272",
        "--bands",
        "statistical",
    ]);
    assert!(code == 2 && text.contains("K0508"), "{text}");
}

#[test]
fn a_table_with_intervals_fits_eighty_columns() {
    for language in ["fi", "sv", "en"] {
        for question in [
            &[
                "compare",
                "population.share_0_17",
                "--area",
                "Kokkola",
                "--bands",
                "statistical",
            ][..],
            &["groups", "population.share_0_17", "--by", "region", "--intervals"],
        ] {
            let output = super::kultti(&[question, &["--format", "table", "--lang", language]].concat())
                .env("COLUMNS", "80")
                .output()
                .expect("the program starts");
            let text = String::from_utf8(output.stdout).expect("UTF-8");
            // A row of the table holds the value and its interval; stacked, each would stand on a line of its own.
            let together = text
                .lines()
                .any(|line| line.contains("22,3–22,9") && line.contains("22,6"))
                || text
                    .lines()
                    .any(|line| line.contains("22.3–22.9") && line.contains("22.6"));
            assert!(together, "{text}");
        }
    }
}
