//! Convolutional networks declared in a DSL, their shapes proved by the compiler, running on
//! [dfdx](https://docs.rs/dfdx/0.13) tensors. On stable Rust.
//!
//! ```
//! use shapewright::prelude::*;
//!
//! net! {
//!     /// LeNet (LeCun, 1998) for 32×32 RGB images.
//!     pub struct LeNet: [3, 32, 32] -> [10] {
//!         conv1: Conv2d(6, kernel = 5),
//!         ReLU,
//!         MaxPool2d(2),
//!         conv2: Conv2d(16, kernel = 5),
//!         ReLU,
//!         MaxPool2d(2),
//!         Flatten,
//!         fc1: Linear(400 -> 120),
//!         ReLU,
//!         fc2: Linear(120 -> 84),
//!         ReLU,
//!         fc3: Linear(84 -> 10),
//!     }
//! }
//!
//! let dev = AutoDevice::default();
//! let net = dev.build_module::<LeNet, f32>();
//! let images: Tensor<Rank4<64, 3, 32, 32>, f32, _> = dev.sample_normal();
//! let logits: Tensor<Rank2<64, 10>, f32, _> = net.forward(images);
//! assert_eq!(LeNet::PARAMETERS, 62_006);
//! ```
//!
//! # The parts
//!
//! - [`net!`] declares networks; what it generates are dfdx modules. [`net`](mod@net) has its words:
//!   the layers and their options.
//! - [`shape`] holds the rules of shape arithmetic, shared by the macro, the compiler and the
//!   running program.
//! - [`layers`] holds what has parameters, [`ops`] the differentiable operations, [`kernels`]
//!   the work on plain slices.
//! - [`frozen`] makes inference engines of trained networks.
//! - [`modules`] has the layers as types of their own for dfdx's tuples, [`dims`] the sizes that
//!   the compiler computes there and in networks for any image size.
//! - [`device`] chooses between `Cpu` and `Cuda` when a program starts.
//! - `data` makes batches of images, `train` trains, `weights` saves and loads parameters; each is a
//!   feature that is on by default. [`losses`], [`optim`] and [`init`] are what they stand on. `plot`
//!   draws.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `data` | yes | datasets in files and memory, and the loader that makes batches of them |
//! | `weights` | yes | saving and loading parameters in safetensors files |
//! | `train` | yes | the training loop with its progress bar, log and checkpoints (with `weights`) |
//! | `images` | | folders of PNG and JPEG files as datasets |
//! | `download` | | MNIST, Fashion-MNIST, CIFAR-10 and CIFAR-100 from the network |
//! | `npz` | | parameters in NumPy's npz files |
//! | `plot` | | pictures: images, kernels, feature maps, trainings, networks |
//! | `full` | | all of these |
//! | `cuda` | | networks on NVIDIA GPUs by dfdx's `Cuda`; builds with the CUDA toolkit |

#![warn(missing_docs)]

// The macro writes `::shapewright::…`, in this crate's own tests and documentation too.
extern crate self as shapewright;

pub use dfdx;
pub use shapewright_shape as shape;

#[cfg(feature = "data")]
pub mod data;
pub mod device;
pub mod dims;
pub mod error;
pub mod frozen;
pub mod init;
pub mod kernels;
pub mod layers;
pub mod losses;
pub mod modules;
pub mod net;
pub mod network;
mod number;
pub mod ops;
pub mod optim;
#[cfg(feature = "plot")]
pub mod plot;
mod summary;
#[cfg(feature = "train")]
pub mod train;
#[cfg(feature = "weights")]
pub mod weights;

pub use error::Error;
pub use network::FloatDtype;
pub use summary::Summary;

