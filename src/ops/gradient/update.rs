//! What an optimiser does to a parameter.

use dfdx::prelude::*;

use crate::error::Error;

/// An update of a parameter by its gradient, with all numbers.
#[derive(Clone, Copy, Debug)]
pub enum Update {
    /// Stochastic gradient descent, with `[velocity]`.
    Sgd(SgdConfig),
    /// Adam, with `[mean, mean of squares]`. The correction of their bias is in the learning rate
    /// and in epsilon.
    Adam(AdamConfig),
    /// RMSprop, with `[velocity, mean of squares, mean]`.
    RmsProp(RMSpropConfig),
}

/// A step so late that dfdx corrects no bias of Adam any more.
const LATE: i32 = i32::MAX;

impl Update {
    /// The update by dfdx's own kernels.
    pub(super) fn by_dfdx<S: Shape, E: Dtype, D: Device<E>>(
        &self,
        parameter: &mut Tensor<S, E, D>,
        moments: &mut [Gradients<E, D>],
        gradients: &mut Gradients<E, D>,
    ) -> Result<(), Error> {
        let gradient = gradients.get_or_alloc_mut(parameter).map_err(Error::device)?;
        let moments = moments.iter_mut().map(|moment| moment.get_or_alloc_mut(parameter));
        let mut moments: Vec<_> = moments.collect::<Result<_, _>>().map_err(Error::device)?;
        let done = match (self, &mut moments[..]) {
            (Update::Sgd(config), [velocity]) => config.try_update(parameter, velocity, gradient),
            (Update::Adam(config), [first, second]) => {
                config.try_update(LATE, parameter, first, second, gradient)
            }
            (Update::RmsProp(config), [velocity, squares, mean]) => {
                config.try_update(parameter, velocity, squares, mean, gradient)
            }
            (update, moments) => panic!("{} moments for {update:?}", moments.len()),
        };
        done.map_err(Error::device)
    }
}
