//! Answers as cubes: every figure of the flat table stands in the cube, with its status, its reason and its texts.

use crate::data::northland;
use kultti_core::Error;
use kultti_core::compare::Order;
use kultti_core::export::{Export, ResultFormat, Value, to_cube, write_result};
use kultti_core::formats::{Format, ReadOptions, Role, Target, read_cube};
use kultti_core::language::Language;

const INDICATOR: &str = "cost_a.per_inhabitant";
const TARGET: (&str, &str) = ("answer.px", "px");

/// The numbers of a table, and how many of its numeric cells are empty.
fn figures(result: &dyn Export) -> (Vec<f64>, usize) {
    let mut found = Vec::new();
    let mut empty = 0;
    for cell in result.table(Language::En).rows.iter().flatten() {
        match cell {
            Value::Number(Some(number)) => found.push(*number),
            Value::Number(None) => empty += 1,
            Value::Count(count) => found.push(f64::from(u32::try_from(*count).expect("small"))),
            _ => {}
        }
    }
    found.sort_by(f64::total_cmp);
    (found, empty)
}

fn holds_everything(result: &dyn Export) {
    let cube = to_cube(result, Language::Fi, TARGET).expect("a cube");
    let mut found: Vec<f64> = cube.cells.iter().filter_map(|cell| cell.value).collect();
    found.sort_by(f64::total_cmp);
    let (numbers, empty) = figures(result);
    assert_eq!(found, numbers);
    assert_eq!(
        cube.cells.iter().filter(|cell| cell.value.is_none()).count(),
        empty
    );
    assert!(cube.cells.iter().all(|cell| cell.mark.status.is_some()));
    assert_eq!(cube.languages, ["fi", "sv", "en"]);
    // What can be read back without Kultti's own table is the same cube.
    for format in [Format::Parquet, Format::Arrow] {
        let mut bytes = Vec::new();
        let mut target = Target {
            name: "answer",
            out: &mut bytes,
        };
        let lost = kultti_core::formats::write_cube(&cube, format, &Default::default(), &mut target);
        assert!(lost.expect("written").is_empty());
        let read = read_cube("answer", &bytes, &ReadOptions::default()).expect("read");
        assert_eq!(read.cube, cube);
    }
}

#[test]
fn every_answer_about_figures_is_a_cube() {
    let release = northland();
    holds_everything(&release.rank(INDICATOR, Order::Ascending).expect("rank"));
    holds_everything(&release.groups(INDICATOR, "province").expect("groups"));
    holds_everything(&release.compare(INDICATOR, "01").expect("compare"));
    holds_everything(&release.trend(INDICATOR, "03").expect("trend"));
    holds_everything(
        &release
            .inequality(INDICATOR, kultti_core::compare::InequalityOptions::default())
            .expect("inequality"),
    );
}

#[test]
fn a_missing_figure_keeps_its_reason() {
    let release = northland();
    let options = kultti_core::compare::RankOptions {
        period: Some(2019.into()),
        ..Default::default()
    };
    let ranking = release.rank(INDICATOR, options).expect("rank");
    let cube = to_cube(&ranking, Language::En, TARGET).expect("a cube");
    let (areas, dimension) = cube.dimension("code").expect("areas");
    assert_eq!((areas, dimension.role), (0, Role::Geo));
    // 06 has not reported.
    let place = dimension
        .categories
        .iter()
        .position(|category| category.code == "06")
        .expect("06");
    let position = cube.position(&[place, 0, 0]).expect("a position");
    let cell = cube.cells.at(position).expect("a cell");
    assert_eq!((cell.value, cell.mark.status.as_deref()), (None, Some("O")));
    let reason = cube
        .attributes
        .iter()
        .position(|attribute| attribute.code == "MISSING")
        .expect("reasons");
    assert_eq!(cell.mark.attribute(reason), Some("missing"));
    // 03 pays 40,000 for 2,000 inhabitants.
    let place = dimension
        .categories
        .iter()
        .position(|category| category.code == "03")
        .expect("03");
    let position = cube.position(&[place, 0, 0]).expect("a position");
    let cell = cube.cells.at(position).expect("a cell");
    assert_eq!((cell.value, cell.mark.status.as_deref()), (Some(20.0), Some("A")));
    let (_, metric) = cube.dimension("metric").expect("metrics");
    let value = metric.categories.first().expect("the value");
    assert_eq!((value.code.as_str(), value.decimals), ("value", Some(2)));
    assert_eq!(
        value.unit.as_ref().and_then(|unit| unit.label.get("sv")),
        Some("crown sv / person sv")
    );
    assert_eq!(
        cube.label.get("fi"),
        Some("cost_a.per_inhabitant fi, crown fi / person fi")
    );
}

#[test]
fn a_list_is_refused_by_the_formats_of_cubes() {
    let release = northland();
    let areas = release.areas("");
    for format in [Format::Px, Format::JsonStat, Format::SdmxCsv] {
        let mut bytes = Vec::new();
        let mut target = Target {
            name: "areas",
            out: &mut bytes,
        };
        let refused = write_result(&areas, ResultFormat::Table(format), Language::En, &mut target);
        assert!(matches!(refused, Err(Error::ResultNotACube { .. })));
        assert!(bytes.is_empty());
    }
}
