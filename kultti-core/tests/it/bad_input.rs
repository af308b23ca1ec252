//! Bad input: every mistake is refused with its own code, and the message says where it is, what was expected and what
//! was found.

use crate::data::{Northland, line_of};
use kultti_core::Error;

const COSTS: &str = "observations/costs.csv";
const OTHERS: &str = "observations/others.csv";
const CATALOGUE: &str = "catalogue.toml";
const ROW: &str = "cost.a,2019,03,2019-01-01,40000,A,,";

/// Builds, and expects an error of a code whose message names the file and holds every part.
pub(crate) fn refused(northland: &Northland, file: &str, code: &str, parts: &[&str]) -> Error {
    let error = northland.refusal();
    assert_eq!(error.code(), code, "{error}");
    let text = error.to_string();
    for part in parts.iter().copied().chain([northland.path(file).as_str()]) {
        assert!(text.contains(part), "{part:?} is missing from: {text}");
    }
    error
}

/// As [`refused`], at the line on which a text stands.
pub(crate) fn refused_at(northland: &Northland, (file, needle): (&str, &str), code: &str, parts: &[&str]) {
    let place = format!(
        "{}:{}",
        northland.path(file),
        line_of(&northland.text(file), needle)
    );
    let error = refused(northland, file, code, parts);
    let text = error.to_string();
    let after = text
        .strip_prefix(&place)
        .unwrap_or_else(|| panic!("{place} is not where it says: {text}"));
    assert!(after.starts_with(':'), "{place} is not where it says: {text}");
}

/// One row of the costs is written in another way; the message names the row, the column and what was found.
fn bad_cell(to: &str, column: &str, parts: &[&str]) {
    let northland = Northland::new().with(COSTS, ROW, to);
    let column = format!("column {column}");
    let parts: Vec<&str> = parts
        .iter()
        .copied()
        .chain([column.as_str(), "expected", "found"])
        .collect();
    refused_at(&northland, (COSTS, to), "K0201", &parts);
}

/// Something is replaced in the catalogue; the mistake is on the line of `needle`.
fn bad_catalogue((from, to): (&str, &str), needle: &str, code: &str, parts: &[&str]) {
    let northland = Northland::new().with(CATALOGUE, from, to);
    refused_at(&northland, (CATALOGUE, needle), code, parts);
}

// Tables of observations.

#[test]
fn malformed_csv() {
    let northland = Northland::new().with(COSTS, ROW, "cost.a,2019,03,2019-01-01,40000,A");
    refused_at(
        &northland,
        (COSTS, "2019,03,2019-01-01,40000,A\n"),
        "K0203",
        &["6 cells", "8 columns"],
    );
    let northland = Northland::new().with(COSTS, ROW, "cost.a,2019,03,2019-01-01,40 000,A,,,,");
    refused_at(&northland, (COSTS, "40 000"), "K0203", &["10 cells", "8 columns"]);
}

#[test]
fn a_table_that_is_not_utf8() {
    let mut bytes = Northland::new().text(COSTS).into_bytes();
    bytes.extend_from_slice(b"cost.a,2019,03,2019-01-01,1,A,,\xe4\n");
    let northland = Northland::new().written(COSTS, &bytes);
    let line = bytes.iter().filter(|byte| **byte == b'\n').count();
    refused(&northland, COSTS, "K0104", &["UTF-8", &format!(":{line}:")]);
}

#[test]
fn a_wrong_header() {
    let header = "measure,period,area,territory,value,status,missing,note";
    for other in [
        "measure,period,area,value,territory,status,missing,note",
        "measure,period,area,territory,value,status,missing",
        "measure;period;area;territory;value;status;missing;note",
        "",
    ] {
        let text = Northland::new().text(COSTS).replace(header, other);
        let northland = Northland::new().written(COSTS, text);
        refused(
            &northland,
            COSTS,
            "K0202",
            &[
                ":1:",
                "measure, period, area, territory, value, status, missing, note",
            ],
        );
    }
    refused(
        &Northland::new().written(COSTS, ""),
        COSTS,
        "K0202",
        &["measure, period"],
    );
}

