//! Differences between releases of Northland, worked out by hand.
//!
//! On the present borders of 2022 the costs of function a per inhabitant in 2019 are, in crowns: 01 (with 02)
//! 40,000/1,500 = 26.67; 03 40,000/2,000 = 20; 04 50,000/1,000 = 50; 05 half of 120,000 over 60 % of 3,000, 60,000/1,800 =
//! 33.33; 07 the other half over the other 40 %, 60,000/1,200 = 50; 06 has not reported. Less is better: 03 is first, 01
//! second, 05 third, 04 and 07 share the fourth place.

use crate::data::{Northland, northland};
use kultti_core::Error;
use kultti_core::compare::{
    ChangeKind, DefinitionKind, DiffOptions, DiffPart, GroupChange, IndicatorPeriodChanges, RankReason,
    ReleaseDiff,
};
use kultti_core::export::{DiffShown, Export, to_text};
use kultti_core::language::Language;
use kultti_core::model::Missing;
use kultti_core::release::{CellChange, CellField, Release};

const COSTS: &str = "observations/costs.csv";
const INDICATOR: &str = "cost_a.per_inhabitant";

fn diff(before: &Release, after: &Release) -> ReleaseDiff {
    before.diff(after, &DiffOptions::default()).expect("a difference")
}

fn changed(from: &str, to: &str) -> ReleaseDiff {
    diff(&northland(), &Northland::new().with(COSTS, from, to).release())
}

/// What differs of the costs of function a in 2019.
fn of_2019(diff: &ReleaseDiff) -> &IndicatorPeriodChanges {
    let mut indicators = diff.indicators.iter();
    let indicator = indicators.find(|indicator| indicator.indicator.as_str() == INDICATOR);
    let indicator = indicator.expect("the indicator is touched");
    let mut periods = indicator.periods.iter();
    let period = periods.find(|period| period.period.to_string() == "2019");
    period.expect("2019 is touched")
}

/// Area, rank before, rank after and reason of every move.
fn moves(diff: &ReleaseDiff) -> Vec<(&str, Option<f64>, Option<f64>, RankReason)> {
    let moved = of_2019(diff).ranks.iter().map(|change| {
        let rank =
            |side: &Option<kultti_core::compare::RankedFigure>| side.as_ref().and_then(|side| side.rank);
        (
            change.area.code.as_str(),
            rank(&change.before),
            rank(&change.after),
            change.reason,
        )
    });
    moved.collect()
}

fn only_cell(diff: &ReleaseDiff) -> &CellChange {
    let cells: Vec<&CellChange> = diff.cells.iter().flat_map(|period| &period.cells).collect();
    let [cell] = cells.as_slice() else {
        panic!("{} cells changed", cells.len());
    };
    cell
}

fn group<'d>(diff: &'d ReleaseDiff, grouping: &str, code: &str) -> &'d GroupChange {
    let mut groups = of_2019(diff).groups.iter();
    let found = groups.find(|group| group.grouping == grouping && group.group.as_str() == code);
    found.unwrap_or_else(|| panic!("no change of {grouping}:{code}"))
}

fn close(found: Option<f64>, expected: f64) {
    let found = found.unwrap_or_else(|| panic!("no value, expected {expected}"));
    assert!(
        (found - expected).abs() <= 1e-12 * expected.abs(),
        "{found} is not {expected}"
    );
}

#[test]
fn a_release_does_not_differ_from_itself() {
    let found = diff(&northland(), &northland());
    assert!(found.is_empty());
    assert!(found.table(Language::En).rows.is_empty());
    assert_eq!(found.json(Language::En)["same"], true);
}

