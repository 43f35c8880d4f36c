//! Normalisation by mean and variance.

pub(super) mod cpu;
#[cfg(feature = "cuda")]
pub(super) mod cuda;
pub(super) mod device;

use dfdx::prelude::*;
use shapewright_shape::{Norm, NormKind, Problem};

use super::device::composed;
use super::erased::{Erased, Parameter, reshape};
use super::flow::{Flow, FlowDevice, Operand};
use crate::error::{Dims, Error};
use crate::kernels::norm::{BatchNormOp, GroupNormOp};

/// A device that can normalise. Weight and bias, running mean and variance are `(1, n, 1, 1)`, and
/// all sizes have been checked.
pub trait NormDevice<E: Dtype>: FlowDevice<E> {
    /// By running statistics.
    fn batch_norm<T: Tape<E, Self>>(
        op: BatchNormOp,
        eps: f64,
        running: [Erased<E, Self>; 2],
        x: Self::Flow<T>,
        parameters: [Erased<E, Self, T>; 2],
    ) -> Result<Self::Flow<T>, Error> {
        composed::<E, Self, T>(x, |x| device::batch_norm(op, eps, running, x, parameters))
    }

    /// By the batch's own statistics, of which `momentum` goes into the running ones: also returns
    /// those.
    #[allow(clippy::type_complexity)]
    fn batch_norm_train<T: Tape<E, Self>>(
        op: BatchNormOp,
        eps: f64,
        momentum: f64,
        running: [Erased<E, Self>; 2],
        x: Self::Flow<T>,
        parameters: [Erased<E, Self, T>; 2],
    ) -> Result<(Self::Flow<T>, [Erased<E, Self>; 2]), Error> {
        let (y, running) =
            device::batch_norm_train(op, eps, momentum, running, Self::leave(x)?, parameters)?;
        Ok((Self::enter(y)?, running))
    }

    /// By the statistics of each group of each image.
    fn group_norm<T: Tape<E, Self>>(
        op: GroupNormOp,
        eps: f64,
        x: Self::Flow<T>,
        parameters: [Erased<E, Self, T>; 2],
    ) -> Result<Self::Flow<T>, Error> {
        composed::<E, Self, T>(x, |x| device::group_norm(op, eps, x, parameters))
    }
}

/// `y = (x - mean) / sqrt(variance + eps) · weight + bias` by the running statistics of each
/// channel, `[mean, variance]`, as PyTorch's
/// [`batch_norm`](https://pytorch.org/docs/stable/generated/torch.nn.functional.batch_norm.html) in
/// evaluation.
///
/// # Shapes
///
/// - `x`: `(batch, channels, height, width)`; a batch of 0 is fine
/// - `weight`, `bias`, mean and variance: `(channels)`
/// - output: as `x`
///
/// # Errors
///
/// Illegal options, options of another normalisation, and parameters of another length.
///
/// # Example
///
/// ```
/// use dfdx::prelude::*;
/// use shapewright::ops;
/// use shapewright_shape::{Norm, NormKind};
///
/// let dev = Cpu::default();
/// let x = ops::erase(dev.tensor([[1.0, 2.0], [3.0, 6.0]]))?;
/// let (weight, bias) = (dev.tensor([1.0, 10.0]), dev.tensor([0.5, 0.0]));
/// let (mut mean, mut variance) = (dev.tensor([1.0, 2.0]), dev.tensor([4.0, 1.0]));
/// let norm = Norm { eps: 0.0, ..Norm::new(NormKind::Batch1d { momentum: 0.5 }) };
/// let y = ops::batch_norm(x.clone(), &weight, &bias, [&mean, &variance], &norm)?;
/// assert_eq!(y.as_vec(), [0.5, 0.0, 1.5, 40.0]);
/// // In training by the batch's own, which change the running ones by half.
/// let y = ops::batch_norm_train(x, &weight, &bias, [&mut mean, &mut variance], &norm)?;
/// assert_eq!(y.as_vec(), [-0.5, -10.0, 1.5, 10.0]);
/// assert_eq!((mean.as_vec(), variance.as_vec()), (vec![1.5, 3.0], vec![3.0, 4.5]));
/// # Ok::<_, shapewright::error::Error>(())
/// ```
pub fn batch_norm<X: Operand, W: Shape, B: Shape, S: Shape>(
    x: X,
    weight: &Tensor<W, X::E, X::D>,
    bias: &Tensor<B, X::E, X::D>,
    [mean, variance]: [&Tensor<S, X::E, X::D>; 2],
    norm: &Norm,
) -> Result<X, Error>
where
    X::D: NormDevice<X::E>,
{
    X::from_flow(evaluate(x.into_flow()?, [weight, bias], [mean, variance], norm)?)
}

