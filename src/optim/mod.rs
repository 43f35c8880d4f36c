//! Optimisers whose state can be saved, by dfdx's configurations.
//!
//! dfdx's [`Sgd`](dfdx::optim::Sgd), [`Adam`](dfdx::optim::Adam) and
//! [`RMSprop`](dfdx::optim::RMSprop) keep their moments to themselves, so a training with them can't
//! go on in another process. [`Optimizer`] is all three of them, by the configurations that dfdx has
//! for them, with a state by the names of the parameters ([`Optimizer::state`]), clipping of
//! gradients ([`clip_norm`]), and options for single parameters ([`Rule`]): frozen ones, other
//! learning rates, no weight decay on biases.
//!
//! ```
//! use shapewright::optim::{Optimizer, clip_norm};
//! use shapewright::prelude::*;
//!
//! net! { struct Net: [4] -> [2] { fc: Linear(2) } }
//!
//! let dev = Cpu::seed_from_u64(0);
//! let mut net = dev.build_module::<Net, f32>();
//! let mut optimizer = Optimizer::new(AdamConfig { lr: 0.01, ..Default::default() });
//! let mut grads = net.alloc_grads();
//! let x: Tensor<Rank2<8, 4>, f32, _> = dev.sample_normal();
//! let mut losses = Vec::new();
//! for _ in 0..20 {
//!     let loss = net.forward_mut(x.clone().traced(grads)).square().mean();
//!     losses.push(loss.array());
//!     grads = loss.backward();
//!     clip_norm(&net, &mut grads, 1.0)?;
//!     optimizer.update(&mut net, &mut grads)?;
//!     net.zero_grads(&mut grads);
//! }
//! assert!(losses[19] < 0.7 * losses[0]);
//! # Ok::<_, shapewright::Error>(())
//! ```

mod clip;
mod config;
mod rule;
mod state;

use std::fmt;

use dfdx::nn::tensor_collection::*;
use dfdx::prelude::*;

use crate::Error;
use crate::ops::GradientDevice;

pub use clip::{clip_norm, norm};
pub use config::OptimizerConfig;
pub use rule::Rule;
pub use state::{Moment, State, StateError};

/// The optimiser of a configuration: [`SgdConfig`], [`AdamConfig`] (with decoupled weight decay it
/// is AdamW) or [`RMSpropConfig`].
///
/// One optimiser is for one network: it knows the moments by the tensors they belong to.
pub struct Optimizer<C, E: Dtype, D: Storage<E>> {
    config: C,
    /// How often it has updated.
    steps: u64,
    /// One set for each of the configuration's moments, in the form of gradients.
    moments: Vec<Gradients<E, D>>,
    rule: BoxedRule,
}

type BoxedRule = Box<dyn Fn(&str, &[usize]) -> Rule>;

impl<C: OptimizerConfig, E: Dtype, D: GradientDevice<E>> Optimizer<C, E, D> {
    /// An optimiser that has not updated anything yet.
    pub fn new(config: C) -> Self {
        let moments = config.moments().iter().map(|_| Gradients::leaky()).collect();
        let rule = Box::new(|_: &str, _: &[usize]| Rule::default());
        Optimizer { config, steps: 0, moments, rule }
    }

    /// Asks `rule` for the options of each parameter, by its name and shape.
    ///
    /// ```
    /// use shapewright::optim::{Optimizer, Rule};
    /// use shapewright::prelude::*;
    ///
    /// // A new head on features that stay as they are.
    /// let head = |name: &str, _: &[usize]| match name.starts_with("fc") {
    ///     true => Rule::default(),
    ///     false => Rule::FROZEN,
    /// };
    /// let optimizer: Optimizer<_, f32, Cpu> = Optimizer::new(SgdConfig::default()).rule(head);
    /// # _ = optimizer;
    /// ```
    #[must_use]
    pub fn rule(mut self, rule: impl Fn(&str, &[usize]) -> Rule + 'static) -> Self {
        self.rule = Box::new(rule);
        self
    }

    /// The configuration.
    pub fn config(&self) -> &C {
        &self.config
    }

    /// The learning rate of the next update.
    pub fn learning_rate(&self) -> f64 {
        self.config.learning_rate()
    }

    /// Sets the learning rate of the next update.
    pub fn set_learning_rate(&mut self, rate: f64) {
        self.config.set_learning_rate(rate);
    }

    /// How often it has updated.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Updates all parameters by their gradients. A parameter that has none is as one whose gradient
    /// is zero. The gradients stay as they are.
    ///
    /// # Errors
    ///
    /// If the device is out of memory.
    pub fn update<M: TensorCollection<E, D>>(
        &mut self,
        module: &mut M,
        gradients: &mut Gradients<E, D>,
    ) -> Result<(), Error> {
        self.steps += 1;
        let mut update = Update { optimizer: self, gradients };
        M::iter_tensors(&mut RecursiveWalker { m: (module, String::new()), f: &mut update })?;
        Ok(())
    }
}

impl<C: fmt::Debug, E: Dtype, D: Storage<E>> fmt::Debug for Optimizer<C, E, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Optimizer { config, steps, .. } = self;
        f.debug_struct("Optimizer")
            .field("config", config)
            .field("steps", steps)
            .finish_non_exhaustive()
    }
}

struct Update<'a, C, E: Dtype, D: Storage<E>> {
    optimizer: &'a mut Optimizer<C, E, D>,
    gradients: &'a mut Gradients<E, D>,
}

impl<C: OptimizerConfig, E: Dtype, D: GradientDevice<E>> TensorVisitor<E, D>
    for Update<'_, C, E, D>
{
    type Viewer = (ViewTensorMut, ViewTensorName);
    type Err = Error;
    type E2 = E;
    type D2 = D;

    fn visit<S: Shape>(
        &mut self,
        options: TensorOptions<S, E, D>,
        (parameter, name): (&mut Tensor<S, E, D>, String),
    ) -> Result<Option<Tensor<S, E, D>>, Error> {
        let Optimizer { config, steps, moments, rule } = &mut *self.optimizer;
        let rule = rule(&name, &parameter.shape().concrete().into());
        if options.do_gradient_update && !rule.frozen {
            let update = rule.apply(*config).update(*steps);
            D::update(&update, parameter, moments, self.gradients)?;
        }
        Ok(None)
    }
}
