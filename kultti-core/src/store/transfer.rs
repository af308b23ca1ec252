//! Whole objects, there and back: into a file without a name, and from one.

use super::address::Address;
use super::connection::Connection;
use super::failure::failed;
use crate::error::{Error, Result};
use crate::language::near_matches;
use bytes::Bytes;
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use object_store::client::{HttpError, HttpErrorKind};
use object_store::path::Path as Location;
use object_store::{
    Error as StoreError, GetOptions, GetRange, MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload,
    Result as StoreResult,
};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::error::Elapsed;
use tokio::time::timeout;

/// Bytes of one request. Four are under way at once, so memory is that of four pieces however large the object is.
const PIECE: u64 = 8 << 20;
const AT_ONCE: usize = 4;
/// How long a web server may say nothing; the requests of the other stores have limits of their own.
const SILENCE: Duration = Duration::from_secs(30);

/// Reads the object at an address into a file that has no name and goes when it is closed.
///
/// All pieces are of one version of the object: where somebody replaces it meanwhile, that is an error.
///
/// # Errors
/// [`Error::NoSuchObject`] with names like it; [`Error::NoSuchBucket`], [`Error::NoCredentials`],
/// [`Error::CredentialsRefused`], [`Error::AccessDenied`], [`Error::StoreUnreachable`], [`Error::StoreFailed`] and the other
/// errors of a store; [`Error::Io`] where the disk is full.
pub(crate) async fn fetch(address: &Address, connection: &Connection) -> Result<File> {
    let store = &connection.store;
    let read = match connection.ranges {
        true => pieces(Arc::clone(store), connection.location.clone()).await,
        false => whole(store.as_ref(), &connection.location).await,
    };
    let mut pieces = match read {
        Ok(pieces) => pieces,
        Err(error @ StoreError::NotFound { .. }) => {
            return Err(missing(address, connection, &error).await);
        }
        Err(error) => return Err(failed(address, &error)),
    };
    let full = |cause: io::Error| Error::io(std::env::temp_dir().display().to_string(), &cause);
    let mut file = tempfile::tempfile().map_err(full)?;
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| failed(address, &error))?;
        file = blocking(move || file.write_all(&piece).map(|()| file))
            .await
            .map_err(full)?;
    }
    Ok(file)
}

/// An object in pieces, several asked for at once. The first request tells how many there are, and which version is read.
async fn pieces(
    store: Arc<dyn ObjectStore>,
    location: Location,
) -> StoreResult<BoxStream<'static, StoreResult<Bytes>>> {
    let range = |start: u64| GetOptions {
        range: Some(GetRange::Bounded(start..start + PIECE)),
        ..GetOptions::default()
    };
    let first = match store.get_opts(&location, range(0)).await {
        // Nothing is a range of nothing.
        Err(error) if error.to_string().contains("status code: 416") => {
            return Ok(stream::empty().boxed());
        }
        first => first?,
    };
    let (size, version) = (first.meta.size, first.meta.e_tag.clone());
    let begin = first.bytes().await?;
    let starts = (PIECE..size).step_by(PIECE as usize);
    let rest = stream::iter(starts).map(move |start| {
        let (store, location) = (Arc::clone(&store), location.clone());
        let options = GetOptions {
            if_match: version.clone(),
            ..range(start)
        };
        async move { store.get_opts(&location, options).await?.bytes().await }
    });
    Ok(stream::once(async { Ok(begin) })
        .chain(rest.buffered(AT_ONCE))
        .boxed())
}

