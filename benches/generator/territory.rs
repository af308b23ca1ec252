//! Areas through time: mergers that an area survives, mergers into a new area, and moves from region to region.

use super::Size;
use super::random::{draw, skewed};
use std::fmt::Write;
use std::io::Result;
use std::path::Path;

/// An area and the years at whose end it exists.
pub(crate) struct Area {
    /// Code, of three digits where there are so few.
    pub(crate) code: String,
    /// The first year, for an area that a merger made.
    first: Option<i32>,
    /// The last year, for an area that ended.
    last: Option<i32>,
    /// The region.
    region: usize,
    /// The year in which it moved to another region, and which.
    moved: Option<(i32, usize)>,
    /// Inhabitants by year, 0 while it does not exist.
    pub(crate) population: Vec<i64>,
}

impl Area {
    /// Whether it exists at the end of a year.
    pub(crate) fn exists(&self, year: i32) -> bool {
        self.first.is_none_or(|first| first <= year) && self.last.is_none_or(|last| year <= last)
    }
}

/// On the first day of `year`, `sources` become part of `target`; positions among the areas.
struct Merger {
    year: i32,
    sources: Vec<usize>,
    target: usize,
}

/// The areas of a size, by code.
pub(crate) struct Territory {
    /// Areas.
    pub(crate) areas: Vec<Area>,
    mergers: Vec<Merger>,
    regions: usize,
}

impl Territory {
    /// The territory of a size, with the inhabitants of every year.
    pub(crate) fn new(size: &Size) -> Self {
        let regions = size.areas / 16;
        let length = size.code_length();
        let mut areas: Vec<Area> = (0..size.areas)
            .map(|index| Area {
                code: format!("{:0length$}", 100 + 2 * index),
                first: None,
                last: None,
                region: below(draw("region", &[index as u64]), regions),
                moved: None,
                population: Vec::new(),
            })
            .collect();
        let mergers = merge(size, &mut areas);
        let middle = size.first_year() + i32::try_from(size.years / 2).unwrap_or(0);
        let unmerged = |area: &Area| area.first.is_none() && area.last.is_none();
        for area in areas.iter_mut().step_by(37).filter(|area| unmerged(area)) {
            area.moved = Some((middle, (area.region + 1) % regions));
        }
        let mut territory = Self {
            areas,
            mergers,
            regions,
        };
        territory.populate(size);
        territory.sort();
        territory
    }

    /// Every area's inhabitants: a skewed start, a small change every year, and the sum of the parts after a merger.
    fn populate(&mut self, size: &Size) {
        let mut now: Vec<i64> = (0..size.areas)
            .map(|index| skewed(7_000, 7, draw("population", &[index as u64])).max(80))
            .collect();
        now.resize(self.areas.len(), 0);
        for year in size.all_years() {
            for merger in self.mergers.iter().filter(|merger| merger.year == year) {
                for source in &merger.sources {
                    now[merger.target] += std::mem::take(&mut now[*source]);
                }
            }
            for (index, area) in self.areas.iter_mut().enumerate() {
                let change = draw("change", &[index as u64, u64::from(year.unsigned_abs())]) % 31;
                now[index] = now[index] * (984 + i64::try_from(change).unwrap_or(0)) / 1_000;
                area.population.push(now[index]);
            }
        }
    }

    /// By code, which is the order of the observations.
    fn sort(&mut self) {
        let mut order: Vec<usize> = (0..self.areas.len()).collect();
        order.sort_by(|left, right| self.areas[*left].code.cmp(&self.areas[*right].code));
        let mut place = vec![0; order.len()];
        for (new, old) in order.iter().enumerate() {
            place[*old] = new;
        }
        self.areas.sort_by(|left, right| left.code.cmp(&right.code));
        for merger in &mut self.mergers {
            merger.target = place[merger.target];
            merger
                .sources
                .iter_mut()
                .for_each(|source| *source = place[*source]);
        }
    }

