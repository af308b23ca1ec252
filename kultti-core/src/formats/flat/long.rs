//! The cells of a cube as rows, and what a table of rows cannot hold of a cube.

use crate::error::{Error, Result};
use crate::formats::format::{Format, Warning};
use crate::formats::{Absent, Category, Cell, Cube, Mark, Role};
use crate::language::{Message, Param};

/// More zeros than these are not written out for a file that leaves out rows of zeros.
const MOST_ROWS: u64 = 100_000_000;

/// The cells of a cube, each a row: those that it has, or every position where one that is absent is zero.
pub(in crate::formats) struct LongRows<'c> {
    cube: &'c Cube,
    sizes: Vec<u64>,
    zeros: Option<u64>,
    path: String,
    format: Format,
}

impl<'c> LongRows<'c> {
    /// The rows of a cube.
    ///
    /// # Errors
    /// [`Error::CannotHold`] for a cube with zeros beyond any table.
    pub(in crate::formats) fn of(cube: &'c Cube, format: Format, path: &str) -> Result<Self> {
        let zero = cube.cells.positions().is_some() && cube.cells.absent() == Absent::Zero;
        let zeros = match cube.size() {
            _ if !zero => None,
            Some(size) if size <= MOST_ROWS => Some(size),
            _ => {
                return Err(Error::CannotHold {
                    path: path.to_owned(),
                    format: format.name().to_owned(),
                    what: "more than 100,000,000 rows, most of them zeros that the source leaves out".into(),
                    advice: "Write PX, Parquet or Arrow.".into(),
                });
            }
        };
        Ok(Self {
            cube,
            sizes: cube.sizes().into_iter().map(|size| size as u64).collect(),
            zeros,
            path: path.to_owned(),
            format,
        })
    }

    /// How many rows there are.
    pub(in crate::formats) fn count(&self) -> u64 {
        self.zeros.unwrap_or(self.cube.cells.len() as u64)
    }

    /// Hands every row to `each`: the place of its category in every dimension, and its cell.
    ///
    /// # Errors
    /// Those of `each`.
    pub(in crate::formats) fn each(
        &self,
        mut each: impl FnMut(&[usize], Cell<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut key = vec![0_usize; self.sizes.len()];
        let mut before: Option<u64> = None;
        let mut row = |cell: Cell<'_>| {
            match before {
                Some(before) if before + 1 == cell.position => self.advance(&mut key),
                _ => key = self.cube.key(cell.position),
            }
            before = Some(cell.position);
            if cell.value.is_some_and(f64::is_infinite) {
                return Err(self.infinite());
            }
            each(&key, cell)
        };
        let Some(size) = self.zeros else {
            return self.cube.cells.iter().try_for_each(row);
        };
        let empty = Mark::default();
        let mut cells = self.cube.cells.iter().peekable();
        (0..size).try_for_each(|position| {
            let given = cells.next_if(|cell| cell.position == position);
            row(given.unwrap_or(Cell {
                position,
                value: Some(0.0),
                mark: &empty,
            }))
        })
    }

    fn infinite(&self) -> Error {
        Error::CannotHold {
            path: self.path.clone(),
            format: self.format.name().to_owned(),
            what: "a number that is not finite".into(),
            advice: "Give the cell a status without a value.".into(),
        }
    }

    /// The next key: the last dimension runs fastest.
    fn advance(&self, key: &mut [usize]) {
        for (place, size) in key.iter_mut().zip(&self.sizes).rev() {
            *place += 1;
            if (*place as u64) < *size {
                return;
            }
            *place = 0;
        }
    }
}

/// The symbol that stands in place of a missing number: the office's own, else that of its status.
pub(in crate::formats) fn shown(mark: &Mark) -> Option<&str> {
    let derived = mark.status.as_deref().and_then(|status| match status {
        "O" => Some("."),
        "M" => Some(".."),
        "Q" => Some("..."),
        "L" => Some("...."),
        _ => None,
    });
    mark.symbol.as_deref().or(derived)
}

/// The warning that names what a cube has and a table of rows cannot hold, where there is anything.
pub(in crate::formats) fn lost(cube: &Cube, format: Format) -> Option<Warning> {
    let categories = || cube.dimensions.iter().flat_map(|dimension| &dimension.categories);
    let any = |has: fn(&Category) -> bool| categories().any(has);
    let of_role = |dimension: &crate::formats::Dimension| matches!(dimension.role, Role::Geo | Role::Metric);
    let named = cube
        .dimensions
        .iter()
        .any(|dimension| !dimension.label.is_empty());
    let titled = !cube.label.is_empty() || !cube.contents.is_empty() || cube.id.is_some();
    let sourced = !cube.source.is_empty() || cube.updated.is_some();
    let units = cube.unit.is_some() || any(|category| category.unit.is_some());
    let decimals = cube.decimals.is_some() || any(|category| category.decimals.is_some());
    let kept = [
        ("word.lost-title", titled),
        ("word.lost-source", sourced),
        ("word.lost-names", named),
        ("word.lost-roles", cube.dimensions.iter().any(of_role)),
        ("word.lost-units", units),
        ("word.lost-decimals", decimals),
        ("word.lost-notes", !cube.notes.is_empty()),
        (
            "word.lost-hierarchies",
            any(|category| !category.children.is_empty()),
        ),
        (
            "word.lost-coordinates",
            any(|category| category.coordinates.is_some()),
        ),
        ("word.lost-foreign", !cube.foreign.is_empty()),
    ];
    let words = kept.into_iter().filter(|(_, has)| *has);
    let words: Vec<Param> = words.map(|(word, _)| Param::Word(word.to_owned())).collect();
    (!words.is_empty()).then(|| {
        let message = Message::new("warning.table-lost");
        Warning(
            message
                .with("format", format.name())
                .with("what", Param::List(words)),
        )
    })
}
