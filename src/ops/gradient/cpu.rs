//! On `Cpu`, where gradients are slices.

use dfdx::prelude::*;

use super::{GradientDevice, Update};
use crate::error::Error;
use crate::kernels::optimizer::{Adam, Decay, RmsProp, Sgd};
use crate::ops::cpu::{CpuElement, CpuOperations, elements_mut};

impl<E: CpuOperations> GradientDevice<E> for Cpu
where
    Cpu: Device<E>,
{
    fn sum_of_squares<S: Shape>(
        gradients: &mut Gradients<E, Cpu>,
        of: &Tensor<S, E, Cpu>,
    ) -> Result<f64, Error> {
        let squares = slice(gradients, of)?.iter().map(|g| g.to_f64().map_or(f64::NAN, |g| g * g));
        Ok(squares.sum())
    }

    fn scale<S: Shape>(
        gradients: &mut Gradients<E, Cpu>,
        of: &Tensor<S, E, Cpu>,
        factor: f64,
    ) -> Result<(), Error> {
        let factor = E::cast(factor);
        slice(gradients, of)?.iter_mut().for_each(|g| *g *= factor);
        Ok(())
    }

    fn elements<S: Shape>(
        gradients: &mut Gradients<E, Cpu>,
        of: &Tensor<S, E, Cpu>,
    ) -> Result<Vec<E>, Error> {
        Ok(slice(gradients, of)?.to_vec())
    }

    fn set_elements<S: Shape>(
        gradients: &mut Gradients<E, Cpu>,
        of: &Tensor<S, E, Cpu>,
        elements: Vec<E>,
    ) -> Result<(), Error> {
        slice(gradients, of)?.copy_from_slice(&elements);
        Ok(())
    }

    fn update<S: Shape>(
        update: &Update,
        parameter: &mut Tensor<S, E, Cpu>,
        moments: &mut [Gradients<E, Cpu>],
        gradients: &mut Gradients<E, Cpu>,
    ) -> Result<(), Error> {
        match run(update, parameter, moments, gradients)? {
            true => Ok(()),
            false => update.by_dfdx(parameter, moments, gradients),
        }
    }
}

// Outside of the implementation, whose bound on `Cpu` would hide what its gradients are made of.
fn slice<'a, S: Shape, E: CpuElement>(
    gradients: &'a mut Gradients<E, Cpu>,
    of: &Tensor<S, E, Cpu>,
) -> Result<&'a mut [E], Error> {
    Ok(gradients.get_or_alloc_mut(of)?)
}

/// Updates by the crate's own kernels. `false` for a parameter that is not contiguous.
fn run<S: Shape, E: CpuOperations>(
    update: &Update,
    parameter: &mut Tensor<S, E, Cpu>,
    moments: &mut [Gradients<E, Cpu>],
    gradients: &mut Gradients<E, Cpu>,
) -> Result<bool, Error> {
    let gradient = slice(gradients, parameter)?;
    let moments = moments.iter_mut().map(|moment| slice(moment, parameter));
    let moments = moments.collect::<Result<Vec<_>, _>>()?;
    let elements = elements_mut(parameter);
    if let Some(elements) = elements {
        E::update(update, elements, moments, gradient);
        return Ok(true);
    }
    Ok(false)
}

/// With as many moments as the update has.
pub fn update<E: CpuElement>(
    update: &Update,
    parameter: &mut [E],
    moments: Vec<&mut [E]>,
    gradient: &[E],
) {
    match *update {
        Update::Sgd(SgdConfig { lr, momentum, weight_decay }) => {
            let momentum = momentum.map(|momentum| match momentum {
                Momentum::Classic(momentum) => (E::cast(momentum), false),
                Momentum::Nesterov(momentum) => (E::cast(momentum), true),
            });
            let op = Sgd { lr: E::cast(lr), momentum, decay: decay(weight_decay, lr) };
            let [velocity] = all(moments);
            op.update(parameter, velocity, gradient);
        }
        Update::Adam(AdamConfig { lr, betas, eps, weight_decay }) => {
            let (betas, eps, decay) = (betas.map(E::cast), E::cast(eps), decay(weight_decay, lr));
            let op = Adam { lr: E::cast(lr), betas, eps, decay };
            op.update(parameter, all(moments), gradient);
        }
        Update::RmsProp(RMSpropConfig { lr, alpha, eps, momentum, centered, weight_decay }) => {
            let op = RmsProp {
                lr: E::cast(lr),
                momentum: momentum.map(E::cast),
                alpha: E::cast(alpha),
                eps: E::cast(eps),
                centered,
                decay: decay(weight_decay, lr),
            };
            op.update(parameter, all(moments), gradient);
        }
    }
}

fn all<E, const N: usize>(moments: Vec<&mut [E]>) -> [&mut [E]; N] {
    let count = moments.len();
    moments.try_into().unwrap_or_else(|_| panic!("{count} moments instead of {N}"))
}

fn decay<E: CpuElement>(decay: Option<WeightDecay>, lr: f64) -> Decay<E> {
    let (gradient, update) = match decay {
        None => (0.0, 0.0),
        Some(WeightDecay::L2(decay)) => (decay, 0.0),
        Some(WeightDecay::Decoupled(decay)) => (0.0, decay * lr),
    };
    Decay { gradient: E::cast(gradient), update: E::cast(update) }
}