#[test]
fn a_value_that_is_no_number() {
    for value in [
        "40 000",
        "\"40,5\"",
        "x",
        "-",
        ".",
        "...",
        "1.2.3",
        "0x10",
        "\u{2212}5",
    ] {
        let bare = value.trim_matches('"');
        bad_cell(
            &format!("cost.a,2019,03,2019-01-01,{value},A,,"),
            "value",
            &["number", bare],
        );
    }
}

#[test]
fn a_value_that_is_not_finite() {
    for value in ["NaN", "nan", "inf", "-inf", "Infinity", "1e999"] {
        bad_cell(
            &format!("cost.a,2019,03,2019-01-01,{value},A,,"),
            "value",
            &["number", value],
        );
    }
}

#[test]
fn a_value_with_more_decimals_than_its_measure_declares() {
    // Facts are integers of their declared decimals: crowns have none here.
    bad_cell("cost.a,2019,03,2019-01-01,40000.5,A,,", "value", &["40000.5"]);
}

#[test]
fn a_period_that_is_none() {
    for period in ["19", "2019-Q5", "2019-13", "2019/01", "year"] {
        bad_cell(
            &format!("cost.a,{period},03,2019-01-01,40000,A,,"),
            "period",
            &["2019-Q1", period],
        );
    }
}

#[test]
fn a_measure_has_one_frequency() {
    // The order of the text is the order of time only within one.
    bad_cell("cost.a,2019-Q1,03,2019-01-01,40000,A,,", "period", &["2019-Q1"]);
}

#[test]
fn borders_that_are_no_date() {
    for date in ["2019", "2019-02-30", "1.1.2019", "2019-1-1"] {
        bad_cell(
            &format!("cost.a,2019,03,{date},40000,A,,"),
            "territory",
            &["YYYY-MM-DD", date],
        );
    }
}

#[test]
fn a_status_that_is_none() {
    for status in ["X", "a", "AA"] {
        bad_cell(
            &format!("cost.a,2019,03,2019-01-01,40000,{status},,"),
            "status",
            &["SDMX", status],
        );
    }
    bad_cell("cost.a,2019,03,2019-01-01,40000,,,", "status", &["a value"]);
}

#[test]
fn a_value_where_there_is_none() {
    for (status, missing) in [
        ("K", "included"),
        ("O", "missing"),
        ("M", "not-applicable"),
        ("L", ""),
        ("Q", "suppressed"),
    ] {
        let row = format!("cost.a,2019,03,2019-01-01,40000,{status},{missing},");
        bad_cell(&row, "value", &["no value", &format!("status {status}"), "40000"]);
    }
}

#[test]
fn no_value_where_there_is_one() {
    for status in ["A", "P", "W", "E"] {
        bad_cell(
            &format!("cost.a,2019,03,2019-01-01,,{status},,"),
            "value",
            &["a value", &format!("status {status}")],
        );
    }
}

#[test]
fn no_value_without_a_reason() {
    for status in ["K", "O", "M", "L", "Q"] {
        bad_cell(
            &format!("cost.a,2019,03,2019-01-01,,{status},,"),
            "missing",
            &["the reason"],
        );
    }
}

#[test]
fn a_reason_that_does_not_fit() {
    bad_cell(
        "cost.a,2019,03,2019-01-01,,K,missing,",
        "missing",
        &["included K", "missing"],
    );
    bad_cell("cost.a,2019,03,2019-01-01,,O,lost,", "missing", &["lost"]);
    bad_cell(
        "cost.a,2019,03,2019-01-01,40000,A,missing,",
        "missing",
        &["nothing with a value", "missing"],
    );
    // A reason that only a calculation has is none of a file.
    bad_cell(
        "cost.a,2019,03,2019-01-01,,O,coverage-too-low,",
        "missing",
        &["coverage-too-low"],
    );
}

