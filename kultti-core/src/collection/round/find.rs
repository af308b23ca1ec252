//! Finding the round that a form is of.

use super::{ENDING, Round, sha256};
use crate::error::{Error, Result};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// No round fills more: 400 areas with 1,000 measures are 4 MiB.
const MOST_BYTES: u64 = 64 << 20;

impl Round {
    /// The round of that id whose file has that SHA-256: the first in some folders among the files `*.round.json`.
    ///
    /// `form` is what messages call the form that asks.
    ///
    /// # Errors
    /// [`Error::RoundChanged`] where only another version of the round is found, [`Error::RoundNotFound`] with the folders
    /// where there is none; those of [`Round::from_bytes`] for the file itself.
    pub fn find_for(form: &str, (id, wanted): (&str, &str), folders: &[PathBuf]) -> Result<Self> {
        let mut other: Option<(String, String)> = None;
        for path in folders.iter().flat_map(|folder| rounds_in(folder)) {
            let name = path.display().to_string();
            // A file that cannot be read is none; the others may hold the round.
            let Ok(bytes) = read_whole(&path) else { continue };
            let found = sha256(&bytes);
            if found == wanted {
                return Self::from_bytes(&name, &bytes);
            }
            let same = || Self::from_bytes(&name, &bytes).is_ok_and(|round| round.document.id == id);
            if other.is_none() && same() {
                other = Some((name.clone(), found));
            }
        }
        Err(match other {
            Some((file, expected)) => Error::RoundChanged {
                path: form.to_owned(),
                round: id.to_owned(),
                file,
                expected,
                found: wanted.to_owned(),
            },
            None => Error::RoundNotFound {
                path: form.to_owned(),
                round: id.to_owned(),
                looked: folders
                    .iter()
                    .map(|folder| folder.display().to_string())
                    .collect(),
            },
        })
    }
}

/// The rounds in the folder of a ledger, in the one above it, and in the current one; none where the ledger is no folder.
pub(in crate::collection) fn rounds_beside(ledger: &str) -> Vec<Round> {
    let folder = Path::new(ledger.strip_prefix("file://").unwrap_or(ledger));
    let mut folders = vec![folder.to_path_buf()];
    folders.extend(folder.parent().map(Path::to_path_buf));
    folders.extend(std::env::current_dir().ok());
    let files: BTreeSet<PathBuf> = folders
        .iter()
        .flat_map(|folder| rounds_in(folder))
        .filter_map(|file| std::path::absolute(file).ok())
        .collect();
    files.iter().filter_map(|file| Round::open(file).ok()).collect()
}

/// Where the round of a form is looked for: the form's folder and those above it, then the current one.
pub(in crate::collection) fn folders_of(form: &Path) -> Vec<PathBuf> {
    let whole = std::path::absolute(form).unwrap_or_else(|_| form.to_path_buf());
    let mut folders: Vec<PathBuf> = whole.ancestors().skip(1).map(Path::to_path_buf).collect();
    if let Ok(current) = std::env::current_dir()
        && !folders.contains(&current)
    {
        folders.push(current);
    }
    folders
}

/// The files of rounds in a folder, by name.
fn rounds_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let is_round = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        name.is_some_and(|name| name.ends_with(ENDING)) && path.is_file()
    };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_round).collect();
    files.sort();
    files
}

/// The bytes of a file that is not larger than a round can be.
pub(super) fn read_whole(path: &Path) -> Result<Vec<u8>> {
    read_limited(path, MOST_BYTES)
}

/// The bytes of a file of at most so many.
pub(in crate::collection) fn read_limited(path: &Path, most: u64) -> Result<Vec<u8>> {
    let name = path.display().to_string();
    let failed = |cause: std::io::Error| Error::io(&name, &cause);
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > most {
        return Err(Error::Oversized {
            path: name.clone(),
            part: name,
            limit: most.to_string(),
        });
    }
    Ok(bytes)
}
