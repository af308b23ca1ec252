//! Documents as text for a terminal: aligned, wrapped, and readable on a narrow one.

use super::document::{Align, Block, Document, Grid};
use unicode_width::UnicodeWidthStr;

/// How text is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextOptions {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether to use bold and dim type.
    pub styled: bool,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self {
            width: 100,
            styled: false,
        }
    }
}

const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const PLAIN: &str = "\x1b[0m";
const BINS: usize = 30;

/// A document as text.
pub fn to_text(document: &Document, options: TextOptions) -> String {
    let mut out = String::new();
    for block in &document.blocks {
        match block {
            Block::Heading { text, aside, level } => {
                if *level == 1 && !out.is_empty() {
                    out.push('\n');
                }
                heading(&mut out, text, aside, options);
            }
            Block::Paragraph(text) => wrapped(&mut out, text, (" ", " "), options.width),
            Block::Strip {
                label,
                values,
                marked,
                ends,
            } => strip(&mut out, label, values, (*marked, ends), options.width),
            Block::Grid(grid) => lay_out(&mut out, grid, options),
            Block::List { title, items } => {
                out.push('\n');
                styled(&mut out, &format!(" {title}"), BOLD, options);
                items
                    .iter()
                    .for_each(|item| wrapped(&mut out, item, (" • ", "   "), options.width));
            }
            Block::Footer(lines) => {
                out.push('\n');
                for line in lines {
                    let mut small = String::new();
                    wrapped(&mut small, line, (" ", "   "), options.width);
                    styled(&mut out, small.trim_end_matches('\n'), DIM, options);
                }
            }
        }
    }
    out
}

fn styled(out: &mut String, text: &str, style: &str, options: TextOptions) {
    if options.styled {
        out.push_str(&format!("{style}{text}{PLAIN}\n"));
    } else {
        out.push_str(text);
        out.push('\n');
    }
}

fn heading(out: &mut String, text: &str, aside: &str, options: TextOptions) {
    let room = options.width.saturating_sub(2 + text.width() + aside.width());
    if aside.is_empty() {
        let mut lines = String::new();
        wrapped(&mut lines, text, (" ", " "), options.width);
        styled(out, lines.trim_end_matches('\n'), BOLD, options);
    } else if room < 2 {
        let mut lines = String::new();
        wrapped(&mut lines, text, (" ", " "), options.width);
        wrapped(&mut lines, aside, (" ", " "), options.width);
        styled(out, lines.trim_end_matches('\n'), BOLD, options);
    } else {
        styled(out, &format!(" {text}{}{aside}", " ".repeat(room)), BOLD, options);
    }
}

