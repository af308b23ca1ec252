//! Every row that `compare_all` should give for a question, and what it should refuse, the naive way.

use super::country::{Area, Country, Indicator, Random};
use super::figures::{Cell, Figures, On};
use super::positions::{Rounded, percent_rank, quartile, rank, robust_z, z};
use kultti_core::compare::{CompareAllOptions, Order};
use kultti_core::model::{Missing, Period, Status};
use kultti_core::panel::Borders;
use std::collections::{BTreeMap, BTreeSet};

/// The columns; the index has its base behind it.
const COLUMNS: [&str; 13] = [
    "rank",
    "percent_rank",
    "quartile",
    "z",
    "robust_z",
    "difference:region",
    "difference:region:median",
    "difference:country",
    "difference_relative:region:mean",
    "change",
    "change_relative",
    "numerator",
    "denominator",
];

/// What is asked.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) on: On,
    pub(super) from: Option<i32>,
    pub(super) to: Option<i32>,
    pub(super) base: i32,
    pub(super) order: Option<Order>,
}

impl Question {
    pub(super) fn random(random: &mut Random, country: &Country) -> Self {
        let year = |random: &mut Random| {
            let years = u64::try_from(country.years.1 - country.years.0 + 1).expect("years");
            country.years.0 + i32::try_from(random.below(years)).expect("small")
        };
        let on = random.pick(&[On::Now, On::Now, On::Then, On::Year(0)]);
        let on = if on == On::Year(0) {
            On::Year(year(random).clamp(country.first, country.now))
        } else {
            on
        };
        let directed = country
            .indicators
            .iter()
            .all(|indicator| indicator.direction != "none");
        let orders = [Some(Order::Descending), Some(Order::Ascending)];
        let known = if on == On::Then {
            country.first
        } else {
            country.years.0
        };
        let from = random.one_in(3).then(|| year(random).max(known));
        Self {
            on,
            from,
            to: random.one_in(3).then(|| year(random).max(from.unwrap_or(known))),
            base: year(random).max(known),
            order: if directed && random.one_in(2) {
                None
            } else {
                random.pick(&orders)
            },
        }
    }

    pub(super) fn options(&self, threads: usize) -> CompareAllOptions {
        let index = format!("index:{}", self.base);
        let names = COLUMNS.iter().copied().chain([index.as_str()]);
        let mut options = CompareAllOptions::columns(names)
            .expect("columns")
            .with_threads(threads);
        options.from = self.from.map(Period::year);
        options.to = self.to.map(Period::year);
        options.order = self.order;
        options.borders = match self.on {
            On::Now => Borders::Now,
            On::Then => Borders::Then,
            On::Year(year) => Borders::On(format!("{year}-06-01").parse().expect("a date")),
        };
        options
    }
}

/// A row: keys and record as text, then the value and the columns.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) keys: [String; 5],
    pub(super) figures: Vec<Rounded>,
}

/// A figure that must be the same to the last bit; −0 is 0.
fn exactly(value: Option<f64>) -> Rounded {
    value.map(|value| (value, 0.0))
}

/// A difference of two figures, rounded to the last digits of the larger.
fn difference(pair: Option<(f64, f64)>) -> Rounded {
    pair.map(|(own, other)| (own - other, own.abs().max(other.abs())))
}

/// The same over the second, which must be positive.
fn relative(pair: Option<(f64, f64)>) -> Rounded {
    let (own, other) = pair.filter(|(_, other)| *other > 0.0)?;
    Some(((own - other) / other, own.abs().max(other.abs()) / other))
}

/// An indicator by year: areas with their cells where it has figures, and the areas whose series breaks, also where they have
/// no figure and in years in which the indicator has none at all.
struct Slices<'c> {
    cells: BTreeMap<i32, Vec<(&'c Area, Cell)>>,
    broken: BTreeMap<i32, BTreeSet<&'c str>>,
}