/// Declares convolutional networks, whose shapes the compiler proves.
///
/// ```text
/// net!     := network*
/// network  := attribute* visibility "struct" Name const_params? ":" ("for" "<" variable,* ">")?
///             shape "->" shape "{" step,* "}"
/// shape    := "[" dim,* "]"        [channels, height, width], [channels, length] or [features]
/// dim      := integer | CONST | "{" const expression "}" | variable
///           | "_" (in the output: to be inferred)
/// step     := attribute* ( (name ":")? (layer | block) | "=>" shape )
///                                                     a checkpoint: here it must be this shape
/// layer    := Name ( "(" value,* (option "=" value),* ")" )?
///           | path ( "<" const arguments ">" )?         another network, from anywhere
/// block    := "{" step,* "}"
///           | "Residual" "{" step,* "}" ( "shortcut" "{" step,* "}" )?
///           | ( "Concat" | "Sum" ) "{" ( "{" step,* "}" ),* "}"
///           | "Repeat" "<" rounds ">" "{" step,* "}"
/// ```
///
/// A value is an integer, float or bool, a constant's path or `{ const expression }`. Sizes along
/// height and width are `n` or `(h, w)`. Shapes leave out the batch.
///
/// | layer | options and their defaults |
/// |---|---|
/// | `Conv2d(out)`, `Conv2d(in -> out)` | `kernel`, `stride = 1`, `padding = 0`, `dilation = 1`, `groups = 1`, `bias = true`, `init = pytorch` |
/// | `Conv1d(out)`, `Conv1d(in -> out)` | as `Conv2d`, of sequences |
/// | `ConvTranspose2d(out)`, `ConvTranspose2d(in -> out)` | as `Conv2d`, and `output_padding = 0` |
/// | `MaxPool2d(k)`, `MinPool2d(k)` | `stride = k`, `padding = 0`, `dilation = 1`, `ceil_mode = false` |
/// | `AvgPool2d(k)` | `stride = k`, `padding = 0`, `ceil_mode = false`, `count_include_pad = true` |
/// | `LpPool2d(k)` | `p = 2`, `stride = k`, `ceil_mode = false` |
/// | `MaxPool1d(k)`, `MinPool1d(k)`, `AvgPool1d(k)`, `LpPool1d(k)` | as those of images, of sequences |
/// | `AdaptiveAvgPool2d(out)`, `AdaptiveMaxPool2d(out)` | to a height and width of `out`, whatever the image's |
/// | `GlobalAvgPool2d`, `GlobalMaxPool2d` | `[C, H, W] -> [C]` |
/// | `Linear(out)`, `Linear(in -> out)` | `bias = true`, `init = pytorch` |
/// | `BatchNorm2d`, `BatchNorm1d` | `eps = 1e-5`, `momentum = 0.1`, `init = ones` |
/// | `LayerNorm` | `eps = 1e-5`, `init = ones`; over all that arrives |
/// | `GroupNorm(groups)` | `eps = 1e-5`, `init = ones` |
/// | `Flatten` | |
/// | `Reshape([..])` | as many elements; one dimension may be `_` |
/// | `Upsample(scale = 2)`, `Upsample(size = (h, w))` | `mode = nearest` or `bilinear`, `align_corners = false` |
/// | `ZeroPad2d(padding)` | |
/// | `Dropout(p = 0.5)`, `Dropout2d(p = 0.5)` | of elements, of channels |
/// | `ReLU`, `LeakyReLU(slope = 0.01)`, `ELU(alpha = 1)`, `GELU`, `SiLU`, `Sigmoid`, `Tanh`, `Softplus` | |
/// | `Softmax`, `LogSoftmax` | along the channels or features |
///
/// `padding` is `n`, `(h, w)`, `((top, bottom), (left, right))`, `valid`, `same` (the output is
/// `ceil(input / stride)`, or `input · stride` of a transposed convolution; the odd pixel at the
/// bottom and right) or `full`. That of a sequence is `n`, `(before, after)`, `valid`, `same` or
/// `full`, and its other sizes are one number each. `init`, how the weight starts, is `pytorch`,
/// `kaiming_uniform`, `kaiming_normal`, `xavier_uniform`, `xavier_normal`, `zeros` or a constant of
/// the type [`Init`](init::Init); of a normalisation `ones` or `zeros`. An input count, `Conv2d(6 -> 16, …)`, is a claim that is checked;
/// `Conv2d(16, …)` infers it.
///
/// # Blocks
///
/// `Residual { … }` adds its input to what it makes of it, `Residual { … } shortcut { … }` adds two
/// paths, `Sum` adds branches, `Concat` puts their channels one behind the other, `Repeat<n>` runs
/// its steps `n` times with parameters of their own each time, and `{ … }` is a group. They nest,
/// and an empty branch passes its input on.
///
/// A block with a name is a level in the names of parameters, and so is a round of a `Repeat`; a
/// block without a name is none. Layers without a name are numbered, as PyTorch numbers those of an
/// `nn.Sequential`.
///
/// # Networks in networks, const parameters
///
/// A network is a layer of another by its path, `models::Backbone`; one with a name that is close
/// to a layer's needs more than the name, `self::Relu6`. With const parameters, `ResBlock<64, 128,
/// 2>`, it is checked where another network uses it; used by itself, where its `forward` is built. A
/// layer of one's own works in the same way: it implements [`Declared`](network::Declared),
/// [`Layer`](layers::Layer) and dfdx's `TensorCollection`, as in `examples/own_layer.rs`.
///
/// # Dimension variables
///
/// `for<H, W> [3, H, W] -> [10, _, _]` leaves height and width open. `forward` takes images whose
/// sizes are `Const`, up to 2111, or `usize`; what it gives has sizes of the same kind, computed by
/// the compiler ([`dims`]) or at run time. What would depend on the size of the image, such as the
/// features of a `Flatten`, is an error.
///
/// # What is generated
///
/// `pub struct Name<E = f32, D = Cpu>` with a public field for each layer that has parameters,
/// under its name or, if it has none, its number in the sequence (`_0`). It implements dfdx's
/// `TensorCollection`, `BuildOnDevice`, `Module` and `ModuleMut`, `Clone` and `Debug`, and this
/// crate's [`layers::Layer`]. Its own methods and constants:
///
/// - `forward`, `try_forward` evaluate a batch `(B, dims…)`, whose size `B` is a `usize` or a
///   `Const`; `forward_mut`, `try_forward_mut` run it as in training, with dropout and with the
///   batch's own statistics in batch norms. All of them again as `forward_one…` for one input
///   without a batch.
/// - `activations`, `try_activations` give a struct `NameActivations` with what each named step
///   makes of a batch, and the `output`; that of a named block is a struct in it.
/// - `summary()` gives the table of layers; `INPUT`, `OUTPUT`, `SHAPES`, `PARAMETERS` and
///   `MULTIPLY_ADDS` are constants. Of a network for any size there are `summary(height, width)`
///   and `PARAMETERS`.
///
/// A block with a name is a struct, too: `layer1: { … }` of `Net` is `NetLayer1`, in the field
/// `layer1`; that of a `Repeat` is a [`layers::Repeat`], a slice of its rounds.
///
/// # Errors at compile time
///
/// A shape that does not fit is an error at the very token, with the shapes that lead to it:
///
/// ```compile_fail
/// # use shapewright::prelude::*;
/// net! {
///     struct LeNet: [3, 64, 64] -> [10] {
///         Conv2d(6, kernel = 5), ReLU, MaxPool2d(2),
///         Conv2d(16, kernel = 5), ReLU, MaxPool2d(2),
///         Flatten,
///         fc1: Linear(400 -> 120), // `fc1` takes 400 features, but `Flatten` gives 2704
///         Linear(10),
///     }
/// }
/// ```
///
/// `#[expand("lenet.rs")]` on a network writes its code to a file, from the crate's folder on; with
/// `SHAPEWRIGHT_EXPAND=DIR` in the environment, that of every network goes to
/// `DIR/<crate>/<Network>.rs`.
///
/// # Warnings
///
/// What is right and yet rarely meant is a warning at its token, in networks without errors. On
/// stable Rust a macro can only warn by something deprecated, so it begins with `use of deprecated
/// macro` and the lint's name, and is one of the lint `deprecated` to rustc.
///
/// | lint | what is warned about |
/// |---|---|
/// | `shapewright::dropped_rows` | rows or columns at the end that no window reaches |
/// | `shapewright::bias_before_norm` | a bias right before a batch norm, which subtracts it |
/// | `shapewright::padding_beyond_kernel` | outputs of a convolution that see padding alone |
/// | `shapewright::softmax_at_the_end` | a `Softmax` where losses take logits |
/// | `shapewright::receptive_field` | a convolution where every pixel has seen the whole image, whichever way it came |
/// | `shapewright::linear_after_linear` | two `Linear` layers that are no more than one |
///
/// `#[allow(shapewright::dropped_rows)]` before a step or a network allows it there, `deny` makes it
/// an error, `warn` a warning again.
pub use shapewright_macros::net;

