//! A small country that does not exist, with as many indicators as are asked for.

use super::stdout;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

const AREAS: usize = 12;
const YEARS: std::ops::RangeInclusive<usize> = 2022..=2024;

const RECIPE: &str = r#"schema = 1
id = "generated"
title = { fi = "Tuotettu", sv = "Framställd", en = "Generated" }
publisher = { fi = "Kultti", sv = "Kultti", en = "Kultti" }
catalogues = ["catalogue.toml"]
territory = "territory"

[[table]]
file = "observations.csv"
source = "generated"
retrieved = "2026-01-01"
description = { fi = "Tuotettuja.", sv = "Framställda.", en = "Generated." }
"#;

const CATALOGUE: &str = r#"schema = 1
id = "generated"
version = "1"
label = { fi = "Tuotettu", sv = "Framställd", en = "Generated" }
description = { fi = "Tuotettuja.", sv = "Framställda.", en = "Generated." }

[[source]]
id = "generated"
label = { fi = "Tuotettu", sv = "Framställd", en = "Generated" }
publisher = { fi = "Kultti", sv = "Kultti", en = "Kultti" }
license = "CC0"
citation = { fi = "Kultti.", sv = "Kultti.", en = "Kultti." }

[[unit]]
id = "EUR"
kind = "money"
label = { fi = "euro", sv = "euro", en = "euro" }
symbol = { fi = "€", sv = "€", en = "€" }

[[unit]]
id = "inhabitant"
kind = "persons"
label = { fi = "asukas", sv = "invånare", en = "inhabitant" }
symbol = { fi = "asukas", sv = "invånare", en = "inhabitant" }

[[measure]]
id = "population.year_end"
label = { fi = "Väkiluku", sv = "Folkmängd", en = "Population" }
definition = { fi = "Asukkaat.", sv = "Invånare.", en = "Inhabitants." }
unit = "inhabitant"
decimals = 0
kind = "stock"
additivity = { areas = "sum", time = "none" }
source = "generated"
counted_at = "residence"
"#;

const TERRITORY: &str = r#"schema = 1
id = "generated"
name = { fi = "Maa", sv = "Landet", en = "Country" }
country = { code = "SSS", name = { fi = "Koko maa", sv = "Hela landet", en = "Whole country" } }
first = "2022-01-01"
now = "2025-01-01"
code_length = 3
peers = ["region", "country"]
source = "generated"
license = "CC0"
"#;

fn catalogue(indicators: usize) -> String {
    let mut text = String::from(CATALOGUE);
    for number in 1..=indicators {
        let texts = format!(r#"{{ fi = "Luku {number}", sv = "Tal {number}", en = "Figure {number}" }}"#);
        let _ = write!(
            text,
            r#"
[[measure]]
id = "m{number:04}"
label = {texts}
definition = {texts}
unit = "EUR"
decimals = 0
kind = "flow"
additivity = {{ areas = "sum", time = "sum" }}
source = "generated"
counted_at = "payer"

[[indicator]]
id = "i{number:04}"
label = {texts}
definition = {texts}
formula = "m{number:04} / population.year_end"
unit = "EUR/inhabitant"
decimals = 2
direction = "none"
version = 1
aggregate = "ratio-of-sums"
"#
        );
    }
    text
}

/// The observations in the order of their keys; `seed` makes other figures.
fn observations(indicators: usize, seed: usize) -> String {
    let mut text = String::from("measure,period,area,territory,value,status,missing,note\n");
    let mut row = |measure: &str, year: usize, area: usize, value: Option<usize>| {
        let (value, status, missing) = match value {
            Some(value) => (value.to_string(), "A", ""),
            None => (String::new(), "O", "missing"),
        };
        let area = 101 + area;
        let _ = writeln!(
            text,
            "{measure},{year},{area},{year}-01-01,{value},{status},{missing},"
        );
    };
    for number in 1..=indicators {
        for year in YEARS {
            for area in 0..AREAS {
                let draw = (number * 7919 + year * 104_729 + area * 1_299_709 + seed) % 100_003;
                let value = (!draw.is_multiple_of(11)).then_some(draw);
                row(&format!("m{number:04}"), year, area, value);
            }
        }
    }
    for year in YEARS {
        for area in 0..AREAS {
            row(
                "population.year_end",
                year,
                area,
                Some(1_000 + 37 * area + year % 7),
            );
        }
    }
    text
}

fn write_territory(folder: &Path) {
    fs::create_dir_all(folder).expect("a folder");
    let put = |name: &str, text: &str| fs::write(folder.join(name), text).expect("a file");
    put("territory.toml", TERRITORY);
    let (mut areas, mut members) = (String::new(), String::new());
    for area in 101..101 + AREAS {
        let _ = writeln!(areas, "{area},Kunta {area},Kommun {area},Area {area},,");
        let _ = writeln!(members, "region,{area},{:02},,", 1 + area % 3);
    }
    put(
        "areas.csv",
        &format!("area,name_fi,name_sv,name_en,valid_from,valid_to\n{areas}"),
    );
    put("changes.csv", "date,source,target,population,euros,area\n");
    let years = "first_year,last_year";
    put(
        "groupings.csv",
        &format!("grouping,name_fi,name_sv,name_en,{years}\nregion,Maakunta,Landskap,Region,,\n"),
    );
    let groups = "region,01,A,A,A,,\nregion,02,B,B,B,,\nregion,03,C,C,C,,\n";
    put(
        "groups.csv",
        &format!("grouping,group,name_fi,name_sv,name_en,{years}\n{groups}"),
    );
    put(
        "memberships.csv",
        &format!("grouping,area,group,{years}\n{members}"),
    );
}

/// Builds a release in a folder; another `seed` makes another release.
pub(crate) fn release(folder: &Path, name: &str, indicators: usize, seed: usize) -> PathBuf {
    let source = folder.join(format!("{name}.source"));
    fs::create_dir_all(&source).expect("a folder");
    write_territory(&source.join("territory"));
    fs::write(source.join("release.toml"), RECIPE).expect("a file");
    fs::write(source.join("catalogue.toml"), catalogue(indicators)).expect("a file");
    fs::write(source.join("observations.csv"), observations(indicators, seed)).expect("a file");
    let file = folder.join(format!("{name}.parquet"));
    let (from, to) = (source.display().to_string(), file.display().to_string());
    stdout(&["release", "build", &from, "-o", &to]);
    file
}
