//! `check` as a municipality runs it: a round, a form of it, what is found, and with which exit code.

use super::run;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Output;

/// A folder with the culture round and a form of Kokkola in which everything fits.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let desk = Self { folder };
        let recipe = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../datasets/collection/culture_round.toml"
        );
        let round = desk.path("culture-2020.round.json");
        desk.ok(&["round", "new", recipe, "-o", &round]);
        desk.ok(&[
            "form",
            &round,
            "--area",
            "Kokkola",
            "--lang",
            "en",
            "-o",
            &desk.path("kokkola.json"),
        ]);
        desk.fill(|_, row| {
            let id = row["measure"].as_str().unwrap_or_default().to_owned();
            let value = match id.as_str() {
                id if id.starts_with("management.") => 1.0,
                "culture.reported_operating_cost" => 6.0 * 900_000.0,
                "culture.reported_operating_income" => 6.0 * 100_000.0,
                "culture.reported_net_operating_cost" => 6.0 * 800_000.0,
                id if id.ends_with(".net_operating_cost") => 800_000.0,
                id if id.ends_with(".operating_cost") => 900_000.0,
                id if id.ends_with(".operating_income") => 100_000.0,
                "culture.grants" => 500_000.0,
                "library.service_points" => 5.0,
                "library.visits" | "library.loans" => 300_000.0,
                _ => 5_000.0,
            };
            row["value"] = json!(value);
        });
        desk
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn form(&self) -> PathBuf {
        self.folder.path().join("kokkola.json")
    }

    fn ok(&self, args: &[&str]) -> String {
        let output = run(args);
        assert!(
            output.status.success(),
            "{args:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// Changes the rows of the form.
    fn fill(&self, change: impl Fn(usize, &mut Value)) {
        let mut form: Value =
            serde_json::from_slice(&std::fs::read(self.form()).expect("the form")).expect("JSON");
        let rows = form["answers"].as_array_mut().expect("answers");
        rows.iter_mut()
            .enumerate()
            .for_each(|(place, row)| change(place, row));
        std::fs::write(self.form(), form.to_string()).expect("written");
    }

    fn set(&self, measure: &str, value: f64, note: &str) {
        self.fill(|_, row| {
            if row["measure"] == measure {
                row["value"] = json!(value);
                row["note"] = json!(note);
            }
        });
    }

    fn check(&self, more: &[&str]) -> Output {
        let form = self.path("kokkola.json");
        let mut args = vec!["check", form.as_str(), "--lang", "en"];
        args.extend(more);
        run(&args)
    }

    fn found(&self, more: &[&str]) -> (i32, Value) {
        let mut args = vec!["--format", "json"];
        args.extend(more);
        let output = self.check(&args);
        let code = output.status.code().expect("an exit code");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        (code, serde_json::from_slice(&output.stdout).expect(&text))
    }
}

fn errors(found: &Value) -> Vec<(String, String)> {
    let findings = found["findings"].as_array().expect("findings").iter();
    let errors = findings.filter(|finding| finding["severity"] == "error");
    let text = |finding: &Value, field: &str| finding[field].as_str().unwrap_or_default().to_owned();
    errors
        .map(|finding| (text(finding, "rule"), text(finding, "message")))
        .collect()
}

#[test]
fn a_form_is_checked_where_it_is_filled_in() {
    let desk = Desk::new();
    let (code, found) = desk.found(&[]);
    assert_eq!((code, errors(&found)), (0, vec![]), "{found:#}");

    // A net figure that does not fit, and a cell that is no number.
    desk.set("library.net_operating_cost", 8_000_000.0, "");
    desk.fill(|_, row| {
        if row["measure"] == "museum.visits" {
            row["value"] = json!("about five thousand");
        }
    });
    let (code, found) = desk.found(&[]);
    assert_eq!(code, 1);
    let errors = errors(&found);
    let rules: Vec<&str> = errors.iter().map(|(rule, _)| rule.as_str()).collect();
    assert!(
        rules.contains(&"library.net") && rules.contains(&"type"),
        "{rules:?}"
    );
    let (_, net) = errors
        .iter()
        .find(|(rule, _)| rule == "library.net")
        .expect("the net");
    assert!(
        net.contains("but 900,000 \u{2212} 100,000 = 800,000 \u{20ac}"),
        "{net}"
    );
    // At the stage of a draft it only warns; what cannot be read stays what it is.
    let (_, draft) = desk.found(&["--stage", "draft"]);
    assert!(draft["errors"].as_u64() < found["errors"].as_u64());

    // For people: the cell stands before the sentence.
    let output = desk.check(&["--format", "table"]);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(
        text.contains("Net operating cost of libraries: 8,000,000"),
        "{text}"
    );
    assert!(text.contains("Kokkola (272)"), "{text}");
    // One object a line, one row a finding.
    let lines = String::from_utf8(desk.check(&["--format", "jsonl"]).stdout).expect("UTF-8");
    let rows: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(rows.len(), found["findings"].as_array().expect("findings").len());
    assert_eq!(rows[0]["finding"], found["findings"][0]["finding"]);
    assert!(
        desk.check(&["--format", "csv"])
            .stdout
            .starts_with(b"finding,severity,explained,rule,")
    );
}

#[test]
fn a_note_explains_a_warning_and_shows_it_still() {
    let desk = Desk::new();
    desk.set(
        "basic_arts_education.pupils_under_18",
        30_000.0,
        "Pupils of four municipalities",
    );
    let (_, found) = desk.found(&[]);
    let findings = found["findings"].as_array().expect("findings");
    let pupils = findings
        .iter()
        .find(|finding| finding["rule"] == "pupils-of-inhabitants")
        .expect("a warning");
    assert_eq!(
        (&pupils["severity"], &pupils["explained"]),
        (&json!("warning"), &json!(true))
    );
    let text = String::from_utf8(desk.check(&["--format", "table"]).stdout).expect("UTF-8");
    assert!(
        text.contains("Explanation: Pupils of four municipalities"),
        "{text}"
    );
}

#[test]
fn findings_stand_beside_the_cells_of_a_copy() {
    let desk = Desk::new();
    desk.set("library.net_operating_cost", 8_000_000.0, "");
    let copy = desk.path("checked.csv");
    assert_eq!(desk.check(&["--annotated", &copy]).status.code(), Some(1));
    let text = std::fs::read_to_string(&copy).expect("the copy");
    assert!(text.contains("800,000"), "{text}");
    let workbook = desk.path("checked.xlsx");
    assert_eq!(desk.check(&["--annotated", &workbook]).status.code(), Some(1));
    assert!(Path::new(&workbook).exists());
    // A copy is none of the form itself.
    let before = std::fs::read(desk.form()).expect("the form");
    let form = desk.path("kokkola.json");
    assert_eq!(desk.check(&["--annotated", &form]).status.code(), Some(2));
    assert_eq!(std::fs::read(desk.form()).expect("the form"), before);
}

#[test]
fn sarif_has_every_finding_with_its_rule_and_its_place() {
    let desk = Desk::new();
    desk.set("library.net_operating_cost", 8_000_000.0, "");
    let path = desk.path("kokkola.sarif");
    assert_eq!(desk.check(&["-o", &path]).status.code(), Some(1));
    let sarif: Value = serde_json::from_slice(&std::fs::read(&path).expect("the file")).expect("JSON");
    let run = &sarif["runs"][0];
    let (_, found) = desk.found(&[]);
    let results = run["results"].as_array().expect("results");
    assert_eq!(
        results.len(),
        found["findings"].as_array().expect("findings").len()
    );
    for (result, finding) in results
        .iter()
        .zip(found["findings"].as_array().expect("findings"))
    {
        assert_eq!(result["message"]["text"], finding["message"]);
        assert_eq!(result["level"], finding["severity"]);
        assert_eq!(
            result["partialFingerprints"]["kulttiFinding/v1"],
            finding["finding"]
        );
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
    let other = super::run(&["indicators", "library", "--format", "sarif"]);
    assert_eq!(other.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&other.stderr).contains("K1024"));
}

#[test]
fn what_is_no_form_is_said_and_nothing_is_answered() {
    let desk = Desk::new();
    let no_form = desk.path("notes.txt");
    std::fs::write(&no_form, "no form").expect("written");
    assert_eq!(run(&["check", &no_form]).status.code(), Some(3));
    assert_eq!(run(&["check", &desk.path("nothing.xlsx")]).status.code(), Some(3));
    assert_eq!(desk.check(&["--stage", "perhaps"]).status.code(), Some(2));
    // The same form twice is a matter of the whole round.
    let form = desk.path("kokkola.json");
    assert_eq!(run(&["check", &form, &form]).status.code(), Some(0));
    let output = run(&["check", &form, &form, "--whole-round", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("answered-once"));
}
