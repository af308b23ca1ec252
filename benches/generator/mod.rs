//! A country that does not exist, with as many areas, indicators and years as are asked for.

mod catalogue;
mod observations;
mod random;
mod territory;

use observations::measure_id;
use std::error::Error;
use std::path::Path;
use territory::Territory;

/// How much there is of everything.
pub(crate) struct Size {
    /// Name.
    name: &'static str,
    /// Areas before any merger.
    areas: usize,
    /// Measures, and as many indicators.
    indicators: usize,
    /// Years, of which 2024 is the last.
    years: usize,
}

const LAST_YEAR: i32 = 2024;

/// The sizes there are.
pub(crate) const SIZES: [Size; 4] = [
    Size {
        name: "S",
        areas: 48,
        indicators: 60,
        years: 3,
    },
    Size {
        name: "M",
        areas: 310,
        indicators: 400,
        years: 10,
    },
    Size {
        name: "L",
        areas: 400,
        indicators: 3_000,
        years: 30,
    },
    // As many municipalities as Europe has, and few indicators: what one indicator takes there.
    Size {
        name: "E",
        areas: 100_000,
        indicators: 12,
        years: 30,
    },
];

impl Size {
    /// The size of a name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        SIZES.iter().find(|size| size.name == name)
    }

    /// Letters of an area's code.
    fn code_length(&self) -> usize {
        (100 + 2 * self.areas).to_string().len().max(3)
    }

    fn years_signed(&self) -> i32 {
        i32::try_from(self.years).unwrap_or(0)
    }

    fn first_year(&self) -> i32 {
        LAST_YEAR + 1 - self.years_signed()
    }

    fn all_years(&self) -> impl Iterator<Item = i32> + use<> {
        self.first_year()..=LAST_YEAR
    }
}

/// Writes the source folder of a release and answers the number of observations. The same size gives the same bytes on
/// every machine.
pub(crate) fn generate(size: &Size, folder: &Path) -> Result<usize, Box<dyn Error>> {
    std::fs::create_dir_all(folder)?;
    let territory = Territory::new(size);
    territory.write(size, &folder.join("territory"))?;
    catalogue::write(size, folder)?;
    std::fs::write(folder.join("question.json"), question(size, &territory))?;
    // Under its own name only when it is whole.
    let (partial, whole) = (
        folder.join("observations.partial"),
        folder.join("observations.parquet"),
    );
    let rows = observations::write(size, &territory, &partial)?;
    std::fs::rename(partial, whole)?;
    Ok(rows)
}

/// One indicator, year and area, and the ten areas nearest to it in inhabitants; of two equally near the lower code.
fn question(size: &Size, territory: &Territory) -> String {
    let (year, period) = (LAST_YEAR - 1, size.years - 2);
    let there = || territory.areas.iter().filter(|area| area.exists(year));
    let mut by_population: Vec<_> = there().collect();
    by_population.sort_by_key(|area| (area.population[period], &area.code));
    let asked = by_population[by_population.len() / 2];
    let mut near: Vec<_> = there().filter(|area| area.code != asked.code).collect();
    near.sort_by_key(|area| {
        let distance = (area.population[period] - asked.population[period]).abs();
        (distance, &area.code)
    });
    let index = territory
        .areas
        .iter()
        .position(|area| area.code == asked.code)
        .unwrap_or(0);
    let number = observations::reported(size, year, index);
    let peers: Vec<String> = near
        .iter()
        .take(10)
        .map(|area| format!("\"{}\"", area.code))
        .collect();
    format!(
        "{{\"indicator\": \"{}\", \"measure\": \"{}\", \"period\": \"{year}\", \"area\": \"{}\", \"peers\": [{}]}}\n",
        catalogue::indicator_id(number),
        measure_id(number),
        asked.code,
        peers.join(", ")
    )
}
