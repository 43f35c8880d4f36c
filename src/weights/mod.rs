//! Saving and loading a network's tensors: PyTorch's names and layouts, in safetensors and npz
//! files.
//!
//! [`Weights`] does it for any dfdx [`TensorCollection`]: a network of `net!`, dfdx's own modules,
//! tuples of them. [`StateDict`] holds tensors by name in memory, on their way between networks,
//! files and checkpoints. [`LoadOptions`] say what to do with weights that do not fit as they are.
//!
//! # From PyTorch and back
//!
//! ```python
//! from safetensors.torch import load_file, save_file
//!
//! save_file(model.state_dict(), "model.safetensors")         # for `load_safetensors`
//! model.load_state_dict(load_file("model.safetensors"))      # what `save_safetensors` wrote
//!
//! numpy.savez("model.npz", **{k: v.numpy() for k, v in model.state_dict().items()})
//! model.load_state_dict({k: torch.from_numpy(v) for k, v in numpy.load("model.npz").items()})
//! ```
//!
//! A `.pt` of `torch.save` is a Python pickle, which could run any code, and is not read.
//!
//! # Names
//!
//! Tensors go by the names that the collection gives its fields, joined with dots as in PyTorch:
//! `conv1.weight`, `layer1.0.bn1.running_mean`. A layer of `net!` without a name is numbered among
//! its siblings, those without parameters too, as in
//! [`nn.Sequential`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Sequential.html), and
//! so are the fields of a dfdx tuple. Modules of dfdx have names of their own, such as a
//! normalisation's `gamma` and `beta`. Scalars of dfdx modules (`epsilon`, `momentum`) are options
//! of the network, not weights: they are not saved, and passed over in files that have them, as are
//! the `num_batches_tracked` of PyTorch's batch normalisations.
//!
//! # Layouts
//!
//! | layer | `weight` | others |
//! |---|---|---|
//! | `Conv2d` | `[out, in / groups, height, width]` | `bias` `[out]` |
//! | `Conv1d` | `[out, in / groups, kernel]` | `bias` `[out]` |
//! | `ConvTranspose2d` | `[in, out / groups, height, width]` | `bias` `[out]` |
//! | `Linear` | `[out, in]` | `bias` `[out]` |
//! | `BatchNorm2d`, `BatchNorm1d` | `[channels]` | `bias`, `running_mean`, `running_var` `[channels]` |
//! | `GroupNorm` | `[channels]` | `bias` `[channels]` |
//! | `LayerNorm` | the shape of one input | `bias`, as the weight |
//!
//! # Formats and types
//!
//! [Safetensors](https://github.com/huggingface/safetensors#format) hold arrays and text as
//! metadata; [npz](https://numpy.org/doc/stable/reference/generated/numpy.savez.html), with the
//! feature `npz`, arrays only. What is written has the network's own type.
//!
//! | in the file | safetensors | npz | loads into `f32`, `f64` |
//! |---|---|---|---|
//! | F16 | read | read | exactly |
//! | BF16 | read | NumPy has none | exactly |
//! | F32 | read, written | read, written | exactly, NaNs bit for bit into `f32` |
//! | F64 | read, written | read, written | rounded to the nearest, exactly |
//! | bool, integers of 8 to 64 bits | as arrays of a `StateDict` | as arrays of a `StateDict` | an error |
//! | floats of 8 bits and fewer | as bytes of a `StateDict` | NumPy has none | an error |
//! | complex, text, structures, objects | do not exist | an error | |
//!
//! Files are not trusted: what is broken or lies about its size is an [`Error`] that names the file
//! and the place, and no more memory is taken than the file fills. A compressed npz may grow to 64
//! MiB, or to a hundred times its size. Files are written whole or not at all.
mod array;
mod collect;
mod error;
mod file;
mod formats;
mod load;
mod mismatch;
#[cfg(feature = "npz")]
mod npy;
#[cfg(feature = "npz")]
mod npy_header;
#[cfg(feature = "npz")]
mod npz;
mod options;
mod prefix;
mod report;
mod safetensors;
mod state_dict;

use std::path::Path;

use dfdx::nn::tensor_collection::TensorCollection;
use dfdx::tensor_ops::Device;

use crate::FloatDtype;

