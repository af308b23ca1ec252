//! What pages there are, and how each becomes files in three languages.

use super::address::{self, Names};
use super::facts::Facts;
use super::frame::{self, Place};
use super::options::SiteOptions;
use super::pages::{self, View};
use super::{search, sitemap};
use crate::compare::AreaLabel;
use crate::error::{Error, Result};
use crate::language::Language;
use crate::model::AreaCode;
use crate::release::Release;
use crate::report::page::{Page, Part};
use crate::report::sections::Words;
use crate::report::templates::Templates;
use minijinja::{Environment, Value, context, value::Serde};
use std::collections::BTreeSet;

/// Takes a file as it is made.
pub(super) type Put<'p> = dyn FnMut(&str, &[u8]) -> Result<()> + 'p;

/// A sort of page, with the place of what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Area(usize),
    Ended(usize),
    Group(usize),
    Indicator(usize),
    Comparison(usize, usize),
    Home,
    Areas,
    Groups,
    Indicators,
    Comparisons,
    Catalogue,
    Release,
    Method,
    Downloads,
    Accessibility,
}

/// A page: what it is about, and its file below the folder of its language.
#[derive(Debug, Clone)]
pub(super) struct PageFile {
    pub(super) kind: Kind,
    pub(super) file: String,
}

/// Makes the pages of a site.
pub(super) struct Maker<'r> {
    pub(super) facts: Facts<'r>,
    pub(super) options: &'r SiteOptions,
    pub(super) pages: Vec<PageFile>,
    /// The areas with a page; `None` for all.
    chosen: Option<BTreeSet<AreaCode>>,
    environments: Vec<Environment<'static>>,
    names: Vec<Names>,
}

impl<'r> Maker<'r> {
    pub(super) fn new(release: &'r Release, options: &'r SiteOptions) -> Result<Self> {
        let facts = Facts::new(release)?;
        let territory = release.territory();
        let code = |text: &String| {
            territory
                .resolve_on(text, territory.now())
                .map(|area| area.code.clone())
        };
        let chosen: BTreeSet<AreaCode> = options.areas.iter().map(code).collect::<Result<_>>()?;
        let mut maker = Self {
            facts,
            options,
            pages: Vec::new(),
            chosen: (!chosen.is_empty()).then_some(chosen),
            environments: Language::ALL
                .iter()
                .map(|language| options.templates.environment(*language))
                .collect(),
            names: Vec::new(),
        };
        maker.pages = maker.planned();
        for language in Language::ALL {
            let names = Names::new(&maker.facts, |area| maker.has_page(&area.code), language);
            maker.names.push(names);
        }
        Ok(maker)
    }

    /// Whether an area of today has a page.
    pub(super) fn has_page(&self, area: &AreaCode) -> bool {
        self.chosen.as_ref().is_none_or(|chosen| chosen.contains(area))
    }

    /// The page of an area, from the folder of the language.
    pub(super) fn area_page(&self, area: &AreaLabel) -> Option<String> {
        let known = |rows: &[crate::compare::AreaRow]| {
            rows.binary_search_by(|row| row.area.code.cmp(&area.code)).is_ok()
        };
        let today = known(&self.facts.areas) && self.has_page(&area.code);
        (today || known(&self.facts.ended)).then(|| address::area(area.code.as_str()))
    }

    /// All pages; those that take long first, so that no thread waits for another at the end.
    fn planned(&self) -> Vec<PageFile> {
        let facts = &self.facts;
        let mut pages = Vec::new();
        let mut add = |kind, file: String| pages.push(PageFile { kind, file });
        for (place, row) in facts.areas.iter().enumerate() {
            if self.has_page(&row.area.code) {
                add(Kind::Area(place), address::area(row.area.code.as_str()));
            }
        }
        for (place, one) in facts.indicators.iter().enumerate() {
            let id = one.row.declared.id.as_str();
            add(Kind::Indicator(place), address::indicator(id));
        }
        for (at, grouping) in facts.groupings.iter().enumerate() {
            for (place, group) in grouping.groups.iter().enumerate() {
                let code = group.label.code.as_str();
                add(
                    Kind::Comparison(at, place),
                    address::comparison(&grouping.id, code),
                );
                if grouping.first {
                    add(Kind::Group(place), address::group(code));
                }
            }
        }
        for (place, row) in facts.ended.iter().enumerate() {
            add(Kind::Ended(place), address::area(row.area.code.as_str()));
        }
        let mut single = vec![
            (Kind::Home, address::HOME),
            (Kind::Areas, address::AREAS),
            (Kind::Indicators, address::INDICATORS),
            (Kind::Catalogue, address::CATALOGUE),
            (Kind::Release, address::RELEASE),
            (Kind::Method, address::METHOD),
            (Kind::Downloads, address::DOWNLOADS),
            (Kind::Accessibility, address::ACCESSIBILITY),
        ];
        if facts.first_grouping().is_some() {
            single.push((Kind::Groups, address::GROUPS));
        }
        if !facts.groupings.is_empty() {
            single.push((Kind::Comparisons, address::COMPARISONS));
        }
        for (kind, file) in single {
            add(kind, file.to_owned());
        }
        pages
    }

