//! Documents as Markdown.

use super::document::{Align, Block, Document, Grid};

/// A document as Markdown (CommonMark with tables).
pub fn to_markdown(document: &Document) -> String {
    let mut out = String::new();
    for block in &document.blocks {
        match block {
            Block::Heading { text, aside, level } => {
                let marks = "#".repeat(usize::from(*level) + 1);
                let aside = if aside.is_empty() {
                    String::new()
                } else {
                    format!(": {}", escaped(aside))
                };
                out.push_str(&format!("{marks} {}{aside}\n\n", escaped(text)));
            }
            Block::Paragraph(text) | Block::Strip { label: text, .. } => {
                out.push_str(&format!("{}\n\n", escaped(text)))
            }
            Block::Grid(grid) => table(&mut out, grid),
            Block::List { title, items } => {
                out.push_str(&format!("**{}**\n\n", escaped(title)));
                items
                    .iter()
                    .for_each(|item| out.push_str(&format!("- {}\n", escaped(item))));
                out.push('\n');
            }
            Block::Footer(lines) => {
                lines
                    .iter()
                    .for_each(|line| out.push_str(&format!("{}  \n", escaped(line))));
            }
        }
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('|', "\\|")
        .replace('<', "&lt;")
        .replace('*', "\\*")
        .replace('_', "\\_")
}

fn table(out: &mut String, grid: &Grid) {
    if !grid.caption.is_empty() {
        out.push_str(&format!("**{}**\n\n", escaped(&grid.caption)));
    }
    let row = |cells: &[String]| {
        format!(
            "| {} |\n",
            cells
                .iter()
                .map(|cell| escaped(cell))
                .collect::<Vec<_>>()
                .join(" | ")
        )
    };
    let headers: Vec<String> = grid.headers.iter().map(|(name, _)| name.clone()).collect();
    out.push_str(&row(&headers));
    let rule = grid
        .headers
        .iter()
        .map(|(_, align)| if *align == Align::Right { "---:" } else { "---" });
    out.push_str(&format!("| {} |\n", rule.collect::<Vec<_>>().join(" | ")));
    grid.rows.iter().for_each(|cells| out.push_str(&row(cells)));
    out.push('\n');
}
