//! How to load what does not fit as it is.
use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;

use super::prefix::{self, Prefix};
use super::state_dict::renamed;
use super::{Array, Error, Mismatch, StateDict};

/// How to load weights that do not fit as they are: part of a file, other names, other shapes.
///
/// ```
/// use shapewright::prelude::*;
/// use shapewright::weights::LoadOptions;
///
/// net! {
///     struct Trained: [8] -> [10] { backbone: { fc: Linear(4) }, ReLU, head: Linear(10) }
///     struct Tuned: [8] -> [3] { encoder: { fc: Linear(4) }, ReLU, head: Linear(3) }
/// }
///
/// let dev = AutoDevice::default();
/// let trained = dev.build_module::<Trained, f32>().state_dict()?;
/// let mut net = dev.build_module::<Tuned, f32>();
///
/// // A backbone for another head: what has another shape stays as it is.
/// let options = LoadOptions::new()
///     .rename(|name| name.replace("backbone.", "encoder."))
///     .skip_misshapen(true);
/// let report = net.load_state_dict_with(&trained, &options)?;
/// assert_eq!(report.loaded, 2);
/// assert_eq!(report.misshapen().collect::<Vec<_>>(), ["head.weight", "head.bias"]);
/// assert_eq!(net.encoder.fc.weight.as_vec(), trained.values::<f32>("backbone.fc.weight")?);
/// # Ok::<(), shapewright::weights::Error>(())
/// ```
#[derive(Clone)]
pub struct LoadOptions {
    strict: bool,
    skip_misshapen: bool,
    prefix: String,
    rename: Option<Arc<Rename>>,
}

type Rename = dyn Fn(&str) -> String + Send + Sync;

impl Default for LoadOptions {
    fn default() -> Self {
        Self { strict: true, skip_misshapen: false, prefix: String::new(), rename: None }
    }
}

impl LoadOptions {
    /// Names and shapes have to be the network's.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether names that are missing or unexpected are errors, as they are by default. With `false`
    /// they are passed over, as with
    /// [`load_state_dict(strict=False)`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.load_state_dict);
    /// other shapes remain errors. Of names that are all others, nothing is loaded:
    /// [`loaded`](super::LoadReport::loaded) of the report tells.
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Whether tensors of other shapes are passed over, for a network with another head. By default
    /// they are errors.
    pub fn skip_misshapen(mut self, skip: bool) -> Self {
        self.skip_misshapen = skip;
        self
    }

    /// Loads only the entries whose names begin with `prefix`, such as `"model."`, without it.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Makes the network's names of those in the file, after the prefix is gone. With a map of `&str`
    /// it is `move |name| map.get(name).unwrap_or(&name).to_string()`.
    pub fn rename(mut self, rename: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        self.rename = Some(Arc::new(rename));
        self
    }

    /// What is to be loaded, under its new names.
    pub(super) fn select<'a>(
        &self,
        dict: &'a StateDict,
    ) -> Result<IndexMap<String, &'a Array>, Error> {
        let below = dict.iter().filter_map(|(name, array)| {
            Some((name.strip_prefix(self.prefix.as_str())?.to_owned(), array))
        });
        let below: IndexMap<String, &Array> = below.collect();
        match &self.rename {
            None => Ok(below),
            Some(rename) => {
                let names = renamed(below.keys(), |name| rename(name))?;
                Ok(names.into_iter().zip(below.into_values()).collect())
            }
        }
    }

    pub(super) fn tolerates(&self, mismatch: &Mismatch) -> bool {
        match mismatch {
            Mismatch::Missing { .. } | Mismatch::Unexpected { .. } => !self.strict,
            Mismatch::Shape { .. } => self.skip_misshapen,
            Mismatch::Dtype { .. } => false,
        }
    }

    /// What to write when all names differ in one prefix.
    pub(super) fn help(
        &self,
        network: &[String],
        given: &IndexMap<String, &Array>,
    ) -> Option<String> {
        // How a renaming goes on is its author's.
        if self.rename.is_some() {
            return None;
        }
        if given.is_empty() && !self.prefix.is_empty() {
            return Some(format!("no name begins with `{}`", self.prefix));
        }
        match prefix::between(network, given.keys())? {
            Prefix::OfGiven(prefix) => {
                let prefix = format!("{}{prefix}", self.prefix);
                Some(format!(
                    "the network's names stand behind `{prefix}`: load with \
                     `LoadOptions::new().prefix(\"{prefix}\")`"
                ))
            }
            Prefix::OfNetwork(prefix) => Some(format!(
                "the names lack the network's `{prefix}`: load with \
                 `LoadOptions::new().rename(|name| format!(\"{prefix}{{name}}\"))`"
            )),
        }
    }
}

impl fmt::Debug for LoadOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoadOptions")
            .field("strict", &self.strict)
            .field("skip_misshapen", &self.skip_misshapen)
            .field("prefix", &self.prefix)
            .field("rename", &self.rename.is_some())
            .finish()
    }
}
