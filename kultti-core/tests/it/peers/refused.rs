//! Bad questions and bad models: each says what is wrong, where, and what to do, in three languages.

use super::question;
use crate::data::{Northland, line_of, northland};
use kultti_core::Error;
use kultti_core::compare::{CompareOptions, PeersOptions};
use kultti_core::language::Language;
use kultti_core::release::Release;

fn refusal(options: PeersOptions) -> Error {
    northland().peers(options).expect_err("a refusal")
}

/// The error has that code and names all parts in every language.
fn names(error: &Error, code: &str, parts: &[&str]) {
    assert_eq!(error.code(), code, "{error}");
    for language in Language::ALL {
        let text = error.message().render(language);
        for part in parts {
            assert!(text.contains(part), "{part} is not in: {text}");
        }
    }
}

#[test]
fn unknown_models_and_variables() {
    let unknown = refusal(PeersOptions::from("01").with_model("general"));
    names(&unknown, "K0721", &["general", "peer-models"]);
    let unknown = refusal(question("01", &["population.totl"]));
    names(&unknown, "K0404", &["population.totl", "population.total"]);
    // Northland has no models: there is no usual one.
    names(&refusal("01".into()), "K0501", &["model"]);
    let file = refusal(PeersOptions::from("01").with_model("nowhere.toml"));
    names(&file, "K0101", &["nowhere.toml"]);
}

#[test]
fn weights_and_logarithms() {
    for variable in [
        "population.total:0",
        "population.total:-1",
        "population.total:x",
        "population.total:NaN",
        "population.total:inf",
    ] {
        names(&refusal(question("01", &[variable])), "K0501", &[variable]);
    }
    let twice = refusal(question("01", &["population.total", "population.total:2"]));
    names(&twice, "K0501", &["population.total"]);
    let log = |variables: &[&str], log: &str| {
        refusal(PeersOptions {
            log: vec![log.into()],
            ..question("01", variables)
        })
    };
    // Cost b of area 03, Seeta, is 0 in 2020.
    names(
        &log(&["cost_b.per_inhabitant"], "cost_b.per_inhabitant"),
        "K0723",
        &["cost_b.per_inhabitant", "2020", "Seeta (03)", "--log"],
    );
    names(
        &log(&["population.total"], "cost.total"),
        "K0501",
        &["cost.total", "population.total"],
    );
    names(&log(&[], "cost.total"), "K0501", &["log"]);
    let both = question("01", &["population.total"]).with_model("general");
    names(&refusal(both), "K0501", &["general"]);
}

#[test]
fn too_few_to_choose_from() {
    let total = |area: &str| question(area, &["population.total"]);
    names(
        &refusal(total("01").with_k(6)),
        "K0724",
        &["Aapa (01)", "6", "5", "country"],
    );
    names(&refusal(total("01").with_k(0)), "K0501", &["k"]);
    // The only area on its shore.
    let alone = PeersOptions {
        candidates: Some("shore".into()),
        ..total("06")
    };
    names(&refusal(alone), "K0724", &["Saari (06)", "shore:isle", "0"]);
    let far = PeersOptions {
        max_distance: Some(f64::NAN),
        ..total("01")
    };
    names(&refusal(far), "K0501", &["max_distance"]);
    let unknown = PeersOptions {
        candidates: Some("provinc".into()),
        ..total("01")
    };
    names(&refusal(unknown), "K0405", &["provinc", "province"]);
}

#[test]
fn variables_that_say_nothing_and_areas_that_lack_them() {
    // In the north 01 and 03 have 10 loans; with 05 alike, nothing varies.
    let flat = Northland::new().with(
        "observations/others.csv",
        "loans.published,2020,05,2020-01-01,5.0",
        "loans.published,2020,05,2020-01-01,10.0",
    );
    let north = PeersOptions {
        candidates: Some("province:N".into()),
        ..question("01", &["loans.published"])
    };
    let error = flat.release().peers(north).expect_err("a refusal");
    names(&error, "K0722", &["loans.published", "2020", "3", "--candidates"]);
    // Cost b of 02 is missing: half of the weight is not enough.
    let lacking = refusal(question("02", &["cost_b.per_inhabitant", "population.total"]));
    names(
        &lacking,
        "K0725",
        &["Beeta (02)", "cost_b.per_inhabitant 2020", "0.50", "0.60"],
    );
}

