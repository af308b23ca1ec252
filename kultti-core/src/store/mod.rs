//! Object stores: S3 and what speaks like it, Azure, Google, web servers; what stands at an address is read and written whole.
//!
//! Every build knows an address when it sees one and refuses it where only files are read; the feature `ledger`, which
//! brings the stores, opens it.

#[cfg(feature = "ledger")]
mod address;
#[cfg(feature = "ledger")]
mod connection;
#[cfg(feature = "ledger")]
mod failure;
#[cfg(feature = "ledger")]
mod transfer;

#[cfg(feature = "ledger")]
pub use address::Address;
#[cfg(feature = "ledger")]
pub(crate) use {connection::Connection, failure::told, transfer::fetch, transfer::upload};

use crate::error::{Error, Result};
use std::path::Path;

/// Whether a text is an address, such as `s3://bucket/name`, and not the path of a file.
///
/// ```
/// use kultti_core::store::is_address;
/// assert!(is_address("s3://kultti/2025.parquet") && is_address("file:///srv/2025.parquet"));
/// assert!(!is_address("2025.parquet") && !is_address(r"C:\2025.parquet"));
/// ```
pub fn is_address(text: &str) -> bool {
    let allowed = |symbol: char| symbol.is_ascii_alphanumeric() || "+-.".contains(symbol);
    text.split_once("://").is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.chars().all(allowed)
    })
}

/// Refuses an address where only files are read and written.
///
/// # Errors
/// [`Error::FilesOnly`].
pub(crate) fn file_only(path: &Path) -> Result<()> {
    match path.to_str().filter(|text| is_address(text)) {
        Some(address) => Err(Error::FilesOnly {
            address: shown(address),
        }),
        None => Ok(()),
    }
}

/// An address as messages and results may name it: without the password before its host and without what follows `?`, where
/// presigned addresses carry their signature.
pub(crate) fn shown(address: &str) -> String {
    let (plain, query) = match address.split_once('?') {
        Some((plain, _)) => (plain, "?…"),
        None => (address, ""),
    };
    let Some((scheme, rest)) = plain.split_once("://") else {
        return address.to_owned();
    };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = match host.rsplit_once('@') {
        Some((user, host)) => {
            let user = user.split_once(':').map_or(user, |(user, _)| user);
            format!("{user}@{host}")
        }
        None => host.to_owned(),
    };
    format!("{scheme}://{host}{path}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_no_addresses() {
        for text in [
            "a/b.parquet",
            "C:/x",
            "://x",
            "1s://x",
            "my folder://x",
            "s3:/x",
            "",
        ] {
            assert!(!is_address(text), "{text}");
        }
        for text in [
            "s3://b/k",
            "S3://b/k",
            "abfss://c@a.dfs.core.windows.net/k",
            "s4://b",
        ] {
            assert!(is_address(text), "{text}");
        }
        assert_eq!(file_only(Path::new("a.parquet")), Ok(()));
        let refused = file_only(Path::new("s3://b/k")).expect_err("an address");
        assert_eq!(refused.code(), "K1111");
    }

    #[test]
    fn no_secret_of_an_address_is_shown() {
        for (address, told) in [
            ("s3://bucket/a/b.parquet", "s3://bucket/a/b.parquet"),
            ("https://me:secret@host/a", "https://me@host/a"),
            (
                "https://host/a.parquet?X-Amz-Signature=secret",
                "https://host/a.parquet?…",
            ),
            (
                "abfs://data@account.dfs.core.windows.net/x",
                "abfs://data@account.dfs.core.windows.net/x",
            ),
            ("https://host/a@b:c", "https://host/a@b:c"),
        ] {
            assert_eq!(shown(address), told);
        }
    }
}
