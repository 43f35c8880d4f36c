//! The shapes of images and of weights, and what modules make of them, in types.

pub use super::flatten::{Features, Product};

use dfdx::prelude::*;

use crate::Error;
use crate::dims::Spatial;
use crate::network;
use crate::ops::{Flow, FlowDevice};
use crate::shape::Text;

/// A batch of images, `(batch, channels, height, width)`, or one image, `(channels, height, width)`.
#[diagnostic::on_unimplemented(
    message = "expected images, `(batch, channels, height, width)` or `(channels, height, width)`, \
               found `{Self}`",
    label = "not the shape of images"
)]
pub trait Images: Shape {
    /// The channels.
    type Channels: Dim;
    /// `(height, width)`.
    type Pixels: Spatial;
    /// As many images with other channels, and other pixels or none.
    type With<C: Dim, P: Spatial>: Shape;
}

impl<B: Dim, C: Dim, H: Dim, W: Dim> Images for (B, C, H, W) {
    type Channels = C;
    type Pixels = (H, W);
    type With<C2: Dim, P: Spatial> = P::Batch<B, C2>;
}

impl<C: Dim, H: Dim, W: Dim> Images for (C, H, W) {
    type Channels = C;
    type Pixels = (H, W);
    type With<C2: Dim, P: Spatial> = P::Single<C2>;
}

/// Channels that may arrive at a module that takes `N`: as many, or a `usize`, which is compared
/// when the module runs.
pub trait Channels<const N: usize>: Dim {}

impl<const N: usize> Channels<N> for usize {}

impl<const N: usize, const GOT: usize> Channels<N> for Const<GOT> where Same: SameChannels<N, GOT> {}

/// Where numbers are found that are the same.
pub struct Same;

/// That `GOT` channels arrive where a module takes `N`.
#[diagnostic::on_unimplemented(
    message = "expected {N} channels, found {GOT}",
    label = "a module here takes images of {N} channels, but {GOT} arrive"
)]
pub trait SameChannels<const N: usize, const GOT: usize> {}

impl<const N: usize> SameChannels<N, N> for Same {}

/// A batch of feature vectors, `(batch, features)`, or one, `(features,)`.
#[diagnostic::on_unimplemented(
    message = "expected features, `(batch, features)` or `(features,)`, found `{Self}`",
    label = "not the shape of features",
    note = "`Flatten` or a global pool makes features of images"
)]
pub trait FeatureVectors: Shape {
    /// The features.
    type Features: Dim;
    /// As many vectors with other features.
    type With<F: Dim>: Shape;
}

impl<B: Dim, F: Dim> FeatureVectors for (B, F) {
    type Features = F;
    type With<F2: Dim> = (B, F2);
}

impl<F: Dim> FeatureVectors for (F,) {
    type Features = F;
    type With<F2: Dim> = (F2,);
}

/// Features that may arrive at a module that takes `N`: as many, or a `usize`, which is compared
/// when the module runs.
pub trait TakesFeatures<const N: usize>: Dim {
    /// Does not compile if they are not as many, where types alone can't tell.
    const FITS: () = ();
}

impl<const N: usize> TakesFeatures<N> for usize {}

impl<const N: usize, const GOT: usize> TakesFeatures<N> for Const<GOT> where
    Same: SameFeatures<N, GOT>
{
}

/// That `GOT` features arrive where a module takes `N`.
#[diagnostic::on_unimplemented(
    message = "expected {N} features, found {GOT}",
    label = "a module here takes {N} features, but {GOT} arrive"
)]
pub trait SameFeatures<const N: usize, const GOT: usize> {}

impl<const N: usize> SameFeatures<N, N> for Same {}

/// A module that takes tensors of shape `S`.
pub trait Takes<S: Shape> {
    /// The shape that it makes of them.
    type Output: Shape;
    /// Whether `S` is that of a batch.
    const BATCHED: bool = S::NUM_DIMS == 4;
    /// Does not compile if `S` is not what the module takes, where types alone can't tell.
    const FITS: () = ();
}

/// `CHANNELS / GROUPS`: the channels of one group, a dimension of a convolution's weight.
///
/// It is not the `Const` of this number, for no stable Rust divides in types without a limit. A
/// tensor's `realize` makes one the other: `conv.weight.clone().realize::<Rank4<6, 3, 5, 5>>()`.
///
/// Groups that don't divide the channels don't compile:
///
/// ```compile_fail
/// use shapewright::modules::Conv2d;
/// use shapewright::prelude::*;
///
/// let dev = Cpu::default();
/// dev.build_module::<Conv2d<3, 6, 5, 1, 0, 1, 2>, f32>(); // 2 groups don't divide 3 channels
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PerGroup<const CHANNELS: usize, const GROUPS: usize>;

impl<const CHANNELS: usize, const GROUPS: usize> Dim for PerGroup<CHANNELS, GROUPS> {
    fn size(&self) -> usize {
        Self::SIZE
    }

    fn from_size(size: usize) -> Option<Self> {
        (size == Self::SIZE).then_some(PerGroup)
    }
}

impl<const CHANNELS: usize, const GROUPS: usize> ConstDim for PerGroup<CHANNELS, GROUPS> {
    const SIZE: usize = match CHANNELS.checked_div(GROUPS) {
        Some(n) if n * GROUPS == CHANNELS => n,
        _ => {
            let mut t = Text::new();
            t.num(GROUPS).str(" groups don't divide ").num(CHANNELS).str(" channels");
            panic!("{}", t.as_str())
        }
    };
}

/// Runs module `M`.
pub(super) fn run<M, S, E, D, T>(
    x: Tensor<S, E, D, T>,
    module: impl FnOnce(Flow<E, D, T>) -> Result<Flow<E, D, T>, Error>,
) -> Result<Tensor<M::Output, E, D, T>, Error>
where
    M: Takes<S>,
    S: Shape,
    E: Dtype,
    D: FlowDevice<E>,
    T: Tape<E, D>,
{
    let () = M::FITS;
    network::typed(x, M::BATCHED, M::Output::NUM_DIMS - usize::from(M::BATCHED), module)
}
