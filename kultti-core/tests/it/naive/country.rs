//! Random countries: areas that merge, regions that are empty or change, and observations with every kind of gap.

use kultti_core::model::{Missing, Observation, Period, Status};

/// SplitMix64: a number gives the same country everywhere.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub(crate) fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn pick<T: Copy>(&mut self, among: &[T]) -> T {
        among[usize::try_from(self.next() % among.len() as u64).expect("a small number")]
    }
}

/// An area: it exists from the first day of one year to the last day of the year before another.
#[derive(Debug, Clone)]
pub(crate) struct Area {
    pub(crate) code: String,
    pub(crate) born: Option<i32>,
    /// The year in which it is there no more, and the area that it went to.
    pub(crate) merged: Option<(i32, String)>,
    /// Regions with their first and last years.
    pub(crate) regions: Vec<(String, Option<i32>, Option<i32>)>,
    /// Whether it lies outside the scope `core`.
    pub(crate) isle: bool,
}

/// A measure as the naive way knows it.
#[derive(Debug, Clone)]
pub(crate) struct Measure {
    pub(crate) id: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) decimals: u8,
    pub(crate) additivity: &'static str,
    pub(crate) core_only: bool,
    /// The years back whose mean of the population it is.
    pub(crate) lags: Vec<i32>,
}

/// An indicator: signed sums of measures above and below.
#[derive(Debug, Clone)]
pub(crate) struct Indicator {
    pub(crate) id: String,
    pub(crate) numerator: Vec<(f64, &'static str)>,
    pub(crate) denominator: Option<&'static str>,
    pub(crate) multiplier: f64,
    pub(crate) direction: &'static str,
    pub(crate) minimum: Option<f64>,
    pub(crate) aggregate: Option<&'static str>,
    pub(crate) formula: &'static str,
    pub(crate) unit: &'static str,
}

/// A country with its figures.
#[derive(Debug, Clone)]
pub(crate) struct Country {
    pub(crate) areas: Vec<Area>,
    pub(crate) measures: Vec<Measure>,
    pub(crate) indicators: Vec<Indicator>,
    pub(crate) observations: Vec<Observation>,
    /// The first and the last year with figures.
    pub(crate) years: (i32, i32),
    /// The year whose first day is the first day with known borders.
    pub(crate) first: i32,
    /// `now` is the first of June of this year.
    pub(crate) now: i32,
    /// The first year in which the regions are in force.
    pub(crate) regions_from: Option<i32>,
}

/// How large a country is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) areas: u64,
    pub(crate) years: i32,
    /// How often the list of indicators is repeated.
    pub(crate) copies: usize,
}

pub(crate) fn area_exists(area: &Area, year: i32) -> bool {
    area.born.is_none_or(|born| born <= year) && area.merged.as_ref().is_none_or(|(gone, _)| year < *gone)
}

/// Areas that end one by one: into one that lasts longer, or several into a new one.
fn areas(random: &mut Random, size: Size, (from, to): (i32, i32)) -> Vec<Area> {
    let mut areas: Vec<Area> = (0..size.areas)
        .map(|number| Area {
            code: format!("{:03}", number * 2 + 1),
            born: None,
            merged: None,
            regions: Vec::new(),
            isle: random.one_in(7),
        })
        .collect();
    let mergers = if random.one_in(3) {
        0
    } else {
        random.below(1 + size.areas / 2)
    };
    let span = u64::try_from(to - from).expect("years");
    let mut years: Vec<i32> = (0..mergers)
        .map(|_| from + 1 + i32::try_from(random.below(span)).expect("small"))
        .collect();
    years.sort_unstable();
    for year in years {
        merge(random, &mut areas, year);
    }
    for area in &mut areas {
        settle(random, area, from);
    }
    areas.sort_by(|left, right| left.code.cmp(&right.code));
    areas
}