#[test]
fn the_same_observation_twice() {
    let again = "cost.a,2019,03,2019-01-01,41000,A,,again";
    let northland = Northland::new().and(COSTS, &format!("{again}\n"));
    let first = format!(
        "{}:{}",
        northland.path(COSTS),
        line_of(&northland.text(COSTS), ROW)
    );
    refused_at(
        &northland,
        (COSTS, again),
        "K0204",
        &["cost.a, 2019, 03, 2019-01-01", &first],
    );
    // In another table: the later one in the order of the recipe is named.
    let northland = Northland::new().and(OTHERS, &format!("{again}\n"));
    let first = format!(
        "{}:{}",
        northland.path(COSTS),
        line_of(&northland.text(COSTS), ROW)
    );
    refused_at(
        &northland,
        (OTHERS, again),
        "K0204",
        &["cost.a, 2019, 03, 2019-01-01", &first],
    );
}

#[test]
fn the_same_area_on_other_borders_is_another_observation() {
    let northland = Northland::new().and(COSTS, "cost.a,2019,03,2021-01-01,40000,A,,\n");
    assert!(northland.build().is_ok());
}

#[test]
fn a_period_outside_the_definition() {
    for year in ["2017", "2023"] {
        let row = format!("cost.a,{year},03,2022-01-01,40000,A,,");
        let northland = Northland::new().and(COSTS, &format!("{row}\n"));
        refused_at(&northland, (COSTS, &row), "K0207", &["cost.a", year, "2018–2022"]);
    }
}

#[test]
fn every_unknown_area_is_listed() {
    let rows =
        "cost.a,2019,99,2019-01-01,1,A,,\ncost.a,2019,3,2019-01-01,1,A,,\ncost.b,2019,88,2019-01-01,1,A,,\n";
    let northland = Northland::new().and(COSTS, rows);
    // All three codes, at the line of the first.
    refused_at(
        &northland,
        (COSTS, "cost.a,2019,99"),
        "K0205",
        &["3, 88, 99", "leading zeros"],
    );
}

#[test]
fn a_code_without_its_zero_suggests_the_right_one() {
    let northland = Northland::new().with(COSTS, ROW, "cost.a,2019,3,2019-01-01,40000,A,,");
    refused_at(
        &northland,
        (COSTS, "cost.a,2019,3,"),
        "K0205",
        &["codes: 3.", "Did you mean Seeta (03)?"],
    );
}

#[test]
fn an_area_that_did_not_exist_on_its_borders() {
    let late = "cost.a,2019,02,2021-01-01,40000,A,,";
    refused_at(
        &Northland::new().and(COSTS, &format!("{late}\n")),
        (COSTS, late),
        "K0208",
        &["02", "2021-01-01"],
    );
    let early = "cost.a,2019,07,2021-12-31,40000,A,,";
    refused_at(
        &Northland::new().and(COSTS, &format!("{early}\n")),
        (COSTS, early),
        "K0208",
        &["07", "2021-12-31"],
    );
    assert!(
        Northland::new()
            .and(COSTS, "cost.a,2019,02,2020-12-31,1,A,,\n")
            .build()
            .is_ok(),
        "its last day"
    );
}

#[test]
fn an_unknown_measure_suggests_near_ones() {
    let northland = Northland::new().with(COSTS, ROW, "cst.a,2019,03,2019-01-01,40000,A,,");
    refused_at(
        &northland,
        (COSTS, "cst.a"),
        "K0206",
        &["\"cst.a\"", "Did you mean cost.a"],
    );
}

// The catalogue.

#[test]
fn malformed_toml() {
    let northland = Northland::new().with(CATALOGUE, "id = \"northland\"", "id = northland");
    refused_at(
        &northland,
        (CATALOGUE, "id = northland"),
        "K0301",
        &["catalogue.toml:4:6:"],
    );
    let northland = Northland::new().with(
        CATALOGUE,
        "id = \"northland\"",
        "id = \"northland\"\nname = \"x\"",
    );
    refused_at(&northland, (CATALOGUE, "name = \"x\""), "K0301", &["name"]);
    let northland = Northland::new().with(
        CATALOGUE,
        "id = \"cost_a.total\"\n",
        "id = \"cost_a.total\"\ndecimal = 1\n",
    );
    refused_at(&northland, (CATALOGUE, "decimal = 1"), "K0301", &["decimal"]);
}

#[test]
fn another_schema_is_not_read_as_this_one() {
    for file in ["release.toml", "territory/territory.toml"] {
        let northland = Northland::new().with(file, "schema = 1", "schema = 2");
        refused(&northland, file, "K0309", &["schema", "expected 1", "\"2\""]);
    }
}

