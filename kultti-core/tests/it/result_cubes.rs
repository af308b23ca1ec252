//! Answers as cubes: every figure of the flat table stands in the cube, with its status, its reason and its texts.

use crate::data::northland;
use kultti_core::Error;
use kultti_core::compare::{CompareOptions, Order};
use kultti_core::export::{Export, ResultFormat, Value, to_cube, write_result};
use kultti_core::formats::{Format, ReadOptions, Role, Target, read_cube};
use kultti_core::language::Language;
use kultti_core::release::Release;

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
        Some("cost_a.per_inhabitant fi muuttujina alue, jakso, tiedot")
    );
}

/// What a format makes of an answer.
fn written(result: &dyn Export, format: Format) -> String {
    let mut bytes = Vec::new();
    let mut target = Target {
        name: "answer",
        out: &mut bytes,
    };
    write_result(result, ResultFormat::Table(format), Language::Fi, &mut target).expect("written");
    String::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn one_code_of_two_groupings_is_two_groups() {
    // The language group of Kokkola and its group by urbanity both have the code 1.
    let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE).expect("the example release");
    let options = CompareOptions::from("272").with_peers(["urban_rural", "language"]);
    let answer = release
        .compare("library.net_operating_cost_per_inhabitant", options)
        .expect("compare");
    let cube = to_cube(&answer, Language::En, TARGET).expect("a cube");
    let (_, groups) = cube.dimension("group").expect("groups");
    let found: Vec<_> = groups
        .categories
        .iter()
        .map(|group| (group.code.as_str(), group.label.get("en")))
        .collect();
    let expected: Vec<_> = answer
        .peers
        .iter()
        .map(|peer| {
            (
                format!("{}:{}", peer.grouping, peer.row.group),
                peer.row.name.get(Language::En).to_owned(),
            )
        })
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(code, name)| (code.as_str(), Some(name.as_str())))
        .collect();
    assert_eq!(found, expected);
    assert_eq!((found[0].0, found[1].0), ("urban_rural:1", "language:1"));
    assert_ne!(found[0].1, found[1].1);
    // No cell stands for a pair of grouping and group that is none.
    assert_eq!(cube.size(), Some(cube.cells.len() as u64));
}

#[test]
fn json_stat_of_an_answer_is_valid() {
    let release = northland();
    let every: [&dyn Export; 4] = [
        &release.rank(INDICATOR, Order::Ascending).expect("rank"),
        &release.groups(INDICATOR, "province").expect("groups"),
        &release.compare(INDICATOR, "01").expect("compare"),
        &release.trend(INDICATOR, "03").expect("trend"),
    ];
    for answer in every {
        let text = written(answer, Format::JsonStat);
        assert_eq!(crate::formats_jsonstat::errors(&text), [""; 0]);
    }
}

#[test]
fn px_of_an_answer_is_what_an_office_would_write() {
    let release = northland();
    let answer = release.rank(INDICATOR, Order::Ascending).expect("rank");
    let text = written(&answer, Format::Px);
    for line in [
        "TABLEID=\"rank.cost_a.per_inhabitant\";",
        "TITLE[sv]=\"cost_a.per_inhabitant sv efter område, period, uppgifter\";",
        "CONTENTS=\"cost_a.per_inhabitant fi\";",
        "STUB=\"Alue\",\"Jakso\";",
        "CONTVARIABLE[en]=\"Figures\";",
        "VALUES(\"Tiedot\")=\"cost_a.per_inhabitant fi\",\"Sija\",\"Suhteellinen sija (0–1)\",\"Havaintoja\";",
        "TIMEVAL(\"Jakso\")=TLIST(A1),\"2022\";",
        "UNITS(\"Sija\")=\"sija\";",
        "UNITS[en](\"Observations\")=\"number\";",
        "LAST-UPDATED(\"Sija\")=\"20230101",
        "VARIABLE-TYPE(\"Alue\")=\"Geographical\";",
        "SUBJECT-CODE=\"cost_a\";",
        "SOURCE[sv]=\"Northland sv, Office of Northland sv, CC0\";",
        "NOTEX=\"Covers only_a fi\";",
    ] {
        assert!(
            text.lines().any(|written| written.starts_with(line)),
            "{line}\n{text}"
        );
    }
    // 68,000 / 1,700 = 40; 60,000 / 1,200 = 50: no figure has decimals but those of thirds in the places.
    let cube = read_cube("answer.px", text.as_bytes(), &ReadOptions::default())
        .expect("read")
        .cube;
    let own = to_cube(&answer, Language::Fi, TARGET).expect("a cube");
    assert_eq!(cube.cells, own.cells);
    // PX calls a category without a name by its code.
    let mut named = own.dimensions.clone();
    for category in named.iter_mut().flat_map(|dimension| &mut dimension.categories) {
        if category.label.is_empty() {
            for language in ["fi", "sv", "en"] {
                category.label.set(language, category.code.clone());
            }
        }
    }
    assert_eq!(cube.dimensions, named);
    assert_eq!(cube.notes, own.notes);
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
