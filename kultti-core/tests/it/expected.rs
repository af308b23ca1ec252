//! Expected costs of Plainland, forty areas of a hundred inhabitants each, worked out by hand; refusals by name; the shipped
//! model on the example release.
//!
//! Every second area is of grade 1, the others of grade 0. The cost per inhabitant of grade 0 scatters about 10 so that the
//! logarithms are symmetric: in twenty areas six cost 10, six 8, six 12.5, one 5 and one 20. Grade 1 costs twice as much.

use crate::data::Northland;
use kultti_core::Error;
use kultti_core::compare::{Expected, ExpectedMethod, ExpectedOptions, ExpectedRow, VariableChoice};
use kultti_core::export::{Export, TextOptions, to_text};
use kultti_core::language::Language;
use kultti_core::release::Release;
use std::fmt::Write;

const COST: &str = "cost_a.per_inhabitant";

/// Costs of twenty areas of grade 0; the product of a pair is 1000².
const COSTS: [i32; 20] = [
    1000, 1000, 1000, 1000, 1000, 1000, 800, 1250, 800, 1250, 800, 1250, 800, 1250, 800, 1250, 800, 1250,
    500, 2000,
];

/// Plainland, its costs changed by `cost`: from the number of an area, from 1, and its cost.
fn plainland_with(cost: impl Fn(usize, i32) -> i32) -> Northland {
    let codes: Vec<String> = (1..=40).map(|number| format!("{number:02}")).collect();
    let mut areas = "area,name_fi,name_sv,name_en,valid_from,valid_to\n".to_owned();
    let mut memberships = "grouping,area,group,first_year,last_year\n".to_owned();
    let mut rows: Vec<String> = Vec::new();
    let mut row = |measure: &str, code: &str, value: i32| {
        rows.push(format!("{measure},2020,{code},2020-01-01,{value},A,,"));
    };
    for (index, code) in codes.iter().enumerate() {
        writeln!(areas, "{code},Kunta {code},,,,").expect("a row");
        writeln!(memberships, "shore,{code},core,2018,").expect("a row");
        let grade = i32::from(index % 2 == 1);
        row("cost.a", code, cost(index + 1, COSTS[index / 2] * (1 + grade)));
        row("population.year_end", code, 100);
        row("survey.grade", code, grade);
        row("distance.longest", code, 5 + 2 * grade);
        if index < 9 {
            row("wait.mean_days", code, i32::try_from(index).expect("small"));
        }
    }
    rows.sort();
    let header = "measure,period,area,territory,value,status,missing,note";
    Northland::new()
        .written("territory/areas.csv", areas)
        .written("territory/memberships.csv", memberships)
        .written(
            "territory/changes.csv",
            "date,source,target,population,euros,area\n",
        )
        .written(
            "joint_units.csv",
            "measure,host,member,first_period,last_period,service,allocation_key,origin\n",
        )
        .written(
            "observations/costs.csv",
            format!("{header}\n{}\n", rows.join("\n")),
        )
        .written("observations/others.csv", format!("{header}\n"))
}

fn plainland() -> Release {
    plainland_with(|_, cost| cost).release()
}

fn options(variables: &str) -> ExpectedOptions {
    let variable = |text: &str| text.parse::<VariableChoice>().expect("a variable");
    ExpectedOptions {
        period: Some(2020.into()),
        variables: variables.split(',').map(variable).collect(),
        ..ExpectedOptions::default()
    }
}

fn row<'a>(expected: &'a Expected, code: &str) -> &'a ExpectedRow {
    let found = expected.rows.iter().find(|row| row.area.code.as_str() == code);
    found.unwrap_or_else(|| panic!("no row of {code}"))
}

fn close(found: impl Into<Option<f64>>, expected: f64) {
    let found = found
        .into()
        .unwrap_or_else(|| panic!("no value, expected {expected}"));
    assert!(
        (found - expected).abs() <= 1e-6 * expected.abs().max(1.0),
        "{found} is not {expected}"
    );
}