#[test]
fn another_schema_of_the_catalogue_is_not_read_as_this_one() {
    let northland = Northland::new().with(CATALOGUE, "schema = 1", "schema = 2");
    refused(&northland, CATALOGUE, "K0309", &["schema", "expected 1", "\"2\""]);
}

/// The label of `cost.a` is replaced by one that lacks a language.
fn bad_label(language: &str, gap: &str) {
    let whole = "{ fi = \"cost.a fi\", sv = \"cost.a sv\", en = \"cost.a en\" }";
    let northland = Northland::new().with(CATALOGUE, &format!("label = {whole}"), &format!("label = {gap}"));
    let lacks = format!("label lacks the language {language}");
    refused_at(
        &northland,
        (CATALOGUE, "[[measure]]\nid = \"cost.a\""),
        "K0302",
        &["cost.a", &lacks],
    );
}

#[test]
fn a_label_without_a_language() {
    bad_label("fi", "{ fi = \" \", sv = \"cost.a sv\", en = \"cost.a en\" }");
    bad_label("sv", "{ fi = \"cost.a fi\", sv = \"\", en = \"cost.a en\" }");
    bad_label("en", "{ fi = \"cost.a fi\", sv = \"cost.a sv\", en = \"\" }");
    bad_label("sv", "{ fi = \"cost.a fi\", en = \"cost.a en\" }");
    bad_label("en", "{ fi = \"cost.a fi\", sv = \"cost.a sv\" }");
}

#[test]
fn a_label_without_any_finnish() {
    bad_label("fi", "{ sv = \"cost.a sv\", en = \"cost.a en\" }");
}

#[test]
fn a_definition_and_a_symbol_need_every_language_too() {
    let definition = ", sv = \"Definition of cost.b sv\"";
    let from_line = "id = \"cost.b\"";
    let northland = Northland::new().with(CATALOGUE, definition, "");
    let line = line_of(&northland.text(CATALOGUE), from_line) - 1; // the line of [[measure]]
    refused(
        &northland,
        CATALOGUE,
        "K0302",
        &["cost.b", "definition", "sv", &format!(":{line}:")],
    );
    let northland = Northland::new().with(
        CATALOGUE,
        "symbol = { fi = \"km fi\", sv = \"km sv\", en = \"km en\" }",
        "symbol = { fi = \"km\" }",
    );
    refused_at(
        &northland,
        (CATALOGUE, "id = \"km\""),
        "K0302",
        &["km", "symbol", "sv"],
    );
}

#[test]
fn references_to_what_is_not_declared() {
    let text = Northland::new().text(CATALOGUE);
    let heading = "[[measure]]\nid = \"cost.b\"";
    let start = text.find(heading).expect("cost.b");
    let end = start + text[start..].find("\n\n").expect("its end");
    let block = &text[start..end];
    for (field, reference) in [
        ("function", "c"),
        ("source", "ofice"),
        ("theme", "econmy"),
        ("unit", "crwn"),
    ] {
        let line = block
            .lines()
            .find(|line| line.starts_with(&format!("{field} = ")))
            .expect("the field");
        let changed = block.replace(line, &format!("{field} = \"{reference}\""));
        let northland = Northland::new().with(CATALOGUE, block, &changed);
        refused_at(
            &northland,
            (CATALOGUE, heading),
            "K0304",
            &["cost.b", field, &format!("\"{reference}\"")],
        );
    }
}

#[test]
fn references_suggest_near_ones() {
    let from = "theme = \"economy\"\nfunction = \"a\"";
    bad_catalogue(
        (from, "theme = \"econmy\"\nfunction = \"a\""),
        "[[measure]]\nid = \"cost.a\"",
        "K0304",
        &["Did you mean economy?"],
    );
    let scope = (
        "scope = \"both\"\n\n[[indicator]]\nid = \"cost.total\"",
        "scope = \"booth\"\n\n[[indicator]]\nid = \"cost.total\"",
    );
    bad_catalogue(
        scope,
        "[[indicator]]\nid = \"cost.per_inhabitant\"",
        "K0304",
        &["scope", "\"booth\"", "Did you mean both?"],
    );
    bad_catalogue(
        (
            "weight = \"population.year_end\"",
            "weight = \"population.yearend\"",
        ),
        "[[measure]]\nid = \"wait.mean_days\"",
        "K0304",
        &["weight", "Did you mean population.year_end"],
    );
    bad_catalogue(
        ("lags = [1]", "lags = [1], measures = 2"),
        "lags = [1], measures",
        "K0301",
        &["measures"],
    );
    bad_catalogue(
        ("functions = [\"a\", \"b\"]", "functions = [\"a\", \"c\"]"),
        "id = \"both\"",
        "K0304",
        &["functions", "\"c\""],
    );
}

