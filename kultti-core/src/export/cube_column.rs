//! Columns of numbers as categories of a cube: their names in three languages, their units and decimals, and where the
//! table says their status and why one of them is missing.

use super::table::{Table, Value};
use crate::compare::Context;
use crate::formats::{Category, Labels, Unit};
use crate::language::{Language, word};

/// What a number counts or measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// What the indicator does.
    InUnit,
    /// What its numerator does: euros, where the indicator is euros per inhabitant.
    Numerator,
    /// Things.
    Count,
    /// A place in an order.
    Rank,
    /// A part of one.
    Fraction,
    /// A number of an index.
    Index,
    /// Nothing: a number with so many decimals.
    Bare(u8),
}

/// Columns, the code of the word for each, and what they count or measure.
const COLUMNS: [(&str, &str, Kind); 89] = [
    ("area_value", "word.column-area-value", Kind::InUnit),
    ("share", "word.share", Kind::Fraction),
    ("area_share", "word.column-area-share", Kind::Fraction),
    ("rank", "word.rank", Kind::Rank),
    ("percent_rank", "word.percent-rank", Kind::Fraction),
    ("ranked", "word.column-ranked", Kind::Count),
    ("n", "word.column-n", Kind::Count),
    ("members", "word.column-members", Kind::Count),
    ("coverage_areas", "word.column-coverage-areas", Kind::Fraction),
    (
        "coverage_denominator",
        "word.column-coverage-denominator",
        Kind::Fraction,
    ),
    ("zeros", "word.column-zeros", Kind::Count),
    ("value_without_zeros", "word.column-without-zeros", Kind::InUnit),
    ("difference", "word.difference", Kind::InUnit),
    (
        "difference_relative",
        "word.column-difference-relative",
        Kind::Fraction,
    ),
    ("difference_budget", "word.budget-difference", Kind::Numerator),
    ("budget_difference", "word.budget-difference", Kind::Numerator),
    ("z", "word.column-z", Kind::Bare(2)),
    ("robust_z", "word.column-robust-z", Kind::Bare(2)),
    ("band_lower_cut", "word.column-band-lower", Kind::InUnit),
    ("band_upper_cut", "word.column-band-upper", Kind::InUnit),
    ("band_n", "word.column-band-n", Kind::Count),
    ("area_lower", "word.column-area-lower", Kind::InUnit),
    ("area_upper", "word.column-area-upper", Kind::InUnit),
    ("lower", "word.column-lower", Kind::InUnit),
    ("upper", "word.column-upper", Kind::InUnit),
    ("level", "word.column-level", Kind::Fraction),
    ("interval_level", "word.column-level", Kind::Fraction),
    ("numerator", "word.numerator", Kind::Bare(0)),
    ("denominator", "word.denominator", Kind::Bare(0)),
    ("other_numerator", "word.column-other-numerator", Kind::Bare(0)),
    (
        "other_denominator",
        "word.column-other-denominator",
        Kind::Bare(0),
    ),
    ("other_value", "word.column-other-value", Kind::InUnit),
    ("ratio", "word.ratio", Kind::Bare(3)),
    ("p_value", "word.p-value", Kind::Bare(4)),
    ("p_adjusted", "word.p-adjusted", Kind::Bare(4)),
    ("change", "word.change", Kind::InUnit),
    ("change_relative", "word.column-change-relative", Kind::Fraction),
    ("index", "word.index", Kind::Index),
    ("index_direct", "word.index-direct", Kind::Index),
    ("value_nominal", "word.nominal", Kind::InUnit),
    ("chain_factor", "word.column-chain-factor", Kind::Bare(4)),
    ("drift", "word.drift", Kind::Bare(4)),
    ("slope", "word.column-slope", Kind::InUnit),
    ("slope_lower", "word.column-slope-lower", Kind::InUnit),
    ("slope_upper", "word.column-slope-upper", Kind::InUnit),
    ("intercept", "word.column-intercept", Kind::InUnit),
    ("s", "word.column-s", Kind::Bare(0)),
    ("tau", "word.column-tau", Kind::Bare(3)),
    ("p", "word.p-value", Kind::Bare(4)),
    ("value_from", "word.column-value-from", Kind::InUnit),
    ("value_to", "word.column-value-to", Kind::InUnit),
    ("absolute", "word.change", Kind::InUnit),
    ("relative", "word.column-change-relative", Kind::Fraction),
    ("cagr", "word.column-cagr", Kind::Fraction),
    ("price", "word.column-price", Kind::InUnit),
    ("volume", "word.column-volume", Kind::InUnit),
    ("population", "word.column-population", Kind::InUnit),
    ("within", "word.column-within", Kind::InUnit),
    ("between", "word.column-between", Kind::InUnit),
    ("area_from", "word.column-area-from", Kind::InUnit),
    ("area_to", "word.column-area-to", Kind::InUnit),
    ("area_absolute", "word.column-area-change", Kind::InUnit),
    (
        "area_relative",
        "word.column-area-change-relative",
        Kind::Fraction,
    ),
    ("area_within", "word.column-area-within", Kind::InUnit),
    ("area_between", "word.column-area-between", Kind::InUnit),
    ("gini", "word.gini", Kind::Bare(4)),
    ("theil", "word.theil", Kind::Bare(4)),
    ("theil_within", "word.theil-within", Kind::Bare(4)),
    ("theil_between", "word.theil-between", Kind::Bare(4)),
    ("mean", "word.mean", Kind::InUnit),
    ("share_numerator", "word.share-numerator", Kind::Fraction),
    ("share_denominator", "word.share-denominator", Kind::Fraction),
    ("distance", "word.distance", Kind::Bare(3)),
    ("stability", "word.stability", Kind::Fraction),
    ("common_weight", "word.column-common-weight", Kind::Fraction),
    (
        "largest_contribution",
        "word.column-largest-contribution",
        Kind::Fraction,
    ),
    ("k", "word.column-k", Kind::Count),
    ("expected", "word.expected", Kind::InUnit),
    ("residual", "word.column-residual", Kind::Bare(2)),
    ("residual_log", "word.column-residual-log", Kind::Bare(4)),
    ("leave_one_out", "word.leave-one-out", Kind::InUnit),
    ("weight", "word.weight", Kind::Bare(4)),
    ("r2", "word.column-r2", Kind::Bare(3)),
    ("sigma", "word.column-sigma", Kind::Bare(4)),
    (
        "cost_per_inhabitant",
        "word.column-cost-per-inhabitant",
        Kind::Numerator,
    ),
    ("cost_per_use", "word.column-cost-per-use", Kind::Numerator),
    (
        "uses_per_inhabitant",
        "word.column-uses-per-inhabitant",
        Kind::Bare(2),
    ),
    (
        "difference_by_cost_per_use",
        "word.column-difference-by-cost-per-use",
        Kind::InUnit,
    ),
    (
        "difference_by_uses",
        "word.column-difference-by-uses",
        Kind::InUnit,
    ),
];

