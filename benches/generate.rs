//! Makes the data of the benchmarks: `generate S FOLDER` writes a folder that `kultti release build` reads.
//!
//! Sizes are S (48 areas, 60 indicators, 3 years), M (310, 400, 10), L (400, 3,000, 30) and E (100,000, 12, 30), 70 % dense, with mergers,
//! missing values, ties, zeros and negative values. The same size gives the same bytes on every machine.

mod generator;

use generator::{SIZES, Size, generate};
use std::error::Error;
use std::io::Write;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [size, folder] = arguments.as_slice() else {
        return Err("usage: generate S|M|L|E FOLDER".into());
    };
    let size =
        Size::named(size).ok_or_else(|| format!("{size} is none of the {} sizes S, M, L, E", SIZES.len()))?;
    let rows = generate(size, Path::new(folder))?;
    writeln!(std::io::stdout(), "{rows} observations in {folder}")?;
    Ok(())
}
