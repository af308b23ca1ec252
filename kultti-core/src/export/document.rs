//! The human form of a result, before it is written as text, Markdown or HTML.

/// A column's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A small table.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// Caption; empty for none.
    pub caption: String,
    /// Headings.
    pub headers: Vec<(String, Align)>,
    /// Rows.
    pub rows: Vec<Vec<String>>,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// What it is about, and on the right what belongs to it: the period, the value.
    Heading {
        /// Left.
        text: String,
        /// Right.
        aside: String,
        /// 1 for the title, 2 below it.
        level: u8,
    },
    /// A sentence.
    Paragraph(String),
    /// The distribution of all values with one of them marked.
    Strip {
        /// Where it stands: the sentence before the strip.
        label: String,
        /// All values, ascending.
        values: Vec<f64>,
        /// The marked one.
        marked: Option<f64>,
        /// The words at both ends.
        ends: (String, String),
    },
    /// A table.
    Grid(Grid),
    /// A list under a heading.
    List {
        /// Heading.
        title: String,
        /// Items.
        items: Vec<String>,
    },
    /// Small print, line by line.
    Footer(Vec<String>),
}

/// A result for people.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The language, as an ISO 639-1 code.
    pub language: &'static str,
    /// The parts.
    pub blocks: Vec<Block>,
}
