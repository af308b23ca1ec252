//! The pages of a site, one file for each sort.

mod about;
mod area;
mod areas;
mod catalogue;
mod comparison;
mod group;
mod home;
mod indicator;
mod indicators;
mod release;

use super::address::{self, file_name, up};
use super::maker::{Kind, Maker};
use crate::compare::{AreaLabel, ReleaseDiff, Trend};
use crate::compare::{DiffOptions, IndicatorCard};
use crate::error::Result;
use crate::export::{Block, Document, Grid};
use crate::language::{Language, Text};
use crate::model::Period;
use crate::release::Release;
use crate::report::facts::Report;
use crate::report::page::{Cell, Header, Link, Page, Part, Section, TableRow, Tabular};
use crate::report::sections::Words;

/// The release as a file of the site.
pub(super) fn data_file(release: &Release) -> String {
    format!("data/{}.parquet", file_name(&release.provenance().id))
}

/// A page that is being made in one language.
#[derive(Clone, Copy)]
pub(super) struct View<'m> {
    pub(super) maker: &'m Maker<'m>,
    pub(super) words: Words,
    pub(super) file: &'m str,
}

/// What the three languages of a page share.
pub(super) enum Shared {
    Nothing,
    Area(Box<Report>),
    Indicator(Box<(IndicatorCard, Option<Trend>)>),
    Changes(Option<Box<ReleaseDiff>>),
}

impl Shared {
    pub(super) fn new(maker: &Maker, kind: Kind) -> Result<Self> {
        let facts = &maker.facts;
        Ok(match kind {
            Kind::Area(place) => {
                let code = facts.areas[place].area.code.as_str();
                Self::Area(Box::new(facts.release.report(code)?))
            }
            Kind::Indicator(place) => Self::Indicator(Box::new(indicator::shared(facts, place)?)),
            Kind::Release => {
                let before = maker.options.since.as_ref();
                let diff = before.map(|before| before.diff(facts.release, &DiffOptions::default()));
                Self::Changes(diff.transpose()?.map(Box::new))
            }
            _ => Self::Nothing,
        })
    }
}

/// A page, and files beside it by their ending.
pub(super) struct Made {
    pub(super) page: Page,
    pub(super) beside: Vec<(&'static str, Vec<u8>)>,
}

/// Makes a page.
pub(super) fn page(view: View, kind: Kind, shared: &Shared) -> Result<Made> {
    let page = match (kind, shared) {
        (Kind::Area(place), Shared::Area(report)) => return area::page(view, place, report),
        (Kind::Indicator(place), Shared::Indicator(shared)) => {
            indicator::page(view, place, (&shared.0, shared.1.as_ref()))?
        }
        (Kind::Release, Shared::Changes(diff)) => release::page(view, diff.as_deref()),
        (Kind::Ended(place), _) => areas::ended(view, place),
        (Kind::Group(place), _) => group::page(view, place)?,
        (Kind::Comparison(at, place), _) => comparison::page(view, at, place),
        (Kind::Areas, _) => areas::list(view),
        (Kind::Groups, _) => group::list(view)?,
        (Kind::Indicators, _) => indicators::list(view),
        (Kind::Comparisons, _) => comparison::list(view),
        (Kind::Catalogue, _) => catalogue::page(view),
        (Kind::Method, _) => about::method(view),
        (Kind::Downloads, _) => about::downloads(view)?,
        (Kind::Accessibility, _) => about::accessibility(view),
        _ => home::page(view),
    };
    Ok(Made {
        page,
        beside: Vec::new(),
    })
}

impl View<'_> {
    fn language(self) -> Language {
        self.words.0.language
    }

    /// The address of a page of the same language.
    fn to(self, page: &str) -> String {
        format!("{}{page}", up(self.file))
    }

    /// An area that leads to its page, if it has one.
    fn area(self, area: &AreaLabel) -> Cell {
        let page = self.maker.area_page(area).map(|page| self.to(&page));
        address::cell(&area.name, page.unwrap_or_default(), self.language())
    }

