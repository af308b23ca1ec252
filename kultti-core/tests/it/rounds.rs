//! Rounds: what a recipe may say, what is taken from a release, and what a damaged file is.

use kultti_core::collection::{Answer, Answers, Place, Round};
use kultti_core::language::Language;
use kultti_core::model::{AreaCode, MeasureId, Status};
use kultti_core::release::Release;
use kultti_core::rules::Figure;
use kultti_core::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// A round of two costs and a count in four municipalities: two of them speak Finnish in the main, two Swedish.
pub(crate) const RECIPE: &str = r#"schema = 1
id = "culture-2019"
label = { fi = "Kulttuurin kustannukset 2019", sv = "Kulturens kostnader 2019", en = "Costs of culture 2019" }
instructions = { fi = "Luvut tilinpäätöksestä.\nPyöristä euroihin.", sv = "Tal ur bokslutet.\nAvrunda till euro.", en = "Figures of the accounts.\nRound to euros." }
contact = "keruu@example.org"
period = "2019"
opens = "2020-03-01"
due = "2020-04-30"
closes = "2020-06-30"
areas = ["Kokkola", "231", "Pietarsaari", "Maalahti"]
source = "municipal_finance"
[languages]
default = "fi"
grouping = "language"
sv = ["2", "3"]

[[measure]]
id = "library.net_operating_cost"

[[measure]]
id = "museum.net_operating_cost"
required = false

[[measure]]
id = "library.events"
required = false

[[measure]]
id = "library.staff"
"#;

pub(crate) fn example() -> Release {
    Release::from_static(kultti_datasets::EXAMPLE_RELEASE).expect("the example")
}

pub(crate) fn defined_in(folder: &Path, recipe: &str) -> kultti_core::Result<Round> {
    let path = folder.join("round.toml");
    std::fs::write(&path, recipe).expect("written");
    Round::define(&path, &example())
}

pub(crate) fn defined(recipe: &str) -> kultti_core::Result<Round> {
    let folder = tempfile::tempdir().expect("a folder");
    defined_in(folder.path(), recipe)
}

pub(crate) fn round() -> Round {
    defined(RECIPE).expect("a round")
}

pub(crate) fn with(old: &str, new: &str) -> String {
    assert!(RECIPE.contains(old), "{old}");
    RECIPE.replacen(old, new, 1)
}

/// The value in the sources of the example release, read without Kultti.
fn source(file: &str, key: &str) -> f64 {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../datasets/finland/observations/");
    let text = std::fs::read_to_string(format!("{folder}{file}")).expect("the source");
    let line = text.lines().find(|line| line.starts_with(key)).expect("a row");
    let value = line.split(',').nth(4).expect("a value");
    value.parse().expect("a number")
}

#[test]
fn a_round_knows_last_years_values_inhabitants_and_size_classes() {
    let round = round();
    let document = round.document();
    assert_eq!(
        document.previous_period.map(|period| period.to_string()),
        Some("2018".into())
    );
    assert_eq!(
        document.territory.to_string(),
        "2017-01-01",
        "the last merger before the end of 2019 (changes.csv)"
    );
    let before = round.before(&AreaCode::from("272")).expect("Kokkola");
    let costs = source("net_operating_costs.csv", "library.net_operating_cost,2018,272,");
    assert_eq!(before.previous[0], Some(costs));
    assert_eq!(
        before.previous[2], None,
        "no release has counted events: missing, not zero"
    );
    assert_eq!(
        before.inhabitants,
        Some(source("population.csv", "population.year_end,2019,272,"))
    );
    // 20,001–50,000 inhabitants are the fifth class of territory.toml.
    assert_eq!(before.group.as_deref(), Some("5"));
    // All municipalities of 2019, also those that are not asked: peers are looked for among them.
    assert_eq!(document.before.len(), 311);
    assert_eq!(document.release, example().id());
}

