//! Results walked back: what the steps say is what the figures behind them add up to.

use kultti_core::Error;
use kultti_core::compare::Order;
use kultti_core::compare::{
    CompareOptions, DerivationStep, GroupsOptions, RankOptions, ResultExplanation, TrendOptions,
};
use kultti_core::export::Export;
use kultti_core::language::Language;
use kultti_core::model::Aggregate;
use kultti_core::panel::Borders;
use kultti_core::release::Release;
use std::collections::BTreeMap;

const LIBRARY: &str = "library.net_operating_cost_per_inhabitant";

fn example() -> Release {
    Release::from_static(kultti_datasets::EXAMPLE_RELEASE).expect("the example release")
}

/// The numbers of `a / b`.
fn quotient(step: &DerivationStep) -> (f64, f64) {
    let (above, below) = step.numbers.split_once(" / ").expect("a quotient");
    let number = |text: &str| text.parse().expect("a number");
    (number(above), number(below))
}

/// n and d of every figure by area.
fn figures(why: &ResultExplanation) -> BTreeMap<String, (f64, f64)> {
    let figures = why.inputs.iter().flat_map(|input| &input.figures);
    let pair = |cell: &kultti_core::panel::Cell| {
        let sides = cell.numerator.zip(cell.denominator);
        sides.expect("a ratio")
    };
    figures
        .map(|figure| (figure.area.code.to_string(), pair(&figure.cell)))
        .collect()
}

#[test]
fn the_value_of_a_group_is_the_sum_of_the_figures_named() {
    let release = example();
    let options = GroupsOptions {
        by: "region".into(),
        period: Some(2019.into()),
        ..GroupsOptions::default()
    };
    let groups = release.groups(LIBRARY, options).unwrap();
    let why = release.explain_result(&groups).unwrap();
    let figures = figures(&why);
    // The eight municipalities of Central Ostrobothnia, from territory/memberships.csv.
    let members = ["074", "217", "236", "272", "421", "584", "849", "924"];
    let (above, below) = members
        .iter()
        .map(|code| figures[*code])
        .fold((0.0, 0.0), |sum, figure| (sum.0 + figure.0, sum.1 + figure.1));
    let at = groups
        .rows
        .iter()
        .position(|row| row.group.as_str() == "16")
        .unwrap();
    assert_eq!(quotient(&why.steps[at]), (above, below));
    assert_eq!(groups.rows[at].value, Some(above / below));
    assert_eq!(figures.len(), groups.rows.iter().map(|row| row.n).sum::<usize>());
}

#[test]
fn every_figure_is_the_sum_of_its_observations() {
    let release = example();
    let groups = release.groups(LIBRARY, "country").unwrap();
    let why = release.explain_result(&groups).unwrap();
    for figure in &why.inputs[0].figures {
        for used in &figure.measures {
            let parts = used
                .parts
                .iter()
                .filter_map(|part| part.value.map(|value| value * part.share));
            assert_eq!(used.value, Some(parts.sum()), "{}", figure.area.code);
        }
    }
    // Valtimo's costs are inside those of Nurmes, its inhabitants were added up when it merged.
    let nurmes = why.inputs[0]
        .figures
        .iter()
        .find(|figure| figure.area.code.as_str() == "541")
        .unwrap();
    let parts = |at: usize| -> Vec<&str> {
        nurmes.measures[at]
            .parts
            .iter()
            .map(|part| part.area.as_str())
            .collect()
    };
    assert_eq!(parts(0), ["541", "911"]);
    assert_eq!(parts(1), ["541"]);
}

#[test]
fn the_steps_of_a_comparison_are_its_place_its_groups_and_the_differences() {
    let release = example();
    let options = CompareOptions::from("Kokkola")
        .with_period(2019)
        .with_peers(["region", "country"]);
    let comparison = release.compare(LIBRARY, options).unwrap();
    let why = release.explain_result(&comparison).unwrap();
    let codes: Vec<&str> = why.steps.iter().map(|step| step.what.code()).collect();
    let expected = [
        "step.own-figure",
        "step.percent-rank",
        "step.group-value",
        "step.difference",
        "step.group-value",
        "step.difference",
    ];
    assert_eq!(codes, expected);
    // n₋/(n − 1), the areas strictly below among 308.
    let own = comparison.cell.value.unwrap();
    let worse = comparison
        .distribution
        .iter()
        .filter(|value| **value < own)
        .count();
    // Kokkola's 2,861 thousand euros of 2019 for 47,681 inhabitants.
    assert_eq!(why.steps[0].numbers, "1 * 2861000 / 47681");
    assert_eq!(why.steps[0].value, Some(own));
    assert_eq!(why.steps[1].numbers, format!("{worse} / (308 - 1)"));
    assert_eq!(why.steps[3].value, comparison.peers[0].difference);
    let text = why.json(Language::Sv)["steps"][3]["text"].to_string();
    assert_eq!(text, "\"skillnad mot gruppen Mellersta Österbotten\"");
}