#[test]
fn a_formula_points_at_its_mistake() {
    // The formula begins after `formula = "`, twelve characters in: column 12.
    let original = "formula = \"cost.a / budget.net\"";
    let cases = [
        ("cost.a / )", 12 + 9, "K0305", ")"),
        ("cost.a budget.net", 12 + 7, "K0305", "budget"),
        ("cost.a > 1", 12, "K0305", "cost.a > 1"),
        ("cost.a / sum(budget.net)", 12 + 9, "K0305", "sum(budget.net)"),
        ("cost.a / 'text'", 12 + 9, "K0305", "'text'"),
        ("cost.a / budgt.net", 12 + 9, "K0304", "budgt.net"),
        (
            "cost.a / (budget.net + population.year_end)",
            12 + 23,
            "K0306",
            "person",
        ),
        ("(cost.a + cost.b) / budget.net", 12 + 10, "K0307", "cost.b"),
    ];
    for (formula, column, code, found) in cases {
        let northland = Northland::new().with(CATALOGUE, original, &format!("formula = \"{formula}\""));
        let line = line_of(&northland.text(CATALOGUE), &format!("formula = \"{formula}\""));
        let place = format!("catalogue.toml:{line}:{column}:");
        refused(
            &northland,
            CATALOGUE,
            code,
            &["cost_a.share_of_budget", found, &place],
        );
    }
}

#[test]
fn a_function_that_is_counted_twice_is_pointed_at_the_second_time() {
    let twice = "formula = \"(cost.a + cost.a) / budget.net\"";
    let northland = Northland::new().with(CATALOGUE, "formula = \"cost.a / budget.net\"", twice);
    let place = format!(
        "catalogue.toml:{}:{}:",
        line_of(&northland.text(CATALOGUE), twice),
        12 + 10
    );
    refused(
        &northland,
        CATALOGUE,
        "K0307",
        &["cost_a.share_of_budget", "cost.a", &place],
    );
}

#[test]
fn a_formula_that_ends_too_early_points_at_its_end() {
    let northland = Northland::new().with(
        CATALOGUE,
        "formula = \"cost.a / budget.net\"",
        "formula = \"cost.a /\"",
    );
    let place = format!(
        "catalogue.toml:{}:{}:",
        line_of(&northland.text(CATALOGUE), "\"cost.a /\""),
        12 + 8
    );
    refused(
        &northland,
        CATALOGUE,
        "K0305",
        &["cost_a.share_of_budget", &place],
    );
}

#[test]
fn an_unknown_id_in_a_formula_suggests_near_ones() {
    let northland = Northland::new().with(
        CATALOGUE,
        "formula = \"cost.a / budget.net\"",
        "formula = \"cost.a / budget.nett\"",
    );
    refused(
        &northland,
        CATALOGUE,
        "K0304",
        &["formula", "\"budget.nett\"", "Did you mean budget.net"],
    );
}

#[test]
fn money_and_persons_are_not_added() {
    let from = "formula = \"mix.left + mix.right\"";
    let northland = Northland::new().with(CATALOGUE, from, "formula = \"mix.left + population.year_end\"");
    let line = line_of(&northland.text(CATALOGUE), "mix.left + population");
    let place = format!("catalogue.toml:{line}:{}:", 12 + 11);
    refused(
        &northland,
        CATALOGUE,
        "K0306",
        &["mix.sum", "expected crown", "found person", &place],
    );
}