    /// Writes the tables of a territory folder.
    pub(crate) fn write(&self, size: &Size, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder)?;
        let (first, now) = (size.first_year(), size.first_year() + size.years_signed());
        let length = size.code_length();
        let header = format!(
            r#"schema = 1
id = "generated"
name = {{ fi = "Mittausmaa", sv = "Mätlandet", en = "Benchmark country" }}
country = {{ code = "SSS", name = {{ fi = "Koko maa", sv = "Hela landet", en = "Whole country" }} }}
first = "{first}-01-01"
now = "{now}-01-01"
code_length = {length}
peers = ["region", "country"]
source = "generated"
license = "CC0"
"#
        );
        std::fs::write(folder.join("territory.toml"), header)?;
        std::fs::write(folder.join("areas.csv"), self.area_table())?;
        std::fs::write(folder.join("changes.csv"), self.change_table())?;
        let groupings =
            "grouping,name_fi,name_sv,name_en,first_year,last_year\nregion,Maakunta,Landskap,Region,,\n";
        std::fs::write(folder.join("groupings.csv"), groupings)?;
        let mut groups = String::from("grouping,group,name_fi,name_sv,name_en,first_year,last_year\n");
        for region in 1..=self.regions {
            let _ = writeln!(
                groups,
                "region,{region:02},Maakunta {region},Landskap {region},Region {region},,"
            );
        }
        std::fs::write(folder.join("groups.csv"), groups)?;
        std::fs::write(folder.join("memberships.csv"), self.membership_table())
    }

    fn area_table(&self) -> String {
        let mut table = String::from("area,name_fi,name_sv,name_en,valid_from,valid_to\n");
        for area in &self.areas {
            let code = &area.code;
            let from = area.first.map(|year| format!("{year}-01-01")).unwrap_or_default();
            let to = area.last.map(|year| format!("{year}-12-31")).unwrap_or_default();
            let _ = writeln!(table, "{code},Kunta {code},Kommun {code},Area {code},{from},{to}");
        }
        table
    }

    fn change_table(&self) -> String {
        let mut table = String::from("date,source,target,population,euros,area\n");
        for merger in &self.mergers {
            for source in &merger.sources {
                let (year, target) = (merger.year, &self.areas[merger.target].code);
                let _ = writeln!(table, "{year}-01-01,{},{target},1,1,1", self.areas[*source].code);
            }
        }
        table
    }

    fn membership_table(&self) -> String {
        let mut table = String::from("grouping,area,group,first_year,last_year\n");
        let year = |year: Option<i32>| year.map(|year| year.to_string()).unwrap_or_default();
        for area in &self.areas {
            let (code, first, last) = (&area.code, year(area.first), year(area.last));
            let region = area.region + 1;
            if let Some((from, other)) = area.moved {
                let _ = writeln!(table, "region,{code},{region:02},{first},{}", from - 1);
                let _ = writeln!(table, "region,{code},{:02},{from},{last}", other + 1);
            } else {
                let _ = writeln!(table, "region,{code},{region:02},{first},{last}");
            }
        }
        table
    }
}

/// A sixteenth as many mergers as areas, spread over the years, each of two neighbours in one region; every third makes a
/// new area of both, the others leave one of the two.
fn merge(size: &Size, areas: &mut Vec<Area>) -> Vec<Merger> {
    let mut mergers: Vec<Merger> = Vec::new();
    let mut taken = vec![false; size.areas];
    for index in 0..size.areas / 16 {
        let start = below(draw("merger", &[index as u64]), size.areas);
        let around = || (0..size.areas).map(|step| (start + step) % size.areas);
        let pair = around().filter(|first| !taken[*first]).find_map(|first| {
            let partner = (first + 1..size.areas)
                .find(|second| !taken[*second] && areas[*second].region == areas[first].region);
            partner.map(|second| (first, second))
        });
        let Some((first, second)) = pair else { break };
        taken[first] = true;
        taken[second] = true;
        let year = size.first_year() + 1 + i32::try_from(index % (size.years - 1)).unwrap_or(0);
        areas[second].last = Some(year - 1);
        if index % 3 != 2 {
            mergers.push(Merger {
                year,
                sources: vec![second],
                target: first,
            });
            continue;
        }
        areas[first].last = Some(year - 1);
        areas.push(Area {
            code: format!("{:0length$}", 101 + 2 * first, length = size.code_length()),
            first: Some(year),
            last: None,
            region: areas[first].region,
            moved: None,
            population: Vec::new(),
        });
        mergers.push(Merger {
            year,
            sources: vec![first, second],
            target: areas.len() - 1,
        });
    }
    mergers
}

/// A number below `limit` from a random one.
fn below(random: u64, limit: usize) -> usize {
    usize::try_from(random % limit as u64).unwrap_or(0)
}