#[test]
fn reporters_come_by_code_each_once_with_the_language_of_their_majority() {
    let round = round();
    let found: Vec<(&str, &str)> = round
        .document()
        .reporters
        .iter()
        .map(|reporter| (reporter.area.as_str(), reporter.language.as_str()))
        .collect();
    // Kaskinen is bilingual with a Finnish majority, Jakobstad with a Swedish one, Malax too (memberships.csv).
    assert_eq!(
        found,
        [("231", "fi"), ("272", "fi"), ("475", "sv"), ("598", "sv")]
    );
    let twice = defined(&with(
        "\"Kokkola\", \"231\"",
        "\"region:16\", \"Kokkola\", \"country\"",
    ))
    .expect("a round");
    assert_eq!(twice.document().reporters.len(), 311);
    let region = defined(&with(
        "\"Kokkola\", \"231\", \"Pietarsaari\", \"Maalahti\"",
        "\"region:Keski-Pohjanmaa\"",
    ));
    // Central Ostrobothnia had eight municipalities in 2019.
    assert_eq!(region.expect("a round").document().reporters.len(), 8);
    let large = defined(&with(
        "\"Kokkola\", \"231\", \"Pietarsaari\", \"Maalahti\"",
        "\"size:7\"",
    ));
    // Above 100,000 inhabitants at the end of 2019: Espoo, Helsinki, Jyväskylä, Kuopio, Lahti, Oulu, Tampere, Turku, Vantaa.
    assert_eq!(large.expect("a round").document().reporters.len(), 9);
}

#[test]
fn a_round_is_the_same_bytes_and_comes_back_from_its_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let round = defined_in(folder.path(), RECIPE).expect("a round");
    let path = folder.path().join("culture-2019.round.json");
    round.write_file(&path).expect("written");
    let again = Round::open(&path).expect("a round");
    assert_eq!(again.document(), round.document());
    assert_eq!(again.sha256(), round.sha256());
    assert_eq!(
        again.to_bytes().expect("bytes"),
        std::fs::read(&path).expect("bytes")
    );
    assert_eq!(defined(RECIPE).expect("a round").sha256(), round.sha256());
    assert_eq!(again.catalogue().measures().count(), 4);
}

/// What is wrong with a recipe is said with its place.
#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn a_recipe_is_checked_like_a_catalogue() {
    for (old, new, code, parts) in [
        (
            "library.net_operating_cost",
            "library.net_operating_costs",
            "K0304",
            vec!["round.toml:18:6", "library.net_operating_cost"],
        ),
        (
            "\"Kokkola\"",
            "\"Kokola\"",
            "K1003",
            vec!["round.toml:10:10", "Kokkola (272)"],
        ),
        ("\"Kokkola\"", "\"regoin:16\"", "K1003", vec![":10:10", "region"]),
        ("\"Kokkola\"", "\"region:99\"", "K1003", vec![":10:10", "99"]),
        (
            "due = \"2020-04-30\"",
            "due = \"2020-02-28\"",
            "K0309",
            vec!["round.toml:8", "2020-03-01"],
        ),
        (
            "closes = \"2020-06-30\"",
            "closes = \"2020-03-30\"",
            "K0309",
            vec!["round.toml:9", "2020-04-30"],
        ),
        (
            "period = \"2019\"",
            "period = \"2022\"",
            "K0309",
            vec!["18", "library.net_operating_cost", "2015–2020"],
        ),
        (
            "period = \"2019\"",
            "period = \"last year\"",
            "K0301",
            vec!["round.toml:6"],
        ),
        (
            "sv = \"Kulturens kostnader 2019\", ",
            "",
            "K0302",
            vec!["round.toml:3", "label", "sv"],
        ),
        (
            "library.events",
            "museum.net_operating_cost",
            "K0303",
            vec!["round.toml:25", "museum"],
        ),
        (
            "library.events",
            "population.year_end_previous",
            "K0309",
            vec!["derived"],
        ),
        (
            "culture-2019",
            "../culture",
            "K0309",
            vec!["round.toml:2", "../culture"],
        ),
        (
            "contact = \"keruu@example.org\"",
            "contact = \" \"",
            "K0309",
            vec!["contact"],
        ),
        (
            "[languages]",
            "rules = [\"rules.toml\"]\n[languages]",
            "K1003",
            vec!["rules.toml"],
        ),
        (
            "[languages]",
            "catalogues = [\"nothing.toml\"]\n[languages]",
            "K0101",
            vec!["nothing.toml"],
        ),
        (
            "sv = [\"2\", \"3\"]",
            "sv = [\"2\", \"9\"]",
            "K1003",
            vec!["round.toml:15:12"],
        ),
        (
            "default = \"fi\"",
            "default = \"se\"",
            "K0309",
            vec!["round.toml:13", "fi, sv, en"],
        ),
        ("schema = 1", "schema = 2", "K0309", vec!["round.toml:1"]),
        (
            "schema = 1",
            "schema = 1\nmeasures = []",
            "K0301",
            vec!["measures"],
        ),
    ] {
        let error = defined(&with(old, new)).expect_err(new);
        assert_eq!(error.code(), code, "{new}: {error}");
        for part in parts {
            assert!(
                error.to_string().contains(part),
                "{new}: {part} is missing from: {error}"
            );
        }
        for language in Language::ALL {
            assert!(!error.message().render(language).contains('{'), "{new}");
        }
    }
}

