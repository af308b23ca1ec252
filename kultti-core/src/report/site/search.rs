//! The index that the search of the pages looks in: a script that holds data, because a page opened from a disk may load
//! a script and nothing else.

use super::address;
use super::maker::Maker;
use crate::language::Text;
use crate::language::{Language, Message, fold, word};
use serde::Serialize;

/// The file of the index, below the folder of its language.
pub(super) const INDEX: &str = "search.js";

/// An entry: what it is called, what sort of thing it is, its page, and the folded texts that find it.
#[derive(Serialize)]
struct Entry {
    n: String,
    k: String,
    u: String,
    t: Vec<String>,
}

/// The index in one language. Names are found in all three, as they are in the verbs.
pub(super) fn index(maker: &Maker, language: Language) -> serde_json::Result<String> {
    let facts = &maker.facts;
    let mut entries = Vec::new();
    for row in facts.areas.iter().chain(&facts.ended) {
        let Some(page) = maker.area_page(&row.area) else {
            continue;
        };
        let successor = row.successor.as_ref().filter(|_| row.to.is_some());
        let kind = row.to.filter(|_| successor.is_some()).map_or_else(
            || row.area.code.to_string(),
            |to| {
                Message::new("site.ended-until")
                    .with("date", to.to_string())
                    .with("successor", successor.map_or("", |area| area.name.get(language)))
                    .render(language)
            },
        );
        entries.push(Entry {
            n: row.area.name.get(language).to_owned(),
            k: kind,
            u: page,
            t: texts(&row.area.name, [row.area.code.as_str()]),
        });
    }
    for grouping in &facts.groupings {
        for group in &grouping.groups {
            let code = group.label.code.as_str();
            entries.push(Entry {
                n: group.label.name.get(language).to_owned(),
                k: grouping.name.get(language).to_owned(),
                u: match grouping.first {
                    true => address::group(code),
                    false => address::comparison(&grouping.id, code),
                },
                t: texts(&group.label.name, []),
            });
        }
    }
    for one in &facts.indicators {
        let declared = &one.row.declared;
        let theme = one.row.theme.as_ref();
        let synonyms = declared.synonyms.iter();
        let themes = theme.map(|theme| Language::ALL.map(|language| theme.get(language)));
        let more = synonyms
            .chain([declared.id.as_str()])
            .chain(themes.into_iter().flatten());
        entries.push(Entry {
            n: declared.label.get(language).to_owned(),
            k: match one.ranking {
                Some(_) => theme.map_or("", |theme| theme.get(language)).to_owned(),
                None => word("word.no-data", language).to_owned(),
            },
            u: address::indicator(declared.id.as_str()),
            t: texts(&declared.label, more),
        });
    }
    // `<` as an escape: whatever a name holds, it ends no script.
    let json = serde_json::to_string(&entries)?.replace('<', "\\u003c");
    Ok(format!("\"use strict\";\nconst KULTTI_INDEX = {json};\n"))
}

fn texts<'t>(name: &'t Text, more: impl IntoIterator<Item = &'t str>) -> Vec<String> {
    let names = Language::ALL.map(|language| name.get(language));
    let mut all: Vec<String> = Vec::new();
    for text in names.into_iter().chain(more) {
        let folded = fold(text);
        if !all.contains(&folded) {
            all.push(folded);
        }
    }
    all
}