/// Where the status of a column stands, and why it is missing, if not in `status` and `missing`.
const BESIDE: [(&[&str], Option<&str>, &str); 7] = [
    (&["area_value", "area_share"], Some("area_status"), "area_missing"),
    (&["area_lower", "area_upper"], None, "area_interval_missing"),
    (&["lower", "upper"], None, "interval_missing"),
    (&["relative"], None, "relative_missing"),
    (&["cagr"], None, "cagr_missing"),
    (
        &[
            "slope",
            "slope_lower",
            "slope_upper",
            "intercept",
            "s",
            "tau",
            "p",
        ],
        None,
        "trend_missing",
    ),
    (
        &[
            "group_cost_per_inhabitant",
            "group_cost_per_use",
            "group_uses_per_inhabitant",
        ],
        None,
        "group_missing",
    ),
];

/// The columns that say the status of a number and why it is missing.
pub(super) fn beside(column: &str) -> (&'static str, &'static str) {
    let own = BESIDE.iter().find(|(columns, _, _)| columns.contains(&column));
    own.map_or(("status", "missing"), |(_, status, missing)| {
        (status.unwrap_or("status"), missing)
    })
}

/// The category of a column of numbers.
pub(super) fn category(name: &str, table: &Table, context: &Context, languages: &[Language]) -> Category {
    let place = table.columns.iter().position(|column| *column == name);
    let cells = || {
        table
            .rows
            .iter()
            .filter_map(|row| row.get(place?))
            .filter(|cell| !matches!(cell, Value::Number(None)))
    };
    let whole = cells().all(|cell| match cell {
        Value::Count(_) => true,
        Value::Number(Some(number)) => number.fract() == 0.0,
        _ => false,
    });
    let kind = kind(name, cells().all(|cell| matches!(cell, Value::Count(_))));
    let decimals = match kind {
        Kind::InUnit => u8::try_from(context.decimals).unwrap_or(0),
        Kind::Count | Kind::Rank => u8::from(!whole),
        Kind::Numerator => 2,
        Kind::Fraction => 4,
        Kind::Index => 1,
        Kind::Bare(decimals) => decimals,
    };
    let each = |of: &dyn Fn(Language) -> String| {
        let mut labels = Labels::default();
        for language in languages {
            labels.set(language.code(), of(*language));
        }
        labels
    };
    let unit = Unit {
        label: each(&|language| unit(kind, context, language)),
        ..Unit::default()
    };
    Category {
        label: each(&|language| label(name, table, context, language)),
        unit: Some(unit),
        decimals: Some(decimals),
        ..Category::new(name)
    }
}