#[test]
fn what_is_expected_of_both_grades_by_hand() {
    let expected = plainland().expected(COST, options("survey.grade")).unwrap();
    assert_eq!((expected.model.n, expected.model.members), (40, 40));
    assert_eq!(expected.model.degrees_of_freedom, 38);
    // The logarithms of each grade are symmetric about ln 10 and ln 20, so that robust weights change nothing.
    close(expected.model.constant.estimate, 10_f64.ln());
    close(expected.model.variables[0].coefficient.estimate, 2_f64.ln());
    close(row(&expected, "01").expected, 10.0);
    close(row(&expected, "02").expected, 20.0);
    // At the mean grade of one half: √(10 · 20).
    close(expected.model.at_means, 200_f64.sqrt());
    // w = √100 = 10. Of 40 distances from the fit 12 are 0, 24 are ln 1.25 and 4 are ln 2: the median is ln 1.25.
    let (small, large) = (1.25_f64.ln(), 2_f64.ln());
    let sigma = 1.4826 * 10_f64.sqrt() * small;
    close(expected.model.sigma, sigma);
    // Huber's weight of an area at ln 2: 1.345·σ̂ / (√10·ln 2); the others lie inside.
    close(
        row(&expected, "37").weight,
        1.345 * sigma / (10_f64.sqrt() * large),
    );
    close(row(&expected, "13").weight, 1.0);
    // R²: unexplained 24·small² + 4·large², the grades lie ½·ln 2 from the mean: 40·(½·ln 2)².
    let unexplained = 24.0 * small.powi(2) + 4.0 * large.powi(2);
    close(
        expected.model.r2,
        1.0 - unexplained / (unexplained + 40.0 * (large / 2.0).powi(2)),
    );
    // 1/w + x′(X′WX)⁻¹x = 1/10 + 1/(10·20); t of 38 degrees of freedom at 0.975 is 2.024394 (tables).
    let half = 2.024_394_2 * sigma * 0.105_f64.sqrt();
    close(row(&expected, "01").upper, 10.0 * half.exp());
    close(row(&expected, "01").lower, 10.0 / half.exp());
}

#[test]
fn differences_of_an_area_by_hand() {
    let release = plainland();
    // Area 39: index 38, the last of grade 0, costs 2000 / 100 = 20 where 10 is expected.
    let asked = ExpectedOptions {
        area: Some("Kunta 39".into()),
        ..options("survey.grade")
    };
    let expected = release.expected(COST, asked).unwrap();
    assert_eq!(expected.rows.len(), 1);
    let area = &expected.rows[0];
    close(area.cell.value, 20.0);
    close(area.difference, 10.0);
    close(area.residual, 1.0);
    close(area.residual_log, 2_f64.ln());
    // 10 crowns more for each of 100 inhabitants.
    close(area.budget_difference, 1000.0);
    // A model that has not seen it expects less than 10, so that it stands out more.
    assert!(area.leave_one_out.unwrap() > 1.0);
    // Grade 0 instead of the mean ½: 2^(−½).
    let contribution = &expected.contributions[0];
    close(contribution.typical, 0.5);
    close(contribution.factor, 0.5_f64.sqrt());
    close(area.expected, expected.model.at_means * contribution.factor);
}

#[test]
fn an_area_without_a_logarithm_is_left_out_and_still_expected_of() {
    // Areas 1 and 2 spend nothing: 2 of 40.
    let release = plainland_with(|area, cost| if area <= 2 { 0 } else { cost }).release();
    let expected = release.expected(COST, options("survey.grade")).unwrap();
    assert_eq!(expected.model.n, 38);
    let out: Vec<_> = expected
        .left_out
        .iter()
        .map(|out| (out.area.code.as_str(), out.reason.code(), out.status))
        .collect();
    assert_eq!(
        out,
        [
            ("01", "reason.not-positive", 'A'),
            ("02", "reason.not-positive", 'A')
        ]
    );
    let first = row(&expected, "01");
    // A typical area was taken away from each grade: the fits stay.
    close(first.expected, 10.0);
    assert!(!first.in_model && first.weight.is_none() && first.residual_log.is_none());
    close(first.residual, -1.0);
    close(first.leave_one_out, -1.0);
    close(first.budget_difference, -1000.0);
    let notes: Vec<&str> = expected.notes.iter().map(|note| note.code()).collect();
    assert!(notes.contains(&"expected-left-out"), "{notes:?}");
    // Quasi-Poisson takes the zeros: the expected of a grade is its ratio of sums. Grade 0 without area 1's 1000:
    // (5·1000 + 6·800 + 6·1250 + 500 + 2000) / 2000 = 19800 / 2000.
    let asked = ExpectedOptions {
        method: ExpectedMethod::QuasiPoisson,
        ..options("survey.grade")
    };
    let expected = release.expected(COST, asked).unwrap();
    assert_eq!((expected.model.n, expected.left_out.len()), (40, 0));
    close(row(&expected, "03").expected, 9.9);
    close(row(&expected, "04").expected, 19.8);
}

