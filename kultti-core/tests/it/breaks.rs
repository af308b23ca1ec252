//! Breaks in series as the register of a release names them, chaining across them, and trends, on Northland by hand.

use super::data::{Northland, northland};
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, RecordBatch};
use kultti_core::compare::{
    Chain, ChangeOptions, CompareAllOptions, Derived, Note, Trend, TrendOptions, TrendPoint,
};
use kultti_core::language::Language;
use kultti_core::model::Missing;
use kultti_core::panel::{Borders, Slicer};
use kultti_core::release::Release;
use kultti_core::{Error, Result};
use std::sync::Arc;

const COST: &str = "cost_a.per_inhabitant";
const HEADER: &str = "measure,area,period,cause_fi,cause_sv,cause_en,factor,source\n";

fn with_breaks(northland: Northland, rows: &str) -> Northland {
    let joint = "joint_units = \"joint_units.csv\"";
    northland
        .with(
            "release.toml",
            joint,
            &format!("{joint}\nbreaks = \"breaks.csv\""),
        )
        .written("breaks.csv", format!("{HEADER}{rows}"))
}

fn broken(rows: &str) -> Release {
    with_breaks(Northland::new(), rows).release()
}

fn trend(release: &Release, options: impl Into<TrendOptions>) -> Trend {
    release.trend(COST, options).expect("a trend")
}

fn each<T>(trend: &Trend, of: impl Fn(&TrendPoint) -> T) -> Vec<T> {
    trend.points.iter().map(of).collect()
}

fn text(notes: &[Note], code: &str, language: Language) -> Option<String> {
    let mut notes = notes.iter().filter(|note| note.code() == code);
    notes.next().map(|note| note.message.render(language))
}

fn chained(chain: Chain) -> TrendOptions {
    TrendOptions {
        chain: Some(chain),
        ..TrendOptions::from("03")
    }
}

fn close(found: Option<f64>, expected: f64) {
    let found = found.unwrap_or_else(|| panic!("no value, expected {expected}"));
    assert!(
        (found - expected).abs() <= 1e-12 * expected.abs().max(1.0),
        "{found} is not {expected}"
    );
}

const EVERYWHERE: &str =
    "cost.a,,2021,luokitus vaihtui,klassificeringen byttes,another classification,1.1,Office\n";

#[test]
fn nothing_is_compared_across_a_named_break() {
    // 03: 20, 20, 22, 30; from 2021 on figures are of another kind.
    let release = broken(EVERYWHERE);
    let found = trend(&release, "03");
    assert_eq!(
        each(&found, |point| point.change),
        [None, Some(0.0), None, Some(8.0)]
    );
    let missing = Some(Missing::BreakInSeries);
    assert_eq!(
        each(&found, |point| point.change_missing),
        [None, None, missing, None]
    );
    // The figures themselves are what they are.
    assert_eq!(each(&found, |point| point.cell.letter()), ['A', 'A', 'A', 'A']);
    assert_eq!(each(&found, |point| point.index)[2], Some(100.0));
    assert_eq!(found.fits[0].missing, missing);
    for (language, cause) in [
        (Language::Fi, "luokitus vaihtui"),
        (Language::Sv, "klassificeringen byttes"),
        (Language::En, "another classification"),
    ] {
        let note = text(&found.notes, "break-named", language).expect("a note");
        assert!(
            note.contains(cause) && note.contains("2021") && note.contains("Office"),
            "{note}"
        );
    }
    assert_eq!(text(&found.notes, "break", Language::En), None);
}

#[test]
fn a_base_on_the_other_side_of_a_break_is_no_base() {
    let release = broken(EVERYWHERE);
    let based = TrendOptions {
        index: Some(2020.into()),
        ..TrendOptions::from("03")
    };
    let found = trend(&release, based.clone());
    let missing = Some(Missing::BreakInSeries);
    assert_eq!(
        each(&found, |point| point.index),
        [Some(100.0), Some(100.0), None, None]
    );
    assert_eq!(
        each(&found, |point| point.index_missing),
        [None, None, missing, missing]
    );
    // Without a break: 100 · 22/20 and 100 · 30/20; and a base outside the range is read all the same.
    let whole = TrendOptions {
        from: Some(2021.into()),
        ..based
    };
    let found = trend(&northland(), whole.clone());
    close(found.points[0].index, 110.0);
    close(found.points[1].index, 150.0);
    let nowhere = TrendOptions {
        index: Some(2011.into()),
        ..whole
    };
    assert_eq!(
        northland().trend(COST, nowhere).expect_err("refused").code(),
        "K0409"
    );
    // 04 is at 0 in 2021, which is no base.
    let zero = TrendOptions {
        index: Some(2021.into()),
        ..TrendOptions::from("04")
    };
    let found = trend(&northland(), zero);
    assert_eq!(each(&found, |point| point.index), [None; 4]);
    assert_eq!(found.points[0].index_missing, Some(Missing::BaseNotPositive));
}