fn kind(name: &str, counts: bool) -> Kind {
    let base = name.strip_prefix("group_").unwrap_or(name);
    let known = COLUMNS.iter().find(|(column, _, _)| *column == base);
    match known {
        Some((_, _, kind)) => *kind,
        None if name == "value" => Kind::InUnit,
        None if counts => Kind::Count,
        None => Kind::Bare(4),
    }
}

/// The name of a column; figures of the indicator itself have its name.
fn label(name: &str, table: &Table, context: &Context, language: Language) -> String {
    if name == "value" {
        // A model of similar areas has no figures, the indicator beside it has.
        let of_group = table.columns.contains(&"area_value");
        let of_model = table.columns.contains(&"model") && table.columns.contains(&"distance");
        return match (of_group, of_model) {
            (true, _) => capital(word("word.column-group-value", language)),
            (_, true) => capital(word("word.value", language)),
            _ => context.label.get(language).to_owned(),
        };
    }
    let of_group = name.strip_prefix("group_");
    let known = COLUMNS
        .iter()
        .find(|(column, _, _)| *column == of_group.unwrap_or(name));
    let Some((_, code, _)) = known else {
        return name.to_owned();
    };
    let text = word(code, language);
    match of_group {
        Some(_) => capital(&format!("{}: {text}", word("word.group", language))),
        None => capital(text),
    }
}

fn unit(kind: Kind, context: &Context, language: Language) -> String {
    let symbol = context.unit_symbol.get(language);
    let code = match kind {
        Kind::InUnit => return symbol.to_owned(),
        Kind::Numerator => return symbol.split(" / ").next().unwrap_or(symbol).to_owned(),
        Kind::Count => "word.column-unit-count",
        Kind::Rank => "word.rank",
        Kind::Fraction => "word.column-unit-fraction",
        Kind::Index => "word.column-unit-index",
        Kind::Bare(_) => "word.column-unit-none",
    };
    word(code, language).to_owned()
}

/// A name as it stands at the head of a list: with a capital letter, unless it begins with a symbol such as the p of p-value.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_alphabetic() => {
            let rest: String = text.chars().skip(1).collect();
            format!("{}{rest}", first.to_uppercase())
        }
        _ => text.to_owned(),
    }
}
