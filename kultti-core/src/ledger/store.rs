//! Where a ledger stands: a folder or an address, and files that are on the disk before anybody is told so.

use super::failure::{damaged, reading, writing};
use crate::error::{Error, Result};
use crate::language::{Message, Param};
use crate::store::{Address, Connection};
use async_trait::async_trait;
use deltalake::logstore::{LogStoreRef, StorageConfig, default_logstore, logstore_for, logstore_with};
use futures::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Location;
use object_store::{
    CopyOptions, Error as StoreError, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, ObjectStoreExt, PutMode, PutMultipartOptions, PutOptions, PutPayload, PutResult,
    RenameOptions, Result as StoreResult,
};
use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use url::Url;

/// The place of a ledger.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// As it was given.
    pub(super) address: String,
    site: Site,
}

/// What a ledger stands in.
#[derive(Debug, Clone)]
enum Site {
    Folder(PathBuf),
    /// The memory of this process: for examples and tests.
    Memory(Url),
    Objects(Address),
}

impl Place {
    /// What an address means: `scheme://…`, or else a folder.
    ///
    /// # Errors
    /// [`Error::UnknownStore`] where there is no such store, or nothing can be written to it; [`Error::AddressSyntax`].
    pub(super) fn parse(address: &str) -> Result<Self> {
        let site = match Url::parse(address) {
            Ok(url) if address.starts_with("memory://") => Site::Memory(url),
            _ => {
                let named = Address::parse(address)?.writable(address)?;
                match named.file() {
                    Some(folder) => Site::Folder(folder.to_owned()),
                    None => Site::Objects(named),
                }
            }
        };
        Ok(Self {
            address: address.to_owned(),
            site,
        })
    }

    /// The folder, of a ledger that stands in one.
    fn folder(&self) -> Option<&Path> {
        match &self.site {
            Site::Folder(folder) => Some(folder),
            _ => None,
        }
    }

    /// Makes the folders that a table stands in.
    pub(super) fn make(&self) -> Result<()> {
        let Some(folder) = self.folder() else {
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
        let there = self.folder().map_or(Ok(true), Path::try_exists);
        there.map_err(|cause| Error::io(&self.address, &cause))
    }

    /// That there is no ledger, and what is there instead.
    pub(super) async fn nothing_there(&self) -> Result<Error> {
        const MOST: usize = 5;
        let mut names = match &self.site {
            Site::Folder(folder) if folder.exists() => {
                let entries = std::fs::read_dir(folder).map_err(|cause| Error::io(&self.address, &cause))?;
                entries
                    .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
                    .collect()
            }
            Site::Objects(_) => self.listed().await?,
            _ => Vec::new(),
        };
        names.sort();
        if names.len() > MOST {
            names.truncate(MOST);
            names.push("…".to_owned());
        }
        let found = match (&self.site, names.is_empty()) {
            (_, false) => Message::new("ledger.other_files").with("names", Param::from(&names)),
            (Site::Objects(_), true) => Message::new("ledger.no_objects"),
            (Site::Folder(folder), true) if !folder.exists() => Message::new("ledger.no_folder"),
            _ => Message::new("ledger.empty_folder"),
        };
        Ok(Error::NoLedger {
            address: self.address.clone(),
            found,
        })
    }

    /// The names of what stands in the folder of an object store.
    async fn listed(&self) -> Result<Vec<String>> {
        let store = self.log_store()?.object_store(None);
        let listed = store.list_with_delimiter(None).await;
        let listed = listed.map_err(|error| reading(&self.address, &error))?;
        let objects = listed.objects.into_iter().map(|object| object.location);
        let names = objects.chain(listed.common_prefixes);
        Ok(names
            .filter_map(|name| name.filename().map(str::to_owned))
            .collect())
    }

    /// Makes sure that a store gives each version of a ledger to one writer only: it must refuse to make an object that there is.
    ///
    /// # Errors
    /// [`Error::UnsafeStore`].
    pub(super) async fn check_conditions(&self) -> Result<()> {
        let Site::Objects(_) = &self.site else {
            return Ok(());
        };
        let store = self.log_store()?.object_store(None);
        // Readers of Delta tables pass over names that begin with a line.
        let probe = Location::from("_kultti_probe");
        let mut made = 0;
        // Where somebody else tries the same store at this moment, the object is theirs, and that we are refused tells enough.
        while made < 2 {
            match store
                .put_opts(&probe, PutPayload::new(), PutMode::Create.into())
                .await
            {
                Ok(_) => made += 1,
                Err(StoreError::AlreadyExists { .. }) => break,
                Err(error) => return Err(writing(&self.address, &error)),
            }
        }
        if made > 0 {
            // What stays behind is empty and read by nobody.
            let _ = store.delete(&probe).await;
        }
        match made {
            2 => Err(Error::UnsafeStore {
                address: self.address.clone(),
            }),
            _ => Ok(()),
        }
    }

    /// The log of the table there, and the store that its files stand in.
    pub(super) fn log_store(&self) -> Result<LogStoreRef> {
        let failed = |error: deltalake::DeltaTableError| reading(&self.address, &error);
        let options = StorageConfig::default();
        let folder = match &self.site {
            Site::Memory(url) => return logstore_for(url, options).map_err(failed),
            Site::Objects(address) => {
                let Some(Connection { store, url, .. }) = Connection::of(address)? else {
                    return Err(damaged(&self.address, "no store"));
                };
                let table = options.decorate_store(Arc::clone(&store), &url).map_err(failed)?;
                // A commit is an object that must not be there yet, which these stores see to themselves.
                return Ok(default_logstore(Arc::from(table), store, &url, &options));
            }
            Site::Folder(folder) => folder,
        };
        let whole = folder
            .canonicalize()
            .map_err(|cause| Error::io(&self.address, &cause))?;
        let url = Url::from_directory_path(&whole)
            .map_err(|()| Error::io(&self.address, &io::ErrorKind::InvalidInput.into()))?;
        logstore_with(Arc::new(Disk::default()), &url, options).map_err(failed)
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
    fn put_part(&mut self, data: PutPayload) -> object_store::UploadPart {
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
