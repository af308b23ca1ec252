//! What fails says so clearly, and the ledger is as it was.

use super::{by, fact, time, wait};
use deltalake::kernel::{DataType, PrimitiveType, StructField};
use kultti_core::ErrorKind;
use kultti_core::ledger::{Entry, Ledger, Select};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const NOW: &str = "2021-03-01T09:00:00Z";

/// A ledger with two commits, of area 272 and of area 091.
fn made(folder: &Path) -> String {
    let address = folder.join("ledger").display().to_string();
    wait(async {
        let mut ledger = Ledger::create(&address).await.expect("made");
        for area in ["272", "091"] {
            ledger
                .commit(&[fact(area, "m", 1.0)], time(NOW), &by("a"))
                .await
                .expect("added");
        }
    });
    address
}

fn log_entry(address: &str, version: usize) -> PathBuf {
    Path::new(address).join(format!("_delta_log/{version:020}.json"))
}

/// The data file that a version of the log names.
fn data_file(address: &str, version: usize) -> PathBuf {
    let log = fs::read_to_string(log_entry(address, version)).expect("an entry of the log");
    let add = log
        .lines()
        .find(|line| line.starts_with("{\"add\""))
        .expect("a file");
    let add: serde_json::Value = serde_json::from_str(add).expect("JSON");
    Path::new(address).join(add["add"]["path"].as_str().expect("a path"))
}

/// Every file below a folder with its content; what writers leave half done begins with a dot.
fn content(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(content(&path));
        } else {
            let bytes = fs::read(&path).expect("a file");
            files.push((path, bytes));
        }
    }
    files.sort();
    files
}

/// A small disk of its own, for tests that fill it; `None`, said loudly, where there is no right to make one.
struct Disk(tempfile::TempDir);

impl Disk {
    fn new(kilobytes: usize) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        if mount(
            &["-t", "tmpfs", "-o", &format!("size={kilobytes}k"), "tmpfs"],
            folder.path(),
        ) {
            return Some(Self(folder));
        }
        eprintln!("SKIPPED: no right to mount a small disk here; full and read-only disks were not tried");
        None
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.path()).status();
    }
}

fn mount(arguments: &[&str], folder: &Path) -> bool {
    let mount = Command::new("mount").args(arguments).arg(folder).output();
    mount.is_ok_and(|output| output.status.success())
}

#[test]
fn a_full_disk_leaves_the_ledger_as_it_was() {
    let Some(disk) = Disk::new(600) else { return };
    let address = disk.path().join("ledger").display().to_string();
    let ballast = disk.path().join("ballast");
    wait(async {
        let mut ledger = Ledger::create(&address).await.expect("made");
        ledger
            .commit(&[fact("272", "m", 1.0)], time(NOW), &by("a"))
            .await
            .expect("added");
        // Less room each time: first none for the file of the lines, then some for it and none for the log.
        let mut failed = 0;
        for room in (0..=48).step_by(4) {
            let before = ledger.version();
            fs::write(&ballast, vec![0; 600 << 10]).expect_err("the disk is filled");
            let full = fs::metadata(&ballast).expect("the ballast").len();
            let file = fs::OpenOptions::new()
                .write(true)
                .open(&ballast)
                .expect("the ballast");
            file.set_len(full.saturating_sub(room << 10)).expect("some room");
            let added = ledger.commit(&[fact("091", "m", 2.0)], time(NOW), &by("a")).await;
            if let Err(error) = &added {
                failed += 1;
                assert_eq!((error.code(), error.kind()), ("K0101", ErrorKind::Io), "{error}");
                assert!(error.to_string().contains("No space left"), "{error}");
                assert!(error.to_string().contains(&address), "{error}");
            }
            let version = before + i64::from(added.is_ok());
            let reopened = Ledger::open(&address).await.expect("opened");
            assert_eq!((ledger.version(), reopened.version()), (version, version));
            let lines = reopened.entries(&Select::default()).await.expect("read");
            assert_eq!(lines.len() as i64, version);
        }
        assert!(failed > 1, "the disk was never full");
        fs::remove_file(&ballast).expect("room again");
        ledger
            .commit(&[fact("091", "m", 2.0)], time(NOW), &by("a"))
            .await
            .expect("added");
    });
}

#[test]
fn a_disk_that_is_read_only_is_read_and_not_written() {
    let Some(disk) = Disk::new(2_000) else { return };
    let address = made(disk.path());
    assert!(mount(&["-o", "remount,ro"], disk.path()), "remounted");
    wait(async {
        let mut ledger = Ledger::open_or_create(&address).await.expect("opened");
        assert_eq!(ledger.entries(&Select::default()).await.expect("read").len(), 2);
        let error = ledger
            .commit(&[fact("272", "m", 3.0)], time(NOW), &by("a"))
            .await
            .expect_err("read-only");
        assert_eq!((error.code(), error.kind()), ("K0101", ErrorKind::Io), "{error}");
        assert!(error.to_string().contains("Read-only"), "{error}");
        let other = disk.path().join("other").display().to_string();
        assert_eq!(
            Ledger::create(&other).await.expect_err("read-only").code(),
            "K0101"
        );
        assert!(mount(&["-o", "remount,rw"], disk.path()), "remounted");
        assert_eq!(
            ledger
                .commit(&[fact("272", "m", 3.0)], time(NOW), &by("a"))
                .await
                .expect("added"),
            3
        );
    });
}

