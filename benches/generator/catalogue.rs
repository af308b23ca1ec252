//! The catalogue, the recipe of the release, and the list of indicators that peers read.

use super::Size;
use super::observations::measure_id;
use std::fmt::Write;
use std::io::Result;
use std::path::Path;

/// Which values of an indicator are the better ones: most say nothing.
pub(super) fn direction(measure: usize) -> &'static str {
    match measure % 10 {
        1 => "higher",
        2 => "lower",
        _ => "none",
    }
}

/// The id of the indicator of a measure.
pub(crate) fn indicator_id(measure: usize) -> String {
    format!("i{measure:04}")
}

/// Writes `release.toml`, `catalogue.toml` and `indicators.csv`.
pub(crate) fn write(size: &Size, folder: &Path) -> Result<()> {
    std::fs::write(folder.join("release.toml"), RECIPE.replace("SIZE", size.name))?;
    let mut catalogue = String::from(HEADER);
    let mut list = String::from("indicator,measure,direction\n");
    for number in 1..=size.indicators {
        let (measure, indicator, direction) = (measure_id(number), indicator_id(number), direction(number));
        let _ = write!(
            catalogue,
            r#"
[[measure]]
id = "{measure}"
label = {{ fi = "Mittari {number}", sv = "Mått {number}", en = "Measure {number}" }}
definition = {{ fi = "Nettokustannukset, tehtävä {number}.", sv = "Nettokostnader, uppgift {number}.", en = "Net cost of function {number}." }}
unit = "EUR"
decimals = 0
kind = "flow"
additivity = {{ areas = "sum", time = "sum" }}
source = "generated"
counted_at = "payer"
"#
        );
        let _ = writeln!(list, "{indicator},{measure},{direction}");
    }
    for number in 1..=size.indicators {
        let (measure, indicator, direction) = (measure_id(number), indicator_id(number), direction(number));
        let _ = write!(
            catalogue,
            r#"
[[indicator]]
id = "{indicator}"
label = {{ fi = "Tunnusluku {number}", sv = "Nyckeltal {number}", en = "Indicator {number}" }}
definition = {{ fi = "Nettokustannukset asukasta kohti, tehtävä {number}.", sv = "Nettokostnader per invånare, uppgift {number}.", en = "Net cost of function {number} per inhabitant." }}
formula = "{measure} / population.year_end"
unit = "EUR/inhabitant"
decimals = 2
direction = "{direction}"
version = 1
aggregate = "ratio-of-sums"
"#
        );
    }
    std::fs::write(folder.join("catalogue.toml"), catalogue)?;
    std::fs::write(folder.join("indicators.csv"), list)
}

const RECIPE: &str = r#"schema = 1
id = "benchmark_SIZE"
title = { fi = "Mittausaineisto SIZE", sv = "Mätmaterial SIZE", en = "Benchmark data SIZE" }
publisher = { fi = "Kultti", sv = "Kultti", en = "Kultti" }
catalogues = ["catalogue.toml"]
territory = "territory"

[[table]]
file = "observations.parquet"
source = "generated"
retrieved = "2026-01-01"

[table.description]
fi = "Laskennallisesti tuotettuja havaintoja kunkin vuoden lopun kuntarajoin."
sv = "Maskinellt framställda observationer enligt kommungränserna vid varje års slut."
en = "Generated observations on the municipal borders at the end of each year."
"#;

const HEADER: &str = r#"schema = 1
id = "benchmark"
version = "1"
label = { fi = "Mittausaineisto", sv = "Mätmaterial", en = "Benchmark data" }
description = { fi = "Tuotettuja mittareita nopeuden mittaamiseen.", sv = "Framställda mått för mätning av snabbhet.", en = "Generated measures for measuring speed." }

[[source]]
id = "generated"
label = { fi = "Tuotettu", sv = "Framställd", en = "Generated" }
publisher = { fi = "Kultti", sv = "Kultti", en = "Kultti" }
license = "CC0"
citation = { fi = "Kultti: mittausaineisto.", sv = "Kultti: mätmaterial.", en = "Kultti: benchmark data." }

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
label = { fi = "Väkiluku 31.12.", sv = "Folkmängd 31.12.", en = "Population on 31 December" }
definition = { fi = "Asukkaat vuoden viimeisenä päivänä.", sv = "Invånare årets sista dag.", en = "Inhabitants on the last day of the year." }
unit = "inhabitant"
decimals = 0
kind = "stock"
additivity = { areas = "sum", time = "none" }
source = "generated"
counted_at = "residence"
"#;
