//! What every target of a format does: bytes that read as a cube are written in the same format and read again. Where the format holds
//! cubes, it must be the same one.

#[cfg(feature = "collection")]
pub mod collection;

use kultti_core::formats::{
    Cube, Dimension, Format, ReadOptions, Target, WriteOptions, read_cube, write_cube,
};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

static HOOK: Once = Once::new();

/// Reads and writes as [`there_and_back_again`], and ends the process when a panic comes out of it. Those that Kultti catches
/// are none: the readers of Parquet and Arrow panic on damaged files, and that becomes an error.
pub fn there_and_back(format: Format, data: &[u8]) {
    ending_at_panics(|| there_and_back_again(format, data));
}

/// Runs `target`, and ends the process when a panic comes out of it.
fn ending_at_panics(target: impl FnOnce()) {
    // libFuzzer's own hook ends the process at any panic, also at one that is caught.
    HOOK.call_once(|| {
        drop(take_hook());
        set_hook(Box::new(|panic| eprintln!("{panic}")));
    });
    if catch_unwind(AssertUnwindSafe(target)).is_err() {
        std::process::abort();
    }
}

/// Reads bytes as a file in a format and writes what was read; what comes back has the same codes and cells, unless the writer
/// has said what it lost or the reader what it assumed. Written once more, it is the same in everything: the first writing may fill in what the format
/// demands and the file lacked, and spell an id as the format wants it, the second has nothing left to do. A plain table holds
/// no title and only one language, so that it must only be readable again.
///
/// # Panics
/// When a reading fails or is another cube: that is a finding.
fn there_and_back_again(format: Format, data: &[u8]) {
    let options = ReadOptions {
        format: Some(format),
        ..ReadOptions::default()
    };
    let Ok(first) = read_cube("fuzz", data, &options) else {
        return;
    };
    let assumed = !first.warnings.is_empty();
    let Some((second, told)) = again(&first.cube, format, &options) else {
        return;
    };
    if matches!(format, Format::Csv | Format::Tsv | Format::Xlsx) {
        return;
    }
    if !told && !assumed {
        assert_eq!(codes(&first.cube), codes(&second));
        assert_eq!(first.cube.cells, second.cells);
    }
    if let Some((third, false)) = again(&second, format, &options) {
        assert_eq!(second, third);
    }
}

/// A cube written and read, and whether writer or reader had anything to say; nothing where the format cannot hold the cube
/// at all, which is an answer.
fn again(cube: &Cube, format: Format, options: &ReadOptions) -> Option<(Cube, bool)> {
    let mut out = Vec::new();
    let mut target = Target {
        name: "out",
        out: &mut out,
    };
    let lost = write_cube(cube, format, &WriteOptions::default(), &mut target).ok()?;
    let read = read_cube("again", &out, options);
    let read = read.unwrap_or_else(|error| panic!("{error}\n{}", String::from_utf8_lossy(&out)));
    let told = !lost.is_empty() || !read.warnings.is_empty();
    Some((read.cube, told))
}

fn codes(cube: &Cube) -> Vec<Vec<&str>> {
    fn of(dimension: &Dimension) -> Vec<&str> {
        dimension.categories.iter().map(|one| one.code.as_str()).collect()
    }
    cube.dimensions.iter().map(of).collect()
}
