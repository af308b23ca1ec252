//! The first page: what the site is, what it holds, and the search.

use super::View;
use crate::language::Message;
use crate::report::page::{Link, Page};
use crate::report::site::frame::lists;

pub(super) fn page(view: View) -> Page {
    let facts = &view.maker.facts;
    let publisher = &facts.release.provenance().publisher;
    let mut page = view.page(view.release_title(), publisher.get(view.language()).to_owned());
    page.summary = vec![
        Message::new("site.about")
            .with("areas", facts.areas.len())
            .with("indicators", facts.with_figures().count())
            .render(view.language()),
    ];
    let link = |list: crate::report::site::frame::List| Link {
        text: list.name,
        href: view.to(list.file),
        aside: list.said,
        ..Link::default()
    };
    let items = lists(view.maker, view.words).into_iter().map(link).collect();
    let heading = view.words.word("site.contents");
    page.sections = vec![view.section("contents", heading, vec![super::links(items)])];
    page
}