    /// The names of all files that the site may have.
    pub(super) fn files(&self) -> impl Iterator<Item = String> {
        let of_language = |language: Language| {
            let code = language.code();
            let pages = self.pages.iter().flat_map(move |page| {
                let stem = page.file.trim_end_matches(".html").to_owned();
                let endings: &[&str] = match page.kind {
                    Kind::Area(_) => &["html", "csv", "xlsx", "json"],
                    _ => &["html"],
                };
                endings
                    .iter()
                    .map(move |ending| format!("{code}/{stem}.{ending}"))
                    .collect::<Vec<_>>()
            });
            pages.chain([format!("{code}/{}", search::INDEX)])
        };
        let fixed = [
            "index.html",
            "404.html",
            frame::STYLE,
            frame::SCRIPT,
            "robots.txt",
            "sitemap.xml",
        ];
        let data = pages::data_file(self.facts.release);
        Language::ALL
            .into_iter()
            .flat_map(of_language)
            .chain(fixed.map(str::to_owned))
            .chain([data])
    }

    /// Makes a page in three languages, with the files that belong to it.
    pub(super) fn make(&self, page: &PageFile, put: &mut Put) -> Result<()> {
        let shared = pages::Shared::new(self, page.kind)?;
        for (at, language) in Language::ALL.into_iter().enumerate() {
            let view = View {
                maker: self,
                words: Words::of(language),
                file: &page.file,
            };
            let mut made = pages::page(view, page.kind, &shared)?;
            for (ending, bytes) in made.beside {
                let stem = page.file.trim_end_matches("html");
                put(&format!("{}/{stem}{ending}", language.code()), &bytes)?;
            }
            self.names[at].lead(&mut made.page, &page.file);
            tell_apart(&mut made.page);
            let place = Place {
                maker: self,
                words: view.words,
                page,
            };
            let html = self.html(at, made.page, place)?;
            put(&format!("{}/{}", language.code(), page.file), html.as_bytes())?;
        }
        Ok(())
    }

    fn html(&self, at: usize, page: Page, place: Place) -> Result<String> {
        let template = match place.page.kind {
            Kind::Home => "site-home.html",
            _ => "site-page.html",
        };
        let frame = place.frame(&page);
        let value = context! { page => Value::from(Serde(page)), site => Value::from(Serde(frame)) };
        Templates::render(&self.environments[at], template, value)
    }

    /// Makes what all pages share.
    pub(super) fn shared(&self, put: &mut Put) -> Result<()> {
        let templates = &self.options.templates;
        let style = format!(
            "{}\n{}",
            templates.plain("style.css")?,
            templates.plain("site.css")?
        );
        put(frame::STYLE, style.as_bytes())?;
        put(frame::SCRIPT, templates.plain("site.js")?.as_bytes())?;
        for (name, template) in [
            ("index.html", "site-languages.html"),
            ("404.html", "site-404.html"),
        ] {
            let value = context! { site => Value::from(Serde(frame::entrance(self))) };
            put(
                name,
                Templates::render(&self.environments[0], template, value)?.as_bytes(),
            )?;
        }
        for language in Language::ALL {
            let index = search::index(self, language).map_err(|cause| Error::TemplateFailed {
                template: search::INDEX.to_owned(),
                line: 0,
                reason: cause.to_string(),
            })?;
            put(
                &format!("{}/{}", language.code(), search::INDEX),
                index.as_bytes(),
            )?;
        }
        put(
            "robots.txt",
            sitemap::robots(self.options.url.as_deref()).as_bytes(),
        )?;
        if let Some(url) = &self.options.url {
            put("sitemap.xml", sitemap::sitemap(url, &self.pages).as_bytes())?;
        }
        put(
            &pages::data_file(self.facts.release),
            &self.facts.release.to_bytes()?,
        )
    }
}

/// Gives a table that is called as its section, or as another table, the name of the page before its own: whoever goes from
/// region to region hears each name once.
fn tell_apart(page: &mut Page) {
    let mut known: BTreeSet<String> = page
        .sections
        .iter()
        .map(|section| section.heading.clone())
        .collect();
    for part in page.sections.iter_mut().flat_map(|section| &mut section.parts) {
        let table = match part {
            Part::Table(table) => Some(table),
            Part::Figure(figure) => figure.table.as_mut(),
            _ => None,
        };
        if let Some(table) = table
            && !known.insert(table.caption.clone())
        {
            table.caption = format!("{}: {}", page.title, table.caption);
        }
    }
}