#[test]
fn files_of_catalogues_and_rules_beside_the_recipe_are_taken_in() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("own.toml"), kultti_datasets::YOUTH_WORK).expect("written");
    std::fs::write(folder.path().join("rules.toml"), "schema = 1\n").expect("written");
    let catalogue = kultti_core::catalogue::Catalogue::from_toml("own", kultti_datasets::YOUTH_WORK)
        .expect("a catalogue");
    let measure = catalogue
        .measures()
        .find(|measure| measure.derived.is_none() && measure.kind != kultti_core::model::Kind::Category)
        .expect("a measure");
    let recipe = RECIPE.split("[[measure]]").next().expect("the head");
    let recipe = recipe.replace(
        "[languages]",
        "catalogues = [\"own.toml\"]\nrules = [\"rules.toml\"]\n[languages]",
    );
    let recipe = recipe.replace("period = \"2019\"", "period = \"2022\"");
    // The only register of the measure is the round's, where none is named.
    let recipe = recipe.replace("source = \"municipal_finance\"\n", "");
    let recipe = format!("{recipe}[[measure]]\nid = \"{}\"\n", measure.id);
    let round = defined_in(folder.path(), &recipe).expect("a round");
    assert_eq!(round.document().rules[0].text, "schema = 1\n");
    assert_eq!(round.document().rules[0].name, "rules.toml");
    assert_eq!(
        round.document().previous_period,
        None,
        "the release knows nothing of youth work"
    );
    assert!(
        round
            .document()
            .before
            .iter()
            .all(|before| before.previous == [None])
    );
    assert!(round.catalogue().measure(&measure.id).is_some());
}

