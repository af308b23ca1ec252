//! What a workbook is as a package of files: whether it is one at all, and whether it unpacks to a sane size.

use crate::error::{Error, Result};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// A workbook may unpack to as many bytes as this for each of its own …
const MOST_RATIO: u64 = 200;
/// … or to this many if that is more …
const SMALL: u64 = 16 << 20;
/// … and never to more than this.
const MOST_BYTES: u64 = 8 << 30;

/// What was found in a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Package {
    /// Whether it names cells of other workbooks, which are never opened.
    pub(super) links: bool,
    /// Whether it carries programs, which are never run.
    pub(super) macros: bool,
}

/// Looks through a package before anything of it is believed.
///
/// # Errors
/// [`Error::NotAWorkbook`] for anything else than an `.xlsx` file without a password, [`Error::Oversized`] for one that
/// unpacks beyond the limits, whatever it declares.
pub(super) fn check(path: &str, bytes: &[u8]) -> Result<Package> {
    check_within(path, bytes, MOST_BYTES)
}

/// As [`check`], of a package that may unpack to `most` bytes at the most.
pub(super) fn check_within(path: &str, bytes: &[u8], most: u64) -> Result<Package> {
    let refused = |reason: &'static str| Error::NotAWorkbook {
        path: path.to_owned(),
        reason: crate::language::Message::new(reason),
    };
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Err(refused("word.workbook-locked"));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| refused("word.workbook-damaged"))?;
    let has = |archive: &ZipArchive<Cursor<&[u8]>>, wanted: &str| names(archive).any(|name| name == wanted);
    if has(&archive, "mimetype") || has(&archive, "xl/workbook.bin") {
        return Err(refused("word.workbook-other"));
    }
    let limit = (bytes.len() as u64)
        .saturating_mul(MOST_RATIO)
        .clamp(SMALL.min(most), most);
    let mut unpacked = 0_u64;
    for place in 0..archive.len() {
        let mut part = archive
            .by_index(place)
            .map_err(|_| refused("word.workbook-damaged"))?;
        let too_large = |name: &str| Error::Oversized {
            path: path.to_owned(),
            part: name.to_owned(),
            limit: limit.to_string(),
        };
        let Ok(name) = part.name().map(std::borrow::Cow::into_owned) else {
            return Err(refused("word.workbook-damaged"));
        };
        if part.size() > limit - unpacked {
            return Err(too_large(&name));
        }
        let strings = name.to_lowercase().ends_with("sharedstrings.xml");
        let mut limited = part.by_ref().take(limit - unpacked + 1);
        let read = if strings {
            let mut texts = Vec::new();
            let read = limited.read_to_end(&mut texts).map(|read| read as u64);
            if !counts_are_sane(&texts) {
                return Err(refused("word.workbook-damaged"));
            }
            read
        } else {
            std::io::copy(&mut limited, &mut std::io::sink())
        };
        unpacked += read.map_err(|_| refused("word.workbook-damaged"))?;
        if unpacked > limit {
            return Err(too_large(&name));
        }
    }
    let links = names(&archive).any(|name| name.contains("externallinks/"));
    let macros =
        names(&archive).any(|name| name.ends_with("vbaproject.bin") || name.starts_with("xl/macrosheets/"));
    Ok(Package { links, macros })
}

/// The names of the parts, in small letters.
fn names<'a>(archive: &'a ZipArchive<Cursor<&[u8]>>) -> impl Iterator<Item = String> + 'a {
    archive
        .file_names()
        .filter_map(|name| Some(name.ok()?.to_lowercase()))
}

/// Whether the number of texts that the table of texts declares fits its size: the reader makes room for them unseen.
fn counts_are_sane(texts: &[u8]) -> bool {
    memchr::memmem::find_iter(texts, b"uniqueCount").all(|at| {
        let rest = texts.get(at + b"uniqueCount".len()..).unwrap_or_default();
        let digits = rest
            .iter()
            .skip_while(|byte| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'"' | b'\''))
            .take_while(|byte| byte.is_ascii_digit());
        let count = digits.fold(0_u64, |count, digit| {
            count.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
        });
        count <= texts.len() as u64
    })
}
