//! What every target does: bytes that read as a cube are written in the same format and read again. Where the format holds
//! cubes, it must be the same one.

use kultti_core::formats::{Cube, Format, ReadOptions, Target, WriteOptions, read_cube, write_cube};

/// Reads bytes as a file in a format; what can be read must come back the same. A plain table holds no title and only one
/// language, so that it must only be readable again.
///
/// What only the format knows (`Cube::foreign`) is left out of the comparison: the second file is in the version and the
/// spelling that Kultti writes.
///
/// # Panics
/// When the second reading fails or is another cube: that is a finding.
pub fn there_and_back(format: Format, data: &[u8]) {
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
    if write_cube(&first.cube, format, &WriteOptions::default(), &mut target).is_err() {
        return;
    }
    let second = read_cube("again", &out, &options);
    let second = second.unwrap_or_else(|error| panic!("{error}\n{}", String::from_utf8_lossy(&out)));
    if matches!(format, Format::Csv | Format::Tsv | Format::Xlsx) {
        return;
    }
    let (first, second) = (plain(first.cube), plain(second.cube));
    assert_eq!(first, second, "{}", String::from_utf8_lossy(&out));
}

fn plain(mut cube: Cube) -> Cube {
    cube.foreign.clear();
    cube
}
