//! The folder of a site: what a run writes, what it finds as it should be, and what is no longer part of the site.
//!
//! Beside the pages stands a list of them, `.kultti-site.json`. A folder with other things and without the list is refused:
//! there is no way to write into it by force, for whatever is not in the list is somebody else's and is never removed.

use super::options::SiteWritten;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The name of the list.
const MANIFEST: &str = ".kultti-site.json";

/// The list of a site's files, and what they were made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// The version of Kultti.
    pub(super) kultti: String,
    /// The id of the release.
    pub(super) release: String,
    /// What was chosen.
    pub(super) options: BTreeMap<String, String>,
    /// SHA-256 of the templates.
    pub(super) templates: String,
    /// Whether the run that wrote the list went to its end.
    #[serde(default)]
    pub(super) complete: bool,
    /// SHA-256 of every file by name; empty for one that a run which was ended may have written.
    pub(super) files: BTreeMap<String, String>,
}

impl Manifest {
    /// Whether two runs make the same files, as far as their lists can say.
    fn makes_the_same(&self, other: &Self) -> bool {
        let Self {
            kultti,
            release,
            options,
            templates,
            ..
        } = self;
        (kultti, release, options, templates)
            == (&other.kultti, &other.release, &other.options, &other.templates)
    }
}

/// A folder that is being written to.
pub(super) struct Folder {
    root: PathBuf,
    dry: bool,
    /// The files of the site made before.
    before: BTreeMap<String, String>,
    /// The list of a site that was made to its end.
    made: Option<Manifest>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    files: BTreeMap<String, String>,
    written: Vec<String>,
    unchanged: usize,
    bytes: u64,
}

impl Folder {
    /// Opens a folder that is not there, is empty, or holds a site made before.
    pub(super) fn open(root: &Path, dry: bool) -> Result<Self> {
        let failed = |cause: &std::io::Error| Error::io(root.display().to_string(), cause);
        let list = root.join(MANIFEST);
        let mut before = BTreeMap::new();
        let mut made = None;
        if list.is_file() {
            let known = known(&list)?;
            before.clone_from(&known.files);
            made = Some(known).filter(|known| known.complete);
        } else if root.exists() {
            let first = std::fs::read_dir(root).map_err(|cause| failed(&cause))?.next();
            if let Some(entry) = first {
                return Err(Error::SiteFolder {
                    folder: root.display().to_string(),
                    found: entry
                        .map_err(|cause| failed(&cause))?
                        .file_name()
                        .to_string_lossy()
                        .into_owned(),
                });
            }
        }
        Ok(Self {
            root: root.to_owned(),
            dry,
            before,
            made,
            state: Mutex::default(),
        })
    }

    /// What there is to say where everything stands as it was made, from the same release, options and templates: nothing has
    /// to be made again. `None` where a file is missing or differs.
    pub(super) fn current(&self, manifest: &Manifest) -> Option<SiteWritten> {
        let made = self.made.as_ref().filter(|made| made.makes_the_same(manifest))?;
        let mut bytes = 0;
        for (name, hash) in &made.files {
            let found = std::fs::read(self.root.join(name)).ok()?;
            if hex(&found) != *hash {
                return None;
            }
            bytes += found.len() as u64;
        }
        Some(SiteWritten {
            bytes,
            unchanged: made.files.len(),
            ..SiteWritten::default()
        })
    }

    /// Says which files a run is going to write, before it does: whatever ends it, the next run knows what is its own.
    pub(super) fn begin(&self, mut manifest: Manifest, planned: impl Iterator<Item = String>) -> Result<()> {
        if self.dry {
            return Ok(());
        }
        manifest.complete = false;
        manifest.files = self.before.clone();
        for file in planned {
            manifest.files.entry(file).or_default();
        }
        std::fs::create_dir_all(&self.root)
            .map_err(|cause| Error::io(self.root.display().to_string(), &cause))?;
        self.list(&manifest)
    }

    /// Puts a file in its place, unless it stands there with these bytes.
    pub(super) fn put(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.root.join(name);
        let same = std::fs::metadata(&path).is_ok_and(|found| found.len() == bytes.len() as u64)
            && std::fs::read(&path).is_ok_and(|found| found == bytes);
        if !same && !self.dry {
            write(&path, bytes)?;
        }
        let hash = hex(bytes);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.bytes += bytes.len() as u64;
        state.files.insert(name.to_owned(), hash);
        match same {
            true => state.unchanged += 1,
            false => state.written.push(name.to_owned()),
        }
        Ok(())
    }

    /// Removes what is no longer part of the site, and closes the list.
    pub(super) fn finish(self, mut manifest: Manifest) -> Result<SiteWritten> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = |file: &&String| !state.files.contains_key(*file) && self.root.join(file).is_file();
        let removed: Vec<String> = self.before.keys().filter(gone).cloned().collect();
        manifest.complete = true;
        manifest.files = state.files.clone();
        if !self.dry {
            for file in &removed {
                let path = self.root.join(file);
                std::fs::remove_file(&path).map_err(|cause| Error::io(path.display().to_string(), &cause))?;
                // A folder that is now empty goes too; one that is not stays.
                if let Some(folder) = path.parent().filter(|folder| *folder != self.root) {
                    let _ = std::fs::remove_dir(folder);
                }
            }
            self.list(&manifest)?;
        }
        let mut written = state.written.clone();
        written.sort();
        Ok(SiteWritten {
            bytes: state.bytes,
            unchanged: state.unchanged,
            written,
            removed,
            ..SiteWritten::default()
        })
    }

    fn list(&self, manifest: &Manifest) -> Result<()> {
        let path = self.root.join(MANIFEST);
        let text =
            serde_json::to_string_pretty(manifest).map_err(|cause| unread(&path, &cause.to_string()))?;
        if std::fs::read(&path).is_ok_and(|found| found == text.as_bytes()) {
            return Ok(());
        }
        write(&path, text.as_bytes())
    }
}

/// The list of a site made before. A name that leads out of the folder is none of ours.
fn known(path: &Path) -> Result<Manifest> {
    let text =
        std::fs::read_to_string(path).map_err(|cause| Error::io(path.display().to_string(), &cause))?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(|cause| unread(path, &cause.to_string()))?;
    let inside = |name: &String| {
        Path::new(name)
            .components()
            .all(|part| matches!(part, Component::Normal(_)))
    };
    match manifest.files.keys().find(|name| !inside(name)) {
        Some(name) => Err(unread(path, name)),
        None => Ok(manifest),
    }
}

fn unread(path: &Path, reason: &str) -> Error {
    Error::SiteManifest {
        path: path.display().to_string(),
        reason: reason.to_owned(),
    }
}

/// Writes a file whole or not at all. It is not forced to the disk, which would take longer than all else: a page that a
/// power cut loses is written again by the next run.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |cause: &std::io::Error| Error::io(path.display().to_string(), cause);
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|cause| failed(&cause))?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".kultti-").suffix(".part");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder).map_err(|cause| failed(&cause))?;
    file.write_all(bytes).map_err(|cause| failed(&cause))?;
    file.persist(path).map(drop).map_err(|error| failed(&error.error))
}

/// SHA-256 in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
