//! The rules of shape arithmetic of convolutional networks.
//!
//! One engine with three users: the `net!` macro walks what it can know when it expands, the
//! compiler walks the rest by const evaluation, and the running program uses the same functions
//! for sizes that it learns late. So everything here is a `const fn` over plain `Copy` data, and
//! a mistake is data too ([`Mistake`]), put into words in one place ([`words`]).
//!
//! Shapes exclude the batch: `[channels, height, width]`, `[channels, length]` or `[features]`.
//!
//! ```
//! use shapewright_shape::{Conv2d, Layer, Pool2d, Shape};
//!
//! let conv = Layer::Conv2d(Conv2d::new(6, [5, 5]));
//! let pool = Layer::Pool2d(Pool2d::max([2, 2]));
//! let x = Shape::image(3, 32, 32);
//! let x = conv.output(x).unwrap();
//! assert_eq!(x, Shape::image(6, 28, 28));
//! assert_eq!(pool.output(x).unwrap(), Shape::image(6, 14, 14));
//! ```
#![no_std]
#![forbid(unsafe_code)]
#![warn(missing_docs)]

/// `?` for `const fn`.
macro_rules! tri {
    ($e:expr) => {
        match $e {
            Ok(v) => v,
            Err(e) => return Err(e),
        }
    };
}

mod activation;
mod adaptive;
mod change;
mod claim;
mod conv;
mod conv1d;
mod conv_transpose;
mod init;
mod layer;
mod linear;
mod network;
mod norm;
mod path;
mod pool;
mod pool1d;
mod problem;
mod receptive;
mod reshape;
mod shape;
mod text;
mod totals;
mod trace;
mod upsample;
mod walk;
mod weight;
mod window;
pub mod words;
mod zero_pad;

pub use activation::Activation;
pub use adaptive::{AdaptiveKind, AdaptivePool2d, bin};
pub use claim::Claim;
pub use conv::Conv2d;
pub use conv_transpose::ConvTranspose2d;
pub use conv1d::Conv1d;
pub use init::{Fan, Gain, Init};
pub use layer::{Dropout, Layer};
pub use linear::Linear;
pub use network::{Block, Join, Network, Step, StepKind};
pub use norm::{Norm, NormInit, NormKind};
pub use path::{Level, Path};
pub use pool::{Pool2d, PoolKind};
pub use pool1d::Pool1d;
pub use problem::{Arg, Axis, Problem};
pub use receptive::ReceptiveField;
pub use reshape::Reshape;
pub use shape::Shape;
pub use text::Text;
pub use trace::{Trace, dims};
pub use upsample::{Upsample, UpsampleMode, UpsampleSize};
pub use walk::Mistake;
pub use weight::Weight;
pub use window::{Padding, Placement, Window};
pub use zero_pad::ZeroPad2d;