/// An area ends on the first day of a year.
fn merge(random: &mut Random, areas: &mut Vec<Area>, year: i32) {
    let alive: Vec<usize> = (0..areas.len())
        .filter(|at| area_exists(&areas[*at], year) && areas[*at].merged.is_none())
        .filter(|at| areas[*at].born.is_none_or(|born| born < year))
        .collect();
    // An area that others join does not end on the same day.
    let joined = |at: usize| {
        let into = (year, areas[at].code.clone());
        areas.iter().any(|area| area.merged.as_ref() == Some(&into))
    };
    if alive.len() < 2 {
        return;
    }
    let (source, target) = (random.pick(&alive), random.pick(&alive));
    // Even numbers are codes of new areas, which stand between the old ones.
    let code = format!("{:03}", 2 * areas.len());
    if source == target || areas[source].isle != areas[target].isle || joined(source) {
        return;
    }
    let both = !random.one_in(4) && !joined(target);
    let into = if random.one_in(3) && areas.iter().all(|area| area.code != code) {
        areas.push(Area {
            code: code.clone(),
            born: Some(year),
            merged: None,
            regions: Vec::new(),
            isle: areas[source].isle,
        });
        if both {
            areas[target].merged = Some((year, code.clone()));
        }
        code
    } else {
        areas[target].code.clone()
    };
    areas[source].merged = Some((year, into));
}

/// Gives an area a region, another one later, or none.
fn settle(random: &mut Random, area: &mut Area, from: i32) {
    let region = |random: &mut Random| format!("R{}", random.below(4));
    let ended = area.merged.as_ref().filter(|_| random.one_in(2));
    let last = ended.map(|(gone, _)| gone - 1);
    if random.one_in(8) {
        return;
    }
    if random.one_in(4) {
        let turn = from + i32::try_from(random.below(4)).expect("small");
        area.regions.push((region(random), None, Some(turn)));
        let last = last.filter(|last| *last > turn);
        area.regions.push((region(random), Some(turn + 1), last));
    } else {
        let first = area.born.filter(|_| random.one_in(2));
        area.regions.push((region(random), first, last));
    }
}

fn measures(random: &mut Random) -> Vec<Measure> {
    let measure = |id, unit, decimals, additivity| Measure {
        id,
        unit,
        decimals,
        additivity,
        core_only: false,
        lags: Vec::new(),
    };
    let lagged = |id, lags| Measure {
        lags,
        ..measure(id, "person", 0, "sum")
    };
    vec![
        measure("a", "crown", 0, "sum"),
        measure("b", "crown", 2, "sum"),
        Measure {
            core_only: random.one_in(2),
            ..measure("c", "crown", 0, "sum")
        },
        measure("d", "loan", 0, random.pick(&["sum", "max", "none"])),
        measure("pop", "person", 0, "sum"),
        lagged("pop_mean", vec![0, 1]),
        lagged("pop_previous", vec![1]),
    ]
}

