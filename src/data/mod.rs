//! Labelled images: real MNIST files, digits that the program draws itself, and their way into tensors.
//!
//! ```text
//! Mnist::load(dir) ─┐
//!                   ├─> Images ──shuffled(rng)──batch_with_last(n)──> Images::stack ──> Batch
//! Digits::draw(..) ─┘   (u8)         dfdx's own iterators                            (tensors)
//! ```
//!
//! [`Images`] is a dfdx [`ExactSizeDataset`](dfdx::data::ExactSizeDataset), so shuffling and batching
//! are dfdx's; the last, smaller batch is kept by `batch_with_last`.
//!
//! ```
//! use dfdx::data::{ExactSizeDataset, IteratorBatchExt};
//! use dfdx::prelude::*;
//! use rand::{SeedableRng, rngs::StdRng};
//! use shapewright::data::{Batch, Digits, Normalize};
//!
//! let dev = Cpu::default();
//! let train = Digits::draw(100, 1);
//! for samples in train.shuffled(&mut StdRng::seed_from_u64(0)).batch_with_last(32) {
//!     let batch: Batch<1, 28, 28, 10, f32, Cpu> =
//!         train.stack(&dev, &samples, &Normalize::MNIST)?;
//!     assert_eq!(batch.images.shape().0, samples.len());
//!     assert_eq!(batch.one_hot.shape().0, samples.len());
//! }
//! # Ok::<(), shapewright::data::Error>(())
//! ```

mod batch;
mod digits;
mod error;
pub mod idx;
mod images;
mod mnist;
mod normalize;

pub use batch::Batch;
pub use digits::Digits;
pub use error::{Error, Reason};
pub use images::Images;
pub use mnist::Mnist;
pub use normalize::Normalize;