#[test]
fn other_aggregates_show_their_own_sums() {
    let release = example();
    let by = |aggregate: Aggregate| {
        let options = GroupsOptions {
            by: "region".into(),
            period: Some(2019.into()),
            aggregate: Some(aggregate),
            ..GroupsOptions::default()
        };
        let groups = release.groups(LIBRARY, options).unwrap();
        let why = release.explain_result(&groups).unwrap();
        let at = groups
            .rows
            .iter()
            .position(|row| row.group.as_str() == "16")
            .unwrap();
        let values = why.inputs[0].figures.iter();
        let values: BTreeMap<&str, f64> = values
            .map(|figure| (figure.area.code.as_str(), figure.cell.value.unwrap()))
            .collect();
        let members = ["074", "217", "236", "272", "421", "584", "849", "924"];
        (why.steps[at].clone(), members.map(|code| values[code]))
    };
    let (mean, values) = by(Aggregate::Mean);
    let (above, n) = quotient(&mean);
    assert!((above - values.iter().sum::<f64>()).abs() < 1e-6);
    assert_eq!(n, 8.0);
    let (median, mut values) = by(Aggregate::Median);
    values.sort_by(f64::total_cmp);
    // Of eight values the fourth and the fifth.
    assert!(
        median.numbers.starts_with("(x[4] + x[5]) / 2 = ("),
        "{}",
        median.numbers
    );
    assert_eq!(median.value, Some((values[3] + values[4]) / 2.0));
}

#[test]
fn who_did_not_enter_is_named_with_the_reason() {
    let release = example();
    let options = RankOptions {
        period: Some(2019.into()),
        order: Some(Order::Descending),
        borders: Borders::Then,
        ..RankOptions::default()
    };
    let ranking = release.rank(LIBRARY, options).unwrap();
    let why = release.explain_result(&ranking).unwrap();
    let codes: Vec<&str> = why.left_out.iter().map(|area| area.area.code.as_str()).collect();
    // Honkajoki and Kankaanpää have no population of their own in 2019, Valtimo's costs are inside those of Nurmes.
    assert_eq!(codes, ["099", "214", "911"]);
    assert!(why.left_out.iter().all(|area| area.missing.is_some()));
    assert_eq!(why.inputs[0].figures.len(), ranking.n);
}

#[test]
fn a_series_is_walked_back_period_by_period() {
    let release = example();
    let options = TrendOptions {
        areas: vec!["Kokkola".into()],
        real: Some("cpi@2018".parse().unwrap()),
        ..TrendOptions::default()
    };
    let trend = release.trend(LIBRARY, options).unwrap();
    let why = release.explain_result(&trend).unwrap();
    let periods: Vec<String> = why.inputs.iter().map(|input| input.period.to_string()).collect();
    assert_eq!(periods, ["2015", "2016", "2017", "2018", "2019"]);
    // 2 861 000 / 47 681 · 111.2 / 112.3, the index numbers of the register.
    let last = &why.inputs[4];
    assert_eq!(
        last.factor.map(|factor| (factor.base, factor.index)),
        Some((111.2, 112.3))
    );
    assert_eq!(last.figures[0].formula_with_numbers, "2861000 / 47681");
    // Four years after the first with two steps each; the slope and its test.
    assert_eq!(why.steps.len(), 10);
}

#[test]
fn a_result_of_another_release_is_refused() {
    let release = example();
    let mut groups = release.groups(LIBRARY, "country").unwrap();
    groups.context.release = "0".repeat(64);
    let error = release.explain_result(&groups).unwrap_err();
    assert!(matches!(error, Error::InvalidArgument { .. }), "{error}");
    assert!(error.to_string().contains(release.id()));
}

fn codes(why: &ResultExplanation) -> Vec<&str> {
    why.steps.iter().map(|step| step.what.code()).collect()
}

/// The right-hand side of `a * b / c`.
fn product(numbers: &str) -> f64 {
    let (left, below) = numbers.split_once(" / ").expect("a quotient");
    let (one, other) = left.split_once(" * ").expect("a product");
    let number = |text: &str| text.parse::<f64>().expect("a number");
    number(one) * number(other) / number(below)
}