fn evaluate<E: Dtype, D: NormDevice<E>, T: Tape<E, D>>(
    x: Flow<E, D, T>,
    parameters: Parameters<E, D, T>,
    running: [&dyn Parameter<E, D, NoneTape>; 2],
    norm: &Norm,
) -> Result<Flow<E, D, T>, Error> {
    let (op, _) = batch_op(x.dims(), norm)?;
    let parameters = erase("batch_norm", x.dims(), op.channels, parameters)?;
    let running = erase("batch_norm", x.dims(), op.channels, running)?;
    Ok(Flow(D::batch_norm(op, norm.eps, running, x.0, parameters)?))
}

/// [`batch_norm()`] as in training: by the mean and the (biased) variance of each channel of the
/// batch, which also go into the running statistics:
/// `running = (1 - momentum) · running + momentum · batch`, the variance unbiased.
///
/// A batch with one element a channel is all mean, and gives the bias.
///
/// # Errors
///
/// As [`batch_norm()`].
pub fn batch_norm_train<X: Operand, W: Shape, B: Shape, S: Shape>(
    x: X,
    weight: &Tensor<W, X::E, X::D>,
    bias: &Tensor<B, X::E, X::D>,
    [mean, variance]: [&mut Tensor<S, X::E, X::D>; 2],
    norm: &Norm,
) -> Result<X, Error>
where
    X::D: NormDevice<X::E>,
{
    X::from_flow(train(x.into_flow()?, [weight, bias], [mean, variance], norm)?)
}

fn train<E: Dtype, D: NormDevice<E>, T: Tape<E, D>>(
    x: Flow<E, D, T>,
    parameters: Parameters<E, D, T>,
    [mean, variance]: [&mut dyn Running<E, D>; 2],
    norm: &Norm,
) -> Result<Flow<E, D, T>, Error> {
    let (op, momentum) = batch_op(x.dims(), norm)?;
    let parameters = erase("batch_norm", x.dims(), op.channels, parameters)?;
    let running = [mean.parameter(), variance.parameter()];
    let running = erase("batch_norm", x.dims(), op.channels, running)?;
    let (y, [new_mean, new_variance]) =
        D::batch_norm_train(op, norm.eps, momentum, running, x.0, parameters)?;
    mean.set(new_mean)?;
    variance.set(new_variance)?;
    Ok(Flow(y))
}

/// `y = (x - mean) / sqrt(variance + eps) · weight + bias` by the mean and the (biased) variance
/// of each image, as PyTorch's
/// [`layer_norm`](https://pytorch.org/docs/stable/generated/torch.nn.functional.layer_norm.html), or
/// of each group of its channels, as
/// [`group_norm`](https://pytorch.org/docs/stable/generated/torch.nn.functional.group_norm.html).
///
/// # Shapes
///
/// - `x`: `(batch, channels, height, width)`; a batch of 0 is fine
/// - `weight`, `bias`: `(channels)` for groups; for layers `(channels, height, width)`, or
///   `(channels, width)` of one row, `(channels)` of one pixel, or all of them in a row
/// - output: as `x`
///
/// # Errors
///
/// Illegal options, those of a batch normalisation, groups that don't divide the channels, and
/// parameters of another length.
///
/// # Example
///
/// ```
/// use dfdx::prelude::*;
/// use shapewright::ops;
/// use shapewright_shape::{Norm, NormKind};
///
/// let dev = Cpu::default();
/// let x = ops::erase(dev.tensor([[1.0, 3.0, 0.0, 8.0]]))?;
/// let (weight, bias) = (dev.tensor([1.0; 4]), dev.tensor([0.0, 0.0, 0.0, 2.0]));
/// let groups = Norm { eps: 0.0, ..Norm::new(NormKind::Group { groups: 2 }) };
/// let y = ops::group_norm(x, &weight, &bias, &groups)?;
/// assert_eq!(y.as_vec(), [-1.0, 1.0, -1.0, 3.0]);
/// # Ok::<_, shapewright::error::Error>(())
/// ```
pub fn group_norm<X: Operand, W: Shape, B: Shape>(
    x: X,
    weight: &Tensor<W, X::E, X::D>,
    bias: &Tensor<B, X::E, X::D>,
    norm: &Norm,
) -> Result<X, Error>
where
    X::D: NormDevice<X::E>,
{
    X::from_flow(each_image(x.into_flow()?, [weight, bias], norm)?)
}

