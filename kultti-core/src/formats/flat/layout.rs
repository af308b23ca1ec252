//! What every column of a table is.

use super::Numbers;
use crate::formats::mapping::Symbol;
use crate::formats::{Absent, Attribute, Category, Cube, Labels, Role};
use std::collections::BTreeMap;

/// What a column is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    /// Codes of a dimension, by its place.
    Dimension(usize),
    /// Labels of a dimension's categories in a language.
    Label(usize, String),
    /// Figures, with the place of their category in every dimension that has no column, in order.
    Value(Vec<usize>),
    /// Observation status.
    Status,
    /// Raw symbol.
    Symbol,
    /// A text in place of a number.
    Text,
    /// An attribute, by its place.
    Attribute(usize),
    /// A note on the row's cells, in a language.
    Note(String),
    /// Nothing that the cube takes.
    Ignored,
}

/// A dimension to be.
#[derive(Debug, Clone, Default)]
pub(super) struct Axis {
    pub(super) code: String,
    pub(super) label: Labels,
    pub(super) role: Role,
    /// Its categories where no column has them; else what is known of categories beside their codes.
    pub(super) categories: Vec<Category>,
    /// Whether a column has its codes.
    pub(super) in_column: bool,
    /// Codes of the cube by those of the table.
    pub(super) codes: BTreeMap<String, String>,
    /// What stands before every code of the table and not in the cube.
    pub(super) prefix: String,
    /// Whether an empty cell has the code of the row above.
    pub(super) fill_down: bool,
    /// Whether there are no other categories than these.
    pub(super) fixed: bool,
}

/// What every column of a table is, and how its cells are read.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) columns: Vec<Part>,
    pub(super) axes: Vec<Axis>,
    pub(super) numbers: Numbers,
    /// Texts in place of numbers, as the source means them.
    pub(super) symbols: BTreeMap<String, Symbol>,
    /// Everything of the cube that no row says.
    pub(super) cube: Cube,
    /// Whether Kultti wrote the table.
    pub(super) own: bool,
    /// What a cell is that no row has.
    pub(super) absent: Absent,
}

impl Layout {
    pub(super) fn new(columns: usize) -> Self {
        Self {
            columns: vec![Part::Ignored; columns],
            axes: Vec::new(),
            numbers: Numbers::POINT,
            symbols: usual_symbols(),
            cube: Cube::new(Vec::new()),
            own: false,
            absent: Absent::NotGiven,
        }
    }

    pub(super) fn set(&mut self, column: usize, part: Part) {
        if let Some(slot) = self.columns.get_mut(column) {
            *slot = part;
        }
    }

    /// The layout with everything of a known cube but its cells; `None` where the columns are those of another.
    pub(super) fn of_cube(mut self, mut cube: Cube, absent: Absent) -> Option<Self> {
        if self.axes.len() != cube.dimensions.len() || self.attributes().len() != cube.attributes.len() {
            return None;
        }
        for (axis, dimension) in self.axes.iter_mut().zip(std::mem::take(&mut cube.dimensions)) {
            if axis.code != dimension.code {
                return None;
            }
            axis.label = dimension.label;
            axis.role = dimension.role;
            axis.categories = dimension.categories;
            axis.fixed = true;
        }
        for part in &mut self.columns {
            if matches!(part, Part::Label(..)) {
                *part = Part::Ignored;
            }
        }
        self.cube = cube;
        self.absent = absent;
        Some(self)
    }

    /// The place of an attribute, added at the end where there was none.
    pub(super) fn attribute(&mut self, code: &str) -> usize {
        self.cube.attribute(code)
    }

    pub(super) fn attributes(&self) -> &[Attribute] {
        &self.cube.attributes
    }

    pub(super) fn values(&self) -> impl Iterator<Item = (usize, &[usize])> {
        self.columns
            .iter()
            .enumerate()
            .filter_map(|(column, part)| match part {
                Part::Value(places) => Some((column, places.as_slice())),
                _ => None,
            })
    }
}

/// Symbols that stand for a missing figure in the tables of statistical offices. What one means its source alone knows.
pub(super) const USUAL_SYMBOLS: [&str; 10] =
    [".", "..", "...", "....", ".....", "......", "-", "–", ":", "…"];

fn usual_symbols() -> BTreeMap<String, Symbol> {
    let missing = |symbol: &&str| ((*symbol).to_owned(), Symbol::Missing(None));
    USUAL_SYMBOLS.iter().map(missing).collect()
}