impl<'c> Slices<'c> {
    fn new(figures: &Figures<'c>, indicator: &Indicator, question: &Question) -> Self {
        let (first, last) = figures.country.years;
        let known = |year: &i32| question.on != On::Then || *year >= figures.country.first;
        let mut slices = Self {
            cells: BTreeMap::new(),
            broken: BTreeMap::new(),
        };
        let with_figures = figures.years(indicator);
        for year in (first - 2..=last + 2).filter(known) {
            let borders = figures.borders(question.on, year);
            let areas = figures.areas(borders).into_iter();
            let cells = areas.map(|area| (area, figures.cell(indicator, year, area, borders)));
            let cells: Vec<(&Area, Cell)> = cells.collect();
            let broken = cells.iter().filter(|(_, cell)| cell.figure.broken);
            let broken = broken.map(|(area, _)| area.code.as_str()).collect();
            slices.broken.insert(year, broken);
            if with_figures.contains(&year) {
                slices.cells.insert(year, cells);
            }
        }
        slices
    }

    /// Whether the area's series breaks after one year and up to another.
    fn is_broken(&self, area: &Area, low: i32, high: i32) -> bool {
        let of_year = |between: i32| self.broken.get(&between);
        let mut between = (low + 1..=high).filter_map(of_year);
        between.any(|broken| broken.contains(area.code.as_str()))
    }
}

fn years_asked(figures: &Figures, indicator: &Indicator, question: &Question) -> Vec<i32> {
    let first = if question.on == On::Then {
        figures.country.first
    } else {
        i32::MIN
    };
    let asked = |year: &i32| {
        question.from.is_none_or(|from| from <= *year)
            && question.to.is_none_or(|to| *year <= to)
            && *year >= first
    };
    figures.years(indicator).into_iter().filter(asked).collect()
}

/// What comes out of a column for one slice, by position.
fn figures_of(
    figures: &Figures,
    (indicator, question): (&Indicator, &Question),
    slices: &Slices,
    year: i32,
) -> Vec<Vec<Rounded>> {
    let slice = &slices.cells[&year];
    let descending = match (question.order, indicator.direction) {
        (Some(order), _) => order == Order::Descending,
        (None, direction) => direction == "higher",
    };
    let ranked: Vec<Option<f64>> = slice
        .iter()
        .map(|(_, cell)| cell.value().filter(|_| !too_small(indicator, cell)))
        .collect();
    let exact = |values: Vec<Option<f64>>| values.into_iter().map(exactly).collect();
    let values = |cells: &[(&Area, Cell)]| cells.iter().map(|(_, cell)| cell.value()).collect::<Vec<_>>();
    let of = |column: &dyn Fn(&Area, &Cell) -> Rounded| {
        slice.iter().map(|(area, cell)| column(area, cell)).collect()
    };
    let mut regions: BTreeMap<&str, Vec<&Cell>> = BTreeMap::new();
    for (area, cell) in slice {
        if let Some(region) = figures.region(area, year) {
            regions.entry(region).or_default().push(cell);
        }
    }
    let of_region = |aggregate: Option<&str>| -> Vec<Option<(f64, f64)>> {
        let groups = regions.iter();
        let groups = groups.map(|(region, cells)| (*region, figures.group(indicator, cells, aggregate)));
        let groups: BTreeMap<&str, Option<f64>> = groups.collect();
        let of_area = |(area, cell): &(&'_ Area, Cell)| cell.value().zip(groups[figures.region(area, year)?]);
        slice.iter().map(of_area).collect()
    };
    // A group's value is as exact as its largest member is large: members of both signs may cancel.
    let largest = slice.iter().filter_map(|(_, cell)| cell.value());
    let largest = largest.fold(0.0, |largest: f64, value| largest.max(value.abs()));
    let to_group = |pair| difference(pair).map(|(figure, scale)| (figure, scale.max(largest)));
    let differences = |aggregate| of_region(aggregate).into_iter().map(to_group).collect();
    let everyone: Vec<&Cell> = slice.iter().map(|(_, cell)| cell).collect();
    let country = figures.group(indicator, &everyone, None);
    let at = |year: i32, area: &Area| slices.cells.get(&year).and_then(|slice| find(slice, &area.code));
    let pair = |area: &Area, cell: &Cell, before: i32| {
        let earlier = at(before, area).and_then(|(_, cell)| cell.value());
        let whole = !slices.is_broken(area, before.min(year), before.max(year));
        cell.value().zip(earlier).filter(|_| whole)
    };
    vec![
        exact(values(slice)),
        exact(rank(&ranked, descending)),
        exact(percent_rank(&ranked, indicator.direction != "lower")),
        exact(quartile(&ranked, descending)),
        z(&ranked),
        robust_z(&ranked),
        differences(None),
        differences(Some("median")),
        of(&|_, cell| to_group(cell.value().zip(country))),
        of_region(Some("mean")).into_iter().map(relative).collect(),
        of(&|area, cell| difference(pair(area, cell, year - 1))),
        of(&|area, cell| relative(pair(area, cell, year - 1))),
        of(&|_, cell| exactly(cell.numerator)),
        of(&|_, cell| exactly(cell.denominator)),
        of(&|area, cell| {
            let (now, base) = pair(area, cell, question.base).filter(|(_, base)| *base > 0.0)?;
            Some((100.0 * now / base, (100.0 * now / base).abs()))
        }),
    ]
}

fn too_small(indicator: &Indicator, cell: &Cell) -> bool {
    indicator
        .minimum
        .zip(cell.denominator)
        .is_some_and(|(minimum, d)| d < minimum)
}

fn find<'s, 'c>(slice: &'s [(&'c Area, Cell)], code: &str) -> Option<&'s (&'c Area, Cell)> {
    let place = slice.binary_search_by(|(area, _)| area.code.as_str().cmp(code));
    place.ok().map(|place| &slice[place])
}

