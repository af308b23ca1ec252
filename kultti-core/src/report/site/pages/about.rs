//! Method, downloads and the accessibility statement.

use super::{View, data_file, paragraph};
use crate::error::Result;
use crate::language::Message;
use crate::report::page::{Download, Page, Part};
use crate::report::site::address;
use crate::report::templates::size;

/// How group values, ranks, missing figures and borders are treated.
pub(super) fn method(view: View) -> Page {
    let words = view.words;
    let mut page = view.page(words.word("report.method"), view.release_title());
    let now = view.maker.facts.release.territory().now().to_string();
    let parts = vec![
        paragraph(words.word("report.method-text")),
        paragraph(words.word("site.method-ranks")),
        paragraph(
            Message::new("site.method-borders")
                .with("date", now)
                .render(view.language()),
        ),
    ];
    page.sections = vec![view.section("method", words.word("site.method-said"), parts)];
    page
}

/// The release as a file, and where the files of areas are.
pub(super) fn downloads(view: View) -> Result<Page> {
    let words = view.words;
    let release = view.maker.facts.release;
    let mut page = view.page(words.word("report.downloads"), view.release_title());
    let name = data_file(release);
    let bytes = release.to_bytes()?.len();
    let file = Download {
        href: format!("../{}{name}", address::up(view.file)),
        name: name.trim_start_matches("data/").to_owned(),
        format: "Parquet".to_owned(),
        bytes,
        size: size(bytes, view.language()),
    };
    page.sections = vec![
        view.section(
            "release",
            words.word("site.whole-release"),
            vec![
                paragraph(words.word("site.whole-release-said")),
                Part::Downloads { files: vec![file] },
            ],
        ),
        view.section(
            "areas",
            words.word("site.areas"),
            vec![
                paragraph(words.word("site.area-files")),
                super::links(vec![crate::report::page::Link {
                    text: words.word("site.areas"),
                    href: view.to(address::AREAS),
                    ..Default::default()
                }]),
            ],
        ),
    ];
    Ok(page)
}

/// The statement that law 306/2019 demands. What nobody has said, such as an address for feedback, is left out.
pub(super) fn accessibility(view: View) -> Page {
    let words = view.words;
    let options = view.maker.options;
    let mut page = view.page(words.word("site.accessibility"), view.release_title());
    page.summary = vec![
        Message::new("site.statement")
            .with("title", view.release_title())
            .with("url", options.url.clone().unwrap_or_default())
            .render(view.language()),
    ];
    let one = |id, heading, text: String| view.section(id, words.word(heading), vec![paragraph(text)]);
    page.sections = vec![
        one("conforms", "site.conforms", words.word("site.conforms-said")),
        one("tested", "site.tested", words.word("site.tested-said")),
    ];
    if let Some(contact) = &options.contact {
        let message = Message::new("site.feedback-said").with("contact", contact);
        page.sections
            .push(one("feedback", "site.feedback", message.render(view.language())));
    }
    page.sections.push(one(
        "enforcement",
        "site.enforcement",
        words.word("site.enforcement-said"),
    ));
    page
}