/// Every part of the file of a round may be wrong: none of it is believed.
#[test]
fn a_round_file_is_checked_again_when_it_is_opened() {
    let whole: serde_json::Value = serde_json::from_slice(&round().to_bytes().expect("bytes")).expect("JSON");
    let edits: [(&str, serde_json::Value, &str); 16] = [
        ("/schema", 2.into(), "K1001"),
        ("/id", "../etc".into(), "K1002"),
        ("/label/sv", "".into(), "K1002"),
        ("/contact", "".into(), "K1002"),
        ("/due", "2019-01-01".into(), "K1002"),
        ("/closes", "2019-01-01".into(), "K1002"),
        ("/period", "2021".into(), "K1002"),
        ("/reporters", serde_json::json!([]), "K1002"),
        ("/reporters/0/area", "272".into(), "K1002"),
        ("/reporters/0/area", "../x".into(), "K1002"),
        ("/reporters/0/language", "se".into(), "K1002"),
        ("/asked/0/measure", "museum.net_operating_cost".into(), "K1002"),
        ("/asked/0/measure", "nothing".into(), "K1002"),
        ("/before/0/previous", serde_json::json!([1.0]), "K1002"),
        ("/before/0/inhabitants", (-1.0).into(), "K1002"),
        ("/catalogue/theme", serde_json::json!([]), "K1002"),
    ];
    for (place, value, code) in edits {
        let mut edited = whole.clone();
        *edited.pointer_mut(place).expect("a part") = value;
        let error = Round::from_bytes("x.round.json", edited.to_string().as_bytes()).expect_err(place);
        assert_eq!(error.code(), code, "{place}: {error}");
        assert_eq!(error.kind(), ErrorKind::InvalidData, "{place}");
    }
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    for bytes in [
        &b""[..],
        b"{",
        b"PK\x03\x04",
        b"null",
        b"{\"schema\": 1}",
        deep.as_bytes(),
        b"\xff\xfe",
    ] {
        let error = Round::from_bytes("x.round.json", bytes).expect_err("no round");
        assert_eq!(error.code(), "K1001", "{error}");
    }
}

#[test]
fn a_round_is_found_by_id_and_hash_in_the_folders_above_a_form() {
    let folder = tempfile::tempdir().expect("a folder");
    let inner = folder.path().join("forms/2019");
    std::fs::create_dir_all(&inner).expect("folders");
    let round = defined_in(folder.path(), RECIPE).expect("a round");
    let folders: Vec<PathBuf> = vec![inner.clone(), folder.path().to_path_buf()];
    let find = |sha: &str| Round::find_for("x.xlsx", ("culture-2019", sha), &folders);
    assert!(matches!(find(round.sha256()), Err(Error::RoundNotFound { looked, .. }) if looked.len() == 2));
    std::fs::write(inner.join("broken.round.json"), "{").expect("written");
    round
        .write_file(&folder.path().join("any.round.json"))
        .expect("written");
    assert_eq!(
        find(round.sha256()).expect("a round").document(),
        round.document()
    );
    let error = find("0000").expect_err("another version");
    assert!(
        matches!(&error, Error::RoundChanged { file, .. } if file.ends_with("any.round.json")),
        "{error}"
    );
}

#[test]
fn records_hold_answers_and_everything_known_of_the_country() {
    let round = round();
    let figure = |value| Figure {
        value: Some(value),
        status: Status::Normal,
        missing: None,
        note: String::new(),
    };
    let answers = Answers {
        document: "kokkola.xlsx".into(),
        sha256: String::new(),
        round: "culture-2019".into(),
        round_sha256: round.sha256().into(),
        area: AreaCode::from("272"),
        language: Language::Fi,
        author: String::new(),
        consent: None,
        answers: vec![Answer {
            measure: MeasureId::from("library.net_operating_cost"),
            figure: figure(2_800_000.0),
            place: Place {
                sheet: "Talous".into(),
                cell: "D2".into(),
            },
        }],
        unreadable: Vec::new(),
    };
    let records = round.records(std::slice::from_ref(&answers));
    assert_eq!(
        records.records[0].figures[&MeasureId::from("library.net_operating_cost")],
        figure(2_800_000.0)
    );
    assert!(!records.whole_round);
    let helsinki = &records.known[&AreaCode::from("091")];
    let costs = source("net_operating_costs.csv", "library.net_operating_cost,2018,091,");
    assert_eq!(
        helsinki.previous[&MeasureId::from("library.net_operating_cost")],
        costs
    );
    assert!(
        !helsinki.previous.contains_key(&MeasureId::from("library.events")),
        "not known is not there"
    );
}
