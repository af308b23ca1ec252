//! What goes through a format comes back: all that the format says it holds, for cubes with every awkward thing and for
//! real files, there and back through every other format.

use crate::cubes::any_cube;
use crate::parts_said::said;
use kultti_core::formats::{
    Absent, Cells, Cube, DataStructure, Format, Labels, Mark, Part, ReadOptions, Role, Target, Unit,
    WriteOptions, data_structure, read_cube, write_cube,
};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn written(cube: &Cube, format: Format) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut target = Target {
        name: "table",
        out: &mut bytes,
    };
    let options = WriteOptions::default();
    write_cube(cube, format, &options, &mut target).unwrap_or_else(|error| panic!("{format}: {error}"));
    bytes
}

fn read(bytes: &[u8], format: Format) -> Cube {
    read_with(bytes, format, None)
}

/// The definition that stands beside a message of SDMX-CSV.
fn known(cube: &Cube) -> DataStructure {
    let text = data_structure(cube);
    DataStructure::parse("structure.json", text.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

/// Reads with a data structure definition, as it stands beside a file of SDMX-CSV.
fn read_with(bytes: &[u8], format: Format, structure: Option<DataStructure>) -> Cube {
    let options = ReadOptions {
        format: Some(format),
        structure,
        ..ReadOptions::default()
    };
    let reading = read_cube("table", bytes, &options);
    reading
        .unwrap_or_else(|error| panic!("{format}: {error}\n{}", String::from_utf8_lossy(bytes)))
        .cube
}

/// What the generator leaves out: hierarchies, coordinates, contents, a unit, cells that are not given.
fn with_more(mut cube: Cube, case: usize) -> Cube {
    let languages = cube.languages.clone();
    let mut contents = Labels::default();
    for language in &languages {
        contents.set(language, format!("Contents in {language}"));
    }
    cube.contents = contents.clone();
    // PX demands a title, and writes a dash where there is none.
    for language in &languages {
        let title = cube.label.get(language).unwrap_or_default().trim().to_owned();
        cube.label.set(language, format!("Table {title}").trim());
    }
    if !cube
        .dimensions
        .iter()
        .any(|dimension| dimension.role == Role::Metric)
    {
        cube.unit = Some(Unit {
            label: contents,
            ..Unit::default()
        });
    }
    for dimension in &mut cube.dimensions {
        let count = dimension.categories.len();
        if case.is_multiple_of(2) && dimension.role == Role::Classification && count > 2 {
            dimension.categories[0].children = (1..count).collect();
        }
        if dimension.role == Role::Geo {
            dimension.categories[0].coordinates = Some([23.13, 63.84]);
        }
    }
    if case % 5 == 1 {
        cube.cells = with_a_text(&cube.cells);
    }
    if case.is_multiple_of(3) {
        cube.cells = with_gaps(&cube, case);
    }
    cube
}

/// The cells with a text in place of the first figure.
fn with_a_text(kept: &Cells) -> Cells {
    let mut cells = Cells::dense();
    for cell in kept.iter() {
        let text = (cell.position == 0).then(|| "not a number".to_owned());
        let value = cell.value.filter(|_| text.is_none());
        let mark = match text {
            Some(_) => Mark {
                text,
                ..Mark::default()
            },
            None => cell.mark.clone(),
        };
        cells.push(value, mark);
    }
    cells
}

/// Some of the cells; in every second case each category keeps one.
fn with_gaps(cube: &Cube, case: usize) -> Cells {
    let mut cells = Cells::sparse(Absent::NotGiven);
    let half = cube.size().unwrap_or(0) / 2;
    let mut needed = BTreeSet::new();
    for (place, size) in cube.sizes().into_iter().enumerate() {
        for category in 0..size {
            let mut key = vec![0; cube.dimensions.len()];
            key[place] = category;
            needed.extend(cube.position(&key));
        }
    }
    for cell in cube.cells.iter() {
        if cell.position >= half || (case.is_multiple_of(2) && needed.contains(&cell.position)) {
            cells.push_at(cell.position, cell.value, cell.mark.clone());
        }
    }
    cells
}

/// Leaves out attributes that the other table does not have: SDMX-CSV has one for the unit and one for the decimals.
fn own_attributes_only(cube: &mut Cube, own: &Cube) {
    let known = |code: &str| own.attributes.iter().any(|attribute| attribute.code == code);
    let kept = cube.cells.clone();
    let places: Vec<usize> = (0..cube.attributes.len())
        .filter(|place| known(&cube.attributes[*place].code))
        .collect();
    cube.cells = match kept.positions() {
        None => Cells::dense(),
        Some(_) => Cells::sparse(kept.absent()),
    };
    for cell in kept.iter() {
        let mut mark = cell.mark.clone();
        mark.attributes = places
            .iter()
            .map(|place| cell.mark.attribute(*place).map(str::to_owned))
            .collect();
        match kept.positions() {
            None => cube.cells.push(cell.value, mark),
            Some(_) => cube.cells.push_at(cell.position, cell.value, mark),
        }
    }
    cube.attributes = places
        .iter()
        .map(|place| cube.attributes[*place].clone())
        .collect();
}

/// Leaves out the cells that the other table does not give: a format without a place for that fills them in as missing.
fn given_only(cube: &mut Cube, given: &Cube) {
    let kept = cube.cells.clone();
    cube.cells = Cells::sparse(Absent::NotGiven);
    for cell in kept.iter().filter(|cell| given.cells.at(cell.position).is_some()) {
        cube.cells.push_at(cell.position, cell.value, cell.mark.clone());
    }
}

/// Whether a part of this table can be compared after a format that fills in or leaves out something else.
fn comparable(part: Part, format: Format, cube: &Cube) -> bool {
    let every_category = cube.dimensions.iter().enumerate().all(|(place, dimension)| {
        let used: BTreeSet<usize> = cube
            .cells
            .iter()
            .map(|cell| cube.key(cell.position)[place])
            .collect();
        used.len() == dimension.categories.len()
    });
    let px_symbol =
        |symbol: &str| symbol == "-" || (!symbol.is_empty() && symbol.bytes().all(|byte| byte == b'.'));
    let px_marks = cube
        .cells
        .iter()
        .all(|cell| match (&cell.mark.symbol, cell.value) {
            (Some(symbol), _) => px_symbol(symbol) && cell.mark.status.is_some(),
            (None, value) => value.is_some(),
        });
    match part {
        // A file of rows knows the categories that its rows name, in the order in which it names them.
        Part::CategoryNames | Part::Languages => every_category || format.holds(Part::EmptyCategories),
        // PX has symbols of its own, each with its meaning, and says one of every cell without a figure.
        Part::Symbols | Part::Statuses => format != Format::Px || px_marks,
        // PX demands these.
        Part::Decimals => format != Format::Px || cube.decimals.is_some(),
        Part::Title => format != Format::Px || cube.id.is_some(),
        _ => true,
    }
}

/// The first place where two texts differ, with what stands around it.
fn difference(left: &str, right: &str) -> String {
    let at = left
        .bytes()
        .zip(right.bytes())
        .take_while(|(left, right)| left == right)
        .count();
    let around = |text: &str| {
        let from = at.saturating_sub(60);
        String::from_utf8_lossy(&text.as_bytes()[from..text.len().min(at + 60)]).into_owned()
    };
    format!("\n  {}\n  {}", around(left), around(right))
}

#[test]
fn every_format_gives_back_what_it_says_it_holds_and_only_that() {
    let mut runner = TestRunner::deterministic();
    let mut wrong: Vec<String> = Vec::new();
    let mut lost: BTreeSet<(&str, Part)> = BTreeSet::new();
    for case in 0..48 {
        let cube = any_cube().new_tree(&mut runner).expect("a cube").current();
        let cube = with_more(cube, case);
        for format in Format::ALL {
            let mut again = read(&written(&cube, format), format);
            own_attributes_only(&mut again, &cube);
            for part in Part::ALL {
                if part > Part::Absent && !format.holds(Part::Absent) {
                    given_only(&mut again, &cube);
                }
                let (before, after) = (said(part, &cube).to_string(), said(part, &again).to_string());
                if before == after {
                    continue;
                }
                if format.holds(part) && comparable(part, format, &cube) {
                    let found = difference(&before, &after);
                    wrong.push(format!("case {case}: {format} does not hold {part:?}: {found}"));
                }
                lost.insert((format.name(), part));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for format in Format::ALL {
        for part in Part::ALL {
            let held = format.holds(part);
            assert!(
                held || lost.contains(&(format.name(), part)),
                "{format} holds {part:?} after all"
            );
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder of real files") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn real_files_go_through_every_other_format_and_back() {
    let Some(folder) = std::env::var_os("KULTTI_INTEROP") else {
        eprintln!(
            "NOT TESTED: KULTTI_INTEROP does not name the folder of real PX, JSON-stat and SDMX-CSV files"
        );
        return;
    };
    let mut trips = 0;
    let mut wrong: Vec<String> = Vec::new();
    for path in files(Path::new(&folder)) {
        let name = path.display().to_string();
        if name.contains("error__fatal") {
            continue;
        }
        let bytes = std::fs::read(&path).expect("a real file");
        let reading =
            read_cube(&name, &bytes, &ReadOptions::default()).unwrap_or_else(|error| panic!("{error}"));
        let (own, cube) = (reading.format, reading.cube);
        // TSV is written and read by the code of CSV, and Arrow by that of Parquet: a large table need not go both ways.
        let large = cube.cells.len() > 2_000;
        for format in Format::ALL {
            if large && matches!(format, Format::Tsv | Format::Arrow | Format::Xlsx) {
                continue;
            }
            if format == Format::Px && cube.dimensions.is_empty() {
                continue;
            }
            let structure = |cube: &Cube, format| (format == Format::SdmxCsv).then(|| known(cube));
            let there = read_with(&written(&cube, format), format, structure(&cube, format));
            let mut back = read_with(&written(&there, own), own, structure(&there, own));
            if !format.holds(Part::Absent) || cube.cells.absent() == Absent::Zero {
                given_only(&mut back, &cube);
            }
            own_attributes_only(&mut back, &cube);
            for part in Part::ALL
                .into_iter()
                .filter(|part| own.holds(*part) && format.holds(*part))
            {
                let (before, after) = (said(part, &cube).to_string(), said(part, &back).to_string());
                if before != after && comparable(part, format, &cube) && comparable(part, own, &cube) {
                    wrong.push(format!(
                        "{name} through {format}: {part:?}{}",
                        difference(&before, &after)
                    ));
                }
            }
            if [Format::JsonStat, Format::Xlsx, Format::Parquet, Format::Arrow].contains(&format) {
                // These carry what only the first format knows.
                assert_eq!(
                    cube.foreign.get(own.name()),
                    back.foreign.get(own.name()),
                    "{name} through {format}"
                );
            }
            trips += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(trips > 180, "{trips}");
}
