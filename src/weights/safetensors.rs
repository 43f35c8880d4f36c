//! The format [safetensors](https://github.com/huggingface/safetensors#format).
use std::cmp::Reverse;

use ::safetensors::tensor::Metadata;
use serde_json::json;

use super::{Array, StateDict};

/// The key in the header that names no tensor.
const METADATA: &str = "__metadata__";

/// Takes the file apart; every length that it promises is checked before it is believed.
///
/// `SafeTensors::deserialize` does the same, but adds up lengths from the file without a check for
/// overflow (safetensors 0.6.2), and then panics.
pub(super) fn read(bytes: &[u8]) -> Result<StateDict, String> {
    let (metadata, data) = split(bytes).map_err(|reason| {
        let other = other_format(bytes).map(|other| format!(": {other}")).unwrap_or_default();
        format!("not a whole safetensors file{other}: {reason}")
    })?;
    let entries = metadata.offset_keys().into_iter().filter_map(|name| {
        let info = metadata.info(&name)?;
        let bytes = data[info.data_offsets.0..info.data_offsets.1].to_vec();
        Some((name, Array::new(info.dtype, info.shape.clone(), bytes)))
    });
    let mut dict = entries
        .map(|(name, array)| Ok((name, array?)))
        .collect::<Result<StateDict, super::Error>>()
        .map_err(|error| error.to_string())?;
    dict.metadata_mut().extend(metadata.metadata().clone().into_iter().flatten());
    Ok(dict)
}

/// The header, and the bytes that it describes.
fn split(bytes: &[u8]) -> Result<(Metadata, &[u8]), String> {
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
    Ok((metadata, data))
}

/// What a file that is no safetensors file may be instead.
fn other_format(bytes: &[u8]) -> Option<&'static str> {
    [
        (&b"PK\x03\x04"[..], "this is a zip file, such as an npz, or a .pt of PyTorch's"),
        (b"\x93NUMPY", "this is a single .npy array"),
        (b"\x80\x02", "this is a pickle, such as an old .pt of PyTorch's"),
        (b"\x89HDF", "this is an HDF5 file"),
    ]
    .into_iter()
    .find_map(|(start, words)| bytes.starts_with(start).then_some(words))
}

/// The file's bytes: the same for the same entries, unlike those of `safetensors::serialize`, which
/// sorts by name and lets chance order the metadata.
pub(super) fn write(dict: &StateDict) -> Result<Vec<u8>, String> {
    if dict.get(METADATA).is_some() {
        return Err(format!("safetensors keeps the name `{METADATA}` for itself"));
    }
    let mut entries: Vec<_> = dict.iter().collect();
    // The wide ones first, so that each is aligned, which PyTorch's reader needs; otherwise in order.
    entries.sort_by_key(|(_, array)| Reverse(array.dtype().bitsize()));

    let mut metadata = dict.metadata().clone();
    // Hugging Face's loaders ask for this mark.
    metadata.entry("format".to_owned()).or_insert_with(|| "pt".to_owned());
    let mut header = format!("{{\"{METADATA}\":{}", json!(metadata));
    let mut end = 0;
    for (name, array) in &entries {
        let offsets = [end, end + array.bytes().len()];
        let (dtype, shape) = (array.dtype(), array.shape());
        let info = json!({ "dtype": dtype, "shape": shape, "data_offsets": offsets });
        header.push_str(&format!(",{}:{info}", json!(name)));
        end = offsets[1];
    }
    header.push('}');
    let length = header.len().next_multiple_of(8);

    let mut bytes = Vec::with_capacity(8 + length + end);
    bytes.extend((length as u64).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.resize(8 + length, b' ');
    entries.iter().for_each(|(_, array)| bytes.extend(array.bytes()));
    Ok(bytes)
}