#[test]
fn a_folder_that_was_taken_away_is_not_made_anew() {
    for part in ["", "_delta_log"] {
        let folder = tempfile::tempdir().expect("a folder");
        let address = made(folder.path());
        wait(async {
            let mut ledger = Ledger::open(&address).await.expect("opened");
            fs::remove_dir_all(Path::new(&address).join(part)).expect("taken away");
            let error = ledger
                .commit(&[fact("272", "m", 3.0)], time(NOW), &by("a"))
                .await
                .expect_err("gone");
            assert!(
                matches!(error.kind(), ErrorKind::Io | ErrorKind::InvalidData),
                "{error}"
            );
            assert!(error.to_string().contains(&address), "{error}");
            assert!(!Path::new(&address).join("_delta_log").exists());
            assert_eq!(ledger.refresh().await.expect_err("gone").code(), "K1042");
            assert_eq!(Ledger::open(&address).await.expect_err("gone").code(), "K1042");
        });
    }
}

#[test]
fn a_damaged_entry_of_the_log_is_named_and_nothing_is_written_over_it() {
    let whole = {
        let folder = tempfile::tempdir().expect("a folder");
        fs::read(log_entry(&made(folder.path()), 2)).expect("an entry of the log")
    };
    let half = whole[..whole.len() / 2].to_vec();
    let zeros = vec![0; whole.len()];
    for damaged in [
        b"not a log".to_vec(),
        half,
        zeros,
        b"{}".to_vec(),
        b"{\"add\":7}".to_vec(),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let address = made(folder.path());
        fs::write(log_entry(&address, 2), &damaged).expect("damaged");
        let before = content(folder.path());
        let said = String::from_utf8_lossy(&damaged).into_owned();
        wait(async {
            let opened = Ledger::open(&address).await;
            let read = match &opened {
                Ok(ledger) => ledger.entries(&Select::default()).await.map(|lines| lines.len()),
                Err(error) => Err(error.clone()),
            };
            // An entry that is JSON and says nothing is one that added nothing.
            match read {
                Err(error) => assert_eq!(
                    (error.code(), error.kind()),
                    ("K1046", ErrorKind::InvalidData),
                    "{said}: {error}"
                ),
                Ok(lines) => assert_eq!((said.as_str(), lines), ("{}", 1)),
            }
            let _ = Ledger::open_or_create(&address).await;
        });
        assert_eq!(content(folder.path()), before, "{said}");
    }
}

#[test]
fn a_damaged_file_of_lines_is_an_error_and_other_files_are_read() {
    let whole = {
        let folder = tempfile::tempdir().expect("a folder");
        fs::read(data_file(&made(folder.path()), 2)).expect("a file of lines")
    };
    let mut flipped = whole.clone();
    for byte in flipped.iter_mut().take(400).skip(4) {
        *byte ^= 0x55;
    }
    let damages = [
        None,
        Some(Vec::new()),
        Some(whole[..whole.len() / 2].to_vec()),
        Some(flipped),
    ];
    for damage in damages {
        let folder = tempfile::tempdir().expect("a folder");
        let address = made(folder.path());
        let file = data_file(&address, 2);
        match &damage {
            None => fs::remove_file(&file).expect("removed"),
            Some(bytes) => fs::write(&file, bytes).expect("damaged"),
        }
        wait(async {
            let ledger = Ledger::open(&address).await.expect("opened");
            let error = ledger.entries(&Select::default()).await.expect_err("damaged");
            assert_eq!(
                (error.code(), error.kind()),
                ("K1046", ErrorKind::InvalidData),
                "{error}"
            );
            // The file of the other area is all that is opened for it.
            let area = Some("272".into());
            let lines = ledger
                .entries(&Select {
                    area,
                    ..Select::default()
                })
                .await
                .expect("read");
            assert_eq!(lines.len(), 1);
            let before = ledger
                .at(1)
                .await
                .expect("at 1")
                .entries(&Select::default())
                .await
                .expect("read");
            assert_eq!(before.len(), 1);
        });
    }
}

