//! dfdx's configurations, and what each does to a parameter.

use dfdx::prelude::*;

use crate::ops::Update;

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

    /// What it does the `step`-th time, counted from 1, to a parameter and as many moments as it has
    /// names for.
    fn update(&self, step: u64) -> Update;
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

    fn update(&self, _: u64) -> Update {
        Update::Sgd(*self)
    }
}

impl OptimizerConfig for AdamConfig {
    const NAME: &'static str = "adam";

    options!();

    fn moments(&self) -> &'static [&'static str] {
        &["exp_avg", "exp_avg_sq"]
    }

    fn update(&self, step: u64) -> Update {
        Update::Adam(corrected(self, step))
    }
}

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

    fn update(&self, _: u64) -> Update {
        Update::RmsProp(*self)
    }
}