/// What a program with networks needs: [`net!`](crate::net!), tensors, devices, optimisers, losses.
pub mod prelude {
    pub use crate::Summary;
    #[cfg(not(feature = "cuda"))]
    #[doc(hidden)]
    pub use crate::device::Cuda;
    pub use crate::frozen::Frozen;
    pub use crate::init::{Fan, Gain, Init};
    pub use crate::layers::ForwardData;
    pub use crate::losses::*;
    #[cfg(feature = "weights")]
    pub use crate::weights::Weights;
    pub use dfdx::nn::{
        BuildModule, BuildOnDevice, DeviceBuildExt, ModelEMA, Module, ModuleMut, NumParams,
        ResetParams, ToDevice, ToDtype, ZeroGrads,
    };
    pub use dfdx::optim::*;
    pub use dfdx::shapes::{
        Axes2, Axes3, Axes4, Axis, Const, ConstShape, Dim, Dtype, HasShape, Rank0, Rank1, Rank2,
        Rank3, Rank4, Rank5, Rank6, Shape,
    };
    pub use dfdx::tensor::*;
    pub use dfdx::tensor_ops::*;
    pub use shapewright_macros::net;
}

/// The programs of the README, compiled and run as tests.
#[cfg(all(doctest, feature = "data", feature = "train"))]
#[doc = include_str!("../README.md")]
struct Readme;

/// Those of the guide.
#[cfg(all(doctest, feature = "data", feature = "train", feature = "plot"))]
#[doc = include_str!("../docs/guide.md")]
struct Guide;
