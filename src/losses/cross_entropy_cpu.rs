//! Cross entropy on `Cpu` by the crate's own kernels.

use std::any::Any;

use dfdx::prelude::*;

use super::CrossEntropy;
use crate::Error;
use crate::kernels::cross_entropy::{IGNORED, Targets};
use crate::ops::cpu::{CpuElement, elements, is_contiguous};

/// The loss of rows of logits that are `F` on `Cpu`, made ready.
pub(super) struct CpuLoss<F> {
    targets: Targets<F>,
}

impl<F: CpuElement> CpuLoss<F>
where
    Cpu: Device<F>,
{
    /// For logits `(batch, classes)` of the type, side by side in memory.
    pub fn new<S: Shape, E: Dtype, D: Device<E>>(
        loss: &CrossEntropy,
        logits: &Tensor<S, E, D>,
        labels: &[usize],
        total: f64,
    ) -> Option<Self> {
        let shape = logits.shape().concrete();
        slice::<_, _, _, F>(logits).filter(|_| shape.as_ref().len() == 2)?;
        let classes = shape.as_ref()[1];
        let scaled = |q: f64| move |class| F::cast(q * loss.weight(class) / total);
        let spread = loss.label_smoothing / classes as f64;
        let spread = if spread > 0.0 { (0..classes).map(scaled(spread)).collect() } else { vec![] };
        let on = (0..classes).map(scaled(1.0 - loss.label_smoothing)).collect();
        let ignored = |&label| if loss.ignore == Some(label) { IGNORED } else { label };
        let labels = labels.iter().map(ignored).collect();
        Some(CpuLoss { targets: Targets { labels, on, spread } })
    }

    /// The sum, as one operation on the tape.
    pub fn run<S: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
        self,
        logits: Tensor<S, E, D>,
        mut tape: T,
    ) -> Result<Tensor<Rank0, E, D, T>, Error> {
        let CpuLoss { targets } = self;
        let rows = targets.labels.len();
        let (mut norms, mut losses) = (vec![[F::zero(); 2]; rows], vec![F::zero(); rows]);
        if let Some(x) = slice(&logits) {
            targets.forward(x, &mut norms, &mut losses);
        }
        let sum = losses.into_iter().fold(F::zero(), |sum, loss| sum + loss);
        let sum = sum.to_f64().and_then(E::from_f64).unwrap_or_default();
        let device = logits.device();
        let loss: Tensor<Rank0, E, D> =
            device.try_tensor_from_vec(vec![sum], ()).map_err(Error::device)?;
        if T::OWNS_TAPE {
            let (of, to) = (loss.ghost(), logits.ghost());
            tape.add_backward_op(move |grads| {
                let g = gradient::<E, D, F>(grads.get_or_alloc_mut(&of)?).first().copied();
                let gx = gradient::<E, D, F>(grads.get_or_alloc_mut(&to)?);
                if let (Some(g), Some(x)) = (g, slice(&logits)) {
                    targets.backward(x, &norms, g, gx);
                }
                Ok(())
            });
        }
        Ok(loss.put_tape(tape))
    }
}

/// The elements, if they are `F` on `Cpu` side by side in memory.
fn slice<S: Shape, E: Dtype, D: Device<E>, F: CpuElement>(t: &Tensor<S, E, D>) -> Option<&[F]>
where
    Cpu: Device<F>,
{
    let t = (t as &dyn Any).downcast_ref::<Tensor<S, F, Cpu>>()?;
    is_contiguous(t).then(|| elements(t))
}

/// The elements of a gradient; none if they are not `F` on `Cpu`.
fn gradient<E: Dtype, D: Device<E>, F: CpuElement>(g: &mut <D as Storage<E>>::Vec) -> &mut [F] {
    match (g as &mut dyn Any).downcast_mut::<<Cpu as Storage<F>>::Vec>() {
        Some(g) => g,
        None => &mut [],
    }
}
