//! Labelled images and their way into tensors.
//!
//! ```text
//! Mnist, FashionMnist, ─┐
//! Cifar10, Cifar100     ├─> Images ──┐
//! Digits::draw(..)     ─┘    (u8)    ├─> Dataset ──> Loader ──────────> Batch ──────> Tensor
//! ImageFolder::open(..) ─────────────┤   take        shuffle  epoch(e)  (f32, on      images(&dev)
//! your own ──────────────────────────┘   split       augment            no device)    one_hot(&dev)
//!                                        subset      normalize
//! ```
//!
//! - A [`Dataset`] reads image `i` as bytes; [`Images`] has all in memory, `ImageFolder` (feature
//!   `images`) decodes PNG and JPEG files as they are needed.
//! - A [`Loader`] makes batches of it: shuffled, changed at random by [`Augment`], brought to floats
//!   by [`Normalize`], prepared ahead on other threads. What it gives depends on its seed only.
//! - A [`Batch`] has no device; it makes tensors on any. [`Normalize::image`] makes one of a single
//!   image, for `forward_one`.
//! - [`Dataset::samples`] and [`Batch::stack`] are for dfdx's own iterators.
//! - With feature `download`, `Mnist::download(dir)` and its like fetch the files.
//!
//! Files are not trusted: a wrong one is an [`Error`] that names it and the byte, and no header makes
//! a reader allocate what the file does not hold.
//!
//! ```
//! use dfdx::prelude::*;
//! use shapewright::data::{Dataset, Digits, Loader, Normalize};
//!
//! let dev = Cpu::default();
//! let (train, validation) = Digits::draw(120, 1).split(20, 0)?;
//! let train = Loader::new(train).batch_size(32).shuffle(0).normalize(Normalize::MNIST);
//! for batch in train.epoch(0) {
//!     let batch = batch?;
//!     let images = batch.images::<1, 28, 28, f32, _>(&dev)?;
//!     let one_hot = batch.one_hot::<10, f32, _>(&dev)?;
//!     assert_eq!(images.shape().0, one_hot.shape().0);
//! }
//! # assert_eq!(validation.len(), 20);
//! # Ok::<(), shapewright::data::Error>(())
//! ```

mod augment;
mod batch;
mod cifar;
mod dataset;
#[cfg(feature = "images")]
mod decoder;
mod digits;
#[cfg(feature = "download")]
mod download;
mod error;
#[cfg(feature = "images")]
mod folder;
pub mod idx;
mod images;
mod loader;
mod mnist;
mod normalize;
mod reason;
mod seed;
mod source;
mod subset;

pub use augment::Augment;
pub use batch::Batch;
pub use cifar::{Cifar10, Cifar100, Cifar100Labels};
pub use dataset::{Dataset, Sample, Samples};
#[cfg(feature = "images")]
pub use decoder::Decoder;
pub use digits::Digits;
#[cfg(feature = "download")]
pub use download::{Checksum, Download, Progress};
pub use error::Error;
#[cfg(feature = "images")]
pub use folder::ImageFolder;
pub use images::Images;
pub use loader::{Batches, Loader};
pub use mnist::{FashionMnist, Mnist};
pub use normalize::Normalize;
pub use reason::Reason;
pub use source::MAX_BYTES;
pub use subset::Subset;
