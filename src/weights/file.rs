//! Files: written whole or not at all, read without trusting them.
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use safetensors::tensor::{Metadata, TensorInfo};

/// Writes `bytes` beside `path`, flushes them to the disk, and renames.
pub(super) fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
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

/// Makes the rename itself durable; only Unix lets a directory be opened for that.
fn sync_directory(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        File::open(directory.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

/// A safetensors file whose header has been checked: every tensor's bytes are in `data`.
pub(super) struct Parsed<'a> {
    metadata: Metadata,
    data: &'a [u8],
}

impl<'a> Parsed<'a> {
    /// Reads the header. `SafeTensors::deserialize` does the same, but adds up lengths from the
    /// file without a check for overflow (safetensors 0.6.2), and then panics.
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, String> {
        let Some((length, rest)) = bytes.split_first_chunk::<8>() else {
            return Err(format!("{} bytes, at least 8 needed", bytes.len()));
        };
        let length = u64::from_le_bytes(*length);
        let header = usize::try_from(length).ok().and_then(|length| rest.split_at_checked(length));
        let Some((header, data)) = header else {
            return Err(format!("a header of {length} bytes promised, {} are left", rest.len()));
        };
        let metadata: Metadata =
            serde_json::from_slice(header).map_err(|e| format!("in the header: {e}"))?;
        if metadata.data_len() != data.len() {
            let (promised, found) = (metadata.data_len(), data.len());
            return Err(format!("{promised} bytes of values promised, {found} found"));
        }
        Ok(Self { metadata, data })
    }

    pub(super) fn get(&self, name: &str) -> Option<&TensorInfo> {
        self.metadata.info(name)
    }

    /// Names and entries, ordered by name.
    pub(super) fn entries(&self) -> Vec<(String, &TensorInfo)> {
        let mut entries: Vec<_> = self.metadata.tensors().into_iter().collect();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        entries
    }

    pub(super) fn bytes(&self, info: &TensorInfo) -> &'a [u8] {
        &self.data[info.data_offsets.0..info.data_offsets.1]
    }
}
