//! Release files: the same sources give the same bytes, and no damage goes unnoticed.

use crate::data::{Folder, Northland, finland};
use kultti_core::model::Observation;
use kultti_core::release::{Release, build, write};
use kultti_core::{Error, Result};
use kultti_datasets::EXAMPLE_RELEASE;
use proptest::prelude::*;

/// Every row, measure by measure, as the panel reads them.
fn rows(release: &Release) -> Result<Vec<Observation>> {
    let mut rows = Vec::new();
    for content in release.content() {
        if let (Some(first), Some(last)) = (content.periods.first(), content.periods.last()) {
            rows.extend(release.observations(&content.measure, &(first.period..=last.period))?);
        }
    }
    Ok(rows)
}

fn open(bytes: Vec<u8>) -> Result<Release> {
    let release = Release::from_bytes("damaged.parquet", bytes)?;
    release.verify()?;
    Ok(release)
}

/// Replaces the first occurrence of a text in a file by one of the same length.
fn patched(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = bytes
        .windows(from.len())
        .position(|window| window == from.as_bytes())
        .expect("the text is in the file");
    let mut patched = bytes.to_vec();
    patched[at..at + to.len()].copy_from_slice(to.as_bytes());
    patched
}

#[test]
fn the_embedded_release_is_built_from_its_sources() {
    let built = build(&finland()).expect("Finland builds");
    assert!(
        built == EXAMPLE_RELEASE,
        "datasets/example.parquet is not what datasets/finland gives"
    );
    assert!(
        EXAMPLE_RELEASE.len() < 1_000_000,
        "{} bytes",
        EXAMPLE_RELEASE.len()
    );
}

#[test]
fn the_same_folder_gives_the_same_bytes() {
    let northland = Northland::new();
    assert_eq!(
        northland.build().expect("builds"),
        northland.build().expect("builds again")
    );
    // Another folder with the same files has another path, which is no part of a release.
    assert_eq!(
        northland.build().expect("builds"),
        Northland::new().build().expect("builds elsewhere")
    );
}

#[test]
fn verifying_counts_every_row() {
    let northland = Northland::new();
    let release = northland.release();
    let lines = |file: &str| northland.text(file).lines().count() - 1;
    let verified = release.verify().expect("an undamaged release");
    assert_eq!(verified.id, release.id());
    assert_eq!(
        verified.rows,
        lines("observations/costs.csv") + lines("observations/others.csv")
    );
    assert_eq!(rows(&release).expect("rows").len(), verified.rows);
}

#[test]
fn a_release_reads_back_what_was_written() {
    let release = Northland::new().release();
    let observations = rows(&release).expect("rows");
    let again = write(
        &observations,
        release.catalogue().document(),
        release.territory().document(),
        release.provenance(),
    );
    let again = Release::from_bytes("again", again.expect("written")).expect("opened");
    assert_eq!(again.id(), release.id());
    assert_eq!(rows(&again).expect("rows"), observations);
    assert_eq!(again.catalogue().document(), release.catalogue().document());
    assert_eq!(again.territory().document(), release.territory().document());
}

#[test]
fn a_file_that_was_cut_off_is_refused() {
    let northland = Northland::new().build().expect("builds");
    for whole in [northland.as_slice(), EXAMPLE_RELEASE] {
        let step = whole.len() / 150;
        let short = [0, 1, 3, 4, 5, 7, 8, 9, 12];
        let late = (1..20).map(|cut| whole.len() - cut);
        for length in short
            .into_iter()
            .chain((0..whole.len()).step_by(step))
            .chain(late)
        {
            let error = open(whole[..length].to_vec()).expect_err("a part of a file");
            assert!(
                ["K0102", "K0103"].contains(&error.code()),
                "{length} bytes: {error}"
            );
        }
    }
}

