//! Indicators that are only the name of another one.

use super::{cell, close, groups, groups_of, row, then};
use crate::data::Northland;
use kultti_core::compare::ExplainOptions;
use kultti_core::model::Aggregate;
use kultti_core::panel::Borders;
use kultti_core::release::Release;

/// `id` is the name of `of` with a multiplier.
fn alias(id: &str, of: &str, multiplier: u8) -> String {
    let text = "{ fi = \"x\", sv = \"x\", en = \"x\" }";
    format!(
        "\n[[indicator]]\nid = \"{id}\"\nlabel = {text}\ndefinition = {text}\nformula = \"{of}\"\nunit = \"crown/person\"\n\
         decimals = 2\ndirection = \"none\"\nversion = 1\nmultiplier = {multiplier}\nscope = \"only_a\"\n"
    )
}

/// A name of a name of a ratio, with 3 and 10 as multipliers.
fn named_twice() -> Release {
    Northland::new()
        .and("catalogue.toml", &alias("outer", "inner", 3))
        .and("catalogue.toml", &alias("inner", "cost_a.per_inhabitant", 10))
        .release()
}

#[test]
fn a_name_of_a_ratio_keeps_its_denominator_and_its_multiplier() {
    // 3 · 10 · 30,000/1,000 = 900.
    let release = named_twice();
    let found = cell(&release, "outer", "01", 2019, Borders::Then);
    assert_eq!(
        (found.numerator, found.denominator, found.value),
        (Some(30_000.0), Some(1_000.0), Some(900.0))
    );
    let options = ExplainOptions {
        period: Some(2019.into()),
        borders: Borders::Then,
        ..ExplainOptions::from("01")
    };
    let why = release.explain("outer", options).expect("an explanation");
    close(Some(why.multiplier), 30.0);
    assert_eq!(why.formula, "30 * cost.a / population.year_end");
    assert_eq!(why.formula_with_numbers, "30 * 30000 / 1000");
}

#[test]
fn a_name_of_a_ratio_has_the_ratio_of_sums() {
    // N: 30 · (30,000 + 40,000 + 120,000)/6,000 = 950; a mean of 900, 600 and 1,200 would be 900.
    let release = named_twice();
    let found = groups(&release, "outer", groups_of("province", 2019));
    let north = row(&found, "N");
    assert_eq!(
        (north.aggregate, north.value),
        (Aggregate::RatioOfSums, Some(950.0))
    );
    assert_eq!(north.coverage_denominator, Some(1.0));
    let comparison = super::compare(&release, "outer", then("03", 2019).with_peers(["province"]));
    // 600 − 950.
    assert_eq!(comparison.peers[0].difference, Some(-350.0));
}
