//! Several measures in one row share its status and attributes.

use super::number;
use crate::formats::{Cube, Mark};

/// Whether the cells of each row (`width` neighbours) are all there and say the same beside their values, so that they can
/// stand in columns of one row; texts stand only in columns without numbers.
pub(super) fn agrees(cube: &Cube, width: usize) -> bool {
    let cells = &cube.cells;
    if !cells.len().is_multiple_of(width) {
        return false;
    }
    let mut numbers = vec![false; width];
    let mut texts = vec![false; width];
    let mut first: Option<(u64, Mark)> = None;
    for (index, cell) in cells.iter().enumerate() {
        let measure = index % width;
        let shared = shared(cell.mark);
        if measure == 0 {
            if !cell.position.is_multiple_of(width as u64) {
                return false;
            }
            first = Some((cell.position, shared));
        } else if first
            != cell
                .position
                .checked_sub(measure as u64)
                .map(|from| (from, shared))
        {
            return false;
        }
        if let Some(slot) = numbers.get_mut(measure) {
            *slot |= cell.value.is_some();
        }
        let text = cell.mark.text.as_deref();
        if text.is_some_and(|text| number::kind(text) != number::Kind::Text) {
            return false;
        }
        if let Some(slot) = texts.get_mut(measure) {
            *slot |= text.is_some();
        }
    }
    numbers
        .iter()
        .zip(&texts)
        .all(|(number, text)| !(*number && *text))
}

/// A mark without what stands in place of a number.
fn shared(mark: &Mark) -> Mark {
    let symbol = mark.symbol.clone();
    Mark {
        text: None,
        symbol: symbol.filter(|symbol| !number::is_missing(symbol)),
        ..mark.clone()
    }
}