#[test]
fn a_file_that_was_cut_off_says_so() {
    let error = open(EXAMPLE_RELEASE[..EXAMPLE_RELEASE.len() / 2].to_vec()).expect_err("half a file");
    assert_eq!(error.code(), "K0103");
    let text = error.to_string();
    assert!(
        text.contains("damaged.parquet") && text.contains("cut off"),
        "{text}"
    );
}

/// What a flipped byte leads to; `Err` tells what went wrong.
fn flipped(whole: &[u8], original: &[Observation], id: &str, at: usize, mask: u8) -> Result<(), String> {
    let mut bytes = whole.to_vec();
    bytes[at] ^= mask;
    let attempt = std::panic::catch_unwind(|| {
        open(bytes).and_then(|release| Ok((release.id().to_owned(), rows(&release)?)))
    });
    match attempt {
        Err(_) => Err(format!("byte {at} ^ {mask:#04x}: a panic")),
        Ok(Err(error)) if ["K0102", "K0103"].contains(&error.code()) => Ok(()),
        Ok(Err(error)) => Err(format!("byte {at} ^ {mask:#04x}: {} {error}", error.code())),
        Ok(Ok((found, rows))) if found == id && rows == original => Ok(()),
        Ok(Ok(_)) => Err(format!("byte {at} ^ {mask:#04x}: other rows, unnoticed")),
    }
}

/// Every position is flipped in one bit, in the sign bit and in all bits.
fn flips(whole: &[u8], positions: impl Iterator<Item = usize>) -> Vec<String> {
    let release = open(whole.to_vec()).expect("an undamaged release");
    let original = rows(&release).expect("rows");
    positions
        .flat_map(|at| [0x01, 0x80, 0xff].map(|mask| (at, mask)))
        .filter_map(|(at, mask)| flipped(whole, &original, release.id(), at, mask).err())
        .collect()
}

