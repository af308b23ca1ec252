//! Where a ledger stands: a folder or an address, and files that are on the disk before anybody is told so.

use super::failure::reading;
use crate::error::{Error, Result};
use crate::language::{Message, Param};
use async_trait::async_trait;
use deltalake::logstore::object_store::local::LocalFileSystem;
use deltalake::logstore::object_store::path::Path as Location;
use deltalake::logstore::object_store::{
    CopyOptions, Error as StoreError, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, PutMode, PutMultipartOptions, PutOptions, PutPayload, PutResult, RenameOptions,
    Result as StoreResult,
};
use deltalake::logstore::{LogStoreRef, StorageConfig, logstore_for, logstore_with};
use futures::stream::BoxStream;
use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use url::Url;

/// The schemes of addresses that this build can reach.
const SCHEMES: [&str; 2] = ["file", "memory"];

/// The place of a ledger.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// As it was given.
    pub(super) address: String,
    /// The folder, of a ledger that stands in one.
    folder: Option<PathBuf>,
    url: Option<Url>,
}

impl Place {
    /// What an address means: `scheme://…`, or else a folder.
    ///
    /// # Errors
    /// [`Error::LedgerStore`] where this build has no such store.
    pub(super) fn parse(address: &str) -> Result<Self> {
        let place = |folder, url| Self {
            address: address.to_owned(),
            folder,
            url,
        };
        if !address.contains("://") {
            return Ok(place(Some(PathBuf::from(address)), None));
        }
        let refused = || Error::LedgerStore {
            address: address.to_owned(),
            known: SCHEMES.map(|scheme| format!("{scheme}://")).to_vec(),
        };
        let url = Url::parse(address).map_err(|_| refused())?;
        match url.scheme() {
            "file" => Ok(place(Some(url.to_file_path().map_err(|()| refused())?), None)),
            "memory" => Ok(place(None, Some(url))),
            _ => Err(refused()),
        }
    }

    /// Makes the folders that a table stands in.
    pub(super) fn make(&self) -> Result<()> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        let log = folder.join("_delta_log");
        let made = std::fs::create_dir_all(&log);
        made.and_then(|()| sync_folder(folder))
            .and_then(|()| sync_folder(&beside(folder)))
            .map_err(|cause| Error::io(&self.address, &cause))
    }

    /// Whether there is a folder that a table could stand in.
    pub(super) fn is_there(&self) -> Result<bool> {
        let there = self.folder.as_deref().map_or(Ok(true), Path::try_exists);
        there.map_err(|cause| Error::io(&self.address, &cause))
    }

    /// That there is no ledger, and what is there instead.
    pub(super) fn nothing_there(&self) -> Result<Error> {
        const MOST: usize = 5;
        let mut names = Vec::new();
        if let Some(folder) = self.folder.as_deref().filter(|folder| folder.exists()) {
            let entries = std::fs::read_dir(folder).map_err(|cause| Error::io(&self.address, &cause))?;
            names.extend(
                entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned())),
            );
        }
        names.sort();
        if names.len() > MOST {
            names.truncate(MOST);
            names.push("…".to_owned());
        }
        let found = match (self.is_there()?, names.is_empty()) {
            (false, _) => Message::new("ledger.no_folder"),
            (true, true) => Message::new("ledger.empty_folder"),
            (true, false) => Message::new("ledger.other_files").with("names", Param::from(&names)),
        };
        Ok(Error::NoLedger {
            address: self.address.clone(),
            found,
        })
    }

    /// The log of the table there, and the store that its files stand in.
    pub(super) fn log_store(&self) -> Result<LogStoreRef> {
        let failed = |error: deltalake::DeltaTableError| reading(&self.address, &error);
        if let Some(url) = &self.url {
            return logstore_for(url, StorageConfig::default()).map_err(failed);
        }
        let folder = self.folder.as_deref().unwrap_or(Path::new("."));
        let whole = folder
            .canonicalize()
            .map_err(|cause| Error::io(&self.address, &cause))?;
        let url = Url::from_directory_path(&whole)
            .map_err(|()| Error::io(&self.address, &io::ErrorKind::InvalidInput.into()))?;
        logstore_with(Arc::new(Disk::default()), &url, StorageConfig::default()).map_err(failed)
    }
}

/// The file system, written so that a file has its name only when all of it is on the disk, and so that what was written is
/// still there after the power has gone: the content is synchronised before the file gets its name, and the folder after.
/// The plain store of Delta Lake does neither; there, a commit that was acknowledged can come back as an empty file.
///
/// Folders are never made here: a ledger whose folder was taken away is an error, not a new ledger without a beginning.
#[derive(Debug, Default)]
struct Disk {
    inner: LocalFileSystem,
}

