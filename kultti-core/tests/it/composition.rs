//! What a figure is made of, on Northland of 2019 by hand.
//!
//! | area | cost a | cost b | inhabitants | (a + b)/inhabitants | a/inhabitants | b/inhabitants |
//! |---|---|---|---|---|---|---|
//! | 01 | 30,000 | 10,000 | 1,000 | 40 | 30 | 10 |
//! | 02 | 10,000 | 5,000 | 500 | 30 | 20 | 10 |
//! | 03 | 40,000 | 0 | 2,000 | 20 | 20 | 0 |
//! | 04 | 50,000 | 15,000 | 1,000 | 65 | 50 | 15 |
//! | 05 | 120,000 | missing | 3,000 | – | 40 | – |

use crate::data::Northland;
use kultti_core::chart::{ChartKind, ChartOptions, Drawn};
use kultti_core::compare::{Composition, CompositionOptions, PartFigure};
use kultti_core::export::{Export, TextOptions, to_text};
use kultti_core::language::Language;
use kultti_core::model::Missing;
use kultti_core::panel::Borders;
use kultti_core::release::Release;

const COST: &str = "cost.per_inhabitant";

/// Sport, which 05 keeps for 01 as well, and music, which 03 keeps for 06.
const MIXED: &str = r#"
[[indicator]]
id = "mixed.per_inhabitant"
label = { fi = "Sekä", sv = "Båda", en = "Both" }
definition = { fi = "Sekä", sv = "Båda", en = "Both" }
formula = "(sport.cost + music.cost) / population.year_end"
unit = "crown/person"
decimals = 2
direction = "none"
version = 1
"#;

fn asked(area: &str, peers: &str) -> CompositionOptions {
    CompositionOptions {
        area: area.into(),
        period: Some(2019.into()),
        peers: peers.split(';').map(str::to_owned).collect(),
        borders: Borders::Then,
        ..CompositionOptions::default()
    }
}

fn answer(release: &Release, indicator: &str, area: &str, peers: &str) -> Composition {
    release
        .composition(indicator, asked(area, peers))
        .expect("an answer")
}

fn values(figures: &[PartFigure]) -> Vec<Option<f64>> {
    figures.iter().map(|figure| figure.value).collect()
}

fn own(found: &Composition) -> Vec<PartFigure> {
    found.parts.iter().map(|part| part.figure).collect()
}

#[test]
fn parts_shares_and_differences_by_hand() {
    let found = answer(&Northland::new().release(), COST, "01", "01;03;04");
    assert_eq!(found.whole.value, Some(40.0));
    assert_eq!(values(&own(&found)), [Some(30.0), Some(10.0)]);
    let shares: Vec<_> = found.parts.iter().map(|part| part.figure.share).collect();
    assert_eq!(shares, [Some(0.75), Some(0.25)]);
    // 120,000 and 25,000 crowns for 4,000 inhabitants: 30 + 6.25 = 36.25.
    let group = &found.groups[0];
    assert_eq!(values(&group.parts), [Some(30.0), Some(6.25)]);
    assert_eq!((group.row.value, group.row.n), (Some(36.25), 3));
    assert_eq!(group.differences, [Some(0.0), Some(3.75)]);
    assert_eq!(group.difference, Some(3.75));
    assert_eq!(group.parts[1].share, Some(6.25 / 36.25));
    let onward: Vec<_> = found.parts.iter().map(|part| part.indicator.as_ref()).collect();
    let onward: Vec<_> = onward.into_iter().flatten().map(|id| id.as_str()).collect();
    assert_eq!(onward, ["cost_a.per_inhabitant", "cost_b.per_inhabitant"]);
}

