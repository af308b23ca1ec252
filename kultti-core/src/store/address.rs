//! What an address says: which store, which bucket, which object.

use super::shown;
use crate::error::{Error, Result};
use std::fmt;
use std::path::{Path, PathBuf};
use url::Url;

/// The stores that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
    Amazon,
    Azure,
    Google,
    Web,
}

/// What addresses may begin with, and the store behind it.
const SCHEMES: [(&str, Service); 10] = [
    ("s3", Service::Amazon),
    ("s3a", Service::Amazon),
    ("az", Service::Azure),
    ("azure", Service::Azure),
    ("abfs", Service::Azure),
    ("abfss", Service::Azure),
    ("adl", Service::Azure),
    ("gs", Service::Google),
    ("http", Service::Web),
    ("https", Service::Web),
];

/// Where a release or a ledger stands: a file or folder, or an object of a store.
///
/// | address | store |
/// |---|---|
/// | `s3://bucket/name`, `s3a://…` | Amazon S3, and any server that speaks like it (`AWS_ENDPOINT_URL`) |
/// | `az://container/name`, `abfs://…`, `abfss://…` | Azure Blob Storage |
/// | `gs://bucket/name` | Google Cloud Storage |
/// | `https://host/name`, `http://…` | a web server, for reading only |
/// | `file:///folder/name`, `folder/name` | the file system |
///
/// Credentials, regions and endpoints come from the environment (`AWS_…`, `AZURE_…`, `GOOGLE_…`), never from the address.
/// Shown as text, an address has neither a password nor a signature.
///
/// ```
/// use kultti_core::store::Address;
/// let address = Address::parse("https://data.example.org/2025.parquet?signature=secret")?;
/// assert_eq!(address.to_string(), "https://data.example.org/2025.parquet?…");
/// assert_eq!(Address::parse("2025.parquet")?.file(), Some("2025.parquet".as_ref()));
/// let error = Address::parse("s4://kultti/2025.parquet").expect_err("no such store");
/// assert_eq!(error.code(), "K1047");
/// # Ok::<(), kultti_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Address {
    shown: String,
    place: Place,
}

#[derive(Debug, Clone)]
enum Place {
    File(PathBuf),
    Object(Service, Url),
}

impl Address {
    /// What an address means; a text without `scheme://` is the path of a file.
    ///
    /// # Errors
    /// [`Error::UnknownStore`] for a store that there is not, with near ones; [`Error::AddressSyntax`] for an address that
    /// names no bucket or host, or has a part that nothing is done with.
    pub fn parse(text: &str) -> Result<Self> {
        let place = |place| Self {
            shown: shown(text),
            place,
        };
        if !super::is_address(text) {
            return Ok(place(Place::File(text.into())));
        }
        let refused = |expected: &str| Error::AddressSyntax {
            address: shown(text),
            expected: expected.to_owned(),
        };
        let scheme = text.split("://").next().unwrap_or_default().to_ascii_lowercase();
        let known = SCHEMES.iter().find(|(name, _)| *name == scheme);
        if scheme != "file" && known.is_none() {
            return Err(unknown(text, &schemes(|_| true)));
        }
        let url = Url::parse(text).map_err(|_| refused("scheme://bucket/name"))?;
        let Some((_, service)) = known else {
            let path = url.to_file_path().map_err(|()| refused("file:///folder/name"))?;
            return Ok(place(Place::File(path)));
        };
        if url.host_str().is_none_or(str::is_empty) {
            return Err(refused(&format!("{scheme}://bucket/name")));
        }
        let secret = url.password().is_some() || (*service == Service::Amazon && !url.username().is_empty());
        if secret && *service != Service::Web {
            return Err(refused(
                "no credentials in the address: they come from the environment",
            ));
        }
        let more = url.query().is_some() || url.fragment().is_some();
        if more && *service != Service::Web {
            return Err(refused(&format!("{scheme}://bucket/name, without ? and #")));
        }
        Ok(place(Place::Object(*service, url)))
    }