/// Breaks a sentence at blanks; a no-break space holds.
fn wrapped(out: &mut String, text: &str, (first, rest): (&str, &str), width: usize) {
    let mut line = first.to_owned();
    let mut empty = true;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if !empty && line.width() + 1 + word.width() > width {
            out.push_str(&line);
            out.push('\n');
            rest.clone_into(&mut line);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    out.push_str(&line);
    out.push('\n');
}

/// How many values lie in each of equally wide bins, as blocks, with the marked bin as a dot.
fn strip(
    out: &mut String,
    label: &str,
    values: &[f64],
    (marked, ends): (Option<f64>, &(String, String)),
    width: usize,
) {
    out.push('\n');
    wrapped(out, label, ("   ", "   "), width);
    let (Some(low), Some(high)) = (values.first(), values.last()) else {
        return;
    };
    let picture = bars(values, marked);
    let line = format!("   {} ├{picture}┤ {}", ends.0, ends.1);
    if high > low && line.width() <= width {
        out.push_str(&line);
        out.push('\n');
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "bins and counts are small and not negative"
)]
fn bars(values: &[f64], marked: Option<f64>) -> String {
    const BLOCKS: [char; 9] = ['─', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let (Some(low), Some(high)) = (values.first(), values.last()) else {
        return String::new();
    };
    let bin = |value: f64| (((value - low) / (high - low) * BINS as f64) as usize).min(BINS - 1);
    let mut counts = [0_usize; BINS];
    values.iter().for_each(|value| counts[bin(*value)] += 1);
    let most = counts.iter().copied().max().unwrap_or(1).max(1);
    let dot = marked.map(bin);
    counts
        .iter()
        .enumerate()
        .map(|(index, count)| {
            if dot == Some(index) {
                '●'
            } else {
                BLOCKS[(count * 8).div_ceil(most)]
            }
        })
        .collect()
}

fn lay_out(out: &mut String, grid: &Grid, options: TextOptions) {
    out.push('\n');
    if !grid.caption.is_empty() {
        let mut lines = String::new();
        wrapped(&mut lines, &grid.caption, (" ", " "), options.width);
        styled(out, lines.trim_end_matches('\n'), BOLD, options);
    }
    let Some(widths) = fitting(grid, options.width) else {
        return stack(out, grid, options);
    };
    let headers: Vec<String> = grid.headers.iter().map(|(name, _)| name.clone()).collect();
    let mut top = String::new();
    cells(&mut top, &headers, grid, (&widths, true));
    styled(out, top.trim_end_matches('\n'), DIM, options);
    grid.rows
        .iter()
        .for_each(|row| cells(out, row, grid, (&widths, false)));
}

/// The widths of the columns: as wide as their cells, or with the widest columns narrowed until the table fits, words down to
/// the longest one and numbers down to the longest number; `None` where it cannot.
fn fitting(grid: &Grid, width: usize) -> Option<Vec<usize>> {
    let cells = |column: usize| {
        let cells = grid
            .rows
            .iter()
            .filter_map(move |row| row.get(column))
            .map(String::as_str);
        cells.chain([grid.headers[column].0.as_str()])
    };
    let longest_word = |cell: &str| cell.split(' ').map(UnicodeWidthStr::width).max().unwrap_or(0);
    let mut widths: Vec<usize> = (0..grid.headers.len())
        .map(|column| cells(column).map(UnicodeWidthStr::width).max().unwrap_or(0))
        .collect();
    let least: Vec<usize> = (0..grid.headers.len())
        .map(|column| match grid.headers[column].1 {
            Align::Left => cells(column).map(longest_word).max().unwrap_or(0),
            Align::Right => {
                let numbers = grid.rows.iter().filter_map(|row| row.get(column));
                let header = longest_word(&grid.headers[column].0);
                numbers
                    .map(|number| number.width())
                    .max()
                    .unwrap_or(0)
                    .max(header)
            }
        })
        .collect();
    let gaps = 3 + 2 * widths.len().saturating_sub(1);
    while gaps + widths.iter().sum::<usize>() > width {
        let widest = (0..widths.len())
            .filter(|column| widths[*column] > least[*column])
            .max_by_key(|column| widths[*column])?;
        widths[widest] -= 1;
    }
    Some(widths)
}

/// One row of cells; a cell wider than its column goes on in the next line, and headers stand on the last one.
fn cells(out: &mut String, row: &[String], grid: &Grid, (widths, sunk): (&[usize], bool)) {
    let broken: Vec<Vec<String>> = row
        .iter()
        .zip(widths)
        .map(|(cell, width)| {
            let mut lines = String::new();
            wrapped(&mut lines, cell, ("", ""), *width);
            lines.lines().map(str::to_owned).collect()
        })
        .collect();
    let height = broken.iter().map(Vec::len).max().unwrap_or(0);
    for line in 0..height {
        let padded = broken
            .iter()
            .zip(widths)
            .zip(&grid.headers)
            .map(|((cell, width), (_, align))| {
                let above = if sunk { height - cell.len() } else { 0 };
                let text = line.checked_sub(above).and_then(|line| cell.get(line));
                let text = text.map_or("", String::as_str);
                let blank = " ".repeat(width.saturating_sub(text.width()));
                match align {
                    Align::Left => format!("{text}{blank}"),
                    Align::Right => format!("{blank}{text}"),
                }
            });
        out.push_str(&format!(
            "   {}\n",
            padded.collect::<Vec<_>>().join("  ").trim_end()
        ));
    }
}

/// Too wide for the terminal: every row becomes a paragraph of `heading: value` lines.
fn stack(out: &mut String, grid: &Grid, options: TextOptions) {
    for row in &grid.rows {
        for (index, (cell, (header, _))) in row.iter().zip(&grid.headers).enumerate() {
            if index == 0 {
                wrapped(out, cell, ("   ", "   "), options.width);
            } else if !cell.is_empty() {
                let text = if header.is_empty() {
                    cell.clone()
                } else {
                    format!("{header}: {cell}")
                };
                wrapped(out, &text, ("     ", "       "), options.width);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Document {
        let headers = vec![
            ("name".to_owned(), Align::Left),
            ("value".to_owned(), Align::Right),
        ];
        let rows = vec![
            vec!["Äänekoski".to_owned(), "7".to_owned()],
            vec!["Ii".to_owned(), "1\u{a0}234".to_owned()],
        ];
        Document {
            language: "en",
            blocks: vec![Block::Grid(Grid {
                caption: String::new(),
                headers,
                rows,
            })],
        }
    }

    #[test]
    fn columns_are_aligned_by_what_is_seen() {
        let text = to_text(
            &grid(),
            TextOptions {
                width: 80,
                styled: false,
            },
        );
        let ends: Vec<usize> = text
            .lines()
            .filter(|line| !line.is_empty())
            .map(UnicodeWidthStr::width)
            .collect();
        assert_eq!(ends, [19, 19, 19], "{text}");
    }

    #[test]
    fn headings_and_captions_keep_to_the_width() {
        let mut document = grid();
        if let Some(Block::Grid(grid)) = document.blocks.first_mut() {
            "What the change is made of".clone_into(&mut grid.caption);
            "value of the year".clone_into(&mut grid.headers[1].0);
        }
        let options = TextOptions {
            width: 22,
            styled: false,
        };
        let text = to_text(&document, options);
        assert!(text.lines().all(|line| line.width() <= 22), "{text}");
        // The last word of a heading stands right above its numbers.
        assert!(text.contains("the year\n   Äänekoski"), "{text}");
    }

    #[test]
    fn a_narrow_terminal_gets_a_line_per_cell() {
        let text = to_text(
            &grid(),
            TextOptions {
                width: 18,
                styled: false,
            },
        );
        assert!(text.contains("   Äänekoski\n     value: 7\n"), "{text}");
    }
}
