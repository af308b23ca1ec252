//! A page in one language, before it is HTML, Markdown or a workbook: sections of paragraphs, tables and charts. It is what a
//! template gets.

use crate::export::{Align, Block, Document, Grid};
use serde::Serialize;

/// A page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page {
    /// The language, as an ISO 639-1 code.
    pub language: &'static str,
    /// Its one heading.
    pub title: String,
    /// The line below it.
    pub subtitle: String,
    /// What it says in short.
    pub summary: Vec<String>,
    /// The sections, in order.
    pub sections: Vec<Section>,
    /// Where it comes from: small print.
    pub origin: Vec<String>,
}

/// A section of a page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Section {
    /// Its name in addresses: `#key-figures`.
    pub id: &'static str,
    /// Its heading.
    pub heading: String,
    /// What it holds.
    pub parts: Vec<Part>,
}

/// A part of a section.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Part {
    /// Sentences.
    Paragraph {
        /// The text.
        text: String,
    },
    /// A table.
    Table(Tabular),
    /// A chart.
    Figure(Illustration),
    /// A list; without a title its section says what it is of.
    List {
        /// Its title.
        title: String,
        /// The items.
        items: Vec<String>,
    },
    /// Pages that lead on; without a title their section says what they are.
    Links {
        /// Their title.
        title: String,
        /// The pages.
        items: Vec<Link>,
    },
    /// What is typed at a shell.
    Command {
        /// The command.
        text: String,
    },
    /// Files to be taken along.
    Downloads {
        /// The files.
        files: Vec<Download>,
    },
}

/// A table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tabular {
    /// What it is of.
    pub caption: String,
    /// The headings of its columns.
    pub headers: Vec<Header>,
    /// The rows.
    pub rows: Vec<TableRow>,
}

/// A heading of a column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Header {
    /// The text.
    pub text: String,
    /// Whether numbers stand below it.
    pub numeric: bool,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TableRow {
    /// What it has in common with the rows around it, such as a theme.
    pub group: String,
    /// Whether it is the row of the page's own area.
    pub own: bool,
    /// The cells, the first of which is the name of the row.
    pub cells: Vec<Cell>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub struct Cell {
    /// As people read it.
    pub text: String,
    /// The number itself, not rounded.
    pub value: Option<f64>,
    /// What stands beside it: a unit, a difference.
    pub aside: String,
    /// The SDMX letter of a value that is not an ordinary one.
    pub status: Option<char>,
    /// What the letter stands for.
    pub meaning: String,
    /// The page about what the cell names; empty for none.
    pub href: String,
    /// The language of the text where it is not that of the page.
    pub language: Option<&'static str>,
}

/// A way to another page.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub struct Link {
    /// What the page is called.
    pub text: String,
    /// Its address.
    pub href: String,
    /// What stands behind the name.
    pub aside: String,
    /// The language of the name where it is not that of the page.
    pub language: Option<&'static str>,
    /// Whether it is the page that is being read, or the part of the site that the page belongs to.
    pub current: bool,
}

/// A chart with its words, and its figures as a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Illustration {
    /// What it is about.
    pub title: String,
    /// What is to be seen, in one sentence.
    pub description: String,
    /// The picture.
    pub svg: String,
    /// The picture for a narrow page, such as a phone's.
    pub narrow: String,
    /// Its figures; `None` where a table of the same section holds them.
    pub table: Option<Tabular>,
}

/// A file to be taken along.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Download {
    /// The name it is saved under.
    pub name: String,
    /// What it is, such as `CSV`.
    pub format: String,
    /// Its address: the whole content, or where it lies.
    pub href: String,
    /// Its size in bytes.
    pub bytes: usize,
    /// Its size as people read it.
    pub size: String,
}

impl Cell {
    /// Words.
    pub(super) fn words(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// A number as it is written.
    pub(super) fn number(text: String, value: Option<f64>) -> Self {
        Self {
            text,
            value,
            ..Self::default()
        }
    }

    /// Text, letter and what stands beside it on one line.
    pub(super) fn line(&self) -> String {
        let status = self.status.map(|letter| format!(" {letter}")).unwrap_or_default();
        match self.aside.as_str() {
            "" => format!("{}{status}", self.text),
            aside => format!("{}{status} ({aside})", self.text),
        }
    }
}

impl Tabular {
    fn grid(&self) -> Grid {
        let align = |header: &Header| match header.numeric {
            true => Align::Right,
            false => Align::Left,
        };
        Grid {
            caption: self.caption.clone(),
            headers: self
                .headers
                .iter()
                .map(|header| (header.text.clone(), align(header)))
                .collect(),
            rows: self
                .rows
                .iter()
                .map(|row| row.cells.iter().map(Cell::line).collect())
                .collect(),
        }
    }
}

impl Page {
    /// The page for a terminal, a notebook or Markdown: charts become their sentence and their figures.
    pub(super) fn document(&self) -> Document {
        let heading = |text: &str, aside: &str, level| Block::Heading {
            text: text.to_owned(),
            aside: aside.to_owned(),
            level,
        };
        let mut blocks = vec![heading(&self.title, &self.subtitle, 1)];
        blocks.extend(self.summary.iter().cloned().map(Block::Paragraph));
        for section in &self.sections {
            let before = blocks.len();
            blocks.push(heading(&section.heading, "", 2));
            blocks.extend(section.parts.iter().flat_map(blocks_of));
            // Files to be taken along are no part of a text.
            if blocks.len() == before + 1 {
                blocks.pop();
            }
        }
        blocks.push(Block::Footer(self.origin.clone()));
        Document {
            language: self.language,
            blocks,
        }
    }
}

fn blocks_of(part: &Part) -> Vec<Block> {
    match part {
        Part::Paragraph { text } | Part::Command { text } => vec![Block::Paragraph(text.clone())],
        Part::Table(table) => vec![Block::Grid(table.grid())],
        Part::Figure(figure) => {
            let mut blocks = vec![Block::Paragraph(figure.description.clone())];
            blocks.extend(figure.table.as_ref().map(|table| Block::Grid(table.grid())));
            blocks
        }
        Part::List { title, items } => vec![Block::List {
            title: title.clone(),
            items: items.clone(),
        }],
        Part::Links { title, items } => vec![Block::List {
            title: title.clone(),
            items: items.iter().map(|link| link.text.clone()).collect(),
        }],
        Part::Downloads { .. } => Vec::new(),
    }
}
