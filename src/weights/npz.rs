//! NumPy's format [npz](https://numpy.org/doc/stable/reference/generated/numpy.savez.html): a zip
//! file of npy arrays.
use std::io::{Cursor, Read, Write};

use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::{Array, StateDict, npy};

/// How much larger than the file its arrays may be, all together. Parameters hardly shrink when
/// they are compressed, so what grows more is meant to fill the memory.
const MAX_GROWTH: u64 = 100;

/// Arrays of this many bytes in all are read from files of any size.
const ALWAYS_READ: u64 = 1 << 26;

/// Takes the file apart, in the order of its entries.
pub(super) fn read(bytes: &[u8]) -> Result<StateDict, String> {
    let damaged = |error| format!("not a whole npz file: {error}");
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    // Each of them could be as large as the file.
    if zip.has_overlapping_entries().map_err(damaged)? {
        return Err("not a whole npz file: its entries overlap".to_owned());
    }
    let limit = (bytes.len() as u64).saturating_mul(MAX_GROWTH).max(ALWAYS_READ);
    let mut left = limit;
    let mut dict = StateDict::new();
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).map_err(damaged)?;
        let file = entry.name().map_err(damaged)?.into_owned();
        let name = file.strip_suffix(".npy").ok_or_else(|| no_array(&file))?;
        left = left.checked_sub(entry.size()).ok_or_else(|| {
            format!("{file}: more than {limit} bytes in all, {MAX_GROWTH} times the file's own")
        })?;
        // The byte more shows an entry that is longer than it says, and the end checks the sum.
        let mut unpacked = Vec::new();
        let size = entry.size();
        let mut reader = entry.by_ref().take(size + 1);
        reader.read_to_end(&mut unpacked).map_err(|error| format!("{file}: {error}"))?;
        let array = npy::read(&unpacked).map_err(|reason| format!("{file}: {reason}"))?;
        dict.insert(name, array);
    }
    Ok(dict)
}

/// Why an entry of another name than an array's is refused.
fn no_array(file: &str) -> String {
    if file.ends_with("data.pkl") {
        return format!(
            "{file}: this is a .pt of PyTorch's, which is a pickle; write it there as safetensors, \
             or by `numpy.savez`"
        );
    }
    format!("{file}: no array: its name does not end in `.npy`")
}

/// The file's bytes, not compressed. There is no place for the metadata.
pub(super) fn write(dict: &StateDict) -> Result<Vec<u8>, String> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, array) in dict.iter() {
        let header = npy::header(array).map_err(|reason| format!("{name}: {reason}"))?;
        add(&mut zip, name, &header, array).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(zip.finish().map_err(|error| error.to_string())?.into_inner())
}

fn add(
    zip: &mut ZipWriter<Cursor<Vec<u8>>>,
    name: &str,
    header: &[u8],
    array: &Array,
) -> ZipResult<()> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        // 4 GiB and more need longer fields.
        .large_file(array.bytes().len() >= 1 << 31);
    zip.start_file(format!("{name}.npy"), options)?;
    zip.write_all(header)?;
    zip.write_all(array.bytes())?;
    Ok(())
}