#[test]
fn one_figure_moves_the_ranks_of_all() {
    // 03 pays 140,000: 140,000/2,000 = 70 is now the largest.
    let found = changed(
        "cost.a,2019,03,2019-01-01,40000",
        "cost.a,2019,03,2019-01-01,140000",
    );
    let cell = only_cell(&found);
    assert_eq!(cell.fields(), [CellField::Value]);
    let values = (
        cell.before.as_ref().and_then(|side| side.value),
        cell.after.as_ref().and_then(|side| side.value),
    );
    assert_eq!(values, (Some(40_000.0), Some(140_000.0)));
    use RankReason::{Others, Own};
    let expected = [
        ("01", Some(2.0), Some(1.0), Others),
        ("03", Some(1.0), Some(5.0), Own),
        ("04", Some(4.0), Some(3.0), Others),
        ("05", Some(3.0), Some(2.0), Others),
        ("07", Some(4.0), Some(3.0), Others),
    ];
    assert_eq!(moves(&found), expected);
    let period = of_2019(&found);
    assert_eq!(
        (period.before.map(|by| by.n), period.after.map(|by| by.n)),
        (Some(5), Some(5))
    );
    // All of Northland: 250,000 and 350,000 over the 7,500 inhabitants of the areas that reported, of 8,000.
    let country = group(&found, "country", "NL");
    let (before, after) = (
        country.before.as_ref().expect("before"),
        country.after.as_ref().expect("after"),
    );
    close(before.value, 250_000.0 / 7_500.0);
    close(after.value, 350_000.0 / 7_500.0);
    assert_eq!(
        (before.n, before.members, before.coverage_denominator),
        (5, 6, Some(0.9375))
    );
    // The isle has not reported and 04 is the same: nothing is said of their group.
    assert!(period.groups.iter().all(|group| group.group.as_str() != "S"));
    // Nothing else has costs of function a in 2019 in it.
    for indicator in &found.indicators {
        assert!(
            indicator.indicator.as_str() != "loans.per_inhabitant",
            "untouched"
        );
        assert!(
            indicator
                .periods
                .iter()
                .all(|period| period.period.to_string() == "2019")
        );
        assert!(!indicator.redefined);
    }
}

#[test]
fn an_area_that_reports_at_last_gains_a_rank() {
    // 10,000/500 = 20: the isle shares the first place with 03, and everybody else is one lower.
    let found = changed(
        "cost.a,2019,06,2019-01-01,,O,missing,",
        "cost.a,2019,06,2019-01-01,10000,P,,",
    );
    let cell = only_cell(&found);
    assert_eq!(
        cell.fields(),
        [CellField::Value, CellField::Status, CellField::Missing]
    );
    assert_eq!(
        cell.before.as_ref().and_then(|side| side.missing),
        Some(Missing::NotReported)
    );
    use RankReason::{Others, Own};
    let expected = [
        ("01", Some(2.0), Some(3.0), Others),
        ("04", Some(4.0), Some(5.0), Others),
        ("05", Some(3.0), Some(4.0), Others),
        ("06", None, Some(1.0), Own),
        ("07", Some(4.0), Some(5.0), Others),
    ];
    assert_eq!(moves(&found), expected);
    let country = group(&found, "country", "NL");
    let after = country.after.as_ref().expect("after");
    close(after.value, 260_000.0 / 8_000.0);
    // The shares of 05 and 07 are estimated, which counts for more than a provisional figure.
    assert_eq!(
        (after.n, after.status, after.coverage_denominator),
        (6, 'E', Some(1.0))
    );
}

#[test]
fn cells_come_and_go_and_move_to_other_borders() {
    let gone = changed("cost.a,2019,03,2019-01-01,40000,A,,\n", "");
    let cell = only_cell(&gone);
    assert!(cell.before.is_some() && cell.after.is_none() && cell.fields().is_empty());
    let (before, after) = (
        northland(),
        Northland::new().with(COSTS, "cost.a,2019,03,2019-01-01,40000,A,,\n", ""),
    );
    let come = diff(&after.release(), &before);
    assert!(only_cell(&come).before.is_none());
    let counted = |diff: &ReleaseDiff| {
        let measure = diff.measures.first().expect("one measure");
        (measure.added, measure.removed, measure.changed, measure.texts)
    };
    assert_eq!((counted(&gone), counted(&come)), ((0, 1, 0, 0), (1, 0, 0, 0)));
    // The same figure on the borders of a later day is the same cell.
    let moved = changed(
        "cost.a,2019,03,2019-01-01,40000",
        "cost.a,2019,03,2020-01-01,40000",
    );
    assert_eq!(only_cell(&moved).fields(), [CellField::Territory]);
    assert_eq!(counted(&moved), (0, 0, 1, 0));
    // Where it stands on both, one of them came.
    let second = Northland::new().with(
        COSTS,
        "cost.a,2019,03,2019-01-01,40000,A,,\n",
        "cost.a,2019,03,2019-01-01,40000,A,,\ncost.a,2019,03,2020-01-01,40000,A,,\n",
    );
    assert_eq!(counted(&diff(&northland(), &second.release())), (1, 0, 0, 0));
}

