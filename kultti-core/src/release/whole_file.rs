//! Files that are whole or not there: written under another name, then renamed.

use crate::error::{Error, Result};
use crate::store::file_only;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A file that takes its name only when it is complete and on the disk.
///
/// It is written beside its place under a temporary name, and removed when dropped before [`WholeFile::commit`]: a full
/// disk, an error or a killed process leaves what stood under the name as it was.
///
/// ```
/// use kultti_core::release::WholeFile;
/// use std::io::Write;
/// let path = std::env::temp_dir().join(format!("kultti-doc-{}.txt", std::process::id()));
/// let mut file = WholeFile::create(&path)?;
/// file.write_all(b"whole").expect("written");
/// assert!(!path.exists());
/// file.commit()?;
/// assert_eq!(std::fs::read(&path).expect("read"), b"whole");
/// # std::fs::remove_file(&path).expect("removed");
/// # Ok::<(), kultti_core::Error>(())
/// ```
#[derive(Debug)]
pub struct WholeFile {
    path: PathBuf,
    file: NamedTempFile,
}

impl WholeFile {
    /// Begins a file that will stand at `path`.
    ///
    /// # Errors
    /// [`Error::Io`] when its folder does not exist or cannot be written to; [`Error::FilesOnly`] for an address.
    pub fn create(path: &Path) -> Result<Self> {
        file_only(path)?;
        let failed = |cause: &io::Error| Error::io(path.display().to_string(), cause);
        if path.is_dir() {
            // Said now rather than after everything has been computed.
            return Err(failed(&io::ErrorKind::IsADirectory.into()));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        // A folder that is not there is named by the system's plain words, without the name of the partial file.
        std::fs::metadata(folder).map_err(|cause| failed(&cause))?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".kultti-").suffix(".part");
        // As any other new file: what the user's mask leaves of this.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder.tempfile_in(folder);
        Ok(Self {
            file: file.map_err(|cause| failed(&cause))?,
            path: path.to_owned(),
        })
    }

    /// Where the file stands until it is complete.
    pub(super) fn partial(&self) -> &Path {
        self.file.path()
    }

    /// Gives the file its name, in place of what stood under it.
    ///
    /// # Errors
    /// [`Error::Io`] when the disk or the folder refuses; the name then keeps what it had.
    pub fn commit(self) -> Result<()> {
        let name = self.path.display().to_string();
        let synced = self.file.as_file().sync_all();
        synced.map_err(|cause| Error::io(&name, &cause))?;
        let renamed = self.file.persist(&self.path);
        renamed.map(drop).map_err(|error| Error::io(&name, &error.error))
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.as_file_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_file_mut().flush()
    }
}