#[test]
fn a_unit_must_be_what_the_formula_gives() {
    let from = "formula = \"mix.left + mix.right\"\nunit = \"crown\"";
    let to = "formula = \"mix.left + mix.right\"\nunit = \"crown/person\"";
    bad_catalogue(
        (from, to),
        "formula = \"mix.left",
        "K0306",
        &["mix.sum", "expected crown/person", "found crown"],
    );
    // Per cent and the number one are the same; per cent and money are not.
    let to = "formula = \"mix.left + mix.right\"\nunit = \"%\"";
    bad_catalogue(
        (from, to),
        "formula = \"mix.left",
        "K0306",
        &["expected %", "found crown"],
    );
}

#[test]
fn scopes_do_not_mix() {
    let formula = "formula = \"(cost.a + cost.b) / population.year_end\"";
    // A function of the scope is left out.
    let northland = Northland::new().with(
        CATALOGUE,
        formula,
        "formula = \"cost.a / population.year_end\" # short",
    );
    refused_at(
        &northland,
        (CATALOGUE, "# short"),
        "K0307",
        &["cost.per_inhabitant", "both", "no measure of b"],
    );
    // A cost without a scope.
    let from = "scope = \"only_b\"\n";
    bad_catalogue(
        (from, ""),
        "formula = \"cost.b / population.year_end\"",
        "K0307",
        &["cost_b.per_inhabitant", "cost.b"],
    );
    // A denominator over functions needs its own scope.
    let from = "formula = \"cost.a / budget.net\"";
    let to = "formula = \"cost.a / cost.b\"";
    bad_catalogue((from, to), to, "K0307", &["cost_a.share_of_budget", "cost.b"]);
}

#[test]
fn indicators_do_not_go_in_circles() {
    let from = "formula = \"mix.left + mix.right\"";
    bad_catalogue(
        (from, "formula = \"mix.left + mix.sum\""),
        "mix.left + mix.sum",
        "K0308",
        &["mix.sum, mix.sum"],
    );
    let northland = Northland::new()
        .with(CATALOGUE, from, "formula = \"mix.left + sport.total\"")
        .with(
            CATALOGUE,
            "formula = \"sport.cost\"\n",
            "formula = \"sport.cost + mix.sum\"\n",
        );
    refused(
        &northland,
        CATALOGUE,
        "K0308",
        &["sport.total, mix.sum, sport.total"],
    );
}

/// An item of the catalogue is declared once more at its end; the later one is named, at its heading or its id.
fn declared_twice(table: &str, id: &str) {
    let text = Northland::new().text(CATALOGUE);
    let start = text.find(&format!("{table}\nid = \"{id}\"")).expect("the item");
    let length = text[start..]
        .find("\n\n")
        .map_or(text.len() - start, |end| end + 1);
    let northland = Northland::new().and(CATALOGUE, &format!("\n{}", &text[start..start + length]));
    let heading = text.lines().count() + 2;
    let error = refused(&northland, CATALOGUE, "K0303", &[&format!("\"{id}\"")]);
    let Error::DuplicateId { line, .. } = error else {
        panic!("{error}")
    };
    assert!(
        (heading..=heading + 1).contains(&line),
        "{id}: line {line} instead of {heading}"
    );
}

#[test]
fn a_measure_or_indicator_declared_twice() {
    declared_twice("[[measure]]", "cost.a");
    declared_twice("[[indicator]]", "cost_a.total");
}

#[test]
fn a_unit_function_scope_source_or_theme_declared_twice() {
    let ids = [
        ("unit", "km"),
        ("function", "a"),
        ("scope", "both"),
        ("source", "office"),
        ("theme", "economy"),
    ];
    for (table, id) in ids {
        declared_twice(&format!("[[{table}]]"), id);
    }
}

/// A second catalogue file that declares one item.
fn with_second_catalogue(item: &str) -> Northland {
    let text = Northland::new().text(CATALOGUE);
    let header = &text[..text.find("[[theme]]").expect("the end of the header")];
    Northland::new()
        .with(
            "release.toml",
            "[\"catalogue.toml\"]",
            "[\"catalogue.toml\", \"second.toml\"]",
        )
        .written("second.toml", format!("{header}{item}"))
}

