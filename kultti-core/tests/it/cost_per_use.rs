//! Who uses and who pays, on Northland of 2019 by hand.
//!
//! | area | cost a | inhabitants | visits | x = cost/inhabitants | p = cost/visits | u = visits/inhabitants |
//! |---|---|---|---|---|---|---|
//! | 01 | 30,000 | 1,000 | 6,000 | 30 | 5 | 6 |
//! | 03 | 40,000 | 2,000 | 4,000 | 20 | 10 | 2 |
//! | 04 | 50,000 | 1,000 | 0 | 50 | – | 0 |
//! | 05 | 120,000 | 3,000 | missing | 40 | – | – |

use crate::data::Northland;
use kultti_core::compare::{CostPerUse, CostPerUseOptions, UseGroup};
use kultti_core::export::{Export, TextOptions, to_text};
use kultti_core::language::Language;
use kultti_core::model::Missing;
use kultti_core::panel::Borders;
use kultti_core::release::Release;

const COST: &str = "cost_a.per_inhabitant";

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

/// Northland with visits of 2019.
fn northland() -> Northland {
    let northland = Northland::new();
    let others = northland.text("observations/others.csv");
    let kept: Vec<&str> = others
        .lines()
        .filter(|line| !line.starts_with("visits.count"))
        .collect();
    let visits = "visits.count,2019,01,2019-01-01,6000,A,,\n\
                  visits.count,2019,03,2019-01-01,4000,A,,\n\
                  visits.count,2019,04,2019-01-01,0,A,,\n\
                  visits.count,2019,05,2019-01-01,,O,missing,\n";
    northland
        .written(
            "observations/others.csv",
            format!("{}\n{visits}", kept.join("\n")),
        )
        .and("catalogue.toml", PAIR)
}

fn asked(area: &str, peers: &str) -> CostPerUseOptions {
    CostPerUseOptions {
        area: area.into(),
        period: Some(2019.into()),
        peers: peers.split(';').map(str::to_owned).collect(),
        borders: Borders::Then,
        ..CostPerUseOptions::default()
    }
}

fn answer(release: &Release, area: &str, peers: &str) -> CostPerUse {
    release.cost_per_use(COST, asked(area, peers)).expect("an answer")
}

fn close(found: Option<f64>, expected: f64) {
    let found = found.unwrap_or_else(|| panic!("no value, expected {expected}"));
    assert!(
        (found - expected).abs() <= 1e-12 * expected.abs().max(1.0),
        "{found} is not {expected}"
    );
}

#[test]
fn the_three_figures_of_an_area_and_a_group_by_hand() {
    let found = answer(&northland().release(), "01", "01;03");
    let pair = &found.pairs[0];
    assert_eq!(
        (pair.area.cost_per_inhabitant, pair.area.cost_per_use),
        (Some(30.0), Some(5.0))
    );
    assert_eq!(pair.area.uses_per_inhabitant, Some(6.0));
    // 70,000 crowns, 3,000 inhabitants, 10,000 visits.
    let group: &UseGroup = &pair.groups[0];
    close(group.figures.cost_per_inhabitant, 70_000.0 / 3_000.0);
    close(group.figures.cost_per_use, 7.0);
    close(group.figures.uses_per_inhabitant, 10.0 / 3.0);
    assert_eq!((group.n, group.members, group.includes_area), (2, 2, true));
    // x − X = 30 − 70/3 = 20/3; ln(30/(70/3)) = ln(9/7); L = (20/3)/ln(9/7).
    let difference = group.difference.expect("a difference");
    let mean = (20.0 / 3.0) / (9.0_f64 / 7.0).ln();
    close(Some(difference.total), 20.0 / 3.0);
    close(Some(difference.by_cost_per_use), mean * (5.0_f64 / 7.0).ln());
    close(Some(difference.by_uses), mean * (6.0_f64 * 3.0 / 10.0).ln());
    close(
        Some(difference.by_cost_per_use + difference.by_uses),
        difference.total,
    );
    close(
        Some(difference.log_cost_per_use + difference.log_uses),
        (9.0_f64 / 7.0).ln(),
    );
}

