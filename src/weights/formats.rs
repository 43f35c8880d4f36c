//! A state dict to files and back.
use std::path::Path;

#[cfg(feature = "npz")]
use super::npz;
use super::{Error, StateDict, file, safetensors};

impl StateDict {
    /// Reads a file of the format that its first bytes show: npz for a zip file, else safetensors.
    ///
    /// # Errors
    /// [`Error::Io`] when the file can't be read, [`Error::Format`] when it is of neither format or
    /// not whole, or when it is an npz and the feature `npz` is off.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        file::read(path.as_ref(), |bytes| {
            if !bytes.starts_with(b"PK") {
                return safetensors::read(bytes);
            }
            #[cfg(feature = "npz")]
            return npz::read(bytes);
            #[cfg(not(feature = "npz"))]
            Err("an npz file is read with shapewright's feature `npz`".to_owned())
        })
    }

    /// Reads a safetensors file, whose order the entries have.
    ///
    /// # Errors
    /// [`Error::Io`] when the file can't be read, [`Error::Format`] when it is no safetensors file
    /// or not a whole one.
    pub fn read_safetensors(path: impl AsRef<Path>) -> Result<Self, Error> {
        file::read(path.as_ref(), safetensors::read)
    }

    /// Writes a safetensors file, with the metadata.
    ///
    /// The file appears whole or not at all: it is written beside `path` under another name, flushed
    /// to the disk and then renamed, replacing what was there.
    ///
    /// # Errors
    /// [`Error::Io`] when the file can't be written, [`Error::Format`] when an entry is called
    /// `__metadata__`, which safetensors keeps for itself.
    pub fn write_safetensors(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        file::write(path.as_ref(), safetensors::write(self))
    }

    /// As [`read_safetensors`](Self::read_safetensors), of a file in memory.
    ///
    /// # Errors
    /// [`Error::Format`] when this is no safetensors file, or not a whole one.
    pub fn from_safetensors_bytes(bytes: &[u8]) -> Result<Self, Error> {
        safetensors::read(bytes).map_err(|reason| Error::Format { path: None, reason })
    }

    /// What [`write_safetensors`](Self::write_safetensors) writes.
    ///
    /// # Errors
    /// [`Error::Format`] when an entry is called `__metadata__`.
    pub fn to_safetensors_bytes(&self) -> Result<Vec<u8>, Error> {
        safetensors::write(self).map_err(|reason| Error::Format { path: None, reason })
    }

    /// Reads an npz file, as NumPy's `savez` and `savez_compressed` write them: one array for each
    /// entry, of bools, integers or floats of 2, 4 or 8 bytes, of either byte order, in row-major or
    /// column-major (`fortran_order`) order. There is no metadata.
    ///
    /// The arrays of a compressed file may take 64 MiB or a hundred times its size, whichever is
    /// more, so that a small file can't fill the memory.
    ///
    /// # Errors
    /// [`Error::Io`] when the file can't be read, [`Error::Format`] when it is no npz file, not a
    /// whole one, or holds something else, such as Python's objects.
    #[cfg(feature = "npz")]
    pub fn read_npz(path: impl AsRef<Path>) -> Result<Self, Error> {
        file::read(path.as_ref(), npz::read)
    }

    /// Writes an npz file, not compressed, as NumPy's `savez` does; `numpy.load` reads it. The
    /// metadata has no place in it and is left out. As safe as
    /// [`write_safetensors`](Self::write_safetensors).
    ///
    /// # Errors
    /// [`Error::Io`] when the file can't be written, [`Error::Format`] for values of a type that
    /// NumPy has not, such as BF16.
    #[cfg(feature = "npz")]
    pub fn write_npz(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        file::write(path.as_ref(), npz::write(self))
    }

    /// As [`read_npz`](Self::read_npz), of a file in memory.
    ///
    /// # Errors
    /// [`Error::Format`] when this is no npz file, not a whole one, or holds something else.
    #[cfg(feature = "npz")]
    pub fn from_npz_bytes(bytes: &[u8]) -> Result<Self, Error> {
        npz::read(bytes).map_err(|reason| Error::Format { path: None, reason })
    }

    /// What [`write_npz`](Self::write_npz) writes.
    ///
    /// # Errors
    /// [`Error::Format`] for values of a type that NumPy has not, such as BF16.
    #[cfg(feature = "npz")]
    pub fn to_npz_bytes(&self) -> Result<Vec<u8>, Error> {
        npz::write(self).map_err(|reason| Error::Format { path: None, reason })
    }
}