#[test]
fn an_id_declared_in_two_catalogues() {
    let label = "{ fi = \"x\", sv = \"x\", en = \"x\" }";
    let fresh = format!("[[unit]]\nid = \"ton\"\nlabel = {label}\nsymbol = {label}\n");
    assert!(with_second_catalogue(&fresh).build().is_ok());
    let again = format!("[[unit]]\nid = \"km\"\nlabel = {label}\nsymbol = {label}\n");
    let northland = with_second_catalogue(&again);
    refused(&northland, "second.toml", "K0303", &["\"km\""]);
}

#[test]
fn an_id_is_lower_case_words() {
    for id in ["Cost.a", "cost-a", "cost..a", "1.a", ""] {
        let northland = Northland::new().with(
            CATALOGUE,
            "[[measure]]\nid = \"sport.cost\"",
            &format!("[[measure]]\nid = \"{id}\""),
        );
        refused(
            &northland,
            CATALOGUE,
            "K0309",
            &["id", "lower-case words", &format!("found \"{id}\"")],
        );
    }
}

// The territory.

const CHANGES: &str = "territory/changes.csv";
const MEMBERSHIPS: &str = "territory/memberships.csv";

#[test]
fn shares_of_a_split_sum_to_one() {
    let northland = Northland::new().with(CHANGES, "05,07,0.4,0.5,0.3", "05,07,0.3,0.5,0.3");
    refused_at(
        &northland,
        (CHANGES, "05,07"),
        "K0201",
        &["column population", "shares of 05 that sum to 1", "0.89"],
    );
    let northland = Northland::new().with(CHANGES, "05,07,0.4,0.5,0.3", "05,07,0.4,0.6,0.3");
    refused_at(
        &northland,
        (CHANGES, "05,07"),
        "K0201",
        &["column euros", "shares of 05", "1.1"],
    );
    let northland = Northland::new().with(CHANGES, "05,07,0.4,0.5,0.3", "05,07,1.4,0.5,0.3");
    refused_at(
        &northland,
        (CHANGES, "05,07"),
        "K0201",
        &["column population", "from 0 to 1", "1.4"],
    );
}

#[test]
fn a_change_of_an_unknown_area() {
    let northland = Northland::new().with(CHANGES, "2021-01-01,02,01", "2021-01-01,02,09");
    refused_at(
        &northland,
        (CHANGES, "02,09"),
        "K0201",
        &["column target", "areas.csv", "found \"09\""],
    );
}

#[test]
fn an_area_has_one_group_at_a_time() {
    let more = "province,06,S,2021,2022";
    let northland = Northland::new().and(MEMBERSHIPS, &format!("{more}\n"));
    refused_at(
        &northland,
        (MEMBERSHIPS, more),
        "K0201",
        &["column first_year", "no other group", "2021"],
    );
    let more = "province,03,S,2030,";
    let northland = Northland::new().and(MEMBERSHIPS, &format!("{more}\n"));
    refused_at(&northland, (MEMBERSHIPS, more), "K0201", &["column first_year"]);
}

#[test]
fn memberships_of_what_does_not_exist() {
    let group = Northland::new().with(MEMBERSHIPS, "province,04,S,2019,", "province,04,E,2019,");
    refused_at(
        &group,
        (MEMBERSHIPS, "province,04,E"),
        "K0201",
        &["column group", "province", "found \"E\""],
    );
    let area = Northland::new().with(MEMBERSHIPS, "province,04,S,2019,", "province,4,S,2019,");
    refused_at(
        &area,
        (MEMBERSHIPS, "province,4,S"),
        "K0201",
        &["column area", "found \"4\""],
    );
    let grouping = Northland::new().with("territory/groups.csv", "zone,1,", "zones,1,");
    refused_at(
        &grouping,
        ("territory/groups.csv", "zones,1"),
        "K0201",
        &["column grouping", "found \"zones\""],
    );
    let year = Northland::new().with(MEMBERSHIPS, "province,04,S,2019,", "province,04,S,MMXIX,");
    refused_at(
        &year,
        (MEMBERSHIPS, "MMXIX"),
        "K0201",
        &["column first_year", "a year"],
    );
}

