//! IDX, the file format of MNIST: <http://yann.lecun.com/exdb/mnist/>, plain or gzip.
//!
//! | bytes | meaning |
//! |---|---|
//! | 0, 1 | zero |
//! | 2 | element type; `0x08` is unsigned byte, the only one read here |
//! | 3 | number of dimensions, `R` |
//! | 4 .. 4 + 4R | the dimensions, big-endian `u32` |
//! | from 4 + 4R | the elements, row-major, nothing after them |
//!
//! No header, however absurd, makes the reader allocate more than the file really holds (unpacked),
//! nor more than [`MAX_BYTES`].
use std::path::Path;

use super::source::{MAX_BYTES, Source};
use super::{Error, Reason};

/// An array of unsigned bytes with `R` dimensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idx<const R: usize> {
    /// The dimensions.
    pub shape: [usize; R],
    /// The elements, row-major; as many as the product of the dimensions.
    pub data: Vec<u8>,
    /// Whether the file was gzip.
    pub packed: bool,
}

impl<const R: usize> Idx<R> {
    /// Where the elements begin in the (unpacked) file.
    pub const HEADER: u64 = 4 + 4 * R as u64;

    /// Reads an IDX file; gzip is recognised by its first two bytes, whatever the file's name.
    ///
    /// # Errors
    /// [`Error::Io`] when the file can't be read, else [`Error::Content`] with the offset of the
    /// first wrong byte and the [`Reason`].
    ///
    /// ```
    /// use shapewright::data::idx::Idx;
    ///
    /// let path = std::env::temp_dir().join(format!("labels-{}", std::process::id()));
    /// std::fs::write(&path, [0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1])?;
    /// let labels = Idx::<1>::read(&path)?;
    /// assert_eq!((labels.shape, labels.data), ([3], vec![7, 2, 1]));
    ///
    /// std::fs::write(&path, [0, 0, 8, 1, 0, 0, 0, 3, 7, 2])?;
    /// let error = Idx::<1>::read(&path).unwrap_err().to_string();
    /// assert!(error.ends_with("byte 10: the data ends here, 11 bytes needed"), "{error}");
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let mut source = Source::open(path.as_ref())?;
        let (shape, data) = parse(&mut source)?;
        Ok(Self { shape, data, packed: source.packed })
    }
}

fn parse<const R: usize>(from: &mut Source) -> Result<([usize; R], Vec<u8>), Error> {
    let header = Idx::<R>::HEADER;
    let bytes = from.read_up_to(header)?;
    // The magic is judged before the length, so that a short file of another kind is called that.
    if bytes.iter().take(2).any(|&b| b != 0) {
        let magic = std::array::from_fn(|i| bytes.get(i).copied().unwrap_or(0));
        return from.wrong(0, Reason::Magic(magic));
    }
    match bytes.get(2) {
        Some(&code) if code != 0x08 => return from.wrong(2, Reason::ElementType(code)),
        _ => {}
    }
    match bytes.get(3) {
        Some(&found) if usize::from(found) != R => {
            return from.wrong(3, Reason::Rank { found, needed: R as u8 });
        }
        _ => {}
    }
    if from.at < header {
        return from.wrong(from.at, Reason::Short { needed: header });
    }
    let mut dims = [0u32; R];
    for (dim, word) in dims.iter_mut().zip(bytes[4..].chunks_exact(4)) {
        *dim = word.iter().fold(0, |n, &b| n << 8 | u32::from(b));
    }
    let size = dims.iter().try_fold(1u64, |n, &d| n.checked_mul(u64::from(d)));
    let Some(size) = size.filter(|&size| size <= MAX_BYTES) else {
        return from.wrong(4, Reason::TooLarge(dims.to_vec()));
    };
    let needed = header + size;
    let data = from.read_up_to(size)?;
    if from.at < needed {
        return from.wrong(from.at, Reason::Short { needed });
    }
    if !from.read_up_to(1)?.is_empty() {
        return from.wrong(needed, Reason::Long { needed });
    }
    Ok((dims.map(|d| d as usize), data))
}
