//! Layers for images as dfdx modules of their own, to compose by hand and in dfdx's tuples, without
//! [`net!`](crate::net!).
//!
//! What dfdx has only on nightly Rust, here on stable: shapes are types, those of outputs are
//! inferred, and what does not fit does not compile.
//!
//! ```
//! use shapewright::modules::*;
//! use shapewright::prelude::*;
//!
//! type LeNet = (
//!     (Conv2d<3, 6, 5>, ReLU, MaxPool2d<2>),
//!     (Conv2d<6, 16, 5>, ReLU, MaxPool2d<2>),
//!     Flatten,
//!     (Linear<400, 120>, ReLU, Linear<120, 84>, ReLU, Linear<84, 10>),
//! );
//!
//! let dev = Cpu::default();
//! let net = dev.build_module::<LeNet, f32>();
//! let images: Tensor<Rank4<8, 3, 32, 32>, f32, _> = dev.sample_normal();
//! let logits: Tensor<Rank2<8, 10>, f32, _> = net.forward(images);
//! ```
//!
//! # Shapes
//!
//! A module takes a batch `(B, C, H, W)` or one image `(C, H, W)`, and each dimension is a `Const`
//! or a `usize`. What the compiler knows it checks, and gives on: a `Const` height leads to a `Const`
//! height, a `usize` to a `usize`, which is checked when the module runs. Heights, widths and
//! features are computed by [`dims`](crate::dims), which has numbers up to a limit.
//!
//! Kernels and the like are square, and padding is the same on all sides. [`net!`](crate::net!)
//! has all the rest, and its networks are modules that go into tuples like those here.
//!
//! # Together with dfdx's modules
//!
//! Activations, dropout and what puts modules together ([`Residual`], [`Repeated`], [`SplitInto`]) are
//! dfdx's, given on here. [`Linear`] and [`UnbiasedLinear`] are modules of this crate with dfdx's
//! parameters and names; next to `use dfdx::prelude::*` say which one you mean,
//! `use shapewright::modules::Linear`.
//!
//! Where dfdx has a type for what is built (`modules::Linear`) and another for how
//! (`builders::Linear`), here `Conv2d<3, 6, 5>` is both. It stands for `f32` on
//! [`Cpu`](dfdx::tensor::Cpu), and `build_module` makes of it what the number type and the device ask
//! for.
//!
//! # Parameters
//!
//! Parameters have PyTorch's names (`weight`, `bias`, `running_mean`), sizes and initialisation. In a
//! tuple they go by their place too: `0.0.weight`. [`Weights`](crate::weights::Weights) saves them.
//!
//! # Errors
//!
//! What does not fit is an error where `forward` is called: `expected 8 channels, found 6`,
//! `expected 400 features, found 576`, a window that does not fit into the pixels that arrive.
//!
//! ```compile_fail
//! # use shapewright::modules::*;
//! # use shapewright::prelude::*;
//! let dev = Cpu::default();
//! let net = dev.build_module::<(Conv2d<3, 6, 5>, ReLU, Conv2d<8, 16, 5>), f32>();
//! net.forward(dev.zeros::<Rank4<64, 3, 32, 32>>()); // expected 8 channels, found 6
//! ```
//!
//! Options that are illegal for any image, such as a stride of 0 or groups that don't divide the
//! channels, don't compile either: `cargo build` says so, `cargo check` does not see all of them.
//!
//! What only the running program sees is an `Err`. `try_forward` of a module itself returns an
//! [`Error`](crate::Error), in words. dfdx's [`Module`](dfdx::nn::Module), through which tuples run
//! their modules, has room for the device's error only: on [`Cpu`](dfdx::tensor::Cpu) a size that
//! does not fit is [`WrongNumElements`](dfdx::tensor::CpuError::WrongNumElements).

mod adaptive;
mod conv;
mod flatten;
mod linear;
mod macros;
mod norm;
mod options;
mod pool;
mod resize;
pub mod shapes;
mod weighted;

pub use adaptive::{AdaptiveAvgPool2d, AdaptiveMaxPool2d, GlobalAvgPool2d, GlobalMaxPool2d};
pub use conv::{Conv2d, ConvTranspose2d, UnbiasedConv2d, UnbiasedConvTranspose2d};
pub use flatten::Flatten;
pub use linear::{Linear, UnbiasedLinear};
pub use norm::BatchNorm2d;
pub use pool::{AvgPool2d, MaxPool2d, MinPool2d};
pub use resize::{Upsample2d, UpsampleBilinear2d, ZeroPad2d};

// What dfdx has on stable Rust, and a convolutional network needs beside these.
pub use dfdx::nn::builders::{
    Dropout, DropoutOneIn, LeakyReLU, LogSoftmax, ReLU, Repeated, Residual, Sigmoid, Softmax,
    SplitInto, Tanh,
};