#[test]
fn areas_of_another_length_or_twice() {
    let areas = "territory/areas.csv";
    let northland = Northland::new().and(areas, "8,Kasi,,,,\n");
    refused_at(
        &northland,
        (areas, "8,Kasi"),
        "K0201",
        &["column area", "2 characters", "leading zeros"],
    );
    let northland = Northland::new().and(areas, "03,Kolme,,,,\n");
    refused_at(&northland, (areas, "03,Kolme"), "K0303", &["\"03\""]);
    let northland = Northland::new().with(areas, "2020-12-31", "31.12.2020");
    refused_at(
        &northland,
        (areas, "31.12.2020"),
        "K0201",
        &["column valid_to", "YYYY-MM-DD"],
    );
}

#[test]
fn groupings_and_groups_declared_twice() {
    let groupings = "territory/groupings.csv";
    let northland = Northland::new().and(groupings, "zone,Taas,,,2021,\n");
    refused_at(&northland, (groupings, "zone,Taas"), "K0303", &["\"zone\""]);
}

#[test]
fn joint_units_of_unknown_areas() {
    let northland = Northland::new().and("joint_units.csv", "swim.cost,03,9,2019,,swim,,made up\n");
    refused_at(
        &northland,
        ("joint_units.csv", "swim.cost,03,9"),
        "K0201",
        &["column member", "found \"9\""],
    );
}

#[test]
fn joint_units_of_unknown_measures() {
    let northland = Northland::new().and("joint_units.csv", "swim.cots,03,04,2019,,swim,,made up\n");
    let error = northland.refusal();
    assert!(
        error.to_string().contains("swim.cots") && error.to_string().contains("joint_units.csv"),
        "{error}"
    );
}

/// Something in `territory.toml` refers to what is not there.
fn bad_territory(from: &str, to: &str, found: &str) {
    let error = Northland::new()
        .with("territory/territory.toml", from, to)
        .refusal();
    assert!(
        error.to_string().contains(found) && error.to_string().contains("territory.toml"),
        "{error}"
    );
}

#[test]
fn a_part_of_the_country_by_an_unknown_grouping() {
    bad_territory("grouping = \"shore\"", "grouping = \"shoar\"", "shoar");
}

#[test]
fn a_part_of_the_country_without_an_unknown_group() {
    bad_territory("exclude = [\"isle\"]", "exclude = [\"island\"]", "island");
}

#[test]
fn size_classes_of_an_unknown_measure() {
    bad_territory(
        "measure = \"population.year_end\"",
        "measure = \"population.yearend\"",
        "population.yearend",
    );
}

#[test]
fn a_measure_of_an_unknown_part_of_the_country() {
    let error = Northland::new()
        .with(CATALOGUE, "area_scope = \"core\"", "area_scope = \"cor\"")
        .refusal();
    assert!(error.to_string().contains("\"cor\""), "{error}");
}

// The recipe.

#[test]
fn a_recipe_names_files_that_exist() {
    for (from, to) in [
        (COSTS, "observations/lost.csv"),
        (
            "catalogues = [\"catalogue.toml\"]",
            "catalogues = [\"lost.toml\"]",
        ),
        ("joint_units = \"joint_units.csv\"", "joint_units = \"lost.csv\""),
        ("territory = \"territory\"", "territory = \"lost\""),
    ] {
        let error = Northland::new()
            .with("release.toml", from, to)
            .build()
            .expect_err(to);
        assert_eq!(error.code(), "K0101", "{error}");
        assert!(error.to_string().contains("lost"), "{error}");
    }
}

#[test]
fn a_recipe_names_a_source_of_the_catalogue() {
    let file = "release.toml";
    let first = "file = \"observations/costs.csv\"\nsource = \"office\"";
    let northland = Northland::new().with(
        file,
        first,
        "file = \"observations/costs.csv\"\nsource = \"ofice\"",
    );
    refused(
        &northland,
        file,
        "K0309",
        &["observations/costs.csv", "source", "found \"ofice\""],
    );
    let northland = Northland::new().with(file, "catalogues = [\"catalogue.toml\"]", "catalogues = []");
    refused(&northland, file, "K0309", &["catalogues"]);
    let northland = Northland::new().with(file, ", sv = \"Costs sv\"", "");
    refused(
        &northland,
        file,
        "K0302",
        &["observations/costs.csv", "description", "sv"],
    );
}
