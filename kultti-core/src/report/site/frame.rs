//! What stands around every page: menu, languages, breadcrumbs, addresses, and the foot.

use super::address::{self, up};
use super::maker::{Kind, Maker, PageFile};
use super::search;
use crate::language::{Language, word};
use crate::report::page::{Link, Page};
use crate::report::sections::{Words, capital};
use serde::Serialize;

/// The style sheet.
pub(super) const STYLE: &str = "style.css";
/// The script of the search.
pub(super) const SCRIPT: &str = "site.js";

/// What a template gets as `site`.
#[derive(Debug, Serialize)]
pub(super) struct Frame {
    /// From the page to the root of the site.
    root: String,
    /// From the page to the folder of its language.
    base: &'static str,
    /// The title of the release.
    title: String,
    /// The parts of the site.
    menu: Vec<Link>,
    /// The page in every language; the language of each is its own.
    languages: Vec<Link>,
    /// From the first page to this one, which is the last.
    breadcrumbs: Vec<Link>,
    /// The index of the search; empty where the page has none.
    search: &'static str,
    /// The addresses of the page in every language: code and address; empty where it is not known where the site stands.
    alternates: Vec<(&'static str, String)>,
    /// The address of the page.
    canonical: String,
    /// The style sheet, where it must stand in the page.
    style: String,
}

/// A page in a language.
#[derive(Clone, Copy)]
pub(super) struct Place<'m> {
    pub(super) maker: &'m Maker<'m>,
    pub(super) words: Words,
    pub(super) page: &'m PageFile,
}

impl Place<'_> {
    pub(super) fn frame(self, page: &Page) -> Frame {
        let language = self.words.0.language;
        let file = self.page.file.as_str();
        let url = self.maker.options.url.as_deref();
        let at = |language: Language| {
            url.map_or_else(String::new, |url| format!("{url}/{}/{file}", language.code()))
        };
        let alternates = Language::ALL
            .into_iter()
            .map(|language| (language.code(), at(language)));
        Frame {
            root: format!("{}../", up(file)),
            base: up(file),
            title: self
                .maker
                .facts
                .release
                .provenance()
                .title
                .get(language)
                .to_owned(),
            menu: self.menu(),
            languages: Language::ALL
                .into_iter()
                .map(|other| self.in_language(other))
                .collect(),
            breadcrumbs: self.breadcrumbs(page),
            search: if self.page.kind == Kind::Home {
                search::INDEX
            } else {
                ""
            },
            alternates: alternates.filter(|_| url.is_some()).collect(),
            canonical: at(language),
            style: String::new(),
        }
    }

    fn in_language(self, other: Language) -> Link {
        let file = self.page.file.as_str();
        Link {
            text: own_name(other).to_owned(),
            href: format!("{}../{}/{file}", up(file), other.code()),
            language: Some(other.code()),
            current: other == self.words.0.language,
            ..Link::default()
        }
    }

    fn to(self, text: String, file: &str) -> Link {
        Link {
            text,
            href: format!("{}{file}", up(&self.page.file)),
            current: self.page.file == file,
            ..Link::default()
        }
    }

    fn menu(self) -> Vec<Link> {
        lists(self.maker, self.words)
            .into_iter()
            .map(|list| self.to(list.name, list.file))
            .collect()
    }

    /// The first page, the list that the page is in, and the page.
    fn breadcrumbs(self, page: &Page) -> Vec<Link> {
        let file = self.page.file.as_str();
        if file == address::HOME {
            return Vec::new();
        }
        let mut links = vec![self.to(self.words.word("site.home"), address::HOME)];
        let folder = |list: &str| list.split_once('/').map(|(folder, _)| folder.to_owned());
        let list = lists(self.maker, self.words)
            .into_iter()
            .find(|list| list.file != file && folder(file).is_some() && folder(list.file) == folder(file));
        links.extend(list.map(|list| self.to(list.name, list.file)));
        links.push(self.to(page.title.clone(), file));
        links
    }
}

/// A list of the site.
pub(super) struct List {
    pub(super) name: String,
    pub(super) said: String,
    pub(super) file: &'static str,
}

/// The lists that the site has.
pub(super) fn lists(maker: &Maker, words: Words) -> Vec<List> {
    let list = |name: &'static str, said: &'static str, file| List {
        name: words.word(name),
        said: words.word(said),
        file,
    };
    let mut all = vec![list("site.areas", "site.areas-said", address::AREAS)];
    let grouping = maker.facts.first_grouping();
    all.extend(grouping.map(|grouping| List {
        name: capital(grouping.name.get(words.0.language)),
        said: words.word("site.groups-said"),
        file: address::GROUPS,
    }));
    all.push(list(
        "site.indicators",
        "site.indicators-said",
        address::INDICATORS,
    ));
    if !maker.facts.groupings.is_empty() {
        all.push(list(
            "site.comparisons",
            "site.comparisons-said",
            address::COMPARISONS,
        ));
    }
    all.extend([
        list("site.catalogue", "site.catalogue-said", address::CATALOGUE),
        list("report.method", "site.method-said", address::METHOD),
        list("report.downloads", "site.downloads-said", address::DOWNLOADS),
        list("site.release", "site.release-said", address::RELEASE),
    ]);
    all
}

/// What a language is called by those who speak it.
fn own_name(language: Language) -> &'static str {
    match language {
        Language::Fi => "Suomi",
        Language::Sv => "Svenska",
        Language::En => "English",
    }
}

/// The page at the root where a language is chosen, and the one for an address that leads nowhere.
#[derive(Debug, Serialize)]
pub(super) struct Entrance {
    /// Where the site stands, with a slash at the end; empty where that is not known.
    url: String,
    /// The first page in every language.
    languages: Vec<Doorway>,
    style: &'static str,
}

#[derive(Debug, Serialize)]
struct Doorway {
    code: &'static str,
    name: &'static str,
    title: String,
    choose: &'static str,
    not_found: &'static str,
    href: String,
}

pub(super) fn entrance(maker: &Maker) -> Entrance {
    let title = &maker.facts.release.provenance().title;
    let door = |language: Language| Doorway {
        code: language.code(),
        name: own_name(language),
        title: title.get(language).to_owned(),
        choose: word("site.choose-language", language),
        not_found: word("site.not-found", language),
        href: format!("{}/{}", language.code(), address::HOME),
    };
    Entrance {
        url: maker
            .options
            .url
            .as_deref()
            .map(|url| format!("{url}/"))
            .unwrap_or_default(),
        languages: Language::ALL.into_iter().map(door).collect(),
        style: STYLE,
    }
}