#[test]
fn more_than_a_tenth_without_a_logarithm_is_refused_by_name() {
    // 4 of 40 are a tenth, 5 are more.
    let zeros = |most| plainland_with(move |area, cost| if area <= most { -1 } else { cost }).release();
    assert!(zeros(4).expected(COST, options("survey.grade")).is_ok());
    let error = zeros(5).expected(COST, options("survey.grade")).unwrap_err();
    assert_eq!(error.code(), "K0741");
    for (language, part) in [
        (
            Language::Fi,
            "(5/40, enintään 10 %): Kunta 01 (01), Kunta 02 (02), Kunta 03 (03)",
        ),
        (
            Language::Sv,
            "täljaren är noll eller negativ i för många områden (5 av 40",
        ),
        (Language::En, "Zeros are allowed with --method quasi-poisson"),
    ] {
        let text = error.message().render(language);
        assert!(text.contains(part), "{text}");
    }
}

/// An error of a code whose text in Finnish, Swedish and English has these parts.
fn contains(error: &Error, code: &str, parts: &[&str]) {
    assert_eq!(error.code(), code, "{error}");
    for (language, part) in Language::ALL.into_iter().zip(parts) {
        let text = error.message().render(language);
        assert!(text.contains(part), "{part} is not in: {text}");
    }
}

#[test]
fn variables_that_cannot_explain_are_refused_by_name() {
    let release = plainland();
    let refused = |variables: &str| release.expected(COST, options(variables)).unwrap_err();
    contains(
        &refused("survey.grade,distance.longest"),
        "K0742",
        &[
            "distance.longest määräytyy jo muista muuttujista (survey.grade)",
            "distance.longest bestäms redan av de andra variablerna (survey.grade)",
            "distance.longest is already determined by other variables (survey.grade)",
        ],
    );
    contains(
        &refused("cost.per_inhabitant"),
        "K0743",
        &[
            "samaa kustannusta: cost.a",
            "samma kostnad: cost.a",
            "the same cost: cost.a",
        ],
    );
    contains(
        &refused("wait.mean_days"),
        "K0744",
        &[
            "alueita 9, vähintään 10",
            "områden 9, minst 10",
            "9 areas, at least 10",
        ],
    );
    contains(
        &refused("population.total"),
        "K0745",
        &[
            "population.total on kaikilla",
            "population.total är densamma",
            "population.total is the same",
        ],
    );
    contains(
        &refused("survey.grade:log"),
        "K0746",
        &["Kunta 01 (01), Kunta 03 (03)", "Utelämna :log", "Leave out :log"],
    );
}

#[test]
fn questions_that_have_no_answer_are_refused() {
    let release = plainland();
    let refused = |variables: &str| release.expected(COST, options(variables)).unwrap_err();
    contains(
        &refused("survey.grades"),
        "K0404",
        &["survey.grade", "survey.grade", "survey.grade"],
    );
    contains(&refused("survey.grade,survey.grade"), "K0501", &["survey.grade"]);
    contains(&refused("survey.grade@2019"), "K0409", &["2020", "2020", "2020"]);
    let without = ExpectedOptions {
        variables: Vec::new(),
        ..options("survey.grade")
    };
    contains(
        &release.expected(COST, without).unwrap_err(),
        "K0508",
        &[
            "odotettu kustannus",
            "förväntad kostnad",
            "--variables population.total:log",
        ],
    );
    let level = ExpectedOptions {
        level: 100.0,
        ..options("survey.grade")
    };
    contains(&release.expected(COST, level).unwrap_err(), "K0501", &["level"]);
    contains(
        &release
            .expected("cost_a.total", options("survey.grade"))
            .unwrap_err(),
        "K0508",
        &["jakajaa", "nämnare", "denominator"],
    );
}

#[test]
fn residuals_without_spread_are_refused() {
    let release = plainland_with(|area, _| if area % 2 == 0 { 2000 } else { 1000 }).release();
    let error = release.expected(COST, options("survey.grade")).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("explain more than half of the areas exactly"),
        "{error}"
    );
}

#[test]
fn a_joint_figure_does_not_enter() {
    let joint = "measure,host,member,first_period,last_period,service,allocation_key,origin\n\
                 cost.a,01,03,2020,2020,a,,made up\n";
    let release = plainland_with(|_, cost| cost)
        .with(
            "observations/costs.csv",
            "cost.a,2020,03,2020-01-01,1000,A,,",
            "cost.a,2020,03,2020-01-01,,K,included,",
        )
        .with(
            "observations/costs.csv",
            "cost.a,2020,01,2020-01-01,1000,A,,",
            "cost.a,2020,01,2020-01-01,1000,W,,",
        )
        .written("joint_units.csv", joint)
        .release();
    let expected = release.expected(COST, options("survey.grade")).unwrap();
    let out: Vec<_> = expected
        .left_out
        .iter()
        .map(|out| (out.area.code.as_str(), out.reason.code()))
        .collect();
    assert_eq!(out, [("01", "reason.joint-figure"), ("03", "missing.included")]);
    assert_eq!(row(&expected, "01").expected, None);
}