fn of_the_region() -> TrendOptions {
    TrendOptions {
        areas: Vec::new(),
        group: Some("region:16".into()),
        ..TrendOptions::default()
    }
}

#[test]
fn the_steps_of_a_group_are_told_in_three_languages() {
    let release = example();
    let trend = release.trend(LIBRARY, of_the_region()).unwrap();
    let why = release.explain_result(&trend).unwrap();
    for (language, text) in [
        (
            Language::Fi,
            "Keski-Pohjanmaa 2016: ketjuindeksi, välissä mukana 8 aluetta",
        ),
        (
            Language::Sv,
            "Mellersta Österbotten 2016: kedjeindex, 8 områden med i steget",
        ),
        (
            Language::En,
            "Central Ostrobothnia 2016: chained index, 8 areas in the step",
        ),
    ] {
        let step = why
            .steps
            .iter()
            .find(|step| step.what.code() == "step.chained-index");
        assert_eq!(step.unwrap().what.render(language), text);
    }
}

#[test]
fn the_series_of_a_group_is_walked_back_too() {
    let release = example();
    let trend = release.trend(LIBRARY, of_the_region()).unwrap();
    let why = release.explain_result(&trend).unwrap();
    // The eight municipalities of Central Ostrobothnia in each of the five years.
    let members = ["074", "217", "236", "272", "421", "584", "849", "924"];
    assert_eq!(why.inputs.len(), 5);
    for (input, point) in why.inputs.iter().zip(&trend.groups[0].points) {
        let areas: Vec<&str> = input
            .figures
            .iter()
            .map(|figure| figure.area.code.as_str())
            .collect();
        assert_eq!(areas, members);
        let sum = |of: fn(&kultti_core::panel::Cell) -> Option<f64>| -> f64 {
            let figures = input.figures.iter();
            figures.map(|figure| of(&figure.cell).expect("a figure")).sum()
        };
        let value = sum(|cell| cell.numerator) / sum(|cell| cell.denominator);
        assert!((point.value.expect("a value") - value).abs() < 1e-9 * value);
    }
    // Every year its value; after the first the chained and the direct index.
    let found = codes(&why);
    let count = |code: &str| found.iter().filter(|one| **one == code).count();
    assert_eq!(
        (
            count("step.change-end"),
            count("step.chained-index"),
            count("step.direct-index")
        ),
        (5, 4, 4)
    );
    for step in why
        .steps
        .iter()
        .filter(|step| step.what.code() != "step.change-end")
    {
        let value = step.value.expect("an index");
        assert!(
            (product(&step.numbers) - value).abs() < 1e-4,
            "{} is not {value}",
            step.numbers
        );
    }
}

#[test]
fn similar_areas_are_walked_back_to_their_distances() {
    let release = example();
    let options = CompareOptions::from("Kokkola")
        .with_period(2019)
        .with_peers(["similar:3"]);
    let comparison = release.compare(LIBRARY, options).unwrap();
    let why = release.explain_result(&comparison).unwrap();
    let found = codes(&why);
    let distances: Vec<&DerivationStep> = why
        .steps
        .iter()
        .filter(|step| step.what.code() == "step.peer-distance")
        .collect();
    assert_eq!(distances.len(), 3);
    assert!(found.contains(&"step.score"));
    // √(w·(Δz)² + …) with the numbers as they stand.
    for step in distances {
        let inside = step.numbers.trim_start_matches("√(");
        let terms = inside.strip_suffix(')').expect("a root").split(" + ");
        let sum: f64 = terms
            .map(|term| {
                let (weight, gap) = term.split_once("·(").expect("a weight and a gap");
                let gap: f64 = gap.trim_end_matches(")²").parse().expect("a gap");
                weight.parse::<f64>().expect("a weight") * gap * gap
            })
            .sum();
        assert!((sum.sqrt() - step.value.expect("a distance")).abs() < 1e-4);
    }
    // The figures of the three beside their structure.
    let variables = why
        .inputs
        .iter()
        .filter(|input| input.indicator.as_str() != LIBRARY);
    assert!(variables.count() > 1);
}

#[test]
fn a_result_names_only_steps_of_what_was_asked() {
    let release = example();
    let options = CompareOptions::from("Kokkola")
        .with_period(2019)
        .with_peers(["region"]);
    let comparison = release.compare(LIBRARY, options).unwrap();
    let why = release.explain_result(&comparison).unwrap();
    assert_eq!(why.inputs.len(), 1);
    assert!(!codes(&why).iter().any(|code| code.ends_with("-limit")));
}
