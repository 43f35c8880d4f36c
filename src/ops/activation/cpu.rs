//! Activations on `Cpu` by the crate's own kernels.

use dfdx::prelude::*;
use shapewright_shape::Activation;

use super::ActivationDevice;
use crate::error::Error;
use crate::kernels::activation;
use crate::ops::Erased;
use crate::ops::cpu::{CpuElement, build, read, record};

impl<E: CpuElement> ActivationDevice<E> for Cpu
where
    Cpu: Device<E>,
{
    fn activation<T: Tape<E, Self>>(
        kind: Activation,
        x: Erased<E, Self, T>,
    ) -> Result<Erased<E, Self, T>, Error> {
        run(kind, x)
    }
}

fn run<E: CpuElement, T: Tape<E, Cpu>>(
    kind: Activation,
    x: Erased<E, Cpu, T>,
) -> Result<Erased<E, Cpu, T>, Error> {
    let (x, mut tape) = x.split_tape();
    let xs = read(&x)?;
    let dims @ [batch, channels, height, width] = x.shape().concrete();
    let shape = [batch, channels, height * width];
    let y = build(x.device(), dims, |y| activation::forward(kind, shape, &xs, y))?;
    let (x, saved) = (x.ghost(), y.clone());
    record(&mut tape, &y, move |grads, gy| {
        let ys = read(&saved)?;
        activation::backward(kind, shape, &xs, &ys, gy, grads.get_or_alloc_mut(&x)?);
        Ok(())
    });
    Ok(y.put_tape(tape))
}
