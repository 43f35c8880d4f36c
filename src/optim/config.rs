//! dfdx's configurations, and how each updates a parameter.

use dfdx::prelude::*;

/// A device's elements.
type Memory<E, D> = <D as Storage<E>>::Vec;

/// The configuration of an optimiser: dfdx's [`SgdConfig`], [`AdamConfig`] and [`RMSpropConfig`].
pub trait OptimizerConfig: Copy + 'static {
    /// What it is called in files.
    const NAME: &'static str;

    /// PyTorch's names of what it keeps for each parameter.
    fn moments(&self) -> &'static [&'static str];

    /// The learning rate.
    fn learning_rate(&self) -> f64;

    /// Sets the learning rate.
    fn set_learning_rate(&mut self, rate: f64);

    /// The option for weight decay.
    fn weight_decay_mut(&mut self) -> &mut Option<WeightDecay>;

    /// Updates a parameter, the `step`-th time counted from 1. There are as many `moments` as it
    /// has names for.
    ///
    /// # Errors
    ///
    /// The device's.
    fn update<S: Shape, E: Dtype, D: Device<E>>(
        &self,
        step: u64,
        parameter: &mut Tensor<S, E, D>,
        moments: &mut [&mut Memory<E, D>],
        gradient: &mut Memory<E, D>,
    ) -> Result<(), <D as HasErr>::Err>;
}

/// The methods that are the same for all of them.
macro_rules! options {
    () => {
        fn learning_rate(&self) -> f64 {
            self.lr
        }

        fn set_learning_rate(&mut self, rate: f64) {
            self.lr = rate;
        }

        fn weight_decay_mut(&mut self) -> &mut Option<WeightDecay> {
            &mut self.weight_decay
        }
    };
}

impl OptimizerConfig for SgdConfig {
    const NAME: &'static str = "sgd";

    options!();

    fn moments(&self) -> &'static [&'static str] {
        &["momentum_buffer"]
    }

    fn update<S: Shape, E: Dtype, D: Device<E>>(
        &self,
        _: u64,
        parameter: &mut Tensor<S, E, D>,
        moments: &mut [&mut Memory<E, D>],
        gradient: &mut Memory<E, D>,
    ) -> Result<(), <D as HasErr>::Err> {
        self.try_update(parameter, moments[0], gradient)
    }
}

impl OptimizerConfig for AdamConfig {
    const NAME: &'static str = "adam";

    options!();

    fn moments(&self) -> &'static [&'static str] {
        &["exp_avg", "exp_avg_sq"]
    }

    fn update<S: Shape, E: Dtype, D: Device<E>>(
        &self,
        step: u64,
        parameter: &mut Tensor<S, E, D>,
        moments: &mut [&mut Memory<E, D>],
        gradient: &mut Memory<E, D>,
    ) -> Result<(), <D as HasErr>::Err> {
        let [first, second] = moments else { unreachable!("Adam has two moments") };
        corrected(self, step).try_update(LATE, parameter, first, second, gradient)
    }
}

/// A step so late that dfdx corrects no bias any more.
const LATE: i32 = i32::MAX;

/// `config` with the correction of the moments' bias at `step` in its rate and epsilon, in f64 as
/// PyTorch computes it: `1 - beta^step` in f32 is off by 5e-5 in the first steps.
///
/// `lr · (m / c1) / (sqrt(v / c2) + eps) = (lr · sqrt(c2) / c1) · m / (sqrt(v) + eps · sqrt(c2))`
fn corrected(config: &AdamConfig, step: u64) -> AdamConfig {
    let [c1, c2] = config.betas.map(|beta| 1.0 - beta.powf(step as f64));
    let lr = config.lr * c2.sqrt() / c1;
    // Decoupled weight decay goes with the plain rate.
    let weight_decay = match config.weight_decay {
        Some(WeightDecay::Decoupled(decay)) if lr != 0.0 => {
            Some(WeightDecay::Decoupled(decay * config.lr / lr))
        }
        other => other,
    };
    AdamConfig { lr, eps: config.eps * c2.sqrt(), weight_decay, ..*config }
}

/// From moments of zero, as PyTorch's. dfdx adds `eps` under the root, though, PyTorch to the root.
impl OptimizerConfig for RMSpropConfig {
    const NAME: &'static str = "rmsprop";

    options!();

    fn moments(&self) -> &'static [&'static str] {
        &["momentum_buffer", "square_avg", "grad_avg"]
    }

    fn update<S: Shape, E: Dtype, D: Device<E>>(
        &self,
        _: u64,
        parameter: &mut Tensor<S, E, D>,
        moments: &mut [&mut Memory<E, D>],
        gradient: &mut Memory<E, D>,
    ) -> Result<(), <D as HasErr>::Err> {
        let [momentum, squares, mean] = moments else { unreachable!("RMSprop has three moments") };
        self.try_update(parameter, momentum, squares, mean, gradient)
    }
}