#[test]
fn a_flipped_byte_is_noticed_or_changes_nothing() {
    let whole = Northland::new().build().expect("builds");
    let head_and_tail = (0..40).chain(whole.len() - 40..whole.len());
    let wrong = flips(&whole, (0..whole.len()).step_by(11).chain(head_and_tail));
    assert!(wrong.is_empty(), "{} flips\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_flipped_byte_of_the_example_release_is_noticed_or_changes_nothing() {
    // 104,729 is prime, so that the positions spread over the whole file.
    let wrong = flips(
        EXAMPLE_RELEASE,
        (0..8).map(|n| n * 104_729 % EXAMPLE_RELEASE.len()),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn changed_metadata_are_noticed_on_opening() {
    let whole = Northland::new().build().expect("builds");
    let changes = [
        ("Definition of cost.a en", "Definition of cost.a EN"), // the catalogue
        ("Vyöhyke", "Vyöhyka"),                                 // the territory
        ("Everything else en", "Everything else EN"),           // the provenance
        ("2019 6/5 6/6", "2019 6/5 6/5"),                       // the content list
    ];
    for (from, to) in changes {
        let error = Release::from_bytes("northland.parquet", patched(&whole, from, to))
            .expect_err("altered metadata");
        let Error::ReleaseAltered {
            path,
            part,
            expected,
            found,
        } = &error
        else {
            panic!("{from}: {error}")
        };
        assert_eq!((path.as_str(), part.as_str()), ("northland.parquet", "metadata"));
        // The id that the file names, and the one that its content has.
        assert_eq!((expected.len(), found.len()), (64, 64));
        assert_ne!(expected, found);
        assert_eq!(error.code(), "K0103");
    }
}

#[test]
fn another_id_is_noticed_on_opening() {
    let whole = Northland::new().build().expect("builds");
    let id = Release::from_bytes("northland", whole.clone())
        .expect("opens")
        .id()
        .to_owned();
    let digit = if id.starts_with('0') { "1" } else { "0" };
    let other = format!("{digit}{}", &id[1..]);
    let error = Release::from_bytes("northland", patched(&whole, &id, &other)).expect_err("another id");
    assert_eq!(error.code(), "K0103");
    assert!(
        error.to_string().contains(&other) && error.to_string().contains(&id),
        "{error}"
    );
}

#[test]
fn a_parquet_file_without_the_metadata_is_no_release() {
    let whole = Northland::new().build().expect("builds");
    let plain = patched(&whole, "kultti.id", "kultti.ix");
    let error = Release::from_bytes("plain.parquet", plain).expect_err("a plain Parquet file");
    assert_eq!(error.code(), "K0102");
    assert!(
        error
            .to_string()
            .contains("plain.parquet is not a Kultti release"),
        "{error}"
    );
    assert!(error.to_string().contains("kultti.id"), "{error}");
}

#[test]
fn other_files_are_told_how_a_release_is_made() {
    let folder = Folder::new();
    folder.write("figures.csv", "area,value\n01,7\n");
    folder.write("empty.parquet", "");
    for file in ["figures.csv", "empty.parquet", ""] {
        let path = folder.path(file);
        let error = Release::open(&path).expect_err("no release");
        assert_eq!(error.code(), "K0102", "{error}");
        let text = error.to_string();
        assert!(text.contains(&path.display().to_string()), "{text}");
        assert!(text.contains("kultti release build FOLDER -o FILE"), "{text}");
    }
}

#[test]
fn a_missing_file_is_an_error_of_the_system() {
    let folder = Folder::new();
    let path = folder.path("absent.parquet");
    let error = Release::open(&path).expect_err("no file");
    assert_eq!(error.code(), "K0101");
    assert!(error.to_string().contains(&path.display().to_string()), "{error}");
    let error = Release::open_verified(&path).expect_err("no file");
    assert_eq!(error.code(), "K0101");
}

#[test]
fn a_file_on_disk_is_opened_and_verified() {
    let folder = Folder::new();
    let northland = Northland::new();
    folder.write("northland.parquet", northland.build().expect("builds"));
    let release = Release::open_verified(folder.path("northland.parquet")).expect("a release");
    assert_eq!(release.id(), northland.release().id());
    assert_eq!(
        rows(&release).expect("rows"),
        rows(&northland.release()).expect("rows")
    );
}

#[test]
fn a_slice_read_is_what_a_whole_read_holds() {
    let release = Northland::new().release();
    let whole = rows(&release).expect("rows");
    for content in release.content() {
        for period in content.periods.iter().map(|content| content.period) {
            let slice = release
                .observations(&content.measure, &(period..=period))
                .expect("a slice");
            let expected: Vec<_> = whole
                .iter()
                .filter(|row| row.measure == content.measure && row.period == period)
                .cloned()
                .collect();
            assert_eq!(slice, expected, "{} {period}", content.measure);
        }
    }
}

/// The lines of a table below its header, in another order.
fn shuffled(text: &str, order: &[prop::sample::Index]) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let header = lines.remove(0);
    for (at, index) in order.iter().enumerate().take(lines.len()) {
        let other = index.index(lines.len());
        lines.swap(at, other);
    }
    format!("{header}\n{}\n", lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// The hash of a source file stands in the provenance; with the same provenance the bytes are the same.
    #[test]
    fn the_order_of_rows_does_not_matter(order in prop::collection::vec(any::<prop::sample::Index>(), 80)) {
        let northland = Northland::new();
        let (costs, others) = (northland.text("observations/costs.csv"), northland.text("observations/others.csv"));
        let expected = northland.build().expect("builds");
        let original = northland.release();
        let other = northland
            .written("observations/costs.csv", shuffled(&costs, &order))
            .written("observations/others.csv", shuffled(&others, &order))
            .release();
        prop_assert!(original.content().eq(other.content()));
        let (catalogue, territory) = (other.catalogue().document(), other.territory().document());
        let bytes = write(&rows(&other).expect("rows"), catalogue, territory, original.provenance());
        prop_assert!(bytes.expect("written") == expected);
    }
}