impl fmt::Display for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.inner, f)
    }
}

#[async_trait]
impl ObjectStore for Disk {
    async fn put_opts(
        &self,
        location: &Location,
        payload: PutPayload,
        options: PutOptions,
    ) -> StoreResult<PutResult> {
        let replace = match options.mode {
            PutMode::Overwrite => true,
            PutMode::Create => false,
            PutMode::Update(_) => return self.inner.put_opts(location, payload, options).await,
        };
        let path = self.inner.path_to_filesystem(location)?;
        blocking(move || {
            write_whole(&path, &payload, replace).map_err(|source| {
                let path = path.display().to_string();
                let source = Box::new(source);
                match source.kind() {
                    io::ErrorKind::AlreadyExists => StoreError::AlreadyExists { path, source },
                    io::ErrorKind::NotFound => StoreError::NotFound { path, source },
                    _ => generic(source),
                }
            })
        })
        .await?;
        Ok(PutResult {
            e_tag: None,
            version: None,
        })
    }

    async fn put_multipart_opts(
        &self,
        location: &Location,
        options: PutMultipartOptions,
    ) -> StoreResult<Box<dyn MultipartUpload>> {
        let path = self.inner.path_to_filesystem(location)?;
        let upload = self.inner.put_multipart_opts(location, options).await?;
        Ok(Box::new(Synced { upload, path }))
    }

    async fn get_opts(&self, location: &Location, options: GetOptions) -> StoreResult<GetResult> {
        self.inner.get_opts(location, options).await
    }

    async fn get_ranges(
        &self,
        location: &Location,
        ranges: &[std::ops::Range<u64>],
    ) -> StoreResult<Vec<bytes::Bytes>> {
        self.inner.get_ranges(location, ranges).await
    }

    fn delete_stream(
        &self,
        locations: BoxStream<'static, StoreResult<Location>>,
    ) -> BoxStream<'static, StoreResult<Location>> {
        self.inner.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Location>) -> BoxStream<'static, StoreResult<ObjectMeta>> {
        self.inner.list(prefix)
    }

    fn list_with_offset(
        &self,
        prefix: Option<&Location>,
        offset: &Location,
    ) -> BoxStream<'static, StoreResult<ObjectMeta>> {
        self.inner.list_with_offset(prefix, offset)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Location>) -> StoreResult<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Location, to: &Location, options: CopyOptions) -> StoreResult<()> {
        self.inner.copy_opts(from, to, options).await
    }

    async fn rename_opts(&self, from: &Location, to: &Location, options: RenameOptions) -> StoreResult<()> {
        self.inner.rename_opts(from, to, options).await
    }
}

/// A large file that is written in parts, synchronised when it is complete and before it is named in the log.
#[derive(Debug)]
struct Synced {
    upload: Box<dyn MultipartUpload>,
    path: PathBuf,
}

#[async_trait]
impl MultipartUpload for Synced {
    fn put_part(&mut self, data: PutPayload) -> deltalake::logstore::object_store::UploadPart {
        self.upload.put_part(data)
    }

    async fn complete(&mut self) -> StoreResult<PutResult> {
        let result = self.upload.complete().await?;
        let path = self.path.clone();
        blocking(move || {
            let synced = std::fs::File::open(&path).and_then(|file| file.sync_all());
            synced
                .and_then(|()| sync_folder(&beside(&path)))
                .map_err(|source| generic(Box::new(source)))
        })
        .await?;
        Ok(result)
    }

    async fn abort(&mut self) -> StoreResult<()> {
        self.upload.abort().await
    }
}

fn generic(source: Box<io::Error>) -> StoreError {
    StoreError::Generic {
        store: "file system",
        source,
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> StoreResult<T> + Send + 'static,
) -> StoreResult<T> {
    tokio::task::spawn_blocking(work).await?
}

/// The folder that a path stands in.
fn beside(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new(".")).to_owned()
}

fn write_whole(path: &Path, payload: &PutPayload, replace: bool) -> io::Result<()> {
    let folder = beside(path);
    let mut builder = tempfile::Builder::new();
    // Readers of Delta tables pass over names that begin with a dot.
    builder.prefix(".kultti-").suffix(".part");
    // As any other new file: what the user's mask leaves of this.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(&folder)?;
    for bytes in payload {
        file.write_all(bytes)?;
    }
    file.as_file().sync_all()?;
    let named = if replace {
        file.persist(path)
    } else {
        file.persist_noclobber(path)
    };
    named.map_err(|error| error.error)?;
    sync_folder(&folder)
}

/// Makes the names in a folder last. Some network drives have no such thing for folders: their server keeps the names.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    match std::fs::File::open(folder)?.sync_all() {
        Err(cause)
            if matches!(
                cause.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        synced => synced,
    }
}
