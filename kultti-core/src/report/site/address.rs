//! Where pages stand, and what leads to them: the same name in every language.

use super::facts::Facts;
use crate::compare::AreaLabel;
use crate::export::Writer;
use crate::language::{Language, Text};
use crate::report::page::{Cell, Link, Page, Part, Tabular};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Lists and pages of which a site has one.
pub(super) const HOME: &str = "index.html";
pub(super) const AREAS: &str = "areas/index.html";
pub(super) const GROUPS: &str = "regions/index.html";
pub(super) const INDICATORS: &str = "indicators/index.html";
pub(super) const COMPARISONS: &str = "compare/index.html";
pub(super) const CATALOGUE: &str = "catalogue.html";
pub(super) const RELEASE: &str = "release.html";
pub(super) const METHOD: &str = "method.html";
pub(super) const DOWNLOADS: &str = "downloads.html";
pub(super) const ACCESSIBILITY: &str = "accessibility.html";

/// A code as the name of a file on any system: letters, digits, `-`, `_` and inner dots stay, any other byte is `~` and two
/// hexadecimal digits. No two codes share a name, and none has that of a list.
pub(super) fn file_name(code: &str) -> String {
    let mut name = String::new();
    for (at, byte) in code.bytes().enumerate() {
        let inner_dot = byte == b'.' && at > 0;
        if byte.is_ascii_alphanumeric() || b"-_".contains(&byte) || inner_dot {
            name.push(char::from(byte));
        } else {
            name.push_str(&format!("~{byte:02X}"));
        }
    }
    match name.as_str() {
        "index" | "" => format!("{name}~"),
        _ => name,
    }
}

pub(super) fn area(code: &str) -> String {
    format!("areas/{}.html", file_name(code))
}

pub(super) fn group(code: &str) -> String {
    format!("regions/{}.html", file_name(code))
}

pub(super) fn indicator(id: &str) -> String {
    format!("indicators/{}.html", file_name(id))
}

pub(super) fn comparison(grouping: &str, code: &str) -> String {
    format!("compare/{}-{}.html", file_name(grouping), file_name(code))
}

/// What leads from a page up to the folder of its language.
pub(super) fn up(file: &str) -> &'static str {
    if file.contains('/') { "../" } else { "" }
}

/// The language of a text where a page in `language` shows it in another.
pub(super) fn foreign(text: &Text, language: Language) -> Option<&'static str> {
    text.is_fallback(language).then(|| Language::Fi.code())
}

/// A way to a page, named by a text of the data.
pub(super) fn link(text: &Text, href: String, language: Language) -> Link {
    Link {
        text: text.get(language).to_owned(),
        href,
        language: foreign(text, language),
        ..Link::default()
    }
}

/// A cell that leads to a page.
pub(super) fn cell(text: &Text, href: String, language: Language) -> Cell {
    Cell {
        href,
        language: foreign(text, language),
        ..Cell::words(text.get(language))
    }
}

/// The pages of a site by what they are about, as it is written in one language.
pub(super) struct Names(HashMap<String, Option<(String, Option<&'static str>)>>);

impl Names {
    /// Every area, group and indicator that has a page.
    pub(super) fn new(facts: &Facts, has_page: impl Fn(&AreaLabel) -> bool, language: Language) -> Self {
        let mut names = Self(HashMap::new());
        let writer = Writer { language };
        for row in facts.areas.iter().filter(|row| has_page(&row.area)) {
            let page = area(row.area.code.as_str());
            let foreign = foreign(&row.area.name, language);
            names.put(writer.name(&row.area), &page, foreign);
            names.put(row.area.name.get(language).to_owned(), &page, foreign);
        }
        for grouping in facts.groupings.iter().filter(|grouping| grouping.first) {
            for one in &grouping.groups {
                let page = group(one.label.code.as_str());
                let foreign = foreign(&one.label.name, language);
                names.put(one.label.name.get(language).to_owned(), &page, foreign);
            }
        }
        for one in &facts.indicators {
            let page = indicator(one.row.declared.id.as_str());
            names.put(one.row.declared.label.get(language).to_owned(), &page, None);
        }
        names
    }

    /// A name of two pages leads to none of them.
    fn put(&mut self, name: String, page: &str, foreign: Option<&'static str>) {
        match self.0.entry(name) {
            Entry::Vacant(place) => {
                place.insert(Some((page.to_owned(), foreign)));
            }
            Entry::Occupied(mut place) => {
                if place.get().as_ref().is_some_and(|(known, _)| known != page) {
                    place.insert(None);
                }
            }
        }
    }

    /// Lets every row of a page that is named after an area, a group or an indicator lead to its page.
    pub(super) fn lead(&self, page: &mut Page, file: &str) {
        for part in page.sections.iter_mut().flat_map(|section| &mut section.parts) {
            match part {
                Part::Table(table) => self.lead_from(table, file),
                Part::Figure(figure) => {
                    if let Some(table) = &mut figure.table {
                        self.lead_from(table, file);
                    }
                }
                _ => {}
            }
        }
    }

    fn lead_from(&self, table: &mut Tabular, file: &str) {
        for cell in table.rows.iter_mut().filter_map(|row| row.cells.first_mut()) {
            let known = self.0.get(&cell.text).and_then(Option::as_ref);
            if let Some((page, foreign)) = known.filter(|(page, _)| cell.href.is_empty() && page != file) {
                cell.href = format!("{}{page}", up(file));
                cell.language = *foreign;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_code_is_a_name_of_a_file_of_its_own() {
        let codes = [
            "272",
            "index",
            "",
            "a/b",
            "a~2Fb",
            "..",
            ".a",
            "Å",
            "library.loans",
            "A B",
            "<script>",
        ];
        let names: Vec<String> = codes.iter().map(|code| file_name(code)).collect();
        assert_eq!(
            names,
            [
                "272",
                "index~",
                "~",
                "a~2Fb",
                "a~7E2Fb",
                "~2E.",
                "~2Ea",
                "~C3~85",
                "library.loans",
                "A~20B",
                "~3Cscript~3E"
            ]
        );
    }
}