#[test]
fn what_a_newer_program_made_is_called_so() {
    let newer_protocol = r#"{"protocol":{"minReaderVersion":99,"minWriterVersion":99}}"#;
    let newer_feature = r#"{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["timeTravelByThought"],"writerFeatures":["timeTravelByThought"]}}"#;
    let newer_layout = |address: &str| {
        let log = fs::read_to_string(log_entry(address, 0)).expect("an entry of the log");
        let metadata = log
            .lines()
            .find(|line| line.starts_with("{\"metaData\""))
            .expect("metadata");
        metadata.replace(r#""kultti.ledger.layout":"1""#, r#""kultti.ledger.layout":"2""#)
    };
    for which in 0..3 {
        let folder = tempfile::tempdir().expect("a folder");
        let address = made(folder.path());
        let entry = match which {
            0 => newer_protocol.to_owned(),
            1 => newer_feature.to_owned(),
            _ => newer_layout(&address),
        };
        fs::write(log_entry(&address, 3), entry).expect("written");
        let error = wait(Ledger::open(&address)).expect_err("newer");
        assert_eq!(
            (error.code(), error.kind()),
            ("K1045", ErrorKind::InvalidData),
            "{error}"
        );
    }
}

#[test]
fn another_table_of_delta_lake_is_not_taken_for_a_ledger() {
    let folder = tempfile::tempdir().expect("a folder");
    let address = folder.path().display().to_string();
    wait(async {
        let column = |name: &str, kind| StructField::new(name, DataType::Primitive(kind), true);
        let columns = [
            column("value", PrimitiveType::String),
            column("area", PrimitiveType::String),
        ];
        let made = deltalake::operations::create::CreateBuilder::new();
        made.with_location(address.clone())
            .with_columns(columns)
            .await
            .expect("made");
        for error in [
            Ledger::open(&address).await,
            Ledger::open_or_create(&address).await,
        ] {
            let error = error.expect_err("no ledger");
            assert_eq!(
                (error.code(), error.kind()),
                ("K1043", ErrorKind::InvalidData),
                "{error}"
            );
            // `value` is text there, and a ledger's is a number; `area` is as it should be.
            assert!(
                error.to_string().contains("value") && !error.to_string().contains("area,"),
                "{error}"
            );
        }
    });
}

#[test]
fn a_name_that_is_not_known_is_an_error_with_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let address = made(folder.path());
    wait(async {
        let url = url::Url::from_directory_path(&address).expect("a folder");
        let mut table = deltalake::open_table(url).await.expect("opened");
        let state = table.snapshot().expect("a state").snapshot().arrow_schema();
        let batch = foreign(&state);
        let mut writer = deltalake::writer::RecordBatchWriter::for_table(&table).expect("a writer");
        use deltalake::writer::DeltaWriter;
        writer.write(batch).await.expect("written");
        writer.flush_and_commit(&mut table).await.expect("committed");
        let ledger = Ledger::open(&address).await.expect("opened");
        let error = ledger
            .entries(&Select::default())
            .await
            .expect_err("an unknown stage");
        assert_eq!(error.code(), "K1049");
        for part in ["shouted", "stage", "line 5", "version 3"] {
            assert!(error.to_string().contains(part), "{error}");
        }
    });
}

/// A row of a fact at a stage that nobody knows.
fn foreign(schema: &arrow_schema::SchemaRef) -> arrow_array::RecordBatch {
    use arrow_array::{
        ArrayRef, BooleanArray, Date32Array, Float64Array, Int32Array, Int64Array, StringArray,
    };
    use arrow_schema::DataType as Kind;
    use std::sync::Arc;
    let column = |field: &Arc<arrow_schema::Field>| -> ArrayRef {
        let text = match field.name().as_str() {
            "stage" => "shouted",
            "kind" => "fact",
            "period" => "2020",
            "scenario" => "actual",
            "status" => "A",
            _ => "x",
        };
        match field.data_type() {
            Kind::Int64 => Arc::new(Int64Array::from(vec![3])),
            Kind::Int32 => Arc::new(Int32Array::from(vec![5])),
            Kind::Float64 => Arc::new(Float64Array::from(vec![1.0])),
            Kind::Date32 => Arc::new(Date32Array::from(vec![0])),
            Kind::Boolean => Arc::new(BooleanArray::from(vec![true])),
            Kind::Timestamp(..) => {
                Arc::new(arrow_array::TimestampMicrosecondArray::from(vec![0]).with_timezone("UTC"))
            }
            _ => Arc::new(StringArray::from(vec![
                Some(text).filter(|_| field.name() != "missing"),
            ])),
        }
    };
    let columns = schema.fields().iter().map(column).collect();
    arrow_array::RecordBatch::try_new(schema.clone(), columns).expect("a row")
}

#[test]
fn a_file_left_half_written_is_no_part_of_the_ledger() {
    let folder = tempfile::tempdir().expect("a folder");
    let address = made(folder.path());
    for name in [
        ".kultti-x1.part",
        "_delta_log/.kultti-x2.part",
        "part-00000-left-by-a-kill.parquet",
    ] {
        fs::write(Path::new(&address).join(name), "half").expect("left");
    }
    wait(async {
        let mut ledger = Ledger::open(&address).await.expect("opened");
        let entry: Entry = fact("049", "m", 3.0);
        ledger.commit(&[entry], time(NOW), &by("a")).await.expect("added");
        assert_eq!(ledger.entries(&Select::default()).await.expect("read").len(), 3);
        assert_eq!(ledger.history().await.expect("read").len(), 4);
    });
}
