//! One array in NumPy's format [npy](https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
use super::Array;
use super::npy_header::{DTYPES, Header};

const MAGIC: &[u8] = b"\x93NUMPY";

/// Reads a whole file of version 1.0, 2.0 or 3.0.
pub(super) fn read(bytes: &[u8]) -> Result<Array, String> {
    let (header, start, values) = split(bytes)?;
    let Header { dtype, big_endian, fortran_order, shape } = Header::parse(header, start)?;
    let width = dtype.bitsize() / 8;
    let array = Array::new(dtype, shape, values.to_vec()).map_err(|error| error.to_string())?;
    if !big_endian && !fortran_order {
        return Ok(array);
    }
    let mut bytes = array.bytes().to_vec();
    if big_endian {
        bytes.chunks_exact_mut(width).for_each(<[u8]>::reverse);
    }
    if fortran_order {
        bytes = row_major(&bytes, array.shape(), width);
    }
    Array::new(dtype, array.shape().to_vec(), bytes).map_err(|error| error.to_string())
}

/// The header's text, the byte at which it starts, and the values.
fn split(bytes: &[u8]) -> Result<(&str, usize, &[u8]), String> {
    let short = || format!("the header ends at byte {}", bytes.len());
    let rest =
        bytes.strip_prefix(MAGIC).ok_or("no npy array: it does not begin with NumPy's mark")?;
    let (&[major, minor], rest) = rest.split_first_chunk().ok_or_else(short)?;
    let (length, start, rest) = match (major, minor) {
        (1, 0) => {
            let (length, rest) = rest.split_first_chunk().ok_or_else(short)?;
            (u16::from_le_bytes(*length).into(), 10, rest)
        }
        (2 | 3, 0) => {
            let (length, rest) = rest.split_first_chunk().ok_or_else(short)?;
            (u32::from_le_bytes(*length), 12, rest)
        }
        _ => return Err(format!("npy of version {major}.{minor}; 1.0, 2.0 and 3.0 are read")),
    };
    let (header, values) = usize::try_from(length)
        .ok()
        .and_then(|length| rest.split_at_checked(length))
        .ok_or_else(|| format!("a header of {length} bytes promised, {} are left", rest.len()))?;
    let text = std::str::from_utf8(header)
        .map_err(|error| format!("byte {}: no UTF-8", start + error.valid_up_to()))?;
    Ok((text, start, values))
}

/// Elements of `width` bytes from column-major to row-major order.
fn row_major(bytes: &[u8], shape: &[usize], width: usize) -> Vec<u8> {
    let mut strides = Vec::with_capacity(shape.len());
    let mut stride = width;
    for &size in shape {
        strides.push(stride);
        stride *= size;
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut index = vec![0; shape.len()];
    while out.len() < bytes.len() {
        let at: usize = index.iter().zip(&strides).map(|(i, stride)| i * stride).sum();
        out.extend(&bytes[at..at + width]);
        // The next index in row-major order.
        for (i, &size) in index.iter_mut().zip(shape).rev() {
            *i += 1;
            if *i < size {
                break;
            }
            *i = 0;
        }
    }
    out
}

/// All that comes before the values, or an error for a type that NumPy has not.
pub(super) fn header(array: &Array) -> Result<Vec<u8>, String> {
    let dtype = array.dtype();
    let (_, name) = DTYPES
        .iter()
        .find(|(known, _)| *known == dtype)
        .ok_or_else(|| format!("NumPy has no {dtype} values"))?;
    let order = if dtype.bitsize() == 8 { '|' } else { '<' };
    // A tuple of one is written with a comma.
    let sizes: String = array.shape().iter().map(|size| format!("{size}, ")).collect();
    let sizes = if array.shape().len() == 1 { sizes.trim() } else { sizes.trim_end_matches(", ") };
    let text =
        format!("{{'descr': '{order}{name}', 'fortran_order': False, 'shape': ({sizes}), }}");
    // Padded, so that the values are aligned to 64 bytes; the last byte is a newline.
    let length = (10 + text.len() + 1).next_multiple_of(64) - 10;
    let short = u16::try_from(length).map_err(|_| "a shape too long for npy".to_owned())?;
    let mut header = [MAGIC, &[1, 0], &short.to_le_bytes()].concat();
    header.extend(format!("{text:<width$}\n", width = length - 1).bytes());
    Ok(header)
}
