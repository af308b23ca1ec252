//! Documents as a fragment of accessible HTML, for notebooks.

use super::document::{Align, Block, Document, Grid};

/// A document as an HTML fragment: captioned tables with headed rows and columns, no script, no style sheet.
///
/// What stands before the first table is its caption, so that whoever comes upon the table alone hears what it is; a later
/// table without a caption of its own has the title for one.
pub fn to_html(document: &Document) -> String {
    let mut out = format!("<div class=\"kultti\" lang=\"{}\">\n", document.language);
    let leads = |block: &&Block| {
        matches!(
            block,
            Block::Heading { .. } | Block::Paragraph(_) | Block::Strip { .. }
        )
    };
    let lead: Vec<&Block> = document.blocks.iter().take_while(leads).collect();
    let named = matches!(document.blocks.get(lead.len()), Some(Block::Grid(grid)) if grid.caption.is_empty());
    let title = lead.iter().find_map(|block| match block {
        Block::Heading { text, .. } => Some(escaped(text)),
        _ => None,
    });
    let mut caption = None;
    let mut rest = document.blocks.as_slice();
    if named {
        let lines: Vec<String> = lead.iter().filter_map(|block| line(block)).collect();
        caption = Some(lines.join("<br>"));
        rest = &document.blocks[lead.len()..];
    }
    for block in rest {
        match block {
            Block::Grid(grid) => {
                let own = Some(escaped(&grid.caption)).filter(|own| !own.is_empty());
                let caption = own.or_else(|| caption.take()).or_else(|| title.clone());
                table(&mut out, grid, &caption.unwrap_or_default());
            }
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
            block => {
                let line = line(block).unwrap_or_default();
                out.push_str(&format!("<p>{line}</p>\n"));
            }
        }
    }
    out.push_str("</div>");
    out
}

/// A heading or sentence.
fn line(block: &Block) -> Option<String> {
    match block {
        Block::Heading { text, aside, level } => {
            let tag = if *level == 1 { "strong" } else { "span" };
            Some(format!("<{tag}>{}</{tag}> {}", escaped(text), escaped(aside)))
        }
        Block::Paragraph(text) | Block::Strip { label: text, .. } => Some(escaped(text)),
        Block::Grid(_) | Block::List { .. } | Block::Footer(_) => None,
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn table(out: &mut String, grid: &Grid, caption: &str) {
    out.push_str("<table>\n");
    if !caption.is_empty() {
        // Above the table and not in its middle, as notebooks would have it.
        let style = "caption-side:top;text-align:left";
        out.push_str(&format!("<caption style=\"{style}\">{caption}</caption>\n"));
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