    fn indicator(self, id: &str, label: &Text) -> Cell {
        address::cell(label, self.to(&address::indicator(id)), self.language())
    }

    fn indicator_link(self, id: &str, label: &Text) -> Link {
        address::link(label, self.to(&address::indicator(id)), self.language())
    }

    /// Areas that have a page, as links.
    fn area_links<'a>(self, areas: impl IntoIterator<Item = &'a AreaLabel>) -> Vec<Link> {
        let link = |area: &AreaLabel| {
            let page = self.maker.area_page(area)?;
            Some(address::link(&area.name, self.to(&page), self.language()))
        };
        areas.into_iter().filter_map(link).collect()
    }

    /// A page without sections: its foot says on which borders its figures are, and from which release.
    fn page(self, title: String, subtitle: String) -> Page {
        let release = self.maker.facts.release;
        let now = release.territory().now().to_string();
        let catalogue = release.catalogue().header();
        let sources: Vec<String> = catalogue
            .sources
            .iter()
            .filter(|source| {
                let tables = &release.provenance().tables;
                tables.iter().any(|table| table.source == source.id)
            })
            .map(|source| {
                let (publisher, label) = (
                    source.publisher.get(self.language()),
                    source.label.get(self.language()),
                );
                format!("{publisher}, {label} ({})", source.license)
            })
            .collect();
        let mut origin = vec![self.words.0.borders_and_release(&now, release.id())];
        if !sources.is_empty() {
            origin.push(format!(
                "{}: {}",
                self.words.word("word.source"),
                sources.join("; ")
            ));
        }
        Page {
            language: self.language().code(),
            title,
            subtitle,
            summary: Vec::new(),
            sections: Vec::new(),
            origin,
        }
    }

    fn release_title(self) -> String {
        let title = &self.maker.facts.release.provenance().title;
        title.get(self.language()).to_owned()
    }

    fn section(self, id: &'static str, heading: String, parts: Vec<Part>) -> Section {
        Section { id, heading, parts }
    }
}

fn paragraph(text: impl Into<String>) -> Part {
    Part::Paragraph { text: text.into() }
}

fn links(items: Vec<Link>) -> Part {
    Part::Links {
        title: String::new(),
        items,
    }
}

fn row(cells: Vec<Cell>) -> TableRow {
    TableRow {
        group: String::new(),
        own: false,
        cells,
    }
}

/// A unit with a period: `€ / inhabitant 2019`.
fn unit_and_period(unit: &Text, period: Period, language: Language) -> String {
    format!("{} {period}", unit.get(language).replace(' ', "\u{a0}"))
}

/// What a result says to people, as parts of a page: without its title and the paragraph that follows it at once, if there
/// is one to be said elsewhere.
fn parts_of(document: Document, names: &str) -> Vec<Part> {
    let part = |block: Block| match block {
        Block::Heading { level: 1, .. } | Block::Strip { .. } => None,
        Block::Heading { text, .. } | Block::Paragraph(text) => Some(paragraph(text)),
        Block::Grid(grid) => Some(Part::Table(tabular(grid, names))),
        Block::List { title, items } => Some(Part::List { title, items }),
        Block::Footer(lines) => Some(Part::List {
            title: String::new(),
            items: lines,
        }),
    };
    document.blocks.into_iter().filter_map(part).collect()
}

/// A grid as a table, called `name` where it has no caption of its own.
fn tabular(grid: Grid, name: &str) -> Tabular {
    let header = |(text, align)| Header {
        text,
        numeric: align == crate::export::Align::Right,
    };
    Tabular {
        caption: match grid.caption.as_str() {
            "" => name.to_owned(),
            _ => grid.caption,
        },
        headers: grid.headers.into_iter().map(header).collect(),
        rows: grid
            .rows
            .into_iter()
            .map(|cells| row(cells.into_iter().map(Cell::words).collect()))
            .collect(),
    }
}