pub use ::safetensors::Dtype;
pub use array::{Array, Element};
pub use error::Error;
#[cfg(feature = "train")]
pub(crate) use file::remove_leftovers;
pub use mismatch::Mismatch;
pub use options::LoadOptions;
pub use report::LoadReport;
pub use state_dict::StateDict;

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
    /// A copy of all tensors under their names, in the order of the network's fields.
    ///
    /// # Errors
    /// [`Error::Duplicate`] when two tensors have the same name.
    fn state_dict(&self) -> Result<StateDict, Error> {
        collect::collect(self)
    }

    /// Sets all tensors from the entries of `dict`, as [`load_safetensors`](Self::load_safetensors)
    /// does from those of a file.
    ///
    /// ```
    /// use shapewright::prelude::*;
    ///
    /// net! { struct Net: [4] -> [2] { fc: Linear(2) } }
    ///
    /// let dev = AutoDevice::default();
    /// let (teacher, mut student) = (dev.build_module::<Net, f32>(), dev.build_module::<Net, f64>());
    /// let weights = teacher.state_dict()?;
    /// student.load_state_dict(&weights)?;
    /// assert_eq!(student.fc.weight.as_vec(), weights.values::<f64>("fc.weight")?);
    /// # Ok::<(), shapewright::weights::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Mismatch`] with *every* tensor that is missing, unexpected, or of another shape or
    /// type. On any error the network is unchanged.
    fn load_state_dict(&mut self, dict: &StateDict) -> Result<(), Error> {
        self.load_state_dict_with(dict, &LoadOptions::new()).map(drop)
    }

    /// Sets tensors from entries of `dict`, as `options` say; tells what they passed over.
    ///
    /// # Errors
    /// [`Error::Mismatch`] with *every* difference that the options do not pass over,
    /// [`Error::Collision`] when they rename two entries to one. On any error the network is
    /// unchanged.
    fn load_state_dict_with(
        &mut self,
        dict: &StateDict,
        options: &LoadOptions,
    ) -> Result<LoadReport, Error> {
        load::load(self, dict, options, None)
    }

    /// Writes all tensors to a file at `path`.
    ///
    /// The file appears whole or not at all: it is written beside `path` under another name, flushed
    /// to the disk and then renamed, replacing what was there.
    ///
    /// # Errors
    /// [`Error::Io`] when the file can't be written, [`Error::Duplicate`] when two tensors have the
    /// same name.
    fn save_safetensors(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.state_dict()?.write_safetensors(path)
    }

    /// Sets all tensors from the file at `path`. Floats of other types than the network's are
    /// converted, rounding to the nearest.
    ///
    /// The names must be the same on both sides, except that PyTorch's `num_batches_tracked`
    /// counters in the file are passed over.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Format`] when the file is no (whole) safetensors file, or
    /// [`Error::Mismatch`] with *every* tensor that is missing, unexpected, or of another shape or
    /// type. On any error the network is unchanged.
    fn load_safetensors(&mut self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        let dict = StateDict::read_safetensors(path)?;
        load::load(self, &dict, &LoadOptions::new(), Some(path)).map(drop)
    }

    /// As [`save_safetensors`](Self::save_safetensors), but in NumPy's format npz.
    ///
    /// ```
    /// use shapewright::prelude::*;
    ///
    /// net! { struct Net: [4] -> [2] { fc: Linear(2) } }
    ///
    /// let dev = AutoDevice::default();
    /// let (net, mut other) = (dev.build_module::<Net, f32>(), dev.build_module::<Net, f32>());
    /// let path = std::env::temp_dir().join(format!("net-{}.npz", std::process::id()));
    /// net.save_npz(&path)?;
    /// other.load_npz(&path)?;
    /// assert_eq!(other.state_dict()?, net.state_dict()?);
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As `save_safetensors`.
    #[cfg(feature = "npz")]
    fn save_npz(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        self.state_dict()?.write_npz(path)
    }

    /// As [`load_safetensors`](Self::load_safetensors), from a file in NumPy's format npz.
    ///
    /// # Errors
    /// As `load_safetensors`.
    #[cfg(feature = "npz")]
    fn load_npz(&mut self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        let dict = StateDict::read_npz(path)?;
        load::load(self, &dict, &LoadOptions::new(), Some(path)).map(drop)
    }

    /// Sets tensors from a file of any format that is read, as `options` say; tells what they
    /// passed over. The file's content shows its format.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Format`] when the file is no whole one of a known format,
    /// [`Error::Mismatch`] with *every* difference that the options do not pass over,
    /// [`Error::Collision`] when they rename two entries to one. On any error the network is
    /// unchanged.
    fn load_with(
        &mut self,
        path: impl AsRef<Path>,
        options: &LoadOptions,
    ) -> Result<LoadReport, Error> {
        let path = path.as_ref();
        load::load(self, &StateDict::read(path)?, options, Some(path))
    }
}

impl<E: FloatDtype, D: Device<E>, T: TensorCollection<E, D>> Weights<E, D> for T {}
