//! Documents as a fragment of accessible HTML, for notebooks.

use super::document::{Align, Block, Document, Grid};

/// A document as an HTML fragment: headed tables with scopes, no script, no style sheet.
pub fn to_html(document: &Document) -> String {
    let mut out = format!("<div class=\"kultti\" lang=\"{}\">\n", document.language);
    for block in &document.blocks {
        match block {
            Block::Heading { text, aside, level } => {
                let tag = if *level == 1 { "strong" } else { "span" };
                out.push_str(&format!(
                    "<p><{tag}>{}</{tag}> {}</p>\n",
                    escaped(text),
                    escaped(aside)
                ));
            }
            Block::Paragraph(text) | Block::Strip { label: text, .. } => {
                out.push_str(&format!("<p>{}</p>\n", escaped(text)));
            }
            Block::Grid(grid) => table(&mut out, grid),
            Block::List { title, items } => {
                let items = items
                    .iter()
                    .map(|item| format!("<li>{}</li>", escaped(item)))
                    .collect::<String>();
                out.push_str(&format!("<p>{}</p>\n<ul>{items}</ul>\n", escaped(title)));
            }
            Block::Footer(lines) => {
                let lines = lines
                    .iter()
                    .map(|line| escaped(line))
                    .collect::<Vec<_>>()
                    .join("<br>");
                out.push_str(&format!("<p><small>{lines}</small></p>\n"));
            }
        }
    }
    out.push_str("</div>");
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn table(out: &mut String, grid: &Grid) {
    out.push_str("<table>\n");
    if !grid.caption.is_empty() {
        out.push_str(&format!("<caption>{}</caption>\n", escaped(&grid.caption)));
    }
    let side = |align: Align| {
        if align == Align::Right {
            " style=\"text-align:right\""
        } else {
            " style=\"text-align:left\""
        }
    };
    let headers = grid
        .headers
        .iter()
        .map(|(name, align)| format!("<th scope=\"col\"{}>{}</th>", side(*align), escaped(name)));
    out.push_str(&format!(
        "<thead><tr>{}</tr></thead>\n<tbody>\n",
        headers.collect::<String>()
    ));
    for row in &grid.rows {
        let cells = row
            .iter()
            .zip(&grid.headers)
            .enumerate()
            .map(|(index, (cell, (_, align)))| {
                let (tag, scope) = if index == 0 {
                    ("th", " scope=\"row\"")
                } else {
                    ("td", "")
                };
                format!("<{tag}{scope}{}>{}</{tag}>", side(*align), escaped(cell))
            });
        out.push_str(&format!("<tr>{}</tr>\n", cells.collect::<String>()));
    }
    out.push_str("</tbody></table>\n");
}
