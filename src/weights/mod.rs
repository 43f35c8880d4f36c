//! Saving and loading a network's tensors as [safetensors](https://github.com/huggingface/safetensors).
//!
//! Any dfdx [`TensorCollection`] can be saved and loaded: a network of `net!`, dfdx's own modules,
//! tuples of them. Tensors go by the names that the collection gives its fields, joined with dots as
//! in PyTorch (`conv1.weight`, `layer1.0.bn1.running_mean`), so that files pass to and from PyTorch.
//!
//! Scalars of dfdx modules (`epsilon`, `momentum`) are options of the network, not weights: they are
//! not saved, and not read from files that have them.
mod error;
mod file;
mod load;
mod number;
mod save;

use std::path::Path;

use dfdx::nn::tensor_collection::TensorCollection;
use dfdx::tensor_ops::Device;

use crate::FloatDtype;

pub use error::{Error, Mismatch};
pub use number::Stored;

/// Saves and loads weights; implemented for every dfdx [`TensorCollection`].
///
/// ```
/// use dfdx::prelude::*;
/// use shapewright::weights::Weights;
///
/// let dev = Cpu::default();
/// let trained = dev.build_module::<Linear<4, 2>, f32>();
/// let path = std::env::temp_dir().join(format!("linear-{}.safetensors", std::process::id()));
/// trained.save_safetensors(&path)?;
///
/// let mut other = dev.build_module::<Linear<4, 2>, f32>();
/// other.load_safetensors(&path)?;
/// assert_eq!(other.weight.array(), trained.weight.array());
///
/// let mut wider = dev.build_module::<Linear<4, 3>, f32>();
/// let error = wider.load_safetensors(&path).unwrap_err().to_string();
/// assert!(error.contains("weight: [2, 4] in the file, [3, 4] in the network"));
/// assert!(error.contains("bias: [2] in the file, [3] in the network"));
/// # std::fs::remove_file(&path)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Weights<E: FloatDtype, D: Device<E>>: TensorCollection<E, D> {
    /// Writes all tensors to `path`.
    ///
    /// The file appears whole or not at all: it is written beside `path` under another name, flushed
    /// to the disk and then renamed, replacing what was there.
    ///
    /// # Errors
    /// [`Error::Io`] when the file can't be written, [`Error::Duplicate`] when two tensors have the
    /// same name.
    fn save_safetensors(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        save::save(self, path.as_ref())
    }

    /// Sets all tensors from the file at `path`. Values of the other width (`f64` in the file, `f32`
    /// in the network or the reverse) are converted, rounding to the nearest.
    ///
    /// The names must be the same on both sides, except that PyTorch's `num_batches_tracked`
    /// counters in the file are passed over.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Format`] when the file is no (whole) safetensors file, or
    /// [`Error::Mismatch`] with *every* tensor that is missing, extra, or of another shape or dtype.
    /// On any error the network is unchanged.
    fn load_safetensors(&mut self, path: impl AsRef<Path>) -> Result<(), Error> {
        load::load(self, path.as_ref())
    }
}

impl<E: FloatDtype, D: Device<E>, T: TensorCollection<E, D>> Weights<E, D> for T {}