/// Everything the naive way.
pub(super) fn expected(figures: &Figures, question: &Question) -> Vec<Row> {
    let mut rows = Vec::new();
    for indicator in &figures.country.indicators {
        let slices = Slices::new(figures, indicator, question);
        for year in years_asked(figures, indicator, question) {
            let columns = figures_of(figures, (indicator, question), &slices, year);
            for (place, (area, cell)) in slices.cells[&year].iter().enumerate() {
                let reason = cell.figure.value.err().map_or("", Missing::code);
                rows.push(Row {
                    keys: [
                        indicator.id.clone(),
                        year.to_string(),
                        area.code.clone(),
                        letter(indicator, cell).to_string(),
                        reason.to_owned(),
                    ],
                    figures: columns.iter().map(|column| column[place]).collect(),
                });
            }
        }
    }
    rows
}

/// U for a value on a denominator below the minimum, unless B, D or F comes first.
fn letter(indicator: &Indicator, cell: &Cell) -> char {
    let mut figure = cell.figure.clone();
    if cell.value().is_some() && too_small(indicator, cell) {
        figure.statuses.push(Status::LowReliability);
    }
    figure.letter()
}

/// What must be refused: nothing to compute, a base that no indicator has, regions that are not in force.
pub(super) fn refusal(figures: &Figures, question: &Question) -> Option<&'static str> {
    let indicators = &figures.country.indicators;
    let years = |indicator| years_asked(figures, indicator, question);
    let asked: BTreeSet<i32> = indicators.iter().flat_map(years).collect();
    let with_data = indicators.iter().filter(|indicator| !years(indicator).is_empty());
    let known: BTreeSet<i32> = with_data.flat_map(|indicator| figures.years(indicator)).collect();
    if asked.is_empty() {
        return Some("nothing to compute");
    }
    let from = figures.country.regions_from;
    if from.is_some_and(|from| asked.iter().all(|year| *year < from)) {
        return Some("regions are not in force");
    }
    (!known.contains(&question.base)).then_some("no indicator has the base")
}
