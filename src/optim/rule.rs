//! Options for single parameters.

use super::OptimizerConfig;

/// How an optimiser treats a parameter: what PyTorch has parameter groups for.
///
/// ```
/// use shapewright::optim::Rule;
///
/// // Weight decay on weights only, and a hundredth of the learning rate in the backbone.
/// let rule = |name: &str, shape: &[usize]| {
///     let learning_rate = if name.starts_with("backbone.") { 0.01 } else { 1.0 };
///     Rule { learning_rate, decay: shape.len() > 1, ..Rule::default() }
/// };
/// assert!(!rule("fc.bias", &[10]).decay);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// Whether it stays as it is. Default: no.
    pub frozen: bool,
    /// What the learning rate is multiplied with. Default: 1.
    pub learning_rate: f64,
    /// Whether the weight decay of the configuration applies. Default: yes.
    pub decay: bool,
}

impl Rule {
    /// A parameter that stays as it is.
    pub const FROZEN: Self = Rule { frozen: true, learning_rate: 1.0, decay: true };

    /// A parameter without weight decay.
    pub const NO_DECAY: Self = Rule { frozen: false, learning_rate: 1.0, decay: false };

    pub(super) fn apply<C: OptimizerConfig>(&self, mut config: C) -> C {
        config.set_learning_rate(config.learning_rate() * self.learning_rate);
        if !self.decay {
            *config.weight_decay_mut() = None;
        }
        config
    }
}

impl Default for Rule {
    /// That of all parameters, if none other is given.
    fn default() -> Self {
        Rule { frozen: false, learning_rate: 1.0, decay: true }
    }
}