#[test]
fn a_part_that_is_missing_says_so_and_keeps_the_area_out_of_every_part_of_a_group() {
    let release = Northland::new().release();
    let found = answer(&release, COST, "05", "01;02;03;04;05");
    assert_eq!(values(&own(&found)), [Some(40.0), None]);
    assert_eq!(found.parts[1].figure.missing, Some(Missing::NotReported));
    assert_eq!(
        (found.whole.value, found.whole.missing),
        (None, Some(Missing::NotReported))
    );
    assert_eq!(found.parts[0].figure.share, None);
    // 05 has cost a, but not the whole: 130,000 and 30,000 crowns for the 4,500 inhabitants of the four others, who are 0.6 of
    // all.
    let group = &found.groups[0];
    assert_eq!(
        values(&group.parts),
        [Some(130_000.0 / 4_500.0), Some(30_000.0 / 4_500.0)]
    );
    assert_eq!(
        (group.row.n, group.row.members, group.includes_area),
        (4, 5, false)
    );
    assert_eq!((group.difference, group.differences[1]), (None, None));
    // Without 02 it is 4,000 of 7,000, which is too little.
    let found = answer(&release, COST, "05", "01;03;04;05");
    assert_eq!(values(&found.groups[0].parts), [None, None]);
    assert_eq!(found.groups[0].parts[0].missing, Some(Missing::CoverageTooLow));
}

#[test]
fn a_part_that_another_area_keeps_names_that_area() {
    let release = Northland::new().and("catalogue.toml", MIXED).release();
    let found = answer(&release, "mixed.per_inhabitant", "06", "01");
    let music = &found.parts[1];
    assert_eq!(
        (music.figure.status, music.figure.missing),
        ('K', Some(Missing::Included))
    );
    assert_eq!(music.host.as_ref().map(|host| host.code.as_str()), Some("03"));
    assert_eq!(
        (found.parts[0].figure.value, &found.parts[0].host),
        (Some(30.0), &None)
    );
    let codes: Vec<_> = found.notes.iter().map(|note| note.code()).collect();
    assert!(codes.contains(&"included-in"), "{codes:?}");
    // 100,000 crowns of music for the 2,000 + 500 inhabitants of 03 and 06, 40,000 of sport for the 2,000 of 03: parts that cannot be added.
    let found = answer(&release, "mixed.per_inhabitant", "03", "01");
    assert_eq!(values(&own(&found)), [Some(20.0), Some(40.0)]);
    assert_eq!(found.whole.missing, Some(Missing::JointlyMixed));
}

#[test]
fn totals_are_held_against_means() {
    let found = answer(&Northland::new().release(), "cost.total", "01", "01;03;04");
    assert_eq!(values(&own(&found)), [Some(30_000.0), Some(10_000.0)]);
    // 120,000 and 25,000 crowns in three areas.
    assert_eq!(
        values(&found.groups[0].parts),
        [Some(40_000.0), Some(25_000.0 / 3.0)]
    );
}

#[test]
fn what_is_no_sum_names_those_that_are() {
    let release = Northland::new().release();
    let error = release
        .composition("cost_a.per_inhabitant", asked("01", "03"))
        .unwrap_err();
    assert_eq!(error.code(), "K0923");
    let text = error.message().render(Language::En);
    assert!(text.contains("cost.a / population.year_end"), "{text}");
    assert!(
        text.contains("cost.per_inhabitant, cost.total, mix.sum"),
        "{text}"
    );
}

#[test]
fn people_read_parts_shares_and_differences() {
    let found = answer(&Northland::new().release(), COST, "01", "01;03;04");
    let text = to_text(&found.document(Language::En), TextOptions::default());
    for words in [
        "30.00",
        "75.0",
        "100.0",
        "36.25",
        "+3.75",
        "cost_b.per_inhabitant",
    ] {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
}

#[test]
fn bars_have_every_part_and_name_the_missing_ones() {
    let found = answer(&Northland::new().release(), COST, "05", "01;02;03;04");
    let chart = found
        .chart(&ChartOptions::default(), Language::En)
        .expect("a chart");
    assert_eq!(chart.kind, ChartKind::Composition);
    let rows: Vec<_> = chart
        .marks()
        .map(|(row, mark)| (row.name.as_str(), mark.value))
        .collect();
    assert_eq!(rows.len(), 4);
    assert_eq!((rows[0].1, rows[2].1), (Some(40.0), None));
    for width in [320.0, 720.0] {
        let svg = chart.to_svg(width);
        assert!(svg.contains("Without a value (1)"), "{svg}");
    }
    let table = chart.table();
    assert_eq!(table.rows.len(), 4);
    assert_eq!(table.rows[2][3], "–");
}