#[test]
fn a_chained_series_keeps_the_newer_level() {
    // 20 · 1.1 = 22 in 2019 and 2020; 22 and 30 stay.
    let release = broken(EVERYWHERE);
    let found = trend(&release, chained(Chain::Stated));
    for (point, expected) in found.points.iter().zip([22.0, 22.0, 22.0, 30.0]) {
        close(point.cell.value, expected);
    }
    assert_eq!(each(&found, |point| point.cell.letter()), ['E', 'E', 'A', 'A']);
    assert_eq!(
        each(&found, |point| point.chained),
        [Some(1.1), Some(1.1), None, None]
    );
    close(found.points[2].change, 0.0);
    // 100 · 30/22
    close(found.points[3].index, 3_000.0 / 22.0);
    // The parts no longer make it up.
    assert_eq!(
        each(&found, |point| point.cell.numerator.is_some()),
        [false, false, true, true]
    );
    let note = text(&found.notes, "chained", Language::En).expect("a note");
    assert!(note.contains("2021") && note.contains("1.1"), "{note}");
    assert_eq!(found.links.len(), 1);
    let why = found.derivation(&release).expect("a derivation");
    assert!(why.steps.iter().any(|step| step.what.code() == "step.chained"));
    // Another factor than the stated one.
    let found = trend(&release, chained(Chain::Factor(2.0)));
    close(found.points[0].cell.value, 40.0);
    // In real prices the factor is on top: 20 · 1.1 in the money of 2020, where prices were 1.25 of those of 2019.
    let real = TrendOptions {
        real: "cpi@2020".parse().ok(),
        ..chained(Chain::Stated)
    };
    close(trend(&release, real).points[0].cell.value, 20.0 * 1.25 * 1.1);
    let found = trend(&northland(), chained(Chain::Stated));
    assert!(text(&found.notes, "nothing-to-chain", Language::En).is_some());
}

#[test]
fn a_series_that_cannot_be_chained_says_why() {
    let asked = |release: &Release, chain| release.trend(COST, chained(chain)).map(|_| ());
    let release = broken("cost.a,03,2021,f,s,e,,Office\n");
    let error = asked(&release, Chain::Stated).expect_err("no factor");
    assert_eq!(error.code(), "K0732");
    assert!(
        error.to_string().contains("2021") && error.to_string().contains("--chain"),
        "{error}"
    );
    assert_eq!(asked(&release, Chain::Factor(1.5)), Ok(()));
    let release = broken("cost.a,03,2021,f,s,e,,Office\ncost.a,,2022,f,s,e,0.5,Office\n");
    let error = asked(&release, Chain::Factor(1.5)).expect_err("two breaks");
    assert_eq!(error.code(), "K0733");
    assert!(error.to_string().contains("2021, 2022"), "{error}");
    // A status B has no factor, nor has a denominator that breaks.
    let status = Northland::new().with(
        "observations/costs.csv",
        "cost.a,2021,03,2021-01-01,44000,A",
        "cost.a,2021,03,2021-01-01,44000,B",
    );
    assert_eq!(
        asked(&status.release(), Chain::Stated).map_err(|error| error.code()),
        Err("K0732")
    );
    let release = broken("cost.a population.year_end,,2021,f,s,e,1.1,Office\n");
    assert_eq!(
        asked(&release, Chain::Stated).map_err(|error| error.code()),
        Err("K0732")
    );
    for text in ["0", "-1", "nan", "inf", "x", ""] {
        assert_eq!(
            text.parse::<Chain>().map_err(|error| error.code()),
            Err("K0501"),
            "{text}"
        );
    }
}

#[test]
fn two_stated_factors_multiply() {
    // 20 · 1.1 · 0.5, 22 · 0.5, 30.
    let release = broken("cost.a,,2021,f,s,e,1.1,Office\ncost.a,,2022,f,s,e,0.5,Office\n");
    let found = trend(&release, chained(Chain::Stated));
    for (point, expected) in found.points.iter().zip([11.0, 11.0, 11.0, 30.0]) {
        close(point.cell.value, expected);
    }
}