    /// The path, where the address is that of a file or folder.
    pub fn file(&self) -> Option<&Path> {
        match &self.place {
            Place::File(path) => Some(path),
            Place::Object(..) => None,
        }
    }

    /// The store and the address as it calls it.
    pub(super) fn object(&self) -> Option<(Service, &Url)> {
        match &self.place {
            Place::File(_) => None,
            Place::Object(service, url) => Some((*service, url)),
        }
    }

    /// Refuses a web server, which nothing is written to.
    ///
    /// # Errors
    /// [`Error::UnknownStore`] with the stores that can be written to.
    pub(crate) fn writable(self, text: &str) -> Result<Self> {
        match self.place {
            Place::Object(Service::Web, _) => Err(unknown(text, &schemes(|service| service != Service::Web))),
            _ => Ok(self),
        }
    }

    /// The bucket or container, or the host of a web server.
    pub(super) fn bucket(&self) -> &str {
        match &self.place {
            Place::File(_) => "",
            Place::Object(Service::Azure, url) if !url.username().is_empty() => url.username(),
            Place::Object(_, url) => url.host_str().unwrap_or_default(),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// The schemes of some stores, that of files first.
fn schemes(wanted: impl Fn(Service) -> bool) -> Vec<&'static str> {
    let some = SCHEMES.iter().filter(|(_, service)| wanted(*service));
    std::iter::once("file")
        .chain(some.map(|(name, _)| *name))
        .collect()
}

fn unknown(text: &str, known: &[&str]) -> Error {
    let scheme = text.split("://").next().unwrap_or_default().to_ascii_lowercase();
    let near: Vec<&str> = known
        .iter()
        .copied()
        .filter(|name| strsim::levenshtein(&scheme, name) == 1)
        .collect();
    let addresses = |names: &[&str]| names.iter().map(|name| format!("{name}://")).collect();
    Error::UnknownStore {
        address: shown(text),
        known: addresses(known),
        near: addresses(&near),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_store_and_bucket() {
        for (text, service, bucket) in [
            ("s3://kultti/a/b.parquet", Service::Amazon, "kultti"),
            ("S3A://kultti/a", Service::Amazon, "kultti"),
            ("gs://kultti/a", Service::Google, "kultti"),
            ("az://data/a", Service::Azure, "data"),
            (
                "abfss://data@account.dfs.core.windows.net/a",
                Service::Azure,
                "data",
            ),
            ("https://example.org/a?b", Service::Web, "example.org"),
        ] {
            let address = Address::parse(text).expect("an address");
            assert_eq!(
                address.object().map(|(service, _)| service),
                Some(service),
                "{text}"
            );
            assert_eq!(address.bucket(), bucket, "{text}");
            assert!(address.file().is_none());
        }
    }

    #[test]
    fn files_are_files() {
        for (text, path) in [("a/b", "a/b"), ("file:///a%20b/c", "/a b/c"), ("FILE:///a", "/a")] {
            assert_eq!(
                Address::parse(text).expect("a file").file(),
                Some(Path::new(path)),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_address_is_told_with_what_is() {
        for (text, code, said) in [
            ("s4://kultti/a", "K1047", "Did you mean s3://"),
            ("gcs://kultti/a", "K1047", "Did you mean gs://"),
            ("ftp://host/a", "K1047", "s3://"),
            ("s3:///a", "K1112", "s3://bucket/name"),
            (
                "s3://key:secret@kultti/a",
                "K1112",
                "no credentials in the address",
            ),
            ("s3://kultti/a?versionId=1", "K1112", "without ? and #"),
            ("file://host.example/a", "K1112", "file:///"),
        ] {
            let error = Address::parse(text).expect_err(text);
            assert_eq!(error.code(), code, "{text}: {error}");
            assert!(error.to_string().contains(said), "{text}: {error}");
        }
        let web = Address::parse("https://host/a").expect("for reading");
        let error = web.writable("https://host/a").expect_err("not for writing");
        assert!(
            error.code() == "K1047" && !error.to_string().contains(", http"),
            "{error}"
        );
    }
}