#[test]
fn notes_and_origins_touch_no_figure() {
    let found = changed(
        "cost.a,2019,03,2019-01-01,40000,A,,",
        "cost.a,2019,03,2019-01-01,40000,A,,revised",
    );
    assert_eq!(only_cell(&found).fields(), [CellField::Note]);
    assert!(found.indicators.is_empty());
    let measure = found.measures.first().expect("one measure");
    assert_eq!((measure.changed, measure.texts), (0, 1));
    // The table that all costs came from has another name.
    let source = Northland::new();
    let text = source.text(COSTS);
    let renamed = source
        .written("observations/accounts.csv", text)
        .with(
            "release.toml",
            "observations/costs.csv",
            "observations/accounts.csv",
        )
        .release();
    let found = diff(&northland(), &renamed);
    let cells = || found.cells.iter().flat_map(|period| &period.cells);
    assert!(cells().count() > 50 && cells().all(|cell| cell.fields() == [CellField::Origin]));
    assert!(found.indicators.is_empty());
    let tables = found
        .definitions
        .iter()
        .filter(|change| change.kind == DefinitionKind::Table);
    let tables: Vec<(&str, ChangeKind)> = tables.map(|change| (change.id.as_str(), change.change)).collect();
    let expected = [
        ("observations/accounts.csv", ChangeKind::Added),
        ("observations/costs.csv", ChangeKind::Removed),
    ];
    assert_eq!(tables, expected);
}

#[test]
fn a_change_of_definition_is_named_where_it_moves_ranks() {
    // More is better now: 04 and 07 are first, 05 third, 01 fourth, 03 fifth. No cell differs.
    let turned = Northland::new().with(
        "catalogue.toml",
        "unit = \"crown/person\"\ndecimals = 2\ndirection = \"lower\"\nversion = 1\nscope = \"only_a\"",
        "unit = \"crown/person\"\ndecimals = 2\ndirection = \"higher\"\nversion = 2\nscope = \"only_a\"",
    );
    let found = diff(&northland(), &turned.release());
    assert!(found.cells.is_empty());
    let [definition] = found.definitions.as_slice() else {
        panic!("{:?}", found.definitions);
    };
    assert_eq!(
        (definition.kind, definition.id.as_str()),
        (DefinitionKind::Indicator, INDICATOR)
    );
    let fields: Vec<&str> = definition
        .fields
        .iter()
        .map(|field| field.field.as_str())
        .collect();
    assert_eq!(fields, ["direction", "version"]);
    use RankReason::Order;
    let expected = [
        ("01", Some(2.0), Some(4.0), Order),
        ("03", Some(1.0), Some(5.0), Order),
        ("04", Some(4.0), Some(1.0), Order),
        ("07", Some(4.0), Some(1.0), Order),
    ];
    assert_eq!(moves(&found), expected);
    assert!(found.notes.iter().any(|note| note.code() == "diff-redefined"));
    let indicator = found.indicators.first().expect("one indicator");
    assert_eq!(
        indicator.definition_before.as_deref(),
        Some("cost_a.per_inhabitant@1")
    );
    assert_eq!(
        indicator.definition_after.as_deref(),
        Some("cost_a.per_inhabitant@2")
    );
}

#[test]
fn areas_of_other_borders_are_told_from_areas_whose_figures_changed() {
    // On the borders of 2021 there is no 07: 05 has all of its 120,000/3,000 = 40 and stands third, 04 fourth.
    let earlier = Northland::new().with(
        "territory/territory.toml",
        "now = \"2022-06-01\"",
        "now = \"2021-06-01\"",
    );
    let earlier = earlier.with(
        "territory/changes.csv",
        "2022-01-01,05,05,0.6,0.5,0.7\n2022-01-01,05,07,0.4,0.5,0.3\n",
        "",
    );
    let earlier = earlier.with("territory/areas.csv", "07,Uusi,,,2022-01-01,\n", "");
    let earlier = earlier.with("territory/memberships.csv", "province,07,S,2022,\n", "");
    let earlier = earlier.with("territory/memberships.csv", "shore,07,core,2022,\n", "");
    let without_2022 = |release: Northland, file: &str| {
        let text = release.text(file);
        let kept: String = text
            .lines()
            .filter(|line| !line.contains(",2022,"))
            .map(|line| format!("{line}\n"))
            .collect();
        release.written(file, kept)
    };
    let earlier = without_2022(earlier, COSTS);
    let earlier = without_2022(earlier, "observations/others.csv");
    let found = diff(&earlier.release(), &northland());
    assert_eq!(moves(&found), [("07", None, Some(4.0), RankReason::Borders)]);
    assert!(found.notes.iter().any(|note| note.code() == "diff-borders"));
    let kinds: Vec<(DefinitionKind, &str)> = found
        .definitions
        .iter()
        .map(|change| (change.kind, change.id.as_str()))
        .collect();
    assert!(kinds.contains(&(DefinitionKind::Area, "07")));
    assert!(kinds.contains(&(DefinitionKind::AreaChange, "2022-01-01 05 → 07")));
    assert!(kinds.contains(&(DefinitionKind::Membership, "province 07")));
    assert!(kinds.contains(&(DefinitionKind::Territory, "northland")));
}