#[test]
fn a_break_in_an_area_goes_with_it_into_a_merger() {
    // 02 has been part of 01 since 2021: on the borders of now its break of 2020 is one of 01, on those of 2020 it is not.
    let release = broken("cost.*,02,2020,f,s,e,,Office\n");
    let broken = |area: &str, borders| {
        let options = TrendOptions {
            borders,
            to: Some(2020.into()),
            ..TrendOptions::from(area)
        };
        trend(&release, options).points[1].change_missing.is_some()
    };
    assert!(broken("01", Borders::Now) && !broken("03", Borders::Now));
    assert!(!broken("01", Borders::Then) && broken("02", Borders::Then));
}

#[test]
fn a_break_in_a_year_without_figures_parts_the_years_around_it() {
    // music.cost is known in 2019 and in 2021; it breaks in 2020.
    let rows =
        ["01", "03", "04", "05", "06"].map(|area| format!("music.cost,2021,{area},2021-01-01,20000,A,,\n"));
    let northland = Northland::new().and("observations/costs.csv", &rows.concat());
    let release = with_breaks(northland, "music.*,,2020,f,s,e,,Office\n").release();
    let options = TrendOptions {
        to: Some(2021.into()),
        ..TrendOptions::from("05")
    };
    let found = release.trend("music.per_inhabitant", options).expect("a trend");
    assert_eq!(each(&found, |point| point.index), [Some(100.0), Some(100.0)]);
    let options = ChangeOptions {
        borders: Borders::On("2021-01-01".parse().expect("a date")),
        ..ChangeOptions::default().between(2019, 2021)
    };
    let found = release.change("music.per_inhabitant", options).expect("a change");
    assert_eq!(found.rows[0].missing, Some(Missing::BreakInSeries));
    assert!(found.rows[0].from.value.is_some() && found.rows[0].to.value.is_some());
    let note = text(&found.notes, "break-named", Language::Fi).expect("a note");
    assert!(note.starts_with("katkos"), "{note}");
}

#[test]
fn the_break_of_a_population_reaches_the_year_that_uses_it() {
    // Loans per inhabitant of the year-end before: the population of 2019 stands under the loans of 2020.
    let release = broken("population.year_end,03,2019,f,s,e,,Office\n");
    let slicer = Slicer::new(&release);
    let periods = |indicator: &str| -> Vec<String> {
        let indicator = release.catalogue().indicator(indicator).expect("an indicator");
        let ends = (2018.into(), 2022.into());
        let breaks = slicer.breaks(indicator, Borders::Now, ends).expect("breaks");
        let mut periods: Vec<String> = breaks.iter().map(|one| one.period.to_string()).collect();
        periods.dedup();
        periods
    };
    assert_eq!(periods("loans.per_inhabitant"), ["2020"]);
    assert_eq!(periods(COST), ["2019"]);
    assert_eq!(periods("cost_a.total"), Vec::<String>::new());
}

fn column(batches: &[RecordBatch], name: &str) -> Vec<(String, Option<f64>)> {
    let mut all = Vec::new();
    for batch in batches {
        let values = batch
            .column_by_name(name)
            .expect("a column")
            .as_primitive::<Float64Type>();
        for row in 0..batch.num_rows() {
            let key = ["period", "area"].map(|key| {
                let texts = batch
                    .column_by_name(key)
                    .expect("a column")
                    .as_dictionary::<arrow_array::types::Int32Type>();
                let place = texts.key(row).expect("a key");
                texts.values().as_string::<i32>().value(place).to_owned()
            });
            all.push((key.join(" "), values.is_valid(row).then(|| values.value(row))));
        }
    }
    all
}