fn each_image<E: Dtype, D: NormDevice<E>, T: Tape<E, D>>(
    x: Flow<E, D, T>,
    parameters: Parameters<E, D, T>,
    norm: &Norm,
) -> Result<Flow<E, D, T>, Error> {
    let op = group_op(x.dims(), norm)?;
    let parameters = erase(name(norm), x.dims(), op.channels, parameters)?;
    Ok(Flow(D::group_norm(op, norm.eps, x.0, parameters)?))
}

const fn name(norm: &Norm) -> &'static str {
    match norm.kind {
        NormKind::Batch2d { .. } | NormKind::Batch1d { .. } => "batch_norm",
        NormKind::Layer => "layer_norm",
        NormKind::Group { .. } => "group_norm",
    }
}

/// The sizes, and the momentum.
pub(super) fn batch_op(input: Dims, norm: &Norm) -> Result<(BatchNormOp, f64), Error> {
    let [batch, channels, height, width] = input;
    let wrong = |problem| Error::options("batch_norm", input, problem);
    norm.check_options().map_err(wrong)?;
    match norm.kind {
        NormKind::Batch2d { momentum } | NormKind::Batch1d { momentum } => {
            check_elements("batch_norm", input)?;
            Ok((BatchNormOp { batch, channels, inner: height * width }, momentum))
        }
        NormKind::Layer | NormKind::Group { .. } => Err(wrong(Problem::NormKind)),
    }
}

pub(super) fn group_op(input: Dims, norm: &Norm) -> Result<GroupNormOp, Error> {
    let [batch, channels, height, width] = input;
    let wrong = |problem| Error::options(name(norm), input, problem);
    norm.check_options().map_err(wrong)?;
    check_elements(name(norm), input)?;
    match norm.kind {
        NormKind::Layer => {
            let channels = channels * height * width;
            Ok(GroupNormOp { batch, channels, inner: 1, groups: 1 })
        }
        NormKind::Group { groups } if channels.is_multiple_of(groups) => {
            Ok(GroupNormOp { batch, channels, inner: height * width, groups })
        }
        NormKind::Group { groups } => Err(wrong(Problem::GroupsInput { groups, channels })),
        NormKind::Batch2d { .. } | NormKind::Batch1d { .. } => Err(wrong(Problem::NormKind)),
    }
}

/// An image without elements has no mean.
fn check_elements(op: &'static str, input: Dims) -> Result<(), Error> {
    match input {
        [_, 0, ..] => Err(Error::options(op, input, Problem::ZeroInChannels)),
        [_, _, 0, _] | [_, _, _, 0] => Err(Error::options(op, input, Problem::ZeroInput)),
        _ => Ok(()),
    }
}

/// Weight and bias, or mean and variance.
type Parameters<'a, E, D, T> = [&'a dyn Parameter<E, D, T>; 2];

/// Both, if there are as many of them as `n`, in a row or in the shape of the input.
fn erase<E: Dtype, D: Device<E>, T: Tape<E, D>>(
    op: &'static str,
    input: Dims,
    n: usize,
    [weight, bias]: Parameters<E, D, T>,
) -> Result<[Erased<E, D, T>; 2], Error> {
    check_length(op, input, n, weight.sizes())?;
    if !has_length(input, n, &bias.sizes()) {
        let (weight, bias) = (weight.sizes(), bias.sizes());
        return Err(Error::Bias { op, weight, bias, expected: n });
    }
    Ok([weight.erase(op, [1, n, 1, 1])?, bias.erase(op, [1, n, 1, 1])?])
}

/// A running statistic, whose shape may be of any type.
trait Running<E: Dtype, D: Device<E>> {
    fn parameter(&self) -> &dyn Parameter<E, D, NoneTape>;
    fn set(&mut self, new: Erased<E, D>) -> Result<(), Error>;
}

impl<S: Shape, E: Dtype, D: FlowDevice<E>> Running<E, D> for Tensor<S, E, D> {
    fn parameter(&self) -> &dyn Parameter<E, D, NoneTape> {
        self
    }

    fn set(&mut self, new: Erased<E, D>) -> Result<(), Error> {
        *self = reshape(new, *self.shape())?;
        Ok(())
    }
}

fn check_length(op: &'static str, input: Dims, n: usize, sizes: Vec<usize>) -> Result<(), Error> {
    if has_length(input, n, &sizes) {
        return Ok(());
    }
    Err(Error::Weight { op, input, expected: vec![n], weight: sizes, groups: 1 })
}

fn has_length([_, channels, height, width]: Dims, n: usize, sizes: &[usize]) -> bool {
    let whole = sizes == [channels, height, width] || height == 1 && sizes == [channels, width];
    sizes == [n] || whole && sizes.iter().product::<usize>() == n
}