#[test]
fn no_visits_are_no_price_and_missing_visits_no_factors() {
    let release = northland().release();
    let found = answer(&release, "04", "01;03;04");
    let pair = &found.pairs[0];
    assert_eq!(pair.area.cost_per_inhabitant, Some(50.0));
    assert_eq!(
        (pair.area.cost_per_use, pair.area.uses_per_inhabitant),
        (None, Some(0.0))
    );
    assert_eq!(pair.area.missing, Some(Missing::DenominatorZero));
    assert_eq!(pair.groups[0].difference, None);
    // Its cost is in the group all the same: 120,000 over 10,000 visits.
    close(pair.groups[0].figures.cost_per_use, 12.0);
    let found = answer(&release, "05", "01;03;05");
    let pair = &found.pairs[0];
    assert_eq!(pair.area.missing, Some(Missing::NotReported));
    // 05 does not enter: two of three areas, and 3,000 of 6,000 inhabitants, which is below 0.6.
    let group = &pair.groups[0];
    assert_eq!((group.n, group.members, group.includes_area), (2, 3, false));
    assert_eq!(group.figures.missing, Some(Missing::CoverageTooLow));
}

#[test]
fn a_cost_without_a_declared_use_names_those_that_have_one() {
    let error = northland()
        .release()
        .cost_per_use("sport.per_inhabitant", asked("01", "03"))
        .unwrap_err();
    assert_eq!(error.code(), "K0747");
    for language in Language::ALL {
        assert!(error.message().render(language).contains(COST), "{error}");
    }
    let missing = northland().release().cost_per_use(
        COST,
        CostPerUseOptions {
            period: Some(2020.into()),
            ..asked("01", "03")
        },
    );
    assert_eq!(missing.unwrap_err().code(), "K0409");
}

#[test]
fn a_pair_whose_product_is_another_figure_is_refused() {
    // Loans stand over the inhabitants of the year before: the product would not be the cost per inhabitant.
    let refusal = |from: &str, to: &str| {
        let text = PAIR.replace(from, to);
        assert_ne!(text, PAIR);
        Northland::new().and("catalogue.toml", &text).refusal()
    };
    let other_day = refusal(
        "\"visits.count / population.year_end\"",
        "\"visits.count / population.year_end_previous\"",
    );
    assert_eq!(other_day.code(), "K0309");
    let text = other_day.to_string();
    assert!(
        text.contains("uses_per_inhabitant") && text.contains("population.year_end_previous"),
        "{text}"
    );
    let multiplied = refusal("unit = \"1\"\n", "unit = \"1\"\nmultiplier = 1000\n");
    assert!(multiplied.to_string().contains("multiplier"), "{multiplied}");
    let unknown = refusal(
        "cost_per_use = \"cost_a.per_visit\"",
        "cost_per_use = \"cost_a.per_visits\"",
    );
    assert!(
        unknown.to_string().contains("Did you mean cost_a.per_visit"),
        "{unknown}"
    );
}

#[test]
fn people_read_whose_visits_they_are() {
    let found = answer(&northland().release(), "01", "01;03");
    let options = TextOptions {
        width: 400,
        styled: false,
    };
    for (language, parts) in [
        (
            Language::Fi,
            [
                "ei ole asukkaiden omaa käyttöä",
                "Mistä ero asukasta kohti syntyy",
            ],
        ),
        (
            Language::Sv,
            [
                "är inte invånarnas egen användning",
                "Vad skillnaden per invånare består av",
            ],
        ),
        (
            Language::En,
            [
                "is not use by the inhabitants",
                "What the difference per inhabitant is made of",
            ],
        ),
    ] {
        let text = to_text(&found.document(language), options);
        for part in parts {
            assert!(text.contains(part), "{part} is not in {text}");
        }
    }
    let json = found.json(Language::En);
    assert_eq!(json["pairs"][0]["figures"]["cost_per_use"], 5);
    assert_eq!(found.table(Language::En).rows.len(), 1);
}

#[test]
fn the_steps_multiply_and_add_up() {
    let release = northland().release();
    let found = answer(&release, "01", "01;03");
    let why = release.explain_result(&found).unwrap();
    assert_eq!(why.steps[0].numbers, "5 * 6");
    assert_eq!(why.steps[1].numbers, "7 * 3.333333");
    assert_eq!(why.inputs.len(), 3);
    assert!(why.inputs.iter().all(|input| input.figures.len() == 2));
}