#[test]
fn compare_all_stops_at_a_named_break_too() {
    let release = Arc::new(broken("cost.a,03,2021,f,s,e,1.1,Office\n"));
    let options = CompareAllOptions::columns(["change", "index:2020"]).expect("columns");
    let options = CompareAllOptions {
        indicators: Some(COST.to_owned()),
        ..options
    };
    let all = release.compare_all(options).expect("planned");
    let batches = all.collect::<Result<Vec<_>>>().expect("batches");
    let of = |name: &str, key: &str| {
        let column = column(&batches, name);
        column
            .into_iter()
            .find(|(found, _)| found == key)
            .expect("a row")
            .1
    };
    assert_eq!(of("change", "2020 03"), Some(0.0));
    assert_eq!(of("change", "2021 03"), None);
    assert_eq!(of("change", "2022 03"), Some(8.0));
    // 01, with 02: 48,000/1,600 = 30 in 2020 and 51,000/1,700 = 30 in 2021; it does not break.
    assert_eq!(of("change", "2021 01"), Some(0.0));
    assert_eq!(of("index:2020", "2019 03"), Some(100.0));
    assert_eq!(of("index:2020", "2021 03"), None);
    assert_eq!(of("index:2020", "2022 03"), None);
}

#[test]
fn a_group_has_a_chained_index_and_its_drift() {
    // On the borders of 2021. 06 has no figure in 2019: the first step is 250,000/7,500 → 258,000/7,600 without it, the
    // second 266,000/8,000 → 254,000/8,000 with it (d: 1,600 + 2,000 + 1,000 + 3,000 + 400; 1,700 + … + 300).
    let options = TrendOptions {
        areas: Vec::new(),
        group: Some("country".to_owned()),
        borders: Borders::On("2021-01-01".parse().expect("a date")),
        to: Some(2021.into()),
        ..TrendOptions::default()
    };
    let found = trend(&northland(), options.clone());
    let points = &found.groups[0].points;
    close(
        points[1].chained,
        100.0 * (258_000.0 / 7_600.0) / (250_000.0 / 7_500.0),
    );
    let chained = 100.0 * (258_000.0 / 7_600.0) / (250_000.0 / 7_500.0) * (254_000.0 / 266_000.0);
    let direct = 100.0 * (245_000.0 / 7_700.0) / (250_000.0 / 7_500.0);
    close(points[2].chained, chained);
    close(points[2].direct, direct);
    close(points[2].drift, chained / direct - 1.0);
    // The value rests on the four that have a figure in every year.
    close(points[1].value, 258_000.0 / 7_600.0);
    assert_eq!((points[2].n, found.groups[0].members), (4, 5));
    assert_eq!(
        (points[0].step, points[1].step, points[2].step),
        (None, Some(4), Some(5))
    );
    // Without gaps there is no drift.
    let north = TrendOptions {
        group: Some("province:N".to_owned()),
        ..options.clone()
    };
    let found = trend(&northland(), north);
    assert!(
        found.groups[0]
            .points
            .iter()
            .all(|point| point.drift.is_some_and(|drift| drift.abs() < 1e-15))
    );
    let refused = |indicator: &str, options: TrendOptions| {
        northland()
            .trend(indicator, options)
            .map_err(|error| error.code())
    };
    let published = TrendOptions {
        borders: Borders::Now,
        ..options.clone()
    };
    assert_eq!(refused("loans.published", published).map(|_| ()), Err("K0508"));
    let then = TrendOptions {
        borders: Borders::Then,
        ..options
    };
    assert_eq!(refused(COST, then).map(|_| ()), Err("K0508"));
}

#[test]
fn a_trend_needs_five_points() {
    let found = trend(&northland(), "03");
    assert_eq!(
        (found.fits[0].n, found.fits[0].missing),
        (4, Some(Missing::TooFewPoints))
    );
    assert_eq!(found.fits[0].slope, None);
    assert_eq!(text(&found.notes, "no-serial-correlation", Language::En), None);
}

#[test]
fn the_register_of_breaks_is_checked() {
    for (row, column, part) in [
        ("cost.x,,2021,f,s,e,,Office", "measure", "cost.a"),
        ("cost.[,,2021,f,s,e,,Office", "measure", "catalogue"),
        (",,2021,f,s,e,,Office", "measure", "a value"),
        ("cost.a,99,2021,f,s,e,,Office", "area", "areas.csv"),
        ("cost.a,,20x1,f,s,e,,Office", "period", "20x1"),
        ("cost.a,,,f,s,e,,Office", "period", "period"),
        ("cost.a,,2021,f,,e,,Office", "cause_sv", "a value"),
        ("cost.a,,2021,f,s,e,0,Office", "factor", "positive"),
        ("cost.a,,2021,f,s,e,-2,Office", "factor", "positive"),
        ("cost.a,,2021,f,s,e,inf,Office", "factor", "positive"),
        ("cost.a,,2021,f,s,e,big,Office", "factor", "positive"),
        ("cost.a,,2021,f,s,e,,", "source", "a value"),
        ("cost.*,,2022,f,s,e,,Office", "measure", "once"),
    ] {
        let rows = format!("cost.b,,2022,f,s,e,,Office\n{row}\n");
        let northland = with_breaks(Northland::new(), &rows);
        let Error::Cell {
            path,
            line,
            column: found,
            ..
        } = northland.refusal()
        else {
            panic!("{row}: another error");
        };
        assert_eq!(
            (path, line, found.as_str()),
            (northland.path("breaks.csv"), 3, column),
            "{row}"
        );
        let message = northland.refusal().to_string();
        assert!(message.contains(part), "{row}: {message}");
    }
    let other = with_breaks(Northland::new(), "").written("breaks.csv", "measure,period\n");
    assert_eq!(other.refusal().code(), "K0202");
    let joint = "joint_units = \"joint_units.csv\"";
    let lost = Northland::new().with("release.toml", joint, &format!("{joint}\nbreaks = \"lost.csv\""));
    assert_eq!(lost.refusal().code(), "K0101");
}