/// An object in one answer, as a web server gives it.
async fn whole(
    store: &dyn ObjectStore,
    location: &Location,
) -> StoreResult<BoxStream<'static, StoreResult<Bytes>>> {
    let answer = timeout(SILENCE, store.get(location)).await.map_err(silent)??;
    let size = answer.meta.size;
    let pieces = answer.into_stream();
    let read = stream::try_unfold((pieces, 0), move |(mut pieces, come)| async move {
        match timeout(SILENCE, pieces.next()).await.map_err(silent)? {
            Some(piece) => {
                let piece = piece?;
                let come = come + piece.len() as u64;
                Ok(Some((piece, (pieces, come))))
            }
            None if come == size => Ok(None),
            None => Err(StoreError::Generic {
                store: "HTTP",
                source: format!("{come} of {size} bytes came").into(),
            }),
        }
    });
    Ok(read.boxed())
}

/// That nothing was heard for too long.
fn silent(_: Elapsed) -> StoreError {
    let cause = io::Error::from(io::ErrorKind::TimedOut);
    StoreError::Generic {
        store: "HTTP",
        source: HttpError::new(HttpErrorKind::Timeout, cause).into(),
    }
}

/// That an object is not there, with the names beside it that are most like its own.
async fn missing(address: &Address, connection: &Connection, error: &StoreError) -> Error {
    const LOOKED_AT: usize = 1_000;
    const TOLD: usize = 3;
    let told = failed(address, error);
    let Error::NoSuchObject { address, .. } = told else {
        return told;
    };
    let mut near = Vec::new();
    if connection.ranges {
        let name = connection.location.filename().unwrap_or_default();
        let folder: Location = {
            let mut parts: Vec<_> = connection.location.parts().collect();
            parts.pop();
            parts.into_iter().collect()
        };
        let listed = connection.store.list(Some(&folder)).take(LOOKED_AT);
        // Who may read an object need not be allowed to list what stands beside it.
        let listed: Vec<_> = listed.try_collect().await.unwrap_or_default();
        let names: Vec<&str> = listed
            .iter()
            .filter_map(|object| object.location.filename())
            .collect();
        near.extend(near_matches(name, names, TOLD).into_iter().map(str::to_owned));
    }
    Error::NoSuchObject { address, near }
}

/// Writes a file as the object at an address, in place of what stood there: readers see the old one whole until they see
/// the new one whole.
///
/// # Errors
/// Those of [`fetch`] that a store has.
pub(crate) async fn upload(address: &Address, connection: &Connection, mut file: File) -> Result<()> {
    let broken = |cause: io::Error| Error::io(address.to_string(), &cause);
    let refused = |error: StoreError| failed(address, &error);
    file.seek(SeekFrom::Start(0)).map_err(broken)?;
    let size = file.metadata().map_err(broken)?.len();
    let (store, location) = (&connection.store, &connection.location);
    if size <= PIECE {
        let (_, bytes) = read_piece(file).await.map_err(broken)?;
        return store.put(location, bytes.into()).await.map(drop).map_err(refused);
    }
    let mut parts = store.put_multipart(location).await.map_err(refused)?;
    let written = upload_parts(parts.as_mut(), file, address).await;
    match written {
        Ok(()) => parts.complete().await.map(drop).map_err(refused),
        Err(error) => {
            // What the store keeps of an upload that was given up costs its owner; the error that ended it is the one to tell.
            let _ = parts.abort().await;
            Err(error)
        }
    }
}

async fn upload_parts(parts: &mut dyn MultipartUpload, mut file: File, address: &Address) -> Result<()> {
    loop {
        let read = read_piece(file).await;
        let (rest, bytes) = read.map_err(|cause| Error::io(address.to_string(), &cause))?;
        if bytes.is_empty() {
            return Ok(());
        }
        file = rest;
        let put = parts.put_part(PutPayload::from(bytes)).await;
        put.map_err(|error| failed(address, &error))?;
    }
}

/// The next piece of a file; empty at its end.
async fn read_piece(file: File) -> io::Result<(File, Vec<u8>)> {
    blocking(move || {
        let mut bytes = Vec::new();
        (&file).take(PIECE).read_to_end(&mut bytes)?;
        Ok((file, bytes))
    })
    .await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await?
}
