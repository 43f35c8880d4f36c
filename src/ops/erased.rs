//! From typed shapes to the one shape inside a network, and back.

use dfdx::prelude::*;
use shapewright_shape::Problem;

use super::flow::FlowDevice;
use crate::error::{Dims, Error};

/// A tensor inside a network: `(batch, channels, height, width)`.
pub type Erased<E, D, T = NoneTape> = Tensor<(usize, usize, usize, usize), E, D, T>;

/// Forgets the type of a shape.
///
/// `(batch, features)` becomes `(batch, features, 1, 1)`, `(batch, channels, length)` becomes
/// `(batch, channels, 1, length)`, and images stay as they are. No element moves if the tensor is
/// contiguous.
///
/// # Errors
///
/// Tensors of any other rank, and sizes that overflow.
///
/// ```
/// use dfdx::prelude::*;
/// use shapewright::ops;
///
/// let dev = Cpu::default();
/// let x: Tensor<Rank2<8, 400>, f32, _> = dev.zeros();
/// assert_eq!(ops::erase(x)?.shape(), &(8, 400, 1, 1));
/// # Ok::<_, shapewright::error::Error>(())
/// ```
pub fn erase<S: Shape, E: Dtype, D: FlowDevice<E>, T: Tape<E, D>>(
    x: Tensor<S, E, D, T>,
) -> Result<Erased<E, D, T>, Error> {
    let shape: Vec<usize> = x.shape().concrete().into();
    let [b, c, h, w] = match *shape {
        [b, f] => [b, f, 1, 1],
        [b, c, l] => [b, c, 1, l],
        [b, c, h, w] => [b, c, h, w],
        _ => return Err(Error::Rank { shape }),
    };
    check_numel("erase", [b, c, h, w], [b, c, h, w])?;
    in_order(x, (b, c, h, w))
}

/// Gives a tensor a shape with a type again, such as a network's output.
///
/// No element moves if the tensor is contiguous.
///
/// # Errors
///
/// If the number of elements differs.
///
/// ```
/// use dfdx::prelude::*;
/// use shapewright::ops;
///
/// let dev = Cpu::default();
/// let x = ops::erase(dev.zeros::<Rank2<8, 10>>())?;
/// let y: Tensor<Rank2<8, 10>, f32, _> = ops::restore(x, Default::default())?;
/// # Ok::<_, shapewright::error::Error>(())
/// ```
pub fn restore<S: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Erased<E, D, T>,
    shape: S,
) -> Result<Tensor<S, E, D, T>, Error> {
    let (from, to): (Dims, Vec<usize>) = (x.shape().concrete(), shape.concrete().into());
    match (numel(&from), numel(&to)) {
        (Some(_), Some(_)) if same_numel(&from, &to) => reshape(x, shape),
        _ => Err(Error::Reshape { from: from.to_vec(), to }),
    }
}

/// The input of an operation, its elements in order in memory.
pub(super) fn contiguous<E: Dtype, D: FlowDevice<E>, T: Tape<E, D>>(
    op: &'static str,
    x: Erased<E, D, T>,
) -> Result<(Erased<E, D, T>, Dims), Error> {
    let dims = x.shape().concrete();
    check_numel(op, dims, dims)?;
    let shape = *x.shape();
    Ok((in_order(x, shape)?, dims))
}

/// A parameter whose shape may be of any type, so that what an operation does with it is compiled
/// once for all shapes.
pub(super) trait Parameter<E: Dtype, D: Device<E>, T: Tape<E, D>> {
    /// The sizes that its type tells.
    fn sizes(&self) -> Vec<usize>;

    /// As a tensor of the shape `dims`, under its own id, on a tape that is still empty unless the
    /// parameter is not contiguous: then making it so is the first thing on the tape.
    fn erase(&self, op: &'static str, dims: Dims) -> Result<Erased<E, D, T>, Error>;
}

impl<S: Shape, E: Dtype, D: FlowDevice<E>, T: Tape<E, D>> Parameter<E, D, T> for Tensor<S, E, D> {
    fn sizes(&self) -> Vec<usize> {
        self.shape().concrete().into()
    }

    fn erase(&self, op: &'static str, dims: Dims) -> Result<Erased<E, D, T>, Error> {
        check_numel(op, dims, dims)?;
        let [a, b, c, d] = dims;
        in_order(self.retaped::<T>(), (a, b, c, d))
    }
}

/// A weight, and a bias if there is one.
pub(super) type Weighted<'a, E, D, T> =
    (&'a dyn Parameter<E, D, T>, Option<&'a dyn Parameter<E, D, T>>);

/// Forgets the types of both shapes.
pub(super) fn weighted<'a, W: Shape, B: Shape, E: Dtype, D: FlowDevice<E>, T: Tape<E, D>>(
    weight: &'a Tensor<W, E, D>,
    bias: Option<&'a Tensor<B, E, D>>,
) -> Weighted<'a, E, D, T> {
    (weight, bias.map(|bias| bias as &dyn Parameter<E, D, T>))
}

/// [`reshape`] of what came from outside, whose elements may be in any order or broadcast.
fn in_order<S: Shape, Dst: Shape, E: Dtype, D: FlowDevice<E>, T: Tape<E, D>>(
    x: Tensor<S, E, D, T>,
    shape: Dst,
) -> Result<Tensor<Dst, E, D, T>, Error> {
    match shape.num_elements() {
        0 => reshape(x, shape),
        _ => reshape(D::in_order(x)?, shape),
    }
}

/// The same elements in a contiguous tensor of another shape with as many of them.
pub(super) fn reshape<S: Shape, Dst: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
    x: Tensor<S, E, D, T>,
    shape: Dst,
) -> Result<Tensor<Dst, E, D, T>, Error> {
    if shape.num_elements() > 0 {
        return x.try_reshape_like(&shape).map_err(Error::device);
    }
    // dfdx can't bring an empty tensor in order (its iterators look at the first element), so
    // this is a new one. It has nothing to hand back to `x`, which still is to have a gradient.
    let (x, mut tape) = x.split_tape();
    let y = x.device().try_zeros_like(&shape).map_err(Error::device)?;
    let x = x.ghost();
    tape.add_backward_op(move |grads| grads.try_alloc_for(&x));
    Ok(y.put_tape(tape))
}

/// `Err` if a tensor of the shape `dims`, which comes of `input`, is larger than any memory.
pub(super) fn check_numel(op: &'static str, input: Dims, dims: Dims) -> Result<(), Error> {
    match numel(&dims) {
        Some(_) => Ok(()),
        None => Err(Error::options(op, input, Problem::Overflow)),
    }
}

/// The number of elements, with a 0 counted as 1 because dfdx's strides are products of the other
/// sizes even if the tensor is empty. `None` for more than `f64`s fit in `isize::MAX` bytes.
fn numel(dims: &[usize]) -> Option<usize> {
    let n = dims.iter().try_fold(1, |n: usize, &d| n.checked_mul(d.max(1)))?;
    (n <= isize::MAX as usize / 8).then_some(n)
}

/// Whether both shapes, neither of which overflows, have the same number of elements.
fn same_numel(a: &[usize], b: &[usize]) -> bool {
    a.iter().product::<usize>() == b.iter().product::<usize>()
}
