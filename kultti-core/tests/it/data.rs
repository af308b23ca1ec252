//! Northland, a made-up country with two-character codes and a currency of its own, written into a temporary folder.
//!
//! Seven areas in two provinces. Beeta (02) merged into Aapa (01) on 2021-01-01; on 2022-01-01 Epsi (05) gave 40 % of its
//! inhabitants and half of its money to the new Uusi (07). Saari (06) is an isle outside the library statistics. The files
//! stand in `northland/`; no line of code knows the country.

use kultti_core::release::{Release, build};
use kultti_core::{Error, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

const FILES: [(&str, &str); 11] = [
    ("release.toml", include_str!("northland/release.toml")),
    ("catalogue.toml", include_str!("northland/catalogue.toml")),
    ("joint_units.csv", include_str!("northland/joint_units.csv")),
    (
        "territory/territory.toml",
        include_str!("northland/territory/territory.toml"),
    ),
    (
        "territory/areas.csv",
        include_str!("northland/territory/areas.csv"),
    ),
    (
        "territory/changes.csv",
        include_str!("northland/territory/changes.csv"),
    ),
    (
        "territory/groupings.csv",
        include_str!("northland/territory/groupings.csv"),
    ),
    (
        "territory/groups.csv",
        include_str!("northland/territory/groups.csv"),
    ),
    (
        "territory/memberships.csv",
        include_str!("northland/territory/memberships.csv"),
    ),
    (
        "observations/costs.csv",
        include_str!("northland/observations/costs.csv"),
    ),
    (
        "observations/others.csv",
        include_str!("northland/observations/others.csv"),
    ),
];

/// A folder of its own under the system's temporary one, removed when dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!(
            "kultti-it-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).expect("a temporary folder");
        Self(folder)
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.0.join(file)
    }

    pub(crate) fn write(&self, file: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder is made");
        fs::write(path, bytes).expect("a file is written");
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).expect("a text file")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The sources of Northland, as they stand or with changes.
pub(crate) struct Northland(Folder);

impl Northland {
    pub(crate) fn new() -> Self {
        let folder = Folder::new();
        for (file, text) in FILES {
            folder.write(file, text);
        }
        Self(folder)
    }

    /// Replaces a text that stands exactly once in a file.
    pub(crate) fn with(self, file: &str, from: &str, to: &str) -> Self {
        let text = self.0.read(file);
        assert_eq!(
            text.matches(from).count(),
            1,
            "{from:?} must stand once in {file}"
        );
        self.0.write(file, text.replace(from, to));
        self
    }

    /// Adds a text to the end of a file.
    pub(crate) fn and(self, file: &str, more: &str) -> Self {
        let text = self.0.read(file);
        self.0.write(file, text + more);
        self
    }

    /// Writes a file anew.
    pub(crate) fn written(self, file: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.0.write(file, bytes);
        self
    }

    pub(crate) fn text(&self, file: &str) -> String {
        self.0.read(file)
    }

    pub(crate) fn path(&self, file: &str) -> String {
        self.0.path(file).display().to_string()
    }

    pub(crate) fn build(&self) -> Result<Vec<u8>> {
        build(&self.0.path(""))
    }

    /// The error that building ends in.
    pub(crate) fn refusal(&self) -> Error {
        match self.build() {
            Ok(_) => panic!("bad input was accepted"),
            Err(error) => error,
        }
    }

    pub(crate) fn release(&self) -> Release {
        let bytes = self.build().expect("Northland builds");
        Release::from_bytes("northland", bytes).expect("Northland opens")
    }
}

/// Northland as it stands.
pub(crate) fn northland() -> Release {
    Northland::new().release()
}

/// The line, from 1, on which a text first stands.
pub(crate) fn line_of(text: &str, needle: &str) -> usize {
    let offset = text
        .find(needle)
        .unwrap_or_else(|| panic!("{needle:?} is not in the text"));
    1 + text[..offset].bytes().filter(|byte| *byte == b'\n').count()
}

/// The sources of the example release.
pub(crate) fn finland() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../datasets/finland")
}
