//! Named arrays in memory.
use std::collections::BTreeMap;

use indexmap::IndexMap;
use indexmap::map::Entry;

use super::{Array, Element, Error};

/// Named arrays in order, and metadata: a network's parameters as PyTorch's
/// [`state_dict`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.state_dict)
/// has them, or whatever else is to be kept with them.
///
/// A checkpoint is one of these: the parts below prefixes of their own, and text as metadata.
///
/// ```
/// use shapewright::prelude::*;
/// use shapewright::weights::{Array, StateDict};
///
/// net! { struct Net: [4] -> [2] { fc: Linear(2) } }
///
/// let net = AutoDevice::default().build_module::<Net, f32>();
/// let mut checkpoint = StateDict::new();
/// checkpoint.merge("model.", net.state_dict()?)?;
/// checkpoint.insert("optimizer.step", Array::scalar(1000_u64));
/// checkpoint.insert("optimizer.fc.bias.exp_avg", Array::of(&[2], &[0.5_f32, -0.5])?);
/// checkpoint.metadata_mut().insert("epoch".to_owned(), "3".to_owned());
/// let bytes = checkpoint.to_safetensors_bytes()?;
///
/// let mut read = StateDict::from_safetensors_bytes(&bytes)?;
/// let mut optimizer = read.split("optimizer.");
/// assert_eq!(optimizer.values::<u64>("step")?, [1000]);
/// assert_eq!(optimizer.values::<f64>("fc.bias.exp_avg")?, [0.5, -0.5]);
/// assert_eq!(read.split("model.").len(), 2);
/// assert!(read.is_empty());
/// # Ok::<(), shapewright::weights::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateDict {
    arrays: IndexMap<String, Array>,
    metadata: BTreeMap<String, String>,
}

impl StateDict {
    /// One without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.arrays.len()
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.arrays.is_empty()
    }

    /// The entry of this name.
    pub fn get(&self, name: &str) -> Option<&Array> {
        self.arrays.get(name)
    }

    /// Adds an entry at the end, or replaces the one of this name, which is returned.
    pub fn insert(&mut self, name: impl Into<String>, array: Array) -> Option<Array> {
        self.arrays.insert(name.into(), array)
    }

    /// Takes out the entry of this name; the others keep their order.
    pub fn remove(&mut self, name: &str) -> Option<Array> {
        self.arrays.shift_remove(name)
    }

    /// Names and entries, in order: a network's own, or a file's.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &Array)> + ExactSizeIterator {
        self.arrays.iter().map(|(name, array)| (name.as_str(), array))
    }

    /// The values of an entry, converted as by [`Array::values`].
    ///
    /// # Errors
    /// [`Error::Missing`] when there is no entry of this name, [`Error::Dtype`] when its type is not
    /// converted to `N`.
    pub fn values<N: Element>(&self, name: &str) -> Result<Vec<N>, Error> {
        let array = self.get(name).ok_or_else(|| Error::Missing { name: name.to_owned() })?;
        array.values().ok_or_else(|| Error::Dtype {
            name: name.to_owned(),
            found: array.dtype(),
            asked: N::DTYPE,
        })
    }

    /// Text that is kept beside the arrays, such as JSON.
    pub fn metadata(&self) -> &BTreeMap<String, String> {
        &self.metadata
    }

    /// As [`metadata`](Self::metadata), to be changed.
    pub fn metadata_mut(&mut self) -> &mut BTreeMap<String, String> {
        &mut self.metadata
    }

    /// Gives every entry the name that `rename` makes of its own; the order stays.
    ///
    /// # Errors
    /// [`Error::Collision`] when two entries would get one name; then nothing is renamed.
    pub fn rename(&mut self, rename: impl FnMut(&str) -> String) -> Result<(), Error> {
        let names = renamed(self.arrays.keys(), rename)?;
        let arrays = std::mem::take(&mut self.arrays).into_values();
        self.arrays = names.into_iter().zip(arrays).collect();
        Ok(())
    }

    /// Adds the entries of `other`, each below `prefix` (which ends in the dot, if there is to be
    /// one), and its metadata, which replaces that of the same keys.
    ///
    /// # Errors
    /// [`Error::Duplicate`] when a name is there already; then nothing is added.
    pub fn merge(&mut self, prefix: &str, other: StateDict) -> Result<(), Error> {
        let below = |name: &str| format!("{prefix}{name}");
        if let Some(name) =
            other.arrays.keys().map(|n| below(n)).find(|n| self.arrays.contains_key(n))
        {
            return Err(Error::Duplicate { name });
        }
        self.arrays.extend(other.arrays.into_iter().map(|(name, array)| (below(&name), array)));
        self.metadata.extend(other.metadata);
        Ok(())
    }

    /// Takes out the entries below `prefix`, which their names lose. The metadata stays here.
    pub fn split(&mut self, prefix: &str) -> StateDict {
        let entries = std::mem::take(&mut self.arrays);
        let mut split = StateDict::new();
        for (name, array) in entries {
            match name.strip_prefix(prefix) {
                Some(below) => split.arrays.insert(below.to_owned(), array),
                None => self.arrays.insert(name, array),
            };
        }
        split
    }
}

/// The new names of all entries.
pub(super) fn renamed<'a>(
    names: impl Iterator<Item = &'a String>,
    mut rename: impl FnMut(&str) -> String,
) -> Result<Vec<String>, Error> {
    let mut from: IndexMap<String, &String> = IndexMap::new();
    for name in names {
        match from.entry(rename(name)) {
            Entry::Vacant(entry) => entry.insert(name),
            Entry::Occupied(entry) => {
                let from = [entry.get().to_string(), name.clone()];
                return Err(Error::Collision { name: entry.key().clone(), from });
            }
        };
    }
    Ok(from.into_keys().collect())
}

impl FromIterator<(String, Array)> for StateDict {
    /// Of entries with the same name, the last stays.
    fn from_iter<I: IntoIterator<Item = (String, Array)>>(entries: I) -> Self {
        Self { arrays: entries.into_iter().collect(), metadata: BTreeMap::new() }
    }
}