#[test]
fn what_compare_cannot_read() {
    let release = northland();
    let ask = |peer: &str| {
        let options = CompareOptions::from("01").with_period(2020).with_peers([peer]);
        release
            .compare("cost_a.per_inhabitant", options)
            .expect_err("a refusal")
    };
    names(&ask("similar:x"), "K0501", &["similar:x", "similar[:K][@MODEL]"]);
    names(&ask("similar@"), "K0501", &["similar@"]);
    names(&ask("similar:0"), "K0501", &["model"]);
    names(&ask("similar@general"), "K0721", &["general"]);
    // Another word that begins alike is a grouping or an area.
    names(&ask("similarly"), "K0405", &["similarly"]);
}

const MODEL: &str = "\n[[peer_model]]\nid = \"size\"\nversion = 1\nlabel = { fi = \"a\", sv = \"b\", en = \"c\" }\ndescription = { fi = \"a\", sv = \"b\", en = \"c\" }\nk = 2\nmin_weight_share = 0.5\nscopes = [\"only_a\"]\n\n[[peer_model.variable]]\nindicator = \"population.total\"\nweight = 1\nreason = { fi = \"a\", sv = \"b\", en = \"c\" }\n";

fn built(from: &str, to: &str) -> (Northland, Error) {
    let northland = Northland::new().and("catalogue.toml", &MODEL.replacen(from, to, 1));
    let error = northland.refusal();
    (northland, error)
}

#[test]
fn a_model_in_the_catalogue_is_checked_with_its_place() {
    assert!(Northland::new().and("catalogue.toml", MODEL).build().is_ok());
    let (northland, error) = built("\"population.total\"", "\"population.totl\"");
    let line = line_of(&northland.text("catalogue.toml"), "population.totl");
    names(
        &error,
        "K0304",
        &[
            &format!(":{line}:13:"),
            "size",
            "population.totl",
            "population.total",
        ],
    );
    let (_, error) = built("\"only_a\"", "\"only_aa\"");
    names(&error, "K0304", &["scopes", "only_aa", "only_a"]);
    for (from, to, part) in [
        ("weight = 1", "weight = 0", "weight"),
        ("weight = 1", "weight = -2.5", "-2.5"),
        ("weight = 1", "weight = nan", "NaN"),
        ("k = 2", "k = 0", "k"),
        ("version = 1", "version = 0", "version"),
        ("min_weight_share = 0.5", "min_weight_share = 1.5", "1.5"),
        (
            "min_weight_share = 0.5",
            "min_weight_share = 0.0",
            "min_weight_share",
        ),
    ] {
        names(&built(from, to).1, "K0309", &["size", part]);
    }
    let (_, error) = built(
        "reason = { fi = \"a\", sv = \"b\", en = \"c\" }",
        "reason = { fi = \"a\", sv = \"b\" }",
    );
    names(&error, "K0302", &["size", "reason", "en"]);
    let (_, error) = built("weight = 1", "weigth = 1");
    names(&error, "K0301", &["weigth"]);
    let twice = Northland::new().and("catalogue.toml", &MODEL.repeat(2)).refusal();
    names(&twice, "K0303", &["size"]);
    let variable = &MODEL[MODEL.find("[[peer_model.variable]]").unwrap()..];
    let twice = Northland::new().and("catalogue.toml", &format!("{MODEL}\n{variable}"));
    names(&twice.refusal(), "K0303", &["population.total"]);
}

fn from_text(text: &str) -> Result<(), Error> {
    let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    release
        .catalogue()
        .peer_model_from_toml("own.toml", text)
        .map(|_| ())
}

#[test]
fn a_file_holds_one_model() {
    let model = MODEL.replace("only_a", "culture");
    assert_eq!(from_text(&format!("schema = 1\n{model}")), Ok(()));
    let refused = |text: &str| from_text(text).expect_err("a refusal");
    names(
        &refused("schema = 1"),
        "K0309",
        &["own.toml", "[[peer_model]]", "0"],
    );
    names(
        &refused(&format!("schema = 2\n{model}")),
        "K0309",
        &["schema", "2"],
    );
    let other = model.replacen("\"size\"", "\"other\"", 1);
    names(
        &refused(&format!("schema = 1\n{model}{other}")),
        "K0309",
        &["[[peer_model]]", "2"],
    );
    names(&refused("schema = 1\n[peer]"), "K0301", &["own.toml:2"]);
}

#[test]
fn a_release_keeps_its_models() {
    let release = Northland::new().and("catalogue.toml", MODEL).release();
    let model = release.catalogue().peer_model("size").unwrap();
    assert_eq!(
        (model.k, model.min_weight_share, model.variables.len()),
        (2, 0.5, 1)
    );
    assert_eq!(release.peer_models().models.len(), 1);
    assert!(northland().peer_models().models.is_empty());
}