#[test]
fn only_what_was_asked_for_is_answered() {
    let (before, after) = (
        northland(),
        Northland::new()
            .with(
                COSTS,
                "cost.a,2019,03,2019-01-01,40000",
                "cost.a,2019,03,2019-01-01,140000",
            )
            .release(),
    );
    let ask = |options: DiffOptions| before.diff(&after, &options).expect("a difference");
    let ranks = ask(DiffOptions {
        indicators: Some("cost_a.*".to_owned()),
        parts: vec![DiffPart::Ranks],
        ..DiffOptions::default()
    });
    assert!(ranks.cells.is_empty() && ranks.groups().next().is_none() && ranks.definitions.is_empty());
    assert_eq!(moves(&ranks).len(), 5);
    assert!(
        ranks
            .table(Language::En)
            .columns
            .iter()
            .all(|name| *name != "measure")
    );
    let later = ask(DiffOptions {
        from: Some(2020.into()),
        parts: vec![DiffPart::Cells, DiffPart::Groups, DiffPart::Ranks],
        ..DiffOptions::default()
    });
    assert!(later.is_empty());
    let other = ask(DiffOptions {
        indicators: Some("loans.*".to_owned()),
        parts: vec![DiffPart::Cells, DiffPart::Groups, DiffPart::Ranks],
        ..DiffOptions::default()
    });
    assert!(other.is_empty());
    let unknown = before.diff(
        &after,
        &DiffOptions {
            indicators: Some("cots_a.*".to_owned()),
            ..DiffOptions::default()
        },
    );
    assert!(matches!(unknown, Err(Error::UnknownIndicator { .. })));
    let backwards = before.diff(
        &after,
        &DiffOptions {
            from: Some(2020.into()),
            to: Some(2019.into()),
            ..DiffOptions::default()
        },
    );
    assert!(matches!(backwards, Err(Error::InvalidArgument { .. })));
}

#[test]
fn hashes_are_made_anew_and_not_believed() {
    let bytes = Northland::new().build().expect("builds");
    let before = northland();
    // The pages of the rows stand first: every byte of them is covered by what is read.
    let mut noticed = 0;
    for at in (64..2_000).step_by(97) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x10;
        let Ok(after) = Release::from_bytes("damaged", damaged) else {
            continue;
        };
        match before.diff(&after, &DiffOptions::default()) {
            Err(Error::ReleaseAltered { .. }) => noticed += 1,
            // A byte that no reader looks at changes nothing.
            Ok(found) => assert!(found.is_empty(), "byte {at}"),
            Err(other) => panic!("byte {at}: {other}"),
        }
    }
    assert!(noticed > 0);
}

#[test]
fn people_see_the_largest_changes_and_how_many_more_there_are() {
    let found = changed(
        "cost.a,2019,03,2019-01-01,40000",
        "cost.a,2019,03,2019-01-01,140000",
    );
    let shown = DiffShown {
        diff: &found,
        limit: 1,
    };
    for language in Language::ALL {
        let text = to_text(
            &shown.document(language),
            kultti_core::export::TextOptions {
                width: 100,
                styled: false,
            },
        );
        // +250 % is the change from 40,000 to 140,000.
        assert!(text.contains("250"), "{text}");
        assert!(!text.contains("word."), "{text}");
    }
    let records = found.json(Language::En);
    assert_eq!(
        records["ranks"].as_array().map(Vec::len),
        Some(found.ranks().count())
    );
    assert_eq!(records["cells"][0]["difference_relative"], 2.5);
}
