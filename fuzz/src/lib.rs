//! What every target does: bytes that read as a cube are written in the same format and read again. Where the format holds
//! cubes, it must be the same one.

use kultti_core::formats::{Cube, Format, ReadOptions, Target, WriteOptions, read_cube, write_cube};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

static HOOK: Once = Once::new();

/// Reads and writes as [`there_and_back_again`], and ends the process when a panic comes out of it. Those that Kultti catches
/// are none: the readers of Parquet and Arrow panic on damaged files, and that becomes an error.
pub fn there_and_back(format: Format, data: &[u8]) {
    // libFuzzer's own hook ends the process at any panic, also at one that is caught.
    HOOK.call_once(|| {
        drop(take_hook());
        set_hook(Box::new(|panic| eprintln!("{panic}")));
    });
    if catch_unwind(AssertUnwindSafe(|| there_and_back_again(format, data))).is_err() {
        std::process::abort();
    }
}

/// Reads bytes as a file in a format; what can be read must come back the same, unless the writer has said what it lost. A
/// plain table holds no title and only one language, so that it must only be readable again.
///
/// What only the format knows (`Cube::foreign`) is left out of the comparison: the second file is in the version and the
/// spelling that Kultti writes.
///
/// # Panics
/// When the second reading fails or is another cube: that is a finding.
fn there_and_back_again(format: Format, data: &[u8]) {
    let options = ReadOptions {
        format: Some(format),
        ..ReadOptions::default()
    };
    let Ok(first) = read_cube("fuzz", data, &options) else {
        return;
    };
    let mut out = Vec::new();
    let mut target = Target {
        name: "out",
        out: &mut out,
    };
    // A cube that the format cannot hold at all is refused, which is an answer.
    let Ok(lost) = write_cube(&first.cube, format, &WriteOptions::default(), &mut target) else {
        return;
    };
    let second = read_cube("again", &out, &options);
    let second = second.unwrap_or_else(|error| panic!("{error}\n{}", String::from_utf8_lossy(&out)));
    if !lost.is_empty() || matches!(format, Format::Csv | Format::Tsv | Format::Xlsx) {
        return;
    }
    let (first, second) = (plain(first.cube), plain(second.cube));
    assert_eq!(first, second, "{}", String::from_utf8_lossy(&out));
}

fn plain(mut cube: Cube) -> Cube {
    cube.foreign.clear();
    // PX demands a title, contents and units in each language; what one of them lacks has the words of the first.
    let languages = cube.languages.clone();
    let labels = [&mut cube.label, &mut cube.contents].into_iter();
    for labels in labels.chain(cube.unit.as_mut().map(|unit| &mut unit.label)) {
        let first = languages.iter().find_map(|language| labels.get(language)).map(str::to_owned);
        for language in &languages {
            if let (None, Some(text)) = (labels.get(language), &first) {
                labels.set(language, text);
            }
        }
    }
    cube
}
