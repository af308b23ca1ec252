//! Which series real prices come from, and what is said of it.

use super::{compare, note, then};
use crate::data::Northland;
use kultti_core::Error;
use kultti_core::compare::{CompareOptions, ExplainOptions, TrendOptions};
use kultti_core::language::{Language, Text};
use kultti_core::model::Period;
use kultti_core::panel::PriceBasis;

const COST: &str = "cost_a.per_inhabitant";

fn real(basis: &str) -> Option<PriceBasis> {
    Some(basis.parse().expect("a price basis"))
}

#[test]
fn a_monthly_price_index_is_refused() {
    let mut northland = Northland::new();
    for year in 2019..=2021 {
        let row = format!("price_index.building,{year},NL");
        northland = northland.with(
            "observations/others.csv",
            &row,
            &format!("price_index.building,{year}-01,NL"),
        );
    }
    let release = northland.release();
    let options = CompareOptions {
        real: real("building@2019"),
        ..then("03", 2019)
    };
    let error = release.compare(COST, options).expect_err("a monthly index");
    assert!(matches!(error, Error::InvalidArgument { .. }), "{error}");
    assert_eq!(error.code(), "K0501");
    for part in ["real", "yearly", "price_index.building"] {
        assert!(error.to_string().contains(part), "{part}: {error}");
    }
    let options = TrendOptions {
        real: real("building@2019"),
        ..TrendOptions::from("03")
    };
    assert_eq!(
        release.trend(COST, options).expect_err("a monthly index").code(),
        "K0501"
    );
}

/// The long series of prices comes from an office of its own.
fn two_offices() -> Northland {
    let text = "{ fi = \"Prices\", sv = \"Prices\", en = \"Prices\" }";
    let source = format!(
        "[[source]]\nid = \"prices\"\nlabel = {text}\npublisher = {text}\nlicense = \"CC0\"\ncitation = {text}\n\n"
    );
    let long = "counted_at = \"payer\"\nprice_index = { name = \"cpi\", base = 2019 }";
    Northland::new()
        .with(
            "catalogue.toml",
            "[[unit]]\nid = \"crown\"",
            &format!("{source}[[unit]]\nid = \"crown\""),
        )
        .with(
            "catalogue.toml",
            &format!("source = \"office\"\n{long}"),
            &format!("source = \"prices\"\n{long}"),
        )
}

#[test]
fn real_prices_name_the_series_and_its_source() {
    let release = two_offices().release();
    let basis = real("cpi@2021");
    let names = |sources: &[Text]| {
        sources
            .iter()
            .any(|source| source.get(Language::En) == "Prices, Prices, CC0")
    };
    let options = CompareOptions {
        real: basis.clone(),
        ..then("03", 2020)
    };
    let comparison = compare(&release, COST, options);
    let options = TrendOptions {
        real: basis.clone(),
        ..TrendOptions::from("03")
    };
    let trend = release.trend(COST, options).expect("a trend");
    let options = ExplainOptions {
        real: basis,
        ..ExplainOptions::from("03")
    };
    let why = release.explain(COST, options).expect("an explanation");
    for (notes, context) in [
        (&comparison.notes, &comparison.context),
        (&trend.notes, &trend.context),
        (&why.notes, &why.context),
    ] {
        let said = note(notes, "real-prices").expect("a note");
        assert!(
            said.contains("2021") && said.contains("price_index.long en"),
            "{said}"
        );
        assert!(names(&context.sources), "{:?}", context.sources);
    }
    let nominal = compare(&release, COST, then("03", 2020));
    assert!(!names(&nominal.context.sources), "no prices were used");
}

#[test]
fn the_nominal_value_is_the_nominal_trend_to_the_last_bit() {
    // Odd figures, so that a way there and back through the index would not be exact: 40,001/1,999 and others.
    let release = Northland::new()
        .with(
            "observations/costs.csv",
            "cost.a,2020,03,2020-01-01,40000",
            "cost.a,2020,03,2020-01-01,40001",
        )
        .with(
            "observations/others.csv",
            "year_end,2020,03,2020-01-01,2000",
            "year_end,2020,03,2020-01-01,1999",
        )
        .with(
            "observations/others.csv",
            "price_index.long,2020,NL,2019-01-01,125.0",
            "price_index.long,2020,NL,2019-01-01,111.7",
        )
        .release();
    let points = |real: Option<PriceBasis>| {
        let options = TrendOptions {
            areas: vec!["01".to_owned(), "03".to_owned(), "05".to_owned()],
            real,
            ..TrendOptions::default()
        };
        release.trend(COST, options).expect("a trend").points
    };
    let nominal = points(None);
    assert_eq!(nominal.len(), 12);
    for basis in ["cpi@2019", "cpi@2020", "cpi@2022"] {
        for (point, nominal) in points(real(basis)).iter().zip(&nominal) {
            assert!(nominal.nominal.is_none(), "there is only one value");
            assert!(nominal.cell.value.is_some());
            assert_eq!(
                (point.period, point.nominal),
                (nominal.period, nominal.cell.value),
                "{basis}"
            );
        }
    }
    assert_eq!(nominal[5].period, Period::year(2020));
    assert_eq!(nominal[5].cell.value, Some(40_001.0 / 1_999.0));
}
