//! PX files: what real ones hold, what is told of damaged ones, and that a cube comes back as it was written.

use kultti_core::Error;
use kultti_core::formats::{
    Cells, Cube, Format, ReadOptions, Reading, Target, Warning, WriteOptions, read_cube, write_cube,
};
use std::path::PathBuf;

/// Real files of statistical offices, which are not ours to hand on.
#[expect(clippy::print_stderr, reason = "a test that was skipped says so")]
fn interop(test: &str) -> Vec<(String, Vec<u8>)> {
    let Some(folder) = std::env::var_os("KULTTI_INTEROP").map(PathBuf::from) else {
        eprintln!("SKIPPED {test}: KULTTI_INTEROP names no folder with real files");
        return Vec::new();
    };
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder.join("px"))
        .expect("the folder px")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read(&path).expect("a file"))
        })
        .collect();
    files.sort();
    assert!(!files.is_empty(), "the folder px of KULTTI_INTEROP is empty");
    files
}

fn read(name: &str, bytes: &[u8]) -> Result<Reading, Error> {
    let options = ReadOptions {
        format: Some(Format::Px),
        ..ReadOptions::default()
    };
    read_cube(name, bytes, &options)
}

#[test]
fn real_files_are_read_or_refused_with_a_line() {
    for (name, bytes) in interop("real_files_are_read_or_refused_with_a_line") {
        assert_eq!(
            Format::of("x", &bytes).ok(),
            Some(Format::Px),
            "{name} is known by its content"
        );
        let result = read(&name, &bytes);
        if name.contains("error__fatal") {
            let error = result.expect_err(&name);
            let text = error.to_string();
            let line = text.split(':').nth(1).and_then(|line| line.parse::<usize>().ok());
            assert!(line.is_some_and(|line| line > 1), "{name}: {text}");
            continue;
        }
        let reading = result.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!reading.cube.cells.is_empty(), "{name}");
        if name.contains("error__continue") {
            assert!(!reading.warnings.is_empty(), "{name}");
        }
    }
}

fn write(cube: &Cube, options: &WriteOptions) -> (Vec<u8>, Vec<Warning>) {
    let mut bytes = Vec::new();
    let mut target = Target {
        name: "out.px",
        out: &mut bytes,
    };
    let warnings = write_cube(cube, Format::Px, options, &mut target).expect("a file");
    (bytes, warnings)
}

#[test]
fn a_real_file_that_is_written_reads_back_as_the_same_cube() {
    for (name, bytes) in interop("a_real_file_that_is_written_reads_back_as_the_same_cube") {
        let Ok(first) = read(&name, &bytes) else { continue };
        let (written, _) = write(&first.cube, &WriteOptions::default());
        let second = read(&name, &written).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (mut left, mut right) = (first.cube, second.cube);
        for (key, value) in &left.foreign {
            assert_eq!(Some(value), right.foreign.get(key), "{name}: foreign");
        }
        assert!(left.cells == right.cells, "{name}: cells");
        left.cells = Cells::dense();
        right.cells = Cells::dense();
        assert_eq!(left, right, "{name}");
    }
}