const MODEL: &str = r#"
[[expectation]]
id = "grades"
version = 3
label = { fi = "Asteet", sv = "Grader", en = "Grades" }
indicators = ["cost_a.per_*"]

[[expectation.variables]]
indicator = "survey.grade"
reason = { fi = "Aste maksaa.", sv = "Graden kostar.", en = "The grade costs." }

[expectation.capacity]
indicator = "distance.longest"
reason = { fi = "Varallisuus.", sv = "Förmögenhet.", en = "Wealth." }
"#;

#[test]
fn the_model_of_the_catalogue_is_named_and_capacity_stands_apart() {
    let release = plainland_with(|_, cost| cost)
        .and("catalogue.toml", MODEL)
        .release();
    let expected = release.expected(COST, "02").unwrap();
    assert_eq!(expected.model.definition.as_deref(), Some("grades@3"));
    assert_eq!(expected.model.variables.len(), 1);
    let reason = expected.model.variables[0].reason.as_ref().unwrap();
    assert_eq!(reason.get(Language::Sv), "Graden kostar.");
    // 5 + 2 · 1: beside the model, not in it.
    assert_eq!(expected.rows[0].capacity, Some(7.0));
    let json = expected.json(Language::En);
    assert_eq!(json["capacity"]["indicator"], "distance.longest");
    assert_eq!(json["areas"][0]["expected_status"], "E");
}

#[test]
fn a_model_of_the_catalogue_is_checked() {
    let refusal = |from: &str, to: &str| {
        let text = MODEL.replace(from, to);
        assert_ne!(text, MODEL);
        plainland_with(|_, cost| cost)
            .and("catalogue.toml", &text)
            .refusal()
    };
    let unknown = refusal("\"survey.grade\"", "\"survey.grad\"");
    assert_eq!(unknown.code(), "K0304");
    assert!(
        unknown.to_string().contains("Did you mean survey.grade"),
        "{unknown}"
    );
    assert_eq!(refusal("cost_a.per_*", "cost_x.*").code(), "K0309");
    assert_eq!(refusal(", en = \"Grades\"", "").code(), "K0302");
    let twice = format!("{MODEL}{}", MODEL.replace("cost_a", "cost_b"));
    let error = plainland_with(|_, cost| cost)
        .and("catalogue.toml", &twice)
        .refusal();
    assert_eq!(error.code(), "K0303");
}

#[test]
fn the_steps_lead_from_the_variables_to_the_difference() {
    let release = plainland();
    let asked = ExpectedOptions {
        area: Some("39".into()),
        ..options("survey.grade")
    };
    let expected = release.expected(COST, asked).unwrap();
    let why = release.explain_result(&expected).unwrap();
    let codes: Vec<&str> = why.steps.iter().map(|step| step.what.code()).collect();
    assert_eq!(
        codes,
        [
            "step.expected-model",
            "step.coefficient",
            "step.coefficient",
            "step.expected",
            "step.expected-difference",
            "step.budget-difference"
        ]
    );
    // ln 10 = 2.302585, ln 2 = 0.693147; the grade of area 39 is 0.
    assert_eq!(why.steps[3].numbers, "1 * exp(2.302585 + 0.693147 * 0)");
    assert_eq!(why.steps[4].numbers, "20 - 10");
    assert_eq!(why.steps[5].numbers, "10 * 100 / 1");
    // The cost and the variable of all forty areas.
    let counts: Vec<_> = why
        .inputs
        .iter()
        .map(|input| (input.indicator.as_str(), input.figures.len()))
        .collect();
    assert_eq!(counts, [(COST, 40), ("survey.grade", 40)]);
}

#[test]
fn the_shipped_model_reads_well_in_three_languages() {
    let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE).expect("the example release");
    let asked = ExpectedOptions {
        period: Some(2019.into()),
        ..ExpectedOptions::from("Kokkola")
    };
    let expected = release
        .expected("library.net_operating_cost_per_inhabitant", asked)
        .unwrap();
    assert_eq!(expected.model.definition.as_deref(), Some("structure@1"));
    assert_eq!(expected.model.variables.len(), 4);
    for (language, parts) in [
        (
            Language::Fi,
            [
                "odotettu",
                "Mistä odotettu arvo muodostuu",
                "Se ei ole normi eikä tavoite",
            ],
        ),
        (
            Language::Sv,
            [
                "förväntat",
                "Vad det förväntade värdet består av",
                "varken en norm eller ett mål",
            ],
        ),
        (
            Language::En,
            [
                "expected",
                "What the expected value is made of",
                "neither a norm nor a target",
            ],
        ),
    ] {
        let options = TextOptions {
            width: 400,
            styled: false,
        };
        let text = to_text(&expected.document(language), options);
        for part in parts {
            assert!(text.contains(part), "{part} is not in {text}");
        }
    }
}
