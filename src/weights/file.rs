//! Files: read whole, written whole or not at all.
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Error, StateDict};

/// Reads the file at `path` by a format's own function.
pub(super) fn read(
    path: &Path,
    format: impl FnOnce(&[u8]) -> Result<StateDict, String>,
) -> Result<StateDict, Error> {
    let bytes = fs::read(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
    format(&bytes).map_err(|reason| Error::Format { path: Some(path.to_owned()), reason })
}

/// Writes what a format has made, if it could.
pub(super) fn write(path: &Path, bytes: Result<Vec<u8>, String>) -> Result<(), Error> {
    let bytes = bytes.map_err(|reason| Error::Format { path: Some(path.to_owned()), reason })?;
    write_atomically(path, &bytes).map_err(|source| Error::Io { path: path.to_owned(), source })
}

/// Writes `bytes` beside `path`, flushes them to the disk, and renames.
fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (temporary, mut file) = create_beside(path)?;
    let written = file
        .write_all(bytes)
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // The first error is the one to report.
        let _ = fs::remove_file(&temporary);
        return written;
    }
    sync_directory(path)
}

/// Creates a hidden file that no one else writes, in the directory of `path`.
fn create_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let Some(name) = path.file_name() else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"));
    };
    loop {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}-{count}.tmp", std::process::id()));
        let temporary = path.with_file_name(hidden);
        match OpenOptions::new().write(true).create_new(true).open(&temporary) {
            // Left by a process of the same number that was killed: take the next name.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            opened => return opened.map(|file| (temporary, file)),
        }
    }
}

/// Removes what killed processes have left half-written beside `path`, where no one writes now.
#[cfg(feature = "train")]
pub(crate) fn remove_leftovers(path: &Path) {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let (Some(name), Ok(entries)) =
        (path.file_name(), fs::read_dir(directory.unwrap_or(Path::new("."))))
    else {
        return;
    };
    let beginning = format!(".{}.", name.to_string_lossy());
    for entry in entries.flatten() {
        let file = entry.file_name();
        let number =
            file.to_str().and_then(|file| file.strip_prefix(&beginning)?.strip_suffix(".tmp"));
        if number.is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit() || b == b'-')) {
            // It is in no one's way, should it not go.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Makes the rename itself durable; only Unix lets a directory be opened for that.
fn sync_directory(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        File::open(directory.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}
