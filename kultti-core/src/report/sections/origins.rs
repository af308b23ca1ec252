//! Where the figures come from, and how to cite them.

use super::{Part, Section, Words};
use crate::report::facts::Report;

pub(super) fn section(report: &Report, words: Words) -> Section {
    let language = words.0.language;
    let cited = report.citation.text(language);
    let parts = vec![
        Part::List {
            title: words.word("report.cite"),
            items: cited.lines().map(str::to_owned).collect(),
        },
        Part::Paragraph {
            text: words.word("report.ask-again"),
        },
        Part::Command {
            text: report.query.clone(),
        },
    ];
    words.section("sources", "report.sources", parts)
}
