//! The page of an area: its report, with the files beside it.

use super::{Made, View, links};
use crate::error::Result;
use crate::export::ResultFormat;
use crate::formats::Format;
use crate::language::{Message, word};
use crate::report::facts::Report;
use crate::report::page::{Download, Link, Page, Part};
use crate::report::site::address;
use crate::report::templates::{Templates, size};
use crate::report::write::ReportFormat;

/// A chart's table with more rows stands on the page of the indicator instead.
const ROWS: usize = 60;

pub(super) fn page(view: View, place: usize, report: &Report) -> Result<Made> {
    let language = view.language();
    let mut page = report.page(language)?;
    let figures = |format| {
        let format = ReportFormat::Figures(ResultFormat::Table(format));
        report.to_bytes(format, &Templates::default(), language)
    };
    let mut beside = vec![("csv", figures(Format::Csv)?), ("xlsx", page.to_xlsx()?)];
    if !report.figures.is_empty() {
        beside.push(("json", figures(Format::JsonStat)?));
    }
    shorten(view, report, &mut page);
    let on = read_on(view, place);
    if !on.is_empty() {
        let heading = view.words.word("site.read-on");
        page.sections
            .push(view.section("read-on", heading, vec![links(on)]));
    }
    let stem = address::file_name(report.area.code.as_str());
    let file = |(ending, bytes): &(&'static str, Vec<u8>)| Download {
        name: format!("kultti-{stem}.{ending}"),
        format: match *ending {
            "json" => "JSON-stat".to_owned(),
            ending => ending.to_uppercase(),
        },
        href: format!("{stem}.{ending}"),
        bytes: bytes.len(),
        size: size(bytes.len(), language),
    };
    let files = beside.iter().map(file).collect();
    page.sections.push(view.section(
        "downloads",
        word("report.downloads", language).to_owned(),
        vec![Part::Downloads { files }],
    ));
    Ok(Made { page, beside })
}

/// Takes long tables away from charts, and says where they stand. Charts are told how wide they are by the style sheet alone.
fn shorten(view: View, report: &Report, page: &mut Page) {
    let Some(context) = report.headline().map(|headline| &headline.context) else {
        return;
    };
    for section in &mut page.sections {
        let mut long = false;
        for part in &mut section.parts {
            if let Part::Figure(figure) = part
                && figure.table.as_ref().is_some_and(|table| table.rows.len() > ROWS)
            {
                figure.table = None;
                long = true;
            }
        }
        if long {
            let text = Message::new("site.all-areas").with("label", &context.label);
            let link = Link {
                text: text.render(view.language()),
                href: format!(
                    "{}#order",
                    view.to(&address::indicator(context.indicator.as_str()))
                ),
                ..Link::default()
            };
            section.parts.push(links(vec![link]));
        }
    }
}

/// The groups of the area: their pages, and the area beside their other areas.
fn read_on(view: View, place: usize) -> Vec<Link> {
    let facts = &view.maker.facts;
    let area = &facts.areas[place].area;
    let mut items = Vec::new();
    for grouping in &facts.groupings {
        let own = grouping.groups.iter().filter(|group| {
            group
                .members
                .binary_search_by(|member| member.code.cmp(&area.code))
                .is_ok()
        });
        for group in own {
            let label = &group.label;
            if grouping.first {
                let page = view.to(&address::group(label.code.as_str()));
                items.push(Link {
                    aside: grouping.name.get(view.language()).to_owned(),
                    ..address::link(&label.name, page, view.language())
                });
            }
            items.push(super::comparison::link(view, grouping, label));
        }
    }
    items
}