type Formula = (
    &'static str,
    &'static str,
    Vec<(f64, &'static str)>,
    Option<&'static str>,
);

fn indicators(random: &mut Random, copies: usize) -> Vec<Indicator> {
    let formulas: [Formula; 11] = [
        ("a / pop", "crown/person", vec![(1.0, "a")], Some("pop")),
        (
            "(a + c) / pop",
            "crown/person",
            vec![(1.0, "a"), (1.0, "c")],
            Some("pop"),
        ),
        ("a - c", "crown", vec![(1.0, "a"), (-1.0, "c")], None),
        ("a / c", "1", vec![(1.0, "a")], Some("c")),
        ("d / pop", "loan/person", vec![(1.0, "d")], Some("pop")),
        ("d", "loan", vec![(1.0, "d")], None),
        (
            "a / pop_previous",
            "crown/person",
            vec![(1.0, "a")],
            Some("pop_previous"),
        ),
        ("b", "crown", vec![(1.0, "b")], None),
        ("b / pop_mean", "crown/person", vec![(1.0, "b")], Some("pop_mean")),
        ("-a / pop", "crown/person", vec![(-1.0, "a")], Some("pop")),
        ("c", "crown", vec![(1.0, "c")], None),
    ];
    let mut all = Vec::new();
    for copy in 0..copies {
        for (place, (formula, unit, numerator, denominator)) in formulas.iter().enumerate() {
            if copies == 1 && random.one_in(3) {
                continue;
            }
            let ratio = denominator.is_some();
            let aggregates = [None, None, Some("mean"), Some("median"), Some("weighted-mean")];
            all.push(Indicator {
                id: format!("i{copy:02}.{place:02}"),
                numerator: numerator.clone(),
                denominator: *denominator,
                multiplier: random.pick(&[1.0, 1.0, 100.0, 0.5]),
                direction: random.pick(&["higher", "lower", "none"]),
                minimum: (ratio && random.one_in(3)).then(|| random.pick(&[3.0, 10.0])),
                aggregate: random.pick(&aggregates).filter(|_| ratio),
                formula,
                unit,
            });
        }
    }
    all
}

/// What an area may report.
fn reported(random: &mut Random, measure: &Measure) -> (Option<f64>, Status, Option<Missing>) {
    let reasons = [
        Missing::NotApplicable,
        Missing::Suppressed,
        Missing::Included,
        Missing::NotCollected,
        Missing::NotReported,
        Missing::NotReported,
    ];
    if random.one_in(9) {
        let reason = random.pick(&reasons);
        return (None, reason.status(), Some(reason));
    }
    let small = i32::try_from(random.below(40)).expect("small");
    let large = i32::try_from(random.below(100_000)).expect("small") - 20_000;
    let whole = if measure.id == "pop" {
        random.pick(&[small, small, small + 1, 7, 12, 0, -4, 20])
    } else {
        random.pick(&[0, 5, 5, 5, 10, -3, small, small, large])
    };
    let scale = 10_f64.powi(i32::from(measure.decimals));
    let mut value = f64::from(whole) / scale;
    if value == 0.0 && random.one_in(2) {
        value = -0.0;
    }
    let status = random.pick(&[
        Status::Normal,
        Status::Normal,
        Status::Normal,
        Status::Normal,
        Status::Normal,
        Status::Normal,
        Status::Provisional,
        Status::Estimated,
        Status::Imputed,
        Status::Break,
        Status::DefinitionDiffers,
        Status::Forecast,
        Status::LowReliability,
        Status::Includes,
    ]);
    (Some(value), status, None)
}

impl Country {
    /// The country of a number.
    pub(crate) fn random(seed: u64, size: Size) -> Self {
        let random = &mut Random(seed);
        let years = (2017, 2016 + size.years);
        let first = random.pick(&[2017, 2017, 2018]);
        let now = (years.1 + i32::try_from(random.below(2)).expect("small")).max(first + 1);
        let areas = areas(random, size, (first, now));
        let measures = measures(random);
        let indicators = indicators(random, size.copies);
        let mut country = Self {
            areas,
            measures,
            indicators,
            observations: Vec::new(),
            years,
            first,
            now,
            regions_from: random.one_in(4).then_some(2018),
        };
        country.observe(random, size.copies > 1);
        country
    }

    fn observe(&mut self, random: &mut Random, dense: bool) {
        for measure in self.measures.iter().filter(|measure| measure.lags.is_empty()) {
            for year in self.years.0..=self.years.1 {
                if !dense && random.one_in(12) {
                    continue;
                }
                let nothing = !dense && random.one_in(15);
                // The borders of a table: those of its year, or others that the source recoded it to.
                let borders = random.pick(&[year, year, year, self.first, self.now]);
                let borders = borders.clamp(self.first, self.now);
                for area in self.areas.iter().filter(|area| area_exists(area, borders)) {
                    let (value, status, missing) = reported(random, measure);
                    if random.one_in(15) || (area.isle && measure.core_only) {
                        continue;
                    }
                    let missing = if nothing {
                        Some(Missing::NotReported)
                    } else {
                        missing
                    };
                    self.observations.push(Observation {
                        measure: measure.id.into(),
                        period: Period::year(year),
                        area: area.code.as_str().into(),
                        value: value.filter(|_| missing.is_none()),
                        status: missing.map_or(status, Missing::status),
                        missing,
                        territory: format!("{borders}-01-01").parse().expect("a date"),
                        origin: "random".to_owned(),
                        note: String::new(),
                    });
                }
            }
        }
    }
}
