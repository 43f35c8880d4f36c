//! Pooling of windows of sequences.

use shapewright_shape::{Pool1d, PoolKind};

use super::flow::Operand;
use super::pool2d::{Pool2dDevice, pool};
use super::window::check_sequence;
use crate::error::Error;

/// One element for each window of each channel: its maximum, minimum, mean or power average, as
/// PyTorch's
/// [`max_pool1d`](https://pytorch.org/docs/stable/generated/torch.nn.functional.max_pool1d.html),
/// [`avg_pool1d`](https://pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool1d.html)
/// and [`lp_pool1d`](https://pytorch.org/docs/stable/generated/torch.nn.functional.lp_pool1d.html).
///
/// `y[n, c, i]` is taken over `x[n, c, i·s - p + k·d]` with stride `s`, padding `p` and dilation
/// `d`. It is [`pool2d`](super::pool2d()) of images of one row.
///
/// # Shapes
///
/// - `x`: `(batch, channels, 1, length)`; a batch of 0 is fine
/// - output: `(batch, channels, 1, length')`, where
///   `length' = floor((length + before + after - dilation·(kernel - 1) - 1) / stride) + 1`; with
///   `ceil_mode` rounded up, but the last window starts inside the sequence or its padding before
///
/// # Errors
///
/// An input of more rows than one, illegal options, a window larger than the padded sequence,
/// padding of over half the window, and sizes that no memory holds.
///
/// # Example
///
/// ```
/// use dfdx::prelude::*;
/// use shapewright::ops;
/// use shapewright_shape::Pool1d;
///
/// let dev = Cpu::default();
/// let x = ops::erase(dev.tensor([[[1.0, 2.0, 4.0, 3.0, 0.0]]]))?;
/// // The last element is left over.
/// assert_eq!(ops::pool1d(x.clone(), &Pool1d::max(2))?.as_vec(), [2.0, 4.0]);
/// assert_eq!(ops::pool1d(x, &Pool1d::avg(2))?.as_vec(), [1.5, 3.5]);
/// # Ok::<_, shapewright::error::Error>(())
/// ```
pub fn pool1d<X: Operand>(x: X, options: &Pool1d) -> Result<X, Error>
where
    X::D: Pool2dDevice<X::E>,
{
    let x = x.into_flow()?;
    let name = name(options.kind);
    // What is left to find then has nothing to do with rows and columns.
    check_sequence(name, x.dims(), |sequence| options.output(sequence))?;
    X::from_flow(pool(name, x, &options.image())?)
}

const fn name(kind: PoolKind) -> &'static str {
    match kind {
        PoolKind::Max => "max_pool1d",
        PoolKind::Min => "min_pool1d",
        PoolKind::Avg { .. } => "avg_pool1d",
        PoolKind::Lp { .. } => "lp_pool1d",
    }
}