#[test]
fn a_change_from_what_is_not_positive_has_no_relative_one_and_says_so() {
    // 04: 50, 50, 0, −10 per inhabitant.
    let found = trend(&northland(), "04");
    assert_eq!(
        each(&found, |point| point.change_relative),
        [None, Some(0.0), Some(-1.0), None]
    );
    for (language, expected) in [
        (
            Language::Fi,
            "Teeta: edellisen jakson arvo ei ole positiivinen, joten suhteellista muutosta ei lasketa (2022).",
        ),
        (
            Language::Sv,
            "Teeta: värdet för perioden före är inte positivt, så den relativa förändringen beräknas inte (2022).",
        ),
        (
            Language::En,
            "Teeta: the value of the period before is not positive, so there is no relative change (2022).",
        ),
    ] {
        assert_eq!(
            text(&found.notes, "relative-to-before", language).unwrap(),
            expected
        );
    }
}

#[test]
fn an_index_of_a_group_ends_at_a_break_with_that_reason_and_carries_the_status() {
    let options = || TrendOptions {
        areas: Vec::new(),
        group: Some("province:N".to_owned()),
        borders: Borders::On("2021-01-01".parse().expect("a date")),
        ..TrendOptions::default()
    };
    let found = trend(&broken(EVERYWHERE), options());
    let of = |point: &kultti_core::compare::GroupPoint| (point.chained.is_some(), point.index_missing);
    let points: Vec<_> = found.groups[0].points.iter().map(of).collect();
    let missing = Some(Missing::BreakInSeries);
    assert_eq!(
        points,
        [(true, None), (true, None), (false, missing), (false, missing)]
    );
    // The price index of 2021 is preliminary.
    let real = TrendOptions {
        to: Some(2021.into()),
        real: Some("cpi@2019".parse().expect("a basis")),
        ..options()
    };
    let found = trend(&northland(), real);
    let letters: Vec<char> = found.groups[0].points.iter().map(|point| point.status).collect();
    assert_eq!(letters, ['A', 'A', 'P']);
}

#[test]
fn who_is_left_out_of_the_series_of_a_group_is_named() {
    let options = TrendOptions {
        areas: Vec::new(),
        group: Some("country".to_owned()),
        borders: Borders::On("2021-01-01".parse().expect("a date")),
        to: Some(2021.into()),
        ..TrendOptions::default()
    };
    // 06 has no figure in 2019.
    let found = trend(&northland(), options);
    let left = &found.groups[0].left_out;
    assert_eq!(left.len(), 1);
    assert_eq!(
        (left[0].area.code.as_str(), left[0].missing),
        ("06", Missing::NotReported)
    );
    let text = text(&found.notes, "left-out-of-change", Language::Sv).unwrap();
    assert!(text.contains("2019") && text.contains("Holm"), "{text}");
}

#[test]
fn a_point_below_the_declared_minimum_is_of_status_u() {
    let formula = "formula = \"cost.a / population.year_end\"\n";
    let release = Northland::new()
        .with(
            "catalogue.toml",
            formula,
            &format!("{formula}minimum_denominator = 1500\n"),
        )
        .release();
    let letters = |area: &str| each(&trend(&release, area), |point| point.cell.letter());
    // 1,000 inhabitants every year; 2,000.
    assert_eq!(letters("04"), ['U', 'U', 'U', 'U']);
    assert_eq!(letters("03"), ['A', 'A', 'A', 'A']);
}
