//! Releases at addresses: read from an object store when they are opened, and written to one whole.

use super::build::{Built, build_file, build_into};
use super::open::Release;
use super::storage::Storage;
use crate::error::{Error, Result};
use crate::store::{Address, Connection, fetch, upload};
use std::fs::File;
use std::io;
use std::path::Path;

impl Release {
    /// Opens the release at an address, or the one in a file where a path is given: [`Address`] says which addresses there
    /// are. Credentials come from the environment.
    ///
    /// The object is read once and wholly, into a temporary file that nobody else sees and that goes with the release; from
    /// then on every question is answered as from a file, and the store is not asked again. Whoever asks a large release one
    /// question a day is better served by a copy of it.
    ///
    /// # Errors
    /// Those of [`Release::open`]; [`Error::NoSuchObject`] with names like it, [`Error::NoSuchBucket`],
    /// [`Error::NoCredentials`], [`Error::CredentialsRefused`], [`Error::AccessDenied`], [`Error::WrongRegion`],
    /// [`Error::PlainHttp`], [`Error::StoreSetting`], [`Error::StoreUnreachable`] after some seconds and
    /// [`Error::StoreFailed`], all with the address and none with a secret; [`Error::UnknownStore`] and
    /// [`Error::AddressSyntax`] for what is no address.
    ///
    /// ```
    /// # tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
    /// use kultti_core::release::Release;
    /// let folder = tempfile::tempdir().expect("a folder");
    /// let address = format!("file://{}/example.parquet", folder.path().display());
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// release.write_at(&address).await?;
    /// assert_eq!(Release::open_at(&address).await?.id(), release.id());
    /// let error = Release::open_at("s3://kultti").await.expect_err("a bucket is no release");
    /// assert_eq!(error.code(), "K1112");
    /// # Ok::<(), kultti_core::Error>(())
    /// # }).expect("the example");
    /// ```
    pub async fn open_at(address: &str) -> Result<Self> {
        let address = Address::parse(address)?;
        let Some(connection) = object(&address)? else {
            return Self::open(address.file().unwrap_or(Path::new("")));
        };
        let file = fetch(&address, &connection).await?;
        Self::from_storage(address.to_string(), Storage::file(file))
    }

    /// Writes the release to an address, or to a file where a path is given, byte by byte as it is held: readers find what
    /// stood there before until they find all of it.
    ///
    /// # Errors
    /// Those of [`Release::write_file`] and of [`Release::open_at`]; [`Error::UnknownStore`] for a web server, which nothing
    /// is written to.
    pub async fn write_at(&self, address: &str) -> Result<()> {
        let address = Address::parse(address)?.writable(address)?;
        let Some(connection) = object(&address)? else {
            return self.write_file(address.file().unwrap_or(Path::new("")));
        };
        let mut file = temporary()?;
        io::copy(&mut self.bytes()?, &mut file).map_err(|cause| full(&cause))?;
        upload(&address, &connection, file).await
    }
}

/// Builds a release from a folder, as [`build_file`] does, and writes it to an address: it is there when it is whole and has
/// been opened, and what stood there before stays until then.
///
/// # Errors
/// Those of [`build_file`] and of [`Release::write_at`].
pub async fn build_at(folder: &Path, address: &str) -> Result<Built> {
    let address = Address::parse(address)?.writable(address)?;
    let Some(connection) = object(&address)? else {
        return build_file(folder, address.file().unwrap_or(Path::new("")));
    };
    let (id, rows, file) = build_into(folder, &address.to_string(), temporary()?)?;
    let opened = file.try_clone().map_err(|cause| full(&cause))?;
    Release::from_storage(address.to_string(), Storage::file(opened))?;
    let bytes = file.metadata().map_err(|cause| full(&cause))?.len();
    upload(&address, &connection, file).await?;
    Ok(Built { id, rows, bytes })
}

/// The store of an address that names an object; `None` for a file.
fn object(address: &Address) -> Result<Option<Connection>> {
    let connection = Connection::of(address)?;
    let bare = |connection: &Connection| ["", "/"].contains(&connection.url.path());
    if connection.as_ref().is_some_and(bare) {
        return Err(Error::AddressSyntax {
            address: address.to_string(),
            expected: format!("{}/name.parquet", address.to_string().trim_end_matches('/')),
        });
    }
    Ok(connection)
}

fn temporary() -> Result<File> {
    tempfile::tempfile().map_err(|cause| full(&cause))
}

fn full(cause: &io::Error) -> Error {
    Error::io(std::env::temp_dir().display().to_string(), cause)
}
